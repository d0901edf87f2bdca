//! `prove serve`: one daemon on this machine for whoever wants Lean, the judge or the model, so that workers stay warm and a model is
//! loaded once.
//!
//! It speaks HTTP: `/verify` and `/api/check` as Kimina Lean Server does ([`kimina`]), `/v1` as OpenAI does ([`openai`]), and for what
//! this program is for `/judge` ([`judge`]), `/solve` ([`solve`]) and `/edit` ([`edit`]), which its other commands use by a door of their own
//! ([`door`]). It listens on this machine only unless told otherwise, answers nobody without the token ([`token`]), and gives every client
//! limits of time and size ([`connections`], [`http`]).

mod connections;
mod door;
mod edit;
mod http;
mod judge;
mod kimina;
mod openai;
mod solve;
mod token;

pub(crate) use door::socket;
pub(crate) use judge::JudgeRequest;
pub(crate) use solve::SolveRequest;
pub(crate) use token::Kept;

use crate::{agent, daemon::Makeup, model::ModelArgs, output::InputError, toolchain, workers::Workers};
use connections::{Doors, Patience};
use door::Door;
use http::{Answer, Refusal, Reply};
use hyper::{Method, Request, body::Incoming};
use prove_agent::Agent;
use prove_core::ExitCode;
use prove_lean::Shutdown;
use prove_model::text::Format;
use std::{
    io::Write,
    net::SocketAddr,
    path::PathBuf,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use token::Token;
use tokio::{net::TcpListener, signal::unix::SignalKind};

/// Arguments of `prove serve`.
#[derive(Debug, clap::Args)]
pub(crate) struct ServeArgs {
    /// Address and port; port 0 takes any that is free. Another machine reaches it only if the address is not of this machine's loopback,
    /// and then whoever is between the two reads along.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8300")]
    listen: SocketAddr,
    /// The file with the token that clients send as `Authorization: Bearer TOKEN`; made if it is not there. By default `serve-token` in
    /// PROVE_HOME.
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// Lean workers, each of which checks one text at a time; as many as there are cores by default. Or a NATS server with
    /// JetStream, from which `prove work` takes the checks on any number of machines.
    #[arg(long, value_name = "N|nats://…")]
    workers: Option<Workers>,
    #[command(flatten)]
    model: ModelArgs,
    /// The prompts that the model was trained on, for searches; see `prove solve`.
    #[arg(long, value_name = "NAME", default_value = "prove")]
    format: Format,
    /// Most seconds of wall time for one text, and for the search of one `sorry`; a client may ask for less.
    #[arg(long, value_name = "S", default_value_t = 600)]
    timeout: u64,
    /// Seconds that a client may take to send a request, or leave an answer unread.
    #[arg(long, value_name = "S", default_value_t = 30)]
    patience: u64,
    /// Seconds that requests under way may still take when the daemon is told to end.
    #[arg(long, value_name = "S", default_value_t = 10)]
    grace: u64,
    /// The Lake project whose Lean to use.
    #[arg(long, value_name = "DIR")]
    lean_project: Option<PathBuf>,
}

/// What requests are answered with.
struct Daemon {
    agent: Agent,
    /// How the model is called, if there is one.
    model_name: Option<String>,
    format: Format,
    token: Token,
    longest_check: Duration,
    /// How long a request's body may take.
    patience: Duration,
    /// When it was started, in seconds since 1970.
    started: u64,
    makeup: Makeup,
}

/// Runs `prove serve` until it is interrupted.
pub(crate) fn run(mut args: ServeArgs) -> anyhow::Result<ExitCode> {
    args.model.or_bundled();
    let token_file = match &args.token_file {
        Some(path) => path.clone(),
        None => token_file()?,
    };
    let token = Token::open(&token_file)?;
    let toolchain = toolchain::find(args.lean_project.as_deref(), None)?;
    let runtime = tokio::runtime::Runtime::new()?;
    let served = runtime.block_on(async {
        let makeup = Makeup::new(&toolchain, &args.model, args.format, args.timeout.max(1));
        let (agent, _) = agent::open(toolchain, args.workers.as_ref(), &args.model).await?;
        let port = TcpListener::bind(args.listen).await.map_err(|error| {
            InputError::new(format!("cannot listen on {}: {error}", args.listen), "give another address or port with --listen")
        })?;
        let place = socket(&token_file);
        let (socket, _door) = match Door::open(&place) {
            Ok((socket, door)) => (Some(socket), Some(door)),
            Err(error) => {
                writeln!(std::io::stderr(), "`--daemon` of other commands will not find this one: {}: {error}", place.display())?;
                (None, None)
            }
        };
        let mut out = std::io::stdout().lock();
        writeln!(out, "listening on http://{}", port.local_addr()?)?;
        writeln!(out, "token in {}", token_file.display())?;
        out.flush()?;
        drop(out);
        let (patience, grace) = (Duration::from_secs(args.patience.max(1)), Duration::from_secs(args.grace));
        let started = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let longest_check = Duration::from_secs(args.timeout.max(1));
        let model_name = args.model.model.as_deref().zip(agent.model.as_deref()).map(|(asked, model)| openai::name(asked, model));
        let daemon = Arc::new(Daemon { agent, model_name, format: args.format, token, longest_check, patience, started, makeup });
        let handle = {
            let daemon = Arc::clone(&daemon);
            move |request| {
                let daemon = Arc::clone(&daemon);
                async move { daemon.answer(request).await }
            }
        };
        connections::serve(Doors { port, socket }, Patience { client: patience, grace }, interrupted, handle).await?;
        daemon.agent.pool.shutdown(Shutdown::Cancel).await;
        anyhow::Ok(())
    });
    // Nothing of the runtime is waited for: the judge's processes ended with the requests that wanted them.
    runtime.shutdown_background();
    served.map(|()| ExitCode::Proved)
}

/// The file with the token of this user's daemon, unless another is named.
pub(crate) fn token_file() -> anyhow::Result<PathBuf> {
    Ok(prove_provision::Home::from_environment()?.root().join("serve-token"))
}

/// Waits for SIGINT or SIGTERM.
async fn interrupted() -> std::io::Result<()> {
    let mut terminate = tokio::signal::unix::signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminate.recv() => Ok(()),
    }
}

/// What there is, for whoever asks for something else.
const ENDPOINTS: &str =
    "there are GET /health, GET /v1/models, and POST /v1/chat/completions, /v1/completions, /verify, /api/check, /judge, /solve, /edit";

impl Daemon {
    async fn answer(self: Arc<Self>, request: Request<Incoming>) -> Reply {
        match self.route(request).await {
            Ok(answer) => answer.into_reply(),
            Err(refusal) => refusal.into_reply(),
        }
    }

    async fn route(self: Arc<Self>, request: Request<Incoming>) -> Result<Answer, Refusal> {
        self.token.admit(request.headers())?;
        let path = request.uri().path().to_owned();
        let path = if path.len() > 1 { path.trim_end_matches('/') } else { &path };
        match (request.method(), path) {
            (&Method::GET, "/" | "/health") => {
                let mut health = serde_json::to_value(&self.makeup).map_err(|error| Refusal::fault(error.to_string()))?;
                health["status"] = "ok".into();
                Ok(Answer::Json(health))
            }
            (&Method::GET, "/v1/models") => openai::models(&self),
            (&Method::POST, "/v1/chat/completions") => openai::complete(&self, openai::Kind::Chat, self.json(request).await?).await,
            (&Method::POST, "/v1/completions") => openai::complete(&self, openai::Kind::Text, self.json(request).await?).await,
            (&Method::POST, "/api/check") => kimina::check(&self, self.json(request).await?).await,
            // The first is what the clients send, the second what they sent before.
            (&Method::POST, "/verify" | "/one_pass_verify_batch") => kimina::verify(&self, self.json(request).await?).await,
            (&Method::POST, "/judge") => judge::judge(&self, self.json(request).await?).await,
            (&Method::POST, "/solve") => solve::solve(&self, self.json(request).await?).await,
            (&Method::POST, "/edit") => {
                let errand = self.json(request).await?;
                Ok(edit::edit(self, errand))
            }
            (method, path) => Err(Refusal::not_found(format!("there is no {method} {path}; {ENDPOINTS}"))),
        }
    }

    async fn json<T: serde::de::DeserializeOwned>(&self, request: Request<Incoming>) -> Result<T, Refusal> {
        http::json(request.into_body(), self.patience).await
    }
}

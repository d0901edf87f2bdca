//! The client of this user's `prove serve`: with `--daemon`, other commands have their work done where workers are warm and the model is loaded.
//!
//! The daemon is found by the socket beside its token's file. The system says whose process answers there, and only one of the user who owns the token
//! is sent it; what such a process reports as proved is as good as what a worker that this program starts itself reports. A daemon of
//! another version, or with another Lean or model than the command would use, is not used. Whatever keeps a daemon from being used is said on
//! standard error, and the command goes on as without one.

use crate::{
    lsp::Errand,
    model::ModelArgs,
    output::VerdictLine,
    serve::{self, JudgeRequest, Kept, SolveRequest},
};
use anyhow::{Context, bail, ensure};
use http_body_util::{BodyExt, Full};
use hyper::{
    Method, Request, Response, StatusCode,
    body::{Bytes, Incoming},
    client::conn::http1,
    header::{AUTHORIZATION, CONTENT_TYPE, HOST},
};
use hyper_util::rt::TokioIo;
use prove_lean::toolchain::Toolchain;
use prove_lsp::{Outcome, Seen, Watch};
use prove_model::text::Format;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::{ffi::OsString, io::Write, path::PathBuf, sync::Arc, time::Duration};
use tokio::net::UnixStream;

/// How long a daemon may take to say that it is there.
const GREETING: Duration = Duration::from_secs(10);

/// Whether to use a daemon, and which.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct DaemonArgs {
    /// Let this user's running `prove serve` do the work, if it is of this version and has the Lean and the model that this command would use. It
    /// is found by its token's file; by default that in PROVE_HOME.
    #[arg(long, value_name = "TOKEN_FILE", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    daemon: Option<OsString>,
}

/// What answers depend on, beside the request.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Makeup {
    /// The version of this program.
    prove: String,
    /// That of Lean.
    lean: String,
    /// Which Lean: a project, a program, or the folder of the embedded one.
    place: PathBuf,
    /// Which model; none for rules.
    model: Option<String>,
    /// The model's prompts.
    format: String,
    /// Most seconds for one search.
    seconds: u64,
}

impl Makeup {
    /// That of a command which works with these.
    pub(crate) fn new(toolchain: &Toolchain, model: &ModelArgs, format: Format, seconds: u64) -> Makeup {
        let place = match toolchain {
            Toolchain::Native(native) => native.project.as_ref().map_or(&native.program, |project| &project.root).clone(),
            Toolchain::Embedded(embedded) => embedded.image.clone(),
        };
        Makeup {
            prove: env!("CARGO_PKG_VERSION").to_owned(),
            lean: toolchain.version().to_string(),
            place: place.canonicalize().unwrap_or(place),
            model: model.identity(),
            format: format.name().to_owned(),
            seconds,
        }
    }

    /// Why a daemon of this makeup cannot stand in for a command that wants `wanted`.
    fn unlike(&self, wanted: &Makeup) -> Option<String> {
        let lean = |makeup: &Makeup| format!("Lean {} of {}", makeup.lean, makeup.place.display());
        let model = |makeup: &Makeup| match &makeup.model {
            Some(model) => format!("the model {model} with the prompts {}", makeup.format),
            None => "no model".to_owned(),
        };
        let differs = |has: String, wanted: String| (has != wanted).then(|| format!("it has {has}, and this command {wanted}"));
        differs(format!("prove {}", self.prove), format!("prove {}", wanted.prove))
            .or_else(|| differs(lean(self), lean(wanted)))
            .or_else(|| differs(model(self), model(wanted)))
            .or_else(|| (self.seconds < wanted.seconds).then(|| format!("it gives a search {} s at most (`--timeout`)", self.seconds)))
    }
}

/// A daemon that does what is asked.
#[derive(Clone)]
pub(crate) struct Daemon {
    socket: PathBuf,
    kept: Arc<Kept>,
}

/// Says on standard error why a daemon is not used, or not any longer.
pub(crate) fn say(error: &anyhow::Error) {
    // Where standard error is closed there is nobody to tell.
    let _ = writeln!(std::io::stderr(), "the daemon is not used: {error:#}");
}

impl DaemonArgs {
    /// The daemon, if one is to be used, is there, and is made up as wanted. A judge's work needs no model: `judges` leaves that out.
    pub(crate) async fn find(&self, wanted: &Makeup, judges: bool) -> Option<Daemon> {
        let named = self.daemon.as_ref()?;
        let found = async {
            let token_file = if named.is_empty() { serve::token_file()? } else { PathBuf::from(named) };
            let socket = serve::socket(&token_file);
            let none = || format!("none with the token in {} runs; `prove serve` starts one", token_file.display());
            let kept = Kept::read(&token_file)?.with_context(none)?;
            let daemon = Daemon { socket, kept: kept.into() };
            let there = tokio::time::timeout(GREETING, daemon.there()).await;
            let mut makeup = there.with_context(|| format!("it does not answer within {} s", GREETING.as_secs()))?.with_context(none)?;
            if judges {
                (makeup.model, makeup.format, makeup.seconds) = (wanted.model.clone(), wanted.format.clone(), wanted.seconds);
            }
            match makeup.unlike(wanted) {
                Some(why) => bail!(why),
                None => Ok(daemon),
            }
        };
        found.await.inspect_err(say).ok()
    }
}

impl Daemon {
    async fn there(&self) -> anyhow::Result<Makeup> {
        read(self.send(Method::GET, "/health", Bytes::new()).await?).await
    }

    /// The verdict on one `sorry`.
    pub(crate) async fn solve(&self, request: &SolveRequest) -> anyhow::Result<VerdictLine> {
        let lines = self.verdicts("/solve", request).await?;
        lines.into_iter().next().context("it gave no verdict")
    }

    /// The verdicts on a file.
    pub(crate) async fn judge(&self, request: &JudgeRequest) -> anyhow::Result<Vec<VerdictLine>> {
        self.verdicts("/judge", request).await
    }

    async fn verdicts(&self, path: &str, request: &impl Serialize) -> anyhow::Result<Vec<VerdictLine>> {
        #[derive(Deserialize)]
        struct Verdicts {
            verdicts: Vec<VerdictLine>,
        }
        let answer = self.send(Method::POST, path, serde_json::to_vec(request)?.into()).await?;
        let Verdicts { mut verdicts } = read(answer).await?;
        verdicts.iter_mut().for_each(|line| line.daemon = true);
        Ok(verdicts)
    }

    /// What to change for an editor. `watch` sees what the daemon sees.
    pub(crate) async fn edit(&self, errand: &Errand, watch: &Watch) -> anyhow::Result<Outcome> {
        let answer = self.send(Method::POST, "/edit", serde_json::to_vec(errand)?.into()).await?;
        if answer.status() != StatusCode::OK {
            return read(answer).await;
        }
        let mut body = answer.into_body();
        let mut text = Vec::new();
        while let Some(frame) = body.frame().await {
            text.extend(frame.context("it broke off")?.into_data().unwrap_or_default());
            while let Some(end) = text.windows(2).position(|pair| pair == b"\n\n") {
                let event: Vec<u8> = text.drain(..end + 2).collect();
                let event = event.strip_prefix(b"data: ").context("it says what is no event")?;
                match serde_json::from_slice(event)? {
                    Seen::Done(outcome) => return Ok(outcome),
                    seen => watch.seen(seen),
                }
            }
        }
        bail!("it broke off")
    }

    /// Sends a request on a connection of its own, which ends with the answer.
    async fn send(&self, method: Method, path: &str, body: Bytes) -> anyhow::Result<Response<Incoming>> {
        let stream = UnixStream::connect(&self.socket).await.with_context(|| self.socket.display().to_string())?;
        let peer = stream.peer_cred()?.uid();
        ensure!(peer == self.kept.owner, "{} is of the user {peer}, the token of {}", self.socket.display(), self.kept.owner);
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        // It ends with the answer, or when nobody waits for that any longer.
        tokio::spawn(connection);
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, "localhost")
            .header(CONTENT_TYPE, "application/json")
            .header(AUTHORIZATION, format!("Bearer {}", self.kept.token))
            .body(Full::new(body))?;
        sender.send_request(request).await.context("it broke off")
    }
}

/// The JSON of an answer, or the error that it tells.
async fn read<T: DeserializeOwned>(answer: Response<Incoming>) -> anyhow::Result<T> {
    let status = answer.status();
    let body = answer.into_body().collect().await.context("it broke off")?.to_bytes();
    if status == StatusCode::OK {
        return Ok(serde_json::from_slice(&body)?);
    }
    let told: Value = serde_json::from_slice(&body).unwrap_or_default();
    bail!("{status}: {}", told["error"]["message"].as_str().unwrap_or("no reason"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_daemon_that_would_answer_alike_is_used() {
        let ours = || Makeup {
            prove: "0.1.0".to_owned(),
            lean: "4.28.0".to_owned(),
            place: "/project".into(),
            model: Some("bundled".to_owned()),
            format: "prove".to_owned(),
            seconds: 60,
        };
        assert_eq!(Makeup { seconds: 600, ..ours() }.unlike(&ours()), None);
        for (theirs, why) in [
            (Makeup { prove: "0.2.0".to_owned(), ..ours() }, "prove 0.2.0"),
            (Makeup { lean: "4.29.0".to_owned(), ..ours() }, "Lean 4.29.0"),
            (Makeup { place: "/other".into(), ..ours() }, "/other"),
            (Makeup { model: None, ..ours() }, "no model"),
            (Makeup { format: "kimina".to_owned(), ..ours() }, "kimina"),
            (Makeup { seconds: 59, ..ours() }, "59 s"),
        ] {
            assert!(theirs.unlike(&ours()).is_some_and(|told| told.contains(why)), "{why}");
        }
    }
}

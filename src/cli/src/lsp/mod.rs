//! `prove lsp`: the language server that editors start in the place of Lean's own, or beside it. See [`prove_lsp`].

mod errand;
mod workshop;

pub(crate) use errand::Errand;

use crate::{daemon::DaemonArgs, model::ModelArgs, toolchain, workers};
use prove_core::ExitCode;
use prove_lean::{BoxFuture, LeanCommand, Preamble};
use prove_lsp::{ProxyError, Server, Workers};
use prove_model::text::Format;
use prove_provision::Trust;
use std::{ffi::OsString, io::Write, path::PathBuf, sync::Arc};
use workshop::{Apart, Workshop};

/// Speaks the Language Server Protocol on standard input and output.
///
/// Everything that Lean's server does passes through; added are code actions on a `sorry` (Prove, Prove with more time, Sketch subgoals), on
/// a failing proof (Repair this proof) and on a good one (Shorten this proof). Lean's server is `lake serve` in a Lake project,
/// `lean --server` with another native Lean, and else the embedded Lean.
#[derive(Debug, clap::Args)]
pub(crate) struct LspArgs {
    /// Only the code actions, for an editor whose Lean extension has Lean's server already.
    #[arg(long, conflicts_with = "server")]
    actions_only: bool,
    /// Seconds of wall time for one proof.
    #[arg(long, value_name = "S", default_value_t = 60)]
    timeout: u64,
    /// Seconds of wall time for "Prove with more time".
    #[arg(long, value_name = "S", default_value_t = 600)]
    more_time: u64,
    /// Lean workers to search with; as many as there are cores by default. Or a NATS server with
    /// JetStream, from which `prove work` takes the checks on any number of machines.
    #[arg(long, value_name = "N|nats://…")]
    workers: Option<workers::Workers>,
    #[command(flatten)]
    daemon: DaemonArgs,
    #[command(flatten)]
    model: ModelArgs,
    /// The prompts that the model was trained on, as for `prove solve`.
    #[arg(long, value_name = "NAME", default_value = "prove")]
    format: Format,
    /// Most tokens of one proof that the model writes.
    #[arg(long, value_name = "N", default_value_t = 1024)]
    max_tokens: u32,
    /// The Lake project to use, instead of the one around each file.
    #[arg(long, value_name = "DIR")]
    lean_project: Option<PathBuf>,
    /// The Lean server to use, and its arguments.
    #[arg(last = true, value_name = "COMMAND")]
    server: Vec<OsString>,
}

/// Runs `prove lsp` until the editor says `exit` or is gone.
pub(crate) fn run(mut args: LspArgs) -> anyhow::Result<ExitCode> {
    args.model.or_bundled();
    let args = Arc::new(args);
    let provers = tokio::runtime::Runtime::new()?;
    let prover = Apart { workshop: Arc::new(Workshop::new(args.clone())), runtime: provers.handle().clone() };
    // All on one thread: a message that passes wakes no other.
    let messages = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let result = messages.block_on(async {
        let chosen = args.clone();
        let open = move |root: Option<PathBuf>| -> BoxFuture<'static, Result<Server, String>> {
            Box::pin(async move {
                // The embedded Lean may have to be installed first.
                let server = tokio::task::spawn_blocking(move || server(&chosen, root));
                server.await.map_err(anyhow::Error::from).flatten().map_err(|error| format!("{error:#}"))
            })
        };
        prove_lsp::run(tokio::io::stdin(), tokio::io::stdout(), open, Arc::new(prover)).await
    });
    // A read of standard input cannot be taken back.
    messages.shutdown_background();
    provers.shutdown_background();
    match result {
        Ok(()) => Ok(ExitCode::Proved),
        // The protocol wants an exit code of 1 for this, and the editor needs no telling.
        Err(ProxyError::NoShutdown) => Ok(ExitCode::NotProved),
        Err(error) => Err(error.into()),
    }
}

/// The server for a workspace.
fn server(args: &LspArgs, root: Option<PathBuf>) -> anyhow::Result<Server> {
    if args.actions_only {
        return Ok(Server::Nothing);
    }
    if let Some((program, arguments)) = args.server.split_first() {
        return Ok(Server::Command(LeanCommand::new(program).args(arguments)));
    }
    let root = match root {
        Some(root) => root,
        None => std::env::current_dir()?,
    };
    let found = toolchain::look(args.lean_project.as_deref(), Some(&root))?;
    for problem in &found.passed_over {
        // Editors keep what a server says here.
        let _ = writeln!(std::io::stderr(), "not used: {problem}");
    }
    if let Some(native) = found.native {
        // Not confined: it is the Lean that the user would have without us.
        let command = match &native.project {
            Some(project) => {
                let lake = native.program.with_file_name("lake");
                let lake = if lake.is_file() { lake } else { "lake".into() };
                LeanCommand { cwd: Some(project.root.clone()), ..LeanCommand::new(lake).args(["serve", "--"]).arg(&project.root) }
            }
            None => LeanCommand::new(&native.program).arg("--server"),
        };
        return Ok(Server::Command(command));
    }
    let toolchain = toolchain::install_embedded(&toolchain::source(None), Trust::Stamps)?;
    Ok(Server::Workers(Workers { lean: toolchain.lean(), preamble: Preamble::of(&toolchain) }))
}

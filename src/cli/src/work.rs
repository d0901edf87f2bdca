//! `prove work`: makes Lean checks for searches on other machines, until it is interrupted. It needs no model.

use crate::{
    toolchain,
    workers::{self, described, input, machine},
};
use prove_core::ExitCode;
use prove_lean::{PoolConfig, SessionSpawner, WorkerPool};
use prove_spread::checks::work;
use std::{io::Write, num::NonZeroUsize, path::PathBuf};
use tokio::{signal::unix::SignalKind, sync::watch};

/// Arguments of `prove work`.
#[derive(Debug, clap::Args)]
pub(crate) struct WorkArgs {
    /// The server, as `--workers` of the commands that search was given it.
    #[arg(value_name = "nats://…")]
    server: String,
    /// Lean workers; as many as there are cores by default.
    #[arg(long, value_name = "N")]
    workers: Option<NonZeroUsize>,
    /// The Lake project whose Lean to use.
    #[arg(long, value_name = "DIR")]
    lean_project: Option<PathBuf>,
}

/// Runs `prove work`.
pub(crate) fn run(args: WorkArgs) -> anyhow::Result<ExitCode> {
    let toolchain = toolchain::find(args.lean_project.as_deref(), None)?;
    let workers = workers::here(args.workers);
    let runtime = tokio::runtime::Runtime::new()?;
    let worked = runtime.block_on(async {
        // Who asks tries again, and then it may be another machine's turn.
        let config = PoolConfig { workers, retries: 0, ..toolchain::pool_config(&toolchain) };
        let pool = WorkerPool::new(config, SessionSpawner::new(toolchain.lean()));
        let machine = machine(&toolchain);
        writeln!(std::io::stderr(), "making checks for {}", described(&machine))?;
        work(&args.server, &pool, &machine, workers, interrupted()?).await.map_err(input)?;
        writeln!(std::io::stderr(), "{} checks made", pool.stats().checks)?;
        anyhow::Ok(())
    });
    // Workers die with their handles; nothing of the runtime is waited for.
    runtime.shutdown_background();
    worked.map(|()| ExitCode::Proved)
}

/// Says when the user wants this process to end. Needs a runtime.
pub(crate) fn interrupted() -> std::io::Result<watch::Receiver<bool>> {
    let (stop, stopped) = watch::channel(false);
    let mut terminate = tokio::signal::unix::signal(SignalKind::terminate())?;
    tokio::spawn(async move {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        stop.send_replace(true);
    });
    Ok(stopped)
}

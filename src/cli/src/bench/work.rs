//! `prove bench work`: takes attempts at problems from a NATS server and makes them, until it is interrupted. Runs with another model than
//! its own, or with none where it has one, are left to others.

use super::open::input;
use crate::{
    agent,
    model::{self, ModelArgs},
    toolchain,
    work::interrupted,
    workers,
};
use prove_bench::run::{
    model_hash,
    spread::{Event, Machine, work},
};
use prove_core::ExitCode;
use std::{io::Write, num::NonZeroUsize, path::PathBuf};

/// Arguments of `prove bench work`.
#[derive(Debug, clap::Args)]
pub(crate) struct WorkArgs {
    /// The server, as `prove bench run --workers` was given it.
    #[arg(value_name = "nats://…")]
    server: String,
    /// Lean workers, and problems at a time; as many as there are cores by default.
    #[arg(long, value_name = "N")]
    workers: Option<NonZeroUsize>,
    #[command(flatten)]
    model: ModelArgs,
    /// The Lake project whose Lean to use.
    #[arg(long, value_name = "DIR")]
    lean_project: Option<PathBuf>,
}

/// Runs `prove bench work`.
pub(crate) fn run(mut args: WorkArgs) -> anyhow::Result<ExitCode> {
    args.model.or_bundled();
    let toolchain = toolchain::find(args.lean_project.as_deref(), None)?;
    let model = match &args.model.model {
        Some(name) => Some(model_hash(&model::folder(name)?).map_err(input)?.unwrap_or_else(|| name.clone())),
        None => None,
    };
    let machine = Machine { prove: env!("CARGO_PKG_VERSION").to_owned(), lean: toolchain::named(&toolchain), model };
    let workers = workers::here(args.workers);
    let runtime = tokio::runtime::Runtime::new()?;
    let worked = runtime.block_on(async {
        let agent = agent::with(toolchain.clone(), workers::of_this_machine(&toolchain, workers), &args.model).await?;
        writeln!(std::io::stderr(), "working for runs of {}", described(&machine))?;
        work(&args.server, &agent, &machine, workers, interrupted()?, &tell).await.map_err(workers::input)
    });
    // Workers die with their handles; nothing of the runtime is waited for.
    runtime.shutdown_background();
    worked.map(|()| ExitCode::Proved)
}

/// What a run has to name and a worker to have.
pub(super) fn described(machine: &Machine) -> String {
    let Machine { prove, lean, model } = machine;
    let model = model.as_ref().map_or_else(|| "without a model".to_owned(), |model| format!("with the model {model}"));
    format!("prove {prove} on Lean {lean}, {model}")
}

/// A line for the beginning and the end of each attempt. Where standard output is closed there is nobody to tell.
fn tell(event: Event<'_>) {
    let mut out = std::io::stdout().lock();
    let _ = match event {
        Event::Began { problem, attempt } => writeln!(out, "began       {problem} {attempt}"),
        Event::Ended(record) => writeln!(out, "{:11} {} {}", record.outcome.name(), record.problem, record.attempt),
    };
    let _ = out.flush();
}

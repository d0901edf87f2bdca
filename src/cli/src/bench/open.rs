//! What the subcommands of `prove bench` have in common: suites by name, and what settles their problems.

use crate::{
    model::{self, ModelArgs},
    output::InputError,
    toolchain,
};
use prove_agent::Agent;
use prove_bench::suite::{Problem, Source, Suite, for_embedded};
use prove_lean::{Judge, JudgeLimits, PoolConfig, Preamble, SessionSpawner, WorkerPool, toolchain::Toolchain};
use prove_provision::Home;
use std::{num::NonZeroUsize, path::PathBuf, sync::Arc};

/// The folder of fetched suites.
pub(super) fn suites() -> anyhow::Result<PathBuf> {
    Ok(Home::from_environment()?.root().join("suites"))
}

/// An error in what the user gave, whose message says what to do.
pub(super) fn input(error: impl std::error::Error) -> anyhow::Error {
    InputError::plain(error.to_string()).into()
}

/// A public suite by name.
pub(super) fn source(name: &str) -> anyhow::Result<Source> {
    Source::named(name).ok_or_else(|| {
        let known: Vec<String> = Source::all().map(|source| source.name).collect();
        InputError::new(format!("there is no public suite {name:?}"), format!("there are {}", known.join(", "))).into()
    })
}

/// A suite by name, and the problems of one of its splits.
pub(super) fn problems(name: &str, split: Option<&str>) -> anyhow::Result<(Suite, Vec<Problem>)> {
    let suite = Suite::open(name, &suites()?).map_err(input)?;
    let chosen: Vec<Problem> = suite.problems.iter().filter(|problem| split.is_none_or(|split| problem.split == split)).cloned().collect();
    if chosen.is_empty() {
        let splits = suite.splits().into_iter().collect::<Vec<_>>().join(", ");
        return Err(InputError::new(format!("{name} has no split {:?}", split.unwrap_or_default()), format!("it has {splits}")).into());
    }
    Ok((suite, chosen))
}

/// Problems as this Lean is to see them.
pub(super) fn on(toolchain: &Toolchain, problems: Vec<Problem>) -> Vec<Problem> {
    match toolchain {
        Toolchain::Native(_) => problems,
        Toolchain::Embedded(_) => problems.iter().map(for_embedded).collect(),
    }
}

/// This Lean in words.
pub(super) fn named(toolchain: &Toolchain) -> String {
    let kind = match toolchain {
        Toolchain::Native(_) => "native",
        Toolchain::Embedded(_) => "embedded",
    };
    format!("{} ({kind})", toolchain.version())
}

/// As many workers as were asked for, or as there are processors.
pub(super) fn workers(asked: Option<NonZeroUsize>) -> NonZeroUsize {
    asked.or(std::thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN)
}

/// What settles problems. Needs a runtime.
pub(super) async fn agent(toolchain: Toolchain, workers: NonZeroUsize, model: &ModelArgs) -> anyhow::Result<Agent> {
    let pool = PoolConfig { workers, ..toolchain::pool_config(&toolchain) };
    let model = match model.model {
        Some(_) => Some(Arc::from(model::open(model).await.map_err(model::input)?)),
        None => None,
    };
    let pool = WorkerPool::new(pool, SessionSpawner::new(toolchain.lean()));
    let preamble = Preamble::of(&toolchain);
    Ok(Agent { pool, judge: Judge::new(toolchain, JudgeLimits::default()), preamble, model })
}

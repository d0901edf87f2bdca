//! What the subcommands of `prove bench` have in common: suites by name, and problems as a Lean sees them.

use crate::output::InputError;
use prove_bench::suite::{Problem, Source, Suite, for_embedded};
use prove_lean::toolchain::Toolchain;
use prove_provision::Home;
use std::path::PathBuf;

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

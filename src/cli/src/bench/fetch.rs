//! `prove bench fetch`: brings the statements of a public suite, which this project holds no copies of.

use super::open::{self, input};
use prove_bench::suite::{Source, fetch};
use prove_core::ExitCode;
use std::{io::Write, path::PathBuf};

/// Arguments of `prove bench fetch`.
#[derive(Debug, clap::Args)]
pub(crate) struct FetchArgs {
    /// The suite: minif2f, minif2f-deepseek, proofnet, proofnet-verified, putnambench or proverbench. All of them by default.
    #[arg(value_name = "SUITE")]
    suites: Vec<String>,
    /// Where to take it from instead of upstream: a folder with its file of JSON lines, a checkout of its repository, or a repository.
    #[arg(long, value_name = "DIR")]
    from: Option<PathBuf>,
}

/// Runs `prove bench fetch`.
pub(crate) fn run(args: &FetchArgs) -> anyhow::Result<ExitCode> {
    let folder = open::suites()?;
    let sources: Vec<Source> = match args.suites.as_slice() {
        [] => Source::all().collect(),
        names => names.iter().map(|name| open::source(name)).collect::<anyhow::Result<_>>()?,
    };
    for source in sources {
        let (suite, path) = fetch(&source, args.from.as_deref(), &folder).map_err(input)?;
        let Source { name, title, licence, repository, commit, .. } = &source;
        let mut out = std::io::stdout().lock();
        writeln!(out, "{name}: {title}")?;
        writeln!(out, "    {} problems, licence {licence}, {repository} at {}", suite.problems.len(), &commit[..12])?;
        writeln!(out, "    {}", path.display())?;
    }
    Ok(ExitCode::Proved)
}

//! `prove bench report`: scores of runs, with what they cost and how they differ.

use super::open::input;
use crate::output::InputError;
use anyhow::Context;
use prove_bench::{
    report::{html, markdown, report},
    run::Kept,
};
use prove_core::ExitCode;
use std::{io::Write, path::PathBuf};

/// Arguments of `prove bench report`.
#[derive(Debug, clap::Args)]
pub(crate) struct ReportArgs {
    /// Folders of runs; several are compared, too.
    #[arg(required = true, value_name = "DIR")]
    runs: Vec<PathBuf>,
    /// One JSON object with everything.
    #[arg(long, conflicts_with_all = ["md", "html"])]
    json: bool,
    /// Markdown; the default.
    #[arg(long, conflicts_with = "html")]
    md: bool,
    /// One page with pictures and all proofs, which needs nothing else.
    #[arg(long)]
    html: bool,
    /// Write it here instead of to standard output.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Runs `prove bench report`.
pub(crate) fn run(args: &ReportArgs) -> anyhow::Result<ExitCode> {
    let runs = args.runs.iter().map(|path| Kept::read(path).map_err(input)).collect::<anyhow::Result<Vec<_>>>()?;
    let report = report(&runs);
    let text = match (args.json, args.html) {
        (true, _) => serde_json::to_string_pretty(&report)? + "\n",
        (_, true) => html(&report).map_err(|reason| anyhow::anyhow!("a picture cannot be drawn: {reason}"))?,
        _ => markdown(&report),
    };
    match &args.out {
        Some(path) => std::fs::write(path, text).map_err(|error| {
            anyhow::Error::from(InputError::new(format!("{}: {error}", path.display()), "give a file in a folder that can be written to"))
        })?,
        None => write!(std::io::stdout().lock(), "{text}").context("standard output")?,
    }
    Ok(ExitCode::Proved)
}

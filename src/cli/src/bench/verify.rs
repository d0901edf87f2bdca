//! `prove bench verify`: judges the proofs of a run again, from its folder alone, and writes them as Lean files for others.

use super::open::input;
use crate::{output::InputError, toolchain};
use futures_util::StreamExt;
use prove_bench::{
    run::{Kept, Outcome},
    verify::{Look, Second, export, verify},
};
use prove_core::ExitCode;
use prove_lean::{Judge, JudgeLimits};
use std::{
    io::Write,
    path::{Path, PathBuf},
    pin::pin,
};

/// Arguments of `prove bench verify`.
#[derive(Debug, clap::Args)]
pub(crate) struct VerifyArgs {
    /// The folder of a run.
    run: PathBuf,
    /// Write every proof here, as a Lean file that anybody can check with plain Lean.
    #[arg(long, value_name = "DIR")]
    export: Option<PathBuf>,
    /// The Lake project whose Lean to use.
    #[arg(long, value_name = "DIR")]
    lean_project: Option<PathBuf>,
    /// One JSON object per proof.
    #[arg(long)]
    json: bool,
}

/// Runs `prove bench verify`.
pub(crate) fn run(args: &VerifyArgs) -> anyhow::Result<ExitCode> {
    let kept = Kept::read(&args.run).map_err(input)?;
    if let Some(folder) = &args.export {
        write_all(&kept, folder)?;
    }
    let limits = JudgeLimits::default();
    let judge = Judge::new(toolchain::find(args.lean_project.as_deref(), None)?, limits);
    tokio::runtime::Runtime::new()?.block_on(async {
        let mut looks = pin!(verify(&judge, &kept, limits.at_once));
        let (mut exit, mut confirmed, mut all) = (ExitCode::Proved, 0, 0);
        loop {
            let second = tokio::select! {
                second = looks.next() => second,
                _ = tokio::signal::ctrl_c() => return Ok(ExitCode::NotProved),
            };
            let Some(second) = second else { break };
            all += 1;
            confirmed += usize::from(matches!(second.look, Look::Confirmed { .. }));
            exit = exit.max(match second.look {
                Look::Confirmed { .. } => ExitCode::Proved,
                Look::Refused { .. } => ExitCode::NotProved,
                Look::Undecided { .. } => ExitCode::Fault,
            });
            print(&second, args.json)?;
        }
        if !args.json {
            writeln!(std::io::stdout().lock(), "{confirmed} of {all} proofs confirmed")?;
        }
        Ok(exit)
    })
}

fn print(second: &Second, json: bool) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    if json {
        serde_json::to_writer(&mut out, second)?;
        return Ok(writeln!(out)?);
    }
    let (word, reason) = match &second.look {
        Look::Confirmed { .. } => ("confirmed", ""),
        Look::Refused { reason } => ("refused", reason.as_str()),
        Look::Undecided { reason } => ("undecided", reason.as_str()),
    };
    Ok(writeln!(out, "{word:9} {} (attempt {}) {reason}", second.problem, second.attempt + 1)?)
}

fn write_all(kept: &Kept, folder: &Path) -> anyhow::Result<()> {
    let cannot = |path: &Path, error: std::io::Error| InputError::new(format!("{}: {error}", path.display()), "give another folder");
    std::fs::create_dir_all(folder).map_err(|error| cannot(folder, error))?;
    for record in kept.records.iter().filter(|record| record.outcome == Outcome::Proved) {
        // What the record's own hashes refute is left out, and refused below.
        let Ok((name, text)) = export(kept, record) else { continue };
        let path = folder.join(name);
        std::fs::write(&path, text).map_err(|error| cannot(&path, error))?;
    }
    Ok(())
}

//! `prove check`: the judge on whole files.

use crate::{
    output::{self, VerdictLine},
    toolchain,
};
use prove_core::ExitCode;
use prove_lean::{Judge, JudgeLimits, Trusted};
use std::{path::PathBuf, time::Duration};

/// Arguments of `prove check`.
#[derive(Debug, clap::Args)]
pub(crate) struct CheckArgs {
    /// Lean files to judge.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The trusted statements: a file whose theorems, with `sorry` for proofs, each FILE must prove unchanged. Without it the
    /// statements of FILE itself are taken at their word.
    #[arg(long, value_name = "FILE")]
    against: Option<PathBuf>,
    /// One JSON object per declaration.
    #[arg(long)]
    json: bool,
    /// Seconds of wall time for each file.
    #[arg(long, value_name = "S", default_value_t = 120)]
    timeout: u64,
    /// The Lake project to use, instead of the one around the file.
    #[arg(long, value_name = "DIR")]
    lean_project: Option<PathBuf>,
}

/// Runs `prove check`.
pub(crate) fn run(args: CheckArgs) -> anyhow::Result<ExitCode> {
    let trusted = args.against.as_deref().map(output::read).transpose()?;
    let texts = args.files.iter().map(|file| output::read(file)).collect::<anyhow::Result<Vec<_>>>()?;
    let toolchain = toolchain::find(args.lean_project.as_deref(), args.files.first().map(PathBuf::as_path))?;
    let limits = JudgeLimits { wall: Duration::from_secs(args.timeout), ..JudgeLimits::default() };
    let judge = Judge::new(toolchain, limits);
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let mut exit = ExitCode::Proved;
        for (path, text) in args.files.iter().zip(&texts) {
            let against = trusted.as_deref().map_or(Trusted::Nothing, Trusted::Statements);
            let judged = tokio::select! {
                judged = judge.check(text, against) => judged,
                _ = tokio::signal::ctrl_c() => return Ok(ExitCode::NotProved),
            };
            let file = path.display().to_string();
            for one in &judged {
                VerdictLine::new(&file, one).print(args.json)?;
            }
            exit = exit.max(output::exit_code(judged.iter().map(|one| &one.verdict)));
        }
        Ok(exit)
    })
}

//! `prove data verify`: judges the proofs behind the rows again.

use super::{
    lines::{self, Stated},
    rows::{Attempted, rows},
};
use crate::{
    output::{InputError, VerdictName},
    toolchain,
};
use prove_agent::{Claim, judge_all};
use prove_core::{ExitCode, Verdict};
use prove_lean::{Judge, JudgeLimits};
use prove_store::Run;
use std::{collections::HashMap, io::Write, path::PathBuf};

/// Proofs that are judged before the next are taken up.
const CHUNK: usize = 128;

/// Arguments of `prove data verify`.
#[derive(Debug, clap::Args)]
pub(crate) struct VerifyArgs {
    /// The data folder.
    folder: PathBuf,
    /// Judge only every N-th proof.
    #[arg(long, value_name = "N", default_value = "1")]
    every: std::num::NonZeroUsize,
    /// The Lake project to use.
    #[arg(long, value_name = "DIR")]
    lean_project: Option<PathBuf>,
}

/// Runs `prove data verify`.
pub(crate) fn run(args: &VerifyArgs) -> anyhow::Result<ExitCode> {
    let stated: Vec<Stated> = lines::read(&args.folder.join("statements.jsonl"), "`prove data generate` writes it")?;
    let attempted: Vec<Attempted> = Run::results(&args.folder.join("proofs"))?;
    let path = args.folder.join("rows.jsonl");
    let kept =
        std::fs::read(&path).map_err(|error| InputError::new(format!("{}: {error}", path.display()), "`prove data prove` writes it"))?;
    let mut made = Vec::new();
    for row in rows(&stated, &attempted) {
        serde_json::to_writer(&mut made, &row)?;
        made.push(b'\n');
    }
    let mut out = std::io::stdout().lock();
    let mut exit = ExitCode::Proved;
    if kept != made {
        writeln!(out, "{}: not the rows of these proofs; `prove data prove` writes them anew", path.display())?;
        exit = ExitCode::NotProved;
    }
    let by_name: HashMap<&str, &Stated> = stated.iter().map(|one| (one.name.as_str(), one)).collect();
    let proved = attempted.iter().filter(|a| a.verdict == VerdictName::Proved).step_by(args.every.get());
    let claim = |a: &Attempted| {
        let stated = by_name.get(a.statement.as_str())?;
        let proof = a.proof.clone()?;
        Some((a.statement.clone(), Claim { header: stated.header.clone(), theorem: stated.theorem.clone(), proof }))
    };
    let (names, claims): (Vec<String>, Vec<Claim>) = proved.filter_map(claim).unzip();
    let judge = Judge::new(toolchain::find(args.lean_project.as_deref(), None)?, JudgeLimits::default());
    let runtime = tokio::runtime::Runtime::new()?;
    let mut accepted = 0;
    for (names, claims) in names.chunks(CHUNK).zip(claims.chunks(CHUNK)) {
        for (name, verdict) in names.iter().zip(runtime.block_on(judge_all(&judge, claims))) {
            let message = match &verdict {
                Verdict::Proved(_) => {
                    accepted += 1;
                    continue;
                }
                Verdict::Rejected(rejection) => rejection.message.clone(),
                Verdict::Timeout => "the judge ran out of time".to_owned(),
                Verdict::Fault(fault) => fault.message.clone(),
            };
            exit = exit.max(VerdictName::of(&verdict).exit_code());
            writeln!(out, "{name}: {}", message.lines().next().unwrap_or_default())?;
        }
    }
    writeln!(out, "{accepted} of {} proofs accepted", names.len())?;
    Ok(exit)
}

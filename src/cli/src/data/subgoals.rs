//! `prove data subgoals`: what stands between a theorem and its proof becomes theorems to prove.
//!
//! A decomposition that fails leaves the gaps of its sketches. They are easier than the theorem and lead to it, so they join the statements
//! (the subgoal curriculum of DeepSeek-Prover-V2, <https://arxiv.org/abs/2504.21801>, section 2.2).

use super::{
    generate::benchmarks,
    lines::{self, Stated},
    rows::Attempted,
};
use crate::output::VerdictName;
use prove_core::ExitCode;
use prove_data::{Key, Label};
use prove_store::Run;
use std::{
    collections::{BTreeSet, HashMap, HashSet},
    io::Write,
    path::PathBuf,
};

/// Arguments of `prove data subgoals`.
#[derive(Debug, clap::Args)]
pub(crate) struct SubgoalsArgs {
    /// The data folder.
    folder: PathBuf,
    /// Leave out the statements of the benchmarks in this folder of JSON lines.
    #[arg(long, value_name = "DIR")]
    without: Option<PathBuf>,
}

/// Runs `prove data subgoals`.
pub(crate) fn run(args: &SubgoalsArgs) -> anyhow::Result<ExitCode> {
    let path = args.folder.join("statements.jsonl");
    let mut stated: Vec<Stated> = lines::read(&path, "`prove data generate` writes it")?;
    let attempted: Vec<Attempted> = Run::results(&args.folder.join("proofs"))?;
    let benchmarks = args.without.as_deref().map(benchmarks).transpose()?.unwrap_or_default();
    let before = stated.len();
    for one in subgoals(&stated, &attempted) {
        if !Key::of_theorem(&one.theorem).is_some_and(|key| benchmarks.contains(&key)) {
            stated.push(one);
        }
    }
    lines::write(&path, &stated)?;
    writeln!(std::io::stdout().lock(), "{}: {} subgoals joined {before} theorems", path.display(), stated.len() - before)?;
    Ok(ExitCode::Proved)
}

/// The new statements: subgoals of theorems that no round proved.
///
/// A subgoal belongs to its theorem's split, and is left out where its own text would put it on the other side.
fn subgoals(stated: &[Stated], attempted: &[Attempted]) -> Vec<Stated> {
    let by_name: HashMap<&str, &Stated> = stated.iter().map(|one| (one.name.as_str(), one)).collect();
    let proved: HashSet<&str> = attempted.iter().filter(|a| a.verdict == VerdictName::Proved).map(|a| a.statement.as_str()).collect();
    let identity = |one: &Stated| Some((one.header.clone(), Key::of_theorem(&one.theorem)?));
    let mut known: BTreeSet<(String, Key)> = stated.iter().filter_map(identity).collect();
    let mut names: HashSet<String> = stated.iter().map(|one| one.name.clone()).collect();
    let mut new = Vec::new();
    for attempt in attempted.iter().filter(|a| !proved.contains(a.statement.as_str())) {
        let Some(theorem) = by_name.get(attempt.statement.as_str()) else { continue };
        for (number, subgoal) in attempt.subgoals.iter().enumerate() {
            let name = format!("{}_r{}s{number}", theorem.name, attempt.round);
            let text = format!("{} := by", subgoal.declaration(&name));
            let Some(key) = Key::of_theorem(&text).filter(|key| key.split() == theorem.split) else { continue };
            if known.insert((theorem.header.clone(), key)) && names.insert(name.clone()) {
                new.push(Stated {
                    name,
                    label: Label::Unknown,
                    key: key.to_string(),
                    theorem: text,
                    refutes: None,
                    proofs: Vec::new(),
                    ..(*theorem).clone()
                });
            }
        }
    }
    new
}

//! Reports on runs: scores with intervals, what they cost, how runs differ, and every proof with the judge's record.
//!
//! A problem whose statement does not elaborate counts in no score and is named; so is one of which some attempt ended in a fault. Scores
//! are over the problems that are left, and say how many those are.

mod html;
mod markdown;
mod plot;
mod published;
mod scores;
mod stats;

pub use html::html;
pub use markdown::markdown;
pub use published::{Published, Value};
pub use stats::{Estimate, estimate, mcnemar, pass_at_k};

use crate::run::{Cost, Kept, Plan, Record};
use scores::{Scores, pair};
use serde::Serialize;

/// A report on some runs.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The runs, as they were given.
    pub runs: Vec<RunReport>,
    /// Every two of them that share problems.
    pub pairs: Vec<Pair>,
    /// What others published on the same suites and splits; nothing of it was measured here.
    pub published: Vec<Published>,
}

/// What a run came to.
#[derive(Clone, Debug, Serialize)]
pub struct RunReport {
    /// The folder.
    pub name: String,
    /// What was run.
    pub plan: Plan,
    /// How many problems it has.
    pub problems: usize,
    /// How many of them have all their attempts behind them.
    pub finished: usize,
    /// How many of those count in the scores.
    pub scored: usize,
    /// Of those, how many have a proof.
    pub proved: usize,
    /// Problems that this Lean does not support, and its complaint.
    pub unsupported: Vec<Named>,
    /// Problems of which some attempt ended in a fault. `prove bench run` tries them again.
    pub faulty: Vec<Named>,
    /// pass@k for k = 1, 2, 4, …, and the number of attempts.
    pub pass: Vec<PassAtK>,
    /// pass@1 by topic.
    pub topics: Vec<Topic>,
    /// How much of the problems one attempt solves within a cost, by kind of cost.
    pub curves: Vec<Curve>,
    /// What all attempts took together.
    pub total: Cost,
    /// All proofs.
    pub proofs: Vec<Record>,
}

/// A problem, and what there is to say of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Named {
    /// Its name.
    pub problem: String,
    /// What there is to say.
    pub message: String,
}

/// A pass@k.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct PassAtK {
    /// k.
    pub k: u32,
    /// Its estimate.
    #[serde(flatten)]
    pub estimate: Estimate,
}

/// The problems about something.
#[derive(Clone, Debug, Serialize)]
pub struct Topic {
    /// What they are about.
    pub topic: String,
    /// How many they are.
    pub problems: usize,
    /// How many of them have a proof.
    pub proved: usize,
    /// Their pass@1.
    #[serde(flatten)]
    pub pass: Estimate,
}

/// Success against cost.
#[derive(Clone, Debug, Serialize)]
pub struct Curve {
    /// The kind of cost.
    pub cost: CostKind,
    /// Costs, growing, and the part of the problems that one attempt solves within them.
    pub points: Vec<(f64, f64)>,
}

/// Kinds of cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CostKind {
    /// Candidates checked.
    Checks,
    /// Tokens that a model wrote.
    ModelTokens,
    /// Seconds of Lean workers.
    LeanSeconds,
    /// Seconds of wall time.
    WallSeconds,
}

impl CostKind {
    const ALL: [CostKind; 4] = [CostKind::Checks, CostKind::ModelTokens, CostKind::LeanSeconds, CostKind::WallSeconds];

    fn of(self, cost: &Cost) -> f64 {
        match self {
            CostKind::Checks => cost.checks as f64,
            CostKind::ModelTokens => cost.model_tokens as f64,
            CostKind::LeanSeconds => cost.lean_seconds,
            CostKind::WallSeconds => cost.wall_seconds,
        }
    }

    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            CostKind::Checks => "candidates checked",
            CostKind::ModelTokens => "model tokens",
            CostKind::LeanSeconds => "seconds of Lean",
            CostKind::WallSeconds => "seconds of wall time",
        }
    }
}

/// Two runs on the problems that both have scores of.
#[derive(Clone, Debug, Serialize)]
pub struct Pair {
    /// One run.
    pub first: String,
    /// The other.
    pub second: String,
    /// Problems that both have.
    pub problems: usize,
    /// Problems that only the first proved.
    pub only_first: Vec<String>,
    /// Problems that only the second proved.
    pub only_second: Vec<String>,
    /// McNemar's exact test: how likely so uneven a difference is by chance.
    pub p: f64,
}

/// The report on some runs.
pub fn report(runs: &[Kept]) -> Report {
    let scores: Vec<Scores<'_>> = runs.iter().map(Scores::new).collect();
    let reports: Vec<RunReport> = scores.iter().map(Scores::report).collect();
    let pairs = (0..runs.len()).flat_map(|i| (i + 1..runs.len()).map(move |j| (i, j)));
    let pairs = pairs.filter_map(|(i, j)| pair((&reports[i].name, &scores[i]), (&reports[j].name, &scores[j]))).collect();
    Report { pairs, published: published::published(runs.iter().map(|kept| &kept.plan)), runs: reports }
}

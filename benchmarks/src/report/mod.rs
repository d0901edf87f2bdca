//! Reports on runs: scores with intervals, what they cost, how runs differ, and every proof with the judge's record.
//!
//! A problem whose statement does not elaborate counts in no score and is named; so is one of which some attempt ended in a fault. Scores
//! are over the problems that are left, and say how many those are.

mod html;
mod markdown;
mod plot;
mod published;
mod stats;

pub use html::html;
pub use markdown::markdown;
pub use published::{Published, Value};
pub use stats::{Estimate, estimate, mcnemar, pass_at_k};

use crate::{
    run::{Cost, Kept, Outcome, Plan, Record},
    suite::Problem,
};
use serde::Serialize;
use std::collections::BTreeMap;

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

/// The attempts at the problems of a run that count.
struct Scores<'a> {
    kept: &'a Kept,
    finished: usize,
    unsupported: Vec<Named>,
    faulty: Vec<Named>,
    /// By the problem's name.
    attempts: BTreeMap<&'a str, Vec<&'a Record>>,
}

impl<'a> Scores<'a> {
    fn new(kept: &'a Kept) -> Scores<'a> {
        let mut all: BTreeMap<&str, Vec<&Record>> = BTreeMap::new();
        for record in &kept.records {
            all.entry(&record.problem).or_default().push(record);
        }
        let mut scores = Scores { kept, finished: 0, unsupported: Vec::new(), faulty: Vec::new(), attempts: BTreeMap::new() };
        for problem in &kept.problems {
            let Some(records) = all.remove(problem.name.as_str()) else { continue };
            let first = |outcome| records.iter().find(|record| record.outcome == outcome);
            let named = |record: &Record| Named { problem: problem.name.clone(), message: record.message.clone().unwrap_or_default() };
            if let Some(record) = first(Outcome::Unsupported) {
                scores.unsupported.push(named(record));
            } else if records.len() < kept.plan.attempts as usize {
                continue;
            } else if let Some(record) = first(Outcome::Fault) {
                scores.faulty.push(named(record));
            } else {
                scores.attempts.insert(&problem.name, records);
            }
            scores.finished += 1;
        }
        scores
    }

    /// The problems that count.
    fn problems(&self) -> impl Iterator<Item = &'a Problem> {
        self.kept.problems.iter().filter(|problem| self.attempts.contains_key(problem.name.as_str()))
    }

    fn proved(&self, problem: &str) -> bool {
        self.attempts.get(problem).is_some_and(|records| successes(records) > 0)
    }

    fn report(&self) -> RunReport {
        let Kept { path, plan, problems, records } = self.kept;

        RunReport {
            name: path.display().to_string(),
            plan: plan.clone(),
            problems: problems.len(),
            finished: self.finished,
            scored: self.attempts.len(),
            proved: self.attempts.keys().filter(|problem| self.proved(problem)).count(),
            unsupported: self.unsupported.clone(),
            faulty: self.faulty.clone(),
            pass: self.pass(),
            topics: self.topics(),
            curves: CostKind::ALL.into_iter().filter_map(|cost| self.curve(cost)).collect(),
            total: total(records),
            proofs: records.iter().filter(|record| record.outcome == Outcome::Proved).cloned().collect(),
        }
    }

    fn pass(&self) -> Vec<PassAtK> {
        let attempts = self.kept.plan.attempts;
        let mut ks: Vec<u32> = (0..32).map(|i| 1 << i).take_while(|k| *k < attempts).collect();
        ks.push(attempts);
        let at = |k| {
            let values: Vec<f64> = self.attempts.values().filter_map(|records| pass_of(records, k)).collect();
            Some(PassAtK { k, estimate: estimate(&values)? })
        };
        ks.into_iter().filter_map(at).collect()
    }

    fn topics(&self) -> Vec<Topic> {
        let mut topics: BTreeMap<&str, Vec<&Vec<&Record>>> = BTreeMap::new();
        for records in self.attempts.values() {
            let topic = records.first().and_then(|record| record.topic.as_deref()).unwrap_or("other");
            topics.entry(topic).or_default().push(records);
        }
        let topic = |(topic, problems): (&str, Vec<&Vec<&Record>>)| {
            let values: Vec<f64> = problems.iter().filter_map(|records| pass_of(records, 1)).collect();
            let proved = problems.iter().filter(|records| successes(records) > 0).count();
            Some(Topic { topic: topic.to_owned(), problems: problems.len(), proved, pass: estimate(&values)? })
        };
        topics.into_iter().filter_map(topic).collect()
    }

    /// `None` where nothing of this kind was spent.
    fn curve(&self, kind: CostKind) -> Option<Curve> {
        let weight = 1.0 / (self.attempts.len().max(1) as f64 * f64::from(self.kept.plan.attempts));
        let proved = self.attempts.values().flatten().filter(|record| record.outcome == Outcome::Proved);
        let mut costs: Vec<f64> = proved.map(|record| kind.of(&record.cost)).collect();
        costs.sort_by(f64::total_cmp);
        if costs.last().is_none_or(|cost| *cost == 0.0) {
            return None;
        }
        let mut points: Vec<(f64, f64)> = Vec::new();
        for (i, cost) in costs.iter().enumerate() {
            let part = (i + 1) as f64 * weight;
            match points.last_mut() {
                Some((at, known)) if at == cost => *known = part,
                _ => points.push((*cost, part)),
            }
        }
        Some(Curve { cost: kind, points })
    }
}

fn successes(records: &[&Record]) -> u32 {
    records.iter().filter(|record| record.outcome == Outcome::Proved).count() as u32
}

fn pass_of(records: &[&Record], k: u32) -> Option<f64> {
    pass_at_k(records.len() as u32, successes(records), k)
}

fn total(records: &[Record]) -> Cost {
    records.iter().fold(Cost::default(), |sum, Record { cost, .. }| Cost {
        checks: sum.checks + cost.checks,
        avoided: sum.avoided + cost.avoided,
        lean_seconds: sum.lean_seconds + cost.lean_seconds,
        model_tokens: sum.model_tokens + cost.model_tokens,
        judge_seconds: sum.judge_seconds + cost.judge_seconds,
        wall_seconds: sum.wall_seconds + cost.wall_seconds,
        model_busy: sum.model_busy + cost.model_busy,
        tries: sum.tries + cost.tries,
    })
}

/// `None` where two runs have no problem in common.
fn pair((first, a): (&str, &Scores<'_>), (second, b): (&str, &Scores<'_>)) -> Option<Pair> {
    // Problems are the same if their names and their texts are.
    let texts: BTreeMap<&str, String> = b.problems().map(|problem| (problem.name.as_str(), problem.text())).collect();
    let common: Vec<&str> = a.problems().filter(|p| texts.get(p.name.as_str()) == Some(&p.text())).map(|p| p.name.as_str()).collect();
    let only = |here: &Scores<'_>, there: &Scores<'_>| -> Vec<String> {
        common.iter().filter(|name| here.proved(name) && !there.proved(name)).map(|name| (*name).to_owned()).collect()
    };
    let (only_first, only_second) = (only(a, b), only(b, a));
    let p = mcnemar(only_first.len() as u32, only_second.len() as u32);
    (!common.is_empty()).then(|| Pair {
        first: first.to_owned(),
        second: second.to_owned(),
        problems: common.len(),
        only_first,
        only_second,
        p,
    })
}

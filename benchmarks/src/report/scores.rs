//! What counts of a run's attempts, and the figures made of it.

use super::{CostKind, Curve, Named, Pair, PassAtK, RunReport, Topic, estimate, mcnemar, pass_at_k};
use crate::{
    run::{Cost, Kept, Outcome, Record},
    suite::Problem,
};
use std::collections::BTreeMap;

/// The attempts at the problems of a run that count.
pub(super) struct Scores<'a> {
    kept: &'a Kept,
    finished: usize,
    unsupported: Vec<Named>,
    faulty: Vec<Named>,
    /// By the problem's name.
    attempts: BTreeMap<&'a str, Vec<&'a Record>>,
}

impl<'a> Scores<'a> {
    pub(super) fn new(kept: &'a Kept) -> Scores<'a> {
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

    pub(super) fn report(&self) -> RunReport {
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
pub(super) fn pair((first, a): (&str, &Scores<'_>), (second, b): (&str, &Scores<'_>)) -> Option<Pair> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        report::{html, markdown, report},
        run::{Cost, Plan},
    };
    use prove_agent::StrategyName;
    use prove_core::Budget;
    use std::num::NonZeroUsize;

    fn record(problem: &str, attempt: u32, outcome: Outcome, checks: u64) -> Record {
        Record {
            problem: problem.into(),
            split: "test".into(),
            topic: (problem != "d").then(|| "logic".into()),
            attempt,
            outcome,
            kind: None,
            message: Some(format!("{problem} <{}>", outcome.name())),
            proof: None,
            evidence: None,
            cost: Cost { checks, ..Cost::default() },
        }
    }

    fn kept(name: &str, records: Vec<Record>) -> Kept {
        let problem = |name: &str| Problem {
            name: name.into(),
            split: "test".into(),
            topic: None,
            informal: None,
            header: String::new(),
            statement: format!("theorem {name} : 1 = 1 := by sorry"),
        };
        let plan = Plan {
            suite: "minif2f".into(),
            suite_hash: "0123".into(),
            split: Some("test".into()),
            attempts: 2,
            strategy: StrategyName::Auto,
            trees: NonZeroUsize::MIN,
            budget: Budget::default(),
            window: NonZeroUsize::MIN,
            seed: 0,
            model: None,
            preset: None,
            lean: "4".into(),
            prove: "0".into(),
        };
        Kept { path: name.into(), plan, problems: ["a", "b", "c", "d", "e", "f"].map(problem).to_vec(), records }
    }

    #[test]
    fn what_is_unsupported_faulty_or_not_finished_counts_in_no_score() {
        use Outcome::{Fault, Proved, Rejected, Timeout, Unsupported};
        let first = kept(
            "first",
            vec![
                record("a", 0, Proved, 10),
                record("a", 1, Rejected, 50),
                record("b", 0, Unsupported, 0),
                record("c", 0, Fault, 0),
                record("c", 1, Proved, 10),
                record("d", 0, Timeout, 50),
                record("d", 1, Rejected, 50),
                record("e", 0, Proved, 30),
            ],
        );
        let second = kept(
            "second",
            vec![record("a", 0, Rejected, 1), record("a", 1, Rejected, 1), record("d", 0, Proved, 1), record("d", 1, Proved, 2)],
        );
        let report = report(&[first, second]);
        let run = &report.runs[0];
        assert_eq!((run.problems, run.finished, run.scored, run.proved), (6, 4, 2, 1));
        assert_eq!(run.unsupported, [Named { problem: "b".into(), message: "b <unsupported>".into() }]);
        assert_eq!(run.faulty.iter().map(|named| named.problem.as_str()).collect::<Vec<_>>(), ["c"]);
        let pass: Vec<(u32, f64)> = run.pass.iter().map(|pass| (pass.k, pass.estimate.mean)).collect();
        assert_eq!(pass, [(1, 0.25), (2, 0.5)]);
        let topics: Vec<(&str, usize)> = run.topics.iter().map(|topic| (topic.topic.as_str(), topic.proved)).collect();
        assert_eq!(topics, [("logic", 1), ("other", 0)]);
        assert_eq!(run.curves.iter().map(|curve| &curve.points).collect::<Vec<_>>(), [&vec![(10.0, 0.25)]]);

        let pair = &report.pairs[0];
        assert_eq!(
            (pair.problems, &pair.only_first[..], &pair.only_second[..], pair.p),
            (2, &["a".to_owned()][..], &["d".to_owned()][..], 1.0)
        );
        assert!(report.published.iter().any(|result| result.system.contains("DeepSeek-Prover-V2")));
        let (markdown, page) = (markdown(&report), html(&report).expect("it is drawn"));
        for text in [&markdown, &page] {
            assert!(text.contains("Published, not measured here") && text.contains("2 are still to be run"), "{text}");
        }
        assert!(page.contains("b &lt;unsupported&gt;") && page.contains("<svg"), "{page}");
    }
}

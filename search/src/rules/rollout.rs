//! One whole proof at random: a step drawn by its prior, then whatever closes goals.
//!
//! This is what rules answer a search that samples, as a model would: each query has a seed and gets one proof. In a tree search whose
//! nodes are proof states the drawn steps become the tree's edges, and the closing line says of every state whether it is done for.

use super::{steps, view::View};
use crate::task::{Proposal, Query};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// What log-probabilities are divided by: above 1, unlikely steps are drawn more often than their priors say.
const TEMPERATURE: f64 = 1.5;
/// How much likelier a step that cannot lose anything is than one of log-probability 0.
const FREE: f64 = 9.0;
/// Tactics that close a goal or fail; steps that are among them need not be drawn.
const CLOSERS: &[&str] = &["omega", "grind", "(simp_all; done)", "assumption", "rfl", "contradiction", "decide"];

/// Closes a goal or fails.
pub(super) fn closer() -> String {
    format!("first | {}", CLOSERS.join(" | "))
}

/// Closes what it can of all goals, and leaves the others as they are.
pub(super) fn closing_line() -> String {
    format!("all_goals try ({})", closer())
}

/// A rest of the proof behind the query's prefix.
pub(super) fn proposal(view: &View<'_>, query: &Query) -> Proposal {
    let indent = " ".repeat(query.column as usize);
    let (mut lines, mut log_prob) = (Vec::new(), 0.0);
    if let Some(step) = draw(view, &mut ChaCha8Rng::seed_from_u64(query.seed)) {
        lines.extend(step.tactic.lines().map(|line| format!("{indent}{line}")));
        log_prob = step.log_prob;
    }
    lines.push(format!("{indent}{}", closing_line()));
    if query.column > 0 {
        // Behind the block, the goals around it are left.
        lines.push(closing_line());
    }
    Proposal::new(lines.join("\n"), log_prob)
}

/// A step for the goal, with the logarithm of the probability that it was drawn with.
pub(super) fn draw(view: &View<'_>, random: &mut ChaCha8Rng) -> Option<Proposal> {
    let mut steps = steps::proposals(view);
    let closes = |step: &Proposal| CLOSERS.contains(&&*step.tactic) || step.tactic.starts_with("first |");
    steps.retain(|step| step.is_possible() && !closes(step));
    let weight = |step: &Proposal| if step.log_prob == 0.0 { FREE } else { (step.log_prob / TEMPERATURE).exp() };
    let total: f64 = steps.iter().map(weight).sum();
    let mut at = random.random::<f64>() * total;
    let drawn = steps.iter().position(|step| {
        at -= weight(step);
        at < 0.0
    });
    let step = steps.get(drawn.unwrap_or(steps.len().saturating_sub(1)))?;
    Some(Proposal::new(step.tactic.clone(), (weight(step) / total).ln()))
}

#[cfg(test)]
mod tests {
    use crate::{CoreTactics, Proposer, Query, QueryKind, Script};
    use prove_core::{Goal, Hypothesis, ProofState};
    use std::{collections::BTreeMap, sync::Arc};

    fn query(target: &str, seed: u64) -> Query {
        let hypothesis = |name: &str, kind: &str| Hypothesis { names: vec![name.to_owned()], kind: kind.to_owned(), value: None };
        let hypotheses = vec![hypothesis("n", "Nat"), hypothesis("h", "n = 1 ∨ n = 2")];
        let goal = Goal { case: None, hypotheses, target: target.to_owned() };
        Query::new(QueryKind::WholeProof, Proposer::Rules, Arc::new(ProofState { goals: vec![goal] }), 1, seed)
    }

    fn proofs(query: &Query) -> Vec<String> {
        CoreTactics::default().proposals(query).into_iter().map(|p| p.tactic.to_string()).collect()
    }

    const CLOSING: &str = "all_goals try (first | omega | grind | (simp_all; done) | assumption | rfl | contradiction | decide)";

    #[test]
    fn draws_repeat_with_the_seed_and_follow_the_priors() {
        let mut counts: BTreeMap<String, u32> = BTreeMap::new();
        for seed in 0..4_000 {
            let found = proofs(&query("n < 3", seed));
            assert_eq!(found, proofs(&query("n < 3", seed)));
            let (step, closing) = found[0].split_once('\n').expect("a step and the closing line");
            assert_eq!(closing, CLOSING);
            *counts.entry(step.to_owned()).or_default() += 1;
        }
        assert_eq!(counts.len(), 8, "{counts:?}");
        assert!(!counts.contains_key("omega"), "the closing line tries that");
        // Priors -0.7 and -3.5: e^(2.8 / 1.5) = 6.5 times as likely.
        let ratio = f64::from(counts["rcases h with h | h"]) / f64::from(counts["exfalso"]);
        assert!((4.0..10.0).contains(&ratio), "{ratio}");
    }

    #[test]
    fn probabilities_of_the_draws_are_their_frequencies() {
        let mut seen: BTreeMap<String, (f64, f64)> = BTreeMap::new();
        for seed in 0..4_000 {
            let drawn = CoreTactics::default().proposals(&query("n < 3", seed)).remove(0);
            let entry = seen.entry(drawn.tactic.to_string()).or_default();
            *entry = (entry.0 + 1.0 / 4_000.0, drawn.log_prob.exp());
        }
        for (proof, (frequency, probability)) in seen {
            assert!((frequency - probability).abs() < 0.03, "{proof}: {frequency} against {probability}");
        }
    }

    #[test]
    fn steps_stand_in_the_column_of_their_block() {
        let nested = Query { prefix: Script::new(["constructor".into(), "· skip".into()]), column: 2, ..query("∀ m, m = m", 1) };
        let lines = proofs(&nested).remove(0);
        let wanted = ["  intro m", &format!("  {CLOSING}"), CLOSING].join("\n");
        assert!(lines == wanted || lines.starts_with("  intros\n"), "{lines}");
    }

    #[test]
    fn whoever_asks_for_many_gets_the_portfolio() {
        assert_eq!(proofs(&Query { limit: 3, ..query("n < 3", 1) }), ["grind", "omega", "simp_all"]);
    }
}

//! Hypotheses and variables that have nothing to do with the goal: nothing they speak of leads there.

use prove_core::ProofState;
use prove_syntax::Source;
use std::collections::BTreeSet;

/// The premises of the first goal that are idle, with their types. A premise matters if the goal speaks of it, or if it shares a variable
/// with something that matters.
pub(super) fn premises(state: &ProofState) -> Vec<(String, String)> {
    let Some(goal) = state.goals.first() else { return Vec::new() };
    let premises: Vec<(&String, &String, BTreeSet<&str>)> = goal
        .hypotheses
        .iter()
        .flat_map(|h| h.names.iter().map(move |name| (name, h)))
        .map(|(name, h)| {
            let spoken = [Some(h.kind.as_str()), h.value.as_deref()].into_iter().flatten().flat_map(heads).collect();
            (name, &h.kind, spoken)
        })
        .collect();
    let named = |word: &&str| premises.iter().any(|(name, ..)| name == word);
    let mut mattering: BTreeSet<&str> = heads(&goal.target).into_iter().filter(named).collect();
    loop {
        let before = mattering.len();
        for (name, _, spoken) in &premises {
            if mattering.contains(name.as_str()) || spoken.iter().any(|word| mattering.contains(word)) {
                mattering.insert(name);
                mattering.extend(spoken.iter().filter(|word| named(word)));
            }
        }
        if mattering.len() == before {
            break;
        }
    }
    let idle = premises.iter().filter(|(name, ..)| !mattering.contains(name.as_str()));
    idle.map(|(name, kind, _)| ((*name).clone(), (*kind).clone())).collect()
}

/// Whether there are hypotheses that could contradict each other, and not only variables.
pub(super) fn has_hypotheses(state: &ProofState) -> bool {
    let says_something = |kind: &str| kind.contains(['=', '<', '>', '≤', '≥', '≠', '∣', '¬', '∀', '∃', '∧', '∨', '↔', '∈']);
    state.goals.first().is_some_and(|goal| goal.hypotheses.iter().any(|h| says_something(&h.kind)))
}

/// The names in a text, each up to its first dot.
fn heads(text: &str) -> Vec<&str> {
    let source = Source::new(text);
    let words: Vec<&str> = source.code().iter().map(|token| &text[token.range()]).collect();
    words.into_iter().map(|word| word.split_once('.').map_or(word, |(head, _)| head)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use prove_core::{Goal, Hypothesis};

    fn state(hypotheses: &[(&str, &str)], target: &str) -> ProofState {
        let hypotheses =
            hypotheses.iter().map(|(name, kind)| Hypothesis { names: vec![(*name).into()], kind: (*kind).into(), value: None });
        ProofState { goals: vec![Goal { case: None, hypotheses: hypotheses.collect(), target: target.into() }] }
    }

    #[test]
    fn what_shares_nothing_with_the_goal_is_idle() {
        let state = state(
            &[("α", "Type"), ("inst", "Inhabited α"), ("x", "α"), ("m", "Nat"), ("n", "Nat"), ("h", "m < 3"), ("k", "n = y"), ("y", "Nat")],
            "f x = x ∧ n > 0",
        );
        let names: Vec<String> = premises(&state).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["m", "h"]);
        assert!(has_hypotheses(&state));
    }
}

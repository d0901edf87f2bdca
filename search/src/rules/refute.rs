//! Counterexamples: small values for the variables of a statement that is to be refuted.
//!
//! The negation of a subgoal reads `¬∀ x, p x → q x`. One script tries all small values of the variables, those first whose sum is small,
//! and computes that the premises hold there and the conclusion does not. A false subgoal is often found out so at the cost of one check.

use super::view::View;
use crate::{
    shape::{Shape, shape},
    task::Proposal,
};

/// The most combinations of values that a script tries.
const MOST_COMBINATIONS: usize = 48;

/// The script for a target `¬∀ …` whose variables have values that can be listed.
pub(super) fn proposal(view: &View<'_>) -> Option<Proposal> {
    let Shape::Not(statement) = shape(view.target) else { return None };
    let mut arguments = Vec::new();
    collect(statement, &mut arguments);
    let variables = arguments.iter().flatten().count();
    if variables == 0 {
        return None;
    }
    let h = view.fresh("h");
    let lines: Vec<String> =
        combinations(&arguments).into_iter().map(|values| format!("| exact absurd ({h} {values}) (by decide +kernel)")).collect();
    Some(Proposal::new(format!("intro {h}\nfirst\n{}", lines.join("\n")), -0.05))
}

/// The arguments of a general statement: the values of a variable, or none for a premise.
fn collect(statement: &str, into: &mut Vec<Option<&'static [&'static str]>>) {
    match shape(statement) {
        Shape::Forall { binders, body } => {
            for binder in &binders {
                into.push(values(binder.kind.unwrap_or_default()));
                into.extend(binder.bounded.then_some(None));
            }
            collect(body, into);
        }
        Shape::Implies(_, body) => {
            into.push(None);
            collect(body, into);
        }
        _ => {}
    }
}

/// Small values of a type, the simplest first. Of other types there are none, which makes their variables premises that cannot be shown.
fn values(kind: &str) -> Option<&'static [&'static str]> {
    Some(match kind {
        "Nat" | "ℕ" => &["0", "1", "2", "3", "5"],
        "Int" | "ℤ" | "Rat" | "ℚ" => &["0", "1", "(-1)", "2", "(-2)"],
        "Bool" => &["true", "false"],
        "Prop" => &["True", "False"],
        "List Nat" | "List ℕ" => &["[]", "[0]", "[1]", "[0, 1]", "[1, 0]"],
        _ => return None,
    })
}

/// The arguments with values for the variables, those first whose values come early in their lists.
fn combinations(arguments: &[Option<&'static [&'static str]>]) -> Vec<String> {
    let lists: Vec<&[&str]> = arguments.iter().flatten().copied().collect();
    let furthest: usize = lists.iter().map(|list| list.len() - 1).sum();
    let mut found = Vec::new();
    for sum in 0..=furthest {
        let mut places = vec![0; lists.len()];
        choose(&lists, sum, 0, &mut places, &mut found);
    }
    let text = |places: Vec<usize>| {
        let mut next = places.iter().zip(&lists).map(|(place, list)| list[*place]);
        let argument = |values: &Option<_>| values.and(next.next()).unwrap_or("(by decide +kernel)");
        arguments.iter().map(argument).collect::<Vec<_>>().join(" ")
    };
    found.into_iter().map(text).collect()
}

/// All choices of places from the list at `at` on whose sum is `sum`, up to the limit.
fn choose(lists: &[&[&str]], sum: usize, at: usize, places: &mut Vec<usize>, found: &mut Vec<Vec<usize>>) {
    if found.len() >= MOST_COMBINATIONS {
        return;
    }
    let Some(list) = lists.get(at) else {
        if sum == 0 {
            found.push(places.clone());
        }
        return;
    };
    for place in 0..list.len().min(sum + 1) {
        places[at] = place;
        choose(lists, sum - place, at + 1, places, found);
    }
}

#[cfg(test)]
mod tests {
    use super::{super::testing::made, *};

    fn script(target: &str) -> Option<String> {
        made(proposal, &[], target).map(|p| p.tactic.to_string())
    }

    #[test]
    fn small_values_come_first_and_premises_are_computed() {
        let found = script("¬ (∀ (a : Nat) (z : Int) (h : z < a), z = 0 → a = 0)").expect("a script");
        let lines: Vec<&str> = found.lines().collect();
        assert_eq!(lines[..3], ["intro h", "first", "| exact absurd (h 0 0 (by decide +kernel) (by decide +kernel)) (by decide +kernel)"]);
        assert_eq!(lines[3], "| exact absurd (h 0 1 (by decide +kernel) (by decide +kernel)) (by decide +kernel)");
        assert_eq!(lines.len(), 2 + 25);
        assert_eq!(script("¬ (∀ (a b c d e f g : Nat), a = b)").map(|s| s.lines().count()), Some(2 + MOST_COMBINATIONS));
    }

    #[test]
    fn nothing_is_proposed_without_values() {
        assert_eq!(script("∀ (a : Nat), a = 0"), None);
        assert_eq!(script("¬ p"), None);
        assert_eq!(script("¬ (∀ (f : Nat → Nat), f 0 = 0)"), None);
    }
}

//! General facts at small numerals and at those of the goal, premises included, where the target is compared with what they say.

use super::view::View;
use crate::{
    lex::{TokenKind, tokens},
    shape::{Shape, conclusion, shape},
};
use std::fmt::Write;

/// How many instances of one fact are tried.
const MOST: usize = 6;

/// The script for a goal with a general fact about numbers that has premises.
pub(super) fn script(view: &View<'_>) -> Option<String> {
    let mut script = String::new();
    let numerals = numerals(view);
    for fact in &view.facts {
        let Shape::Forall { binders, body } = shape(fact.kind) else { continue };
        let conditional = binders.iter().any(|b| b.bounded) || matches!(shape(body), Shape::Implies(..));
        let compares = matches!(shape(conclusion(body)), Shape::Relation { symbol: "=" | "<" | "≤" | ">" | "≥", .. });
        if !conditional || !compares || binders.iter().any(|b| b.kind.is_some_and(|kind| !matches!(kind, "ℕ" | "ℤ" | "Nat" | "Int"))) {
            continue;
        }
        let premise = " (by first | decide | omega | assumption)";
        let premises = {
            let (mut count, mut rest) = (0, body);
            while let Shape::Implies(_, next) = shape(rest) {
                (count, rest) = (count + 1, next);
            }
            count
        };
        let tuples = match binders.len() {
            1 => numerals.iter().map(|n| vec![n.as_str()]).collect::<Vec<_>>(),
            2 => numerals.iter().flat_map(|m| numerals.iter().map(move |n| vec![m.as_str(), n.as_str()])).collect(),
            _ => continue,
        };
        for tuple in tuples.iter().take(if binders.len() == 1 { MOST } else { MOST * 2 }) {
            let mut proof = fact.name.to_owned();
            for (binder, value) in binders.iter().zip(tuple) {
                let _ = write!(proof, " {value}{}", if binder.bounded { premise } else { "" });
            }
            let _ = writeln!(script, "try have {} := {proof}{}", view.fresh("i"), premise.repeat(premises));
        }
    }
    (!script.is_empty()).then(|| format!("{script}first | omega | grind"))
}

/// The numerals of the target and the facts, and those that are always worth a try.
fn numerals(view: &View<'_>) -> Vec<String> {
    let texts = std::iter::once(view.target).chain(view.facts.iter().map(|f| f.kind));
    let mut found: Vec<String> = Vec::new();
    let small = |text: &str| text.parse::<u32>().is_ok();
    let all = texts.flat_map(tokens).filter(|t| t.kind == TokenKind::Number && small(t.text)).map(|t| t.text);
    for numeral in ["1", "0"].into_iter().chain(all) {
        if !found.iter().any(|other| other == numeral) {
            found.push(numeral.to_owned());
        }
    }
    found.truncate(MOST);
    found
}

#[cfg(test)]
mod tests {
    use super::{super::testing::made, *};

    fn of(fact: &str, target: &str) -> Option<String> {
        made(script, &[("n", "ℕ"), ("h", fact)], target)
    }

    #[test]
    fn facts_with_premises_are_used_at_the_numerals_of_the_goal() {
        let script = of("∀ (m : ℕ), 0 < m → m ∣ 77 → n ≤ m", "n = 7").expect("a script");
        let premises = "(by first | decide | omega | assumption) (by first | decide | omega | assumption)";
        assert!(script.starts_with(&format!("try have i := h 1 {premises}\n")), "{script}");
        assert!(script.contains(&format!("try have i2 := h 7 {premises}\n")), "{script}");
        assert!(of("∀ m > 1, n ≤ m", "n = 7").is_some_and(|s| s.contains("h 7 (by first | decide | omega | assumption)\n")));
    }

    #[test]
    fn facts_without_premises_are_left_to_others() {
        assert_eq!(
            (of("∀ (m : ℕ), n ≤ m", "n = 0"), of("∀ (m : ℕ), n ≤ m → m = n ∨ m = 1", "n = 0"), of("n = 2", "n = 0")),
            (None, None, None)
        );
    }
}

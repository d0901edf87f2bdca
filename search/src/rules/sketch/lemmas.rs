//! The lemma behind a goal about recursive functions: what is left after computing, with the terms generalised that play no part in it.
//!
//! The waterfall of Boyer and Moore (A Computational Logic, 1979, chapters 9 to 13): simplify by the definitions and the induction
//! hypothesis, use that hypothesis from right to left on one side only (cross-fertilisation), then put variables for calls that occur on
//! both sides and forget what is no longer spoken of. The next induction is then about a lemma, and not about the theorem's own case.

use super::super::view::{Item, View, mentions};
use crate::{
    lex::{Token, TokenKind, is_accessible, tokens},
    shape::{Shape, conclusion, shape},
};
use std::collections::BTreeSet;

/// The sketches, best first.
pub(super) fn lemmas(view: &View<'_>, bodies: &mut Vec<String>) {
    let definitions = view.definitions();
    if definitions.is_empty() {
        return;
    }
    generalisation(view, &definitions, bodies);
    let equations: Vec<&str> =
        view.facts.iter().filter(|f| matches!(shape(conclusion(f.kind)), Shape::Relation { symbol: "=", .. })).map(|f| f.name).collect();
    let rules: Vec<&str> = definitions.iter().chain(&equations).copied().collect();
    bodies.push(format!("simp only [{}]\nsorry", rules.join(", ")));
    fertilisation(view, bodies);
}

/// An equation for a variable, used from right to left on the side of the target that has the variable.
fn fertilisation(view: &View<'_>, bodies: &mut Vec<String>) {
    let Shape::Relation { symbol: "=", left, right } = shape(view.target) else { return };
    for Item { name, kind } in &view.facts {
        let Shape::Relation { symbol: "=", right: variable, .. } = shape(kind) else { continue };
        if view.data.iter().any(|d| d.name == variable) {
            for (side, text) in [("rhs", right), ("lhs", left)] {
                if mentions(text, variable) {
                    bodies.push(format!("conv => {side}; rw [← {name}]\nsorry"));
                }
            }
        }
    }
}

/// Variables for the calls that occur more than once, and nothing in sight that is then not spoken of.
fn generalisation(view: &View<'_>, definitions: &[&str], bodies: &mut Vec<String>) {
    let calls = repeated_calls(view, definitions);
    let mut target = view.target.to_owned();
    let mut steps = String::new();
    for call in &calls {
        let name = view.fresh("a");
        steps.push_str(&format!("generalize {call} = {name}\n"));
        target = target.replace(call.as_str(), &name);
    }
    let forgotten = irrelevant(view, &target);
    if calls.is_empty() {
        return;
    }
    if !forgotten.is_empty() {
        steps.push_str(&format!("clear {}\n", forgotten.join(" ")));
    }
    bodies.push(format!("{steps}sorry"));
}

/// Calls of the file's functions on variables that occur more than once in the target.
fn repeated_calls(view: &View<'_>, definitions: &[&str]) -> Vec<String> {
    let all = tokens(view.target);
    let mut found: Vec<(String, usize)> = Vec::new();
    for (i, token) in all.iter().enumerate().filter(|(_, t)| definitions.contains(&t.text)) {
        let is_argument = |t: &&Token<'_>| t.kind == TokenKind::Name && view.data.iter().any(|d| d.name == t.text);
        let count = all[i + 1..].iter().take_while(is_argument).count();
        let partial = all.get(i + 1 + count).is_some_and(|t| matches!(t.kind, TokenKind::Name | TokenKind::Number | TokenKind::Open));
        if count == 0 || partial {
            continue;
        }
        let call = view.target[token.start..all[i + count].end()].to_owned();
        match found.iter_mut().find(|(known, _)| *known == call) {
            Some((_, times)) => *times += 1,
            None => found.push((call, 1)),
        }
    }
    found.into_iter().filter(|(_, times)| *times > 1).map(|(call, _)| call).collect()
}

/// The facts and values that have nothing to do with a target, those first that nothing else speaks of.
fn irrelevant<'a>(view: &View<'a>, target: &str) -> Vec<&'a str> {
    let mut wanted: BTreeSet<&str> = BTreeSet::new();
    let mut texts: Vec<&str> = vec![target];
    while let Some(text) = texts.pop() {
        for item in view.data.iter().filter(|d| mentions(text, d.name)) {
            if wanted.insert(item.name) {
                texts.push(item.kind);
                // A fact about a value that matters, matters.
                for fact in view.facts.iter().filter(|f| mentions(f.kind, item.name)) {
                    if wanted.insert(fact.name) {
                        texts.push(fact.kind);
                    }
                }
            }
        }
    }
    let droppable =
        |items: &[Item<'a>]| items.iter().rev().map(|i| i.name).filter(|n| !wanted.contains(n) && is_accessible(n)).collect::<Vec<_>>();
    let sorts = |name: &&str| view.data.iter().any(|d| d.name == *name && !d.kind.contains("Type") && !d.kind.contains("Prop"));
    let values = droppable(&view.data).into_iter().filter(sorts);
    droppable(&view.facts).into_iter().chain(values).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{has, sketches_in};

    const FILE: &str = "def app : List Nat → List Nat → List Nat\ndef rev : List Nat → List Nat\n";

    #[test]
    fn what_computing_leaves_is_generalised() {
        let hypotheses = [("x", "Nat"), ("xs", "List Nat"), ("ys", "List Nat"), ("ih", "rev (app xs ys) = app (rev ys) (rev xs)")];
        let found = sketches_in(FILE, &hypotheses, "rev (app (x :: xs) ys) = app (rev ys) (rev (x :: xs))");
        has(&found, &["simp only [app, rev, ih]\nsorry"]);
        let found = sketches_in(FILE, &hypotheses, "app (app (rev ys) (rev xs)) [x] = app (rev ys) (app (rev xs) [x])");
        assert_eq!(found[0], "generalize rev ys = a\ngeneralize rev xs = a1\nclear ih ys xs\nsorry");
    }

    #[test]
    fn a_hypothesis_is_used_on_one_side() {
        let hypotheses = [("x", "Nat"), ("xs", "List Nat"), ("ih", "rev (rev xs) = xs")];
        let found = sketches_in(FILE, &hypotheses, "rev (app (rev xs) [x]) = x :: xs");
        has(&found, &["conv => rhs; rw [← ih]\nsorry"]);
        assert!(!found.iter().any(|s| s.contains("induction x ")), "an element is no reason for an induction: {found:#?}");
    }
}

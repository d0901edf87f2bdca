//! Inductions that need more than the target itself: what is shown of several values at once, and what growing functions are at least.

use super::{
    finite::is_natural,
    view::{Item, View, mentions},
};
use crate::{
    lemma::renamed,
    lex::{Token, tokens},
    shape::{Shape, shape},
};
use std::collections::BTreeMap;

/// Of how many values before it a value may be made.
const MOST_ORDER: u64 = 4;

/// For a fact about `a (n + k)`: the target at `n`, …, `n + k - 1` together.
pub(super) fn together(view: &View<'_>) -> Option<String> {
    let variable = view.data.iter().find(|item| is_natural(item) && view.in_target(item.name))?;
    let (fact, order) = view.facts.iter().find_map(|fact| Some((fact.name, order(fact)?)))?;
    // A fact about the variable would have to hold of all values.
    let binds = |fact: &Item<'_>| match shape(fact.kind) {
        Shape::Forall { binders, .. } => binders.iter().any(|binder| binder.name == variable.name),
        _ => false,
    };
    if view.facts.iter().any(|fact| mentions(fact.kind, variable.name) && !binds(fact)) {
        return None;
    }
    let n = variable.name;
    let at = |k: u64| {
        let value = if k == 0 { n.to_owned() } else { format!("({n} + {k})") };
        format!("({})", renamed(view.target, &BTreeMap::from([(n, value)])))
    };
    let [key, ih, s] = ["key", "ih", "s"].map(|base| view.fresh(base));
    let says: Vec<String> = (0..order).map(at).collect();
    let known: Vec<String> = (0..order).map(|_| view.fresh("i")).collect();
    let gaps = vec!["?_"; known.len()].join(", ");
    Some(format!(
        "have {key} : ∀ {n} : Nat, {} := by\n  intro {n}\n  induction {n} with\n  \
         | zero => refine ⟨{gaps}⟩ <;> first | (simp_all; done) | grind\n  \
         | succ {n} {ih} =>\n    obtain ⟨{}⟩ := {ih}\n    exact ⟨{}, by have {s} := {fact} {n}; grind⟩\n\
         exact ({key} {n}).1",
        says.join(" ∧ "),
        known.join(", "),
        known[1..].join(", "),
    ))
}

/// The `k` of a fact `∀ n, … a (n + k) …`, where it is more than 1.
fn order(fact: &Item<'_>) -> Option<u64> {
    let Shape::Forall { binders, body } = shape(fact.kind) else { return None };
    let [binder] = binders.as_slice() else { return None };
    let all = tokens(body);
    let shift = |t: &[Token<'_>]| {
        let [open, n, plus, k, close] = t else { return None };
        let is = (open.text, n.text, plus.text, close.text) == ("(", binder.name, "+", ")");
        k.text.parse().ok().filter(|_| is)
    };
    all.windows(5).filter_map(shift).max().filter(|k| (2..=MOST_ORDER).contains(k))
}

/// For a function of natural numbers that grows: a value is not less than its argument.
pub(super) fn growing(view: &View<'_>) -> Option<String> {
    let (function, fact, neighbours) = view.data.iter().find_map(|item| {
        let (from, to) = item.kind.split_once('→')?;
        let whole = matches!(from.trim(), "Nat" | "ℕ") && matches!(to.trim(), "Nat" | "ℕ");
        view.facts.iter().filter(|_| whole).find_map(|fact| Some((item.name, fact.name, growth(fact, item.name)?)))
    })?;
    let [n, ih, h, key] = ["n", "ih", "h", "key"].map(|base| view.fresh(base));
    let instance = if neighbours { format!("{fact} {n}") } else { format!("{fact} {n} ({n} + 1) (by omega)") };
    let mut script = format!(
        "have {key} : ∀ {n}, {n} ≤ {function} {n} := by\n  intro {n}\n  induction {n} with\n  | zero => omega\n  \
         | succ {n} {ih} => have {h} := {instance}; omega\n"
    );
    for item in view.data.iter().filter(|item| is_natural(item)) {
        script += &format!("have {} := {key} {}\n", view.fresh("h"), item.name);
    }
    Some(script + "grind")
}

/// Whether a fact says that a function grows, from one number to the next (`true`) or from a smaller to a larger one.
fn growth(fact: &Item<'_>, function: &str) -> Option<bool> {
    let Shape::Forall { binders, body } = shape(fact.kind) else { return None };
    let call = |argument: &str| [format!("{function} {argument}"), format!("{function} ({argument})")];
    let less = |text: &str, small: &str, large: &str| match shape(text) {
        Shape::Relation { symbol: "<", left, right } => call(small).iter().any(|c| c == left) && call(large).iter().any(|c| c == right),
        Shape::Relation { symbol: ">", left, right } => call(large).iter().any(|c| c == left) && call(small).iter().any(|c| c == right),
        _ => false,
    };
    match binders.as_slice() {
        [n] => less(body, n.name, &format!("{} + 1", n.name)).then_some(true),
        [m, n] => match shape(body) {
            Shape::Implies(premise, rest) => (premise == format!("{} < {}", m.name, n.name) && less(rest, m.name, n.name)).then_some(false),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{super::testing::made, *};

    #[test]
    fn a_recursion_over_two_values_is_followed_by_two() {
        let recursion = ("h", "∀ (n : ℕ), a (n + 2) = 5 * a (n + 1) - 6 * a n");
        let script = made(together, &[("a", "ℕ → ℤ"), recursion, ("n", "ℕ")], "a n = 2 ^ n + 3 ^ n").expect("a script");
        let wanted = "have key : ∀ n : Nat, (a n = 2 ^ n + 3 ^ n) ∧ (a (n + 1) = 2 ^ (n + 1) + 3 ^ (n + 1)) := by\n  \
            intro n\n  induction n with\n  \
            | zero => refine ⟨?_, ?_⟩ <;> first | (simp_all; done) | grind\n  \
            | succ n ih =>\n    obtain ⟨i, i1⟩ := ih\n    exact ⟨i1, by have s := h n; grind⟩\n\
            exact (key n).1";
        assert_eq!(script, wanted);
        assert_eq!(made(together, &[("a", "ℕ → ℤ"), ("h", "∀ (n : ℕ), a (n + 1) = a n"), ("n", "ℕ")], "a n = 0"), None);
    }

    #[test]
    fn functions_that_grow_are_at_least_their_argument() {
        let neighbours = made(growing, &[("f", "ℕ → ℕ"), ("h", "∀ (n : ℕ), f n < f (n + 1)"), ("k", "ℕ")], "k ≤ f k").expect("a script");
        let wanted = "have key : ∀ n, n ≤ f n := by\n  intro n\n  induction n with\n  | zero => omega\n  \
            | succ n ih => have h1 := h n; omega\nhave h2 := key k\ngrind";
        assert_eq!(neighbours, wanted);
        let far = made(growing, &[("f", "ℕ → ℕ"), ("h", "∀ (m n : ℕ), m < n → f m < f n")], "f 0 = 0").expect("a script");
        assert!(far.contains("have h1 := h n (n + 1) (by omega); omega"), "{far}");
        assert_eq!(made(growing, &[("f", "ℕ → ℤ"), ("h", "∀ (n : ℕ), f n < f (n + 1)")], "f 0 = 0"), None);
    }
}

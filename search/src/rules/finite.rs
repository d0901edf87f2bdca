//! Finite case analysis: variables between two numerals, and remainders.

use super::view::{Item, View};
use crate::{
    lex::{TokenKind, tokens},
    shape::{Shape, shape},
    task::Proposal,
};

/// What `simp` needs to show an equation of natural numbers as one of integers.
pub(super) const NATURAL_CASTS: &str = "Int.natCast_mul, Int.natCast_add, Int.natCast_pow";

/// The tactics that make `name` of an equation of natural numbers, as one of integers; they begin with `have` or `replace`.
pub(super) fn in_integers(tactic: &str, name: &str, fact: &str) -> String {
    format!("{tactic} {name} := Int.ofNat_inj.mpr {fact}\nsimp only [{NATURAL_CASTS}] at {name}\n")
}

/// A variable where integers are spoken of.
pub(super) fn integer(name: &str, is_natural: bool) -> String {
    if is_natural { format!("({name} : Int)") } else { name.to_owned() }
}

/// Before a statement that the kernel computes: the instance that does so is as large as the statement.
pub(super) const LARGE_INSTANCES: &str = "set_option synthInstance.maxSize 4000 in\nset_option synthInstance.maxHeartbeats 200000 in\n";

/// The most cases a split may make.
const MOST_CASES: i64 = 24;

/// A fact that gives the finitely many values of something, and how to take it apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Split {
    /// `x = 0 ∨ x = 1`, shown by `omega`.
    pub(super) statement: String,
    /// The `rcases` pattern.
    pub(super) pattern: String,
    /// What the cases are called, if not substituted.
    pub(super) name: Option<String>,
}

impl Split {
    /// The tactic that leaves one goal a case.
    pub(super) fn tactic(&self) -> String {
        format!("rcases (by omega : {}) with {}", self.statement, self.pattern)
    }
}

/// Splits as single steps.
pub(super) fn steps(view: &View<'_>, found: &mut Vec<Proposal>) {
    for split in ranges(view) {
        found.push(Proposal::new(split.tactic(), -1.5));
    }
    for split in remainders(view) {
        found.push(Proposal::new(split.tactic(), -2.0));
    }
}

/// Variables that facts bound from both sides, fewest values first.
pub(super) fn ranges(view: &View<'_>) -> Vec<Split> {
    let mut splits: Vec<(i64, Split)> = Vec::new();
    for item in view.data.iter().filter(|i| is_integer(i)) {
        let mut low = if is_natural(item) { Some(0) } else { None };
        let mut high = None;
        for fact in &view.facts {
            bounds(fact.kind, item.name, &mut low, &mut high);
        }
        if let (Some(low), Some(high)) = (low, high)
            && high >= low
            && high - low < MOST_CASES
        {
            let cases: Vec<String> = (low..=high).map(|v| format!("{} = {v}", item.name)).collect();
            let pattern = vec!["rfl"; cases.len()].join(" | ");
            splits.push((high - low, Split { statement: cases.join(" ∨ "), pattern, name: None }));
        }
    }
    splits.sort_by_key(|(size, _)| *size);
    splits.into_iter().map(|(_, split)| split).collect()
}

/// Remainders of variables by the numerals the goal divides by.
pub(super) fn remainders(view: &View<'_>) -> Vec<Split> {
    let mut splits = Vec::new();
    for modulus in moduli(view.target) {
        for item in view.data.iter().filter(|i| is_integer(i) && view.in_target(i.name)) {
            let name = view.fresh("h");
            let cases: Vec<String> = (0..modulus).map(|r| format!("{} % {modulus} = {r}", item.name)).collect();
            let pattern = vec![name.as_str(); cases.len()].join(" | ");
            splits.push(Split { statement: cases.join(" ∨ "), pattern, name: Some(name) });
        }
    }
    splits
}

/// The numerals `m` in `_ % m` and `m ∣ _`, as far as a split by them is small.
pub(super) fn moduli(text: &str) -> Vec<i64> {
    let all = tokens(text);
    let mut found = Vec::new();
    for pair in all.windows(2) {
        let numeral = match (pair[0].text, pair[1].text) {
            ("%", m) => m,
            (m, "∣") => m,
            _ => continue,
        };
        if let Ok(m) = numeral.parse::<i64>()
            && (2..=MOST_CASES).contains(&m)
            && !found.contains(&m)
        {
            found.push(m);
        }
    }
    found
}

pub(super) fn is_natural(item: &Item<'_>) -> bool {
    matches!(item.kind, "Nat" | "ℕ")
}

pub(super) fn is_integer(item: &Item<'_>) -> bool {
    is_natural(item) || matches!(item.kind, "Int" | "ℤ")
}

/// The least value that facts allow a variable, and the names of those that bound it by a numeral and say nothing else.
pub(super) fn least<'a>(view: &View<'a>, name: &str) -> Option<(i64, Vec<&'a str>)> {
    let (mut low, mut by) = (None, Vec::new());
    for fact in &view.facts {
        let (mut here, mut high) = (None, None);
        bounds(fact.kind, name, &mut here, &mut high);
        if let Some(here) = here {
            tighten(&mut low, here, i64::max);
            by.push(fact.name);
        }
    }
    Some((low?, by))
}

/// Tightens the bounds of `name` by a fact, conjunctions included.
fn bounds(fact: &str, name: &str, low: &mut Option<i64>, high: &mut Option<i64>) {
    match shape(fact) {
        Shape::And(left, right) => {
            bounds(left, name, low, high);
            bounds(right, name, low, high);
        }
        Shape::Relation { symbol, left, right } => {
            let (symbol, number) = match (left == name, right == name) {
                (true, false) => (symbol, numeral(right)),
                (false, true) => (flipped(symbol), numeral(left)),
                _ => return,
            };
            let Some(number) = number else { return };
            match symbol {
                "<" => tighten(high, number - 1, i64::min),
                "≤" => tighten(high, number, i64::min),
                ">" => tighten(low, number + 1, i64::max),
                "≥" => tighten(low, number, i64::max),
                _ => {}
            }
        }
        _ => {}
    }
}

fn tighten(bound: &mut Option<i64>, by: i64, choose: fn(i64, i64) -> i64) {
    *bound = Some(bound.map_or(by, |b| choose(b, by)));
}

fn flipped(symbol: &str) -> &str {
    match symbol {
        "<" => ">",
        "≤" => "≥",
        ">" => "<",
        "≥" => "≤",
        other => other,
    }
}

/// A literal of moderate size, possibly negative.
fn numeral(text: &str) -> Option<i64> {
    let all = tokens(text);
    let (sign, digits) = match all.as_slice() {
        [n] if n.kind == TokenKind::Number => (1, n.text),
        [minus, n] if minus.text == "-" && n.kind == TokenKind::Number => (-1, n.text),
        _ => return None,
    };
    digits.parse::<i32>().ok().map(|n| sign * i64::from(n))
}

#[cfg(test)]
mod tests {
    use super::{super::testing::goal, *};
    use crate::FileContext;

    #[test]
    fn bounds_are_gathered_over_facts_and_conjunctions() {
        let goal = goal(&[("b", "Nat"), ("z", "Int"), ("h₀", "b < 10 ∧ 8 ≤ b"), ("h₁", "z > -3"), ("h₂", "z ≤ -1 ∧ 0 < b")], "b = z");
        let context = FileContext::default();
        let statements: Vec<String> = ranges(&View::new(&goal, &context)).into_iter().map(|s| s.statement).collect();
        assert_eq!(statements, ["b = 8 ∨ b = 9", "z = -2 ∨ z = -1"]);
    }

    #[test]
    fn remainders_come_from_the_target() {
        let goal = goal(&[("n", "Nat"), ("m", "Nat")], "3 ∣ n ^ 3 + 2 * n");
        let context = FileContext::default();
        let splits = remainders(&View::new(&goal, &context));
        assert_eq!(splits.len(), 1);
        assert_eq!(splits[0].tactic(), "rcases (by omega : n % 3 = 0 ∨ n % 3 = 1 ∨ n % 3 = 2) with h | h | h");
    }
}

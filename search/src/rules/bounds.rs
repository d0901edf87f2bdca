//! How large the variables of a goal can be: what a sum is compared with bounds its terms, and a term the variables in it.
//!
//! Variables are taken for natural numbers, and the factors of products for positive ones; where they are not, the proof of the bound fails.

use super::fraction::{Domain, Fraction, Reader};
use crate::{
    lex::{Token, TokenKind, tokens},
    shape::{Shape, shape},
};

/// A bound that follows from others is looked for so many times.
const ROUNDS: usize = 4;

/// What the variables are at most, each as it follows from the texts and the bounds before it. The last text is known to be false.
pub(super) fn upper<'a>(names: &[&'a str], facts: &[&str], denied: &str) -> Vec<(&'a str, u64)> {
    let mut relations = Vec::new();
    facts.iter().for_each(|fact| compared(fact, true, &mut relations));
    compared(denied, false, &mut relations);
    let mut known: Vec<(&str, u64)> = Vec::new();
    for _ in 0..ROUNDS {
        let mut found: Vec<(&str, u64)> = Vec::new();
        for relation in &relations {
            let Some(most) = relation.most(&known) else { continue };
            for term in terms(relation.less).into_iter().filter(|term| !term.negative) {
                for name in names.iter().filter(|name| !known.iter().any(|(other, _)| other == *name)) {
                    let Some(bound) = largest(term.text, name, most) else { continue };
                    match found.iter_mut().find(|(other, _)| other == name) {
                        Some((_, other)) => *other = bound.min(*other),
                        None => found.push((name, bound)),
                    }
                }
            }
        }
        if found.is_empty() {
            break;
        }
        known.extend(found);
    }
    known
}

/// `less ≤ more`, or `less < more`.
struct Compared<'t> {
    less: &'t str,
    more: &'t str,
    strictly: bool,
}

impl Compared<'_> {
    /// What a term of the smaller side is at most.
    fn most(&self, known: &[(&str, u64)]) -> Option<u64> {
        let added = terms(self.more).into_iter().filter(|term| !term.negative);
        let moved = terms(self.less).into_iter().filter(|term| term.negative);
        let value =
            |_: &mut Reader<'_, '_>, name: &str| known.iter().find(|(other, _)| *other == name).map(|(_, most)| Fraction::from(*most));
        let most = |text: &str| {
            let all = tokens(text);
            let grows = all.iter().all(|t| !matches!(t.text, "-" | "/" | "%"));
            grows.then(|| Reader { tokens: &all, domain: Domain::Nat, value: &value }.all()?.index()).flatten()
        };
        let total = added.chain(moved).try_fold(0u64, |sum, term| sum.checked_add(most(term.text)?))?;
        total.checked_sub(self.strictly.into())
    }
}

/// The comparisons that a text makes if it is true, or false.
fn compared<'t>(text: &'t str, holds: bool, found: &mut Vec<Compared<'t>>) {
    match (shape(text), holds) {
        (Shape::And(left, right), true) | (Shape::Or(left, right), false) => {
            compared(left, holds, found);
            compared(right, holds, found);
        }
        (Shape::Not(text), _) => compared(text, !holds, found),
        (Shape::Implies(left, right), false) => {
            compared(left, true, found);
            compared(right, false, found);
        }
        (Shape::Relation { symbol, left, right }, _) => {
            let less = Compared { less: left, more: right, strictly: matches!((symbol, holds), ("<", true) | ("≥", false)) };
            let more = Compared { less: right, more: left, strictly: matches!((symbol, holds), (">", true) | ("≤", false)) };
            match (symbol, holds) {
                ("=", true) | ("≠", false) => found.extend([less, more]),
                ("<" | "≤", true) | (">" | "≥", false) => found.push(less),
                (">" | "≥", true) | ("<" | "≤", false) => found.push(more),
                _ => {}
            }
        }
        _ => {}
    }
}

/// A term of a sum.
struct Term<'t> {
    text: &'t str,
    negative: bool,
}

/// The terms of a sum.
fn terms(text: &str) -> Vec<Term<'_>> {
    let (mut found, mut start, mut negative) = (Vec::new(), 0, false);
    for token in outer(text).into_iter().filter(|t| matches!(t.text, "+" | "-")) {
        found.push(Term { text: text[start..token.start].trim(), negative });
        (start, negative) = (token.end(), token.text == "-");
    }
    found.push(Term { text: text[start..].trim(), negative });
    found.retain(|term| !term.text.is_empty());
    found
}

/// The factors of a product.
pub(super) fn factors(text: &str) -> Vec<&str> {
    let (mut found, mut start) = (Vec::new(), 0);
    for token in outer(text).into_iter().filter(|t| t.text == "*") {
        found.push(text[start..token.start].trim());
        start = token.end();
    }
    found.push(text[start..].trim());
    found
}

/// The tokens outside brackets.
pub(super) fn outer(text: &str) -> Vec<Token<'_>> {
    let mut depth = 0i32;
    let outside = |token: &Token<'_>| {
        match token.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth -= 1,
            _ => return depth == 0,
        }
        false
    };
    tokens(text).into_iter().filter(outside).collect()
}

/// The largest value of a variable in a product that is at most `most`.
fn largest(product: &str, name: &str, most: u64) -> Option<u64> {
    if outer(product).iter().any(|t| matches!(t.text, "/" | "%")) {
        return None;
    }
    let (mut most, mut bounds) = (most, Vec::new());
    for factor in factors(product) {
        match tokens(factor).as_slice() {
            [n] if n.kind == TokenKind::Number => most = most.checked_div(n.text.parse().ok()?)?,
            [v] if v.text == name => bounds.push(Growth::Power(1)),
            [v, power, k] if v.text == name && power.text == "^" => bounds.push(Growth::Power(k.text.parse().ok()?)),
            [b, power, v] if v.text == name && power.text == "^" => bounds.push(Growth::Exponential(b.text.parse().ok()?)),
            _ => {}
        }
    }
    bounds.into_iter().filter_map(|growth| growth.largest(most)).min()
}

/// How something grows with a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Growth {
    /// `v ^ k`.
    Power(u32),
    /// `b ^ v`.
    Exponential(u64),
}

impl Growth {
    /// The value at a value of the variable, if it is not too large.
    pub(super) fn at(self, value: u64) -> Option<u64> {
        match self {
            Growth::Power(k) => value.checked_pow(k),
            Growth::Exponential(b) => b.checked_pow(u32::try_from(value).ok()?),
        }
    }

    /// The largest value of the variable with which it is at most `most`.
    fn largest(self, most: u64) -> Option<u64> {
        if matches!(self, Growth::Power(0) | Growth::Exponential(0 | 1)) {
            return None;
        }
        let (mut low, mut high) = (0, most.checked_add(1)?);
        // At `low` it is at most `most`, at `high` it is not.
        self.at(0).filter(|value| *value <= most)?;
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if self.at(middle).is_some_and(|value| value <= most) {
                low = middle;
            } else {
                high = middle;
            }
        }
        Some(low)
    }

    /// The powers of and by a variable in a text, but for the variable itself.
    pub(super) fn all<'t>(texts: impl Iterator<Item = &'t str>, name: &str) -> Vec<Growth> {
        let mut found = Vec::new();
        for text in texts {
            for t in tokens(text).windows(3).filter(|t| t[1].text == "^") {
                let growth = match (t[0].text == name, t[2].text == name) {
                    (true, false) => t[2].text.parse().ok().filter(|k| *k > 1).map(Growth::Power),
                    (false, true) => t[0].text.parse().ok().filter(|b| *b > 1).map(Growth::Exponential),
                    _ => None,
                };
                found.extend(growth.filter(|growth| !found.contains(growth)));
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_follow_from_each_other() {
        let of = |facts: &[&str], denied: &str| upper(&["x", "y", "z"], facts, denied);
        assert_eq!(of(&["x ^ 2 < 50", "40 < x ^ 2"], "x = 7"), [("x", 7)]);
        assert_eq!(of(&["2 ^ x + 1 = 3 ^ y", "x < 10"], "x = 1"), [("x", 9), ("y", 5)]);
        assert_eq!(of(&["x ^ 2 = y ^ 3", "1 < x ∧ x ≤ 19"], "x = 8"), [("x", 19), ("y", 7)]);
        assert_eq!(of(&["3 * x ^ 2 - 2 * y = 100", "z ≤ x + y"], "10 < y"), [("y", 10), ("x", 6), ("z", 16)]);
        assert_eq!(of(&["x ^ 2 % 4 = 1", "x - y = 3", "z / 2 < 4"], "x = y"), []);
        assert_eq!(of(&["2 ^ x * y = 48"], "False"), [("x", 5), ("y", 48)]);
    }

    #[test]
    fn the_largest_value_is_exact() {
        assert_eq!(Growth::Power(3).largest(26), Some(2));
        assert_eq!(Growth::Power(3).largest(27), Some(3));
        assert_eq!((Growth::Exponential(3).largest(81), Growth::Exponential(1).largest(9)), (Some(4), None));
        assert_eq!(Growth::Exponential(2).largest(0), None, "a power of 2 is positive");
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(fact in "[-+*/%^()0-9xy<≤=∧¬ ]*", denied in "[-+*^0-9xy<≥∨→ ]*") {
            let _ = upper(&["x", "y"], &[&fact], &denied);
        }
    }
}

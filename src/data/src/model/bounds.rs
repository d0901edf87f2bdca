//! Bounds of what a quantifier ranges over, read from the proposition under it: in `∃ x y : Nat, 3 * x + 5 * y = 31` neither number is
//! above 31, so that few values are all.

use super::term::{Op, Term, Type};

/// Ranges of at most so many values are gone through.
const WIDEST: i128 = 400;

/// The least and the largest value that a variable can have, if a quantifier is decided by these values alone: where an existential
/// claim can hold, or where a universal one can fail.
pub(crate) fn range(name: &str, kind: &Type, body: &Term, existential: bool) -> Option<(i128, i128)> {
    let mut range = Range { name, natural: *kind == Type::Nat, low: (*kind == Type::Nat).then_some(0), high: None };
    if !matches!(kind, Type::Nat | Type::Int) {
        return None;
    }
    if existential {
        range.holds(body)
    } else {
        range.fails(body)
    }
    let (low, high) = (range.low?, range.high?);
    (high - low < WIDEST).then_some((low, high))
}

struct Range<'n> {
    name: &'n str,
    natural: bool,
    low: Option<i128>,
    high: Option<i128>,
}

impl Range<'_> {
    /// Narrows the range to where a proposition can hold.
    fn holds(&mut self, body: &Term) {
        match body {
            Term::Binary(Op::And, a, b) => {
                self.holds(a);
                self.holds(b);
            }
            Term::Some(bound, body) if bound.iter().all(|b| b.name != self.name) => self.holds(body),
            Term::Binary(op, left, right) => match (number(left), number(right)) {
                (None, Some(n)) => self.relates(*op, left, n),
                (Some(n), None) => {
                    let turned = match op {
                        Op::Lt => Op::Gt,
                        Op::Le => Op::Ge,
                        Op::Gt => Op::Lt,
                        Op::Ge => Op::Le,
                        op => *op,
                    };
                    self.relates(turned, right, n);
                }
                _ => {}
            },
            _ => {}
        }
    }

    /// Narrows the range to where a proposition can fail.
    fn fails(&mut self, body: &Term) {
        match body {
            Term::Binary(Op::Implies, premise, rest) => {
                self.holds(premise);
                self.fails(rest);
            }
            Term::Binary(Op::Or, a, b) => {
                self.fails(a);
                self.fails(b);
            }
            Term::Binary(Op::Ne, left, right) => {
                self.holds(&Term::Binary(Op::Eq, left.clone(), right.clone()));
            }
            Term::All(bound, body) if bound.iter().all(|b| b.name != self.name) => self.fails(body),
            Term::Not(body) => self.holds(body),
            _ => {}
        }
    }

    fn relates(&mut self, op: Op, term: &Term, n: i128) {
        let itself = matches!(term, Term::Name(name) if name == self.name);
        if !(itself || self.natural && self.exceeded_by(term)) {
            return;
        }
        let (low, high) = match op {
            Op::Eq => (Some(n), Some(n)),
            Op::Lt => (None, n.checked_sub(1)),
            Op::Le => (None, Some(n)),
            Op::Gt => (n.checked_add(1), None),
            Op::Ge => (Some(n), None),
            _ => (None, None),
        };
        if let Some(high) = high {
            self.high = Some(self.high.map_or(high, |old| old.min(high)));
        }
        // What exceeds the variable says nothing of how small it can be.
        if let Some(low) = low.filter(|_| itself) {
            self.low = Some(self.low.map_or(low, |old| old.max(low)));
        }
    }

    /// Whether a term of natural numbers is never smaller than the variable.
    fn exceeded_by(&self, term: &Term) -> bool {
        match term {
            Term::Name(name) => name == self.name,
            Term::Binary(Op::Add, a, b) => self.exceeded_by(a) || self.exceeded_by(b),
            Term::Binary(Op::Mul, a, b) => match (a.as_ref(), b.as_ref()) {
                (Term::Number(n), other) | (other, Term::Number(n)) => *n > 0 && self.exceeded_by(other),
                _ => false,
            },
            Term::Binary(Op::Pow, base, exponent) => matches!(exponent.as_ref(), Term::Number(n) if *n > 0) && self.exceeded_by(base),
            _ => false,
        }
    }
}

/// The value of a numeral.
fn number(term: &Term) -> Option<i128> {
    match term {
        Term::Number(n) => Some(*n),
        Term::Negative(inner) => number(inner)?.checked_neg(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    fn of(text: &str, kind: &Type, existential: bool) -> Option<(i128, i128)> {
        range("x", kind, &parse::term(text).expect("a term"), existential)
    }

    #[test]
    fn bounds_are_read_from_what_must_hold() {
        assert_eq!(of("3 * x + 5 * y = 31", &Type::Nat, true), Some((0, 31)));
        assert_eq!(of("-4 < x ∧ x ≤ 9 ∧ p x", &Type::Int, true), Some((-3, 9)));
        assert_eq!(of("x < 9 → p x", &Type::Nat, false), Some((0, 8)));
        assert_eq!(of("2 * x ^ 2 + y ≠ 50", &Type::Nat, false), Some((0, 50)));
    }

    #[test]
    fn what_may_fail_bounds_nothing() {
        assert_eq!(of("x < 9 ∨ p x", &Type::Nat, true), None);
        assert_eq!(of("x < 9 → p x", &Type::Nat, true), None);
        assert_eq!(of("3 * x + 5 * y = 31", &Type::Int, true), None);
        assert_eq!(of("x * y = 31", &Type::Nat, true), None);
        assert_eq!(of("∃ x : Nat, x < 3", &Type::Nat, true), None);
    }
}

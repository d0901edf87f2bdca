//! Printed propositions about terms, for rules that try values on them.

use super::{
    fraction::{Domain, Fraction, related},
    term::Term,
};
use crate::shape::{Shape, shape};

/// What a proposition says, as far as it is made of relations of terms.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Statement<'a> {
    /// `a = b`, `a ∣ b` and the like.
    Relation(&'a str, Term<'a>, Term<'a>),
    Not(Box<Statement<'a>>),
    And(Box<Statement<'a>>, Box<Statement<'a>>),
    Or(Box<Statement<'a>>, Box<Statement<'a>>),
    Implies(Box<Statement<'a>>, Box<Statement<'a>>),
}

impl<'a> Statement<'a> {
    /// The statement that a text is.
    pub(super) fn of(text: &'a str) -> Option<Statement<'a>> {
        let inner = |text| Some(Box::new(Statement::of(text)?));
        Some(match shape(text) {
            Shape::And(left, right) => Statement::And(inner(left)?, inner(right)?),
            Shape::Or(left, right) => Statement::Or(inner(left)?, inner(right)?),
            Shape::Not(negated) => Statement::Not(inner(negated)?),
            Shape::Implies(left, right) => Statement::Implies(inner(left)?, inner(right)?),
            Shape::Relation { symbol: symbol @ ("=" | "≠" | "<" | "≤" | ">" | "≥" | "∣"), left, right } => {
                Statement::Relation(symbol, Term::of(left)?, Term::of(right)?)
            }
            _ => return None,
        })
    }

    /// The terms that it speaks of.
    pub(super) fn terms(&self) -> Vec<&Term<'a>> {
        match self {
            Statement::Relation(_, left, right) => vec![left, right],
            Statement::Not(inner) => inner.terms(),
            Statement::And(left, right) | Statement::Or(left, right) | Statement::Implies(left, right) => {
                [left.terms(), right.terms()].concat()
            }
        }
    }

    /// The names in it.
    pub(super) fn names(&self) -> Vec<&'a str> {
        let mut names = Vec::new();
        self.terms().iter().for_each(|term| term.names(&mut names));
        names
    }

    /// Whether it holds for values of the names; nothing where that cannot be computed.
    pub(super) fn holds(&self, domain: Domain, name: &impl Fn(&str) -> Option<Fraction>) -> Option<bool> {
        Some(match self {
            Statement::Relation(symbol, left, right) => related(symbol, domain, left.value(domain, name)?, right.value(domain, name)?)?,
            Statement::Not(inner) => !inner.holds(domain, name)?,
            Statement::And(left, right) => left.holds(domain, name)? && right.holds(domain, name)?,
            Statement::Or(left, right) => left.holds(domain, name)? || right.holds(domain, name)?,
            Statement::Implies(left, right) => !left.holds(domain, name)? || right.holds(domain, name)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_true_or_not_of_values() {
        let holds = |text: &str, x: i64, domain| {
            let statement = Statement::of(text).expect("a statement");
            statement.holds(domain, &|name| (name == "x").then(|| Fraction::from(x)))
        };
        assert_eq!(holds("x ^ 2 = 9 ∧ (x < 0 ∨ 5 ≤ x)", -3, Domain::Int), Some(true));
        assert_eq!(holds("¬3 ∣ x → x ≠ x", 6, Domain::Nat), Some(true));
        assert_eq!(holds("0 ∣ x", 0, Domain::Int), Some(true));
        assert_eq!(holds("x / 2 > 1", 3, Domain::Rat), Some(true));
        assert_eq!(holds("x / 2 > 1", 3, Domain::Nat), Some(false));
        assert_eq!(holds("x = y", 3, Domain::Nat), None);
        assert_eq!(Statement::of("∃ y, y = 1"), None);
    }
}

//! Printed arithmetic as terms, for rules that compute with what a statement says.

use super::fraction::{Domain, Fraction};
use crate::lex::{Token, TokenKind, tokens};
use std::fmt::Write;

/// An operation on two terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Add,
    Sub,
    Mul,
    Div,
    Mod,
    Pow,
}

/// A term of numerals and names. Of what is applied to something, or cast, there are none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Term<'a> {
    Number(u64),
    Name(&'a str),
    Negative(Box<Term<'a>>),
    Binary(Operator, Box<Term<'a>>, Box<Term<'a>>),
}

/// The most tokens of a term: what is read is nested no deeper.
const MOST_TOKENS: usize = 300;

impl<'a> Term<'a> {
    /// The term that a text is, if it is one and nothing else.
    pub(super) fn of(text: &'a str) -> Option<Term<'a>> {
        let all = tokens(text);
        let mut parser = Parser { rest: (all.len() <= MOST_TOKENS).then_some(all.as_slice())? };
        let term = parser.term(0)?;
        parser.rest.is_empty().then_some(term)
    }

    /// The names in it, each once, in order.
    pub(super) fn names(&self, into: &mut Vec<&'a str>) {
        match self {
            Term::Number(_) => {}
            Term::Name(name) if into.contains(name) => {}
            Term::Name(name) => into.push(name),
            Term::Negative(inner) => inner.names(into),
            Term::Binary(_, left, right) => {
                left.names(into);
                right.names(into);
            }
        }
    }

    /// Whether some part of it is like this.
    pub(super) fn any(&self, is: &impl Fn(&Term<'a>) -> bool) -> bool {
        is(self)
            || match self {
                Term::Number(_) | Term::Name(_) => false,
                Term::Negative(inner) => inner.any(is),
                Term::Binary(_, left, right) => left.any(is) || right.any(is),
            }
    }

    /// What it divides by, the innermost first.
    pub(super) fn divisors(&self) -> Vec<&Term<'a>> {
        match self {
            Term::Number(_) | Term::Name(_) => Vec::new(),
            Term::Negative(inner) => inner.divisors(),
            Term::Binary(operator, left, right) => {
                let own = (*operator == Operator::Div).then_some(right.as_ref());
                left.divisors().into_iter().chain(right.divisors()).chain(own).collect()
            }
        }
    }

    /// Whether the operations in it are those that numbers of this type have in common with all others: no quotients but of rationals, no
    /// remainders, and no subtraction of natural numbers.
    pub(super) fn is_arithmetic(&self, domain: Domain) -> bool {
        !self.any(&|part| match part {
            Term::Binary(Operator::Mod, ..) => true,
            Term::Binary(Operator::Div, ..) => domain != Domain::Rat,
            Term::Binary(Operator::Sub, ..) | Term::Negative(_) => domain == Domain::Nat,
            _ => false,
        })
    }

    /// Its value, with those of its names; nothing where it has none or is too large.
    pub(super) fn value(&self, domain: Domain, name: &impl Fn(&str) -> Option<Fraction>) -> Option<Fraction> {
        match self {
            Term::Number(n) => Some(Fraction::from(*n)),
            Term::Name(variable) => name(variable),
            Term::Negative(inner) => domain.apply("-", Fraction::from(0u64), inner.value(domain, name)?),
            Term::Binary(operator, left, right) => {
                let exponent = if *operator == Operator::Pow { Domain::Nat } else { domain };
                domain.apply(operator.binding().1, left.value(domain, name)?, right.value(exponent, name)?)
            }
        }
    }

    /// The degree in its names, as far as it is a polynomial; of a power by anything but a numeral there is none.
    pub(super) fn degree(&self) -> Option<u64> {
        Some(match self {
            Term::Number(_) => 0,
            Term::Name(_) => 1,
            Term::Negative(inner) => inner.degree()?,
            Term::Binary(Operator::Add | Operator::Sub, left, right) => left.degree()?.max(right.degree()?),
            Term::Binary(Operator::Mul, left, right) => left.degree()?.checked_add(right.degree()?)?,
            Term::Binary(Operator::Pow, base, exponent) => match **exponent {
                Term::Number(n) => base.degree()?.checked_mul(n)?,
                _ => return None,
            },
            Term::Binary(Operator::Div, left, right) if right.degree()? == 0 => left.degree()?,
            Term::Binary(Operator::Div | Operator::Mod, ..) => return None,
        })
    }

    /// A numerator and a denominator without quotients in them, but for those by numerals; of remainders there are none.
    pub(super) fn fraction(&self) -> Option<(Term<'a>, Term<'a>)> {
        let one = || Term::Number(1);
        let times = |a: Term<'a>, b: Term<'a>| match (a, b) {
            (Term::Number(1), other) | (other, Term::Number(1)) => other,
            (a, b) => Term::Binary(Operator::Mul, Box::new(a), Box::new(b)),
        };
        Some(match self {
            Term::Number(_) | Term::Name(_) => (self.clone(), one()),
            Term::Negative(inner) => {
                let (over, under) = inner.fraction()?;
                (Term::Negative(Box::new(over)), under)
            }
            Term::Binary(Operator::Div, left, right) if matches!(**right, Term::Number(_)) => {
                let (over, under) = left.fraction()?;
                (Term::Binary(Operator::Div, Box::new(over), right.clone()), under)
            }
            Term::Binary(Operator::Mod, ..) => return None,
            Term::Binary(Operator::Pow, base, exponent) => {
                let (over, under) = base.fraction()?;
                let power = |of: Term<'a>| match of {
                    Term::Number(1) => one(),
                    of => Term::Binary(Operator::Pow, Box::new(of), exponent.clone()),
                };
                (power(over), power(under))
            }
            Term::Binary(operator, left, right) => {
                let ((a, b), (c, d)) = (left.fraction()?, right.fraction()?);
                match operator {
                    Operator::Mul => (times(a, c), times(b, d)),
                    Operator::Div => (times(a, d), times(b, c)),
                    _ if b == d => (Term::Binary(*operator, Box::new(a), Box::new(c)), b),
                    _ => (Term::Binary(*operator, Box::new(times(a, d.clone())), Box::new(times(c, b.clone()))), times(b, d)),
                }
            }
        })
    }

    /// As Lean reads it, with something in the place of each name.
    pub(super) fn text(&self, name: &impl Fn(&str) -> String) -> String {
        let mut out = String::new();
        self.print(0, name, &mut out);
        out
    }

    fn print(&self, least: u32, name: &impl Fn(&str) -> String, out: &mut String) {
        match self {
            // Writing to a string does not fail.
            Term::Number(n) => drop(write!(out, "{n}")),
            Term::Name(variable) => out.push_str(&name(variable)),
            Term::Negative(inner) => {
                out.push_str("(-");
                inner.print(75, name, out);
                out.push(')');
            }
            Term::Binary(operator, left, right) => {
                let (binding, symbol) = operator.binding();
                // Powers associate to the right, the others to the left.
                let (first, last) = if *operator == Operator::Pow { (binding + 1, binding) } else { (binding, binding + 1) };
                let wrap = binding < least;
                out.push_str(if wrap { "(" } else { "" });
                left.print(first, name, out);
                let _ = write!(out, " {symbol} ");
                right.print(last, name, out);
                out.push_str(if wrap { ")" } else { "" });
            }
        }
    }
}

impl Operator {
    fn binding(self) -> (u32, &'static str) {
        match self {
            Operator::Add => (65, "+"),
            Operator::Sub => (65, "-"),
            Operator::Mul => (70, "*"),
            Operator::Div => (70, "/"),
            Operator::Mod => (70, "%"),
            Operator::Pow => (75, "^"),
        }
    }

    fn of(symbol: &str) -> Option<Operator> {
        let all = [Operator::Add, Operator::Sub, Operator::Mul, Operator::Div, Operator::Mod, Operator::Pow];
        all.into_iter().find(|operator| operator.binding().1 == symbol)
    }
}

struct Parser<'a, 'b> {
    rest: &'b [Token<'a>],
}

impl<'a> Parser<'a, '_> {
    fn next(&mut self) -> Option<Token<'a>> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn term(&mut self, least: u32) -> Option<Term<'a>> {
        let first = self.next()?;
        let mut left = match (first.kind, first.text) {
            (TokenKind::Number, text) => Term::Number(text.parse().ok()?),
            (TokenKind::Name, name) => Term::Name(name),
            (_, "-") => Term::Negative(Box::new(self.term(75)?)),
            (_, "(") => {
                let inner = self.term(0)?;
                // `(2 : ℤ)` is the numeral.
                if self.rest.first()?.text == ":" {
                    self.next()?;
                    let kind = self.next()?;
                    if !matches!((&inner, kind.text), (Term::Number(_), "Nat" | "Int" | "Rat" | "ℕ" | "ℤ" | "ℚ")) {
                        return None;
                    }
                }
                (self.next()?.text == ")").then_some(inner)?
            }
            _ => return None,
        };
        while let Some(operator) = self.rest.first().and_then(|token| Operator::of(token.text)) {
            let (binding, _) = operator.binding();
            if binding < least {
                break;
            }
            self.next()?;
            let right = self.term(if operator == Operator::Pow { binding } else { binding + 1 })?;
            left = Term::Binary(operator, Box::new(left), Box::new(right));
        }
        Some(left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_read_by_lean_s_precedences_and_written_back() {
        let same = |text: &str| Term::of(text).map(|term| term.text(&str::to_owned));
        for text in ["a - b - c", "a - (b - c)", "2 * (x + 1) ^ 2 % 7", "2 ^ (n + 1) - 3 ^ 2 ^ n", "a / (b / c) * d", "(-x) ^ 2 + (-1)"] {
            assert_eq!(same(text).as_deref(), Some(text));
        }
        assert_eq!(same("-x ^ 2 - -3 * y").as_deref(), Some("(-x ^ 2) - (-3) * y"), "a sign binds looser than a power");
        assert_eq!(same("(5 : ℚ) / 8").as_deref(), Some("5 / 8"));
        for text in ["", "f x", "↑a + 1", "a +", "(a", "(a : ℤ)", "a ∧ b", "x.1 y", "1.5"] {
            assert_eq!(same(text), None, "{text}");
        }
    }

    #[test]
    fn values_are_those_of_the_type_and_degrees_those_of_the_polynomial() {
        let term = Term::of("(x - y) ^ 3 / 4 + 2 * x * y").expect("a term");
        let at = |domain| term.value(domain, &|name| Some(Fraction::from(if name == "x" { 1u64 } else { 3 }))).map(Fraction::text);
        assert_eq!(at(Domain::Nat).as_deref(), Some("6"));
        assert_eq!(at(Domain::Rat).as_deref(), Some("4"));
        assert_eq!(term.degree(), Some(3));
        let (over, under) = Term::of("a / b + b / a - 2 / 3").and_then(|term| term.fraction()).expect("a fraction");
        let text = |term: Term<'_>| term.text(&str::to_owned);
        assert_eq!((text(over), text(under)), ("a * a + b * b - 2 / 3 * (b * a)".to_owned(), "b * a".to_owned()));
        assert_eq!(Term::of("2 ^ n").and_then(|term| term.degree()), None);
        assert_eq!(Term::of("x ^ 100000000000").and_then(|term| term.value(Domain::Int, &|_| Some(Fraction::from(2u64)))), None);
    }

    #[test]
    fn names_are_replaced() {
        let term = Term::of("(x - y) ^ 2 * x").expect("a term");
        assert_eq!(term.text(&|name| format!("({name} : Int)")), "((x : Int) - (y : Int)) ^ 2 * (x : Int)");
        let mut names = Vec::new();
        term.names(&mut names);
        assert_eq!(names, ["x", "y"]);
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "[xy0-9 +*/%^():-]*") {
            if let Some(term) = Term::of(&text) {
                let printed = term.text(&str::to_owned);
                proptest::prop_assert_eq!(Term::of(&printed), Some(term.clone()), "{}", printed);
            }
        }
    }
}

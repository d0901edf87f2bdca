//! Exact values of printed arithmetic: whole numbers and fractions, as far as they fit into 128 bits.

use crate::lex::{Token, TokenKind};
use std::cmp::Ordering;

/// A number `numerator / denominator` in lowest terms, the denominator positive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fraction {
    numerator: i128,
    denominator: i128,
}

impl Fraction {
    /// In lowest terms.
    pub(super) fn new(numerator: i128, denominator: i128) -> Option<Fraction> {
        let common = gcd(numerator.unsigned_abs(), denominator.unsigned_abs());
        let divisor = i128::try_from(common).ok().filter(|d| *d > 0)? * denominator.signum();
        (denominator != 0).then_some(Fraction { numerator: numerator / divisor, denominator: denominator / divisor })
    }

    /// As Lean reads it.
    pub(super) fn text(self) -> String {
        let Fraction { numerator, denominator } = self;
        let whole = if numerator < 0 { format!("({numerator})") } else { numerator.to_string() };
        if denominator == 1 { whole } else { format!("{whole} / {denominator}") }
    }

    /// How it compares with another.
    pub(super) fn order(self, other: Fraction) -> Option<Ordering> {
        Some(self.numerator.checked_mul(other.denominator)?.cmp(&other.numerator.checked_mul(self.denominator)?))
    }

    /// The number without its sign.
    pub(super) fn size(self) -> Fraction {
        Fraction { numerator: self.numerator.saturating_abs(), ..self }
    }

    /// The square root, where it is a fraction, too.
    pub(super) fn root(self) -> Option<Fraction> {
        let root = |n: i128| u128::try_from(n).ok().map(u128::isqrt).filter(|r| r * r == n.unsigned_abs()).map(|r| r as i128);
        Some(Fraction { numerator: root(self.numerator)?, denominator: root(self.denominator)? })
    }

    /// The denominator in lowest terms, which is positive.
    pub(super) fn denominator(self) -> i128 {
        self.denominator
    }

    /// -1, 0 or 1.
    pub(super) fn sign(self) -> i128 {
        self.numerator.signum()
    }

    /// Whether it is a value of a type.
    pub(super) fn is_of(self, domain: Domain) -> bool {
        match domain {
            Domain::Nat => self.denominator == 1 && self.numerator >= 0,
            Domain::Int => self.denominator == 1,
            Domain::Rat => true,
        }
    }

    /// The value, where it is a whole number.
    pub(super) fn whole(self) -> Option<i128> {
        (self.denominator == 1).then_some(self.numerator)
    }

    /// The value, where it is a small number that counts something.
    pub(super) fn index(self) -> Option<u64> {
        u64::try_from(self.numerator).ok().filter(|_| self.denominator == 1)
    }
}

impl From<u64> for Fraction {
    fn from(n: u64) -> Fraction {
        Fraction { numerator: n.into(), denominator: 1 }
    }
}

impl From<i64> for Fraction {
    fn from(n: i64) -> Fraction {
        Fraction { numerator: n.into(), denominator: 1 }
    }
}

/// The type whose operations an expression uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Domain {
    Nat,
    Int,
    Rat,
}

impl Domain {
    /// The domain of a printed type.
    pub(super) fn of(kind: &str) -> Option<Domain> {
        match kind.trim() {
            "Nat" | "ℕ" => Some(Domain::Nat),
            "Int" | "ℤ" => Some(Domain::Int),
            "Rat" | "ℚ" => Some(Domain::Rat),
            _ => None,
        }
    }

    /// What an operator of the domain makes of two values; nothing where it is too large.
    pub(super) fn apply(self, operator: &str, a: Fraction, b: Fraction) -> Option<Fraction> {
        let (x, y) = (a.numerator, b.numerator);
        let cross = |u: i128, v: i128| {
            Some((u.checked_mul(b.denominator)?, v.checked_mul(a.denominator)?, a.denominator.checked_mul(b.denominator)?))
        };
        match operator {
            "+" => cross(x, y).and_then(|(u, v, d)| Fraction::new(u.checked_add(v)?, d)),
            "-" if self == Domain::Nat => Fraction::new(x.checked_sub(y)?.max(0), 1),
            "-" => cross(x, y).and_then(|(u, v, d)| Fraction::new(u.checked_sub(v)?, d)),
            "*" => Fraction::new(x.checked_mul(y)?, a.denominator.checked_mul(b.denominator)?),
            // In Lean a quotient by zero is zero.
            "/" if y == 0 => Some(Fraction::from(0u64)),
            "/" if self == Domain::Rat => Fraction::new(x.checked_mul(b.denominator)?, a.denominator.checked_mul(y)?),
            "/" => Fraction::new(x.checked_div_euclid(y)?, 1),
            "%" if self != Domain::Rat => Fraction::new(if y == 0 { x } else { x.checked_rem_euclid(y)? }, 1),
            "^" => {
                let power = u32::try_from(b.index()?).ok()?;
                Fraction::new(x.checked_pow(power)?, a.denominator.checked_pow(power)?)
            }
            _ => None,
        }
    }
}

/// The greatest common divisor.
pub(super) fn gcd(a: u128, b: u128) -> u128 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// Whether two values of a domain stand in a relation; nothing where that is none of these or too large to tell.
pub(super) fn related(symbol: &str, domain: Domain, left: Fraction, right: Fraction) -> Option<bool> {
    // Where nothing but zero divides, the remainder is the dividend itself.
    if symbol == "∣" {
        return Some(domain.apply("%", right, left)?.sign() == 0);
    }
    let order = left.order(right)?;
    Some(match symbol {
        "=" => order.is_eq(),
        "≠" => order.is_ne(),
        "<" => order.is_lt(),
        "≤" => order.is_le(),
        ">" => order.is_gt(),
        "≥" => order.is_ge(),
        _ => return None,
    })
}

/// The slope and the value at 0 of what has these values at natural numbers, as far as a few of them show that it is linear.
pub(super) fn line(at: impl Fn(u64) -> Option<Fraction>) -> Option<(Fraction, Fraction)> {
    let rational = |operator, a, b| Domain::Rat.apply(operator, a, b);
    let offset = at(0)?;
    let slope = rational("-", at(1)?, offset)?;
    let expected = |n: u64| rational("+", rational("*", slope, Fraction::from(n))?, offset);
    [2, 3, 10].iter().all(|n| expected(*n).is_some_and(|value| at(*n) == Some(value))).then_some((slope, offset))
}

/// Reads an expression token by token.
pub(super) struct Reader<'a, 'b> {
    pub(super) tokens: &'b [Token<'a>],
    pub(super) domain: Domain,
    /// The value of a name, whose arguments the function may read from the reader.
    pub(super) value: &'b dyn Fn(&mut Reader<'a, 'b>, &str) -> Option<Fraction>,
}

impl<'a> Reader<'a, '_> {
    /// The most tokens of an expression: what is read is nested no deeper.
    const MOST: usize = 300;

    /// The value of all tokens, if they are one expression.
    pub(super) fn all(mut self) -> Option<Fraction> {
        if self.tokens.len() > Reader::MOST {
            return None;
        }
        let value = self.expression(0)?;
        self.tokens.is_empty().then_some(value)
    }

    fn expression(&mut self, least: u32) -> Option<Fraction> {
        let mut left = if self.tokens.first()?.text == "-" {
            self.next()?;
            self.domain.apply("-", Fraction::from(0u64), self.expression(75)?)?
        } else {
            self.atom()?
        };
        while let Some(operator) = self.tokens.first().map(|t| t.text) {
            // What its right side may contain: powers associate to the right, the others to the left.
            let (binding, right) = match operator {
                "+" | "-" => (65, 66),
                "*" | "/" | "%" => (70, 71),
                "^" => (75, 75),
                _ => break,
            };
            if binding < least {
                break;
            }
            self.next()?;
            let domain = self.domain;
            let exponent = if operator == "^" { Domain::Nat } else { domain };
            let right = self.within(exponent, |reader| reader.expression(right))?;
            left = domain.apply(operator, left, right)?;
        }
        Some(left)
    }

    /// A numeral, a name with its arguments, or something in brackets.
    pub(super) fn atom(&mut self) -> Option<Fraction> {
        let token = self.next()?;
        match (token.kind, token.text) {
            (TokenKind::Number, text) => text.parse::<u64>().ok().map(Fraction::from),
            (TokenKind::Name, name) => (self.value)(self, name),
            (_, "↑") => self.within(Domain::Nat, Reader::atom),
            (_, "(") => {
                let value = self.expression(0)?;
                if self.tokens.first()?.text == ":" {
                    let close = self.tokens.iter().position(|t| t.text == ")")?;
                    self.tokens = &self.tokens[close..];
                }
                (self.next()?.text == ")").then_some(value)
            }
            _ => None,
        }
    }

    fn within(&mut self, domain: Domain, read: impl FnOnce(&mut Self) -> Option<Fraction>) -> Option<Fraction> {
        let outer = std::mem::replace(&mut self.domain, domain);
        let value = read(self);
        self.domain = outer;
        value
    }

    fn next(&mut self) -> Option<Token<'a>> {
        let (first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(*first)
    }
}

/// The value of a text without variables.
pub(super) fn closed(text: &str, domain: Domain) -> Option<Fraction> {
    Reader { tokens: &crate::lex::tokens(text), domain, value: &|_, _| None }.all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_are_those_of_the_type() {
        let value = |text: &str, domain| closed(text, domain).map(Fraction::text);
        assert_eq!(value("2 + 3 * 4 ^ 2 - 1", Domain::Nat).as_deref(), Some("49"));
        assert_eq!(value("3 - 5", Domain::Nat).as_deref(), Some("0"));
        assert_eq!(value("3 - 5 - 1", Domain::Int).as_deref(), Some("(-3)"));
        assert_eq!(value("7 / 2", Domain::Int).as_deref(), Some("3"));
        assert_eq!(value("-7 / 2 % 5", Domain::Int).as_deref(), Some("1"));
        assert_eq!(value("(5 * 21 + 1) / (25 * 20)", Domain::Rat).as_deref(), Some("53 / 250"));
        assert_eq!(value("(3 : ℚ) / -7", Domain::Rat).as_deref(), Some("(-3) / 7"));
        assert_eq!(value("2 ^ 2 ^ 3", Domain::Nat).as_deref(), Some("256"));
        assert_eq!(value("1 / 0", Domain::Rat).as_deref(), Some("0"));
        assert_eq!((value("2 ^ 200", Domain::Nat), value("2 +", Domain::Nat), value("x", Domain::Nat)), (None, None, None));
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "[-+*/%^()0-9x:↑ ]*") {
            for domain in [Domain::Nat, Domain::Int, Domain::Rat] {
                let _ = closed(&text, domain);
            }
        }
    }
}

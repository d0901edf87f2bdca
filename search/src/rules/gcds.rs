//! Greatest common divisors of linear terms: the divisor divides the combination of the two in which the variable is gone.

use super::{
    finite::is_natural,
    fraction::{Domain, Fraction, Reader},
    view::{View, mentions},
};
use crate::lex::{Token, TokenKind, tokens};
use std::ops::Range;

/// The script for a target that speaks of `Nat.gcd (a * n + b) (c * n + d)`, which Lean prints as `(a * n + b).gcd (c * n + d)`.
pub(super) fn script(view: &View<'_>) -> Option<String> {
    let (left, right) = arguments(view.target)?;
    let mut variables = view.data.iter().filter(|item| is_natural(item) && (mentions(left, item.name) || mentions(right, item.name)));
    let name = variables.next().filter(|_| variables.next().is_none())?.name;
    let ((a, b), (c, d)) = (linear(left, name)?, linear(right, name)?);
    let common = gcd(a, c);
    let (p, q) = (c / common, a / common);
    let difference = i64::try_from(p * b).ok()? - i64::try_from(q * d).ok()?;
    let ([d1, d2, d3, h], divides) = (["d", "d", "d", "h"].map(|base| view.fresh(base)), difference.unsigned_abs());
    let ((more, times, from), (less, by, other)) = match difference {
        0 => return None,
        1.. => ((&d1, p, left), (&d2, q, right)),
        _ => ((&d2, q, right), (&d1, p, left)),
    };
    let bound = view.fresh("b");
    Some(format!(
        "have {d1} := Nat.gcd_dvd_left ({left}) ({right})\n\
         have {d2} := Nat.gcd_dvd_right ({left}) ({right})\n\
         have {d3} : Nat.gcd ({left}) ({right}) ∣ {divides} := by\n  \
           have {h} := Nat.dvd_sub (Nat.dvd_mul_left_of_dvd {more} {times}) (Nat.dvd_mul_left_of_dvd {less} {by})\n  \
           rwa [show {times} * ({from}) - {by} * ({other}) = {divides} by omega] at {h}\n\
         have {bound} := Nat.le_of_dvd (by decide) {d3}\n\
         first | exact Nat.dvd_one.mp {d3} | omega | grind"
    ))
}

/// The texts of the two arguments of the first `gcd`, without brackets around them.
fn arguments(text: &str) -> Option<(&str, &str)> {
    let all = tokens(text);
    let of = |range: Range<usize>| text.get(range).map(str::trim);
    all.iter().enumerate().find_map(|(i, token)| {
        let left = match token.text.strip_suffix(".gcd") {
            Some(name) => name,
            None if token.text == "gcd" && all.get(i.checked_sub(2)?)?.text == ")" && all[i - 1].text == "." => {
                let open = bracket(&all[..i - 1])?;
                of(all[open].end()..all[i - 2].start)?
            }
            None => return None,
        };
        let next = all.get(i + 1)?;
        let right = match next.kind {
            TokenKind::Name | TokenKind::Number => next.text,
            _ if next.text == "(" => {
                let close = closing(&all[i + 1..])? + i + 1;
                of(next.end()..all[close].start)?
            }
            _ => return None,
        };
        Some((left, right))
    })
}

/// The place of the bracket that the last of these tokens closes.
fn bracket(all: &[Token<'_>]) -> Option<usize> {
    let mut depth = 0usize;
    all.iter().enumerate().rev().find_map(|(i, token)| {
        match token.kind {
            TokenKind::Close => depth += 1,
            TokenKind::Open => depth = depth.checked_sub(1)?,
            _ => {}
        }
        (depth == 0).then_some(i)
    })
}

/// The place of the bracket that closes the one which these tokens begin with.
fn closing(all: &[Token<'_>]) -> Option<usize> {
    let mut depth = 0usize;
    all.iter().position(|token| {
        match token.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    })
}

/// The `a` and `b` of a term that is `a * name + b`, with `a` not zero.
fn linear(text: &str, name: &str) -> Option<(u64, u64)> {
    let all = tokens(text);
    let at = |n: u64| {
        let value = |_: &mut Reader<'_, '_>, other: &str| (other == name).then_some(Fraction::from(n));
        Reader { tokens: &all, domain: Domain::Nat, value: &value }.all()?.index().filter(|n| *n < 1 << 20)
    };
    let (zero, one) = (at(0)?, at(1)?);
    let slope = one.checked_sub(zero).filter(|slope| *slope > 0)?;
    [2, 3, 10].iter().all(|n| at(*n) == Some(zero + slope * n)).then_some((slope, zero))
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FileContext;
    use prove_core::{Goal, Hypothesis};

    fn of(target: &str) -> Option<String> {
        let hypothesis = Hypothesis { names: vec!["n".to_owned()], kind: "ℕ".to_owned(), value: None };
        let goal = Goal { case: None, hypotheses: vec![hypothesis], target: target.to_owned() };
        script(&View::new(&goal, &FileContext::default()))
    }

    #[test]
    fn the_variable_is_eliminated() {
        let wanted = "have d := Nat.gcd_dvd_left (n + 7) (2 * n + 1)\n\
            have d1 := Nat.gcd_dvd_right (n + 7) (2 * n + 1)\n\
            have d2 : Nat.gcd (n + 7) (2 * n + 1) ∣ 13 := by\n  \
              have h := Nat.dvd_sub (Nat.dvd_mul_left_of_dvd d 2) (Nat.dvd_mul_left_of_dvd d1 1)\n  \
              rwa [show 2 * (n + 7) - 1 * (2 * n + 1) = 13 by omega] at h\n\
            have b := Nat.le_of_dvd (by decide) d2\n\
            first | exact Nat.dvd_one.mp d2 | omega | grind";
        assert_eq!(of("(n + 7).gcd (2 * n + 1) ≤ 13").as_deref(), Some(wanted));
        // The other way round where the difference would be negative.
        let script = of("(5 * n + 2).gcd (7 * n + 3) = 1").expect("a script");
        assert!(script.contains("rwa [show 5 * (7 * n + 3) - 7 * (5 * n + 2) = 1 by omega]"), "{script}");
        assert!(of("n.gcd (n + 1) = 1").is_some_and(|s| s.contains("show 1 * (n + 1) - 1 * (n) = 1 by omega")));
    }

    #[test]
    fn other_terms_are_left_alone() {
        for target in ["(n * n).gcd n = n", "(2 * n).gcd (4 * n) = 2 * n", "n.gcd m = 1", "(n - 1).gcd n = 1", "Nat.gcd 4 6 = 2", ").gcd ("]
        {
            assert_eq!(of(target), None, "{target}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(target in "[n0-9 ()+*.]*(gcd|n.gcd)[n0-9 ()+*]*") {
            let _ = of(&target);
        }
    }
}

//! Where a polynomial in one whole number is not positive: `x ^ 2 - 8 * x + 15 < 0` leaves `x = 4`.
//!
//! From some place on all coefficients are positive, counted from there, and so is the polynomial. Products of what is positive say so to
//! `grind`; that leaves finitely many values.

use super::{
    finite::{integer, is_integer, is_natural},
    fraction::{Domain, Fraction},
    polynomial::Polynomial,
    statement::Statement,
    view::View,
};
use std::fmt::Write;

/// The largest values.
const MOST: i64 = 1000;
/// How many values are looked at one by one.
const MOST_CASES: i64 = 40;
const MOST_DEGREE: u32 = 4;

/// The script for the first fact that leaves finitely many values of a variable in this way.
pub(super) fn script(view: &View<'_>) -> Option<String> {
    view.facts.iter().find_map(|fact| {
        let Statement::Relation(symbol, left, right) = Statement::of(fact.kind)? else { return None };
        let (small, large) = match symbol {
            "<" | "≤" => (left, right),
            ">" | "≥" => (right, left),
            _ => return None,
        };
        let mut names = Vec::new();
        small.names(&mut names);
        large.names(&mut names);
        let [name] = names.as_slice() else { return None };
        let item = view.data.iter().find(|item| item.name == *name && is_integer(item))?;
        let natural = is_natural(item);
        let domain = if natural { Domain::Nat } else { Domain::Int };
        if !small.is_arithmetic(domain) || !large.is_arithmetic(domain) {
            return None;
        }
        // Not positive, or even negative.
        let polynomial = Polynomial::difference(&small, &large, &names)?;
        let degree = polynomial.degree();
        let is_strict = matches!(symbol, "<" | ">");
        let positive_from = |sign: i64| (-MOST..MOST).find(|from| is_positive(&polynomial, Fraction::from(sign * from), sign, is_strict));
        let above = positive_from(1).filter(|_| (2..=MOST_DEGREE).contains(&degree))?;
        // From here down.
        let below = if natural { -1 } else { -positive_from(-1)? };
        let variable = integer(name, natural);
        let mut script = String::new();
        let [u, l, hc] = ["u", "l", "hc"].map(|base| view.fresh(base));
        let bound = |bound: &str, says: String, distance: String| {
            let positive = format!("(show 0 ≤ {distance} by omega)");
            let mut bounded = format!("have {bound} : {says} := by\n  refine Classical.byContradiction fun {hc} => ?_\n");
            let mut product = positive.clone();
            for power in 2..=degree {
                let p = format!("p{power}");
                let _ = writeln!(bounded, "  have {p} := Int.mul_nonneg {product} {positive}");
                product = p;
            }
            bounded + "  grind\n"
        };
        script += &bound(&u, format!("{name} ≤ {}", above - 1), format!("{variable} - {}", Fraction::from(above).text()));
        if !natural {
            let text = |value: i64| Fraction::from(value).text();
            script += &bound(&l, format!("{} ≤ {name}", text(below + 1)), format!("{} - {variable}", text(below)));
        }
        script += "first | omega";
        if above - below <= MOST_CASES {
            let cases: Vec<String> = (below + 1..above).map(|value| format!("{name} = {value}")).collect();
            if !cases.is_empty() {
                let _ = write!(
                    script,
                    " | (rcases (by omega : {}) with {} <;> first | omega | (simp_all; done) | grind)",
                    cases.join(" ∨ "),
                    vec!["rfl"; cases.len()].join(" | ")
                );
            }
        }
        Some(script)
    })
}

/// Whether a polynomial in one variable is positive at a place and at all to one side of it because of its coefficients there; where the
/// fact is strict, it need not be positive at the place itself.
fn is_positive(polynomial: &Polynomial, from: Fraction, side: i64, is_strict: bool) -> bool {
    // With `from + side * x` in the place of `x`.
    let place = Polynomial::constant(from, 1).plus(&Polynomial::monomial(vec![1], Fraction::from(side)));
    let shifted = || polynomial.replaced(0, &place?);
    shifted().is_some_and(|shifted| {
        let at_place = shifted.coefficient(&[0]).sign();
        shifted.terms().all(|(_, coefficient)| coefficient.sign() > 0) && (at_place > 0 || is_strict && at_place == 0)
    })
}

#[cfg(test)]
mod tests {
    use super::{super::testing::made, *};

    fn of(hypotheses: &[(&str, &str)], target: &str) -> Option<String> {
        made(script, hypotheses, target)
    }

    #[test]
    fn values_are_bounded_where_the_polynomial_is_positive() {
        let script = of(&[("x", "ℤ"), ("h", "x ^ 2 - 8 * x + 15 < 0")], "x = 4").expect("a script");
        assert!(script.starts_with("have u : x ≤ 4 := by\n"), "{script}");
        assert!(script.contains("have l : 4 ≤ x := by\n") && script.contains("Int.mul_nonneg (show 0 ≤ 3 - x by omega) (show"), "{script}");
        assert!(script.ends_with("(rcases (by omega : x = 4) with rfl <;> first | omega | (simp_all; done) | grind)"), "{script}");
        let natural = of(&[("n", "ℕ"), ("h", "10 * n + 7 ≥ 3 * n ^ 2")], "n ≤ 3").expect("a script");
        assert!(natural.starts_with("have u : n ≤ 3 := by\n") && natural.contains("(n : Int) - 4 by omega"), "{natural}");
        assert_eq!(of(&[("x", "ℤ"), ("h", "x ^ 3 < 8")], "x < 2"), None, "there is no least value");
        assert_eq!(of(&[("x", "ℤ"), ("h", "x ^ 2 > 8")], "x ≠ 2"), None);
    }

    proptest::proptest! {
        #[test]
        fn no_goal_panics(fact in "[x0-9 +*^()<≤≥-]*") {
            for kind in ["Int", "Nat"] {
                of(&[("x", kind), ("h", &fact)], "x = 1");
            }
        }
    }
}

//! Divisors that are polynomials: `n + 1 ∣ n ^ 5 + 1`, or `x - z ∣ x ^ 2 - y ^ 2` by what facts say.
//!
//! The quotient is found with unknown coefficients: it times the divisor, and multiples of the equations among the facts, have to add up to
//! what is divided. Of a fact that itself says that something is divided, the quotient is one more variable.

use super::{
    finite::{NATURAL_CASTS, in_integers, integer, is_integer, is_natural},
    fraction::{Domain, Fraction},
    polynomial::{Polynomial, combination, monomials},
    term::{Operator, Term},
    view::View,
};
use crate::shape::{Shape, shape};
use std::fmt::Write;

/// The most unknown coefficients.
const MOST_UNKNOWN: usize = 160;
/// The most variables, the quotients of facts included.
const MOST_VARIABLES: usize = 7;

/// What is to be shown of a divisor and what it divides.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Divides,
    /// The remainder is zero.
    Remainder,
    /// There is a quotient, of the type that the variables have.
    Quotient,
}

/// An equation among the facts.
struct Equation<'a> {
    fact: &'a str,
    sides: (Term<'a>, Term<'a>),
    /// The name of the quotient, where the fact says that its left side divides its right.
    quotient: Option<String>,
}

/// The script for a goal that asks for a quotient which is a polynomial.
pub(super) fn script(view: &View<'_>) -> Option<String> {
    let (wanted, divisor, dividend) = wanted(view)?;
    let equations: Vec<Equation<'_>> = view.facts.iter().filter_map(|fact| equation(view, fact.name, fact.kind)).collect();
    let of_facts = equations.iter().flat_map(|equation| [&equation.sides.0, &equation.sides.1]);
    let terms: Vec<&Term<'_>> = [&divisor, &dividend].into_iter().chain(of_facts).collect();
    let mut names = Vec::new();
    terms.iter().for_each(|term| term.names(&mut names));
    let item = |name: &str| view.data.iter().find(|item| item.name == name).filter(|item| is_integer(item));
    let natural = is_natural(item(names.first()?)?);
    let domain = if natural { Domain::Nat } else { Domain::Int };
    let alike = names.iter().all(|name| item(name).is_some_and(|item| is_natural(item) == natural));
    if !alike || !terms.iter().all(|term| term.is_arithmetic(domain)) {
        return None;
    }
    let quotients: Vec<&str> = equations.iter().filter_map(|equation| equation.quotient.as_deref()).collect();
    let variables: Vec<&str> = names.iter().copied().chain(quotients.iter().copied()).collect();
    if variables.len() > MOST_VARIABLES {
        return None;
    }
    let (divisor, dividend) = (Polynomial::of(&divisor, &variables)?, Polynomial::of(&dividend, &variables)?);
    let zeros: Vec<Polynomial> = equations.iter().map(|equation| equation.polynomial(&variables)).collect::<Option<_>>()?;
    let degree = dividend.degree().saturating_sub(divisor.degree()).max(if quotients.is_empty() { 0 } else { 2 });
    let (quotient, used) = divided(&dividend, &divisor, &zeros, degree, variables.len())?;
    // Natural numbers are divided as integers, unless the quotient itself is asked for.
    let integers = natural && wanted != Wanted::Quotient;
    if natural && !integers && quotient.terms().any(|(_, coefficient)| coefficient.sign() < 0) {
        return None;
    }

    let mut script = match (wanted, natural) {
        (Wanted::Remainder, true) => "apply Nat.mod_eq_zero_of_dvd\n".to_owned(),
        (Wanted::Remainder, false) => "apply Int.emod_eq_zero_of_dvd\n".to_owned(),
        _ => String::new(),
    };
    if integers {
        let _ = writeln!(script, "refine Int.natCast_dvd_natCast.mp ?_\ntry simp only [{NATURAL_CASTS}]");
    }
    for (equation, _) in equations.iter().zip(used).filter(|(_, used)| *used) {
        let e = view.fresh("e");
        let _ = match &equation.quotient {
            Some(k) => writeln!(script, "obtain ⟨{k}, {e}⟩ := {}", equation.fact),
            None => writeln!(script, "have {e} := {}", equation.fact),
        };
        if integers {
            script += &in_integers("replace", &e, &e);
        }
    }
    let text = quotient.text(&variables.iter().map(|name| integer(name, integers)).collect::<Vec<_>>());
    Some(format!("{script}exact ⟨{text}, by grind⟩"))
}

/// A polynomial with whole coefficients, of at most this degree, that times the divisor is the dividend but for multiples of what is zero,
/// and which of these it takes. It is as simple as can be.
fn divided(
    dividend: &Polynomial,
    divisor: &Polynomial,
    zeros: &[Polynomial],
    degree: u32,
    variables: usize,
) -> Option<(Polynomial, Vec<bool>)> {
    let highest = dividend.degree().max(divisor.degree() + degree);
    let one = Fraction::from(1u64);
    let multiples = |of: &Polynomial, degree: u32| -> Option<Vec<(Vec<u32>, Polynomial)>> {
        let mut all = monomials(variables, degree, MOST_UNKNOWN)?;
        all.sort_by_key(|exponents| exponents.iter().sum::<u32>());
        let multiple = |exponents: Vec<u32>| Some((exponents.clone(), of.times(&Polynomial::monomial(exponents, one))?));
        all.into_iter().map(multiple).collect()
    };
    let mut unknown = multiples(divisor, degree)?;
    let (own, mut owners) = (unknown.len(), Vec::new());
    for (place, zero) in zeros.iter().enumerate().filter(|(_, zero)| zero.degree() <= highest) {
        let of_zero = multiples(zero, (highest - zero.degree()).min(2))?;
        owners.extend(vec![place; of_zero.len()]);
        unknown.extend(of_zero);
        if unknown.len() > MOST_UNKNOWN {
            return None;
        }
    }
    let (exponents, columns): (Vec<_>, Vec<_>) = unknown.into_iter().unzip();
    let solution = combination(&columns, dividend)?;
    let terms = exponents.into_iter().zip(&solution).take(own);
    let quotient = Polynomial::sum(terms.map(|(exponents, coefficient)| (exponents, *coefficient))).filter(Polynomial::is_whole)?;
    let is_used = |place: usize| owners.iter().zip(&solution[own..]).any(|(owner, times)| *owner == place && times.sign() != 0);
    Some((quotient, (0..zeros.len()).map(is_used).collect()))
}

/// What is wanted, the divisor and what it is to divide.
fn wanted<'a>(view: &View<'a>) -> Option<(Wanted, Term<'a>, Term<'a>)> {
    match shape(view.target) {
        Shape::Relation { symbol: "∣", left, right } => Some((Wanted::Divides, Term::of(left)?, Term::of(right)?)),
        Shape::Relation { symbol: "=", left, right } => match (Term::of(left)?, Term::of(right)?) {
            (Term::Binary(Operator::Mod, dividend, divisor), Term::Number(0)) => Some((Wanted::Remainder, *divisor, *dividend)),
            _ => None,
        },
        Shape::Exists { binders, body } => {
            let [sought] = binders.as_slice() else { return None };
            let Shape::Relation { symbol: "=", left, right } = shape(body) else { return None };
            let (left, right) = (Term::of(left)?, Term::of(right)?);
            let has = |term: &Term<'_>| term.any(&|part| matches!(part, Term::Name(name) if *name == sought.name));
            let (product, dividend) = if has(&left) { (left, right) } else { (right, left) };
            let Term::Binary(Operator::Mul, a, b) = product else { return None };
            match (*a, *b) {
                (divisor, Term::Name(name)) | (Term::Name(name), divisor) if name == sought.name && !has(&divisor) && !has(&dividend) => {
                    Some((Wanted::Quotient, divisor, dividend))
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// A fact as an equation of terms.
fn equation<'a>(view: &View<'a>, fact: &'a str, kind: &'a str) -> Option<Equation<'a>> {
    let Shape::Relation { symbol: symbol @ ("=" | "∣"), left, right } = shape(kind) else { return None };
    let sides = (Term::of(left)?, Term::of(right)?);
    let whole = |term: &Term<'_>| !term.any(&|part| matches!(part, Term::Binary(Operator::Div | Operator::Mod, ..)));
    (whole(&sides.0) && whole(&sides.1)).then(|| Equation { fact, sides, quotient: (symbol == "∣").then(|| view.fresh("k")) })
}

impl Equation<'_> {
    /// What is zero by it.
    fn polynomial(&self, variables: &[&str]) -> Option<Polynomial> {
        let (left, right) = &self.sides;
        match &self.quotient {
            None => Polynomial::difference(left, right, variables),
            Some(k) => {
                let product = Polynomial::of(left, variables)?.times(&Polynomial::of(&Term::Name(k), variables)?)?;
                Polynomial::of(right, variables)?.minus(&product)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::testing::made, *};

    fn of(hypotheses: &[(&str, &str)], target: &str) -> Option<String> {
        made(script, hypotheses, target)
    }

    #[test]
    fn polynomials_are_divided() {
        assert_eq!(of(&[("a", "Int"), ("b", "Int")], "a - b ∣ a ^ 3 - b ^ 3").as_deref(), Some("exact ⟨a ^ 2 + a * b + b ^ 2, by grind⟩"));
        let natural = of(&[("n", "ℕ")], "n + 1 ∣ n ^ 3 + 1").expect("a script");
        assert!(natural.ends_with("exact ⟨(n : Int) ^ 2 - (n : Int) + 1, by grind⟩"), "{natural}");
        assert_eq!(of(&[("n", "ℕ")], "∃ k, n ^ 2 + n = n * k").as_deref(), Some("exact ⟨n + 1, by grind⟩"));
        assert_eq!(of(&[("n", "ℕ")], "n + 1 ∣ n ^ 2 + 1"), None);
        assert_eq!(of(&[("n", "ℕ")], "n - 1 ∣ n ^ 2 - 1"), None, "what is subtracted may be more");
    }

    #[test]
    fn facts_are_used() {
        let facts = [("x", "ℤ"), ("y", "ℤ"), ("z", "ℤ"), ("h₀", "(x - y) ^ 2 + (y - z) ^ 2 + (z - x) ^ 2 = x * y * z")];
        let script = of(&facts, "x + y + z + 6 ∣ x ^ 3 + y ^ 3 + z ^ 3").expect("a script");
        assert!(script.ends_with("exact ⟨x ^ 2 - x * y - x * z + y ^ 2 - y * z + z ^ 2, by grind⟩"), "{script}");
        let script = of(&[("a", "ℤ"), ("b", "ℤ"), ("c", "ℤ"), ("h", "a ∣ b"), ("h1", "a ∣ c")], "a ^ 2 ∣ b * c").expect("a script");
        assert_eq!(script, "obtain ⟨k, e⟩ := h\nobtain ⟨k1, e1⟩ := h1\nexact ⟨k * k1, by grind⟩");
    }

    proptest::proptest! {
        #[test]
        fn no_goal_panics(fact in "[xn0-9 +*^()=∣%/-]*", target in "(∃ k, )?[xnk0-9 +*^()=∣%/-]*") {
            for kind in ["Int", "Nat"] {
                of(&[("x", kind), ("n", kind), ("h", &fact)], &target);
            }
        }
    }
}

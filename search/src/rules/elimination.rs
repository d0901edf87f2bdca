//! What a term can be by a polynomial equation of its own that follows from others: of `a * b = 6` and `a ^ 2 + b ^ 2 = 13` for `a + b` that
//! its square is 25.
//!
//! The equation is found with unknown coefficients: powers of the term, and multiples of what is zero, have to add up to its highest power.

use super::{
    fraction::{Domain, Fraction},
    polynomial::{Polynomial, combination, monomials},
    roots,
    statement::Statement,
    term::Term,
    view::View,
};

/// The highest power of the term.
const MOST_POWER: u32 = 4;
/// The most unknown coefficients.
const MOST_UNKNOWN: usize = 120;
const MOST_VARIABLES: usize = 4;

/// The script for a goal that says what number a term is.
pub(super) fn script(view: &View<'_>) -> Option<String> {
    let target = Statement::of(view.target)?;
    let terms = target.terms();
    let [term, Term::Number(_) | Term::Negative(_), ..] = terms.as_slice() else { return None };
    let equations = view.facts.iter().filter_map(|fact| match Statement::of(fact.kind)? {
        Statement::Relation("=", left, right) => Some((left, right)),
        _ => None,
    });
    let equations: Vec<(Term<'_>, Term<'_>)> = equations.collect();
    let mut names = Vec::new();
    term.names(&mut names);
    equations.iter().flat_map(|(left, right)| [left, right]).for_each(|term| term.names(&mut names));
    let kind = |name: &&str| view.data.iter().find(|item| item.name == *name).and_then(|item| Domain::of(item.kind));
    let domain = kind(names.first()?).filter(|domain| *domain != Domain::Nat)?;
    let plain = |term: &Term<'_>| term.is_arithmetic(domain);
    let fits = names.len() <= MOST_VARIABLES && names.iter().all(|name| kind(name) == Some(domain));
    if !fits || !plain(term) || !equations.iter().all(|(left, right)| plain(left) && plain(right)) {
        return None;
    }
    let zero = |(left, right): &(Term<'_>, Term<'_>)| Polynomial::difference(left, right, &names);
    let zeros: Vec<Polynomial> = equations.iter().map(zero).collect::<Option<_>>()?;
    let of = Polynomial::of(term, &names)?;
    let coefficients = (1..=MOST_POWER).find_map(|power| equation(&of, power, &zeros, names.len()))?;
    roots::product(view, domain, &format!("({})", term.text(&str::to_owned)), coefficients)
}

/// The coefficients, that of the constant first, of a polynomial of this degree in the term that is zero where the others are.
fn equation(of: &Polynomial, degree: u32, zeros: &[Polynomial], variables: usize) -> Option<Vec<Fraction>> {
    let one = || Polynomial::constant(Fraction::from(1u64), variables);
    let mut powers = vec![one()];
    for _ in 0..degree {
        powers.push(powers.last()?.times(of)?);
    }
    let highest = zeros.iter().chain(&powers).map(Polynomial::degree).max()?;
    let last = powers.pop()?;
    let own = powers.len();
    for zero in zeros {
        for exponents in monomials(variables, (highest - zero.degree()).min(3), MOST_UNKNOWN)? {
            powers.push(zero.times(&Polynomial::monomial(exponents, Fraction::from(1u64)))?);
        }
    }
    if powers.len() > MOST_UNKNOWN {
        return None;
    }
    let minus = |value: &Fraction| Domain::Rat.apply("-", Fraction::from(0u64), *value);
    let lower = combination(&powers, &last)?;
    lower[..own].iter().map(minus).chain([Some(Fraction::from(1u64))]).collect()
}

#[cfg(test)]
mod tests {
    use super::{super::testing::made, *};

    fn of(hypotheses: &[(&str, &str)], target: &str) -> Option<String> {
        made(script, hypotheses, target)
    }

    #[test]
    fn a_term_is_a_root_of_what_follows_for_it() {
        let script = of(&[("a", "ℚ"), ("b", "ℚ"), ("h₀", "a * b = 6"), ("h₁", "a ^ 2 + b ^ 2 = 13"), ("h₂", "0 < a")], "a + b = 5");
        assert!(script.is_some_and(|s| s.starts_with("have key : ((a + b) - 5) * ((a + b) + 5) = 0 := by grind\n")));
        let script = of(&[("a", "ℚ"), ("r", "ℚ"), ("h₀", "a * r ^ 2 = 12"), ("h₁", "a * r ^ 5 = 96")], "r = 2").expect("a script");
        assert!(script.starts_with("have key : ((r) - 2) * (1 * (r) ^ 2 + 2 * (r) + 4) = 0 := by grind\n"), "{script}");
        assert_eq!(of(&[("a", "ℚ"), ("b", "ℚ"), ("h₀", "a * b = 6")], "a + b = 5"), None);
        assert_eq!(of(&[("a", "ℕ"), ("h₀", "a * a = 25")], "a = 5"), None);
    }

    proptest::proptest! {
        #[test]
        fn no_goal_panics(fact in "[xy0-9 +*^()=-]*", other in "[xy0-9 +*^()=-]*", target in "[xy0-9 +*^()-]* = [0-9]") {
            of(&[("x", "Rat"), ("y", "Rat"), ("h", &fact), ("h1", &other)], &target);
        }
    }
}

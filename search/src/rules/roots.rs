//! Equations that are products: a polynomial by its rational roots, the difference of two squares, two powers of one number.

use super::{
    finite::{in_integers, integer, is_natural},
    fraction::{Domain, Fraction},
    polynomial::Polynomial,
    statement::Statement,
    term::{Operator, Term},
    view::View,
};
use std::fmt::Write;

/// The highest degree.
const MOST_DEGREE: u32 = 6;
/// The largest coefficients whose divisors are tried.
const MOST_COEFFICIENT: i128 = 1_000_000;

/// The script for the first fact that is such an equation.
pub(super) fn script(view: &View<'_>) -> Option<String> {
    let exponents = exponents(view);
    if !exponents.is_empty() {
        return Some(exponents + "first | omega | grind");
    }
    view.facts.iter().find_map(|fact| {
        let Statement::Relation("=", left, right) = Statement::of(fact.kind)? else { return None };
        let mut names = Vec::new();
        left.names(&mut names);
        right.names(&mut names);
        let kind = |name: &&str| view.data.iter().find(|item| item.name == *name).and_then(|item| Domain::of(item.kind));
        let domain = kind(names.first()?)?;
        let uniform = names.iter().all(|name| kind(name) == Some(domain));
        match (domain, names.as_slice()) {
            _ if !uniform => None,
            (Domain::Nat, [name]) => as_integers(view, fact.name, name, &left, &right),
            (Domain::Nat, _) => forms(view, fact.name, &names, domain, &left, &right),
            (_, [name]) => zeros(view, domain, name, &left, &right),
            _ => squares(view, domain, &left, &right).or_else(|| forms(view, fact.name, &names, domain, &left, &right)),
        }
    })
}

/// Cases, one for each factor of a product that is zero.
fn cases(view: &View<'_>, domain: Domain, factors: &[String], hint: &str) -> String {
    let [key, h] = ["key", "h"].map(|base| view.fresh(base));
    let (last, others) = factors.split_last().map_or(("", [].as_slice()), |(last, others)| (last.as_str(), others));
    let product = others.iter().rev().fold(last.to_owned(), |rest, factor| format!("({factor}) * ({rest})"));
    let lemma = if domain == Domain::Rat { "Rat.mul_eq_zero" } else { "Int.mul_eq_zero" };
    let mut script = format!("have {key} : {product} = 0 := by grind\n");
    for _ in others {
        let _ = writeln!(script, "rcases {lemma}.mp {key} with {h} | {key}\n· first | grind | omega");
    }
    format!("{script}{hint}first | grind | omega")
}

/// A polynomial equation in one variable that has rational roots.
fn zeros(view: &View<'_>, domain: Domain, name: &str, left: &Term<'_>, right: &Term<'_>) -> Option<String> {
    let difference = Term::Binary(Operator::Sub, Box::new(left.clone()), Box::new(right.clone()));
    product(view, domain, name, coefficients(&difference).filter(|found| found.len() > 2)?)
}

/// The script for a term that is zero of a polynomial with these coefficients, that of the constant first, by what `grind` sees.
pub(super) fn product(view: &View<'_>, domain: Domain, name: &str, mut rest: Vec<Fraction>) -> Option<String> {
    let mut factors = Vec::new();
    while let Some((p, q)) = rational_root(&rest) {
        let root = Fraction::new(p, q)?;
        rest = divided(&rest, root)?;
        let times = if q == 1 { name.to_owned() } else { format!("{q} * {name}") };
        factors.push(if p < 0 { format!("{times} + {}", -p) } else { format!("{times} - {p}") });
    }
    let hint = match rest.as_slice() {
        [_] => String::new(),
        // A square and more, where there is no root.
        [constant, linear, square] if !factors.is_empty() => {
            let rat = |operator, a, b| Domain::Rat.apply(operator, a, b);
            let shift = rat("/", *linear, rat("*", Fraction::from(2u64), *square)?)?;
            let least = rat("-", rat("/", *constant, *square)?, rat("*", shift, shift)?)?;
            least.order(Fraction::from(0u64)).filter(|order| order.is_gt())?;
            let term = |power: usize, value: &Fraction| match power {
                0 => value.text(),
                1 => format!("{} * {name}", value.text()),
                _ => format!("{} * {name} ^ 2", value.text()),
            };
            let text: Vec<String> = rest.iter().enumerate().rev().map(|(power, value)| term(power, value)).collect();
            factors.push(text.join(" + "));
            // Of integers the double, lest there be halves.
            let shift = rat("*", shift, Fraction::from(2u64))?;
            format!("have {} := Lean.Grind.OrderedRing.sq_nonneg (a := 2 * {name} + {})\n", view.fresh("s"), shift.text())
        }
        _ => return None,
    };
    (!factors.is_empty()).then(|| cases(view, domain, &factors, &hint))
}

/// The same for a natural number, as an integer.
fn as_integers(view: &View<'_>, fact: &str, name: &str, left: &Term<'_>, right: &Term<'_>) -> Option<String> {
    let subtracts = |term: &Term<'_>| term.any(&|part| matches!(part, Term::Binary(Operator::Sub | Operator::Div | Operator::Mod, ..)));
    let degree = left.degree()?.max(right.degree()?);
    if subtracts(left) || subtracts(right) || degree < 2 {
        return None;
    }
    let script = zeros(view, Domain::Int, &integer(name, true), left, right)?;
    let c = view.fresh("c");
    Some(in_integers("have", &c, fact) + &script)
}

/// The coefficients of a polynomial in one variable, that of the constant first and the last not zero.
fn coefficients(term: &Term<'_>) -> Option<Vec<Fraction>> {
    let mut names = Vec::new();
    term.names(&mut names);
    let [_] = names.as_slice() else { return None };
    let polynomial = Polynomial::of(term, &names).filter(|_| !term.any(&|part| matches!(part, Term::Binary(Operator::Div, ..))))?;
    (polynomial.degree() <= MOST_DEGREE).then(|| (0..=polynomial.degree()).map(|power| polynomial.coefficient(&[power])).collect())
}

/// A root `p / q` in lowest terms of a polynomial of degree 1 or more.
fn rational_root(polynomial: &[Fraction]) -> Option<(i128, i128)> {
    let (first, last) = (polynomial.first()?, polynomial.last()?);
    if polynomial.len() < 2 {
        return None;
    }
    let divisors = |n: i128| (1..=n.abs().min(MOST_COEFFICIENT)).take_while(move |d| d * d <= n.abs()).filter(move |d| n % d == 0);
    let all = |n: i128| divisors(n).flat_map(move |d| [d, n.abs() / d]);
    let is_root = |p: i128, q: i128| {
        let x = Fraction::new(p, q)?;
        let step = |value, c: &Fraction| Domain::Rat.apply("+", Domain::Rat.apply("*", value, x)?, *c);
        let value = polynomial.iter().rev().try_fold(Fraction::from(0u64), step)?;
        (value == Fraction::from(0u64)).then_some((p, q))
    };
    if *first == Fraction::from(0u64) {
        return Some((0, 1));
    }
    let (constant, leading) = (first.whole(), last.whole());
    let (constant, leading) = (constant?, leading?);
    all(leading).find_map(|q| all(constant).find_map(|p| is_root(p, q).or_else(|| is_root(-p, q))))
}

/// A polynomial divided by `q x - p`, of which `p / q` is a root, times `q`.
fn divided(polynomial: &[Fraction], root: Fraction) -> Option<Vec<Fraction>> {
    let mut value = Fraction::from(0u64);
    let mut out = Vec::new();
    for c in polynomial.iter().rev() {
        value = Domain::Rat.apply("+", Domain::Rat.apply("*", value, root)?, *c)?;
        out.push(value);
    }
    out.pop();
    out.reverse();
    Some(out)
}

/// Two equal squares.
fn squares(view: &View<'_>, domain: Domain, left: &Term<'_>, right: &Term<'_>) -> Option<String> {
    let base = |term: &Term<'_>| match term {
        Term::Binary(Operator::Pow, base, exponent) if **exponent == Term::Number(2) => Some(base.text(&str::to_owned)),
        _ => None,
    };
    let (a, b) = (base(left)?, base(right)?);
    Some(cases(view, domain, &[format!("({a}) - ({b})"), format!("({a}) + ({b})")], ""))
}

/// What equations of powers of one number, or of such a power and a numeral, say of the exponents.
fn exponents(view: &View<'_>) -> String {
    let equal = view.facts.iter().filter_map(|fact| {
        let Statement::Relation("=", left, right) = Statement::of(fact.kind)? else { return None };
        let mut names = Vec::new();
        left.names(&mut names);
        right.names(&mut names);
        let natural = |name: &&str| view.data.iter().any(|item| item.name == *name && is_natural(item));
        equal_exponents(view, fact.name, &left, &right).filter(|_| names.iter().all(natural))
    });
    equal.collect()
}

fn equal_exponents(view: &View<'_>, fact: &str, left: &Term<'_>, right: &Term<'_>) -> Option<String> {
    // The base and the exponent of a power, or a numeral.
    let power = |term: &Term<'_>| match term {
        Term::Number(n @ 2..) => Some((*n, None)),
        Term::Binary(Operator::Pow, base, exponent) => match **base {
            Term::Number(n @ 2..) => Some((n, Some(exponent.text(&str::to_owned)))),
            _ => None,
        },
        _ => None,
    };
    let ((a, over_a), (b, over_b)) = (power(left)?, power(right)?);
    if over_a.is_none() && over_b.is_none() {
        return None;
    }
    let (base, i, j) = (2..=a.min(b)).find_map(|base| Some((base, logarithm(a, base)?, logarithm(b, base)?)))?;
    let exponent = |times: u32, over: Option<String>| match over {
        None => times.to_string(),
        Some(over) if times == 1 => over,
        Some(over) => format!("{times} * ({over})"),
    };
    let (left, right, h) = (exponent(i, over_a), exponent(j, over_b), view.fresh("h"));
    Some(format!(
        "have {h} : {base} ^ ({left}) = {base} ^ ({right}) := by\n  \
         first | exact {fact} | (rw [Nat.pow_mul]; exact {fact}) | (rw [Nat.pow_mul, Nat.pow_mul]; exact {fact}) | simpa [Nat.pow_mul] using {fact} | grind\n\
         have {h} := (Nat.pow_right_inj (a := {base}) (by decide)).mp {h}\n"
    ))
}

/// A quadratic polynomial in several variables that is a product of two linear ones, which is zero.
fn forms(view: &View<'_>, fact: &str, names: &[&str], domain: Domain, left: &Term<'_>, right: &Term<'_>) -> Option<String> {
    if !left.is_arithmetic(domain) || !right.is_arithmetic(domain) {
        return None;
    }
    let [a, b] = Polynomial::difference(left, right, names)?.linear_factors()?;
    let natural = domain == Domain::Nat;
    let variables: Vec<String> = names.iter().map(|name| integer(name, natural)).collect();
    let factors = [a.text(&variables), b.text(&variables)];
    if !natural {
        return Some(cases(view, domain, &factors, ""));
    }
    let c = view.fresh("c");
    let script = cases(view, Domain::Int, &factors, "");
    Some(in_integers("have", &c, fact) + &script)
}

/// The exponent by which a base is this number, if there is one.
fn logarithm(n: u64, base: u64) -> Option<u32> {
    (1..64).find(|k| base.checked_pow(*k).is_none_or(|power| power >= n)).filter(|k| base.checked_pow(*k) == Some(n))
}

#[cfg(test)]
mod tests {
    use super::{super::testing::made, *};

    fn of(hypotheses: &[(&str, &str)], target: &str) -> Option<String> {
        made(script, hypotheses, target)
    }

    #[test]
    fn polynomials_are_products_by_their_roots() {
        let script = of(&[("x", "ℤ"), ("h", "x ^ 3 = 6 * x ^ 2 - 11 * x + 6")], "x < 4").expect("a script");
        let wanted = "have key : (x - 1) * ((x - 2) * (x - 3)) = 0 := by grind\n\
            rcases Int.mul_eq_zero.mp key with h1 | key\n· first | grind | omega\n\
            rcases Int.mul_eq_zero.mp key with h1 | key\n· first | grind | omega\n\
            first | grind | omega";
        assert_eq!(script, wanted);
        let cube = of(&[("x", "ℚ"), ("h", "x ^ 3 = 8")], "x = 2").expect("a script");
        assert!(cube.starts_with("have key : (x - 2) * (1 * x ^ 2 + 2 * x + 4) = 0 := by grind\n"), "{cube}");
        assert!(cube.ends_with("have s := Lean.Grind.OrderedRing.sq_nonneg (a := 2 * x + 2)\nfirst | grind | omega"), "{cube}");
        let halves = of(&[("x", "ℚ"), ("h", "2 * x ^ 2 = 3 * x - 1")], "x ≤ 1").expect("a script");
        assert!(halves.starts_with("have key : (x - 1) * (2 * x - 1) = 0"), "{halves}");
        let natural = of(&[("m", "ℕ"), ("h", "m * (m + 1) = 9900")], "m = 99").expect("a script");
        let wanted = "have c := Int.ofNat_inj.mpr h\nsimp only [Int.natCast_mul, Int.natCast_add, Int.natCast_pow] at c\n\
            have key : ((m : Int) - 99) * ((m : Int) + 100) = 0 := by grind\n";
        assert!(natural.starts_with(wanted), "{natural}");
        assert_eq!(of(&[("m", "ℕ"), ("h", "m * (m - 1) = 90")], "m = 10"), None, "natural numbers do not subtract like integers");
        assert_eq!(of(&[("x", "ℚ"), ("h", "x ^ 2 = 2")], "x < 2"), None);
        assert_eq!(of(&[("x", "ℚ"), ("h", "x = 2")], "x < 3"), None);
    }

    #[test]
    fn squares_and_powers_are_compared_by_what_is_below_and_above() {
        let script = of(&[("x", "ℚ"), ("y", "ℚ"), ("h", "x ^ 2 = (y + 1) ^ 2")], "x = y + 1").expect("a script");
        assert!(script.starts_with("have key : ((x) - (y + 1)) * ((x) + (y + 1)) = 0 := by grind\n"), "{script}");
        let script = of(&[("m", "ℕ"), ("n", "ℕ"), ("h", "4 ^ m = 2 ^ (n + 1)")], "n + 1 = 2 * m").expect("a script");
        assert!(script.starts_with("have h1 : 2 ^ (2 * (m)) = 2 ^ (n + 1) := by"), "{script}");
        assert!(of(&[("n", "ℕ"), ("h", "2 ^ (n + 3) = 128")], "n = 4").is_some_and(|s| s.contains("2 ^ (n + 3) = 2 ^ (7)")));
        assert_eq!(of(&[("n", "ℕ"), ("h", "2 ^ n = 100")], "n = 4"), None);
    }

    #[test]
    fn coefficients_are_those_of_the_expanded_polynomial() {
        let found = coefficients(&Term::of("(2 * x - 1) ^ 2 * (x + 3) - 3 + 0 * x ^ 5").expect("a term")).expect("a polynomial");
        // 4 x³ + 8 x² - 11 x + 0.
        assert_eq!(found.into_iter().map(Fraction::text).collect::<Vec<_>>(), ["0", "(-11)", "8", "4"]);
    }

    proptest::proptest! {
        #[test]
        fn no_goal_panics(fact in "[xn0-9 +*^()=/-]*", kind in "Int|Nat|Rat") {
            let _ = of(&[("x", &kind), ("n", &kind), ("h", &fact)], "x = 1");
        }
    }
}

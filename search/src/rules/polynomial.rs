//! Polynomials in the variables of a goal, with rational coefficients.

use super::{
    fraction::{Domain, Fraction},
    term::{Operator, Term},
};
use std::collections::BTreeMap;

/// The most terms of a polynomial.
const MOST_TERMS: usize = 400;
/// The highest degree.
const MOST_DEGREE: u32 = 16;

/// A sum of monomials: their exponents, one for each variable of a list that is kept elsewhere, and their coefficients, none of them zero.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Polynomial(BTreeMap<Vec<u32>, Fraction>);

impl Polynomial {
    /// The polynomial that a term is, where its names are among these; a quotient by a numeral is one of rationals.
    pub(super) fn of(term: &Term<'_>, names: &[&str]) -> Option<Polynomial> {
        let both = |left: &Term<'_>, right: &Term<'_>| Some((Polynomial::of(left, names)?, Polynomial::of(right, names)?));
        match term {
            Term::Number(n) => Some(Polynomial::constant(Fraction::from(*n), names.len())),
            Term::Name(name) => {
                let place = names.iter().position(|other| other == name)?;
                Some(Polynomial::monomial(unit(place, names.len()), Fraction::from(1u64)))
            }
            Term::Negative(inner) => Polynomial::of(inner, names)?.times(&Polynomial::constant(Fraction::from(-1i64), names.len())),
            Term::Binary(Operator::Add, left, right) => both(left, right).and_then(|(a, b)| a.plus(&b)),
            Term::Binary(Operator::Sub, left, right) => both(left, right).and_then(|(a, b)| a.minus(&b)),
            Term::Binary(Operator::Mul, left, right) => both(left, right).and_then(|(a, b)| a.times(&b)),
            Term::Binary(Operator::Pow, base, exponent) => match **exponent {
                Term::Number(n) if n <= MOST_DEGREE.into() => {
                    let base = Polynomial::of(base, names)?;
                    (0..n).try_fold(Polynomial::constant(Fraction::from(1u64), names.len()), |power, _| power.times(&base))
                }
                _ => None,
            },
            Term::Binary(Operator::Div, left, right) => match **right {
                Term::Number(n @ 1..) => Polynomial::of(left, names)?.scaled(Fraction::new(1, n.into())?),
                _ => None,
            },
            Term::Binary(Operator::Mod, ..) => None,
        }
    }

    /// A term less another.
    pub(super) fn difference(left: &Term<'_>, right: &Term<'_>, names: &[&str]) -> Option<Polynomial> {
        Polynomial::of(left, names)?.minus(&Polynomial::of(right, names)?)
    }

    /// A sum of monomials, given by their exponents and coefficients.
    pub(super) fn sum(terms: impl IntoIterator<Item = (Vec<u32>, Fraction)>) -> Option<Polynomial> {
        terms
            .into_iter()
            .try_fold(Polynomial::default(), |sum, (exponents, coefficient)| sum.plus(&Polynomial::monomial(exponents, coefficient)))
    }

    /// A coefficient times powers of the variables.
    pub(super) fn monomial(exponents: Vec<u32>, coefficient: Fraction) -> Polynomial {
        Polynomial((coefficient.sign() != 0).then_some((exponents, coefficient)).into_iter().collect())
    }

    /// A constant, for so many variables.
    pub(super) fn constant(value: Fraction, variables: usize) -> Polynomial {
        Polynomial::monomial(vec![0; variables], value)
    }

    /// The coefficient of a monomial.
    pub(super) fn coefficient(&self, exponents: &[u32]) -> Fraction {
        self.0.get(exponents).copied().unwrap_or(Fraction::from(0u64))
    }

    /// Exponents and coefficients, the smallest exponents first.
    pub(super) fn terms(&self) -> impl Iterator<Item = (&[u32], Fraction)> {
        self.0.iter().map(|(exponents, coefficient)| (exponents.as_slice(), *coefficient))
    }

    /// The terms with coefficients of a sign, without it.
    pub(super) fn part(&self, sign: i128) -> Polynomial {
        let terms = self.0.iter().filter(|(_, coefficient)| coefficient.sign() == sign);
        Polynomial(terms.map(|(exponents, coefficient)| (exponents.clone(), coefficient.size())).collect())
    }

    /// The highest sum of exponents; that of zero is 0.
    pub(super) fn degree(&self) -> u32 {
        self.0.keys().map(|exponents| exponents.iter().sum()).max().unwrap_or(0)
    }

    pub(super) fn plus(&self, other: &Polynomial) -> Option<Polynomial> {
        let mut sum = self.clone();
        for (exponents, coefficient) in &other.0 {
            let value = Domain::Rat.apply("+", sum.coefficient(exponents), *coefficient)?;
            match value.sign() {
                0 => drop(sum.0.remove(exponents)),
                _ => drop(sum.0.insert(exponents.clone(), value)),
            }
        }
        (sum.0.len() <= MOST_TERMS).then_some(sum)
    }

    pub(super) fn minus(&self, other: &Polynomial) -> Option<Polynomial> {
        self.plus(&other.scaled(Fraction::from(-1i64))?)
    }

    pub(super) fn scaled(&self, by: Fraction) -> Option<Polynomial> {
        let mut scaled = Polynomial::default();
        for (exponents, coefficient) in &self.0 {
            let value = Domain::Rat.apply("*", *coefficient, by)?;
            scaled.0.extend((value.sign() != 0).then(|| (exponents.clone(), value)));
        }
        Some(scaled)
    }

    pub(super) fn times(&self, other: &Polynomial) -> Option<Polynomial> {
        if self.degree() + other.degree() > MOST_DEGREE {
            return None;
        }
        let mut product = Polynomial::default();
        for (a, x) in &self.0 {
            let shifted = other.0.iter().map(|(b, y)| {
                let exponents = a.iter().zip(b).map(|(i, j)| i + j).collect();
                Some((exponents, Domain::Rat.apply("*", *x, *y)?))
            });
            product = product.plus(&Polynomial(shifted.collect::<Option<_>>()?))?;
        }
        Some(product)
    }

    /// With another polynomial in the same variables in the place of one of these.
    pub(super) fn replaced(&self, variable: usize, by: &Polynomial) -> Option<Polynomial> {
        self.terms().try_fold(Polynomial::default(), |sum, (exponents, coefficient)| {
            let mut others = exponents.to_vec();
            let exponent = std::mem::take(others.get_mut(variable)?);
            sum.plus(&(0..exponent).try_fold(Polynomial::monomial(others, coefficient), |product, _| product.times(by))?)
        })
    }

    /// The least common multiple of the coefficients' denominators.
    pub(super) fn denominators(&self) -> Option<i128> {
        self.0
            .values()
            .map(|coefficient| coefficient.denominator())
            .try_fold(1, |multiple: i128, denominator| multiple.checked_mul(denominator / common(multiple, denominator)))
    }

    /// A multiple of it whose coefficients are whole and have no common divisor.
    pub(super) fn primitive(&self) -> Option<Polynomial> {
        let whole = self.scaled(Fraction::new(self.denominators()?, 1)?)?;
        let divisor = whole.terms().filter_map(|(_, coefficient)| coefficient.whole()).fold(0, common);
        whole.scaled(Fraction::new(1, divisor.max(1))?)
    }

    /// A sum of squares with positive factors, and a constant, that a polynomial of degree 2 is. Nothing where it is not bounded from below.
    pub(super) fn squares(&self) -> Option<(Vec<(Fraction, Polynomial)>, Fraction)> {
        self.diagonal().filter(|(squares, _)| squares.iter().all(|(factor, _)| factor.sign() > 0))
    }

    /// Two polynomials of degree 1 with whole coefficients whose product is a multiple of this one.
    pub(super) fn linear_factors(&self) -> Option<[Polynomial; 2]> {
        let (squares, constant) = self.diagonal()?;
        // The first square less another, or a number.
        let ((factor, first), (other, second)) = match squares.as_slice() {
            [one] => (one.clone(), (constant, Polynomial::constant(Fraction::from(1u64), self.0.keys().next()?.len()))),
            [one, two] if constant.sign() == 0 => (one.clone(), two.clone()),
            _ => return None,
        };
        let ratio = Domain::Rat.apply("/", Domain::Rat.apply("-", Fraction::from(0u64), other)?, factor)?;
        let second = second.scaled(ratio.root()?)?;
        Some([first.minus(&second)?.primitive()?, first.plus(&second)?.primitive()?])
    }

    /// Squares of polynomials of degree 1 with factors, and a constant, that a polynomial of degree 2 is: by completing squares, one variable
    /// after the other.
    fn diagonal(&self) -> Option<(Vec<(Fraction, Polynomial)>, Fraction)> {
        let variables = self.0.keys().next()?.len();
        let mut rest = self.clone();
        let mut squares = Vec::new();
        for place in (0..variables).filter(|_| self.degree() == 2) {
            let square: Vec<u32> = unit(place, variables).iter().map(|exponent| 2 * exponent).collect();
            let leading = rest.coefficient(&square);
            if leading.sign() == 0 {
                continue;
            }
            // The variable, and half of what it is multiplied by.
            let mut linear = Polynomial::monomial(unit(place, variables), Fraction::from(1u64));
            for (exponents, coefficient) in rest.terms().filter(|(exponents, _)| exponents[place] == 1) {
                let others = exponents.iter().enumerate().map(|(i, e)| if i == place { 0 } else { *e }).collect();
                let half = Domain::Rat.apply("/", coefficient, Domain::Rat.apply("*", leading, Fraction::from(2u64))?)?;
                linear = linear.plus(&Polynomial::monomial(others, half))?;
            }
            rest = rest.minus(&linear.times(&linear)?.scaled(leading)?)?;
            squares.push((leading, linear));
        }
        (rest.degree() == 0 && !squares.is_empty()).then(|| (squares, rest.coefficient(&vec![0; variables])))
    }

    /// Whether all coefficients are whole numbers.
    pub(super) fn is_whole(&self) -> bool {
        self.0.values().all(|coefficient| coefficient.whole().is_some())
    }

    /// As Lean reads it, with these texts for the variables, the highest degree first.
    pub(super) fn text(&self, variables: &[String]) -> String {
        let mut terms: Vec<(&Vec<u32>, &Fraction)> = self.0.iter().collect();
        terms.sort_by_key(|(exponents, _)| std::cmp::Reverse((exponents.iter().sum::<u32>(), *exponents)));
        let mut text = String::new();
        for (exponents, coefficient) in terms {
            let powers = exponents.iter().zip(variables).filter(|(exponent, _)| **exponent > 0);
            let powers = powers.map(|(exponent, name)| if *exponent == 1 { name.clone() } else { format!("{name} ^ {exponent}") });
            let size = coefficient.size();
            let number = (size != Fraction::from(1u64) || exponents.iter().all(|exponent| *exponent == 0)).then(|| size.text());
            let product = number.into_iter().chain(powers).collect::<Vec<_>>().join(" * ");
            text += match (text.is_empty(), coefficient.sign() < 0) {
                (true, false) => "",
                (true, true) => "-",
                (false, false) => " + ",
                (false, true) => " - ",
            };
            text += &product;
        }
        if text.is_empty() { "0".to_owned() } else { text }
    }
}

fn common(a: i128, b: i128) -> i128 {
    super::fraction::gcd(a.unsigned_abs(), b.unsigned_abs()).try_into().unwrap_or(1)
}

/// The exponents of one of so many variables alone.
pub(super) fn unit(place: usize, variables: usize) -> Vec<u32> {
    (0..variables).map(|i| u32::from(i == place)).collect()
}

/// All monomials of so many variables up to a degree, unless there are more than so many.
pub(super) fn monomials(variables: usize, degree: u32, most: usize) -> Option<Vec<Vec<u32>>> {
    (0..variables).try_fold(vec![Vec::new()], |all, _| {
        let longer = |begun: &Vec<u32>| {
            let left = degree - begun.iter().sum::<u32>();
            (0..=left).map(|exponent| [begun.as_slice(), &[exponent]].concat()).collect::<Vec<_>>()
        };
        let all: Vec<Vec<u32>> = all.iter().flat_map(longer).collect();
        (all.len() <= most).then_some(all)
    })
}

/// Numbers with which some polynomials add up to another. Where there are several, the last of the polynomials get zero.
pub(super) fn combination(of: &[Polynomial], sum: &Polynomial) -> Option<Vec<Fraction>> {
    let rational = |operator, a, b| Domain::Rat.apply(operator, a, b);
    let mut known: Vec<&[u32]> = of.iter().chain([sum]).flat_map(Polynomial::terms).map(|(exponents, _)| exponents).collect();
    known.sort_unstable();
    known.dedup();
    let row = |exponents: &&[u32]| of.iter().chain([sum]).map(|p| p.coefficient(exponents)).collect::<Vec<_>>();
    let mut rows: Vec<Vec<Fraction>> = known.iter().map(row).collect();
    let mut pivots = Vec::new();
    for column in 0..of.len() {
        let done = pivots.len();
        let Some(found) = (done..rows.len()).find(|at| rows[*at][column].sign() != 0) else { continue };
        rows.swap(done, found);
        let by = rows[done][column];
        for value in &mut rows[done] {
            *value = rational("/", *value, by)?;
        }
        let pivot = rows[done].clone();
        for (_, row) in rows.iter_mut().enumerate().filter(|(at, row)| *at != done && row[column].sign() != 0) {
            let times = row[column];
            for (value, own) in row.iter_mut().zip(&pivot).filter(|(_, own)| own.sign() != 0) {
                *value = rational("-", *value, rational("*", times, *own)?)?;
            }
        }
        pivots.push(column);
    }
    if rows[pivots.len()..].iter().any(|row| row[of.len()].sign() != 0) {
        return None;
    }
    let mut solution = vec![Fraction::from(0u64); of.len()];
    for (row, column) in rows.iter().zip(pivots) {
        solution[column] = row[of.len()];
    }
    Some(solution)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn polynomial(text: &str) -> Polynomial {
        Polynomial::of(&Term::of(text).expect("a term"), &["x", "y"]).expect("a polynomial")
    }

    fn text(polynomial: &Polynomial) -> String {
        polynomial.text(&["x".to_owned(), "y".to_owned()])
    }

    #[test]
    fn terms_are_multiplied_out() {
        assert_eq!(text(&polynomial("(x - y) ^ 2 / 2 + 2 * x * y - 7")), "1 / 2 * x ^ 2 + x * y + 1 / 2 * y ^ 2 - 7");
        assert_eq!(text(&polynomial("(x + y) ^ 2 - x ^ 2 - y ^ 2 - 2 * (x * y)")), "0");
        assert_eq!(text(&polynomial("x / 2 - 3 / 4 * y").primitive().expect("small")), "2 * x - 3 * y");
        let of = |text: &str| Polynomial::of(&Term::of(text).expect("a term"), &["x"]);
        assert_eq!((of("x % 2"), of("2 ^ x"), of("y"), of("x ^ 17"), of("1 / x"), of("x / 0")), (None, None, None, None, None, None));
    }

    #[test]
    fn squares_are_completed() {
        let squares = |text: &str| {
            let (squares, constant) = polynomial(text).squares()?;
            let squares = squares.iter().map(|(times, of)| format!("{} ({})²", times.text(), self::text(of)));
            Some(squares.chain([constant.text()]).collect::<Vec<_>>().join(" + "))
        };
        assert_eq!(squares("x ^ 2 + x * y + y ^ 2 - 3").as_deref(), Some("1 (x + 1 / 2 * y)² + 3 / 4 (y)² + (-3)"));
        assert_eq!(squares("2 * x ^ 2 + y ^ 2 - 4 * x + 3").as_deref(), Some("2 (x - 1)² + 1 (y)² + 1"));
        assert_eq!((squares("x ^ 2 - y ^ 2"), squares("x * y"), squares("x ^ 2 + y"), squares("x")), (None, None, None, None));
    }

    #[test]
    fn products_of_linear_factors_are_told() {
        let factors = |text: &str| polynomial(text).linear_factors().map(|factors| factors.map(|factor| self::text(&factor)));
        let of = |a: &str, b: &str| Some([a.to_owned(), b.to_owned()]);
        assert_eq!(factors("x ^ 2 - y ^ 2 - 2 * y - 1"), of("x - y - 1", "x + y + 1"));
        assert_eq!(factors("2 * x ^ 2 - 5 * x * y + 2 * y ^ 2"), of("x - 2 * y", "2 * x - y"));
        assert_eq!(factors("(x + y) ^ 2 - 9"), of("x + y - 3", "x + y + 3"));
        assert_eq!((factors("x ^ 2 - 2 * y ^ 2"), factors("x ^ 2 + y ^ 2"), factors("x * y")), (None, None, None));
    }

    #[test]
    fn combinations_are_found_where_there_are_any() {
        let of = ["x + y", "x - y", "x"].map(polynomial);
        let found = combination(&of, &polynomial("3 * x + y")).expect("a combination");
        assert_eq!(found, [2u64, 1, 0].map(Fraction::from));
        assert_eq!(combination(&of, &polynomial("x * y")), None);
        let all = [[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [2, 0]].map(Vec::from);
        assert_eq!((monomials(2, 2, 6), monomials(2, 2, 5)), (Some(all.to_vec()), None));
    }

    proptest::proptest! {
        #[test]
        fn a_polynomial_has_the_values_of_its_term(text in "x( [+*-] (x|y|[0-9]|\\(x - y\\) \\^ [0-3]|y \\^ 2)){0,5}", x in -9i64..9, y in -9i64..9) {
            let term = Term::of(&text).expect("a term");
            let multiplied = self::text(&polynomial(&text));
            let value = |term: &Term<'_>| term.value(Domain::Rat, &|name| Some(Fraction::from(if name == "x" { x } else { y })));
            proptest::prop_assert_eq!(value(&term), value(&Term::of(&multiplied).expect("a term")), "{}", multiplied);
        }
    }
}

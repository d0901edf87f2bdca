//! Polynomials with integer coefficients in up to four variables, to expand what families write as products.

use super::signed;
use crate::rng::Rng;
use std::collections::BTreeMap;

/// The exponents of the variables in a monomial.
type Exponents = [u32; 4];

/// A polynomial: the coefficients of its monomials, none of them zero.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Polynomial(BTreeMap<Exponents, i64>);

impl Polynomial {
    /// A constant.
    pub(super) fn number(n: i64) -> Polynomial {
        Polynomial::from_iter([([0; 4], n)])
    }

    /// The `i`-th variable.
    pub(super) fn variable(i: usize) -> Polynomial {
        Polynomial::linear(&[0, 0, 0, 0].iter().enumerate().map(|(j, _)| i64::from(i == j)).collect::<Vec<_>>(), 0)
    }

    /// A sum of multiples of the variables, and a number.
    pub(super) fn linear(coefficients: &[i64], constant: i64) -> Polynomial {
        let monomial = |(i, a): (usize, &i64)| {
            let mut exponents = [0; 4];
            exponents[i] = 1;
            (exponents, *a)
        };
        coefficients.iter().enumerate().map(monomial).chain([([0; 4], constant)]).collect()
    }

    /// A polynomial in the first variable, coefficients by ascending degree.
    pub(super) fn univariate(coefficients: &[i64]) -> Polynomial {
        (0..).zip(coefficients).map(|(degree, a)| ([degree, 0, 0, 0], *a)).collect()
    }

    pub(super) fn plus(&self, other: &Polynomial) -> Polynomial {
        self.0.iter().chain(&other.0).map(|(e, a)| (*e, *a)).collect()
    }

    pub(super) fn scaled(&self, by: i64) -> Polynomial {
        self.0.iter().map(|(e, a)| (*e, a * by)).collect()
    }

    /// Divided by a number that all its coefficients are multiples of.
    pub(super) fn divided(&self, by: i64) -> Polynomial {
        self.0.iter().map(|(e, a)| (*e, a / by)).collect()
    }

    pub(super) fn minus(&self, other: &Polynomial) -> Polynomial {
        self.plus(&other.scaled(-1))
    }

    pub(super) fn times(&self, other: &Polynomial) -> Polynomial {
        let product = |(e, a): (&Exponents, &i64)| {
            let (e, a) = (*e, *a);
            other.0.iter().map(move |(f, b)| (std::array::from_fn(|i| e[i] + f[i]), a * b)).collect::<Vec<_>>()
        };
        self.0.iter().flat_map(product).collect()
    }

    pub(super) fn power(&self, exponent: u32) -> Polynomial {
        (0..exponent).fold(Polynomial::number(1), |product, _| product.times(self))
    }

    /// The polynomial with polynomials in place of the variables.
    pub(super) fn at(&self, values: &[Polynomial]) -> Polynomial {
        let monomial = |(e, a): (&Exponents, &i64)| {
            values.iter().zip(e).fold(Polynomial::number(*a), |product, (value, n)| product.times(&value.power(*n)))
        };
        self.0.iter().map(monomial).fold(Polynomial::default(), |sum, term| sum.plus(&term))
    }

    /// Its value.
    pub(super) fn value(&self, point: &[i64]) -> i64 {
        self.0.iter().map(|(e, a)| point.iter().zip(e).fold(*a, |product, (x, n)| product * x.pow(*n))).sum()
    }

    /// Its monomials with positive coefficients, and the negatives of the others.
    pub(super) fn signs(&self) -> (Polynomial, Polynomial) {
        let part = |sign: i64| self.0.iter().filter(|(_, a)| **a * sign > 0).map(|(e, a)| (*e, a * sign)).collect();
        (part(1), part(-1))
    }

    pub(super) fn is_zero(&self) -> bool {
        self.0.is_empty()
    }

    /// The polynomial as a term, monomials of high degree first.
    pub(super) fn text(&self, names: &[&str]) -> String {
        written(self.ordered(), names)
    }

    /// As [`Polynomial::text`], the monomials in random order, though a positive one first if there is one.
    pub(super) fn shuffled(&self, rng: &mut Rng, names: &[&str]) -> String {
        let mut monomials = self.ordered();
        rng.shuffle(&mut monomials);
        if let Some(positive) = monomials.iter().position(|(_, a)| *a > 0) {
            monomials.swap(0, positive);
        }
        written(monomials, names)
    }

    fn ordered(&self) -> Vec<(Exponents, i64)> {
        let mut monomials: Vec<_> = self.0.iter().map(|(e, a)| (*e, *a)).collect();
        monomials.sort_by_key(|(e, _)| std::cmp::Reverse((e.iter().sum::<u32>(), *e)));
        monomials
    }
}

impl FromIterator<(Exponents, i64)> for Polynomial {
    fn from_iter<T: IntoIterator<Item = (Exponents, i64)>>(monomials: T) -> Self {
        let mut sum = BTreeMap::new();
        for (exponents, a) in monomials {
            *sum.entry(exponents).or_insert(0) += a;
        }
        sum.retain(|_, a| *a != 0);
        Polynomial(sum)
    }
}

fn written(monomials: Vec<(Exponents, i64)>, names: &[&str]) -> String {
    let mut text = String::new();
    for (exponents, a) in monomials {
        let mut factors: Vec<String> = Vec::new();
        for (name, n) in names.iter().zip(exponents) {
            match n {
                0 => {}
                1 => factors.push((*name).to_owned()),
                n => factors.push(format!("{name} ^ {n}")),
            }
        }
        if a.abs() != 1 || factors.is_empty() {
            factors.insert(0, a.abs().to_string());
        }
        let term = factors.join(" * ");
        match (a < 0, text.is_empty()) {
            (false, true) => text = term,
            (true, true) => text = format!("-{term}"),
            (false, false) => text.push_str(&format!(" + {term}")),
            (true, false) => text.push_str(&format!(" - {term}")),
        }
    }
    if text.is_empty() { signed(0) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_is_expanded() {
        let (x, y) = (Polynomial::variable(0), Polynomial::variable(1));
        let product = x.plus(&y.scaled(2)).times(&x.minus(&y)).minus(&Polynomial::number(3));
        assert_eq!(product.text(&["x", "y"]), "x ^ 2 + x * y - 2 * y ^ 2 - 3");
        assert_eq!(product.value(&[3, 1]), 5 * 2 - 3);
        assert_eq!(product.at(&[y.clone(), y]).text(&["x", "y"]), "-3");
        assert_eq!(x.minus(&x).text(&["x"]), "0");
    }
}

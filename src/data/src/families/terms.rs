//! Terms and systems of equations as the families about numbers write them.

use super::{linear, signed};
use crate::rng::Rng;

/// A term with a number added to it.
pub(super) fn shifted(term: &str, n: i64) -> String {
    match n {
        0 => term.to_owned(),
        1.. => format!("{term} + {n}"),
        _ => format!("{term} - {}", n.abs()),
    }
}

/// `x - r` as a factor.
pub(super) fn less(x: &str, r: i64) -> String {
    if r == 0 { x.to_owned() } else { format!("({})", shifted(x, -r)) }
}

/// `a * x + b`, without what is zero.
pub(super) fn affine(a: i64, x: &str, b: i64) -> String {
    if a == 0 { signed(b) } else { shifted(&linear(&[a], &[x]), b) }
}

/// A rational number in lowest terms: `3 / 4`, `-1 / 2`, `5`. The denominator is not zero.
pub(super) fn fraction(top: i64, bottom: i64) -> String {
    let common = gcd(top, bottom).max(1) * bottom.signum();
    match bottom / common {
        1 => (top / common).to_string(),
        bottom => format!("{} / {bottom}", top / common),
    }
}

/// The greatest common divisor, not negative.
pub(super) fn gcd(a: i64, b: i64) -> i64 {
    let (mut a, mut b) = (a.abs(), b.abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// `row · names` related to a number, each side without negative coefficients, as natural numbers need it.
pub(super) fn balanced(row: &[i64], names: &[&str], relation: &str, bound: i64) -> String {
    let side = |sign: i64, n: i64| {
        let part: Vec<i64> = row.iter().map(|a| (a * sign).max(0)).collect();
        if part.iter().all(|a| *a == 0) { n.max(0).to_string() } else { shifted(&linear(&part, names), n.max(0)) }
    };
    format!("{} {relation} {}", side(1, -bound), side(-1, bound))
}

/// The sum of products.
pub(super) fn dot(row: &[i64], point: &[i64]) -> i64 {
    row.iter().zip(point).map(|(a, x)| a * x).sum()
}

/// Two or three rows with coefficients from `low` to `high` that determine what they are applied to.
pub(super) fn regular(rng: &mut Rng, n: usize, low: i64, high: i64) -> Vec<Vec<i64>> {
    for _ in 0..50 {
        let rows: Vec<Vec<i64>> = (0..n).map(|_| (0..n).map(|_| rng.int(low, high)).collect()).collect();
        if determinant(&rows) != 0 && rows.iter().all(|row| row.iter().filter(|a| **a != 0).count() > 1) {
            return rows;
        }
    }
    (0..n).map(|i| (0..n).map(|j| i64::from(j <= i)).collect()).collect()
}

fn determinant(rows: &[Vec<i64>]) -> i64 {
    match rows.len() {
        0 => 1,
        n => (0..n)
            .map(|j| {
                let minor: Vec<Vec<i64>> = rows[1..].iter().map(|row| [&row[..j], &row[j + 1..]].concat()).collect();
                (if j % 2 == 0 { 1 } else { -1 }) * rows[0][j] * determinant(&minor)
            })
            .sum(),
    }
}

//! Arithmetic as Lean defines it: truncated subtraction, Euclidean division with `x / 0 = 0`, exact rationals. Overflow is unknown.

use super::{
    term::Op,
    value::{Numeric, Value},
};
use std::cmp::Ordering;

/// A rational number in lowest terms; division by zero gives zero.
pub(crate) fn rational(top: i128, bottom: i128) -> Option<Value> {
    if bottom == 0 {
        return Some(Value::Number(Numeric::Rat, 0, 1));
    }
    let common = gcd(top, bottom)? * bottom.signum();
    Some(Value::Number(Numeric::Rat, top / common, bottom / common))
}

/// The greatest common divisor, not negative.
pub(crate) fn gcd(a: i128, b: i128) -> Option<i128> {
    let (mut a, mut b) = (a.checked_abs()?, b.checked_abs()?);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    Some(a)
}

/// The value of an arithmetic operation.
pub(crate) fn compute(op: Op, left: &Value, right: &Value) -> Option<Value> {
    let (Value::Number(kind, a, b), Value::Number(other, c, d)) = (left, right) else { return None };
    if op == Op::Pow {
        return (*other == Numeric::Nat).then(|| power(*kind, (*a, *b), *c))?;
    }
    if kind != other {
        return None;
    }
    if *kind == Numeric::Rat {
        return match op {
            Op::Add => rational(a.checked_mul(*d)?.checked_add(c.checked_mul(*b)?)?, b.checked_mul(*d)?),
            Op::Sub => rational(a.checked_mul(*d)?.checked_sub(c.checked_mul(*b)?)?, b.checked_mul(*d)?),
            Op::Mul => rational(a.checked_mul(*c)?, b.checked_mul(*d)?),
            Op::Div => rational(a.checked_mul(*d)?, b.checked_mul(*c)?),
            _ => None,
        };
    }
    let value = match op {
        Op::Add => a.checked_add(*c)?,
        Op::Sub if *kind == Numeric::Nat => (a - c).max(0),
        Op::Sub => a.checked_sub(*c)?,
        Op::Mul => a.checked_mul(*c)?,
        Op::Div if *c == 0 => 0,
        Op::Div => a.checked_div_euclid(*c)?,
        Op::Mod if *c == 0 => *a,
        Op::Mod => a.checked_rem_euclid(*c)?,
        _ => return None,
    };
    Some(Value::Number(*kind, value, 1))
}

fn power(kind: Numeric, (top, bottom): (i128, i128), exponent: i128) -> Option<Value> {
    let exponent = u32::try_from(exponent).ok()?;
    Some(Value::Number(kind, top.checked_pow(exponent)?, bottom.checked_pow(exponent)?))
}

/// How two numbers of one kind compare.
pub(crate) fn compare(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Number(kind, a, b), Value::Number(other, c, d)) if kind == other => Some(a.checked_mul(*d)?.cmp(&c.checked_mul(*b)?)),
        (Value::Index(a), Value::Index(b)) => Some(a.cmp(b)),
        _ => None,
    }
}

/// Whether one integer divides another.
pub(crate) fn divides(left: &Value, right: &Value) -> Option<bool> {
    match (left, right) {
        (Value::Number(kind, a, _), Value::Number(other, c, _)) if kind == other && *kind != Numeric::Rat => {
            Some(if *a == 0 { *c == 0 } else { c.checked_rem(*a)? == 0 })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn int(n: i128) -> Value {
        Value::Number(Numeric::Int, n, 1)
    }

    #[test]
    fn division_is_leans() {
        assert_eq!(compute(Op::Div, &int(-7), &int(2)), Some(int(-4)));
        assert_eq!(compute(Op::Mod, &int(-7), &int(-2)), Some(int(1)));
        assert_eq!(compute(Op::Div, &int(-7), &int(-2)), Some(int(4)));
        assert_eq!(compute(Op::Mod, &int(5), &int(0)), Some(int(5)));
        assert_eq!(compute(Op::Sub, &Value::nat(2), &Value::nat(5)), Some(Value::nat(0)));
        assert_eq!(compute(Op::Add, &Value::nat(2), &int(5)), None, "kinds are not mixed");
    }
}

//! The operations on `Nat` that are computed by big integers, with what they cost.

use num_bigint::BigUint;

/// A result above this many bits is not computed.
const MAX_BITS: u64 = 1 << 24;

#[derive(Clone, Copy)]
pub(super) enum NatOp {
    Add,
    Sub,
    Mul,
    Div,
    Mod,
    Gcd,
    Pow,
    Beq,
    Ble,
    Land,
    Lor,
    Xor,
    ShiftLeft,
    ShiftRight,
}

/// What an operation gives.
pub(super) enum Value {
    Nat(BigUint),
    Bool(bool),
}

impl NatOp {
    /// All operations, by the last component of their name.
    pub(super) const ALL: [(&str, NatOp); 14] = [
        ("add", NatOp::Add),
        ("sub", NatOp::Sub),
        ("mul", NatOp::Mul),
        ("div", NatOp::Div),
        ("mod", NatOp::Mod),
        ("gcd", NatOp::Gcd),
        ("pow", NatOp::Pow),
        ("beq", NatOp::Beq),
        ("ble", NatOp::Ble),
        ("land", NatOp::Land),
        ("lor", NatOp::Lor),
        ("xor", NatOp::Xor),
        ("shiftLeft", NatOp::ShiftLeft),
        ("shiftRight", NatOp::ShiftRight),
    ];

    /// A bound on the operations on machine words, or `None` where the result would be too large.
    pub(super) fn cost(self, a: &BigUint, b: &BigUint) -> Option<u64> {
        let words = |n: &BigUint| n.bits() / 64 + 1;
        let (wide_a, wide_b) = (words(a), words(b));
        let result_words = |bits: u64| (bits <= MAX_BITS).then_some(bits / 64 + 1);
        match self {
            NatOp::Mul => result_words(a.bits() + b.bits()).map(|_| wide_a * wide_b),
            NatOp::Div | NatOp::Mod => Some(wide_a * wide_b),
            // Euclid's steps are as many as there are bits.
            NatOp::Gcd => Some(64 * wide_a * wide_b),
            NatOp::Pow if a.bits() <= 1 => Some(1),
            NatOp::Pow => result_words(a.bits().checked_mul(u64::try_from(b).ok()?)?).map(|words| words * words),
            NatOp::ShiftLeft => result_words(a.bits().checked_add(u64::try_from(b).ok()?)?),
            _ => Some(wide_a + wide_b),
        }
    }

    /// The result. Only to be asked for what has a [cost](NatOp::cost).
    pub(super) fn apply(self, a: BigUint, b: BigUint) -> Option<Value> {
        let zero = BigUint::ZERO;
        Some(Value::Nat(match self {
            NatOp::Add => a + b,
            NatOp::Sub if a < b => zero,
            NatOp::Sub => a - b,
            NatOp::Mul => a * b,
            NatOp::Div if b == zero => zero,
            NatOp::Div => a / b,
            NatOp::Mod if b == zero => a,
            NatOp::Mod => a % b,
            NatOp::Gcd => gcd(a, b),
            NatOp::Pow if b == zero => BigUint::from(1_u32),
            NatOp::Pow if a.bits() <= 1 => a,
            NatOp::Pow => a.pow(u32::try_from(b).ok()?),
            NatOp::Beq => return Some(Value::Bool(a == b)),
            NatOp::Ble => return Some(Value::Bool(a <= b)),
            NatOp::Land => a & b,
            NatOp::Lor => a | b,
            NatOp::Xor => a ^ b,
            NatOp::ShiftLeft => a << u64::try_from(b).ok()?,
            NatOp::ShiftRight => u64::try_from(b).map_or(zero, |by| a >> by),
        }))
    }
}

fn gcd(mut a: BigUint, mut b: BigUint) -> BigUint {
    while b != BigUint::ZERO {
        (a, b) = (b.clone(), a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nat(op: NatOp, a: u32, b: u32) -> Option<BigUint> {
        let (a, b) = (BigUint::from(a), BigUint::from(b));
        op.cost(&a, &b)?;
        match op.apply(a, b)? {
            Value::Nat(n) => Some(n),
            Value::Bool(_) => None,
        }
    }

    #[test]
    fn operations_agree_with_machine_arithmetic() {
        for a in 0_u32..20 {
            for b in 0_u32..20 {
                let divisor = (1..=20).rev().find(|d| a % d == 0 && b % d == 0).unwrap_or(1);
                let expected = [
                    (NatOp::Add, Some(a + b)),
                    (NatOp::Sub, Some(a.saturating_sub(b))),
                    (NatOp::Mul, Some(a * b)),
                    (NatOp::Div, Some(a.checked_div(b).unwrap_or(0))),
                    (NatOp::Mod, Some(a.checked_rem(b).unwrap_or(a))),
                    (NatOp::Gcd, Some(if a == 0 && b == 0 { 0 } else { divisor })),
                    (NatOp::Pow, a.checked_pow(b)),
                    (NatOp::Land, Some(a & b)),
                    (NatOp::Lor, Some(a | b)),
                    (NatOp::Xor, Some(a ^ b)),
                    (NatOp::ShiftLeft, Some(a << b)),
                    (NatOp::ShiftRight, Some(a >> b)),
                ];
                for (op, expected) in expected {
                    if let Some(expected) = expected {
                        assert_eq!(nat(op, a, b), Some(expected.into()), "{a} {b}");
                    }
                }
            }
        }
    }

    #[test]
    fn results_beyond_memory_are_not_computed() {
        assert_eq!(nat(NatOp::Pow, 2, u32::MAX), None);
        assert_eq!(nat(NatOp::ShiftLeft, 1, u32::MAX), None);
        assert_eq!(nat(NatOp::Pow, 1, u32::MAX), Some(1_u32.into()));
        assert_eq!(nat(NatOp::Pow, 0, u32::MAX), Some(BigUint::ZERO));
    }
}

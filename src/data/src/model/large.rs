//! Residues of natural numbers too large to be computed: `2 ^ 2000 % 7`, `10 ∣ 3 ^ 444 + 9`.

use super::{
    eval::{Env, Machine},
    term::{Op, Term},
    value::{Numeric, Value},
};

/// Moduli from here on are left alone: products of residues have to fit.
const LARGEST: i128 = 1 << 60;

impl Machine<'_> {
    /// The value of `left % right` or `left ∣ right`, by residues of sums, products and powers. `None` unless all is natural.
    pub(crate) fn by_residues(&self, op: Op, left: &Term, right: &Term, env: &mut Env) -> Option<Value> {
        let (large, modulus) = match op {
            Op::Mod => (left, right),
            Op::Dvd => (right, left),
            _ => return None,
        };
        let modulus = natural(&self.eval(modulus, env, None)?).filter(|m| (1..LARGEST).contains(m))?;
        let residue = self.residue(large, modulus, env)?;
        Some(if op == Op::Mod { Value::nat(residue) } else { Value::Truth(residue == 0) })
    }

    fn residue(&self, term: &Term, modulus: i128, env: &mut Env) -> Option<i128> {
        Some(match term {
            Term::Binary(Op::Add, a, b) => (self.residue(a, modulus, env)? + self.residue(b, modulus, env)?) % modulus,
            Term::Binary(Op::Mul, a, b) => (self.residue(a, modulus, env)? * self.residue(b, modulus, env)?) % modulus,
            Term::Binary(Op::Pow, base, exponent) => {
                let mut exponent = natural(&self.eval(exponent, env, None)?)?;
                let mut square = self.residue(base, modulus, env)?;
                let mut power = 1 % modulus;
                while exponent > 0 {
                    if exponent % 2 == 1 {
                        power = power * square % modulus;
                    }
                    square = square * square % modulus;
                    exponent /= 2;
                }
                power
            }
            other => natural(&self.eval(other, env, None)?)? % modulus,
        })
    }
}

fn natural(value: &Value) -> Option<i128> {
    match value {
        Value::Number(Numeric::Nat, n, 1) => Some(*n),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{definitions::Globals, parse};
    use super::*;

    fn truth(text: &str) -> Option<bool> {
        let globals = Globals::new(&[])?;
        Machine::new(&globals).truth(&parse::term(text)?, &mut Vec::new())
    }

    #[test]
    fn large_powers_have_residues_but_no_values() {
        assert_eq!(truth("(2 ^ 2000 + 3 * 5 ^ 300) % 7 = 0"), Some(true));
        assert_eq!(truth("10 ∣ 3 ^ 444 + 9"), Some(true));
        assert_eq!(truth("10 ∣ 3 ^ 444 + 8"), Some(false));
        assert_eq!(truth("2 ^ 2000 < 3 ^ 2000"), None);
        assert_eq!(truth("(2 : Int) ^ 2000 % 7 = 4"), None);
    }
}

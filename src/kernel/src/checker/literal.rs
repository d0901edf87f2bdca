//! Literals of `Nat` and `String`: their constructors, and arithmetic on them.
//!
//! Arithmetic by big integers stands for unfolding the library's definitions of the same names. That the names mean those
//! definitions is ensured elsewhere: they cannot be declared by what is being checked, only by the trusted library.

use super::Checker;
use crate::error::Step;
use crate::term::{Expr, ExprNode, Level, Name, Nat, Str, Terms};
use num_bigint::BigUint;
use rustc_hash::FxHashMap;

/// A result of `Nat` arithmetic above this many bits is not computed.
const MAX_BITS: u64 = 1 << 24;

#[derive(Clone, Copy)]
enum NatOp {
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

/// Names that mean something to the checker.
pub(super) struct Known {
    pub(super) nat: Name,
    pub(super) string: Name,
    zero: Name,
    succ: Name,
    log2: Name,
    binary: FxHashMap<Name, NatOp>,
    true_: Name,
    false_: Name,
    string_of_list: Name,
    list_nil: Name,
    list_cons: Name,
    char: Name,
    char_of_nat: Name,
}

/// The names of [`Known`], which only a trusted library may declare.
pub(crate) const RESERVED: [&str; 28] = [
    "Nat",
    "Nat.zero",
    "Nat.succ",
    "Nat.rec",
    "Nat.log2",
    "Nat.add",
    "Nat.sub",
    "Nat.mul",
    "Nat.div",
    "Nat.mod",
    "Nat.gcd",
    "Nat.pow",
    "Nat.beq",
    "Nat.ble",
    "Nat.land",
    "Nat.lor",
    "Nat.xor",
    "Nat.shiftLeft",
    "Nat.shiftRight",
    "Bool",
    "Bool.true",
    "Bool.false",
    "String",
    "String.ofList",
    "List",
    "List.nil",
    "List.cons",
    "Char.ofNat",
];

impl Known {
    pub(super) fn new(terms: &mut Terms) -> Known {
        let ops = [
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
        let nat = terms.mk_name("Nat");
        Known {
            nat,
            string: terms.mk_name("String"),
            zero: terms.mk_name("Nat.zero"),
            succ: terms.mk_name("Nat.succ"),
            log2: terms.mk_name("Nat.log2"),
            binary: ops.into_iter().map(|(name, op)| (terms.mk_name_str(nat, name), op)).collect(),
            true_: terms.mk_name("Bool.true"),
            false_: terms.mk_name("Bool.false"),
            string_of_list: terms.mk_name("String.ofList"),
            list_nil: terms.mk_name("List.nil"),
            list_cons: terms.mk_name("List.cons"),
            char: terms.mk_name("Char"),
            char_of_nat: terms.mk_name("Char.ofNat"),
        }
    }
}

impl Checker<'_> {
    /// `0` as `Nat.zero`, `n + 1` as `Nat.succ n`.
    pub(super) fn nat_to_constructor(&mut self, value: Nat) -> Step<Expr> {
        let value = self.env.terms.nat(value).clone();
        if value == BigUint::ZERO {
            let zero = self.known.zero;
            return Ok(self.terms().mk_const(zero, &[]));
        }
        let succ = self.known.succ;
        let succ = self.terms().mk_const(succ, &[]);
        let pred = self.terms().mk_nat_lit(value - 1_u32);
        Ok(self.terms().mk_app(succ, pred))
    }

    /// A string literal as `String.ofList` of its characters.
    pub(super) fn string_to_constructor(&mut self, text: Str) -> Step<Expr> {
        let Known { string_of_list, list_nil, list_cons, char, char_of_nat, .. } = self.known;
        let text = self.env.terms.str(text).to_owned();
        let terms = self.terms();
        let char = terms.mk_const(char, &[]);
        let of_nat = terms.mk_const(char_of_nat, &[]);
        let cons = terms.mk_const(list_cons, &[Level::ZERO]);
        let cons = terms.mk_app(cons, char);
        let nil = terms.mk_const(list_nil, &[Level::ZERO]);
        let mut list = terms.mk_app(nil, char);
        for c in text.chars().rev() {
            let code = terms.mk_nat_lit(BigUint::from(u32::from(c)));
            let c = terms.mk_app(of_nat, code);
            list = terms.mk_apps(cons, &[c, list]);
        }
        let of_list = terms.mk_const(string_of_list, &[]);
        Ok(terms.mk_app(of_list, list))
    }

    pub(super) fn is_bool_true(&self, e: Expr) -> bool {
        self.as_const(e).is_some_and(|(name, _)| name == self.known.true_)
    }

    /// Whether `e` is `0`, in either form.
    pub(super) fn is_nat_zero(&self, e: Expr) -> bool {
        match self.node(e) {
            ExprNode::NatLit(value) => *self.env.terms.nat(value) == BigUint::ZERO,
            ExprNode::Const(name, _) => name == self.known.zero,
            _ => false,
        }
    }

    /// The predecessor of a literal or of a `Nat.succ` application.
    pub(super) fn nat_pred(&mut self, e: Expr) -> Option<Expr> {
        match self.node(e) {
            ExprNode::NatLit(value) => {
                let value = self.env.terms.nat(value).clone();
                (value != BigUint::ZERO).then(|| self.terms().mk_nat_lit(value - 1_u32))
            }
            ExprNode::App(f, pred) if self.as_const(f).is_some_and(|(name, _)| name == self.known.succ) => Some(pred),
            _ => None,
        }
    }

    /// Reduces `e` and reads it as a literal.
    fn nat_value(&mut self, e: Expr) -> Step<Option<BigUint>> {
        let e = self.whnf(e)?;
        Ok(match self.node(e) {
            ExprNode::NatLit(value) => Some(self.env.terms.nat(value).clone()),
            ExprNode::Const(name, _) if name == self.known.zero => Some(BigUint::ZERO),
            _ => None,
        })
    }

    /// Arithmetic on closed arguments that reduce to literals.
    pub(super) fn reduce_nat(&mut self, e: Expr) -> Step<Option<Expr>> {
        let ExprNode::App(f, last) = self.node(e) else { return Ok(None) };
        if self.env.terms.has_fvars(e) {
            return Ok(None);
        }
        match self.node(f) {
            ExprNode::Const(name, _) if name == self.known.succ => {
                let value = self.nat_value(last)?;
                Ok(value.map(|n| self.terms().mk_nat_lit(n + 1_u32)))
            }
            ExprNode::Const(name, _) if name == self.known.log2 => {
                let value = self.nat_value(last)?;
                Ok(value.map(|n| self.terms().mk_nat_lit(BigUint::from(n.bits().saturating_sub(1)))))
            }
            ExprNode::App(op, first) => {
                let Some((name, _)) = self.as_const(op) else { return Ok(None) };
                let Some(op) = self.known.binary.get(&name).copied() else { return Ok(None) };
                let Some(a) = self.nat_value(first)? else { return Ok(None) };
                let Some(b) = self.nat_value(last)? else { return Ok(None) };
                Ok(self.apply(op, a, b))
            }
            _ => Ok(None),
        }
    }

    fn apply(&mut self, op: NatOp, a: BigUint, b: BigUint) -> Option<Expr> {
        let small = |n: &BigUint| u64::try_from(n).ok().filter(|n| *n <= MAX_BITS);
        let value = match op {
            NatOp::Add => a + b,
            NatOp::Sub => {
                if a > b {
                    a - b
                } else {
                    BigUint::ZERO
                }
            }
            NatOp::Mul => (a.bits() + b.bits() <= MAX_BITS).then(|| a * b)?,
            NatOp::Div => {
                if b == BigUint::ZERO {
                    b
                } else {
                    a / b
                }
            }
            NatOp::Mod => {
                if b == BigUint::ZERO {
                    a
                } else {
                    a % b
                }
            }
            NatOp::Gcd => gcd(a, b),
            NatOp::Pow => {
                let exponent = small(&b)?;
                (a.bits().checked_mul(exponent)? <= MAX_BITS).then(|| a.pow(exponent as u32))?
            }
            NatOp::Beq => return Some(self.mk_bool(a == b)),
            NatOp::Ble => return Some(self.mk_bool(a <= b)),
            NatOp::Land => a & b,
            NatOp::Lor => a | b,
            NatOp::Xor => a ^ b,
            NatOp::ShiftLeft => {
                let by = small(&b)?;
                (a.bits() + by <= MAX_BITS).then(|| a << by)?
            }
            NatOp::ShiftRight => match u64::try_from(&b) {
                Ok(by) => a >> by,
                Err(_) => BigUint::ZERO,
            },
        };
        Some(self.terms().mk_nat_lit(value))
    }

    fn mk_bool(&mut self, value: bool) -> Expr {
        let name = if value { self.known.true_ } else { self.known.false_ };
        self.terms().mk_const(name, &[])
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

    #[test]
    fn every_name_that_has_a_meaning_here_is_reserved() {
        let mut terms = Terms::new();
        let known = Known::new(&mut terms);
        let reserved: Vec<Name> = RESERVED.iter().map(|name| terms.mk_name(name)).collect();
        let fixed = [known.nat, known.string, known.zero, known.succ, known.log2, known.true_, known.false_, known.string_of_list];
        let lists = [known.list_nil, known.list_cons, known.char_of_nat];
        for name in fixed.into_iter().chain(lists).chain(known.binary.into_keys()) {
            assert!(reserved.contains(&name), "{}", terms.name_text(name));
        }
    }

    #[test]
    fn gcd_agrees_with_its_definition_on_small_numbers() {
        for a in 0_u32..30 {
            for b in 0_u32..30 {
                let expected = (1..=30).rev().find(|d| a % d == 0 && b % d == 0).unwrap_or(1);
                let expected = if a == 0 && b == 0 { 0 } else { expected };
                assert_eq!(gcd(a.into(), b.into()), expected.into(), "{a} {b}");
            }
        }
    }
}

//! Literals of `Nat` and `String`: their constructors, and arithmetic on them.
//!
//! Arithmetic by big integers stands for unfolding the library's definitions of the same names. That the names mean those
//! definitions is ensured elsewhere: they cannot be declared by what is being checked, only by the trusted library.

use super::Checker;
use super::arithmetic::{NatOp, Value};
use crate::error::Step;
use crate::term::{Expr, ExprNode, Level, Name, Nat, Str, Terms};
use num_bigint::BigUint;
use rustc_hash::FxHashMap;

/// How many operations on machine words make a step.
const WORDS_PER_STEP: u64 = 1000;

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
pub(crate) const RESERVED: [&str; 29] = [
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
    "Char",
    "Char.ofNat",
];

impl Known {
    pub(super) fn new(terms: &mut Terms) -> Known {
        let nat = terms.mk_name("Nat");
        Known {
            nat,
            string: terms.mk_name("String"),
            zero: terms.mk_name("Nat.zero"),
            succ: terms.mk_name("Nat.succ"),
            log2: terms.mk_name("Nat.log2"),
            binary: NatOp::ALL.into_iter().map(|(name, op)| (terms.mk_name_str(nat, name), op)).collect(),
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
                self.compute(op, a, b)
            }
            _ => Ok(None),
        }
    }

    fn compute(&mut self, op: NatOp, a: BigUint, b: BigUint) -> Step<Option<Expr>> {
        let Some(words) = op.cost(&a, &b) else { return Ok(None) };
        self.spend(words / WORDS_PER_STEP)?;
        Ok(op.apply(a, b).map(|value| match value {
            Value::Nat(value) => self.terms().mk_nat_lit(value),
            Value::Bool(value) => {
                let name = if value { self.known.true_ } else { self.known.false_ };
                self.terms().mk_const(name, &[])
            }
        }))
    }
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
}

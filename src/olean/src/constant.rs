//! From stored `ConstantInfo`s to declarations.

use crate::decode::Decoder;
use crate::error::{Error, Result};
use crate::image::{Addr, Value};
use crate::object::Constructor as Node;
use prove_kernel::declaration::{
    Constructor, Declaration, Inductive, Kind, QuotKind, Recursor, RecursorRule, ReducibilityHints, Safety, Signature,
};

/// The kind of a constant: which constructor of `ConstantInfo`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConstantKind {
    /// `axiom`; at the exported level also what the exporting module keeps to itself.
    Axiom,
    /// `def`, `abbrev`, `instance`, and what they are compiled to.
    Definition,
    /// `theorem`
    Theorem,
    /// `opaque`, `partial def`
    Opaque,
    /// One of the four quotient primitives.
    Quot,
    /// `inductive`, `structure`, `class`
    Inductive,
    /// A constructor.
    Constructor,
    /// A recursor.
    Recursor,
}

impl ConstantKind {
    /// By the position of the constructor in `ConstantInfo`.
    pub(crate) fn of_info_tag(tag: u8) -> Option<ConstantKind> {
        use ConstantKind::*;
        [Axiom, Definition, Theorem, Opaque, Quot, Inductive, Constructor, Recursor].get(usize::from(tag)).copied()
    }

    /// By the position of the constructor in `ConstantKind`, the enumeration that Lean's extensions store.
    pub(crate) fn of_kind_tag(tag: u64) -> Option<ConstantKind> {
        use ConstantKind::*;
        let index = usize::try_from(tag).ok()?;
        [Definition, Theorem, Axiom, Opaque, Quot, Inductive, Constructor, Recursor].get(index).copied()
    }

    /// The kind of a decoded declaration.
    pub fn of(declaration: &Declaration) -> ConstantKind {
        match declaration.kind {
            Kind::Axiom { .. } => ConstantKind::Axiom,
            Kind::Definition { .. } => ConstantKind::Definition,
            Kind::Theorem { .. } => ConstantKind::Theorem,
            Kind::Opaque { .. } => ConstantKind::Opaque,
            Kind::Quot(_) => ConstantKind::Quot,
            Kind::Inductive(_) => ConstantKind::Inductive,
            Kind::Constructor(_) => ConstantKind::Constructor,
            Kind::Recursor(_) => ConstantKind::Recursor,
        }
    }
}

fn damaged<T>(at: Addr, what: &'static str) -> Result<T> {
    Err(Error::Damaged { at: at.0, what })
}

impl Decoder<'_> {
    /// The kind of a stored constant, without decoding it.
    pub fn constant_kind(&self, constant: Value, holder: Addr) -> Result<ConstantKind> {
        let info = self.image.constructor(constant, holder)?;
        ConstantKind::of_info_tag(info.tag()).ok_or(Error::Damaged { at: info.addr().0, what: "expected a constant" })
    }

    /// A constant.
    pub fn declaration(&mut self, constant: Value, holder: Addr) -> Result<Declaration> {
        let info = self.image.constructor(constant, holder)?;
        let [value] = info.fields()?;
        let node = self.image.constructor(value, info.addr())?;
        // Decoding the same constant again costs its lists again: account for them the first time only.
        let work = self.memo.work;
        let declaration = self.declaration_of(info.tag(), node)?;
        if !self.memo.declarations.insert(info.addr()) {
            self.memo.work = work;
        }
        Ok(declaration)
    }

    fn declaration_of(&mut self, tag: u8, node: Node<'_>) -> Result<Declaration> {
        let at = node.addr();
        let (base, kind) = match tag {
            0 => {
                let [base] = node.fields()?;
                (base, Kind::Axiom { is_unsafe: node.flag(0)? })
            }
            1 => {
                let [base, value, hints, all] = node.fields()?;
                let value = self.expr(value, at)?;
                let safety = match node.byte(0)? {
                    0 => Safety::Unsafe,
                    1 => Safety::Safe,
                    2 => Safety::Partial,
                    _ => return damaged(at, "expected a safety"),
                };
                (base, Kind::Definition { value, hints: self.hints(hints, at)?, safety, all: self.names(all, at)? })
            }
            2 => {
                let [base, value, all] = node.fields()?;
                (base, Kind::Theorem { value: self.expr(value, at)?, all: self.names(all, at)? })
            }
            3 => {
                let [base, value, all] = node.fields()?;
                let value = self.expr(value, at)?;
                (base, Kind::Opaque { value, is_unsafe: node.flag(0)?, all: self.names(all, at)? })
            }
            4 => {
                let [base] = node.fields()?;
                let kind = match node.byte(0)? {
                    0 => QuotKind::Type,
                    1 => QuotKind::Ctor,
                    2 => QuotKind::Lift,
                    3 => QuotKind::Ind,
                    _ => return damaged(at, "expected a kind of quotient primitive"),
                };
                (base, Kind::Quot(kind))
            }
            5 => self.inductive(node)?,
            6 => self.constructor(node)?,
            7 => self.recursor(node)?,
            _ => return damaged(at, "expected a constant"),
        };
        Ok(Declaration { signature: self.signature(base, at)?, kind })
    }

    fn signature(&mut self, base: Value, holder: Addr) -> Result<Signature> {
        let node = self.image.constructor(base, holder)?;
        let [name, level_params, ty] = node.fields()?;
        let at = node.addr();
        Ok(Signature { name: self.name(name, at)?, level_params: self.names(level_params, at)?, ty: self.expr(ty, at)? })
    }

    fn hints(&self, hints: Value, holder: Addr) -> Result<ReducibilityHints> {
        match hints {
            Value::Scalar(0) => Ok(ReducibilityHints::Opaque),
            Value::Scalar(1) => Ok(ReducibilityHints::Abbrev),
            Value::Scalar(_) => damaged(holder, "expected reducibility hints"),
            Value::Object(addr) => {
                let node = self.image.constructor(hints, holder)?;
                match node.tag() {
                    2 => Ok(ReducibilityHints::Regular(node.u32(0)?)),
                    _ => damaged(addr, "expected reducibility hints"),
                }
            }
        }
    }

    fn inductive(&mut self, node: Node<'_>) -> Result<(Value, Kind)> {
        let at = node.addr();
        let [base, num_params, num_indices, all, ctors, num_nested] = node.fields()?;
        let inductive = Inductive {
            num_params: self.small(num_params, at, "parameters")?,
            num_indices: self.small(num_indices, at, "indices")?,
            all: self.names(all, at)?,
            ctors: self.names(ctors, at)?,
            num_nested: self.small(num_nested, at, "nested types")?,
            is_rec: node.flag(0)?,
            is_unsafe: node.flag(1)?,
            is_reflexive: node.flag(2)?,
        };
        Ok((base, Kind::Inductive(inductive)))
    }

    fn constructor(&mut self, node: Node<'_>) -> Result<(Value, Kind)> {
        let at = node.addr();
        let [base, induct, index, num_params, num_fields] = node.fields()?;
        let constructor = Constructor {
            induct: self.name(induct, at)?,
            index: self.small(index, at, "constructors")?,
            num_params: self.small(num_params, at, "parameters")?,
            num_fields: self.small(num_fields, at, "fields")?,
            is_unsafe: node.flag(0)?,
        };
        Ok((base, Kind::Constructor(constructor)))
    }

    fn recursor(&mut self, node: Node<'_>) -> Result<(Value, Kind)> {
        let at = node.addr();
        let [base, all, num_params, num_indices, num_motives, num_minors, rules] = node.fields()?;
        let recursor = Recursor {
            all: self.names(all, at)?,
            num_params: self.small(num_params, at, "parameters")?,
            num_indices: self.small(num_indices, at, "indices")?,
            num_motives: self.small(num_motives, at, "motives")?,
            num_minors: self.small(num_minors, at, "minor premises")?,
            rules: self.list(rules, at)?.into_iter().map(|rule| self.rule(rule, at)).collect::<Result<_>>()?,
            k: node.flag(0)?,
            is_unsafe: node.flag(1)?,
        };
        Ok((base, Kind::Recursor(recursor)))
    }

    fn rule(&mut self, rule: Value, holder: Addr) -> Result<RecursorRule> {
        let node = self.image.constructor(rule, holder)?;
        let [ctor, num_fields, rhs] = node.fields()?;
        let at = node.addr();
        Ok(RecursorRule { ctor: self.name(ctor, at)?, num_fields: self.small(num_fields, at, "fields")?, rhs: self.expr(rhs, at)? })
    }
}

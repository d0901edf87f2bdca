//! Whether two files, elaborated apart, mean the same by one name.
//!
//! The files are decoded into one arena, so a name or level is the same exactly when its id is. Types are compared node by node,
//! binder infos included. A constant that is new in the files is compared too, by its own type and value, and so on: a helper
//! definition that keeps its name and changes its body changes every statement that mentions it.
//!
//! Theorems are compared by their statements only, since the logic does not tell proofs apart.
//!
//! Lean makes auxiliary constants for the matches and proofs inside a term, and one constant for all places in a file that need
//! the same: its name, the names of its variables and of its universe parameters come from the place that was first. So, unless
//! everything is to count, two auxiliary constants may have different names (`foo.match_1`, `bar.match_2`), and all that counts
//! of them is what the logic sees.

use super::Declared;
use prove_kernel::declaration::Kind;
use prove_kernel::term::{BinderInfo, Expr, ExprNode, Level, LevelNode, Name, NameNode, Terms};
use rustc_hash::FxHashSet;

/// How far names of bound variables count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinderNames {
    /// As stored, with the scopes Lean adds to names that nobody wrote. These hold numbers that change with anything before them
    /// in the file.
    Exact,
    /// Without those scopes.
    Unscoped,
    /// Not at all.
    Ignored,
}

/// What counts as a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Strictness {
    /// Whether the presence of metadata counts (what it says is never seen).
    pub metadata: bool,
    /// How far names of bound variables count.
    pub binder_names: BinderNames,
}

impl Strictness {
    /// Everything counts.
    pub const EXACT: Strictness = Strictness { metadata: true, binder_names: BinderNames::Exact };
    /// What a reader of the statement could see counts.
    pub const STATEMENT: Strictness = Strictness { metadata: false, binder_names: BinderNames::Unscoped };
    /// What the logic sees counts, and binder infos.
    pub const MEANING: Strictness = Strictness { metadata: false, binder_names: BinderNames::Ignored };
}

/// The first difference found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Difference {
    /// The constant whose declarations differ: the compared one, or one that its type mentions.
    pub constant: Name,
    /// In what.
    pub what: Aspect,
}

/// In what two declarations differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Aspect {
    /// Only one of the files declares it.
    Existence,
    /// Definition, theorem, axiom..., or their flags and numbers.
    Kind,
    /// The universe parameters.
    LevelParams,
    /// The type.
    Type,
    /// The value.
    Value,
}

impl std::fmt::Display for Aspect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Aspect::Existence => "only one of the files declares it",
            Aspect::Kind => "another kind of declaration",
            Aspect::LevelParams => "other universe parameters",
            Aspect::Type => "another type",
            Aspect::Value => "another value",
        })
    }
}

/// Compares the type and universe parameters of a constant in two files, and all that they mention; not the constant's kind and
/// value. `None`: the same.
pub fn compare(terms: &Terms, a: &Declared, b: &Declared, name: Name, strictness: Strictness) -> Option<Difference> {
    let mut comparison = Comparison {
        terms,
        a,
        b,
        strictness,
        binder_names: strictness.binder_names,
        params: Vec::new(),
        seen: FxHashSet::default(),
        assumed: FxHashSet::default(),
        pending: Vec::new(),
    };
    let (Some(in_a), Some(in_b)) = (a.get(name), b.get(name)) else {
        return Some(Difference { constant: name, what: Aspect::Existence });
    };
    if in_a.signature.level_params != in_b.signature.level_params {
        return Some(Difference { constant: name, what: Aspect::LevelParams });
    }
    if !comparison.exprs(in_a.signature.ty, in_b.signature.ty) {
        return Some(Difference { constant: name, what: Aspect::Type });
    }
    // The constant itself may be mentioned further down: then as a whole.
    while let Some((in_a, in_b)) = comparison.pending.pop() {
        if let Err(what) = comparison.constants(in_a, in_b) {
            return Some(Difference { constant: in_a, what });
        }
    }
    None
}

struct Comparison<'a> {
    terms: &'a Terms,
    a: &'a Declared,
    b: &'a Declared,
    strictness: Strictness,
    /// For the constants at hand: how far names of bound variables count.
    binder_names: BinderNames,
    /// For the constants at hand: universe parameters of both, where they correspond without being the same.
    params: Vec<(Name, Name)>,
    /// For the constants at hand: pairs of expressions found the same, if the assumed constants are.
    seen: FxHashSet<(Expr, Expr)>,
    /// Pairs of constants taken to be the same; each is pending until it is found so.
    assumed: FxHashSet<(Name, Name)>,
    pending: Vec<(Name, Name)>,
}

type Outcome = Result<(), Aspect>;

fn require(condition: bool, otherwise: Aspect) -> Outcome {
    if condition { Ok(()) } else { Err(otherwise) }
}

impl Comparison<'_> {
    fn constants(&mut self, in_a: Name, in_b: Name) -> Outcome {
        let (a, b) = match (self.a.get(in_a), self.b.get(in_b)) {
            (None, None) => return Ok(()),
            (Some(a), Some(b)) => (a, b),
            _ => return Err(Aspect::Existence),
        };
        let (a_params, b_params) = (&a.signature.level_params, &b.signature.level_params);
        self.seen.clear();
        self.params.clear();
        self.binder_names = self.strictness.binder_names;
        if self.may_be_renamed(in_a, in_b) {
            require(a_params.len() == b_params.len(), Aspect::LevelParams)?;
            self.params.extend(a_params.iter().copied().zip(b_params.iter().copied()));
            self.binder_names = BinderNames::Ignored;
        } else {
            require(a_params == b_params, Aspect::LevelParams)?;
        }
        require(self.exprs(a.signature.ty, b.signature.ty), Aspect::Type)?;
        if self.strictness != Strictness::EXACT {
            // The elaborator names variables inside a value as it pleases, and no statement shows them.
            self.binder_names = BinderNames::Ignored;
        }
        self.kinds(&a.kind, &b.kind)
    }

    fn kinds(&mut self, a: &Kind, b: &Kind) -> Outcome {
        match (a, b) {
            (Kind::Theorem { .. }, Kind::Theorem { .. }) => Ok(()),
            (Kind::Axiom { is_unsafe: a }, Kind::Axiom { is_unsafe: b }) => require(a == b, Aspect::Kind),
            (Kind::Definition { value: a, safety: a_safety, .. }, Kind::Definition { value: b, safety: b_safety, .. }) => {
                require(a_safety == b_safety, Aspect::Kind)?;
                require(self.exprs(*a, *b), Aspect::Value)
            }
            (Kind::Opaque { value: a, is_unsafe: a_unsafe, .. }, Kind::Opaque { value: b, is_unsafe: b_unsafe, .. }) => {
                require(a_unsafe == b_unsafe, Aspect::Kind)?;
                require(self.exprs(*a, *b), Aspect::Value)
            }
            (Kind::Quot(a), Kind::Quot(b)) => require(a == b, Aspect::Kind),
            (Kind::Inductive(a), Kind::Inductive(b)) => {
                require(a == b, Aspect::Kind)?;
                self.names(a.all.iter().chain(&a.ctors));
                Ok(())
            }
            (Kind::Constructor(a), Kind::Constructor(b)) => {
                require(a == b, Aspect::Kind)?;
                self.names(std::iter::once(&a.induct));
                Ok(())
            }
            (Kind::Recursor(a), Kind::Recursor(b)) => {
                let rules_agree = a.rules.len() == b.rules.len()
                    && a.rules
                        .iter()
                        .zip(&b.rules)
                        .all(|(a, b)| a.ctor == b.ctor && a.num_fields == b.num_fields && self.exprs(a.rhs, b.rhs));
                require(rules_agree, Aspect::Value)?;
                let numbers =
                    |r: &prove_kernel::declaration::Recursor| (r.num_params, r.num_indices, r.num_motives, r.num_minors, r.k, r.is_unsafe);
                require(a.all == b.all && numbers(a) == numbers(b), Aspect::Kind)?;
                self.names(a.all.iter());
                Ok(())
            }
            _ => Err(Aspect::Kind),
        }
    }

    fn names<'n>(&mut self, names: impl Iterator<Item = &'n Name>) {
        for name in names {
            self.assume(*name, *name);
        }
    }

    fn assume(&mut self, in_a: Name, in_b: Name) {
        if self.assumed.insert((in_a, in_b)) {
            self.pending.push((in_a, in_b));
        }
    }

    fn exprs(&mut self, a: Expr, b: Expr) -> bool {
        let mut stack = vec![(a, b)];
        while let Some((a, b)) = stack.pop() {
            let (a, b) = (self.significant(a), self.significant(b));
            if !self.seen.insert((a, b)) {
                continue;
            }
            let same = match (self.terms.expr(a), self.terms.expr(b)) {
                (ExprNode::Const(a, a_levels), ExprNode::Const(b, b_levels)) => {
                    self.levels(self.terms.levels(a_levels), self.terms.levels(b_levels)) && self.constant_names(a, b)
                }
                (ExprNode::Sort(a), ExprNode::Sort(b)) => self.levels(&[a], &[b]),
                (ExprNode::App(af, aa), ExprNode::App(bf, ba)) => {
                    stack.extend([(aa, ba), (af, bf)]);
                    true
                }
                (ExprNode::Lam(a, a_body), ExprNode::Lam(b, b_body)) | (ExprNode::Forall(a, a_body), ExprNode::Forall(b, b_body)) => {
                    stack.extend([(a_body, b_body), (a.ty, b.ty)]);
                    self.binders((a.name, a.info), (b.name, b.info))
                }
                (
                    ExprNode::Let { name: an, ty: at, value: av, body: ab, nondep: a },
                    ExprNode::Let { name: bn, ty: bt, value: bv, body: bb, nondep: b },
                ) => {
                    stack.extend([(ab, bb), (av, bv), (at, bt)]);
                    a == b && self.binders((an, BinderInfo::Default), (bn, BinderInfo::Default))
                }
                (ExprNode::MData(a), ExprNode::MData(b)) => {
                    stack.push((a, b));
                    true
                }
                (ExprNode::Proj(a_structure, a_field, a), ExprNode::Proj(b_structure, b_field, b)) => {
                    stack.push((a, b));
                    a_field == b_field && self.constant_names(a_structure, b_structure)
                }
                // Leaves are the same exactly when their ids are.
                _ => a == b,
            };
            if !same {
                return false;
            }
        }
        true
    }

    /// The expression below metadata, where that does not count.
    fn significant(&self, mut expr: Expr) -> Expr {
        while !self.strictness.metadata
            && let ExprNode::MData(inner) = self.terms.expr(expr)
        {
            expr = inner;
        }
        expr
    }

    /// Whether levels are the same, if corresponding universe parameters are.
    fn levels(&self, a: &[Level], b: &[Level]) -> bool {
        if self.params.is_empty() {
            return a == b;
        }
        let mut seen = FxHashSet::default();
        let mut stack: Vec<(Level, Level)> = a.iter().copied().zip(b.iter().copied()).collect();
        while let Some((a, b)) = stack.pop() {
            if !seen.insert((a, b)) {
                continue;
            }
            match (self.terms.level(a), self.terms.level(b)) {
                (LevelNode::Zero, LevelNode::Zero) => {}
                (LevelNode::Succ(a), LevelNode::Succ(b)) => stack.push((a, b)),
                (LevelNode::Max(a, c), LevelNode::Max(b, d)) | (LevelNode::IMax(a, c), LevelNode::IMax(b, d)) => {
                    stack.extend([(a, b), (c, d)]);
                }
                (LevelNode::Param(a), LevelNode::Param(b)) if self.params.contains(&(a, b)) => {}
                _ => return false,
            }
        }
        a.len() == b.len()
    }

    fn constant_names(&mut self, a: Name, b: Name) -> bool {
        let may_agree = a == b || self.may_be_renamed(a, b);
        if may_agree {
            self.assume(a, b);
        }
        may_agree
    }

    /// Whether two constants are such that all that counts of them is what the logic sees.
    fn may_be_renamed(&self, in_a: Name, in_b: Name) -> bool {
        self.strictness != Strictness::EXACT && self.is_auxiliary(self.a, in_a) && self.is_auxiliary(self.b, in_b)
    }

    /// Whether a new constant is one that Lean makes and numbers by itself.
    fn is_auxiliary(&self, file: &Declared, name: Name) -> bool {
        let NameNode::Str(_, last) = self.terms.name(name) else { return false };
        let numbered = ["match_", "_proof_", "_simp_", "_sparseCasesOn_"];
        // `_proof_1_4` is the fourth that the first tactic block made.
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let suffix = numbered.iter().find_map(|prefix| self.terms.str(last).strip_prefix(prefix));
        file.get(name).is_some() && suffix.is_some_and(|suffix| suffix.split('_').all(digits))
    }

    fn binders(&self, a: (Name, BinderInfo), b: (Name, BinderInfo)) -> bool {
        let names_agree = match self.binder_names {
            BinderNames::Exact => a.0 == b.0,
            BinderNames::Unscoped => self.unscoped(a.0) == self.unscoped(b.0),
            BinderNames::Ignored => true,
        };
        names_agree && a.1 == b.1
    }

    /// The name before Lean's hygiene added to it: `x` of `x._@.Module._hyg.7`.
    fn unscoped(&self, name: Name) -> Name {
        let mut at = name;
        loop {
            at = match self.terms.name(at) {
                NameNode::Anonymous => return name,
                NameNode::Num(prefix, _) => prefix,
                NameNode::Str(prefix, text) if self.terms.str(text) == "_@" => return prefix,
                NameNode::Str(prefix, _) => prefix,
            }
        }
    }
}

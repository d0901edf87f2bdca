//! Declarations: what an environment maps names to. The fields are those of Lean's `ConstantInfo`.

use crate::term::{Expr, Name};

/// What every declaration has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The constant's full name.
    pub name: Name,
    /// Its universe parameters, in order.
    pub level_params: Vec<Name>,
    /// Its type, closed.
    pub ty: Expr,
}

/// Which checks Lean itself made of a definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Safety {
    /// May do anything; never reachable from a proof.
    Unsafe,
    /// An ordinary definition.
    Safe,
    /// `partial`: recursion without a termination proof.
    Partial,
}

/// When the definitional equality test unfolds a definition. A hint: it cannot make a wrong answer right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReducibilityHints {
    /// Last.
    Opaque,
    /// In order of height: a definition is higher than everything it mentions.
    Regular(u32),
    /// First.
    Abbrev,
}

/// Which of the four quotient primitives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum QuotKind {
    /// `Quot`
    Type,
    /// `Quot.mk`
    Ctor,
    /// `Quot.lift`
    Lift,
    /// `Quot.ind`
    Ind,
}

/// An inductive type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inductive {
    /// How many leading arguments are parameters.
    pub num_params: u32,
    /// How many arguments follow them.
    pub num_indices: u32,
    /// The types declared together with it, itself included, in order.
    pub all: Vec<Name>,
    /// Its constructors, in order.
    pub ctors: Vec<Name>,
    /// How many auxiliary types the nested occurrences of the whole block gave.
    pub num_nested: u32,
    /// Whether a constructor takes an element of the block.
    pub is_rec: bool,
    /// Declared `unsafe`: not checked for positivity.
    pub is_unsafe: bool,
    /// Whether a constructor takes a function into the block.
    pub is_reflexive: bool,
}

/// A constructor of an inductive type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constructor {
    /// Its inductive type.
    pub induct: Name,
    /// Its position among the constructors of that type.
    pub index: u32,
    /// How many leading arguments are parameters of the type.
    pub num_params: u32,
    /// How many arguments follow them.
    pub num_fields: u32,
    /// Declared `unsafe`.
    pub is_unsafe: bool,
}

/// How a recursor computes on one constructor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecursorRule {
    /// The constructor.
    pub ctor: Name,
    /// How many fields that constructor has.
    pub num_fields: u32,
    /// The result, as a function of parameters, motives, minor premises and fields.
    pub rhs: Expr,
}

/// The eliminator of an inductive type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recursor {
    /// The types of the block.
    pub all: Vec<Name>,
    /// How many leading arguments are parameters.
    pub num_params: u32,
    /// How many indices precede the major premise.
    pub num_indices: u32,
    /// How many motives follow the parameters.
    pub num_motives: u32,
    /// How many minor premises follow the motives.
    pub num_minors: u32,
    /// One rule for each constructor of the eliminated type.
    pub rules: Vec<RecursorRule>,
    /// Whether it computes on every element ("K-like": a proposition of one constructor without fields).
    pub k: bool,
    /// Declared `unsafe`.
    pub is_unsafe: bool,
}

/// What kind of constant, and what that kind adds to the signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Assumed. In a library's exported level also a theorem, whose proof is not exported.
    Axiom {
        /// Declared `unsafe`.
        is_unsafe: bool,
    },
    /// A definition, which unfolds.
    Definition {
        /// What it unfolds to.
        value: Expr,
        /// When it unfolds.
        hints: ReducibilityHints,
        /// What Lean checked.
        safety: Safety,
        /// The constants defined together with it.
        all: Vec<Name>,
    },
    /// A theorem with its proof. Unfolds too.
    Theorem {
        /// The proof.
        value: Expr,
        /// The theorems proved together with it.
        all: Vec<Name>,
    },
    /// A constant with a witness, which never unfolds.
    Opaque {
        /// The witness.
        value: Expr,
        /// Declared `unsafe`.
        is_unsafe: bool,
        /// The constants declared together with it.
        all: Vec<Name>,
    },
    /// One of the four quotient primitives.
    Quot(QuotKind),
    /// An inductive type.
    Inductive(Inductive),
    /// A constructor.
    Constructor(Constructor),
    /// A recursor.
    Recursor(Recursor),
}

/// One declared constant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declaration {
    /// Name, universe parameters and type.
    pub signature: Signature,
    /// The rest.
    pub kind: Kind,
}

impl Declaration {
    /// The constant's name.
    pub fn name(&self) -> Name {
        self.signature.name
    }

    /// The value of a definition, theorem or opaque constant.
    pub fn value(&self) -> Option<Expr> {
        match self.kind {
            Kind::Definition { value, .. } | Kind::Theorem { value, .. } | Kind::Opaque { value, .. } => Some(value),
            _ => None,
        }
    }

    /// The terms of the declaration: its type, its value, the rules of a recursor.
    pub fn parts(&self) -> impl Iterator<Item = Expr> {
        let rules = match &self.kind {
            Kind::Recursor(recursor) => &recursor.rules[..],
            _ => &[],
        };
        [Some(self.signature.ty), self.value()].into_iter().flatten().chain(rules.iter().map(|rule| rule.rhs))
    }

    /// Whether the constant is unsafe or partial: outside of the logic, and never mentioned by what is in it.
    pub fn is_unsafe(&self) -> bool {
        match &self.kind {
            Kind::Axiom { is_unsafe } | Kind::Opaque { is_unsafe, .. } => *is_unsafe,
            Kind::Definition { safety, .. } => *safety != Safety::Safe,
            Kind::Theorem { .. } | Kind::Quot(_) => false,
            Kind::Inductive(inductive) => inductive.is_unsafe,
            Kind::Constructor(ctor) => ctor.is_unsafe,
            Kind::Recursor(recursor) => recursor.is_unsafe,
        }
    }
}

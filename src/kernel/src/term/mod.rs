//! Names, universe levels and expressions as hash-consed nodes of one arena.
//!
//! A [`Terms`] store owns every node; what the rest of the crate passes around are four-byte ids ([`Name`], [`Level`],
//! [`Levels`], [`Expr`]). A node is stored once, so two ids of one store are equal exactly when the terms are structurally
//! equal. Binder names and binder infos are part of a node: id equality is *binder-exact*. Comparisons that forget them are in
//! [`Terms::alpha_eq`] and [`Terms::strip_mdata`].
//!
//! Metavariables cannot be written down. What a metadata node carries is dropped, its presence is kept
//! ([`ExprNode::MData`]), since the kernel looks through it.

mod store;

pub use store::Terms;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u32);

        impl $name {
            fn new(index: usize) -> $name {
                $name(u32::try_from(index).expect("an arena of 2^32 nodes is beyond any memory this runs in"))
            }

            /// The position in its store, stable and dense from 0: usable as an index of side tables.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

ids! {
    /// Id of an interned string.
    Str
    /// Id of an interned natural number.
    Nat
    /// Id of a hierarchical name.
    Name
    /// Id of a universe level.
    Level
    /// Id of a list of universe levels, the arguments of a constant.
    Levels
    /// Id of an expression.
    Expr
}

impl Name {
    /// The anonymous name, the same in every store.
    pub const ANONYMOUS: Name = Name(0);
}

impl Level {
    /// Level zero, the same in every store.
    pub const ZERO: Level = Level(0);
}

impl Levels {
    /// The empty list, the same in every store.
    pub const EMPTY: Levels = Levels(0);
}

impl Expr {
    /// `Prop`, the same in every store.
    pub const PROP: Expr = Expr(0);
}

/// A hierarchical name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NameNode {
    /// The root of every name.
    Anonymous,
    /// A prefix and a string component.
    Str(Name, Str),
    /// A prefix and a numeric component.
    Num(Name, u64),
}

/// A universe level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LevelNode {
    /// 0.
    Zero,
    /// One more.
    Succ(Level),
    /// The greater of two.
    Max(Level, Level),
    /// The greater of two, but 0 where the second is 0.
    IMax(Level, Level),
    /// A universe parameter.
    Param(Name),
}

/// How an argument is passed in surface syntax. Means nothing to the logic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinderInfo {
    /// `(x : α)`
    Default,
    /// `{x : α}`
    Implicit,
    /// `⦃x : α⦄`
    StrictImplicit,
    /// `[x : α]`
    InstImplicit,
}

/// The head of a `fun` or `∀`: everything but the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Binder {
    /// The bound variable's name.
    pub name: Name,
    /// How the argument is passed.
    pub info: BinderInfo,
    /// The bound variable's type.
    pub ty: Expr,
}

/// An expression. Bound variables are de Bruijn indices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ExprNode {
    /// The variable of the n-th enclosing binder, counted from the inside.
    BVar(u32),
    /// A free variable, made only by the checker when it goes below a binder: how many binders it is below, and its type.
    FVar(u32, Expr),
    /// A universe.
    Sort(Level),
    /// A declared constant at universe arguments.
    Const(Name, Levels),
    /// Function application.
    App(Expr, Expr),
    /// `fun`, with its body.
    Lam(Binder, Expr),
    /// `∀`, with its body.
    Forall(Binder, Expr),
    /// `let`.
    Let {
        /// The variable's name.
        name: Name,
        /// The variable's type.
        ty: Expr,
        /// The variable's value.
        value: Expr,
        /// The body, below the variable.
        body: Expr,
        /// Whether it was written `have`: the body's type does not depend on the value. A hint only.
        nondep: bool,
    },
    /// A literal of type `Nat`.
    NatLit(Nat),
    /// A literal of type `String`.
    StrLit(Str),
    /// An expression that carries metadata (itself not kept).
    MData(Expr),
    /// The n-th field of an element of the named structure.
    Proj(Name, u32, Expr),
}

/// Facts about an expression that are computed once, when its node is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExprFacts {
    /// All loose bound variables are below this index; 0 for a closed expression.
    pub loose_bvars: u32,
    /// All free variables have depths below this; 0 where there is none.
    pub fvars: u32,
    /// Height of the syntax tree, levels included.
    pub depth: u32,
    /// Whether a universe parameter occurs.
    pub has_level_param: bool,
}

/// Facts about a level that are computed once, when its node is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LevelFacts {
    /// Height of the syntax tree.
    pub depth: u32,
    /// How many nodes the syntax tree has when written out.
    pub size: u32,
    /// Whether a parameter occurs.
    pub has_param: bool,
}

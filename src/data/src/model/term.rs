//! Terms and types of the interpreter's language.

/// An operator between two terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    Iff,
    Implies,
    Or,
    And,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    Dvd,
    In,
    NotIn,
    BoolEq,
    BoolNe,
    BoolOr,
    BoolAnd,
    Append,
    Cons,
    Add,
    Sub,
    Mul,
    Div,
    Mod,
    Pow,
    Compose,
    Times,
}

/// A variable that a quantifier binds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Bound {
    pub(crate) name: String,
    pub(crate) kind: Option<Type>,
    /// `∈ xs`, `< n` and the like.
    pub(crate) guard: Option<(Op, Term)>,
}

/// A term.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Term {
    Name(String),
    Number(i128),
    App(Box<Term>, Vec<Term>),
    Field(Box<Term>, String),
    Binary(Op, Box<Term>, Box<Term>),
    Negative(Box<Term>),
    Not(Box<Term>),
    BoolNot(Box<Term>),
    Ascribed(Box<Term>, Type),
    All(Vec<Bound>, Box<Term>),
    Some(Vec<Bound>, Box<Term>),
    Fun(Vec<String>, Box<Term>),
    If(Box<Term>, Box<Term>, Box<Term>),
    List(Vec<Term>),
    Pair(Box<Term>, Box<Term>),
    Constructor(String),
    /// `xs[i]?`
    At(Box<Term>, Box<Term>),
}

/// A type.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Type {
    Nat,
    Int,
    Rat,
    Bool,
    Prop,
    Sort,
    Fin(u32),
    List(Box<Type>),
    Option(Box<Type>),
    Pair(Box<Type>, Box<Type>),
    Arrow(Box<Type>, Box<Type>),
    /// A type variable or a type of the statement's own.
    Named(String),
    /// What a type variable stands for: so many points.
    Points(u32),
}

impl Type {
    /// The type that a term denotes.
    pub(crate) fn of(term: &Term) -> Option<Type> {
        Some(match term {
            Term::Name(name) => match name.as_str() {
                "Nat" | "ℕ" => Type::Nat,
                "Int" | "ℤ" => Type::Int,
                "Rat" | "ℚ" => Type::Rat,
                "Bool" => Type::Bool,
                "Prop" => Type::Prop,
                "Type" => Type::Sort,
                _ => Type::Named(name.clone()),
            },
            Term::App(head, arguments) => match (head.as_ref(), arguments.as_slice()) {
                (Term::Name(name), [Term::Number(n)]) if name == "Fin" => Type::Fin(u32::try_from(*n).ok()?),
                (Term::Name(name), [inner]) if name == "List" => Type::List(Box::new(Type::of(inner)?)),
                (Term::Name(name), [inner]) if name == "Option" => Type::Option(Box::new(Type::of(inner)?)),
                _ => return None,
            },
            Term::Binary(Op::Implies, a, b) => Type::Arrow(Box::new(Type::of(a)?), Box::new(Type::of(b)?)),
            Term::Binary(Op::Times, a, b) => Type::Pair(Box::new(Type::of(a)?), Box::new(Type::of(b)?)),
            _ => return None,
        })
    }
}

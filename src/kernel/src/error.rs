//! Why a check did not accept.
//!
//! Four outcomes are kept apart: the declaration is wrong ([`Refusal`]), the budget ran out, the declaration uses what this
//! kernel does not decide, and the library could not be read. None of the last three says anything about the declaration.

use crate::environment::SourceError;

/// Why declarations were not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KernelError {
    /// The declaration breaks a rule.
    #[error("{constant}: {refusal}")]
    Refused {
        /// The declaration, by name.
        constant: String,
        /// The rule.
        refusal: Refusal,
    },
    /// The budget ran out.
    #[error("{constant}: out of {resource}")]
    OutOfFuel {
        /// The declaration, by name.
        constant: String,
        /// What ran out.
        resource: Resource,
    },
    /// Something this kernel does not decide. Never accepted.
    #[error("{constant}: {what} is not supported")]
    Unsupported {
        /// The declaration, by name.
        constant: String,
        /// What it is.
        what: &'static str,
    },
    /// The library could not be read, or the system gave no thread to check on.
    #[error(transparent)]
    Source(#[from] SourceError),
}

/// What a check may run out of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
    /// Reduction and inference steps.
    Steps,
    /// New expression nodes.
    Memory,
    /// Nesting of terms or of reductions.
    Depth,
}

impl std::fmt::Display for Resource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Resource::Steps => "steps",
            Resource::Memory => "memory",
            Resource::Depth => "depth",
        })
    }
}

/// The rule that a declaration breaks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The name is taken.
    #[error("the name is already declared")]
    AlreadyDeclared,
    /// Its own value or type reaches it again.
    #[error("it depends on itself")]
    Cyclic,
    /// It mentions a constant that does not exist.
    #[error("unknown constant {0}")]
    UnknownConstant(String),
    /// It mentions an unsafe or partial constant.
    #[error("the unsafe constant {0} is used")]
    UsesUnsafe(String),
    /// The library mentions a name that it does not declare, and the name is declared here. What the library says of that
    /// name was proved of another constant, one that it does not export.
    #[error("{0} takes the place of a constant that the library does not export")]
    TakesPlace(String),
    /// A universe parameter is declared twice.
    #[error("a universe parameter is declared twice")]
    DuplicateLevelParam,
    /// A universe parameter is used without being declared.
    #[error("the universe parameter {0} is not declared")]
    UndeclaredLevelParam(String),
    /// A constant has the wrong number of universe arguments.
    #[error("wrong number of universe arguments for {0}")]
    LevelArity(String),
    /// A bound variable is bound by nothing.
    #[error("a bound variable is loose")]
    LooseBVar,
    /// A free variable occurs.
    #[error("a free variable occurs")]
    FreeVariable,
    /// Something that is not a function is applied.
    #[error("a function is expected")]
    NotAFunction,
    /// Something that is not a type stands where a type must.
    #[error("a type is expected")]
    NotAType,
    /// An argument's type is not the function's domain.
    #[error("an argument has the wrong type")]
    ArgumentType,
    /// The value's type is not the declared one (of the constant, or of a `let`).
    #[error("a value has the wrong type")]
    ValueType,
    /// A theorem's type is not a proposition.
    #[error("the type of a theorem is not a proposition")]
    TheoremNotProp,
    /// A projection out of something that has no such field, or of data out of a proof.
    #[error("invalid projection: {0}")]
    Projection(&'static str),
    /// An inductive declaration breaks a rule.
    #[error("invalid inductive type: {0}")]
    Inductive(&'static str),
    /// An inductive type, constructor or recursor is not what its block determines.
    #[error("not what the inductive declaration determines: {0}")]
    NotGenerated(&'static str),
    /// A quotient primitive is not the standard one.
    #[error("not a standard quotient primitive")]
    Quotient,
}

/// [`KernelError`] before it is known which declaration it is about.
#[derive(Clone, Debug)]
pub(crate) enum Stop {
    Refused(Refusal),
    OutOfFuel(Resource),
    Unsupported(&'static str),
    Source(SourceError),
}

impl Stop {
    pub(crate) fn at(self, constant: String) -> KernelError {
        match self {
            Stop::Refused(refusal) => KernelError::Refused { constant, refusal },
            Stop::OutOfFuel(resource) => KernelError::OutOfFuel { constant, resource },
            Stop::Unsupported(what) => KernelError::Unsupported { constant, what },
            Stop::Source(error) => KernelError::Source(error),
        }
    }
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Stop {
        Stop::Refused(refusal)
    }
}

impl From<SourceError> for Stop {
    fn from(error: SourceError) -> Stop {
        Stop::Source(error)
    }
}

/// A step of a check.
pub(crate) type Step<T> = Result<T, Stop>;

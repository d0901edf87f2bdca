//! A second kernel for Lean 4: an independent type checker for its terms, without I/O.

pub mod declaration;
pub mod environment;
pub mod term;

pub use declaration::Declaration;
pub use environment::{ConstantSource, Environment, SourceError};
pub use term::{Expr, ExprNode, Level, Name, Terms};

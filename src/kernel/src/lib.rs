//! A second kernel for Lean 4: an independent type checker for its terms, without I/O.
//!
//! An [`Environment`] holds declared constants over one arena of hash-consed [`Terms`]. The library's constants are trusted and
//! come from a [`ConstantSource`] when first reached; new ones are checked by [`check_new`] or [`check_reachable`], which add
//! them only if every rule holds. What is not decided here (unsafe and partial declarations) is never accepted.

mod check;
mod checker;
mod compare;
pub mod declaration;
pub mod environment;
pub mod error;
mod inductive;
mod level;
mod quot;
mod subst;
pub mod term;
#[cfg(test)]
mod tests;

pub use check::{Report, check_new, check_reachable, recheck};
pub use checker::Limits;
pub use declaration::Declaration;
pub use environment::{ConstantSource, Environment, SourceError};
pub use error::{KernelError, Refusal, Resource};
pub use term::{Expr, ExprNode, Level, Name, Terms};

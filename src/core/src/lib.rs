//! The nouns of `prove`, shared by every crate and free of I/O.
//!
//! A [`Theorem`](verdict::Verdict) is never "proved" here: [`Verdict`] is generic over the certificate that only the judge
//! (crate `prove-lean`) can make, so no other crate can construct `Verdict<Certificate>::Proved`.

mod budget;
mod diagnostic;
mod goal;
mod position;
mod verdict;

pub use budget::{Budget, StopReason};
pub use diagnostic::{Diagnostic, Elaboration, Severity, TacticSpan};
pub use goal::{Goal, Hypothesis, ProofState};
pub use position::{Position, Span};
pub use verdict::{ExitCode, Fault, RejectKind, Rejection, Verdict};

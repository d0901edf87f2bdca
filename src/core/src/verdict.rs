//! What counts. A verdict is exactly one of `proved`, `rejected(kind)`, `timeout`, `fault`.

use crate::Position;
use serde::{Deserialize, Serialize};

/// The outcome of judging one candidate. `C` is the judge's certificate, whose only maker is the judge.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict<C> {
    /// Passed the whole contract of the judge.
    Proved(C),
    /// Judged, and not a proof.
    Rejected(Rejection),
    /// Not finished within its limit. Says nothing about the candidate.
    Timeout,
    /// The machinery failed, again after a retry elsewhere. Says nothing about the candidate.
    Fault(Fault),
}

/// Why a candidate is not a proof.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejection {
    /// The kind, stable for programs.
    pub kind: RejectKind,
    /// For people.
    pub message: String,
    /// Where in the candidate's file, if it has a place.
    pub position: Option<Position>,
}

/// Kinds of rejection, stable for programs (`snake_case` in JSON).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RejectKind {
    /// The file has an error of its own, before any proof is put into it.
    Statement,
    /// The candidate is not one proof body (a command, an unbalanced comment, an early end).
    Syntax,
    /// It sets an option outside the allow-list.
    Option,
    /// Lean reports an error in the file.
    Error,
    /// The elaboration did not reach the end of the file.
    Incomplete,
    /// The expected constant does not exist.
    Missing,
    /// The constant is not a safe theorem (or, for a trusted definition, not the trusted one).
    WrongKind,
    /// The constant's type or universe parameters are not those of the trusted statement.
    StatementChanged,
    /// The proof depends on `sorry`.
    Sorry,
    /// The proof depends on an axiom outside the three of Lean's logic.
    Axiom,
    /// The second kernel refuses a constant that Lean accepted.
    Kernel,
}

/// A failure of the machinery: a worker that died, a disk that is full.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// What failed and what to do.
    pub message: String,
}

/// Exit codes of the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum ExitCode {
    /// Everything asked for is proved.
    Proved = 0,
    /// Something is not proved (rejected, or timed out).
    NotProved = 1,
    /// Bad usage or input.
    Usage = 2,
    /// A fault of the machinery left something undecided.
    Fault = 3,
}

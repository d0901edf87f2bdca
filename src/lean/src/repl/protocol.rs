//! The messages of leanprover-community/repl, as its `REPL/JSON.lean` and README define them. Fields it leaves out when empty
//! default; fields unknown here are ignored.

use crate::WorkerError;
use serde::{Deserialize, Serialize};

/// Lean commands to run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Command<'a> {
    /// The text.
    pub cmd: &'a str,
    /// The environment to run in; a new one, in which `import` is allowed, where `None`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub env: Option<u64>,
    /// Ask for [`CommandAnswer::tactics`].
    #[serde(rename = "allTactics", skip_serializing_if = "Option::is_none")]
    pub all_tactics: Option<bool>,
    /// Ask for [`CommandAnswer::infotree`]: `full`, `tactics`, `original` or `substantive`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub infotree: Option<&'a str>,
}

/// The answer to a [`Command`].
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct CommandAnswer {
    /// The environment after the command.
    pub env: u64,
    /// Lean's messages.
    pub messages: Vec<Message>,
    /// Each `sorry`, with a proof state to go on from.
    pub sorries: Vec<Sorry>,
    /// Each tactic written in the text, combinators left out.
    pub tactics: Vec<TacticEntry>,
    /// Elaboration trees, if asked for.
    pub infotree: Vec<InfoNode>,
}

/// The answer to a tactic.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct TacticAnswer {
    /// The state after the tactic.
    pub proof_state: u64,
    /// Its goals, as printed.
    pub goals: Vec<String>,
    /// Lean's messages.
    pub messages: Vec<Message>,
    /// Each `sorry` of the tactic.
    pub sorries: Vec<Sorry>,
    /// The program's own opinion of the proof, where its version has one.
    pub proof_status: Option<String>,
}

/// A place in the request's text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Place {
    /// 1-based line; 0 where there is no text, as in tactic mode.
    pub line: u32,
    /// 0-based column in code points.
    pub column: u32,
}

/// A message of Lean.
#[derive(Clone, Debug, Deserialize)]
pub struct Message {
    /// `error`, `warning`, `info` or `trace`.
    pub severity: String,
    /// Its start.
    pub pos: Place,
    /// Its end.
    #[serde(default, rename = "endPos")]
    pub end_pos: Option<Place>,
    /// Its text.
    pub data: String,
}

/// A `sorry`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sorry {
    /// Its start; absent in tactic mode.
    #[serde(default)]
    pub pos: Option<Place>,
    /// Its end.
    #[serde(default)]
    pub end_pos: Option<Place>,
    /// What is to be shown there, as printed.
    #[serde(default)]
    pub goal: String,
    /// The state to go on from in tactic mode.
    #[serde(default)]
    pub proof_state: Option<u64>,
}

/// A tactic of the text.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TacticEntry {
    /// Its text, printed anew.
    pub tactic: String,
    /// Its start.
    pub pos: Place,
    /// Its end.
    pub end_pos: Place,
    /// All goals before it, as printed.
    #[serde(default)]
    pub goals: String,
    /// The state before it, to go on from in tactic mode.
    #[serde(default)]
    pub proof_state: Option<u64>,
}

/// One node of an elaboration tree.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct InfoNode {
    /// `TacticInfo` and others.
    pub kind: String,
    /// What it says; only of the kinds that have syntax.
    pub node: Option<Info>,
    /// The nodes below.
    pub children: Vec<InfoNode>,
}

/// What a node says. Goals are there on a `TacticInfo` only.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Info {
    /// Its syntax.
    pub stx: Syntax,
    /// Goals before the tactic, as printed.
    pub goals_before: Vec<String>,
    /// Goals after the tactic, as printed.
    pub goals_after: Vec<String>,
}

/// A piece of syntax.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Syntax {
    /// Where it is.
    pub range: Range,
}

/// The range of a piece of syntax.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Range {
    /// Made by a macro, not written in the text.
    pub synthetic: bool,
    /// Its start.
    pub start: Place,
    /// Its end.
    pub finish: Place,
}

/// What it answers instead when it refuses a request: an unknown number, or a tactic that fails.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, thiserror::Error)]
#[error("the repl refused: {message}")]
pub struct Refusal {
    /// Its reason, untrusted.
    pub message: String,
}

impl From<Refusal> for WorkerError {
    fn from(refusal: Refusal) -> Self {
        WorkerError::Protocol(refusal.to_string())
    }
}

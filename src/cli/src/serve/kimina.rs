//! `/verify` and `/api/check`, as the clients of Kimina Lean Server use them: a batch of texts in, for each what Lean said about it, in the
//! form of leanprover-community/repl.
//!
//! An answer is Lean's messages and no verdict. A text can print what it likes, and options, macros and axioms can make a text without an
//! error mean nothing; [`super::judge`] says what is proved. What differs from that server: places are those of the whole text, imports
//! included; no environment stays for later commands (`env` is always 0); `infotree` is refused; the goal of a `sorry` that is a term is
//! left empty. Texts that come to the same worker share what was elaborated of equal imports, and nothing else.

use super::{
    Daemon,
    http::{Answer, Refusal},
};
use futures_util::{StreamExt, stream};
use prove_core::{Diagnostic, Position, ProofState, Severity, Span};
use prove_lean::{Job, Limits, Outcome, Report, Text};
use prove_syntax::{Outline, Place, Sorry, Source, find_sorries};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::{collections::HashSet, time::Duration};

/// Texts of one batch that are handed to the pool at a time.
const AT_ONCE: usize = 32;

/// The body of `/api/check`.
#[derive(Deserialize)]
pub(super) struct CheckRequest {
    snippets: Vec<Snippet>,
    #[serde(default = "seconds_of_check")]
    timeout: f64,
    #[serde(default)]
    infotree: Option<Value>,
}

#[derive(Deserialize)]
struct Snippet {
    id: String,
    code: String,
}

/// The body of `/verify`.
#[derive(Deserialize)]
pub(super) struct VerifyRequest {
    codes: Vec<Code>,
    #[serde(default = "seconds_of_verify")]
    timeout: f64,
    #[serde(default)]
    infotree_type: Option<Value>,
}

#[derive(Deserialize)]
struct Code {
    custom_id: Id,
    proof: Option<String>,
    code: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Id {
    Text(String),
    Number(i64),
}

/// The defaults of the two requests, as that server has them.
fn seconds_of_check() -> f64 {
    30.0
}

fn seconds_of_verify() -> f64 {
    300.0
}

/// What became of one text.
enum Checked {
    Said { seconds: f64, response: Map<String, Value> },
    Error(String),
}

/// Answers `/api/check`.
pub(super) async fn check(daemon: &Daemon, request: CheckRequest) -> Result<Answer, Refusal> {
    let snippets = request.snippets.into_iter().map(|snippet| (snippet.id, snippet.code)).collect();
    let results = run(daemon, snippets, request.timeout, request.infotree).await?;
    let results = results.into_iter().map(|(id, checked)| match checked {
        Checked::Said { seconds, response } => json!({"id": id, "time": seconds, "response": response}),
        Checked::Error(error) => json!({"id": id, "time": 0.0, "error": error}),
    });
    Ok(Answer::Json(json!({"results": results.collect::<Vec<_>>()})))
}

/// Answers `/verify`.
pub(super) async fn verify(daemon: &Daemon, request: VerifyRequest) -> Result<Answer, Refusal> {
    let snippet = |code: Code| {
        let id = match code.custom_id {
            Id::Text(text) => text,
            Id::Number(number) => number.to_string(),
        };
        match code.proof.or(code.code) {
            Some(text) => Ok((id, text)),
            None => Err(Refusal::bad(format!("the code {id:?} has neither `proof` nor `code`"))),
        }
    };
    let snippets = request.codes.into_iter().map(snippet).collect::<Result<_, _>>()?;
    let results = run(daemon, snippets, request.timeout, request.infotree_type).await?;
    let results = results.into_iter().map(|(id, checked)| match checked {
        Checked::Said { seconds, mut response } => {
            response.insert("time".into(), json!(seconds));
            json!({"custom_id": id, "response": response})
        }
        Checked::Error(error) => json!({"custom_id": id, "error": error}),
    });
    Ok(Answer::Json(json!({"results": results.collect::<Vec<_>>()})))
}

/// Checks all texts and returns what became of them, in their order.
async fn run(
    daemon: &Daemon,
    snippets: Vec<(String, String)>,
    timeout: f64,
    infotree: Option<Value>,
) -> Result<Vec<(String, Checked)>, Refusal> {
    if snippets.is_empty() {
        return Err(Refusal::bad("there is no text to check"));
    }
    let mut ids = HashSet::new();
    if let Some((id, _)) = snippets.iter().find(|(id, _)| !ids.insert(id)) {
        return Err(Refusal::bad(format!("two texts have the id {id:?}; give each its own")));
    }
    if infotree.is_some() {
        return Err(Refusal::bad("elaboration trees are not to be had here; leave `infotree` (`infotree_type`) out"));
    }
    let wall = Duration::try_from_secs_f64(timeout).map_err(|error| Refusal::bad(format!("timeout: {error}")))?;
    let wall = wall.min(daemon.longest_check);
    let checks = snippets.into_iter().map(|(id, text)| async move { (id, one(daemon, &text, wall).await) });
    Ok(stream::iter(checks).buffered(AT_ONCE).collect().await)
}

/// Checks one text.
async fn one(daemon: &Daemon, code: &str, wall: Duration) -> Checked {
    let text = Text::new(code, daemon.agent.preamble);
    let sorries = sorries(code);
    let job = Job {
        header: text.header().into(),
        body: text.body().into(),
        tactics: false,
        goals_at: sorries.iter().map(|sorry| text.lean_position(sorry.span.start)).collect(),
        limits: Limits { wall },
    };
    match daemon.agent.pool.submit(job).await {
        Outcome::Done(report) => said(code, &text, &sorries, &report),
        // The words that the clients look for.
        Outcome::Timeout => Checked::Error(format!("Lean timed out in {} seconds", wall.as_secs_f64())),
        Outcome::Fault(fault) => Checked::Error(format!("no answer from Lean: {}", fault.message)),
    }
}

fn sorries(code: &str) -> Vec<Sorry> {
    let source = Source::new(code);
    find_sorries(&source, &Outline::new(&source))
}

/// Lean's report in the form of the REPL.
fn said(code: &str, text: &Text, sorries: &[Sorry], report: &Report) -> Checked {
    let Report { elaboration, goals, millis } = report;
    let places = |diagnostic: &Diagnostic| {
        let Span { start, end } = diagnostic.span;
        Span { start: text.position(start), end: text.position(end) }
    };
    let messages: Vec<Value> = elaboration.diagnostics.iter().map(|diagnostic| message(diagnostic, places(diagnostic))).collect();
    let marked = elaboration.diagnostics.iter().filter(|d| d.tags.iter().any(|tag| tag == "hasSorry")).map(places).collect();
    let sorries = used(code, sorries, goals, marked);
    let mut response = Map::from_iter([("env".to_owned(), json!(0))]);
    if !messages.is_empty() {
        response.insert("messages".into(), messages.into());
    }
    if !sorries.is_empty() {
        response.insert("sorries".into(), sorries.into());
    }
    Checked::Said { seconds: (millis * 1e3).round() / 1e6, response }
}

/// The `sorry`s that count. Clients take a text without an entry here, and without an error, for a proof. So all of a declaration that Lean
/// marks are there, one stands for those that the text does not show (`admit`, macros), and where the text may have silenced the mark, all.
fn used(code: &str, sorries: &[Sorry], goals: &[Option<ProofState>], marked: Vec<Span>) -> Vec<Value> {
    let outline = Outline::new(&Source::new(code));
    let holder = |place: &Span| {
        let byte = place.start.byte_offset(code)?;
        outline.declarations.iter().position(|declaration| declaration.range.contains(&byte))
    };
    let mut marked: Vec<_> = marked.into_iter().map(|place| (holder(&place), place)).collect();
    let silenced = code.contains("warn.sorry");
    let counted = |sorry: &Sorry| silenced || marked.iter().any(|(holder, _)| *holder == sorry.declaration);
    let shown: Vec<_> = sorries.iter().zip(goals).filter(|(sorry, _)| counted(sorry)).collect();
    marked.retain(|(holder, _)| shown.iter().all(|(sorry, _)| sorry.declaration != *holder));
    let entry = |place: Span, goal: String| json!({"pos": self::place(place.start), "endPos": self::place(place.end), "goal": goal});
    let goal = |sorry: &Sorry, goal: &Option<ProofState>| match (sorry.place, goal) {
        (Place::Tactic | Place::TacticBody, Some(goal)) => goal.to_string(),
        // Lean is asked for the goals of tactics only.
        _ => String::new(),
    };
    let entries = shown.into_iter().map(|(sorry, state)| entry(sorry.span, goal(sorry, state)));
    entries.chain(marked.into_iter().map(|(_, place)| entry(place, String::new()))).collect()
}

fn message(diagnostic: &Diagnostic, Span { start, end }: Span) -> Value {
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Information => "info",
    };
    json!({"severity": severity, "pos": place(start), "endPos": place(end), "data": diagnostic.message})
}

/// A place as the REPL counts: lines from 1, columns in code points from 0.
fn place(position: Position) -> Value {
    json!({"line": position.line.saturating_add(1), "column": position.column})
}

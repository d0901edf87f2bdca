//! `/judge`: what is proved. The strict verdict of `prove check` and `prove solve` on a statement and what is said to prove it.

use super::{
    Daemon,
    http::{Answer, Refusal},
};
use crate::output::{VerdictLine, VerdictName};
use prove_lean::Trusted;
use prove_syntax::{Outline, Source, find_sorries};
use serde::Deserialize;
use serde_json::json;

/// The body of `/judge`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct JudgeRequest {
    /// The trusted text: theorems with `sorry` for proofs.
    statement: String,
    /// What takes the place of its only `sorry`.
    proof: Option<String>,
    /// Or a whole file, with lemmas and definitions of its own, that proves all its theorems.
    file: Option<String>,
}

/// What verdict lines name as their file.
const FILE: &str = "<request>";

/// Answers `/judge`.
pub(super) async fn judge(daemon: &Daemon, request: JudgeRequest) -> Result<Answer, Refusal> {
    let judge = &daemon.agent.judge;
    let judged = match (&request.proof, &request.file) {
        (Some(proof), None) => {
            let source = Source::new(&request.statement);
            let sorries = find_sorries(&source, &Outline::new(&source)).len();
            if sorries != 1 {
                return Err(Refusal::bad(format!(
                    "the statement has {sorries} `sorry`s; `proof` takes the place of one, `file` of any number"
                )));
            }
            judge.fill(&request.statement, &[(0, proof)]).await
        }
        (None, Some(file)) => judge.check(file, Trusted::Statements(&request.statement)).await,
        _ => return Err(Refusal::bad("give `statement`, and either `proof` or `file`")),
    };
    let lines: Vec<VerdictLine> = judged.into_iter().map(|judged| VerdictLine::new(FILE, judged)).collect();
    let proved = !lines.is_empty() && lines.iter().all(|line| line.verdict == VerdictName::Proved);
    Ok(Answer::Json(json!({"proved": proved, "verdicts": lines})))
}

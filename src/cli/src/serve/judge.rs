//! `/judge`: what is proved. The strict verdict of `prove check` and `prove solve` on a statement and what is said to prove it.

use super::{
    Daemon,
    http::{Answer, Refusal},
    solve::FILE,
};
use crate::output::{VerdictLine, VerdictName};
use prove_lean::Trusted;
use prove_syntax::{Outline, Source, find_sorries};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// The body of `/judge`.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct JudgeRequest {
    /// The trusted text: theorems with `sorry` for proofs. Without it a file's own statements are taken at their word.
    pub(crate) statement: Option<String>,
    /// What takes the place of its only `sorry`.
    pub(crate) proof: Option<String>,
    /// Or a whole file, with lemmas and definitions of its own, that proves all its theorems.
    pub(crate) file: Option<String>,
    /// The file's name, for verdict lines.
    pub(crate) name: Option<String>,
}

/// Answers `/judge`.
pub(super) async fn judge(daemon: &Daemon, request: JudgeRequest) -> Result<Answer, Refusal> {
    let judge = &daemon.agent.judge;
    let judged = match (&request.statement, &request.proof, &request.file) {
        (Some(statement), Some(proof), None) => {
            let source = Source::new(statement);
            let sorries = find_sorries(&source, &Outline::new(&source)).len();
            if sorries != 1 {
                return Err(Refusal::bad(format!(
                    "the statement has {sorries} `sorry`s; `proof` takes the place of one, `file` of any number"
                )));
            }
            judge.fill(statement, &[(0, proof)]).await
        }
        (statement, None, Some(file)) => judge.check(file, statement.as_deref().map_or(Trusted::Nothing, Trusted::Statements)).await,
        _ => return Err(Refusal::bad("give `statement` and `proof`, or `file` and perhaps `statement`")),
    };
    let name = request.name.as_deref().unwrap_or(FILE);
    let lines: Vec<VerdictLine> = judged.into_iter().map(|judged| VerdictLine::new(name, judged)).collect();
    let proved = !lines.is_empty() && lines.iter().all(|line| line.verdict == VerdictName::Proved);
    Ok(Answer::Json(json!({"proved": proved, "verdicts": lines})))
}

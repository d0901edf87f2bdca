//! What a prover model is asked, in the format it was trained on. Searches ask so, and so do the rows that a model learns from.
//!
//! What a search asks becomes a [`Task`] of the model's [`Format`]: at the root of a theorem its statement, behind a prefix the proof so
//! far, with the goals as the format puts them (truncate and resume, DeepSeek-Prover-V1.5, <https://arxiv.org/abs/2408.08152>, section 3.1).
//! A repair goes to the model with the errors where its format has a place for them (Goedel-Prover-V2's and ours); others resume where
//! the failed proof was still good. A sketch is asked for in the chat formats and ours; from others it is a whole proof whose `have`s
//! lose their proofs.

use super::text::indented;
use crate::target::Target;
use prove_model::text::{Attempt, Format, Report, Task, Wanted};
use prove_search::{Failure, Lemma, Query, QueryKind};

/// The name under which a model sees a goal that is no theorem of the file.
pub(super) const GOAL_NAME: &str = "prove_goal";

/// Lays out what a model is asked about one theorem.
#[derive(Clone, Debug)]
pub struct Prompts {
    format: Format,
    /// The file before the theorem.
    header: String,
    /// The theorem up to its `:= by`, where all of its proof is wanted.
    statement: Option<String>,
}

/// A question in a format.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The question.
    pub task: Task,
    /// The lines of proof that the answer continues, in the columns of a proof.
    pub before: String,
}

impl Prompts {
    /// Questions about `target`, cut out of the file as its author wrote it.
    pub fn new(format: Format, target: &Target) -> Prompts {
        Prompts { format, header: target.header().to_string(), statement: target.statement() }
    }

    /// The format.
    pub fn format(&self) -> Format {
        self.format
    }

    /// What a query asks; `None` where the format has no words for its state.
    pub fn task(&self, query: &Query) -> Option<Asked> {
        let format = self.format;
        let statement = self.statement(query)?;
        let mut before = query.prefix.to_string();
        let mut attempts = Vec::new();
        if let QueryKind::Repair(failure) = &query.kind {
            if format.takes_attempts() {
                attempts.push(attempt(format, &self.header, &statement, failure));
            } else {
                before = good_part(failure);
            }
        }
        let resumes_elsewhere = before != query.prefix.to_string();
        let state = (!resumes_elsewhere && (!before.is_empty() || format == Format::Prove)).then(|| query.state.to_string());
        let proof = if before.is_empty() { String::new() } else { indented(&before, 2) };
        let wanted = match query.kind {
            QueryKind::Tactic => Wanted::Tactic,
            QueryKind::Sketch => Wanted::Sketch,
            QueryKind::WholeProof | QueryKind::Repair(_) => Wanted::Proof,
        };
        let task = Task { header: self.header.clone(), statement, proof, state, attempts, wanted, ..Task::default() };
        Some(Asked { task, before })
    }

    /// The statement that a query is about.
    fn statement(&self, query: &Query) -> Option<String> {
        let stated = |lemma: &Lemma| format!("{} := by", lemma.declaration(GOAL_NAME));
        match (&query.lemma, &self.statement) {
            (Some(lemma), _) => Some(stated(lemma)),
            (None, Some(statement)) => Some(statement.clone()),
            (None, None) => query.state.goals.first().and_then(Lemma::of).map(|(lemma, _)| stated(&lemma)),
        }
    }
}

/// The lines of a failed proof before the first one with an error. Goals left open at the end are none of any line.
fn good_part(failure: &Failure) -> String {
    let in_a_line = failure.errors.iter().filter(|error| !error.tags.iter().any(|tag| tag == "unsolvedGoals"));
    let line = in_a_line.map(|error| error.span.start.line).min().unwrap_or(u32::MAX);
    failure.proof.lines().take(line as usize).collect::<Vec<_>>().join("\n")
}

/// A failed proof as the model's own answer, with Lean's errors at the lines of the file.
fn attempt(format: Format, header: &str, statement: &str, failure: &Failure) -> Attempt {
    let before = format!("{header}{statement}\n");
    let code = format!("{before}{}", indented(&failure.proof, 2));
    let above = before.matches('\n').count();
    let place = |p: prove_core::Position| (p.line as usize + above + 1, p.column as usize + 2);
    let reports = failure.errors.iter().map(|error| Report {
        start: place(error.span.start),
        end: Some(place(error.span.end)),
        message: error.message.clone(),
    });
    let answer = if format.continues() { failure.proof.to_string() } else { format!("```lean4\n{code}\n```") };
    Attempt { answer, reports: reports.collect(), code }
}

//! What Lean says of a statement.

use crate::suite::Problem;
use prove_agent::Agent;
use prove_core::{Fault, Position, ProofState};
use prove_lean::{Job, Limits, Outcome, Report};
use std::time::Duration;

/// Wall time for one statement.
const WALL: Duration = Duration::from_secs(120);

/// A statement as Lean reads it.
pub(crate) struct Elaborated {
    report: Report,
}

impl Elaborated {
    /// Lean's first complaint, where the statement does not elaborate.
    pub(crate) fn complaint(&self) -> Option<String> {
        self.report.elaboration.first_error().map(|error| error.message.clone())
    }

    /// The goals at its `sorry`.
    pub(crate) fn state(&self) -> Option<&ProofState> {
        self.report.goals.first()?.as_ref()
    }
}

/// Has Lean read a problem's file.
///
/// # Errors
/// The machinery failed.
pub(crate) async fn elaborate(agent: &Agent, problem: &Problem) -> Result<Elaborated, Fault> {
    let (_, text) = agent.preamble.insert(&problem.text());
    // The workers of the search know the same header.
    let body = text.len() - problem.statement.len() - 1;
    let places = text.rfind("sorry").map(|at| Position::of_byte(&text, at));
    let limits = Limits { wall: WALL };
    let job =
        Job { header: text[..body].into(), body: text[body..].into(), tactics: false, goals_at: places.into_iter().collect(), limits };
    match agent.pool.submit(job).await {
        Outcome::Done(report) => Ok(Elaborated { report }),
        // Statements take milliseconds: this is the machine's doing, or will be looked at by somebody.
        Outcome::Timeout => Err(Fault { message: format!("the statement is not elaborated within {} s; try again", WALL.as_secs()) }),
        Outcome::Fault(fault) => Err(fault),
    }
}

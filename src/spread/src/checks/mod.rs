//! Lean checks on other machines: the search, the model and the judge stay where they are, and every [`Job`] of their worker pool is made
//! elsewhere.
//!
//! [`ask`] makes such a pool. Each job is a piece of work in the queue `prove-checks`; any number of processes, on any machines, take them
//! ([`work`]) and give them to a pool of their own. Only those with the same version of `prove` and the same Lean see them ([`Machine`]).
//!
//! An answer goes straight to who asked, under a subject that ends with his process, and a check is acknowledged once it has been received.
//! So a check whose worker falls silent is made by another. Before and during a check its worker asks whether it is still wanted: what was
//! given up or has been answered is dropped, and where nobody listens for the answer any more the check goes with him. The first answer
//! counts; a later one is no longer wanted.
//!
//! Who works answers a roll call, too, so that who asks knows whether anybody is there.
//!
//! How long a check may take is counted where it is made, so that waiting in the queue is no timeout. An answer is taken at its word, and only
//! steers the search: what it calls closed goes to the judge.

mod ask;
mod waiting;
mod work;

pub use ask::{Checks, Unanswered, ask};
pub use work::work;

use crate::{QueueConfig, short};
use prove_core::Position;
use prove_lean::{Job, Limits, Outcome, Report};
use serde::{Deserialize, Serialize};
use std::time::Duration;

const QUEUE: QueueConfig = QueueConfig {
    stream: "prove-checks",
    subjects: "prove.check.>",
    // Who still wants a check hands it out again long before.
    kept: Duration::from_secs(600),
    silence: Duration::from_secs(5),
};

/// What a machine has to have for its answers to be those of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Machine {
    /// The version of `prove`.
    pub prove: String,
    /// The Lean, with its version and whatever tells its libraries.
    pub lean: String,
}

impl Machine {
    /// Its name in subjects.
    fn name(&self) -> String {
        short([self.prove.as_str(), &self.lean])
    }
}

/// Where machines of this name say how many workers they have.
fn roll_call(name: &str) -> String {
    format!("prove.workers.{name}")
}

/// A check to make.
#[derive(Serialize, Deserialize)]
struct Asked {
    /// The subject that its [`Word`]s go to.
    asker: String,
    /// Its number with who asks.
    id: u64,
    header: String,
    body: String,
    tactics: bool,
    goals_at: Vec<Position>,
    wall: Duration,
}

impl Asked {
    fn new(asker: &str, id: u64, job: &Job) -> Asked {
        let Job { header, body, tactics, goals_at, limits } = job;
        let (header, body) = (header.as_ref().to_owned(), body.as_ref().to_owned());
        Asked { asker: asker.to_owned(), id, header, body, tactics: *tactics, goals_at: goals_at.clone(), wall: limits.wall }
    }

    fn job(&self) -> Job {
        Job {
            header: self.header.as_str().into(),
            body: self.body.as_str().into(),
            tactics: self.tactics,
            goals_at: self.goals_at.clone(),
            limits: Limits { wall: self.wall },
        }
    }
}

/// What a worker tells who asked; the reply is whether he wants the check.
#[derive(Serialize, Deserialize)]
struct Word<A> {
    id: u64,
    /// `None`: it would begin, or is at it.
    answer: Option<A>,
}

/// What became of a check.
#[derive(Debug, Serialize, Deserialize)]
enum Answer {
    Done(Report),
    Timeout,
    Fault(String),
}

impl From<Outcome> for Answer {
    fn from(outcome: Outcome) -> Answer {
        match outcome {
            Outcome::Done(report) => Answer::Done(report),
            Outcome::Timeout => Answer::Timeout,
            Outcome::Fault(fault) => Answer::Fault(fault.message),
        }
    }
}

/// The replies to a [`Word`].
const WANTED: &[u8] = b"wanted";
const UNWANTED: &[u8] = b"unwanted";

//! A run spread over machines by NATS JetStream.
//!
//! One process has the run's folder and hands out attempts ([`run`]); any number of others, on any machines, work on them ([`work`]). An
//! attempt at a problem is a piece of work in the queue `prove-tasks` ([`prove_spread::Queue`]). A worker acknowledges it once its record is
//! in the stream `prove-results`. So every attempt is made at least once, and where it was made twice the first record counts: an attempt is
//! a function of plan, problem and seed.
//!
//! A worker sees only the attempts of plans that name its own version, Lean and model ([`Machine`]). What it answers is taken at its word;
//! `prove bench verify` judges every proof of a run again.

mod coordinator;
mod worker;

pub use coordinator::run;
pub use worker::{Event, work};

use super::{ModelUsed, Plan, Record};
use crate::suite::Problem;
use async_nats::jetstream::{
    Context,
    stream::{Config, RetentionPolicy, Stream},
};
use prove_spread::{QueueConfig, ServerError, short};
use prove_store::StoreError;
use serde::{Deserialize, Serialize};
use std::time::Duration;

const TASKS: QueueConfig = QueueConfig { stream: "prove-tasks", subjects: "prove.task.>", kept: KEPT, silence: SILENCE };
const RESULTS: &str = "prove-results";

/// A worker that says nothing for so long has lost its attempt.
const SILENCE: Duration = Duration::from_secs(15);
/// How long messages of a run that nobody goes on with are kept.
const KEPT: Duration = Duration::from_secs(30 * 24 * 3600);
/// The server knows a record that it is sent again for so long.
const REMEMBERED: Duration = Duration::from_secs(600);

/// Why a run cannot be spread.
#[derive(Debug, thiserror::Error)]
pub enum SpreadError {
    /// The run's folder cannot be added to.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The run's folder has no name on the server and cannot be given one.
    #[error("{}: {error}", path.display())]
    Name {
        /// The file with the name.
        path: std::path::PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// The server cannot be reached, or does not do what it should.
    #[error(transparent)]
    Server(#[from] ServerError),
}

/// What a worker has to have for its attempts to be those of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Machine {
    /// The version of `prove`.
    pub prove: String,
    /// The Lean, with its version.
    pub lean: String,
    /// The model's hash, or its name where its files are not at hand.
    pub model: Option<String>,
}

impl Machine {
    /// What this plan wants.
    pub fn of(plan: &Plan) -> Machine {
        let model = plan.model.as_ref().map(ModelUsed::identity);
        Machine { prove: plan.prove.clone(), lean: plan.lean.clone(), model }
    }

    /// Its name in subjects.
    fn name(&self) -> String {
        short([self.prove.as_str(), &self.lean, self.model.as_deref().unwrap_or_default()])
    }
}

/// An attempt to make.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Task {
    run: String,
    plan: Plan,
    problem: Problem,
    attempt: u32,
}

impl Task {
    fn subject(&self) -> String {
        let key = short([self.problem.name.as_str(), &self.attempt.to_string()]);
        format!("prove.task.{}.{}.{key}", Machine::of(&self.plan).name(), self.run)
    }
}

/// Where a run's records go.
fn results_of(run: &str) -> String {
    format!("prove.result.{run}")
}

/// The stream of records, made if it is not there.
async fn results(context: &Context) -> Result<Stream, ServerError> {
    let config = Config {
        name: RESULTS.to_owned(),
        subjects: vec!["prove.result.>".to_owned()],
        retention: RetentionPolicy::WorkQueue,
        duplicate_window: REMEMBERED,
        max_age: KEPT,
        ..Config::default()
    };
    context.get_or_create_stream(config).await.map_err(ServerError::new)
}

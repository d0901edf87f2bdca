//! A run spread over machines by NATS JetStream.
//!
//! One process has the run's folder and hands out attempts ([`run`]); any number of others, on any machines, work on them ([`work`]). An
//! attempt at a problem is one message of the stream `prove-tasks`, under a subject of its own that holds one message at most: what is
//! waiting or in work cannot be handed out again. It stays there until a worker has acknowledged it, which a worker does once the record
//! of the attempt is in the stream `prove-results`. While it works it says so every few seconds; a worker that falls silent loses its
//! attempt to another. So every attempt is made at least once, and where it was made twice the first record counts: an attempt is a
//! function of plan, problem and seed.
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
    self, Context,
    consumer::{PullConsumer, pull},
    stream::{Config, DiscardPolicy, RetentionPolicy, Stream},
};
use prove_store::StoreError;
use serde::{Deserialize, Serialize};
use std::time::Duration;

const TASKS: &str = "prove-tasks";
const RESULTS: &str = "prove-results";

/// A worker that says nothing for so long has lost its attempt.
const SILENCE: Duration = Duration::from_secs(15);
/// How long messages of a run that nobody goes on with are kept.
const KEPT: Duration = Duration::from_secs(30 * 24 * 3600);
/// The server knows a record that it is sent again for so long.
const REMEMBERED: Duration = Duration::from_secs(600);
/// Pause after the server could not be reached, or refused.
const PAUSE: Duration = Duration::from_secs(1);

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
    #[error("the NATS server: {0}; it has to be reachable and run with JetStream (`nats-server -js`)")]
    Server(String),
}

impl SpreadError {
    fn server(error: impl std::fmt::Display) -> SpreadError {
        SpreadError::Server(error.to_string())
    }
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

/// A name for some texts that fits into a subject.
fn short<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.finalize().to_hex()[..24].to_owned()
}

async fn connect(server: &str) -> Result<Context, SpreadError> {
    let client = async_nats::connect(server).await.map_err(SpreadError::server)?;
    Ok(jetstream::new(client))
}

/// The stream of attempts, made if it is not there.
async fn tasks(context: &Context) -> Result<Stream, SpreadError> {
    let config = Config {
        name: TASKS.to_owned(),
        subjects: vec!["prove.task.>".to_owned()],
        retention: RetentionPolicy::WorkQueue,
        max_messages_per_subject: 1,
        discard: DiscardPolicy::New,
        discard_new_per_subject: true,
        max_age: KEPT,
        ..Config::default()
    };
    context.get_or_create_stream(config).await.map_err(SpreadError::server)
}

/// The stream of records, made if it is not there.
async fn results(context: &Context) -> Result<Stream, SpreadError> {
    let config = Config {
        name: RESULTS.to_owned(),
        subjects: vec!["prove.result.>".to_owned()],
        retention: RetentionPolicy::WorkQueue,
        duplicate_window: REMEMBERED,
        max_age: KEPT,
        ..Config::default()
    };
    context.get_or_create_stream(config).await.map_err(SpreadError::server)
}

/// The consumer of a stream that all who have the same `name` share.
async fn consumer(stream: &Stream, name: String, subject: String) -> Result<PullConsumer, SpreadError> {
    let config = pull::Config {
        durable_name: Some(name.clone()),
        filter_subject: subject,
        ack_wait: SILENCE,
        max_ack_pending: 100_000,
        ..pull::Config::default()
    };
    stream.get_or_create_consumer(&name, config).await.map_err(SpreadError::server)
}

/// Writes a message into a stream; returns once it is there.
async fn publish(context: &Context, subject: String, id: Option<String>, payload: Vec<u8>) -> Result<(), jetstream::context::PublishError> {
    let mut message = jetstream::message::PublishMessage::build().payload(payload.into());
    if let Some(id) = id {
        message = message.message_id(id);
    }
    context.send_publish(subject, message).await?.await.map(drop)
}

//! Runs a suite: every problem of it, so many attempts each, through [`Agent::settle`].
//!
//! A run is a folder ([`Folder`]). What it depends on is written there first ([`Plan`], the statements); then every attempt that ends is
//! one more line ([`Record`]), on the disk before it counts. So a run that was killed at any instant goes on where it was, and report and
//! verification need the folder only.
//!
//! A statement that does not elaborate on the Lean at hand, which an attempt finds out first, is *unsupported*: it is counted apart and not
//! searched for. A fault of the machinery is tried again, here and whenever the run is taken up again, and counted apart.

mod folder;
mod plan;
mod preset;
mod record;
#[cfg(feature = "nats")]
pub mod spread;

pub use folder::{Folder, FolderError, Kept};
pub use plan::{ModelUsed, Plan, model_hash};
pub use preset::Preset;
pub use record::{Cost, Evidence, Outcome, Record};

use crate::suite::Problem;
use futures_util::{StreamExt, stream};
use prove_agent::{Agent, Problem as Hole};
use prove_core::Verdict;
use prove_store::StoreError;
use std::{num::NonZeroUsize, pin::pin, time::Instant};

/// Further tries of an attempt that ended in a fault.
const RETRIES: u32 = 2;

/// How far a run is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Problems.
    pub problems: usize,
    /// Those that are settled: all their attempts have ended.
    pub done: usize,
    /// Those with a proof.
    pub proved: usize,
    /// Those whose statement does not elaborate here.
    pub unsupported: usize,
    /// Those of which some attempt ended in a fault every time it was tried.
    pub faulty: usize,
}

impl Tally {
    fn add(&mut self, records: &[Record]) {
        let any = |outcome| usize::from(records.iter().any(|record| record.outcome == outcome));
        self.done += 1;
        self.proved += any(Outcome::Proved);
        self.unsupported += any(Outcome::Unsupported);
        self.faulty += any(Outcome::Fault);
    }
}

/// Runs what is left of a run, `at_once` problems at a time, and tells of each problem when it is settled, those of an earlier process
/// included. The order in which problems end is left to chance; what becomes of each is not.
pub async fn run(
    agent: &Agent,
    folder: &Folder,
    at_once: NonZeroUsize,
    mut settled: impl FnMut(&[Record], Tally),
) -> Result<Tally, StoreError> {
    let mut tally = Tally { problems: folder.problems.len(), ..Tally::default() };
    let work = folder.problems.iter().map(|problem| settle(agent, folder, problem));
    let mut work = pin!(stream::iter(work).buffer_unordered(at_once.get()));
    while let Some(records) = work.next().await {
        let records = records?;
        tally.add(&records);
        settled(&records, tally);
    }
    Ok(tally)
}

/// All attempts at one problem.
async fn settle(agent: &Agent, folder: &Folder, problem: &Problem) -> Result<Vec<Record>, StoreError> {
    let mut records = Vec::new();
    for number in 0..folder.plan.attempts {
        let record = match folder.finished(problem, number) {
            Some(record) => record.clone(),
            None => {
                let record = attempt(agent, &folder.plan, problem, number).await;
                folder.record(problem, &record)?;
                record
            }
        };
        let unsupported = record.outcome == Outcome::Unsupported;
        records.push(record);
        if unsupported {
            break;
        }
    }
    Ok(records)
}

/// One attempt.
async fn attempt(agent: &Agent, plan: &Plan, problem: &Problem, attempt: u32) -> Record {
    match problem.target() {
        Ok((_, number)) => search(agent, plan, problem, number, attempt).await,
        Err(reason) => Record::without_search(problem, attempt, Outcome::Unsupported, &reason),
    }
}

/// Searches for what fills the `sorry` with this number, again where that ends in a fault.
async fn search(agent: &Agent, plan: &Plan, problem: &Problem, number: usize, attempt: u32) -> Record {
    let text = problem.text();
    let hole = Hole { name: &problem.name, text: &text, number, fills: &[] };
    let settings = plan.settings(attempt);
    let mut tries = 0;
    loop {
        tries += 1;
        let started = Instant::now();
        let settled = agent.settle(&hole, &settings, &mut ()).await;
        if matches!(settled.verdict, Verdict::Fault(_)) && tries <= RETRIES {
            continue;
        }
        return Record::of(plan, problem, attempt, settled, started.elapsed(), tries);
    }
}

//! The world outside a search: who proposes, who checks, and what time it is.

use crate::task::{Attempt, Check, Checked, Cost, Proposal, Query, Trial};
use prove_core::Fault;
use std::{future::Future, time::Duration};

/// Proposes how to go on: rules, a model, or both.
pub trait Policy {
    /// Proposals for a state, with their log-probabilities. An empty list means that the policy has no idea.
    fn propose(&self, query: &Query) -> impl Future<Output = Result<(Vec<Proposal>, Cost), Fault>> + Send;
}

/// Applies tactics and checks proofs.
pub trait ProofEnv {
    /// Tries every candidate of the attempt; one trial for each, in order. Dropping the future gives the attempt up.
    fn attempt(&self, attempt: &Attempt) -> impl Future<Output = Result<(Vec<Trial>, Cost), Fault>> + Send;

    /// Checks one proof in detail. Dropping the future gives the check up.
    fn check(&self, check: &Check) -> impl Future<Output = Result<(Checked, Cost), Fault>> + Send;
}

/// Time, so that a search can be replayed and tested without waiting.
pub trait Clock {
    /// Since the search began.
    fn elapsed(&self) -> Duration;

    /// Ready once [`Clock::elapsed`] has reached `at`.
    fn sleep_until(&self, at: Duration) -> impl Future<Output = ()> + Send;
}

/// A clock that stands still: for replays, and for searches without a wall limit.
#[derive(Clone, Copy, Debug, Default)]
pub struct StoppedClock;

impl Clock for StoppedClock {
    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }

    fn sleep_until(&self, _at: Duration) -> impl Future<Output = ()> + Send {
        std::future::pending()
    }
}

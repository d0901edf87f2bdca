//! What a search asks of the world, and what it is told.
//!
//! Searches do no work of their own. They hand out a [`Request`], whoever drives them finds out the [`Reply`], and the search goes
//! on from there. A [`Query`] goes to a [`crate::Policy`], an [`Attempt`] to a [`crate::ProofEnv`].

use crate::script::{Script, Tactic};
use prove_core::{Fault, ProofState};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The number of a request: 0, 1, 2, … in the order of issue.
pub type RequestId = u64;

/// One piece of work to do outside the search.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// To be given back with the reply.
    pub id: RequestId,
    /// What to do.
    pub task: Arc<Task>,
}

/// The kinds of work.
#[derive(Clone, Debug, PartialEq)]
pub enum Task {
    /// Ask the policy.
    Propose(Query),
    /// Ask the environment.
    Attempt(Attempt),
}

impl Task {
    /// How many candidates it checks, counted against `Budget::checks`.
    pub fn checks(&self) -> u64 {
        match self {
            Task::Propose(_) => 0,
            Task::Attempt(attempt) => attempt.candidates.len() as u64,
        }
    }
}

/// A question to the policy: how to go on from a state.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// Single tactics, or whole proofs.
    pub kind: QueryKind,
    /// Where the proof stands.
    pub state: Arc<ProofState>,
    /// The tactics that led there.
    pub prefix: Script,
    /// At most this many proposals are wanted.
    pub limit: usize,
    /// A number of the search's own random stream, for policies that sample.
    pub seed: u64,
}

/// What a policy is to propose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QueryKind {
    /// One tactic for the main goal.
    Tactic,
    /// A script that closes every goal.
    WholeProof,
}

/// A tactic or a whole proof and how likely the policy thinks it.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// The text.
    pub tactic: Tactic,
    /// Natural logarithm of its probability, at most 0. Exactly 0 marks a step that cannot be wrong, such as `intro`, and is free.
    pub log_prob: f64,
}

impl Proposal {
    /// A proposal; positive and undefined log-probabilities count as 0 and as impossible.
    pub fn new(tactic: impl Into<Tactic>, log_prob: f64) -> Proposal {
        let log_prob = if log_prob.is_nan() { f64::NEG_INFINITY } else { log_prob.min(0.0) };
        Proposal { tactic: tactic.into(), log_prob }
    }
}

/// Candidates to try, each by itself, after the same prefix. The environment may check them together or apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Attempt {
    /// What goes before every candidate.
    pub prefix: Script,
    /// What to try.
    pub candidates: Vec<Tactic>,
    /// Lean's limit for each candidate, in thousands of small allocations (`maxHeartbeats`): deterministic, unlike time.
    pub heartbeats: u64,
}

/// What one candidate did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trial {
    /// No goal is left and Lean has no complaint: the cheap verdict. The judge has the last word.
    Closed,
    /// Goals are left.
    Open(ProofState),
    /// Lean refuses it, with its message for people.
    Rejected(String),
    /// It ran past its limit.
    Timeout,
    /// The machinery failed on it, and not on its neighbours. Says nothing about it.
    Fault(Fault),
}

/// What a request cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Cost {
    /// Seconds of Lean workers.
    pub lean_seconds: f64,
    /// Tokens a model generated.
    pub model_tokens: u64,
}

/// The answer to a request.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// To [`Task::Propose`].
    Proposals {
        /// Proposals in any order.
        proposals: Vec<Proposal>,
        /// What it cost.
        cost: Cost,
    },
    /// To [`Task::Attempt`].
    Trials {
        /// One trial for each candidate, in their order.
        trials: Vec<Trial>,
        /// What it cost.
        cost: Cost,
    },
    /// The machinery failed. The search loses this expansion and nothing else.
    Fault(Fault),
}

impl Reply {
    /// What it cost; a fault is not charged.
    pub fn cost(&self) -> Cost {
        match self {
            Reply::Proposals { cost, .. } | Reply::Trials { cost, .. } => *cost,
            Reply::Fault(_) => Cost::default(),
        }
    }
}

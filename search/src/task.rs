//! What a search asks of the world, and what it is told.
//!
//! Searches do no work of their own. They hand out a [`Request`], whoever drives them finds out the [`Reply`], and the search goes
//! on from there. A [`Query`] goes to a [`crate::Policy`], an [`Attempt`] or a [`Check`] to a [`crate::ProofEnv`].

use crate::{
    lemma::{Hole, Lemma},
    script::{Script, Tactic},
};
use prove_core::{Diagnostic, Fault, ProofState, TacticSpan};
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
    /// Ask the environment what short candidates do, many at a time.
    Attempt(Attempt),
    /// Ask the environment about one proof, in detail.
    Check(Check),
}

impl Task {
    /// How many candidates it checks, counted against `Budget::checks`.
    pub fn checks(&self) -> u64 {
        match self {
            Task::Propose(_) => 0,
            Task::Attempt(attempt) => attempt.candidates.len() as u64,
            Task::Check(_) => 1,
        }
    }

    /// The same work on another theorem: what a strategy asks about its theorem, asked about `lemma`.
    #[must_use]
    pub fn about(mut self, lemma: &Arc<Lemma>) -> Task {
        let place = match &mut self {
            Task::Propose(query) => &mut query.lemma,
            Task::Attempt(attempt) => &mut attempt.lemma,
            Task::Check(check) => &mut check.lemma,
        };
        place.get_or_insert_with(|| lemma.clone());
        self
    }
}

/// A question to the policy: how to go on from a state.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// What to propose.
    pub kind: QueryKind,
    /// Who is to propose it.
    pub proposer: Proposer,
    /// The theorem, where it is not the problem's own.
    pub lemma: Option<Arc<Lemma>>,
    /// Where the proof stands.
    pub state: Arc<ProofState>,
    /// The tactics that led there. They may end inside a nested block.
    pub prefix: Script,
    /// The column in which the innermost open block of the prefix has its tactics; 0 outside of any.
    pub column: u32,
    /// At most this many proposals are wanted.
    pub limit: usize,
    /// A number of the search's own random stream, for policies that sample.
    pub seed: u64,
}

impl Query {
    /// A question about the root of the problem's own theorem.
    pub fn new(kind: QueryKind, proposer: Proposer, state: Arc<ProofState>, limit: usize, seed: u64) -> Query {
        Query { kind, proposer, lemma: None, state, prefix: Script::default(), column: 0, limit, seed }
    }
}

/// What a policy is to propose.
#[derive(Clone, Debug, PartialEq)]
pub enum QueryKind {
    /// One tactic for the main goal.
    Tactic,
    /// What closes every goal: the rest of the proof, with the indentation that it has behind the prefix, on lines of its own.
    WholeProof,
    /// A whole proof whose hard parts are left as `sorry`.
    Sketch,
    /// A whole proof in the place of one that failed.
    Repair(Arc<Failure>),
}

/// A proof that failed, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// The proof.
    pub proof: Tactic,
    /// Lean's errors, at positions of `proof`.
    pub errors: Vec<Diagnostic>,
}

/// Who proposes: a search may ask rules and a model in turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proposer {
    /// Rules over the printed goal.
    Rules,
    /// The prover model.
    Model,
}

/// A tactic or a whole proof and how likely the policy thinks it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    /// The text.
    pub tactic: Tactic,
    /// Natural logarithm of its probability, at most 0. Exactly 0 marks a step that cannot be wrong, such as `intro`, and is free.
    pub log_prob: f64,
}

impl Proposal {
    /// A proposal. Log-probabilities are kept finite: a positive one counts as 0, an undefined one as impossible.
    pub fn new(tactic: impl Into<Tactic>, log_prob: f64) -> Proposal {
        let log_prob = if log_prob.is_nan() { f64::MIN } else { log_prob.clamp(f64::MIN, 0.0) };
        Proposal { tactic: tactic.into(), log_prob }
    }

    /// Whether the policy holds it for possible at all.
    pub fn is_possible(&self) -> bool {
        self.log_prob > f64::MIN
    }
}

/// Candidates to try, each by itself, after the same prefix. The environment may check them together or apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Attempt {
    /// The theorem, where it is not the problem's own.
    pub lemma: Option<Arc<Lemma>>,
    /// What goes before every candidate.
    pub prefix: Script,
    /// What to try.
    pub candidates: Vec<Tactic>,
    /// Lean's limit for each candidate, in thousands of small allocations (`maxHeartbeats`): deterministic, unlike time.
    pub heartbeats: u64,
}

/// One proof to check in detail.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// The theorem, where it is not the problem's own.
    pub lemma: Option<Arc<Lemma>>,
    /// The whole proof.
    pub proof: Tactic,
    /// What is wanted beside the verdict.
    pub detail: Detail,
    /// Lean's limit.
    pub heartbeats: u64,
}

/// What a [`Check`] is to find out beside the verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Detail {
    /// The tactics that ran, with the states they left.
    Tactics,
    /// The goals at its `sorry`s, as theorems of their own.
    Holes,
}

/// What a [`Check`] found out. Positions are those of the proof's text: its first line is line 0.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Checked {
    /// What the proof did. One whose only fault are its `sorry`s is rejected, without an error among the diagnostics.
    pub trial: Trial,
    /// Lean's messages inside the proof, in its order.
    pub diagnostics: Vec<Diagnostic>,
    /// With [`Detail::Tactics`]: every tactic that ran to its end, in the order of the text.
    pub tactics: Vec<TacticSpan>,
    /// With [`Detail::Holes`]: what is left at each `sorry`, in the order of the text.
    pub holes: Vec<Hole>,
}

impl Checked {
    /// A trial and nothing else.
    pub fn bare(trial: Trial) -> Checked {
        Checked { trial, diagnostics: Vec::new(), tactics: Vec::new(), holes: Vec::new() }
    }
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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
    /// To [`Task::Check`].
    Checked {
        /// What was found out.
        checked: Checked,
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
            Reply::Proposals { cost, .. } | Reply::Trials { cost, .. } | Reply::Checked { cost, .. } => *cost,
            Reply::Fault(_) => Cost::default(),
        }
    }

    /// How many pieces of the work failed for a reason of the machinery.
    pub fn faults(&self) -> u64 {
        match self {
            Reply::Fault(_) => 1,
            Reply::Trials { trials, .. } => trials.iter().filter(|t| matches!(t, Trial::Fault(_))).count() as u64,
            Reply::Checked { checked, .. } => u64::from(matches!(checked.trial, Trial::Fault(_))),
            Reply::Proposals { .. } => 0,
        }
    }
}

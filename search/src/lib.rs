//! Proof search, knowing neither Lean nor any model.
//!
//! A search is a [`Strategy`] inside a [`Runner`]. It asks for work ([`Request`]) and is told results ([`Reply`]); it does no I/O,
//! has no clock and no threads, and given the same replies it makes the same decisions, whatever the order in which they arrive
//! (see [`runner`]). [`drive()`] connects a runner to the two traits that know the world: a [`Policy`] that proposes tactics and
//! whole proofs, and a [`ProofEnv`] that tries them.
//!
//! | strategy | what it does |
//! | --- | --- |
//! | [`WholeProofs`] | asks for whole proofs and checks them; with [`CoreTactics`] behind it, the portfolio |
//! | [`BestFirst`] | best-first search over tactic steps, merging equal states |
//! | [`Rmaxts`], [`Forest`] | tree search whose rollouts are whole proofs, rewarded for new states |
//! | [`Scheduler`] | several strategies under one budget |
//! | [`Decompose`] | proves a theorem through sketches, whose gaps are theorems again |
//! | [`Minimise`] | shortens a proof that was found |
//!
//! [`CoreTactics`] is the policy of this crate: rules over the printed goal, using only tactics of core Lean.
//!
//! What a search calls closed is the cheap verdict of its environment. It proves nothing; the judge has the last word.

mod bandit;
mod cache;
mod canonical;
mod drive;
mod event;
mod lemma;
mod lex;
mod rules;
pub mod runner;
mod script;
mod segment;
mod shape;
mod sketch;
mod strategy;
mod stream;
mod task;
mod world;

pub use bandit::Selection;
pub use cache::CheckCache;
pub use canonical::{StateKey, canonical_text};
pub use drive::{Observer, drive};
pub use event::{Entry, Log, NodeId, SearchEvent, SearchId};
pub use lemma::{Hole, Lemma, Premise};
pub use rules::{CoreTactics, FileContext};
pub use runner::{Report, Runner, Spent, Strategy};
pub use script::{Script, Tactic};
pub use segment::{Segment, segments};
pub use strategy::{
    Action, AnyStrategy, Arm, BestFirst, BestFirstOptions, Decompose, DecomposeOptions, Forest, MakeSearch, Minimise, MinimiseOptions,
    Purpose, Rmaxts, RmaxtsOptions, Scheduler, SchedulerOptions, TreeNode, WholeProofOptions, WholeProofs,
};
pub use stream::Streams;
pub use task::{
    Attempt, Check, Checked, Cost, Detail, Failure, Proposal, Proposer, Query, QueryKind, Reply, Request, RequestId, Task, Trial,
};
pub use world::{Clock, Policy, ProofEnv, StoppedClock};

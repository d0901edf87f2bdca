//! What a decomposition may do, and what it gets from its owner.

use crate::{strategy::AnyStrategy, stream::Streams, task::Proposer};
use prove_core::ProofState;
use std::sync::Arc;

/// What a search inside a decomposition is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// To prove a statement.
    Proof,
    /// To prove the negation of one.
    Refutation,
}

impl Purpose {
    /// What such a search is called in the log.
    pub(super) fn name(self) -> &'static str {
        match self {
            Purpose::Proof => "prove",
            Purpose::Refutation => "refute",
        }
    }
}

/// Makes the searches that prove statements directly, from their initial states.
pub type MakeSearch = Arc<dyn Fn(ProofState, Streams, Purpose) -> AnyStrategy + Send + Sync>;

/// How statements are decomposed. Limits are for each statement unless they say otherwise.
#[derive(Clone, Debug)]
pub struct DecomposeOptions {
    /// Who supplies sketches, in turns.
    pub proposers: Vec<Proposer>,
    /// How often each of them is asked. Rules are asked once.
    pub questions: usize,
    /// Sketches wanted from one question.
    pub proposals: usize,
    /// Sketches checked.
    pub sketch_checks: u32,
    /// Sketches whose gaps are worked on.
    pub sketches: u32,
    /// Sketches are asked for statements of less than this depth; the theorem's own is 0.
    pub depth: u32,
    /// Statements of the whole graph.
    pub statements: usize,
    /// The first slice of checks for the theorem itself; 0 where it was tried before.
    pub root_checks: u64,
    /// The first slice for a gap.
    pub direct_checks: u64,
    /// The first slice for the negation of a gap.
    pub refutation_checks: u64,
    /// Lean's limit for a sketch, and for each proof in one that is checked as a whole.
    pub heartbeats: u64,
}

impl Default for DecomposeOptions {
    fn default() -> Self {
        DecomposeOptions {
            proposers: vec![Proposer::Rules],
            questions: 4,
            proposals: 16,
            sketch_checks: 16,
            sketches: 6,
            depth: 8,
            statements: 160,
            root_checks: 64,
            direct_checks: 64,
            refutation_checks: 12,
            heartbeats: 40_000,
        }
    }
}

/// How far a decomposition goes before it looks at everything again. By turns, sketches reach further and slices double: a new sketch costs
/// less than another slice for every search.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Round(u32);

impl Round {
    pub(super) const LAST: Round = Round(80);

    pub(super) fn next(self) -> Round {
        Round(self.0 + 1)
    }

    /// A slice in this round.
    pub(super) fn slice(self, first: u64) -> u64 {
        first.saturating_mul(1 << (self.0 / 2))
    }

    /// The depth from which on no sketches are asked for, and how many of one statement are worked on.
    pub(super) fn reach(self) -> u32 {
        2 + 2 * self.0.div_ceil(2)
    }
}

//! What a tree search may do next: expand a node of the tree, sample a proof anew, or have a failed one repaired.
//!
//! The paper only expands. The others compete with that under the same discounted bandit with virtual losses, one level above the tree:
//! an arm's reward is that of what it did.

use crate::{
    bandit::{Record, scale},
    task::Failure,
};
use std::{
    cmp::{Ordering, Reverse},
    collections::BinaryHeap,
    sync::Arc,
};

/// Failed proofs that are kept for repair.
const MOST_WAITING: usize = 256;

/// What a tree search may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Complete one of the prefixes of a node that the tree chooses.
    Expand,
    /// Ask for a whole proof, from the root and without a prefix.
    Sample,
    /// Ask for another proof in the place of one that failed.
    Repair,
}

/// The arms in the order in which equal ones are chosen.
const ALL: [Action; 3] = [Action::Expand, Action::Sample, Action::Repair];

/// The arms' statistics, and the proofs that wait for repair.
#[derive(Debug, Default)]
pub(super) struct Arms {
    records: [Record; 3],
    finished: [u64; 3],
    waiting: BinaryHeap<Waiting>,
    /// How many proofs were put in line.
    queued: u64,
}

/// A failed proof that waits for repair.
#[derive(Debug)]
pub(super) struct Waiting {
    /// How far it came: tactics that ran.
    ran: usize,
    age: Reverse<u64>,
    pub(super) failure: Arc<Failure>,
    /// How many repairs led to it.
    pub(super) round: u32,
}

impl Arms {
    /// The best arm that can be pulled.
    pub(super) fn choose(&self, gamma: f64) -> Action {
        let able = |arm: &Action| *arm != Action::Repair || !self.waiting.is_empty();
        let arms: Vec<_> = ALL.into_iter().filter(able).map(|arm| (arm, self.records[arm as usize].estimate(gamma))).collect();
        let scale = scale(arms.iter().map(|(_, estimate)| estimate.visits).sum());
        // Of equal ones, `max_by` takes the last.
        arms.into_iter().rev().max_by(|(_, a), (_, b)| a.score(scale).total_cmp(&b.score(scale))).map_or(Action::Expand, |(arm, _)| arm)
    }

    pub(super) fn begin(&mut self, arm: Action) {
        self.records[arm as usize].begin();
    }

    pub(super) fn withdraw(&mut self, arm: Action) {
        self.records[arm as usize].withdraw();
    }

    pub(super) fn finish(&mut self, arm: Action, reward: f64, gamma: f64) {
        self.records[arm as usize].finish(reward, gamma);
        self.finished[arm as usize] += 1;
    }

    /// How often an arm was pulled to the end.
    pub(super) fn finished(&self, arm: Action) -> u64 {
        self.finished[arm as usize]
    }

    /// How many jobs an arm has under way.
    pub(super) fn running(&self, arm: Action) -> u32 {
        self.records[arm as usize].running()
    }

    /// Puts a failed proof in line: before those of which less ran.
    pub(super) fn queue(&mut self, failure: Failure, ran: usize, round: u32) {
        self.waiting.push(Waiting { ran, age: Reverse(self.queued), failure: Arc::new(failure), round });
        self.queued += 1;
        if self.waiting.len() > 2 * MOST_WAITING {
            let best: Vec<Waiting> = std::iter::from_fn(|| self.waiting.pop()).take(MOST_WAITING).collect();
            self.waiting = best.into();
        }
    }

    /// The failed proof to be repaired next.
    pub(super) fn take(&mut self) -> Option<Waiting> {
        self.waiting.pop()
    }
}

impl Ord for Waiting {
    fn cmp(&self, other: &Self) -> Ordering {
        self.ran.cmp(&other.ran).then(self.age.cmp(&other.age))
    }
}

impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Waiting {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Waiting {}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(proof: &str) -> Failure {
        Failure { proof: proof.into(), errors: Vec::new() }
    }

    #[test]
    fn every_arm_is_tried_and_then_the_better_one() {
        let mut arms = Arms::default();
        assert_eq!(arms.choose(0.99), Action::Expand);
        arms.begin(Action::Expand);
        assert_eq!(arms.choose(0.99), Action::Sample, "a job under way counts as a visit");
        arms.finish(Action::Expand, 1.0, 0.99);
        arms.begin(Action::Sample);
        arms.finish(Action::Sample, 0.0, 0.99);
        // Both have N = 1, so the same bonus: the value decides.
        assert_eq!(arms.choose(0.99), Action::Expand);
        arms.queue(failure("p"), 1, 0);
        assert_eq!(arms.choose(0.99), Action::Repair);
        assert_eq!((arms.finished(Action::Expand), arms.running(Action::Sample)), (1, 0));
    }

    #[test]
    fn what_came_far_is_repaired_first_and_the_line_does_not_grow_without_end() {
        let mut arms = Arms::default();
        for (proof, ran) in [("a", 1), ("b", 3), ("c", 3), ("d", 2)] {
            arms.queue(failure(proof), ran, 0);
        }
        let order: Vec<String> = std::iter::from_fn(|| arms.take()).map(|w| w.failure.proof.to_string()).collect();
        assert_eq!(order, ["b", "c", "d", "a"]);
        for ran in 0..5_000 {
            arms.queue(failure("x"), ran, 0);
        }
        assert!(arms.waiting.len() <= 2 * MOST_WAITING);
        assert_eq!(arms.take().map(|w| w.ran), Some(4_999));
    }
}

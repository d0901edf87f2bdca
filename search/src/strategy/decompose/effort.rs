//! A search inside the decomposition, worked on in slices.

use super::{Purpose, options::Round};
use crate::{
    event::{Log, SearchId},
    lemma::Lemma,
    runner::Strategy,
    script::Script,
    strategy::AnyStrategy,
    task::{Reply, RequestId, Task},
};
use prove_core::ProofState;
use std::sync::Arc;

/// A search for a proof of one statement, or of its negation.
#[derive(Debug)]
pub(super) struct Effort {
    purpose: Purpose,
    /// The theorem, where it is not the problem's own.
    lemma: Option<Arc<Lemma>>,
    state: ProofState,
    /// Checks that it may spend in the first round. A question counts as one, so that every slice ends.
    slice: u64,
    spent: u64,
    awaited: usize,
    /// What its search had found when it was last asked.
    progress: u64,
    phase: Phase,
}

#[derive(Debug)]
enum Phase {
    Waiting,
    Running(AnyStrategy, SearchId),
    Over,
}

impl Effort {
    pub(super) fn new(purpose: Purpose, lemma: Option<Arc<Lemma>>, state: ProofState, slice: u64) -> Effort {
        Effort {
            purpose,
            lemma,
            state,
            slice,
            spent: 0,
            awaited: 0,
            progress: 0,
            phase: if slice > 0 { Phase::Waiting } else { Phase::Over },
        }
    }

    /// Whether it has anything to ask in a round, or ever (`None`).
    pub(super) fn has_work(&self, round: Option<Round>) -> bool {
        self.is_open() && round.is_none_or(|round| self.left(round) > 0)
    }

    pub(super) fn is_open(&self) -> bool {
        !matches!(self.phase, Phase::Over)
    }

    /// Whether replies are missing.
    pub(super) fn is_busy(&self) -> bool {
        self.is_open() && self.awaited > 0
    }

    pub(super) fn progress(&self) -> u64 {
        self.progress
    }

    /// The part of its slice that is spent.
    pub(super) fn share(&self) -> f64 {
        self.spent as f64 / self.slice.max(1) as f64
    }

    fn left(&self, round: Round) -> u64 {
        round.slice(self.slice).saturating_sub(self.spent)
    }

    /// The next request of its search, which `make` makes when it is first needed.
    pub(super) fn next(
        &mut self,
        id: RequestId,
        allowance: u64,
        round: Round,
        log: &mut Log,
        make: impl FnOnce(ProofState) -> AnyStrategy,
    ) -> Option<Task> {
        let left = self.left(round).min(allowance);
        if left == 0 {
            return None;
        }
        if matches!(self.phase, Phase::Waiting) {
            let theorem = self.lemma.as_deref().map(|lemma| lemma as &dyn std::fmt::Display);
            let search = log.begin(self.purpose.name(), theorem);
            self.phase = Phase::Running(make(self.state.clone()), search);
        }
        let Phase::Running(strategy, search) = &mut self.phase else { return None };
        match log.inside(*search, |log| strategy.next(id, left, log)) {
            Some((task, ())) => {
                self.spent += task.checks().max(1);
                self.awaited += 1;
                Some(match &self.lemma {
                    Some(lemma) => task.about(lemma),
                    None => task,
                })
            }
            None => {
                if self.awaited == 0 {
                    self.end();
                }
                None
            }
        }
    }

    /// Gives its search a reply; the proof, if it has found one.
    pub(super) fn commit(&mut self, task: &Task, reply: Reply, log: &mut Log) -> Option<Script> {
        self.awaited -= 1;
        let Phase::Running(strategy, search) = &mut self.phase else { return None };
        log.inside(*search, |log| strategy.commit((), task, reply, log));
        self.progress = strategy.progress();
        strategy.solution().cloned()
    }

    /// No reply will come any more.
    pub(super) fn abandon(&mut self) {
        if let Phase::Running(strategy, _) = &mut self.phase {
            // It keeps its tickets by itself.
            strategy.abandon(Vec::new());
        }
    }

    /// Ends it for good.
    pub(super) fn end(&mut self) {
        self.phase = Phase::Over;
    }
}

//! Whole-proof sampling: ask the policy for complete proofs and check each.
//!
//! With the rules of [`crate::CoreTactics`] behind it this is the portfolio: one query, answered by a ranked list of scripts.
//! With a model behind it, each query is one sample with a random stream of its own. A script of rules that has several lines, or is of
//! probability 1, is checked alone: others that may take long shall not be waited for.

use crate::{
    event::{Log, SearchEvent},
    runner::Strategy,
    script::{Script, Tactic},
    stream::Streams,
    task::{Attempt, Proposal, Proposer, Query, QueryKind, Reply, RequestId, Task, Trial},
};
use prove_core::ProofState;
use std::{
    collections::{HashSet, VecDeque},
    sync::Arc,
};

/// How whole proofs are asked for and checked.
#[derive(Clone, Copy, Debug)]
pub struct WholeProofOptions {
    /// Who proposes the proofs.
    pub proposer: Proposer,
    /// How many times the policy is asked.
    pub queries: u64,
    /// Proposals wanted from each query.
    pub proposals: usize,
    /// Candidates checked by one request.
    pub batch: usize,
    /// Lean's limit for each candidate.
    pub heartbeats: u64,
}

impl Default for WholeProofOptions {
    /// One query, as for a policy of rules.
    fn default() -> Self {
        WholeProofOptions { proposer: Proposer::Rules, queries: 1, proposals: 256, batch: 4, heartbeats: 20_000 }
    }
}

/// The strategy; see the module text.
#[derive(Debug)]
pub struct WholeProofs {
    options: WholeProofOptions,
    root: Arc<ProofState>,
    streams: Streams,
    asked: u64,
    /// Proofs to check, best first within one query and queries in order.
    queue: VecDeque<Proposal>,
    known: HashSet<Tactic>,
    solution: Option<Script>,
}

impl WholeProofs {
    /// Whole proofs of the theorem whose initial state is `root`.
    pub fn new(root: ProofState, streams: Streams, options: WholeProofOptions) -> WholeProofs {
        WholeProofs { options, root: Arc::new(root), streams, asked: 0, queue: VecDeque::new(), known: HashSet::new(), solution: None }
    }
}

impl Strategy for WholeProofs {
    type Ticket = ();

    fn next(&mut self, id: RequestId, allowance: u64, log: &mut Log) -> Option<(Task, ())> {
        if let Some(first) = self.queue.front() {
            let alone = |proposal: &Proposal| {
                proposal.log_prob == 0.0 || self.options.proposer == Proposer::Rules && proposal.tactic.contains('\n')
            };
            let shared = if alone(first) { 1 } else { self.queue.iter().take_while(|proposal| !alone(proposal)).count() };
            let most = usize::try_from(allowance).unwrap_or(usize::MAX).min(self.options.batch.max(1)).min(shared);
            let candidates: Vec<Tactic> = self.queue.drain(..most).map(|proposal| proposal.tactic).collect();
            log.record(|| SearchEvent::Tried { request: id, node: 0, candidates: candidates.iter().map(|c| c.to_string()).collect() });
            let attempt = Attempt { lemma: None, prefix: Script::default(), candidates, heartbeats: self.options.heartbeats };
            return Some((Task::Attempt(attempt), ()));
        }
        if self.asked == self.options.queries {
            return None;
        }
        let seed = self.streams.draw(self.asked);
        self.asked += 1;
        log.record(|| SearchEvent::Asked { request: id, node: 0 });
        let query = Query::new(QueryKind::WholeProof, self.options.proposer, self.root.clone(), self.options.proposals, seed);
        Some((Task::Propose(query), ()))
    }

    fn commit(&mut self, (): (), task: &Task, reply: Reply, log: &mut Log) {
        match (task, reply) {
            (Task::Propose(_), Reply::Proposals { mut proposals, .. }) => {
                proposals.sort_by(|a, b| b.log_prob.total_cmp(&a.log_prob));
                for proposal in proposals {
                    if self.known.insert(proposal.tactic.clone()) {
                        self.queue.push_back(proposal);
                    }
                }
            }
            (Task::Attempt(attempt), Reply::Trials { trials, .. }) if self.solution.is_none() => {
                let closed = attempt.candidates.iter().zip(&trials).find(|(_, trial)| **trial == Trial::Closed);
                if let Some((proof, _)) = closed {
                    log.record(|| SearchEvent::Closed { parent: 0, tactic: proof.to_string() });
                    self.solution = Some(Script::new([proof.clone()]));
                }
            }
            _ => {}
        }
    }

    fn progress(&self) -> u64 {
        self.known.len() as u64
    }

    fn solution(&self) -> Option<&Script> {
        self.solution.as_ref()
    }
}

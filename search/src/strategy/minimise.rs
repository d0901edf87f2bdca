//! Shortens a proof that is known to work, keeping only what still checks.
//!
//! Each round tries, in one go, every script that is smaller than the present one and made from it by one change: a single closing
//! tactic for all of it, a closing tactic for its end, one step left out, one alternative of a `first`. The smallest that checks
//! becomes the present one. A round without success ends the search, so the result cannot be shortened by any one of these changes.

use crate::{
    event::{Log, SearchEvent},
    runner::Strategy,
    script::{Script, Tactic},
    task::{Attempt, Reply, RequestId, Task, Trial},
};
use std::collections::{HashSet, VecDeque};

/// How a proof is minimised.
#[derive(Clone, Debug)]
pub struct MinimiseOptions {
    /// Tactics that may end a proof, cheapest to read first.
    pub closers: Vec<Tactic>,
    /// Candidates checked by one request.
    pub batch: usize,
    /// Lean's limit for each candidate.
    pub heartbeats: u64,
}

impl Default for MinimiseOptions {
    fn default() -> Self {
        let closers = ["rfl", "simp", "omega", "decide", "grind", "simp_all"].map(Tactic::from).to_vec();
        MinimiseOptions { closers, batch: 8, heartbeats: 20_000 }
    }
}

/// The strategy; see the module text.
#[derive(Debug)]
pub struct Minimise {
    options: MinimiseOptions,
    best: Script,
    /// Scripts of this round not tried yet, smallest first.
    queue: VecDeque<Script>,
    /// Requests of this round whose replies are missing.
    awaited: usize,
    tried: HashSet<Script>,
}

impl Minimise {
    /// Starts from a proof that checks.
    pub fn new(proof: Script, options: MinimiseOptions) -> Minimise {
        let mut search = Minimise { options, tried: HashSet::from([proof.clone()]), best: proof, queue: VecDeque::new(), awaited: 0 };
        search.begin_round();
        search
    }

    fn begin_round(&mut self) {
        let steps = self.best.steps();
        let mut round: Vec<Script> = Vec::new();
        for end in 0..steps.len() {
            let ended = |closer: &Tactic| Script::new(steps[..end].iter().chain([closer]).cloned());
            round.extend(self.options.closers.iter().map(ended));
            round.push(Script::new(steps[..end].iter().chain(&steps[end + 1..]).cloned()));
            let replaced =
                |with: &str| Script::new(steps[..end].iter().cloned().chain([with.into()]).chain(steps[end + 1..].iter().cloned()));
            round.extend(alternatives(&steps[end]).into_iter().map(replaced));
        }
        let size = self.best.size();
        round.retain(|script| !script.steps().is_empty() && script.size() < size && self.tried.insert(script.clone()));
        round.sort_by_key(Script::size);
        self.queue = round.into();
    }
}

/// The alternatives of a one-line `first | a | b`; none for any other tactic.
fn alternatives(step: &str) -> Vec<&str> {
    match step.strip_prefix("first |") {
        Some(rest) if !step.contains(['\n', '(', '⟨']) => rest.split('|').map(str::trim).collect(),
        _ => Vec::new(),
    }
}

impl Strategy for Minimise {
    type Ticket = Vec<Script>;

    fn next(&mut self, id: RequestId, allowance: u64, log: &mut Log) -> Option<(Task, Vec<Script>)> {
        if self.queue.is_empty() {
            return None;
        }
        let most = usize::try_from(allowance).unwrap_or(usize::MAX).min(self.options.batch.max(1)).min(self.queue.len());
        let scripts: Vec<Script> = self.queue.drain(..most).collect();
        self.awaited += 1;
        let candidates: Vec<Tactic> = scripts.iter().map(|s| s.to_string().into()).collect();
        log.record(|| SearchEvent::Tried { request: id, node: 0, candidates: candidates.iter().map(|c| c.to_string()).collect() });
        Some((Task::Attempt(Attempt { lemma: None, prefix: Script::default(), candidates, heartbeats: self.options.heartbeats }), scripts))
    }

    fn commit(&mut self, scripts: Vec<Script>, _task: &Task, reply: Reply, log: &mut Log) {
        self.awaited -= 1;
        if let Reply::Trials { trials, .. } = reply {
            let shorter = scripts.into_iter().zip(trials).filter(|(_, t)| *t == Trial::Closed).map(|(s, _)| s).min_by_key(Script::size);
            if let Some(shorter) = shorter.filter(|s| s.size() < self.best.size()) {
                log.record(|| SearchEvent::Closed { parent: 0, tactic: shorter.to_string() });
                self.best = shorter;
                // The rest of the round is larger than this, and was made from a proof that is no longer the present one.
                self.queue.clear();
            }
        }
        if self.queue.is_empty() && self.awaited == 0 {
            self.begin_round();
        }
    }

    fn progress(&self) -> u64 {
        self.tried.len() as u64
    }

    fn solution(&self) -> Option<&Script> {
        Some(&self.best)
    }

    /// A proof is at hand from the start; the search goes on until nothing shortens it.
    fn satisfied(&self) -> bool {
        false
    }
}

//! RMaxTS: tree search over proof states with whole proofs as rollouts, driven by the reward of reaching new states.
//!
//! The algorithm is that of DeepSeek-Prover-V1.5 (<https://arxiv.org/abs/2408.08152>, section 3). A node is a proof state and knows the
//! beginnings of proofs that lead to it. An expansion
//!
//! 1. *selects* a node: from the root on, the child with the best discounted upper confidence bound, or the virtual child ⊘, which means
//!    to stop and expand this one (section 3.2, equations 1 and 2; section 3.3, equation 7);
//! 2. *resumes*: the policy completes one of the node's prefixes, drawn at random, knowing the goals there (section 3.1, figure 4 b);
//! 3. *truncates*: the whole is checked, cut at the first error and taken apart into states (figure 4 c; [`crate::segment`]), and those
//!    that are new become nodes, each below the one before it (figure 4 d);
//! 4. *backs up* a reward of 1 if there was a new one and 0 otherwise (equation 3) to the node and all above it (equations 8 and 9).
//!
//! While an expansion is under way it counts as a visit without reward (section 3.4, *virtual loss*). A fault of the machinery takes that
//! back, as if the expansion had never begun; a policy without an idea is an expansion that finds nothing.
//!
//! What is not in the paper:
//!
//! - States are one node wherever in the tree they are met, and equal up to names; a state includes the goals around a focused block.
//! - A proof that was checked in this tree before is not checked again; its reward is 0.
//! - A proof that runs out of time is cut by bisection until the rest is in time ([`RmaxtsOptions::salvage_checks`]).
//! - With [`RmaxtsOptions::actions`], repairs of failed proofs and samples from the root compete with expansion.

mod arms;
mod forest;
mod options;
mod packed;
mod prefixes;
mod salvage;
mod tree;

pub use arms::Action;
pub use forest::Forest;
pub use options::RmaxtsOptions;

use crate::{
    event::{Log, NodeId, SearchEvent},
    runner::Strategy,
    script::{Script, Tactic},
    segment::{normal, segments},
    stream::Streams,
    task::{Check, Checked, Detail, Failure, Proposal, Query, QueryKind, Reply, RequestId, Task, Trial},
};
use arms::Arms;
use prefixes::PrefixId;
use prove_core::{ProofState, Severity};
use rand::{Rng, RngExt};
use salvage::Bisection;
use std::{
    collections::{HashSet, VecDeque},
    sync::Arc,
};
use tree::Tree;

/// The strategy; see the module text.
#[derive(Debug)]
pub struct Rmaxts {
    options: RmaxtsOptions,
    gamma: f64,
    streams: Streams,
    root: Arc<ProofState>,
    tree: Tree,
    arms: Arms,
    /// Expansions begun.
    begun: u64,
    /// Proofs to check, in the order they came.
    ready: VecDeque<(Tactic, Job)>,
    /// Hashes of the proofs checked, in normal form.
    checked: HashSet<u128>,
    repeated: u64,
    /// Expansions since the last one that gave a proof to check.
    idle: u64,
    solution: Option<Script>,
}

/// An expansion under way.
#[derive(Debug)]
pub struct Job {
    action: Action,
    prefix: PrefixId,
    node: NodeId,
    /// Repairs that led to its proof.
    round: u32,
    log_prob: f64,
    /// Once its proof ran out of time.
    bisection: Option<Box<Bisection>>,
}

/// A node of the tree, to look at.
#[derive(Clone, Debug, PartialEq)]
pub struct TreeNode {
    /// The node it was first reached from; none for the root.
    pub parent: Option<NodeId>,
    /// The goals behind one of its prefixes, as its block sees them.
    pub state: ProofState,
    /// Finished expansions of this node.
    pub visits: u64,
    /// Expansions of this node that are under way.
    pub running: u32,
    /// How many beginnings of proofs lead to it.
    pub prefixes: usize,
}

impl Rmaxts {
    /// A search from the initial state `root`.
    pub fn new(root: ProofState, streams: Streams, options: RmaxtsOptions) -> Rmaxts {
        let gamma = options.selection.gamma();
        Rmaxts {
            options,
            gamma,
            streams,
            tree: Tree::new(&root, gamma, options.max_prefix_chars),
            solution: root.is_done().then(Script::default),
            root: Arc::new(root),
            arms: Arms::default(),
            begun: 0,
            ready: VecDeque::new(),
            checked: HashSet::new(),
            repeated: 0,
            idle: 0,
        }
    }

    /// The nodes by number.
    pub fn nodes(&self) -> impl Iterator<Item = TreeNode> {
        self.tree.nodes.iter().map(|node| TreeNode {
            parent: node.parent(),
            state: self.tree.prefixes.state(node.prefixes[0]),
            visits: node.visits,
            running: node.running(),
            prefixes: node.prefixes.len(),
        })
    }

    /// How many proofs were proposed again that had been checked, or are being checked.
    pub fn repeated(&self) -> u64 {
        self.repeated
    }

    /// How often something was done to the end.
    pub fn finished(&self, action: Action) -> u64 {
        self.arms.finished(action)
    }

    /// How often something is under way.
    pub fn running(&self, action: Action) -> u32 {
        self.arms.running(action)
    }

    /// Begins an expansion: what to ask, and for which job.
    fn begin(&mut self) -> (Query, Job) {
        let mut stream = self.streams.sample(self.begun);
        self.begun += 1;
        let seed = stream.next_u64();
        let query = |kind, state| Query::new(kind, self.options.proposer, state, 1, seed);
        let mut action = if self.options.actions { self.arms.choose(self.gamma) } else { Action::Expand };
        let waiting = if action == Action::Repair { self.arms.take() } else { None };
        let job = |action, node, prefix, round| Job { action, node, prefix, round, log_prob: 0.0, bisection: None };
        let (query, job) = match waiting {
            Some(waiting) => {
                let kind = QueryKind::Repair(waiting.failure);
                (query(kind, self.root.clone()), job(action, 0, 0, waiting.round + 1))
            }
            None if action == Action::Sample => (query(QueryKind::WholeProof, self.root.clone()), job(action, 0, 0, 0)),
            None => {
                action = Action::Expand;
                let node = self.tree.select();
                let prefixes = &self.tree.nodes[node as usize].prefixes;
                let prefix = prefixes[stream.random_range(0..prefixes.len())];
                let state = Arc::new(self.tree.prefixes.state(prefix));
                let (prefix_text, column) = (self.tree.prefixes.script(prefix), self.tree.prefixes.get(prefix).column);
                (Query { prefix: prefix_text, column, ..query(QueryKind::WholeProof, state) }, job(action, node, prefix, 0))
            }
        };
        self.arms.begin(job.action);
        if job.action != Action::Repair {
            self.tree.begin(job.node);
        }
        (query, job)
    }

    /// Ends an expansion as if it had never begun.
    fn withdraw(&mut self, job: &Job) {
        self.arms.withdraw(job.action);
        if job.action != Action::Repair {
            self.tree.withdraw(job.node);
        }
    }

    fn finish(&mut self, job: &Job, reward: f64, log: &mut Log) {
        self.arms.finish(job.action, reward, self.gamma);
        if job.action != Action::Repair {
            self.tree.finish(job.node, reward);
        }
        log.record(|| SearchEvent::Rewarded { node: job.node, reward });
    }

    /// The policy answered.
    fn proposed(&mut self, mut job: Job, query: &Query, proposals: Vec<Proposal>, log: &mut Log) {
        let proposal = proposals.into_iter().find(Proposal::is_possible);
        let text = proposal.as_ref().map_or("", |p| behind_blank_lines(&p.tactic).trim_end());
        self.idle += 1;
        if text.is_empty() {
            return self.finish(&job, 0.0, log);
        }
        let proof: Tactic = if query.prefix.steps().is_empty() { text.into() } else { format!("{}\n{text}", query.prefix).into() };
        if !self.checked.insert(fingerprint(&proof)) {
            self.repeated += 1;
            return self.finish(&job, 0.0, log);
        }
        self.idle = 0;
        job.log_prob = proposal.map_or(0.0, |p| p.log_prob);
        self.ready.push_back((proof, job));
    }

    /// The environment answered about a proof, or the beginning of one that ran out of time.
    fn judged(&mut self, mut job: Job, proof: &Tactic, checked: Checked, log: &mut Log) {
        let in_time = match checked.trial {
            Trial::Fault(_) => return self.salvaged(job, log),
            Trial::Timeout => None,
            Trial::Closed => return self.judge(&job, proof, &checked, log),
            Trial::Open(_) | Trial::Rejected(_) => Some(checked),
        };
        match (&mut job.bisection, in_time) {
            (None, Some(checked)) => return self.judge(&job, proof, &checked, log),
            (Some(bisection), in_time) => bisection.answer(proof, in_time),
            (bisection @ None, None) => {
                let prefix = self.tree.prefixes.get(job.prefix);
                let from = self.tree.prefixes.end(job.prefix);
                *bisection = Bisection::new(proof, from, prefix.column, self.options.salvage_checks).map(Box::new);
                if bisection.is_none() {
                    return self.finish(&job, 0.0, log);
                }
            }
        }
        match job.bisection.as_ref().and_then(|bisection| bisection.probe()) {
            Some(probe) => self.ready.push_back((probe, job)),
            None => self.salvaged(job, log),
        }
    }

    /// No more will be found out about a job's proof than what its bisection holds.
    fn salvaged(&mut self, mut job: Job, log: &mut Log) {
        match job.bisection.take().map(|bisection| bisection.best) {
            Some(Some((proof, checked))) => self.judge(&job, &proof, &checked, log),
            Some(None) => self.finish(&job, 0.0, log),
            None => self.withdraw(&job),
        }
    }

    /// Makes nodes of a proof's states, and rewards the job.
    fn judge(&mut self, job: &Job, proof: &Tactic, checked: &Checked, log: &mut Log) {
        let from = self.tree.prefixes.end(job.prefix);
        let found = self.tree.insert(job.prefix, proof, &segments(proof, from, checked), job.log_prob, log);
        let closed = checked.trial == Trial::Closed;
        if closed && self.solution.is_none() {
            log.record(|| SearchEvent::Closed { parent: job.node, tactic: proof[from..].to_owned() });
            self.solution = Some(script(proof));
        }
        if self.options.actions && job.round < self.options.repairs {
            let errors: Vec<_> = checked.diagnostics.iter().filter(|d| d.severity == Severity::Error).cloned().collect();
            if !errors.is_empty() {
                self.arms.queue(Failure { proof: proof.clone(), errors }, checked.tactics.len(), job.round);
            }
        }
        let reward = if self.options.intrinsic { found > 0 } else { closed };
        self.finish(job, f64::from(u8::from(reward)), log);
    }
}

/// The text from its first line that is not blank.
fn behind_blank_lines(text: &str) -> &str {
    let blank = text.len() - text.trim_start().len();
    text[..blank].rfind('\n').map_or(text, |at| &text[at + 1..])
}

/// Equal for proofs that differ in comments and white space only.
fn fingerprint(proof: &str) -> u128 {
    let hash = blake3::hash(normal(proof).as_bytes());
    hash.as_bytes()[..16].iter().fold(0, |all, byte| all << 8 | u128::from(*byte))
}

/// A proof as the steps of its outermost block.
fn script(proof: &str) -> Script {
    let starts = salvage::steps(proof, 0);
    let ends = starts.iter().skip(1).copied().chain([proof.len()]);
    Script::new(starts.iter().zip(ends).map(|(start, end)| proof[*start..end].trim_end().into()))
}

impl Strategy for Rmaxts {
    type Ticket = Job;

    fn next(&mut self, id: RequestId, _allowance: u64, log: &mut Log) -> Option<(Task, Job)> {
        if let Some((proof, job)) = self.ready.pop_front() {
            log.record(|| SearchEvent::Tried { request: id, node: job.node, candidates: vec![proof.to_string()] });
            let check = Check { lemma: None, proof, detail: Detail::Tactics, heartbeats: self.options.heartbeats };
            return Some((Task::Check(check), job));
        }
        let ended = self.begun >= self.options.expansions || self.idle >= self.options.patience;
        if ended || self.solution.is_some() {
            return None;
        }
        let (query, job) = self.begin();
        log.record(|| SearchEvent::Asked { request: id, node: job.node });
        Some((Task::Propose(query), job))
    }

    fn commit(&mut self, job: Job, task: &Task, reply: Reply, log: &mut Log) {
        match (task, reply) {
            (Task::Propose(query), Reply::Proposals { proposals, .. }) => self.proposed(job, query, proposals, log),
            (Task::Check(check), Reply::Checked { checked, .. }) => self.judged(job, &check.proof, checked, log),
            _ => self.salvaged(job, log),
        }
    }

    fn abandon(&mut self, open: Vec<Job>) {
        for job in open.into_iter().chain(std::mem::take(&mut self.ready).into_iter().map(|(_, job)| job)) {
            self.withdraw(&job);
        }
    }

    fn solution(&self) -> Option<&Script> {
        self.solution.as_ref()
    }

    fn progress(&self) -> u64 {
        self.tree.nodes.len() as u64
    }
}

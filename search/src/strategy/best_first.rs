//! Best-first search over tactic steps.
//!
//! A node is a proof state, an edge a tactic with its log-probability. The next edge tried is the one whose path has the best
//! score: the sum of log-probabilities over the path, divided by a power of its length, so that long proofs are not starved
//! (exponent 0 is plain likelihood, 1 the mean per step; GPT-f, <https://arxiv.org/abs/2009.03393>, section 4.2, uses 0). Steps of
//! log-probability 0 are free and have no length. Equal scores go to the older entry.
//!
//! States that are equal up to the names of hypotheses are one node ([`StateKey`]), reached by the path that found it first.
//! Candidates of one node are tried several at a time: the best pending edge brings along its next siblings. A free step is tried
//! before them and alone; where it leads on, its siblings are dropped, as for the safe rules of Aesop
//! (<https://doi.org/10.1145/3573105.3575671>, section 3).

use crate::{
    canonical::StateKey,
    event::{Log, NodeId, SearchEvent},
    runner::Strategy,
    script::{Script, Tactic},
    stream::Streams,
    task::{Attempt, Proposal, Proposer, Query, QueryKind, Reply, RequestId, Task, Trial},
};
use prove_core::ProofState;
use std::{
    cmp::{Ordering, Reverse},
    collections::{BinaryHeap, HashMap, VecDeque},
    sync::Arc,
};

/// How a best-first search expands.
#[derive(Clone, Copy, Debug)]
pub struct BestFirstOptions {
    /// Who proposes the steps.
    pub proposer: Proposer,
    /// Proposals wanted for each node.
    pub proposals: usize,
    /// Candidates of one node checked by one request.
    pub batch: usize,
    /// Lean's limit for each candidate.
    pub heartbeats: u64,
    /// The power of the path length that scores are divided by.
    pub length_exponent: f64,
    /// What each open goal but one takes off a score, in nats.
    pub goal_cost: f64,
    /// Nodes this many steps from the root are not expanded.
    pub max_depth: u32,
}

impl Default for BestFirstOptions {
    fn default() -> Self {
        BestFirstOptions {
            proposer: Proposer::Rules,
            proposals: 64,
            batch: 8,
            heartbeats: 20_000,
            length_exponent: 0.5,
            goal_cost: 0.3,
            max_depth: 48,
        }
    }
}

/// The strategy; see the module text.
#[derive(Debug)]
pub struct BestFirst {
    options: BestFirstOptions,
    streams: Streams,
    nodes: Vec<Node>,
    known: HashMap<StateKey, NodeId>,
    frontier: BinaryHeap<Entry>,
    entries: u64,
    solution: Option<Script>,
}

#[derive(Debug)]
struct Node {
    state: Arc<ProofState>,
    /// The edge that found this node; none for the root.
    from: Option<(NodeId, Tactic)>,
    depth: u32,
    path: Path,
    /// Proposals not tried yet, best first.
    untried: VecDeque<Proposal>,
}

/// What the score of a path is made of.
#[derive(Clone, Copy, Debug, Default)]
struct Path {
    log_prob: f64,
    length: u32,
}

impl Path {
    fn then(self, log_prob: f64) -> Path {
        Path { log_prob: self.log_prob + log_prob, length: self.length + u32::from(log_prob < 0.0) }
    }

    fn score(self, exponent: f64) -> f64 {
        self.log_prob / f64::from(self.length.max(1)).powf(exponent)
    }
}

/// A place of the frontier: a node to ask the policy about, or a node with untried proposals.
#[derive(Debug)]
struct Entry {
    score: f64,
    age: Reverse<u64>,
    node: NodeId,
    asked: bool,
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        self.score.total_cmp(&other.score).then(self.age.cmp(&other.age))
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Entry {}

/// What a request was about.
#[derive(Debug)]
pub struct Expansion {
    node: NodeId,
    /// The log-probabilities of the candidates.
    log_probs: Vec<f64>,
}

impl BestFirst {
    /// A search from the initial state `root`.
    pub fn new(root: ProofState, streams: Streams, options: BestFirstOptions) -> BestFirst {
        let mut search = BestFirst {
            options,
            streams,
            nodes: Vec::new(),
            known: HashMap::new(),
            frontier: BinaryHeap::new(),
            entries: 0,
            solution: None,
        };
        if root.is_done() {
            search.solution = Some(Script::default());
        } else {
            search.known.insert(StateKey::of(&root), 0);
            search.add_node(root, None, 0, Path::default());
        }
        search
    }

    /// The states found so far, in the order they were found.
    pub fn states(&self) -> impl Iterator<Item = &ProofState> {
        self.nodes.iter().map(|n| &*n.state)
    }

    /// The tactics on the path to a node.
    fn script(&self, mut node: NodeId) -> Script {
        let mut steps = Vec::new();
        while let Some((parent, tactic)) = &self.nodes[node as usize].from {
            steps.push(tactic.clone());
            node = *parent;
        }
        steps.reverse();
        Script::new(steps)
    }

    fn add_node(&mut self, state: ProofState, from: Option<(NodeId, Tactic)>, depth: u32, path: Path) -> NodeId {
        let id = self.nodes.len() as NodeId;
        self.nodes.push(Node { state: Arc::new(state), from, depth, path, untried: VecDeque::new() });
        if depth < self.options.max_depth {
            self.push(id, path, false);
        }
        id
    }

    fn push(&mut self, node: NodeId, path: Path, asked: bool) {
        let goals = self.nodes[node as usize].state.goals.len().saturating_sub(1);
        let score = path.score(self.options.length_exponent) - self.options.goal_cost * goals as f64;
        self.frontier.push(Entry { score, age: Reverse(self.entries), node, asked });
        self.entries += 1;
    }

    /// Puts a node with untried proposals back into the frontier, at the score of the best of them.
    fn push_untried(&mut self, node: NodeId) {
        let Node { path, untried, .. } = &self.nodes[node as usize];
        if let Some(best) = untried.front() {
            let path = path.then(best.log_prob);
            self.push(node, path, true);
        }
    }

    fn ask(&mut self, id: RequestId, node: NodeId, log: &mut Log) -> Task {
        log.record(|| SearchEvent::Asked { request: id, node });
        let (state, seed) = (self.nodes[node as usize].state.clone(), self.streams.draw(u64::from(node)));
        let query = Query::new(QueryKind::Tactic, self.options.proposer, state, self.options.proposals, seed);
        Task::Propose(Query { prefix: self.script(node), ..query })
    }

    /// Tries the next proposals of a node: one free step, or a batch.
    fn attempt(&mut self, id: RequestId, node: NodeId, allowance: u64, log: &mut Log) -> (Task, Vec<f64>) {
        let most = usize::try_from(allowance).unwrap_or(usize::MAX).min(self.options.batch.max(1));
        let untried = &mut self.nodes[node as usize].untried;
        let free = untried.front().is_some_and(|p| p.log_prob == 0.0);
        let taken: Vec<Proposal> = untried.drain(..untried.len().min(if free { 1 } else { most })).collect();
        self.push_untried(node);
        log.record(|| SearchEvent::Tried { request: id, node, candidates: taken.iter().map(|p| p.tactic.to_string()).collect() });
        let (candidates, log_probs) = taken.into_iter().map(|p| (p.tactic, p.log_prob)).unzip();
        (Task::Attempt(Attempt { lemma: None, prefix: self.script(node), candidates, heartbeats: self.options.heartbeats }), log_probs)
    }

    fn reached(&mut self, parent: NodeId, tactic: &Tactic, log_prob: f64, state: ProofState, log: &mut Log) {
        let key = StateKey::of(&state);
        let known = self.known.get(&key).copied();
        if log_prob == 0.0 && known != Some(parent) {
            self.nodes[parent as usize].untried.clear();
        }
        if let Some(node) = known {
            log.record(|| SearchEvent::Merged { node, parent, tactic: tactic.to_string() });
            return;
        }
        let Node { depth, path, .. } = &self.nodes[parent as usize];
        let (depth, path) = (depth + 1, path.then(log_prob));
        let node = self.add_node(state, Some((parent, tactic.clone())), depth, path);
        self.known.insert(key, node);
        let state = &self.nodes[node as usize].state;
        log.record(|| SearchEvent::Reached { node, parent, tactic: tactic.to_string(), log_prob: path.log_prob, state: state.to_string() });
    }
}

impl Strategy for BestFirst {
    type Ticket = Expansion;

    fn next(&mut self, id: RequestId, allowance: u64, log: &mut Log) -> Option<(Task, Expansion)> {
        loop {
            let Entry { node, asked, .. } = self.frontier.pop()?;
            if !asked {
                return Some((self.ask(id, node, log), Expansion { node, log_probs: Vec::new() }));
            }
            if !self.nodes[node as usize].untried.is_empty() {
                let (task, log_probs) = self.attempt(id, node, allowance, log);
                return Some((task, Expansion { node, log_probs }));
            }
        }
    }

    fn commit(&mut self, Expansion { node, log_probs }: Expansion, task: &Task, reply: Reply, log: &mut Log) {
        match (task, reply) {
            (Task::Propose(_), Reply::Proposals { mut proposals, .. }) => {
                proposals.retain(Proposal::is_possible);
                proposals.sort_by(|a, b| b.log_prob.total_cmp(&a.log_prob));
                self.nodes[node as usize].untried = proposals.into();
                self.push_untried(node);
            }
            (Task::Attempt(attempt), Reply::Trials { trials, .. }) => {
                for ((tactic, log_prob), trial) in attempt.candidates.iter().zip(log_probs).zip(trials) {
                    match trial {
                        Trial::Closed if self.solution.is_none() => {
                            log.record(|| SearchEvent::Closed { parent: node, tactic: tactic.to_string() });
                            self.solution = Some(self.script(node).then(tactic.clone()));
                        }
                        Trial::Open(state) if !state.is_done() => self.reached(node, tactic, log_prob, state, log),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }

    fn progress(&self) -> u64 {
        self.nodes.len() as u64
    }

    fn solution(&self) -> Option<&Script> {
        self.solution.as_ref()
    }
}

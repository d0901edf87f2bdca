//! The search tree: states, how to get to them, and what is known of them.
//!
//! A node is a state. Every state is one node, up to names ([`StateKey`]), wherever in the tree it is met; its parent is the state it
//! was first reached from. What other proofs lead to it become further prefixes of the node.

use super::prefixes::{PrefixId, Prefixes, Step};
use crate::{
    bandit::{Choices, Record, scale},
    canonical::StateKey,
    event::{Log, NodeId, SearchEvent},
    segment::Segment,
};
use prove_core::{Hypothesis, ProofState};
use std::collections::HashMap;

/// One state.
#[derive(Debug, Default)]
pub(super) struct Node {
    /// The node it was first reached from, and its place among that one's children; none for the root.
    parent: Option<(NodeId, u32)>,
    /// Of expanding it: the virtual child ⊘.
    own: Record,
    /// Of it and everything below.
    subtree: Record,
    /// How many expansions of it are finished, without discount.
    pub(super) visits: u64,
    children: Choices,
    /// Proofs that lead to it, no two alike.
    pub(super) prefixes: Vec<PrefixId>,
}

impl Node {
    pub(super) fn parent(&self) -> Option<NodeId> {
        self.parent.map(|(parent, _)| parent)
    }

    pub(super) fn running(&self) -> u32 {
        self.own.running()
    }
}

/// The tree.
#[derive(Debug)]
pub(super) struct Tree {
    pub(super) nodes: Vec<Node>,
    known: HashMap<StateKey, NodeId>,
    pub(super) prefixes: Prefixes,
    gamma: f64,
    /// Characters that a prefix and the comment with its state may have.
    max_prefix_chars: usize,
}

impl Tree {
    pub(super) fn new(root: &ProofState, gamma: f64, max_prefix_chars: usize) -> Tree {
        let node = Node { prefixes: vec![0], ..Node::default() };
        let known = HashMap::from([(StateKey::of(root), 0)]);
        Tree { nodes: vec![node], known, prefixes: Prefixes::new(root), gamma, max_prefix_chars }
    }

    /// The node to expand next: from the root to the best child, until expanding the node itself is at least as good (section 3.2,
    /// equation 1).
    pub(super) fn select(&mut self) -> NodeId {
        let mut id = 0;
        loop {
            let node = &mut self.nodes[id as usize];
            let own = node.own.estimate(self.gamma);
            let scale = scale(own.visits + node.children.visits());
            match node.children.best(scale) {
                Some((child, score)) if score > own.score(scale) => id = child,
                _ => return id,
            }
        }
    }

    /// An expansion of a node begins.
    pub(super) fn begin(&mut self, id: NodeId) {
        self.nodes[id as usize].own.begin();
        self.upwards(id, Record::begin);
    }

    /// An expansion of a node ends without a result, as if it had never begun.
    pub(super) fn withdraw(&mut self, id: NodeId) {
        self.nodes[id as usize].own.withdraw();
        self.upwards(id, Record::withdraw);
    }

    /// An expansion of a node ends: the reward goes to it and to all nodes above (section 3.2, *Backpropagation*).
    pub(super) fn finish(&mut self, id: NodeId, reward: f64) {
        let gamma = self.gamma;
        let node = &mut self.nodes[id as usize];
        node.own.finish(reward, gamma);
        node.visits += 1;
        self.upwards(id, |record| record.finish(reward, gamma));
    }

    /// Changes the subtree statistics of a node and of all nodes above it.
    fn upwards(&mut self, mut id: NodeId, change: impl Fn(&mut Record)) {
        loop {
            let node = &mut self.nodes[id as usize];
            change(&mut node.subtree);
            let estimate = node.subtree.estimate(self.gamma);
            let Some((parent, place)) = node.parent else { return };
            self.nodes[parent as usize].children.set(place as usize, estimate);
            id = parent;
        }
    }

    /// Adds the states that a proof, which goes on from one of the tree's prefixes, passes through behind it. How many were new.
    /// `log_prob` is for the log.
    pub(super) fn insert(&mut self, mut prefix: PrefixId, proof: &str, segments: &[Segment<'_>], log_prob: f64, log: &mut Log) -> usize {
        let before = self.nodes.len();
        let mut node = self.prefixes.get(prefix).node;
        let mut start = self.prefixes.end(prefix);
        for segment in segments {
            let key = StateKey::of(&segment.whole);
            let known = self.known.get(&key).copied();
            if known == Some(node) {
                continue;
            }
            if let Some(known) = known.filter(|known| self.prefixes.nodes(prefix).any(|passed| passed == *known)) {
                // Back where the proof was before. Nothing leads there that did not before.
                node = known;
                continue;
            }
            let text = proof.get(start..segment.end).unwrap_or("").trim_start_matches('\n');
            if self.too_long(prefix, text, segment.own) {
                continue;
            }
            let reached = known.unwrap_or(self.nodes.len() as NodeId);
            let old = self.prefixes.find(prefix, text).filter(|old| self.prefixes.get(*old).node == reached);
            let like = known.map(|known| self.nodes[known as usize].prefixes[0]);
            let step = Step { text, state: segment.own, column: segment.column };
            let next = old.unwrap_or_else(|| self.prefixes.add(prefix, reached, like, step));
            match (known, old) {
                (None, _) => {
                    self.add_node(node, key, next);
                    let state = || segment.whole.to_string();
                    log.record(|| SearchEvent::Reached { node: reached, parent: node, tactic: text.to_owned(), log_prob, state: state() });
                }
                (Some(_), None) => {
                    self.nodes[reached as usize].prefixes.push(next);
                    log.record(|| SearchEvent::Merged { node: reached, parent: node, tactic: text.to_owned() });
                }
                (Some(_), Some(_)) => {}
            }
            (node, prefix, start) = (reached, next, segment.end);
        }
        self.nodes.len() - before
    }

    fn too_long(&self, prefix: PrefixId, text: &str, state: &ProofState) -> bool {
        self.prefixes.get(prefix).chars as usize + text.chars().count() + printed_chars(state) > self.max_prefix_chars
    }

    fn add_node(&mut self, parent: NodeId, key: StateKey, prefix: PrefixId) {
        let id = self.nodes.len() as NodeId;
        let place = self.nodes[parent as usize].children.push(id, Record::default().estimate(self.gamma)) as u32;
        self.nodes.push(Node { parent: Some((parent, place)), prefixes: vec![prefix], ..Node::default() });
        self.known.insert(key, id);
    }
}

/// Characters of a state as it is printed, about.
fn printed_chars(state: &ProofState) -> usize {
    let chars = |text: &str| text.chars().count() + 3;
    let hypothesis =
        |h: &Hypothesis| h.names.iter().map(|n| chars(n)).sum::<usize>() + chars(&h.kind) + h.value.as_deref().map_or(0, chars);
    state.goals.iter().map(|g| g.hypotheses.iter().map(hypothesis).sum::<usize>() + chars(&g.target)).sum()
}

#[cfg(test)]
mod tests;

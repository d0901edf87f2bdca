//! A tree over token ids that remembers what was computed for prefixes of token sequences.
//!
//! Each node holds the segment for some consecutive tokens. A child begins after a given number of its parent's tokens, which need not
//! be all of them: so a sequence that leaves another one in the middle of a node is added without cutting that node's segment.
//! What was not used for the longest time goes first, leaves before their parents.

use std::collections::HashMap;

/// The tree; `S` is what is remembered for a run of tokens.
pub(crate) struct PrefixTree<S> {
    nodes: HashMap<usize, Node<S>>,
    next: usize,
    clock: u64,
    bytes: u64,
}

struct Node<S> {
    parent: usize,
    /// How many of the parent's tokens come before this node's.
    after: usize,
    tokens: Vec<u32>,
    segment: Option<S>,
    bytes: u64,
    /// By how many of this node's tokens come before, and the child's first token.
    children: HashMap<(usize, u32), usize>,
    used: u64,
}

/// The longest known prefix of a sequence.
pub(crate) struct Match {
    /// How many tokens are known.
    pub(crate) length: usize,
    /// The nodes that know them, from the root on, each with how many of its tokens count.
    path: Vec<(usize, usize)>,
}

const ROOT: usize = 0;

impl<S> PrefixTree<S> {
    pub(crate) fn new() -> Self {
        let root = Node { parent: ROOT, after: 0, tokens: Vec::new(), segment: None, bytes: 0, children: HashMap::new(), used: 0 };
        PrefixTree { nodes: HashMap::from([(ROOT, root)]), next: ROOT + 1, clock: 0, bytes: 0 }
    }

    /// Bytes of all segments.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Finds the longest known prefix and marks it as used.
    pub(crate) fn find(&mut self, tokens: &[u32]) -> Match {
        self.clock += 1;
        let mut found = Match { length: 0, path: Vec::new() };
        let (mut at, mut rest) = (ROOT, tokens);
        while let Some(node) = self.nodes.get_mut(&at) {
            node.used = self.clock;
            let common = node.tokens.iter().zip(rest).take_while(|(a, b)| a == b).count();
            rest = &rest[common..];
            found.length += common;
            if common > 0 {
                found.path.push((at, common));
            }
            match rest.first().and_then(|&first| node.children.get(&(common, first))) {
                Some(&child) => at = child,
                None => break,
            }
        }
        found
    }

    /// The segments of a match, each with how many of its tokens count.
    pub(crate) fn segments<'a>(&'a self, found: &'a Match) -> impl Iterator<Item = (&'a S, usize)> {
        found.path.iter().filter_map(|&(node, count)| Some((self.nodes.get(&node)?.segment.as_ref()?, count)))
    }

    /// Adds the tokens after a match, which `find` just returned for the beginning of the same sequence.
    pub(crate) fn add(&mut self, found: &Match, rest: &[u32], segment: S, bytes: u64) {
        let (parent, after) = found.path.last().copied().unwrap_or((ROOT, 0));
        let (Some(&first), Some(above)) = (rest.first(), self.nodes.get_mut(&parent)) else { return };
        let id = self.next;
        self.next += 1;
        above.children.insert((after, first), id);
        let node = Node { parent, after, tokens: rest.to_vec(), segment: Some(segment), bytes, children: HashMap::new(), used: self.clock };
        self.nodes.insert(id, node);
        self.bytes += bytes;
    }

    /// Forgets the leaf that was not used for the longest time. `false` if there is none.
    pub(crate) fn evict(&mut self) -> bool {
        let leaves = self.nodes.iter().filter(|(id, node)| **id != ROOT && node.children.is_empty());
        let Some(oldest) = leaves.min_by_key(|(id, node)| (node.used, **id)).map(|(&id, _)| id) else { return false };
        if let Some(node) = self.nodes.remove(&oldest) {
            self.bytes -= node.bytes;
            if let (Some(parent), Some(first)) = (self.nodes.get_mut(&node.parent), node.tokens.first()) {
                parent.children.remove(&(node.after, *first));
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A tree whose segments are the tokens themselves.
    fn add(tree: &mut PrefixTree<Vec<u32>>, tokens: &[u32]) {
        let found = tree.find(tokens);
        let rest = &tokens[found.length..];
        tree.add(&found, rest, rest.to_vec(), rest.len() as u64);
    }

    fn known(tree: &mut PrefixTree<Vec<u32>>, tokens: &[u32]) -> Vec<u32> {
        let found = tree.find(tokens);
        let known: Vec<u32> = tree.segments(&found).flat_map(|(segment, count)| segment[..count].to_vec()).collect();
        assert_eq!(known.len(), found.length);
        known
    }

    #[test]
    fn a_branch_in_the_middle_of_a_node_keeps_both_sides() {
        let mut tree = PrefixTree::new();
        add(&mut tree, &[1, 2, 3, 4]);
        add(&mut tree, &[1, 2, 5, 6]);
        add(&mut tree, &[1, 2, 5, 7]);
        assert_eq!(known(&mut tree, &[1, 2, 3, 4, 9]), [1, 2, 3, 4]);
        assert_eq!(known(&mut tree, &[1, 2, 5, 7, 9]), [1, 2, 5, 7]);
        assert!(known(&mut tree, &[2]).is_empty());
        assert_eq!(tree.bytes(), 7);
    }

    #[test]
    fn what_was_not_used_for_longest_goes_first_and_leaves_before_parents() {
        let mut tree = PrefixTree::new();
        add(&mut tree, &[1, 2]);
        add(&mut tree, &[1, 2, 3]);
        add(&mut tree, &[9]);
        known(&mut tree, &[1, 2, 3]);
        assert!(tree.evict());
        assert!(known(&mut tree, &[9]).is_empty());
        assert!(tree.evict());
        assert_eq!(known(&mut tree, &[1, 2, 3]), [1, 2]);
        assert!(tree.evict() && !tree.evict());
        assert_eq!(tree.bytes(), 0);
    }

    proptest! {
        /// Whatever was added is known in full until something is evicted, and what is known is always a prefix of the question.
        #[test]
        fn it_knows_what_was_added(sequences in proptest::collection::vec(proptest::collection::vec(0u32..3, 0..12), 1..20), evictions in 0usize..10) {
            let mut tree = PrefixTree::new();
            sequences.iter().for_each(|tokens| add(&mut tree, tokens));
            for tokens in &sequences {
                prop_assert_eq!(&known(&mut tree, tokens), tokens);
            }
            for _ in 0..evictions {
                tree.evict();
            }
            for tokens in &sequences {
                prop_assert!(tokens.starts_with(&known(&mut tree, tokens)));
            }
        }
    }
}

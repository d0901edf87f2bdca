//! The beginnings of proofs that lead to the states of a tree. Each is the one it goes on from and a piece of text, so that all proofs
//! through a state share what comes before it.

use super::packed::Packed;
use crate::{
    event::NodeId,
    script::{Script, Tactic},
};
use prove_core::ProofState;
use std::{
    collections::HashMap,
    hash::{BuildHasher, BuildHasherDefault, DefaultHasher},
};

/// A prefix by number; 0 is the empty one.
pub(super) type PrefixId = u32;

/// One prefix.
#[derive(Debug)]
pub(super) struct Prefix {
    /// The one that it goes on from; itself for the empty one.
    parent: PrefixId,
    /// The node whose state it leads to.
    pub(super) node: NodeId,
    /// The lines that it adds.
    text: Tactic,
    /// The goals that the block sees in which it ends.
    state: Packed,
    /// The column of that block's tactics.
    pub(super) column: u32,
    /// Bytes of the whole text.
    bytes: u32,
    /// Characters of the whole text.
    pub(super) chars: u32,
}

/// What a prefix adds to the one that it goes on from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step<'a> {
    pub(super) text: &'a str,
    /// The goals behind it, as its block sees them.
    pub(super) state: &'a ProofState,
    pub(super) column: u32,
}

/// All prefixes of a tree.
#[derive(Debug)]
pub(super) struct Prefixes {
    all: Vec<Prefix>,
    /// By a hash of parent and text. The few that share one with an older prefix are not in it, and are kept twice when found again.
    by_hash: HashMap<u64, PrefixId>,
    /// Always the same one, so that the same search grows the same tree.
    hasher: BuildHasherDefault<DefaultHasher>,
}

impl Prefixes {
    /// The empty prefix at the root.
    pub(super) fn new(root: &ProofState) -> Prefixes {
        let empty = Prefix { parent: 0, node: 0, text: "".into(), state: Packed::new(root), column: 0, bytes: 0, chars: 0 };
        Prefixes { all: vec![empty], by_hash: HashMap::new(), hasher: BuildHasherDefault::new() }
    }

    pub(super) fn get(&self, id: PrefixId) -> &Prefix {
        &self.all[id as usize]
    }

    /// The prefix that goes on from `parent` with this text.
    pub(super) fn find(&self, parent: PrefixId, text: &str) -> Option<PrefixId> {
        let id = *self.by_hash.get(&self.hasher.hash_one((parent, text)))?;
        let found = self.get(id);
        (found.parent == parent && *found.text == *text).then_some(id)
    }

    /// A prefix that was not there. `like` is one that may have the same goals behind it, to keep them once.
    pub(super) fn add(&mut self, parent: PrefixId, node: NodeId, like: Option<PrefixId>, step: Step<'_>) -> PrefixId {
        let Step { text, state, column } = step;
        let id = self.all.len() as PrefixId;
        let Prefix { bytes, chars, .. } = self.get(parent);
        // A line break comes between.
        let after = |length: u32, text: usize| length + u32::from(parent != 0) + text as u32;
        let (bytes, chars) = (after(*bytes, text.len()), after(*chars, text.chars().count()));
        self.by_hash.entry(self.hasher.hash_one((parent, text))).or_insert(id);
        let packed = Packed::new(state);
        let state = like.map(|like| &self.get(like).state).filter(|like| **like == packed).cloned().unwrap_or(packed);
        self.all.push(Prefix { parent, node, text: text.into(), state, column, bytes, chars });
        id
    }

    /// The byte at which the text behind a prefix begins, on a new line.
    pub(super) fn end(&self, id: PrefixId) -> usize {
        self.get(id).bytes as usize + usize::from(id != 0)
    }

    /// The nodes that a prefix passes through, its own first.
    pub(super) fn nodes(&self, id: PrefixId) -> impl Iterator<Item = NodeId> {
        std::iter::successors(Some(id), |id| (*id != 0).then(|| self.get(*id).parent)).map(|id| self.get(id).node)
    }

    /// The pieces of a prefix.
    pub(super) fn script(&self, mut id: PrefixId) -> Script {
        let mut steps = Vec::new();
        while id != 0 {
            let prefix = self.get(id);
            steps.push(prefix.text.clone());
            id = prefix.parent;
        }
        steps.reverse();
        Script::new(steps)
    }

    /// The goals behind a prefix, as its block sees them.
    pub(super) fn state(&self, id: PrefixId) -> ProofState {
        self.get(id).state.unpack()
    }
}

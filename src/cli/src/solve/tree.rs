//! The tree that a search's events describe: searches, states, statements and sketches, and which of them led to a proof.

use prove_search::{Entry, NodeId, SearchEvent, SearchId};
use std::collections::HashMap;

/// What a node of the tree is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A search; its own root state.
    Search,
    /// A proof state, reached by a tactic.
    State,
    /// A statement of a decomposition.
    Statement,
    /// A sketch of one.
    Sketch,
    /// A proof.
    Proof,
}

/// How a node ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Open,
    /// It is on the way to a proof.
    Won,
    /// Its negation is proved.
    Refuted,
    /// It was given up.
    Pruned,
}

/// A node of the tree. Parents come before their children.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) parent: Option<usize>,
    pub(crate) kind: Kind,
    /// In a few words.
    pub(crate) label: String,
    /// In full.
    pub(crate) detail: String,
    /// Expansions of it, or candidates tried there.
    pub(crate) visits: u64,
    /// Sum of its rewards, for searches that have them.
    pub(crate) reward: f64,
    pub(crate) outcome: Outcome,
}

/// The tree of one `sorry`.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    pub(crate) nodes: Vec<Node>,
    places: HashMap<(SearchId, NodeId), usize>,
    searches: HashMap<SearchId, usize>,
    /// Statements by their text.
    statements: HashMap<String, usize>,
}

impl Tree {
    /// Takes the next event in.
    pub(crate) fn take(&mut self, Entry { search, event }: Entry) {
        match event {
            SearchEvent::Began { outer, strategy, theorem } => {
                let about = theorem.as_deref().and_then(|theorem| self.about(theorem));
                let parent = about.unwrap_or_else(|| self.root(outer));
                let node = self.add(Some(parent), Kind::Search, &strategy, theorem.unwrap_or_default());
                self.searches.insert(search, node);
            }
            SearchEvent::Tried { node, candidates, .. } => {
                let node = self.node(search, node);
                self.nodes[node].visits += candidates.len() as u64;
            }
            SearchEvent::Rewarded { node, reward } => {
                let node = self.node(search, node);
                self.nodes[node].reward += reward;
            }
            SearchEvent::Reached { node, parent, tactic, state, .. } => {
                let parent = self.node(search, parent);
                let detail = format!("{tactic}\n\n{state}");
                let reached = self.add(Some(parent), Kind::State, &tactic, detail);
                self.places.insert((search, node), reached);
            }
            SearchEvent::Closed { parent, tactic } => {
                let parent = self.node(search, parent);
                let proof = self.add(Some(parent), Kind::Proof, &tactic, tactic.clone());
                self.win(proof);
            }
            SearchEvent::Stated { node, theorem } => {
                let parent = self.root(search);
                // What it says counts; its premises are many.
                let label = theorem.rsplit_once("), ").map_or(theorem.as_str(), |(_, target)| target);
                let stated = self.add(Some(parent), Kind::Statement, label, theorem.clone());
                self.statements.insert(theorem, stated);
                self.places.insert((search, node), stated);
            }
            SearchEvent::Sketched { node, statement, sketch, gaps } => {
                let statement = self.node(search, statement);
                let added = self.add(Some(statement), Kind::Sketch, &sketch, sketch.clone());
                self.places.insert((search, node), added);
                let root = self.root(search);
                for gap in gaps {
                    // A statement is drawn below the first sketch that needs it.
                    let gap = self.node(search, gap);
                    if self.nodes[gap].parent == Some(root) && gap != statement {
                        self.nodes[gap].parent = Some(added);
                    }
                }
            }
            SearchEvent::Proved { node, proof } => {
                let node = self.node(search, node);
                self.nodes[node].outcome = Outcome::Won;
                self.nodes[node].detail += &format!("\n\n{proof}");
                let filled = |tree: &Tree, sketch: usize| {
                    let mut gaps = tree.nodes.iter().filter(|n| n.parent == Some(sketch) && n.kind == Kind::Statement);
                    tree.nodes[sketch].outcome == Outcome::Open && gaps.all(|gap| gap.outcome == Outcome::Won)
                };
                let sketches =
                    (node..self.nodes.len()).filter(|&i| self.nodes[i].parent == Some(node) && self.nodes[i].kind == Kind::Sketch);
                let filled: Vec<usize> = sketches.filter(|&sketch| filled(self, sketch)).collect();
                filled.into_iter().for_each(|sketch| self.nodes[sketch].outcome = Outcome::Won);
            }
            SearchEvent::Refuted { node } => self.end(search, node, Outcome::Refuted, ""),
            SearchEvent::Pruned { node, why } => self.end(search, node, Outcome::Pruned, &why),
            SearchEvent::Turn { .. }
            | SearchEvent::Asked { .. }
            | SearchEvent::Committed { .. }
            | SearchEvent::Merged { .. }
            | SearchEvent::Stopped { .. } => {}
        }
    }

    /// The statement that a search's theorem is, or the negation of.
    fn about(&self, theorem: &str) -> Option<usize> {
        let negated = || theorem.strip_prefix("¬ (")?.strip_suffix(')');
        self.statements.get(theorem).or_else(|| self.statements.get(negated()?)).copied()
    }

    fn add(&mut self, parent: Option<usize>, kind: Kind, label: &str, detail: String) -> usize {
        let label = label.to_owned();
        self.nodes.push(Node { parent, kind, label, detail, visits: 0, reward: 0.0, outcome: Outcome::Open });
        self.nodes.len() - 1
    }

    /// The root of a search.
    fn root(&mut self, search: SearchId) -> usize {
        match self.searches.get(&search) {
            Some(root) => *root,
            None => {
                let root = self.add(None, Kind::Search, "search", String::new());
                self.searches.insert(search, root);
                root
            }
        }
    }

    fn node(&mut self, search: SearchId, node: NodeId) -> usize {
        match self.places.get(&(search, node)) {
            Some(place) => *place,
            None => self.root(search),
        }
    }

    fn end(&mut self, search: SearchId, node: NodeId, outcome: Outcome, why: &str) {
        let node = self.node(search, node);
        self.nodes[node].outcome = outcome;
        if !why.is_empty() {
            self.nodes[node].detail += &format!("\n\n{why}");
        }
    }

    /// Marks the way from a node up to the statement that it proves.
    fn win(&mut self, node: usize) {
        let mut at = Some(node);
        while let Some(node) = at.filter(|&node| self.nodes[node].kind != Kind::Statement) {
            self.nodes[node].outcome = Outcome::Won;
            at = self.nodes[node].parent;
        }
    }
}

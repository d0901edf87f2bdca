use super::*;
use proptest::prelude::*;
use prove_core::Goal;
use std::{borrow::Cow, collections::BTreeSet};

const GAMMA: f64 = 0.99;

fn state(target: &str) -> ProofState {
    ProofState { goals: vec![Goal { case: None, hypotheses: Vec::new(), target: target.to_owned() }] }
}

fn tree() -> Tree {
    Tree::new(&state("r"), GAMMA, 1_000)
}

/// Inserts a proof, given as a tactic and a state for each line, behind a prefix.
fn insert(tree: &mut Tree, prefix: PrefixId, lines: &[(&str, &str)]) -> usize {
    let mut proof = tree.prefixes.script(prefix).to_string();
    let states: Vec<ProofState> = lines.iter().map(|(_, target)| state(target)).collect();
    let mut segments = Vec::new();
    for ((tactic, _), state) in lines.iter().zip(&states) {
        proof.push_str(if proof.is_empty() { "" } else { "\n" });
        proof.push_str(tactic);
        segments.push(Segment { end: proof.len(), own: state, whole: Cow::Borrowed(state), column: 0 });
    }
    tree.insert(prefix, &proof, &segments, 0.0, &mut Log::default())
}

/// The target of a node's state, its parent's, and the proofs that lead to it.
fn node(tree: &Tree, id: NodeId) -> (String, Option<NodeId>, Vec<String>) {
    let node = &tree.nodes[id as usize];
    let target = tree.prefixes.state(node.prefixes[0]).goals[0].target.clone();
    (target, node.parent(), node.prefixes.iter().map(|p| tree.prefixes.script(*p).to_string()).collect())
}

fn row(target: &str, parent: NodeId, prefixes: &[&str]) -> (String, Option<NodeId>, Vec<String>) {
    (target.to_owned(), Some(parent), prefixes.iter().map(|p| (*p).to_owned()).collect())
}

fn expand(tree: &mut Tree, reward: f64) -> NodeId {
    let node = tree.select();
    tree.begin(node);
    tree.finish(node, reward);
    node
}

#[test]
fn a_state_is_one_node_and_keeps_every_way_to_it() {
    let mut tree = tree();
    assert_eq!(insert(&mut tree, 0, &[("a", "A"), ("b", "B")]), 2);
    assert_eq!(insert(&mut tree, 0, &[("c", "B")]), 0);
    assert_eq!(insert(&mut tree, 0, &[("a", "A"), ("b", "B")]), 0);
    assert_eq!(insert(&mut tree, 0, &[("a", "A"), ("skip", "A"), ("d", "B")]), 0);
    assert_eq!(insert(&mut tree, 0, &[("c", "B"), ("e", "E")]), 1);
    assert_eq!(node(&tree, 1), row("A", 0, &["a"]));
    // A step that changes nothing is part of the next one.
    assert_eq!(node(&tree, 2), row("B", 1, &["a\nb", "c", "a\nskip\nd"]));
    assert_eq!(node(&tree, 3), row("E", 2, &["c\ne"]));
}

#[test]
fn a_path_that_comes_back_adds_no_prefix_there() {
    let mut tree = tree();
    insert(&mut tree, 0, &[("a", "A"), ("b", "B")]);
    assert_eq!(insert(&mut tree, 0, &[("a", "A"), ("b", "B"), ("back", "A"), ("c", "C"), ("home", "r"), ("d", "D")]), 2);
    assert_eq!(node(&tree, 0).2, [""]);
    assert_eq!(node(&tree, 1), row("A", 0, &["a"]));
    assert_eq!(node(&tree, 3), row("C", 1, &["a\nb\nback\nc"]));
    assert_eq!(node(&tree, 4), row("D", 0, &["a\nb\nback\nc\nhome\nd"]));
}

#[test]
fn rewards_go_to_the_node_and_all_above() {
    let mut tree = tree();
    insert(&mut tree, 0, &[("a", "A"), ("b", "B")]);
    for (id, reward) in [(2, 1.0), (2, 0.0), (0, 1.0)] {
        tree.begin(id);
        tree.finish(id, reward);
    }
    // B: W = 0.99·1 + 0 = 0.99, N = 1.99, in its own statistics and its subtree's. A has that in its subtree's, and nothing of its own.
    // The root: own W = N = 1; subtree W = 0.99·0.99 + 1 = 1.9801, N = 0.99·1.99 + 1 = 2.9701.
    let close = |record: &Record, value: f64, visits: f64| {
        let found = record.estimate(GAMMA);
        assert!((found.value - value).abs() < 1e-12 && (found.visits - visits).abs() < 1e-12, "{found:?}");
    };
    let [root, a, b] = &tree.nodes[..] else { panic!("three nodes") };
    close(&b.own, 0.99 / 1.99, 1.99);
    close(&b.subtree, 0.99 / 1.99, 1.99);
    close(&a.own, 0.0, 0.0);
    close(&a.subtree, 0.99 / 1.99, 1.99);
    close(&root.own, 1.0, 1.0);
    close(&root.subtree, 1.9801 / 2.9701, 2.9701);
    assert_eq!(tree.nodes.iter().map(|n| n.visits).collect::<Vec<_>>(), [1, 0, 2]);
}

#[test]
fn jobs_under_way_spread_over_the_tree() {
    let mut tree = tree();
    insert(&mut tree, 0, &[("a", "A"), ("b", "B")]);
    tree.begin(0);
    tree.finish(0, 1.0);
    // Root: ⊘ W = N = 1; A was never tried: A, whose ⊘ is first of equals.
    // With that job A counts N' = 1, Q' = 0; T = 2: ⊘ 1 + sqrt(2 ln 2) = 2.177, A 1.177: the root.
    // With that, ⊘ counts W' = 0.99, N' = 1.99; T = 2.99, 2 ln T = 2.19055: ⊘ 0.4975 + 1.0492 = 1.547, A 1.480: the root again.
    // ⊘ W' = 0.9801, N' = 2.9701; T = 3.9701, 2 ln T = 2.75758: ⊘ 0.32999 + 0.96357 = 1.294, A 1.661. At A: ⊘ N' = 1, B never tried: B.
    // A N' = 1.99; T = 4.9601, 2 ln T = 3.20287: ⊘ 0.32999 + 1.03845 = 1.368, A 1.26865: the root.
    let chosen: Vec<NodeId> = (0..5)
        .map(|_| {
            let node = tree.select();
            tree.begin(node);
            node
        })
        .collect();
    assert_eq!(chosen, [1, 0, 0, 2, 0]);
    for node in chosen {
        tree.withdraw(node);
    }
    assert!(tree.nodes.iter().all(|n| n.running() == 0 && n.subtree.running() == 0));
    assert_eq!(tree.select(), 1, "as if nothing had begun");
}

#[test]
fn every_child_is_tried_once_before_any_is_tried_again() {
    let mut tree = tree();
    for i in 0..100 {
        insert(&mut tree, 0, &[(&format!("t{i}"), &format!("S{i}"))]);
    }
    assert_eq!(expand(&mut tree, 0.0), 0);
    let chosen: Vec<NodeId> = (0..100).map(|_| expand(&mut tree, 0.0)).collect();
    assert_eq!(chosen, (1..=100).collect::<Vec<_>>());
}

proptest! {
    #[test]
    fn proofs_in_any_order_give_the_same_states_and_ways(
        proofs in prop::collection::vec(prop::collection::vec((0usize..3, 0usize..6), 1..6), 1..12),
        order in any::<prop::sample::Index>(),
    ) {
        let (tactics, states) = (["s", "t", "u"], ["r", "A", "B", "C", "D", "E"]);
        let grown = |proofs: &[Vec<(usize, usize)>]| {
            let mut tree = tree();
            for proof in proofs {
                let lines: Vec<_> = proof.iter().map(|(t, s)| (tactics[*t], states[*s])).collect();
                insert(&mut tree, 0, &lines);
            }
            (0..tree.nodes.len() as NodeId).map(|id| node(&tree, id)).collect::<Vec<_>>()
        };
        let straight = grown(&proofs);
        let mut turned = proofs.clone();
        turned.rotate_left(order.index(proofs.len()));
        turned.reverse();
        let turned = grown(&turned);
        let states = |nodes: &[(String, Option<NodeId>, Vec<String>)]| nodes.iter().map(|n| n.0.clone()).collect::<BTreeSet<_>>();
        prop_assert_eq!(states(&straight), states(&turned));
        prop_assert_eq!(states(&straight).len(), straight.len(), "no state is two nodes");
    }
}

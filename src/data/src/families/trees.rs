//! Binary trees and what is computed by recursion on them.

use super::{
    Family,
    terms::{affine, shifted},
};
use crate::{
    draft::Draft,
    rng::Rng,
    statement::{Difficulty, Topic::Programs},
};

pub(crate) const FAMILIES: &[Family] = &[Family::new(Programs, "prog_tree", tree), Family::new(Programs, "prog_leaves", leaves)];

const TYPE: &[&str] = &["Tree", "Plant", "Branching", "Heap", "T"];
const WEIGHT: &[&str] = &["weight", "total", "cost", "amount"];
const SIZE: &[&str] = &["size", "nodes", "count", "forks"];
const MIRROR: &[&str] = &["mirror", "reflect", "turn", "swap"];
const FLAT: &[&str] = &["flatten", "items", "toList", "walk"];
const CHANGE: &[&str] = &["grow", "change", "shift", "update"];
const OTHER: &[&str] = &["other", "aux", "go", "depth"];

/// Trees with a number at every inner node.
fn tree(rng: &mut Rng, d: Difficulty) -> Draft {
    let (a, b, c, k) = (rng.int(1, 5 + d.scale()), rng.int(0, 9), rng.int(0, 19), rng.int(1, 19));
    let form = affine(a, "x", b);
    let shape = rng.below(4);
    // How much a node adds to the size, and what is added to the numbers in a list of them, where no equation speaks of it.
    let s = if matches!((d.level(), shape), (2 | 3, 2) | (5, 0 | 2)) { 1 } else { rng.int(1, 9) };
    let e = if matches!((d.level(), shape), (3 | 5, 2)) { 0 } else { rng.int(0, 9) };
    let item = shifted("x", e);
    // Definitions by recursion on a tree: at a leaf, and at a node.
    let define = |name: &str, result: &str, leaf: &str, node: &str| {
        format!("def {name} : Tree → {result}\n  | .leaf => {leaf}\n  | .node l x r => {node}")
    };
    let with = |goal: String, functions: &[&str]| {
        let draft = Draft::new(goal).def(TYPE, "inductive Tree where\n  | leaf : Tree\n  | node : Tree → Nat → Tree → Tree");
        functions.iter().fold(draft, |draft, function| match *function {
            "weight" => draft.def(WEIGHT, define("weight", "Nat", &c.to_string(), &format!("weight l + {form} + weight r"))),
            "size" => draft.def(SIZE, define("size", "Nat", "0", &format!("size l + {s} + size r"))),
            "mirror" => draft.def(MIRROR, define("mirror", "Tree", ".leaf", ".node (mirror r) x (mirror l)")),
            "flatten" => draft.def(FLAT, define("flatten", "List Nat", "[]", &format!("flatten l ++ ({item}) :: flatten r"))),
            "grow" => draft.def(CHANGE, define("grow", "Tree", ".leaf", &format!(".node (grow l) (x + {k}) (grow r)"))),
            "depth" => draft.def(OTHER, define("other", "Nat", "0", "max (other l) (other r) + 1")),
            "onto" => {
                draft.def(OTHER, define("other", "List Nat → List Nat", "fun s => s", &format!("fun s => other l (({item}) :: other r s)")))
            }
            "has" => draft.def(
                OTHER,
                format!("def other (n : Nat) : Tree → Prop\n  | .leaf => False\n  | .node l x r => other n l ∨ n = {item} ∨ other n r"),
            ),
            _ => draft,
        })
    };
    let draft = match (d.level(), shape) {
        (1, 0) => {
            let (x, y) = (rng.int(0, 9), rng.int(0, 9));
            let value = 3 * c + a * (x + y) + 2 * b;
            with(format!("weight (.node (.node .leaf {x} .leaf) {y} Tree.leaf) = {value}"), &["weight"])
        }
        (1, 1) => with(format!("{c} ≤ weight t"), &["weight"]),
        (1, 2) => with(format!("weight (.node s m t) = weight t + weight s + {}", affine(a, "m", b)), &["weight"]),
        (1, _) => with("size (mirror t) = size t".to_owned(), &["size", "mirror"]),
        (2, 0) => with("weight (mirror t) = weight t".to_owned(), &["weight", "mirror"]),
        (2, 1) => with("size (mirror (mirror t)) = size t ∧ mirror (mirror t) = t".to_owned(), &["size", "mirror"]),
        (2, 2) => with(format!("weight (grow t) = weight t + {} * size t", a * k), &["weight", "size", "grow"]),
        (2, _) => with(format!("{b} * size t + {} ≤ {s} * weight t", s * c), &["weight", "size"]),
        (3, 0) => with(format!("{s} * (flatten t).length = size t"), &["size", "flatten"]),
        (3, 1) => with(format!("mirror (grow t) = grow (mirror t) ∧ size (grow t) + {b} = size t + {b}"), &["size", "mirror", "grow"]),
        (3, 2) => {
            with(format!("weight t = {} + {} * size t + {c}", affine(a, "(flatten t).sum", 0), b + c), &["weight", "size", "flatten"])
        }
        (3, _) => with(format!("other t + {c} ≤ size t + {}", c + k), &["size", "depth"]),
        (4, 0) => with("flatten (mirror t) = (flatten t).reverse".to_owned(), &["mirror", "flatten"]),
        (4, 1) => with(format!("flatten (grow t) = (flatten t).map (fun x => x + {k})"), &["flatten", "grow"]),
        (4, 2) => with("other t s = flatten t ++ s".to_owned(), &["flatten", "onto"]),
        (4, _) => with(format!("other (grow (mirror t)) + {b} = other t + {b}"), &["mirror", "grow", "depth"]),
        (_, 0) => with("size t + 1 ≤ 2 ^ other t".to_owned(), &["size", "depth"]),
        (_, 1) => with("other m t ↔ m ∈ flatten t".to_owned(), &["flatten", "has"]),
        (_, 2) => {
            with(format!("weight t = {} + {} * (other t []).length + {c}", affine(a, "(other t []).sum", 0), b + c), &["weight", "onto"])
        }
        _ => with(format!("other (m + {k}) (grow t) ↔ other m t"), &["grow", "has"]),
    };
    let lists = draft.goal.starts_with("other t s");
    let draft = if lists { draft.over("s", "List Nat").over("t", "Tree") } else { draft.over("s t", "Tree") };
    draft.over("m", "Nat")
}

/// Trees with numbers at their leaves.
fn leaves(rng: &mut Rng, d: Difficulty) -> Draft {
    let (a, b, c, k) = (rng.int(1, 5 + d.scale()), rng.int(0, 19), rng.int(0, 9), rng.int(1, 19));
    let define = |name: &str, result: &str, leaf: &str, node: &str| {
        format!("def {name} : Tree → {result}\n  | .leaf x => {leaf}\n  | .fork l r => {node}")
    };
    let with = |goal: String, functions: &[&str]| {
        let draft = Draft::new(goal).def(TYPE, "inductive Tree where\n  | leaf : Nat → Tree\n  | fork : Tree → Tree → Tree");
        functions.iter().fold(draft, |draft, function| match *function {
            "weight" => draft.def(WEIGHT, define("weight", "Nat", &affine(a, "x", b), &format!("weight l + weight r + {c}"))),
            "size" => draft.def(SIZE, define("size", "Nat", "0", "size l + size r + 1").replace("leaf x", "leaf _")),
            "mirror" => draft.def(MIRROR, define("mirror", "Tree", ".leaf x", ".fork (mirror r) (mirror l)")),
            "flatten" => draft.def(FLAT, define("flatten", "List Nat", "[x]", "flatten l ++ flatten r")),
            "grow" => draft.def(CHANGE, define("grow", "Tree", &format!(".leaf (x + {k})"), ".fork (grow l) (grow r)")),
            "least" => draft.def(OTHER, define("other", "Nat", "x", "min (other l) (other r)")),
            "most" => draft.def(OTHER, define("other", "Nat", "x", "max (other l) (other r)")),
            "depth" => draft.def(OTHER, define("other", "Nat", "0", "max (other l) (other r) + 1").replace("leaf x", "leaf _")),
            _ => draft,
        })
    };
    let sum = |list: &str| format!("{} + {b} * {list}.length + {c} * size t", affine(a, &format!("{list}.sum"), 0));
    let draft = match (d.level(), rng.below(4)) {
        (1, 0) => with(format!("weight (.fork (.leaf {k}) t) = weight t + {}", a * k + b + c), &["weight"]),
        (1, 1) => with(format!("{b} ≤ weight t"), &["weight"]),
        (1, 2) => with("flatten t ≠ []".to_owned(), &["flatten"]),
        (1, _) => with(format!("weight (.fork s t) + {k} = weight (.fork t s) + {k}"), &["weight"]),
        (2, 0) => with(format!("weight (mirror t) + {k} = weight t + {k}"), &["weight", "mirror"]),
        (2, 1) => with("(flatten t).length = size t + 1".to_owned(), &["size", "flatten"]),
        (2, 2) => with(format!("weight (grow t) = weight t + {} * size t + {}", a * k, a * k), &["weight", "size", "grow"]),
        (2, _) => with(format!("{} * size t + {b} ≤ weight t", b + c), &["weight", "size"]),
        (3, 0) => with(format!("weight t = {}", sum("(flatten t)")), &["weight", "size", "flatten"]),
        (3, 1) => with(format!("other (grow t) = other t + {k}"), &["grow", rng.pick(&["least", "most"])]),
        (3, 2) => with(format!("{} ≤ weight t", affine(a, "other t", b)), &["weight", rng.pick(&["least", "most"])]),
        (3, _) => with(format!("other t + {k} ≤ size t + {}", b + k), &["size", "depth"]),
        (4, 0) => with(format!("flatten (grow (mirror t)) = ((flatten t).map (fun x => x + {k})).reverse"), &["mirror", "flatten", "grow"]),
        (4, 1) => with(format!("∀ x ∈ flatten t, other t ≤ x + {b}"), &["flatten", "least"]),
        (4, 2) => with(format!("∀ x ∈ flatten (grow t), {k} ≤ x ∧ x ≤ other t + {k}"), &["flatten", "grow", "most"]),
        (4, _) => with(format!("weight t = {}", sum("(flatten (mirror t))")), &["weight", "size", "mirror", "flatten"]),
        (_, 0) => with("size t + 1 ≤ 2 ^ other t".to_owned(), &["size", "depth"]),
        (_, 1) => with("other t ∈ flatten t".to_owned(), &["flatten", rng.pick(&["least", "most"])]),
        (_, 2) => with(format!("(∀ x ∈ flatten t, x ≤ m + {b}) ↔ other t ≤ m + {b}"), &["flatten", "most"]),
        _ => with(format!("m ≤ other t → ∀ x ∈ flatten (mirror t), m ≤ x + {b}"), &["mirror", "flatten", "least"]),
    };
    draft.over("s t", "Tree").over("m", "Nat")
}

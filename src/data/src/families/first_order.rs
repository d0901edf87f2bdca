//! Quantifiers, predicates, relations and equality.

use super::{
    Family,
    cells::{PROPOSITIONS, Shape, syllogism},
};
use crate::{
    draft::Draft,
    rng::Rng,
    statement::{Difficulty, Topic::FirstOrder},
};

pub(crate) const FAMILIES: &[Family] = &[
    Family::new(FirstOrder, "fol_quantifiers", quantifiers),
    Family::new(FirstOrder, "fol_syllogism", syllogisms),
    Family::new(FirstOrder, "fol_relation", relation),
    Family::new(FirstOrder, "fol_equality", equality),
];

const PREDICATES: [&str; 4] = ["P", "Q", "R", "S"];

/// Binds what the families speak of: constants, functions, predicates, relations, propositions.
fn bound(draft: Draft) -> Draft {
    let draft = draft.types("α");
    let draft = draft.over("a b c d e", "α").over("f g", "α → α").over("p q", "Prop");
    draft.over("P Q R S", "α → Prop").over("E F", "α → α → Prop")
}

/// A combination of what can be said about the variables, without quantifiers.
fn matrix(rng: &mut Rng, size: usize, variables: &[&str]) -> String {
    let mut atoms: Vec<String> = Vec::new();
    for x in variables {
        atoms.push(format!("{} {x}", rng.pick(&["P", "Q"])));
    }
    if let [x, y, ..] = variables {
        // The relation comes first, so that short combinations speak of both variables.
        atoms.insert(0, if rng.chance(70) { format!("E {x} {y}") } else { format!("E {y} {x}") });
    } else {
        atoms.push(format!("{} {}", rng.pick(&["R", "S"]), variables[0]));
    }
    let first = atoms[0].clone();
    let shape = Shape::random(rng, atoms.len().min(1 + size), size.min(3));
    let text = shape.text(PROPOSITIONS, &|i| atoms[i].clone());
    if variables.iter().all(|x| text.contains(*x)) { text } else { format!("({text}) ∨ {first}") }
}

/// Laws of quantifiers, with formulas in place of letters.
fn quantifiers(rng: &mut Rng, d: Difficulty) -> Draft {
    // A and B stand for formulas about x, M for one about x and y, N for one about all three variables, p for one without variables.
    const LAWS: &[(u8, &str)] = &[
        (1, "(∀ x : α, (A) ∧ (B)) ↔ (∀ x : α, A) ∧ (∀ x : α, B)"),
        (1, "(∃ x : α, (A) ∨ (B)) ↔ (∃ x : α, A) ∨ (∃ x : α, B)"),
        (1, "(∃ x : α, (A) ∧ (B)) → (∃ x : α, A) ∧ (∃ x : α, B)"),
        (1, "(∀ x : α, A) ∨ (∀ x : α, B) → ∀ x : α, (A) ∨ (B)"),
        (1, "(∀ x : α, (A) → (B)) → (∀ x : α, A) → ∀ x : α, B"),
        (1, "(∃ x : α, ∀ y : α, M) → ∀ y : α, ∃ x : α, M"),
        (2, "¬(∃ x : α, A) ↔ ∀ x : α, ¬(A)"),
        (2, "((∃ x : α, A) → p) ↔ ∀ x : α, (A) → p"),
        (2, "(∃ x : α, (A) ∧ p) ↔ (∃ x : α, A) ∧ p"),
        (2, "(∀ x : α, p → (A)) ↔ (p → ∀ x : α, A)"),
        (2, "(∀ x : α, (A) → (B)) → (∃ x : α, A) → ∃ x : α, B"),
        (3, "¬(∀ x : α, A) ↔ ∃ x : α, ¬(A)"),
        (3, "¬(∃ x : α, ∀ y : α, M) ↔ ∀ x : α, ∃ y : α, ¬(M)"),
        (3, "(∀ x : α, (A) ∨ p) ↔ (∀ x : α, A) ∨ p"),
        (3, "¬(∀ x : α, (A) → (B)) ↔ ∃ x : α, (A) ∧ ¬(B)"),
        (3, "(∀ x : α, ∀ y : α, M) → ∀ x : α, (∃ y : α, M) ∧ (B) → ∃ y : α, (M) ∧ (B)"),
        (4, "¬(∀ x : α, ∃ y : α, M) ↔ ∃ x : α, ∀ y : α, ¬(M)"),
        (4, "(∀ x : α, (A) → ∃ y : α, M) → (∃ x : α, A) → ∃ x : α, ∃ y : α, (A) ∧ (M)"),
        (4, "(∃ x : α, (A) ∧ ∀ y : α, M) → ∀ y : α, ∃ x : α, (A) ∧ (M)"),
        (4, "∀ w : α, ∃ x : α, (A) → ∀ x : α, A"),
        (5, "¬(∀ x : α, ∃ y : α, ∀ z : α, N) ↔ ∃ x : α, ∀ y : α, ∃ z : α, ¬(N)"),
        (5, "¬(∃ x : α, (A) ∧ ∀ y : α, M) ↔ ∀ x : α, (A) → ∃ y : α, ¬(M)"),
        (5, "(∃ x : α, ∀ y : α, ∃ z : α, N) → ∀ y : α, ∃ x : α, ∃ z : α, N"),
        (5, "∀ w : α, ∃ x : α, ∀ y : α, (B) → (A) → ∀ x : α, (B) → (A)"),
    ];
    let fitting: Vec<&str> = LAWS.iter().filter(|(level, _)| (*level..*level + 2).contains(&d.level())).map(|(_, law)| *law).collect();
    let size = 1 + rng.below(1 + d.size() / 2);
    let law = rng.pick(&fitting);
    let formulas = [
        ('A', matrix(rng, size, &["x"])),
        ('B', matrix(rng, size, &["x"])),
        ('M', matrix(rng, size, &["x", "y"])),
        ('N', matrix(rng, size + 1, &["x", "y", "z"])),
    ];
    bound(Draft::new(formulas.iter().fold(law.to_owned(), |law, (letter, formula)| {
        let bracketed = if formula.contains(['∧', '∨']) { format!("({formula})") } else { formula.clone() };
        law.replace(&format!("({letter})"), &bracketed).replace(*letter, formula)
    })))
}

/// From facts about all things to what some, or a given one, or all are.
fn syllogisms(rng: &mut Rng, d: Difficulty) -> Draft {
    let atoms = 3 + rng.below(2);
    let found = (0..20).find_map(|_| syllogism(rng, atoms, 1 + d.size().div_ceil(2), 1 + d.size() / 4));
    let Some(found) = found else {
        return bound(Draft::new("∃ x : α, Q x").hyp("∀ x : α, P x → Q x").hyp("∃ x : α, P x"));
    };
    let says = |shape: &Shape, of: &str| {
        let text = shape.text(PROPOSITIONS, &|i| format!("{} {of}", PREDICATES[i]));
        if matches!(shape, Shape::And(..) | Shape::Or(..)) { format!("({text})") } else { text }
    };
    let mut draft = Draft::new("");
    for (a, b) in &found.facts {
        draft = draft.hyp(match rng.below(5) {
            0 => format!("∀ x : α, ¬{} → ¬{}", says(b, "x"), says(a, "x")),
            1 => format!("¬ ∃ x : α, {} ∧ ¬{}", says(a, "x"), says(b, "x")),
            _ => format!("∀ x : α, {} → {}", says(a, "x"), says(b, "x")),
        });
    }
    bound(match rng.below(4) {
        0 => Draft {
            goal: format!("∃ x : α, {}", says(&found.found, "x")), ..draft.hyp(format!("∃ x : α, {}", says(&found.given, "x")))
        },
        1 => Draft { goal: says(&found.found, "a"), ..draft.hyp(says(&found.given, "a")) },
        2 => Draft { goal: format!("∃ x : α, {}", says(&found.found, "x")), ..draft.hyp(says(&found.given, "a")) },
        _ => Draft { goal: format!("∀ x : α, {} → {}", says(&found.given, "x"), says(&found.found, "x")), ..draft },
    })
}

/// Properties of relations: what some imply for others, and what they make of a path.
fn relation(rng: &mut Rng, d: Difficulty) -> Draft {
    const REFLEXIVE: &str = "∀ x : α, E x x";
    const SYMMETRIC: &str = "∀ x y : α, E x y → E y x";
    const TRANSITIVE: &str = "∀ x y z : α, E x y → E y z → E x z";
    const EUCLIDEAN: &str = "∀ x y z : α, E x y → E x z → E y z";
    const ASYMMETRIC: &str = "∀ x y : α, E x y → ¬E y x";
    const IRREFLEXIVE: &str = "∀ x : α, ¬E x x";
    const SERIAL: &str = "∀ x : α, ∃ y : α, E x y";
    const ANTISYMMETRIC: &str = "∀ x y : α, E x y → E y x → x = y";
    const TOTAL: &str = "∀ x y : α, E x y ∨ E y x";
    const IMPLIED: &[(&[&str], &str)] = &[
        (&[TOTAL], REFLEXIVE),
        (&[ASYMMETRIC], IRREFLEXIVE),
        (&[ASYMMETRIC], ANTISYMMETRIC),
        (&[REFLEXIVE], SERIAL),
        (&[IRREFLEXIVE, TRANSITIVE], ASYMMETRIC),
        (&[SYMMETRIC, TRANSITIVE], EUCLIDEAN),
        (&[SYMMETRIC, EUCLIDEAN], TRANSITIVE),
        (&[REFLEXIVE, EUCLIDEAN], SYMMETRIC),
        (&[REFLEXIVE, EUCLIDEAN], TRANSITIVE),
        (&[SYMMETRIC, TRANSITIVE, SERIAL], REFLEXIVE),
        (&[SYMMETRIC, ANTISYMMETRIC, TRANSITIVE, SERIAL], "∀ x y : α, E x y ↔ x = y"),
        (&[ANTISYMMETRIC, TRANSITIVE, IRREFLEXIVE], "¬ ∃ x y : α, E x y ∧ E y x"),
    ];
    if rng.chance(8) {
        let (facts, goal) = rng.pick(IMPLIED);
        return bound(Draft::new(goal).hyps(facts.iter().map(|f| (*f).to_owned())));
    }
    // A walk through the constants; some of its steps are taken backwards where the relation is symmetric.
    let symmetric = rng.chance(50);
    let mut constants = ["a", "b", "c", "d", "e"];
    rng.shuffle(&mut constants);
    let walk = &constants[..(3 + rng.below(1 + d.size() / 2)).min(5)];
    let mut draft = Draft::new("").hyp(TRANSITIVE);
    if symmetric {
        draft = draft.hyp(SYMMETRIC);
    }
    for pair in walk.windows(2) {
        let (x, y) = if symmetric && rng.chance(50) { (pair[1], pair[0]) } else { (pair[0], pair[1]) };
        draft = draft.hyp(match rng.below(if d.level() < 2 { 4 } else { 6 }) {
            3 => format!("E {x} (f {y}) ∧ f {y} = {y}"),
            4 => format!("F {x} {y}"),
            5 => format!("∃ z : α, E {x} z ∧ E z {y}"),
            _ => format!("E {x} {y}"),
        });
    }
    if draft.hypotheses.iter().any(|h| h.starts_with('F')) {
        draft = draft.hyp("∀ x y : α, F x y → E x y");
    }
    let (first, last) = (walk[0], walk[walk.len() - 1]);
    if walk.len() < 5 && rng.chance(50) {
        // A step that leads elsewhere.
        draft = draft.hyp(format!("E {} {}", rng.pick(walk), constants[4]));
    }
    let goal = match rng.below(if d.level() < 2 { 3 } else { 5 }) {
        0 => format!("E {first} {last}"),
        1 if symmetric => format!("E {last} {first} ∧ E {first} {first}"),
        2 => format!("∃ x : α, E {first} x ∧ E x {last}"),
        3 => {
            draft = draft.hyp("∀ x y : α, E x y → P y").hyp("∀ x : α, P x → Q (f x)");
            format!("E {first} {last} ∧ Q (f {last})")
        }
        4 if !symmetric => {
            draft = draft.hyp(IRREFLEXIVE);
            format!("¬E {last} {first} ∧ {first} ≠ {last}")
        }
        _ => format!("∀ x : α, E {last} x → E {first} x"),
    };
    bound(Draft { goal, ..draft })
}

/// Equal terms after rewriting with equations, and predicates of them.
fn equality(rng: &mut Rng, d: Difficulty) -> Draft {
    const CONSTANTS: [&str; 5] = ["a", "b", "c", "d", "e"];
    let around = |rng: &mut Rng, depth: usize, inner: &str| {
        (0..depth).fold(inner.to_owned(), |inner, _| format!("{} {}", rng.pick(&["f", "g"]), argument(&inner)))
    };
    let steps = (1 + d.size()).min(4);
    let mut constants = CONSTANTS;
    rng.shuffle(&mut constants);
    let mut draft = Draft::new("");
    // Each constant is a term in the next one, so the first is a term in the last.
    let mut expanded = constants[0].to_owned();
    for pair in constants[..=steps].windows(2) {
        let depth = rng.below(1 + d.size().min(3));
        let value = around(rng, depth, pair[1]);
        draft = draft.hyp(if rng.chance(70) { format!("{} = {value}", pair[0]) } else { format!("{value} = {}", pair[0]) });
        expanded = replaced(&expanded, pair[0], &value);
    }
    let (first, last) = (constants[0], constants[steps]);
    let depth = rng.below(1 + d.size().min(3));
    let left = around(rng, depth, first);
    let right = replaced(&left, first, &expanded);
    bound(match rng.below(if d.level() < 2 { 2 } else { 5 }) {
        0 | 1 => Draft { goal: format!("{left} = {right}"), ..draft },
        2 => Draft { goal: format!("P {}", argument(&right)), ..draft.hyp(format!("P {}", argument(&left))) },
        3 => {
            let goal = format!("E {} {last}", argument(&left));
            Draft { goal, ..draft.hyp(format!("∀ x : α, E {} x", argument(&right))) }
        }
        _ => Draft { goal: format!("{left} ≠ {last} → {right} ≠ {last}"), ..draft },
    })
}

/// A term as an argument.
fn argument(term: &str) -> String {
    if term.contains(' ') { format!("({term})") } else { term.to_owned() }
}

/// A term with another in place of a constant in it.
fn replaced(term: &str, constant: &str, by: &str) -> String {
    if term == constant { by.to_owned() } else { term.replace(constant, &argument(by)) }
}

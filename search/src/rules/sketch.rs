//! Sketches by rules: proofs whose hard parts are left as `sorry`.
//!
//! A sketch makes one choice that a search over steps would have to make first, and leaves what follows from it as theorems that can be
//! searched for side by side: the parts of a target, the cases of a fact, base and step of an induction, the instances of a general fact,
//! a side condition that a simplifier would want. What needs no choice is done before ([`Scene`]). Each rule looks at the shape of the goal
//! only. Choices that lose nothing come first.

mod lemmas;

use super::{
    FileContext,
    finite::{self, is_integer, is_natural},
    scene::Scene,
    steps::calls,
    view::{Item, View, mentions},
};
use crate::{
    lex::{Token, TokenKind, head, tokens},
    shape::{Shape, shape},
    task::Proposal,
};
use lemmas::lemmas;
use prove_core::Goal;
use std::fmt::Write;

/// A split into more cases than this is left to the finite checks of the portfolio.
const MOST_CASES: usize = 8;

/// Moduli that tell squares and cubes apart.
const SMALL_MODULI: [i64; 3] = [2, 3, 4];

/// The rules, those first that lose nothing.
const RULES: [fn(&View<'_>, &mut Vec<String>); 11] =
    [parts, cases, lemmas, inductions, recursion, residues, instances, witnesses, bounds, chains, contradiction];

/// The sketches for a goal, best first.
pub(super) fn proposals(goal: &Goal, context: &FileContext) -> Vec<Proposal> {
    let Some(scene) = Scene::of(goal) else { return Vec::new() };
    let mut bodies = Vec::new();
    for rule in RULES {
        rule(&View::new(&scene.goal, context), &mut bodies);
    }
    let mut texts: Vec<String> = Vec::new();
    for body in bodies {
        let text = scene.lines.iter().map(String::as_str).chain([body.as_str()]).collect::<Vec<_>>().join("\n");
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts.into_iter().enumerate().map(|(rank, text)| Proposal::new(text, -0.2 * (rank + 1) as f64)).collect()
}

/// So many gaps, each for a goal of its own.
fn gaps(count: usize) -> String {
    "\n· sorry".repeat(count)
}

/// `have name : says := by sorry`, on one line.
fn have(name: &str, says: &str) -> String {
    format!("have {name} : {} := by sorry\n", says.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The target's own parts.
fn parts(view: &View<'_>, bodies: &mut Vec<String>) {
    match shape(view.target) {
        Shape::And(..) => {
            let mut conjuncts = Vec::new();
            let mut rest = view.target;
            while let Shape::And(left, right) = shape(rest) {
                conjuncts.push(left);
                rest = right;
            }
            conjuncts.push(rest);
            let names: Vec<String> = conjuncts.iter().map(|_| view.fresh("h")).collect();
            let steps: String = names.iter().zip(&conjuncts).map(|(name, says)| have(name, says)).collect();
            bodies.push(format!("{steps}exact ⟨{}⟩", names.join(", ")));
            bodies.push(format!("refine ⟨{}⟩{}", vec!["?_"; names.len()].join(", "), gaps(names.len())));
        }
        Shape::Iff(..) => {
            let h = view.fresh("h");
            bodies.push(format!("constructor\n· intro {h}\n  sorry\n· intro {h}\n  sorry"));
        }
        Shape::Or(left, _) => {
            let h = view.fresh("h");
            bodies.push(format!("by_cases {h} : {left}\n· exact Or.inl {h}\n· refine Or.inr ?_\n  sorry"));
            bodies.push("left\nsorry".to_owned());
            bodies.push("right\nsorry".to_owned());
        }
        _ => {}
    }
    if tokens(view.target).iter().any(|t| t.text == "if") {
        bodies.push(format!("split{}", gaps(2)));
    }
}

/// The cases that facts name, and those of a variable between two numerals.
fn cases(view: &View<'_>, bodies: &mut Vec<String>) {
    for (Item { name, .. }, shape) in view.shaped_facts() {
        if let Shape::Or(..) = shape {
            bodies.push(format!("rcases {name} with {name} | {name}{}", gaps(2)));
        }
    }
    for split in finite::ranges(view) {
        let count = split.pattern.split('|').count();
        if count <= MOST_CASES {
            bodies.push(format!("{}{}", split.tactic(), gaps(count)));
        }
    }
}

/// Induction on a value that the target speaks of, with and without the other values fixed.
fn inductions(view: &View<'_>, bodies: &mut Vec<String>) {
    let ih = view.fresh("ih");
    for item in view.data.iter().filter(|d| is_recursed_on(view.target, d.name)) {
        let name = item.name;
        let others: Vec<&str> = view
            .data
            .iter()
            .filter(|d| d.name != name && view.in_target(d.name) && !mentions(item.kind, d.name) && !d.kind.contains("Type"))
            .map(|d| d.name)
            .collect();
        let free = (!others.is_empty()).then(|| format!(" generalizing {}", others.join(" ")));
        let variants = || std::iter::once(String::new()).chain(free.clone());
        // Facts about the value go into the induction's hypothesis as premises, where they seldom help.
        let facts: Vec<&str> = view.facts.iter().filter(|f| mentions(f.kind, name)).map(|f| f.name).collect();
        let before = bodies.len();
        match item.kind.split_whitespace().next() {
            Some(_) if is_natural(item) => {
                bodies.extend(variants().map(|free| format!("induction {name}{free} with\n| zero => sorry\n| succ {name} {ih} => sorry")));
                bodies.push(format!("induction {name} using Nat.strongRecOn with\n| ind {name} {ih} => sorry"));
            }
            Some("List") => {
                let x = view.fresh("x");
                bodies
                    .extend(variants().map(|free| format!("induction {name}{free} with\n| nil => sorry\n| cons {x} {name} {ih} => sorry")));
            }
            // How many constructors there are the text does not say.
            Some(kind) if view.context.types.contains(kind) => {
                bodies.extend(variants().flat_map(|free| (2..4).map(move |count| format!("induction {name}{free}{}", gaps(count)))));
            }
            _ => {}
        }
        if !facts.is_empty() {
            let forgetful: Vec<String> = bodies[before..].iter().map(|body| format!("clear {}\n{body}", facts.join(" "))).collect();
            bodies.extend(forgetful);
        }
    }
}

/// Whether a name occurs in a text other than as the element of a list, about which nothing is shown by induction.
fn is_recursed_on(text: &str, name: &str) -> bool {
    let all = tokens(text);
    let element = |i: usize| {
        let before = i.checked_sub(1).map(|i| all[i].text);
        let after = all.get(i + 1).map(|t| t.text);
        after == Some("::") || matches!(before, Some("[" | ",")) && matches!(after, Some("]" | ","))
    };
    all.iter().enumerate().any(|(i, t)| t.kind == TokenKind::Name && head(t.text) == name && !element(i))
}

/// The equations of the file's own functions.
fn recursion(view: &View<'_>, bodies: &mut Vec<String>) {
    for name in view.definitions() {
        for call in calls(view, name) {
            bodies.extend((2..4).map(|count| format!("fun_induction {call}{}", gaps(count))));
        }
        bodies.push(format!("unfold {name}\nsorry"));
        bodies.push(format!("simp only [{name}] at *\nsorry"));
    }
}

/// Cases by the remainder of one variable: by the moduli of the goal, or else by those that tell powers apart.
fn residues(view: &View<'_>, bodies: &mut Vec<String>) {
    let texts = || std::iter::once(view.target).chain(view.facts.iter().map(|f| f.kind));
    let mut moduli: Vec<i64> = texts().flat_map(finite::moduli).filter(|m| usize::try_from(*m).is_ok_and(|m| m <= MOST_CASES)).collect();
    let powers = |name: &str| texts().any(|text| tokens(text).windows(2).any(|t| t[0].text == name && matches!(t[1].text, "^" | "*")));
    if moduli.is_empty() {
        moduli.extend(SMALL_MODULI);
    }
    let h = view.fresh("h");
    for item in view.data.iter().filter(|item| is_integer(item) && powers(item.name)) {
        for modulus in &moduli {
            let cases: Vec<String> = (0..*modulus).map(|r| format!("{} % {modulus} = {r}", item.name)).collect();
            let count = cases.len();
            let pattern = vec![h.as_str(); count].join(" | ");
            bodies.push(format!("have {h} : {} := by omega\nrcases {h} with {pattern}{}", cases.join(" ∨ "), gaps(count)));
        }
    }
}

/// A general fact at the values in scope, and at small numbers.
fn instances(view: &View<'_>, bodies: &mut Vec<String>) {
    for (Item { name, .. }, shape) in view.shaped_facts() {
        let Shape::Forall { binders, .. } = shape else { continue };
        let [first, rest @ ..] = binders.as_slice() else { continue };
        let fitting = |kind: Option<&str>| -> Vec<String> {
            let here = view.data.iter().filter(|d| kind == Some(d.kind)).map(|d| d.name.to_owned());
            let numbers = if kind.is_some_and(|k| matches!(k, "Nat" | "Int" | "Rat" | "ℕ" | "ℤ" | "ℚ")) { 0..3 } else { 0..0 };
            here.chain(numbers.map(|n| n.to_string())).collect()
        };
        let mut steps = String::new();
        for argument in fitting(first.kind).into_iter().take(5) {
            let arguments: Vec<String> =
                std::iter::once(argument.clone()).chain(rest.iter().filter(|b| b.kind == first.kind).map(|_| argument.clone())).collect();
            // Writing to a string does not fail.
            let _ = writeln!(steps, "have {} := {name} {}", view.fresh(name), arguments.join(" "));
        }
        if !steps.is_empty() {
            bodies.push(format!("{steps}sorry"));
        }
    }
}

/// Values for a target `∃ x, p x`.
fn witnesses(view: &View<'_>, bodies: &mut Vec<String>) {
    if let Shape::Exists { .. } = shape(view.target) {
        let values = view.data.iter().map(|d| d.name.to_owned()).chain((0..3).map(|n| n.to_string()));
        bodies.extend(values.map(|value| format!("refine ⟨{value}, ?_⟩\nsorry")));
    }
}

/// Facts that arithmetic asks for: divisors and powers are positive, what is subtracted is not too much, squares are not negative.
fn bounds(view: &View<'_>, bodies: &mut Vec<String>) {
    let mut wanted: Vec<String> = Vec::new();
    let mut add = |fact: String| {
        if !wanted.contains(&fact) && !view.facts.iter().any(|f| f.kind == fact) {
            wanted.push(fact);
        }
    };
    let naturals = view.data.iter().any(is_natural);
    let all = tokens(view.target);
    for (i, token) in all.iter().enumerate() {
        let (Some(left), Some(right)) = (operand(view.target, &all[..i], true), operand(view.target, &all[i + 1..], false)) else {
            continue;
        };
        let is_variable = |text: &str| view.data.iter().any(|d| d.name == text);
        match token.text {
            "/" | "%" if !is_numeral(right) => add(format!("0 < {right}")),
            "-" if naturals && is_variable(left) => add(format!("{right} ≤ {left}")),
            "^" if !is_numeral(right) && is_numeral(left) => add(format!("0 < {left} ^ {right}")),
            _ => {}
        }
    }
    let compares = matches!(shape(view.target), Shape::Relation { symbol: "<" | "≤" | ">" | "≥", .. });
    let signed: Vec<&str> =
        view.data.iter().filter(|d| matches!(d.kind, "Int" | "ℤ" | "Rat" | "ℚ") && view.in_target(d.name)).map(|d| d.name).collect();
    if compares {
        for (i, a) in signed.iter().enumerate() {
            for b in &signed[i + 1..] {
                add(format!("0 ≤ ({a} - {b}) * ({a} - {b})"));
            }
        }
        signed.iter().for_each(|a| add(format!("0 ≤ {a} * {a}")));
    }
    if !wanted.is_empty() {
        let steps: String = wanted.iter().take(6).map(|fact| have(&view.fresh("h"), fact)).collect();
        bodies.push(format!("{steps}sorry"));
    }
}

/// An equation or inequality by way of what a fact says about a part of its left side.
fn chains(view: &View<'_>, bodies: &mut Vec<String>) {
    let Shape::Relation { symbol: symbol @ ("=" | "<" | "≤"), left, right } = shape(view.target) else { return };
    for fact in &view.facts {
        let Shape::Relation { symbol: by @ ("=" | "<" | "≤"), left: from, right: to } = shape(fact.kind) else { continue };
        let Some(middle) = replaced(left, from, to).filter(|middle| middle != right) else { continue };
        let (first, last) = match (by, symbol) {
            ("=", _) => ("=", symbol),
            (_, "=") => continue,
            ("<", "<") => ("<", "≤"),
            (_, "<") => ("≤", "<"),
            _ => ("≤", "≤"),
        };
        bodies.push(format!("calc {left} {first} {middle} := by sorry\n  _ {last} {right} := by sorry"));
    }
}

/// The opposite of the target as a fact.
fn contradiction(view: &View<'_>, bodies: &mut Vec<String>) {
    if !matches!(view.target.trim(), "False" | "True") {
        let h = view.fresh("h");
        bodies.push(format!("apply Classical.byContradiction\nintro {h}\nsorry"));
    }
}

fn is_numeral(text: &str) -> bool {
    matches!(tokens(text).as_slice(), [t] if t.kind == TokenKind::Number)
}

/// The text of the operand that ends, or begins, a run of tokens: a name, a numeral or something in brackets.
fn operand<'a>(text: &'a str, run: &[Token<'a>], last: bool) -> Option<&'a str> {
    let mut depth = 0usize;
    let (opens, closes) = if last { (TokenKind::Close, TokenKind::Open) } else { (TokenKind::Open, TokenKind::Close) };
    let at = |i: usize| if last { run.len().checked_sub(i + 1) } else { Some(i) };
    let edge = *run.get(at(0)?)?;
    for i in 0..run.len() {
        let token = run.get(at(i)?)?;
        match token.kind {
            kind if kind == opens => depth += 1,
            kind if kind == closes => depth = depth.checked_sub(1)?,
            TokenKind::Name | TokenKind::Number => {}
            _ if depth == 0 => return None,
            _ => {}
        }
        if depth == 0 {
            return if last { text.get(token.start..edge.end()) } else { text.get(edge.start..token.end()) };
        }
    }
    None
}

/// `text` with the first run of tokens that reads `from` replaced by `(to)`.
fn replaced(text: &str, from: &str, to: &str) -> Option<String> {
    let (all, wanted) = (tokens(text), tokens(from));
    let words = |tokens: &[Token<'_>]| tokens.iter().map(|t| t.text.to_owned()).collect::<Vec<_>>();
    // A single name or numeral is a part wherever it stands; a longer run may cut an operator from its operands.
    let [_] = wanted.as_slice() else {
        let whole = words(&all) == words(&wanted);
        return whole.then(|| to.to_owned());
    };
    let found = all.iter().find(|t| t.text == wanted[0].text && t.kind == TokenKind::Name)?;
    let to = if tokens(to).len() == 1 { to.to_owned() } else { format!("({to})") };
    Some(format!("{}{to}{}", &text[..found.start], &text[found.end()..]))
}

#[cfg(test)]
mod tests {
    use super::{super::testing::goal, *};

    fn sketches(hypotheses: &[(&str, &str)], target: &str) -> Vec<String> {
        sketches_in("inductive T where\n| leaf\ndef size (t : T) : Nat := 0", hypotheses, target)
    }

    pub(super) fn sketches_in(file: &str, hypotheses: &[(&str, &str)], target: &str) -> Vec<String> {
        proposals(&goal(hypotheses, target), &FileContext::scan(file)).into_iter().map(|p| p.tactic.to_string()).collect()
    }

    pub(super) fn has(found: &[String], wanted: &[&str]) {
        for sketch in wanted {
            assert!(found.iter().any(|s| s == sketch), "{sketch} not in {found:#?}");
        }
    }

    #[test]
    fn targets_are_taken_apart() {
        let found = sketches(&[("p", "Prop")], "∀ (n : Nat), n = n ∧ p ∧\n  (p ∨ p)");
        assert_eq!(
            found[0],
            "intro n\nhave h : n = n := by sorry\nhave h1 : p := by sorry\nhave h2 : (p ∨ p) := by sorry\nexact ⟨h, h1, h2⟩"
        );
        has(&found, &["intro n\nrefine ⟨?_, ?_, ?_⟩\n· sorry\n· sorry\n· sorry"]);
        has(&sketches(&[("p", "Prop")], "p ↔ p"), &["constructor\n· intro h\n  sorry\n· intro h\n  sorry"]);
        has(&sketches(&[("p", "Prop"), ("q", "Prop")], "p ∨ q"), &["by_cases h : p\n· exact Or.inl h\n· refine Or.inr ?_\n  sorry"]);
    }

    #[test]
    fn facts_give_cases_and_instances() {
        let found = sketches(&[("x", "Nat"), ("f", "Nat → Nat"), ("h", "x = 1 ∨ x = 2"), ("hf", "∀ (y : Nat), f y = y")], "f x < 3");
        assert_eq!(found[0], "rcases h with h | h\n· sorry\n· sorry");
        has(&found, &["have hf1 := hf x\nhave hf2 := hf 0\nhave hf3 := hf 1\nhave hf4 := hf 2\nsorry"]);
    }

    #[test]
    fn values_are_taken_by_induction_and_by_residue() {
        let found = sketches(&[("n", "Nat"), ("xs", "List Nat")], "3 ∣ n ^ 3 + 2 * n + 0 * xs.length");
        has(
            &found,
            &[
                "induction n with\n| zero => sorry\n| succ n ih => sorry",
                "induction xs generalizing n with\n| nil => sorry\n| cons x xs ih => sorry",
                "have h : n % 3 = 0 ∨ n % 3 = 1 ∨ n % 3 = 2 := by omega\nrcases h with h | h | h\n· sorry\n· sorry\n· sorry",
            ],
        );
        has(
            &sketches(&[("t", "T")], "0 ≤ size t"),
            &["induction t\n· sorry\n· sorry", "fun_induction size t\n· sorry\n· sorry", "unfold size\nsorry"],
        );
    }

    #[test]
    fn arithmetic_gets_its_side_conditions_and_middle_terms() {
        has(
            &sketches(&[("a", "Nat"), ("b", "Nat")], "a / b * b ≤ a - b"),
            &["have h : 0 < b := by sorry\nhave h1 : b ≤ a := by sorry\nsorry"],
        );
        let found = sketches(&[("x", "Int"), ("y", "Int"), ("h", "x ≤ y + 1")], "x < y + 2");
        has(&found, &["calc x ≤ (y + 1) := by sorry\n  _ < y + 2 := by sorry"]);
        assert!(found.iter().any(|s| s.starts_with("have h1 : 0 ≤ (x - y) * (x - y) := by sorry\n")), "{found:#?}");
    }

    proptest::proptest! {
        #[test]
        fn no_goal_panics(kind in "[abnhx∀∃,:()⟨⟩¬∧∨→↔=<%∣^ ✝.«»0-9/-]*", target in "[abnhx∀∃,:()⟨⟩¬∧∨→↔=<%∣^ ✝.«»0-9/-]*") {
            for sketch in sketches(&[("n", "Nat"), ("h", &kind), ("x✝", "T"), ("z", "Int")], &target) {
                proptest::prop_assert!(sketch.contains("sorry"));
            }
        }
    }
}

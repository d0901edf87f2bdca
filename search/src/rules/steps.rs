//! Single tactics for the main goal.
//!
//! Priors are natural logarithms, set by hand and tuned on miniF2F's valid split only. They are relative: a closer near 0.5, a case
//! split near 0.2, a guess of a witness near 0.03.

use super::{
    finite,
    view::{Item, View, mentions},
};
use crate::{
    lex::{TokenKind, tokens},
    shape::{Shape, leading_binders, shape},
    task::Proposal,
};

/// Everything the rules propose, in no particular order.
pub(super) fn proposals(view: &View<'_>) -> Vec<Proposal> {
    let mut found = Vec::new();
    free(view, &mut found);
    if !found.is_empty() {
        return found;
    }
    closers(view, &mut found);
    target(view, &mut found);
    for (fact, shape) in view.shaped_facts() {
        hypothesis(view, fact, shape, &mut found);
    }
    for item in &view.data {
        cases(view, *item, &mut found);
    }
    recursion(view, &mut found);
    finite::steps(view, &mut found);
    found
}

fn add(found: &mut Vec<Proposal>, log_prob: f64, tactic: impl Into<String>) {
    found.push(Proposal::new(tactic.into(), log_prob));
}

/// One step that cannot lose anything, and a weaker spelling should Lean refuse it.
fn free(view: &View<'_>, found: &mut Vec<Proposal>) {
    if !view.inaccessible.is_empty() {
        let names: Vec<String> = view.inaccessible.iter().map(|n| view.fresh(n)).collect();
        add(found, 0.0, format!("rename_i {}", names.join(" ")));
        return;
    }
    let binders = leading_binders(view.target);
    if !binders.is_empty() {
        let names: Vec<String> = binders.iter().map(|b| view.fresh(b.unwrap_or("h"))).collect();
        add(found, 0.0, format!("intro {}", names.join(" ")));
        add(found, -0.1, "intros");
        return;
    }
    let opened: Vec<String> = view
        .shaped_facts()
        .filter(|(_, shape)| matches!(shape, Shape::And(..) | Shape::Exists { .. }))
        .map(|(fact, _)| format!("obtain {} := {}", pattern(view, fact.kind, fact.name), fact.name))
        .collect();
    if !opened.is_empty() {
        add(found, 0.0, opened.join("; "));
        add(found, -0.1, "simp_all");
        return;
    }
    match shape(view.target) {
        Shape::And(..) | Shape::Iff(..) => {
            add(found, 0.0, "constructor");
        }
        _ => {}
    }
}

/// The `rcases` pattern that opens every `∧` and `∃` of a fact.
fn pattern(view: &View<'_>, kind: &str, name: &str) -> String {
    fn parts(view: &View<'_>, kind: &str, name: &str, into: &mut Vec<String>) {
        match shape(kind) {
            Shape::And(left, right) => {
                into.push(pattern(view, left, name));
                parts(view, right, name, into);
            }
            Shape::Exists { binders, body } if !binders.iter().any(|b| b.bounded) => {
                into.extend(binders.iter().map(|b| view.fresh(b.name)));
                parts(view, body, name, into);
            }
            _ => into.push(view.fresh(name)),
        }
    }
    let mut names = Vec::new();
    parts(view, kind, name, &mut names);
    if names.len() == 1 { names.swap_remove(0) } else { format!("⟨{}⟩", names.join(", ")) }
}

/// Tactics that close a goal or fail, and simplifiers that may also leave something.
fn closers(view: &View<'_>, found: &mut Vec<Proposal>) {
    add(found, -0.3, "omega");
    add(found, -0.4, "simp_all");
    add(found, -0.5, "grind");
    add(found, -0.9, "first | assumption | rfl | contradiction | decide");
    add(found, -1.9, "decide +kernel");
    add(found, -1.6, "simp");
    let definitions = view.definitions().join(", ");
    if !definitions.is_empty() {
        add(found, -0.4, format!("simp_all [{definitions}]"));
        add(found, -0.5, format!("grind [{definitions}]"));
        add(found, -1.2, format!("simp [{definitions}]"));
        add(found, -1.8, format!("simp only [{definitions}]"));
    }
    for theorem in &view.context.theorems {
        add(found, -2.0, format!("simp_all [{theorem}]"));
        add(found, -2.4, format!("grind [{theorem}]"));
        add(found, -2.6, format!("apply {theorem}"));
        add(found, -2.6, format!("rw [{theorem}]"));
    }
}

/// Rules for the shape of the target.
fn target(view: &View<'_>, found: &mut Vec<Proposal>) {
    match shape(view.target) {
        Shape::Or(..) => {
            add(found, -1.4, "left");
            add(found, -1.4, "right");
        }
        Shape::Exists { .. } => {
            let near =
                view.data.iter().filter(|d| finite::is_integer(d)).flat_map(|d| [format!("{} + 1", d.name), format!("2 * {} + 1", d.name)]);
            let small = (0..4).map(|n| n.to_string());
            for (i, witness) in view.data.iter().map(|d| d.name.to_owned()).chain(near).chain(small).enumerate() {
                add(found, -1.6 - 0.2 * i as f64, format!("refine ⟨{witness}, ?_⟩"));
            }
        }
        Shape::Relation { symbol: "=", left, .. } => {
            if view.data.iter().any(|d| d.name == left && d.kind.contains('→')) || left.starts_with("fun ") {
                let x = view.fresh("x");
                add(found, -0.4, format!("funext {x}"));
            }
            add(found, -3.2, "ext");
            add(found, -3.2, "congr");
        }
        Shape::Relation { symbol: "≠", .. } => {
            let h = view.fresh("h");
            add(found, -1.2, format!("intro {h}"));
        }
        _ => {}
    }
    if has_branches(view.target) {
        add(found, -0.6, "split");
    }
    if view.target.trim() != "False" {
        add(found, -3.5, "exfalso");
    }
}

/// Rules that use one fact.
fn hypothesis(view: &View<'_>, Item { name, kind }: Item<'_>, shape: Shape<'_>, found: &mut Vec<Proposal>) {
    match shape {
        Shape::Or(..) => add(found, -0.7, format!("rcases {name} with {name} | {name}")),
        Shape::Iff(..) => {
            add(found, -2.2, format!("rw [{name}]"));
            add(found, -2.4, format!("obtain ⟨{0}, {1}⟩ := {name}", view.fresh("mp"), view.fresh("mpr")));
        }
        Shape::Not(_) => add(found, -2.0, format!("apply {name}")),
        Shape::Relation { symbol: "=", left, right } => {
            let variable = |side: &str| view.data.iter().any(|d| d.name == side);
            if variable(left) || variable(right) {
                add(found, -0.9, format!("subst {name}"));
            }
            add(found, -2.4, format!("rw [{name}]"));
            add(found, -3.0, format!("rw [← {name}]"));
        }
        Shape::Forall { .. } | Shape::Implies(..) => {
            add(found, -1.9, format!("apply {name}"));
            add(found, -2.2, format!("simp [{name}]"));
            add(found, -2.4, format!("rw [{name}]"));
            add(found, -2.6, format!("simp_all [{name}]"));
            if let Shape::Forall { binders, .. } = &shape {
                instances(view, name, binders.first().and_then(|b| b.kind), found);
            }
        }
        _ => {}
    }
    if has_branches(kind) {
        add(found, -0.8, format!("split at {name}"));
    }
    add(found, -2.6, format!("simp at {name}"));
    if !view.context.types.is_empty() && matches!(shape_of_head(kind), Some(head) if view.context.types.contains(head)) {
        add(found, -1.2, format!("cases {name}"));
        add(found, -1.8, format!("induction {name}"));
    }
}

/// Special cases of a `∀` fact: small numbers and the values in scope.
fn instances(view: &View<'_>, name: &str, kind: Option<&str>, found: &mut Vec<Proposal>) {
    let fitting = view.data.iter().filter(|d| kind.is_none_or(|k| k == d.kind)).map(|d| d.name.to_owned());
    let small = if kind.is_none_or(|k| matches!(k, "Nat" | "Int" | "ℕ" | "ℤ" | "Rat")) { 0..3 } else { 0..0 };
    for (i, argument) in fitting.chain(small.map(|n| n.to_string())).take(6).enumerate() {
        add(found, -2.8 - 0.2 * i as f64, format!("have {} := {name} {argument}", view.fresh(name)));
    }
}

/// What a printed type applies.
pub(super) fn shape_of_head(kind: &str) -> Option<&str> {
    tokens(kind).first().filter(|t| t.kind == TokenKind::Name).map(|t| t.text)
}

fn has_branches(text: &str) -> bool {
    tokens(text).iter().any(|t| matches!(t.text, "if" | "match"))
}

/// Case analysis and induction on one value, likelier where the target speaks of it.
fn cases(view: &View<'_>, Item { name, kind }: Item<'_>, found: &mut Vec<Proposal>) {
    let here = view.in_target(name);
    if !here && !view.facts.iter().any(|f| mentions(f.kind, name)) {
        return;
    }
    let far = if here { 0.0 } else { -1.5 };
    let others: Vec<&str> =
        view.data.iter().filter(|d| d.name != name && !d.kind.contains("Type") && view.in_target(d.name)).map(|d| d.name).collect();
    let mut inductions = |zero: &str, succ: &str, names: &str, ih: &str| {
        let arms = format!("with | {zero} => ?_ | {succ} {names} {ih} => ?_");
        add(found, -1.3 + far, format!("induction {name} {arms}"));
        if !others.is_empty() {
            add(found, -2.0 + far, format!("induction {name} generalizing {} {arms}", others.join(" ")));
        }
        add(found, -1.8 + far, format!("cases {name} with | {zero} => ?_ | {succ} {names} => ?_"));
    };
    match shape_of_head(kind) {
        Some("Nat" | "ℕ") if kind.split_whitespace().count() == 1 => inductions("zero", "succ", name, &view.fresh("ih")),
        Some("List") => inductions("nil", "cons", &format!("{} {name}", view.fresh("x")), &view.fresh("ih")),
        Some("Bool" | "Option" | "Sum" | "Fin" | "Prod" | "Except") => add(found, -1.2 + far, format!("cases {name}")),
        Some(head) if view.context.types.contains(head) => {
            add(found, -0.9 + far, format!("induction {name}"));
            if !others.is_empty() {
                add(found, -1.5 + far, format!("induction {name} generalizing {}", others.join(" ")));
            }
            add(found, -1.4 + far, format!("cases {name}"));
        }
        _ => {}
    }
}

/// Induction along the recursion of the file's own functions.
fn recursion(view: &View<'_>, found: &mut Vec<Proposal>) {
    for name in view.definitions() {
        for call in calls(view, name) {
            add(found, -1.0, format!("fun_induction {call}"));
            add(found, -1.9, format!("fun_cases {call}"));
        }
        add(found, -1.9, format!("unfold {name}"));
        add(found, -2.6, format!("rw [{name}]"));
    }
}

/// Calls of a function in the target whose arguments are all variables, without repeats.
pub(super) fn calls(view: &View<'_>, function: &str) -> Vec<String> {
    let all = tokens(view.target);
    let mut found = Vec::new();
    for (i, token) in all.iter().enumerate().filter(|(_, t)| t.text == function) {
        let arguments: Vec<&str> = all[i + 1..]
            .iter()
            .take_while(|t| t.kind == TokenKind::Name && view.data.iter().any(|d| d.name == t.text))
            .map(|t| t.text)
            .collect();
        let next = all.get(i + 1 + arguments.len());
        let whole = next.is_none_or(|t| t.kind == TokenKind::Close || t.kind == TokenKind::Symbol);
        let call = format!("{} {}", token.text, arguments.join(" "));
        if whole && !arguments.is_empty() && !found.contains(&call) {
            found.push(call);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{super::testing::goal, *};
    use crate::FileContext;

    fn tactics(hypotheses: &[(&str, &str)], target: &str) -> Vec<String> {
        let goal = goal(hypotheses, target);
        let context = FileContext::scan("inductive T where\n| leaf\ndef size (t : T) : Nat := 0");
        let mut found = proposals(&View::new(&goal, &context));
        found.sort_by(|a, b| b.log_prob.total_cmp(&a.log_prob));
        found.into_iter().map(|p| p.tactic.to_string()).collect()
    }

    fn has(found: &[String], wanted: &[&str]) {
        for tactic in wanted {
            assert!(found.iter().any(|t| t == tactic), "{tactic} not in {found:#?}");
        }
    }

    #[test]
    fn free_steps_come_alone_and_in_order() {
        assert_eq!(tactics(&[("n✝", "Nat"), ("h✝", "p ∧ q")], "∀ x, r")[0], "rename_i n h");
        assert_eq!(tactics(&[("x", "Nat")], "∀ x y, x < y → ¬ p")[0], "intro x1 y h");
        let opened = tactics(&[("h", "p ∧ (∃ k, k = 1 ∧ q)")], "r");
        assert_eq!(opened[0], "obtain ⟨h1, k, h2, h3⟩ := h");
        assert_eq!(tactics(&[("p", "Prop")], "p ∧ p"), ["constructor"]);
    }

    #[test]
    fn targets_and_facts_are_taken_apart_by_shape() {
        has(
            &tactics(&[("n", "ℕ"), ("h", "n = 1 ∨ n = 2")], "∃ m, m > n"),
            &["rcases h with h | h", "refine ⟨n, ?_⟩", "refine ⟨n + 1, ?_⟩"],
        );
        has(&tactics(&[("f", "Nat → Nat"), ("g", "Nat → Nat"), ("h", "∀ x, f x = g x")], "f = g"), &["funext x", "apply h", "rw [h]"]);
        has(&tactics(&[("a", "Nat"), ("h", "a = 3")], "if a = 3 then p else q"), &["split", "subst h"]);
    }

    #[test]
    fn induction_is_offered_on_values_the_goal_speaks_of() {
        let found = tactics(&[("t", "T"), ("n", "Nat"), ("xs", "List Nat"), ("idle", "Nat")], "size t + n = xs.length");
        has(&found, &["induction t", "fun_induction size t", "induction n with | zero => ?_ | succ n ih => ?_"]);
        has(&found, &["induction xs generalizing t n with | nil => ?_ | cons x xs ih1 => ?_", "simp_all [size]"]);
        assert!(!found.iter().any(|t| t.contains("idle")), "{found:#?}");
    }

    proptest::proptest! {
        #[test]
        fn no_goal_panics(kind in "[abnhx∀∃,:()⟨⟩¬∧∨→↔=<%∣^ ✝.«»0-9]*", target in "[abnhx∀∃,:()⟨⟩¬∧∨→↔=<%∣^ ✝.«»0-9]*") {
            for proposal in tactics(&[("n", "Nat"), ("h", &kind), ("x✝", "T")], &target) {
                proptest::prop_assert!(!proposal.is_empty());
            }
            tactics(&[("n", "Nat"), ("h", &kind)], &target);
        }
    }
}

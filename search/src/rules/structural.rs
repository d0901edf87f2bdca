//! Induction on values and proofs of inductive types, with the file's own functions unfolded: on trees and expressions that it defines, and on
//! lists and numbers where its functions or further variables are spoken of.

use super::{
    steps::shape_of_head,
    view::{Item, View, mentions},
};
use crate::{
    lex::tokens,
    shape::{Shape, leading_binders, shape},
};

/// The most values and proofs that induction is tried on.
const MOST: usize = 3;

/// The scripts for a goal that speaks of such values.
pub(super) fn scripts(view: &View<'_>, scripts: &mut Vec<String>) {
    if !leading_binders(view.target).is_empty() {
        return;
    }
    let functions = view.definitions().join(", ");
    let own = |item: &&Item<'_>| head_of(item.kind).is_some_and(|head| view.context.types.contains(head));
    let common = |item: &&Item<'_>| matches!(head_of(item.kind), Some("List" | "Nat" | "ℕ"));
    let spoken = |item: &&Item<'_>| view.in_target(item.name);
    let values = view.data.iter().filter(own).filter(spoken);
    // What the target does not speak of is a proof, or of no use.
    let proofs = view.data.iter().filter(own).filter(|item| !spoken(item));
    let others = view.data.iter().filter(common).filter(spoken).filter(|_| !functions.is_empty());
    let lemmas = view.lemmas().join(", ");
    let by_lemmas = if lemmas.is_empty() { String::new() } else { format!(" | (simp_all [{functions}, {lemmas}] <;> omega)") };
    let cases = format!(
        "first | (simp_all [{functions}]; done) | grind [{functions}] | (simp_all [{functions}]; omega) | (simp_all [{functions}]; grind){by_lemmas}"
    );
    for item in values.chain(proofs).chain(others).take(MOST) {
        scripts.extend(accumulated(view, item, &cases));
        let generalised: Vec<&str> = view.data.iter().filter(|other| is_free(view, other, item)).map(|other| other.name).collect();
        scripts.push(format!("induction {} <;> {cases}", item.name));
        if !generalised.is_empty() {
            scripts.push(format!("induction {} generalizing {} <;> {cases}", item.name, generalised.join(" ")));
        }
    }
}

/// For a function that is called with nothing to add to: what it makes of anything to add to, and then of that.
fn accumulated(view: &View<'_>, item: &Item<'_>, cases: &str) -> Vec<String> {
    let Shape::Relation { symbol: "=", left, right } = shape(view.target) else { return Vec::new() };
    let all = tokens(left);
    let is_own = all.first().is_some_and(|function| view.context.definitions.contains(function.text));
    let (name, key) = (view.fresh("a"), view.fresh("key"));
    let neutral = |text: &str, operators: &[(&str, bool)]| {
        let operators = operators.iter().map(|(operator, behind)| match behind {
            true => format!("{right} {operator} {name}"),
            false => format!("{name} {operator} {right}"),
        });
        let start = left.strip_suffix(text).filter(|start| start.ends_with(' ') && is_own && mentions(start, item.name));
        start.map(|start| (start.to_owned(), operators.collect::<Vec<_>>()))
    };
    let found = [("0", &[("+", true)][..]), ("1", &[("*", true)]), ("[]", &[("++", true), ("++", false)])];
    let found = found.iter().find_map(|(text, operators)| Some((*text, neutral(text, operators)?)));
    let Some((text, (start, sums))) = found else { return Vec::new() };
    let script = |sum: String| {
        format!(
            "have {key} : ∀ {name}, {start}{name} = {sum} := by\n  induction {} <;> intro {name} <;> {cases}\nsimpa using {key} {text}",
            item.name
        )
    };
    sums.into_iter().map(script).collect()
}

/// Whether the induction on one value may be about all values of another variable of the target.
fn is_free(view: &View<'_>, other: &Item<'_>, item: &Item<'_>) -> bool {
    let is_value = !other.kind.contains('→') && !matches!(head_of(other.kind), Some("Type" | "Sort" | "Prop"));
    other.name != item.name && is_value && view.in_target(other.name) && !mentions(item.kind, other.name)
}

/// What a printed type applies.
fn head_of(kind: &str) -> Option<&str> {
    shape_of_head(kind).filter(|_| !kind.contains(['→', '∀', '∃']))
}

#[cfg(test)]
mod tests {
    use super::{super::testing::goal, *};
    use crate::FileContext;

    fn of(hypotheses: &[(&str, &str)], target: &str) -> Vec<String> {
        let context =
            FileContext::scan("inductive Tree (α : Type) where\ndef Tree.size {α : Type} : Tree α → Nat\ninductive Path : Nat → Prop");
        let mut found = Vec::new();
        scripts(&View::new(&goal(hypotheses, target), &context), &mut found);
        found
    }

    #[test]
    fn values_of_own_types_are_taken_apart_with_own_functions_unfolded() {
        let found = of(&[("α", "Type"), ("t", "Tree α"), ("n", "Nat")], "t.size ≤ n + t.size");
        assert!(found[0].starts_with("induction t <;> first | (simp_all [Tree.size]; done) | grind [Tree.size] |"), "{found:#?}");
        assert!(found[1].starts_with("induction t generalizing n <;> first"), "{found:#?}");
        assert!(found[2].starts_with("induction n <;> first"), "{found:#?}");
    }

    #[test]
    fn theorems_of_the_file_help_where_their_names_say_so() {
        let context = FileContext::scan("def sort : List Nat → List Nat\ntheorem length_insert : True\ntheorem List.length_sort : True");
        let mut found = Vec::new();
        scripts(&View::new(&goal(&[("xs", "List Nat")], "(sort xs).length = xs.length"), &context), &mut found);
        assert!(found[0].ends_with(" | (simp_all [sort, List.length_sort] <;> omega)"), "{found:#?}");
    }

    #[test]
    fn what_is_added_to_may_be_anything() {
        let context = FileContext::scan("def loop : List Nat → List Nat → List Nat");
        let mut found = Vec::new();
        scripts(&View::new(&goal(&[("xs", "List Nat")], "loop xs [] = xs.reverse"), &context), &mut found);
        let statement = "have key : ∀ a, loop xs a = xs.reverse ++ a := by\n  induction xs <;> intro a <;> first | ";
        assert!(found[0].starts_with(statement) && found[0].ends_with("\nsimpa using key []"), "{found:#?}");
    }

    #[test]
    fn proofs_of_own_propositions_are_taken_apart() {
        assert!(of(&[("n", "Nat"), ("h", "Path n")], "0 ≤ n")[0].starts_with("induction h <;> "));
        assert!(of(&[("n", "Nat")], "0 ≤ n").is_empty(), "this is for others");
    }
}

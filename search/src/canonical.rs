//! When two proof states are the same one for a search.
//!
//! Two paths often meet in states that differ only in the names of their hypotheses and bound variables or in case tags. [`StateKey`] is
//! equal for exactly those: hypotheses are renamed by their order of appearance, bound variables by how deep they are bound, and
//! grouped hypotheses (`a b : Nat`) are taken apart. The renaming is injective on each goal, so states with equal keys differ by a
//! renaming only. Which hypotheses are inaccessible (`x✝`) stays part of the key, the marks' numbers do not: no tactic can speak of
//! those, so naming them (`rename_i`) is progress. States that need more than that to be seen equal are kept apart, which costs time
//! and never a proof.

mod bound;

use crate::lex::{TokenKind, head, tokens_in};
use bound::Scopes;
use prove_core::{Goal, ProofState};
use std::{collections::HashMap, fmt::Write};

/// The identity of a proof state up to names. Equal keys mean equal states up to renaming of hypotheses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StateKey([u8; 32]);

impl StateKey {
    /// The key of a state.
    pub fn of(state: &ProofState) -> StateKey {
        StateKey(*blake3::hash(canonical_text(state).as_bytes()).as_bytes())
    }
}

/// The state with hypotheses renamed to `#0`, `#1`, … in order of appearance, and bound variables to `$0`, `$1`, … from the outermost
/// binder inwards: what [`StateKey`] hashes, readable.
pub fn canonical_text(state: &ProofState) -> String {
    let mut out = String::new();
    for goal in &state.goals {
        goal_text(goal, &mut out);
        out.push_str("\n\n");
    }
    out
}

fn goal_text(goal: &Goal, out: &mut String) {
    let mut names = Names::default();
    for hypothesis in &goal.hypotheses {
        for name in &hypothesis.names {
            names.add(name);
        }
    }
    for hypothesis in &goal.hypotheses {
        for name in &hypothesis.names {
            let mark = if name.contains('✝') { "✝" } else { "" };
            let _ = write!(out, "#{}{mark} : ", names.index(name).unwrap_or_default());
            renamed(&hypothesis.kind, &names, out);
            if let Some(value) = &hypothesis.value {
                out.push_str(" := ");
                renamed(value, &names, out);
            }
            out.push('\n');
        }
    }
    out.push_str("⊢ ");
    renamed(&goal.target, &names, out);
}

/// The names of a goal's hypotheses, in order of appearance. Lean prints distinct names in one goal; should two be equal all the same,
/// they share a number.
#[derive(Default)]
struct Names<'a> {
    few: Vec<&'a str>,
    /// In their place, where there are many.
    many: HashMap<&'a str, usize>,
}

impl<'a> Names<'a> {
    /// So many are found faster by looking at each.
    const FEW: usize = 16;

    fn add(&mut self, name: &'a str) {
        if self.index(name).is_some() {
            return;
        }
        self.few.push(name);
        if self.few.len() > Self::FEW {
            let known = self.many.len();
            self.many.extend(self.few[known..].iter().copied().zip(known..));
        }
    }

    fn index(&self, name: &str) -> Option<usize> {
        if self.many.is_empty() { self.few.iter().position(|n| *n == name) } else { self.many.get(name).copied() }
    }
}

/// `text` with the names of hypotheses and bound variables replaced and white space made single blanks.
fn renamed(text: &str, names: &Names<'_>, out: &mut String) {
    let mut scopes = Scopes::of(text);
    for (i, token) in tokens_in(text).enumerate() {
        if i > 0 {
            out.push(' ');
        }
        let bound = scopes.as_mut().and_then(|scopes| scopes.read(token));
        if token.kind != TokenKind::Name {
            out.push_str(token.text);
            continue;
        }
        let name = head(token.text);
        let number = bound.map(|level| ('$', level)).or_else(|| Some(('#', names.index(name)?)));
        match number {
            Some((mark, number)) => {
                let _ = write!(out, "{mark}{number}{}", &token.text[name.len()..]);
            }
            None => out.push_str(token.text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use prove_core::Hypothesis;

    fn goal(case: Option<&str>, hypotheses: &[(&[&str], &str)], target: &str) -> Goal {
        Goal {
            case: case.map(str::to_owned),
            hypotheses: hypotheses
                .iter()
                .map(|(names, kind)| Hypothesis {
                    names: names.iter().map(|n| (*n).to_owned()).collect(),
                    kind: (*kind).to_owned(),
                    value: None,
                })
                .collect(),
            target: target.to_owned(),
        }
    }

    fn key(goals: &[Goal]) -> StateKey {
        StateKey::of(&ProofState { goals: goals.to_vec() })
    }

    #[test]
    fn names_tags_and_grouping_do_not_matter() {
        let one = goal(Some("inl"), &[(&["n", "m"], "Nat"), (&["h✝"], "n < m.succ")], "∃ k, n + k = m");
        let two = goal(None, &[(&["a"], "Nat"), (&["b"], "Nat"), (&["hab✝¹"], "a <\n  b.succ")], "∃ k, a + k = b");
        assert_eq!(key(std::slice::from_ref(&one)), key(&[two]));
        assert_eq!(canonical_text(&ProofState { goals: vec![one] }), "#0 : Nat\n#1 : Nat\n#2✝ : #0 < #1.succ\n⊢ ∃ $0 , #0 + $0 = #1\n\n");
    }

    #[test]
    fn roles_types_order_values_and_accessibility_do() {
        assert_ne!(key(&[goal(None, &[(&["n✝"], "Nat")], "True")]), key(&[goal(None, &[(&["n"], "Nat")], "True")]));
        let base = goal(None, &[(&["n", "m"], "Nat")], "n < m");
        assert_ne!(key(std::slice::from_ref(&base)), key(&[goal(None, &[(&["n", "m"], "Nat")], "m < n")]));
        assert_ne!(key(std::slice::from_ref(&base)), key(&[goal(None, &[(&["n", "m"], "Int")], "n < m")]));
        let other = goal(None, &[(&["n"], "Nat")], "n = n");
        assert_ne!(key(&[base.clone(), other.clone()]), key(&[other, base]));
        let mut valued = goal(None, &[(&["n"], "Nat")], "n = 1");
        let plain = key(&[valued.clone()]);
        valued.hypotheses[0].value = Some("1".to_owned());
        assert_ne!(key(&[valued]), plain);
    }

    #[test]
    fn names_of_bound_variables_do_not_matter_and_their_places_do() {
        let says = |text: &str| canonical_text(&ProofState { goals: vec![goal(None, &[(&["x"], "Nat")], text)] });
        let canonical = |text: &str| says(text).rsplit_once("⊢ ").map(|(_, target)| target.trim_end().to_owned()).expect("a target");
        let table = [
            ("∀ y z, y < z", "∀ $0 $1 , $0 < $1"),
            ("∀ (y z : Nat) (h : y < z), ∃ k, h.1 = k ∧ k > x", "∀ ( $0 $1 : Nat ) ( $2 : $0 < $1 ) , ∃ $3 , $2.1 = $3 ∧ $3 > #0"),
            // A hypothesis and a bound variable of the same name, and one name bound twice.
            ("(∀ x, x = 1) → x = 1", "( ∀ $0 , $0 = 1 ) → #0 = 1"),
            ("∀ y, y = 0 → ∃ y, y = 1", "∀ $0 , $0 = 0 → ∃ $1 , $1 = 1"),
            ("f (fun y => y + x) = [fun y => y, y]", "f ( fun $0 => $0 + #0 ) = [ fun $0 => $0 , y ]"),
            ("∀ y > x, ∃ z ∈ s y, p z", "∀ $0 > #0 , ∃ $1 ∈ s $0 , p $1"),
            ("∀ {α : Type} [inst : Add α], ∃! y, y = inst", "∀ { $0 : Type } [ inst : Add $0 ] , ∃ ! $1 , $1 = inst"),
            ("∀ y, if ∃ z, z < y then y = z else z = y", "∀ $0 , if ∃ $1 , $1 < $0 then $0 = z else z = $0"),
            ("fun y => match fun x => x with | z => x + y", "fun $0 => match fun $1 => $1 with | z => #0 + $0"),
            ("let g := fun y => y; g y", "let g := fun $0 => $0 ; g y"),
        ];
        for (text, wanted) in table {
            assert_eq!(canonical(text), wanted);
        }
    }

    #[test]
    fn many_names_are_told_apart_like_few() {
        let names: Vec<String> = (0..40).map(|i| format!("x{i}")).collect();
        let text = |names: &[String]| {
            let hypotheses = names.iter().map(|n| Hypothesis { names: vec![n.clone()], kind: "Nat".to_owned(), value: None }).collect();
            canonical_text(&ProofState { goals: vec![Goal { case: None, hypotheses, target: names.join(" + ") }] })
        };
        assert!(text(&names).ends_with("+ #38 + #39\n\n") && text(&names).contains("#16 : Nat\n#17 : Nat"));
        assert!(text(&names[..16]).ends_with("#14 + #15\n\n"));
    }

    #[test]
    fn a_name_that_only_contains_a_hypothesis_name_stays() {
        let text = canonical_text(&ProofState { goals: vec![goal(None, &[(&["h"], "p")], "h1 ∧ Foo.h ∧ h.1")] });
        assert!(text.ends_with("⊢ h1 ∧ Foo.h ∧ #0.1\n\n"), "{text}");
    }

    proptest::proptest! {
        #[test]
        fn any_injective_renaming_keeps_the_key(order in proptest::sample::subsequence(vec!["u", "v'", "w", "x₁", "y"], 3)) {
            let build = |n: &[&str]| goal(None, &[(&n[..2], "Nat"), (&n[2..3], &format!("{} + 1 = {}", n[0], n[1]))], &format!("{} < {}", n[0], n[1]));
            proptest::prop_assert_eq!(key(&[build(&["a", "b", "c"])]), key(&[build(&order)]));
        }

        #[test]
        fn bound_variables_may_have_any_names(names in proptest::sample::subsequence(vec!["u", "v'", "w", "x₁", "y"], 4)) {
            let build = |n: &[&str]| {
                let [a, b, c, d] = n else { panic!("four names") };
                goal(None, &[], &format!("∀ ({a} {b} : Nat), {a} < {b} → (∃ {c}, {a} + {c} = {b}) ∧ f (fun {d} => {d} + {a}) {b} = 0"))
            };
            proptest::prop_assert_eq!(key(&[build(&["a", "b", "c", "d"])]), key(&[build(&names)]));
        }

        #[test]
        fn no_text_panics(text in "[xy∀∃λ∑,:()\\[\\]{}⟨⟩=|;> ]*(fun|match|with|if|then|else|let)?[xy∀∃λ∑,:()\\[\\]{}⟨⟩=|;> ]*") {
            let _ = key(&[goal(None, &[(&["x"], "Nat"), (&["h"], &text)], &text)]);
        }
    }
}

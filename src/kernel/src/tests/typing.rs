//! Inference and definitional equality, rule by rule.

use super::{World, refused};
use crate::error::Refusal;

#[test]
fn applications_need_a_function_and_an_argument_of_its_domain() {
    let mut w = World::new();
    w.has_type("Nat.succ Nat.zero", "Nat").unwrap();
    assert_eq!(refused(w.has_type("Nat.succ Bool.true", "Nat")), Refusal::ArgumentType);
    assert_eq!(refused(w.has_type("Nat.zero Nat.zero", "Nat")), Refusal::NotAFunction);
    // The domain may become a function type only after reduction.
    w.has_type("(fun (α : Type 0) (f : id' (α → α)) (x : α) => x) Nat", "(Nat → Nat) → Nat → Nat").unwrap_err();
    w.trust("id'", &[], "Type 0 → Type 0", "fun (α : Type 0) => α");
    w.has_type("fun (α : Type 0) (f : id' (α → α)) (x : α) => f x", "∀ (α : Type 0), (α → α) → α → α").unwrap();
    // Dependent result types.
    w.has_type("Eq.refl.{1} Nat 3", "Eq.{1} Nat 3 3").unwrap();
    assert_eq!(refused(w.has_type("Eq.refl.{1} Nat 3", "Eq.{1} Nat 3 4")), Refusal::ValueType);
}

#[test]
fn binders_need_types() {
    let mut w = World::new();
    w.has_type("fun (x : Nat) => x", "Nat → Nat").unwrap();
    assert_eq!(refused(w.has_type("fun (x : Nat.zero) => x", "Nat → Nat")), Refusal::NotAType);
    assert_eq!(refused(w.has_type("Nat → Nat.zero", "Type 0")), Refusal::NotAType);
    assert_eq!(refused(w.has_type("Nat.zero", "Nat.zero")), Refusal::NotAType);
}

#[test]
fn universes_of_sorts_and_function_types() {
    let mut w = World::new();
    w.has_type("Prop", "Type 0").unwrap();
    w.has_type("Sort u", "Sort (u+1)").unwrap();
    assert_eq!(refused(w.has_type("Type 0", "Type 0")), Refusal::ValueType);
    // Functions into propositions are propositions, whatever the domain.
    w.has_type("∀ (α : Type u), α → True", "Prop").unwrap();
    w.has_type("∀ (α : Type u), α → Nat", "Type (u+1)").unwrap();
    assert_eq!(refused(w.has_type("∀ (α : Type u), α → Nat", "Type u")), Refusal::ValueType);
    w.has_type("∀ (α : Sort u) (β : Sort v), α → β", "Sort (max (max (u+1) (v+1)) (imax u v))").unwrap_err();
    w.has_type("fun (α : Sort u) (β : Sort v) => (α → β)", "∀ (α : Sort u) (β : Sort v), Sort (imax u v)").unwrap();
    assert_eq!(
        refused(w.has_type("fun (α : Sort u) (β : Sort v) => (α → β)", "∀ (α : Sort u) (β : Sort v), Sort (max u v)")),
        Refusal::ValueType
    );
}

#[test]
fn let_checks_its_value_and_unfolds_in_the_body() {
    let mut w = World::new();
    w.has_type("let n : Nat := 2; Eq.refl.{1} Nat n", "Eq.{1} Nat 2 2").unwrap();
    w.has_type("let α : Type 0 := Nat; let x : α := 3; Nat.succ x", "Nat").unwrap();
    assert_eq!(refused(w.has_type("let n : Bool := 2; n", "Bool")), Refusal::ValueType);
    assert_eq!(refused(w.has_type("let n : 2 := 2; 3", "Nat")), Refusal::NotAType);
}

#[test]
fn beta_eta_and_delta() {
    let mut w = World::new();
    w.assume("f", "Nat → Nat");
    w.trust("twice", &[], "(Nat → Nat) → Nat → Nat", "fun (g : Nat → Nat) (x : Nat) => g (g x)");
    assert!(w.equal("(fun (x : Nat) => f x) 2", "f 2"));
    assert!(w.equal("fun (x : Nat) => f x", "f"));
    assert!(w.equal("twice f", "fun (y : Nat) => f (f y)"));
    assert!(!w.equal("twice f", "f"));
    assert!(!w.equal("fun (x : Nat) => f 2", "f"));
    assert!(!w.equal("f 2", "f 3"));
}

#[test]
fn proofs_of_one_proposition_are_equal_and_data_is_not() {
    let mut w = World::new();
    w.assume("p", "Prop");
    w.assume("q", "Prop");
    w.assume("h₁", "p");
    w.assume("h₂", "p");
    w.assume("k", "q");
    w.assume("n₁", "Nat");
    w.assume("n₂", "Nat");
    assert!(w.equal("h₁", "h₂"));
    assert!(!w.equal("h₁", "k"));
    assert!(!w.equal("n₁", "n₂"));
    w.has_type("fun (r : p → Type 0) (x : r h₁) => x", "∀ (r : p → Type 0), r h₁ → r h₂").unwrap();
}

#[test]
fn structures_have_eta_and_other_types_do_not() {
    let mut w = World::new();
    w.assume("x", "Prod.{0, 0} Nat Bool");
    w.assume("y", "Prod.{0, 0} Nat Bool");
    assert!(w.equal("Prod.mk.{0, 0} Nat Bool (proj Prod 0 x) (proj Prod 1 x)", "x"));
    assert!(!w.equal("Prod.mk.{0, 0} Nat Bool (proj Prod 0 x) (proj Prod 1 y)", "x"));
    assert!(w.equal("proj Prod 0 (Prod.mk.{0, 0} Nat Bool 2 Bool.true)", "2"));
    // The recursor computes on a variable, which is its constructor by eta.
    let first = "Prod.rec.{1, 0, 0} Nat Bool (fun (p : Prod.{0, 0} Nat Bool) => Nat) (fun (n : Nat) (b : Bool) => n)";
    assert!(w.equal(&format!("{first} x"), "proj Prod 0 x"));
    // Recursive, so no eta: the list of one constructor.
    w.inductive(&[], 0, &[("Stream", "Type 0", &[("Stream.cons", "Nat → Stream → Stream")])]).unwrap();
    w.assume("s", "Stream");
    assert!(!w.equal("Stream.cons (proj Stream 0 s) (proj Stream 1 s)", "s"));
    // Unit-like.
    w.assume("u₁", "Unit");
    w.assume("u₂", "Unit");
    assert!(w.equal("u₁", "u₂"));
}

#[test]
fn projections_need_the_structure_they_name() {
    let mut w = World::new();
    w.inductive(&[], 0, &[("Pair", "Type 0", &[("Pair.mk", "Nat → Bool → Pair")])]).unwrap();
    w.has_type("proj Pair 1 (Pair.mk 2 Bool.true)", "Bool").unwrap();
    for wrong in [
        "proj Pair 2 (Pair.mk 2 Bool.true)",
        "proj Prod 0 (Pair.mk 2 Bool.true)",
        "proj Nat 0 Nat.zero",
        "proj Pair 0 Pair.mk",
        "proj Bool 0 Bool.true",
        "proj Eq 0 (Eq.refl.{1} Nat 2)",
    ] {
        let refusal = refused(w.has_type(wrong, "Nat"));
        assert!(matches!(refusal, Refusal::Projection(_)), "{wrong}: {refusal:?}");
    }
}

#[test]
fn no_data_comes_out_of_a_proof() {
    let mut w = World::new();
    w.assume("h", "Exists.{1} Nat (fun (n : Nat) => Eq.{1} Nat n n)");
    w.assume("both", "And True False");
    w.has_type("proj And 1 both", "False").unwrap();
    assert_eq!(refused(w.has_type("proj Exists 0 h", "Nat")), Refusal::Projection("it is data in a proof"));
    let second = w.has_type("proj Exists 1 h", "True");
    assert_eq!(refused(second), Refusal::Projection("it depends on data in a proof"));
    // A type that is a proposition at some universes is treated as one.
    w.inductive(&["u"], 1, &[("Box", "Sort u → Sort u", &[])]).unwrap();
    w.inductive(&["u"], 0, &[("Maybe", "Sort u", &[("Maybe.mk", "True → Maybe.{u}")])]).unwrap();
    w.assume("m", "Maybe.{0}");
    w.has_type("proj Maybe 0 m", "True").unwrap();
    // One whose universe is only seen after reduction.
    w.trust("prop", &[], "Type 0", "Prop");
    w.inductive(&[], 0, &[("Hidden", "prop", &[("Hidden.mk", "Nat → Hidden")])]).unwrap();
    w.assume("hidden", "Hidden");
    assert_eq!(refused(w.has_type("proj Hidden 0 hidden", "Nat")), Refusal::Projection("it is data in a proof"));
}

#[test]
fn recursors_compute_on_constructors() {
    let mut w = World::new();
    assert!(w.equal("Slow.add 2 3", "5"));
    assert!(w.equal("Slow.mul 6 7", "42"));
    assert!(!w.equal("Slow.add 2 3", "6"));
    w.assume("n", "Nat");
    assert!(w.equal("Slow.add n (Nat.succ 1)", "Nat.succ (Nat.succ n)"));
    assert!(!w.equal("Slow.add (Nat.succ n) 0", "n"));
}

#[test]
fn k_computes_on_any_proof_of_an_equation_that_holds_by_definition() {
    let mut w = World::new();
    w.assume("n", "Nat");
    w.assume("m", "Nat");
    w.assume("same", "Eq.{1} Nat n n");
    w.assume("different", "Eq.{1} Nat n m");
    let cast = |proof: &str, to: &str| format!("Eq.rec.{{1, 1}} Nat n (fun (x : Nat) (h : Eq.{{1}} Nat n x) => Nat) 7 {to} {proof}");
    assert!(w.equal(&cast("same", "n"), "7"));
    assert!(!w.equal(&cast("different", "m"), "7"));
}

#[test]
fn quotients_compute_on_their_elements() {
    let mut w = World::new();
    super::declarations::add_quotients(&mut w);
    w.assume("r", "Nat → Nat → Prop");
    w.assume("f", "Nat → Bool");
    w.assume("respects", "∀ (a : Nat) (b : Nat), r a b → Eq.{1} Bool (f a) (f b)");
    w.assume("q", "Quot.{1} Nat r");
    let lift = "Quot.lift.{1, 1} Nat r Bool f respects";
    assert!(w.equal(&format!("{lift} (Quot.mk.{{1}} Nat r 3)"), "f 3"));
    assert!(!w.equal(&format!("{lift} q"), "f 3"));
    assert!(!w.equal("Quot.mk.{1} Nat r 3", "Quot.mk.{1} Nat r 4"));
}

#[test]
fn metadata_and_binder_names_do_not_matter() {
    let mut w = World::new();
    let a = w.term("fun (x : Nat) => Nat.succ x");
    let b = w.term("fun {y : Nat} => Nat.succ y");
    assert_ne!(a, b);
    assert!(w.equal_terms(a, b));
    let marked = w.env.terms.mk_mdata(a);
    assert!(w.equal_terms(marked, b));
    assert_eq!(w.env.terms.strip_mdata(marked), a);
    assert!(!w.env.terms.alpha_eq(a, b), "binder infos count for a statement");
    let c = w.term("fun (z : Nat) => Nat.succ z");
    assert!(w.env.terms.alpha_eq(marked, c));
}

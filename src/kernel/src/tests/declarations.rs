//! Declarations: names, universe parameters, order, kinds, and the quotient primitives.

use super::{LIMITS, World, refused};
use crate::declaration::{Declaration, Kind, QuotKind, Safety, Signature};
use crate::environment::{ConstantSource, Environment, SourceError};
use crate::error::{KernelError, Refusal};
use crate::term::{Name, Terms};
use crate::{check_new, check_reachable};

#[test]
fn theorems_are_propositions_with_proofs() {
    let mut w = World::new();
    let good = w.theorem("good", &[], "True", "True.intro");
    let not_prop = w.theorem("not_prop", &[], "Nat", "Nat.zero");
    let not_proof = w.theorem("not_proof", &[], "False", "True.intro");
    w.check(&[good]).unwrap();
    assert_eq!(refused(w.check(&[not_prop])), Refusal::TheoremNotProp);
    assert_eq!(refused(w.check(&[not_proof])), Refusal::ValueType);
    // A proposition only by reduction of its universe.
    let imax = w.theorem("imax", &["u"], "∀ (α : Sort u), True", "fun (α : Sort u) => True.intro");
    w.check(&[imax]).unwrap();
}

#[test]
fn opaque_values_are_checked_and_never_unfold() {
    let mut w = World::new();
    let opaque = |w: &mut World, name: &str, value: &str| Declaration {
        signature: w.signature(name, &[], "Nat"),
        kind: Kind::Opaque { value: w.term(value), is_unsafe: false, all: Vec::new() },
    };
    let bad = opaque(&mut w, "bad", "Bool.true");
    assert_eq!(refused(w.check(&[bad])), Refusal::ValueType);
    let good = opaque(&mut w, "good", "2");
    w.check(&[good]).unwrap();
    assert!(!w.equal("good", "2"));
}

#[test]
fn universe_parameters_are_distinct_and_declared() {
    let mut w = World::new();
    let duplicate = w.axiom("duplicate", &["u", "u"], "Sort u");
    let undeclared = w.axiom("undeclared", &["u"], "Sort v → Prop");
    let in_value = w.definition("in_value", &[], "Prop", "Eq.{w} True True.intro True.intro");
    let arity = w.axiom("arity", &[], "List Nat");
    let arity_two = w.axiom("arity_two", &[], "Eq.{0, 0} True True.intro True.intro");
    assert_eq!(refused(w.check(&[duplicate])), Refusal::DuplicateLevelParam);
    assert_eq!(refused(w.check(&[undeclared])), Refusal::UndeclaredLevelParam("v".to_owned()));
    assert_eq!(refused(w.check(&[in_value])), Refusal::UndeclaredLevelParam("w".to_owned()));
    assert_eq!(refused(w.check(&[arity])), Refusal::LevelArity("List".to_owned()));
    assert_eq!(refused(w.check(&[arity_two])), Refusal::LevelArity("Eq".to_owned()));
}

#[test]
fn terms_are_closed() {
    let mut w = World::new();
    let mut loose = w.axiom("loose", &[], "True");
    loose.signature.ty = w.env.terms.mk_bvar(0);
    assert_eq!(refused(w.check(&[loose])), Refusal::LooseBVar);
    let mut free = w.theorem("free", &[], "False", "True.intro");
    let falsum = w.term("False");
    free.kind = Kind::Theorem { value: w.env.terms.mk_fvar(1, falsum), all: Vec::new() };
    assert_eq!(refused(w.check(&[free])), Refusal::FreeVariable);
}

#[test]
fn new_constants_come_in_any_order_but_not_in_circles() {
    let mut w = World::new();
    let first = w.theorem("first", &[], "True", "second");
    let second = w.theorem("second", &[], "True", "True.intro");
    w.check(&[first, second]).unwrap();
    let a = w.theorem("a", &[], "False", "b");
    let b = w.theorem("b", &[], "False", "a");
    let own = w.theorem("own", &[], "False", "own");
    assert_eq!(refused(w.check(&[a, b])), Refusal::Cyclic);
    assert_eq!(refused(w.check(&[own])), Refusal::Cyclic);
    let type_in_value = w.definition("c", &[], "Eq.{1} Nat c c", "Eq.refl.{1} Nat 0");
    assert_eq!(refused(w.check(&[type_in_value])), Refusal::Cyclic);
}

#[test]
fn names_are_new_and_known() {
    let mut w = World::new();
    let taken = w.theorem("True.intro", &[], "True", "True.intro");
    let unknown = w.theorem("t", &[], "True", "missing");
    let twice = w.theorem("twice", &[], "True", "True.intro");
    assert_eq!(refused(w.check(&[taken])), Refusal::AlreadyDeclared);
    assert_eq!(refused(w.check(&[unknown])), Refusal::UnknownConstant("missing".to_owned()));
    assert_eq!(refused(w.check(&[twice.clone(), twice])), Refusal::AlreadyDeclared);
}

#[test]
fn a_failed_check_leaves_nothing_behind() {
    let mut w = World::new();
    let good = w.theorem("good", &[], "True", "True.intro");
    let bad = w.theorem("bad", &[], "False", "good");
    refused(w.check(&[good.clone(), bad]));
    assert_eq!(w.env.get(good.name()).unwrap(), None);
    w.check(&[good]).unwrap();
}

#[test]
fn unsafe_constants_are_neither_accepted_nor_usable() {
    let mut w = World::new();
    let mut magic = w.definition("magic", &[], "False", "magic");
    let Kind::Definition { safety, .. } = &mut magic.kind else { unreachable!() };
    *safety = Safety::Unsafe;
    let user = w.theorem("user", &[], "False", "magic");
    let honest = w.theorem("honest", &[], "True", "True.intro");
    let all = [magic.clone(), user.clone(), honest.clone()];
    for roots in [vec![magic.name()], vec![user.name()]] {
        let result = check_reachable(&mut w.env, &all, &roots, LIMITS);
        assert!(matches!(result, Err(KernelError::Unsupported { .. })), "{result:?}");
    }
    assert_eq!(check_reachable(&mut w.env, &all, &[honest.name()], LIMITS).unwrap().constants, 1);
    w.env.add_trusted(magic);
    assert_eq!(refused(w.check(&[user])), Refusal::UsesUnsafe("magic".to_owned()));
}

/// A library of one theorem about a constant that it does not export.
struct Library;

impl ConstantSource for Library {
    fn constant(&mut self, terms: &mut Terms, name: Name) -> Result<Option<Declaration>, SourceError> {
        let (theorem, hidden) = (terms.mk_name("theorem"), terms.mk_name("hidden"));
        let ty = terms.mk_const(hidden, &[]);
        let signature = Signature { name, level_params: Vec::new(), ty };
        Ok((name == theorem).then_some(Declaration { signature, kind: Kind::Axiom { is_unsafe: false } }))
    }
}

#[test]
fn nobody_takes_the_place_of_what_the_library_does_not_export() {
    let mut w = World { env: Environment::with_source(Box::new(Library)), tests: 0 };
    w.inductive(&[], 0, &[("False", "Prop", &[])]).unwrap();
    let hidden = w.definition("hidden", &[], "Prop", "False");
    let contradiction = w.theorem("contradiction", &[], "False", "theorem");
    let taken = Refusal::TakesPlace("hidden".to_owned());
    assert_eq!(refused(w.check(&[hidden.clone(), contradiction.clone()])), taken);
    // Nor in two steps.
    w.check(&[hidden]).unwrap();
    assert_eq!(refused(w.check(&[contradiction])), taken);
}

#[test]
fn names_with_a_meaning_are_the_librarys() {
    let mut w = World::empty();
    let nat = w.axiom("Nat", &[], "Type 0");
    assert!(matches!(w.check(&[nat]), Err(KernelError::Unsupported { .. })));
}

/// The four primitives at their standard types.
pub(super) fn quotients(w: &mut World) -> Vec<Declaration> {
    let types: [(&str, QuotKind, &[&str], &str); 4] = [
        ("Quot", QuotKind::Type, &["u"], "∀ {α : Sort u} (r : α → α → Prop), Sort u"),
        ("Quot.mk", QuotKind::Ctor, &["u"], "∀ {α : Sort u} (r : α → α → Prop) (a : α), Quot.{u} α r"),
        (
            "Quot.lift",
            QuotKind::Lift,
            &["u", "v"],
            "∀ {α : Sort u} {r : α → α → Prop} {β : Sort v} (f : α → β), (∀ (a : α) (b : α), r a b → Eq.{v} β (f a) (f b)) → Quot.{u} α r → β",
        ),
        (
            "Quot.ind",
            QuotKind::Ind,
            &["u"],
            "∀ {α : Sort u} {r : α → α → Prop} {β : Quot.{u} α r → Prop}, (∀ (a : α), β (Quot.mk.{u} α r a)) → ∀ (q : Quot.{u} α r), β q",
        ),
    ];
    types.map(|(name, kind, levels, ty)| Declaration { signature: w.signature(name, levels, ty), kind: Kind::Quot(kind) }).into()
}

pub(super) fn add_quotients(w: &mut World) {
    let quotients = quotients(w);
    check_new(&mut w.env, &quotients, LIMITS).unwrap();
}

#[test]
fn quotient_primitives_are_the_standard_ones() {
    let mut w = World::new();
    add_quotients(&mut w);
    let wrong_types = [
        ("Quot", "∀ {α : Sort u} (r : α → α → Prop), Sort (u+1)"),
        ("Quot.lift", "∀ {α : Sort u} {r : α → α → Prop} {β : Sort v} (f : α → β), Quot.{u} α r → β"),
        ("Quot.ind", "∀ {α : Sort u} {r : α → α → Prop} {β : Quot.{u} α r → Prop} (q : Quot.{u} α r), β q"),
    ];
    for (name, ty) in wrong_types {
        let mut w = World::new();
        let mut all = quotients(&mut w);
        let ty = w.term(ty);
        let name = w.env.terms.mk_name(name);
        all.iter_mut().find(|d| d.name() == name).unwrap().signature.ty = ty;
        assert_eq!(refused(w.check(&all)), Refusal::Quotient);
    }
    // The right type under another name, and the right name of another kind.
    let mut w = World::new();
    let mut all = quotients(&mut w);
    all[0].kind = Kind::Quot(QuotKind::Ctor);
    assert_eq!(refused(w.check(&all)), Refusal::Quotient);
}

#[test]
fn quotients_need_the_true_equality() {
    let mut w = World::empty();
    let any = ("Eq.refl", "∀ (α : Sort u) (a : α) (b : α), Eq.{u} α a b");
    w.inductive(&["u"], 2, &[("Eq", "∀ (α : Sort u), α → α → Prop", &[any])]).unwrap();
    let all = quotients(&mut w);
    assert_eq!(refused(w.check(&all)), Refusal::Quotient);
}

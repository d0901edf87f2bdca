//! Properties of reduction, equality and substitution on generated terms.

use super::World;
use crate::term::Expr;
use proptest::prelude::*;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

/// One world for all cases: nothing is ever declared in it.
fn world() -> MutexGuard<'static, World> {
    static WORLD: LazyLock<Mutex<World>> = LazyLock::new(|| Mutex::new(World::new()));
    WORLD.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A term of type `Nat` and its value, over variables whose values are known.
#[derive(Clone, Debug)]
enum NatTerm {
    Lit(u8),
    Succ(Box<NatTerm>),
    Add(&'static str, Box<NatTerm>, Box<NatTerm>),
    /// `(fun (x : Nat) => Nat.add x body) arg`
    Beta(Box<NatTerm>, Box<NatTerm>),
    /// `let x : Nat := value; Slow.add x body`
    Let(Box<NatTerm>, Box<NatTerm>),
    /// The first field of a pair.
    First(Box<NatTerm>, Box<NatTerm>),
    /// `Bool.rec` on a literal condition.
    If(bool, Box<NatTerm>, Box<NatTerm>),
}

impl NatTerm {
    fn text(&self) -> String {
        match self {
            NatTerm::Lit(n) => n.to_string(),
            NatTerm::Succ(a) => format!("(Nat.succ {})", a.text()),
            NatTerm::Add(op, a, b) => format!("({op}.add {} {})", a.text(), b.text()),
            NatTerm::Beta(body, arg) => format!("((fun (x : Nat) => Nat.add x {}) {})", body.text(), arg.text()),
            NatTerm::Let(value, body) => format!("(let x : Nat := {}; Slow.add x {})", value.text(), body.text()),
            NatTerm::First(a, b) => format!("(proj Prod 0 (Prod.mk.{{0, 0}} Nat Nat {} {}))", a.text(), b.text()),
            NatTerm::If(c, a, b) => {
                format!("(Bool.rec.{{1}} (fun (b : Bool) => Nat) {} {} Bool.{c})", b.text(), a.text())
            }
        }
    }

    fn value(&self) -> u64 {
        match self {
            NatTerm::Lit(n) => u64::from(*n),
            NatTerm::Succ(a) => a.value() + 1,
            NatTerm::Add(_, a, b) | NatTerm::Beta(a, b) | NatTerm::Let(a, b) => a.value() + b.value(),
            NatTerm::First(a, _) => a.value(),
            NatTerm::If(c, a, b) => {
                if *c {
                    a.value()
                } else {
                    b.value()
                }
            }
        }
    }
}

fn nat_term() -> impl Strategy<Value = NatTerm> {
    let leaf = (0_u8..5).prop_map(NatTerm::Lit);
    leaf.prop_recursive(4, 20, 2, |inner| {
        let two = (inner.clone().prop_map(Box::new), inner.clone().prop_map(Box::new));
        prop_oneof![
            inner.prop_map(|a| NatTerm::Succ(Box::new(a))),
            (prop_oneof![Just("Nat"), Just("Slow")], two.clone()).prop_map(|(op, (a, b))| NatTerm::Add(op, a, b)),
            two.clone().prop_map(|(a, b)| NatTerm::Beta(a, b)),
            two.clone().prop_map(|(a, b)| NatTerm::Let(a, b)),
            two.clone().prop_map(|(a, b)| NatTerm::First(a, b)),
            (any::<bool>(), two).prop_map(|(c, (a, b))| NatTerm::If(c, a, b)),
        ]
    })
}

/// Terms of any shape over the constants of the test world, most of them ill typed.
fn any_term() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "x",
        "y",
        "Nat",
        "Nat.zero",
        "Nat.succ",
        "Nat.rec.{0}",
        "Nat.rec.{1}",
        "False",
        "False.rec.{0}",
        "True",
        "True.intro",
        "True.rec.{0}",
        "Eq.{1}",
        "Eq.refl.{1}",
        "Eq.rec.{0, 1}",
        "Eq.rec.{1, 1}",
        "And",
        "And.intro",
        "And.rec.{0}",
        "Exists.intro.{1}",
        "Exists.rec.{1}",
        "Bool",
        "Bool.true",
        "Bool.rec.{1}",
        "Prop",
        "Type 0",
        "0",
        "1",
        "\"a\"",
        "List.{0}",
        "List.nil.{0}",
        "Prod.mk.{0, 0}",
        "Unit.unit",
    ])
    .prop_map(str::to_owned);
    leaf.prop_recursive(6, 48, 3, |inner| {
        let inner2 = (inner.clone(), inner.clone());
        prop_oneof![
            4 => inner2.clone().prop_map(|(a, b)| format!("({a} {b})")),
            2 => (inner.clone(), inner.clone(), inner.clone()).prop_map(|(a, b, c)| format!("({a} {b} {c})")),
            2 => inner2.clone().prop_map(|(a, b)| format!("(fun (x : {a}) => {b})")),
            1 => inner2.clone().prop_map(|(a, b)| format!("(∀ (y : {a}), {b})")),
            1 => (inner.clone(), inner2).prop_map(|(a, (b, c))| format!("(let y : {a} := {b}; {c})")),
            1 => (prop::sample::select(vec!["And", "Prod", "Exists", "Nat", "Eq"]), 0..3, inner)
                .prop_map(|(s, i, a)| format!("(proj {s} {i} {a})")),
        ]
    })
}

/// Open terms, some of their variables loose: an index, an application, or a binder.
fn open_term() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![Just("f".to_owned()), Just("x".to_owned()), Just("y".to_owned()), Just("Prop".to_owned())];
    leaf.prop_recursive(5, 40, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("(fun (y : {a}) => {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("(∀ (x : {a}), {b})")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("(let f : Prop := {a}; {b})")),
        ]
    })
}

/// The body of `fun (f : Prop) (x : Prop) (y : Prop) => text`, its three variables loose.
fn body(w: &mut World, text: &str) -> Expr {
    let mut e = w.term(&format!("fun (f : Prop) (x : Prop) (y : Prop) => {text}"));
    for _ in 0..3 {
        let crate::ExprNode::Lam(_, inner) = w.env.terms.expr(e) else { unreachable!() };
        e = inner;
    }
    e
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn terms_equal_their_values_and_no_others(t in nat_term()) {
        let mut w = world();
        let (text, value) = (t.text(), t.value());
        prop_assert!(w.equal(&text, &value.to_string()));
        prop_assert!(w.equal(&value.to_string(), &text));
        prop_assert!(!w.equal(&text, &(value + 1).to_string()));
        prop_assert!(w.equal(&text, &text));
    }

    #[test]
    fn equality_is_symmetric_and_decided_by_values(a in nat_term(), b in nat_term()) {
        let mut w = world();
        let expected = a.value() == b.value();
        prop_assert_eq!(w.equal(&a.text(), &b.text()), expected);
        prop_assert_eq!(w.equal(&b.text(), &a.text()), expected);
        let pair = |first: &NatTerm, second: &NatTerm| format!("Prod.mk.{{0, 0}} Nat Nat {} {}", first.text(), second.text());
        prop_assert_eq!(w.equal(&pair(&a, &b), &pair(&b, &a)), expected);
    }

    #[test]
    fn weak_head_normal_forms_are_normal(t in nat_term()) {
        let mut w = world();
        let e = w.term(&t.text());
        let once = w.whnf(e);
        prop_assert_eq!(w.whnf(once), once);
        prop_assert!(w.equal_terms(e, once));
    }

    /// Whatever the term, there is an answer, and it is not a proof of `False`. Accepted terms keep their type when reduced.
    #[test]
    fn arbitrary_terms_are_answered(text in any_term()) {
        let mut w = world();
        let text = format!("fun (x : Nat) (y : True) => {text}");
        let theorem = w.theorem("arbitrary", &[], "Nat → True → False", &text);
        prop_assert!(w.check(&[theorem]).is_err());
        let e = w.term(&text);
        let checked = w.with(|checker| {
            let e = checker.erase(e)?;
            let ty = checker.check(e)?;
            let reduced = checker.whnf(e)?;
            let reduced_ty = checker.check(reduced)?;
            Ok((checker.is_def_eq(ty, reduced_ty)?, checker.is_def_eq(e, reduced)?))
        });
        if let Ok(preserved) = checked {
            prop_assert_eq!(preserved, (true, true));
        }
    }

    #[test]
    fn abstracting_undoes_instantiating(text in open_term()) {
        let mut w = World::empty();
        let e = body(&mut w, &text);
        let terms = &mut w.env.terms;
        let fvars: Vec<Expr> = (1..=3).map(|depth| terms.mk_fvar(depth, Expr::PROP)).collect();
        let closed = terms.instantiate(e, &fvars);
        prop_assert!(!terms.has_loose_bvars(closed));
        prop_assert_eq!(terms.abstract_fvars(closed, &fvars), e);
        // One variable at a time, from the outside, is the same as all at once.
        let steps = fvars.iter().rev().fold(e, |e, fvar| {
            terms.instantiate(e, &[*fvar])
        });
        prop_assert_eq!(steps, closed);
        prop_assert_eq!(terms.abstract_fvars(e, &fvars), e);
    }
}

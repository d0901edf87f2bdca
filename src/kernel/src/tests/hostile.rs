//! Input made to exhaust the checker: it must run out of its budget, not of the machine's.

use super::{LIMITS, World, refused};
use crate::checker::{Limits, MAX_TERM_DEPTH, STACK_FOR_WALKS};
use crate::error::{KernelError, Refusal, Resource};
use crate::{Expr, Level, Name, check_new};

fn out_of(result: Result<crate::Report, KernelError>) -> Resource {
    match result {
        Err(KernelError::OutOfFuel { resource, .. }) => resource,
        other => panic!("did not run out: {other:?}"),
    }
}

#[test]
fn terms_of_any_height_are_survived() {
    for height in [3_000, 30_000, 100_000] {
        let mut w = World::new();
        let succ = w.term("Nat.succ");
        let deep = (0..height).fold(w.term("Nat.zero"), |e, _| w.env.terms.mk_app(succ, e));
        let mut definition = w.definition("deep", &[], "Nat", "0");
        let crate::declaration::Kind::Definition { value, .. } = &mut definition.kind else { unreachable!() };
        *value = deep;
        let result = check_new(&mut w.env, &[definition], LIMITS);
        assert!(matches!(result, Ok(_) | Err(KernelError::OutOfFuel { .. })), "{result:?}");
        let mut deeper = w.axiom("binders", &[], "True");
        let nat = w.term("Nat");
        deeper.signature.ty = (0..height).fold(nat, |e, _| w.env.terms.mk_forall(crate::term::Binder::plain(nat), e));
        let result = check_new(&mut w.env, &[deeper], LIMITS);
        assert!(matches!(result, Ok(_) | Err(KernelError::OutOfFuel { .. })), "{result:?}");
    }
}

#[test]
fn walks_of_the_highest_terms_fit_the_stack_kept_for_them() {
    let highest = || {
        let mut w = World::empty();
        let terms = &mut w.env.terms;
        let outermost = terms.mk_bvar(MAX_TERM_DEPTH / 2);
        let open = (0..MAX_TERM_DEPTH / 2).fold(outermost, |e, _| {
            let e = terms.mk_app(e, Expr::PROP);
            terms.mk_let(Name::ANONYMOUS, Expr::PROP, Expr::PROP, e, false)
        });
        assert_eq!(terms.facts(open).depth, MAX_TERM_DEPTH);
        let fvar = terms.mk_fvar(1, Expr::PROP);
        let closed = terms.instantiate(open, &[fvar]);
        terms.abstract_fvars(closed, &[fvar]) == open
    };
    // Half of it, since an optimiser is free to do worse than today's.
    let thread = std::thread::Builder::new().stack_size(STACK_FOR_WALKS / 2).spawn(highest).unwrap();
    assert!(thread.join().unwrap());
}

#[test]
fn comparisons_of_statements_survive_any_height() {
    let mut w = World::empty();
    let deep = (0..200_000).fold(Expr::PROP, |e, _| w.env.terms.mk_mdata(e));
    assert_eq!(w.env.terms.strip_mdata(deep), Expr::PROP);
    assert!(w.env.terms.alpha_eq(deep, Expr::PROP));
}

#[test]
fn deep_reductions_run_out_of_depth() {
    let mut w = World::new();
    // To see whether `count n` is a successor, it must be seen of `count (n - 1)`, and so on.
    let copy = "Nat.rec.{1} (fun (x : Nat) => Nat) 0 (fun (x : Nat) (k : Nat) => Nat.succ x) ih";
    let count = format!("fun (n : Nat) => Nat.rec.{{1}} (fun (x : Nat) => Nat) 0 (fun (x : Nat) (ih : Nat) => {copy}) n");
    w.trust("count", &[], "Nat → Nat", &count);
    let of = |n: u32| format!("Eq.{{1}} Nat (count {n}) 0");
    let shallow = w.theorem("shallow", &[], &of(1000), "Eq.refl.{1} Nat 0");
    w.check(&[shallow]).unwrap();
    let deep = w.theorem("deep", &[], &of(10_000_000), "Eq.refl.{1} Nat 0");
    let result = check_new(&mut w.env, &[deep], Limits { stack: 8 << 20, ..LIMITS });
    assert_eq!(out_of(result), Resource::Depth);
}

#[test]
fn walks_over_large_terms_are_paid_for() {
    let mut w = World::new();
    // A term of 20,000 nodes that a variable is put into again and again without giving a new term.
    w.assume("f", "Nat → Nat → Nat");
    let f = w.term("f");
    let variable = w.env.terms.mk_bvar(0);
    let big = (0..10_000).fold(variable, |e, _| w.env.terms.mk_apps(f, &[variable, e]));
    let nat = w.term("Nat");
    let big = w.env.terms.mk_lam(crate::term::Binder::plain(nat), big);
    let arg = w.term("Nat.zero");
    let visits = w.env.terms.work;
    let applied = w.env.terms.mk_app(big, arg);
    w.whnf(applied);
    assert!(w.env.terms.work - visits >= 20_000);
    let result = w.with(|checker| checker.check(applied));
    result.unwrap();
    let mut definition = w.definition("big", &[], "Nat", "0");
    let crate::declaration::Kind::Definition { value, .. } = &mut definition.kind else { unreachable!() };
    *value = applied;
    assert_eq!(out_of(check_new(&mut w.env, &[definition], Limits { steps: 100, ..LIMITS })), Resource::Steps);
}

#[test]
fn arithmetic_on_huge_numbers_is_paid_for() {
    let mut w = World::new();
    for name in ["pow", "gcd", "mod"] {
        w.assume(&format!("Nat.{name}"), "Nat → Nat → Nat");
    }
    let gcd = "Nat.gcd (Nat.pow 3 3000000) (Nat.pow 5 2000000)";
    let theorem = w.theorem("t", &[], &format!("Eq.{{1}} Nat ({gcd}) 1"), "Eq.refl.{1} Nat 1");
    assert_eq!(out_of(check_new(&mut w.env, &[theorem], LIMITS)), Resource::Steps);
}

#[test]
fn long_computations_run_out_of_steps() {
    let mut w = World::new();
    w.trust("ack", &[], "Nat → Nat → Nat", ACKERMANN);
    let theorem = w.theorem("t", &[], "Eq.{1} Nat (ack 4 3) 0", "Eq.refl.{1} Nat 0");
    assert_eq!(out_of(check_new(&mut w.env, std::slice::from_ref(&theorem), Limits { steps: 20_000, ..LIMITS })), Resource::Steps);
    assert_eq!(out_of(check_new(&mut w.env, &[theorem], Limits { nodes: 1_000, ..LIMITS })), Resource::Memory);
}

const ACKERMANN: &str = "fun (m : Nat) => Nat.rec.{1} (fun (x : Nat) => Nat → Nat) Nat.succ (fun (m : Nat) (a : Nat → Nat) (n : Nat) => \
    Nat.rec.{1} (fun (x : Nat) => Nat) (a 1) (fun (n : Nat) (b : Nat) => a b) n) m";

#[test]
fn shared_terms_are_not_written_out() {
    let mut w = World::new();
    let pair = w.term("Prod.{0, 0}");
    // 2^60 leaves, 60 nodes.
    let mut ty = w.term("Nat");
    for _ in 0..60 {
        ty = w.env.terms.mk_apps(pair, &[ty, ty]);
    }
    let mut axiom = w.axiom("big", &[], "True");
    axiom.signature.ty = ty;
    w.check(&[axiom]).unwrap();
}

#[test]
fn shared_levels_are_not_written_out() {
    let mut w = World::new();
    let u = w.env.terms.mk_name("u");
    let v = w.env.terms.mk_name("v");
    let (u, v) = (w.env.terms.mk_level_param(u), w.env.terms.mk_level_param(v));
    let level: Level = (0..60).fold(u, |l, _| {
        let l = w.env.terms.mk_level_imax(v, l);
        w.env.terms.mk_level_max(l, l)
    });
    let mut axiom = w.axiom("big", &["u", "v"], "True");
    axiom.signature.ty = w.env.terms.mk_sort(level);
    assert!(matches!(w.check(&[axiom]), Err(KernelError::Unsupported { .. })));
    assert!(!w.env.terms.level_le(level, v), "too large to compare is no");
}

#[test]
fn absurd_numbers_in_declarations_are_refused() {
    let mut w = World::new();
    let before = w.env.mark();
    let block = w.inductive(&[], 0, &[("T", "Type 0", &[("T.mk", "T")])]).unwrap();
    w.env.roll_back(before);
    for declared in 0..block.len() {
        let mut block = block.clone();
        match &mut block[declared].kind {
            crate::declaration::Kind::Inductive(i) => (i.num_params, i.num_indices, i.num_nested) = (u32::MAX, u32::MAX, u32::MAX),
            crate::declaration::Kind::Constructor(c) => (c.num_params, c.num_fields, c.index) = (u32::MAX, u32::MAX, u32::MAX),
            crate::declaration::Kind::Recursor(r) => {
                (r.num_params, r.num_motives, r.num_minors, r.num_indices) = (u32::MAX, u32::MAX, u32::MAX, u32::MAX)
            }
            _ => unreachable!(),
        }
        refused(w.check(&block));
    }
    let out_of_range = w.env.terms.mk_bvar(u32::MAX);
    let mut axiom = w.axiom("a", &[], "True");
    axiom.signature.ty = out_of_range;
    assert_eq!(refused(w.check(&[axiom])), Refusal::LooseBVar);
}

//! The quotient primitives. They are constants with a computation rule of their own ([`checker`](crate::checker)), so only the
//! standard four, at their standard types, may be declared as such (thesis, section 2.7.1).

use crate::checker::Checker;
use crate::declaration::{Declaration, Kind, QuotKind};
use crate::error::{Refusal, Step};
use crate::term::{Binder, Expr, Level, Terms};

/// Checks that a declaration is the standard quotient primitive of its kind.
pub(crate) fn check_quot(checker: &mut Checker<'_>, declaration: &Declaration, kind: QuotKind) -> Step<()> {
    let signature = &declaration.signature;
    let name = match kind {
        QuotKind::Type => "Quot",
        QuotKind::Ctor => "Quot.mk",
        QuotKind::Lift => "Quot.lift",
        QuotKind::Ind => "Quot.ind",
    };
    let levels: Vec<Level> = signature.level_params.iter().map(|name| checker.terms().mk_level_param(*name)).collect();
    let expected = match (kind, &levels[..]) {
        (QuotKind::Type, [u]) => quot_type(checker.terms(), *u),
        (QuotKind::Ctor, [u]) => mk_type(checker.terms(), *u),
        (QuotKind::Lift, [u, v]) => {
            check_eq(checker)?;
            lift_type(checker.terms(), *u, *v)
        }
        (QuotKind::Ind, [u]) => ind_type(checker.terms(), *u),
        _ => return Err(Refusal::Quotient.into()),
    };
    let given = checker.erase(signature.ty)?;
    if checker.terms().mk_name(name) != signature.name || given != expected {
        return Err(Refusal::Quotient.into());
    }
    checker.check_type(given)?;
    Ok(())
}

/// `Quot.lift` speaks of `Eq`, which must be the equality.
fn check_eq(checker: &mut Checker<'_>) -> Step<()> {
    let name = checker.terms().mk_name("Eq");
    let declaration = checker.get(name)?;
    let (Kind::Inductive(eq), [u]) = (&declaration.kind, &declaration.signature.level_params[..]) else {
        return Err(Refusal::Quotient.into());
    };
    let terms = checker.terms();
    let u = terms.mk_level_param(*u);
    let sort = terms.mk_sort(u);
    // ∀ {α : Sort u}, α → α → Prop, and refl : ∀ {α : Sort u} (a : α), a = a
    let ty = pis(terms, &[Ty::Is(sort), Ty::Var(0), Ty::Var(1)], |_| Expr::PROP);
    let refl = terms.mk_name("Eq.refl");
    let refl_type = pis(terms, &[Ty::Is(sort), Ty::Var(0)], |terms| {
        let eq = terms.mk_const(name, &[u]);
        let (a, x) = (terms.mk_bvar(1), terms.mk_bvar(0));
        terms.mk_apps(eq, &[a, x, x])
    });
    let ctors_agree = eq.ctors[..] == [refl];
    let levels = terms.mk_levels(&[u]);
    let given = checker.const_type(name, levels)?;
    if given != ty || !ctors_agree || checker.const_type(refl, levels)? != refl_type {
        return Err(Refusal::Quotient.into());
    }
    Ok(())
}

/// The type of a binder: given, or an earlier variable.
#[derive(Clone, Copy)]
enum Ty {
    Is(Expr),
    Var(u32),
}

fn pis(terms: &mut Terms, domains: &[Ty], body: impl FnOnce(&mut Terms) -> Expr) -> Expr {
    let body = body(terms);
    domains.iter().rev().fold(body, |body, domain| {
        let ty = match domain {
            Ty::Is(ty) => *ty,
            Ty::Var(index) => terms.mk_bvar(*index),
        };
        terms.mk_forall(Binder::plain(ty), body)
    })
}

/// `α → α → Prop` where `α` is the variable `index`.
fn relation(terms: &mut Terms, index: u32) -> Expr {
    pis(terms, &[Ty::Var(index), Ty::Var(index + 1)], |_| Expr::PROP)
}

fn quot(terms: &mut Terms, u: Level, alpha: u32, r: u32) -> Expr {
    let name = terms.mk_name("Quot");
    let quot = terms.mk_const(name, &[u]);
    let args = [terms.mk_bvar(alpha), terms.mk_bvar(r)];
    terms.mk_apps(quot, &args)
}

/// `∀ {α : Sort u} (r : α → α → Prop), Sort u`
fn quot_type(terms: &mut Terms, u: Level) -> Expr {
    let sort = terms.mk_sort(u);
    let r = relation(terms, 0);
    pis(terms, &[Ty::Is(sort), Ty::Is(r)], |_| sort)
}

/// `∀ {α : Sort u} (r : α → α → Prop) (a : α), Quot r`
fn mk_type(terms: &mut Terms, u: Level) -> Expr {
    let sort = terms.mk_sort(u);
    let r = relation(terms, 0);
    pis(terms, &[Ty::Is(sort), Ty::Is(r), Ty::Var(1)], |terms| quot(terms, u, 2, 1))
}

/// `∀ {α : Sort u} {r : α → α → Prop} {β : Sort v} (f : α → β), (∀ a b : α, r a b → f a = f b) → Quot r → β`
fn lift_type(terms: &mut Terms, u: Level, v: Level) -> Expr {
    let (sort_u, sort_v) = (terms.mk_sort(u), terms.mk_sort(v));
    let r = relation(terms, 0);
    let f = pis(terms, &[Ty::Var(2)], |terms| terms.mk_bvar(1));
    let related = {
        let (r, a, b) = (terms.mk_bvar(4), terms.mk_bvar(1), terms.mk_bvar(0));
        terms.mk_apps(r, &[a, b])
    };
    let respects = pis(terms, &[Ty::Var(3), Ty::Var(4), Ty::Is(related)], |terms| {
        let eq = terms.mk_name("Eq");
        let eq = terms.mk_const(eq, &[v]);
        let (beta, f, a, b) = (terms.mk_bvar(4), terms.mk_bvar(3), terms.mk_bvar(2), terms.mk_bvar(1));
        let (fa, fb) = (terms.mk_app(f, a), terms.mk_app(f, b));
        terms.mk_apps(eq, &[beta, fa, fb])
    });
    let quotient = quot(terms, u, 4, 3);
    pis(terms, &[Ty::Is(sort_u), Ty::Is(r), Ty::Is(sort_v), Ty::Is(f), Ty::Is(respects), Ty::Is(quotient)], |terms| terms.mk_bvar(3))
}

/// `∀ {α : Sort u} {r : α → α → Prop} {β : Quot r → Prop}, (∀ a : α, β (Quot.mk r a)) → ∀ q : Quot r, β q`
fn ind_type(terms: &mut Terms, u: Level) -> Expr {
    let sort = terms.mk_sort(u);
    let r = relation(terms, 0);
    let quotient = quot(terms, u, 1, 0);
    let beta = pis(terms, &[Ty::Is(quotient)], |_| Expr::PROP);
    let on_mk = pis(terms, &[Ty::Var(2)], |terms| {
        let mk = terms.mk_name("Quot.mk");
        let mk = terms.mk_const(mk, &[u]);
        let (alpha, r, beta, a) = (terms.mk_bvar(3), terms.mk_bvar(2), terms.mk_bvar(1), terms.mk_bvar(0));
        let element = terms.mk_apps(mk, &[alpha, r, a]);
        terms.mk_app(beta, element)
    });
    let q = quot(terms, u, 3, 2);
    pis(terms, &[Ty::Is(sort), Ty::Is(r), Ty::Is(beta), Ty::Is(on_mk), Ty::Is(q)], |terms| {
        let (beta, q) = (terms.mk_bvar(2), terms.mk_bvar(0));
        terms.mk_app(beta, q)
    })
}

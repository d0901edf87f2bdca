//! The three axioms of Lean's logic, as they must be stated.
//!
//! ```text
//! propext : ∀ {a b : Prop}, (a ↔ b) → a = b
//! Quot.sound.{u} : ∀ {α : Sort u} {r : α → α → Prop} {a b : α}, r a b → Quot.mk r a = Quot.mk r b
//! Classical.choice.{u} : {α : Sort u} → Nonempty α → α
//! ```

use prove_kernel::declaration::Declaration;
use prove_kernel::term::{Binder, BinderInfo, Expr, Level, Name, Terms};

/// Whether a declaration is one of the three, with its true type up to the names of variables.
pub(crate) fn is_standard(terms: &mut Terms, declaration: &Declaration) -> bool {
    let signature = &declaration.signature;
    let expected = match (terms.name_text(signature.name).as_str(), signature.level_params.as_slice()) {
        ("propext", []) => propext(terms),
        ("Quot.sound", [u]) => quot_sound(terms, *u),
        ("Classical.choice", [u]) => choice(terms, *u),
        _ => return false,
    };
    // The dotted text could also belong to another name, such as one component with a dot in it.
    let dotted = terms.name_text(signature.name);
    terms.mk_name(&dotted) == signature.name && terms.alpha_eq(signature.ty, expected)
}

fn propext(terms: &mut Terms) -> Expr {
    let a_iff_b = apply(terms, "Iff", &[], &[1, 0]);
    let one = terms.mk_level_succ(Level::ZERO);
    let eq = constant(terms, "Eq", &[one]);
    let (a, b) = (terms.mk_bvar(2), terms.mk_bvar(1));
    let a_eq_b = terms.mk_apps(eq, &[Expr::PROP, a, b]);
    let body = explicit(terms, a_iff_b, a_eq_b);
    let body = implicit(terms, Expr::PROP, body);
    implicit(terms, Expr::PROP, body)
}

fn quot_sound(terms: &mut Terms, u: Name) -> Expr {
    let u = terms.mk_level_param(u);
    // Below α, r, a, b.
    let r_a_b = {
        let (r, a, b) = (terms.mk_bvar(2), terms.mk_bvar(1), terms.mk_bvar(0));
        terms.mk_apps(r, &[a, b])
    };
    // Below the hypothesis too.
    let quot = apply(terms, "Quot", &[u], &[4, 3]);
    let mk_a = apply(terms, "Quot.mk", &[u], &[4, 3, 2]);
    let mk_b = apply(terms, "Quot.mk", &[u], &[4, 3, 1]);
    let eq = constant(terms, "Eq", &[u]);
    let equation = terms.mk_apps(eq, &[quot, mk_a, mk_b]);
    let body = explicit(terms, r_a_b, equation);
    let alpha = terms.mk_bvar(2);
    let body = implicit(terms, alpha, body);
    let alpha = terms.mk_bvar(1);
    let body = implicit(terms, alpha, body);
    let relation = {
        let (first, second) = (terms.mk_bvar(0), terms.mk_bvar(1));
        let to_prop = explicit(terms, second, Expr::PROP);
        explicit(terms, first, to_prop)
    };
    let body = implicit(terms, relation, body);
    let sort = terms.mk_sort(u);
    implicit(terms, sort, body)
}

fn choice(terms: &mut Terms, u: Name) -> Expr {
    let u = terms.mk_level_param(u);
    let nonempty = apply(terms, "Nonempty", &[u], &[0]);
    let alpha = terms.mk_bvar(1);
    let body = explicit(terms, nonempty, alpha);
    let sort = terms.mk_sort(u);
    implicit(terms, sort, body)
}

fn constant(terms: &mut Terms, name: &str, levels: &[Level]) -> Expr {
    let name = terms.mk_name(name);
    terms.mk_const(name, levels)
}

fn apply(terms: &mut Terms, name: &str, levels: &[Level], variables: &[u32]) -> Expr {
    let function = constant(terms, name, levels);
    variables.iter().fold(function, |function, index| {
        let argument = terms.mk_bvar(*index);
        terms.mk_app(function, argument)
    })
}

fn explicit(terms: &mut Terms, ty: Expr, body: Expr) -> Expr {
    terms.mk_forall(Binder { name: Name::ANONYMOUS, info: BinderInfo::Default, ty }, body)
}

fn implicit(terms: &mut Terms, ty: Expr, body: Expr) -> Expr {
    terms.mk_forall(Binder { name: Name::ANONYMOUS, info: BinderInfo::Implicit, ty }, body)
}

//! Walking terms without recursion.

use prove_kernel::declaration::{Declaration, Kind};
use prove_kernel::term::{Expr, ExprNode, Name, Terms};
use rustc_hash::FxHashSet;

/// Calls `visit` with the constants in an expression, those of projections included. What is in `seen` is passed over.
pub(crate) fn constants_of(terms: &Terms, expr: Expr, seen: &mut FxHashSet<Expr>, mut visit: impl FnMut(Name)) {
    let mut stack = vec![expr];
    while let Some(expr) = stack.pop() {
        if !seen.insert(expr) {
            continue;
        }
        match terms.expr(expr) {
            ExprNode::BVar(_) | ExprNode::Sort(_) | ExprNode::NatLit(_) | ExprNode::StrLit(_) => {}
            ExprNode::FVar(_, ty) => stack.push(ty),
            ExprNode::Const(name, _) => visit(name),
            ExprNode::App(function, argument) => stack.extend([function, argument]),
            ExprNode::Lam(binder, body) | ExprNode::Forall(binder, body) => stack.extend([binder.ty, body]),
            ExprNode::Let { ty, value, body, .. } => stack.extend([ty, value, body]),
            ExprNode::MData(inner) => stack.push(inner),
            ExprNode::Proj(structure, _, of) => {
                visit(structure);
                stack.push(of);
            }
        }
    }
}

/// The expressions of a declaration.
pub(crate) fn exprs_of(declaration: &Declaration) -> impl Iterator<Item = Expr> + '_ {
    let rules = match &declaration.kind {
        Kind::Recursor(recursor) => recursor.rules.as_slice(),
        _ => &[],
    };
    [declaration.signature.ty].into_iter().chain(declaration.value()).chain(rules.iter().map(|rule| rule.rhs))
}

/// The constants that a declaration belongs together with: the rest of an inductive block.
pub(crate) fn block_of(declaration: &Declaration) -> impl Iterator<Item = Name> + '_ {
    let (a, b, c): (&[Name], &[Name], Option<Name>) = match &declaration.kind {
        Kind::Inductive(inductive) => (&inductive.all, &inductive.ctors, None),
        Kind::Constructor(constructor) => (&[], &[], Some(constructor.induct)),
        Kind::Recursor(recursor) => (&recursor.all, &[], None),
        _ => (&[], &[], None),
    };
    a.iter().chain(b).copied().chain(c)
}

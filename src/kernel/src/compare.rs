//! Comparisons of terms that forget what the logic does not see: metadata, binder names, binder infos.

use crate::term::{Binder, BinderInfo, Expr, ExprNode, Name, Terms};
use rustc_hash::FxHashMap;

impl Terms {
    /// The term without metadata nodes. Two terms are the same statement, binder names and infos included, exactly when this
    /// gives the same id for both.
    pub fn strip_mdata(&mut self, e: Expr) -> Expr {
        self.rewrite(
            e,
            &mut FxHashMap::default(),
            |_, _| false,
            |terms, e| match terms.expr(e) {
                ExprNode::MData(inner) => inner,
                _ => e,
            },
        )
    }

    /// Equality up to metadata and the names of bound variables; binder infos count.
    pub fn alpha_eq(&mut self, a: Expr, b: Expr) -> bool {
        if a == b {
            return true;
        }
        let mut memo = FxHashMap::default();
        self.forget_names(a, &mut memo) == self.forget_names(b, &mut memo)
    }

    fn forget_names(&mut self, e: Expr, memo: &mut FxHashMap<Expr, Expr>) -> Expr {
        self.rewrite(
            e,
            memo,
            |_, _| false,
            |terms, e| match terms.expr(e) {
                ExprNode::MData(inner) => inner,
                ExprNode::Lam(binder, body) => terms.mk_lam(Binder { name: Name::ANONYMOUS, ..binder }, body),
                ExprNode::Forall(binder, body) => terms.mk_forall(Binder { name: Name::ANONYMOUS, ..binder }, body),
                ExprNode::Let { ty, value, body, nondep, .. } => terms.mk_let(Name::ANONYMOUS, ty, value, body, nondep),
                _ => e,
            },
        )
    }

    /// The term with nothing but what the logic sees. The checker works on such terms only, so that id equality there is
    /// alpha-equivalence. `memo` may be kept from one call to the next.
    pub(crate) fn erase(&mut self, e: Expr, memo: &mut FxHashMap<Expr, Expr>) -> Expr {
        self.rewrite(
            e,
            memo,
            |_, _| false,
            |terms, e| match terms.expr(e) {
                ExprNode::MData(inner) => inner,
                ExprNode::Lam(binder, body) => terms.mk_lam(Binder::plain(binder.ty), body),
                ExprNode::Forall(binder, body) => terms.mk_forall(Binder::plain(binder.ty), body),
                ExprNode::Let { ty, value, body, .. } => terms.mk_let(Name::ANONYMOUS, ty, value, body, false),
                _ => e,
            },
        )
    }
}

impl Binder {
    /// A nameless explicit binder.
    pub fn plain(ty: Expr) -> Binder {
        Binder { name: Name::ANONYMOUS, info: BinderInfo::Default, ty }
    }
}

//! Terms already found equal, as a union-find forest (Tarjan, 1975).

use crate::term::Expr;
use rustc_hash::FxHashMap;

#[derive(Default)]
pub(super) struct Equivalence {
    parent: FxHashMap<Expr, Expr>,
}

impl Equivalence {
    fn root(&mut self, e: Expr) -> Expr {
        let mut e = e;
        while let Some(parent) = self.parent.get(&e).copied() {
            if let Some(grandparent) = self.parent.get(&parent).copied() {
                self.parent.insert(e, grandparent);
            }
            e = parent;
        }
        e
    }

    pub(super) fn contains(&mut self, a: Expr, b: Expr) -> bool {
        a == b || self.root(a) == self.root(b)
    }

    pub(super) fn insert(&mut self, a: Expr, b: Expr) {
        let (a, b) = (self.root(a), self.root(b));
        if a != b {
            // The younger term under the older: long-lived terms become roots.
            self.parent.insert(a.max(b), a.min(b));
        }
    }
}

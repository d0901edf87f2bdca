//! Substitution: bound variables by terms, free variables by bound ones, universe parameters by levels.
//!
//! Terms are locally nameless (McBride and McKinna, "I am not a number: I am a free variable", 2004): going below a binder
//! replaces its variable by a free one ([`Terms::instantiate`]), coming back puts it back ([`Terms::abstract_fvars`]).
//! These two recurse as deep as the term is high ([`ExprFacts::depth`](crate::term::ExprFacts)); the checker bounds that height
//! before it calls them. The other walks keep their own stack.

use crate::term::{Binder, Expr, ExprNode, Level, LevelNode, Levels, Name, Terms};
use rustc_hash::FxHashMap;

/// Results for subterms at a number of binders passed. Low terms are not worth remembering.
type Memo = FxHashMap<(Expr, u32), Expr>;
const MEMO_FROM_DEPTH: u32 = 3;

impl Terms {
    /// Replaces the loose bound variables of `e` by `values`, all closed, the last one standing for the innermost variable.
    pub fn instantiate(&mut self, e: Expr, values: &[Expr]) -> Expr {
        if values.is_empty() || !self.has_loose_bvars(e) {
            return e;
        }
        debug_assert!(values.iter().all(|v| !self.has_loose_bvars(*v)), "instantiate takes closed values");
        self.instantiate_at(e, 0, values, &mut Memo::default())
    }

    fn instantiate_at(&mut self, e: Expr, passed: u32, values: &[Expr], memo: &mut Memo) -> Expr {
        if self.facts(e).loose_bvars <= passed {
            return e;
        }
        if let ExprNode::BVar(index) = self.expr(e) {
            // Not below `passed`, or the term would not count as having loose variables here.
            let loose = (index - passed) as usize;
            return match values.len().checked_sub(loose + 1) {
                Some(at) => values[at],
                None => self.mk_bvar(index - values.len() as u32),
            };
        }
        self.memoized(e, passed, memo, |terms, child, passed, memo| terms.instantiate_at(child, passed, values, memo))
    }

    /// Replaces the free variables `fvars` (in order of depth) by bound ones, the last of them becoming the innermost.
    pub fn abstract_fvars(&mut self, e: Expr, fvars: &[Expr]) -> Expr {
        let depths: Vec<u32> = fvars.iter().map(|v| self.fvar_depth(*v)).collect();
        debug_assert!(depths.is_sorted(), "abstract_fvars takes variables in order of depth");
        match depths.first() {
            None => e,
            Some(lowest) => self.abstract_at(e, 0, *lowest, &depths, fvars, &mut Memo::default()),
        }
    }

    fn abstract_at(&mut self, e: Expr, passed: u32, lowest: u32, depths: &[u32], fvars: &[Expr], memo: &mut Memo) -> Expr {
        if self.facts(e).fvars <= lowest {
            return e;
        }
        if let ExprNode::FVar(depth, _) = self.expr(e) {
            return match depths.binary_search(&depth) {
                Ok(at) if fvars[at] == e => self.mk_bvar(passed + (fvars.len() - 1 - at) as u32),
                _ => e,
            };
        }
        self.memoized(e, passed, memo, |terms, child, passed, memo| terms.abstract_at(child, passed, lowest, depths, fvars, memo))
    }

    fn fvar_depth(&self, e: Expr) -> u32 {
        match self.expr(e) {
            ExprNode::FVar(depth, _) => depth,
            _ => 0,
        }
    }

    /// Rebuilds `e` from the images of its children, remembering the result.
    fn memoized(&mut self, e: Expr, passed: u32, memo: &mut Memo, image: impl Fn(&mut Terms, Expr, u32, &mut Memo) -> Expr) -> Expr {
        let remember = self.facts(e).depth >= MEMO_FROM_DEPTH;
        if remember && let Some(known) = memo.get(&(e, passed)) {
            return *known;
        }
        self.work += 1;
        let result = self.map_children(e, |terms, child, below| image(terms, child, passed + below, memo));
        if remember {
            memo.insert((e, passed), result);
        }
        result
    }

    /// The same node over the images of its children; the second argument of `image` is how many binders the child is below.
    pub(crate) fn map_children(&mut self, e: Expr, mut image: impl FnMut(&mut Terms, Expr, u32) -> Expr) -> Expr {
        match self.expr(e) {
            ExprNode::BVar(_)
            | ExprNode::FVar(..)
            | ExprNode::Sort(_)
            | ExprNode::Const(..)
            | ExprNode::NatLit(_)
            | ExprNode::StrLit(_) => e,
            ExprNode::App(f, a) => {
                let (f, a) = (image(self, f, 0), image(self, a, 0));
                self.mk_app(f, a)
            }
            ExprNode::Lam(binder, body) => {
                let (ty, body) = (image(self, binder.ty, 0), image(self, body, 1));
                self.mk_lam(Binder { ty, ..binder }, body)
            }
            ExprNode::Forall(binder, body) => {
                let (ty, body) = (image(self, binder.ty, 0), image(self, body, 1));
                self.mk_forall(Binder { ty, ..binder }, body)
            }
            ExprNode::Let { name, ty, value, body, nondep } => {
                let (ty, value, body) = (image(self, ty, 0), image(self, value, 0), image(self, body, 1));
                self.mk_let(name, ty, value, body, nondep)
            }
            ExprNode::MData(inner) => {
                let inner = image(self, inner, 0);
                self.mk_mdata(inner)
            }
            ExprNode::Proj(structure, field, of) => {
                let of = image(self, of, 0);
                self.mk_proj(structure, field, of)
            }
        }
    }

    /// The children of a node.
    pub(crate) fn children(&self, e: Expr) -> impl Iterator<Item = Expr> + use<> {
        let children = match self.expr(e) {
            ExprNode::BVar(_)
            | ExprNode::FVar(..)
            | ExprNode::Sort(_)
            | ExprNode::Const(..)
            | ExprNode::NatLit(_)
            | ExprNode::StrLit(_) => [None, None, None],
            ExprNode::App(f, a) => [Some(f), Some(a), None],
            ExprNode::Lam(binder, body) | ExprNode::Forall(binder, body) => [Some(binder.ty), Some(body), None],
            ExprNode::Let { ty, value, body, .. } => [Some(ty), Some(value), Some(body)],
            ExprNode::MData(inner) | ExprNode::Proj(_, _, inner) => [Some(inner), None, None],
        };
        children.into_iter().flatten()
    }

    /// Rewrites a term from its leaves up without recursion: `finish` gets each node rebuilt over the images of its children.
    /// `memo` may hold results of earlier calls with the same `finish`; subterms for which `keep` holds stay as they are.
    pub(crate) fn rewrite(
        &mut self,
        root: Expr,
        memo: &mut FxHashMap<Expr, Expr>,
        keep: impl Fn(&Terms, Expr) -> bool,
        mut finish: impl FnMut(&mut Terms, Expr) -> Expr,
    ) -> Expr {
        let mut stack = vec![root];
        while let Some(e) = stack.last().copied() {
            if memo.contains_key(&e) {
                stack.pop();
                continue;
            }
            if keep(self, e) {
                memo.insert(e, e);
                continue;
            }
            self.work += 1;
            let before = stack.len();
            stack.extend(self.children(e).filter(|child| !memo.contains_key(child)));
            if stack.len() == before {
                let rebuilt = self.map_children(e, |_, child, _| memo[&child]);
                let result = finish(self, rebuilt);
                memo.insert(e, result);
            }
        }
        memo[&root]
    }

    /// Replaces universe parameters: `params[i]` by `levels[i]`.
    pub fn instantiate_levels(&mut self, e: Expr, params: &[Name], levels: &[Level]) -> Expr {
        if params.is_empty() || !self.facts(e).has_level_param {
            return e;
        }
        let mut memo = FxHashMap::default();
        self.rewrite(
            e,
            &mut memo,
            |terms, e| !terms.facts(e).has_level_param,
            |terms, e| match terms.expr(e) {
                ExprNode::Sort(level) => {
                    let level = terms.instantiate_level(level, params, levels);
                    terms.mk_sort(level)
                }
                ExprNode::Const(name, at) => {
                    let at = terms.instantiate_level_list(at, params, levels);
                    terms.mk_const_at(name, at)
                }
                _ => e,
            },
        )
    }

    fn instantiate_level_list(&mut self, list: Levels, params: &[Name], levels: &[Level]) -> Levels {
        let list = self.levels(list).to_vec();
        let list: Vec<Level> = list.into_iter().map(|l| self.instantiate_level(l, params, levels)).collect();
        self.mk_levels(&list)
    }

    /// Replaces universe parameters in a level.
    pub fn instantiate_level(&mut self, level: Level, params: &[Name], levels: &[Level]) -> Level {
        if !self.level_facts(level).has_param {
            return level;
        }
        match self.level(level) {
            LevelNode::Zero => level,
            LevelNode::Succ(a) => {
                let a = self.instantiate_level(a, params, levels);
                self.mk_level_succ(a)
            }
            LevelNode::Max(a, b) => {
                let (a, b) = (self.instantiate_level(a, params, levels), self.instantiate_level(b, params, levels));
                self.mk_level_max(a, b)
            }
            LevelNode::IMax(a, b) => {
                let (a, b) = (self.instantiate_level(a, params, levels), self.instantiate_level(b, params, levels));
                self.mk_level_imax(a, b)
            }
            LevelNode::Param(name) => params.iter().position(|p| *p == name).and_then(|at| levels.get(at).copied()).unwrap_or(level),
        }
    }
}

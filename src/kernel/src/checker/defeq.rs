//! Definitional equality (thesis, section 2.5): lazy delta reduction between weak head normal forms, with eta for functions
//! and structures, proof irrelevance, unit-like types and literals.

use super::Checker;
use crate::declaration::{Declaration, Kind, ReducibilityHints};
use crate::error::Step;
use crate::term::{Expr, ExprNode, Levels, Name, Terms};
use std::cmp::Ordering;

/// How a round of lazy delta reduction ended.
enum Round {
    /// Decided.
    Decided(bool),
    /// Something was unfolded.
    Progress,
    /// Neither side unfolds.
    Stuck,
}

impl Checker<'_> {
    /// Whether two well-typed closed terms are definitionally equal. "No" may also mean "not found".
    pub(crate) fn is_def_eq(&mut self, a: Expr, b: Expr) -> Step<bool> {
        if self.equal.contains(a, b) {
            return Ok(true);
        }
        let equal = self.is_def_eq_core(a, b)?;
        if equal {
            self.equal.insert(a, b);
        }
        Ok(equal)
    }

    fn is_def_eq_core(&mut self, a: Expr, b: Expr) -> Step<bool> {
        self.tick()?;
        if let Some(answer) = self.quick(a, b)? {
            return Ok(answer);
        }
        // Proofs by reflection ask for `decide p = true`: evaluate instead of comparing unfoldings.
        for (side, other) in [(a, b), (b, a)] {
            if self.is_bool_true(other) && !self.env.terms.has_fvars(side) {
                let value = self.whnf(side)?;
                if self.is_bool_true(value) {
                    return Ok(true);
                }
            }
        }
        let (mut x, mut y) = (self.whnf_core(a, true)?, self.whnf_core(b, true)?);
        if (x, y) != (a, b)
            && let Some(answer) = self.quick(x, y)?
        {
            return Ok(answer);
        }
        if let Some(answer) = self.by_proof_irrelevance(x, y)? {
            return Ok(answer);
        }
        if let Some(answer) = self.lazy_delta(&mut x, &mut y)? {
            return Ok(answer);
        }
        match (self.node(x), self.node(y)) {
            (ExprNode::Const(f, us), ExprNode::Const(g, vs)) if f == g && self.same_levels(us, vs) => return Ok(true),
            (ExprNode::Proj(s, i, of_x), ExprNode::Proj(t, j, of_y))
                if s == t && i == j && self.lazy_delta_of_projections(s, i, of_x, of_y)? =>
            {
                return Ok(true);
            }
            _ => {}
        }
        // Now with projections reduced by full unfolding.
        let (full_x, full_y) = (self.whnf_core(x, false)?, self.whnf_core(y, false)?);
        if (full_x, full_y) != (x, y) {
            return self.is_def_eq(full_x, full_y);
        }
        Ok(self.by_congruence(x, y)?
            || self.by_eta(x, y)?
            || self.by_eta(y, x)?
            || self.by_structure_eta(x, y)?
            || self.by_structure_eta(y, x)?
            || self.by_string_expansion(x, y)?
            || self.by_string_expansion(y, x)?
            || self.by_unit(x, y)?)
    }

    /// What can be said from the two heads alone.
    fn quick(&mut self, a: Expr, b: Expr) -> Step<Option<bool>> {
        if self.equal.contains(a, b) {
            return Ok(Some(true));
        }
        Ok(match (self.node(a), self.node(b)) {
            (ExprNode::Lam(..), ExprNode::Lam(..)) | (ExprNode::Forall(..), ExprNode::Forall(..)) => Some(self.same_binding(a, b)?),
            (ExprNode::Sort(u), ExprNode::Sort(v)) => Some(self.env.terms.level_eq(u, v)),
            (ExprNode::NatLit(_), ExprNode::NatLit(_)) | (ExprNode::StrLit(_), ExprNode::StrLit(_)) => Some(false),
            _ => None,
        })
    }

    fn same_levels(&self, us: Levels, vs: Levels) -> bool {
        let terms: &Terms = &self.env.terms;
        let (us, vs) = (terms.levels(us), terms.levels(vs));
        us.len() == vs.len() && us.iter().zip(vs).all(|(u, v)| terms.level_eq(*u, *v))
    }

    /// Two `fun`s or two `∀`s: equal domains, and equal bodies over one variable.
    fn same_binding(&mut self, a: Expr, b: Expr) -> Step<bool> {
        let scope = self.scope();
        let mut fvars = Vec::new();
        let (mut a, mut b) = (a, b);
        while let (ExprNode::Lam(binder_a, body_a), ExprNode::Lam(binder_b, body_b))
        | (ExprNode::Forall(binder_a, body_a), ExprNode::Forall(binder_b, body_b)) = (self.node(a), self.node(b))
        {
            let ty = self.instantiate(binder_a.ty, &fvars)?;
            if binder_a.ty != binder_b.ty {
                let other = self.instantiate(binder_b.ty, &fvars)?;
                if !self.is_def_eq(ty, other)? {
                    self.leave(scope);
                    return Ok(false);
                }
            }
            fvars.push(self.fresh(ty));
            (a, b) = (body_a, body_b);
        }
        let (a, b) = (self.instantiate(a, &fvars)?, self.instantiate(b, &fvars)?);
        let equal = self.is_def_eq(a, b)?;
        self.leave(scope);
        Ok(equal)
    }

    /// Two proofs of one proposition are equal. Decides the question wherever the terms are proofs.
    fn by_proof_irrelevance(&mut self, a: Expr, b: Expr) -> Step<Option<bool>> {
        let prop_a = self.infer(a)?;
        if !self.is_prop(prop_a)? {
            return Ok(None);
        }
        let prop_b = self.infer(b)?;
        self.is_def_eq(prop_a, prop_b).map(Some)
    }

    fn lazy_delta(&mut self, a: &mut Expr, b: &mut Expr) -> Step<Option<bool>> {
        loop {
            self.tick()?;
            if let Some(answer) = self.by_nat_offset(*a, *b)? {
                return Ok(Some(answer));
            }
            if !self.env.terms.has_fvars(*a) && !self.env.terms.has_fvars(*b) {
                if let Some(value) = self.reduce_nat(*a)? {
                    return self.is_def_eq(value, *b).map(Some);
                }
                if let Some(value) = self.reduce_nat(*b)? {
                    return self.is_def_eq(*a, value).map(Some);
                }
            }
            match self.lazy_delta_round(a, b)? {
                Round::Decided(answer) => return Ok(Some(answer)),
                Round::Progress => {}
                Round::Stuck => return Ok(None),
            }
        }
    }

    fn by_nat_offset(&mut self, a: Expr, b: Expr) -> Step<Option<bool>> {
        if self.is_nat_zero(a) && self.is_nat_zero(b) {
            return Ok(Some(true));
        }
        let (Some(a), Some(b)) = (self.nat_pred(a), self.nat_pred(b)) else { return Ok(None) };
        self.is_def_eq(a, b).map(Some)
    }

    /// Unfolds the side whose head is defined later, or both.
    fn lazy_delta_round(&mut self, a: &mut Expr, b: &mut Expr) -> Step<Round> {
        match (self.delta(*a)?, self.delta(*b)?) {
            (None, None) => return Ok(Round::Stuck),
            (Some(_), None) => self.unfold_against(a, b)?,
            (None, Some(_)) => self.unfold_against(b, a)?,
            (Some((f, hints_f)), Some((g, hints_g))) => match hints_f.cmp(&hints_g) {
                Ordering::Greater => self.unfold_in_place(a)?,
                Ordering::Less => self.unfold_in_place(b)?,
                Ordering::Equal => {
                    if f == g && matches!(hints_f, ReducibilityHints::Regular(_)) && self.same_head_and_args(*a, *b)? {
                        return Ok(Round::Decided(true));
                    }
                    self.unfold_in_place(a)?;
                    self.unfold_in_place(b)?;
                }
            },
        }
        Ok(self.quick(*a, *b)?.map_or(Round::Progress, Round::Decided))
    }

    /// `a` unfolds and `b` does not. If `b` is a stuck projection, reducing it is usually cheaper.
    fn unfold_against(&mut self, a: &mut Expr, b: &mut Expr) -> Step<()> {
        if matches!(self.node(self.head(*b)), ExprNode::Proj(..)) {
            let reduced = self.whnf_core(*b, false)?;
            if reduced != *b {
                *b = reduced;
                return Ok(());
            }
        }
        self.unfold_in_place(a)
    }

    fn unfold_in_place(&mut self, e: &mut Expr) -> Step<()> {
        if let Some(unfolded) = self.unfold(*e)? {
            *e = self.whnf_core(unfolded, true)?;
        }
        Ok(())
    }

    /// The same definition applied to equal arguments. Failures are remembered: they recur as the unfolding goes on.
    fn same_head_and_args(&mut self, a: Expr, b: Expr) -> Step<bool> {
        let pair = (a.min(b), a.max(b));
        if self.different_args.contains(&pair) {
            return Ok(false);
        }
        let equal = self.by_congruence(a, b)?;
        if !equal {
            self.different_args.insert(pair);
        }
        Ok(equal)
    }

    /// `a.i = b.i`, first as `a = b` with as little unfolding as possible, then by the fields.
    fn lazy_delta_of_projections(&mut self, structure: Name, field: u32, a: Expr, b: Expr) -> Step<bool> {
        let (mut a, mut b) = (a, b);
        if self.equal.contains(a, b) {
            return Ok(true);
        }
        loop {
            self.tick()?;
            match self.lazy_delta_round(&mut a, &mut b)? {
                Round::Decided(true) => return Ok(true),
                Round::Progress => {}
                Round::Decided(false) | Round::Stuck => break,
            }
        }
        let fields = (self.reduce_proj(structure, field, a)?, self.reduce_proj(structure, field, b)?);
        match fields {
            (Some(a), Some(b)) => self.is_def_eq(a, b),
            _ => self.is_def_eq(a, b),
        }
    }

    fn by_congruence(&mut self, a: Expr, b: Expr) -> Step<bool> {
        let ((f, xs), (g, ys)) = (self.spine(a), self.spine(b));
        if xs.is_empty() || xs.len() != ys.len() {
            return Ok(false);
        }
        let same_head = match (self.node(f), self.node(g)) {
            (ExprNode::Const(f, us), ExprNode::Const(g, vs)) => f == g && self.same_levels(us, vs),
            _ => self.is_def_eq(f, g)?,
        };
        if !same_head {
            return Ok(false);
        }
        // From the last: those before are often types and instances, equal if it is.
        for (x, y) in xs.into_iter().zip(ys).rev() {
            if !self.is_def_eq(x, y)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// `fun x => t` against `b` of function type: `b` is `fun x => b x`.
    fn by_eta(&mut self, a: Expr, b: Expr) -> Step<bool> {
        if !matches!(self.node(a), ExprNode::Lam(..)) || matches!(self.node(b), ExprNode::Lam(..)) {
            return Ok(false);
        }
        let ty = self.infer(b)?;
        let ty = self.whnf(ty)?;
        let ExprNode::Forall(binder, _) = self.node(ty) else { return Ok(false) };
        let terms = self.terms();
        let variable = terms.mk_bvar(0);
        let body = terms.mk_app(b, variable);
        let expanded = terms.mk_lam(binder, body);
        self.is_def_eq(a, expanded)
    }

    /// `b` is a constructor of a structure applied to the projections of `a`.
    fn by_structure_eta(&mut self, a: Expr, b: Expr) -> Step<bool> {
        let (head, args) = self.spine(b);
        let Some((name, _)) = self.as_const(head) else { return Ok(false) };
        let declaration = self.find(name)?;
        let Some(Declaration { kind: Kind::Constructor(ctor), .. }) = declaration.as_deref() else { return Ok(false) };
        let num_params = ctor.num_params as usize;
        if args.len() != num_params + ctor.num_fields as usize || !self.is_structure_like(ctor.induct)? {
            return Ok(false);
        }
        let (type_a, type_b) = (self.infer(a)?, self.infer(b)?);
        let level = self.infer_sort(type_a)?;
        if !self.terms().level_is_positive(level) || !self.is_def_eq(type_a, type_b)? {
            return Ok(false);
        }
        for (field, arg) in (0..ctor.num_fields).zip(&args[num_params..]) {
            let projection = self.terms().mk_proj(ctor.induct, field, a);
            if !self.is_def_eq(projection, *arg)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn by_string_expansion(&mut self, a: Expr, b: Expr) -> Step<bool> {
        let (ExprNode::StrLit(text), ExprNode::App(..)) = (self.node(a), self.node(b)) else { return Ok(false) };
        let expanded = self.string_to_constructor(text)?;
        let same_head = self.head(b) == self.head(expanded);
        if same_head {
            return self.is_def_eq(expanded, b);
        }
        let reduced = self.whnf(expanded)?;
        Ok(self.head(reduced) == self.head(b) && self.is_def_eq(reduced, b)?)
    }

    /// Two elements of a structure without fields.
    fn by_unit(&mut self, a: Expr, b: Expr) -> Step<bool> {
        let ty = self.infer(a)?;
        let ty = self.whnf(ty)?;
        let Some((name, _)) = self.as_const(self.head(ty)) else { return Ok(false) };
        if !self.is_structure_like(name)? {
            return Ok(false);
        }
        let Some(inductive) = self.find_inductive(name)? else { return Ok(false) };
        match self.find(inductive.ctors[0])?.as_deref() {
            Some(Declaration { kind: Kind::Constructor(ctor), .. }) if ctor.num_fields == 0 => {}
            _ => return Ok(false),
        }
        let other = self.infer(b)?;
        self.is_def_eq(ty, other)
    }
}

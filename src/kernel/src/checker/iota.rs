//! Reduction of recursors (thesis, section 2.6.4) and of the quotient primitives (section 2.7.1).

use super::Checker;
use crate::declaration::{Declaration, Kind, QuotKind, Recursor};
use crate::error::Step;
use crate::term::{Expr, ExprNode, Levels, Name};

impl Checker<'_> {
    /// One step of a recursor or of `Quot.lift`, `Quot.ind` applied to `args`.
    pub(super) fn reduce_recursor(&mut self, name: Name, levels: Levels, args: &[Expr]) -> Step<Option<Expr>> {
        let Some(declaration) = self.find(name)? else { return Ok(None) };
        match &declaration.kind {
            Kind::Recursor(recursor) => self.reduce_iota(&declaration, recursor, levels, args),
            Kind::Quot(QuotKind::Lift) => self.reduce_quot(args, 5, 3),
            Kind::Quot(QuotKind::Ind) => self.reduce_quot(args, 4, 3),
            _ => Ok(None),
        }
    }

    /// `Quot.lift f h (Quot.mk r a) ⤳ f a`, and the same for `Quot.ind`.
    fn reduce_quot(&mut self, args: &[Expr], major: usize, function: usize) -> Step<Option<Expr>> {
        let Some(quotient) = args.get(major) else { return Ok(None) };
        let quotient = self.whnf(*quotient)?;
        let (head, mk_args) = self.spine(quotient);
        let Some((mk, _)) = self.as_const(head) else { return Ok(None) };
        let is_mk = matches!(self.find(mk)?.as_deref(), Some(Declaration { kind: Kind::Quot(QuotKind::Ctor), .. }));
        let (true, [_, _, element]) = (is_mk, &mk_args[..]) else { return Ok(None) };
        let result = self.terms().mk_app(args[function], *element);
        Ok(Some(self.terms().mk_apps(result, &args[major + 1..])))
    }

    fn reduce_iota(&mut self, declaration: &Declaration, recursor: &Recursor, levels: Levels, args: &[Expr]) -> Step<Option<Expr>> {
        let leading = recursor.num_params as usize + recursor.num_motives as usize + recursor.num_minors as usize;
        let major_at = leading + recursor.num_indices as usize;
        let Some(major) = args.get(major_at) else { return Ok(None) };
        let Some(major) = self.major_as_constructor(recursor, *major)? else { return Ok(None) };
        let (head, major_args) = self.spine(major);
        let Some((ctor, _)) = self.as_const(head) else { return Ok(None) };
        let Some(rule) = recursor.rules.iter().find(|rule| rule.ctor == ctor) else { return Ok(None) };
        // The constructor's parameters are those of its own type, which a nested recursor does not share.
        let Some(num_params) = major_args.len().checked_sub(rule.num_fields as usize) else { return Ok(None) };
        let rhs = self.at_levels(declaration, rule.rhs, levels)?;
        let mut all = args[..leading].to_vec();
        all.extend_from_slice(&major_args[num_params..]);
        all.extend_from_slice(&args[major_at + 1..]);
        self.beta(rhs, &all).map(Some)
    }

    /// The major premise as an application of a constructor, if it can be seen as one: by K, by reduction, as a literal, or by
    /// structure eta.
    fn major_as_constructor(&mut self, recursor: &Recursor, major: Expr) -> Step<Option<Expr>> {
        if recursor.k
            && let Some(ctor) = self.constructor_by_k(recursor, major)?
        {
            return Ok(Some(ctor));
        }
        let major = self.whnf(major)?;
        match self.node(major) {
            ExprNode::NatLit(value) => return self.nat_to_constructor(value).map(Some),
            ExprNode::StrLit(text) => {
                let expanded = self.string_to_constructor(text)?;
                return self.whnf(expanded).map(Some);
            }
            _ => {}
        }
        if let Some((name, _)) = self.as_const(self.head(major))
            && let Some(Declaration { kind: Kind::Constructor(_), .. }) = self.find(name)?.as_deref()
        {
            return Ok(Some(major));
        }
        self.constructor_by_eta(recursor, major)
    }

    /// The type whose only constructor the recursor's only rule is about.
    fn only_inductive(&mut self, recursor: &Recursor) -> Step<Option<Name>> {
        let [rule] = &recursor.rules[..] else { return Ok(None) };
        Ok(match self.find(rule.ctor)?.as_deref() {
            Some(Declaration { kind: Kind::Constructor(ctor), .. }) => Some(ctor.induct),
            _ => None,
        })
    }

    /// K: an element of `I p i`, a proposition whose only constructor has no fields, is that constructor if the constructor's
    /// type says the same indices.
    fn constructor_by_k(&mut self, recursor: &Recursor, major: Expr) -> Step<Option<Expr>> {
        let ty = self.infer(major)?;
        let ty = self.whnf(ty)?;
        let (head, mut args) = self.spine(ty);
        let Some((name, levels)) = self.as_const(head) else { return Ok(None) };
        if self.only_inductive(recursor)? != Some(name) {
            return Ok(None);
        }
        args.truncate(recursor.num_params as usize);
        let ctor = self.terms().mk_const_at(recursor.rules[0].ctor, levels);
        let ctor = self.terms().mk_apps(ctor, &args);
        let ctor_type = self.infer(ctor)?;
        Ok(self.is_def_eq(ty, ctor_type)?.then_some(ctor))
    }

    /// Structure eta: an element of a structure that is no proposition is its constructor applied to its projections.
    fn constructor_by_eta(&mut self, recursor: &Recursor, major: Expr) -> Step<Option<Expr>> {
        let Some(structure) = self.only_inductive(recursor)? else { return Ok(None) };
        if !self.is_structure_like(structure)? {
            return Ok(None);
        }
        let ty = self.infer(major)?;
        let ty = self.whnf(ty)?;
        let (head, params) = self.spine(ty);
        let Some((name, levels)) = self.as_const(head) else { return Ok(None) };
        let level = self.infer_sort(ty)?;
        if name != structure || !self.terms().level_is_positive(level) {
            return Ok(None);
        }
        let rule = recursor.rules[0];
        let ctor = self.terms().mk_const_at(rule.ctor, levels);
        let mut result = self.terms().mk_apps(ctor, &params);
        for field in 0..rule.num_fields {
            let projection = self.terms().mk_proj(structure, field, major);
            result = self.terms().mk_app(result, projection);
        }
        Ok(Some(result))
    }
}

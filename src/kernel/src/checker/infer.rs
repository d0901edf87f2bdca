//! Inference of types (thesis, section 2.4), with and without checking what is inferred.

use super::Checker;
use crate::declaration::{Declaration, Kind};
use crate::error::{Refusal, Step};
use crate::term::{Expr, ExprNode, Level, Name};

impl Checker<'_> {
    /// The type of a closed term; fails unless the term is well typed.
    pub(crate) fn check(&mut self, e: Expr) -> Step<Expr> {
        self.infer_type(e, true)
    }

    /// The type of a term known to be well typed.
    pub(crate) fn infer(&mut self, e: Expr) -> Step<Expr> {
        self.infer_type(e, false)
    }

    /// The universe that the type `e` lives in, checked.
    pub(crate) fn check_type(&mut self, e: Expr) -> Step<Level> {
        let sort = self.check(e)?;
        self.ensure_sort(sort)
    }

    /// The universe that the type `e` lives in.
    pub(crate) fn infer_sort(&mut self, e: Expr) -> Step<Level> {
        let sort = self.infer(e)?;
        self.ensure_sort(sort)
    }

    /// Whether the type `e` is a proposition. A type whose universe is stuck is an error, not a "no": the guards that keep data
    /// from leaving proofs rest on this.
    pub(crate) fn is_prop(&mut self, e: Expr) -> Step<bool> {
        let level = self.infer_sort(e)?;
        Ok(self.terms().level_is_zero(level))
    }

    fn ensure_sort(&mut self, e: Expr) -> Step<Level> {
        let e = if matches!(self.node(e), ExprNode::Sort(_)) { e } else { self.whnf(e)? };
        match self.node(e) {
            ExprNode::Sort(level) => Ok(level),
            _ => Err(Refusal::NotAType.into()),
        }
    }

    /// Domain and body of a function type, after reduction if need be.
    pub(crate) fn ensure_pi(&mut self, e: Expr) -> Step<(Expr, Expr)> {
        let e = if matches!(self.node(e), ExprNode::Forall(..)) { e } else { self.whnf(e)? };
        match self.node(e) {
            ExprNode::Forall(binder, body) => Ok((binder.ty, body)),
            _ => Err(Refusal::NotAFunction.into()),
        }
    }

    fn infer_type(&mut self, e: Expr, check: bool) -> Step<Expr> {
        if let Some(known) = self.inferred[1].get(&e) {
            return Ok(*known);
        }
        if !check && let Some(known) = self.inferred[0].get(&e) {
            return Ok(*known);
        }
        self.tick()?;
        if self.env.terms.has_loose_bvars(e) {
            return Err(Refusal::LooseBVar.into());
        }
        let ty = match self.node(e) {
            ExprNode::BVar(_) => return Err(Refusal::LooseBVar.into()),
            ExprNode::FVar(_, ty) => ty,
            ExprNode::Sort(level) => {
                let level = self.terms().mk_level_succ(level);
                self.terms().mk_sort(level)
            }
            ExprNode::Const(name, levels) => self.const_type(name, levels)?,
            ExprNode::App(..) => self.infer_app(e, check)?,
            ExprNode::Lam(..) => self.infer_lambda(e, check)?,
            ExprNode::Forall(..) => self.infer_forall(e, check)?,
            ExprNode::Let { .. } => self.infer_let(e, check)?,
            ExprNode::NatLit(_) => self.literal_type(self.known.nat)?,
            ExprNode::StrLit(_) => self.literal_type(self.known.string)?,
            ExprNode::MData(inner) => self.infer_type(inner, check)?,
            ExprNode::Proj(structure, field, of) => self.infer_proj(structure, field, of, check)?,
        };
        self.inferred[usize::from(check)].insert(e, ty);
        Ok(ty)
    }

    fn literal_type(&mut self, name: Name) -> Step<Expr> {
        self.get(name)?;
        Ok(self.terms().mk_const(name, &[]))
    }

    fn infer_app(&mut self, e: Expr, check: bool) -> Step<Expr> {
        let (function, args) = self.spine(e);
        // The type of the function applied to the arguments so far, with those from `from` on still to be put in.
        let mut ty = self.infer_type(function, check)?;
        let mut from = 0;
        for (i, arg) in args.iter().enumerate() {
            let (domain, body) = match self.node(ty) {
                ExprNode::Forall(binder, body) => (binder.ty, body),
                _ => {
                    let whole = self.instantiate(ty, &args[from..i])?;
                    from = i;
                    self.ensure_pi(whole)?
                }
            };
            if check {
                let domain = self.instantiate(domain, &args[from..i])?;
                let actual = self.infer_type(*arg, true)?;
                if !self.is_def_eq(actual, domain)? {
                    return Err(Refusal::ArgumentType.into());
                }
            }
            ty = body;
        }
        self.instantiate(ty, &args[from..])
    }

    fn infer_lambda(&mut self, e: Expr, check: bool) -> Step<Expr> {
        let scope = self.scope();
        let mut fvars = Vec::new();
        let mut e = e;
        while let ExprNode::Lam(binder, body) = self.node(e) {
            let ty = self.instantiate(binder.ty, &fvars)?;
            if check {
                self.check_type(ty)?;
            }
            fvars.push(self.fresh(ty));
            e = body;
        }
        let body = self.instantiate(e, &fvars)?;
        let ty = self.infer_type(body, check)?;
        let ty = self.mk_pi(&fvars, ty)?;
        self.leave(scope);
        Ok(ty)
    }

    fn infer_forall(&mut self, e: Expr, check: bool) -> Step<Expr> {
        let scope = self.scope();
        let (mut fvars, mut levels) = (Vec::new(), Vec::new());
        let mut e = e;
        while let ExprNode::Forall(binder, body) = self.node(e) {
            let ty = self.instantiate(binder.ty, &fvars)?;
            let sort = self.infer_type(ty, check)?;
            levels.push(self.ensure_sort(sort)?);
            fvars.push(self.fresh(ty));
            e = body;
        }
        let body = self.instantiate(e, &fvars)?;
        let sort = self.infer_type(body, check)?;
        let mut level = self.ensure_sort(sort)?;
        for domain in levels.into_iter().rev() {
            level = self.terms().mk_level_imax_simple(domain, level);
        }
        self.leave(scope);
        Ok(self.terms().mk_sort(level))
    }

    /// `let` is the term with the value in place of the variable.
    fn infer_let(&mut self, e: Expr, check: bool) -> Step<Expr> {
        let mut values = Vec::new();
        let mut e = e;
        while let ExprNode::Let { ty, value, body, .. } = self.node(e) {
            let value = self.instantiate(value, &values)?;
            if check {
                let ty = self.instantiate(ty, &values)?;
                self.check_type(ty)?;
                let actual = self.infer_type(value, true)?;
                if !self.is_def_eq(actual, ty)? {
                    return Err(Refusal::ValueType.into());
                }
            }
            values.push(value);
            e = body;
        }
        let body = self.instantiate(e, &values)?;
        self.infer_type(body, check)
    }

    /// A field's type is that of the constructor's argument, with earlier fields as projections. Out of a type that may be a
    /// proposition only proofs come, and nothing whose type mentions earlier data: otherwise proof irrelevance would identify
    /// different data.
    fn infer_proj(&mut self, structure: Name, field: u32, of: Expr, check: bool) -> Step<Expr> {
        let of_type = self.infer_type(of, check)?;
        let of_type = self.whnf(of_type)?;
        let (head, params) = self.spine(of_type);
        let Some((name, levels)) = self.as_const(head) else {
            return Err(Refusal::Projection("out of something whose type is no structure").into());
        };
        if name != structure {
            return Err(Refusal::Projection("out of another type than the one it names").into());
        }
        let Some(inductive) = self.find_inductive(name)? else {
            return Err(Refusal::Projection("out of something whose type is no structure").into());
        };
        let [ctor] = inductive.ctors[..] else {
            return Err(Refusal::Projection("out of a type that has not exactly one constructor").into());
        };
        if inductive.num_indices != 0 || params.len() != inductive.num_params as usize {
            return Err(Refusal::Projection("out of a type with indices").into());
        }
        match self.find(ctor)?.as_deref() {
            Some(Declaration { kind: Kind::Constructor(c), .. }) if c.induct == name && field < c.num_fields => {}
            _ => return Err(Refusal::Projection("there is no such field").into()),
        }
        let level = self.infer_sort(of_type)?;
        let may_be_prop = !self.terms().level_is_positive(level);

        let mut ty = self.const_type(ctor, levels)?;
        for param in params {
            let (_, body) = self.ensure_pi(ty)?;
            ty = self.instantiate(body, &[param])?;
        }
        for earlier in 0..field {
            let (domain, body) = self.ensure_pi(ty)?;
            if self.env.terms.has_loose_bvars(body) {
                if may_be_prop && !self.is_prop(domain)? {
                    return Err(Refusal::Projection("it depends on data in a proof").into());
                }
                let earlier = self.terms().mk_proj(structure, earlier, of);
                ty = self.instantiate(body, &[earlier])?;
            } else {
                ty = body;
            }
        }
        let (domain, _) = self.ensure_pi(ty)?;
        if may_be_prop && !self.is_prop(domain)? {
            return Err(Refusal::Projection("it is data in a proof").into());
        }
        Ok(domain)
    }
}

//! Weak head reduction: beta, zeta, projections, recursors and quotients (`whnf_core`), and with them definitions and literal
//! arithmetic (`whnf`). Thesis, section 2.6.

use super::Checker;
use crate::declaration::{Declaration, Kind, ReducibilityHints};
use crate::error::Step;
use crate::term::{Expr, ExprNode, Levels, Name};

impl Checker<'_> {
    /// Reduces the head without unfolding definitions. A `cheap` projection reduces its structure only that far too, so that
    /// `a.1 =?= b.1` can be tried as `a =?= b` before `a` and `b` are unfolded.
    pub(super) fn whnf_core(&mut self, e: Expr, cheap: bool) -> Step<Expr> {
        if !matches!(self.node(e), ExprNode::App(..) | ExprNode::Let { .. } | ExprNode::Proj(..) | ExprNode::MData(_)) {
            return Ok(e);
        }
        if let Some(known) = self.whnf_core[usize::from(cheap)].get(&e) {
            return Ok(*known);
        }
        let mut now = e;
        while let Some(next) = self.whnf_core_step(now, cheap)? {
            now = next;
        }
        self.whnf_core[usize::from(cheap)].insert(e, now);
        Ok(now)
    }

    fn whnf_core_step(&mut self, e: Expr, cheap: bool) -> Step<Option<Expr>> {
        self.tick()?;
        match self.node(e) {
            ExprNode::MData(inner) => Ok(Some(inner)),
            ExprNode::Let { .. } => self.zeta(e).map(Some),
            ExprNode::Proj(structure, field, of) => {
                let of = if cheap { self.whnf_core(of, true)? } else { self.whnf(of)? };
                self.reduce_proj(structure, field, of)
            }
            ExprNode::App(..) => {
                let (head, args) = self.spine(e);
                match self.node(head) {
                    ExprNode::Lam(..) => self.beta(head, &args).map(Some),
                    ExprNode::Let { .. } | ExprNode::Proj(..) | ExprNode::MData(_) => {
                        let reduced = self.whnf_core(head, cheap)?;
                        Ok((reduced != head).then(|| self.terms().mk_apps(reduced, &args)))
                    }
                    ExprNode::Const(name, levels) => self.reduce_recursor(name, levels, &args),
                    _ => Ok(None),
                }
            }
            _ => Ok(None),
        }
    }

    /// Applies a lambda term to as many arguments as it takes at once.
    pub(super) fn beta(&mut self, lambda: Expr, args: &[Expr]) -> Step<Expr> {
        let mut body = lambda;
        let mut taken = 0;
        while taken < args.len()
            && let ExprNode::Lam(_, inner) = self.node(body)
        {
            body = inner;
            taken += 1;
        }
        let result = self.instantiate(body, &args[..taken])?;
        Ok(self.terms().mk_apps(result, &args[taken..]))
    }

    fn zeta(&mut self, e: Expr) -> Step<Expr> {
        let mut values = Vec::new();
        let mut e = e;
        while let ExprNode::Let { value, body, .. } = self.node(e) {
            values.push(self.instantiate(value, &values)?);
            e = body;
        }
        self.instantiate(e, &values)
    }

    /// A projection out of a constructor application, `of` being reduced already.
    pub(super) fn reduce_proj(&mut self, structure: Name, field: u32, of: Expr) -> Step<Option<Expr>> {
        let of = match self.node(of) {
            ExprNode::StrLit(text) => {
                let expanded = self.string_to_constructor(text)?;
                self.whnf(expanded)?
            }
            _ => of,
        };
        let Some((name, _)) = self.as_const(self.head(of)) else { return Ok(None) };
        match self.find(name)?.as_deref() {
            Some(Declaration { kind: Kind::Constructor(ctor), .. }) if ctor.induct == structure => {
                let (_, args) = self.spine(of);
                Ok(args.get(ctor.num_params as usize + field as usize).copied())
            }
            _ => Ok(None),
        }
    }

    /// Weak head normal form.
    pub(crate) fn whnf(&mut self, e: Expr) -> Step<Expr> {
        match self.node(e) {
            ExprNode::App(..) | ExprNode::Const(..) | ExprNode::Let { .. } | ExprNode::Proj(..) | ExprNode::MData(_) => {}
            _ => return Ok(e),
        }
        if let Some(known) = self.whnf.get(&e) {
            return Ok(*known);
        }
        self.tick()?;
        let mut now = e;
        let result = loop {
            now = self.whnf_core(now, false)?;
            if let Some(literal) = self.reduce_nat(now)? {
                break literal;
            }
            match self.unfold(now)? {
                Some(next) => now = next,
                None => break now,
            }
        };
        self.whnf.insert(e, result);
        Ok(result)
    }

    /// The constant at the head that unfolds, with what decides which side of an equation unfolds first.
    pub(super) fn delta(&mut self, e: Expr) -> Step<Option<(Name, ReducibilityHints)>> {
        let Some((name, _)) = self.as_const(self.head(e)) else { return Ok(None) };
        Ok(match self.find(name)?.as_deref() {
            Some(Declaration { kind: Kind::Definition { hints, .. }, .. }) => Some((name, *hints)),
            Some(Declaration { kind: Kind::Theorem { .. }, .. }) => Some((name, ReducibilityHints::Opaque)),
            _ => None,
        })
    }

    /// Unfolds the constant at the head.
    pub(super) fn unfold(&mut self, e: Expr) -> Step<Option<Expr>> {
        let head = self.head(e);
        let Some((name, levels)) = self.as_const(head) else { return Ok(None) };
        let Some(value) = self.unfolded(name, levels)? else { return Ok(None) };
        self.tick()?;
        let (_, args) = self.spine(e);
        self.beta(value, &args).map(Some)
    }

    fn unfolded(&mut self, name: Name, levels: Levels) -> Step<Option<Expr>> {
        if let Some(known) = self.values.get(&(name, levels)) {
            return Ok(Some(*known));
        }
        let Some(declaration) = self.find(name)? else { return Ok(None) };
        let (Kind::Definition { value, .. } | Kind::Theorem { value, .. }) = declaration.kind else { return Ok(None) };
        let value = self.at_levels(&declaration, value, levels)?;
        self.values.insert((name, levels), value);
        Ok(Some(value))
    }
}

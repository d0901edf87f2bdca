//! The type checker proper: inference, reduction and definitional equality over one environment.
//!
//! The rules are those of Carneiro, "The Type Theory of Lean" (2019), chapters 2 and 3, and, for what Lean has added since
//! (structure eta, literals), of Lean's reference manual, chapter "The Type System". Which reduction is tried first follows
//! Lean's own kernel, since the proofs it accepts were found with that order.
//!
//! Everything here works on *erased* terms (no metadata, no binder names: see [`compare`](crate::compare)), so that equal ids
//! mean alpha-equivalent terms. A free variable carries its type and the number of binders it is below. That number never
//! repeats within a context, and a judgment about a term depends on nothing but the variables in it, so every cache may outlive
//! the binder under which it was filled.

mod arithmetic;
mod defeq;
mod equiv;
mod infer;
mod iota;
mod literal;
mod reduce;

use crate::declaration::{Declaration, Inductive, Kind};
use crate::environment::Environment;
use crate::error::{Refusal, Resource, Step, Stop};
use crate::term::{Binder, Expr, ExprNode, Levels, Name, Terms};
use equiv::Equivalence;
use literal::Known;
pub(crate) use literal::RESERVED;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::Cell;
use std::sync::Arc;

/// What one call may spend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Steps of inference, reduction and comparison, a few microseconds each.
    pub steps: u64,
    /// Expression nodes made, or as much memory in literals.
    pub nodes: usize,
    /// Bytes of stack for nested reductions. A check takes a thread with somewhat more.
    pub stack: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { steps: 20_000_000, nodes: 10_000_000, stack: 384 << 20 }
    }
}

/// How many nodes a walk visits for the price of one step.
const VISITS_PER_STEP: u64 = 32;
/// Terms higher than this are not walked by recursion.
pub(crate) const MAX_TERM_DEPTH: u32 = 1 << 15;
/// Stack beyond [`Limits::stack`], for walks of the highest terms.
pub(crate) const STACK_FOR_WALKS: usize = 128 << 20;

pub(crate) struct Checker<'e> {
    pub(crate) env: &'e mut Environment,
    known: Known,
    steps_left: u64,
    max_weight: usize,
    /// Nodes visited by walks of the checker itself; those of the arena are counted there.
    visits: Cell<u64>,
    paid_work: u64,
    stack: usize,
    stack_base: usize,
    /// How many binders we are below.
    depth: u32,
    /// The names of what is being checked.
    pub(crate) new: FxHashSet<Name>,
    vetted: FxHashSet<Name>,
    vetted_terms: FxHashSet<Expr>,
    erased: FxHashMap<Expr, Expr>,
    types: FxHashMap<(Name, Levels), Expr>,
    values: FxHashMap<(Name, Levels), Expr>,
    /// By whether the term was checked or only inferred.
    inferred: [FxHashMap<Expr, Expr>; 2],
    whnf: FxHashMap<Expr, Expr>,
    /// By whether projections were reduced cheaply.
    whnf_core: [FxHashMap<Expr, Expr>; 2],
    equal: Equivalence,
    different_args: FxHashSet<(Expr, Expr)>,
}

/// An address on the current stack.
#[inline(never)]
fn stack_address() -> usize {
    let marker = 0_u8;
    std::ptr::from_ref(&marker).addr()
}

impl<'e> Checker<'e> {
    /// A checker over `env`, to be used on a thread that has the stack the limits say and [`STACK_FOR_WALKS`].
    pub(crate) fn new(env: &'e mut Environment, limits: Limits) -> Checker<'e> {
        let known = Known::new(&mut env.terms);
        let max_weight = env.terms.weight().saturating_add(limits.nodes);
        let paid_work = env.terms.work;
        Checker {
            env,
            known,
            steps_left: limits.steps,
            max_weight,
            visits: Cell::new(0),
            paid_work,
            stack: limits.stack,
            stack_base: stack_address(),
            depth: 0,
            new: FxHashSet::default(),
            vetted: FxHashSet::default(),
            vetted_terms: FxHashSet::default(),
            erased: FxHashMap::default(),
            types: FxHashMap::default(),
            values: FxHashMap::default(),
            inferred: Default::default(),
            whnf: FxHashMap::default(),
            whnf_core: Default::default(),
            equal: Equivalence::default(),
            different_args: FxHashSet::default(),
        }
    }

    /// How many of the steps of `limits` are spent.
    pub(crate) fn steps_used(&self, limits: Limits) -> u64 {
        limits.steps - self.steps_left
    }

    pub(crate) fn terms(&mut self) -> &mut Terms {
        &mut self.env.terms
    }

    fn node(&self, e: Expr) -> ExprNode {
        self.env.terms.expr(e)
    }

    /// Spends one step and what walks over terms have cost since the last, and checks memory and stack.
    fn tick(&mut self) -> Step<()> {
        self.spend(1)?;
        if self.env.terms.weight() > self.max_weight {
            return Err(Stop::OutOfFuel(Resource::Memory));
        }
        if self.stack_base.abs_diff(stack_address()) > self.stack {
            return Err(Stop::OutOfFuel(Resource::Depth));
        }
        Ok(())
    }

    /// Spends steps, and one for every [`VISITS_PER_STEP`] nodes visited.
    fn spend(&mut self, steps: u64) -> Step<()> {
        let work = self.env.terms.work + self.visits.get();
        let walked = (work - self.paid_work) / VISITS_PER_STEP;
        self.paid_work += walked * VISITS_PER_STEP;
        let left = self.steps_left.checked_sub(steps.saturating_add(walked));
        self.steps_left = left.ok_or(Stop::OutOfFuel(Resource::Steps))?;
        Ok(())
    }

    /// Notes a walk over that many nodes, to be paid for with the next step.
    pub(crate) fn visited(&self, nodes: usize) {
        self.visits.set(self.visits.get() + nodes as u64);
    }

    fn check_height(&self, e: Expr) -> Step<()> {
        if self.env.terms.facts(e).depth > MAX_TERM_DEPTH { Err(Stop::OutOfFuel(Resource::Depth)) } else { Ok(()) }
    }

    // Terms

    pub(crate) fn erase(&mut self, e: Expr) -> Step<Expr> {
        self.check_height(e)?;
        Ok(self.env.terms.erase(e, &mut self.erased))
    }

    pub(crate) fn instantiate(&mut self, e: Expr, values: &[Expr]) -> Step<Expr> {
        self.check_height(e)?;
        Ok(self.env.terms.instantiate(e, values))
    }

    pub(crate) fn abstract_fvars(&mut self, e: Expr, fvars: &[Expr]) -> Step<Expr> {
        self.check_height(e)?;
        Ok(self.env.terms.abstract_fvars(e, fvars))
    }

    /// A new free variable of type `ty`. It is in scope until [`Checker::leave`].
    pub(crate) fn fresh(&mut self, ty: Expr) -> Expr {
        self.depth += 1;
        let depth = self.depth;
        self.terms().mk_fvar(depth, ty)
    }

    /// The present scope, for [`Checker::leave`].
    pub(crate) fn scope(&self) -> u32 {
        self.depth
    }

    /// Ends the scope of all free variables made since `scope`. Whatever is kept must not hold them.
    pub(crate) fn leave(&mut self, scope: u32) {
        self.depth = scope;
    }

    pub(crate) fn fvar_type(&self, fvar: Expr) -> Expr {
        match self.node(fvar) {
            ExprNode::FVar(_, ty) => ty,
            _ => unreachable!("only free variables made by `fresh` are asked for their type"),
        }
    }

    /// `∀ fvars, body`
    pub(crate) fn mk_pi(&mut self, fvars: &[Expr], body: Expr) -> Step<Expr> {
        self.bind(fvars, body, Terms::mk_forall)
    }

    /// `fun fvars => body`
    pub(crate) fn mk_lambda(&mut self, fvars: &[Expr], body: Expr) -> Step<Expr> {
        self.bind(fvars, body, Terms::mk_lam)
    }

    fn bind(&mut self, fvars: &[Expr], body: Expr, mk: impl Fn(&mut Terms, Binder, Expr) -> Expr) -> Step<Expr> {
        let mut result = self.abstract_fvars(body, fvars)?;
        for (i, fvar) in fvars.iter().enumerate().rev() {
            let ty = self.fvar_type(*fvar);
            let ty = self.abstract_fvars(ty, &fvars[..i])?;
            result = mk(self.terms(), Binder::plain(ty), result);
        }
        Ok(result)
    }

    pub(crate) fn head(&self, e: Expr) -> Expr {
        let mut e = e;
        while let ExprNode::App(f, _) = self.node(e) {
            e = f;
        }
        e
    }

    /// Head and arguments of an application; no arguments where `e` is none.
    pub(crate) fn spine(&self, e: Expr) -> (Expr, Vec<Expr>) {
        let mut args = Vec::new();
        let mut e = e;
        while let ExprNode::App(f, a) = self.node(e) {
            args.push(a);
            e = f;
        }
        args.reverse();
        self.visited(args.len());
        (e, args)
    }

    pub(crate) fn as_const(&self, e: Expr) -> Option<(Name, Levels)> {
        match self.node(e) {
            ExprNode::Const(name, levels) => Some((name, levels)),
            _ => None,
        }
    }

    // Constants

    /// Forgets what reduction and comparison did not find: an inductive type that is declared in full reduces further.
    pub(crate) fn forget_failures(&mut self) {
        self.whnf.clear();
        self.whnf_core.iter_mut().for_each(FxHashMap::clear);
        self.different_args.clear();
    }

    pub(crate) fn find(&mut self, name: Name) -> Step<Option<Arc<Declaration>>> {
        Ok(self.env.get(name)?)
    }

    pub(crate) fn get(&mut self, name: Name) -> Step<Arc<Declaration>> {
        match self.find(name)? {
            Some(declaration) => Ok(declaration),
            None => Err(Refusal::UnknownConstant(self.env.terms.name_text(name)).into()),
        }
    }

    /// The erased type of a constant at universe arguments.
    pub(crate) fn const_type(&mut self, name: Name, levels: Levels) -> Step<Expr> {
        if let Some(known) = self.types.get(&(name, levels)) {
            return Ok(*known);
        }
        let declaration = self.get(name)?;
        let ty = self.at_levels(&declaration, declaration.signature.ty, levels)?;
        self.types.insert((name, levels), ty);
        Ok(ty)
    }

    /// An erased part of a declaration at universe arguments.
    fn at_levels(&mut self, declaration: &Declaration, part: Expr, levels: Levels) -> Step<Expr> {
        self.vet(declaration)?;
        let params = &declaration.signature.level_params;
        let levels = self.env.terms.levels(levels).to_vec();
        if params.len() != levels.len() {
            return Err(Refusal::LevelArity(self.env.terms.name_text(declaration.name())).into());
        }
        let part = self.erase(part)?;
        Ok(self.terms().instantiate_levels(part, params, &levels))
    }

    /// A library file mentions constants that it does not export. Nobody else may declare those: what the library says of them
    /// would then be said of something else.
    fn vet(&mut self, declaration: &Declaration) -> Step<()> {
        if self.env.is_added(declaration.name()) || !self.vetted.insert(declaration.name()) {
            return Ok(());
        }
        let mut mentioned = match &declaration.kind {
            Kind::Inductive(inductive) => [&inductive.all[..], &inductive.ctors].concat(),
            Kind::Constructor(ctor) => vec![ctor.induct],
            Kind::Recursor(recursor) => recursor.rules.iter().map(|rule| rule.ctor).collect(),
            _ => Vec::new(),
        };
        let mut stack: Vec<Expr> = declaration.parts().collect();
        while let Some(e) = stack.pop() {
            if self.vetted_terms.insert(e) {
                if let ExprNode::Const(name, _) | ExprNode::Proj(name, ..) = self.node(e) {
                    mentioned.push(name);
                }
                stack.extend(self.env.terms.children(e));
            }
        }
        match mentioned.into_iter().find(|name| self.new.contains(name) || self.env.is_added(*name)) {
            Some(name) => Err(Refusal::TakesPlace(self.env.terms.name_text(name)).into()),
            None => Ok(()),
        }
    }

    /// The inductive type of that name, if it is one.
    pub(crate) fn find_inductive(&mut self, name: Name) -> Step<Option<Inductive>> {
        Ok(match self.find(name)?.as_deref() {
            Some(Declaration { kind: Kind::Inductive(inductive), .. }) => Some(inductive.clone()),
            _ => None,
        })
    }

    /// Whether elements of the type are determined by their fields: one constructor, no indices, no recursion.
    fn is_structure_like(&mut self, name: Name) -> Step<bool> {
        let inductive = self.find_inductive(name)?;
        Ok(inductive.is_some_and(|i| i.ctors.len() == 1 && i.num_indices == 0 && !i.is_rec))
    }
}

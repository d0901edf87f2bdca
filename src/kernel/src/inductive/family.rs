//! The types of a block over common parameters, their constructors, and the conditions on both.

use super::Specification;
use crate::checker::Checker;
use crate::error::{Refusal, Step, Stop};
use crate::term::{Expr, ExprNode, Level, Name};
use rustc_hash::FxHashSet;

/// A block opened below its parameters.
pub(super) struct Family {
    /// The parameters, as free variables.
    pub(super) params: Vec<Expr>,
    /// The universe that all types of the block live in.
    pub(super) level: Level,
    /// The declared types, then those standing for nested occurrences.
    pub(super) members: Vec<Member>,
    /// Names of the declared types.
    pub(super) names: FxHashSet<Name>,
}

/// A type of the block.
pub(super) struct Member {
    /// The type without indices: `I params`, or a free variable for a nested occurrence.
    pub(super) former: Expr,
    /// The type of `former`.
    pub(super) ty: Expr,
    pub(super) num_indices: u32,
    pub(super) ctors: Vec<Ctor>,
    /// What `former` stands for, if it is a free variable.
    pub(super) nested: Option<Expr>,
    pub(super) recursor: Name,
}

/// A constructor.
pub(super) struct Ctor {
    pub(super) name: Name,
    /// The constructor at the parameters.
    pub(super) applied: Expr,
    /// The type of `applied`, with nested occurrences replaced.
    pub(super) ty: Expr,
    pub(super) num_fields: u32,
}

pub(super) fn invalid(why: &'static str) -> Stop {
    Refusal::Inductive(why).into()
}

/// Checks the types of the type formers, and opens the parameters. The scope stays open: the family lives in it.
pub(super) fn open(checker: &mut Checker<'_>, spec: &Specification) -> Step<Family> {
    let names = spec.types.iter().map(|ty| ty.name).collect();
    let mut family = Family { params: Vec::new(), level: Level::ZERO, members: Vec::new(), names };
    let levels: Vec<Level> = spec.level_params.iter().map(|name| checker.terms().mk_level_param(*name)).collect();
    for (i, declared) in spec.types.iter().enumerate() {
        checker.check_type(declared.ty)?;
        let ty = if i == 0 {
            let mut ty = declared.ty;
            for _ in 0..spec.num_params {
                let (domain, body) = checker.ensure_pi(ty).map_err(|_| invalid("fewer arguments than parameters"))?;
                let param = checker.fresh(domain);
                family.params.push(param);
                ty = checker.instantiate(body, &[param])?;
            }
            ty
        } else {
            apply_params(checker, declared.ty, &family.params)?
        };
        let (num_indices, level) = indices(checker, ty)?;
        if i == 0 {
            family.level = level;
        } else if !checker.terms().level_eq(level, family.level) {
            return Err(invalid("types of one block in different universes"));
        }
        let former = checker.terms().mk_const(declared.name, &levels);
        let former = checker.terms().mk_apps(former, &family.params);
        let recursor = checker.terms().mk_name_str(declared.name, "rec");
        family.members.push(Member { former, ty, num_indices, ctors: Vec::new(), nested: None, recursor });
    }
    Ok(family)
}

/// The body of `∀ params, …` at the parameters, whose types must agree.
fn apply_params(checker: &mut Checker<'_>, ty: Expr, params: &[Expr]) -> Step<Expr> {
    let mut ty = ty;
    for param in params {
        let (domain, body) = checker.ensure_pi(ty).map_err(|_| invalid("fewer arguments than parameters"))?;
        let expected = checker.fvar_type(*param);
        if !checker.is_def_eq(domain, expected)? {
            return Err(invalid("a parameter has another type than in the first type of the block"));
        }
        ty = checker.instantiate(body, &[*param])?;
    }
    Ok(ty)
}

/// How many arguments a type former takes, and the universe at its end.
pub(super) fn indices(checker: &mut Checker<'_>, ty: Expr) -> Step<(u32, Level)> {
    let scope = checker.scope();
    let mut count = 0;
    let mut ty = checker.whnf(ty)?;
    loop {
        match checker.terms().expr(ty) {
            ExprNode::Forall(binder, body) => {
                let index = checker.fresh(binder.ty);
                let body = checker.instantiate(body, &[index])?;
                ty = checker.whnf(body)?;
                count += 1;
            }
            ExprNode::Sort(level) => {
                checker.leave(scope);
                return Ok((count, level));
            }
            _ => return Err(invalid("a type former that does not end in a universe")),
        }
    }
}

/// Checks that the constructors have types, over the parameters. The types of the block must be in the environment.
pub(super) fn add_constructors(checker: &mut Checker<'_>, spec: &Specification, family: &mut Family) -> Step<()> {
    let levels: Vec<Level> = spec.level_params.iter().map(|name| checker.terms().mk_level_param(*name)).collect();
    for (i, declared) in spec.types.iter().enumerate() {
        for (name, ty) in &declared.ctors {
            checker.check_type(*ty)?;
            let ty = apply_params(checker, *ty, &family.params)?;
            let applied = checker.terms().mk_const(*name, &levels);
            let applied = checker.terms().mk_apps(applied, &family.params);
            let num_fields = arity(checker, ty);
            family.members[i].ctors.push(Ctor { name: *name, applied, ty, num_fields });
        }
    }
    Ok(())
}

/// How many `∀`s a type begins with, as written.
pub(super) fn arity(checker: &mut Checker<'_>, ty: Expr) -> u32 {
    let mut count = 0;
    let mut ty = ty;
    while let ExprNode::Forall(_, body) = checker.terms().expr(ty) {
        ty = body;
        count += 1;
    }
    count
}

/// The conditions on constructors: fields in universes not above the type's (or the type is a proposition), strictly positive
/// occurrences, and a result that is the type at the parameters.
pub(super) fn check_constructors(checker: &mut Checker<'_>, family: &Family) -> Step<()> {
    let is_prop = checker.terms().level_is_zero(family.level);
    for (i, member) in family.members.iter().enumerate() {
        for ctor in &member.ctors {
            let scope = checker.scope();
            let mut ty = ctor.ty;
            while let ExprNode::Forall(binder, body) = checker.terms().expr(ty) {
                let level = checker.check_type(binder.ty)?;
                if !is_prop && !checker.terms().level_le(level, family.level) {
                    return Err(invalid("a field in a universe above the type's"));
                }
                check_positive(checker, family, binder.ty)?;
                let field = checker.fresh(binder.ty);
                ty = checker.instantiate(body, &[field])?;
            }
            if family.member_applied(checker, ty) != Some(i) {
                return Err(invalid("a constructor with another result than its type at the parameters"));
            }
            checker.leave(scope);
        }
    }
    Ok(())
}

fn check_positive(checker: &mut Checker<'_>, family: &Family, ty: Expr) -> Step<()> {
    let scope = checker.scope();
    let mut ty = checker.whnf(ty)?;
    while family.occurs(checker, ty) {
        match checker.terms().expr(ty) {
            ExprNode::Forall(binder, body) => {
                if family.occurs(checker, binder.ty) {
                    return Err(invalid("a type of the block occurs in a negative position"));
                }
                let argument = checker.fresh(binder.ty);
                let body = checker.instantiate(body, &[argument])?;
                ty = checker.whnf(body)?;
            }
            _ if family.member_applied(checker, ty).is_some() => break,
            _ => return Err(invalid("a type of the block occurs where it may not")),
        }
    }
    checker.leave(scope);
    Ok(())
}

impl Family {
    /// Whether a type of the block occurs in a term.
    pub(super) fn occurs(&self, checker: &Checker<'_>, e: Expr) -> bool {
        let mut seen = FxHashSet::default();
        let mut stack = vec![e];
        while let Some(e) = stack.pop() {
            if !seen.insert(e) {
                continue;
            }
            checker.visited(1);
            match checker.env.terms.expr(e) {
                ExprNode::Const(name, _) | ExprNode::Proj(name, ..) if self.names.contains(&name) => return true,
                ExprNode::FVar(..) if self.members.iter().any(|member| member.former == e) => return true,
                _ => stack.extend(checker.env.terms.children(e)),
            }
        }
        false
    }

    /// The member that `ty` is an application of: its former at the parameters, to as many indices as it takes, in which no
    /// type of the block occurs.
    pub(super) fn member_applied(&self, checker: &Checker<'_>, ty: Expr) -> Option<usize> {
        let (head, args) = checker.spine(ty);
        self.members.iter().position(|member| {
            let (former, params) = checker.spine(member.former);
            head == former
                && args.len() == params.len() + member.num_indices as usize
                && args[..params.len()] == params[..]
                && args[params.len()..].iter().all(|index| !self.occurs(checker, *index))
        })
    }

    /// The indices of an application of a member.
    pub(super) fn indices_of(&self, checker: &Checker<'_>, member: usize, ty: Expr) -> Vec<Expr> {
        let (_, args) = checker.spine(ty);
        let (_, params) = checker.spine(self.members[member].former);
        args[params.len()..].to_vec()
    }

    /// Whether a constructor of the block takes an argument in whose type a type of the block occurs.
    pub(super) fn is_rec(&self, checker: &Checker<'_>) -> bool {
        self.any_field(checker, |ty| self.occurs(checker, ty))
    }

    /// Whether a constructor of the block takes a function into it.
    pub(super) fn is_reflexive(&self, checker: &Checker<'_>) -> bool {
        self.any_field(checker, |ty| matches!(checker.env.terms.expr(ty), ExprNode::Forall(..)) && self.occurs(checker, ty))
    }

    fn any_field(&self, checker: &Checker<'_>, holds: impl Fn(Expr) -> bool) -> bool {
        self.members.iter().flat_map(|member| &member.ctors).any(|ctor| {
            let mut ty = ctor.ty;
            while let ExprNode::Forall(binder, body) = checker.env.terms.expr(ty) {
                if holds(binder.ty) {
                    return true;
                }
                ty = body;
            }
            false
        })
    }
}

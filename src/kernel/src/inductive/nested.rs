//! Nested occurrences: `List T` in a constructor of `T` becomes a type of the block of its own.
//!
//! Where an inductive type `J` declared earlier is applied to parameters `Ds` that mention the block, a free variable takes the
//! place of `J Ds`, with the constructors of `J` at `Ds` (in which the same is done). The family so extended is an ordinary
//! mutual one: positivity and universes are checked there, the recursors are generated there, and in what results the variable
//! is replaced by `J Ds` again. The constructors as declared are type-checked before, the generated recursors after.

use super::family::{Ctor, Family, Member, arity, indices, invalid};
use crate::checker::Checker;
use crate::declaration::Inductive;
use crate::error::{Step, Stop};
use crate::term::{Expr, ExprNode, Levels, Name};
use rustc_hash::{FxHashMap, FxHashSet};

/// A block with more nested occurrences than this is not decided.
const MAX_NESTED: usize = 64;

/// Adds a member for every nested occurrence; says how many.
pub(super) fn unnest(checker: &mut Checker<'_>, family: &mut Family) -> Step<u32> {
    let declared = family.members.len();
    let mut at = 0;
    while at < family.members.len() {
        for ctor in 0..family.members[at].ctors.len() {
            let ty = family.members[at].ctors[ctor].ty;
            family.members[at].ctors[ctor].ty = replace_nested(checker, family, ty)?;
        }
        at += 1;
    }
    let first = checker.spine(family.members[0].former).0;
    let Some((first, _)) = checker.as_const(first) else { return Err(invalid("a type without a name")) };
    for (n, member) in (1..).zip(&mut family.members[declared..]) {
        member.recursor = checker.terms().mk_name_str(first, &format!("rec_{n}"));
    }
    Ok((family.members.len() - declared) as u32)
}

/// Replaces the outermost nested occurrences in `root`.
fn replace_nested(checker: &mut Checker<'_>, family: &mut Family, root: Expr) -> Step<Expr> {
    let mut images = FxHashMap::default();
    let mut seen = FxHashSet::default();
    let mut stack = vec![root];
    while let Some(e) = stack.pop() {
        if !seen.insert(e) {
            continue;
        }
        match nested_application(checker, family, e)? {
            Some(occurrence) => {
                let former = member_for(checker, family, &occurrence)?;
                let image = checker.terms().mk_apps(former, &occurrence.indices);
                images.insert(e, image);
            }
            // From left to right: the order of the occurrences is that of the new members.
            None => stack.extend(checker.env.terms.children(e).collect::<Vec<_>>().into_iter().rev()),
        }
    }
    Ok(checker.terms().rewrite(root, &mut images, |_, _| false, |_, e| e))
}

/// `J Ds is`, the block occurring in `Ds`.
struct Occurrence {
    name: Name,
    inductive: Inductive,
    levels: Levels,
    params: Vec<Expr>,
    indices: Vec<Expr>,
}

fn nested_application(checker: &mut Checker<'_>, family: &Family, e: Expr) -> Step<Option<Occurrence>> {
    if !matches!(checker.terms().expr(e), ExprNode::App(..)) {
        return Ok(None);
    }
    let (head, mut params) = checker.spine(e);
    let Some((name, levels)) = checker.as_const(head) else { return Ok(None) };
    if family.names.contains(&name) {
        return Ok(None);
    }
    let Some(inductive) = checker.find_inductive(name)? else { return Ok(None) };
    if params.len() < inductive.num_params as usize {
        return Ok(None);
    }
    let indices = params.split_off(inductive.num_params as usize);
    if !params.iter().any(|param| family.occurs(checker, *param)) {
        return Ok(None);
    }
    if params.iter().any(|param| checker.terms().has_loose_bvars(*param)) {
        return Err(invalid("a nested occurrence whose parameters depend on fields"));
    }
    Ok(Some(Occurrence { name, inductive, levels, params, indices }))
}

/// The former of the member that stands for the occurrence. All types of `J`'s own block get members with it.
fn member_for(checker: &mut Checker<'_>, family: &mut Family, occurrence: &Occurrence) -> Step<Expr> {
    let stands_for = |checker: &mut Checker<'_>, name: Name| {
        let former = checker.terms().mk_const_at(name, occurrence.levels);
        checker.terms().mk_apps(former, &occurrence.params)
    };
    let wanted = stands_for(checker, occurrence.name);
    if !family.members.iter().any(|member| member.nested == Some(wanted)) {
        for name in occurrence.inductive.all.clone() {
            if family.members.len() > MAX_NESTED {
                return Err(Stop::Unsupported("an inductive type with very many nested occurrences"));
            }
            let nested = stands_for(checker, name);
            let member = auxiliary_member(checker, family, occurrence, name, nested)?;
            family.members.push(member);
        }
    }
    let member = family.members.iter().find(|member| member.nested == Some(wanted));
    member.map(|member| member.former).ok_or_else(|| invalid("a nested occurrence of a type that is not in its own block"))
}

fn auxiliary_member(checker: &mut Checker<'_>, family: &Family, occurrence: &Occurrence, name: Name, nested: Expr) -> Step<Member> {
    let Some(inductive) = checker.find_inductive(name)? else { return Err(invalid("a block whose types are not all types")) };
    if inductive.num_params as usize != occurrence.params.len() {
        return Err(invalid("a block whose types do not share their parameters"));
    }
    let ty = checker.const_type(name, occurrence.levels)?;
    let ty = instantiate_params(checker, ty, &occurrence.params)?;
    let (num_indices, level) = indices(checker, ty)?;
    if !checker.terms().level_eq(level, family.level) {
        return Err(invalid("a nested occurrence in another universe than the block"));
    }
    let mut ctors = Vec::new();
    for ctor in &inductive.ctors {
        let ty = checker.const_type(*ctor, occurrence.levels)?;
        let ty = instantiate_params(checker, ty, &occurrence.params)?;
        let applied = checker.terms().mk_const_at(*ctor, occurrence.levels);
        let applied = checker.terms().mk_apps(applied, &occurrence.params);
        let num_fields = arity(checker, ty);
        ctors.push(Ctor { name: *ctor, applied, ty, num_fields });
    }
    let former = checker.fresh(ty);
    Ok(Member { former, ty, num_indices, ctors, nested: Some(nested), recursor: Name::ANONYMOUS })
}

fn instantiate_params(checker: &mut Checker<'_>, ty: Expr, params: &[Expr]) -> Step<Expr> {
    let mut ty = ty;
    for param in params {
        let (_, body) = checker.ensure_pi(ty)?;
        ty = checker.instantiate(body, &[*param])?;
    }
    Ok(ty)
}

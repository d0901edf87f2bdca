//! Generation of recursors.
//!
//! For a block with members `I₁ … Iₙ` the recursor of `Iⱼ` takes the parameters, a motive for each member, a minor premise for
//! each constructor of each member, the indices of `Iⱼ` and the major premise. A minor premise takes the constructor's fields
//! and then an induction hypothesis for each field that is (a function into) a member. The rule of a constructor applies its
//! minor premise to the fields and to the recursor at the recursive ones. Thesis, sections 2.6.2 to 2.6.4.

use super::family::Family;
use super::{Generated, Specification};
use crate::checker::Checker;
use crate::declaration::{Recursor, RecursorRule, Signature};
use crate::error::Step;
use crate::term::{Expr, ExprNode, Level, Name};

/// Motive, indices and major premise of a member, as free variables.
struct Target {
    motive: Expr,
    indices: Vec<Expr>,
    major: Expr,
}

/// A constructor opened: its fields, and what each recursive field leads to.
struct Opened {
    fields: Vec<Expr>,
    recursive: Vec<RecursiveField>,
    /// The motive at the constructor's indices and at the constructor.
    conclusion: Expr,
}

/// A field of type `∀ xs, I indices`.
struct RecursiveField {
    xs: Vec<Expr>,
    member: usize,
    indices: Vec<Expr>,
    /// The field applied to `xs`.
    applied: Expr,
}

pub(super) fn generate(
    checker: &mut Checker<'_>,
    spec: &Specification,
    family: &Family,
    elimination_param: Option<Name>,
) -> Step<Vec<Generated>> {
    let elimination = if only_eliminates_to_prop(checker, family)? {
        None
    } else {
        Some(elimination_param.unwrap_or_else(|| fresh_param(checker, spec)))
    };
    let k = is_k(checker, family);
    let targets = targets(checker, family, elimination)?;
    let motives: Vec<Expr> = targets.iter().map(|target| target.motive).collect();

    let mut minors = Vec::new();
    for member in 0..family.members.len() {
        for ctor in 0..family.members[member].ctors.len() {
            let scope = checker.scope();
            let opened = open_constructor(checker, family, &motives, member, ctor)?;
            let ty = minor_type(checker, &motives, &opened)?;
            checker.leave(scope);
            minors.push(checker.fresh(ty));
        }
    }

    let level_params: Vec<Name> = elimination.into_iter().chain(spec.level_params.iter().copied()).collect();
    let levels: Vec<Level> = level_params.iter().map(|name| checker.terms().mk_level_param(*name)).collect();
    let mut next_minor = 0;
    let mut generated = Vec::new();
    for (at, member) in family.members.iter().enumerate() {
        let target = &targets[at];
        let motive = checker.terms().mk_apps(target.motive, &target.indices);
        let conclusion = checker.terms().mk_app(motive, target.major);
        let ty = checker.mk_pi(&[&target.indices[..], &[target.major]].concat(), conclusion)?;
        let ty = close(checker, family, &[&motives[..], &minors].concat(), ty, Checker::mk_pi)?;

        let (mut rules, mut rule_types) = (Vec::new(), Vec::new());
        for (i, ctor) in member.ctors.iter().enumerate() {
            let scope = checker.scope();
            let opened = open_constructor(checker, family, &motives, at, i)?;
            let mut args = opened.fields.clone();
            for field in &opened.recursive {
                let recursor = checker.terms().mk_const(family.members[field.member].recursor, &levels);
                let leading = [&family.params[..], &motives, &minors, &field.indices, &[field.applied]].concat();
                let call = checker.terms().mk_apps(recursor, &leading);
                args.push(checker.mk_lambda(&field.xs, call)?);
            }
            let rhs = checker.terms().mk_apps(minors[next_minor], &args);
            let binders = [&motives[..], &minors, &opened.fields].concat();
            let rhs = close(checker, family, &binders, rhs, Checker::mk_lambda)?;
            rule_types.push(close(checker, family, &binders, opened.conclusion, Checker::mk_pi)?);
            rules.push(RecursorRule { ctor: ctor.name, num_fields: ctor.num_fields, rhs });
            checker.leave(scope);
            next_minor += 1;
        }
        generated.push(Generated {
            signature: Signature { name: member.recursor, level_params: level_params.clone(), ty },
            recursor: Recursor {
                all: spec.types.iter().map(|ty| ty.name).collect(),
                num_params: spec.num_params,
                num_indices: member.num_indices,
                num_motives: motives.len() as u32,
                num_minors: minors.len() as u32,
                rules,
                k,
                is_unsafe: false,
            },
            rule_types,
        });
    }
    Ok(generated)
}

/// `u`, `u_1`, …: the first that the types do not use.
fn fresh_param(checker: &mut Checker<'_>, spec: &Specification) -> Name {
    let mut name = checker.terms().mk_name("u");
    let mut n = 0;
    while spec.level_params.contains(&name) {
        n += 1;
        name = checker.terms().mk_name(&format!("u_{n}"));
    }
    name
}

/// Binds everything above the parameters, puts the nested types back in place of their variables, and binds the parameters.
fn close<'e>(
    checker: &mut Checker<'e>,
    family: &Family,
    fvars: &[Expr],
    body: Expr,
    bind: fn(&mut Checker<'e>, &[Expr], Expr) -> Step<Expr>,
) -> Step<Expr> {
    let bound = bind(checker, fvars, body)?;
    let nested = family.members.iter().filter_map(|member| Some((member.former, member.nested?)));
    let (variables, types): (Vec<Expr>, Vec<Expr>) = nested.unzip();
    let bound = checker.abstract_fvars(bound, &variables)?;
    let bound = checker.instantiate(bound, &types)?;
    bind(checker, &family.params, bound)
}

/// Whether the motives must be propositions: a proposition eliminates into other universes only if that reveals nothing, that
/// is, it has no constructor, or one whose fields are proofs or visible in the type.
fn only_eliminates_to_prop(checker: &mut Checker<'_>, family: &Family) -> Step<bool> {
    if checker.terms().level_is_positive(family.level) {
        return Ok(false);
    }
    let [member] = &family.members[..] else { return Ok(true) };
    let ctor = match &member.ctors[..] {
        [] => return Ok(false),
        [ctor] => ctor,
        _ => return Ok(true),
    };
    let scope = checker.scope();
    let mut data = Vec::new();
    let mut ty = ctor.ty;
    while let ExprNode::Forall(binder, body) = checker.terms().expr(ty) {
        let field = checker.fresh(binder.ty);
        if !checker.is_prop(binder.ty)? {
            data.push(field);
        }
        ty = checker.instantiate(body, &[field])?;
    }
    let (_, visible) = checker.spine(ty);
    checker.leave(scope);
    Ok(!data.iter().all(|field| visible.contains(field)))
}

/// K: a proposition of one constructor without fields.
fn is_k(checker: &mut Checker<'_>, family: &Family) -> bool {
    let [member] = &family.members[..] else { return false };
    let [ctor] = &member.ctors[..] else { return false };
    ctor.num_fields == 0 && checker.terms().level_is_zero(family.level)
}

fn targets(checker: &mut Checker<'_>, family: &Family, elimination: Option<Name>) -> Step<Vec<Target>> {
    let level = match elimination {
        Some(name) => checker.terms().mk_level_param(name),
        None => Level::ZERO,
    };
    let sort = checker.terms().mk_sort(level);
    let mut targets = Vec::new();
    for member in &family.members {
        let mut indices = Vec::new();
        let mut ty = checker.whnf(member.ty)?;
        while let ExprNode::Forall(binder, body) = checker.terms().expr(ty) {
            let index = checker.fresh(binder.ty);
            indices.push(index);
            let body = checker.instantiate(body, &[index])?;
            ty = checker.whnf(body)?;
        }
        let major = checker.terms().mk_apps(member.former, &indices);
        let major = checker.fresh(major);
        let motive = checker.mk_pi(&[&indices[..], &[major]].concat(), sort)?;
        targets.push((motive, indices, major));
    }
    // Motives come before all indices and majors in what is generated, but may be deeper: none of them is in their types.
    let targets = targets.into_iter().map(|(ty, indices, major)| Target { motive: checker.fresh(ty), indices, major });
    Ok(targets.collect())
}

fn open_constructor(checker: &mut Checker<'_>, family: &Family, motives: &[Expr], member: usize, ctor: usize) -> Step<Opened> {
    let ctor = &family.members[member].ctors[ctor];
    let mut fields = Vec::new();
    let mut ty = ctor.ty;
    while let ExprNode::Forall(binder, body) = checker.terms().expr(ty) {
        let field = checker.fresh(binder.ty);
        fields.push(field);
        ty = checker.instantiate(body, &[field])?;
    }
    let mut recursive = Vec::new();
    for field in &fields {
        recursive.extend(recursive_field(checker, family, *field)?);
    }
    let indices = family.indices_of(checker, member, ty);
    let element = checker.terms().mk_apps(ctor.applied, &fields);
    let motive = checker.terms().mk_apps(motives[member], &indices);
    let conclusion = checker.terms().mk_app(motive, element);
    Ok(Opened { fields, recursive, conclusion })
}

fn recursive_field(checker: &mut Checker<'_>, family: &Family, field: Expr) -> Step<Option<RecursiveField>> {
    let ty = checker.fvar_type(field);
    let mut ty = checker.whnf(ty)?;
    let mut xs = Vec::new();
    while let ExprNode::Forall(binder, body) = checker.terms().expr(ty) {
        let x = checker.fresh(binder.ty);
        xs.push(x);
        let body = checker.instantiate(body, &[x])?;
        ty = checker.whnf(body)?;
    }
    let Some(member) = family.member_applied(checker, ty) else { return Ok(None) };
    let applied = checker.terms().mk_apps(field, &xs);
    Ok(Some(RecursiveField { xs, member, indices: family.indices_of(checker, member, ty), applied }))
}

fn minor_type(checker: &mut Checker<'_>, motives: &[Expr], opened: &Opened) -> Step<Expr> {
    let mut hypotheses = Vec::new();
    for field in &opened.recursive {
        let motive = checker.terms().mk_apps(motives[field.member], &field.indices);
        let hypothesis = checker.terms().mk_app(motive, field.applied);
        let hypothesis = checker.mk_pi(&field.xs, hypothesis)?;
        hypotheses.push(checker.fresh(hypothesis));
    }
    checker.mk_pi(&[&opened.fields[..], &hypotheses].concat(), opened.conclusion)
}

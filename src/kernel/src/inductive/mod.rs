//! Inductive types: a block of mutually defined types is checked, and its recursors are generated.
//!
//! Rules: Carneiro, "The Type Theory of Lean", section 2.6 (specification, large elimination, recursors), and for mutual and
//! nested types Lean's reference manual, section "Inductive Types". A nested occurrence such as `List T` inside of `T` is
//! handled as one more type of the block ([`nested`]). Nothing that a declaration says about itself (numbers of fields,
//! whether it is recursive, its recursors and their rules) is believed: all of it is computed from the types of the type
//! formers and constructors, and what was declared must be the same.

mod family;
mod nested;
mod recursor;

use crate::checker::Checker;
use crate::declaration::{Constructor, Declaration, Inductive, Kind, Recursor, Signature};
use crate::error::{Refusal, Step, Stop};
use crate::term::{Expr, ExprNode, Name, Terms};
use family::{Family, Member};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// What is to be checked: all constants of one block, as declared.
pub(crate) struct Block {
    /// The types, in the order of their `all`.
    pub(crate) types: Vec<Arc<Declaration>>,
    /// Their constructors, type by type, in order.
    pub(crate) ctors: Vec<Vec<Arc<Declaration>>>,
    /// Every recursor that names this block.
    pub(crate) recursors: Vec<Arc<Declaration>>,
}

/// An inductive declaration as the kernel reads it: names and types only.
pub(crate) struct Specification {
    pub(crate) level_params: Vec<Name>,
    pub(crate) num_params: u32,
    pub(crate) types: Vec<TypeSpec>,
}

/// A type of the block: its name, its type, and its constructors with theirs. All types are erased.
pub(crate) struct TypeSpec {
    pub(crate) name: Name,
    pub(crate) ty: Expr,
    pub(crate) ctors: Vec<(Name, Expr)>,
}

fn not_generated(what: &'static str) -> Stop {
    Refusal::NotGenerated(what).into()
}

/// Checks a block. With `declare` its constants are added to the environment as they become known; without, they are there
/// already.
pub(crate) fn check_block(checker: &mut Checker<'_>, block: &Block, declare: bool) -> Step<()> {
    let spec = specification(checker, block)?;
    let determined = determine(checker, &spec, elimination_param(block, &spec), declare)?;
    let given: Vec<&Arc<Declaration>> = block.types.iter().chain(block.ctors.iter().flatten()).chain(&block.recursors).collect();
    if given.len() != determined.len() {
        return Err(not_generated("the number of recursors"));
    }
    for expected in &determined {
        let Some(given) = given.iter().find(|given| given.name() == expected.name()) else {
            return Err(not_generated("the name of a constant"));
        };
        compare(checker, given, expected)?;
    }
    Ok(())
}

fn specification(checker: &mut Checker<'_>, block: &Block) -> Step<Specification> {
    let Some(first) = block.types.first() else { return Err(not_generated("an empty block")) };
    let Kind::Inductive(head) = &first.kind else { return Err(not_generated("a type")) };
    let mut spec = Specification { level_params: first.signature.level_params.clone(), num_params: head.num_params, types: Vec::new() };
    for (ty, ctors) in block.types.iter().zip(&block.ctors) {
        let mut ctor_specs = Vec::new();
        for ctor in ctors {
            ctor_specs.push((ctor.name(), checker.erase(ctor.signature.ty)?));
        }
        spec.types.push(TypeSpec { name: ty.name(), ty: checker.erase(ty.signature.ty)?, ctors: ctor_specs });
    }
    Ok(spec)
}

/// The name that the block's recursors use for the universe of their motives, if they have one more parameter than the types.
fn elimination_param(block: &Block, spec: &Specification) -> Option<Name> {
    let params = &block.recursors.first()?.signature.level_params;
    (params.len() == spec.level_params.len() + 1).then(|| params[0]).filter(|name| !spec.level_params.contains(name))
}

/// Checks a specification and computes all its constants: types, constructors, recursors. With `declare` they are added to the
/// environment, where those that come later need those before.
pub(crate) fn determine(
    checker: &mut Checker<'_>,
    spec: &Specification,
    elimination_param: Option<Name>,
    declare: bool,
) -> Step<Vec<Declaration>> {
    let scope = checker.scope();
    let mut family = family::open(checker, spec)?;
    let add = |checker: &mut Checker<'_>, declarations: &[Declaration]| {
        if declare {
            declarations.iter().for_each(|declaration| checker.env.add_trusted(declaration.clone()));
        }
    };
    // Until the constructors are checked, nothing may be concluded from what the types look like: recursive types have no eta.
    let provisional = types(checker, spec, &family, 0, true);
    add(checker, &provisional);
    family::add_constructors(checker, spec, &mut family)?;
    let constructors = constructors(spec, &family);
    add(checker, &constructors);

    let num_nested = nested::unnest(checker, &mut family)?;
    family::check_constructors(checker, &family)?;
    let is_rec = family.is_rec(checker);
    let types = types(checker, spec, &family, num_nested, is_rec);
    add(checker, &types);

    let generated = recursor::generate(checker, spec, &family, elimination_param)?;
    let recursors: Vec<Declaration> = generated.iter().map(Generated::declaration).collect();
    add(checker, &recursors);
    checker.forget_failures();
    for recursor in &generated {
        check_recursor(checker, recursor)?;
    }
    checker.leave(scope);
    Ok([types, constructors, recursors].concat())
}

fn types(checker: &Checker<'_>, spec: &Specification, family: &Family, num_nested: u32, is_rec: bool) -> Vec<Declaration> {
    let is_reflexive = family.is_reflexive(checker);
    let all: Vec<Name> = spec.types.iter().map(|ty| ty.name).collect();
    let declare = |(ty, member): (&TypeSpec, &Member)| Declaration {
        signature: Signature { name: ty.name, level_params: spec.level_params.clone(), ty: ty.ty },
        kind: Kind::Inductive(Inductive {
            num_params: spec.num_params,
            num_indices: member.num_indices,
            all: all.clone(),
            ctors: ty.ctors.iter().map(|(name, _)| *name).collect(),
            num_nested,
            is_rec,
            is_unsafe: false,
            is_reflexive,
        }),
    };
    spec.types.iter().zip(&family.members).map(declare).collect()
}

fn constructors(spec: &Specification, family: &Family) -> Vec<Declaration> {
    let mut declarations = Vec::new();
    for (ty, member) in spec.types.iter().zip(&family.members) {
        for (index, ((name, ctor_type), ctor)) in (0..).zip(ty.ctors.iter().zip(&member.ctors)) {
            declarations.push(Declaration {
                signature: Signature { name: *name, level_params: spec.level_params.clone(), ty: *ctor_type },
                kind: Kind::Constructor(Constructor {
                    induct: ty.name,
                    index,
                    num_params: spec.num_params,
                    num_fields: ctor.num_fields,
                    is_unsafe: false,
                }),
            });
        }
    }
    declarations
}

/// A recursor as it must be, with the type that each of its rules must have.
struct Generated {
    signature: Signature,
    recursor: Recursor,
    rule_types: Vec<Expr>,
}

impl Generated {
    fn declaration(&self) -> Declaration {
        Declaration { signature: self.signature.clone(), kind: Kind::Recursor(self.recursor.clone()) }
    }
}

/// Types the recursor again in the environment that holds it, and each rule against the type of what it rewrites. Generated
/// recursors pass by construction; this is the net below the construction.
fn check_recursor(checker: &mut Checker<'_>, generated: &Generated) -> Step<()> {
    checker.check_type(generated.signature.ty)?;
    for (rule, expected) in generated.recursor.rules.iter().zip(&generated.rule_types) {
        let actual = checker.check(rule.rhs)?;
        if !checker.is_def_eq(actual, *expected)? {
            return Err(Refusal::Inductive("a recursor rule does not preserve types").into());
        }
    }
    Ok(())
}

fn compare(checker: &mut Checker<'_>, given: &Declaration, expected: &Declaration) -> Step<()> {
    if given.signature.level_params != expected.signature.level_params {
        return Err(not_generated("universe parameters"));
    }
    if !same(checker, given.signature.ty, expected.signature.ty)? {
        return Err(not_generated("the type of a recursor"));
    }
    match (&given.kind, &expected.kind) {
        (Kind::Recursor(given), Kind::Recursor(expected)) => {
            let without_rules = |recursor: &Recursor| Recursor { rules: Vec::new(), ..recursor.clone() };
            if without_rules(given) != without_rules(expected) || given.rules.len() != expected.rules.len() {
                return Err(not_generated("a recursor"));
            }
            for (given, expected) in given.rules.iter().zip(&expected.rules) {
                let agree = given.ctor == expected.ctor && given.num_fields == expected.num_fields;
                if !agree || !same(checker, given.rhs, expected.rhs)? {
                    return Err(not_generated("a rule of a recursor"));
                }
            }
            Ok(())
        }
        (given, expected) if given == expected => Ok(()),
        _ => Err(not_generated("a type or constructor")),
    }
}

/// Identical up to annotations of types, some of which Lean drops from recursors.
fn same(checker: &mut Checker<'_>, given: Expr, expected: Expr) -> Step<bool> {
    let given = checker.erase(given)?;
    Ok(given == expected || unannotate(checker.terms(), given) == unannotate(checker.terms(), expected))
}

/// `α` in place of `optParam α v`, `autoParam α t`, `outParam α`, `semiOutParam α`.
fn unannotate(terms: &mut Terms, e: Expr) -> Expr {
    let unary = [terms.mk_name("outParam"), terms.mk_name("semiOutParam")];
    let binary = [terms.mk_name("optParam"), terms.mk_name("autoParam")];
    terms.rewrite(
        e,
        &mut FxHashMap::default(),
        |_, _| false,
        |terms, e| {
            let ExprNode::App(f, last) = terms.expr(e) else { return e };
            match terms.expr(f) {
                ExprNode::Const(name, _) if unary.contains(&name) => last,
                ExprNode::App(f, first) => match terms.expr(f) {
                    ExprNode::Const(name, _) if binary.contains(&name) => first,
                    _ => e,
                },
                _ => e,
            }
        },
    )
}

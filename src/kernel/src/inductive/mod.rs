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
    level_params: Vec<Name>,
    num_params: u32,
    types: Vec<TypeSpec>,
}

struct TypeSpec {
    name: Name,
    ty: Expr,
    ctors: Vec<(Name, Expr)>,
}

fn not_generated(what: &'static str) -> Stop {
    Refusal::NotGenerated(what).into()
}

/// Checks a block. With `declare` its constants are added to the environment as they become known to be good; without, they
/// are there already.
pub(crate) fn check_block(checker: &mut Checker<'_>, block: &Block, declare: bool) -> Step<()> {
    let scope = checker.scope();
    let spec = specification(checker, block)?;
    let mut family = family::open(checker, &spec)?;
    if declare {
        // The constructors may mention the types, so these come first; what is wrong in them ends the whole check.
        block.types.iter().for_each(|ty| checker.env.add_trusted(Declaration::clone(ty)));
    }
    family::add_constructors(checker, &spec, &mut family)?;
    if declare {
        block.ctors.iter().flatten().for_each(|ctor| checker.env.add_trusted(Declaration::clone(ctor)));
    }
    let num_nested = nested::unnest(checker, &mut family)?;
    family::check_constructors(checker, &family)?;
    compare_types(checker, block, &spec, &family, num_nested)?;
    compare_constructors(block, &spec, &family)?;

    let generated = recursor::generate(checker, &spec, &family, elimination_param(block, &spec))?;
    compare_recursors(checker, block, &generated)?;
    if declare {
        // The generated ones: the declared ones may differ from them in annotations.
        generated.iter().for_each(|recursor| checker.env.add_trusted(recursor.declaration()));
    }
    for recursor in &generated {
        check_recursor(checker, recursor)?;
    }
    checker.leave(scope);
    Ok(())
}

fn specification(checker: &mut Checker<'_>, block: &Block) -> Step<Specification> {
    let first = &block.types[0];
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

fn compare_types(checker: &Checker<'_>, block: &Block, spec: &Specification, family: &family::Family, num_nested: u32) -> Step<()> {
    let all: Vec<Name> = spec.types.iter().map(|ty| ty.name).collect();
    let (is_rec, is_reflexive) = (family.is_rec(checker), family.is_reflexive(checker));
    for (i, ty) in block.types.iter().enumerate() {
        let expected = Kind::Inductive(Inductive {
            num_params: spec.num_params,
            num_indices: family.members[i].num_indices,
            all: all.clone(),
            ctors: spec.types[i].ctors.iter().map(|(name, _)| *name).collect(),
            num_nested,
            is_rec,
            is_unsafe: false,
            is_reflexive,
        });
        if ty.kind != expected || ty.signature.level_params != spec.level_params {
            return Err(not_generated("a type"));
        }
    }
    Ok(())
}

fn compare_constructors(block: &Block, spec: &Specification, family: &family::Family) -> Step<()> {
    for (i, (ctors, ty)) in block.ctors.iter().zip(&spec.types).enumerate() {
        for (index, ctor) in (0..).zip(ctors) {
            let expected = Kind::Constructor(Constructor {
                induct: ty.name,
                index,
                num_params: spec.num_params,
                num_fields: family.members[i].ctors[index as usize].num_fields,
                is_unsafe: false,
            });
            if ctor.kind != expected || ctor.signature.level_params != spec.level_params {
                return Err(not_generated("a constructor"));
            }
        }
    }
    Ok(())
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

fn compare_recursors(checker: &mut Checker<'_>, block: &Block, generated: &[Generated]) -> Step<()> {
    if block.recursors.len() != generated.len() {
        return Err(not_generated("the number of recursors"));
    }
    for expected in generated {
        let Some(given) = block.recursors.iter().find(|given| given.name() == expected.signature.name) else {
            return Err(not_generated("the name of a recursor"));
        };
        let Kind::Recursor(recursor) = &given.kind else { return Err(not_generated("a recursor")) };
        let rules: Vec<(Name, u32)> = recursor.rules.iter().map(|rule| (rule.ctor, rule.num_fields)).collect();
        let expected_rules: Vec<(Name, u32)> = expected.recursor.rules.iter().map(|rule| (rule.ctor, rule.num_fields)).collect();
        let with_rules = Recursor { rules: expected.recursor.rules.clone(), ..recursor.clone() };
        if with_rules != expected.recursor || rules != expected_rules || given.signature.level_params != expected.signature.level_params {
            return Err(not_generated("a recursor"));
        }
        if !same(checker, given.signature.ty, expected.signature.ty)? {
            return Err(not_generated("the type of a recursor"));
        }
        for (rule, expected) in recursor.rules.iter().zip(&expected.recursor.rules) {
            if !same(checker, rule.rhs, expected.rhs)? {
                return Err(not_generated("a rule of a recursor"));
            }
        }
    }
    Ok(())
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

//! The kernel against the real library: whatever can be checked of the library is accepted.
//!
//! Not everything can. A library file holds the exported level, where a private helper or the body of a definition may be
//! missing; Lean itself checked the constants that rest on these with more in hand. Unsafe constants are outside of the logic.

#![allow(clippy::print_stdout, reason = "the numbers are the result")]

mod common;

use common::library_root;
use prove_kernel::declaration::Kind;
use prove_kernel::{Declaration, Environment, Expr, ExprNode, KernelError, Limits, Name, Terms, recheck};
use prove_olean::{ConstantKind, Decoder, Library, LibrarySource, Memo, ModuleName};
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Instant;

const MODULES: [&str; 8] = [
    "Init.Prelude",
    "Init.Core",
    "Init.WF",
    "Init.Data.Nat.Basic",
    "Init.Data.List.Basic",
    "Init.Data.Int.Order",
    "Init.Data.Option.Lemmas",
    "Init.Omega.Int",
];

/// The constants of `MODULES`, in the arena of the environment.
fn constants(library: &Library, terms: &mut Terms) -> Vec<Name> {
    let mut names = Vec::new();
    for (module, data) in library.modules().zip(library.data()) {
        if MODULES.contains(&module.to_string().as_str()) {
            let data = data.unwrap();
            let mut memo = Memo::default();
            let mut decoder = Decoder::new(data.image(), &mut memo, terms);
            let stored = data.constant_names();
            names.extend(stored.iter().map(|name| decoder.name(name.unwrap(), stored.addr()).unwrap()));
        }
    }
    names
}

/// The constants that a declaration mentions.
fn mentions(terms: &Terms, declaration: &Declaration) -> HashSet<Name> {
    let (mut found, mut seen) = (HashSet::new(), HashSet::new());
    let mut stack: Vec<Expr> = [Some(declaration.signature.ty), declaration.value()].into_iter().flatten().collect();
    while let Some(e) = stack.pop() {
        if !seen.insert(e) {
            continue;
        }
        match terms.expr(e) {
            ExprNode::Const(name, _) => drop(found.insert(name)),
            ExprNode::App(a, b) => stack.extend([a, b]),
            ExprNode::Lam(binder, body) | ExprNode::Forall(binder, body) => stack.extend([binder.ty, body]),
            ExprNode::Let { ty, value, body, .. } => stack.extend([ty, value, body]),
            ExprNode::MData(inner) | ExprNode::Proj(_, _, inner) => stack.push(inner),
            ExprNode::BVar(_) | ExprNode::FVar(..) | ExprNode::Sort(_) | ExprNode::NatLit(_) | ExprNode::StrLit(_) => {}
        }
    }
    found
}

#[test]
fn what_the_library_exports_whole_is_accepted() {
    let Some(root) = library_root() else { return };
    let init = ModuleName::parse("Init").unwrap();
    let library = Arc::new(Library::load_modules(&[root], &[init]).unwrap());
    let mut env = Environment::with_source(Box::new(LibrarySource::new(library.clone())));
    let mut status = LibrarySource::new(library.clone());
    let names = constants(&library, &mut env.terms);

    let start = Instant::now();
    let (mut accepted, mut with_value, mut not_whole, mut outside, mut steps) = (0, 0, 0, 0, 0);
    for name in names {
        let declaration = env.get(name).unwrap().unwrap();
        match recheck(&mut env, name, Limits::default()) {
            Ok(report) => {
                accepted += 1;
                with_value += usize::from(declaration.value().is_some() || matches!(declaration.kind, Kind::Recursor(_)));
                steps += report.steps;
            }
            Err(KernelError::Unsupported { .. }) if declaration.is_unsafe() => outside += 1,
            Err(error @ KernelError::Refused { .. }) => {
                let missing = mentions(&env.terms, &declaration).into_iter().any(|mentioned| {
                    let known = status.status(&mut env.terms, mentioned).unwrap();
                    known.is_none_or(|known| known.body_absent() && known.original != ConstantKind::Theorem)
                });
                assert!(missing, "{error}");
                not_whole += 1;
            }
            Err(error) => panic!("{error}"),
        }
    }
    println!(
        "{accepted} accepted ({with_value} with a value), {not_whole} rest on what is not exported, {outside} unsafe; {steps} steps in {:?}",
        start.elapsed()
    );
    assert!(accepted > 4000 && with_value > 2000, "{accepted} {with_value}");
    assert!(not_whole < 20, "{not_whole}");
}

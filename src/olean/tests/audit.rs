//! The questions the judge asks, on a small library and candidates written here, and on the real library where there is one.

mod common;

use common::build::Builder;
use common::library_root;
use common::writer::{Word, Writer};
use prove_kernel::term::{Name, Terms};
use prove_olean::audit::{Aspect, Auditor, AxiomClass, AxiomUse, Closure, Declared, Difference, Reach, Strictness, compare};
use prove_olean::{BigNumbers, ConstantKind, Library, LibrarySource, ModuleName, PointerSize};
use std::path::Path;
use std::sync::Arc;

/// A library of one module: a theorem exported as an axiom, and true axioms, `propext` with a false type.
fn write_library(root: &Path) {
    let mut b = Builder::new(PointerSize::Four, BigNumbers::Native);
    let prop = b.prop();
    for axiom in ["sorryAx", "Lean.ofReduceBool", "trusted", "propext", "False"] {
        b.axiom(axiom, prop);
    }
    // Nonempty.{u} α → α below α : Sort u.
    let u = b.name("u");
    let u = b.out.ctor(4, &[u], &[0; 8]);
    let sort = b.out.ctor(3, &[u], &[0; 8]);
    let (v0, v1) = (b.bvar(0), b.bvar(1));
    let nonempty = b.name("Nonempty");
    let nonempty = b.constant_at(nonempty, &[u]);
    let nonempty = b.app(nonempty, v0);
    let body = b.forall("h", nonempty, v1);
    let choice = b.binder(7, "α", sort, body, 1);
    b.axiom_at("Classical.choice", &["u"], choice);
    let name = b.name("trusted");
    let kind = b.out.ctor(0, &[name, Writer::boxed(1)], &[]);
    b.extension("_private.Lean.AddDecl.0.Lean.privateConstKindsExt", &[kind]);
    std::fs::write(root.join("Init.olean"), &b.files()[0]).unwrap();
}

struct Setup {
    terms: Terms,
    auditor: Auditor,
    _folder: tempfile::TempDir,
}

fn setup() -> Setup {
    let folder = tempfile::tempdir().unwrap();
    write_library(folder.path());
    let library = Library::load_modules(&[folder.path().to_owned()], &[ModuleName::parse("Init").unwrap()]).unwrap();
    Setup { terms: Terms::new(), auditor: Auditor::new(LibrarySource::new(Arc::new(library))), _folder: folder }
}

/// The closure of `T` in a module that `build` makes.
fn closure(build: impl FnOnce(&mut Builder)) -> (Terms, Closure) {
    let mut setup = setup();
    let mut b = Builder::private();
    build(&mut b);
    let declared = Declared::decode(&b.image(), &mut setup.terms).unwrap();
    let name = setup.terms.mk_name("T");
    let closure = setup.auditor.closure(&mut setup.terms, &declared, name, Reach::New).unwrap();
    (setup.terms, closure)
}

/// A theorem whose proof mentions a constant.
fn theorem(b: &mut Builder, name: &str, mentions: &str) {
    let prop = b.prop();
    let value = b.constant(mentions);
    b.theorem(name, prop, value);
}

fn names(terms: &mut Terms, names: &[&str]) -> Vec<Name> {
    names.iter().map(|name| terms.mk_name(name)).collect()
}

fn axioms(terms: &mut Terms, closure: &Closure, name: &str) -> Option<AxiomUse> {
    let name = terms.mk_name(name);
    closure.axioms.iter().copied().find(|axiom| axiom.name == name)
}

#[test]
fn a_sorry_in_a_helper_is_found() {
    let (mut terms, closure) = closure(|b| {
        theorem(b, "helper", "sorryAx");
        theorem(b, "T", "helper");
        theorem(b, "unrelated", "Lean.ofReduceBool");
    });
    assert_eq!(axioms(&mut terms, &closure, "sorryAx").map(|axiom| axiom.class), Some(AxiomClass::Sorry));
    assert_eq!(closure.axioms.len(), 1);
    assert!(!closure.is_standard());
    let expected = names(&mut terms, &["helper", "T"]);
    assert!(closure.new_constants.iter().all(|name| expected.contains(name)) && closure.new_constants.len() == 2);
}

#[test]
fn an_axiom_below_metadata_in_the_type_of_a_definition_in_a_type_is_found() {
    let (mut terms, closure) = closure(|b| {
        let prop = b.prop();
        let axiom = b.constant("Lean.ofReduceBool");
        let hidden = b.mdata(axiom);
        let ty = b.proj("D", 0, hidden);
        b.definition("D", ty, prop, 1);
        let d = b.constant("D");
        b.theorem("T", d, prop);
    });
    assert_eq!(axioms(&mut terms, &closure, "Lean.ofReduceBool").map(|axiom| axiom.class), Some(AxiomClass::Other));
}

#[test]
fn axioms_of_the_file_count_whatever_they_are_called() {
    // A name of one component that is spelt like a standard axiom, and a standard axiom declared again.
    for (name, shadows) in [("Quot.sound", false), ("Classical.choice", false), ("propext", true), ("a\nb", false)] {
        let (terms, closure) = closure(|b| {
            let text = b.out.string(name);
            let spelt = b.out.ctor(1, &[Writer::boxed(0), text], &[0; 8]);
            let prop = b.prop();
            b.axiom_named(spelt, prop);
            let value = b.constant_at(spelt, &[]);
            b.theorem("T", prop, value);
        });
        let [axiom] = closure.axioms.iter().copied().collect::<Vec<_>>()[..] else { panic!("{closure:?}") };
        assert!(axiom.is_new && axiom.class == AxiomClass::Other, "{}", terms.name_text(axiom.name));
        assert_eq!(!closure.shadowing.is_empty(), shadows);
    }
}

#[test]
fn a_standard_axiom_with_a_false_type_is_not_standard() {
    let (mut terms, found) = closure(|b| theorem(b, "T", "propext"));
    assert_eq!(axioms(&mut terms, &found, "propext").map(|axiom| axiom.class), Some(AxiomClass::Other));
    let (mut terms, found) = closure(|b| theorem(b, "T", "Classical.choice"));
    assert_eq!(axioms(&mut terms, &found, "Classical.choice").map(|axiom| axiom.class), Some(AxiomClass::Standard));
    assert!(found.is_standard());
}

#[test]
fn library_theorems_are_trusted_and_counted() {
    let (_, closure) = closure(|b| theorem(b, "T", "trusted"));
    assert!(closure.is_standard() && closure.axioms.is_empty());
    assert_eq!((closure.coverage.library_constants, closure.coverage.library_bodies_absent), (1, 1));
}

#[test]
fn unsafe_and_missing_constants_are_not_standard() {
    for safety in [0, 2] {
        let (_, closure) = closure(|b| {
            let prop = b.prop();
            b.definition("D", prop, prop, safety);
            theorem(b, "T", "D");
        });
        assert!(closure.axioms.is_empty() && closure.unsafe_constants.len() == 1 && !closure.is_standard());
    }
    let (mut terms, found) = closure(|b| theorem(b, "T", "nowhere"));
    let missing = names(&mut terms, &["nowhere"]);
    assert!(found.missing.iter().eq(&missing) && !found.is_standard());
    let (mut terms, found) = closure(|b| theorem(b, "X.T", "trusted"));
    let missing = names(&mut terms, &["T"]);
    assert!(found.missing.iter().eq(&missing));
}

/// Compares `T` of two modules, each made by `build`.
fn difference(strictness: Strictness, build: impl Fn(&mut Builder, bool)) -> Option<(String, Aspect)> {
    let mut terms = Terms::new();
    let mut declared = |changed: bool| {
        let mut b = Builder::private();
        build(&mut b, changed);
        Declared::decode(&b.image(), &mut terms).unwrap()
    };
    let (a, b) = (declared(false), declared(true));
    let name = terms.mk_name("T");
    assert_eq!(compare(&terms, &a, &a, name, Strictness::EXACT), None, "a file agrees with itself");
    let found = compare(&terms, &a, &b, name, strictness);
    found.map(|Difference { constant, what }| (terms.name_text(constant), what))
}

/// A statement `∀ (name : ty), body` of a theorem `T`.
fn statement(b: &mut Builder, name: &str, ty: Word, body: Word, info: u8) {
    let ty = b.binder(7, name, ty, body, info);
    let proof = b.constant("sorryAx");
    b.theorem("T", ty, proof);
}

#[test]
fn a_statement_is_its_binders_too() {
    let changed = |name: &'static str, info: u8| {
        move |b: &mut Builder, changed: bool| {
            let prop = b.prop();
            if changed { statement(b, name, prop, prop, info) } else { statement(b, "x", prop, prop, 0) }
        }
    };
    let same = None;
    let other_type = Some(("T".to_owned(), Aspect::Type));
    assert_eq!(difference(Strictness::EXACT, changed("x", 0)), same);
    assert_eq!(difference(Strictness::STATEMENT, changed("y", 0)), other_type);
    assert_eq!(difference(Strictness::MEANING, changed("y", 0)), same);
    assert_eq!(difference(Strictness::MEANING, changed("x", 1)), other_type);
    assert_eq!(difference(Strictness::EXACT, changed("x._@.M._hyg.7", 0)), other_type);
    assert_eq!(difference(Strictness::STATEMENT, changed("x._@.M._hyg.7", 0)), same);
}

#[test]
fn metadata_counts_only_where_it_is_asked_for() {
    let build = |b: &mut Builder, changed: bool| {
        let prop = b.prop();
        let body = if changed { b.mdata(prop) } else { prop };
        statement(b, "x", prop, body, 0);
    };
    assert_eq!(difference(Strictness::EXACT, build), Some(("T".to_owned(), Aspect::Type)));
    assert_eq!(difference(Strictness::STATEMENT, build), None);
}

#[test]
fn a_definition_that_changed_behind_its_name_changes_the_statement() {
    let build = |b: &mut Builder, changed: bool| {
        let prop = b.prop();
        let (x, y) = (b.constant("X"), b.constant("Y"));
        b.definition("inner", prop, if changed { x } else { y }, 1);
        let inner = b.constant("inner");
        b.definition("outer", prop, inner, 1);
        let outer = b.constant("outer");
        statement(b, "x", prop, outer, 0);
    };
    assert_eq!(difference(Strictness::MEANING, build), Some(("inner".to_owned(), Aspect::Value)));
    let vanishes = |b: &mut Builder, changed: bool| {
        let prop = b.prop();
        if !changed {
            b.definition("Nat", prop, prop, 1);
        }
        let nat = b.constant("Nat");
        statement(b, "x", prop, nat, 0);
    };
    assert_eq!(difference(Strictness::MEANING, vanishes), Some(("Nat".to_owned(), Aspect::Existence)));
    let becomes_axiom = |b: &mut Builder, changed: bool| {
        let prop = b.prop();
        if changed {
            b.axiom("c", prop)
        } else {
            theorem(b, "c", "trusted")
        }
        let c = b.constant("c");
        statement(b, "x", prop, c, 0);
    };
    assert_eq!(difference(Strictness::MEANING, becomes_axiom), Some(("c".to_owned(), Aspect::Kind)));
}

#[test]
fn proofs_inside_a_statement_do_not_count_and_their_numbers_neither() {
    let renumbered = |used: &'static str, other: &'static str| {
        move |b: &mut Builder, changed: bool| {
            let prop = b.prop();
            let name = if changed { other } else { used };
            theorem(b, name, if changed { "X" } else { "Y" });
            let proof = b.constant(name);
            statement(b, "x", prop, proof, 0);
        }
    };
    assert_eq!(difference(Strictness::STATEMENT, renumbered("T._proof_1", "T._proof_1")), None);
    assert_eq!(difference(Strictness::STATEMENT, renumbered("T._proof_1", "helper._proof_2")), None);
    assert_eq!(difference(Strictness::STATEMENT, renumbered("good", "bad")), Some(("T".to_owned(), Aspect::Type)));
    // The same matcher, first made for another place: other names throughout.
    let first_elsewhere = |b: &mut Builder, changed: bool| {
        let (name, variable, param) = if changed { ("g.match_3", "k", "v") } else { ("f.match_1", "n", "u_1") };
        let own = b.name(param);
        let level = b.out.ctor(4, &[own], &[0; 8]);
        let sort = b.out.ctor(3, &[level], &[0; 8]);
        let (ty, value) = (b.forall(variable, sort, sort), b.lambda(variable, sort, sort));
        b.definition_at(name, &[param], ty, value, 1);
        let used = b.name(name);
        let matcher = b.constant_at(used, &[Writer::boxed(0)]);
        let prop = b.prop();
        statement(b, "x", prop, matcher, 0);
    };
    assert_eq!(difference(Strictness::STATEMENT, first_elsewhere), None);
    assert_eq!(difference(Strictness::EXACT, first_elsewhere), Some(("T".to_owned(), Aspect::Type)));
    let other_content = |b: &mut Builder, changed: bool| {
        let prop = b.prop();
        let name = if changed { "f.match_1" } else { "f.match_2" };
        let value = b.constant(if changed { "X" } else { "Y" });
        b.definition(name, prop, value, 1);
        let matcher = b.constant(name);
        statement(b, "x", prop, matcher, 0);
    };
    assert_eq!(difference(Strictness::STATEMENT, other_content), Some(("f.match_2".to_owned(), Aspect::Value)));
}

#[test]
fn the_real_library_has_the_three_axioms_and_nothing_visible_rests_on_sorry() {
    let Some(root) = library_root() else { return };
    let library = Library::load_modules(&[root], &[ModuleName::parse("Init").unwrap()]).unwrap();
    let mut terms = Terms::new();
    let mut auditor = Auditor::new(LibrarySource::new(Arc::new(library)));
    let empty = Declared::decode(&Builder::private().image(), &mut terms).unwrap();
    let mut class = |terms: &mut Terms, name: &str| {
        let name = terms.mk_name(name);
        let closure = auditor.closure(terms, &empty, name, Reach::New).unwrap();
        closure.axioms.iter().map(|axiom| axiom.class).collect::<Vec<_>>()
    };
    for axiom in ["propext", "Quot.sound", "Classical.choice"] {
        assert_eq!(class(&mut terms, axiom), [AxiomClass::Standard], "{axiom}");
    }
    assert_eq!(class(&mut terms, "sorryAx"), [AxiomClass::Sorry]);
    for axiom in ["Lean.ofReduceBool", "Lean.ofReduceNat", "Lean.trustCompiler", "lcProof"] {
        assert_eq!(class(&mut terms, axiom), [AxiomClass::Other], "{axiom}");
    }
    // Theorems and definitions whose bodies are not exported are stored as axioms.
    let mut status = |terms: &mut Terms, name: &str| {
        let name = terms.mk_name(name);
        auditor.source().status(terms, name).unwrap().map(|status| (status.stored, status.original))
    };
    assert_eq!(status(&mut terms, "Classical.em"), Some((ConstantKind::Axiom, ConstantKind::Theorem)));
    assert_eq!(status(&mut terms, "Nat.add"), Some((ConstantKind::Definition, ConstantKind::Definition)));
    assert_eq!(status(&mut terms, "no.such.constant"), None);
    // As far as bodies are there, the search goes through the library.
    let name = terms.mk_name("Classical.choose_spec");
    let closure = auditor.closure(&mut terms, &empty, name, Reach::Library).unwrap();
    let choice = terms.mk_name("Classical.choice");
    assert_eq!(closure.axioms.iter().map(|axiom| axiom.name).collect::<Vec<_>>(), [choice]);
    assert!(closure.is_standard() && closure.missing.is_empty());
}

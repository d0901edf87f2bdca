//! Which modules a file sees, and at which level.

mod common;

use common::build::Builder;
use prove_kernel::declaration::Kind;
use prove_kernel::{Environment, Terms};
use prove_olean::{BigNumbers, ConstantKind, Error, Import, Library, LibrarySource, ModuleName, PointerSize};
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn module(name: &str) -> ModuleName {
    ModuleName::parse(name).unwrap()
}

/// Writes a module whose exported level has the axiom `<name>.shown` and whose private level has `<name>.hidden` too.
/// Imports are written as in Lean, without the word `import`.
fn write(root: &Path, name: &str, imports: &[&str]) {
    let mut b = Builder::new(PointerSize::Eight, BigNumbers::Gmp);
    for import in imports {
        match import.split_once(' ') {
            Some(("public", name)) => b.import_with(name, [0, 1, 0]),
            Some(("all", name)) => b.import_with(name, [1, 0, 0]),
            _ => b.import_with(import, [0, 0, 0]),
        }
    }
    let prop = b.prop();
    b.axiom(&format!("{name}.shown"), prop);
    b.end_part();
    b.end_part();
    b.axiom(&format!("{name}.hidden"), prop);
    let path = module(name).olean_path(root);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    for (file, extension) in b.files().iter().zip(["", ".server", ".private"]) {
        std::fs::write(PathBuf::from(format!("{}{extension}", path.display())), file).unwrap();
    }
}

fn load(root: &Path, import: &str, import_all: bool, is_module: bool) -> Library {
    let import = Import { module: module(import), import_all, is_exported: false };
    Library::load(&[root.join("nowhere"), root.to_owned()], &[import], is_module).unwrap()
}

fn modules(library: &Library) -> Vec<String> {
    library.modules().map(ModuleName::to_string).collect()
}

fn has(library: &Arc<Library>, name: &str) -> bool {
    let mut terms = Terms::new();
    let name = terms.mk_name(name);
    LibrarySource::new(library.clone()).get(&mut terms, name).unwrap().is_some()
}

#[test]
fn a_module_sees_public_imports_and_the_exported_level() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "Top.A", &["public B", "C"]);
    write(root.path(), "B", &["public D", "C"]);
    write(root.path(), "C", &["D"]);
    write(root.path(), "D", &[]);

    let exported = Arc::new(load(root.path(), "Top.A", false, true));
    assert_eq!(modules(&exported), ["D", "B", "Top.A"]);
    assert!(has(&exported, "Top.A.shown") && !has(&exported, "Top.A.hidden") && !has(&exported, "C.shown"));

    // With `import all` also what the module itself sees, but of that only the exported level.
    let all = Arc::new(load(root.path(), "Top.A", true, true));
    assert_eq!(modules(&all), ["D", "C", "B", "Top.A"], "each after its imports");
    assert!(has(&all, "Top.A.hidden") && has(&all, "C.shown") && !has(&all, "C.hidden"));

    // Outside the module system: everything.
    let everything = Arc::new(load(root.path(), "Top.A", false, false));
    assert!(["Top.A.hidden", "B.hidden", "C.hidden", "D.hidden"].iter().all(|name| has(&everything, name)));
}

#[test]
fn a_level_that_is_raised_later_is_raised_for_all_that_follows_from_it() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "A", &["all B", "all C"]);
    write(root.path(), "B", &["public C"]);
    write(root.path(), "C", &["D"]);
    write(root.path(), "D", &[]);
    let library = Arc::new(load(root.path(), "A", true, true));
    assert!(has(&library, "C.hidden") && has(&library, "D.shown") && !has(&library, "D.hidden"));
}

#[test]
fn cyclic_and_missing_imports_do_no_harm() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "A", &["public B"]);
    write(root.path(), "B", &["public A"]);
    assert_eq!(modules(&load(root.path(), "A", false, true)), ["B", "A"]);
    write(root.path(), "C", &["public Gone"]);
    let error = Library::load_modules(&[root.path().to_owned()], &[module("C")]).unwrap_err();
    assert_eq!(error, Error::ModuleNotFound { module: "Gone".to_owned() });
}

#[test]
fn a_lemma_of_several_modules_is_taken_with_its_proof() {
    let root = tempfile::tempdir().unwrap();
    for (name, with_proof) in [("A", false), ("B", true), ("C", false)] {
        let mut b = Builder::new(PointerSize::Four, BigNumbers::Native);
        let prop = b.prop();
        if with_proof {
            b.theorem("lemma", prop, prop)
        } else {
            b.axiom("lemma", prop)
        }
        std::fs::write(module(name).olean_path(root.path()), &b.files()[0]).unwrap();
    }
    let names = [module("A"), module("B"), module("C")];
    let library = Arc::new(Library::load_modules(&[root.path().to_owned()], &names).unwrap());
    let mut environment = Environment::with_source(Box::new(LibrarySource::new(library.clone())));
    let name = environment.terms.mk_name("lemma");
    assert!(matches!(environment.get(name).unwrap().unwrap().kind, Kind::Theorem { .. }));
    let status = LibrarySource::new(library).status(&mut environment.terms, name).unwrap().unwrap();
    assert_eq!((status.stored, status.original), (ConstantKind::Theorem, ConstantKind::Theorem));
}

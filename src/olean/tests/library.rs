//! The real library, where one is provisioned.

mod common;

use common::{library_root, walk};
use prove_kernel::Terms;
use prove_olean::{ConstantKind, Decoder, Image, Library, LibrarySource, Memo, ModuleName, render};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

/// What the counts below were counted in.
const PINNED: &str = "4.28.0-pre";

fn load(root: std::path::PathBuf, names: &[&str]) -> Arc<Library> {
    let modules: Vec<ModuleName> = names.iter().map(|name| ModuleName::parse(name).unwrap()).collect();
    Arc::new(Library::load_modules(&[root], &modules).unwrap())
}

#[test]
#[allow(clippy::print_stdout, reason = "measured on the way")]
fn every_constant_of_the_library_decodes() {
    let Some(root) = library_root() else { return };
    let start = Instant::now();
    let library = load(root, &["Init", "Std", "Lean"]);
    println!("{} modules, {} constants loaded in {:?}", library.modules().count(), library.constant_count(), start.elapsed());
    let start = Instant::now();
    let mut terms = Terms::new();
    let mut kinds = BTreeMap::<ConstantKind, usize>::new();
    let mut version = None;
    for data in library.data() {
        let data = data.unwrap();
        version.get_or_insert_with(|| data.image().header().lean_version.clone());
        let mut memo = Memo::default();
        let mut decoder = Decoder::new(data.image(), &mut memo, &mut terms);
        let names = data.constant_names();
        for (name, constant) in names.iter().zip(data.constants().iter()) {
            let declaration = decoder.declaration(constant.unwrap(), names.addr()).unwrap();
            assert_eq!(declaration.name(), decoder.name(name.unwrap(), names.addr()).unwrap());
            *kinds.entry(ConstantKind::of(&declaration)).or_default() += 1;
        }
    }
    println!("{kinds:?}, {} expressions, decoded in {:?}", terms.expr_count(), start.elapsed());
    assert_eq!(kinds.values().sum::<usize>(), library.constant_count());
    if version.as_deref() == Some(PINNED) {
        use ConstantKind::*;
        let expected = [
            (Axiom, 74898),
            (Definition, 47281),
            (Theorem, 7936),
            (Opaque, 18),
            (Quot, 4),
            (Inductive, 2529),
            (Constructor, 4010),
            (Recursor, 2641),
        ];
        assert_eq!(kinds, BTreeMap::from(expected));
    }
}

#[test]
fn every_object_of_init_is_one_we_know() {
    let Some(root) = library_root() else { return };
    for data in load(root, &["Init"]).data() {
        let image: &Image = data.unwrap().image();
        assert!(walk(image).is_ok_and(|objects| objects > 3), "{:?}", image.header());
    }
}

#[test]
fn every_name_of_init_is_found_and_the_real_axioms_are_few() {
    let Some(root) = library_root() else { return };
    let library = load(root, &["Init"]);
    let mut terms = Terms::new();
    let mut source = LibrarySource::new(library.clone());
    let mut axioms = Vec::new();
    for data in library.data() {
        let data = data.unwrap();
        let mut memo = Memo::default();
        let names = data.constant_names();
        for name in names.iter() {
            let name = Decoder::new(data.image(), &mut memo, &mut terms).name(name.unwrap(), names.addr()).unwrap();
            let status = source.status(&mut terms, name).unwrap().expect("it is in the index");
            if status.original == ConstantKind::Axiom {
                axioms.push(render::name(&terms, name));
            }
        }
    }
    axioms.sort();
    if library.data().next().unwrap().unwrap().image().header().lean_version == PINNED {
        let expected = [
            "Classical.choice",
            "Lean.ofReduceBool",
            "Lean.ofReduceNat",
            "Lean.trustCompiler",
            "Quot.lcInv",
            "Quot.sound",
            "lcAny",
            "lcCast",
            "lcErased",
            "lcProof",
            "lcUnreachable",
            "lcVoid",
            "propext",
            "sorryAx",
        ];
        assert_eq!(axioms, expected);
    }
}

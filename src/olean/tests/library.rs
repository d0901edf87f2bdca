//! The real library, where one is provisioned.

mod common;

use common::library_root;
use prove_kernel::Terms;
use prove_olean::{ConstantKind, Library, LibrarySource, ModuleName};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

fn modules(names: &[&str]) -> Vec<ModuleName> {
    names.iter().map(|name| ModuleName::parse(name).unwrap()).collect()
}

#[test]
fn every_constant_of_the_library_decodes() {
    let Some(root) = library_root() else { return };
    let start = Instant::now();
    let library = Arc::new(Library::load_modules(&[root], &modules(&["Init", "Std", "Lean"])).unwrap());
    println!("loaded {} modules, {} constants in {:?}", library.modules().count(), library.constant_count(), start.elapsed());
    let start = Instant::now();
    let mut terms = Terms::new();
    let mut kinds = BTreeMap::<ConstantKind, usize>::new();
    let mut total = 0;
    for data in library.data() {
        let data = data.unwrap();
        let mut memo = prove_olean::Memo::default();
        let mut decoder = prove_olean::Decoder::new(data.image(), &mut memo, &mut terms);
        let names = data.constant_names();
        for (name, constant) in names.iter().zip(data.constants().iter()) {
            let declaration = decoder.declaration(constant.unwrap(), names.addr()).unwrap();
            let name = decoder.name(name.unwrap(), names.addr()).unwrap();
            assert_eq!(declaration.name(), name);
            *kinds.entry(ConstantKind::of(&declaration)).or_default() += 1;
            total += 1;
        }
    }
    println!("{total} constants: {kinds:?}, {} expressions, in {:?}", terms.expr_count(), start.elapsed());
    assert_eq!(total, library.constant_count());
}

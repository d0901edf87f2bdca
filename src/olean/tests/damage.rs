//! Damaged files: never a panic, an endless loop, or memory out of proportion.

mod common;

use common::build::Builder;
use common::{library_root, walk};
use proptest::prelude::*;
use prove_kernel::Terms;
use prove_olean::audit::Declared;
use prove_olean::{BigNumbers, Bytes, Decoder, Image, Level, Memo, PointerSize};
use std::alloc::{GlobalAlloc, Layout, System};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The system's allocator, with the largest single request it has seen.
struct Watch;

static LARGEST: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call goes to the system's allocator unchanged.
unsafe impl GlobalAlloc for Watch {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        LARGEST.fetch_max(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller's promises are the ones the system's allocator asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        LARGEST.fetch_max(size, Ordering::Relaxed);
        // SAFETY: as above.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Watch = Watch;

/// No file here is larger than this, and no allocation may be larger than a small multiple.
const LARGEST_FILE: usize = 4 << 20;

/// Reads everything there is to read. Whether that works does not matter here.
fn read_everything(files: Vec<Vec<u8>>) {
    let Ok(image) = Image::new(files.into_iter().map(Bytes::Owned).collect()) else { return };
    let _ = walk(&image);
    let mut terms = Terms::new();
    let _ = Declared::decode(&image, &mut terms);
    for level in [Level::Exported, Level::Server, Level::Private] {
        let Ok(data) = image.module_data(level) else { continue };
        let _ = data.imports();
        let _ = data.extension("privateConstKindsExt");
        let mut memo = Memo::default();
        let mut decoder = Decoder::new(&image, &mut memo, &mut terms);
        // One damaged constant does not keep the others from being read.
        for constant in data.constants().iter().flatten() {
            let _ = decoder.declaration(constant, data.addr());
        }
        for (name, _) in data.extensions().flatten() {
            let _ = decoder.name(name, data.addr());
        }
    }
    assert!(LARGEST.load(Ordering::Relaxed) < 8 * LARGEST_FILE, "an allocation out of proportion");
}

fn synthetic(size: PointerSize, big_numbers: BigNumbers) -> Vec<Vec<u8>> {
    let mut b = Builder::new(size, big_numbers);
    b.import("Init.Prelude");
    let (prop, v0) = (b.prop(), b.bvar(0));
    b.axiom("a", prop);
    b.end_part();
    b.end_part();
    let big = b.out.big(&[7; 24]);
    let number = b.nat_lit(big);
    let text = b.str_lit("text");
    let mut term = b.app(number, text);
    for name in ["x", "y", "z"] {
        let c = b.constant("List.cons");
        let applied = b.app(c, term);
        let bound = b.lambda(name, prop, applied);
        let bound = b.let_(name, prop, bound, v0);
        term = b.mdata(bound);
    }
    let ty = b.forall("w", prop, prop);
    b.definition("d", ty, term, 1);
    b.theorem("t", ty, term);
    b.files()
}

/// One thing that can happen to a file.
#[derive(Clone, Debug)]
enum Damage {
    Flip(prop::sample::Index, u8),
    Word(prop::sample::Index, u64),
    Truncate(prop::sample::Index),
}

fn damage() -> impl Strategy<Value = Damage> {
    let word = prop_oneof![Just(0), Just(1), Just(u64::MAX), Just(u64::MAX - 1), Just(1 << 31), Just(1 << 62), any::<u64>()];
    prop_oneof![
        8 => (any::<prop::sample::Index>(), 1u8..).prop_map(|(at, bits)| Damage::Flip(at, bits)),
        4 => (any::<prop::sample::Index>(), word).prop_map(|(at, word)| Damage::Word(at, word)),
        1 => any::<prop::sample::Index>().prop_map(Damage::Truncate),
    ]
}

fn apply(file: &mut Vec<u8>, damage: &Damage) {
    if file.is_empty() {
        return;
    }
    match damage {
        Damage::Flip(at, bits) => {
            let at = at.index(file.len());
            file[at] ^= bits;
        }
        Damage::Word(at, word) => {
            let at = at.index(file.len()) & !3;
            for (to, from) in file[at..].iter_mut().zip(word.to_le_bytes()) {
                *to = from;
            }
        }
        Damage::Truncate(at) => file.truncate(at.index(file.len())),
    }
}

fn layouts() -> impl Strategy<Value = (PointerSize, BigNumbers)> {
    (prop_oneof![Just(PointerSize::Four), Just(PointerSize::Eight)], prop_oneof![Just(BigNumbers::Native), Just(BigNumbers::Gmp)])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_synthetic_files(
        (size, big_numbers) in layouts(),
        damages in prop::collection::vec((0usize..3, damage()), 1..6),
    ) {
        let mut files = synthetic(size, big_numbers);
        for (part, damage) in &damages {
            apply(&mut files[*part], damage);
        }
        read_everything(files);
    }

    #[test]
    fn noise_behind_a_header(size in layouts(), noise in prop::collection::vec(any::<u8>(), 0..400)) {
        let mut file = synthetic(size.0, size.1).remove(0);
        file.truncate(80 + 2 * size.0.bytes());
        file.extend(noise);
        read_everything(vec![file]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_real_files(module in 0usize..REAL.len(), damages in prop::collection::vec(damage(), 1..40)) {
        let Some(root) = library_root() else { return Ok(()) };
        let mut file = std::fs::read(root.join(REAL[module])).unwrap();
        prop_assert!(file.len() <= LARGEST_FILE);
        for damage in &damages {
            apply(&mut file, damage);
        }
        read_everything(vec![file]);
    }
}

/// Small files with all kinds of constants.
const REAL: [&str; 3] = ["Init/Omega/Int.olean", "Init/Data/Option/Basic.olean", "Init/System/Promise.olean"];

#[test]
fn undamaged_files_read_without_complaint() {
    for size in [PointerSize::Four, PointerSize::Eight] {
        let image = Image::new(synthetic(size, BigNumbers::Gmp).into_iter().map(Bytes::Owned).collect()).unwrap();
        assert!(walk(&image).unwrap() > 50);
        assert_eq!(Declared::decode(&image, &mut Terms::new()).unwrap().constants().len(), 3);
    }
    let Some(root) = library_root() else { return };
    for module in REAL.iter().chain(&["Init/Prelude.olean"]) {
        let image = Image::new(vec![Bytes::map(&root.join(Path::new(module))).unwrap()]).unwrap();
        assert!(walk(&image).unwrap() > 100, "{module}");
    }
}

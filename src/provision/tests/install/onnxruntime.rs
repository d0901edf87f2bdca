//! libonnxruntime, with a small wheel.

use crate::{fixture::quiet, registry::program};
use prove_provision::{Home, OnnxruntimePins, ProvisionError, Wheel, WheelSource, install_onnxruntime, open_onnxruntime};
use sha2::{Digest, Sha256};
use std::{
    fs,
    io::{Cursor, Write},
    path::PathBuf,
};
use tempfile::TempDir;

struct Fixture {
    folder: TempDir,
    home: Home,
    pins: OnnxruntimePins,
    wheel: PathBuf,
}

fn fixture() -> Fixture {
    let folder = tempfile::tempdir().unwrap();
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in [("onnxruntime/__init__.py", "pass"), ("onnxruntime/capi/libonnxruntime.so.9", "elf")] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes.as_bytes()).unwrap();
    }
    let bytes = zip.finish().unwrap().into_inner();
    let wheel = folder.path().join("onnxruntime-9-any.whl");
    fs::write(&wheel, &bytes).unwrap();
    let pin = Wheel {
        os: std::env::consts::OS.to_owned(),
        arch: std::env::consts::ARCH.to_owned(),
        platform: "manylinux_2_28_any".to_owned(),
        bytes: bytes.len() as u64,
        sha256: Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect(),
        member: "onnxruntime/capi/libonnxruntime.so.9".to_owned(),
        library_bytes: 3,
    };
    let pins = OnnxruntimePins { version: "9".to_owned(), wheels: vec![pin] };
    Fixture { home: Home::at(folder.path().join("home")), folder, pins, wheel }
}

#[test]
fn the_library_comes_out_of_the_wheel_once() {
    let fixture = fixture();
    let Fixture { home, pins, .. } = &fixture;
    assert_eq!(open_onnxruntime(home, pins).unwrap(), None);
    let installed = install_onnxruntime(home, pins, &WheelSource::Wheel(fixture.wheel.clone()), &quiet).unwrap();
    assert_eq!(fs::read(&installed).unwrap(), b"elf");
    assert_eq!(open_onnxruntime(home, pins).unwrap().as_ref(), Some(&installed));
    let again = install_onnxruntime(home, pins, &WheelSource::Wheel("/nowhere".into()), &quiet).unwrap();
    assert_eq!(again, installed);
}

#[test]
fn pip_is_asked_for_the_pinned_wheel_by_hash() {
    let fixture = fixture();
    let script = format!(
        r#"while [ "$1" != --dest ]; do shift; done
        grep -q "onnxruntime==9 --hash=sha256:{}" "$4" || exit 5
        mkdir -p "$2" && cp {} "$2""#,
        fixture.pins.wheels[0].sha256,
        fixture.wheel.display()
    );
    let python = program(fixture.folder.path(), "python", &script);
    let installed = install_onnxruntime(&fixture.home, &fixture.pins, &WheelSource::Pip(python), &quiet).unwrap();
    assert_eq!(fs::read(&installed).unwrap(), b"elf");
    let beside: Vec<_> = fs::read_dir(installed.parent().unwrap()).unwrap().collect();
    assert_eq!(beside.len(), 1, "{beside:?}");
}

#[test]
fn another_wheel_or_platform_is_refused() {
    let mut fixture = fixture();
    let mut bytes = fs::read(&fixture.wheel).unwrap();
    bytes.push(0);
    fs::write(&fixture.wheel, bytes).unwrap();
    let source = WheelSource::Wheel(fixture.wheel.clone());
    let error = install_onnxruntime(&fixture.home, &fixture.pins, &source, &quiet).unwrap_err();
    assert!(matches!(error, ProvisionError::Mismatch { .. }), "{error}");
    assert_eq!(open_onnxruntime(&fixture.home, &fixture.pins).unwrap(), None);

    fixture.pins.wheels[0].arch = "pdp11".to_owned();
    let error = install_onnxruntime(&fixture.home, &fixture.pins, &source, &quiet).unwrap_err();
    assert!(matches!(error, ProvisionError::Platform { .. }), "{error}");
}

//! The npm client, played by shell scripts.

use crate::fixture::{Fixture, HOST, quiet};
use prove_provision::{ProvisionError, Source, Trust};
use std::{fs, os::unix::fs::PermissionsExt, path::Path};

/// A program that runs `script` with `sh`.
pub(crate) fn program(folder: &Path, name: &str, script: &str) -> std::path::PathBuf {
    let path = folder.join(name);
    // Written under another name first: a program that some process has open for writing cannot be started.
    let draft = folder.join(format!("{name}.draft"));
    fs::write(&draft, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&draft, fs::Permissions::from_mode(0o755)).unwrap();
    fs::rename(draft, &path).unwrap();
    path
}

fn install(fixture: &Fixture, script: &str) -> Result<(), ProvisionError> {
    let npm = program(fixture.folder.path(), "npm", script);
    fixture.place().install(&Source::Npm(npm), &HOST, Trust::Stamps, &quiet).map(drop)
}

#[test]
fn npm_is_run_on_the_pinned_manifest_without_scripts() {
    let fixture = Fixture::new();
    let script = format!(
        r#"echo "$@" > {log}
        grep -q fake-lean package.json && grep -q sha512- package-lock.json || exit 5
        mkdir -p node_modules && tar xzf {tarball} && mv package node_modules/fake-lean"#,
        log = fixture.folder.path().join("arguments").display(),
        tarball = fixture.tarball.display(),
    );
    install(&fixture, &script).unwrap();
    fixture.place().verify(HOST.key, &quiet).unwrap();
    let arguments = fs::read_to_string(fixture.folder.path().join("arguments")).unwrap();
    assert!(arguments.starts_with("ci ") && arguments.contains("--ignore-scripts"), "{arguments}");
    assert!(!fixture.home.root().join("npm-cache").exists());
}

#[test]
fn a_client_that_brings_something_else_installs_nothing() {
    let fixture = Fixture::new();
    let script = "mkdir -p node_modules/fake-lean && cd node_modules/fake-lean && echo no > lean.wasm && echo no > lean-lib.tar.gz";
    assert!(matches!(install(&fixture, script), Err(ProvisionError::Mismatch { .. })));
    let nothing = install(&fixture, "exit 0").unwrap_err();
    assert!(matches!(nothing, ProvisionError::Io { .. }), "{nothing}");
    assert_eq!(fixture.place().open(HOST.key), None);
}

#[test]
fn no_network_and_no_npm_name_their_remedies() {
    let fixture = Fixture::new();
    let offline = install(&fixture, "echo 'npm error code ENOTFOUND' >&2; exit 1").unwrap_err();
    assert!(matches!(offline, ProvisionError::NoNetwork { .. }) && offline.to_string().contains("prove setup"), "{offline}");
    let source = Source::Npm(fixture.folder.path().join("no-such-npm"));
    let missing = fixture.place().install(&source, &HOST, Trust::Stamps, &quiet).unwrap_err();
    assert!(matches!(missing, ProvisionError::NoClient { .. }) && missing.to_string().contains("--from"), "{missing}");
}

//! `prove editor` with a script in the place of VS Code's command line, which is not to be had everywhere: it writes down what it is told.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    process::{Command, Output},
};

const PROVE: &str = env!("CARGO_BIN_EXE_prove-tested");

#[test]
fn what_setup_does_undo_takes_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    fs::write(path("code"), "#!/bin/sh\nprintf '%s ' \"$@\" >> \"$(dirname \"$0\")/told\"\n").expect("written");
    fs::set_permissions(path("code"), fs::Permissions::from_mode(0o755)).expect("made executable");
    fs::write(path("prove.vsix"), "").expect("written");
    let settings = "{\n    // mine\n    \"editor.fontSize\": 14\n}\n";
    fs::create_dir_all(path("Code/User")).expect("made");
    fs::write(path("Code/User/settings.json"), settings).expect("written");
    let prove = |arguments: &[&str]| -> Output {
        Command::new(PROVE)
            .arg("editor")
            .args(arguments)
            .arg("--code")
            .arg(path("code"))
            .env("XDG_CONFIG_HOME", folder.path())
            .current_dir(folder.path())
            .output()
            .expect("prove starts")
    };
    let read = || fs::read_to_string(path("Code/User/settings.json")).expect("it is there");

    let without = prove(&["setup"]);
    assert_eq!(without.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&without.stderr).contains("npm run package"));
    assert!(prove(&["setup", "--vsix", "prove.vsix"]).status.success());
    assert!(read().contains("// mine") && read().contains(&format!("\"prove.path\": \"{PROVE}\"")), "{}", read());
    assert!(prove(&["undo"]).status.success());
    assert_eq!(read(), settings);
    assert_eq!(
        fs::read_to_string(path("told")).expect("it was told"),
        "--install-extension prove.vsix --force --uninstall-extension prove.prove "
    );

    fs::write(path("Code/User/settings.json"), "{ broken").expect("written");
    let broken = prove(&["setup", "--vsix", "prove.vsix"]);
    assert_eq!(broken.status.code(), Some(2), "{}", String::from_utf8_lossy(&broken.stderr));
    assert_eq!(read(), "{ broken");
}

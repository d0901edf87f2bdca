//! A machine with a native Lean, where none can be had: `lean` is a script that puts the embedded one behind the command line of a native one, and
//! `lake serve` one that serves the embedded one to editors.

use crate::lean::embedded;
use prove_lean::toolchain::Toolchain;
use std::{ffi::OsString, fs, os::unix::fs::PermissionsExt, path::Path};

/// Makes a folder with a toolchain's `bin` and a Lake project.
pub fn machine(prove: &str, folder: &Path) {
    let lean = embedded(prove).expect("the embedded Lean is installed");
    let Toolchain::Embedded(lean) = lean else { panic!("it is the embedded one") };
    let (image, library, root) = (lean.image.display(), lean.library.display(), folder.display());
    let script = format!(
        r#"#!/bin/sh
lean() {{ exec {prove} lean --image {image} --library {library} "$@"; }}
case $1 in
--version) echo 'Lean (version 4.28.0, x86_64-unknown-linux-gnu, commit 0, Release)' ;;
--print-prefix) echo {root} ;;
-R) olean=$4 source=$5; shift 5
    set -- -R /work -o /work/Judged.olean "$@" /work/Judged.lean
    for part in .private .server; do set -- --output "/work/Judged.olean$part=$olean$part" "$@"; done
    lean --input "/work/Judged.lean=$source" --output "/work/Judged.olean=$olean" "$@" ;;
*) lean -- "$@" ;;
esac
"#
    );
    // The two `--` that divide the options of the host from Lean's own.
    let script = script.replace("set -- -R", "set -- -- -R");
    let programs = Path::new(prove).parent().expect("a folder").display();
    // Away from project and toolchain, `prove lsp` serves the embedded Lean.
    let lake = format!(
        r#"#!/bin/sh
case $1 in
env) echo LEAN_PATH={library}:{image}:{programs} ;;
serve) echo "$PWD: $@" >> {root}/served; cd / && PATH=/usr/bin:/bin exec {prove} lsp ;;
esac
"#
    );
    fs::create_dir_all(folder.join("bin")).expect("made");
    fs::create_dir_all(folder.join("project")).expect("made");
    for (name, text) in [("lean", script), ("lake", lake)] {
        let path = folder.join("bin").join(name);
        fs::write(&path, text).expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("made executable");
    }
    fs::write(folder.join("project/lakefile.toml"), "name = \"p\"\n").expect("written");
    fs::write(folder.join("project/lean-toolchain"), "leanprover/lean4:v4.28.0\n").expect("written");
}

/// The `PATH` of a machine in this folder.
pub fn path(folder: &Path) -> OsString {
    let rest = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths(std::iter::once(folder.join("bin")).chain(std::env::split_paths(&rest))).expect("a path")
}

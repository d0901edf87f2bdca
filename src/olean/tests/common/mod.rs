//! What the tests share.

use std::path::PathBuf;

/// Where the unpacked library of the embedded Lean is; says so on standard output where there is none.
pub fn library_root() -> Option<PathBuf> {
    let root = std::env::var_os("PROVE_TEST_LEAN_LIB").map(PathBuf::from);
    match root {
        Some(root) if root.join("Init.olean").is_file() => Some(root),
        _ => {
            println!("skipped: PROVE_TEST_LEAN_LIB names no folder with Init.olean");
            None
        }
    }
}

//! The crates depend on one another in one direction only; see ARCHITECTURE.md.

use std::{collections::BTreeMap, process::Command};

/// Which crates of the workspace each crate may depend on.
const ARROWS: &[(&str, &[&str])] = &[
    ("prove-core", &[]),
    ("prove-kernel", &[]),
    ("prove-olean", &["prove-kernel"]),
    ("prove-syntax", &["prove-core"]),
    ("prove-host", &[]),
    ("prove-provision", &[]),
    ("prove-lean", &["prove-core", "prove-kernel", "prove-olean", "prove-syntax"]),
    ("prove-model", &["prove-core"]),
    ("prove-store", &[]),
    ("prove-search", &["prove-core"]),
    ("prove-data", &["prove-core", "prove-search", "prove-syntax"]),
    ("prove-agent", &["prove-core", "prove-lean", "prove-model", "prove-search", "prove-syntax"]),
    ("prove-lsp", &["prove-lean", "prove-syntax"]),
    ("prove-spread", &["prove-core", "prove-lean"]),
    (
        "prove-bench",
        &["prove-agent", "prove-core", "prove-lean", "prove-model", "prove-search", "prove-spread", "prove-store", "prove-syntax"],
    ),
];
/// What the tests of any crate may use besides: it fetches what they run on.
const FOR_TESTS: &str = "prove-provision";
/// Crates at the rim, which may depend on all of them.
const RIM: &[&str] = &["prove", "prove-tests"];

#[test]
fn no_crate_depends_on_one_above_it() {
    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo metadata runs");
    let metadata: serde_json::Value = serde_json::from_slice(&metadata.stdout).expect("cargo prints JSON");
    let allowed: BTreeMap<_, _> = ARROWS.iter().copied().collect();
    let packages = metadata["packages"].as_array().expect("there are packages");
    assert!(packages.len() >= ARROWS.len(), "the workspace has lost crates");
    for package in packages {
        let name = package["name"].as_str().expect("a name");
        if RIM.contains(&name) {
            continue;
        }
        let allowed = allowed.get(name).unwrap_or_else(|| panic!("{name} has no place in the map: add it here and to ARCHITECTURE.md"));
        for dependency in package["dependencies"].as_array().expect("dependencies") {
            let for_tests = dependency["kind"] == "dev";
            let dependency = dependency["name"].as_str().expect("a name");
            if for_tests && dependency == FOR_TESTS {
                continue;
            }
            let own = dependency.starts_with("prove");
            assert!(!own || allowed.contains(&dependency), "{name} must not depend on {dependency}");
        }
    }
}

//! elan's own folders, read without running it.
//!
//! The `lean` and `lake` that elan puts on `PATH` download a missing toolchain when they are run. To find that out beforehand, and
//! to start workers without the detour, installed toolchains are looked up where elan keeps them.

use super::Environment;
use std::path::{Path, PathBuf};

/// Whether this program is one of elan's.
pub(super) fn is_proxy(program: &Path) -> bool {
    program.with_file_name("elan").is_file()
}

/// What elan knows of a toolchain.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Toolchain {
    /// Its folder.
    Installed(PathBuf),
    /// It names one version, which is not there.
    Missing,
    /// It names a channel such as `stable`, which only elan resolves.
    Channel,
}

/// Looks up the toolchain that a `lean-toolchain` names.
pub(super) fn toolchain(environment: &Environment, name: &str) -> Toolchain {
    let Some(toolchains) = environment.elan_home.as_ref().map(|home| home.join("toolchains")) else { return Toolchain::Channel };
    let candidates = [name.to_owned(), format!("leanprover/lean4:{name}"), format!("leanprover/lean4:v{name}")];
    let installed = candidates.iter().map(|name| toolchains.join(folder_name(name))).find(|folder| folder.join("bin/lean").is_file());
    match installed {
        Some(folder) => Toolchain::Installed(folder),
        None if is_channel(name) => Toolchain::Channel,
        None => Toolchain::Missing,
    }
}

/// elan's folder names hold no `/` and no `:`.
fn folder_name(name: &str) -> String {
    name.replace('/', "--").replace(':', "---")
}

fn is_channel(name: &str) -> bool {
    matches!(name.rsplit(':').next(), Some("stable" | "beta" | "nightly"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn toolchains_are_found_under_elans_names() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("toolchains/leanprover--lean4---v4.28.0");
        std::fs::create_dir_all(folder.join("bin")).unwrap();
        std::fs::write(folder.join("bin/lean"), "").unwrap();
        let environment = Environment { path: Default::default(), elan_home: Some(home.path().to_path_buf()) };
        for name in ["leanprover/lean4:v4.28.0", "v4.28.0", "4.28.0"] {
            assert_eq!(toolchain(&environment, name), Toolchain::Installed(folder.clone()), "{name}");
        }
        assert_eq!(toolchain(&environment, "leanprover/lean4:v4.29.0"), Toolchain::Missing);
        assert_eq!(toolchain(&environment, "stable"), Toolchain::Channel);
        assert_eq!(toolchain(&environment, "leanprover/lean4:nightly"), Toolchain::Channel);
    }
}

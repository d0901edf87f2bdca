//! A Lake project as far as it can be known without running Lake.
//!
//! Lake would download what is missing, minutes of it and unasked; so it is only run on a project whose dependencies are there.

use super::ToolchainError;
use serde::Deserialize;
use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

const LAKEFILES: [&str; 2] = ["lakefile.toml", "lakefile.lean"];
const MANIFEST: &str = "lake-manifest.json";

/// A folder with a lakefile and a `lean-toolchain`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// The folder.
    pub root: PathBuf,
    /// What `lean-toolchain` names.
    pub toolchain: String,
}

impl Project {
    /// The project of exactly this folder.
    pub fn at(root: &Path) -> Result<Self, ToolchainError> {
        let not_a_project = || ToolchainError::NotAProject { path: root.to_path_buf() };
        if !LAKEFILES.iter().any(|name| root.join(name).is_file()) {
            return Err(not_a_project());
        }
        let toolchain = fs::read_to_string(root.join("lean-toolchain")).map_err(|_| not_a_project())?;
        let root = std::path::absolute(root).map_err(|error| ToolchainError::Io { path: root.to_path_buf(), error })?;
        Ok(Project { root, toolchain: toolchain.trim().to_owned() })
    }

    /// The innermost project around a file or folder.
    pub fn around(path: &Path) -> Option<Self> {
        let path = std::path::absolute(path).ok()?;
        path.ancestors().find_map(|folder| Project::at(folder).ok())
    }

    /// A name for its dependencies in their revisions, where its manifest lists any.
    pub fn dependencies(&self) -> Option<String> {
        let packages = self.manifest().ok()?.packages;
        let mut hasher = blake3::Hasher::new();
        for Package { name, rev, .. } in &packages {
            hasher.update(format!("{name} {rev:?}\n").as_bytes());
        }
        (!packages.is_empty()).then(|| hasher.finalize().to_hex()[..12].to_owned())
    }

    fn manifest(&self) -> std::io::Result<Manifest> {
        let bytes = fs::read(self.root.join(MANIFEST))?;
        serde_json::from_slice(&bytes).map_err(|error| std::io::Error::new(ErrorKind::InvalidData, error))
    }

    /// Fails with the first dependency that is not downloaded.
    pub(super) fn require_dependencies(&self) -> Result<(), ToolchainError> {
        let missing = |package: &str| ToolchainError::NotBuilt { project: self.root.clone(), package: package.to_owned() };
        let manifest = match self.manifest() {
            Ok(manifest) => manifest,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return if self.requires_something() { Err(missing("list (lake-manifest.json)")) } else { Ok(()) };
            }
            Err(error) => return Err(ToolchainError::Io { path: self.root.join(MANIFEST), error }),
        };
        let folder = self.root.join(manifest.packages_dir.as_deref().unwrap_or(Path::new(".lake/packages")));
        let absent = manifest.packages.iter().find(|package| package.kind == "git" && !folder.join(&package.name).is_dir());
        absent.map_or(Ok(()), |package| Err(missing(&package.name)))
    }

    /// Whether the lakefile mentions a dependency. Lake writes a manifest for those; without one nothing is downloaded either.
    fn requires_something(&self) -> bool {
        LAKEFILES.iter().any(|name| fs::read_to_string(self.root.join(name)).is_ok_and(|text| text.contains("require")))
    }
}

#[derive(Deserialize)]
struct Manifest {
    #[serde(rename = "packagesDir")]
    packages_dir: Option<PathBuf>,
    #[serde(default)]
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    #[serde(rename = "type", default)]
    kind: String,
    /// The commit, where it is a repository.
    rev: Option<String>,
}

//! The one folder everything fetched lives in.
//!
//! ```text
//! $PROVE_HOME                       default: the platform's cache folder, `~/.cache/prove` on Linux
//! ├── npm-cache/                    only while a package is being fetched, so that a killed download is not lost
//! ├── lean-embedded/
//! │   ├── <integrity>.lock          held by whoever works on the folder beside it
//! │   └── <integrity>/              first 16 hex digits of the package's SHA-512
//! │       ├── lean.wasm
//! │       ├── lib/lean/**.olean
//! │       ├── ready.json            stamp of the two above, written after both are verified
//! │       └── prepared/
//! │           ├── <host key>/       what the host makes of `lean.wasm`
//! │           └── <host key>.json   its stamp
//! └── onnxruntime/
//!     ├── <version>.lock
//!     ├── <version>/                the shared library
//!     └── <version>.json            its stamp
//! ```
//!
//! Names ending in `.partial-<pid>` are work in progress; whoever takes the lock next removes those of dead processes.

use crate::ProvisionError;
use std::path::{Path, PathBuf};

/// The variable that overrides the default place.
pub const HOME_VARIABLE: &str = "PROVE_HOME";

/// The cache folder. It need not exist yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    root: PathBuf,
}

impl Home {
    /// The folder named by `PROVE_HOME`, else `prove` in the platform's cache folder.
    pub fn from_environment() -> Result<Self, ProvisionError> {
        let root = match std::env::var_os(HOME_VARIABLE).filter(|value| !value.is_empty()) {
            Some(root) => PathBuf::from(root),
            None => dirs::cache_dir().ok_or(ProvisionError::NoHome)?.join("prove"),
        };
        // An absolute path, because workers run in other directories.
        Ok(Home::at(std::path::absolute(&root).map_err(ProvisionError::at(&root))?))
    }

    /// A given folder.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Home { root: root.into() }
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn npm_cache(&self) -> PathBuf {
        self.root.join("npm-cache")
    }

    pub(crate) fn embedded(&self) -> PathBuf {
        self.root.join("lean-embedded")
    }

    pub(crate) fn onnxruntime(&self) -> PathBuf {
        self.root.join("onnxruntime")
    }
}

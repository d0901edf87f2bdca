//! Unpacking Lean's compiled library, with every entry of the archive looked at before it is written.

use crate::{
    Event, Observer, ProvisionError, Step, TreePin, disk,
    integrity::{combine, expect},
};
use flate2::read::GzDecoder;
use rayon::prelude::*;
use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, BufReader, Read, Write},
    path::{Component, Path},
};

/// Unpacks `archive` into the new folder `target` and compares the whole with the pin. On an error the folder is worth nothing.
pub(crate) fn unpack(archive: &Path, target: &Path, pin: &TreePin, observer: &dyn Observer) -> Result<blake3::Hash, ProvisionError> {
    let damaged = |detail: String| ProvisionError::Archive { path: archive.to_path_buf(), detail };
    let file = File::open(archive).map_err(ProvisionError::at(archive))?;
    let mut tar = tar::Archive::new(GzDecoder::new(BufReader::new(file)));
    disk::create_dir(target)?;
    let mut hashes = BTreeMap::new();
    let mut done = 0;
    for entry in tar.entries().map_err(|error| damaged(error.to_string()))? {
        let mut entry = entry.map_err(|error| damaged(error.to_string()))?;
        let path = entry.path().map_err(|error| damaged(error.to_string()))?.into_owned();
        let name = relative(&path).ok_or_else(|| damaged(format!("it holds the path {}", path.display())))?;
        if is_apple_double(&name) {
            continue;
        }
        let kind = entry.header().entry_type();
        if kind.is_dir() {
            disk::create_dir(&target.join(&name))?;
            continue;
        }
        if !kind.is_file() {
            return Err(damaged(format!("{name} is neither a file nor a folder")));
        }
        done += entry.size();
        if done > pin.bytes {
            return Err(damaged(format!("it holds more than the {} bytes expected", pin.bytes)));
        }
        let hash = write_file(&mut entry, &target.join(&name), &damaged)?;
        if hashes.insert(name.clone(), hash).is_some() {
            return Err(damaged(format!("it holds {name} twice")));
        }
        observer.event(Event::Progress { step: Step::Unpack, done });
    }
    // After the last file and not after each: the disk then takes them together.
    hashes.par_iter().try_for_each(|(name, _)| disk::sync(&target.join(name)))?;
    let hash = combine(hashes.iter().map(|(name, hash)| (name.as_str(), *hash)));
    expect("the unpacked library of the embedded Lean", &pin.blake3, hash.to_hex().as_str())?;
    Ok(hash)
}

/// The path with `/` between its parts, or `None` where it would leave the folder.
fn relative(path: &Path) -> Option<String> {
    let mut parts = Vec::new();
    for component in path.components() {
        match component {
            Component::Normal(part) => parts.push(part.to_str()?),
            Component::CurDir => {}
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(parts.join("/"))
}

/// What macOS's `tar` adds to hold extended attributes; Lean would take `._Foo.olean` for a module.
fn is_apple_double(name: &str) -> bool {
    name.split('/').any(|part| part.starts_with("._"))
}

fn write_file(entry: &mut impl Read, target: &Path, damaged: &dyn Fn(String) -> ProvisionError) -> Result<blake3::Hash, ProvisionError> {
    if let Some(parent) = target.parent() {
        disk::create_dir(parent)?;
    }
    let mut out = File::options().write(true).create_new(true).open(target).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => damaged(format!("it holds {} twice", target.display())),
        _ => ProvisionError::at(target)(error),
    })?;
    let mut hasher = blake3::Hasher::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match entry.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => {
                hasher.update(&buffer[..count]);
                out.write_all(&buffer[..count]).map_err(ProvisionError::at(target))?;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(damaged(error.to_string())),
        }
    }
    Ok(hasher.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_leave_the_folder_are_refused() {
        assert_eq!(relative(Path::new("./Init/Prelude.olean")).as_deref(), Some("Init/Prelude.olean"));
        assert_eq!(relative(Path::new("./")).as_deref(), Some(""));
        for path in ["../x", "Init/../../x", "/etc/x"] {
            assert_eq!(relative(Path::new(path)), None, "{path}");
        }
    }

    #[test]
    fn apple_double_is_seen_in_any_part() {
        assert!(is_apple_double("._Init") && is_apple_double("Init/._Prelude.olean") && is_apple_double("._Init/Prelude.olean"));
        assert!(!is_apple_double("Init/Prelude.olean"));
    }
}

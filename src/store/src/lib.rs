//! Run directories: what a command has finished, so that a killed run goes on where it was.
//!
//! A run is a folder with one append-only file, `results.jsonl`: one line for each finished piece of work, with the hash of
//! everything its result depends on. A line is written with one `write` and flushed to the disk before the result counts as
//! finished; a line cut short by a kill or a power failure is dropped when the run is opened again.

use serde::{Serialize, de::DeserializeOwned};
use std::{
    collections::HashMap,
    fs::{File, OpenOptions, TryLockError},
    io::{Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

/// Why a run cannot be opened or added to.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Reading or writing failed.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Another process is at work in the folder.
    #[error("{}: another prove is at work in this run; wait for it or take another folder", path.display())]
    Locked {
        /// The folder.
        path: PathBuf,
    },
    /// A whole line is not what this program writes.
    #[error("{}: line {line} is not a result of this program ({reason}); take another folder", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
}

/// Identifies a piece of work by the hash of all it depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key(blake3::Hash);

impl Key {
    /// The key of work that depends on these texts, in this order.
    pub fn of<'a>(parts: impl IntoIterator<Item = &'a str>) -> Key {
        let mut hasher = blake3::Hasher::new();
        for part in parts {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
        Key(hasher.finalize())
    }
}

#[derive(serde::Serialize, serde::Deserialize)]
struct Line<T> {
    key: String,
    result: T,
}

/// A run directory, held by this process alone.
#[derive(Debug)]
pub struct Run<T> {
    path: PathBuf,
    file: Mutex<File>,
    finished: HashMap<String, T>,
}

impl<T: Serialize + DeserializeOwned> Run<T> {
    /// Opens the run in `folder`, which is made if need be.
    pub fn open(folder: &Path) -> Result<Run<T>, StoreError> {
        let io = |path: &Path| {
            let path = path.to_owned();
            move |source| StoreError::Io { path, source }
        };
        std::fs::create_dir_all(folder).map_err(io(folder))?;
        let path = folder.join("results.jsonl");
        let open = OpenOptions::new().read(true).append(true).create(true).open(&path);
        let mut file = open.map_err(io(&path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(StoreError::Locked { path: folder.to_owned() }),
            Err(TryLockError::Error(source)) => return Err(StoreError::Io { path, source }),
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(io(&path))?;
        let whole = bytes.iter().rposition(|&b| b == b'\n').map_or(0, |at| at + 1);
        if whole < bytes.len() {
            file.set_len(whole as u64).map_err(io(&path))?;
            file.seek(SeekFrom::End(0)).map_err(io(&path))?;
        }
        let finished = lines(&path, &bytes[..whole])?.into_iter().map(|line| (line.key, line.result)).collect();
        Ok(Run { path, file: Mutex::new(file), finished })
    }

    /// All results of a run that nobody is at work in, in the order in which they were finished.
    pub fn results(folder: &Path) -> Result<Vec<T>, StoreError> {
        let path = folder.join("results.jsonl");
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(source) => return Err(StoreError::Io { path, source }),
        };
        Ok(lines(&path, &bytes)?.into_iter().map(|line| line.result).collect())
    }

    /// The result of a piece of work that an earlier process of this run finished.
    pub fn finished(&self, key: Key) -> Option<&T> {
        self.finished.get(key.0.to_hex().as_str())
    }

    /// Records a result; it is on the disk when this returns.
    pub fn record(&self, key: Key, result: &T) -> Result<(), StoreError> {
        let io = |source| StoreError::Io { path: self.path.clone(), source };
        let line = Line { key: key.0.to_hex().to_string(), result };
        let mut bytes = serde_json::to_vec(&line).map_err(|error| io(error.into()))?;
        bytes.push(b'\n');
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.write_all(&bytes).and_then(|()| file.sync_data()).map_err(io)
    }
}

/// The lines of a file of results that are whole.
fn lines<T: DeserializeOwned>(path: &Path, bytes: &[u8]) -> Result<Vec<Line<T>>, StoreError> {
    let whole = bytes.iter().rposition(|&b| b == b'\n').map_or(0, |at| at + 1);
    let numbered = bytes[..whole].split(|&b| b == b'\n').enumerate().filter(|(_, line)| !line.is_empty());
    let foreign = |line: usize, reason: String| StoreError::Foreign { path: path.to_owned(), line, reason };
    numbered.map(|(n, line)| serde_json::from_slice(line).map_err(|error| foreign(n + 1, error.to_string()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_recorded_is_found_again_and_a_cut_line_is_dropped() {
        let folder = tempfile::tempdir().expect("a folder");
        let (one, two) = (Key::of(["a", "b"]), Key::of(["ab", ""]));
        assert_ne!(one, two, "parts do not run together");
        let run: Run<Vec<u32>> = Run::open(folder.path()).expect("it opens");
        run.record(one, &vec![1, 2]).expect("it records");
        run.record(two, &vec![3]).expect("it records");
        assert!(matches!(Run::<Vec<u32>>::open(folder.path()), Err(StoreError::Locked { .. })));
        drop(run);
        let path = folder.path().join("results.jsonl");
        let bytes = std::fs::read(&path).expect("it is there");
        for cut in 0..bytes.len() {
            std::fs::write(&path, &bytes[..cut]).expect("it is written");
            let run: Run<Vec<u32>> = Run::open(folder.path()).expect("a cut file opens");
            let first_line = bytes.iter().position(|&b| b == b'\n').expect("a line") + 1;
            assert_eq!(run.finished(one).is_some(), cut >= first_line);
            assert_eq!(run.finished(two), None);
            run.record(two, &vec![3]).expect("it goes on");
            drop(run);
            let run: Run<Vec<u32>> = Run::open(folder.path()).expect("it opens again");
            assert_eq!(run.finished(two), Some(&vec![3]));
            let all = if cut >= first_line { vec![vec![1, 2], vec![3]] } else { vec![vec![3]] };
            assert_eq!(Run::<Vec<u32>>::results(folder.path()).expect("they are read"), all);
        }
    }

    #[test]
    fn numbers_come_back_to_the_last_digit() {
        let folder = tempfile::tempdir().expect("a folder");
        let numbers: Vec<f64> = (1..1000).map(|n| (f64::from(n) / 1000.0).ln()).collect();
        Run::open(folder.path()).and_then(|run| run.record(Key::of(["numbers"]), &numbers)).expect("it records");
        let run: Run<Vec<f64>> = Run::open(folder.path()).expect("it opens");
        assert_eq!(run.finished(Key::of(["numbers"])), Some(&numbers));
    }

    #[test]
    fn a_file_of_something_else_is_refused_with_its_line() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("results.jsonl"), "{\"key\":\"k\",\"result\":1}\nhello\n").expect("written");
        assert!(matches!(Run::<u32>::open(folder.path()), Err(StoreError::Foreign { line: 2, .. })));
    }
}

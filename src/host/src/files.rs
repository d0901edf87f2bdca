//! The guest's file system: the Lean library, read-only, and a small folder in memory. Nothing else of the host exists for it.
//!
//! * `/lib/lean/…` is the library folder of the host, read-only; paths are resolved by us and cannot leave it.
//! * `/work/…` and `/tmp/…` live in memory, are quota-bound, and vanish with the process, except files named as outputs.
//! * File descriptors 0, 1 and 2 are the process's own standard streams.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{Read, Write},
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// WASI error numbers, as Emscripten's libc uses them.
pub(crate) mod errno {
    pub(crate) const BADF: i32 = 8;
    pub(crate) const EXIST: i32 = 20;
    pub(crate) const INVAL: i32 = 28;
    pub(crate) const IO: i32 = 29;
    pub(crate) const ISDIR: i32 = 31;
    pub(crate) const NOENT: i32 = 44;
    pub(crate) const NOSPC: i32 = 51;
    pub(crate) const NOSYS: i32 = 52;
    pub(crate) const NOTDIR: i32 = 54;
    pub(crate) const NOTTY: i32 = 59;
    pub(crate) const RANGE: i32 = 68;
    pub(crate) const ROFS: i32 = 69;
    pub(crate) const SPIPE: i32 = 70;
}

type Result<T> = std::result::Result<T, i32>;

/// Where the library is for the guest.
pub(crate) const LIBRARY: &str = "/lib/lean";
/// The guest's working folder.
pub(crate) const WORK: &str = "/work";
/// Lean reads its random bytes here.
const RANDOM: &str = "/dev/urandom";
/// All files in memory together, bytes.
const QUOTA: usize = 512 << 20;

type Content = Arc<Mutex<Vec<u8>>>;

enum Open {
    Stdin,
    Stdout,
    Stderr,
    Host { file: fs::File, position: u64 },
    Memory { content: Content, position: u64, append: bool },
    Folder { entries: Vec<(String, bool)>, position: usize },
    Random,
}

/// What `stat` reports.
pub(crate) struct Stat {
    pub(crate) folder: bool,
    pub(crate) size: u64,
    pub(crate) seconds: u64,
    pub(crate) inode: u64,
}

/// All open files and files in memory of one guest.
pub(crate) struct Files {
    library: PathBuf,
    state: Mutex<State>,
}

struct State {
    open: Vec<Option<Arc<Mutex<Open>>>>,
    memory: BTreeMap<String, Content>,
    folders: BTreeSet<String>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// `open(2)` flags of musl.
pub(crate) mod flags {
    pub(crate) const ACCESS: i32 = 3;
    pub(crate) const CREATE: i32 = 0o100;
    pub(crate) const EXCLUSIVE: i32 = 0o200;
    pub(crate) const TRUNCATE: i32 = 0o1000;
    pub(crate) const APPEND: i32 = 0o2000;
}

enum Node {
    Random,
    Host(PathBuf),
    Memory(Content),
    Folder,
}

impl Files {
    /// A file system over `library`, with `inputs` (guest path, content) in memory.
    pub(crate) fn new(library: &Path, inputs: Vec<(String, Vec<u8>)>) -> Files {
        let standard = [Open::Stdin, Open::Stdout, Open::Stderr].into_iter().map(|o| Some(Arc::new(Mutex::new(o)))).collect();
        let memory: BTreeMap<String, Content> = inputs.into_iter().map(|(path, bytes)| (path, Arc::new(Mutex::new(bytes)))).collect();
        let mut folders: BTreeSet<String> = ["/", "/bin", "/lib", WORK, "/tmp"].map(String::from).into();
        for path in memory.keys() {
            folders.extend(Path::new(path).ancestors().skip(1).filter_map(|p| p.to_str()).map(String::from));
        }
        Files { library: library.to_owned(), state: Mutex::new(State { open: standard, memory, folders }) }
    }

    /// `.` and `..` resolved; relative paths start in the working folder.
    fn normalise(path: &[u8]) -> Result<String> {
        let path = std::str::from_utf8(path).map_err(|_| errno::INVAL)?;
        let mut parts: Vec<&str> = Vec::new();
        let base = if path.starts_with('/') { "" } else { WORK };
        for part in base.split('/').chain(path.split('/')) {
            match part {
                "" | "." => {}
                ".." => drop(parts.pop()),
                part => parts.push(part),
            }
        }
        Ok(format!("/{}", parts.join("/")))
    }

    fn node(&self, path: &str) -> Result<Node> {
        if path == RANDOM {
            return Ok(Node::Random);
        }
        let state = lock(&self.state);
        if let Some(content) = state.memory.get(path) {
            return Ok(Node::Memory(content.clone()));
        }
        if state.folders.contains(path) {
            return Ok(Node::Folder);
        }
        drop(state);
        match path.strip_prefix(LIBRARY) {
            Some("") => Ok(Node::Host(self.library.clone())),
            Some(rest) if rest.starts_with('/') => Ok(Node::Host(self.library.join(&rest[1..]))),
            _ => Err(errno::NOENT),
        }
    }

    fn in_memory_folder(path: &str) -> bool {
        [WORK, "/tmp"].iter().any(|f| path.strip_prefix(f).is_some_and(|rest| rest.starts_with('/')))
    }

    pub(crate) fn open(&self, path: &[u8], flags: i32) -> Result<i32> {
        let path = Files::normalise(path)?;
        let writes = flags & flags::ACCESS != 0;
        let open = match self.node(&path) {
            Ok(Node::Memory(_)) if flags & flags::EXCLUSIVE != 0 && flags & flags::CREATE != 0 => return Err(errno::EXIST),
            Ok(Node::Memory(content)) => {
                if flags & flags::TRUNCATE != 0 {
                    lock(&content).clear();
                }
                Open::Memory { content, position: 0, append: flags & flags::APPEND != 0 }
            }
            Ok(_) if writes => return Err(errno::ROFS),
            Ok(Node::Random) => Open::Random,
            Ok(Node::Folder) => Open::Folder { entries: self.list(&path), position: 0 },
            Ok(Node::Host(host)) => {
                let metadata = fs::metadata(&host).map_err(|_| errno::NOENT)?;
                if metadata.is_dir() {
                    Open::Folder { entries: list_host(&host), position: 0 }
                } else {
                    Open::Host { file: fs::File::open(&host).map_err(|_| errno::NOENT)?, position: 0 }
                }
            }
            Err(_) if flags & flags::CREATE != 0 => {
                if !Files::in_memory_folder(&path) {
                    return Err(errno::ROFS);
                }
                let content = Content::default();
                lock(&self.state).memory.insert(path, content.clone());
                Open::Memory { content, position: 0, append: flags & flags::APPEND != 0 }
            }
            Err(error) => return Err(error),
        };
        let mut state = lock(&self.state);
        let open = Some(Arc::new(Mutex::new(open)));
        match state.open.iter().position(Option::is_none) {
            Some(fd) => {
                state.open[fd] = open;
                Ok(fd as i32)
            }
            None => {
                state.open.push(open);
                Ok(state.open.len() as i32 - 1)
            }
        }
    }

    fn list(&self, folder: &str) -> Vec<(String, bool)> {
        let state = lock(&self.state);
        let prefix = if folder == "/" { "/".to_owned() } else { format!("{folder}/") };
        let child = |path: &String| path.strip_prefix(&prefix).filter(|rest| !rest.is_empty() && !rest.contains('/')).map(String::from);
        let files = state.memory.keys().filter_map(child).map(|name| (name, false));
        files.chain(state.folders.iter().filter_map(child).map(|name| (name, true))).collect()
    }

    fn get(&self, fd: i32) -> Result<Arc<Mutex<Open>>> {
        let state = lock(&self.state);
        usize::try_from(fd).ok().and_then(|fd| state.open.get(fd)?.clone()).ok_or(errno::BADF)
    }

    pub(crate) fn close(&self, fd: i32) -> Result<()> {
        self.get(fd)?;
        lock(&self.state).open[fd as usize] = None;
        Ok(())
    }

    /// Reads at the file's position, or at `at` without moving it. Blocks on standard input.
    pub(crate) fn read(&self, fd: i32, into: &mut [u8], at: Option<u64>) -> Result<usize> {
        let open = self.get(fd)?;
        let mut open = lock(&open);
        match &mut *open {
            Open::Stdin => {
                drop(open);
                loop {
                    match std::io::stdin().lock().read(into) {
                        Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
                        result => return result.map_err(|_| errno::IO),
                    }
                }
            }
            Open::Stdout | Open::Stderr => Err(errno::BADF),
            Open::Random => {
                fill_random(into);
                Ok(into.len())
            }
            Open::Folder { .. } => Err(errno::ISDIR),
            Open::Host { file, position } => {
                let n = file.read_at(into, at.unwrap_or(*position)).map_err(|_| errno::IO)?;
                if at.is_none() {
                    *position += n as u64;
                }
                Ok(n)
            }
            Open::Memory { content, position, .. } => {
                let content = lock(content);
                let start = usize::try_from(at.unwrap_or(*position)).unwrap_or(usize::MAX).min(content.len());
                let n = into.len().min(content.len() - start);
                into[..n].copy_from_slice(&content[start..start + n]);
                if at.is_none() {
                    *position += n as u64;
                }
                Ok(n)
            }
        }
    }

    pub(crate) fn write(&self, fd: i32, bytes: &[u8]) -> Result<usize> {
        let open = self.get(fd)?;
        let mut open = lock(&open);
        match &mut *open {
            Open::Stdout => {
                let mut out = std::io::stdout().lock();
                out.write_all(bytes).and_then(|()| out.flush()).map_err(|_| errno::IO)?;
                Ok(bytes.len())
            }
            Open::Stderr => {
                std::io::stderr().write_all(bytes).map_err(|_| errno::IO)?;
                Ok(bytes.len())
            }
            Open::Stdin | Open::Random | Open::Host { .. } => Err(errno::BADF),
            Open::Folder { .. } => Err(errno::ISDIR),
            Open::Memory { content, position, append } => {
                let used: usize = lock(&self.state).memory.values().filter(|c| !Arc::ptr_eq(c, content)).map(|c| lock(c).len()).sum();
                let mut content = lock(content);
                let start = if *append { content.len() } else { usize::try_from(*position).map_err(|_| errno::NOSPC)? };
                let end = start.checked_add(bytes.len()).filter(|end| used + end <= QUOTA).ok_or(errno::NOSPC)?;
                if content.len() < end {
                    content.resize(end, 0);
                }
                content[start..end].copy_from_slice(bytes);
                *position = end as u64;
                Ok(bytes.len())
            }
        }
    }

    pub(crate) fn seek(&self, fd: i32, offset: i64, whence: i32) -> Result<u64> {
        let open = self.get(fd)?;
        let mut open = lock(&open);
        let (position, length) = match &mut *open {
            Open::Stdin | Open::Stdout | Open::Stderr | Open::Random => return Err(errno::SPIPE),
            Open::Folder { position, .. } => {
                *position = 0;
                return Ok(0);
            }
            Open::Host { file, position } => (position, file.metadata().map_err(|_| errno::IO)?.len()),
            Open::Memory { content, position, .. } => (position, lock(content).len() as u64),
        };
        let base = match whence {
            0 => 0,
            1 => *position,
            2 => length,
            _ => return Err(errno::INVAL),
        };
        *position = base.checked_add_signed(offset).ok_or(errno::INVAL)?;
        Ok(*position)
    }

    pub(crate) fn truncate(&self, fd: i32, length: i64) -> Result<()> {
        match &*lock(&*self.get(fd)?) {
            Open::Memory { content, .. } => {
                let length = usize::try_from(length).ok().filter(|&l| l <= QUOTA).ok_or(errno::NOSPC)?;
                lock(content).resize(length, 0);
                Ok(())
            }
            _ => Err(errno::INVAL),
        }
    }

    /// The next folder entries, at most `most`: name, and whether it is a folder.
    pub(crate) fn read_folder(&self, fd: i32, most: usize) -> Result<Vec<(String, bool)>> {
        match &mut *lock(&*self.get(fd)?) {
            Open::Folder { entries, position } => {
                let taken: Vec<_> = entries.iter().skip(*position).take(most).cloned().collect();
                *position += taken.len();
                Ok(taken)
            }
            _ => Err(errno::NOTDIR),
        }
    }

    pub(crate) fn stat(&self, path: &[u8]) -> Result<Stat> {
        let path = Files::normalise(path)?;
        match self.node(&path)? {
            Node::Random => Ok(Stat { folder: false, size: 0, seconds: 0, inode: 2 }),
            Node::Folder => Ok(Stat { folder: true, size: 4096, seconds: 0, inode: 1 }),
            Node::Memory(content) => Ok(memory_stat(&content)),
            Node::Host(host) => fs::metadata(host).map(|m| host_stat(&m)).map_err(|_| errno::NOENT),
        }
    }

    pub(crate) fn stat_open(&self, fd: i32) -> Result<Stat> {
        match &*lock(&*self.get(fd)?) {
            Open::Stdin | Open::Stdout | Open::Stderr | Open::Random => Ok(Stat { folder: false, size: 0, seconds: 0, inode: 2 }),
            Open::Folder { .. } => Ok(Stat { folder: true, size: 4096, seconds: 0, inode: 1 }),
            Open::Host { file, .. } => file.metadata().map(|m| host_stat(&m)).map_err(|_| errno::IO),
            Open::Memory { content, .. } => Ok(memory_stat(content)),
        }
    }

    pub(crate) fn unlink(&self, path: &[u8]) -> Result<()> {
        let path = Files::normalise(path)?;
        lock(&self.state).memory.remove(&path).map(drop).ok_or(errno::NOENT)
    }

    pub(crate) fn rename(&self, from: &[u8], to: &[u8]) -> Result<()> {
        let (from, to) = (Files::normalise(from)?, Files::normalise(to)?);
        if !Files::in_memory_folder(&to) {
            return Err(errno::ROFS);
        }
        let mut state = lock(&self.state);
        let content = state.memory.remove(&from).ok_or(errno::NOENT)?;
        state.memory.insert(to, content);
        Ok(())
    }

    pub(crate) fn make_folder(&self, path: &[u8]) -> Result<()> {
        let path = Files::normalise(path)?;
        if !Files::in_memory_folder(&path) {
            return Err(errno::ROFS);
        }
        if lock(&self.state).folders.insert(path) { Ok(()) } else { Err(errno::EXIST) }
    }

    /// The content of a file in memory, if it exists.
    pub(crate) fn content(&self, path: &str) -> Option<Vec<u8>> {
        lock(&self.state).memory.get(path).map(|content| lock(content).clone())
    }
}

/// "Random" bytes that are the same in every run: what Lean does with them must not make runs differ.
pub(crate) fn fill_random(into: &mut [u8]) {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    for byte in into {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        *byte = (state >> 32) as u8;
    }
}

fn list_host(folder: &Path) -> Vec<(String, bool)> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut entries: Vec<_> = entries.filter_map(|e| Some((e.file_name().into_string().ok()?, e.file_type().ok()?.is_dir()))).collect();
    entries.sort();
    entries
}

fn memory_stat(content: &Content) -> Stat {
    Stat { folder: false, size: lock(content).len() as u64, seconds: 0, inode: Arc::as_ptr(content) as u64 }
}

fn host_stat(metadata: &fs::Metadata) -> Stat {
    use std::os::unix::fs::MetadataExt;
    Stat { folder: metadata.is_dir(), size: metadata.len(), seconds: metadata.mtime().max(0) as u64, inode: metadata.ino() }
}

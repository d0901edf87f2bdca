//! What a peer is told to do wrong, and how often.
//!
//! A job's text names its fault on a line `-- fault KIND TOKEN`. The fault happens as many times as there are files
//! `TOKEN.0`, `TOKEN.1`, … in the test's folder: a peer that meets the line removes one of them and misbehaves, a peer that finds
//! none behaves. So a test decides whether the retry meets the fault again. Faults at the start of a process, which knows no text
//! yet, are files `start.KIND.N`.

use prove_lean::{LeanCommand, PoolConfig};
use std::{
    fs,
    num::NonZeroUsize,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering::Relaxed},
    time::{Duration, Instant},
};

/// The variable that makes this program a peer: `lsp` or `repl`.
pub(crate) const PEER: &str = "PROVE_TEST_PEER";
/// The variable with the test's folder. Everything a peer starts inherits it, which is how leftovers are found.
pub(crate) const FOLDER: &str = "PROVE_TEST_FOLDER";

/// What becomes of a job that meets a fault once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expected {
    /// The honest answer, at the same try or at a later one.
    Answer,
    /// A time-out: the worker was silent.
    Timeout,
}

/// The folder of one test.
pub(crate) struct Folder {
    path: tempfile::TempDir,
    starts: AtomicU32,
}

impl Folder {
    pub(crate) fn new() -> Folder {
        Folder { path: tempfile::tempdir().expect("a temporary folder"), starts: AtomicU32::new(0) }
    }

    /// The command line of a peer.
    pub(crate) fn peer(&self, kind: &str) -> LeanCommand {
        let program = std::env::current_exe().expect("this program's path");
        LeanCommand::new(program).env(PEER, kind).env(FOLDER, self.path.path())
    }

    /// Lets the fault of this token happen `times` times; the answer is the line for the job's text.
    pub(crate) fn fault(&self, kind: &str, token: &str, times: usize) -> String {
        for i in 0..times {
            fs::write(self.path.path().join(format!("{token}.{i}")), "").expect("a token");
        }
        format!("-- fault {kind} {token}\n")
    }

    /// Lets one of the next starts go wrong, once fewer than three such are waiting.
    pub(crate) async fn start_fault(&self, kind: &str) {
        while self.count("start.") >= 3 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let number = self.starts.fetch_add(1, Relaxed);
        fs::write(self.path.path().join(format!("start.{kind}.{number}")), "").expect("a token");
    }

    /// How many tokens are left whose name begins so.
    pub(crate) fn count(&self, prefix: &str) -> usize {
        let entries = fs::read_dir(self.path.path()).expect("the folder");
        entries.flatten().filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix)).count()
    }

    pub(crate) fn path(&self) -> &Path {
        self.path.path()
    }

    /// Fails unless every process that this test started, directly or not, ends soon.
    pub(crate) async fn assert_no_leftovers(&self) {
        let deadline = Instant::now() + Duration::from_secs(20);
        let mut left = processes_with(self.path.path());
        while !left.is_empty() {
            assert!(Instant::now() < deadline, "processes left behind: {left:?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
            left = processes_with(self.path.path());
        }
    }
}

/// Processes, zombies aside, whose environment names the folder.
pub(crate) fn processes_with(folder: &Path) -> Vec<PathBuf> {
    let marker = format!("{FOLDER}={}", folder.display());
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten().map(|entry| entry.path());
    processes
        .filter(|path| fs::read(path.join("environ")).is_ok_and(|vars| vars.split(|b| *b == 0).any(|var| var == marker.as_bytes())))
        .collect()
}

/// The fault that this peer is to show for `text`, if its token has a time left.
pub(crate) fn claim(text: &str) -> Option<String> {
    let folder = PathBuf::from(std::env::var_os(FOLDER)?);
    let (kind, token) = text.lines().find_map(|line| line.strip_prefix("-- fault ")?.split_once(' '))?;
    (0..64).any(|i| fs::remove_file(folder.join(format!("{token}.{i}"))).is_ok()).then(|| kind.to_owned())
}

/// The fault that this peer is to show at its start.
pub(crate) fn claim_start() -> Option<String> {
    let entries = fs::read_dir(std::env::var_os(FOLDER)?).ok()?;
    entries.flatten().find_map(|entry| {
        let name = entry.file_name().into_string().ok()?;
        let kind = name.strip_prefix("start.")?.split('.').next()?.to_owned();
        fs::remove_file(entry.path()).ok().map(|()| kind)
    })
}

/// Always the same numbers.
pub(crate) struct Random(u64);

impl Default for Random {
    fn default() -> Self {
        Random(0x9e37_79b9_7f4a_7c15)
    }
}

impl Random {
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }
}

/// What an honest peer says about a text, so that an answer to any other text is told from it.
pub(crate) fn honest_message(text: &str) -> String {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    format!("{} {hash:016x}", text.trim_end().lines().last().unwrap_or(""))
}

/// Whether an honest peer finds an error in a text.
pub(crate) fn is_bad(text: &str) -> bool {
    text.trim_end().ends_with("bad")
}

/// Dies as by the kernel's hand.
pub(crate) fn kill_self() -> ! {
    let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
    std::process::abort()
}

/// Stops as by a debugger's hand, and hangs if continued.
pub(crate) fn stop_self() -> ! {
    let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::STOP);
    hang()
}

pub(crate) fn hang() -> ! {
    loop {
        std::thread::park();
    }
}

/// A pool configuration for quick failures.
pub(crate) fn config(workers: usize) -> PoolConfig {
    PoolConfig {
        workers: NonZeroUsize::new(workers).expect("workers"),
        retries: 8,
        backoff: prove_lean::Backoff { first: Duration::from_millis(1), longest: Duration::from_millis(8) },
        spawn_timeout: Duration::from_secs(2),
        max_checks_per_worker: 100,
        ..PoolConfig::default()
    }
}

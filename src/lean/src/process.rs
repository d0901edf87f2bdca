//! A worker's operating-system process: its own process group, killed whole and reaped whatever happens.
//!
//! A group is signalled only while its leader is not reaped yet, so its number cannot have been given to a stranger. One small thread
//! per process waits for the leader to end, kills what is left of the group, and only then reaps it; so nothing depends on an async
//! runtime being alive, and no zombie stays behind.

use crate::{LeanCommand, MemoryGauge, WorkerError};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};
use std::{
    collections::VecDeque,
    io::Read,
    os::unix::process::CommandExt,
    process::{Child, Stdio},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};
use tokio::process::{ChildStdin, ChildStdout};

/// How much of a worker's standard error is kept for its last words.
const LAST_WORDS: usize = 4 << 10;

/// A running process and its group. Dropping it kills the group.
#[derive(Debug)]
pub struct LeanProcess {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    leader: Pid,
    /// How the leader ended, as text, once it has been reaped.
    ended: Mutex<Option<String>>,
    ended_signal: Condvar,
    stderr: Mutex<Tail>,
    members: Mutex<Members>,
}

/// The standard error read so far, and whether it has been closed.
#[derive(Debug, Default)]
struct Tail {
    bytes: VecDeque<u8>,
    closed: bool,
}

impl LeanProcess {
    /// Starts `command` in a new process group, with pipes to its standard streams. Needs a tokio runtime.
    pub fn spawn(command: &LeanCommand) -> Result<(LeanProcess, ChildStdin, ChildStdout), WorkerError> {
        LeanProcess::start(command, Stdio::piped())
    }

    /// The same with our own standard error for its, for a process that has something to say to people.
    pub fn spawn_talking(command: &LeanCommand) -> Result<(LeanProcess, ChildStdin, ChildStdout), WorkerError> {
        LeanProcess::start(command, Stdio::inherit())
    }

    fn start(command: &LeanCommand, stderr: Stdio) -> Result<(LeanProcess, ChildStdin, ChildStdout), WorkerError> {
        let failed = |what: &dyn std::fmt::Display| WorkerError::Spawn(format!("{command}: {what}"));
        let mut child = command
            .to_command()
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(stderr)
            .spawn()
            .map_err(|error| failed(&error))?;
        let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let leader = Pid::from_child(&child);
        let shared = Arc::new(Shared {
            leader,
            ended: Mutex::default(),
            ended_signal: Condvar::new(),
            stderr: Mutex::default(),
            members: Mutex::default(),
        });
        // From here on a dropped `process` kills what was started.
        let process = LeanProcess { shared: Arc::clone(&shared) };
        let reaper = Arc::clone(&shared);
        std::thread::Builder::new().name("lean-reaper".into()).spawn(move || reaper.reap(child)).map_err(|error| {
            // Without the thread nobody will reap it, but it must not run on.
            let _ = kill_process_group(leader, Signal::KILL);
            failed(&error)
        })?;
        let (Some(stdin), Some(stdout)) = (stdin, stdout) else { return Err(failed(&"no pipes")) };
        match stderr {
            Some(stderr) => {
                let drain = move || shared.drain(stderr);
                std::thread::Builder::new().name("lean-stderr".into()).spawn(drain).map_err(|error| failed(&error))?;
            }
            None => lock(&shared.stderr).closed = true,
        }
        let stdin = ChildStdin::from_std(stdin).map_err(|error| failed(&error))?;
        let stdout = ChildStdout::from_std(stdout).map_err(|error| failed(&error))?;
        Ok((process, stdin, stdout))
    }

    /// Kills the whole group at once. Harmless when it has ended.
    pub(crate) fn kill(&self) {
        self.shared.kill();
    }

    /// The error for a worker whose output ended: waits a moment for the exit status and the last words, then kills the group.
    pub async fn died(&self) -> WorkerError {
        let shared = Arc::clone(&self.shared);
        let post_mortem = tokio::task::spawn_blocking(move || shared.post_mortem(Duration::from_millis(500)));
        post_mortem.await.unwrap_or_else(|error| WorkerError::Died { status: "unknown".into(), stderr: error.to_string() })
    }

    /// Reads the resident memory of the group; see [`Members::resident_bytes`].
    pub(crate) fn memory_gauge(&self) -> MemoryGauge {
        let shared = Arc::clone(&self.shared);
        Arc::new(move || shared.resident_bytes())
    }

    /// Resident memory of the group in bytes; `None` once it has ended, and where the system does not say.
    pub(crate) fn resident_bytes(&self) -> Option<u64> {
        self.shared.resident_bytes()
    }
}

impl Drop for LeanProcess {
    fn drop(&mut self) {
        self.kill();
    }
}

impl Shared {
    fn kill(&self) {
        let ended = lock(&self.ended);
        if ended.is_none() {
            // It fails only where the group is gone already.
            let _ = kill_process_group(self.leader, Signal::KILL);
        }
    }

    /// Waits for the leader's end without reaping it, kills the rest of its group, and reaps it.
    fn reap(&self, mut child: Child) {
        while let Err(rustix::io::Errno::INTR) = waitid(WaitId::Pid(self.leader), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT) {}
        let mut ended = lock(&self.ended);
        let _ = kill_process_group(self.leader, Signal::KILL);
        *ended = Some(child.wait().map_or_else(|error| error.to_string(), |status| status.to_string()));
        self.ended_signal.notify_all();
    }

    /// Reads standard error to its end, keeping the last of it.
    fn drain(&self, mut stderr: impl Read) {
        let mut chunk = [0; 4096];
        while let Ok(n @ 1..) = stderr.read(&mut chunk) {
            let mut tail = lock(&self.stderr);
            tail.bytes.extend(&chunk[..n]);
            let surplus = tail.bytes.len().saturating_sub(LAST_WORDS);
            tail.bytes.drain(..surplus);
        }
        lock(&self.stderr).closed = true;
        self.ended_signal.notify_all();
    }

    fn post_mortem(&self, patience: Duration) -> WorkerError {
        let deadline = Instant::now() + patience;
        let mut ended = lock(&self.ended);
        while ended.is_none() || !lock(&self.stderr).closed {
            let Some(left) = deadline.checked_duration_since(Instant::now()) else { break };
            // Waits are short because the end of standard error is signalled without this lock.
            let wait = left.min(Duration::from_millis(5));
            ended = self.ended_signal.wait_timeout(ended, wait).unwrap_or_else(PoisonError::into_inner).0;
        }
        let status = ended.clone().unwrap_or_else(|| "still running, its output closed".into());
        drop(ended);
        self.kill();
        let bytes: Vec<u8> = lock(&self.stderr).bytes.iter().copied().collect();
        WorkerError::Died { status, stderr: String::from_utf8_lossy(&bytes).trim().to_owned() }
    }

    fn resident_bytes(&self) -> Option<u64> {
        let ended = lock(&self.ended);
        if ended.is_some() { None } else { lock(&self.members).resident_bytes(self.leader) }
    }
}

/// A lock that does not care whether a holder panicked: what these locks guard is whole after every statement.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The processes of a group as last listed. Listing reads every process of the machine, which costs milliseconds, so it is done
/// once in [`Members::AGE`] only; a process started since is counted from the next time on.
#[derive(Debug, Default)]
#[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "only Linux is asked"))]
struct Members {
    listed: Option<Instant>,
    pids: Vec<i32>,
}

#[cfg(target_os = "linux")]
impl Members {
    const AGE: Duration = Duration::from_secs(1);

    /// The sum of the resident pages of all processes in `group`. Pages that they share are counted for each.
    fn resident_bytes(&mut self, group: Pid) -> Option<u64> {
        if self.listed.is_none_or(|listed| listed.elapsed() >= Self::AGE) {
            let entries = std::fs::read_dir("/proc").ok()?.flatten();
            self.pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect();
            self.listed = Some(Instant::now());
        }
        let page = rustix::param::page_size() as u64;
        let group = group.as_raw_nonzero().get();
        let mut total = None;
        self.pids.retain(|pid| match resident_pages(*pid, group) {
            Some(pages) => {
                *total.get_or_insert(0) += pages * page;
                true
            }
            None => false,
        });
        total
    }
}

/// The resident pages of a process, if it is one of `group`.
#[cfg(target_os = "linux")]
fn resident_pages(pid: i32, group: i32) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // `pid (name) state parent group …`; the name may hold anything, so the fields count from its last parenthesis.
    let mut fields = stat.rsplit(')').next()?.split_whitespace();
    let its_group: i32 = fields.nth(2)?.parse().ok()?;
    // The resident pages are field 24 of the whole line.
    if its_group == group { fields.nth(18)?.parse().ok() } else { None }
}

#[cfg(not(target_os = "linux"))]
impl Members {
    fn resident_bytes(&mut self, _group: Pid) -> Option<u64> {
        None
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use tokio::io::{AsyncBufReadExt, BufReader};

    fn sh(script: &str) -> LeanCommand {
        LeanCommand::new("/bin/sh").args(["-c", script])
    }

    /// Whether a process exists that is not a zombie waiting for someone else.
    fn alive(pid: i32) -> bool {
        std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.rsplit(')').next().unwrap_or("").starts_with(" Z"))
    }

    async fn wait_until(mut condition: impl FnMut() -> bool) {
        for _ in 0..2000 {
            if condition() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("waited in vain");
    }

    #[tokio::test]
    async fn dropping_kills_the_whole_group_and_leaves_no_zombie() {
        let (process, _stdin, stdout) = LeanProcess::spawn(&sh("sleep 1000 & echo $!; trap '' TERM INT; wait")).unwrap();
        let grandchild: i32 = BufReader::new(stdout).lines().next_line().await.unwrap().unwrap().parse().unwrap();
        let leader = process.shared.leader.as_raw_nonzero().get();
        assert!(alive(grandchild) && alive(leader));
        assert!(process.resident_bytes().unwrap() > 100_000);
        let gauge = process.memory_gauge();
        drop(process);
        wait_until(|| !alive(grandchild) && !std::path::Path::new(&format!("/proc/{leader}")).exists()).await;
        assert_eq!(gauge(), None);
    }

    #[tokio::test]
    async fn a_leader_that_ends_takes_its_group_along() {
        let (process, _stdin, stdout) = LeanProcess::spawn(&sh("sleep 1000 & echo $!; echo last words >&2; exit 3")).unwrap();
        let grandchild: i32 = BufReader::new(stdout).lines().next_line().await.unwrap().unwrap().parse().unwrap();
        let WorkerError::Died { status, stderr } = process.died().await else { panic!() };
        assert_eq!((status.as_str(), stderr.as_str()), ("exit status: 3", "last words"));
        wait_until(|| !alive(grandchild)).await;
    }

    #[tokio::test]
    async fn only_the_end_of_standard_error_is_kept() {
        let (process, _stdin, _stdout) = LeanProcess::spawn(&sh("yes line | head -c 3000000 >&2; echo the end >&2; kill -9 $$")).unwrap();
        wait_until(|| lock(&process.shared.ended).is_some()).await;
        let WorkerError::Died { status, stderr } = process.died().await else { panic!() };
        assert_eq!(status, "signal: 9 (SIGKILL)");
        assert!(stderr.ends_with("the end") && stderr.len() <= LAST_WORDS);
    }

    #[tokio::test]
    async fn a_missing_program_is_a_spawn_error() {
        let error = LeanProcess::spawn(&LeanCommand::new("/nonexistent/lean")).unwrap_err();
        assert!(matches!(&error, WorkerError::Spawn(text) if text.contains("/nonexistent/lean")), "{error}");
    }
}

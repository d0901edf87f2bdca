//! What a Lean worker is to the rest of the crate: it is given a text and answers with an elaboration.
//!
//! Three kinds exist: the language-server session over the embedded Lean, the same session over a native Lean, and the JSON
//! protocol of leanprover-community/repl. The pool and the judge know only the traits here.

use prove_core::{Elaboration, Position, ProofState};
use serde::{Deserialize, Serialize};
use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

/// A future that owns nothing but its worker's borrow.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// One text to elaborate. The file is `header` followed by `body`; workers keep warm what they elaborated of the header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Imports and everything before the part that changes from job to job. The pool sends equal headers to the same worker.
    pub header: Arc<str>,
    /// The rest of the file.
    pub body: Arc<str>,
    /// Also report the tactic spans of the body's proofs.
    pub tactics: bool,
    /// Also report the goals at these places of the whole file.
    pub goals_at: Vec<Position>,
    /// Limits of this job.
    pub limits: Limits,
}

/// Limits of one job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Wall time; past it the job is a timeout and the worker is replaced.
    pub wall: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { wall: Duration::from_secs(60) }
    }
}

/// A worker's answer to a [`Job`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Diagnostics and, if asked for, tactic spans.
    pub elaboration: Elaboration,
    /// Goals at `Job::goals_at`, in its order; `None` where no tactic block is.
    pub goals: Vec<Option<ProofState>>,
    /// Milliseconds from sending the text to the final diagnostics.
    pub millis: f64,
}

/// Why a worker gave no answer. Every kind but `Timeout` is the machinery's fault, retried elsewhere, and never a rejection.
#[derive(Debug, thiserror::Error)]
pub enum WorkerError {
    /// The job ran past its wall limit. The worker cannot be used again.
    #[error("the check ran past its limit of {limit:?}")]
    Timeout {
        /// The limit.
        limit: Duration,
    },
    /// The worker's process could not be started.
    #[error("cannot start the Lean worker: {0}")]
    Spawn(String),
    /// The worker's process ended in the middle of its work.
    #[error("the Lean worker ended unexpectedly ({status}); its last words: {stderr}")]
    Died {
        /// Exit status or signal, as text.
        status: String,
        /// The end of its standard error.
        stderr: String,
    },
    /// The worker broke its protocol.
    #[error("the Lean worker broke its protocol: {0}")]
    Protocol(String),
    /// Reading or writing its pipes failed.
    #[error("the pipe to the Lean worker failed: {0}")]
    Io(#[from] std::io::Error),
    /// The worker is on another machine, and no answer came from there, or none of use.
    #[error("no other machine made the check: {0}")]
    Remote(String),
}

/// One warm worker. Dropping it kills its whole process group.
pub trait Worker: Send {
    /// Elaborates one text. After any error the worker is not used again.
    fn check<'a>(&'a mut self, job: &'a Job) -> BoxFuture<'a, Result<Report, WorkerError>>;

    /// Whether the worker counts a job's wall time itself: one that may have to wait for its turn.
    fn keeps_time(&self) -> bool {
        false
    }

    /// Resident memory of the worker's process group in bytes, where it can be read.
    fn resident_bytes(&self) -> Option<u64>;

    /// A reader of the same number for use while a check runs, which borrows the worker. `None`: read between checks only.
    fn memory_gauge(&self) -> Option<MemoryGauge> {
        None
    }
}

/// Reads the resident memory of a worker's process group; `None` once it is gone.
pub type MemoryGauge = Arc<dyn Fn() -> Option<u64> + Send + Sync>;

/// Starts workers of one kind.
pub trait Spawner: Send + Sync {
    /// A new worker, ready for its first job, with `header` elaborated if that can be done ahead.
    fn spawn<'a>(&'a self, header: &'a str) -> BoxFuture<'a, Result<Box<dyn Worker>, WorkerError>>;
}

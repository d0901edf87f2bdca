//! Lean for `prove`: toolchains, worker sessions, the worker pool and the judge.

mod command;
mod judge;
pub mod lsp;
mod pool;
mod process;
pub mod repl;
pub mod sandbox;
mod session;
mod spans;
pub mod toolchain;
mod worker;

pub use command::LeanCommand;
pub use judge::{Audit, Certificate, Judge, JudgeLimits, Judged, Preamble, Text, Trusted};
pub use pool::{Backoff, Lease, Outcome, PoolConfig, PoolStats, Shutdown, WorkerPool};
pub use process::LeanProcess;
pub use session::{Session, SessionSpawner, goal_text::parse_state, imports::import_tokens};
pub use worker::{BoxFuture, Job, Limits, MemoryGauge, Report, Spawner, Worker, WorkerError};

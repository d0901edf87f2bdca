//! Lean for `prove`: toolchains, worker sessions, the worker pool and the judge.

mod command;
mod pool;
mod worker;

pub use command::LeanCommand;
pub use pool::{Backoff, Lease, Outcome, PoolConfig, PoolStats, Shutdown, WorkerPool};
pub use worker::{BoxFuture, Job, Limits, MemoryGauge, Report, Spawner, Worker, WorkerError};

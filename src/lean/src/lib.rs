//! Lean for `prove`: toolchains, worker sessions, the worker pool and the judge.

mod worker;

pub use worker::{BoxFuture, Job, Limits, Report, Spawner, Worker, WorkerError};

//! Lean for `prove`: toolchains, worker sessions, the worker pool and the judge.

mod command;
mod worker;

pub use command::LeanCommand;
pub use worker::{BoxFuture, Job, Limits, Report, Spawner, Worker, WorkerError};

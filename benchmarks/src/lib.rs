//! Benchmarks of `prove`: suites of theorems ([`suite`]), runs of them that can be killed and taken up again ([`run`]), reports on them
//! ([`report`](mod@report)), and how fast the
//! machinery around Lean is ([`speed`]).

pub mod audit;
mod elaborate;
pub mod report;
pub mod run;
pub mod speed;
pub mod suite;
pub mod verify;

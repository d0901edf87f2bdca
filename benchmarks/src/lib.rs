//! Benchmarks of `prove`. So far: how fast the machinery around Lean is on this machine ([`speed`]).

pub mod speed;

//! Work spread over machines by a real NATS server: whole problems, and single Lean checks.

mod checks;
mod machines;
mod problems;

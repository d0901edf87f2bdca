//! Whole-program tests on a real Lean, and what they share: the embedded Lean in the test's own process, and the corpora.

pub mod attacks;
pub mod daemon;
pub mod lean;
pub mod native;
pub mod proofs;
pub mod verdict;

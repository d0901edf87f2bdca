//! Settles one `sorry`: `prove-search`'s algorithms over Lean and a prover model, with the judge's last word.
//!
//! The search crate knows neither Lean nor any model. Here are its [`ProofEnv`](prove_search::ProofEnv) over Lean workers ([`LeanEnv`]),
//! its [`Policy`](prove_search::Policy) over rules and a model ([`Proposers`]), and the strategies put together.

mod env;
mod holes;
mod target;

pub use env::LeanEnv;
pub use target::Target;

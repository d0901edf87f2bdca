//! The prover model: text in, text out, from a model on this machine or on a server.
//!
//! Whoever wants proofs builds a [`Request`] and gives it to a [`Generator`]. There are three: [`Engine`], which runs a model folder
//! on ONNX Runtime; [`remote`], a client of OpenAI-compatible servers; and [`scripted`], which answers from a list, for tests.
//! [`text`] holds what stands between text and tokens: tokenizer, detokeniser, chat templates and the published provers' prompts.
//!
//! The crate never prints. Everything a model writes is untrusted text.

mod decoder;
mod engine;
mod error;
mod folder;
mod generation;
mod healing;
mod options;
mod prefix;
mod request;
mod runtime;
mod sampling;
mod stop;

pub mod remote;
pub mod scripted;
pub mod text;

pub use engine::{Engine, Stats};
pub use error::ModelError;
pub use generation::{Event, Generation, Generator, Pending, Reply};
pub use options::{Device, EngineOptions};
pub use request::{Completion, FinishReason, Message, Prompt, Request, Role, Sample, Sampling, Token, Usage};
pub use runtime::LIBRARY_VARIABLE;

#[cfg(test)]
extern crate self as prove_model;
#[cfg(test)]
#[path = "../tests/common/mod.rs"]
mod testing;

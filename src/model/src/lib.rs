//! The prover model: text in, text out, from a model on this machine or on a server.
//!
//! Whoever wants proofs builds a [`Request`] and gives it to a [`Generator`]. There are three: the engine, which runs a model folder
//! on ONNX Runtime; [`remote`], a client of OpenAI-compatible servers; and [`scripted`], which answers from a list, for tests.
//! [`text`] holds what stands between text and tokens: tokenizer, detokeniser, chat templates and the published provers' prompts.
//!
//! The crate never prints. Everything a model writes is untrusted text.

mod error;
mod generation;
mod request;

pub mod remote;
pub mod scripted;
pub mod text;

pub use error::ModelError;
pub use generation::{Event, Generation, Generator, Pending, Reply};
pub use request::{Completion, FinishReason, Message, Prompt, Request, Role, Sample, Sampling, Token, Usage};

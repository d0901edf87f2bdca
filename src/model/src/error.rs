//! What can go wrong, each with the place and the remedy.

use crate::remote::RemoteFault;
use std::{io, path::PathBuf};

/// An error of this crate.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// A file that a model folder needs is not there.
    #[error("{} is missing: {remedy}", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
        /// What to do.
        remedy: String,
    },
    /// A file does not hold what it should.
    #[error("{}: {detail}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it and what to do.
        detail: String,
    },
    /// A file could not be read.
    #[error("cannot read {}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The ONNX Runtime library does not load.
    #[error("ONNX Runtime: {detail}")]
    Runtime {
        /// What is wrong and what to do.
        detail: String,
    },
    /// The device that was asked for does not work.
    #[error("the {provider} execution provider does not work here: {detail}")]
    Provider {
        /// `CPU` or `CUDA`.
        provider: &'static str,
        /// What ONNX Runtime says.
        detail: String,
    },
    /// A request's value is out of range.
    #[error("bad request: {field}: {detail}")]
    Request {
        /// The field of [`Request`](crate::Request).
        field: &'static str,
        /// What is wrong with it.
        detail: String,
    },
    /// Prompt and resume text leave no room for a single token.
    #[error("the prompt has {tokens} tokens, and the context of this model holds {context}: shorten the prompt")]
    PromptTooLong {
        /// Its length.
        tokens: usize,
        /// What the model takes.
        context: usize,
    },
    /// The request's cache would not fit into the memory budget even if nothing else ran.
    #[error("the request needs {needed} bytes of key/value cache and the budget is {budget}: raise the budget, or lower max_tokens")]
    OverBudget {
        /// Bytes it needs.
        needed: u64,
        /// Bytes there are.
        budget: u64,
    },
    /// The queue is full. Only who asked not to wait gets this.
    #[error("the engine's queue is full: wait for other requests to finish")]
    Busy,
    /// A chat template is missing or fails.
    #[error("chat template: {0}")]
    Template(String),
    /// A server that cannot be reached, or that answers with an error.
    #[error("{server} {fault}")]
    Remote {
        /// Its address.
        server: String,
        /// What went wrong and what to do.
        fault: RemoteFault,
    },
    /// The model computed something that is no answer, or ONNX Runtime failed while running it.
    #[error("the model failed: {0}")]
    Fault(String),
    /// The generator was shut down before the request was finished.
    #[error("the generator was shut down")]
    Stopped,
}

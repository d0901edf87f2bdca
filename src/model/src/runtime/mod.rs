//! ONNX Runtime, and the only place that knows the crate `ort`.
//!
//! The library is loaded at run time from a path, once per process. On top of it stand four things: a [`Session`] runs a graph,
//! a [`Binding`] says which memory its inputs and outputs are, a [`Host`] tensor is memory that both sides read and write, and a
//! [`Buffer`] is memory on the session's device, in which key/value caches live and of which any part can be bound.
//!
//! The crate's own tensors own their memory, and refuse to bind one region as input and as output; the in-place cache of grouped-query
//! attention is just that. So values over buffers are made, bound and run through the C interface directly.

mod binding;
mod joiner;
mod library;
mod memory;
mod placement;
mod session;

pub(crate) use binding::Binding;
pub(crate) use joiner::Joiner;
pub use library::LIBRARY_VARIABLE;
pub(crate) use memory::{Buffer, Host, View};
pub(crate) use session::{Element, Interrupt, Io, Session, SessionOptions};

use std::ffi::CString;

/// What ONNX Runtime says of a failure.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Failure(pub(crate) String);

impl<T> From<ort::Error<T>> for Failure {
    fn from(error: ort::Error<T>) -> Self {
        Failure(error.message().to_owned())
    }
}

/// Turns a status of the C interface into a result.
fn check(status: ort::sys::OrtStatusPtr) -> Result<(), Failure> {
    // SAFETY: the status was just returned by a function of the interface and nobody else releases it.
    Ok(unsafe { ort::Error::result_from_status(status) }?)
}

/// A name of an input or output. Names come out of the graph, where they are C strings.
pub(crate) fn name(text: &str) -> CString {
    CString::new(text.replace('\0', "")).unwrap_or_default()
}

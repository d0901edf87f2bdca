//! Work spread over machines by NATS JetStream: what every kind of it rests on ([`Queue`]), and single Lean checks ([`checks`]). Whole
//! problems of a benchmark are spread by `prove-bench`, on the same queues.

pub mod checks;
mod queue;

pub use queue::{PAUSE, Queue, QueueConfig, Taker, farewell, in_work, told_to};

use async_nats::jetstream::{self, Context};

/// The server cannot be reached, or does not do what it should.
#[derive(Debug, thiserror::Error)]
#[error("the NATS server: {0}; it has to be reachable and run with JetStream (`nats-server -js`)")]
pub struct ServerError(String);

impl ServerError {
    /// What went wrong, with what to do about it.
    pub fn new(error: impl std::fmt::Display) -> ServerError {
        ServerError(error.to_string())
    }
}

/// A connection to a server. A lost one is made again for as long as it takes.
///
/// # Errors
/// There is no server now.
pub async fn connect(server: &str) -> Result<Context, ServerError> {
    let client = async_nats::connect(server).await.map_err(ServerError::new)?;
    Ok(jetstream::new(client))
}

/// A name for some texts that fits into a subject.
pub fn short<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.finalize().to_hex()[..24].to_owned()
}

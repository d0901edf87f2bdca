//! What can go wrong with a server, each with what to do about it.

/// Why a server gave no answer that can be used. Texts of servers are cut, and the key is never in them.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum RemoteFault {
    /// The options do not name a server.
    #[error("is no address of a server ({0}): give one such as http://localhost:8000/v1")]
    Address(String),
    /// The variable that should hold the key is not set.
    #[error("needs a key: the environment variable {0} is not set; set it, or name another")]
    NoKey(String),
    /// The client could not be set up.
    #[error("cannot be asked: the HTTP client does not start ({0}); are certificates (package ca-certificates) installed?")]
    Client(String),
    /// No connection, or one that broke.
    #[error("cannot be reached ({0}): is the server running, and is this its address?")]
    Unreachable(String),
    /// No complete answer in time.
    #[error("gave no complete answer within {0} seconds: raise the time limit, or ask for fewer tokens or samples")]
    TimedOut(u64),
    /// It wants another key.
    #[error("refuses access ({status}: {said}): {advice}")]
    Unauthorised {
        /// The HTTP status.
        status: u16,
        /// Its words.
        said: String,
        /// What to do.
        advice: String,
    },
    /// It knows no such address or model.
    #[error("does not know {what} ({said}): check the address (it usually ends in /v1) and the model's name")]
    NotFound {
        /// The path and the model.
        what: String,
        /// Its words.
        said: String,
    },
    /// It does not take the request.
    #[error("rejects the request ({status}: {said})")]
    Rejected {
        /// The HTTP status.
        status: u16,
        /// Its words.
        said: String,
    },
    /// It was overloaded or failing each time it was asked.
    #[error("failed {attempts} times, at last with {status} ({said}): look at the server's log, or lower the concurrency")]
    Failing {
        /// How often it was asked.
        attempts: u32,
        /// The last HTTP status.
        status: u16,
        /// Its words.
        said: String,
    },
    /// It wants to be left alone for longer than is sensible.
    #[error("asks to be left alone for {0} seconds: try again later, or use another server")]
    Busy(u64),
    /// What it sends is not what the protocol promises.
    #[error("sends no answer of an OpenAI-compatible server ({0}): is the address that of its API, ending in /v1?")]
    Garbled(String),
    /// It serves several models, or none.
    #[error("does not settle which model to use, it has {0:?}: name one")]
    WhichModel(Vec<String>),
}

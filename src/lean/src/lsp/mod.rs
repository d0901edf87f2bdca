//! The language-server protocol at the rim: bytes to frames, frames to messages, messages to Lean's own types, and positions.
//!
//! Everything read here comes from a process that runs untrusted code, so nothing panics on it and nothing grows without bound.
//! What the messages mean is `session`'s business.

pub mod framing;
pub mod message;
pub mod position;
pub mod types;

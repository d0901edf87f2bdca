//! Workers that speak the JSON protocol of leanprover-community/repl, for those who run it on a Lake project already.
//!
//! One request is a line of JSON and a blank line; one answer is pretty-printed JSON and a blank line (`client`). There are no
//! request numbers: answers come in the order of the requests, and what was not asked for is a broken protocol. A job's header is
//! elaborated once per worker and its environment reused for each body (`worker`); positions count from the start of each request
//! and are moved to the whole file (`report`).
//!
//! Its tactic mode runs single tactics on a stored proof state ([`Repl::tactic`]). That steers a search and decides nothing: a
//! state without goals may have been reached by `sorry`, with unassigned metavariables, or in an environment that the proof's own
//! file does not have. Only the judge's elaboration of the whole file counts.

mod client;
mod protocol;
mod report;
mod worker;

pub use client::Repl;
pub use protocol::{Command, CommandAnswer, InfoNode, Message, Place, Refusal, Sorry, TacticAnswer, TacticEntry};
pub use worker::ReplSpawner;

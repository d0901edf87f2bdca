//! The search algorithms.

mod any;
mod best_first;
mod minimise;
mod whole_proof;

pub use any::AnyStrategy;
pub use best_first::{BestFirst, BestFirstOptions};
pub use minimise::{Minimise, MinimiseOptions};
pub use whole_proof::{WholeProofOptions, WholeProofs};

//! The search algorithms.

mod any;
mod best_first;
mod decompose;
mod minimise;
mod rmaxts;
mod scheduler;
mod whole_proof;

pub use any::AnyStrategy;
pub use best_first::{BestFirst, BestFirstOptions};
pub use decompose::{Decompose, DecomposeOptions, MakeSearch, Purpose};
pub use minimise::{Minimise, MinimiseOptions};
pub use rmaxts::{Action, Forest, Rmaxts, RmaxtsOptions, TreeNode};
pub use scheduler::{Arm, Scheduler, SchedulerOptions};
pub use whole_proof::{WholeProofOptions, WholeProofs};

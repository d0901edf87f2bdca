//! Proof scripts: tactics in order, each applied to the main goal the ones before it left.

use serde::{Deserialize, Serialize};
use std::{fmt, sync::Arc};

/// One tactic as text; further lines are indented relative to the first. A piece of a proof that stands in a nested block keeps its
/// own indentation, so that the lines of a script are the proof's text.
pub type Tactic = Arc<str>;

/// A sequence of tactics. Empty means nothing has been done yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Script {
    steps: Vec<Tactic>,
}

impl Script {
    /// A script of these steps.
    pub fn new(steps: impl IntoIterator<Item = Tactic>) -> Script {
        Script { steps: steps.into_iter().collect() }
    }

    /// The steps in order.
    pub fn steps(&self) -> &[Tactic] {
        &self.steps
    }

    /// This script and one more step.
    pub fn then(&self, step: Tactic) -> Script {
        let mut steps = Vec::with_capacity(self.steps.len() + 1);
        steps.extend_from_slice(&self.steps);
        steps.push(step);
        Script { steps }
    }
}

impl fmt::Display for Script {
    /// One step a line, as it goes after `by`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, step) in self.steps.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            f.write_str(step)?;
        }
        Ok(())
    }
}

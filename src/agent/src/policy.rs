//! Who proposes: the rules of `prove-search`, and a prover model where there is one.

mod model;
mod prompts;
mod text;

pub use model::{ModelOptions, ModelPolicy};
pub use prompts::{Asked, Prompts};
pub(crate) use text::{moved_to, sketch};

use prove_core::Fault;
use prove_search::{CoreTactics, Cost, Policy, Proposal, Proposer, Query};

/// The rules, and the model if there is one.
pub struct Proposers {
    rules: CoreTactics,
    model: Option<ModelPolicy>,
}

impl Proposers {
    /// Without a model, whoever asks for it gets no proposals.
    pub fn new(rules: CoreTactics, model: Option<ModelPolicy>) -> Proposers {
        Proposers { rules, model }
    }

    /// The model.
    pub(crate) fn model(&self) -> Option<&ModelPolicy> {
        self.model.as_ref()
    }
}

impl Policy for Proposers {
    async fn propose(&self, query: &Query) -> Result<(Vec<Proposal>, Cost), Fault> {
        match (query.proposer, &self.model) {
            (Proposer::Rules, _) => self.rules.propose(query).await,
            (Proposer::Model, Some(model)) => model.propose(query).await,
            (Proposer::Model, None) => Ok((Vec::new(), Cost::default())),
        }
    }
}

//! What can be chosen about the search.

use crate::{bandit::Selection, task::Proposer};

/// How RMaxTS searches.
#[derive(Clone, Copy, Debug)]
pub struct RmaxtsOptions {
    /// Who completes proofs.
    pub proposer: Proposer,
    /// Expansions of one tree, repairs and samples included. The paper's are 6400.
    pub expansions: u64,
    /// After so many expansions in a row without a proof to check, because all were known or none was proposed, the tree has ended.
    pub patience: u64,
    /// Lean's limit for each proof.
    pub heartbeats: u64,
    /// How children are compared.
    pub selection: Selection,
    /// Whether new states are rewarded; otherwise only a proof is, which ends the search. Off is the paper's ablation.
    pub intrinsic: bool,
    /// Characters that a prefix may have, with the goals behind it. States that take more are not made nodes.
    pub max_prefix_chars: usize,
    /// At most so many further checks for a proof that runs out of time. The paper has none.
    pub salvage_checks: u32,
    /// Whether repairs and samples from the root compete with expansion ([`Action`](super::Action)). The paper only expands.
    pub actions: bool,
    /// How often a proof is repaired again that is itself a repair, counted from the first one.
    pub repairs: u32,
}

impl Default for RmaxtsOptions {
    /// The paper's algorithm, with timeouts salvaged. Its 2048 tokens are taken to be 6144 characters.
    fn default() -> Self {
        RmaxtsOptions {
            proposer: Proposer::Rules,
            expansions: 6400,
            patience: 1024,
            heartbeats: 200_000,
            selection: Selection::Discounted { gamma: 0.99 },
            intrinsic: true,
            max_prefix_chars: 6144,
            salvage_checks: 4,
            actions: false,
            repairs: 2,
        }
    }
}

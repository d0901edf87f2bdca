//! A policy of rules over the printed goal, using only tactics that core Lean has.
//!
//! For single steps, a rule reads the main goal and proposes tactics with a fixed log-probability, its prior. Steps that cannot
//! lose anything (`intro`, opening an `∧`) are free. For whole proofs, it proposes the portfolio: a ranked list of scripts, the
//! general ones first, then those made for the shape of the goal. A search that samples, asking for one proof at a time or for the rest of
//! one, gets a random rollout instead, and one that repairs gets its failed proof with another step where it failed.

mod arguments;
mod bounds;
mod cleared;
mod closed_forms;
mod conics;
mod context;
mod elimination;
mod enumerate;
mod finite;
mod fraction;
mod gcds;
mod induction;
mod instances;
mod moduli;
mod nonlinear;
mod polynomial;
mod portfolio;
mod quotients;
mod refute;
mod repair;
mod residues;
mod rollout;
mod roots;
mod scene;
mod sequences;
mod signs;
mod sketch;
mod statement;
mod steps;
mod structural;
mod term;
#[cfg(test)]
mod testing;
mod towers;
mod values;
mod view;
mod witness;

pub use context::FileContext;

use crate::{
    task::{Cost, Proposal, Query, QueryKind},
    world::Policy,
};
use prove_core::Fault;
use std::future::Future;

/// The policy of rules.
#[derive(Clone, Debug, Default)]
pub struct CoreTactics {
    context: FileContext,
}

impl CoreTactics {
    /// The rules for theorems of a file that defines what `context` says.
    pub fn new(context: FileContext) -> CoreTactics {
        CoreTactics { context }
    }

    /// The proposals for a query, best first.
    pub fn proposals(&self, query: &Query) -> Vec<Proposal> {
        let Some(goal) = query.state.goals.first() else { return Vec::new() };
        let view = view::View::new(goal, &self.context);
        let mut proposals = match &query.kind {
            QueryKind::Tactic => steps::proposals(&view),
            QueryKind::WholeProof if query.limit == 1 || !query.prefix.steps().is_empty() => vec![rollout::proposal(&view, query)],
            QueryKind::WholeProof => refute::proposal(&view).into_iter().chain(portfolio::proposals(goal, &self.context)).collect(),
            QueryKind::Repair(failure) => repair::proposal(&view, failure, query.seed).into_iter().collect(),
            QueryKind::Sketch => sketch::proposals(goal, &self.context),
        };
        proposals.sort_by(|a, b| b.log_prob.total_cmp(&a.log_prob));
        proposals.truncate(query.limit);
        proposals
    }
}

impl Policy for CoreTactics {
    fn propose(&self, query: &Query) -> impl Future<Output = Result<(Vec<Proposal>, Cost), Fault>> + Send {
        std::future::ready(Ok((self.proposals(query), Cost::default())))
    }
}

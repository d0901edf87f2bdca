//! The strategies by name, put together from the algorithms of `prove-search`.

use prove_core::ProofState;
use prove_search::{
    AnyStrategy, Arm, BestFirst, BestFirstOptions, Decompose, DecomposeOptions, Forest, MakeSearch, Proposer, Purpose, RmaxtsOptions,
    Scheduler, SchedulerOptions, Selection, Streams, WholeProofOptions, WholeProofs,
};
use std::{fmt, num::NonZeroUsize, str::FromStr, sync::Arc};

/// Ways to search.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StrategyName {
    /// All of them under one scheduler.
    Auto,
    /// Whole proofs from a fixed list, fitted to the goal.
    Portfolio,
    /// Best-first search over tactic steps.
    BestFirst,
    /// Whole proofs, sampled one by one.
    Sample,
    /// RMaxTS: Monte-Carlo tree search by truncating and resuming whole proofs.
    Rmaxts,
    /// RMaxTS with UCB1, which forgets nothing: an ablation of the paper.
    RmaxtsUcb1,
    /// RMaxTS without the reward for new states: an ablation of the paper.
    RmaxtsNoReward,
    /// RMaxTS with repairs and new samples beside its expansions.
    Repair,
    /// Sketches and their subgoals.
    Decompose,
}

impl StrategyName {
    /// All of them.
    pub const ALL: [StrategyName; 9] = [
        StrategyName::Auto,
        StrategyName::Portfolio,
        StrategyName::BestFirst,
        StrategyName::Sample,
        StrategyName::Rmaxts,
        StrategyName::RmaxtsUcb1,
        StrategyName::RmaxtsNoReward,
        StrategyName::Repair,
        StrategyName::Decompose,
    ];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            StrategyName::Auto => "auto",
            StrategyName::Portfolio => "portfolio",
            StrategyName::BestFirst => "best-first",
            StrategyName::Sample => "sample",
            StrategyName::Rmaxts => "rmaxts",
            StrategyName::RmaxtsUcb1 => "rmaxts-ucb1",
            StrategyName::RmaxtsNoReward => "rmaxts-no-reward",
            StrategyName::Repair => "repair",
            StrategyName::Decompose => "decompose",
        }
    }
}

impl fmt::Display for StrategyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for StrategyName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = || StrategyName::ALL.map(StrategyName::name).join(", ");
        StrategyName::ALL
            .into_iter()
            .find(|s| s.name() == text)
            .ok_or_else(|| format!("there is no strategy {text:?}; there are {}", known()))
    }
}

/// A strategy for the theorem whose initial state is `root`. `proposer` is the model, where there is one; otherwise the rules sample, too.
/// RMaxTS grows so many trees side by side.
pub(crate) fn strategy(name: StrategyName, root: ProofState, streams: Streams, proposer: Proposer, trees: NonZeroUsize) -> AnyStrategy {
    let streams = streams.inside(name.name());
    match name {
        StrategyName::Auto => AnyStrategy::new(auto(root, &streams, proposer, trees)),
        StrategyName::Portfolio => AnyStrategy::new(WholeProofs::new(root, streams, WholeProofOptions::default())),
        StrategyName::BestFirst => {
            let proposals = if proposer == Proposer::Model { 16 } else { BestFirstOptions::default().proposals };
            AnyStrategy::new(BestFirst::new(root, streams, BestFirstOptions { proposer, proposals, ..BestFirstOptions::default() }))
        }
        StrategyName::Sample => {
            let options = WholeProofOptions { proposer, queries: u64::MAX, proposals: 1, batch: 1, ..WholeProofOptions::default() };
            AnyStrategy::new(WholeProofs::new(root, streams, options))
        }
        StrategyName::Rmaxts | StrategyName::RmaxtsUcb1 | StrategyName::RmaxtsNoReward | StrategyName::Repair => {
            let mut options = RmaxtsOptions { proposer, expansions: u64::MAX, ..RmaxtsOptions::default() };
            match name {
                StrategyName::RmaxtsUcb1 => options.selection = Selection::Ucb1,
                StrategyName::RmaxtsNoReward => options.intrinsic = false,
                name => options.actions = name == StrategyName::Repair,
            }
            AnyStrategy::new(Forest::new(&root, &streams, trees.get(), options))
        }
        StrategyName::Decompose => {
            let proposers = if proposer == Proposer::Model { vec![proposer, Proposer::Rules] } else { vec![proposer] };
            let make: MakeSearch = Arc::new(move |root, streams, purpose| AnyStrategy::new(subgoal(root, &streams, purpose, proposer)));
            let options = DecomposeOptions { proposers, ..DecomposeOptions::default() };
            AnyStrategy::new(Decompose::new(root, streams, options, make))
        }
    }
}

/// What is tried on a theorem of its own, cheapest first.
fn auto(root: ProofState, streams: &Streams, proposer: Proposer, trees: NonZeroUsize) -> Scheduler {
    let make = |name| strategy(name, root.clone(), streams.clone(), proposer, trees);
    let rules = strategy(StrategyName::BestFirst, root.clone(), streams.clone(), Proposer::Rules, trees);
    let mut arms = vec![
        Arm::first("portfolio", make(StrategyName::Portfolio)),
        Arm::new("best-first", rules, 1.0, 24.0),
        Arm::new("decompose", make(StrategyName::Decompose), 1.0, 48.0),
    ];
    if proposer == Proposer::Model {
        arms.push(Arm::new("sample", make(StrategyName::Sample), 1.0, 24.0));
        arms.push(Arm::new("repair", make(StrategyName::Repair), 1.0, 24.0));
    }
    Scheduler::new(arms, SchedulerOptions::default())
}

/// What is tried on a subgoal, and on its negation.
fn subgoal(root: ProofState, streams: &Streams, purpose: Purpose, proposer: Proposer) -> Scheduler {
    let make = |name, proposer| strategy(name, root.clone(), streams.clone(), proposer, NonZeroUsize::MIN);
    let mut arms = vec![
        Arm::first("portfolio", make(StrategyName::Portfolio, proposer)),
        Arm::new("best-first", make(StrategyName::BestFirst, Proposer::Rules), 1.0, 24.0),
    ];
    if (purpose, proposer) == (Purpose::Proof, Proposer::Model) {
        arms.push(Arm::new("sample", make(StrategyName::Sample, proposer), 1.0, 24.0));
    }
    Scheduler::new(arms, SchedulerOptions::default())
}

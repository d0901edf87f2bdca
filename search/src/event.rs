//! The decisions of a search as data, for the event log, for replays and for pictures.

use crate::task::RequestId;
use prove_core::StopReason;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A node of a search tree: 0 is the root, later nodes count up in the order they were found.
pub type NodeId = u32;

/// A search among those of one run: 0 is the outermost, the searches inside it count up in the order they were begun.
pub type SearchId = u32;

/// An event and the search it belongs to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// The search.
    pub search: SearchId,
    /// What happened in it.
    #[serde(flatten)]
    pub event: SearchEvent,
}

/// One decision. In order, the events of a search say everything it did and why it stopped.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum SearchEvent {
    /// A search begins inside another.
    Began {
        /// The search around it.
        outer: SearchId,
        /// Which strategy it follows.
        strategy: String,
        /// What it is to prove, where that is not what the search around it proves.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        theorem: Option<String>,
    },
    /// A scheduler gives a strategy its turn.
    Turn {
        /// The request that is the turn's first.
        request: RequestId,
        /// The strategy.
        strategy: String,
        /// What it had spent before, in checks.
        spent: f64,
        /// Why it: the score that was the highest.
        score: f64,
    },
    /// The policy is asked about a node.
    Asked {
        /// The request.
        request: RequestId,
        /// The node.
        node: NodeId,
    },
    /// Candidates are tried at a node.
    Tried {
        /// The request.
        request: RequestId,
        /// The node.
        node: NodeId,
        /// The texts tried.
        candidates: Vec<String>,
    },
    /// A reply was taken into account. Replies are taken in the order of their requests.
    Committed {
        /// The request.
        request: RequestId,
        /// The fault, where the reply was one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fault: Option<String>,
    },
    /// A candidate led to a new state.
    Reached {
        /// The new node.
        node: NodeId,
        /// Where from.
        parent: NodeId,
        /// By which tactic.
        tactic: String,
        /// Logarithm of the probability of the path from the root.
        log_prob: f64,
        /// The goals there, as they are printed.
        state: String,
    },
    /// A candidate led to a state that was known already.
    Merged {
        /// The known node.
        node: NodeId,
        /// Where from.
        parent: NodeId,
        /// By which tactic.
        tactic: String,
    },
    /// A candidate closed every goal.
    Closed {
        /// Where from.
        parent: NodeId,
        /// By which tactic or script.
        tactic: String,
    },
    /// An expansion is over and its reward went to its node and all nodes above it.
    Rewarded {
        /// The node that was expanded.
        node: NodeId,
        /// The reward.
        reward: f64,
    },
    /// A decomposition states a goal as a theorem of its own.
    Stated {
        /// The statement.
        node: NodeId,
        /// Its type.
        theorem: String,
    },
    /// A decomposition works on the gaps of a sketch. Statements and sketches are counted together.
    Sketched {
        /// The sketch.
        node: NodeId,
        /// The statement it would prove.
        statement: NodeId,
        /// Its text.
        sketch: String,
        /// The statements of its gaps, in the order of the text.
        gaps: Vec<NodeId>,
    },
    /// A statement is proved.
    Proved {
        /// The statement.
        node: NodeId,
        /// How.
        proof: String,
    },
    /// The negation of a statement is proved.
    Refuted {
        /// The statement.
        node: NodeId,
    },
    /// A sketch is given up.
    Pruned {
        /// The sketch.
        node: NodeId,
        /// Why.
        why: String,
    },
    /// The search stopped.
    Stopped {
        /// Why.
        reason: StopReason,
    },
}

/// Where strategies write their events. Writing to a log that is off costs nothing: the event is not even made.
#[derive(Debug, Default)]
pub struct Log {
    on: bool,
    entries: Vec<Entry>,
    /// The search at work.
    search: SearchId,
    /// How many searches were begun inside others.
    begun: SearchId,
}

impl Log {
    pub(crate) fn new(on: bool) -> Log {
        Log { on, ..Log::default() }
    }

    /// Records an event of the search at work.
    pub fn record(&mut self, event: impl FnOnce() -> SearchEvent) {
        if self.on {
            self.entries.push(Entry { search: self.search, event: event() });
        }
    }

    /// Gives a number to a search that begins inside the one at work.
    pub fn begin(&mut self, strategy: &str, theorem: Option<&dyn fmt::Display>) -> SearchId {
        self.begun += 1;
        let (search, outer) = (self.begun, self.search);
        if self.on {
            let event = SearchEvent::Began { outer, strategy: strategy.to_owned(), theorem: theorem.map(|t| t.to_string()) };
            self.entries.push(Entry { search, event });
        }
        search
    }

    /// Lets the search of this number work.
    pub fn inside<T>(&mut self, search: SearchId, work: impl FnOnce(&mut Log) -> T) -> T {
        let outer = std::mem::replace(&mut self.search, search);
        let result = work(self);
        self.search = outer;
        result
    }

    pub(crate) fn take(&mut self) -> Vec<Entry> {
        std::mem::take(&mut self.entries)
    }
}

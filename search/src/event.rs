//! The decisions of a search as data, for the event log, for replays and for pictures.

use crate::task::RequestId;
use prove_core::StopReason;
use serde::{Deserialize, Serialize};

/// A node of a search tree: 0 is the root, later nodes count up in the order they were found.
pub type NodeId = u32;

/// One decision. In order, the events of a search say everything it did and why it stopped.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum SearchEvent {
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
        /// How many goals are open there.
        goals: usize,
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
    events: Vec<SearchEvent>,
}

impl Log {
    pub(crate) fn new(on: bool) -> Log {
        Log { on, events: Vec::new() }
    }

    /// Records an event.
    pub fn record(&mut self, event: impl FnOnce() -> SearchEvent) {
        if self.on {
            self.events.push(event());
        }
    }

    pub(crate) fn take(&mut self) -> Vec<SearchEvent> {
        std::mem::take(&mut self.events)
    }
}

//! What the proxy asks of a prover.

use crate::actions::{Action, Site};
use prove_lean::BoxFuture;
use serde::{Deserialize, Serialize};
use std::{ops::Range, path::PathBuf, sync::Arc};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// Finds and mends proofs.
pub trait Prover: Send + Sync + 'static {
    /// Works on one place of one text. Dropping the future gives it up.
    fn work<'a>(&'a self, ask: &'a Ask, watch: &'a Watch) -> BoxFuture<'a, Outcome>;
}

/// What is wanted.
#[derive(Clone, Debug)]
pub struct Ask {
    /// What to do.
    pub action: Action,
    /// The document's address.
    pub uri: Arc<str>,
    /// Its path, if it has one.
    pub path: Option<PathBuf>,
    /// Its text as it is on the screen.
    pub text: Arc<str>,
    /// Where in it.
    pub site: Site,
    /// Whether the editor shows search trees.
    pub wants_tree: bool,
}

/// How it ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// What to change in the document, if anything.
    pub edit: Option<Edit>,
    /// One line for people.
    pub message: String,
    /// Whether that is what was hoped for.
    pub good: bool,
}

/// A change of the text that was asked about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// The bytes replaced.
    pub range: Range<usize>,
    /// What takes their place.
    pub text: String,
}

/// Where a prover says how far it is. Who does not listen costs nothing.
#[derive(Clone, Debug)]
pub struct Watch {
    pub(crate) job: u64,
    pub(crate) events: UnboundedSender<(u64, Seen)>,
}

/// What a prover lets see of its work.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    /// A line for people.
    Line(String),
    /// The search tree as an SVG picture.
    Tree(String),
    /// The end.
    Done(Outcome),
}

impl Watch {
    /// A watch for a prover that no proxy asks, and what is seen through it.
    pub fn alone() -> (Watch, UnboundedReceiver<(u64, Seen)>) {
        let (events, seen) = unbounded_channel();
        (Watch { job: 0, events }, seen)
    }

    /// Passes on what another prover lets see, which works in this one's place.
    pub fn seen(&self, seen: Seen) {
        let _ = self.events.send((self.job, seen));
    }

    /// How far it is, in a line.
    pub fn line(&self, text: impl Into<String>) {
        self.seen(Seen::Line(text.into()));
    }

    /// The search tree as it is now, as an SVG picture.
    pub fn tree(&self, picture: String) {
        self.seen(Seen::Tree(picture));
    }
}

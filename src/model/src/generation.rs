//! A request under way: who answers writes to a [`Reply`], who asked reads a [`Generation`].
//!
//! Events are not bounded by a queue, since a slow reader must not hold up the other requests of a batch; their number is bounded by
//! the request itself. Dropping the [`Generation`] cancels the request.

use crate::{Completion, ModelError, Request, Sample, Stats, Usage};
use std::{collections::VecDeque, fmt, future::Future, pin::Pin};
use tokio::sync::mpsc;

/// What a [`Generation`] reports.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// More text of a sample. Never part of a character, and never part of what may still become a stop string.
    Text {
        /// Which sample.
        sample: u32,
        /// The new text.
        text: String,
    },
    /// A sample is complete. Its text is the concatenation of the `Text` events before.
    Sample(Sample),
    /// All samples are complete; nothing follows.
    Done(Usage),
}

/// A source of text: the engine, a remote server, a script.
pub trait Generator: Send + Sync {
    /// Starts a request. The future waits while the generator has no room for another (back-pressure) and fails if the request cannot
    /// be served at all; what goes wrong later arrives through the [`Generation`].
    fn generate(&self, request: Request) -> Pending<'_>;

    /// A name for reports: the folder, or the server's model.
    fn name(&self) -> &str;

    /// What an engine has done so far; `None` for generators that are none.
    fn engine_stats(&self) -> Option<Stats> {
        None
    }
}

/// The future of [`Generator::generate`].
pub type Pending<'a> = Pin<Box<dyn Future<Output = Result<Generation, ModelError>> + Send + 'a>>;

/// The reader's end of a request under way. Dropping it cancels the request.
pub struct Generation {
    arriving: mpsc::UnboundedReceiver<Result<Vec<Event>, ModelError>>,
    arrived: VecDeque<Event>,
    /// Called when the reader goes.
    gone: Option<Box<dyn FnOnce() + Send + Sync>>,
}

/// The generator's end.
#[derive(Clone, Debug)]
pub struct Reply {
    events: mpsc::UnboundedSender<Result<Vec<Event>, ModelError>>,
}

impl Generation {
    /// Both ends.
    pub fn pair() -> (Reply, Generation) {
        let (events, arriving) = mpsc::unbounded_channel();
        (Reply { events }, Generation { arriving, arrived: VecDeque::new(), gone: None })
    }

    /// Has something done as soon as the reader goes, for a generator that would not notice at once.
    pub(crate) fn when_gone(mut self, gone: impl FnOnce() + Send + Sync + 'static) -> Self {
        self.gone = Some(Box::new(gone));
        self
    }

    /// The next event; `None` after [`Event::Done`] or an error.
    pub async fn next(&mut self) -> Option<Result<Event, ModelError>> {
        while self.arrived.is_empty() {
            match self.arriving.recv().await? {
                Ok(events) => self.arrived.extend(events),
                Err(error) => return Some(Err(error)),
            }
        }
        self.arrived.pop_front().map(Ok)
    }

    /// [`Generation::next`] for a thread outside any async runtime.
    pub fn blocking_next(&mut self) -> Option<Result<Event, ModelError>> {
        while self.arrived.is_empty() {
            match self.arriving.blocking_recv()? {
                Ok(events) => self.arrived.extend(events),
                Err(error) => return Some(Err(error)),
            }
        }
        self.arrived.pop_front().map(Ok)
    }

    /// Waits for all samples.
    pub async fn complete(mut self) -> Result<Completion, ModelError> {
        let mut completion = Completion::default();
        while let Some(event) = self.next().await {
            if completion.accept(event?) {
                return Ok(completion);
            }
        }
        Err(ModelError::Stopped)
    }

    /// [`Generation::complete`] for a thread outside any async runtime.
    pub fn blocking_complete(mut self) -> Result<Completion, ModelError> {
        let mut completion = Completion::default();
        while let Some(event) = self.blocking_next() {
            if completion.accept(event?) {
                return Ok(completion);
            }
        }
        Err(ModelError::Stopped)
    }
}

impl Drop for Generation {
    fn drop(&mut self) {
        self.arriving.close();
        if let Some(gone) = self.gone.take() {
            gone();
        }
    }
}

impl fmt::Debug for Generation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Generation").field("arrived", &self.arrived).finish_non_exhaustive()
    }
}

impl Completion {
    /// Takes an event in; says whether it was the last.
    fn accept(&mut self, event: Event) -> bool {
        match event {
            Event::Text { .. } => {}
            Event::Sample(sample) => {
                let at = self.samples.partition_point(|other| other.index < sample.index);
                self.samples.insert(at, sample);
            }
            Event::Done(usage) => {
                self.usage = usage;
                return true;
            }
        }
        false
    }
}

impl Reply {
    /// Sends an event. An event for a reader that is gone is dropped.
    pub fn send(&self, event: Event) {
        self.send_all(vec![event]);
    }

    /// Sends events that belong together, waking the reader once.
    pub fn send_all(&self, events: Vec<Event>) {
        let _ = self.events.send(Ok(events));
    }

    /// Ends the request with an error.
    pub fn fail(&self, error: ModelError) {
        let _ = self.events.send(Err(error));
    }

    /// Whether the reader is gone: the request is to be dropped.
    pub fn is_cancelled(&self) -> bool {
        self.events.is_closed()
    }

    /// Resolves when the reader is gone.
    pub async fn cancelled(&self) {
        self.events.closed().await;
    }
}

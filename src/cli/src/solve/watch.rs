//! Watches a search: keeps what it is told, for a killed run to go on with; writes its events; shows how far it is.

use super::tree::Tree;
use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};
use prove_search::{Entry, Observer, Reply, Request, SearchEvent};
use prove_store::{Key, Run};
use serde::Serialize;
use std::{
    fs::File,
    io::{BufWriter, IsTerminal, Write},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// A file of events, one JSON object a line.
pub(super) struct EventLog {
    path: PathBuf,
    file: BufWriter<File>,
    /// How many `sorry`s were searched for so far.
    searches: u64,
}

/// A line: an event, and the how-manieth search of the file it belongs to.
#[derive(Serialize)]
struct Line<'a> {
    sorry: u64,
    #[serde(flatten)]
    entry: &'a Entry,
}

impl EventLog {
    pub(super) fn create(path: &Path) -> anyhow::Result<EventLog> {
        let file = File::create(path).with_context(|| format!("{}: cannot write the events", path.display()))?;
        Ok(EventLog { path: path.to_owned(), file: BufWriter::new(file), searches: 0 })
    }

    fn write(&mut self, entry: &Entry) -> std::io::Result<()> {
        serde_json::to_writer(&mut self.file, &Line { sorry: self.searches, entry })?;
        self.file.write_all(b"\n")
    }
}

/// Watches one search.
pub(super) struct Watch<'a> {
    /// Names the search among those whose replies are kept.
    key: &'a [String],
    replies: Option<&'a Run<Reply>>,
    events: Option<&'a mut EventLog>,
    tree: Option<Tree>,
    bar: Option<ProgressBar>,
    seen: Seen,
    /// What first went wrong with a file.
    failed: Option<anyhow::Error>,
}

/// What a line about a search shows.
pub(crate) struct Seen {
    started: Instant,
    strategy: String,
    tried: u64,
    states: u64,
    statements: u64,
    proved: u64,
}

impl<'a> Watch<'a> {
    pub(super) fn new(key: &'a [String], replies: Option<&'a Run<Reply>>, events: Option<&'a mut EventLog>, draws: bool) -> Watch<'a> {
        let bar = std::io::stderr().is_terminal().then(|| {
            let style = ProgressStyle::with_template("{spinner} {elapsed} {msg}").unwrap_or_else(|_| ProgressStyle::default_spinner());
            let bar = ProgressBar::new_spinner().with_style(style);
            bar.enable_steady_tick(Duration::from_millis(200));
            bar
        });
        Watch { key, replies, events, tree: draws.then(Tree::default), bar, seen: Seen::new(), failed: None }
    }

    /// The tree, if one was wanted; or what went wrong with the files.
    pub(super) fn finish(self) -> anyhow::Result<Tree> {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
        if let Some(error) = self.failed {
            return Err(error);
        }
        if let Some(log) = self.events {
            log.searches += 1;
            log.file.flush().with_context(|| format!("{}: cannot write the events", log.path.display()))?;
        }
        Ok(self.tree.unwrap_or_default())
    }

    /// A reply is that to a request only if the request is the same, word for word.
    fn place(&self, request: &Request) -> Key {
        let (id, task) = (request.id.to_string(), format!("{:?}", request.task));
        Key::of(self.key.iter().map(String::as_str).chain([id.as_str(), task.as_str()]))
    }
}

impl Observer for Watch<'_> {
    fn recall(&mut self, request: &Request) -> Option<Reply> {
        self.replies?.finished(self.place(request)).cloned()
    }

    fn answered(&mut self, request: &Request, reply: &Reply) {
        if let Some(replies) = self.replies
            && let Err(error) = replies.record(self.place(request), reply)
        {
            self.failed.get_or_insert(error.into());
        }
    }

    fn wants_events(&self) -> bool {
        self.events.is_some() || self.tree.is_some() || self.bar.is_some()
    }

    fn event(&mut self, entry: Entry) {
        if let Some(log) = &mut self.events
            && let Err(error) = log.write(&entry)
        {
            let error = anyhow::Error::new(error).context(format!("{}: cannot write the events", log.path.display()));
            self.failed.get_or_insert(error);
        }
        if let Some(bar) = &self.bar {
            self.seen.take(&entry.event);
            bar.set_message(self.seen.text());
        }
        if let Some(tree) = &mut self.tree {
            tree.take(entry);
        }
    }
}

impl Seen {
    pub(crate) fn new() -> Seen {
        Seen { started: Instant::now(), strategy: String::new(), tried: 0, states: 0, statements: 0, proved: 0 }
    }

    pub(crate) fn take(&mut self, event: &SearchEvent) {
        match event {
            SearchEvent::Turn { strategy, .. } => self.strategy.clone_from(strategy),
            SearchEvent::Tried { candidates, .. } => self.tried += candidates.len() as u64,
            SearchEvent::Reached { .. } => self.states += 1,
            SearchEvent::Stated { .. } => self.statements += 1,
            SearchEvent::Proved { .. } => self.proved += 1,
            _ => {}
        }
    }

    pub(crate) fn text(&self) -> String {
        let rate = self.tried as f64 / self.started.elapsed().as_secs_f64().max(0.1);
        let mut text = format!("{} {} tried ({rate:.0}/s), {} states", self.strategy, self.tried, self.states);
        if self.statements > 0 {
            text += &format!(", {} of {} statements proved", self.proved, self.statements);
        }
        text
    }
}

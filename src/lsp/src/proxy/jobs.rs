//! What the prover is at work on, and how it ends: an edit that the editor is asked to make, a message, the end of the progress.
//!
//! A job belongs to the document as it was when it began. Its edit is made if the document still is that, or differs only behind the
//! declaration that the verdict is about; and the edit names the version it is for, so that an editor that is ahead of us refuses it.

use super::{
    Seen,
    client::{self, Client},
};
use crate::{
    actions::{self, Action, Site, context},
    documents::{Documents, Snapshot},
    envelope::{code, notification, refusal, request, response},
    pipe::Outbox,
    prover::{Ask, Edit, Outcome, Prover, Watch},
    text::{offset_at, position_at},
};
use lsp_types::Position;
use serde::Deserialize;
use serde_json::{Value, json};
use std::{collections::HashMap, sync::Arc};
use tokio::{
    sync::{Semaphore, mpsc::UnboundedSender},
    task::JoinSet,
};

/// Jobs worked on at a time; others wait.
const AT_ONCE: usize = 2;

/// Kinds of `window/showMessage`.
const WARNING: u32 = 2;
const INFO: u32 = 3;

/// The jobs of an editor.
pub(super) struct Jobs {
    prover: Arc<dyn Prover>,
    seen: UnboundedSender<(u64, Seen)>,
    editor: Outbox,
    client: Client,
    turns: Arc<Semaphore>,
    /// Jobs started so far.
    started: u64,
    running: HashMap<u64, Job>,
    /// Requests of ours so far, and what they were for.
    asked: u64,
    awaited: HashMap<String, Awaited>,
}

struct Job {
    action: Action,
    /// The identifier of the request that asked for it.
    request: String,
    document: Snapshot,
    site: Site,
    /// The progress that shows it, and whether that has begun.
    token: Option<Value>,
    begun: bool,
    /// Aborted when dropped.
    _task: JoinSet<()>,
}

/// What an answer of the editor will be about.
enum Awaited {
    /// The progress of a job can begin.
    Progress(u64),
    /// An edit has been made or refused.
    Applied(Box<Unapplied>),
}

/// An edit that the editor was asked to make.
struct Unapplied {
    job: Job,
    outcome: Outcome,
    /// The document that it was for.
    text: String,
}

#[derive(Deserialize)]
struct Place {
    uri: String,
    position: Position,
}

impl Jobs {
    pub(super) fn new(prover: Arc<dyn Prover>, seen: UnboundedSender<(u64, Seen)>, editor: Outbox, client: Client) -> Jobs {
        let turns = Arc::new(Semaphore::new(AT_ONCE));
        Jobs { prover, seen, editor, client, turns, started: 0, running: HashMap::new(), asked: 0, awaited: HashMap::new() }
    }

    /// Starts what a `workspace/executeCommand` asks for, which is answered when it ends. An error says why it makes no sense.
    pub(super) fn start(&mut self, id: &str, action: Action, params: &Value, documents: &Documents) -> Result<(), String> {
        let place: Place = serde_json::from_value(params["arguments"][0].clone())
            .map_err(|error| format!("{} takes {{uri, position}}: {error}", action.command()))?;
        let document = documents.snapshot(&place.uri).ok_or_else(|| format!("{} is not open", place.uri))?;
        let site = actions::site(&document.text, action, offset_at(&document.text, place.position));
        let site = site.ok_or_else(|| format!("{}: there is nothing to work on here", action.title()))?;
        let same =
            |job: &Job| (&job.document.uri, &job.document.text, job.site, job.action) == (&document.uri, &document.text, site, action);
        if self.running.values().any(same) {
            return Err(format!("{}: it is being worked on", action.title()));
        }
        self.started += 1;
        let number = self.started;
        let ask = Ask {
            action,
            uri: document.uri.clone(),
            path: client::path(&document.uri),
            text: document.text.clone(),
            site,
            wants_tree: self.client.shows_trees,
        };
        let mut task = JoinSet::new();
        let (prover, turns) = (self.prover.clone(), self.turns.clone());
        let watch = Watch { job: number, events: self.seen.clone() };
        task.spawn(async move {
            let done = watch.clone();
            let mut work = JoinSet::new();
            work.spawn(async move {
                let _turn = turns.acquire_owned().await;
                prover.work(&ask, &watch).await
            });
            // A prover that panics has found nothing.
            let outcome = match work.join_next().await {
                Some(Ok(outcome)) => outcome,
                _ => Outcome { edit: None, message: "a fault of the prover".to_owned(), good: false },
            };
            let _ = done.events.send((number, Seen::Done(outcome)));
        });
        let token = params.get("workDoneToken").cloned();
        let own = token.is_none() && self.client.shows_progress;
        let token = token.or_else(|| own.then(|| json!(format!("prove/{number}"))));
        if own {
            let id = self.ask("window/workDoneProgress/create", json!({"token": token}));
            self.awaited.insert(id, Awaited::Progress(number));
        }
        self.running.insert(number, Job { action, request: id.to_owned(), document, site, token, begun: false, _task: task });
        if !own {
            self.begin_progress(number);
        }
        Ok(())
    }

    /// Takes in what the prover lets see.
    pub(super) fn saw(&mut self, number: u64, seen: Seen, documents: &Documents) {
        let Some(job) = self.running.get(&number) else { return };
        match seen {
            Seen::Line(line) => self.progress(job, json!({"kind": "report", "message": line})),
            Seen::Tree(picture) => {
                let params = json!({"job": number, "uri": &*job.document.uri, "title": job.action.title(), "svg": picture});
                self.editor.send(notification("$/prove/tree", params));
            }
            Seen::Done(outcome) => {
                if let Some(job) = self.running.remove(&number) {
                    self.finish(job, outcome, documents);
                }
            }
        }
    }

    /// Takes the editor's answer to one of our requests. Returns whether it was one.
    pub(super) fn answered(&mut self, id: &str, result: Option<&str>, documents: &Documents) -> bool {
        match self.awaited.remove(id) {
            None => return false,
            Some(Awaited::Progress(number)) if result.is_some() => self.begin_progress(number),
            Some(Awaited::Progress(number)) => {
                if let Some(job) = self.running.get_mut(&number) {
                    job.token = None;
                }
            }
            Some(Awaited::Applied(unapplied)) => {
                let Unapplied { job, outcome, text } = *unapplied;
                let result: Value = result.and_then(|result| serde_json::from_str(result).ok()).unwrap_or_default();
                match result["applied"] == true {
                    true => self.conclude(&job, &outcome.message, outcome.good, true),
                    // An editor that was ahead of us may be no longer.
                    false => match documents.get(&job.document.uri).is_some_and(|now| now.text == text) {
                        true => self.conclude(&job, &unmade(&outcome, "the editor refused the change"), false, false),
                        false => self.finish(job, outcome, documents),
                    },
                }
            }
        }
        true
    }

    /// Cancels the job that a request asked for. Returns whether there is one.
    pub(super) fn cancel_request(&mut self, id: &Value) -> bool {
        let id = id.to_string();
        self.cancel(|job| job.request == id)
    }

    /// Cancels the job that a progress shows. Returns whether there is one.
    pub(super) fn cancel_progress(&mut self, token: &Value) -> bool {
        self.cancel(|job| job.token.as_ref() == Some(token))
    }

    /// Cancels all of them.
    pub(super) fn cancel_all(&mut self) {
        while self.cancel(|_| true) {}
    }

    fn cancel(&mut self, is: impl Fn(&Job) -> bool) -> bool {
        let Some(number) = self.running.iter().find(|(_, job)| is(job)).map(|(number, _)| *number) else { return false };
        if let Some(job) = self.running.remove(&number) {
            self.progress(&job, json!({"kind": "end", "message": "cancelled"}));
            self.editor.send(refusal(&job.request, code::CANCELLED, "cancelled"));
        }
        true
    }

    /// Has the edit made, if there is one and it still fits.
    fn finish(&mut self, job: Job, outcome: Outcome, documents: &Documents) {
        let Some(edit) = &outcome.edit else { return self.conclude(&job, &outcome.message, outcome.good, false) };
        let Some(now) = documents.get(&job.document.uri) else {
            return self.conclude(&job, &unmade(&outcome, "the document has been closed"), false, false);
        };
        let fits =
            now.version == job.document.version || context(&now.text, edit.range.start) == context(&job.document.text, edit.range.start);
        if !fits {
            return self.conclude(&job, &unmade(&outcome, "the document has changed meanwhile"), false, false);
        }
        if !self.client.applies_edits {
            return self.conclude(&job, &unmade(&outcome, "the editor takes no changes"), false, false);
        }
        let params = json!({"label": job.action.title(), "edit": self.workspace_edit(edit, &job.document.uri, now.version, &now.text)});
        let text = now.text.clone();
        let id = self.ask("workspace/applyEdit", params);
        self.awaited.insert(id, Awaited::Applied(Box::new(Unapplied { job, outcome, text })));
    }

    fn workspace_edit(&self, edit: &Edit, uri: &str, version: i64, text: &str) -> Value {
        let range = json!({"start": position_at(text, edit.range.start), "end": position_at(text, edit.range.end)});
        let edits = json!([{"range": range, "newText": edit.text}]);
        match self.client.versioned_edits {
            true => json!({"documentChanges": [{"textDocument": {"uri": uri, "version": version}, "edits": edits}]}),
            false => json!({"changes": {uri: edits}}),
        }
    }

    /// Tells the editor how a job has ended.
    fn conclude(&self, job: &Job, message: &str, good: bool, applied: bool) {
        self.progress(job, json!({"kind": "end", "message": message.lines().next()}));
        let kind = if good { INFO } else { WARNING };
        self.editor
            .send(notification("window/showMessage", json!({"type": kind, "message": format!("{}: {message}", job.action.title())})));
        self.editor.send(response(&job.request, json!({"message": message, "good": good, "applied": applied})));
    }

    fn begin_progress(&mut self, number: u64) {
        if let Some(job) = self.running.get_mut(&number) {
            job.begun = true;
        }
        if let Some(job) = self.running.get(&number) {
            self.progress(job, json!({"kind": "begin", "title": job.action.title(), "cancellable": true}));
        }
    }

    fn progress(&self, job: &Job, value: Value) {
        if let Some(token) = job.token.as_ref().filter(|_| job.begun) {
            self.editor.send(notification("$/progress", json!({"token": token, "value": value})));
        }
    }

    /// Asks the editor something. Returns the request's identifier.
    fn ask(&mut self, method: &str, params: Value) -> String {
        self.asked += 1;
        let id = format!("prove/{}", self.asked);
        self.editor.send(request(&id, method, params));
        json!(id).to_string()
    }
}

/// What to say of an edit that was not made, so that it is not lost.
fn unmade(outcome: &Outcome, why: &str) -> String {
    let text = outcome.edit.as_ref().map_or("", |edit| edit.text.trim());
    format!("{}, but {why}. What was found:\n{text}", outcome.message)
}

//! The loop between the editor, the server and the prover.
//!
//! One task takes messages from all three and never waits for any of them: what is to be written is queued. A message is passed on
//! before anything else is made of it. Looking for code actions and proving are tasks of their own.
//!
//! What can go wrong with the server, and what the editor then has:
//!
//! - It ends: another is started and told of every open document; requests under way are refused as outdated, which editors take as a
//!   reason to ask again. Too many ends in a minute end the proxy too.
//! - It hangs: code actions are offered without its part after [`PATIENCE`]. What it does not read is kept up to [`MOST_QUEUED`], then it
//!   counts as ended.
//! - The editor reads nothing: nothing more is read from the server.
//! - The editor is gone, or says `exit`: the server's whole process group is killed.

mod client;
mod jobs;

use crate::{
    actions::{self, Action},
    documents::{Diagnostic, Documents},
    envelope::{Envelope, bytes, code, notification, refusal, request, response},
    pipe::Outbox,
    prover::{Prover, Seen},
    server::{Link, Server},
    text::bytes_of,
};
use client::Client;
use jobs::Jobs;
use lsp_types::Range;
use prove_lean::{
    BoxFuture, WorkerError,
    lsp::framing::{FrameReader, ReadError},
};
use serde::Deserialize;
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::mpsc::{self, Receiver, UnboundedSender},
    task::JoinSet,
};

/// How long the server has to say which code actions it has.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long a server may take to end after `exit`.
const GRACE: Duration = Duration::from_secs(2);
/// Bytes that may wait for the server to read them.
const MOST_QUEUED: usize = 64 << 20;
/// Bytes that may wait for the editor before nothing more is read from the server.
const EDITOR_QUEUED: usize = 16 << 20;
/// Restarts of the server within a minute.
const MOST_RESTARTS: usize = 5;
/// The identifier, as [`Envelope::id`] has it, of an `initialize` that the editor knows nothing of.
const AGAIN: &str = "\"prove/initialize\"";

/// Why the proxy ended before its editor said so.
#[derive(Debug, thiserror::Error)]
pub enum ProxyError {
    /// The editor's side is no stream of messages.
    #[error("the editor sent something that is no message: {0}")]
    Editor(#[from] ReadError),
    /// There is no server.
    #[error("no Lean server could be had: {0}")]
    NoServer(String),
    /// The server could not be started.
    #[error("Lean's server cannot be started: {0}")]
    Start(#[from] WorkerError),
    /// The server ended again and again.
    #[error("Lean's server ended {MOST_RESTARTS} times within a minute; the last time: {0}")]
    KeepsEnding(String),
    /// The editor said `exit` without `shutdown`.
    #[error("the editor left without `shutdown`")]
    NoShutdown,
}

/// Something that a task of the proxy's own has to say.
enum Event {
    /// The code actions for a request.
    Offers(String, Vec<Value>),
    /// The server has had its time for its code actions.
    Late(String),
}

/// A request of the editor that the server has not answered.
enum Pending {
    Plain,
    Initialize,
    /// Its answer is of no interest any more.
    Forgotten,
    /// Code actions: ours and the server's answer, whichever is there.
    Actions {
        ours: Option<Vec<Value>>,
        server: Option<Vec<u8>>,
    },
}

/// Serves an editor that is at the other end of `input` and `output` until it says `exit` or is gone. `open` says which server to use for
/// a workspace.
pub async fn run<F>(
    input: impl AsyncRead + Unpin + Send + 'static,
    output: impl AsyncWrite + Unpin + Send + 'static,
    open: F,
    prover: Arc<dyn Prover>,
) -> Result<(), ProxyError>
where
    F: FnOnce(Option<PathBuf>) -> BoxFuture<'static, Result<Server, String>>,
{
    let (to_editor, unsent) = Outbox::new();
    let writer = tokio::spawn(unsent.write(output));
    let (arrived, from_editor) = mpsc::channel(64);
    let mut reader = JoinSet::new();
    reader.spawn(async move {
        let mut frames = FrameReader::new(input);
        while let Some(message) = frames.next_frame().await.transpose() {
            let broken = message.is_err();
            if arrived.send(message).await.is_err() || broken {
                return;
            }
        }
    });
    let result = serve(to_editor, from_editor, open, prover).await;
    // The queue's senders are gone: what is in it is written, unless nobody reads.
    let _ = tokio::time::timeout(GRACE, writer).await;
    result
}

type FromEditor = Receiver<Result<Vec<u8>, ReadError>>;

async fn serve<F>(editor: Outbox, mut from_editor: FromEditor, open: F, prover: Arc<dyn Prover>) -> Result<(), ProxyError>
where
    F: FnOnce(Option<PathBuf>) -> BoxFuture<'static, Result<Server, String>>,
{
    let Some((first, id)) = initialize(&editor, &mut from_editor).await? else { return Ok(()) };
    let params = Envelope::read(&first).params_value();
    let server = match open(client::root(&params)).await {
        Ok(server) => server,
        Err(why) => {
            editor.send(refusal(&id, code::INTERNAL, &why));
            return Err(ProxyError::NoServer(why));
        }
    };
    let link = server.start()?;
    let (events, mut own) = mpsc::unbounded_channel();
    let (seen, mut from_prover) = mpsc::unbounded_channel();
    let client = Client::new(&params);
    let jobs = Jobs::new(prover, seen, editor.clone(), client);
    let mut proxy = Proxy {
        editor,
        server,
        link,
        documents: Documents::default(),
        pending: HashMap::new(),
        jobs,
        events,
        initialize: first.clone(),
        initialized: None,
        restarts: Vec::new(),
        shutting_down: false,
        ended: false,
    };
    proxy.editor_said(first);
    loop {
        let full = proxy.editor.queued() > EDITOR_QUEUED;
        tokio::select! {
            message = from_editor.recv() => match message {
                None => return Ok(()),
                Some(message) => {
                    if proxy.editor_said(message?) {
                        return proxy.exit().await;
                    }
                }
            },
            message = proxy.link.next(), if !full && !proxy.ended => match message {
                Some(payload) => proxy.server_said(payload),
                None => {
                    let why = proxy.link.epitaph().await;
                    proxy.restart(&why).await?;
                }
            },
            () = proxy.editor.written(), if full => {}
            Some(event) = own.recv() => proxy.event(event),
            Some((job, seen)) = from_prover.recv() => proxy.jobs.saw(job, seen, &proxy.documents),
        }
        if proxy.link.outbox.queued() > MOST_QUEUED {
            proxy.restart("it no longer reads what it is sent").await?;
        }
    }
}

/// The editor's first request and its identifier; `None` if it leaves before.
async fn initialize(editor: &Outbox, from_editor: &mut FromEditor) -> Result<Option<(Vec<u8>, String)>, ProxyError> {
    while let Some(payload) = from_editor.recv().await {
        let payload = payload?;
        let message = Envelope::read(&payload);
        match (message.method(), message.id()) {
            ("initialize", Some(id)) => return Ok(Some((payload, id))),
            ("exit", _) => return Ok(None),
            (_, Some(id)) => editor.send(refusal(&id, code::NOT_INITIALIZED, "the first request must be `initialize`")),
            (_, None) => {}
        }
    }
    Ok(None)
}

struct Proxy {
    editor: Outbox,
    server: Server,
    link: Link,
    documents: Documents,
    /// Requests of the editor by their identifiers.
    pending: HashMap<String, Pending>,
    jobs: Jobs,
    events: UnboundedSender<Event>,
    /// What the server was told at first, for the next one.
    initialize: Vec<u8>,
    initialized: Option<Vec<u8>>,
    restarts: Vec<Instant>,
    shutting_down: bool,
    /// The server has ended on being told to, and is not to be replaced.
    ended: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CodeActionParams {
    text_document: Address,
    range: Range,
    context: CodeActionContext,
}

#[derive(Deserialize)]
struct Address {
    uri: String,
}

#[derive(Deserialize)]
struct CodeActionContext {
    #[serde(default)]
    diagnostics: Vec<Diagnostic>,
    only: Option<Vec<String>>,
}

impl Proxy {
    /// Takes a message of the editor. Returns whether it was the last one.
    fn editor_said(&mut self, payload: Vec<u8>) -> bool {
        let message = Envelope::read(&payload);
        let id = message.id();
        match (message.method(), id.as_deref()) {
            ("", Some(id)) if self.jobs.answered(id, message.result(), &self.documents) => return false,
            ("workspace/executeCommand", Some(id)) => {
                let params = message.params_value();
                if let Some(action) = params["command"].as_str().and_then(Action::of_command) {
                    if let Err(why) = self.jobs.start(id, action, &params, &self.documents) {
                        self.editor.send(refusal(id, code::INVALID_PARAMS, &why));
                    }
                    return false;
                }
            }
            ("codeAction/resolve", Some(id)) => {
                let action = message.params_value();
                if action["data"]["prove"].is_string() {
                    self.editor.send(response(id, action));
                    return false;
                }
            }
            ("$/cancelRequest", None) if self.jobs.cancel_request(&message.params_value()["id"]) => return false,
            ("window/workDoneProgress/cancel", None) if self.jobs.cancel_progress(&message.params_value()["token"]) => return false,
            ("$/prove/stop", None) => {
                self.jobs.cancel_all();
                return false;
            }
            _ => {}
        }
        let (method, params) = (message.method.as_deref().unwrap_or(""), message.params());
        let is_notification = id.is_none();
        if let Some(id) = id.filter(|_| !method.is_empty()) {
            let pending = match method {
                "initialize" => Pending::Initialize,
                "textDocument/codeAction" if self.look_for_actions(&id, params) => Pending::Actions { ours: None, server: None },
                _ => Pending::Plain,
            };
            self.shutting_down |= method == "shutdown";
            self.pending.insert(id, pending);
        }
        let exit = method == "exit";
        if method == "initialized" {
            self.initialized = Some(payload.clone());
        }
        if is_notification && method.starts_with("textDocument/did") {
            self.link.outbox.send(payload.clone());
            self.documents.follow(method, params);
        } else {
            self.link.outbox.send(payload);
        }
        exit
    }

    /// Takes a message of the server.
    fn server_said(&mut self, payload: Vec<u8>) {
        let message = Envelope::read(&payload);
        if message.method.is_some() {
            self.editor.send(payload.clone());
            if message.method() == "textDocument/publishDiagnostics" {
                self.documents.published(message.params());
            }
            return;
        }
        let id = message.id().unwrap_or_default();
        match self.pending.remove(&id) {
            Some(Pending::Forgotten) => {}
            Some(Pending::Initialize) => self.editor.send(amended(payload)),
            Some(Pending::Actions { ours: Some(ours), .. }) => self.editor.send(merged(payload, ours)),
            Some(Pending::Actions { ours: None, .. }) => {
                drop(self.pending.insert(id, Pending::Actions { ours: None, server: Some(payload) }))
            }
            Some(Pending::Plain) | None => self.editor.send(payload),
        }
    }

    /// Looks for our code actions beside the server. Returns whether there is something to look at.
    fn look_for_actions(&self, id: &str, params: &str) -> bool {
        let Ok(CodeActionParams { text_document: Address { uri }, range, context }) = serde_json::from_str(params) else { return false };
        let Some(document) = self.documents.get(&uri) else { return false };
        let (text, mut errors) = (document.text.clone(), document.errors.clone());
        errors.extend(Diagnostic::errors(context.diagnostics));
        let (events, id) = (self.events.clone(), id.to_owned());
        let (late, late_id) = (events.clone(), id.clone());
        tokio::task::spawn_blocking(move || {
            let errors: Vec<_> = errors.into_iter().map(|range| bytes_of(&text, range)).collect();
            let offers = actions::offers(&uri, &text, &bytes_of(&text, range), &errors, context.only.as_deref());
            let _ = events.send(Event::Offers(id, offers));
        });
        tokio::spawn(async move {
            tokio::time::sleep(PATIENCE).await;
            let _ = late.send(Event::Late(late_id));
        });
        true
    }

    fn event(&mut self, event: Event) {
        match event {
            Event::Offers(id, offers) => match self.pending.remove(&id) {
                Some(Pending::Actions { server: Some(payload), .. }) => self.editor.send(merged(payload, offers)),
                Some(Pending::Actions { server: None, .. }) => {
                    self.pending.insert(id, Pending::Actions { ours: Some(offers), server: None });
                }
                Some(other) => drop(self.pending.insert(id, other)),
                None => {}
            },
            Event::Late(id) => {
                if let Some(Pending::Actions { ours: Some(ours), server: None }) = self.pending.get_mut(&id)
                    && !ours.is_empty()
                {
                    self.editor.send(response(&id, json!(std::mem::take(ours))));
                    self.pending.insert(id, Pending::Forgotten);
                }
            }
        }
    }

    /// Starts another server in the place of one that has ended, and brings it to where the editor is.
    async fn restart(&mut self, why: &str) -> Result<(), ProxyError> {
        let mut asks_initialize = false;
        for (id, pending) in std::mem::take(&mut self.pending) {
            match pending {
                Pending::Initialize => {
                    asks_initialize = true;
                    self.pending.insert(id, Pending::Initialize);
                }
                Pending::Actions { ours: Some(ours), .. } => self.editor.send(response(&id, json!(ours))),
                Pending::Plain | Pending::Actions { ours: None, .. } => {
                    self.editor.send(refusal(&id, code::CONTENT_MODIFIED, "Lean's server has ended; another one is starting"));
                }
                Pending::Forgotten => {}
            }
        }
        if self.shutting_down {
            self.ended = true;
            return Ok(());
        }
        self.restarts.retain(|at| at.elapsed() < Duration::from_secs(60));
        if self.restarts.len() >= MOST_RESTARTS {
            self.say(1, &format!("Lean's server keeps ending ({why})"));
            return Err(ProxyError::KeepsEnding(why.to_owned()));
        }
        self.restarts.push(Instant::now());
        // Not at once: what ends it may need a moment to pass.
        tokio::time::sleep(Duration::from_millis(100 * self.restarts.len() as u64)).await;
        self.link = self.server.start()?;
        self.say(2, &format!("Lean's server has ended ({why}); another one was started."));
        let initialize = match asks_initialize {
            true => self.initialize.clone(),
            false => {
                self.pending.insert(AGAIN.to_owned(), Pending::Forgotten);
                request("prove/initialize", "initialize", Envelope::read(&self.initialize).params_value())
            }
        };
        self.link.outbox.send(initialize);
        if let Some(initialized) = &self.initialized {
            self.link.outbox.send(initialized.clone());
        }
        for document in self.documents.addresses().filter_map(|uri| self.documents.get(uri)) {
            self.link.outbox.send(notification("textDocument/didOpen", document.opening()));
        }
        Ok(())
    }

    /// Gives the server a moment to end by itself.
    async fn exit(mut self) -> Result<(), ProxyError> {
        let _ = tokio::time::timeout(GRACE, async { while self.link.next().await.is_some() {} }).await;
        if self.shutting_down { Ok(()) } else { Err(ProxyError::NoShutdown) }
    }

    fn say(&self, kind: u32, message: &str) {
        self.editor.send(notification("window/showMessage", json!({"type": kind, "message": message})));
    }
}

/// The server's answer to `initialize` with what the proxy adds.
fn amended(payload: Vec<u8>) -> Vec<u8> {
    let Ok(mut message) = serde_json::from_slice::<Value>(&payload) else { return payload };
    let Some(capabilities) = message["result"]["capabilities"].as_object_mut() else { return payload };
    let mut kinds: Vec<&str> = Vec::new();
    for action in Action::ALL {
        if !kinds.contains(&action.kind()) {
            kinds.push(action.kind());
        }
    }
    match capabilities.get_mut("codeActionProvider") {
        Some(Value::Object(provider)) => {
            if let Some(Value::Array(listed)) = provider.get_mut("codeActionKinds") {
                let new: Vec<Value> = kinds.into_iter().map(Value::from).filter(|kind| !listed.contains(kind)).collect();
                listed.extend(new);
            }
        }
        Some(Value::Bool(true)) => {}
        _ => drop(capabilities.insert("codeActionProvider".to_owned(), json!({"codeActionKinds": kinds}))),
    }
    let provider = capabilities.entry("executeCommandProvider").or_insert_with(|| json!({}));
    let mut commands = provider["commands"].as_array().cloned().unwrap_or_default();
    commands.extend(Action::ALL.map(|action| json!(action.command())));
    provider["commands"] = json!(commands);
    provider["workDoneProgress"] = json!(true);
    bytes(&message)
}

/// The server's answer to a request for code actions, with ours behind its own. An answer that is an error, and one to which there is
/// nothing to add, stay as they are.
fn merged(payload: Vec<u8>, ours: Vec<Value>) -> Vec<u8> {
    let message = Envelope::read(&payload);
    let (Some(id), Some(result)) = (message.id(), message.result()) else { return payload };
    if ours.is_empty() {
        return payload;
    }
    match serde_json::from_str(result) {
        Ok(Value::Array(mut actions)) => {
            actions.extend(ours);
            response(&id, json!(actions))
        }
        Ok(Value::Null) => response(&id, json!(ours)),
        _ => payload,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capabilities_are_added_to_and_nothing_is_taken_away() {
        let amended = |capabilities: Value| -> Value {
            let message = json!({"id": 1, "result": {"capabilities": capabilities, "serverInfo": {"name": "Lean 4"}}});
            let amended: Value = serde_json::from_slice(&amended(bytes(&message))).expect("JSON");
            assert_eq!(amended["result"]["serverInfo"], message["result"]["serverInfo"]);
            amended["result"]["capabilities"].clone()
        };
        let full = amended(json!({
            "hoverProvider": true,
            "codeActionProvider": {"resolveProvider": true, "codeActionKinds": ["quickfix", "refactor"]},
            "executeCommandProvider": {"commands": ["lean.a"]},
        }));
        assert_eq!(
            full["codeActionProvider"],
            json!({"resolveProvider": true, "codeActionKinds": ["quickfix", "refactor", "refactor.rewrite"]})
        );
        assert_eq!(
            (&full["executeCommandProvider"]["commands"][0], &full["executeCommandProvider"]["commands"][1]),
            (&json!("lean.a"), &json!("prove.prove"))
        );
        assert_eq!(full["hoverProvider"], true);
        assert_eq!(amended(json!({}))["codeActionProvider"]["codeActionKinds"], json!(["quickfix", "refactor.rewrite"]));
        assert_eq!(amended(json!({"codeActionProvider": true}))["codeActionProvider"], true);
    }

    #[test]
    fn code_actions_are_put_behind_the_servers() {
        let merge = |answer: Value, ours: Vec<Value>| serde_json::from_slice::<Value>(&merged(bytes(&answer), ours)).expect("JSON");
        let answer = json!({"jsonrpc": "2.0", "id": "x", "result": [1]});
        assert_eq!(merge(answer.clone(), vec![json!(2)])["result"], json!([1, 2]));
        assert_eq!(merge(answer.clone(), Vec::new()), answer);
        assert_eq!(merge(json!({"id": 1, "result": null}), vec![json!(2)])["result"], json!([2]));
        let error = json!({"id": 1, "error": {"code": -32801, "message": "changed"}});
        assert_eq!(merge(error.clone(), vec![json!(2)]), error);
    }
}

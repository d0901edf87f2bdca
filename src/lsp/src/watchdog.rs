//! Lean's watchdog for a Lean that cannot start processes: one worker for each document, started, fed and replaced from here.
//!
//! `lean --server` is a process that starts a `lean --worker` for each document. The embedded Lean has only the worker. What the real
//! watchdog does for one document is done here, and of what it knows of many, what it knows of the open ones ([`names`]).
//!
//! A worker is given the document with this Lean's preamble in front of its first command ([`Shift`] takes that out of everything it says),
//! always whole: Lean finds by itself what has changed. It is replaced when the imports change. One that has died stays dead until the
//! next edit, as with Lean's own, so that a text that kills it does not do so for ever.

mod index;
mod names;
mod shift;

use crate::{
    documents::Documents,
    envelope::{self, Envelope, code, notification, refusal, response},
    pipe::{Outbox, Unsent},
    server::Workers,
};
use index::Index;
use prove_lean::{LeanProcess, import_tokens, lsp::framing::FrameReader};
use serde_json::{Value, json};
use shift::Shift;
use std::collections::HashMap;
use tokio::{
    sync::mpsc::{self, Sender},
    task::JoinSet,
};

/// Messages of all workers that nobody has looked at yet.
const INBOX: usize = 256;

/// The names of Lean's kinds of semantic tokens, in the order of their numbers.
const TOKEN_TYPES: [&str; 24] = [
    "keyword",
    "variable",
    "property",
    "function",
    "namespace",
    "type",
    "class",
    "enum",
    "interface",
    "struct",
    "typeParameter",
    "parameter",
    "enumMember",
    "event",
    "method",
    "macro",
    "modifier",
    "comment",
    "string",
    "number",
    "regexp",
    "operator",
    "decorator",
    "leanSorryLike",
];
const TOKEN_MODIFIERS: [&str; 10] = [
    "declaration",
    "definition",
    "readonly",
    "static",
    "deprecated",
    "abstract",
    "async",
    "modification",
    "documentation",
    "defaultLibrary",
];

/// Serves the editor until it says `exit` or is gone.
pub(crate) async fn serve(workers: Workers, mut from_editor: Unsent, to_editor: Sender<Vec<u8>>) {
    let (arrived, mut arrivals) = mpsc::channel(INBOX);
    let mut watchdog =
        Watchdog { workers, documents: Documents::default(), held: HashMap::new(), initialize: Value::Null, arrived, started: 0, asked: 0 };
    loop {
        let out = tokio::select! {
            payload = from_editor.next() => match payload {
                Some(payload) if Envelope::read(&payload).method() != "exit" => watchdog.editor_said(payload),
                _ => return,
            },
            Some((number, payload)) = arrivals.recv() => watchdog.worker_said(number, payload),
        };
        for payload in out {
            if to_editor.send(payload).await.is_err() {
                return;
            }
        }
    }
}

struct Watchdog {
    workers: Workers,
    documents: Documents,
    held: HashMap<String, Held>,
    /// The parameters of `initialize`, which every worker is given.
    initialize: Value,
    arrived: Sender<(u64, Option<Vec<u8>>)>,
    /// Workers started so far.
    started: u64,
    /// Requests passed from workers to the editor.
    asked: u64,
}

/// A document and its worker.
struct Held {
    /// Which worker it is; what earlier ones said late does not count.
    number: u64,
    worker: Option<Worker>,
    imports: Vec<String>,
    shift: Option<Shift>,
    /// Requests under way: their identifiers and methods.
    pending: HashMap<String, String>,
    index: Index,
}

/// A running worker. Dropping it kills it.
struct Worker {
    outbox: Outbox,
    _process: LeanProcess,
    _tasks: JoinSet<()>,
}

impl Watchdog {
    /// What is to be said to the editor after a message of it.
    fn editor_said(&mut self, payload: Vec<u8>) -> Vec<Vec<u8>> {
        let message = Envelope::read(&payload);
        let method = message.method();
        match (message.id().as_deref(), method) {
            (Some(id), "initialize") => {
                self.initialize = message.params_value();
                vec![response(id, json!({"capabilities": capabilities(), "serverInfo": {"name": "Lean 4 (embedded)"}}))]
            }
            (Some(id), "shutdown") => {
                self.held.clear();
                vec![response(id, Value::Null)]
            }
            (None, "textDocument/didOpen" | "textDocument/didChange") => match self.documents.follow(method, message.params()) {
                Some(uri) => self.bring(&uri),
                None => Vec::new(),
            },
            (None, "textDocument/didClose") => match self.documents.follow(method, message.params()) {
                Some(uri) => {
                    self.held.remove(&uri);
                    vec![notification("textDocument/publishDiagnostics", json!({"uri": uri, "diagnostics": []}))]
                }
                None => Vec::new(),
            },
            (None, "$/cancelRequest") => {
                self.held.values().filter_map(|held| held.worker.as_ref()).for_each(|worker| worker.outbox.send(payload.clone()));
                Vec::new()
            }
            (Some(id), "workspace/symbol" | "textDocument/references" | "textDocument/prepareRename" | "textDocument/rename") => {
                vec![self.about_names(id, method, message.params_value())]
            }
            // Answers to what workers asked: they do not wait for them.
            (_, "") => Vec::new(),
            (id, _) => self.route(id, &message, &payload).into_iter().collect(),
        }
    }

    /// Brings the worker of a document to the document's text.
    fn bring(&mut self, uri: &str) -> Vec<Vec<u8>> {
        let Some(document) = self.documents.get(uri) else { return Vec::new() };
        let (at, text) = self.workers.preamble.insert(&document.text);
        let imports: Vec<String> = import_tokens(&document.text).into_iter().map(str::to_owned).collect();
        let shift = Shift::new(&document.text, at, &text);
        if let Some(held) = self.held.get_mut(uri)
            && let Some(worker) = &held.worker
            && held.imports == imports
        {
            held.shift = shift;
            let version = json!({"uri": uri, "version": document.version});
            worker
                .outbox
                .send(notification("textDocument/didChange", json!({"textDocument": version, "contentChanges": [{"text": text}]})));
            return Vec::new();
        }
        let opening = document.opening_with(&text);
        let mut out: Vec<Vec<u8>> =
            self.held.remove(uri).map_or_else(Vec::new, |old| old.refuse_all(code::CONTENT_MODIFIED, "the imports have changed"));
        self.started += 1;
        let worker = match self.start(self.started) {
            Ok(worker) => {
                worker.outbox.send(envelope::request("initialize", "initialize", &self.initialize));
                worker.outbox.send(notification("textDocument/didOpen", opening));
                Some(worker)
            }
            Err(error) => {
                out.push(notification("window/showMessage", json!({"type": 1, "message": format!("Lean cannot be started: {error}")})));
                None
            }
        };
        self.held.insert(
            uri.to_owned(),
            Held { number: self.started, worker, imports, shift, pending: HashMap::new(), index: Index::default() },
        );
        out
    }

    fn start(&self, number: u64) -> Result<Worker, prove_lean::WorkerError> {
        let (process, stdin, stdout) = LeanProcess::spawn(&self.workers.lean.clone().arg("--worker"))?;
        let (outbox, unsent) = Outbox::new();
        let mut tasks = JoinSet::new();
        tasks.spawn(unsent.write(stdin));
        let arrived = self.arrived.clone();
        tasks.spawn(async move {
            let mut frames = FrameReader::new(stdout);
            while let Ok(Some(payload)) = frames.next_frame().await {
                if arrived.send((number, Some(payload))).await.is_err() {
                    return;
                }
            }
            let _ = arrived.send((number, None)).await;
        });
        Ok(Worker { outbox, _process: process, _tasks: tasks })
    }

    /// Passes a request or notification to the worker of the document that it is about.
    fn route(&mut self, id: Option<&str>, message: &Envelope<'_>, payload: &[u8]) -> Option<Vec<u8>> {
        let mut params = message.params_value();
        let uri = find_uri(&params, &self.held).map(str::to_owned);
        let held = uri.and_then(|uri| self.held.get_mut(&uri));
        let Some(Held { worker, pending, shift, .. }) = held else {
            let why = format!("{} is not offered for the embedded Lean, or for no document that is open", message.method());
            return id.map(|id| refusal(id, code::METHOD_NOT_FOUND, &why));
        };
        let Some(worker) = worker else {
            return id.map(|id| refusal(id, code::WORKER_CRASHED, "Lean has crashed on this file; it starts again at the next edit"));
        };
        if let Some(id) = id {
            pending.insert(id.to_owned(), message.method().to_owned());
        }
        match shift {
            None => worker.outbox.send(payload.to_vec()),
            Some(shift) => {
                shift.to_lean(&mut params);
                let mut message: Value = serde_json::from_slice(payload).unwrap_or_default();
                message["params"] = params;
                worker.outbox.send(envelope::bytes(&message));
            }
        }
        None
    }

    /// What is to be said to the editor after a message of a worker, or its end.
    fn worker_said(&mut self, number: u64, payload: Option<Vec<u8>>) -> Vec<Vec<u8>> {
        let Some((uri, held)) = self.held.iter_mut().find(|(_, held)| held.number == number) else { return Vec::new() };
        let Some(payload) = payload else {
            held.worker = None;
            let mut out = std::mem::take(&mut held.pending).into_keys().map(crashed).collect::<Vec<_>>();
            let version = self.documents.get(uri).map(|document| document.version);
            let start = json!({"line": 0, "character": 0});
            let processing = json!([{"range": {"start": start, "end": start}, "kind": 2}]);
            out.push(notification(
                "$/lean/fileProgress",
                json!({"textDocument": {"uri": uri, "version": version}, "processing": processing}),
            ));
            return out;
        };
        let message = Envelope::read(&payload);
        let method = match (message.id().as_deref(), message.method()) {
            // These are the watchdog's own business.
            (None, method) if method.starts_with("$/lean/ilean") || method == "$/lean/importClosure" => {
                held.index.take(method, message.params());
                return Vec::new();
            }
            (None, _) => String::new(),
            (Some(_), method) if !method.is_empty() => {
                // Workers count their requests each for itself.
                self.asked += 1;
                return vec![envelope::request(&format!("lean/{}", self.asked), method, message.params_value())];
            }
            (Some(id), _) => match held.pending.remove(id) {
                Some(method) => method,
                None => return Vec::new(),
            },
        };
        match &held.shift {
            None => vec![payload],
            Some(shift) => {
                let mut message: Value = serde_json::from_slice(&payload).unwrap_or_default();
                shift.to_editor(&method, &mut message);
                vec![envelope::bytes(&message)]
            }
        }
    }
}

impl Held {
    fn refuse_all(self, code: i64, why: &str) -> Vec<Vec<u8>> {
        self.pending.keys().map(|id| refusal(id, code, why)).collect()
    }
}

fn crashed(id: String) -> Vec<u8> {
    refusal(&id, code::WORKER_CRASHED, "Lean has crashed on this file; it starts again at the next edit")
}

/// The first address of an open document in a message, wherever it stands: most requests name their document, and those that follow up
/// on an answer carry it in the answer's data.
fn find_uri<'a>(value: &'a Value, held: &HashMap<String, Held>) -> Option<&'a str> {
    match value {
        Value::String(text) => held.contains_key(text).then_some(text),
        Value::Array(values) => values.iter().find_map(|value| find_uri(value, held)),
        Value::Object(fields) => fields.values().find_map(|value| find_uri(value, held)),
        _ => None,
    }
}

/// What a worker answers by itself, and what is known of names.
fn capabilities() -> Value {
    json!({
        "textDocumentSync": {"openClose": true, "change": 2, "willSave": false, "willSaveWaitUntil": false, "save": {"includeText": true}},
        "completionProvider": {"triggerCharacters": ["."], "resolveProvider": true},
        "hoverProvider": true,
        "declarationProvider": true,
        "definitionProvider": true,
        "typeDefinitionProvider": true,
        "documentHighlightProvider": true,
        "referencesProvider": true,
        "renameProvider": {"prepareProvider": true},
        "workspaceSymbolProvider": true,
        "documentSymbolProvider": true,
        "foldingRangeProvider": true,
        "signatureHelpProvider": {"triggerCharacters": [" "]},
        "semanticTokensProvider": {"legend": {"tokenTypes": TOKEN_TYPES, "tokenModifiers": TOKEN_MODIFIERS}, "full": true, "range": true},
        "inlayHintProvider": {"resolveProvider": false},
        "codeActionProvider": {"resolveProvider": true, "codeActionKinds": ["quickfix", "refactor"]},
        "experimental": {"rpcProvider": {"highlightMatchesProvider": null}},
    })
}

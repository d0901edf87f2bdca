//! The language-server session: one `lean --worker` process, one document, one check after another.
//!
//! A check is a new version of the document. Lean keeps what it elaborated of the unchanged prefix, so a warm session pays only for
//! what differs. The end of a version's elaboration is the answer to `textDocument/waitForDiagnostics`: Lean sends it after the last
//! diagnostics of that version, in the same order-preserving channel. Every `publishDiagnostics` of a version repeats and extends
//! the one before, so the last one holds them all; those of other versions are stale and skipped.
//!
//! Two things make a session start a new process on its own, at the price of loading the imports again: a job with other imports
//! (Lean would exit), and a header that Lean gave up on (which it would not elaborate again).
//!
//! Nothing that arrives here makes a verdict. Elaborated code can print to the pipe that the messages come through; it cannot guess
//! the identifiers of our requests, but it can send diagnostics of its own.

mod connection;
pub(crate) mod goal_text;
pub(crate) mod imports;
pub(crate) mod messages;

use crate::{
    BoxFuture, Job, LeanCommand, MemoryGauge, Report, Spawner, Worker, WorkerError,
    lsp::{
        position::LineIndex,
        types::{self, method},
    },
    spans::SpanPlan,
};
use connection::{Arrival, Connection, RequestId};
use lsp_types::request::Request;
use lsp_types::{TextDocumentContentChangeEvent, TextDocumentIdentifier, TextDocumentItem, Uri, VersionedTextDocumentIdentifier};
use prove_core::{Elaboration, Position, ProofState};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use std::{collections::HashMap, time::Instant};

/// How the document is called. For a `file:` address a native Lean would run Lake, which our Lean may not (see [`crate::sandbox`]) and
/// need not: discovery has asked it for the search path.
const DOCUMENT: &str = "untitled:Candidate.lean";

/// Starts sessions of one Lean.
#[derive(Clone, Debug)]
pub struct SessionSpawner {
    command: LeanCommand,
}

impl SessionSpawner {
    /// Sessions of the Lean that `lean` runs, its arguments so far being those that come before Lean's own. The edit delay of
    /// Lean's server, meant for people who type, is set to nothing.
    pub fn new(lean: LeanCommand) -> Self {
        SessionSpawner { command: lean.args(["--worker", "-Dserver.reportDelayMs=0"]) }
    }

    /// Sets the deterministic limit of each declaration, in Lean's unit of a thousand small allocations; 0 is none.
    #[must_use]
    pub fn max_heartbeats(mut self, thousands: u64) -> Self {
        self.command = self.command.arg(format!("-DmaxHeartbeats={thousands}"));
        self
    }

    /// Starts a session and elaborates `header`.
    pub async fn start(&self, header: &str) -> Result<Session, WorkerError> {
        let mut session = Session::new(self.command.clone())?;
        session.elaborate(header).await?;
        Ok(session)
    }
}

impl Spawner for SessionSpawner {
    fn spawn<'a>(&'a self, header: &'a str) -> BoxFuture<'a, Result<Box<dyn Worker>, WorkerError>> {
        Box::pin(async move { Ok(Box::new(self.start(header).await?) as Box<dyn Worker>) })
    }
}

/// One warm Lean worker. Dropping it kills its process group.
#[derive(Debug)]
pub struct Session {
    command: LeanCommand,
    uri: Uri,
    open: Option<Open>,
}

/// The running process and the document it holds.
#[derive(Debug)]
struct Open {
    connection: Connection,
    imports: Vec<String>,
    version: i32,
}

/// What Lean published about one version.
#[derive(Debug, Default)]
struct Published {
    /// It published at all, as it does for every version, if only that there is nothing to say.
    any: bool,
    diagnostics: Vec<types::Diagnostic>,
    /// Elaboration ended at the header.
    fatal: bool,
}

impl Session {
    fn new(command: LeanCommand) -> Result<Session, WorkerError> {
        let uri = DOCUMENT.parse().map_err(|error| WorkerError::Spawn(format!("bad document address: {error}")))?;
        Ok(Session { command, uri, open: None })
    }

    /// Checks `job` without regard to its wall limit.
    async fn run(&mut self, job: &Job) -> Result<Report, WorkerError> {
        let text = [&*job.header, &*job.body].concat();
        let plan = job.tactics.then(|| SpanPlan::new(&text, job.header.len()));
        let sent_text = plan.as_ref().map_or_else(|| text.clone(), |plan| plan.padded(&text));
        let sent = Instant::now();
        let published = self.elaborate(&sent_text).await?;
        let millis = sent.elapsed().as_secs_f64() * 1e3;

        let diagnostics = messages::diagnostics(&published.diagnostics, &LineIndex::new(&text));
        let questions = plan.map(|plan| plan.questions(&diagnostics));
        let mut places = job.goals_at.clone();
        places.extend(questions.iter().flat_map(|questions| questions.places()));
        let mut goals = self.goals(&places, &LineIndex::new(&sent_text)).await?;
        let answers = goals.split_off(job.goals_at.len());
        let tactics = questions.map_or_else(Vec::new, |questions| questions.spans(answers));
        if published.fatal {
            self.open = None;
        }
        Ok(Report { elaboration: Elaboration { diagnostics, tactics }, goals, millis })
    }

    /// Gives Lean a new version of the document and waits until it is done with it.
    async fn elaborate(&mut self, text: &str) -> Result<Published, WorkerError> {
        let imports = imports::import_tokens(text);
        if self.open.as_ref().is_some_and(|open| open.imports != imports) {
            self.open = None;
        }
        let open = match &mut self.open {
            Some(open) => {
                open.change(&self.uri, text)?;
                open
            }
            None => self.open.insert(Open::start(&self.command, &self.uri, text)?),
        };
        open.finish(&self.uri).await
    }

    /// The goals at `places`, asked for all at once. `None` where Lean knows of no tactic, and where it cannot print the goals.
    async fn goals(&mut self, places: &[Position], index: &LineIndex<'_>) -> Result<Vec<Option<ProofState>>, WorkerError> {
        let mut states = vec![None; places.len()];
        let Some(open) = &mut self.open else { return Ok(states) };
        let mut asked: HashMap<Position, Vec<usize>> = HashMap::new();
        for (i, place) in places.iter().enumerate() {
            asked.entry(*place).or_default().push(i);
        }
        let mut awaited: HashMap<RequestId, Vec<usize>> = HashMap::new();
        for (place, wanted_by) in asked {
            let params =
                types::PlaceParams { text_document: TextDocumentIdentifier { uri: self.uri.clone() }, position: index.to_lsp(place) };
            awaited.insert(open.connection.request::<types::PlainGoal>(params)?, wanted_by);
        }
        while !awaited.is_empty() {
            let Arrival::Answer { id, result } = open.connection.next().await? else { continue };
            let Some(wanted_by) = awaited.remove(&id) else { continue };
            let Ok(result) = result else { continue };
            let goals: Option<types::PlainGoals> = decode(types::PlainGoal::METHOD, Some(result))?;
            let state = goals.map(|goals| goal_text::parse_state(&goals.goals));
            for i in wanted_by {
                states[i].clone_from(&state);
            }
        }
        Ok(states)
    }
}

impl Open {
    /// Starts a process and opens the document in it.
    fn start(command: &LeanCommand, uri: &Uri, text: &str) -> Result<Open, WorkerError> {
        let mut connection = Connection::open(command)?;
        let initialize = types::InitializeParams {
            process_id: Some(std::process::id()),
            capabilities: lsp_types::ClientCapabilities::default(),
            initialization_options: types::InitializationOptions::default(),
        };
        connection.request_unanswered(method::INITIALIZE, initialize)?;
        let version = 1;
        let text_document = TextDocumentItem { uri: uri.clone(), language_id: "lean4".into(), version, text: text.into() };
        connection
            .notify(method::DID_OPEN, types::DidOpenParams { text_document, dependency_build_mode: types::DependencyBuildMode::Never })?;
        let imports = imports::import_tokens(text).into_iter().map(str::to_owned).collect();
        Ok(Open { connection, imports, version })
    }

    /// Replaces the document's text. Lean compares it with the old one by itself, so the whole text is sent.
    fn change(&mut self, uri: &Uri, text: &str) -> Result<(), WorkerError> {
        self.version += 1;
        let text_document = VersionedTextDocumentIdentifier { uri: uri.clone(), version: self.version };
        let change = TextDocumentContentChangeEvent { range: None, range_length: None, text: text.into() };
        self.connection.notify(method::DID_CHANGE, types::DidChangeParams { text_document, content_changes: vec![change] })
    }

    /// Waits for the end of the current version's elaboration.
    async fn finish(&mut self, uri: &Uri) -> Result<Published, WorkerError> {
        let wait = types::WaitForDiagnosticsParams { uri: uri.clone(), version: self.version };
        let end = self.connection.request::<types::WaitForDiagnostics>(wait)?;
        let mut published = Published::default();
        loop {
            match self.connection.next().await? {
                Arrival::Answer { id, result } if id == end => {
                    return match result {
                        Ok(_) if published.any => Ok(published),
                        // Silence must not pass for a text without errors.
                        Ok(_) => Err(WorkerError::Protocol(format!("no diagnostics were published for version {}", self.version))),
                        Err(error) => Err(WorkerError::Protocol(format!("{}: {error}", types::WaitForDiagnostics::METHOD))),
                    };
                }
                // The late answer to a request of a check that was given up.
                Arrival::Answer { .. } => {}
                Arrival::Notification { method, params } if method == method::PUBLISH_DIAGNOSTICS => {
                    let params: types::PublishDiagnosticsParams = decode(&method, params)?;
                    if self.is_current(uri, &params.uri, params.version) {
                        published.any = true;
                        published.diagnostics = params.diagnostics;
                    }
                }
                Arrival::Notification { method, params } if method == method::FILE_PROGRESS => {
                    let params: types::FileProgressParams = decode(&method, params)?;
                    if self.is_current(uri, &params.text_document.uri, params.text_document.version) {
                        published.fatal = params.processing.iter().any(types::Processing::is_fatal);
                    }
                }
                Arrival::Notification { .. } => {}
            }
        }
    }

    fn is_current(&self, uri: &Uri, about: &str, version: Option<i64>) -> bool {
        about == uri.as_str() && version == Some(i64::from(self.version))
    }
}

impl Worker for Session {
    fn check<'a>(&'a mut self, job: &'a Job) -> BoxFuture<'a, Result<Report, WorkerError>> {
        Box::pin(async move {
            let limit = job.limits.wall;
            let result = match tokio::time::timeout(limit, self.run(job)).await {
                Ok(result) => result,
                Err(_) => Err(WorkerError::Timeout { limit }),
            };
            if result.is_err() {
                self.open = None;
            }
            result
        })
    }

    fn resident_bytes(&self) -> Option<u64> {
        self.open.as_ref().and_then(|open| open.connection.process.resident_bytes())
    }

    fn memory_gauge(&self) -> Option<MemoryGauge> {
        self.open.as_ref().map(|open| open.connection.process.memory_gauge())
    }
}

/// The parameters or result of type `T` in a message.
fn decode<T: DeserializeOwned>(what: &str, value: Option<Box<RawValue>>) -> Result<T, WorkerError> {
    let text = value.as_deref().map_or("null", RawValue::get);
    serde_json::from_str(text).map_err(|error| WorkerError::Protocol(format!("{what}: {error}")))
}

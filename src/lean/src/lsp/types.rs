//! Lean's own part of the protocol, as `lean --worker` of Lean 4.28 speaks it (`Lean.Data.Lsp.Extra`, `Lean.Data.Lsp.Diagnostics`).
//!
//! The worker is spoken to directly, without the watchdog that sits between it and an editor: it reads one `initialize` request,
//! which it never answers, then one `textDocument/didOpen`, then requests and notifications about that one document until `exit`.
//! Fields that a later Lean adds are ignored, fields that an earlier one lacks are optional.

use lsp_types::{
    DiagnosticSeverity, DiagnosticTag, NumberOrString, Position, Range, TextDocumentContentChangeEvent, TextDocumentIdentifier,
    TextDocumentItem, Uri, VersionedTextDocumentIdentifier,
    notification::{DidChangeTextDocument, Exit, Notification},
    request::{Initialize, Request},
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// The client's first message. Only what Lean reads is sent; without widgets, messages arrive as plain text.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InitializeParams {
    /// The client's process, for servers that watch it.
    pub process_id: Option<u32>,
    /// Our capabilities: none beyond the base protocol.
    pub capabilities: lsp_types::ClientCapabilities,
    /// Lean's own options.
    pub initialization_options: InitializationOptions,
}

/// Lean's own options of `initialize`.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InitializationOptions {
    /// Whether the client shows interactive widgets.
    pub has_widgets: bool,
}

/// `textDocument/didOpen`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DidOpenParams {
    /// The document.
    pub text_document: TextDocumentItem,
    /// Whether Lake may build what the document imports.
    pub dependency_build_mode: DependencyBuildMode,
}

/// Whether Lake may build the imports of an opened document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum DependencyBuildMode {
    /// Build them whenever they are out of date.
    Always,
    /// Build them once.
    Once,
    /// Report them as out of date.
    #[default]
    Never,
}

/// `textDocument/didChange`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DidChangeParams {
    /// The document and its new version.
    pub text_document: VersionedTextDocumentIdentifier,
    /// The changes in order.
    pub content_changes: Vec<TextDocumentContentChangeEvent>,
}

/// `textDocument/publishDiagnostics`: all diagnostics so far of one version, which replace those sent before.
#[derive(Debug, Deserialize)]
pub struct PublishDiagnosticsParams {
    /// The document.
    pub uri: String,
    /// The version that was elaborated.
    pub version: Option<i64>,
    /// The diagnostics.
    pub diagnostics: Vec<Diagnostic>,
}

/// A diagnostic with Lean's additions.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Diagnostic {
    /// Where it is shown: cut to one line.
    pub range: Range,
    /// Where it is.
    pub full_range: Option<Range>,
    /// How grave it is.
    pub severity: Option<DiagnosticSeverity>,
    /// Whether an editor shows it only in its Lean view.
    pub is_silent: Option<bool>,
    /// The name of the error explanation, where there is one.
    pub code: Option<NumberOrString>,
    /// The text.
    pub message: String,
    /// Tags of the base protocol.
    #[serde(default)]
    pub tags: Option<Vec<DiagnosticTag>>,
    /// Lean's own tags.
    #[serde(default)]
    pub lean_tags: Option<Vec<LeanTag>>,
}

/// Lean's own tags of diagnostics, by their number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct LeanTag(pub u32);

impl LeanTag {
    /// The name of a tag this client knows.
    pub fn name(self) -> Option<&'static str> {
        match self.0 {
            1 => Some("unsolvedGoals"),
            2 => Some("goalsAccomplished"),
            _ => None,
        }
    }
}

/// `$/lean/fileProgress`: what is still being elaborated; nothing at the end.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FileProgressParams {
    /// The document and the version that was elaborated.
    pub text_document: VersionedDocument,
    /// The parts in work.
    pub processing: Vec<Processing>,
}

/// A document, with its version where the server knows it.
#[derive(Debug, Deserialize)]
pub struct VersionedDocument {
    /// The document.
    pub uri: String,
    /// The version.
    pub version: Option<i64>,
}

/// One part of a document in work.
#[derive(Debug, Deserialize)]
pub struct Processing {
    /// The part.
    pub range: Range,
    /// 1 while it is processed, 2 where a fatal error (of the header) ended the elaboration.
    #[serde(default = "Processing::in_work")]
    pub kind: u32,
}

impl Processing {
    const fn in_work() -> u32 {
        1
    }

    /// Whether elaboration ended here for good.
    pub fn is_fatal(&self) -> bool {
        self.kind == 2
    }
}

/// Parameters of `textDocument/waitForDiagnostics`.
#[derive(Debug, Serialize, Deserialize)]
pub struct WaitForDiagnosticsParams {
    /// The document.
    pub uri: Uri,
    /// The version whose diagnostics are awaited.
    pub version: i32,
}

/// Answered, with nothing in it, when all diagnostics of a version have been published.
#[derive(Debug)]
pub enum WaitForDiagnostics {}

impl Request for WaitForDiagnostics {
    type Params = WaitForDiagnosticsParams;
    type Result = serde_json::Value;
    const METHOD: &'static str = "textDocument/waitForDiagnostics";
}

/// A document and a place in it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlaceParams {
    /// The document.
    pub text_document: TextDocumentIdentifier,
    /// The place.
    pub position: Position,
}

/// The tactic goals at a place.
#[derive(Debug)]
pub enum PlainGoal {}

impl Request for PlainGoal {
    type Params = PlaceParams;
    type Result = Option<PlainGoals>;
    const METHOD: &'static str = "$/lean/plainGoal";
}

/// The answer to [`PlainGoal`].
#[derive(Debug, Serialize, Deserialize)]
pub struct PlainGoals {
    /// The goals as text, main goal first.
    pub goals: Vec<String>,
}

/// The expected type at a place in a term.
#[derive(Debug)]
pub enum PlainTermGoal {}

impl Request for PlainTermGoal {
    type Params = PlaceParams;
    type Result = Option<TermGoal>;
    const METHOD: &'static str = "$/lean/plainTermGoal";
}

/// The answer to [`PlainTermGoal`].
#[derive(Debug, Serialize, Deserialize)]
pub struct TermGoal {
    /// The goal as text.
    pub goal: String,
    /// The term.
    pub range: Range,
}

/// Opens a session of remote calls, which ends after 30 s without a sign of life.
#[derive(Debug)]
pub enum RpcConnect {}

impl Request for RpcConnect {
    type Params = RpcConnectParams;
    type Result = RpcConnected;
    const METHOD: &'static str = "$/lean/rpc/connect";
}

/// Parameters of [`RpcConnect`].
#[derive(Debug, Serialize, Deserialize)]
pub struct RpcConnectParams {
    /// The document.
    pub uri: Uri,
}

/// The answer to [`RpcConnect`].
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RpcConnected {
    /// The session: a 64-bit number, sent as a string because JSON's numbers are too small for it.
    pub session_id: String,
}

/// A remote call such as `Lean.Widget.getInteractiveGoals`.
#[derive(Debug)]
pub enum RpcCall {}

impl Request for RpcCall {
    type Params = RpcCallParams;
    type Result = Box<RawValue>;
    const METHOD: &'static str = "$/lean/rpc/call";
}

/// Parameters of [`RpcCall`].
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RpcCallParams {
    /// The document.
    pub text_document: TextDocumentIdentifier,
    /// The place whose environment knows the method.
    pub position: Position,
    /// The session.
    pub session_id: String,
    /// The name of the method.
    pub method: String,
    /// Its parameters.
    pub params: serde_json::Value,
}

/// Method names of the base protocol that a session sends or receives.
pub mod method {
    use super::{DidChangeTextDocument, Exit, Initialize, Notification, Request};

    /// The client's first request, which a worker does not answer.
    pub const INITIALIZE: &str = Initialize::METHOD;
    /// Opens the document.
    pub const DID_OPEN: &str = lsp_types::notification::DidOpenTextDocument::METHOD;
    /// Changes the document.
    pub const DID_CHANGE: &str = DidChangeTextDocument::METHOD;
    /// Ends the worker.
    pub const EXIT: &str = Exit::METHOD;
    /// Diagnostics from the server.
    pub const PUBLISH_DIAGNOSTICS: &str = lsp_types::notification::PublishDiagnostics::METHOD;
    /// Progress from the server.
    pub const FILE_PROGRESS: &str = "$/lean/fileProgress";
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn reads_diagnostics_with_leans_additions_and_unknown_fields() {
        let params: PublishDiagnosticsParams = serde_json::from_value(json!({
            "uri": "file:///t.lean", "version": 3, "isIncremental": false,
            "diagnostics": [{
                "range": {"start": {"line": 0, "character": 1}, "end": {"line": 0, "character": 2}},
                "fullRange": {"start": {"line": 0, "character": 1}, "end": {"line": 4, "character": 2}},
                "severity": 1, "source": "Lean 4", "message": "unsolved goals", "leanTags": [1, 77], "tags": [1], "code": "lean.x"
            }]
        }))
        .unwrap();
        let d = &params.diagnostics[0];
        assert_eq!(params.version, Some(3));
        assert_eq!(d.full_range.unwrap().end.line, 4);
        let names: Vec<_> = d.lean_tags.iter().flatten().map(|t| t.name()).collect();
        assert_eq!(names, [Some("unsolvedGoals"), None]);
    }

    #[test]
    fn reads_progress_with_and_without_a_kind() {
        let range = json!({"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}});
        let params: FileProgressParams = serde_json::from_value(json!({
            "textDocument": {"uri": "file:///t.lean", "version": 1},
            "processing": [{"range": range, "kind": 2}, {"range": range}]
        }))
        .unwrap();
        assert_eq!(params.processing.iter().map(Processing::is_fatal).collect::<Vec<_>>(), [true, false]);
    }
}

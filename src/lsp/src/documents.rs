//! A copy of every open document, kept as the editor keeps its own.

use crate::text::Lines;
use lsp_types::Range;
use serde::Deserialize;
use serde_json::{Value, json};
use std::{collections::HashMap, sync::Arc};

/// The open documents by their addresses.
#[derive(Debug, Default)]
pub(crate) struct Documents {
    open: HashMap<String, Document>,
}

/// An open document.
#[derive(Debug)]
pub(crate) struct Document {
    /// The version that the editor last gave it.
    pub(crate) version: i64,
    /// Its text now.
    pub(crate) text: String,
    lines: Lines,
    /// Where Lean last reported errors.
    pub(crate) errors: Vec<Range>,
    /// The parameters that it was opened with.
    opening: Value,
}

/// A document at one moment.
#[derive(Clone, Debug)]
pub(crate) struct Snapshot {
    pub(crate) uri: Arc<str>,
    pub(crate) version: i64,
    pub(crate) text: Arc<str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Changed {
    text_document: Versioned,
    content_changes: Vec<Change>,
}

#[derive(Deserialize)]
struct Versioned {
    uri: String,
    version: Option<i64>,
}

#[derive(Deserialize)]
struct Change {
    range: Option<Range>,
    text: String,
}

#[derive(Deserialize)]
struct Published {
    uri: String,
    diagnostics: Vec<Diagnostic>,
}

/// What counts of a diagnostic here.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Diagnostic {
    range: Range,
    full_range: Option<Range>,
    severity: Option<u32>,
}

impl Diagnostic {
    /// Where the errors among diagnostics are. One without a severity counts as an error.
    pub(crate) fn errors(diagnostics: Vec<Diagnostic>) -> Vec<Range> {
        let errors = diagnostics.into_iter().filter(|d| matches!(d.severity, None | Some(1)));
        errors.map(|d| d.full_range.unwrap_or(d.range)).collect()
    }
}

impl Documents {
    /// Follows a notification about documents. Returns the address of the document, unless it is about none or makes no sense.
    pub(crate) fn follow(&mut self, method: &str, params: &str) -> Option<String> {
        match method {
            "textDocument/didOpen" => {
                let mut opening: Value = serde_json::from_str(params).ok()?;
                let document = opening.get_mut("textDocument")?;
                let uri = document["uri"].as_str()?.to_owned();
                let version = document["version"].as_i64().unwrap_or(0);
                let Value::String(text) = document["text"].take() else { return None };
                self.open.insert(uri.clone(), Document { version, lines: Lines::new(&text), text, errors: Vec::new(), opening });
                Some(uri)
            }
            "textDocument/didChange" => {
                let Changed { text_document: Versioned { uri, version }, content_changes } = serde_json::from_str(params).ok()?;
                let document = self.open.get_mut(&uri)?;
                for Change { range, text } in content_changes {
                    match range {
                        Some(range) => {
                            let bytes = document.lines.bytes_of(&document.text, range);
                            document.text.replace_range(bytes.clone(), &text);
                            document.lines.replaced(bytes, &text);
                        }
                        None => (document.lines, document.text) = (Lines::new(&text), text),
                    }
                }
                document.version = version.unwrap_or(document.version + 1);
                Some(uri)
            }
            "textDocument/didClose" => {
                let params: Value = serde_json::from_str(params).ok()?;
                let uri = params["textDocument"]["uri"].as_str()?;
                self.open.remove(uri).map(|_| uri.to_owned())
            }
            _ => None,
        }
    }

    /// Takes in what Lean published.
    pub(crate) fn published(&mut self, params: &str) {
        let Ok(Published { uri, diagnostics }) = serde_json::from_str(params) else { return };
        if let Some(document) = self.open.get_mut(&uri) {
            document.errors = Diagnostic::errors(diagnostics);
        }
    }

    /// An open document.
    pub(crate) fn get(&self, uri: &str) -> Option<&Document> {
        self.open.get(uri)
    }

    /// An open document as it is now.
    pub(crate) fn snapshot(&self, uri: &str) -> Option<Snapshot> {
        let document = self.open.get(uri)?;
        Some(Snapshot { uri: uri.into(), version: document.version, text: document.text.as_str().into() })
    }

    /// The addresses.
    pub(crate) fn addresses(&self) -> impl Iterator<Item = &String> {
        self.open.keys()
    }
}

impl Document {
    /// The parameters of a `textDocument/didOpen` of the document as it is now.
    pub(crate) fn opening(&self) -> Value {
        self.opening_with(&self.text)
    }

    /// The same with another text.
    pub(crate) fn opening_with(&self, text: &str) -> Value {
        let mut opening = self.opening.clone();
        opening["textDocument"]["version"] = json!(self.version);
        opening["textDocument"]["text"] = json!(text);
        opening
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(version: i64, changes: Value) -> String {
        json!({"textDocument": {"uri": "file:///a.lean", "version": version}, "contentChanges": changes}).to_string()
    }

    fn edit(line0: u32, unit0: u32, line1: u32, unit1: u32, text: &str) -> Value {
        json!({"range": {"start": {"line": line0, "character": unit0}, "end": {"line": line1, "character": unit1}}, "text": text})
    }

    #[test]
    fn edits_are_followed_in_utf16_units_and_in_their_order() {
        let mut documents = Documents::default();
        let opening = json!({"textDocument": {"uri": "file:///a.lean", "languageId": "lean4", "version": 1, "text": "𝔸 x\u{301}\r\nb\r\n"}, "dependencyBuildMode": "never"});
        assert_eq!(documents.follow("textDocument/didOpen", &opening.to_string()).as_deref(), Some("file:///a.lean"));
        let edits = json!([edit(0, 2, 0, 3, "ℕ⟨"), edit(0, 5, 0, 99, "𝔹"), edit(1, 0, 2, 0, "")]);
        documents.follow("textDocument/didChange", &change(7, edits));
        let document = documents.get("file:///a.lean").expect("it is open");
        assert_eq!((document.version, document.text.as_str()), (7, "𝔸ℕ⟨x𝔹\r\n"));
        assert_eq!(document.opening()["textDocument"]["text"], "𝔸ℕ⟨x𝔹\r\n");
        assert_eq!(document.opening()["dependencyBuildMode"], "never");
        documents.follow("textDocument/didChange", &change(8, json!([{"text": "new"}])));
        assert_eq!(documents.snapshot("file:///a.lean").expect("open").text.as_ref(), "new");
        documents.follow("textDocument/didClose", &json!({"textDocument": {"uri": "file:///a.lean"}}).to_string());
        assert!(documents.get("file:///a.lean").is_none());
    }

    #[test]
    fn nonsense_is_survived() {
        let mut documents = Documents::default();
        for method in ["textDocument/didOpen", "textDocument/didChange", "textDocument/didClose"] {
            for params in ["", "null", "[]", "{}", r#"{"textDocument": 3}"#, r#"{"textDocument": {"uri": "a", "text": 7}}"#] {
                assert_eq!(documents.follow(method, params), None, "{method} {params}");
            }
        }
        documents.published("{");
    }
}

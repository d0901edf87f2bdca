//! What commands print: verdicts for people and programs, errors with their place and remedy.

use miette::{LabeledSpan, NamedSource};
use prove_core::{ExitCode, Position, RejectKind, Verdict};
use prove_lean::{Audit, Certificate, Judged};
use serde::Serialize;
use std::io::Write;

/// A verdict as `--json` prints it; see `prove schema`.
#[derive(Debug, Serialize)]
pub(crate) struct VerdictLine<'a> {
    pub(crate) file: &'a str,
    pub(crate) name: &'a str,
    pub(crate) verdict: &'static str,
    pub(crate) kind: Option<RejectKind>,
    pub(crate) message: Option<&'a str>,
    pub(crate) position: Option<Position>,
    pub(crate) axioms: &'a [String],
    pub(crate) audits: &'a [Audit],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) proof: Option<&'a str>,
    pub(crate) ms: f64,
}

/// The verdict's name in JSON.
pub(crate) fn name(verdict: &Verdict<Certificate>) -> &'static str {
    match verdict {
        Verdict::Proved(_) => "proved",
        Verdict::Rejected(_) => "rejected",
        Verdict::Timeout => "timeout",
        Verdict::Fault(_) => "fault",
    }
}

impl<'a> VerdictLine<'a> {
    /// The line for one judgement.
    pub(crate) fn new(file: &'a str, judged: &'a Judged) -> VerdictLine<'a> {
        let mut line = VerdictLine {
            file,
            name: &judged.name,
            verdict: name(&judged.verdict),
            kind: None,
            message: None,
            position: None,
            axioms: &[],
            audits: &[],
            proof: None,
            ms: (judged.millis * 10.0).round() / 10.0,
        };
        match &judged.verdict {
            Verdict::Proved(certificate) => (line.axioms, line.audits) = (certificate.axioms(), certificate.audits()),
            Verdict::Rejected(rejection) => {
                (line.kind, line.message, line.position) = (Some(rejection.kind), Some(&rejection.message), rejection.position);
            }
            Verdict::Timeout => line.message = Some("the limit of time or steps ran out; nothing is known"),
            Verdict::Fault(fault) => line.message = Some(&fault.message),
        }
        line
    }

    /// Prints it, for programs or for people.
    pub(crate) fn print(&self, json: bool) -> anyhow::Result<()> {
        let mut out = std::io::stdout().lock();
        if json {
            serde_json::to_writer(&mut out, self)?;
            writeln!(out)?;
            return Ok(());
        }
        let place = self.position.map(|p| format!(":{}:{}", p.line + 1, p.column + 1)).unwrap_or_default();
        write!(out, "{:8} {}", self.verdict, self.name)?;
        if let Some(kind) = self.kind.and_then(|kind| serde_json::to_value(kind).ok()) {
            write!(out, " [{}]", kind.as_str().unwrap_or_default())?;
        }
        if let Some(message) = self.message {
            let first = message.lines().next().unwrap_or_default();
            write!(out, " {}{place}: {first}", self.file)?;
        } else if self.axioms.is_empty() {
            write!(out, " (no axioms)")?;
        } else {
            write!(out, " (axioms: {})", self.axioms.join(", "))?;
        }
        writeln!(out)?;
        Ok(())
    }
}

/// Prints a found proof, indented.
pub(crate) fn proof(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    for line in text.lines() {
        writeln!(out, "    {line}")?;
    }
    Ok(())
}

/// The exit code for a set of verdicts: the gravest of them.
pub(crate) fn exit_code<'a>(verdicts: impl IntoIterator<Item = &'a Verdict<Certificate>>) -> ExitCode {
    let each = verdicts.into_iter().map(|verdict| match verdict {
        Verdict::Proved(_) => ExitCode::Proved,
        Verdict::Rejected(_) | Verdict::Timeout => ExitCode::NotProved,
        Verdict::Fault(_) => ExitCode::Fault,
    });
    each.max().unwrap_or(ExitCode::Proved)
}

/// An error in what the user gave, with its place and what to do about it.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("{message}")]
pub(crate) struct InputError {
    pub(crate) message: String,
    #[help]
    pub(crate) help: Option<String>,
    #[source_code]
    source: Option<NamedSource<String>>,
    #[label(collection)]
    labels: Vec<LabeledSpan>,
}

impl InputError {
    /// An error without a place in a file.
    pub(crate) fn new(message: impl Into<String>, help: impl Into<String>) -> InputError {
        InputError { message: message.into(), help: Some(help.into()), source: None, labels: Vec::new() }
    }

    /// Adds the place: a byte of a file.
    pub(crate) fn at(mut self, file: &str, text: &str, byte: usize) -> InputError {
        self.source = Some(NamedSource::new(file, text.to_owned()));
        self.labels = vec![LabeledSpan::at_offset(byte.min(text.len()), "here")];
        self
    }
}

/// Prints an error to standard error and returns the exit code it calls for.
pub(crate) fn report(error: &anyhow::Error) -> ExitCode {
    let mut err = std::io::stderr().lock();
    // Where standard error is closed there is nobody to tell.
    match error.downcast_ref::<InputError>() {
        Some(input) => {
            let mut text = String::new();
            let handler = miette::GraphicalReportHandler::new();
            let _ = match handler.render_report(&mut text, input) {
                Ok(()) => write!(err, "{text}"),
                Err(_) => writeln!(err, "error: {input}"),
            };
            ExitCode::Usage
        }
        None => {
            let _ = writeln!(err, "error: {error:#}");
            ExitCode::Fault
        }
    }
}

/// Reads a Lean file, or says what is wrong with it.
pub(crate) fn read(path: &std::path::Path) -> anyhow::Result<String> {
    let shown = path.display();
    let bytes = std::fs::read(path).map_err(|error| InputError::new(format!("{shown}: {error}"), "give the path of a Lean file"))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        InputError::new(format!("{shown}: not UTF-8 from byte {at} on"), "Lean files are UTF-8; convert it first")
    })?;
    Ok(text)
}

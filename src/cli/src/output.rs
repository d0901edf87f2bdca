//! What commands print: verdicts for people and programs, errors with their place and remedy.

use miette::{LabeledSpan, NamedSource};
use prove_agent::Settled;
use prove_core::{ExitCode, Position, RejectKind, Verdict};
use prove_lean::{Audit, Certificate, Judged};
use prove_search::Spent;
use serde::{Deserialize, Serialize};
use std::{io::Write, time::Duration};

/// The four verdicts by name, in the order of their gravity for the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum VerdictName {
    Proved,
    Rejected,
    Timeout,
    Fault,
}

impl VerdictName {
    pub(crate) fn of(verdict: &Verdict<Certificate>) -> VerdictName {
        match verdict {
            Verdict::Proved(_) => VerdictName::Proved,
            Verdict::Rejected(_) => VerdictName::Rejected,
            Verdict::Timeout => VerdictName::Timeout,
            Verdict::Fault(_) => VerdictName::Fault,
        }
    }

    /// The exit code it calls for; a command ends with the gravest.
    pub(crate) fn exit_code(self) -> ExitCode {
        match self {
            VerdictName::Proved => ExitCode::Proved,
            VerdictName::Rejected | VerdictName::Timeout => ExitCode::NotProved,
            VerdictName::Fault => ExitCode::Fault,
        }
    }

    /// Whether asking again could give another answer only by luck: a result worth keeping.
    pub(crate) fn is_final(self) -> bool {
        matches!(self, VerdictName::Proved | VerdictName::Rejected)
    }

    pub(crate) fn text(self) -> &'static str {
        match self {
            VerdictName::Proved => "proved",
            VerdictName::Rejected => "rejected",
            VerdictName::Timeout => "timeout",
            VerdictName::Fault => "fault",
        }
    }
}

/// A verdict as `--json` prints it and runs keep it; see `prove schema`. It reports a verdict and is none: what is read back from
/// a file has only the word of whoever wrote the file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct VerdictLine {
    pub(crate) file: String,
    pub(crate) name: String,
    pub(crate) verdict: VerdictName,
    pub(crate) kind: Option<RejectKind>,
    pub(crate) message: Option<String>,
    pub(crate) position: Option<Position>,
    pub(crate) axioms: Vec<String>,
    pub(crate) audits: Vec<Audit>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) proof: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) cost: Option<Cost>,
    pub(crate) ms: f64,
    /// Whether this user's `prove serve` came to it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) daemon: bool,
}

/// What filling a `sorry` took.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Cost {
    /// Candidates checked.
    checks: u64,
    /// Those of them that had been checked before, and were answered from memory.
    avoided: u64,
    /// Seconds of Lean workers, summed over workers.
    pub(crate) lean_seconds: f64,
    /// Tokens that a model wrote.
    model_tokens: u64,
    /// Seconds of the judge.
    pub(crate) judge_seconds: f64,
    /// The part of the search's wall time in which the workers had nothing to do.
    lean_idle: f64,
    /// The part of it in which the model had nothing to do.
    model_idle: f64,
}

impl Cost {
    fn new(spent: &Spent, avoided: u64, judge: Duration) -> Cost {
        let idle = |busy: Duration| 1.0 - busy.as_secs_f64() / spent.wall.as_secs_f64().max(1e-9);
        Cost {
            checks: spent.checks,
            avoided,
            lean_seconds: spent.lean_seconds,
            model_tokens: spent.model_tokens,
            judge_seconds: judge.as_secs_f64(),
            lean_idle: idle(spent.env_busy).clamp(0.0, 1.0),
            model_idle: idle(spent.policy_busy).clamp(0.0, 1.0),
        }
    }
}

impl VerdictLine {
    /// The line for one judgement.
    pub(crate) fn new(file: &str, judged: Judged) -> VerdictLine {
        let mut line = VerdictLine {
            file: file.to_owned(),
            name: judged.name,
            verdict: VerdictName::of(&judged.verdict),
            kind: None,
            message: None,
            position: None,
            axioms: Vec::new(),
            audits: Vec::new(),
            proof: None,
            cost: None,
            ms: (judged.millis * 10.0).round() / 10.0,
            daemon: false,
        };
        match judged.verdict {
            Verdict::Proved(certificate) => {
                (line.axioms, line.audits) = (certificate.axioms().to_vec(), certificate.audits().to_vec());
            }
            Verdict::Rejected(rejection) => {
                (line.kind, line.message, line.position) = (Some(rejection.kind), Some(rejection.message), rejection.position);
            }
            Verdict::Timeout => line.message = Some("the limit of time or steps ran out; nothing is known".to_owned()),
            Verdict::Fault(fault) => line.message = Some(fault.message),
        }
        line
    }

    /// The line for a `sorry` that begins at `start` and was worked on for this time.
    pub(crate) fn settled(file: &str, settled: Settled, start: Position, took: Duration) -> VerdictLine {
        let cost = Cost::new(&settled.spent, settled.avoided, settled.judge);
        let judged = Judged { name: settled.name, verdict: settled.verdict, millis: took.as_secs_f64() * 1e3 };
        let line = VerdictLine { proof: settled.proof, cost: Some(cost), ..VerdictLine::new(file, judged) };
        // An error of the file itself has a place of its own.
        let position = line.position.filter(|_| line.kind == Some(RejectKind::Statement)).or(Some(start));
        VerdictLine { position, ..line }
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
        write!(out, "{:8} {}", self.verdict.text(), self.name)?;
        if let Some(kind) = self.kind.and_then(|kind| serde_json::to_value(kind).ok()) {
            write!(out, " [{}]", kind.as_str().unwrap_or_default())?;
        }
        if let Some(message) = &self.message {
            let first = message.lines().next().unwrap_or_default();
            write!(out, " {}{place}: {first}", self.file)?;
        } else if self.axioms.is_empty() {
            write!(out, " (no axioms)")?;
        } else {
            write!(out, " (axioms: {})", self.axioms.join(", "))?;
        }
        writeln!(out)?;
        for line in self.proof.iter().flat_map(|proof| proof.lines()) {
            writeln!(out, "    {line}")?;
        }
        Ok(())
    }
}

/// An error in what the user gave, with its place and what to do about it.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("{message}")]
pub(crate) struct InputError {
    pub(crate) message: String,
    #[help]
    pub(crate) help: Option<String>,
    #[source_code]
    text: Option<NamedSource<String>>,
    #[label(collection)]
    labels: Vec<LabeledSpan>,
}

impl InputError {
    /// An error without a place in a file.
    pub(crate) fn new(message: impl Into<String>, help: impl Into<String>) -> InputError {
        InputError { message: message.into(), help: Some(help.into()), text: None, labels: Vec::new() }
    }

    /// An error whose message says what to do.
    pub(crate) fn plain(message: impl Into<String>) -> InputError {
        InputError { message: message.into(), help: None, text: None, labels: Vec::new() }
    }

    /// Adds the place: a byte of a file.
    pub(crate) fn at(mut self, file: &str, text: &str, byte: usize) -> InputError {
        self.text = Some(NamedSource::new(file, text.to_owned()));
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

//! What Lean says about a text: diagnostics, and the tactic spans of its proofs.

use crate::{Position, ProofState, Span};
use serde::{Deserialize, Serialize};

/// How grave a diagnostic is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The declaration does not elaborate.
    Error,
    /// It elaborates; Lean advises against it.
    Warning,
    /// A remark, such as `#check`'s answer.
    Information,
}

/// One message of Lean about a span of the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// How grave it is.
    pub severity: Severity,
    /// Where, in code points.
    pub span: Span,
    /// Lean's text, untrusted: shown to people, never read to decide a verdict.
    pub message: String,
    /// Lean's own structured kind where it sends one (`hasSorry`, …).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
}

/// One tactic of a proof and the goals it met and left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TacticSpan {
    /// The tactic's text.
    pub span: Span,
    /// Goals before it ran.
    pub before: ProofState,
    /// Goals after it ran.
    pub after: ProofState,
}

/// What a worker learnt about one text. The cheap verdict of the search, never a proof.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Elaboration {
    /// All messages of Lean, in document order.
    pub diagnostics: Vec<Diagnostic>,
    /// Tactic spans in document order, nested ones included; empty unless asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tactics: Vec<TacticSpan>,
}

impl Elaboration {
    /// The first error in document order.
    pub fn first_error(&self) -> Option<&Diagnostic> {
        self.diagnostics.iter().filter(|d| d.severity == Severity::Error).min_by_key(|d| d.span.start)
    }

    /// The cheap verdict: no error, and no message that Lean itself marks `hasSorry`. It steers the search and proves nothing.
    pub fn looks_complete(&self) -> bool {
        self.first_error().is_none() && !self.has_sorry()
    }

    /// Whether Lean marked a declaration as using `sorry`.
    pub fn has_sorry(&self) -> bool {
        self.diagnostics.iter().any(|d| d.tags.iter().any(|t| t == "hasSorry"))
    }

    /// The first error that starts at or after `from`.
    pub fn first_error_from(&self, from: Position) -> Option<&Diagnostic> {
        self.diagnostics.iter().filter(|d| d.severity == Severity::Error && d.span.start >= from).min_by_key(|d| d.span.start)
    }
}

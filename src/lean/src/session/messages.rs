//! Diagnostics of the protocol turned into ours.

use crate::lsp::{position::LineIndex, types};
use lsp_types::{DiagnosticSeverity, DiagnosticTag, NumberOrString};
use prove_core::{Diagnostic, Severity};

/// The diagnostics of one text in document order. Those that an editor would not show in the text are left out.
pub(super) fn diagnostics(sent: &[types::Diagnostic], index: &LineIndex<'_>) -> Vec<Diagnostic> {
    let shown = sent.iter().filter(|d| d.is_silent != Some(true));
    let mut diagnostics: Vec<_> = shown.map(|d| diagnostic(d, index)).collect();
    diagnostics.sort_by_key(|d| d.span.start);
    diagnostics
}

fn diagnostic(sent: &types::Diagnostic, index: &LineIndex<'_>) -> Diagnostic {
    let severity = match sent.severity {
        // A diagnostic without a severity counts as the gravest: an error must not be overlooked.
        None | Some(DiagnosticSeverity::ERROR) => Severity::Error,
        Some(DiagnosticSeverity::WARNING) => Severity::Warning,
        Some(_) => Severity::Information,
    };
    let mut tags = Vec::new();
    if severity == Severity::Warning && is_sorry_warning(&sent.message) {
        tags.push("hasSorry".to_owned());
    }
    tags.extend(sent.lean_tags.iter().flatten().filter_map(|tag| tag.name()).map(str::to_owned));
    tags.extend(sent.tags.iter().flatten().filter_map(|tag| match *tag {
        DiagnosticTag::UNNECESSARY => Some("unnecessary".to_owned()),
        DiagnosticTag::DEPRECATED => Some("deprecated".to_owned()),
        _ => None,
    }));
    tags.extend(sent.code.as_ref().map(|code| match code {
        NumberOrString::Number(n) => n.to_string(),
        NumberOrString::String(text) => text.clone(),
    }));
    Diagnostic { severity, span: index.to_span(sent.full_range.unwrap_or(sent.range)), message: sent.message.clone(), tags }
}

/// Lean's structured kind `hasSorry` is not part of its language-server messages, so here, and for the cheap verdict alone, the
/// warning is known by its text: "declaration uses `sorry`", with other quotes in earlier versions.
pub(crate) fn is_sorry_warning(message: &str) -> bool {
    message.strip_prefix("declaration uses ").is_some_and(|rest| rest.trim_matches(['`', '\'', '‘', '’', ' ', '\n']) == "sorry")
}

#[cfg(test)]
mod tests {
    use super::*;
    use prove_core::Elaboration;
    use serde_json::json;

    fn convert(text: &str, sent: serde_json::Value) -> Vec<Diagnostic> {
        let sent: Vec<types::Diagnostic> = serde_json::from_value(sent).unwrap();
        diagnostics(&sent, &LineIndex::new(text))
    }

    fn range(l0: u32, c0: u32, l1: u32, c1: u32) -> serde_json::Value {
        json!({"start": {"line": l0, "character": c0}, "end": {"line": l1, "character": c1}})
    }

    #[test]
    fn positions_are_code_points_of_the_full_range_in_document_order() {
        let text = "example : 𝔸 = 𝔹 := by\n  simp\n";
        let found = convert(
            text,
            json!([
                {"range": range(0, 18, 0, 99), "fullRange": range(0, 21, 1, 6), "severity": 1, "message": "second"},
                {"range": range(0, 10, 0, 12), "severity": 3, "message": "first"},
                {"range": range(0, 0, 0, 1), "severity": 3, "isSilent": true, "message": "Goals accomplished!"},
            ]),
        );
        let spans: Vec<_> = found.iter().map(|d| (d.message.as_str(), d.span.start.column, d.span.end.line, d.span.end.column)).collect();
        assert_eq!(spans, [("first", 10, 0, 11), ("second", 19, 1, 6)]);
    }

    #[test]
    fn the_sorry_warning_is_tagged_and_its_like_is_not() {
        let of =
            |severity: u32, message: &str| convert("", json!([{"range": range(0, 0, 0, 0), "severity": severity, "message": message}]));
        for message in ["declaration uses `sorry`", "declaration uses 'sorry'"] {
            assert!(Elaboration { diagnostics: of(2, message), tactics: vec![] }.has_sorry());
        }
        for (severity, message) in [(3, "declaration uses `sorry`"), (2, "declaration uses `sorry` in a comment"), (2, "uses sorry")] {
            assert!(!Elaboration { diagnostics: of(severity, message), tactics: vec![] }.has_sorry());
        }
    }

    #[test]
    fn a_missing_severity_is_an_error() {
        let found = convert("", json!([{"range": range(0, 0, 0, 0), "message": "?", "leanTags": [1], "tags": [1], "code": "lean.name"}]));
        assert_eq!(found[0].severity, Severity::Error);
        assert_eq!(found[0].tags, ["unsolvedGoals", "unnecessary", "lean.name"]);
    }
}

//! Answers of the repl as a [`Report`](crate::Report): places moved to the whole file, goals parsed, tactics in document order.

use super::protocol::{CommandAnswer, InfoNode, Place, Range};
use crate::session::{goal_text::parse_state, messages::is_sorry_warning};
use prove_core::{Diagnostic, Position, ProofState, Severity, Span, TacticSpan};

/// Where a request's text begins in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shift(pub(super) Position);

impl Shift {
    /// The request was the whole file so far.
    pub(super) const NONE: Shift = Shift(Position::START);

    fn position(self, place: Place) -> Position {
        match place.line {
            0 | 1 => Position::new(self.0.line, self.0.column.saturating_add(place.column)),
            line => Position::new(self.0.line.saturating_add(line - 1), place.column),
        }
    }

    fn span(self, start: Place, end: Option<Place>) -> Span {
        let start = self.position(start);
        Span { start, end: end.map_or(start, |end| self.position(end)).max(start) }
    }
}

/// The messages, and every `sorry` that they do not speak of.
pub(super) fn diagnostics(answer: &CommandAnswer, shift: Shift) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = answer
        .messages
        .iter()
        .map(|message| {
            let severity = match message.severity.as_str() {
                "warning" => Severity::Warning,
                "info" | "trace" => Severity::Information,
                // What is not known counts as the gravest: an error must not be overlooked.
                _ => Severity::Error,
            };
            let sorry = severity == Severity::Warning && is_sorry_warning(&message.data);
            let tags = if sorry { vec!["hasSorry".into()] } else { Vec::new() };
            Diagnostic { severity, span: shift.span(message.pos, message.end_pos), message: message.data.clone(), tags }
        })
        .collect();
    if !found.iter().any(|diagnostic| !diagnostic.tags.is_empty()) {
        found.extend(answer.sorries.iter().map(|sorry| Diagnostic {
            severity: Severity::Warning,
            span: shift.span(sorry.pos.unwrap_or_default(), sorry.end_pos),
            message: format!("sorry:\n{}", sorry.goal),
            tags: vec!["hasSorry".into()],
        }));
    }
    found.sort_by_key(|diagnostic| diagnostic.span.start);
    found
}

/// The tactics written in the text with the goals before and after each. The list `tactics` has no goals after, so they are taken
/// from the trees.
pub(super) fn tactics(trees: &[InfoNode], shift: Shift) -> Vec<TacticSpan> {
    fn collect(nodes: &[InfoNode], shift: Shift, found: &mut Vec<TacticSpan>) {
        for node in nodes {
            if let (Some(info), "TacticInfo") = (&node.node, node.kind.as_str()) {
                let Range { synthetic, start, finish } = info.stx.range;
                if !synthetic {
                    let span = shift.span(start, Some(finish));
                    found.push(TacticSpan { span, before: parse_state(&info.goals_before), after: parse_state(&info.goals_after) });
                }
            }
            collect(&node.children, shift, found);
        }
    }
    let mut found = Vec::new();
    collect(trees, shift, &mut found);
    // Outer tactics before the ones they are made of.
    found.sort_by_key(|tactic| (tactic.span.start, std::cmp::Reverse(tactic.span.end)));
    found
}

/// The goals at a place: before the tactic that starts there, otherwise after the last one that started earlier.
pub(super) fn goals_at(tactics: &[TacticSpan], place: Position) -> Option<ProofState> {
    let tactic = tactics.iter().rev().find(|tactic| tactic.span.start <= place)?;
    Some(if tactic.span.start == place { tactic.before.clone() } else { tactic.after.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use prove_core::Elaboration;

    fn answer(json: serde_json::Value) -> CommandAnswer {
        serde_json::from_value(json).unwrap()
    }

    fn place(line: u32, column: u32) -> serde_json::Value {
        serde_json::json!({"line": line, "column": column})
    }

    #[test]
    fn places_are_moved_by_the_header() {
        let shift = Shift(Position::new(2, 5));
        assert_eq!(shift.position(Place { line: 1, column: 3 }), Position::new(2, 8));
        assert_eq!(shift.position(Place { line: 4, column: 3 }), Position::new(5, 3));
        assert_eq!(shift.position(Place { line: 0, column: 0 }), Position::new(2, 5));
        assert_eq!(shift.position(Place { line: u32::MAX, column: u32::MAX }), Position::new(u32::MAX, u32::MAX));
    }

    #[test]
    fn unknown_severities_are_errors_and_every_sorry_shows() {
        let message =
            |severity: &str, data: &str| serde_json::json!({"severity": severity, "pos": place(1, 0), "endPos": null, "data": data});
        let of = |messages: serde_json::Value, sorries: serde_json::Value| Elaboration {
            diagnostics: diagnostics(&answer(serde_json::json!({"env": 0, "messages": messages, "sorries": sorries})), Shift::NONE),
            ..Default::default()
        };
        let none = serde_json::json!([]);
        assert!(of(serde_json::json!([message("fatal", "?")]), none.clone()).first_error().is_some());
        assert!(of(serde_json::json!([message("warning", "declaration uses 'sorry'")]), none.clone()).has_sorry());
        assert!(!of(serde_json::json!([message("info", "sorry")]), none.clone()).has_sorry());
        let silent = of(none, serde_json::json!([{"pos": place(2, 3), "endPos": place(2, 8), "goal": "⊢ False", "proofState": 0}]));
        assert!(silent.has_sorry() && !silent.looks_complete());
        assert_eq!(silent.diagnostics[0].span.start, Position::new(1, 3));
    }

    #[test]
    fn tactics_come_from_the_trees_without_those_of_macros() {
        let node = |start: u32, end: u32, synthetic: bool, before: &[&str], after: &[&str], children: Vec<serde_json::Value>| {
            let stx = serde_json::json!({"range": {"synthetic": synthetic, "start": place(1, start), "finish": place(1, end)}});
            serde_json::json!({"kind": "TacticInfo", "node": {"stx": stx, "goalsBefore": before, "goalsAfter": after}, "children": children})
        };
        let outer = node(
            10,
            30,
            false,
            &["⊢ A", "⊢ B"],
            &["⊢ B"],
            vec![node(18, 24, false, &["⊢ A"], &[], vec![]), node(18, 24, true, &[], &[], vec![])],
        );
        let other = serde_json::json!({"kind": "CompletionInfo", "node": null, "children": [outer]});
        let spans = tactics(&answer(serde_json::json!({"env": 0, "infotree": [other]})).infotree, Shift(Position::new(3, 0)));
        let shown: Vec<_> =
            spans.iter().map(|t| (t.span.start.line, t.span.start.column, t.before.goals.len(), t.after.goals.len())).collect();
        assert_eq!(shown, [(3, 10, 2, 1), (3, 18, 1, 0)]);
        let at = |column| goals_at(&spans, Position::new(3, column)).map(|state| state.goals.len());
        assert_eq!([at(9), at(10), at(12), at(18), at(19)], [None, Some(2), Some(1), Some(1), Some(0)]);
    }
}

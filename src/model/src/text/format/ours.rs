//! Our own format; what it looks like is written down at [`Format::request`](super::Format::request).

use super::{Attempt, Task, Wanted, layout};
use crate::Request;

/// Most errors that are shown of an attempt, and most characters of a message: its first lines, whole.
const ERRORS: usize = 3;
const MESSAGE: usize = 240;

pub(super) fn request(task: &Task) -> Request {
    let mut text = String::new();
    let mut section = |title: &str, body: &str| {
        let body = body.trim();
        if !body.is_empty() {
            text.push_str(&format!("### {title}\n{body}\n"));
        }
    };
    section("header", &task.header);
    let premises: Vec<String> = task.premises.iter().map(|premise| premise.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    section("premises", &premises.join("\n"));
    match &task.state {
        Some(state) => section("state", state),
        None => section("statement", &task.statement),
    }
    for attempt in &task.attempts {
        section("failed", &attempt.answer);
        section("errors", &errors(attempt));
    }
    text.push_str(match task.wanted {
        Wanted::Proof => "### tactics\n",
        Wanted::Tactic => "### tactic\n",
        Wanted::Sketch => "### sketch\n",
    });
    // With a state, what stands already is told by it.
    let resume = if task.state.is_some() { String::new() } else { layout::line_ended(&layout::dedented(&task.proof)) };
    Request { resume, stop: vec!["###".to_owned()], ..Request::new(text) }
}

/// The tactics, as far to the left as they go, and the end.
pub(super) fn answer(proof: &str) -> String {
    format!("{}\n### end\n", layout::dedented(proof))
}

/// Each error as the line of code where it begins, and the message below it, two columns to the right.
fn errors(attempt: &Attempt) -> String {
    let lines: Vec<&str> = attempt.code.split('\n').collect();
    let report = |report: &super::Report| {
        let code = lines.get(report.start.0.saturating_sub(1)).map_or("", |line| line.trim());
        let mut length = 0;
        let mut shown = String::new();
        for line in report.message.lines().filter(|line| !line.trim().is_empty()) {
            length += line.chars().count();
            if length > MESSAGE && !shown.is_empty() {
                break;
            }
            shown.push_str("\n  ");
            shown.extend(line.chars().take(MESSAGE));
        }
        format!("{code}{shown}")
    };
    // What ends the answer must not stand in the prompt's own text either.
    attempt.reports.iter().take(ERRORS).map(report).collect::<Vec<_>>().join("\n").replace("###", "# # #")
}

//! How the pieces of a task are laid out as Lean text.

use super::Task;

/// Header, problem in words and statement, up to the `by`.
pub(super) fn file(task: &Task) -> String {
    let informal = task.informal.as_ref().map(|text| format!("/-- {}-/\n", text.trim().replace("-/", "- /"))).unwrap_or_default();
    format!("{}{informal}{}", task.header, task.statement.trim())
}

/// The statement without its `by`, if it ends in `:= by`.
pub(super) fn open_statement(statement: &str) -> Option<&str> {
    statement.trim_end().strip_suffix("by").filter(|rest| rest.trim_end().ends_with(":="))
}

/// A tactic state as DeepSeek-Prover-V1.5 was trained to read it, every line indented like the tactics around it.
pub(super) fn state_comment(state: &str, indentation: usize) -> String {
    let margin = " ".repeat(indentation);
    // A goal must not close the comment.
    let state = state.trim_end().replace("-/", "- /").replace('\n', &format!("\n{margin}  "));
    format!("{margin}/- tactic state:\n{margin}  {state}\n{margin}-/\n")
}

/// The indentation of the last line of a proof, in blanks; two at the root.
pub(super) fn indentation(proof: &str) -> usize {
    let last = proof.lines().rfind(|line| !line.trim().is_empty());
    last.map_or(2, |line| line.len() - line.trim_start_matches(' ').len())
}

/// The text with one newline at its end; nothing stays nothing.
pub(super) fn line_ended(text: &str) -> String {
    match text.trim_end() {
        "" => String::new(),
        text => format!("{text}\n"),
    }
}

/// The text with the common indentation of its lines taken away.
pub(crate) fn dedented(text: &str) -> String {
    let lines = || text.lines().map(str::trim_end);
    let margin = lines().filter(|line| !line.is_empty()).map(|line| line.len() - line.trim_start_matches(' ').len()).min().unwrap_or(0);
    lines().map(|line| line.get(margin..).unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// The beginning of a text, for an error.
pub(super) fn shortened(text: &str) -> String {
    match text.char_indices().nth(120) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

//! What Goedel-Prover-V2 reads about an attempt that failed: the code around each error, the error's place marked in it, the message.

/// An attempt that failed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Attempt {
    /// What the model answered, whole.
    pub answer: String,
    /// The file that was checked.
    pub code: String,
    /// Its errors, in the order of the file.
    pub reports: Vec<Report>,
}

/// An error in a file. Lines count from 1, columns in characters from 0, as Lean reports them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Line and column where it begins.
    pub start: (usize, usize),
    /// Where it ends; `None` is the end of the line.
    pub end: Option<(usize, usize)>,
    /// The message.
    pub message: String,
}

/// Most errors that are shown.
const ERRORS: usize = 8;
/// Lines shown before the one where an error begins.
const BEFORE: usize = 4;
/// Lines shown of an error that is longer.
const WITHIN: usize = 6;

/// The message that asks for another attempt after attempt number `round`, counted from 0.
pub(super) fn correction(round: usize, attempt: &Attempt) -> String {
    format!(
        "The proof (Round {round}) is not correct. Following is the compilation error message, where we use <error></error> to signal \
         the position of the error.\n\n{}\n\nBefore producing the Lean 4 code to formally prove the given theorem, provide a detailed \
         analysis of the error message.",
        errors(attempt)
    )
}

fn errors(attempt: &Attempt) -> String {
    let lines: Vec<&str> = attempt.code.split('\n').collect();
    let mut text = String::new();
    for (number, report) in (1..).zip(attempt.reports.iter().take(ERRORS)) {
        let excerpt = excerpt(&lines, report);
        text.push_str(&format!(
            "\nError {number}:\n\nCorresponding Code:\n```lean4\n{excerpt}\n```\n\nError Message: {}\n",
            report.message
        ));
    }
    if attempt.reports.len() > ERRORS {
        text.push_str(&format!("\n... [Omitted {} more errors] ...\n", attempt.reports.len() - ERRORS));
    }
    text
}

/// The lines around an error, which stands between `<error>` and `</error>`. Places outside the file are moved to its end.
fn excerpt(lines: &[&str], report: &Report) -> String {
    let last = lines.len() - 1;
    let start = report.start.0.saturating_sub(1).min(last);
    let end = report.end.map_or(start, |(line, _)| line.saturating_sub(1).min(last)).max(start);
    let (before, rest) = split(lines[start], report.start.1);
    let mut text: String = lines[start.saturating_sub(BEFORE)..start].iter().map(|line| format!("{line}\n")).collect();
    if start == end {
        let length = report.end.map_or(usize::MAX, |(_, column)| column.saturating_sub(report.start.1));
        let (inside, after) = split(rest, length);
        text.push_str(&format!("{before}<error>{inside}</error>{after}\n"));
    } else {
        text.push_str(&format!("{before}<error>{rest}\n"));
        let shown = &lines[start + 1..end.min(start + WITHIN)];
        text.extend(shown.iter().map(|line| format!("{line}\n")));
        if end > start + WITHIN {
            let margin: String = shown.last().unwrap_or(&"").chars().take_while(|char| *char == ' ').collect();
            text.push_str(&format!("\n{margin}... --[Truncated]-- ...\n"));
        }
        let (inside, after) = split(lines[end], report.end.map_or(usize::MAX, |(_, column)| column));
        text.push_str(&format!("{inside}</error>{after}\n"));
    }
    if let Some(line) = lines.get(end + 1) {
        text.push_str(&format!("{line}\n"));
    }
    text
}

/// Cuts a line after this many characters.
fn split(line: &str, characters: usize) -> (&str, &str) {
    line.split_at(line.char_indices().nth(characters).map_or(line.len(), |(at, _)| at))
}

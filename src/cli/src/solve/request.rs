//! What the user asked `prove solve` for, read and checked.

use crate::output::{self, InputError};
use prove_core::Budget;
use prove_syntax::Sorry;
use std::path::{Path, PathBuf};

/// Where the problem comes from.
#[derive(Debug)]
pub(super) enum Input {
    File(PathBuf),
    Statement,
}

/// A text with `sorry`s, and which of them are wanted.
#[derive(Debug)]
pub(super) struct Problem {
    pub(super) input: Input,
    /// The file as given, for messages.
    pub(super) name: String,
    pub(super) text: String,
    /// Only those on this line, counted from 1.
    line: Option<u32>,
}

impl Problem {
    pub(super) fn read(file: Option<&str>, statement: Option<&str>) -> anyhow::Result<Problem> {
        match (file, statement) {
            (_, Some(statement)) => {
                Ok(Problem { input: Input::Statement, name: "<statement>".into(), text: theorem(statement), line: None })
            }
            (Some(argument), None) => {
                let (path, line) = place(argument)?;
                let text = output::read(&path)?;
                Ok(Problem { name: path.display().to_string(), input: Input::File(path), text, line })
            }
            (None, None) => Err(InputError::new("nothing to solve", "give a file, or --statement TEXT").into()),
        }
    }

    pub(super) fn path(&self) -> Option<&Path> {
        match &self.input {
            Input::File(path) => Some(path),
            Input::Statement => None,
        }
    }

    /// The numbers of the `sorry`s to fill.
    pub(super) fn wanted(&self, sorries: &[Sorry]) -> anyhow::Result<Vec<usize>> {
        let on_line = |sorry: &Sorry| self.line.is_none_or(|line| sorry.span.start.line + 1 == line);
        let wanted: Vec<usize> = (0..sorries.len()).filter(|&n| on_line(&sorries[n])).collect();
        match (wanted.is_empty(), self.line) {
            (false, _) => Ok(wanted),
            (true, None) => {
                Err(InputError::new(format!("{}: no `sorry` to fill", self.name), "put `sorry` where a proof is wanted").into())
            }
            (true, Some(line)) => {
                let lines: Vec<String> = sorries.iter().map(|s| (s.span.start.line + 1).to_string()).collect();
                let help = match lines.as_slice() {
                    [] => "the file has no `sorry` at all".to_owned(),
                    lines => format!("there are `sorry`s on the lines {}", lines.join(", ")),
                };
                let start: usize = self.text.split_inclusive('\n').take(line.saturating_sub(1) as usize).map(str::len).sum();
                let error = InputError::new(format!("{}:{line}: no `sorry` on this line", self.name), help);
                Err(error.at(&self.name, &self.text, start).into())
            }
        }
    }
}

/// `FILE` or `FILE:LINE`.
fn place(argument: &str) -> anyhow::Result<(PathBuf, Option<u32>)> {
    if Path::new(argument).exists() {
        return Ok((argument.into(), None));
    }
    match argument.rsplit_once(':') {
        Some((file, line)) => match line.parse() {
            Ok(line) if line > 0 => Ok((file.into(), Some(line))),
            _ => Err(InputError::new(format!("{argument}: {line:?} is not a line number"), "lines are counted from 1").into()),
        },
        None => Ok((argument.into(), None)),
    }
}

/// A theorem for a statement given on the command line.
fn theorem(statement: &str) -> String {
    let statement = statement.trim();
    let has_keyword = ["theorem ", "lemma ", "example "].iter().any(|keyword| statement.starts_with(keyword));
    let with_keyword = if has_keyword { statement.to_owned() } else { format!("theorem statement : {statement}") };
    if with_keyword.contains("sorry") { format!("{with_keyword}\n") } else { format!("{with_keyword} := by\n  sorry\n") }
}

/// `checks=N,lean-seconds=S,model-tokens=N`.
pub(crate) fn budget(text: &str) -> Result<Budget, String> {
    let mut budget = Budget::default();
    for part in text.split(',') {
        let (key, value) = part.split_once('=').ok_or_else(|| format!("{part:?} is not KEY=NUMBER"))?;
        let bad = |error: &dyn std::fmt::Display| format!("{key}: {value:?}: {error}");
        match key.trim() {
            "checks" => budget.checks = Some(value.trim().parse().map_err(|e| bad(&e))?),
            "lean-seconds" => budget.lean_seconds = Some(value.trim().parse().map_err(|e| bad(&e))?),
            "model-tokens" => budget.model_tokens = Some(value.trim().parse().map_err(|e| bad(&e))?),
            other => return Err(format!("{other:?} is none of checks, lean-seconds, model-tokens")),
        }
    }
    Ok(budget)
}

/// The text that [`budget`] reads as this budget, its wall time left out.
pub(super) fn budget_text(budget: &Budget) -> String {
    let parts = [
        budget.checks.map(|checks| format!("checks={checks}")),
        budget.lean_seconds.map(|seconds| format!("lean-seconds={seconds}")),
        budget.model_tokens.map(|tokens| format!("model-tokens={tokens}")),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_become_theorems() {
        assert_eq!(theorem("1 + 1 = 2"), "theorem statement : 1 + 1 = 2 := by\n  sorry\n");
        assert_eq!(theorem("theorem a (n : Nat) : n = n"), "theorem a (n : Nat) : n = n := by\n  sorry\n");
        assert_eq!(theorem("theorem a : True := by sorry"), "theorem a : True := by sorry\n");
    }

    #[test]
    fn budgets_are_read_or_refused() {
        let budget_read = budget("checks=10,lean-seconds=2.5").expect("it is one");
        assert_eq!((budget_read.checks, budget_read.lean_seconds), (Some(10), Some(2.5)));
        assert!(budget("checks=ten").is_err() && budget("coffee=1").is_err() && budget("10").is_err());
    }

    #[test]
    fn a_line_is_taken_off_a_file_name() {
        assert_eq!(place("a/b.lean:12").expect("a place"), (PathBuf::from("a/b.lean"), Some(12)));
        assert!(place("a.lean:0").is_err() && place("a.lean:x").is_err());
    }
}

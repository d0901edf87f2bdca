//! Problems out of Lean files: every theorem with `sorry` for its proof is one, under all that stands before it and is none.

use super::{Problem, SuiteError, completed};
use prove_syntax::{DeclarationKind, Outline, Source};
use std::path::Path;

/// The problems of a file, all in one split and about one topic.
pub(super) fn read(text: &str, path: &Path, split: &str, topic: Option<&str>) -> Result<Vec<Problem>, SuiteError> {
    let source = Source::new(text);
    let outline = Outline::new(&source);
    let mut header = text[outline.header.clone()].trim().to_owned();
    let mut problems = Vec::new();
    for command in &outline.commands {
        let declaration = command.declaration.and_then(|d| outline.declarations.get(d));
        let theorem = declaration.filter(|d| matches!(d.kind, DeclarationKind::Theorem | DeclarationKind::Lemma));
        let text = &text[command.range.clone()];
        let is_open = || source.code().iter().any(|t| command.range.contains(&t.range().start) && &source.text()[t.range()] == "sorry");
        match theorem.and_then(|theorem| theorem.name.clone()).filter(|_| is_open()) {
            Some(name) => {
                let (informal, statement) = commented(text);
                problems.push(Problem {
                    name,
                    split: split.to_owned(),
                    topic: topic.map(str::to_owned),
                    informal,
                    header: header.clone(),
                    statement: statement.to_owned(),
                });
            }
            None if command.keyword == "/-!" => {}
            None => {
                // Between two commands there are comments and blank lines only.
                header += if header.is_empty() { "" } else { "\n\n" };
                header += text.trim();
            }
        }
    }
    if problems.is_empty() {
        let reason = "there is no theorem with `sorry` for its proof".to_owned();
        return Err(SuiteError::Format { place: path.display().to_string(), reason });
    }
    Ok(problems)
}

/// A file that ends in a theorem, cut before that. The theorem may end at its `:=`.
pub(super) fn split(text: &str) -> Result<(String, String), String> {
    let text = completed(text);
    let source = Source::new(&text);
    let outline = Outline::new(&source);
    let last = outline.declarations.last().ok_or("there is no theorem in it")?;
    Ok((text[..last.range.start].trim_end().to_owned(), commented(&text[last.range.clone()]).1.to_owned()))
}

/// A declaration's doc comment and the rest of it.
fn commented(text: &str) -> (Option<String>, &str) {
    match text.strip_prefix("/--").and_then(|rest| rest.split_once("-/")) {
        Some((words, rest)) => (Some(words.split_whitespace().collect::<Vec<_>>().join(" ")), rest.trim_start()),
        None => (None, text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_open_theorem_is_a_problem_under_what_is_none() {
        let text = "import Init\n\n/-! About f. -/\n\ndef f (n : Nat) : Nat := n + 1\n\n/-- It\n grows. -/\n\
                    theorem grows (n : Nat) : n < f n := by\n  sorry\n\ntheorem known : f 0 = 1 := rfl\n\n\
                    theorem twice (n : Nat) : f (f n) = n + 2 := by\n  sorry\n";
        let problems = read(text, Path::new("functions.lean"), "all", Some("functions")).expect("there are problems");
        assert_eq!(problems.iter().map(|p| p.name.as_str()).collect::<Vec<_>>(), ["grows", "twice"]);
        assert_eq!(problems[0].informal.as_deref(), Some("It grows."));
        assert_eq!(problems[0].statement, "theorem grows (n : Nat) : n < f n := by\n  sorry");
        assert_eq!(problems[1].header, "import Init\n\ndef f (n : Nat) : Nat := n + 1\n\ntheorem known : f 0 = 1 := rfl");
        assert_eq!(problems[1].topic.as_deref(), Some("functions"));
        assert!(read("theorem a : 1 = 1 := rfl", Path::new("a.lean"), "all", None).is_err());
    }
}

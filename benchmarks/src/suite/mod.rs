//! Suites of theorems to prove.
//!
//! A suite is a list of problems, each a Lean file whose last theorem is to be proved. The shipped one is in `suites/core` (`core`).
//! The public ones are not copied into this project: `suites/*.toml` says where each comes from, at which commit and under which
//! licence, and how it is read ([`Source`]); [`fetch`] brings one from upstream or from a folder. Any file of JSON lines or Lean
//! theorems is a suite, too ([`Suite::open`]).

mod core;
mod embedded;
mod fetch;
mod jsonl;
mod lean;
mod source;

pub use embedded::for_embedded;
pub use fetch::{FetchError, fetch};
pub use source::Source;

use prove_syntax::{DeclarationKind, Outline, Source as Text, find_sorries};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeSet, HashMap},
    path::{Path, PathBuf},
};

/// A theorem to prove.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Its name in the suite; nearly always the theorem's, too.
    pub name: String,
    /// The part of the suite that it is in, such as `test`.
    pub split: String,
    /// What it is about, where the suite says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// What it says in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub informal: Option<String>,
    /// The file before the theorem: imports, options, `open`s, definitions.
    pub header: String,
    /// The theorem with `sorry` for its proof.
    pub statement: String,
}

impl Problem {
    /// The file. Its last `sorry` is the one to fill.
    pub fn text(&self) -> String {
        if self.header.trim().is_empty() {
            return format!("{}\n", self.statement);
        }
        format!("{}\n\n{}\n", self.header.trim_end(), self.statement)
    }

    /// The theorem's full name and the number of the `sorry` that is its proof. What is wrong where there is none such, or where the
    /// text has further `sorry`s: those stand for an answer, and whoever may choose it can prove too much.
    pub fn target(&self) -> Result<(String, usize), String> {
        let text = self.text();
        let source = Text::new(&text);
        let outline = Outline::new(&source);
        let sorries = find_sorries(&source, &outline);
        let declaration = sorries.last().and_then(|sorry| outline.declarations.get(sorry.declaration?));
        let is_theorem = |kind| matches!(kind, DeclarationKind::Theorem | DeclarationKind::Lemma);
        match declaration {
            _ if sorries.len() > 1 => Err("it asks for an answer beside the proof".to_owned()),
            Some(declaration) if is_theorem(declaration.kind) => {
                let name = declaration.name.clone().unwrap_or_default();
                Ok((name, sorries.len() - 1))
            }
            _ => Err("it ends in no theorem with `sorry` for its proof".to_owned()),
        }
    }

    /// Equal for texts that differ in comments, blanks and the way in which the proof is left open only.
    fn tokens(&self) -> String {
        let text = self.text();
        let source = Text::new(&text);
        let mut words: Vec<&str> = source.code().iter().map(|token| &text[token.range()]).collect();
        for open in ["sorry", "by", ":="] {
            words.pop_if(|word| *word == open);
        }
        words.join(" ")
    }
}

/// A list of problems.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suite {
    /// The name it was asked for by.
    pub name: String,
    /// Its problems, in its own order.
    pub problems: Vec<Problem>,
}

/// Why there is no suite to be had.
#[derive(Debug, thiserror::Error)]
pub enum SuiteError {
    /// Reading or writing failed.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file is not what it should be.
    #[error("{place}: {reason}")]
    Format {
        /// The file, and the line if there is one.
        place: String,
        /// What is wrong.
        reason: String,
    },
    /// It is known, and not here.
    #[error("the suite {0} is not here yet; get it with `prove bench fetch {0}`")]
    NotFetched(String),
    /// There is none of this name.
    #[error("{name}: neither a suite ({known}) nor a file of JSON lines or Lean theorems")]
    Unknown {
        /// The name.
        name: String,
        /// The suites there are.
        known: String,
    },
}

impl SuiteError {
    fn io(path: &Path) -> impl FnOnce(std::io::Error) -> SuiteError {
        let path = path.to_owned();
        move |source| SuiteError::Io { path, source }
    }
}

impl Suite {
    /// The suite of this name: `core`, one that was fetched into `folder`, or a file of JSON lines (`.jsonl`) or theorems (`.lean`).
    pub fn open(name: &str, folder: &Path) -> Result<Suite, SuiteError> {
        let path = Path::new(name);
        let problems = match Source::named(name) {
            _ if name == core::NAME => core::problems()?,
            Some(source) => {
                let path = fetch::place(folder, &source);
                let text = match std::fs::read_to_string(&path) {
                    Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(SuiteError::NotFetched(source.name)),
                    text => text.map_err(SuiteError::io(&path))?,
                };
                jsonl::read(&text, &path, &jsonl::Fields::own())?
            }
            None => match path.extension().and_then(|e| e.to_str()) {
                Some("jsonl") => jsonl::read(&read(path)?, path, &jsonl::Fields::own())?,
                Some("lean") => lean::read(&read(path)?, path, "test", None)?,
                _ => {
                    let known = Source::all().map(|source| source.name).collect::<Vec<_>>();
                    return Err(SuiteError::Unknown { name: name.to_owned(), known: format!("{}, {}", core::NAME, known.join(", ")) });
                }
            },
        };
        Ok(Suite { name: name.to_owned(), problems: distinct(problems) })
    }

    /// The parts that it has.
    pub fn splits(&self) -> BTreeSet<&str> {
        self.problems.iter().map(|problem| problem.split.as_str()).collect()
    }

    /// BLAKE3, in hex, of names and texts in the order of the names. Comments, blanks, splits and
    /// how the proof is left open make no difference.
    pub fn hash(&self) -> String {
        hash(&self.problems)
    }

    /// Its problems as JSON lines.
    pub fn to_jsonl(&self) -> String {
        jsonl::write(&self.problems)
    }
}

/// See [`Suite::hash`].
fn hash(problems: &[Problem]) -> String {
    let mut parts: Vec<(&str, String)> = problems.iter().map(|problem| (problem.name.as_str(), problem.tokens())).collect();
    parts.sort();
    let mut hasher = blake3::Hasher::new();
    for part in parts.iter().flat_map(|(name, text)| [*name, text.as_str()]) {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.finalize().to_hex().to_string()
}

/// Problems whose names differ: the second of a name gets a number.
fn distinct(mut problems: Vec<Problem>) -> Vec<Problem> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    for problem in &mut problems {
        let times = seen.entry(problem.name.clone()).or_default();
        *times += 1;
        if *times > 1 {
            problem.name = format!("{}#{times}", problem.name);
        }
    }
    problems
}

fn read(path: &Path) -> Result<String, SuiteError> {
    std::fs::read_to_string(path).map_err(SuiteError::io(path))
}

/// A theorem's text with `sorry` for its proof, from one that may end at `:=` or `:= by`.
fn completed(statement: &str) -> String {
    let statement = statement.trim();
    let ends_in = |word: &str| statement.strip_suffix(word).is_some_and(|rest| rest.ends_with([' ', '\n', '=']));
    match () {
        () if ends_in("by") => format!("{statement}\n  sorry"),
        () if statement.ends_with(":=") => format!("{statement} by\n  sorry"),
        () => statement.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(header: &str, statement: &str) -> Problem {
        let (name, split) = ("a".to_owned(), "test".to_owned());
        Problem { name, split, topic: None, informal: None, header: header.into(), statement: statement.into() }
    }

    #[test]
    fn statements_are_completed() {
        assert_eq!(completed("theorem a : 1 = 1 := by\n"), "theorem a : 1 = 1 := by\n  sorry");
        assert_eq!(completed("theorem a : 1 = 1 :="), "theorem a : 1 = 1 := by\n  sorry");
        assert_eq!(completed("theorem a : 1 = 1 := by sorry"), "theorem a : 1 = 1 := by sorry");
    }

    #[test]
    fn what_asks_for_an_answer_is_no_target() {
        let one = problem("def f := 1", "theorem A.b : f = 1 := by sorry");
        assert_eq!(one.target(), Ok(("A.b".to_owned(), 0)));
        let with_answer = problem("abbrev answer : Nat := sorry", "theorem a : answer = 1 := by sorry");
        assert!(with_answer.target().is_err_and(|reason| reason.contains("answer")));
        assert!(problem("", "theorem a : 1 = 1 := rfl").target().is_err());
    }

    #[test]
    fn a_suites_hash_is_of_its_words() {
        let of = |header: &str, statement: &str| hash(&[problem(header, statement)]);
        let one = of("open Nat", "theorem a : 1 = 1 := by\n  sorry");
        assert_eq!(one, of("open Nat -- of course\n\n", "theorem a :\n 1 = 1 := sorry"));
        assert_ne!(one, of("open Nat", "theorem a : 1 = 2 := by\n  sorry"));
    }

    #[test]
    fn problems_of_one_name_are_told_apart() {
        let names = distinct(vec![problem("", "a"), problem("", "b"), problem("", "c")]);
        assert_eq!(names.iter().map(|problem| problem.name.as_str()).collect::<Vec<_>>(), ["a", "a#2", "a#3"]);
        assert_eq!(distinct(names.clone()), names, "once is enough");
    }

    #[test]
    fn a_suite_that_is_not_here_says_how_to_get_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let missing = Suite::open("minif2f", folder.path()).expect_err("it was not fetched");
        assert!(missing.to_string().contains("prove bench fetch minif2f"), "{missing}");
        let unknown = Suite::open("minif3f", folder.path()).expect_err("there is none");
        assert!(unknown.to_string().contains("putnambench"), "{unknown}");
    }
}

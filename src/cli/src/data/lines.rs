//! The files of a data folder: JSON lines, read with the place of what is wrong, and written whole.

use crate::{files::replace, output::InputError};
use anyhow::Context;
use prove_data::{Difficulty, Label, Split, Statement, Topic};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::path::Path;

/// A theorem to prove, as a line of `statements.jsonl`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Stated {
    /// Its name.
    pub(super) name: String,
    pub(super) family: String,
    pub(super) topic: Topic,
    pub(super) difficulty: Difficulty,
    pub(super) label: Label,
    pub(super) split: Split,
    /// Identity up to names, in hex.
    pub(super) key: String,
    /// The commands before it.
    pub(super) header: String,
    /// What is to be proved, up to `:= by`: of a statement labelled false, its negation.
    pub(super) theorem: String,
    /// The statement that the theorem denies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) refutes: Option<String>,
    /// Proofs to try before a search.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) proofs: Vec<String>,
}

impl Stated {
    pub(super) fn new(statement: &Statement) -> Stated {
        let key = statement.key();
        let is_false = statement.label == Label::False;
        Stated {
            name: statement.name.clone(),
            family: statement.family.clone(),
            topic: statement.topic,
            difficulty: statement.difficulty,
            label: statement.label,
            split: key.split(),
            key: key.to_string(),
            header: statement.header(),
            theorem: if is_false { statement.refutation() } else { statement.theorem() },
            refutes: is_false.then(|| statement.theorem()),
            proofs: statement.proofs.clone(),
        }
    }
}

/// A file with the theorem's proof left open.
pub(super) fn open_file(header: &str, theorem: &str) -> String {
    format!("{header}{theorem}\n  sorry\n")
}

/// Reads a file of JSON lines. A last line that was cut short is an error like any other: these files are written whole.
pub(super) fn read<T: DeserializeOwned>(path: &Path, remedy: &str) -> anyhow::Result<Vec<T>> {
    let shown = path.display();
    let text = std::fs::read_to_string(path).map_err(|error| InputError::new(format!("{shown}: {error}"), remedy))?;
    let line = |(number, line): (usize, &str)| {
        let bad = |error: serde_json::Error| InputError::new(format!("{shown}:{}: {error}", number + 1), remedy);
        serde_json::from_str(line).map_err(|error| bad(error).into())
    };
    text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).map(line).collect()
}

/// Writes a file of JSON lines.
pub(super) fn write<T: Serialize>(path: &Path, values: impl IntoIterator<Item = T>) -> anyhow::Result<()> {
    let written = replace(path, |file| {
        for value in values {
            serde_json::to_writer(&mut *file, &value)?;
            file.write_all(b"\n")?;
        }
        Ok(())
    });
    written.with_context(|| format!("{}: cannot be written", path.display()))
}

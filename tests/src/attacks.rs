//! The adversarial corpus in `tests/adversarial`: one file per idea, several spellings in each. Its README describes the format.

use anyhow::Context;
use serde::Deserialize;
use std::{fs, path::Path};

/// What a file that names no trusted statement is judged against.
const TRUSTED: &str = "theorem T : 2 + 2 = 5 := sorry\n";

/// How a spelling is handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entrance {
    /// As a whole file.
    Check,
    /// As a proof body.
    Solve,
}

/// One spelling of one idea.
#[derive(Clone, Debug)]
pub struct Attack {
    /// The file's name: the idea.
    pub idea: String,
    /// Its place among the file's spellings for this entrance, from 1.
    pub number: usize,
    /// How it is handed in.
    pub entrance: Entrance,
    /// The trusted statements.
    pub trusted: String,
    /// The declaration asked for.
    pub target: String,
    /// The file or the body.
    pub text: String,
    /// Accepted verdicts.
    pub kinds: Vec<String>,
    /// Whether its text is an ordinary one, short enough to be tried in other ways too.
    pub ordinary: bool,
}

impl Attack {
    /// The file that the attack makes where nobody looks at it: a body stands in place of the first `sorry`.
    pub fn file(&self) -> String {
        match self.entrance {
            Entrance::Check => self.text.clone(),
            Entrance::Solve => self.trusted.replacen("sorry", &self.text, 1),
        }
    }

    /// Whether a verdict is an accepted one.
    pub fn accepts(&self, verdict: &str) -> bool {
        self.kinds.iter().any(|kind| kind == verdict || (kind == "not_proved" && verdict != "proved"))
    }

    /// How it is called in messages.
    pub fn label(&self) -> String {
        let entrance = match self.entrance {
            Entrance::Check => "check",
            Entrance::Solve => "solve",
        };
        format!("{} {entrance} {}", self.idea, self.number)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Idea {
    #[serde(rename = "idea")]
    _idea: String,
    #[serde(rename = "row")]
    _row: Option<String>,
    #[serde(default)]
    check: Vec<Spelling>,
    #[serde(default)]
    solve: Vec<Spelling>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Spelling {
    kinds: Vec<String>,
    trusted: Option<String>,
    target: Option<String>,
    #[serde(alias = "body")]
    text: String,
    repeat: Option<Repeat>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Repeat {
    before: String,
    #[serde(default)]
    after: String,
    count: usize,
}

/// Reads the corpus, sorted by idea.
pub fn load(folder: &Path) -> anyhow::Result<Vec<Attack>> {
    let mut attacks = Vec::new();
    let mut paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();
    for path in paths {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path)?;
        let idea: Idea = toml::from_str(&text).with_context(|| path.display().to_string())?;
        for (entrance, spellings) in [(Entrance::Check, idea.check), (Entrance::Solve, idea.solve)] {
            attacks.extend(spellings.into_iter().zip(1..).map(|(spelling, number)| attack(&name, entrance, number, spelling)));
        }
    }
    Ok(attacks)
}

fn attack(idea: &str, entrance: Entrance, number: usize, spelling: Spelling) -> Attack {
    let ordinary = spelling.repeat.is_none() && !spelling.kinds.iter().any(|kind| kind == "not_proved");
    let text = match spelling.repeat {
        None => spelling.text,
        Some(repeat) => [repeat.before.repeat(repeat.count), spelling.text, repeat.after.repeat(repeat.count)].concat(),
    };
    Attack {
        idea: idea.to_owned(),
        number,
        entrance,
        trusted: spelling.trusted.unwrap_or_else(|| TRUSTED.to_owned()),
        target: spelling.target.unwrap_or_else(|| "T".to_owned()),
        text,
        kinds: spelling.kinds,
        ordinary,
    }
}

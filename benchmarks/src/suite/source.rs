//! Where the public suites come from, as data: `suites/*.toml`.

use super::jsonl::Fields;
use serde::Deserialize;

const SOURCES: &[(&str, &str)] = &[
    ("minif2f", include_str!("../../suites/minif2f.toml")),
    ("minif2f-deepseek", include_str!("../../suites/minif2f-deepseek.toml")),
    ("proofnet", include_str!("../../suites/proofnet.toml")),
    ("proofnet-verified", include_str!("../../suites/proofnet-verified.toml")),
    ("putnambench", include_str!("../../suites/putnambench.toml")),
    ("proverbench", include_str!("../../suites/proverbench.toml")),
];

/// Where a suite comes from and how it is read.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The suite's name.
    #[serde(skip)]
    pub name: String,
    /// What it is.
    pub title: String,
    /// The repository on GitHub, as `owner/name`.
    pub repository: String,
    /// The commit.
    pub commit: String,
    /// The licence of its statements.
    pub licence: String,
    /// The Lean that its authors use.
    pub toolchain: String,
    /// What its file is called in a folder of suites as JSON lines.
    pub file: String,
    /// How many problems it has.
    pub problems: usize,
    /// [`Suite::hash`](super::Suite::hash) of it; the first is upstream's, others are of copies that differ in what the file says.
    pub hashes: Vec<String>,
    /// Beginnings of names that say what a problem is about, where the suite has no better.
    #[serde(default)]
    pub topics: Vec<String>,
    /// What of the repository is read, in order.
    pub(super) read: Vec<Read>,
}

/// A part of a repository.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub(super) enum Read {
    /// A folder of Lean files.
    Lean { lean: String, split: String },
    /// A file of JSON lines.
    Jsonl { jsonl: String, fields: Fields },
}

impl Source {
    /// All of them.
    pub fn all() -> impl Iterator<Item = Source> {
        // That they parse is tested.
        SOURCES.iter().filter_map(|(name, text)| Source::parse(name, text).ok())
    }

    /// That of a suite.
    pub fn named(name: &str) -> Option<Source> {
        Source::all().find(|source| source.name == name)
    }

    /// Its repository's address.
    pub fn address(&self) -> String {
        format!("https://github.com/{}", self.repository)
    }

    fn parse(name: &str, text: &str) -> Result<Source, toml::de::Error> {
        Ok(Source { name: name.to_owned(), ..toml::from_str(text)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_source_is_complete() {
        for (name, text) in SOURCES {
            let source = Source::parse(name, text).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(source.commit.len(), 40, "{name}");
            assert!(!source.hashes.is_empty() && source.hashes.iter().all(|hash| hash.len() == 64), "{name}");
            assert!(source.problems > 0 && !source.read.is_empty() && !source.licence.is_empty(), "{name}");
        }
    }
}

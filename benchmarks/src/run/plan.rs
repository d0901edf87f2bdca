//! What a run does, as `run.json` keeps it: all that its results depend on.

use prove_agent::{ModelOptions, Settings, StrategyName};
use prove_core::Budget;
use prove_model::text::Format;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::{fmt::Display, num::NonZeroUsize, path::Path, str::FromStr};

/// A run's settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The suite's name.
    pub suite: String,
    /// [`Suite::hash`](crate::suite::Suite::hash) of the whole suite.
    pub suite_hash: String,
    /// The part of it that is run; the whole by default.
    pub split: Option<String>,
    /// Attempts at each problem, each with the whole budget and a seed of its own.
    pub attempts: u32,
    /// How to search.
    #[serde(serialize_with = "strategy", deserialize_with = "named")]
    pub strategy: StrategyName,
    /// Trees that RMaxTS grows side by side.
    pub trees: NonZeroUsize,
    /// What one attempt may spend.
    pub budget: Budget,
    /// Requests under way at a time.
    pub window: NonZeroUsize,
    /// The seed of the first attempt; the next has the next.
    pub seed: u64,
    /// The prover model.
    pub model: Option<ModelUsed>,
    /// The protocol that it follows, if it was named.
    pub preset: Option<String>,
    /// The Lean, with its version.
    pub lean: String,
    /// The version of `prove`.
    pub prove: String,
}

/// A prover model and how it is asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelUsed {
    /// The folder's or the server's name for it.
    pub name: String,
    /// BLAKE3 of its files, where they are at hand.
    pub hash: Option<String>,
    /// The name of the prompts' format.
    #[serde(serialize_with = "format", deserialize_with = "named")]
    pub format: Format,
    /// Most tokens of one answer.
    pub max_tokens: u32,
    /// Temperature of the samples.
    pub temperature: f32,
    /// Top-p of the samples.
    pub top_p: f32,
}

impl ModelUsed {
    /// What tells it from other models: its hash, or its name where its files are not at hand.
    pub fn identity(&self) -> String {
        self.hash.clone().unwrap_or_else(|| self.name.clone())
    }
}

impl Plan {
    /// A folder's name that says what is run; equal plans have equal ones, so that the same command goes on with the same run.
    pub fn default_name(&self) -> String {
        let stem = Path::new(&self.suite).file_stem().map(|stem| stem.to_string_lossy()).unwrap_or_default();
        let hash = blake3::hash(serde_json::to_string(self).unwrap_or_default().as_bytes()).to_hex();
        [&stem, self.split.as_deref().unwrap_or("all"), self.strategy.name(), &hash[..8]].join("-")
    }

    /// The seed of an attempt.
    pub fn seed(&self, attempt: u32) -> u64 {
        self.seed.wrapping_add(u64::from(attempt))
    }

    /// How an attempt searches. A proof counts as it was found; making it shorter would only blur what it cost.
    pub(super) fn settings(&self, attempt: u32) -> Settings {
        let mut model = ModelOptions::default();
        if let Some(used) = &self.model {
            (model.format, model.max_tokens) = (used.format, used.max_tokens);
            (model.sampling.temperature, model.sampling.top_p) = (used.temperature, used.top_p);
        }
        Settings {
            strategy: self.strategy,
            trees: self.trees,
            budget: self.budget,
            window: self.window,
            seed: self.seed(attempt),
            shorten: false,
            model,
        }
    }

    /// What differs from another plan, in the words of `run.json`.
    pub(super) fn differences(&self, other: &Plan) -> Vec<String> {
        let object = |plan: &Plan| match serde_json::to_value(plan) {
            Ok(serde_json::Value::Object(object)) => object,
            _ => serde_json::Map::new(),
        };
        let (mine, theirs) = (object(self), object(other));
        let differing = mine.iter().filter(|(key, value)| theirs.get(*key) != Some(*value));
        differing.map(|(key, value)| format!("{key} is {} there and {value} here", theirs.get(key).unwrap_or_default())).collect()
    }
}

/// BLAKE3, in hex, of a model folder's files and their names; `None` for what is no folder, such as a server.
pub fn model_hash(folder: &Path) -> std::io::Result<Option<String>> {
    if !folder.is_dir() {
        return Ok(None);
    }
    let mut files = std::fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()?;
    files.retain(|file| file.is_file());
    files.sort();
    let mut hasher = blake3::Hasher::new();
    for file in files {
        hasher.update(file.file_name().unwrap_or_default().as_encoded_bytes());
        hasher.update_reader(std::fs::File::open(&file)?)?;
    }
    Ok(Some(hasher.finalize().to_hex().to_string()))
}

// Strategies and formats go by their names in files.

fn strategy<S: Serializer>(strategy: &StrategyName, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(strategy.name())
}

fn format<S: Serializer>(format: &Format, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(format.name())
}

pub(super) fn named<'de, T: FromStr<Err: Display>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
}

//! The protocols of papers by name, as `presets.toml` has them.

use super::plan::named;
use prove_agent::StrategyName;
use prove_model::text::Format;
use serde::Deserialize;
use std::{
    collections::BTreeMap,
    num::{NonZeroU32, NonZeroUsize},
};

const PRESETS: &str = include_str!("../../presets.toml");

/// How a paper ran its model.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preset {
    /// Its name.
    #[serde(skip)]
    pub name: String,
    /// What it is.
    pub title: String,
    /// Where it is described.
    pub source: String,
    /// How to search.
    #[serde(deserialize_with = "named")]
    pub strategy: StrategyName,
    /// The prompts.
    #[serde(deserialize_with = "named")]
    pub format: Format,
    /// Attempts at each problem.
    pub attempts: NonZeroU32,
    /// Candidates checked in one attempt.
    pub checks: u64,
    /// Requests under way at a time.
    pub window: NonZeroUsize,
    /// Most tokens of one answer.
    pub max_tokens: u32,
    /// Temperature of the samples.
    pub temperature: f32,
    /// Top-p of the samples.
    pub top_p: f32,
    /// Seconds of wall time for one attempt.
    pub timeout: u64,
}

impl Preset {
    /// The preset of this name.
    pub fn named(name: &str) -> Option<Preset> {
        // That they parse is tested.
        let preset = presets().ok()?.remove(name)?;
        Some(Preset { name: name.to_owned(), ..preset })
    }

    /// Their names.
    pub fn names() -> Vec<String> {
        presets().unwrap_or_default().into_keys().collect()
    }
}

fn presets() -> Result<BTreeMap<String, Preset>, toml::de::Error> {
    toml::from_str(PRESETS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presets_are_complete_and_found_by_name() {
        let all = presets().expect("they parse");
        assert_eq!(Preset::names().len(), all.len());
        let v2 = Preset::named("deepseek-prover-v2").expect("it is there");
        assert_eq!((v2.attempts.get(), v2.checks, v2.format), (32, 1, Format::DeepSeekV2Cot));
        assert!(Preset::named("deepseek-prover-v3").is_none());
    }
}

//! Results as their authors published them, from `published.toml`: never measured here, and always marked as what they are.

use crate::run::Plan;
use serde::{Deserialize, Serialize};

const PUBLISHED: &str = include_str!("../../published.toml");

/// A published result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Published {
    /// What was measured.
    pub system: String,
    /// The suites it was measured on; editions of a suite differ in some statements.
    pub suites: Vec<String>,
    /// The split; the whole suite by default.
    #[serde(default)]
    pub split: Option<String>,
    /// Where it is published.
    pub source: String,
    /// Its values.
    pub values: Vec<Value>,
}

/// A published value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Value {
    /// The samples it was given, in the publication's words.
    pub k: String,
    /// The part of the problems that was solved, in percent.
    pub percent: Option<f64>,
    /// How many were, where that is what is published.
    pub solved: Option<u32>,
}

impl Value {
    /// The value in words.
    pub fn text(&self) -> String {
        match (self.percent, self.solved) {
            (Some(percent), _) => format!("{percent:.1} %"),
            (None, Some(solved)) => format!("{solved} solved"),
            (None, None) => String::new(),
        }
    }
}

/// What is published on the suites and splits of some runs.
pub(super) fn published<'a>(plans: impl Iterator<Item = &'a Plan>) -> Vec<Published> {
    let wanted: Vec<(&str, Option<&str>)> = plans.map(|plan| (plan.suite.as_str(), plan.split.as_deref())).collect();
    let is_wanted = |result: &Published| {
        wanted.iter().any(|(suite, split)| result.suites.iter().any(|name| name == suite) && result.split.as_deref() == *split)
    };
    // That they parse is tested.
    parse().unwrap_or_default().into_iter().filter(is_wanted).collect()
}

fn parse() -> Result<Vec<Published>, toml::de::Error> {
    #[derive(Deserialize)]
    struct File {
        result: Vec<Published>,
    }
    Ok(toml::from_str::<File>(PUBLISHED)?.result)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::Source;

    #[test]
    fn every_published_result_has_a_source_values_and_a_suite_that_is_known() {
        for result in parse().expect("they parse") {
            assert!(!result.source.is_empty() && !result.values.is_empty(), "{result:?}");
            assert!(result.values.iter().all(|value| value.percent.is_some() != value.solved.is_some()), "{result:?}");
            assert!(result.suites.iter().all(|suite| Source::named(suite).is_some()), "{result:?}");
        }
    }
}

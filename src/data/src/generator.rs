//! Distinct statements from many families, by turns.

use crate::{
    benchmark::BenchmarkKeys,
    families::Family,
    key::{Key, Split},
    rng::Rng,
    statement::{Difficulty, Statement, Topic},
};
use std::collections::{BTreeMap, HashSet};

/// A family that gives nothing new so many times in a row, at one difficulty, is left alone there.
const PATIENCE: u32 = 400;

/// How often each topic and difficulty is drawn: weights, all equal at first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mix {
    /// The weight of each topic that is not to weigh 1.
    pub topics: BTreeMap<Topic, u32>,
    /// The weights of the difficulties 1 to 5.
    pub difficulties: [u32; 5],
}

impl Default for Mix {
    fn default() -> Self {
        Mix { topics: BTreeMap::new(), difficulties: [1; 5] }
    }
}

/// An iterator over distinct statements, a function of its seed, families and mix. It ends when no family has anything new to say.
#[derive(Debug)]
pub struct Generator {
    seed: u64,
    rng: Rng,
    strata: Vec<Stratum>,
    seen: HashSet<Key>,
    refused: BenchmarkKeys,
    split: Option<Split>,
}

/// One topic at one difficulty.
#[derive(Debug)]
struct Stratum {
    weight: u32,
    difficulty: Difficulty,
    /// The families of the topic that still have something to say, and how many statements each has drawn here.
    families: Vec<(Family, u64)>,
}

impl Generator {
    /// A generator of statements of these families.
    pub fn new(seed: u64, families: impl IntoIterator<Item = Family>, mix: &Mix) -> Generator {
        let mut by_topic: BTreeMap<Topic, Vec<(Family, u64)>> = BTreeMap::new();
        for family in families {
            by_topic.entry(family.topic()).or_default().push((family, 0));
        }
        let strata = by_topic.iter().flat_map(|(topic, families)| {
            let topic = mix.topics.get(topic).copied().unwrap_or(1);
            let at =
                move |(difficulty, weight): (Difficulty, u32)| Stratum { weight: topic * weight, difficulty, families: families.clone() };
            Difficulty::ALL.into_iter().zip(mix.difficulties).map(at)
        });
        let strata = strata.filter(|stratum| stratum.weight > 0).collect();
        Generator { seed, rng: Rng::new(seed, "turns", 0), strata, seen: HashSet::new(), refused: BenchmarkKeys::default(), split: None }
    }

    /// Gives no statement of these benchmarks.
    #[must_use]
    pub fn without(mut self, benchmarks: BenchmarkKeys) -> Generator {
        self.refused = benchmarks;
        self
    }

    /// Gives only what is for training, or only what is held out.
    #[must_use]
    pub fn only(mut self, split: Split) -> Generator {
        self.split = Some(split);
        self
    }

    /// Counts these as given: those of an earlier run that this one goes on from.
    #[must_use]
    pub fn after(mut self, keys: impl IntoIterator<Item = Key>) -> Generator {
        self.seen.extend(keys);
        self
    }

    /// A stratum by weight.
    fn turn(&mut self) -> Option<usize> {
        let total: u32 = self.strata.iter().map(|s| s.weight).sum();
        let mut left = self.rng.int(0, i64::from(total) - 1);
        self.strata.iter().position(|stratum| {
            left -= i64::from(stratum.weight);
            left < 0
        })
    }
}

impl Iterator for Generator {
    type Item = Statement;

    fn next(&mut self) -> Option<Statement> {
        while let Some(turn) = self.turn() {
            let stratum = &mut self.strata[turn];
            let at = self.rng.below(stratum.families.len());
            let (family, drawn) = &mut stratum.families[at];
            for _ in 0..PATIENCE {
                let statement = family.nth(self.seed, stratum.difficulty, *drawn);
                *drawn += 1;
                let key = statement.key();
                let wanted = self.split.is_none_or(|split| key.split() == split) && !self.refused.contains(&key);
                if wanted && self.seen.insert(key) {
                    return Some(statement);
                }
            }
            stratum.families.swap_remove(at);
            if stratum.families.is_empty() {
                self.strata.swap_remove(turn);
            }
        }
        None
    }
}

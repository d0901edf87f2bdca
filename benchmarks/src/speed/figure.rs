//! A measured number, its unit and what it is meant to be.

use serde::Serialize;

/// One measured number.
#[derive(Clone, Debug, Serialize)]
pub struct Figure {
    /// What was measured.
    pub name: &'static str,
    /// The number.
    pub value: f64,
    /// Its unit; empty for a ratio.
    pub unit: &'static str,
    /// What it is meant to be.
    pub target: Option<Target>,
}

/// What a number is meant to be.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// Not above this.
    AtMost(f64),
    /// Not below this.
    AtLeast(f64),
}

impl Figure {
    /// A number without a target.
    pub fn new(name: &'static str, value: f64, unit: &'static str) -> Figure {
        Figure { name, value, unit, target: None }
    }

    /// With a target.
    pub fn at_most(self, bound: f64) -> Figure {
        Figure { target: Some(Target::AtMost(bound)), ..self }
    }

    /// With a target.
    pub fn at_least(self, bound: f64) -> Figure {
        Figure { target: Some(Target::AtLeast(bound)), ..self }
    }

    /// Whether it is what it is meant to be.
    pub fn reached(&self) -> Option<bool> {
        self.target.map(|target| match target {
            Target::AtMost(bound) => self.value <= bound,
            Target::AtLeast(bound) => self.value >= bound,
        })
    }
}

/// The middle of some numbers.
pub(super) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

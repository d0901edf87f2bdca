//! Goals for the tests of rules, from texts.

use super::{FileContext, view::View};
use prove_core::{Goal, Hypothesis};

/// A goal of hypotheses by name and type.
pub(super) fn goal(hypotheses: &[(&str, &str)], target: &str) -> Goal {
    let hypothesis = |(name, kind): &(&str, &str)| Hypothesis { names: vec![(*name).to_owned()], kind: (*kind).to_owned(), value: None };
    Goal { case: None, hypotheses: hypotheses.iter().map(hypothesis).collect(), target: target.to_owned() }
}

/// What a rule makes of a goal in a file without definitions.
pub(super) fn made<T>(rule: impl Fn(&View<'_>) -> T, hypotheses: &[(&str, &str)], target: &str) -> T {
    rule(&View::new(&goal(hypotheses, target), &FileContext::default()))
}

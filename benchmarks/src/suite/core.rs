//! The shipped suite: statements of our own about the core library, one file for each topic. Every one has a proof in
//! `suites/core/proofs`, which a test has the judge check.

use super::{Problem, SuiteError, lean};
use std::path::Path;

/// The suite's name.
pub(super) const NAME: &str = "core";

const FILES: &[(&str, &str)] = &[
    ("bits", include_str!("../../suites/core/bits.lean")),
    ("divisibility", include_str!("../../suites/core/divisibility.lean")),
    ("functions", include_str!("../../suites/core/functions.lean")),
    ("inequalities", include_str!("../../suites/core/inequalities.lean")),
    ("integers", include_str!("../../suites/core/integers.lean")),
    ("lists", include_str!("../../suites/core/lists.lean")),
    ("logic", include_str!("../../suites/core/logic.lean")),
    ("naturals", include_str!("../../suites/core/naturals.lean")),
    ("order", include_str!("../../suites/core/order.lean")),
    ("programs", include_str!("../../suites/core/programs.lean")),
    ("rationals", include_str!("../../suites/core/rationals.lean")),
    ("recursion", include_str!("../../suites/core/recursion.lean")),
    ("trees", include_str!("../../suites/core/trees.lean")),
];

/// Its problems, all in the split `test`.
pub(super) fn problems() -> Result<Vec<Problem>, SuiteError> {
    let files = FILES.iter().map(|(topic, text)| lean::read(text, Path::new(&format!("{topic}.lean")), "test", Some(topic)));
    Ok(files.collect::<Result<Vec<_>, _>>()?.concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn it_has_at_least_120_problems_of_different_names() {
        let problems = problems().expect("they read");
        assert!(problems.len() >= 120, "{}", problems.len());
        let names: HashSet<&str> = problems.iter().map(|problem| problem.name.as_str()).collect();
        assert_eq!(names.len(), problems.len());
        for problem in &problems {
            assert_eq!(problem.target(), Ok((problem.name.clone(), 0)));
        }
    }
}

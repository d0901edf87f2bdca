//! What is left of a proof that ran out of time: its longest beginning that does not, found by bisection over its steps.
//!
//! The paper's code gives such proofs up, whatever their first steps were worth.

use crate::{script::Tactic, segment::masked, task::Checked};
use std::sync::Arc;

/// The bytes of `text` at which its steps begin: the lines that are not indented more than `column`, or than a step before them.
/// A line that cannot begin a tactic belongs to the step before it.
pub(super) fn steps(text: &str, column: u32) -> Vec<usize> {
    let mut found = Vec::new();
    let (mut level, mut start) = (column as usize, 0);
    for line in masked(text).split('\n') {
        let code = line.trim_start_matches(' ');
        let indent = line.len() - code.len();
        let goes_on = ["|", "<;>", ")", "]", "}", "⟩", "with", "where", "else", "then"].iter().any(|lead| code.starts_with(lead));
        if !code.trim().is_empty() && (found.is_empty() || indent <= level && !goes_on) {
            level = level.min(indent);
            found.push(start);
        }
        start += line.len() + 1;
    }
    found
}

/// The search for the longest beginning, one check at a time.
#[derive(Debug)]
pub(super) struct Bisection {
    proof: Tactic,
    /// Where the beginning of `n` steps ends in the proof.
    ends: Vec<usize>,
    /// So many steps are in time.
    good: usize,
    /// So many are not.
    slow: usize,
    checks_left: u32,
    /// The longest beginning in time, and what it does.
    pub(super) best: Option<(Tactic, Checked)>,
}

impl Bisection {
    /// For a proof too slow, whose text behind byte `from` stands in a block at `column`. `None` if no part of it can be left out.
    pub(super) fn new(proof: &Tactic, from: usize, column: u32, checks: u32) -> Option<Bisection> {
        let ends: Vec<usize> = steps(&proof[from..], column).into_iter().map(|at| from + at).collect();
        let slow = ends.len();
        (slow > 1 && checks > 0).then(|| Bisection { proof: proof.clone(), ends, good: 0, slow, checks_left: checks, best: None })
    }

    /// The beginning to check next.
    pub(super) fn probe(&self) -> Option<Tactic> {
        let wanted = self.checks_left > 0 && self.slow - self.good > 1;
        wanted.then(|| Arc::from(self.proof[..self.ends[self.middle()]].trim_end()))
    }

    /// Takes the answer to [`Bisection::probe`]; `None` if it ran out of time as well.
    pub(super) fn answer(&mut self, probe: &Tactic, checked: Option<Checked>) {
        let middle = self.middle();
        self.checks_left = self.checks_left.saturating_sub(1);
        match checked {
            Some(checked) => {
                self.good = middle;
                self.best = Some((probe.clone(), checked));
            }
            None => self.slow = middle,
        }
    }

    fn middle(&self) -> usize {
        self.good + (self.slow - self.good) / 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::task::Trial;
    use proptest::prelude::*;

    fn cut(text: &str, column: u32) -> Vec<&str> {
        let at = steps(text, column);
        (0..at.len()).map(|i| text[at[i]..at.get(i + 1).copied().unwrap_or(text.len())].trim_end()).collect()
    }

    #[test]
    fn steps_begin_where_the_indentation_of_the_block_does() {
        let proof =
            "-- plan\nintro x\ninduction x with\n| zero =>\n  simp\n| succ n ih => omega\nrw [a,\n  b] /- c\nd -/\n<;> simp\n· omega";
        let wanted =
            ["intro x", "induction x with\n| zero =>\n  simp\n| succ n ih => omega", "rw [a,\n  b] /- c\nd -/\n<;> simp", "· omega"];
        assert_eq!(cut(proof, 0), wanted);
        assert_eq!(cut("  simp\n    at h\n  omega\nrfl\n  x", 2), ["  simp\n    at h", "  omega", "rfl\n  x"]);
        assert_eq!(cut("", 0), Vec::<&str>::new());
    }

    proptest! {
        #[test]
        fn the_longest_beginning_in_time_is_found_in_logarithmically_many_checks(steps in 2usize..70, in_time in 0usize..70, from in 0usize..2) {
            let prefix = ["", "known\n"][from];
            let lines: Vec<String> = (0..steps).map(|i| format!("step{i}")).collect();
            let proof: Tactic = format!("{prefix}{}", lines.join("\n")).into();
            let in_time = in_time % steps;
            let mut bisection = Bisection::new(&proof, prefix.len(), 0, 99).expect("it has several steps");
            let mut checks = 0;
            while let Some(probe) = bisection.probe() {
                checks += 1;
                prop_assert!(proof.starts_with(&*probe));
                let length = probe.lines().count() - from;
                prop_assert!(0 < length && length < steps);
                bisection.answer(&probe, (length <= in_time).then(|| Checked::bare(Trial::Rejected(String::new()))));
            }
            prop_assert_eq!(bisection.best.map_or(0, |(best, _)| best.lines().count() - from), in_time);
            prop_assert!(checks <= steps.ilog2() + 1);
        }
    }
}

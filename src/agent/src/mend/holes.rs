//! Which part of a failing proof to search for anew.
//!
//! From the least to the most: the step that holds the first error, the steps around it, everything from there to the end of the proof, and
//! the whole proof. Goals left open at the end want one more step instead.

use prove_syntax::{Layout, Source, StepKind};
use std::ops::Range;

/// A part of a proof that a `sorry` takes the place of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hole {
    /// Its bytes.
    pub(super) range: Range<usize>,
    /// What comes before the `sorry`.
    pub(super) before: String,
}

impl Hole {
    fn at(range: Range<usize>) -> Hole {
        Hole { range, before: String::new() }
    }

    /// The text with the `sorry`, and where that begins.
    pub(super) fn make(&self, text: &str) -> (String, usize) {
        let holed = [&text[..self.range.start], &self.before, "sorry", &text[self.range.end..]].concat();
        (holed, self.range.start + self.before.len())
    }
}

/// The holes to try in a proof, whose value is at `body` and whose first error is at the byte `error`.
pub(super) fn holes(source: &Source<'_>, body: &Range<usize>, error: usize) -> Vec<Hole> {
    let mut holes = Vec::new();
    let by = source.code().iter().find(|t| t.start >= body.start && t.end <= body.end);
    if let Some(by) = by.filter(|t| &source.text()[t.range()] == "by") {
        let layout = Layout::of_tactics(source, by.end..body.end);
        let around = |range: &Range<usize>| range.start <= error && error < range.end;
        let mut steps: Vec<_> = layout.steps.iter().filter(|s| s.kind == StepKind::Tactic && around(&s.range)).collect();
        steps.sort_by_key(|step| std::cmp::Reverse(step.depth));
        holes.extend(steps.iter().map(|step| Hole::at(step.range.clone())));
        match (steps.last(), layout.top_level().last()) {
            (Some(outermost), _) => holes.push(Hole::at(outermost.range.start..body.end)),
            (None, Some(last)) => {
                let newline = if source.text().contains("\r\n") { "\r\n" } else { "\n" };
                let before = format!("{newline}{}", " ".repeat(last.span.start.column as usize));
                // On a line of its own the step must stand where the others do.
                let own_line = source.text()[..last.range.start].rsplit('\n').next().is_some_and(|line| line.trim().is_empty());
                holes.extend(own_line.then_some(Hole { range: last.range.end..last.range.end, before }));
            }
            (None, None) => {}
        }
    }
    holes.push(Hole::at(body.clone()));
    holes.dedup();
    holes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(text: &str, error: &str) -> Vec<String> {
        let source = Source::new(text);
        let outline = prove_syntax::Outline::new(&source);
        let (_, body) = outline.declarations[0].body.clone().expect("a body");
        holes(&source, &body, text.find(error).expect("it is there")).iter().map(|hole| hole.make(text).0).collect()
    }

    #[test]
    fn holes_grow_from_the_failing_step_to_the_whole_proof() {
        let text = "theorem a : p := by\n  have h : q := by\n    wrong\n  exact h\n";
        assert_eq!(
            made(text, "wrong"),
            [
                "theorem a : p := by\n  have h : q := by\n    sorry\n  exact h\n",
                "theorem a : p := by\n  sorry\n  exact h\n",
                "theorem a : p := by\n  sorry\n",
                "theorem a : p := sorry\n",
            ]
        );
    }

    #[test]
    fn goals_left_open_want_one_more_step() {
        let text = "theorem a : p := by\r\n  intro x\r\n  simp\r\n";
        assert_eq!(made(text, "by"), ["theorem a : p := by\r\n  intro x\r\n  simp\r\n  sorry\r\n", "theorem a : p := sorry\r\n"]);
        assert_eq!(made("theorem a : p := by simp\n", "by"), ["theorem a : p := sorry\n"]);
        assert_eq!(made("theorem a : p := wrong\n", "wrong"), ["theorem a : p := sorry\n"]);
    }
}

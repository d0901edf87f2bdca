//! The tactic spans of a proof: where each tactic stands, and the goals before and after it.
//!
//! Lean's server answers questions about places, not about tactics, so the places are chosen to make its answer the wanted one. For a
//! place it takes the innermost tactic whose text or trailing white space holds the place, passes to the next one out while all found
//! so far begin to the right of the place's column and end before it, and then gives the goals after that tactic if the place lies
//! behind its beginning and no nested tactic ends behind the place, the goals before it otherwise (`Lean.Elab.InfoTree.goalsAt?`).
//! Hence, for a tactic of a block:
//!
//! - *Before* it: its first character. `case` and `next` show the goal they pick already there; before them is what was after the
//!   tactic in front of them. The first tactic of a `·` block sees the first goal before the block.
//! - *After* it, if it is the last of a block that must close its goal: nothing, unless Lean reports open goals for the block.
//! - After it, if another one (other than `case` and `next`) follows in the block: the first character of that one.
//! - After the last one, if its trailing white space reaches below it: there, in the column where it begins. This needs a line that
//!   is long enough; so the document is given some white space at its end, which serves the last tactic of the file in every block.
//! - After the last one otherwise: its end, if no nested block ends there too; its second character, if the nested block is that of a
//!   term (`have : p := by …`), because blocks of terms do not count as nested; and where it is one that closes its goal (`·`, `case`,
//!   `induction … with`), nothing is asked: what is left are the goals before it without that goal.
//!
//! What a tactic runs any number of times (`first | …`, `all_goals …`, `… <;> …`) or on something else than goals (`conv`) is no step of
//! the proof, so such a tactic is one span, whatever it holds.
//!
//! A tactic that fails has no state after it, what follows it in its block has not run, and of what it holds nobody knows whether it
//! did. All this is left out: every span returned is of a tactic that ran to its end.
//!
//! The states of a nested tactic are those its block sees: in a `·` block the goals in front of it only, in the `by` of a `have` the
//! goal of that `have` only. The whole state at a nested tactic is its own goals followed, for each span around it from the inside
//! out, by the goals `before` that span, less the goal in work (the first one; the tagged one for `case`) unless that span is a term's
//! `by`, whose tactic keeps its goal. A search that must tell states apart compares that sequence.

mod blocks;

use blocks::{After, Before, Tactic};
use prove_core::{Diagnostic, Position, ProofState, Severity, TacticSpan};
use prove_syntax::{Layout, Source};

/// The tactics of a text.
#[derive(Debug)]
pub(crate) struct SpanPlan {
    tactics: Vec<Tactic>,
    padding: String,
}

/// The tactics that ran, and what Lean is asked about them.
#[derive(Debug)]
pub(crate) struct Questions {
    tactics: Vec<Tactic>,
    /// Which tactics ran to their end; the others are not asked about.
    ran: Vec<bool>,
}

impl SpanPlan {
    /// The plan for the proofs of `text` that lie behind byte `from`.
    pub(crate) fn new(text: &str, from: usize) -> SpanPlan {
        let source = Source::new(text);
        let layout = Layout::of_proofs(&source);
        let widest = layout.steps.iter().map(|step| step.span.start.column).max();
        let padding = widest.map_or_else(String::new, |column| format!("\n{}", " ".repeat(column as usize + 1)));
        let tactics = blocks::tactics(&source, &layout, from, &[text, &padding].concat());
        SpanPlan { tactics, padding }
    }

    /// `text` with the white space at its end that the plan's places need.
    pub(crate) fn padded(&self, text: &str) -> String {
        [text, &self.padding].concat()
    }

    /// What is left to ask once Lean's diagnostics are known.
    pub(crate) fn questions(mut self, diagnostics: &[Diagnostic]) -> Questions {
        let ran = self.ran(diagnostics);
        let open_goals = diagnostics.iter().filter(|d| is_open_goals(d)).map(|d| self.innermost(d.span.start));
        let open: Vec<Option<usize>> = open_goals.collect();
        for tactic in &mut self.tactics {
            if tactic.ends_closing_block && !open.contains(&tactic.around) {
                tactic.after = After::NoGoals;
            }
        }
        Questions { tactics: self.tactics, ran }
    }

    /// The innermost tactic that holds a place.
    fn innermost(&self, at: Position) -> Option<usize> {
        // Outer tactics come first.
        self.tactics.iter().rposition(|t| t.span.start <= at && at < t.span.end)
    }

    /// Which tactics ran to their end.
    fn ran(&self, diagnostics: &[Diagnostic]) -> Vec<bool> {
        // A tactic that raised an error itself, and one that failed with it or with a tactic of its block.
        let (mut raised, mut failed) = (vec![false; self.tactics.len()], vec![false; self.tactics.len()]);
        // Goals left open are an error of the block, and what they name has run.
        for error in diagnostics.iter().filter(|d| d.severity == Severity::Error && !is_open_goals(d)) {
            let mut tactic = self.innermost(error.span.start);
            if let Some(i) = tactic {
                raised[i] = true;
            }
            while let Some(i) = tactic {
                failed[i] = true;
                tactic = self.tactics[i].fails_with;
            }
        }
        let mut reached = vec![true; self.tactics.len()];
        for (i, tactic) in self.tactics.iter().enumerate() {
            reached[i] &= tactic.around.is_none_or(|around| reached[around] && !raised[around]);
            if let Some(next) = tactic.next {
                reached[next] &= reached[i] && !failed[i];
            }
        }
        reached.into_iter().zip(failed).map(|(reached, failed)| reached && !failed).collect()
    }
}

impl Questions {
    /// The places to ask about.
    pub(crate) fn places(&self) -> impl Iterator<Item = Position> {
        self.asked().flat_map(|(tactic, _)| [tactic.before.place(), tactic.after.place()]).flatten()
    }

    /// The spans, from Lean's answers for [`places`](Self::places) in their order.
    pub(crate) fn spans(self, answers: Vec<Option<ProofState>>) -> Vec<TacticSpan> {
        let mut answers = answers.into_iter();
        let mut answer = || answers.next().flatten();
        // By number of tactic: those that a state is taken from come earlier.
        let mut states: Vec<(Option<ProofState>, Option<ProofState>)> = vec![(None, None); self.tactics.len()];
        let mut spans = Vec::new();
        for (tactic, i) in self.asked() {
            let before = match tactic.before {
                Before::Place(_) => answer(),
                Before::After(previous) => states[previous].1.clone(),
                Before::Focused(block) => {
                    states[block].0.as_ref().map(|state| ProofState { goals: state.goals.iter().take(1).cloned().collect() })
                }
            };
            let after = match tactic.after {
                After::Place(_) => answer(),
                After::GoalClosed => before.as_ref().map(|before| without_goal_in_work(before, tactic.tag.as_deref())),
                After::NoGoals => Some(ProofState::default()),
            };
            if let (Some(before), Some(after)) = (&before, &after) {
                spans.push(TacticSpan { span: tactic.span, before: before.clone(), after: after.clone() });
            }
            states[i] = (before, after);
        }
        spans
    }

    /// The tactics that ran, with their numbers.
    fn asked(&self) -> impl Iterator<Item = (&Tactic, usize)> {
        self.tactics.iter().zip(0..).filter(|(_, i)| self.ran[*i])
    }
}

/// Whether a diagnostic is a block's error that goals are left open at its end.
fn is_open_goals(diagnostic: &Diagnostic) -> bool {
    diagnostic.severity == Severity::Error && diagnostic.tags.iter().any(|tag| tag == "unsolvedGoals")
}

/// `state` without the goal that a focused block works on.
fn without_goal_in_work(state: &ProofState, tag: Option<&str>) -> ProofState {
    let tagged = tag.and_then(|tag| state.goals.iter().position(|goal| goal.case.as_deref().is_some_and(|case| is_tag(case, tag))));
    let mut goals = state.goals.clone();
    if !goals.is_empty() {
        goals.remove(tagged.unwrap_or(0));
    }
    ProofState { goals }
}

/// Whether `case tag` means the goal tagged `case`: the whole name, or else its end.
fn is_tag(case: &str, tag: &str) -> bool {
    case == tag || case.strip_suffix(tag).is_some_and(|rest| rest.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use prove_core::{Goal, Span};

    const PROOF: &str = "theorem t : p ∧ q := by
  have h : p := by
    simp
  constructor
  · exact h
  · cases x with
    | inl a =>
      have k : q := by omega
    | inr b => rfl
";

    fn described(text: &str) -> Vec<(String, String)> {
        let plan = SpanPlan::new(text, 0);
        let padded = plan.padded(text);
        let line = |p: Position| padded.split('\n').nth(p.line as usize).unwrap();
        let name = |t: &Tactic| {
            let start = t.span.start;
            line(start).chars().skip(start.column as usize).take_while(|c| !c.is_whitespace()).collect::<String>()
        };
        let after = |t: &Tactic| match t.after {
            After::NoGoals => "none".to_owned(),
            After::GoalClosed => "closed".to_owned(),
            After::Place(p) if t.next.is_some_and(|n| plan.tactics[n].span.start == p) => "next".to_owned(),
            After::Place(p) if p == t.span.end => "end".to_owned(),
            After::Place(p) if p.line == t.span.start.line && p.column == t.span.start.column + 1 => "second".to_owned(),
            After::Place(p) if p.column == t.span.start.column && p.line > t.span.end.line => "below".to_owned(),
            After::Place(p) => format!("{p:?}"),
        };
        plan.tactics.iter().map(|t| (name(t), after(t))).collect()
    }

    #[test]
    fn chooses_places_for_nested_blocks() {
        let expected = [
            ("have", "next"),
            ("simp", "end"),
            ("constructor", "next"),
            ("·", "next"),
            ("exact", "end"),
            ("·", "below"),
            ("cases", "below"),
            ("have", "second"),
            ("omega", "end"),
            ("rfl", "below"),
        ];
        let found = described(PROOF);
        assert_eq!(found.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_focused_block_at_the_end_of_a_block_closes_its_goal() {
        let text = "theorem t : p := by\n  · constructor\n    · simp\n    · rfl\n  · rfl\ntheorem u : q := by simp\n";
        let found = described(text);
        assert_eq!(found[2], ("·".to_owned(), "next".to_owned()));
        assert_eq!(found[4], ("·".to_owned(), "closed".to_owned()));
        assert_eq!(found[6], ("·".to_owned(), "closed".to_owned()));
        assert_eq!(found[8], ("simp".to_owned(), "below".to_owned()));
    }

    #[test]
    fn case_and_next_take_the_state_from_the_tactic_in_front() {
        let text = "theorem t : p := by\n  constructor\n  case l => simp\n  next => rfl\n";
        let plan = SpanPlan::new(text, 0);
        let before: Vec<_> = plan.tactics.iter().map(|t| t.before).collect();
        let places = [Position::new(1, 2), Position::new(2, 12), Position::new(3, 10)].map(Before::Place);
        assert_eq!(before, [places[0], Before::After(0), places[1], Before::After(1), places[2]]);
        assert_eq!(plan.tactics.iter().map(|t| t.after == After::GoalClosed).collect::<Vec<_>>(), [false, true, false, false, false]);
        assert_eq!(plan.tactics[1].tag.as_deref(), Some("l"));
    }

    #[test]
    fn what_runs_any_number_of_times_is_one_span() {
        let text =
            "theorem t : p := by\n  first\n  | simp\n  | · rfl\n  all_goals (try simp)\n  cases h <;> (simp; omega)\n  conv => rw [h]\n";
        let heads: Vec<_> = described(text).into_iter().map(|(name, _)| name).collect();
        assert_eq!(heads, ["first", "all_goals", "cases", "conv"]);
    }

    fn error(line: u32, column: u32, tags: &[&str]) -> Diagnostic {
        let start = Position::new(line, column);
        Diagnostic {
            severity: Severity::Error,
            span: Span { start, end: start },
            message: String::new(),
            tags: tags.iter().map(|t| (*t).to_owned()).collect(),
        }
    }

    /// The lines of the tactics that are taken to have run.
    fn ran(diagnostics: &[Diagnostic]) -> Vec<u32> {
        let plan = SpanPlan::new(PROOF, 0);
        let ran = plan.ran(diagnostics);
        plan.tactics.iter().zip(ran).filter(|(_, ran)| *ran).map(|(t, _)| t.span.start.line).collect()
    }

    #[test]
    fn failures_reach_as_far_as_lean_lets_them() {
        assert_eq!(ran(&[]), [1, 2, 3, 4, 4, 5, 5, 7, 7, 8]);
        assert_eq!(ran(&[error(2, 4, &[])]), [1, 3, 4, 4, 5, 5, 7, 7, 8], "in the term of a have");
        assert_eq!(ran(&[error(4, 4, &[])]), [1, 2, 3, 4, 5, 5, 7, 7, 8], "in a focused block");
        assert_eq!(ran(&[error(4, 2, &["unsolvedGoals"])]).len(), 10, "goals left open");
        assert_eq!(ran(&[error(0, 22, &[])]).len(), 10, "outside");
    }

    #[test]
    fn what_a_failed_tactic_holds_is_left_out() {
        assert_eq!(ran(&[error(5, 4, &[])]), [1, 2, 3, 4, 4, 5], "cases itself");
    }

    #[test]
    fn what_follows_a_failure_has_not_run() {
        let plan = SpanPlan::new(PROOF, 0);
        let ran = plan.ran(&[error(3, 2, &[])]);
        assert_eq!(ran, [true, true, false, false, false, false, false, false, false, false]);
    }

    #[test]
    fn spans_pair_states_with_tactics() {
        let text = "theorem t : p := by\n  constructor\n  · simp\n  · rfl\n";
        let state = |n: usize| {
            let goal = |i: usize| Goal { case: None, hypotheses: vec![], target: i.to_string() };
            Some(ProofState { goals: (0..n).map(goal).collect() })
        };
        let spans = |diagnostics: &[Diagnostic], lacking: Option<usize>| {
            let questions = SpanPlan::new(text, 0).questions(diagnostics);
            let count = questions.places().count();
            let spans = questions.spans((0..count).map(|n| if Some(n) == lacking { None } else { state(n + 2) }).collect());
            spans.iter().map(|s| (s.span.start.line, s.before.goals.len(), s.after.goals.len())).collect::<Vec<_>>()
        };
        // Asked: before and after constructor, before and after the first bullet, before the second one.
        assert_eq!(spans(&[], None), [(1, 2, 3), (2, 4, 5), (2, 1, 0), (3, 6, 0), (3, 1, 0)]);
        assert_eq!(spans(&[], Some(2)), [(1, 2, 3), (3, 6, 0), (3, 1, 0)], "a tactic without a state before it is left out, and its block");
        // The proof itself leaves goals: the last bullet's state is asked for.
        assert_eq!(spans(&[error(0, 17, &["unsolvedGoals"])], None), [(1, 2, 3), (2, 4, 5), (2, 1, 0), (3, 6, 7), (3, 1, 0)]);
        // The first bullet does: so is that of its last tactic.
        assert_eq!(spans(&[error(2, 2, &["unsolvedGoals"])], None), [(1, 2, 3), (2, 4, 5), (2, 1, 6), (3, 7, 0), (3, 1, 0)]);
    }

    #[test]
    fn case_closes_the_goal_it_names() {
        let goal = |case: &str| Goal { case: Some(case.to_owned()), hypotheses: vec![], target: case.to_owned() };
        let state = ProofState { goals: vec![goal("a.left"), goal("a.right")] };
        assert_eq!(without_goal_in_work(&state, Some("right")).goals, [goal("a.left")]);
        assert_eq!(without_goal_in_work(&state, None).goals, [goal("a.right")]);
        assert_eq!(without_goal_in_work(&ProofState::default(), None), ProofState::default());
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in "(theorem|by|·|;|\n|  |simp|have|case|calc|_|𝔸|:=|<;>|\\(|\\)|\\|=>|/-|-/){0,40}") {
            let questions = SpanPlan::new(&text, 0).questions(&[]);
            let places = questions.places().count();
            let asked = questions.tactics.iter().any(|t| matches!((t.before, t.after), (Before::Place(_), _)));
            prop_assert!(places > 0 || !asked);
            prop_assert!(questions.spans(vec![None; places]).is_empty());
        }
    }
}

//! The tactic spans of a proof: where each tactic stands, and the goals before and after it.
//!
//! Lean's server answers questions about places, not about tactics, so the places are chosen to make its answer the wanted one. For a
//! place it takes the innermost tactic whose text or trailing white space holds the place, passes to the next one out while all found
//! so far begin to the right of the place's column and end before it, and then gives the goals after that tactic if the place lies
//! behind its beginning and no nested tactic ends behind the place, the goals before it otherwise (`Lean.Elab.InfoTree.goalsAt?`).
//! Hence, for a tactic of a block:
//!
//! - *Before* it: its first character. `case` and `next` show the goal they pick already there; before them is what was after the
//!   tactic in front of them.
//! - *After* it, if another one (other than `case` and `next`) follows in the block: the first character of that one.
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

use prove_core::{Diagnostic, Position, ProofState, Severity, Span, TacticSpan};
use prove_syntax::{Layout, Source, Step, StepKind};

/// Tactics that close their goal or fail, whatever happens in the blocks they hold.
const CLOSERS: &[&str] = &["·", ".", "case", "case'", "next"];
/// Tactics whose alternatives do so.
const CLOSERS_BY_ALTERNATIVES: &[&str] = &["induction", "cases", "match", "rcases", "fun_induction", "fun_cases"];

/// Tactics that show the goal they pick as the one before them.
const PICKERS: &[&str] = &["case", "case'", "next"];
/// Tactics whose blocks run any number of times, or on something else than goals.
const OPAQUE: &[&str] = &[
    "first",
    "solve",
    "try",
    "repeat",
    "repeat'",
    "repeat1",
    "repeat1'",
    "iterate",
    "all_goals",
    "any_goals",
    "any_goals'",
    "fail_if_success",
    "conv",
    "conv'",
    "conv_lhs",
    "conv_rhs",
];

/// Where the state before a tactic comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Before {
    /// Lean is asked at this place.
    Place(Position),
    /// The state after this other tactic of the plan.
    After(usize),
}

/// Where the state after a tactic comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum After {
    /// Lean is asked at this place.
    Place(Position),
    /// The goals before it, without the one it closes.
    GoalClosed,
}

/// One tactic of the plan.
#[derive(Debug)]
struct Planned {
    span: Span,
    before: Before,
    after: After,
    /// The next tactic of the same block.
    next: Option<usize>,
    /// The tactic around this one's block.
    around: Option<usize>,
    /// The same, if a failure in the block is one of that tactic.
    fails_with: Option<usize>,
    /// For `case`, the tag of the goal.
    tag: Option<String>,
}

/// The tactics of a text, and the places to ask Lean about.
#[derive(Debug)]
pub(crate) struct SpanPlan {
    tactics: Vec<Planned>,
    padding: String,
}

impl SpanPlan {
    /// The plan for the proofs of `text` that lie behind byte `from`.
    pub(crate) fn new(text: &str, from: usize) -> SpanPlan {
        let source = Source::new(text);
        let layout = Layout::of_proofs(&source);
        let reader = Reader { source: &source, steps: &layout.steps };
        let behind = |i: &usize| layout.steps[*i].kind == StepKind::Tactic && layout.steps[*i].range.start >= from;
        let wanted: Vec<usize> = (0..layout.steps.len()).filter(behind).filter(|i| !reader.in_opaque(*i)).collect();
        let widest = wanted.iter().map(|i| layout.steps[*i].span.start.column).max();
        let padding = widest.map_or_else(String::new, |column| format!("\n{}", " ".repeat(column as usize + 1)));
        let padded = [text, &padding].concat();
        let number = |step: usize| wanted.binary_search(&step).ok();
        let tactics = wanted
            .iter()
            .map(|&i| Planned {
                span: layout.steps[i].span,
                before: reader.previous(i).and_then(number).map_or(Before::Place(layout.steps[i].span.start), Before::After),
                after: reader.after(i, &padded),
                next: reader.next(i).and_then(number),
                around: reader.tactic_around(i).and_then(number),
                fails_with: reader.fails_with(i).and_then(number),
                tag: reader.tag(i),
            })
            .collect();
        SpanPlan { tactics, padding }
    }

    /// `text` with the white space at its end that the plan's places need.
    pub(crate) fn padded(&self, text: &str) -> String {
        [text, &self.padding].concat()
    }

    /// The places to ask about.
    pub(crate) fn places(&self) -> impl Iterator<Item = Position> {
        self.tactics.iter().flat_map(|tactic| [tactic.before.place(), tactic.after.place()]).flatten()
    }

    /// The spans, from Lean's diagnostics and its answers for [`places`](Self::places) in their order.
    pub(crate) fn spans(self, states: Vec<Option<ProofState>>, diagnostics: &[Diagnostic]) -> Vec<TacticSpan> {
        let ran = self.ran(diagnostics);
        let mut answers = states.into_iter();
        let mut answer = || answers.next().flatten();
        // By number of tactic; one in front of another comes earlier in the list.
        let mut states_after: Vec<Option<ProofState>> = Vec::with_capacity(self.tactics.len());
        let mut spans = Vec::new();
        for (tactic, ran) in self.tactics.iter().zip(ran) {
            let before = match tactic.before {
                Before::Place(_) => answer(),
                Before::After(previous) => states_after[previous].clone(),
            };
            let after = match tactic.after {
                After::Place(_) => answer(),
                After::GoalClosed => before.as_ref().map(|before| without_goal_in_work(before, tactic.tag.as_deref())),
            };
            states_after.push(after.clone());
            if ran && let (Some(before), Some(after)) = (before, after) {
                spans.push(TacticSpan { span: tactic.span, before, after });
            }
        }
        spans
    }

    /// Which tactics ran to their end.
    fn ran(&self, diagnostics: &[Diagnostic]) -> Vec<bool> {
        // A tactic that raised an error itself, and one that failed with it or with a tactic of its block.
        let (mut raised, mut failed) = (vec![false; self.tactics.len()], vec![false; self.tactics.len()]);
        // Goals left open are an error of the block, and what they name has run.
        let errors = diagnostics.iter().filter(|d| d.severity == Severity::Error && !d.tags.iter().any(|tag| tag == "unsolvedGoals"));
        for error in errors {
            let at = error.span.start;
            // Outer tactics come first, so the last one that holds the place is the innermost.
            let mut tactic = self.tactics.iter().rposition(|t| t.span.start <= at && at < t.span.end);
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

impl Before {
    fn place(self) -> Option<Position> {
        match self {
            Before::Place(place) => Some(place),
            Before::After(_) => None,
        }
    }
}

impl After {
    fn place(self) -> Option<Position> {
        match self {
            After::Place(place) => Some(place),
            After::GoalClosed => None,
        }
    }
}

/// What the layout says about the steps.
struct Reader<'s, 'a> {
    source: &'s Source<'a>,
    steps: &'s [Step],
}

impl Reader<'_, '_> {
    /// The next tactic of the same block: a sibling with nothing but `;` between.
    fn next(&self, i: usize) -> Option<usize> {
        let step = &self.steps[i];
        let next = (i + 1..self.steps.len()).find(|k| self.steps[*k].range.start >= step.range.end)?;
        let between = self.code_between(step.range.end, self.steps[next].range.start);
        let same_block = self.steps[next].parent == step.parent && self.steps[next].kind == StepKind::Tactic;
        (same_block && between.into_iter().all(|word| word == ";")).then_some(next)
    }

    /// The tactic in front of step `i` in its block, if the state before `i` has to be taken from there.
    fn previous(&self, i: usize) -> Option<usize> {
        if PICKERS.contains(&self.head(i)) { (0..i).rev().find(|k| self.next(*k) == Some(i)) } else { None }
    }

    /// Whether step `i` lies in a tactic that is one span whatever it holds.
    fn in_opaque(&self, i: usize) -> bool {
        let mut around = self.tactic_around(i);
        while let Some(k) = around {
            let lead = self.code_between(self.steps[k].range.start, self.steps[i].range.start);
            if lead.first().is_some_and(|head| OPAQUE.contains(head)) || lead.contains(&"<;>") {
                return true;
            }
            around = self.tactic_around(k);
        }
        false
    }

    /// The code tokens between two byte offsets.
    fn code_between(&self, from: usize, to: usize) -> Vec<&str> {
        let code = self.source.code();
        let (first, end) = (code.partition_point(|t| t.start < from), code.partition_point(|t| t.start < to));
        code[first..end].iter().map(|t| &self.source.text()[t.range()]).collect()
    }

    /// The first word of a step.
    fn head(&self, i: usize) -> &str {
        let range = &self.steps[i].range;
        self.code_between(range.start, range.end).first().copied().unwrap_or("")
    }

    /// Whether the block that step `i` stands in follows a `by`.
    fn in_term_block(&self, i: usize) -> bool {
        let first = self.first_of_block(i);
        let code = self.source.code();
        let at = code.partition_point(|t| t.start < self.steps[first].range.start);
        at.checked_sub(1).is_some_and(|before| &self.source.text()[code[before].range()] == "by")
    }

    fn first_of_block(&self, i: usize) -> usize {
        let mut first = i;
        for k in (0..i).rev() {
            if self.next(k) == Some(first) {
                first = k;
            }
        }
        first
    }

    /// The tactic that fails when one of step `i`'s block fails: none where the failure is caught and reported at the block.
    fn fails_with(&self, i: usize) -> Option<usize> {
        let parent = self.steps[i].parent?;
        match self.steps[parent].kind {
            _ if self.in_term_block(i) => None,
            StepKind::Tactic if CLOSERS.contains(&self.head(parent)) => None,
            StepKind::Tactic => Some(parent),
            StepKind::Alternative => {
                let owner = self.steps[parent].parent?;
                (!CLOSERS_BY_ALTERNATIVES.contains(&self.head(owner))).then_some(owner)
            }
            StepKind::Calc => self.steps[parent].parent,
        }
    }

    fn tag(&self, i: usize) -> Option<String> {
        let range = &self.steps[i].range;
        match self.code_between(range.start, range.end)[..] {
            ["case" | "case'", tag, ..] if tag != "_" => Some(tag.to_owned()),
            _ => None,
        }
    }

    fn after(&self, i: usize, padded: &str) -> After {
        let step = &self.steps[i];
        if let Some(next) = self.next(i).filter(|next| !PICKERS.contains(&self.head(*next))) {
            return After::Place(self.steps[next].span.start);
        }
        if let Some(place) = place_below(padded, self.source, step) {
            return After::Place(place);
        }
        // The step whose block ends where this one ends, if any.
        let nested = (i + 1..self.steps.len())
            .take_while(|k| self.steps[*k].range.start < step.range.end)
            .filter(|k| self.steps[*k].kind == StepKind::Tactic && self.steps[*k].range.end == step.range.end)
            .find(|k| self.tactic_around(*k) == Some(i));
        let Some(nested) = nested else { return After::Place(step.span.end) };
        let head = self.head(i);
        if self.in_term_block(nested) && head.chars().count() > 1 {
            return After::Place(Position::new(step.span.start.line, step.span.start.column + 1));
        }
        if CLOSERS.contains(&head) || CLOSERS_BY_ALTERNATIVES.contains(&head) {
            return After::GoalClosed;
        }
        After::Place(step.span.end)
    }

    /// The innermost tactic around step `i`.
    fn tactic_around(&self, i: usize) -> Option<usize> {
        let mut around = self.steps[i].parent;
        while let Some(k) = around
            && self.steps[k].kind != StepKind::Tactic
        {
            around = self.steps[k].parent;
        }
        around
    }
}

/// A place in the white space behind a step, on a line below it and in the column where it begins.
fn place_below(padded: &str, source: &Source<'_>, step: &Step) -> Option<Position> {
    let next_code = source.code().partition_point(|t| t.start < step.range.end);
    let end = source.code().get(next_code).map_or(padded.len(), |t| t.start);
    let mut lines = padded.get(step.range.end..end)?.split('\n').enumerate().skip(1).peekable();
    let column = step.span.start.column as usize;
    while let Some((below, line)) = lines.next() {
        let length = line.strip_suffix('\r').unwrap_or(line).chars().count();
        // At the end of the last of these lines the next token begins, except at the end of the file.
        let held = length > column || length == column && (lines.peek().is_some() || end == padded.len());
        if held {
            return Some(Position::new(step.span.end.line + below as u32, column as u32));
        }
    }
    None
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
    use prove_core::Goal;

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
        let name = |t: &Planned| {
            let start = t.span.start;
            line(start).chars().skip(start.column as usize).take_while(|c| !c.is_whitespace()).collect::<String>()
        };
        let after = |t: &Planned| match t.after {
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
        let plan = SpanPlan::new(text, 0);
        let state = |n: usize| {
            let goal = |i: usize| Goal { case: None, hypotheses: vec![], target: i.to_string() };
            Some(ProofState { goals: (0..n).map(goal).collect() })
        };
        let count = plan.places().count();
        let spans = plan.spans((0..count).map(|n| if n == 4 { None } else { state(n) }).collect(), &[]);
        let seen: Vec<_> = spans.iter().map(|s| (s.span.start.line, s.before.goals.len(), s.after.goals.len())).collect();
        assert_eq!(seen, [(1, 0, 1), (2, 2, 3), (3, 6, 7), (3, 8, 9)], "the span without a state before it is left out");
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
            let plan = SpanPlan::new(&text, 0);
            let places = plan.places().count();
            prop_assert!(plan.spans(vec![None; places], &[]).is_empty());
        }
    }
}

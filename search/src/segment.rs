//! Cuts a checked proof where it stops being right, and into the steps from one proof state to the next.
//!
//! This is the *truncate* half of truncate-and-resume (DeepSeek-Prover-V1.5, <https://arxiv.org/abs/2408.08152>, section 3.1 and figure 4).
//! The proof is cut at its first error or `sorry`. What is left is walked by lines: a line at whose end a tactic ends is the end of a
//! segment, and the state there is the one after the outermost such tactic. What stands between, comments too, belongs to the segment
//! in which it ends, so the lines up to the end of a segment are a proof that runs that far.
//!
//! Three things differ from the paper's code, which takes the goals shown after a tactic for the state.
//!
//! - Inside a block Lean shows that block's goals only, so that different states look alike and one with open goals around it looks
//!   finished. Here a segment has two states: the goals [its block sees](Segment::own), which go into a prompt, and
//!   [all goals](Segment::whole), the block's first and then, from the inside out, those that each tactic around it has besides the one
//!   in work (the `by` of a term works on a goal of its own, so the tactic around keeps all of its goals). States are told apart by these.
//! - An error that a block leaves goals open does not cut where it is reported, at the block's beginning. The paper ignores these. But
//!   behind the block the proof is beyond repair, so it is cut there, and the last state is the one inside.
//! - A block that is finished while the tactic around it is not (an alternative of `induction … with`) is not the end of a segment: it
//!   says nothing of the alternatives to come.

mod code;

pub(crate) use code::{masked, normal};

use crate::{
    lex::{TokenKind, tokens},
    task::Checked,
};
use prove_core::{Goal, Position, ProofState, Severity, Span, TacticSpan};
use std::borrow::Cow;

/// A piece of a proof from one state to the next.
#[derive(Debug, PartialEq)]
pub struct Segment<'a> {
    /// One past its last byte in the proof.
    pub end: usize,
    /// The goals behind it that its block sees, as a prompt shows them. Some are open.
    pub own: &'a ProofState,
    /// All goals behind it.
    pub whole: Cow<'a, ProofState>,
    /// The column in which the next tactic of its block begins.
    pub column: u32,
}

/// The segments of a checked proof that end behind byte `from`, where a line begins and no comment or literal is open.
pub fn segments<'a>(proof: &str, from: usize, checked: &'a Checked) -> Vec<Segment<'a>> {
    let text = Text::new(proof);
    let mask = masked(&proof[from..]);
    let blocks = checked.diagnostics.iter().filter(|d| is_open_block(d) && !covers(proof, d.span));
    let open_blocks: Vec<Position> = blocks.map(|d| d.span.start).collect();
    let cut = cut(&text, from, &mask, checked, &open_blocks);
    let left_open = |span: Span| open_blocks.iter().any(|at| holds(span, *at));
    let mut found = Vec::new();
    let mut start = from;
    for line in mask.get(..cut.saturating_sub(from)).unwrap_or("").split('\n') {
        let (code, end) = (start + line.trim_end().len(), start + line.len());
        let begins = std::mem::replace(&mut start, end + 1);
        if code == begins {
            continue;
        }
        let place = text.position(code);
        // Outer tactics come first.
        let ended = checked.tactics.iter().position(|t| t.span.end == place && !left_open(t.span));
        let Some(tactic) = ended.filter(|tactic| !checked.tactics[*tactic].after.is_done()) else { continue };
        let end = if code::ends_in_comment(&proof[code..end]) { code } else { begins + proof[begins..end].trim_end().len() };
        found.push(Segment {
            end,
            own: &checked.tactics[tactic].after,
            whole: whole(&text, &checked.tactics, tactic),
            column: column(&text, &checked.tactics, tactic),
        });
    }
    found
}

/// The byte at which the proof stops being right.
fn cut(text: &Text<'_>, from: usize, mask: &str, checked: &Checked, open_blocks: &[Position]) -> usize {
    let errors = checked.diagnostics.iter().filter(|d| d.severity == Severity::Error && !is_open_block(d));
    let errors = errors.filter_map(|d| text.offset(d.span.start));
    let blocks = open_blocks.iter().filter_map(|at| end_of_block(text, &checked.tactics, *at));
    let sorry = || tokens(mask).into_iter().find(|t| t.kind == TokenKind::Name && matches!(t.text, "sorry" | "admit"));
    let may_have_sorry = mask.contains("sorry") || mask.contains("admit");
    let sorry = may_have_sorry.then(sorry).flatten().map(|t| from + t.start);
    errors.chain(blocks).chain(sorry).fold(text.proof.len(), usize::min)
}

/// Whether a diagnostic says that a block leaves goals open.
fn is_open_block(diagnostic: &prove_core::Diagnostic) -> bool {
    diagnostic.severity == Severity::Error && diagnostic.tags.iter().any(|tag| tag == "unsolvedGoals")
}

/// The end of the block whose open goals are reported at a place; none if it is the proof itself.
///
/// The report stands at what opens the block, in the tactic around it. The block ends where a line begins left of its first tactic.
fn end_of_block(text: &Text<'_>, tactics: &[TacticSpan], at: Position) -> Option<usize> {
    let around = tactics.iter().rposition(|t| holds(t.span, at))?;
    let Span { start, end } = tactics[around].span;
    let Some(first) = tactics[around + 1..].iter().map(|t| t.span.start).find(|s| *s > at && *s < end) else { return text.offset(start) };
    let mut offset = text.offset(first)?;
    let last = text.offset(end)?;
    while let Some(line) = text.proof[offset..last].find('\n').map(|at| offset + at + 1) {
        let indent = text.proof[line..].chars().take_while(|c| *c == ' ').count();
        if indent < first.column as usize && !text.proof[line..last].trim_start_matches(' ').starts_with('\n') {
            return Some(line);
        }
        offset = line;
    }
    Some(last)
}

/// Whether a span is that of the whole proof, and not of something in it.
pub(crate) fn covers(proof: &str, span: Span) -> bool {
    let reaches_end = |end: usize| end >= proof.trim_end().len();
    span.start == Position::START && span.start < span.end && span.end.byte_offset(proof).is_none_or(reaches_end)
}

fn holds(span: Span, at: Position) -> bool {
    span.start <= at && at < span.end
}

/// All goals after a tactic: those of its block, then those that the tactics around it keep.
fn whole<'a>(text: &Text<'_>, tactics: &'a [TacticSpan], tactic: usize) -> Cow<'a, ProofState> {
    let mut inner = tactic;
    let mut state = Cow::Borrowed(&tactics[tactic].after);
    for outer in (0..tactic).rev() {
        let (inside, around) = (tactics[inner].span, tactics[outer].span);
        if around.start <= inside.start && inside.end <= around.end && around != inside {
            state.to_mut().goals.extend(kept(text, tactics, inner, outer).cloned());
            inner = outer;
        }
    }
    state
}

/// The goals that tactic `outer` keeps while the block of tactic `inner` runs in it.
fn kept<'a>(text: &Text<'_>, tactics: &'a [TacticSpan], inner: usize, outer: usize) -> impl Iterator<Item = &'a Goal> + use<'a> {
    let TacticSpan { span, before, .. } = &tactics[outer];
    let first = first_of_block(text, tactics, inner, outer);
    let lead = text.between(span.start, tactics[first].span.start).unwrap_or("");
    let mask = masked(lead);
    let mut words = mask.split_whitespace();
    let in_work = match (words.next(), words.next()) {
        _ if tokens(&mask).last().is_some_and(|token| token.text == "by") => None,
        (Some("case" | "case'"), Some(tag)) => Some(tagged(before, tag)),
        _ => Some(0),
    };
    // A bracket hands all goals on.
    let keeps = !mask.trim_start().starts_with('(');
    before.goals.iter().enumerate().filter(move |(i, _)| keeps && Some(*i) != in_work).map(|(_, goal)| goal)
}

/// The goal that `case tag` picks: the one of that name, or of one that ends so.
fn tagged(state: &ProofState, tag: &str) -> usize {
    let is_tagged = |case: &str| case == tag || case.strip_suffix(tag).is_some_and(|rest| rest.ends_with('.'));
    state.goals.iter().position(|goal| goal.case.as_deref().is_some_and(is_tagged)).unwrap_or(0)
}

/// The first tactic of the block of `inner`, which stands directly in `outer`: nothing but `;` is between the tactics of a block.
fn first_of_block(text: &Text<'_>, tactics: &[TacticSpan], inner: usize, outer: usize) -> usize {
    let mut first = inner;
    let mut previous: Option<usize> = None;
    for i in outer + 1..=inner {
        if previous.is_some_and(|p| tactics[i].span.start < tactics[p].span.end) {
            continue;
        }
        let between = previous.and_then(|p| text.between(tactics[p].span.end, tactics[i].span.start));
        let joined = between.is_some_and(|between| masked(between).chars().all(|c| c.is_whitespace() || c == ';'));
        if !joined {
            first = i;
        }
        previous = Some(i);
    }
    first
}

/// The column in which the block of a tactic has its lines begin.
fn column(text: &Text<'_>, tactics: &[TacticSpan], tactic: usize) -> u32 {
    let start = tactics[tactic].span.start;
    let joined = |t: &TacticSpan| {
        let between = || text.between(t.span.end, start);
        t.span.end <= start && t.span.end.line == start.line && between().is_some_and(|b| b.chars().all(|c| c.is_whitespace() || c == ';'))
    };
    match tactics[..tactic].iter().position(joined) {
        Some(previous) => column(text, tactics, previous),
        None => start.column,
    }
}

/// A proof with its lines.
struct Text<'a> {
    proof: &'a str,
    /// The first byte of each line.
    lines: Vec<usize>,
}

impl<'a> Text<'a> {
    fn new(proof: &'a str) -> Text<'a> {
        let lines = std::iter::once(0).chain(proof.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Text { proof, lines }
    }

    /// The byte at a place, or none where the proof has no such place.
    fn offset(&self, at: Position) -> Option<usize> {
        let line = *self.lines.get(at.line as usize)?;
        let end = self.lines.get(at.line as usize + 1).map_or(self.proof.len(), |next| next - 1);
        let mut chars = self.proof[line..end].char_indices();
        for _ in 0..at.column {
            chars.next()?;
        }
        Some(line + chars.offset())
    }

    fn position(&self, offset: usize) -> Position {
        let line = self.lines.partition_point(|start| *start <= offset) - 1;
        Position::new(line as u32, self.proof[self.lines[line]..offset].chars().count() as u32)
    }

    fn between(&self, from: Position, to: Position) -> Option<&'a str> {
        self.proof.get(self.offset(from)?..self.offset(to)?)
    }
}

#[cfg(test)]
mod tests;

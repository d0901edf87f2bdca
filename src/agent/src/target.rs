//! A `sorry` to fill, cut out of its file, and the texts that put proofs in its place.

use prove_core::{Diagnostic, Goal, Position, Severity, Span, TacticSpan};
use prove_search::{Lemma, Tactic};
use prove_syntax::{Outline, Place, ProofBody, Sorry, Source, find_sorries, splice};
use std::{collections::BTreeSet, ops::Range, sync::Arc};

/// A `sorry` to fill.
#[derive(Clone, Debug)]
pub struct Target {
    /// The file before the declaration.
    header: Arc<str>,
    /// The declaration with everything that belongs to its command, such as attributes and `open … in`.
    declaration: String,
    /// What of the command goes before the declaration itself (`open … in`): subgoals are stated under it, too.
    scope: String,
    /// Universe levels that the file declares.
    universes: BTreeSet<String>,
    /// Which of the declaration's `sorry`s it is.
    index: usize,
    /// Whether the declaration has further `sorry`s, which stay.
    has_others: bool,
    place: Place,
}

/// A declaration with a proof in it.
pub(crate) struct Filled {
    pub(crate) text: String,
    /// The `sorry`s of the proof: their places in `text`, and their bytes in the proof.
    pub(crate) holes: Vec<(Position, Range<usize>)>,
    /// Where the proof's lines are in `text`.
    lines: Placement,
}

impl Target {
    /// The target at one of the `sorry`s of a file; `None` where it is in no command that the outline knows.
    pub fn new(source: &Source<'_>, outline: &Outline, sorry: &Sorry) -> Option<Target> {
        let text = source.text();
        let number = outline.commands.iter().position(|c| c.range.contains(&sorry.range.start))?;
        let command = &outline.commands[number];
        // `open … in` and the like read as commands, and belong to the one after them.
        let before = outline.commands[..number].iter().rev().take_while(|c| text[c.range.clone()].ends_with(" in"));
        let start = before.last().map_or(command.range.start, |c| c.range.start);
        let scope = text[start..command.range.start].to_owned();
        let declaration = text[start..command.range.end].to_owned();
        let at = sorry.range.start - start;
        let own = Source::new(&declaration);
        let sorries = find_sorries(&own, &Outline::new(&own));
        let index = sorries.iter().position(|s| s.range.start == at)?;
        let (has_others, place) = (sorries.len() > 1, sorries[index].place);
        let universes = outline.commands[..number].iter().filter(|c| matches!(c.keyword.as_str(), "universe" | "universes"));
        let universes = universes.flat_map(|c| text[c.range.clone()].split_whitespace().skip(1)).map(str::to_owned).collect();
        Some(Target { header: text[..start].into(), declaration, scope, universes, index, has_others, place })
    }

    /// The text that takes the place of the `sorry` for a proof: one among other tactics gets a focused block.
    pub fn placed(&self, proof: &str) -> String {
        block(proof.trim_end(), self.place)
    }

    /// What takes the place of the `sorry` for a proof that may have `sorry`s of its own. `None` if it cannot stand there.
    pub(crate) fn with(&self, proof: &str) -> Option<String> {
        let filled = self.filled(None, proof).ok()?.text;
        let source = Source::new(&self.declaration);
        let sorry = find_sorries(&source, &Outline::new(&source)).into_iter().nth(self.index)?.range;
        let after = self.declaration.len() - sorry.end;
        Some(filled.get(sorry.start..filled.len() - after)?.to_owned())
    }

    /// The file before the declaration.
    pub fn header(&self) -> &Arc<str> {
        &self.header
    }

    /// The theorem up to its `:= by`, where all of its proof is to be found; otherwise only the goal at the `sorry` says what is.
    pub(crate) fn statement(&self) -> Option<String> {
        let source = Source::new(&self.declaration);
        let outline = Outline::new(&source);
        let signature = &outline.declarations.first()?.signature;
        let whole = matches!(self.place, Place::Body | Place::TacticBody) && !self.has_others;
        whole.then(|| format!("{} := by", self.declaration[..signature.end].trim_end()))
    }

    /// Whether the declaration has `sorry`s beside this one.
    pub(crate) fn has_others(&self) -> bool {
        self.has_others
    }

    /// Whether a copy of the declaration could change what its neighbours mean, so that each needs a text of its own.
    pub(crate) fn is_contagious(&self) -> bool {
        ["@[", "attribute", "instance", "notation", "macro", "_root_"].iter().any(|word| self.declaration.contains(word))
    }

    /// The subgoal that a goal makes, and what names its inaccessible hypotheses. See [`Lemma::of`].
    pub(crate) fn subgoal(&self, goal: &Goal) -> Option<(Lemma, Option<Tactic>)> {
        let (mut lemma, opening) = Lemma::of(goal)?;
        lemma.universes.retain(|level| !self.universes.contains(level));
        Some((lemma, opening))
    }

    /// The declaration of a subgoal, its proof left open by `sorry`.
    pub(crate) fn lemma(&self, lemma: &Lemma) -> String {
        format!("{}{} := by\n  sorry", self.scope, lemma.declaration("prove_subgoal"))
    }

    /// The target's declaration, or that of a subgoal, with `proof` in place of the `sorry`.
    ///
    /// A proof may hold `sorry`s of its own. Lean is shown them; whether they are wanted is the caller's business. What else has no
    /// place in a proof is refused.
    pub(crate) fn filled(&self, lemma: Option<&Lemma>, proof: &str) -> Result<Filled, String> {
        let (declaration, index, place, opening) = match lemma {
            None => (self.declaration.clone(), self.index, self.place, None),
            Some(lemma) => (self.lemma(lemma), 0, Place::TacticBody, lemma.introduction()),
        };
        let proof = proof.trim_end();
        let own = Source::new(proof);
        let holes: Vec<Range<usize>> = own.code().iter().map(|t| t.range()).filter(|range| &proof[range.clone()] == "sorry").collect();
        // A word of the same length that no command and no tactic has stands for `sorry` while the proof is read.
        let masked = masked(proof, &holes);
        let text = match &opening {
            Some(opening) => format!("{opening}\n{masked}"),
            None => masked,
        };
        let body = ProofBody::parse(&block(&text, place)).map_err(|r| r.message)?;
        let source = Source::new(&declaration);
        let sorries = find_sorries(&source, &Outline::new(&source));
        let sorry = sorries.get(index).ok_or("the `sorry` is gone")?;
        let spliced = splice(&source, &[(sorry, &body)]).map_err(|r| r.message)?;
        let inserted = spliced.inserted.first().ok_or("the `sorry` is gone")?;
        let mut lines = Placement::new(&spliced.text, inserted.body.start, &text);
        if opening.is_some() {
            lines.first += 1;
            lines.shifts.remove(0);
        }
        let places = holes.iter().map(|range| lines.outside(Position::of_byte(proof, range.start))).collect::<Vec<_>>();
        Ok(Filled { text: unmasked(spliced.text, &places), holes: places.into_iter().zip(holes).collect(), lines })
    }
}

impl Filled {
    /// Whether the proof has `sorry`s of its own.
    pub(crate) fn has_sorry(&self) -> bool {
        !self.holes.is_empty()
    }

    /// A message about a text that has this declaration from line `line` on, with its place in the proof. `None` if it is about
    /// something else. An error before the proof, such as goals left open at its `by`, is one of the whole proof.
    pub(crate) fn diagnostic(&self, line: u32, diagnostic: &Diagnostic) -> Option<Diagnostic> {
        let before = diagnostic.span.start.line < self.lines.first + line && diagnostic.severity == Severity::Error;
        let whole = before.then(|| Span { start: Position::START, end: self.lines.end() });
        Some(Diagnostic { span: self.span(line, diagnostic.span).or(whole)?, ..diagnostic.clone() })
    }

    /// The same for a tactic, if it begins in the proof.
    pub(crate) fn tactic(&self, line: u32, tactic: &TacticSpan) -> Option<TacticSpan> {
        let first = self.lines.outside(Position::START);
        if tactic.span.start < Position::new(first.line + line, first.column) {
            return None;
        }
        Some(TacticSpan { span: self.span(line, tactic.span)?, ..tactic.clone() })
    }

    fn span(&self, line: u32, span: Span) -> Option<Span> {
        let inside = |p: Position| self.lines.inside(Position::new(p.line.checked_sub(line)?, p.column));
        let start = inside(span.start)?;
        Some(Span { start, end: inside(span.end).unwrap_or(self.lines.end()) })
    }
}

/// A proof's text as it is put in a place, which may want a focused block.
pub(crate) fn block(proof: &str, place: Place) -> String {
    match place {
        Place::Tactic => format!("by\n  · {}", proof.replace('\n', "\n    ")),
        _ => format!("by\n  {}", proof.replace('\n', "\n  ")),
    }
}

const MASK: &str = "h0le_";

fn masked(proof: &str, holes: &[Range<usize>]) -> String {
    let mut text = proof.to_owned();
    for hole in holes {
        text.replace_range(hole.clone(), MASK);
    }
    text
}

/// The text with `sorry` at these places again.
fn unmasked(mut text: String, places: &[Position]) -> String {
    for place in places {
        if let Some(at) = place.byte_offset(&text)
            && text[at..].starts_with(MASK)
        {
            text.replace_range(at..at + MASK.len(), "sorry");
        }
    }
    text
}

/// Where the lines of a proof stand in the text it was put into. All counts are those of [`Position`].
struct Placement {
    /// The line of the proof's first line.
    first: u32,
    /// For each line of the proof, how many columns further right it stands, and how long it is.
    shifts: Vec<(i64, u32)>,
}

impl Placement {
    /// `start` is the byte of the proof's first token in `text`.
    fn new(text: &str, start: usize, proof: &str) -> Placement {
        let first = Position::of_byte(text, start).line;
        let columns = |line: &str, bytes: usize| line[..bytes].chars().count() as i64;
        let placed = text.split('\n').skip(first as usize);
        let shifts = proof.split('\n').zip(placed).map(|(line, placed)| {
            let code = line.trim();
            let shift = match (placed.rfind(code), line.find(code)) {
                (Some(there), Some(here)) if !code.is_empty() => columns(placed, there) - columns(line, here),
                _ => 0,
            };
            (shift, line.chars().count() as u32)
        });
        Placement { first, shifts: shifts.collect() }
    }

    /// A place of the text as a place of the proof.
    fn inside(&self, at: Position) -> Option<Position> {
        let line = at.line.checked_sub(self.first)?;
        let (shift, length) = self.shifts.get(line as usize)?;
        Some(Position::new(line, (i64::from(at.column) - shift).clamp(0, i64::from(*length)) as u32))
    }

    /// A place of the proof as a place of the text.
    fn outside(&self, at: Position) -> Position {
        let shift = self.shifts.get(at.line as usize).map_or(0, |(shift, _)| *shift);
        Position::new(at.line + self.first, (i64::from(at.column) + shift).max(0) as u32)
    }

    /// The end of the proof.
    fn end(&self) -> Position {
        let line = self.shifts.len().saturating_sub(1);
        Position::new(line as u32, self.shifts.get(line).map_or(0, |(_, length)| *length))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(file: &str, which: usize) -> Target {
        let source = Source::new(file);
        let outline = Outline::new(&source);
        Target::new(&source, &outline, &find_sorries(&source, &outline)[which]).expect("the outline knows the command")
    }

    #[test]
    fn places_in_the_file_are_told_as_places_in_the_proof() {
        let target = target("open Nat in\ntheorem a (𝔸 : ℕ) : 𝔸 = 𝔸 ∧ True := by\n  constructor\n  · sorry\n  · trivial\n", 0);
        let filled = target.filled(None, "have h : 𝔸 = 𝔸 := by\n  sorry\nexact h").expect("it is a proof");
        let text = "open Nat in\ntheorem a (𝔸 : ℕ) : 𝔸 = 𝔸 ∧ True := by\n  constructor\n  · · have h : 𝔸 = 𝔸 := by\n        sorry\n      exact h\n  · trivial";
        assert_eq!(filled.text, text);
        assert_eq!(filled.holes, [(Position::new(4, 8), 29..34)]);
        // `exact h` in a file that has the declaration from line 10 on.
        let span = Span { start: Position::new(15, 6), end: Position::new(15, 13) };
        assert_eq!(filled.span(10, span), Some(Span { start: Position::new(2, 0), end: Position::new(2, 7) }));
        let outside = Span { start: Position::new(11, 0), end: Position::new(11, 3) };
        assert_eq!(filled.span(10, outside), None);
    }

    #[test]
    fn subgoals_are_stated_under_the_scope_of_the_theorem() {
        let target = target("open Nat in\n@[simp] theorem a : 1 = 1 := sorry\n", 0);
        let goal = prove_core::Goal {
            case: None,
            hypotheses: vec![prove_core::Hypothesis { names: vec!["n".into()], kind: "Nat".into(), value: Some("1".into()) }],
            target: "n = 1".into(),
        };
        let (lemma, _) = Lemma::of(&goal).expect("no metavariables");
        let filled = target.filled(Some(&lemma), "rfl\n").expect("it is a proof");
        assert_eq!(filled.text, "open Nat in\ntheorem prove_subgoal : let n : Nat := 1; n = 1 := by\n  intro n\n  rfl");
        let span = Span { start: Position::new(3, 2), end: Position::new(3, 5) };
        assert_eq!(filled.span(0, span), Some(Span { start: Position::new(0, 0), end: Position::new(0, 3) }));
    }

    #[test]
    fn a_theorem_is_stated_up_to_its_proof_where_that_is_wanted_whole() {
        assert_eq!(
            target("theorem a (n : Nat) : n = n := by\n  sorry\n", 0).statement().as_deref(),
            Some("theorem a (n : Nat) : n = n := by")
        );
        assert_eq!(target("theorem a : 1 = 1 ∧ 2 = 2 := ⟨sorry, rfl⟩\n", 0).statement(), None);
    }
}

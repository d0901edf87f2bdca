//! What an editor asks for beside a proof of a `sorry`: a proof that fails is repaired, one that works is shortened, and a goal is
//! taken apart into subgoals.
//!
//! All of them come down to a `sorry` and what is put in its place, so what [`Agent::settle`] says of a verdict holds for them: a repair and a
//! shorter proof have passed the judge. A sketch is no proof; of it only Lean's word is had that it elaborates.

mod holes;

use crate::{
    policy::{moved_to, sketch},
    settle::{Agent, Problem, Settings},
    target::Target,
};
use holes::{Hole, holes};
use prove_core::{Budget, Diagnostic, RejectKind, Rejection, Severity, Verdict};
use prove_lean::{Certificate, Job, Limits, Outcome};
use prove_search::{Attempt, Check, Detail, Observer, Policy, ProofEnv, Proposer, Query, QueryKind, Script, Spent, StateKey, Trial};
use prove_syntax::{BodyForm, Declaration, Outline, ProofBody, Source, find_sorries, splice};
use std::{
    ops::Range,
    sync::Arc,
    time::{Duration, Instant},
};

/// Lean's limit for a proof that stands in the file: the one it has there.
const HEARTBEATS: u64 = 200_000;
/// Sketches looked at, of each proposer.
const SKETCHES: usize = 12;
/// Wall time for a look at a declaration as it stands.
const LOOK: Duration = Duration::from_secs(30);

/// A change of a text: these bytes become that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The bytes replaced.
    pub range: Range<usize>,
    /// What takes their place.
    pub text: String,
}

impl Change {
    /// A proof, as [`Settled::proof`](crate::Settled::proof) has it, in the place of a `sorry`. `None` if it cannot stand there.
    pub fn filling(text: &str, number: usize, proof: &str) -> Option<Change> {
        let source = Source::new(text);
        let sorries = find_sorries(&source, &Outline::new(&source));
        let sorry = sorries.get(number)?;
        let spliced = splice(&source, &[(sorry, &ProofBody::parse(proof).ok()?)]).ok()?;
        let inserted = spliced.inserted.first()?.range.clone();
        Some(Change { range: sorry.range.clone(), text: spliced.text[inserted].to_owned() })
    }

    /// The text with the change made.
    pub fn apply(&self, text: &str) -> String {
        [&text[..self.range.start], &self.text, &text[self.range.end..]].concat()
    }
}

/// A file cut down to what a verdict on one declaration rests on, for files in which other things are not right yet.
///
/// It ends behind the declaration, and proofs before it that fail are gaps instead. A proof that needs one of those is refused for the gap.
#[derive(Clone, Debug)]
pub struct Focus {
    /// The text.
    pub text: String,
    /// Where in it the byte is that was asked about.
    pub at: usize,
    /// Which of its `sorry`s begins there.
    pub number: Option<usize>,
    /// Where that byte is in the whole file.
    whole: usize,
}

impl Focus {
    /// A change of the text as one of the whole file.
    pub fn whole(&self, change: Change) -> Change {
        let there = |byte: usize| byte + self.whole - self.at;
        Change { range: there(change.range.start)..there(change.range.end), text: change.text }
    }
}

/// What became of a proof that was to be mended.
#[derive(Debug)]
pub struct Mended {
    /// The declaration.
    pub name: String,
    /// The verdict on the new proof, or why there is none.
    pub verdict: Verdict<Certificate>,
    /// What to change, where there is something better.
    pub change: Option<Change>,
    /// What it took.
    pub spent: Spent,
}

/// A goal taken apart.
#[derive(Clone, Debug)]
pub struct Sketched {
    /// The declaration.
    pub name: String,
    /// The sketch in the place of the `sorry`.
    pub change: Change,
    /// The subgoals it leaves.
    pub gaps: usize,
}

impl Agent {
    /// The part of a file that counts for the declaration around byte `at`.
    pub async fn focus(&self, text: &str, at: usize) -> Result<Focus, Verdict<Certificate>> {
        let outline = Outline::new(&Source::new(text));
        let command = outline.commands.iter().find(|c| c.range.start <= at && at <= c.range.end);
        let (start, end) = command.map_or((at, text.len()), |c| (c.range.start, c.range.end));
        let mut errors = self.errors(text, start..start).await?;
        errors.sort_unstable();
        let mut kept = String::new();
        let mut from = 0;
        for command in outline.commands.iter().filter(|c| c.range.end <= start) {
            let next = errors.partition_point(|error| *error < command.range.start);
            if errors.get(next).is_none_or(|error| *error >= command.range.end) {
                continue;
            }
            let body = command.declaration.and_then(|d| outline.declarations[d].body.clone());
            let gap = match body {
                Some((BodyForm::Value, body)) => Some((body, "sorry")),
                // What only asks something is left out.
                _ => command.keyword.starts_with('#').then(|| (command.range.clone(), "")),
            };
            if let Some((range, instead)) = gap {
                kept.push_str(&text[from..range.start]);
                kept.push_str(instead);
                from = range.end;
            }
        }
        kept.push_str(&text[from..start]);
        let at_focused = kept.len() + at - start;
        kept.push_str(&text[start..end]);
        kept.push('\n');
        Ok(Focus { number: number_at(&kept, at_focused), text: kept, at: at_focused, whole: at })
    }

    /// Repairs the proof around byte `at` of a file: what holds the first error is searched for anew, at first as little of the proof as
    /// can be, in the end all of it.
    pub async fn repair(&self, name: &str, text: &str, at: usize, settings: &Settings, observer: &mut impl Observer) -> Mended {
        let source = Source::new(text);
        let outline = Outline::new(&source);
        let Some((declaration, body)) = proof_at(&outline, at) else { return Mended::nothing("there is no proof here") };
        let errors = match self.errors(text, declaration.range.clone()).await {
            Ok(errors) => errors,
            Err(verdict) => return Mended { verdict, ..Mended::nothing("") },
        };
        let Some(first) = errors.into_iter().filter(|error| *error >= declaration.range.start).min() else {
            return Mended::nothing("Lean finds no error in this proof");
        };
        let began = Instant::now();
        let (mut spent, mut last) = (Spent::default(), None);
        let holes = holes(&source, &body, first);
        for (n, hole) in holes.iter().enumerate() {
            let (holed, sorry) = hole.make(text);
            let is_last = n + 1 == holes.len();
            let end = declaration.range.end + holed.len() - text.len();
            if !is_last
                && !self
                    .errors(&holed, declaration.range.start..end)
                    .await
                    .is_ok_and(|errors| errors.iter().all(|error| *error < declaration.range.start))
            {
                continue;
            }
            let Some(number) = number_at(&holed, sorry) else { continue };
            let left = settings.budget.less(spent.checks, spent.lean_seconds, spent.model_tokens);
            let left = Budget { wall: left.wall.map(|wall| share(wall.saturating_sub(began.elapsed()), is_last)), ..left };
            let problem = Problem { name, text: &holed, number, fills: &[] };
            let settled = self.settle(&problem, &Settings { budget: left, ..settings.clone() }, observer).await;
            spent.checks += settled.spent.checks;
            spent.lean_seconds += settled.spent.lean_seconds;
            spent.model_tokens += settled.spent.model_tokens;
            let change = settled.proof.and_then(|proof| Change::filling(&holed, number, &proof));
            let change = change.map(|change| Change { range: hole.range.clone(), text: [&hole.before, change.text.as_str()].concat() });
            let found = change.is_some();
            last = Some(Mended { name: settled.name, verdict: settled.verdict, change, spent });
            if found {
                break;
            }
        }
        last.unwrap_or_else(|| Mended::nothing("this proof is in no declaration that prove knows"))
    }

    /// Shortens the tactic proof around byte `at` of a file.
    pub async fn shorten(&self, name: &str, text: &str, at: usize, settings: &Settings, observer: &mut impl Observer) -> Mended {
        let source = Source::new(text);
        let outline = Outline::new(&source);
        let Some((_, body)) = proof_at(&outline, at) else { return Mended::nothing("there is no proof here") };
        let block: Vec<Range<usize>> = source.code().iter().map(|t| t.range()).filter(|t| body.contains(&t.start)).collect();
        let suffix = |range: &Range<usize>| matches!(&text[range.clone()], "where" | "termination_by" | "decreasing_by");
        let first = match block.as_slice() {
            [by, first, ..] if &text[by.clone()] == "by" && !block.iter().any(suffix) => first.start,
            _ => return Mended::nothing("only a proof by tactics can be made shorter"),
        };
        let hole = Hole { range: first..body.end, before: String::new() };
        let (holed, sorry) = hole.make(text);
        let Some(number) = number_at(&holed, sorry) else { return Mended::nothing("this proof is in no declaration that prove knows") };
        let problem = Problem { name, text: &holed, number, fills: &[] };
        let case = match self.open(&problem, settings).await {
            Ok(case) => case,
            Err(settled) => return Mended { name: settled.name, verdict: settled.verdict, ..Mended::nothing("") },
        };
        let nothing = |verdict, spent| Mended { name: case.name.clone(), verdict, change: None, spent };
        let column = source.position(first).column as usize;
        let proof = moved_to(&[&" ".repeat(column), &text[first..body.end]].concat(), 0);
        let attempt = Attempt { lemma: None, prefix: Script::default(), candidates: vec![proof.as_str().into()], heartbeats: HEARTBEATS };
        match case.env.attempt(&attempt).await {
            Ok((trials, _)) if trials == [Trial::Closed] => {}
            Ok(_) => return nothing(rejected("the proof has errors or gaps; it can be repaired, not shortened"), Spent::default()),
            Err(fault) => return nothing(Verdict::Fault(fault), Spent::default()),
        }
        let mut spent = Spent::default();
        let shorter = case.shortened(Script::new([proof.as_str().into()]), settings, &mut spent, observer).await.to_string();
        if shorter == proof {
            return nothing(rejected("no shorter proof was found"), spent);
        }
        let court = case.court(&self.judge, &problem);
        let verdict = court.verdict(&shorter).await;
        let placed = case.env.inner().target().placed(&shorter);
        let change = court.accepts(&verdict).then(|| Change::filling(&holed, number, &placed)).flatten();
        let change = change.map(|change| Change { range: hole.range.clone(), ..change });
        Mended { name: case.name.clone(), verdict, change, spent }
    }

    /// Takes the goal at a `sorry` apart: a proof with a `sorry` for each subgoal, which Lean elaborates.
    pub async fn sketch(&self, problem: &Problem<'_>, settings: &Settings) -> Result<Sketched, Verdict<Certificate>> {
        let case = self.open(problem, settings).await.map_err(|settled| settled.verdict)?;
        let source = Source::new(problem.text);
        let outline = Outline::new(&source);
        let sorry = find_sorries(&source, &outline).into_iter().nth(problem.number);
        let target = sorry.and_then(|sorry| Some((Target::new(&source, &outline, &sorry)?, sorry)));
        let (target, sorry) = target.ok_or_else(|| rejected("the file has no such `sorry`"))?;
        let root = StateKey::of(&case.root);
        for proposer in [Proposer::Model, Proposer::Rules] {
            let query = Query::new(QueryKind::Sketch, proposer, Arc::new(case.root.clone()), SKETCHES, settings.seed);
            let (proposals, _) = case.policy.propose(&query).await.map_err(Verdict::Fault)?;
            for text in proposals.iter().filter_map(|proposal| sketch(&proposal.tactic)) {
                let check = Check { lemma: None, proof: text.as_str().into(), detail: Detail::Holes, heartbeats: HEARTBEATS };
                let (checked, _) = case.env.check(&check).await.map_err(Verdict::Fault)?;
                let sound = !checked.diagnostics.iter().any(|d| d.severity == Severity::Error);
                let gains = !checked.holes.is_empty() && checked.holes.iter().all(|hole| StateKey::of(&hole.state) != root);
                let text = target.with(&text).filter(|_| sound && gains);
                if let Some(text) = text {
                    let change = Change { range: sorry.range, text };
                    return Ok(Sketched { name: case.name.clone(), change, gaps: checked.holes.len() });
                }
            }
        }
        Err(rejected("no way to take this goal apart was found"))
    }

    /// Where Lean finds errors in a text up to the end of a declaration: bytes of `text`.
    async fn errors(&self, text: &str, declaration: Range<usize>) -> Result<Vec<usize>, Verdict<Certificate>> {
        let (at, lean) = self.preamble.insert(text);
        let added = lean.len() - text.len();
        let there = |byte: usize| if byte < at { byte } else { byte + added };
        let (start, end) = (there(declaration.start), there(declaration.end));
        // A line more, so that what Lean says of the end of the text has a place.
        let body = [&lean[start..end], "\n"].concat();
        let job =
            Job { header: lean[..start].into(), body: body.into(), tactics: false, goals_at: Vec::new(), limits: Limits { wall: LOOK } };
        let diagnostics = match self.pool.submit(job).await {
            Outcome::Done(report) => report.elaboration.diagnostics,
            Outcome::Timeout => return Err(Verdict::Timeout),
            Outcome::Fault(fault) => return Err(Verdict::Fault(fault)),
        };
        let byte = |d: &Diagnostic| d.span.start.byte_offset(&lean);
        let errors = diagnostics.iter().filter(|d| d.severity == Severity::Error).filter_map(byte);
        Ok(errors.map(|byte| if byte < at + added { byte.min(at) } else { byte - added }).collect())
    }
}

impl Mended {
    fn nothing(why: &str) -> Mended {
        Mended { name: String::new(), verdict: rejected(why), change: None, spent: Spent::default() }
    }
}

fn rejected(message: &str) -> Verdict<Certificate> {
    Verdict::Rejected(Rejection { kind: RejectKind::Error, message: message.to_owned(), position: None })
}

/// The declaration around a byte, and the bytes of its value.
fn proof_at(outline: &Outline, at: usize) -> Option<(&Declaration, Range<usize>)> {
    let declaration = outline.declarations.iter().find(|d| d.range.start <= at && at <= d.range.end)?;
    match &declaration.body {
        Some((BodyForm::Value, body)) => Some((declaration, body.clone())),
        _ => None,
    }
}

/// Which of a text's `sorry`s begins at a byte.
fn number_at(text: &str, at: usize) -> Option<usize> {
    let source = Source::new(text);
    find_sorries(&source, &Outline::new(&source)).iter().position(|sorry| sorry.range.start == at)
}

/// What the next try may take of the time that is left.
fn share(left: Duration, is_last: bool) -> Duration {
    if is_last { left } else { left / 2 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_touches_the_bytes_of_the_sorry_only() {
        let text = "theorem 𝔸 (x\u{0301} : Nat) : x\u{0301} = x\u{0301} := by\r\n  sorry -- é\r\n\r\ntheorem b : True := trivial\r\n";
        let change = Change::filling(text, 0, "by\n  first\n  | rfl\n  | simp").expect("it can stand there");
        assert_eq!(&text[change.range.clone()], "sorry");
        assert_eq!(change.text, "first\r\n  | rfl\r\n  | simp");
        assert_eq!(change.apply(text), text.replace("sorry", "first\r\n  | rfl\r\n  | simp"));
    }

    #[test]
    fn a_proof_is_found_around_a_byte_up_to_its_end() {
        let text = "def f := 1\n\ntheorem a : True := by\n  trivial\n";
        let outline = Outline::new(&Source::new(text));
        let body = |at| proof_at(&outline, at).map(|(_, body)| &text[body]);
        assert_eq!(body(text.len() - 1), Some("by\n  trivial"));
        assert_eq!(body(text.find("theorem").expect("it is there")), Some("by\n  trivial"));
        assert_eq!(body(11), None);
    }
}

//! What a proof teaches: questions that a search could ask a model, with the answers that the proof gives.
//!
//! One proof answers several questions (DeepSeek-Prover-V1.5, <https://arxiv.org/abs/2408.08152>, section 2.2, and V2,
//! <https://arxiv.org/abs/2504.21801>, section 2.1): the whole proof, the rest of it behind each state on the way, each tactic for the
//! state before it, the blocks that prove a state of their own, the sketch that is left when `have`s lose their proofs, and the proof as
//! the repair of attempts that failed. Questions are laid out by the same [`Prompts`] that searches use.

use crate::{
    policy::{Prompts, sketch},
    settle::Candidate,
};
use prove_core::{ProofState, TacticSpan};
use prove_model::{Prompt, text::Format};
use prove_search::{Failure, Proposer, Query, QueryKind, Script, segments};
use serde::{Deserialize, Serialize};
use std::{collections::HashSet, sync::Arc};

/// What sort of question a lesson answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LessonKind {
    /// The whole proof of the theorem.
    Whole,
    /// The rest of the proof behind a state inside it.
    Resume,
    /// The proof of a block: a case, or the `by` of a `have`.
    Subgoal,
    /// One tactic.
    Step,
    /// The proof with the proofs of its `have`s left out.
    Sketch,
    /// The whole proof, after one that failed.
    Repair,
}

/// A question and its answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lesson {
    /// What sort of question it is.
    pub kind: LessonKind,
    /// What the model reads.
    pub prompt: Prompt,
    /// What it is to write.
    pub completion: String,
}

/// The lessons of a proof. `failures` are attempts at the same theorem.
///
/// Lessons about tactics, blocks and sketches exist in our own format; the formats of published provers have questions for the rest only.
pub fn lessons(candidate: &Candidate, failures: &[Failure]) -> Vec<Lesson> {
    let proof = candidate.proof.as_str();
    let about = |kind, state: &ProofState| Query::new(kind, Proposer::Model, Arc::new(state.clone()), 1, 0);
    let prompts = &candidate.prompts;
    let mut teacher = Teacher { prompts, known: HashSet::new(), lessons: Vec::new() };
    teacher.add(LessonKind::Whole, &about(QueryKind::WholeProof, &candidate.root), proof);
    for segment in segments(proof, 0, &candidate.checked) {
        // What the prompt does not show, the answer cannot be about.
        if *segment.own == *segment.whole {
            let prefix = Script::new([proof[..segment.end].into()]);
            let query = Query { prefix, column: segment.column, ..about(QueryKind::WholeProof, segment.own) };
            teacher.add(LessonKind::Resume, &query, proof[segment.end..].trim_start_matches('\n'));
        }
    }
    for failure in failures {
        teacher.add(LessonKind::Repair, &about(QueryKind::Repair(Arc::new(failure.clone())), &candidate.root), proof);
    }
    if prompts.format() == Format::Prove {
        for step in steps(proof, &candidate.checked.tactics) {
            teacher.add(LessonKind::Step, &about(QueryKind::Tactic, step.before), &step.tactic);
            if let Some(block) = &step.block {
                teacher.add(LessonKind::Subgoal, &about(QueryKind::WholeProof, step.before), block);
            }
        }
        if let Some(sketch) = sketch(proof) {
            teacher.add(LessonKind::Sketch, &about(QueryKind::Sketch, &candidate.root), &sketch);
        }
    }
    teacher.lessons
}

struct Teacher<'a> {
    prompts: &'a Prompts,
    /// Questions with their answers that are there already: the first step of a one-line block is its whole proof.
    known: HashSet<(String, String)>,
    lessons: Vec<Lesson>,
}

impl Teacher<'_> {
    fn add(&mut self, kind: LessonKind, query: &Query, answer: &str) {
        let format = self.prompts.format();
        let Some(asked) = self.prompts.task(query).filter(|_| !answer.trim().is_empty()) else { return };
        let Ok(request) = format.request(&asked.task) else { return };
        let answer = format.answer(&asked.task, answer);
        let (prompt, completion) = match request.prompt {
            Prompt::Text(text) => (Prompt::Text(text + &request.resume), answer),
            chat => (chat, request.resume + &answer),
        };
        if self.known.insert((format!("{prompt:?}"), completion.clone())) {
            self.lessons.push(Lesson { kind, prompt, completion });
        }
    }
}

/// A tactic that stands in a block by itself.
#[derive(Debug, PartialEq)]
struct Step<'a> {
    before: &'a ProofState,
    /// Its text, each line in its column.
    tactic: String,
    /// The text of its block, if it is the first of several tactics in a block inside the proof.
    block: Option<String>,
}

/// The tactics that take up their lines to the end, those of nested blocks included.
fn steps<'a>(proof: &str, tactics: &'a [TacticSpan]) -> Vec<Step<'a>> {
    let mut found = Vec::new();
    let mut last = None;
    for tactic in tactics {
        let (Some(start), Some(end)) = (tactic.span.start.byte_offset(proof), tactic.span.end.byte_offset(proof)) else { continue };
        let line = proof[..start].rfind('\n').map_or(0, |at| at + 1);
        let lead = &proof[line..start];
        let opens = ["· ", "=> ", "by "].iter().any(|opener| lead.ends_with(opener));
        let ends_line = proof[end..].trim_start_matches(' ').chars().next().is_none_or(|c| c == '\n');
        // Lean names a tactic and what it is made of by the same span.
        let is_new = last.replace((start, end)) != Some((start, end));
        if !(lead.trim().is_empty() || opens) || !ends_line || !is_new || tactic.before.is_done() {
            continue;
        }
        let column = lead.chars().count();
        let text = |to: usize| format!("{}{}", " ".repeat(column), proof[start..to].trim_end());
        let above = proof[..line].trim_end();
        let is_first = opens || (start > 0 && (above.ends_with(" by") || above.ends_with("=>")));
        let block = is_first.then(|| text(end_of_block(proof, end, column)));
        found.push(Step { before: &tactic.before, tactic: text(end), block: block.filter(|block| *block != text(end)) });
    }
    found
}

/// The end of the lines behind byte `from` that begin in `column` or right of it.
fn end_of_block(proof: &str, from: usize, column: usize) -> usize {
    let mut end = from;
    for (number, line) in proof[from..].split_inclusive('\n').enumerate() {
        let indent = line.chars().take_while(|c| *c == ' ').count();
        if number > 0 && !line.trim().is_empty() && indent < column {
            break;
        }
        end += line.len();
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;
    use prove_core::{Goal, Position, Span};

    fn span(proof: &str, tactic: &str) -> TacticSpan {
        let at = proof.find(tactic).expect("the tactic is in the proof");
        let (start, end) = (Position::of_byte(proof, at), Position::of_byte(proof, at + tactic.len()));
        let goal = Goal { case: None, hypotheses: Vec::new(), target: tactic.lines().next().unwrap_or_default().to_owned() };
        TacticSpan { span: Span { start, end }, before: ProofState { goals: vec![goal] }, after: ProofState::default() }
    }

    #[test]
    fn steps_fill_their_lines_and_blocks_end_where_they_are_left() {
        let proof =
            "have h : p := by\n  intro x\n  cases x with\n  | a => simp\n  | b =>\n    subst y\n    omega\n· exact h; done\n· a\n  b";
        let have = &proof[..proof.find("\n·").expect("a bullet")];
        let texts = [have, "intro x", "cases x with\n  | a => simp\n  | b =>\n    subst y\n    omega", "simp", "subst y", "omega"];
        let tactics: Vec<TacticSpan> = texts.into_iter().chain(["exact h", "a\n  b", "b"]).map(|t| span(proof, t)).collect();
        let found: Vec<(String, Option<String>)> = steps(proof, &tactics).into_iter().map(|s| (s.tactic, s.block)).collect();
        let expected = [
            (have, None),
            ("  intro x", Some(&have["have h : p := by\n".len()..])),
            ("  cases x with\n  | a => simp\n  | b =>\n    subst y\n    omega", None),
            ("         simp", None),
            ("    subst y", Some("    subst y\n    omega")),
            ("    omega", None),
        ];
        for (found, (tactic, block)) in found.iter().zip(expected) {
            assert_eq!((found.0.as_str(), found.1.as_deref()), (tactic, block));
        }
        assert!(!found.iter().any(|(tactic, _)| tactic.trim() == "exact h"), "{found:?}");
    }
}

//! Another proof in the place of one that failed: the step with the first error is closed by force, replaced, or left out.

use super::{
    rollout::{closer, closing_line, draw},
    view::View,
};
use crate::{
    segment::covers,
    task::{Failure, Proposal},
};
use prove_core::Diagnostic;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// What may stand in front of a tactic on its line.
const LEADS: &[&str] = &["=> ", "by ", "· ", "; ", "<;> "];

/// A proof to try instead, drawn by `seed`. None if no error says where the proof failed.
pub(super) fn proposal(view: &View<'_>, failure: &Failure, seed: u64) -> Option<Proposal> {
    let error = failure.errors.iter().min_by_key(|error| error.span.start)?;
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let lines: Vec<&str> = failure.proof.lines().collect();
    if is_left_open(error) && covers(&failure.proof, error.span) {
        let closing = closing_line();
        let is_new = lines.last().is_some_and(|last| last.trim() != closing);
        return is_new.then(|| Proposal::new(format!("{}\n{}{closing}", failure.proof.trim_end(), " ".repeat(indentation(lines[0]))), 0.0));
    }
    let row = error.span.start.line as usize;
    let line = lines.get(row)?;
    let indent = indentation(line);
    // The step goes on in the lines below that are indented more.
    let below = lines[row + 1..].iter().take_while(|l| l.trim().is_empty() || indentation(l) > indent).count();
    let (step, rest) = lines[row..].split_at(1 + below);
    let (instead, log_prob) = match is_left_open(error) {
        true => (completed(step), 0.0),
        false => replaced(view, line, error, &mut random),
    };
    let all = lines[..row].iter().map(|l| (*l).to_owned()).chain(instead).chain(rest.iter().map(|l| (*l).to_owned()));
    let proof = all.collect::<Vec<_>>().join("\n");
    (!proof.trim().is_empty()).then(|| Proposal::new(proof, log_prob))
}

/// Whether the error is that a block ends with goals open.
fn is_left_open(error: &Diagnostic) -> bool {
    error.tags.iter().any(|tag| tag == "unsolvedGoals")
}

/// A block with a closing line at its end.
fn completed(step: &[&str]) -> Vec<String> {
    let mut lines: Vec<String> = step.iter().map(|l| (*l).to_owned()).collect();
    while lines.len() > 1 && lines.last().is_some_and(|l| l.trim().is_empty()) {
        lines.pop();
    }
    match step[1..].iter().find(|l| !l.trim().is_empty()) {
        // The block of a bullet begins behind it, on its line.
        Some(_) if step[0].trim_start().starts_with("· ") => {
            lines.push(format!("{}  {}", " ".repeat(indentation(step[0])), closing_line()))
        }
        Some(inside) => lines.push(format!("{}{}", " ".repeat(indentation(inside)), closing_line())),
        None => lines.iter_mut().for_each(|line| *line = format!("{}; {}", line.trim_end(), closing_line())),
    }
    lines
}

/// A line with something else in the place of the tactic that failed, or none, and how likely that was drawn.
fn replaced(view: &View<'_>, line: &str, error: &Diagnostic, random: &mut ChaCha8Rng) -> (Vec<String>, f64) {
    let column = error.span.start.column as usize;
    let before = line.char_indices().nth(column).map_or(line, |(at, _)| &line[..at]);
    let behind = |lead: &&str| before.rfind(lead).map(|at| at + lead.len());
    let start = LEADS.iter().filter_map(behind).max().unwrap_or(0).max(line.len() - line.trim_start().len());
    let kept = &line[..start];
    let (tactic, log_prob) = match random.random_range(0..4u32) {
        0 if kept.trim().is_empty() => return (Vec::new(), 0.25f64.ln()),
        0 => ("skip".to_owned(), 0.25f64.ln()),
        1 => match draw(view, random) {
            Some(step) => (step.tactic.replace('\n', "; "), 0.25f64.ln() + step.log_prob),
            None => (closer(), 0.25f64.ln()),
        },
        _ => (closer(), 0.5f64.ln()),
    };
    (vec![format!("{kept}{tactic}")], log_prob)
}

fn indentation(line: &str) -> usize {
    line.chars().take_while(|c| *c == ' ').count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FileContext;
    use prove_core::{Goal, Position, Severity, Span};
    use std::collections::BTreeSet;

    fn repaired(proof: &str, line: u32, column: u32, tags: &[&str]) -> BTreeSet<String> {
        let at = Position::new(line, column);
        let tags = tags.iter().map(|t| (*t).to_owned()).collect();
        let error = Diagnostic { severity: Severity::Error, span: Span { start: at, end: at }, message: String::new(), tags };
        let failure = Failure { proof: proof.into(), errors: vec![error] };
        let goal = Goal { case: None, hypotheses: Vec::new(), target: "p ∧ q".to_owned() };
        let context = FileContext::default();
        let view = View::new(&goal, &context);
        (0..40).filter_map(|seed| proposal(&view, &failure, seed)).map(|p| p.tactic.to_string()).collect()
    }

    const CLOSER: &str = "first | omega | grind | (simp_all; done) | assumption | rfl | contradiction | decide";

    fn set(proofs: &[String]) -> BTreeSet<String> {
        proofs.iter().cloned().collect()
    }

    #[test]
    fn the_failing_step_is_replaced_closed_or_dropped() {
        let found = repaired("intro x\nsimp\n  [foo]\nomega", 1, 0, &[]);
        let wanted = ["intro x\nomega".to_owned(), format!("intro x\n{CLOSER}\nomega"), "intro x\nconstructor\nomega".to_owned()];
        assert_eq!(found, set(&wanted));
    }

    #[test]
    fn what_holds_the_failing_tactic_stays() {
        let found = repaired("· intro 𝔸\n· have h : p := by simp", 1, 19, &[]);
        let line = "· intro 𝔸\n· have h : p := by ";
        assert_eq!(found, set(&[format!("{line}skip"), format!("{line}{CLOSER}"), format!("{line}constructor")]));
    }

    #[test]
    fn a_block_left_open_gets_a_closing_line() {
        let closing = format!("all_goals try ({CLOSER})");
        let found = repaired("constructor\n· intro x\n  simp\n\n· omega", 1, 0, &["unsolvedGoals"]);
        assert_eq!(found, set(&[format!("constructor\n· intro x\n  simp\n  {closing}\n· omega")]));
        let found = repaired("have h : p := by\n    simp\nomega", 0, 14, &["unsolvedGoals"]);
        assert_eq!(found, set(&[format!("have h : p := by\n    simp\n    {closing}\nomega")]));
        let found = repaired("have h : p := by simp\nomega", 0, 14, &["unsolvedGoals"]);
        assert_eq!(found, set(&[format!("have h : p := by simp; {closing}\nomega")]));
    }

    #[test]
    fn a_proof_that_leaves_goals_gets_a_closing_line_once() {
        let closing = format!("all_goals try ({CLOSER})");
        let left = |proof: &str| {
            let span = Span { start: Position::START, end: Position::of_byte(proof, proof.len()) };
            let error = Diagnostic { severity: Severity::Error, span, message: String::new(), tags: vec!["unsolvedGoals".to_owned()] };
            let goal = Goal { case: None, hypotheses: Vec::new(), target: "p ∧ q".to_owned() };
            let context = FileContext::default();
            proposal(&View::new(&goal, &context), &Failure { proof: proof.into(), errors: vec![error] }, 1).map(|p| p.tactic.to_string())
        };
        let once = format!("intro x\nsimp\n{closing}");
        assert_eq!(left("intro x\nsimp"), Some(once.clone()));
        assert_eq!(left(&once), None);
    }

    #[test]
    fn a_failure_that_points_nowhere_is_not_repaired() {
        assert!(repaired("simp", 7, 0, &[]).is_empty());
        assert!(repaired("", 0, 0, &[]).is_empty());
    }
}

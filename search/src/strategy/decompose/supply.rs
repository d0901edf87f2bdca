//! Where the sketches of one statement come from.

use super::Question;
use crate::{script::Tactic, sketch::with_tactic_holes, task::Proposal};
use std::collections::{HashSet, VecDeque};

/// Questions asked and sketches waiting for their check. One thing at a time is under way: the first good sketch is all that is wanted.
#[derive(Debug, Default)]
pub(super) struct Supply {
    queue: VecDeque<Candidate>,
    /// Questions asked.
    asked: usize,
    /// A question to ask again.
    again: Option<Question>,
    /// Sketches checked.
    checked: u32,
    /// Sketches found good.
    pub(super) opened: u32,
    /// Whether a reply is missing.
    pub(super) busy: bool,
    seen: HashSet<Tactic>,
}

/// A sketch to check.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) text: Tactic,
    /// Whether it is checked again because of a fault.
    again: bool,
}

/// The next thing to ask for.
#[derive(Debug)]
pub(super) enum Step {
    Check(Candidate),
    Ask(Question),
}

impl Supply {
    /// Whether another sketch may come, within limits on checked and on good ones.
    pub(super) fn can_go_on(&self, questions: usize, checks: u32, sketches: u32) -> bool {
        let more = !self.queue.is_empty() || self.again.is_some() || self.asked < questions;
        self.opened < sketches && self.checked < checks && more
    }

    pub(super) fn next(&mut self, questions: usize) -> Option<Step> {
        if self.busy {
            return None;
        }
        let step = if let Some(candidate) = self.queue.pop_front() {
            self.checked += u32::from(!candidate.again);
            Step::Check(candidate)
        } else if let Some(question) = self.again.take() {
            Step::Ask(question)
        } else if self.asked < questions {
            self.asked += 1;
            Step::Ask(Question { turn: self.asked - 1, again: false })
        } else {
            return None;
        };
        self.busy = true;
        Some(step)
    }

    /// Takes the answer to a question: sketches, of which only those that are new count.
    pub(super) fn add(&mut self, mut proposals: Vec<Proposal>) {
        self.busy = false;
        proposals.retain(Proposal::is_possible);
        proposals.sort_by(|a, b| b.log_prob.total_cmp(&a.log_prob));
        for proposal in proposals {
            let text: Tactic = with_tactic_holes(proposal.tactic.trim_end()).into();
            if self.seen.insert(text.clone()) {
                self.queue.push_back(Candidate { text, again: false });
            }
        }
    }

    /// A question failed for a reason of the machinery.
    pub(super) fn failed(&mut self, question: Question) {
        self.busy = false;
        self.again = (!question.again).then_some(Question { again: true, ..question });
    }

    /// The check of a sketch failed for a reason of the machinery.
    pub(super) fn put_back(&mut self, candidate: Candidate) {
        if !candidate.again {
            self.queue.push_front(Candidate { again: true, ..candidate });
        }
    }
}

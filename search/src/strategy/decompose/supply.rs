//! Where the sketches of one statement come from.

use crate::{
    script::Tactic,
    sketch::with_tactic_holes,
    task::{Proposal, Proposer},
};
use std::collections::{HashSet, VecDeque};

/// Questions asked and sketches waiting for their check. The proposers supply one sketch each in turns. One thing at a time is under way:
/// the first good sketch is all that is wanted.
#[derive(Debug, Default)]
pub(super) struct Supply {
    sources: Vec<Source>,
    /// The source whose turn it is.
    turn: usize,
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

/// One proposer.
#[derive(Debug)]
struct Source {
    proposer: Proposer,
    /// Questions left to ask.
    left: usize,
    queue: VecDeque<Candidate>,
}

/// Asking for sketches: whom, and whether again because of a fault.
#[derive(Clone, Copy, Debug)]
pub(super) struct Question {
    source: usize,
    pub(super) proposer: Proposer,
    /// How many questions are left to this proposer afterwards.
    pub(super) left: usize,
    again: bool,
}

/// A sketch to check.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) text: Tactic,
    source: usize,
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
    /// Proposers in the order of their turns. Rules say everything at once, others are asked so many times.
    pub(super) fn new(proposers: &[Proposer], questions: usize) -> Supply {
        let left = |proposer| if proposer == Proposer::Rules { questions.min(1) } else { questions };
        let source = |&proposer: &Proposer| Source { proposer, left: left(proposer), queue: VecDeque::new() };
        Supply { sources: proposers.iter().map(source).collect(), ..Supply::default() }
    }

    /// Whether another sketch may come, within limits on checked and on good ones.
    pub(super) fn can_go_on(&self, checks: u32, sketches: u32) -> bool {
        let more = self.again.is_some() || self.sources.iter().any(|source| !source.queue.is_empty() || source.left > 0);
        self.opened < sketches && self.checked < checks && more
    }

    pub(super) fn next(&mut self) -> Option<Step> {
        if self.busy {
            return None;
        }
        let step = match self.again.take() {
            Some(question) => Step::Ask(question),
            None => self.next_of_source()?,
        };
        self.busy = true;
        Some(step)
    }

    fn next_of_source(&mut self) -> Option<Step> {
        let count = self.sources.len();
        for at in (self.turn..self.turn + count).map(|turn| turn % count) {
            let source = &mut self.sources[at];
            if let Some(candidate) = source.queue.pop_front() {
                self.checked += u32::from(!candidate.again);
                self.turn = (at + 1) % count;
                return Some(Step::Check(candidate));
            }
            if source.left > 0 {
                source.left -= 1;
                self.turn = at;
                return Some(Step::Ask(Question { source: at, proposer: source.proposer, left: source.left, again: false }));
            }
        }
        None
    }

    /// Takes the answer to a question: sketches, of which only those that are new count.
    pub(super) fn add(&mut self, question: Question, mut proposals: Vec<Proposal>) {
        self.busy = false;
        proposals.retain(Proposal::is_possible);
        proposals.sort_by(|a, b| b.log_prob.total_cmp(&a.log_prob));
        for proposal in proposals {
            let text: Tactic = with_tactic_holes(proposal.tactic.trim_end()).into();
            if self.seen.insert(text.clone()) {
                self.sources[question.source].queue.push_back(Candidate { text, source: question.source, again: false });
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
            self.turn = candidate.source;
            self.sources[candidate.source].queue.push_front(Candidate { again: true, ..candidate });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proposers_take_turns_and_are_asked_again_when_they_have_nothing_left() {
        let mut supply = Supply::new(&[Proposer::Rules, Proposer::Model], 2);
        let mut order = Vec::new();
        while let Some(step) = supply.next() {
            match step {
                Step::Ask(question) => {
                    order.push(format!("{:?} {}", question.proposer, question.left));
                    let texts = if question.proposer == Proposer::Rules { ["a", "b", "c"] } else { ["m", "m", "b"] };
                    supply.add(question, texts.map(|t| Proposal::new(t, -1.0)).to_vec());
                }
                Step::Check(candidate) => {
                    order.push(candidate.text.to_string());
                    supply.busy = false;
                }
            }
        }
        assert_eq!(order, ["Rules 0", "a", "Model 1", "m", "b", "Model 0", "c"]);
    }
}

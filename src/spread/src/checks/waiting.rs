//! The checks that wait for an answer.

use super::{Answer, Word};
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};
use tokio::sync::oneshot;

/// Who waits for what. A check leaves with its first answer, or when its [`Place`] is dropped.
#[derive(Default)]
pub(super) struct Waiting(Mutex<Checks>);

#[derive(Default)]
struct Checks {
    /// The number of the next check.
    next: u64,
    waiting: HashMap<u64, oneshot::Sender<Answer>>,
}

/// A check that waits.
pub(super) struct Place<'a> {
    waiting: &'a Waiting,
    /// Its number.
    pub(super) id: u64,
    pub(super) answer: oneshot::Receiver<Answer>,
}

impl Waiting {
    /// A place for one check more.
    pub(super) fn enter(&self) -> Place<'_> {
        let (who, answer) = oneshot::channel();
        let mut checks = self.checks();
        let id = checks.next;
        checks.next += 1;
        checks.waiting.insert(id, who);
        Place { waiting: self, id, answer }
    }

    /// Takes in what a worker says; whether the check was wanted.
    pub(super) fn take(&self, word: Word<Answer>) -> bool {
        let mut checks = self.checks();
        match word.answer {
            None => checks.waiting.contains_key(&word.id),
            Some(answer) => checks.waiting.remove(&word.id).is_some_and(|who| who.send(answer).is_ok()),
        }
    }

    /// All that wait are answered so.
    pub(super) fn give_up(&self, why: &str) {
        for (_, who) in self.checks().waiting.drain() {
            // Who is gone needs no answer.
            let _ = who.send(Answer::Fault(why.to_owned()));
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.checks().waiting.is_empty()
    }

    fn checks(&self) -> MutexGuard<'_, Checks> {
        // Every step under the lock leaves it whole, so a panic elsewhere does not spoil it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.waiting.checks().waiting.remove(&self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(id: u64, answer: Option<&str>) -> Word<Answer> {
        Word { id, answer: answer.map(|message| Answer::Fault(message.to_owned())) }
    }

    #[test]
    fn the_first_answer_counts_and_what_was_given_up_is_not_wanted() {
        let waiting = Waiting::default();
        let (mut first, second) = (waiting.enter(), waiting.enter());
        assert!(waiting.take(word(first.id, None)) && waiting.take(word(first.id, None)));
        assert!(waiting.take(word(first.id, Some("one"))));
        assert!(!waiting.take(word(first.id, None)) && !waiting.take(word(first.id, Some("two"))));
        assert!(matches!(first.answer.try_recv(), Ok(Answer::Fault(message)) if message == "one"));
        let given_up = second.id;
        drop(second);
        assert!(!waiting.take(word(given_up, None)) && !waiting.take(word(given_up, Some("late"))));
        assert!(waiting.is_empty());
    }
}

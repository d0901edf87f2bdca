//! Proof states in little memory: the texts and their lengths in one piece.
//!
//! A [`ProofState`] has some hundred bytes around each text. A tree keeps millions of them and looks at few.

use prove_core::{Goal, Hypothesis, ProofState};
use std::sync::Arc;

/// A proof state, packed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Packed(Arc<[u8]>);

impl Packed {
    pub(super) fn new(state: &ProofState) -> Packed {
        let mut out = Vec::with_capacity(256);
        number(state.goals.len(), &mut out);
        for goal in &state.goals {
            optional(goal.case.as_deref(), &mut out);
            number(goal.hypotheses.len(), &mut out);
            for hypothesis in &goal.hypotheses {
                number(hypothesis.names.len(), &mut out);
                hypothesis.names.iter().for_each(|name| text(name, &mut out));
                text(&hypothesis.kind, &mut out);
                optional(hypothesis.value.as_deref(), &mut out);
            }
            text(&goal.target, &mut out);
        }
        Packed(out.into())
    }

    pub(super) fn unpack(&self) -> ProofState {
        let mut reader = Reader(&self.0);
        let hypothesis =
            |reader: &mut Reader<'_>| Hypothesis { names: reader.list(Reader::text), kind: reader.text(), value: reader.optional() };
        let goal = |reader: &mut Reader<'_>| Goal { case: reader.optional(), hypotheses: reader.list(hypothesis), target: reader.text() };
        ProofState { goals: reader.list(goal) }
    }
}

/// Seven bits a byte, the lowest first; all but the last have the highest bit set.
fn number(mut n: usize, out: &mut Vec<u8>) {
    while n >= 0x80 {
        out.push((n & 0x7f) as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}

fn text(text: &str, out: &mut Vec<u8>) {
    number(text.len(), out);
    out.extend_from_slice(text.as_bytes());
}

fn optional(value: Option<&str>, out: &mut Vec<u8>) {
    number(usize::from(value.is_some()), out);
    if let Some(value) = value {
        text(value, out);
    }
}

/// Reads what the functions above wrote. Never fails; what it would do with other bytes does not matter.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn number(&mut self) -> usize {
        let mut n = 0;
        for shift in (0..usize::BITS).step_by(7) {
            let Some((byte, rest)) = self.0.split_first() else { break };
            self.0 = rest;
            n |= usize::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                break;
            }
        }
        n
    }

    fn text(&mut self) -> String {
        let length = self.number_within();
        let (text, rest) = self.0.split_at(length);
        self.0 = rest;
        String::from_utf8_lossy(text).into_owned()
    }

    /// A number that is at most the number of bytes behind it.
    fn number_within(&mut self) -> usize {
        self.number().min(self.0.len())
    }

    fn optional(&mut self) -> Option<String> {
        (self.number() > 0).then(|| self.text())
    }

    fn list<T>(&mut self, item: impl Fn(&mut Self) -> T) -> Vec<T> {
        (0..self.number_within()).map(|_| item(self)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn arbitrary_goal() -> impl Strategy<Value = Goal> {
        let hypothesis = (prop::collection::vec("\\PC{0,3}", 0..3), "\\PC{0,200}", prop::option::of("\\PC{0,5}"));
        let hypothesis = hypothesis.prop_map(|(names, kind, value)| Hypothesis { names, kind, value });
        (prop::option::of("\\PC{0,5}"), prop::collection::vec(hypothesis, 0..4), "\\PC{0,9}").prop_map(|(case, hypotheses, target)| Goal {
            case,
            hypotheses,
            target,
        })
    }

    proptest! {
        #[test]
        fn states_come_back_as_they_were(goals in prop::collection::vec(arbitrary_goal(), 0..4)) {
            let state = ProofState { goals };
            prop_assert_eq!(Packed::new(&state).unpack(), state);
        }
    }
}

//! The gaps of a sketch, and what goes before a proof in one of them.

use crate::{
    lemma::{Hole, Lemma},
    script::Tactic,
    sketch::have_names,
};
use std::{collections::BTreeSet, ops::Range};

/// A gap of a sketch as it is to be stated.
#[derive(Debug)]
pub(super) struct Gap {
    pub(super) range: Range<usize>,
    /// Whether other goals are open there.
    pub(super) focused: bool,
    /// The goal with everything before it among the premises.
    pub(super) with: Form,
    /// The goal without the steps before it, if they can be left out.
    pub(super) without: Option<Form>,
}

/// One way to state a gap.
#[derive(Debug)]
pub(super) struct Form {
    pub(super) lemma: Lemma,
    /// What brings the gap's context to that of the lemma.
    pub(super) opening: Opening,
}

/// Tactics before a proof.
#[derive(Clone, Debug, Default)]
pub(super) struct Opening {
    /// Names the inaccessible hypotheses.
    rename_i: Option<Tactic>,
    /// Takes away what the lemma does not have.
    clear: Option<String>,
    /// Gives the hypotheses the names that they have in the statement that was proved.
    rename: Option<String>,
}

impl Gap {
    /// The gap at a hole of `sketch`; `None` if its goal cannot stand alone.
    pub(super) fn of(hole: &Hole, sketch: &str) -> Option<Gap> {
        let lemma = hole.lemma.clone()?;
        let names = have_names(sketch, hole.range.start);
        let names: BTreeSet<&str> = names.iter().map(String::as_str).collect();
        let rename_i = hole.opening.clone();
        let without = lemma.without(&names).map(|alone| {
            let cleared: Vec<&str> = lemma.premises.iter().map(|p| p.name.as_str()).filter(|name| names.contains(name)).collect();
            let opening = Opening { rename_i: rename_i.clone(), clear: Some(format!("clear {}", cleared.join(" "))), rename: None };
            Form { lemma: alone, opening }
        });
        let with = Form { lemma, opening: Opening { rename_i, ..Opening::default() } };
        Some(Gap { range: hole.range.clone(), focused: hole.state.goals.len() > 1, with, without })
    }
}

impl Opening {
    /// The same for a proof of `proved`, which is `stated` but for the names of its premises.
    pub(super) fn for_proof_of(mut self, proved: &Lemma, stated: &Lemma) -> Opening {
        let names = |lemma: &Lemma| lemma.premises.iter().map(|p| p.name.clone()).collect::<Vec<_>>();
        let (here, there) = (names(stated), names(proved));
        // Everything from the first difference on: reverting one hypothesis takes those after it along that speak of it.
        if let Some(first) = here.iter().zip(&there).position(|(a, b)| a != b) {
            self.rename = Some(format!("revert {}\nintro {}", here[first..].join(" "), there[first..].join(" ")));
        }
        self
    }

    /// The proof with this before it. Premises that the lemma lacks may also stay: they can only help, or confuse.
    pub(super) fn before(&self, proof: &str, cleared: bool) -> String {
        let clear = self.clear.as_deref().filter(|_| cleared);
        let lines = [self.rename_i.as_deref(), clear, self.rename.as_deref()];
        lines.into_iter().flatten().chain([proof]).collect::<Vec<_>>().join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lemma::Premise;

    fn lemma(premises: &[&str], target: &str) -> Lemma {
        let premise = |name: &&str| Premise { name: (*name).to_owned(), kind: "p".to_owned(), value: None };
        Lemma { universes: Vec::new(), premises: premises.iter().map(premise).collect(), target: target.to_owned() }
    }

    fn hole(sketch: &str, lemma: Lemma) -> Hole {
        let start = sketch.rfind("sorry").expect("a hole");
        Hole { range: start..start + 5, state: lemma.state(), lemma: Some(lemma), opening: Some("rename_i b".into()) }
    }

    #[test]
    fn a_gap_is_stated_with_and_without_the_steps_before_it() {
        let sketch = "have h : p := x\nhave : q := y\nsorry";
        let gap = Gap::of(&hole(sketch, lemma(&["a", "b", "h", "this"], "r")), sketch).expect("a lemma");
        let without = gap.without.expect("nothing speaks of the steps");
        assert_eq!(without.lemma, lemma(&["a", "b"], "r"));
        assert_eq!(without.opening.before("done", true), "rename_i b\nclear h this\ndone");
        assert_eq!(without.opening.before("done", false), "rename_i b\ndone");
        assert_eq!(gap.with.opening.before("done", true), "rename_i b\ndone");
        let gap = Gap::of(&hole(sketch, lemma(&["a", "h"], "h = h")), sketch).expect("a lemma");
        assert!(gap.without.is_none());
        assert!(Gap::of(&Hole { lemma: None, ..hole(sketch, lemma(&[], "r")) }, sketch).is_none());
    }

    #[test]
    fn a_proof_under_other_names_gets_its_own() {
        let opening = Opening::default().for_proof_of(&lemma(&["a", "x", "c"], "r"), &lemma(&["a", "b", "c"], "r"));
        assert_eq!(opening.before("done", true), "revert b c\nintro x c\ndone");
        let opening = Opening::default().for_proof_of(&lemma(&["a"], "r"), &lemma(&["a"], "r"));
        assert_eq!(opening.before("done", true), "done");
    }
}

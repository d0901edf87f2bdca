//! What a family writes: a statement under names of the family's own, before it is varied, named and labelled.

use crate::{statement::Definition, words};
use std::collections::BTreeSet;

/// Whether the family knows that its statement holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Claim {
    /// By construction.
    Holds,
    /// Not known.
    Open,
}

/// A variable of a draft.
#[derive(Clone, Debug)]
pub(crate) struct Variable {
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) implicit: bool,
}

/// A statement in the making.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) definitions: Vec<(Definition, &'static [&'static str])>,
    pub(crate) variables: Vec<Variable>,
    pub(crate) hypotheses: Vec<String>,
    pub(crate) goal: String,
    pub(crate) claim: Claim,
    /// Values of variables under which the hypotheses hold, where random values hardly ever would.
    pub(crate) witness: Vec<(String, String)>,
    /// Proofs that the construction suggests. Lean has not seen them.
    pub(crate) proofs: Vec<String>,
}

impl Draft {
    /// A statement that holds.
    pub(crate) fn new(goal: impl Into<String>) -> Draft {
        Draft {
            definitions: Vec::new(),
            variables: Vec::new(),
            hypotheses: Vec::new(),
            goal: goal.into(),
            claim: Claim::Holds,
            witness: Vec::new(),
            proofs: Vec::new(),
        }
    }

    /// Variables, their names separated by blanks, of one type.
    pub(crate) fn var(mut self, names: &str, kind: &str) -> Draft {
        self.add(names, kind, false);
        self
    }

    /// Of variables of one type, their names separated by blanks, those that the statement speaks of. A text that binds a name is
    /// taken to speak of no variable of that name.
    pub(crate) fn over(self, names: &str, kind: &str) -> Draft {
        let free = |text: &String| {
            let bound = words::bound(text);
            words::idents(text).into_iter().filter(move |name| !bound.contains(name))
        };
        let spoken: BTreeSet<String> = self.hypotheses.iter().chain([&self.goal]).flat_map(free).collect();
        let used: Vec<&str> = names.split_whitespace().filter(|name| spoken.contains(*name)).collect();
        self.var(&used.join(" "), kind)
    }

    /// Types, written as implicit arguments.
    pub(crate) fn types(mut self, names: &str) -> Draft {
        self.add(names, "Type", true);
        self
    }

    fn add(&mut self, names: &str, kind: &str, implicit: bool) {
        let new = names.split_whitespace().map(|name| Variable { name: name.to_owned(), kind: kind.to_owned(), implicit });
        self.variables.extend(new);
    }

    /// A hypothesis.
    pub(crate) fn hyp(mut self, text: impl Into<String>) -> Draft {
        self.hypotheses.push(text.into());
        self
    }

    /// Hypotheses.
    pub(crate) fn hyps(mut self, texts: impl IntoIterator<Item = String>) -> Draft {
        self.hypotheses.extend(texts);
        self
    }

    /// A definition; `names` are what it can be called, the first of them in the text.
    pub(crate) fn def(mut self, names: &'static [&'static str], text: impl Into<String>) -> Draft {
        self.definitions.push((Definition { name: names.first().copied().unwrap_or_default().to_owned(), text: text.into() }, names));
        self
    }

    /// A value at which the hypotheses hold.
    pub(crate) fn at(mut self, name: &str, value: impl ToString) -> Draft {
        self.witness.push((name.to_owned(), value.to_string()));
        self
    }

    /// A proof that may do. It speaks of hypotheses by what they say, and of what the goal binds by names of its own.
    pub(crate) fn by(mut self, proof: impl Into<String>) -> Draft {
        self.proofs.push(proof.into());
        self
    }

    /// It is not known whether the statement holds.
    pub(crate) fn open(mut self) -> Draft {
        self.claim = Claim::Open;
        self
    }
}

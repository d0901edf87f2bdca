//! The families, by topic.

mod cells;
mod data;
mod divisibility;
mod existence;
mod finite;
mod first_order;
mod functions;
mod identities;
mod inequalities;
mod integers;
mod lists;
mod naturals;
mod polynomial;
mod powers;
mod problems;
mod programs;
mod proofs;
mod propositional;
mod puzzles;
mod rationals;
mod recipes;
mod recursion;
mod sets;
mod terms;
mod trees;

use crate::{
    draft::Draft,
    finish::finish,
    rng::Rng,
    statement::{Difficulty, Statement, Topic},
};

/// Draws statements of one kind.
#[derive(Clone, Copy, Debug)]
pub struct Family {
    name: &'static str,
    topic: Topic,
    draft: fn(&mut Rng, Difficulty) -> Draft,
}

impl Family {
    pub(crate) const fn new(topic: Topic, name: &'static str, draft: fn(&mut Rng, Difficulty) -> Draft) -> Family {
        Family { name, topic, draft }
    }

    /// Its name, a word that a theorem's name can begin with.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// What it is about.
    pub fn topic(&self) -> Topic {
        self.topic
    }

    /// The `n`-th statement at a difficulty under a seed; the same each time.
    pub fn nth(&self, seed: u64, difficulty: Difficulty, n: u64) -> Statement {
        let rng = &mut Rng::new(seed, &format!("{}/{}", self.name, difficulty.level()), n);
        let draft = (self.draft)(rng, difficulty);
        finish(rng, self, difficulty, draft)
    }
}

/// All families, topic by topic.
pub fn families() -> Vec<Family> {
    [
        propositional::FAMILIES,
        naturals::FAMILIES,
        integers::FAMILIES,
        rationals::FAMILIES,
        identities::FAMILIES,
        divisibility::FAMILIES,
        inequalities::FAMILIES,
        powers::FAMILIES,
        finite::FAMILIES,
        existence::FAMILIES,
        problems::FAMILIES,
        puzzles::FAMILIES,
        recipes::FAMILIES,
        recursion::FAMILIES,
        first_order::FAMILIES,
        lists::FAMILIES,
        data::FAMILIES,
        functions::FAMILIES,
        sets::FAMILIES,
        programs::FAMILIES,
        trees::FAMILIES,
    ]
    .concat()
}

/// A number as a term, in brackets if it is negative.
fn signed(n: i64) -> String {
    if n < 0 { format!("({n})") } else { n.to_string() }
}

/// A sum of multiples: `3 * x - y + 2 * z`. Zero coefficients are left out.
fn linear(coefficients: &[i64], names: &[&str]) -> String {
    let mut text = String::new();
    for (&a, name) in coefficients.iter().zip(names) {
        let term = if a.abs() == 1 { (*name).to_owned() } else { format!("{} * {name}", a.abs()) };
        match (a, text.is_empty()) {
            (0, _) => {}
            (1.., true) => text = term,
            (_, true) => text = format!("-{term}"),
            (1.., false) => text.push_str(&format!(" + {term}")),
            (_, false) => text.push_str(&format!(" - {term}")),
        }
    }
    if text.is_empty() { format!("0 * {}", names.first().unwrap_or(&"0")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{draft::Claim, model};

    /// A draft that the interpreter refutes would be labelled false in silence.
    #[test]
    fn what_families_know_to_hold_is_not_refuted() {
        for family in families() {
            for difficulty in Difficulty::ALL {
                for n in 0..10 {
                    let draft = (family.draft)(&mut Rng::new(20, family.name, n), difficulty);
                    let found = model::search(&draft, 60, n);
                    let wrong = draft.claim == Claim::Holds && matches!(found, model::Outcome::Refuted(_));
                    assert!(!wrong, "{} {}: {found:?}\n{draft:#?}", family.name, difficulty.level());
                }
            }
        }
    }
}

//! Combinations of a few properties, and what follows from facts about them. A property is the set of the cells of a Venn diagram in
//! which it holds, so whether something follows is a question about bits.

use crate::rng::Rng;

/// The connectives of a language: not, and, or.
pub(super) const PROPOSITIONS: [&str; 3] = ["¬", "∧", "∨"];
pub(super) const BOOLEANS: [&str; 3] = ["!", "&&", "||"];

/// A combination of properties, which are given by number.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Shape {
    Atom(usize),
    Not(Box<Shape>),
    And(Box<Shape>, Box<Shape>),
    Or(Box<Shape>, Box<Shape>),
}
use Shape::{And, Atom, Not, Or};

impl Shape {
    /// A combination of the first `atoms` properties with so many connectives.
    pub(super) fn random(rng: &mut Rng, atoms: usize, connectives: usize) -> Shape {
        if connectives == 0 {
            return Atom(rng.below(atoms));
        }
        if rng.chance(30) {
            return match Shape::random(rng, atoms, connectives - 1) {
                Not(inner) => *inner,
                inner => Not(Box::new(inner)),
            };
        }
        let left = rng.below(connectives);
        let a = Shape::random(rng, atoms, left);
        let mut b = Shape::random(rng, atoms, connectives - 1 - left);
        if a == b {
            b = Not(Box::new(Atom(rng.below(atoms))));
        }
        if rng.chance(50) { And(Box::new(a), Box::new(b)) } else { Or(Box::new(a), Box::new(b)) }
    }

    /// The cells, of up to 16, in which it holds, as bits.
    pub(super) fn cells(&self, atoms: usize) -> u16 {
        let all = all(atoms);
        match self {
            Atom(i) => (0..1u16 << atoms).filter(|cell| cell >> i & 1 == 1).fold(0, |bits, cell| bits | 1 << cell),
            Not(a) => !a.cells(atoms) & all,
            And(a, b) => a.cells(atoms) & b.cells(atoms),
            Or(a, b) => a.cells(atoms) | b.cells(atoms),
        }
    }

    /// Its text, with brackets wherever two connectives meet.
    pub(super) fn text(&self, words: [&str; 3], atom: &dyn Fn(usize) -> String) -> String {
        let inner = |shape: &Shape| match shape {
            Atom(_) | Not(_) => shape.text(words, atom),
            _ => format!("({})", shape.text(words, atom)),
        };
        match self {
            Atom(i) => atom(*i),
            Not(a) if matches!(a.as_ref(), Not(_)) => format!("{}({})", words[0], a.text(words, atom)),
            Not(a) => format!("{}{}", words[0], inner(a)),
            And(a, b) => format!("{} {} {}", inner(a), words[1], inner(b)),
            Or(a, b) => format!("{} {} {}", inner(a), words[2], inner(b)),
        }
    }

    /// Another combination that holds in the same cells.
    pub(super) fn equal(&self, rng: &mut Rng, atoms: usize, connectives: usize) -> Option<Shape> {
        let wanted = self.cells(atoms);
        (0..300).find_map(|_| {
            let connectives = 1 + rng.below(connectives);
            let other = Shape::random(rng, atoms, connectives);
            (other != *self && other.cells(atoms) == wanted).then_some(other)
        })
    }
}

/// All cells of so many properties.
pub(super) fn all(atoms: usize) -> u16 {
    u16::MAX >> (16 - (1 << atoms))
}

/// Facts, each that all with a property have another, and what follows from them.
#[derive(Clone, Debug)]
pub(super) struct Syllogism {
    pub(super) facts: Vec<(Shape, Shape)>,
    /// What some thing is known to be.
    pub(super) given: Shape,
    /// What it then is.
    pub(super) found: Shape,
}

/// A syllogism of so many facts, all of which it needs; `None` if chance does not find one.
pub(super) fn syllogism(rng: &mut Rng, atoms: usize, facts: usize, connectives: usize) -> Option<Syllogism> {
    (0..400).find_map(|_| {
        let mut small = || {
            let connectives = rng.below(connectives + 1);
            Shape::random(rng, atoms, connectives)
        };
        let facts: Vec<(Shape, Shape)> = (0..facts).map(|_| (small(), small())).collect();
        let (given, found) = (small(), small());
        let allowed = |left_out: usize| {
            let kept = facts.iter().enumerate().filter(|(i, _)| *i != left_out);
            kept.fold(all(atoms), |cells, (_, (a, b))| cells & (!a.cells(atoms) | b.cells(atoms)))
        };
        let wrong = given.cells(atoms) & !found.cells(atoms);
        let follows = allowed(usize::MAX) & wrong == 0 && allowed(usize::MAX) & given.cells(atoms) != 0;
        (follows && (0..facts.len()).all(|i| allowed(i) & wrong != 0)).then_some(Syllogism { facts, given, found })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_syllogism_needs_its_facts_and_they_are_enough() {
        let rng = &mut Rng::new(1, "syllogism", 0);
        for _ in 0..20 {
            let Some(found) = syllogism(rng, 3, 2, 1) else { continue };
            let cell_is_allowed = |cell: u16| found.facts.iter().all(|(a, b)| a.cells(3) >> cell & 1 == 0 || b.cells(3) >> cell & 1 == 1);
            for cell in (0..8).filter(|cell| cell_is_allowed(*cell) && found.given.cells(3) >> cell & 1 == 1) {
                assert_eq!(found.found.cells(3) >> cell & 1, 1, "{found:?}");
            }
        }
    }

    #[test]
    fn equal_shapes_hold_in_the_same_cells() {
        let rng = &mut Rng::new(2, "equal", 0);
        let shape = Shape::random(rng, 2, 3);
        let other = shape.equal(rng, 2, 4).expect("one of sixteen");
        assert!(other != shape && other.cells(2) == shape.cells(2) && all(2) == 0b1111 && all(4) == u16::MAX);
        assert_eq!(And(Box::new(Atom(0)), Box::new(Not(Box::new(Atom(1))))).text(BOOLEANS, &|i| format!("p{i}")), "p0 && !p1");
    }
}

//! Propositional logic.

use super::Family;
use crate::{
    draft::Draft,
    rng::Rng,
    statement::{Difficulty, Topic::Propositional},
};

pub(crate) const FAMILIES: &[Family] = &[
    Family::new(Propositional, "prop_equivalence", equivalence),
    Family::new(Propositional, "prop_random", random),
    Family::new(Propositional, "prop_chain", chain),
    Family::new(Propositional, "prop_cases", cases),
    Family::new(Propositional, "prop_sequent", sequent),
    Family::new(Propositional, "prop_negation", negation),
];

const LETTERS: [&str; 6] = ["p", "q", "r", "s", "t", "u"];

/// A formula, kept as a tree so that equivalences can rewrite it.
#[derive(Clone, Debug, PartialEq)]
enum Formula {
    Letter(&'static str),
    Not(Box<Formula>),
    And(Box<Formula>, Box<Formula>),
    Or(Box<Formula>, Box<Formula>),
    Implies(Box<Formula>, Box<Formula>),
    Iff(Box<Formula>, Box<Formula>),
}
use Formula::{And, Iff, Implies, Letter, Not, Or};

fn not(a: Formula) -> Formula {
    Not(Box::new(a))
}
fn and(a: Formula, b: Formula) -> Formula {
    And(Box::new(a), Box::new(b))
}
fn or(a: Formula, b: Formula) -> Formula {
    Or(Box::new(a), Box::new(b))
}
fn implies(a: Formula, b: Formula) -> Formula {
    Implies(Box::new(a), Box::new(b))
}
fn iff(a: Formula, b: Formula) -> Formula {
    Iff(Box::new(a), Box::new(b))
}

impl Formula {
    /// A random formula with so many connectives over the first letters.
    fn random(rng: &mut Rng, letters: usize, connectives: usize) -> Formula {
        if connectives == 0 {
            return Letter(LETTERS[rng.below(letters)]);
        }
        if rng.chance(20) {
            return not(Formula::random(rng, letters, connectives - 1));
        }
        let left = rng.below(connectives);
        let (a, b) = (Formula::random(rng, letters, left), Formula::random(rng, letters, connectives - 1 - left));
        match rng.below(10) {
            0..=2 => and(a, b),
            3..=5 => or(a, b),
            6..=8 => implies(a, b),
            _ => iff(a, b),
        }
    }

    fn text(&self) -> String {
        self.written(0)
    }

    /// The text in a place that needs this much binding power.
    fn written(&self, least: u8) -> String {
        let (power, text) = match self {
            Letter(name) => (100, (*name).to_owned()),
            Not(a) => (40, format!("¬{}", a.written(41))),
            And(a, b) => (35, format!("{} ∧ {}", a.written(36), b.written(35))),
            Or(a, b) => (30, format!("{} ∨ {}", a.written(31), b.written(30))),
            Implies(a, b) => (25, format!("{} → {}", a.written(26), b.written(25))),
            Iff(a, b) => (20, format!("{} ↔ {}", a.written(21), b.written(21))),
        };
        if power < least { format!("({text})") } else { text }
    }

    /// An equivalent formula: one law of propositional logic used at one place.
    fn rewritten(&self, rng: &mut Rng) -> Formula {
        if rng.chance(45) {
            return match self.clone() {
                Letter(_) => self.law(rng),
                Not(a) => not(a.rewritten(rng)),
                And(a, b) => {
                    if rng.chance(50) {
                        and(a.rewritten(rng), *b)
                    } else {
                        and(*a, b.rewritten(rng))
                    }
                }
                Or(a, b) => {
                    if rng.chance(50) {
                        or(a.rewritten(rng), *b)
                    } else {
                        or(*a, b.rewritten(rng))
                    }
                }
                Implies(a, b) => {
                    if rng.chance(50) {
                        implies(a.rewritten(rng), *b)
                    } else {
                        implies(*a, b.rewritten(rng))
                    }
                }
                Iff(a, b) => {
                    if rng.chance(50) {
                        iff(a.rewritten(rng), *b)
                    } else {
                        iff(*a, b.rewritten(rng))
                    }
                }
            };
        }
        self.law(rng)
    }

    fn law(&self, rng: &mut Rng) -> Formula {
        match self.clone() {
            Letter(_) => match rng.below(3) {
                0 => and(self.clone(), self.clone()),
                1 => or(self.clone(), self.clone()),
                _ => not(not(self.clone())),
            },
            Not(a) => match *a {
                And(a, b) => {
                    if rng.chance(50) {
                        or(not(*a), not(*b))
                    } else {
                        implies(*a, not(*b))
                    }
                }
                Or(a, b) => and(not(*a), not(*b)),
                Implies(a, b) => and(*a, not(*b)),
                Not(a) => *a,
                other => not(not(not(other))),
            },
            And(a, b) => match *b {
                Or(c, d) if rng.chance(70) => or(and((*a).clone(), *c), and(*a, *d)),
                And(c, d) if rng.chance(60) => and(and(*a, *c), *d),
                b => {
                    if rng.chance(60) {
                        and(b, *a)
                    } else {
                        not(or(not(*a), not(b)))
                    }
                }
            },
            Or(a, b) => match *b {
                And(c, d) if rng.chance(70) => and(or((*a).clone(), *c), or(*a, *d)),
                Or(c, d) if rng.chance(60) => or(or(*a, *c), *d),
                b => {
                    if rng.chance(60) {
                        or(b, *a)
                    } else {
                        implies(not(*a), b)
                    }
                }
            },
            Implies(a, b) => match (*a, *b) {
                (And(a, c), b) if rng.chance(70) => implies(*a, implies(*c, b)),
                (Or(a, c), b) if rng.chance(70) => and(implies(*a, b.clone()), implies(*c, b)),
                (a, And(b, c)) if rng.chance(70) => and(implies(a.clone(), *b), implies(a, *c)),
                (a, Implies(b, c)) if rng.chance(70) => implies(and(a, *b), *c),
                (a, b) => {
                    if rng.chance(60) {
                        implies(not(b), not(a))
                    } else {
                        or(not(a), b)
                    }
                }
            },
            Iff(a, b) => match rng.below(3) {
                0 => iff(*b, *a),
                1 => and(implies((*a).clone(), (*b).clone()), implies(*b, *a)),
                _ => or(and((*a).clone(), (*b).clone()), and(not(*a), not(*b))),
            },
        }
    }
}

/// The draft of a goal over the letters that its texts use.
fn over_letters(draft: Draft) -> Draft {
    let texts =
        draft.hypotheses.iter().chain([&draft.goal]).flat_map(|t| crate::words::idents(t)).collect::<std::collections::BTreeSet<_>>();
    let used: Vec<&str> = LETTERS.into_iter().filter(|l| texts.contains(*l)).collect();
    draft.var(&used.join(" "), "Prop")
}

/// A formula and what laws of logic make of it.
fn equivalence(rng: &mut Rng, d: Difficulty) -> Draft {
    let letters = rng.int(2, 2 + d.scale().min(3)) as usize;
    let connectives = 2 + rng.below(d.size() + 2);
    let formula = Formula::random(rng, letters, connectives);
    let mut other = formula.rewritten(rng);
    for _ in 0..d.size() {
        other = other.rewritten(rng);
    }
    over_letters(Draft::new(if rng.chance(70) { iff(formula, other) } else { implies(formula, other) }.text()))
}

/// Any formula. Whether it holds is found out by trying all values.
fn random(rng: &mut Rng, d: Difficulty) -> Draft {
    let letters = rng.int(2, 2 + d.scale().min(2)) as usize;
    let mut formula = Formula::random(rng, letters, 3 + d.size());
    for _ in 0..6 {
        // Most random formulas are not valid: give chance some help.
        if tautology(&formula) || rng.chance(15) {
            break;
        }
        formula = Formula::random(rng, letters, 3 + d.size());
    }
    over_letters(Draft::new(formula.text()).open())
}

fn tautology(formula: &Formula) -> bool {
    (0..64).all(|values| truth(formula, values))
}

fn truth(formula: &Formula, values: u32) -> bool {
    match formula {
        Letter(name) => LETTERS.iter().position(|l| l == name).is_some_and(|i| values >> i & 1 == 1),
        Not(a) => !truth(a, values),
        And(a, b) => truth(a, values) && truth(b, values),
        Or(a, b) => truth(a, values) || truth(b, values),
        Implies(a, b) => !truth(a, values) || truth(b, values),
        Iff(a, b) => truth(a, values) == truth(b, values),
    }
}

/// `p → q`, `q → r`, … and what follows from one end for the other; links may be equivalences, contrapositions or joint.
fn chain(rng: &mut Rng, d: Difficulty) -> Draft {
    let n = (2 + d.size()).min(5);
    let mut letters = LETTERS.to_vec();
    rng.shuffle(&mut letters);
    let literal = |rng: &mut Rng, l: &'static str| if rng.chance(30) { not(Letter(l)) } else { Letter(l) };
    let nodes: Vec<Formula> = letters[..=n].iter().map(|l| literal(rng, l)).collect();
    let mut draft = Draft::new("");
    for pair in nodes.windows(2) {
        let (a, b) = (pair[0].clone(), pair[1].clone());
        let link = match rng.below(6) {
            0 => implies(not(b), not(a)),
            1 => iff(a, b),
            2 => or(not(a), b),
            3 => implies(a.clone(), and(a, b)),
            _ => implies(a, b),
        };
        draft = draft.hyp(link.text());
    }
    let (first, last) = (nodes[0].clone(), nodes[n].clone());
    draft.goal = match rng.below(3) {
        0 => implies(first, last).text(),
        1 => implies(not(last), not(first)).text(),
        _ => {
            draft = draft.hyp(first.text());
            last.text()
        }
    };
    over_letters(draft)
}

/// A disjunction whose every case gives the goal, some by way of others.
fn cases(rng: &mut Rng, d: Difficulty) -> Draft {
    let n = (1 + d.size()).min(5);
    let mut letters = LETTERS.to_vec();
    rng.shuffle(&mut letters);
    let (goal, cases) = (Letter(letters[0]), &letters[1..=n]);
    let goal = if rng.chance(30) { or(goal, Letter(letters[rng.below(6)])) } else { goal };
    let all = cases
        .iter()
        .rev()
        .skip(1)
        .fold(Letter(cases[n - 1]), |rest, l| if rng.chance(80) { or(Letter(l), rest) } else { or(rest, Letter(l)) });
    let mut draft = Draft::new(goal.text()).hyp(all.text());
    for (i, case) in cases.iter().enumerate() {
        let to = if i > 0 && rng.chance(35) { Letter(cases[rng.below(i)]) } else { goal.clone() };
        let from = Letter(case);
        draft = draft.hyp(if rng.chance(20) { not(and(from, not(to))).text() } else { implies(from, to).text() });
    }
    over_letters(draft)
}

/// Random facts, and a random consequence if chance finds one.
fn sequent(rng: &mut Rng, d: Difficulty) -> Draft {
    let letters = 3 + usize::from(d.level() > 2);
    let mut facts = Vec::new();
    let mut goal = Letter("p");
    for _ in 0..30 {
        facts = (0..1 + d.size().min(4))
            .map(|_| {
                let n = 1 + rng.below(3);
                Formula::random(rng, letters, n)
            })
            .collect();
        let n = rng.below(3);
        goal = Formula::random(rng, letters, n);
        let all = facts.iter().cloned().reduce(and).unwrap_or_else(|| goal.clone());
        let follows = tautology(&implies(all.clone(), goal.clone()));
        let alone = facts.iter().any(|f| tautology(&implies(f.clone(), goal.clone())));
        if follows && !alone && !tautology(&not(all)) {
            break;
        }
    }
    over_letters(Draft::new(goal.text()).hyps(facts.iter().map(Formula::text)).open())
}

/// Refutations: facts that contradict one another.
fn negation(rng: &mut Rng, d: Difficulty) -> Draft {
    let connectives = 1 + rng.below(d.size() + 1);
    let formula = Formula::random(rng, 2 + d.size().min(3), connectives);
    let mut other = not(formula.clone());
    for _ in 0..=d.size() {
        other = other.rewritten(rng);
    }
    over_letters(match rng.below(3) {
        0 => Draft::new("False").hyp(formula.text()).hyp(other.text()),
        1 => Draft::new(not(and(formula, other)).text()),
        _ => Draft::new(implies(other, not(formula)).text()),
    })
}

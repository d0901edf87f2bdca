//! A statement, and how it is written.

use crate::key::Key;
use serde::{Deserialize, Serialize};
use std::fmt::Write;

/// What a family is about. Generation is stratified by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// Connectives between propositions.
    Propositional,
    /// Quantifiers, predicates, relations and equality.
    FirstOrder,
    /// Linear arithmetic of natural numbers.
    NatLinear,
    /// Linear arithmetic of integers.
    IntLinear,
    /// Rational numbers.
    Rational,
    /// Polynomial identities.
    Identities,
    /// Divisibility, residues, parity, greatest common divisors.
    Divisibility,
    /// Non-linear inequalities, `min` and `max`.
    Inequalities,
    /// Powers.
    Powers,
    /// Sums, products and recurrences defined by recursion.
    Recursion,
    /// Lists.
    Lists,
    /// `Option` and `Bool`.
    Data,
    /// Finitely many cases.
    Finite,
    /// Functions.
    Functions,
    /// Sets as predicates.
    Sets,
    /// Inductive types and small programs.
    Programs,
    /// Existence with a witness to be found.
    Existence,
    /// What a word problem becomes: unknowns, facts, an answer.
    Problems,
}

/// How hard a statement is meant to be, from 1 to 5: sizes, numbers and steps grow with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Difficulty(u8);

impl Difficulty {
    /// All five.
    pub const ALL: [Difficulty; 5] = [Difficulty(1), Difficulty(2), Difficulty(3), Difficulty(4), Difficulty(5)];

    /// The difficulty of a number, `None` unless it is from 1 to 5.
    pub fn new(level: u8) -> Option<Difficulty> {
        (1..=5).contains(&level).then_some(Difficulty(level))
    }

    /// 1 to 5.
    pub fn level(self) -> u8 {
        self.0
    }

    pub(crate) fn size(self) -> usize {
        usize::from(self.0)
    }

    pub(crate) fn scale(self) -> i64 {
        i64::from(self.0)
    }
}

/// Whether a statement holds, as far as the generator knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Label {
    /// It holds by construction, or all cases were tried.
    True,
    /// A counterexample is known; the negation is to be proved.
    False,
    /// No counterexample was found, and it was not made to hold.
    Unknown,
}

/// A definition that statements speak of.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Definition {
    /// What it defines.
    pub name: String,
    /// The whole command.
    pub text: String,
}

/// A variable or hypothesis, and how it is bound.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Binder {
    /// Its name.
    pub name: String,
    /// Its type.
    pub kind: String,
    /// Whether it is written in braces.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub implicit: bool,
}

/// Where hypotheses are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// Before the colon.
    Binders,
    /// After the colon, as premises of implications.
    Arrows,
    /// Variables, too, after the colon.
    Closed,
}

/// How a statement is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Style {
    /// Where hypotheses are written.
    pub form: Form,
    /// One premise a line, as benchmarks are laid out, rather than all on one.
    pub lines: bool,
    /// Whether `ℕ`, `ℤ` and `ℚ` stand for `Nat`, `Int` and `Rat`.
    pub blackboard: bool,
}

/// A theorem to be proved or refuted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// The theorem's name: its family and the beginning of its key.
    pub name: String,
    /// The family that drew it.
    pub family: String,
    /// The family's topic.
    pub topic: Topic,
    /// How hard it is meant to be.
    pub difficulty: Difficulty,
    /// Whether it holds.
    pub label: Label,
    /// What has to be defined before it, in order.
    pub definitions: Vec<Definition>,
    /// Its variables.
    pub binders: Vec<Binder>,
    /// Its hypotheses.
    pub hypotheses: Vec<Binder>,
    /// What it says.
    pub goal: String,
    /// How it is laid out.
    pub style: Style,
    /// Proofs that its construction suggests, to stand behind `by`. Lean has not seen them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proofs: Vec<String>,
}

impl Statement {
    /// Its identity up to names, notation and the order of hypotheses.
    pub fn key(&self) -> Key {
        Key::of(self)
    }

    /// The commands before the theorem, each ended by a blank line; empty if there are none.
    pub fn header(&self) -> String {
        let mut text = String::new();
        if self.style.blackboard {
            text.push_str("local notation \"ℕ\" => Nat\nlocal notation \"ℤ\" => Int\nlocal notation \"ℚ\" => Rat\n\n");
        }
        for definition in &self.definitions {
            text.push_str(&definition.text);
            text.push_str("\n\n");
        }
        text
    }

    /// The theorem up to `:= by`.
    pub fn theorem(&self) -> String {
        let (gap, colon) = if self.style.lines { ("\n  ", " :\n  ") } else { (" ", " : ") };
        let mut text = format!("theorem {}", self.name);
        let before: Vec<&Binder> = match self.style.form {
            Form::Closed => Vec::new(),
            Form::Arrows => self.binders.iter().collect(),
            Form::Binders => self.binders.iter().chain(&self.hypotheses).collect(),
        };
        for group in groups(&before) {
            let _ = write!(text, "{gap}{group}");
        }
        text.push_str(colon);
        text.push_str(&self.statement());
        text.push_str(" := by");
        text
    }

    /// What stands after the colon.
    fn statement(&self) -> String {
        let mut text = String::new();
        if self.style.form == Form::Closed && !self.binders.is_empty() {
            let binders: Vec<&Binder> = self.binders.iter().collect();
            let _ = write!(text, "∀ {}, ", groups(&binders).join(" "));
        }
        if self.style.form != Form::Binders {
            for hypothesis in &self.hypotheses {
                let _ = write!(text, "{} → ", in_brackets(&hypothesis.kind));
            }
        }
        text.push_str(&self.goal);
        text
    }

    /// What brings the variables and hypotheses behind the colon before it; empty if there are none.
    pub(crate) fn intro(&self) -> String {
        let variables = self.binders.iter().filter(|_| self.style.form == Form::Closed);
        let hypotheses = self.hypotheses.iter().filter(|_| self.style.form != Form::Binders);
        let names: Vec<&str> = variables.chain(hypotheses).map(|b| b.name.as_str()).collect();
        if names.is_empty() { String::new() } else { format!("intro {}\n", names.join(" ")) }
    }

    /// The theorem that it is false, up to `:= by`: what is to be proved of a statement labelled so.
    pub fn refutation(&self) -> String {
        let closed = Statement { style: Style { form: Form::Closed, ..self.style }, ..self.clone() };
        format!("theorem {} : ¬ ({}) := by", self.name, closed.statement())
    }

    /// A whole file: header and theorem, with `sorry` for its proof.
    pub fn file(&self) -> String {
        format!("{}{}\n  sorry\n", self.header(), self.theorem())
    }
}

/// Binders of one kind that follow one another, written as one.
fn groups(binders: &[&Binder]) -> Vec<String> {
    let same = |a: &&Binder, b: &&Binder| a.kind == b.kind && a.implicit == b.implicit;
    let text = |group: &[&Binder]| {
        let names: Vec<&str> = group.iter().map(|b| b.name.as_str()).collect();
        let (open, close) = if group[0].implicit { ('{', '}') } else { ('(', ')') };
        format!("{open}{} : {}{close}", names.join(" "), group[0].kind)
    };
    binders.chunk_by(same).map(text).collect()
}

/// A premise as it stands left of an arrow.
fn in_brackets(text: &str) -> String {
    let loose = text.starts_with("fun ") || text.contains(['→', '↔', '∀', '∃']) || text.contains("if ");
    if loose { format!("({text})") } else { text.to_owned() }
}

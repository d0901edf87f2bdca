//! A small interpreter for the part of Lean that the families write, to look for counterexamples.
//!
//! It reads the text of a statement ([`parse`](self)), gives the variables values, random or known, and computes what hypotheses and goal
//! say. Types become small finite sets; functions become tables. What it cannot compute, for example a claim about all numbers that has no
//! counterexample among the small ones, is unknown, and it never calls an unknown hypothesis true nor an unknown goal false. So what it
//! refutes is false, as far as this interpreter and Lean agree; the tests hold it to that.

mod arithmetic;
mod assign;
mod bounds;
mod builtin;
mod definitions;
mod eval;
mod large;
mod parse;
mod term;
mod value;

use crate::{draft::Draft, rng::Rng, statement::Statement};
use assign::Problem;

/// What the search for a counterexample found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A counterexample: the variables and their values, numbers as Lean writes them.
    Refuted(Vec<(String, String)>),
    /// All values there are were tried, and it held each time.
    Exhausted,
    /// It held at so many tried values at which the hypotheses held; 0 also where nothing could be computed.
    Survived(u32),
}

/// Tries so many values of a draft's variables.
pub(crate) fn search(draft: &Draft, tries: u32, seed: u64) -> Outcome {
    let definitions: Vec<&str> = draft.definitions.iter().map(|(d, _)| d.text.as_str()).collect();
    let variables: Vec<(&str, &str)> = draft.variables.iter().map(|v| (v.name.as_str(), v.kind.as_str())).collect();
    let hypotheses: Vec<&str> = draft.hypotheses.iter().map(String::as_str).collect();
    match Problem::new(&definitions, &variables, &hypotheses, &draft.goal, &draft.witness) {
        Some(problem) => problem.search(tries, &mut Rng::new(seed, "search", 0)),
        None => Outcome::Survived(0),
    }
}

/// Tries so many values of a statement's variables. Texts outside the interpreter's language survive.
pub fn refute(statement: &Statement, tries: u32, seed: u64) -> Outcome {
    let plain = |text: &str| text.replace('ℕ', "Nat").replace('ℤ', "Int").replace('ℚ', "Rat");
    let binders: Vec<(String, String)> = statement.binders.iter().map(|b| (b.name.clone(), plain(&b.kind))).collect();
    let hypotheses: Vec<String> = statement.hypotheses.iter().map(|b| plain(&b.kind)).collect();
    let definitions: Vec<&str> = statement.definitions.iter().map(|d| d.text.as_str()).collect();
    let variables: Vec<(&str, &str)> = binders.iter().map(|(n, k)| (n.as_str(), k.as_str())).collect();
    let facts: Vec<&str> = hypotheses.iter().map(String::as_str).collect();
    match Problem::new(&definitions, &variables, &facts, &plain(&statement.goal), &[]) {
        Some(problem) => problem.search(tries, &mut Rng::new(seed, "refute", 0)),
        None => Outcome::Survived(0),
    }
}

/// Whether the interpreter can read all of a statement.
pub fn reads(statement: &Statement) -> bool {
    let definitions: Vec<&str> = statement.definitions.iter().map(|d| d.text.as_str()).collect();
    let texts = statement.hypotheses.iter().map(|b| b.kind.as_str()).chain([statement.goal.as_str()]);
    definitions::Globals::new(&definitions).is_some() && texts.into_iter().all(|text| parse::term(text).is_some())
}

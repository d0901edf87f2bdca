//! Values for the variables of a statement.

use super::{
    Outcome,
    definitions::Globals,
    eval::{Env, Machine},
    parse,
    term::{Op, Term, Type},
    value::{Closure, Code, Numeric, Value},
};
use crate::rng::Rng;
use std::rc::Rc;

/// So many combinations of values are all tried.
const ALL: usize = 2048;

/// A statement that has been read.
pub(crate) struct Problem {
    globals: Globals,
    variables: Vec<(String, Type)>,
    hypotheses: Vec<Term>,
    goal: Term,
    /// Values at which the hypotheses hold.
    witness: Vec<(String, Term)>,
    /// Variables that a hypothesis gives the value of.
    given: Vec<(String, Given)>,
}

/// How a hypothesis gives a variable's value.
enum Given {
    /// `x = t`
    Value(Term),
    /// `∀ x y, f x y = t`
    Function(Vec<String>, Term),
}

impl Problem {
    /// Reads a statement. `None` if a text is outside the language.
    pub(crate) fn new(
        definitions: &[&str],
        variables: &[(&str, &str)],
        hypotheses: &[&str],
        goal: &str,
        witness: &[(String, String)],
    ) -> Option<Problem> {
        let variables: Vec<(String, Type)> =
            variables.iter().map(|(name, kind)| Some(((*name).to_owned(), parse::kind(kind)?))).collect::<Option<_>>()?;
        let hypotheses: Vec<Term> = hypotheses.iter().map(|text| parse::term(text)).collect::<Option<_>>()?;
        let mut problem = Problem {
            globals: Globals::new(definitions)?,
            goal: parse::term(goal)?,
            witness: witness.iter().map(|(name, value)| Some((name.clone(), parse::term(value)?))).collect::<Option<_>>()?,
            given: Vec::new(),
            variables,
            hypotheses,
        };
        for hypothesis in &problem.hypotheses {
            if let Some((name, given)) = gives(hypothesis) {
                let known = problem.variables.iter().any(|(n, _)| *n == name) && !problem.given.iter().any(|(n, _)| *n == name);
                let by = match &given {
                    Given::Value(term) | Given::Function(_, term) => term,
                };
                let clear = problem.given.iter().all(|(n, _)| !speaks(by, n)) && !speaks(by, &name);
                if known && clear {
                    problem.given.push((name, given));
                }
            }
        }
        // What gives a value must not wait for a value itself.
        let names: Vec<String> = problem.given.iter().map(|(n, _)| n.clone()).collect();
        problem.given.retain(|(_, given)| match given {
            Given::Value(term) | Given::Function(_, term) => names.iter().all(|n| !speaks(term, n)),
        });
        Some(problem)
    }

    /// Tries all values if there are few, and otherwise so many.
    pub(crate) fn search(&self, tries: u32, rng: &mut Rng) -> Outcome {
        if let Some(all) = self.all() {
            let truths: Vec<Option<bool>> = all.iter().map(|env| self.holds(env)).collect();
            if let Some(at) = truths.iter().position(|t| *t == Some(false)) {
                return Outcome::Refuted(shown(&all[at]));
            }
            if truths.iter().all(|t| *t == Some(true)) {
                return Outcome::Exhausted;
            }
            // Further values would be some of these again.
            return Outcome::Survived(truths.iter().filter(|t| **t == Some(true)).count() as u32);
        }
        let mut held = 0;
        for n in 0..tries {
            let Some(env) = self.values(rng, n % 2 == 0) else { continue };
            let hypotheses = self.hypotheses.iter().all(|h| self.is_met(h, &env) == Some(true));
            if !hypotheses {
                continue;
            }
            match Machine::new(&self.globals).truth(&self.goal, &mut env.clone()) {
                Some(false) => return Outcome::Refuted(shown(&env)),
                Some(true) => held += 1,
                None => {}
            }
        }
        Outcome::Survived(held)
    }

    /// Whether the statement holds at these values; `None` if that cannot be computed.
    fn holds(&self, env: &Env) -> Option<bool> {
        let mut unknown = false;
        for hypothesis in &self.hypotheses {
            match Machine::new(&self.globals).truth(hypothesis, &mut env.clone()) {
                Some(false) => return Some(true),
                Some(true) => {}
                None => unknown = true,
            }
        }
        let goal = Machine::new(&self.globals).truth(&self.goal, &mut env.clone())?;
        if unknown { goal.then_some(true) } else { Some(goal) }
    }

    fn is_met(&self, hypothesis: &Term, env: &Env) -> Option<bool> {
        // A hypothesis that gives a function holds by what was given.
        if let Some((name, Given::Function(..))) = gives(hypothesis) {
            let by = self.given.iter().find(|(n, given)| *n == name && matches!(given, Given::Function(..)));
            if let (Some((_, Given::Function(_, body))), Some((_, Given::Function(_, own)))) = (by, gives(hypothesis))
                && *body == own
            {
                return Some(true);
            }
        }
        Machine::new(&self.globals).truth(hypothesis, &mut env.clone())
    }

    /// All combinations of values, if the types are finite and there are few.
    fn all(&self) -> Option<Vec<Env>> {
        let mut all: Vec<Env> = vec![Vec::new()];
        for (name, kind) in &self.variables {
            let values = Value::all(kind, &Vec::new(), &self.globals)?;
            if all.len() * values.len() > ALL {
                return None;
            }
            all =
                all.iter().flat_map(|env| values.iter().map(|value| [env.clone(), vec![(name.clone(), value.clone())]].concat())).collect();
        }
        Some(all)
    }

    /// Random values, or those known where `known` says so.
    fn values(&self, rng: &mut Rng, known: bool) -> Option<Env> {
        let mut env: Env = Vec::new();
        for (name, kind) in &self.variables {
            let witness = self.witness.iter().find(|(n, _)| n == name).filter(|_| known);
            let machine = Machine::new(&self.globals);
            let value = match witness {
                Some((_, term)) => machine.eval(term, &mut env, Numeric::of(kind))?,
                None => Value::random(kind, rng, &env, &self.globals, 0)?,
            };
            env.push((name.clone(), value));
        }
        for (name, given) in &self.given {
            if known && self.witness.iter().any(|(n, _)| n == name) {
                continue;
            }
            let (_, kind) = self.variables.iter().find(|(n, _)| n == name)?;
            let value = match given {
                Given::Value(term) => Machine::new(&self.globals).eval(term, &mut env, Numeric::of(kind))?,
                Given::Function(parameters, body) => {
                    let (arguments, result) = kind.signature();
                    Value::function(Code::Closure(Rc::new(Closure {
                        parameters: parameters.clone(),
                        body: body.clone(),
                        sees: env.clone(),
                        hints: arguments.iter().map(Numeric::of).collect(),
                        result: Numeric::of(&result),
                    })))
                }
            };
            let place = env.iter_mut().find(|(n, _)| n == name)?;
            place.1 = value;
        }
        Some(env)
    }
}

/// The variable whose value a hypothesis gives.
fn gives(hypothesis: &Term) -> Option<(String, Given)> {
    match hypothesis {
        Term::Binary(Op::Eq, left, right) => match (left.as_ref(), right.as_ref()) {
            (Term::Name(name), term) | (term, Term::Name(name)) => Some((name.clone(), Given::Value(term.clone()))),
            _ => None,
        },
        Term::All(bound, body) => {
            let Term::Binary(Op::Eq, left, right) = body.as_ref() else { return None };
            let Term::App(head, arguments) = left.as_ref() else { return None };
            let Term::Name(name) = head.as_ref() else { return None };
            let names: Vec<&str> = bound.iter().filter(|b| b.guard.is_none()).map(|b| b.name.as_str()).collect();
            let plain = arguments.len() == bound.len()
                && arguments.iter().zip(&names).all(|(argument, wanted)| matches!(argument, Term::Name(n) if n == wanted));
            plain.then(|| (name.clone(), Given::Function(names.iter().map(|n| (*n).to_owned()).collect(), right.as_ref().clone())))
        }
        _ => None,
    }
}

/// Whether a term speaks of a name.
fn speaks(term: &Term, name: &str) -> bool {
    // The printed form is complete, and names stand in it in quotes.
    format!("{term:?}").contains(&format!("{name:?}"))
}

fn shown(env: &Env) -> Vec<(String, String)> {
    let text = |value: &Value| match value {
        Value::Number(_, top @ 0.., 1) => top.to_string(),
        Value::Number(_, top, 1) => format!("({top})"),
        Value::Number(_, top, bottom) => format!("({top} / {bottom})"),
        other => format!("{other:?}"),
    };
    env.iter().map(|(name, value)| (name.clone(), text(value))).collect()
}

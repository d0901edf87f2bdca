//! The goal after everything that can be taken apart without a choice: what scripts begin with, and what is left to think about.

use super::{
    fraction::Domain,
    term::{Operator, Term},
    view::mentions,
};
use crate::{
    lemma::{Lemma, renamed},
    lex::{TokenKind, head, is_accessible, tokens},
    shape::{Shape, shape},
};
use prove_core::{Goal, Hypothesis};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Tactics that lose nothing, and the goal they leave as far as it can be told from the text.
#[derive(Debug)]
pub(super) struct Scene {
    pub(super) lines: Vec<String>,
    pub(super) goal: Goal,
}

impl Scene {
    /// Names what is inaccessible, introduces what the target begins with, and opens `∧` and `∃` among the facts. `None` for a goal with
    /// metavariables, which no sketch can speak of.
    pub(super) fn of(goal: &Goal) -> Option<Scene> {
        let (lemma, opening) = Lemma::of(goal)?;
        let goal = lemma.state().goals.pop()?;
        let mut names = Names::of(&goal);
        let mut lines: Vec<String> = opening.iter().map(|tactic| tactic.to_string()).collect();
        let (introduced, mut arrived, target) = introductions(&goal.target, &mut names);
        if !introduced.is_empty() {
            lines.push(format!("intro {}", introduced.join(" ")));
        }
        let mut hypotheses = Vec::new();
        for fact in goal.hypotheses.into_iter().chain(arrived.drain(..)) {
            let [name] = fact.names.as_slice() else { continue };
            let mut parts = Vec::new();
            let pattern = opened(&fact.kind, name, &mut names, &mut parts);
            if fact.value.is_some() || parts.len() < 2 || !is_accessible(name) {
                hypotheses.push(fact);
            } else {
                lines.push(format!("obtain {pattern} := {name}"));
                hypotheses.extend(parts);
            }
        }
        Some(Scene { lines, goal: Goal { case: None, hypotheses, target } })
    }

    /// Puts terms in the place of the variables that facts say are equal to them, and the remainder in that of a quotient that is sought.
    pub(super) fn substituted(mut self) -> Scene {
        loop {
            let hypotheses = &self.goal.hypotheses;
            let is_number = |name: &str| hypotheses.iter().any(|h| h.names == [name] && h.value.is_none() && Domain::of(&h.kind).is_some());
            let found = hypotheses.iter().find_map(|fact| {
                let Shape::Relation { symbol: "=", left, right } = shape(&fact.kind) else { return None };
                let (name, term) = if is_number(left) { (left, right) } else { (right, left) };
                let plain = Term::of(term).filter(|term| !matches!(term, Term::Name(_)))?;
                let [fact] = fact.names.as_slice() else { return None };
                let term = if let Term::Number(_) = plain { term.to_owned() } else { format!("({term})") };
                // Of `n.gcd 40` a term would make something else.
                let dotted = |text: &str| tokens(text).iter().any(|t| t.text.strip_prefix(name).is_some_and(|rest| rest.starts_with('.')));
                let texts = || hypotheses.iter().map(|h| h.kind.as_str()).chain([self.goal.target.as_str()]);
                let elsewhere = || hypotheses.iter().any(|h| h.names != [fact.as_str()] && mentions(&h.kind, name));
                let fits = !is_large(&term) || mentions(&self.goal.target, name) && !elsewhere();
                (fits && is_number(name) && is_accessible(fact) && !mentions(&term, name) && !texts().any(dotted))
                    .then(|| (fact.clone(), name.to_owned(), term))
            });
            let Some((fact, name, term)) = found else { return self.divided() };
            // Lean would compute what it substitutes.
            let line = if is_large(&term) { format!("rw [{fact}]") } else { format!("subst {fact}") };
            self.lines.push(line);
            let given = BTreeMap::from([(name.as_str(), term)]);
            self.goal.hypotheses.retain(|h| h.names != [fact.as_str()] && h.names != [name.as_str()]);
            for h in &mut self.goal.hypotheses {
                h.kind = renamed(&h.kind, &given);
            }
            self.goal.target = renamed(&self.goal.target, &given);
        }
    }

    fn divided(mut self) -> Scene {
        if let Some((line, target)) = divided(&self.goal.target) {
            self.lines.push(line);
            self.goal.target = target;
        }
        self
    }
}

/// Whether there is a power with an exponent that Lean does not compute with.
fn is_large(term: &str) -> bool {
    let large = |text: &str| text.len() > 3 || text.parse::<u32>().is_ok_and(|n| n > 256);
    tokens(term).windows(2).any(|pair| pair[0].text == "^" && pair[1].kind == TokenKind::Number && large(pair[1].text))
}

/// What is left to show of `∃ k, t = 2 * k + 1`: the remainder of `t`; and the tactic that makes it the goal.
fn divided(target: &str) -> Option<(String, String)> {
    let Shape::Exists { binders, body } = shape(target) else { return None };
    let [sought] = binders.as_slice() else { return None };
    let Shape::Relation { symbol: "=", left, right } = shape(body) else { return None };
    let (product, of) = if mentions(left, sought.name) { (left, right) } else { (right, left) };
    let by = |term: &Term<'_>| match term {
        Term::Binary(Operator::Mul, a, b) => match (a.as_ref(), b.as_ref()) {
            (Term::Number(by @ 2..), Term::Name(name)) | (Term::Name(name), Term::Number(by @ 2..)) if *name == sought.name => Some(*by),
            _ => None,
        },
        _ => None,
    };
    let (by, remainder) = match &Term::of(product)? {
        Term::Binary(Operator::Add, multiple, more) => match more.as_ref() {
            Term::Number(remainder) => (by(multiple)?, *remainder),
            _ => return None,
        },
        multiple => (by(multiple)?, 0),
    };
    Term::of(of).filter(|_| !mentions(of, sought.name) && remainder < by)?;
    let target = format!("({of}) % {by} = {remainder}");
    Some((format!("suffices hd : {target} by exact ⟨({of}) / {by}, by omega⟩"), target))
}

/// Names that are not free any more.
struct Names(BTreeSet<String>);

impl Names {
    fn of(goal: &Goal) -> Names {
        let texts = goal.hypotheses.iter().map(|h| h.kind.as_str()).chain([goal.target.as_str()]);
        // A bound variable may keep its name when it is introduced.
        let bound: BTreeSet<String> = texts.clone().flat_map(binders).collect();
        let said = texts.flat_map(tokens).filter(|t| t.kind == TokenKind::Name).map(|t| head(t.text).to_owned());
        let hypotheses: Vec<String> = goal.hypotheses.iter().flat_map(|h| h.names.iter().cloned()).collect();
        Names(said.filter(|name| !bound.contains(name)).chain(hypotheses).collect())
    }

    fn fresh(&mut self, base: &str) -> String {
        let base = if is_accessible(base) && base != "_" { base } else { "x" };
        let mut candidates = std::iter::once(base.to_owned()).chain((1..).map(|n| format!("{base}{n}")));
        let name = candidates.find(|name| !self.0.contains(name)).unwrap_or_default();
        self.0.insert(name.clone());
        name
    }
}

/// The names that quantifiers at the head of a text bind.
fn binders(text: &str) -> Vec<String> {
    match shape(text) {
        Shape::Forall { binders: here, body } | Shape::Exists { binders: here, body } => {
            here.iter().map(|b| b.name.to_owned()).chain(binders(body)).collect()
        }
        Shape::Implies(left, right) | Shape::And(left, right) => [binders(left), binders(right)].concat(),
        _ => Vec::new(),
    }
}

/// The names to introduce, the hypotheses that come of it, and the target that is left.
fn introductions(target: &str, names: &mut Names) -> (Vec<String>, Vec<Hypothesis>, String) {
    let mut introduced = Vec::new();
    let mut arrived = Vec::new();
    let mut target = target.to_owned();
    let fact = |name: &str, kind: &str| Hypothesis { names: vec![name.to_owned()], kind: kind.to_owned(), value: None };
    loop {
        let next = match shape(&target) {
            Shape::Forall { binders, body } => {
                let mut given = BTreeMap::new();
                for binder in &binders {
                    let name = names.fresh(binder.name);
                    arrived.push(fact(&name, &renamed(binder.kind.unwrap_or_default(), &given)));
                    introduced.push(name.clone());
                    if binder.bounded {
                        introduced.push(names.fresh("h"));
                    }
                    given.insert(binder.name, name);
                }
                renamed(body, &given)
            }
            Shape::Implies(premise, body) => {
                let name = names.fresh("h");
                arrived.push(fact(&name, premise));
                introduced.push(name);
                body.to_owned()
            }
            Shape::Not(inner) => {
                let name = names.fresh("h");
                arrived.push(fact(&name, inner));
                introduced.push(name);
                "False".to_owned()
            }
            Shape::Relation { symbol: "≠", left, right } => {
                let name = names.fresh("h");
                arrived.push(fact(&name, &format!("{left} = {right}")));
                introduced.push(name);
                "False".to_owned()
            }
            _ => return (introduced, arrived, target),
        };
        target = next;
    }
}

/// The pattern that opens every `∧` and `∃` of a fact, and the hypotheses that come of it.
fn opened(kind: &str, name: &str, names: &mut Names, parts: &mut Vec<Hypothesis>) -> String {
    let mut pieces = Vec::new();
    let mut rest = VecDeque::from([kind.to_owned()]);
    while let Some(kind) = rest.pop_front() {
        match shape(&kind) {
            Shape::And(left, right) => {
                pieces.push(opened(left, name, names, parts));
                rest.push_back(right.to_owned());
            }
            Shape::Exists { binders, body } if !binders.iter().any(|b| b.bounded) => {
                let mut given = BTreeMap::new();
                for binder in &binders {
                    let fresh = names.fresh(binder.name);
                    let kind = renamed(binder.kind.unwrap_or_default(), &given);
                    parts.push(Hypothesis { names: vec![fresh.clone()], kind, value: None });
                    pieces.push(fresh.clone());
                    given.insert(binder.name, fresh);
                }
                rest.push_back(renamed(body, &given));
            }
            _ => {
                let fresh = names.fresh(name);
                parts.push(Hypothesis { names: vec![fresh.clone()], kind: kind.clone(), value: None });
                pieces.push(fresh);
            }
        }
    }
    if pieces.len() == 1 { pieces.swap_remove(0) } else { format!("⟨{}⟩", pieces.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::{super::testing::goal, *};

    fn scene(hypotheses: &[(&str, &str)], target: &str) -> (String, String) {
        let scene = Scene::of(&goal(hypotheses, target)).expect("no metavariables");
        (scene.lines.join("\n"), scene.goal.to_string())
    }

    #[test]
    fn everything_that_takes_no_choice_is_done() {
        let (lines, goal) = scene(&[("x✝", "Nat"), ("h", "p ∧ ∃ k : Nat, k = x✝ ∧ q")], "∀ (x y : Nat), x < y → ¬y = x_1");
        assert_eq!(lines, "rename_i x_2\nintro x y h1 h2\nobtain ⟨h3, k, h4, h5⟩ := h");
        assert_eq!(goal, "x_2 : Nat\nh3 : p\nk : Nat\nh4 : k = x_2\nh5 : q\nx : Nat\ny : Nat\nh1 : x < y\nh2 : y = x_1\n⊢ False");
    }

    #[test]
    fn bound_names_give_way_to_hypotheses() {
        let (lines, goal) = scene(&[("n", "Nat")], "∀ (n : Nat), n ≠ 0");
        assert_eq!(lines, "intro n1 h");
        assert_eq!(goal, "n : Nat\nn1 : Nat\nh : n1 = 0\n⊢ False");
        assert_eq!(scene(&[("n", "Nat")], "n = n"), (String::new(), "n : Nat\n⊢ n = n".to_owned()));
    }
}

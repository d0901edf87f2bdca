//! Equations of fractions of natural numbers as equations of natural numbers: of `1 / ↑x + 1 / ↑y = 1 / 4` that `4 * x + 4 * y = x * y`.

use super::{
    finite::is_natural,
    polynomial::Polynomial,
    term::{Operator, Term},
    view::{Item, View},
};
use crate::{
    lex::tokens,
    shape::{Shape, shape},
};
use prove_core::{Goal, Hypothesis};

/// The tactics that state such equations, and the goal with these for what they come of. Nothing where there are none.
pub(super) fn cleared(view: &View<'_>) -> Option<(Vec<String>, Goal)> {
    let mut lines = Vec::new();
    let mut hypotheses: Vec<Hypothesis> = view.data.iter().map(Item::hypothesis).collect();
    for fact in &view.facts {
        match equation(view, fact) {
            Some((proof, equation)) => {
                let e = view.fresh("e");
                lines.push(format!("have {e} : {equation} := by\n  {}", proof.join("\n  ")));
                hypotheses.push(Item { name: &e, kind: &equation }.hypothesis());
            }
            None => hypotheses.push(fact.hypothesis()),
        }
    }
    (!lines.is_empty()).then(|| (lines, Goal { case: None, hypotheses, target: view.target.to_owned() }))
}

/// The equation that a fact is, and its proof.
fn equation(view: &View<'_>, fact: &Item<'_>) -> Option<(Vec<String>, String)> {
    if !fact.kind.contains('↑') || !fact.kind.contains('/') {
        return None;
    }
    // A cast of a variable is read as the variable.
    let text: Vec<&str> = tokens(fact.kind).iter().map(|token| token.text).filter(|text| *text != "↑").collect();
    let text = text.join(" ");
    let Shape::Relation { symbol: "=", left, right } = shape(&text) else { return None };
    let difference = Term::Binary(Operator::Sub, Box::new(Term::of(left)?), Box::new(Term::of(right)?));
    let mut names = Vec::new();
    difference.names(&mut names);
    if names.is_empty() || !names.iter().all(|name| view.data.iter().any(|item| item.name == *name && is_natural(item))) {
        return None;
    }
    let whole = Polynomial::of(&difference.fraction()?.0, &names)?.primitive()?;
    let variables: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let (left, right) = (whole.part(1).text(&variables), whole.part(-1).text(&variables));
    let mut divisors: Vec<&Term<'_>> = Vec::new();
    for divisor in difference.divisors() {
        if divisor.any(&|part| matches!(part, Term::Name(_))) && !divisors.contains(&divisor) {
            divisors.push(divisor);
        }
    }
    let cast = |term: &Term<'_>| term.text(&|name| format!("({name} : Rat)"));
    let nonzero = divisors.iter().map(|divisor| {
        let (there, here) = (cast(divisor), divisor.text(&str::to_owned));
        format!("have {} : {there} ≠ 0 := by exact_mod_cast (show {here} ≠ 0 by omega)", view.fresh("d"))
    });
    let e = view.fresh("e");
    let shown = format!("have {e} : (({left} : Nat) : Rat) = (({right} : Nat) : Rat) := by push_cast; grind");
    let proof = nonzero.chain([shown, format!("exact_mod_cast {e}")]).collect();
    Some((proof, format!("{left} = {right}")))
}

#[cfg(test)]
mod tests {
    use super::{super::testing::made, *};

    #[test]
    fn equations_of_fractions_are_multiplied_out() {
        let facts = [("x", "ℕ"), ("y", "ℕ"), ("h₀", "0 < x"), ("h₁", "1 / ↑x + 1 / ↑y = 1 / 4"), ("h₂", "x < y")];
        let (lines, goal) = made(cleared, &facts, "x = 5").expect("an equation");
        assert_eq!(goal.to_string(), "x : ℕ\ny : ℕ\nh₀ : 0 < x\ne1 : 4 * x + 4 * y = x * y\nh₂ : x < y\n⊢ x = 5");
        let proof = "have e1 : 4 * x + 4 * y = x * y := by\n  have d : (x : Rat) ≠ 0 := by exact_mod_cast (show x ≠ 0 by omega)\n";
        assert!(lines[0].starts_with(proof) && lines[0].ends_with("\n  exact_mod_cast e"), "{lines:#?}");
        assert_eq!(made(cleared, &[("x", "ℕ"), ("h", "↑x = 1")], "x = 1"), None);
        assert_eq!(made(cleared, &[("x", "ℤ"), ("h", "1 / ↑x = 1")], "x = 1"), None);
    }
}

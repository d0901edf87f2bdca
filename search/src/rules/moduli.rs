//! Moduli that are unknown: of `6 * x % m = 1` and `(x - 36) % m = 0` the number `m` divides 215, and so is one of few.
//!
//! What facts say of remainders by `m` are equations with quotients in them. Combinations of these in which everything but a number is gone
//! say what `m` divides; the kernel looks through the numbers up to it.

use super::{
    finite::{LARGE_INSTANCES, in_integers, integer, is_integer, is_natural, least},
    fraction::{Domain, Fraction},
    polynomial::{Polynomial, combination, unit},
    statement::Statement,
    term::{Operator, Term},
    view::{Item, View},
};
use crate::{
    lemma::renamed,
    shape::{Shape, shape},
};
use std::{collections::BTreeMap, fmt::Write};

/// The most facts that are combined with each other.
const MOST_FACTS: usize = 5;
/// The largest number whose divisors are looked through.
const MOST_DIVIDED: i128 = 3000;
/// The most divisors that are left.
const MOST_LEFT: usize = 8;

/// What a fact says of remainders by an unknown modulus.
struct Congruence<'a> {
    fact: &'a str,
    /// What leaves the remainder.
    of: Term<'a>,
    remainder: Remainder<'a>,
}

enum Remainder<'a> {
    /// None: the fact says that the modulus divides.
    Zero,
    Term(Term<'a>),
    /// That of another term.
    Of(Term<'a>),
}

/// The script for a goal with such facts.
pub(super) fn script(view: &View<'_>) -> Option<String> {
    view.data.iter().filter(|item| is_integer(item)).find_map(|modulus| by(view, modulus))
}

fn by(view: &View<'_>, modulus: &Item<'_>) -> Option<String> {
    let natural = is_natural(modulus);
    let domain = if natural { Domain::Nat } else { Domain::Int };
    let (congruences, names) = congruences(view, modulus, domain);
    let divided: Vec<Polynomial> = congruences.iter().map(|congruence| congruence.divided(&names)).collect::<Option<_>>()?;
    let numbers = numbers(&divided, names.len());
    let most = numbers.iter().map(|(number, _)| *number).min().filter(|most| *most <= MOST_DIVIDED)?;
    if !natural && least(view, modulus.name).is_none_or(|(least, _)| least < 0) {
        return None;
    }
    // What it may be, as far as facts about it alone tell.
    let said = view.facts.iter().filter_map(|fact| Some((fact, Statement::of(fact.kind)?)));
    let said: Vec<(&Item<'_>, Statement<'_>)> = said.filter(|(_, said)| said.names() == [modulus.name]).collect();
    let fits = |value: &i128| {
        let at = |_: &str| Fraction::new(*value, 1);
        numbers.iter().all(|(number, _)| number % value == 0) && said.iter().all(|(_, said)| said.holds(domain, &at) != Some(false))
    };
    let left: Vec<i128> = (1..=most).filter(fits).collect();
    let facts: Vec<&Item<'_>> = said.into_iter().map(|(fact, _)| fact).collect();
    (left.len() <= MOST_LEFT).then(|| write(view, modulus, &congruences, &numbers, most, &facts, &left))?
}

/// What facts say of remainders by a number, and the variables in it; all of one type.
fn congruences<'a>(view: &View<'a>, modulus: &Item<'_>, domain: Domain) -> (Vec<Congruence<'a>>, Vec<&'a str>) {
    let mut names = Vec::new();
    let mut congruences = Vec::new();
    for congruence in view.facts.iter().filter_map(|fact| congruence(fact, modulus.name)).take(MOST_FACTS) {
        let mut own = Vec::new();
        congruence.terms().for_each(|term| term.names(&mut own));
        let alike = |name: &&str| view.data.iter().any(|item| item.name == *name && Domain::of(item.kind) == Some(domain));
        if congruence.terms().all(|term| term.is_arithmetic(domain)) && own.iter().all(alike) && !own.contains(&modulus.name) {
            names.extend(own.into_iter().filter(|name| !names.contains(name)).collect::<Vec<_>>());
            congruences.push(congruence);
        }
    }
    (congruences, names)
}

/// The script, for a modulus that divides these numbers, the least of them `most`, and so is one of those that are left by facts about it.
fn write(
    view: &View<'_>,
    modulus: &Item<'_>,
    congruences: &[Congruence<'_>],
    numbers: &[(i128, Vec<Fraction>)],
    most: i128,
    facts: &[&Item<'_>],
    left: &[i128],
) -> Option<String> {
    let (m, natural) = (modulus.name, is_natural(modulus));
    let mut script = String::new();
    let quotients: Vec<String> = congruences.iter().map(|congruence| congruence.opened(view, m, natural, &mut script)).collect();
    // Remainders by what is unknown lead `grind` astray.
    let spent = congruences.iter().filter(|congruence| !matches!(congruence.remainder, Remainder::Zero));
    let spent: String = spent.map(|congruence| format!("clear {}; ", congruence.fact)).collect();
    let mut divides = Vec::new();
    for (number, times) in numbers {
        let d = view.fresh("d");
        let sum = sum(times).text(&quotients);
        let _ = writeln!(script, "have {d} : ({m} : Int) ∣ {number} := ⟨{sum}, by {spent}grind⟩");
        divides.push(d);
    }
    let [k, hk, b, key, h, c] = ["k", "hk", "b", "key", "h", "c"].map(|base| view.fresh(base));
    let first = &divides[numbers.iter().position(|(number, _)| *number == most)?];
    let _ = writeln!(script, "have {b} : {m} ≤ {most} := by have := Int.le_of_dvd (by decide) {first}; omega");
    if !natural {
        let _ = writeln!(script, "obtain ⟨{k}, {hk}⟩ : ∃ k : Nat, {m} = k := ⟨{m}.toNat, by omega⟩");
    }
    // The same of all numbers up to it, which the kernel looks through.
    let (it, variable) = if natural { (m, k.clone()) } else { (k.as_str(), format!("({k} : Int)")) };
    let named = BTreeMap::from([(m, variable)]);
    let divided = numbers.iter().map(|(number, _)| format!("({k} : Int) ∣ {number}"));
    let premises = divided.chain(facts.iter().map(|fact| format!("({})", renamed(fact.kind, &named))));
    let premises: String = premises.map(|premise| premise + " → ").collect();
    let shown = |fact: &str| if natural { format!(" {fact}") } else { format!(" (by rw [← {hk}]; exact {fact})") };
    let arguments: String = divides.iter().map(String::as_str).chain(facts.iter().map(|fact| fact.name)).map(shown).collect();
    let cases = |name: &str| match left {
        [] => "False".to_owned(),
        left => left.iter().map(|value| format!("{name} = {value}")).collect::<Vec<_>>().join(" ∨ "),
    };
    let all = format!("∀ {k} : Nat, {k} ≤ {most} → {premises}{}", cases(&k));
    let _ = writeln!(script, "{LARGE_INSTANCES}have {key} : {all} := by decide +kernel");
    let patterns = |name: &str| vec![name; left.len()].join(" | ");
    let found = format!("{key} {it} (by omega){arguments}");
    let _ = match (natural, left) {
        (_, []) => write!(script, "exact ({found}).elim"),
        (true, _) => write!(script, "exact {found}"),
        (false, _) => write!(script, "rcases {found} with {} <;> (rw [{hk}, {h}]; decide)", patterns(&h)),
    };
    // What it took is forgotten before the cases are looked at.
    let shown = script.replace('\n', "\n  ");
    let close = match left {
        [] => format!("exact {c}.elim"),
        _ => format!("rcases {c} with {} <;> subst {c} <;> first | decide | omega | (simp_all; done) | grind", patterns(&c)),
    };
    Some(format!("have {c} : {} := by\n  {shown}\n{close}", cases(m)))
}

/// What the modulus divides, each with the numbers that it takes of what facts say is divided.
fn numbers(divided: &[Polynomial], variables: usize) -> Vec<(i128, Vec<Fraction>)> {
    let one = Polynomial::constant(Fraction::from(1u64), variables);
    let mut found: Vec<(i128, Vec<Fraction>)> = Vec::new();
    for chosen in 1u32..1 << divided.len() {
        let of: Vec<Polynomial> =
            divided.iter().enumerate().map(|(i, p)| if chosen >> i & 1 == 1 { p.clone() } else { Polynomial::default() }).collect();
        let whole = combination(&of, &one).filter(|_| chosen.count_ones() <= 3).and_then(|times| {
            let multiple = sum(&times).denominators()?;
            let times = times.into_iter().map(|t| Domain::Rat.apply("*", t, Fraction::new(multiple, 1)?)).collect::<Option<Vec<_>>>()?;
            Some((multiple, times))
        });
        if let Some((number, times)) = whole
            && !found.iter().any(|(other, _)| *other == number)
        {
            found.push((number, times));
        }
    }
    found.truncate(4);
    found
}

/// The sum of so many times each variable.
fn sum(times: &[Fraction]) -> Polynomial {
    let variables = times.len();
    // Different variables, of which there are few: nothing is added up that could be too large.
    Polynomial::sum(times.iter().enumerate().map(|(place, times)| (unit(place, variables), *times))).unwrap_or_default()
}

/// What a fact says of remainders by this modulus.
fn congruence<'a>(fact: &Item<'a>, modulus: &str) -> Option<Congruence<'a>> {
    let is_modulus = |term: &Term<'_>| matches!(term, Term::Name(name) if *name == modulus);
    match shape(fact.kind) {
        Shape::Relation { symbol: "∣", left, right } if left == modulus => {
            Some(Congruence { fact: fact.name, of: Term::of(right)?, remainder: Remainder::Zero })
        }
        Shape::Relation { symbol: "=", left, right } => match (Term::of(left)?, Term::of(right)?) {
            (Term::Binary(Operator::Mod, of, by), Term::Binary(Operator::Mod, other, same)) if is_modulus(&by) && same == by => {
                Some(Congruence { fact: fact.name, of: *of, remainder: Remainder::Of(*other) })
            }
            (Term::Binary(Operator::Mod, of, by), remainder) if is_modulus(&by) => {
                Some(Congruence { fact: fact.name, of: *of, remainder: Remainder::Term(remainder) })
            }
            _ => None,
        },
        _ => None,
    }
}

impl<'a> Congruence<'a> {
    fn terms(&self) -> impl Iterator<Item = &Term<'a>> {
        let other = match &self.remainder {
            Remainder::Zero => None,
            Remainder::Term(term) | Remainder::Of(term) => Some(term),
        };
        std::iter::once(&self.of).chain(other)
    }

    /// What the modulus divides.
    fn divided(&self, names: &[&str]) -> Option<Polynomial> {
        let mut terms = self.terms().map(|term| Polynomial::of(term, names));
        let of = terms.next()??;
        terms.next().map_or(Some(of.clone()), |other| of.minus(&other?))
    }

    /// Writes it as an equation of integers; returns the quotient.
    fn opened(&self, view: &View<'_>, m: &str, natural: bool, script: &mut String) -> String {
        let (q, e) = (view.fresh("q"), view.fresh("e"));
        let divided = |of: &Term<'_>| {
            let lemma = if natural { "Nat.div_add_mod" } else { "Int.mul_ediv_add_emod" };
            let of = of.text(&str::to_owned);
            (format!("({lemma} ({of}) {m}).symm"), of)
        };
        let cast = |e: &str| match natural {
            true => in_integers("replace", e, e),
            false => String::new(),
        };
        let quotient = |q: &str| integer(q, natural);
        let (equation, of) = divided(&self.of);
        let fact = self.fact;
        let opened = match &self.remainder {
            Remainder::Zero => format!("obtain ⟨{q}, {e}⟩ := {fact}\n{}", cast(&e)),
            Remainder::Term(_) => format!("have {e} := {equation}\nrw [{fact}] at {e}\ngeneralize ({of}) / {m} = {q} at {e}\n{}", cast(&e)),
            Remainder::Of(other) => {
                let (q2, e2, r) = (view.fresh("q"), view.fresh("e"), view.fresh("r"));
                let (equation2, other) = divided(other);
                script.push_str(&format!(
                    "have {e} := {equation}\nrw [{fact}] at {e}\nhave {e2} := {equation2}\ngeneralize ({other}) % {m} = {r} at {e} {e2}\n\
                     generalize ({of}) / {m} = {q} at {e}\ngeneralize ({other}) / {m} = {q2} at {e2}\n{}{}",
                    cast(&e),
                    cast(&e2)
                ));
                return format!("({} - {})", quotient(&q), quotient(&q2));
            }
        };
        script.push_str(&opened);
        quotient(&q)
    }
}

#[cfg(test)]
mod tests {
    use super::{super::testing::made, *};

    fn of(hypotheses: &[(&str, &str)], target: &str) -> Option<String> {
        made(script, hypotheses, target)
    }

    #[test]
    fn the_modulus_divides_what_is_left_when_the_variables_are_gone() {
        let facts = [("m", "ℤ"), ("x", "ℤ"), ("h₁", "10 ≤ m"), ("h₂", "m ≤ 99"), ("h₃", "6 * x % m = 1"), ("h₄", "(x - 6 ^ 2) % m = 0")];
        let script = of(&facts, "m = 43").expect("a script");
        assert!(script.contains("have d : (m : Int) ∣ 215 := ⟨q - 6 * q1, by clear h₃; clear h₄; grind⟩\n"), "{script}");
        assert!(script.contains("((k : Int) ≤ 99) → k = 43 := by decide +kernel\n"), "{script}");
    }

    #[test]
    fn equal_remainders_make_the_modulus_divide_differences() {
        let facts = [("d", "ℕ"), ("r", "ℕ"), ("h", "1 < d"), ("h1", "1059 % d = r"), ("h2", "1417 % d = r"), ("h3", "2312 % d = r")];
        let script = of(&facts, "d - r = 15").expect("a script");
        assert!(script.contains("(d : Int) ∣ 358") && script.contains("(d : Int) ∣ 1253") && script.contains("→ k = 179 :="), "{script}");
        let same = of(&[("d", "ℕ"), ("h", "1 < d"), ("h1", "15 % d = 29 % d")], "d = 2 ∨ d = 7 ∨ d = 14").expect("a script");
        assert!(same.contains("(d : Int) ∣ 14 := ⟨-((q : Int) - (q1 : Int)), by clear h1; grind⟩"), "{same}");
        let divides =
            of(&[("d", "ℕ"), ("n", "ℕ"), ("h", "1 < d"), ("h1", "d ∣ 2 * n + 3"), ("h2", "d ∣ 3 * n + 1")], "d = 7").expect("a script");
        assert!(divides.contains("(d : Int) ∣ 7 := ⟨3 * (q : Int) - 2 * (q1 : Int), by grind⟩"), "{divides}");
        assert_eq!(of(&[("m", "ℕ"), ("x", "ℕ"), ("h", "x % m = 1")], "m = 2"), None);
        assert_eq!(of(&[("m", "ℤ"), ("h", "15 % m = 1"), ("h1", "m ≠ 2")], "m = 7"), None, "it may be negative");
    }

    proptest::proptest! {
        #[test]
        fn no_goal_panics(fact in "[xm0-9 +*^()=∣%/-]* % m = [xm0-9]", other in "m ∣ [xm0-9 +*^()-]*", target in "[xm0-9 +*^()=∣%/-]*") {
            for kind in ["Int", "Nat"] {
                of(&[("x", kind), ("m", kind), ("g", "0 < m"), ("h", &fact), ("h1", &other)], &target);
            }
        }
    }
}

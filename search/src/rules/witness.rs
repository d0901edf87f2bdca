//! Witnesses for `∃`, found by trying values.
//!
//! Where nothing in the statement varies, values from a small box are tried until it holds. Where a variable of the goal does, a witness is
//! a term in it: one is taken that makes the statement hold for all small values of the variable that the facts allow, or else one for
//! each remainder of the variable by a small modulus. What is proposed holds in all cases that were looked at.

use super::{
    finite::is_integer,
    fraction::{Domain, Fraction},
    statement::Statement,
    term::Term,
    view::{Item, View, mentions},
};
use crate::shape::{Shape, shape};

/// The most tuples of values, or of terms, that are tried.
const MOST_TRIED: usize = 100_000;
/// The most variables behind `∃`.
const MOST_SOUGHT: usize = 4;
/// The values of a variable that terms are tried on.
const SAMPLES: i64 = 40;
/// Of so many of them the facts have to be true.
const LEAST_SAMPLES: usize = 8;
/// The largest modulus whose remainders get terms of their own.
const MOST_MODULUS: i64 = 6;

/// The script for a target `∃ x y, …` about whole numbers.
pub(super) fn script(view: &View<'_>) -> Option<String> {
    let (mut sought, mut body) = (Vec::new(), view.target);
    while let Shape::Exists { binders, body: inner } = shape(body) {
        for binder in &binders {
            let domain = binder.kind.and_then(Domain::of).filter(|_| !binder.bounded);
            sought.push((binder.name, domain));
        }
        body = inner;
    }
    let statement = Statement::of(body).filter(|_| (1..=MOST_SOUGHT).contains(&sought.len()))?;
    let free: Vec<&Item<'_>> = view.data.iter().filter(|item| mentions(body, item.name)).collect();
    let known = |name: &&str| sought.iter().any(|(sought, _)| sought == name) || free.iter().any(|item| item.name == *name);
    if !statement.names().iter().all(known) || !free.iter().all(|item| is_integer(item)) {
        return None;
    }
    let names: Vec<&str> = sought.iter().map(|(name, _)| *name).collect();
    // Binders are printed without their types where these are clear from the body.
    let domains: Vec<Domain> =
        sought.iter().filter_map(|(_, domain)| *domain).chain(free.iter().filter_map(|item| Domain::of(item.kind))).collect();
    match (domains.first(), free.as_slice()) {
        (Some(first), _) if *first == Domain::Rat || domains.iter().any(|domain| domain != first) => None,
        (Some(domain), [variable]) => Search { view, statement, domain: *domain, names, variable: variable.name }.script(),
        (known, []) => {
            let domains = known.map_or(vec![Domain::Nat, Domain::Int], |known| vec![*known]);
            let found = domains.into_iter().find_map(|domain| values(&statement, domain, &names))?;
            Some(format!("exact ⟨{}, by decide⟩", found.join(", ")))
        }
        _ => None,
    }
}

/// Values for which a statement holds, the smallest first.
fn values(statement: &Statement<'_>, domain: Domain, names: &[&str]) -> Option<Vec<String>> {
    let mut tried = 0;
    for largest in 0.. {
        let least = if domain == Domain::Nat { 0 } else { -largest };
        let mut tuple: Vec<i64> = vec![least; names.len()];
        loop {
            // Those without the largest value were tried before.
            if tuple.iter().any(|value| value.abs() == largest) {
                let value = |name: &str| Some(Fraction::from(tuple[names.iter().position(|n| *n == name)?]));
                if statement.holds(domain, &value) == Some(true) {
                    return Some(tuple.iter().map(|value| Fraction::from(*value).text()).collect());
                }
            }
            tried += 1;
            let Some(next) = tuple.iter().position(|value| *value < largest) else { break };
            tuple[next] += 1;
            tuple[..next].fill(least);
        }
        if tried > MOST_TRIED {
            break;
        }
    }
    None
}

/// A search for terms in one variable.
struct Search<'a, 'v> {
    view: &'v View<'a>,
    statement: Statement<'a>,
    domain: Domain,
    names: Vec<&'a str>,
    variable: &'a str,
}

impl Search<'_, '_> {
    fn script(&self) -> Option<String> {
        let facts: Vec<Statement<'_>> =
            self.view.facts.iter().filter_map(|fact| Statement::of(fact.kind)).filter(|fact| fact.names() == [self.variable]).collect();
        let least = if self.domain == Domain::Nat { 0 } else { -SAMPLES / 2 };
        let allowed = |n: &i64| facts.iter().all(|fact| fact.holds(self.domain, &|_| Some(Fraction::from(*n))) == Some(true));
        let samples: Vec<i64> = (least..least + SAMPLES).filter(allowed).collect();
        if samples.len() < LEAST_SAMPLES {
            return None;
        }
        let exact = |terms: Vec<String>| format!("exact ⟨{}, by first | omega | grind⟩", terms.join(", "));
        if let Some(terms) = self.terms(&samples) {
            return Some(exact(terms));
        }
        let (n, h) = (self.variable, self.view.fresh("h"));
        (2..=MOST_MODULUS).find_map(|modulus| {
            let class = |r: i64| samples.iter().copied().filter(|n| n.rem_euclid(modulus) == r).collect::<Vec<_>>();
            let cases = (0..modulus).map(|r| Some(format!("\n· {}", exact(self.terms(&class(r))?)))).collect::<Option<String>>()?;
            let says: Vec<String> = (0..modulus).map(|r| format!("{n} % {modulus} = {r}")).collect();
            let pattern = vec![h.as_str(); says.len()].join(" | ");
            Some(format!("rcases (by omega : {}) with {pattern}{cases}", says.join(" ∨ ")))
        })
    }

    /// Terms for which the statement holds at all of these values of the variable.
    fn terms(&self, samples: &[i64]) -> Option<Vec<String>> {
        let texts = candidates(self.variable);
        let terms: Vec<Term<'_>> = texts.iter().filter_map(|text| Term::of(text)).collect();
        let at = |term: &Term<'_>, n: i64| term.value(self.domain, &|_| Some(Fraction::from(n)));
        let table: Vec<Vec<Option<Fraction>>> = terms.iter().map(|term| samples.iter().map(|n| at(term, *n)).collect()).collect();
        let fits = |tuple: &[usize]| {
            samples.iter().enumerate().all(|(i, n)| {
                let value = |name: &str| match self.names.iter().position(|sought| *sought == name) {
                    Some(place) => table[tuple[place]][i],
                    None => Some(Fraction::from(*n)),
                };
                self.statement.holds(self.domain, &value) == Some(true)
            })
        };
        let mut tuple = vec![0; self.names.len()];
        for _ in 0..MOST_TRIED {
            if fits(&tuple) {
                return Some(tuple.iter().map(|at| texts[*at].clone()).collect());
            }
            let next = tuple.iter().position(|at| at + 1 < terms.len())?;
            tuple[next] += 1;
            tuple[..next].fill(0);
        }
        None
    }
}

/// Terms in a variable, the simplest first.
fn candidates(n: &str) -> Vec<String> {
    let numerals = (0..6).map(|c| c.to_string());
    let linear = (1..7).flat_map(|a| (0..7).map(move |b| (a, b))).map(|(a, b)| match (a, b) {
        (1, 0) => n.to_owned(),
        (1, b) => format!("{n} + {b}"),
        (a, 0) => format!("{a} * {n}"),
        (a, b) => format!("{a} * {n} + {b}"),
    });
    let quotients = (2..7).flat_map(|d| (0..13).map(move |c| (c, d))).map(|(c, d)| match c {
        0 => format!("{n} / {d}"),
        c => format!("({n} - {c}) / {d}"),
    });
    let squares = [format!("{n} ^ 2"), format!("{n} ^ 2 + 1"), format!("{n} * ({n} + 1)"), format!("{n} * ({n} + 1) / 2")];
    numerals.chain(linear).chain(quotients).chain(squares).collect()
}

#[cfg(test)]
mod tests {
    use super::{super::testing::made, *};

    fn of(hypotheses: &[(&str, &str)], target: &str) -> Option<String> {
        made(script, hypotheses, target)
    }

    #[test]
    fn closed_statements_get_their_smallest_witnesses() {
        let found = of(&[], "∃ (a : ℕ) (b : ℕ) (c : ℕ), 0 < a ∧ a < b ∧ a ^ 2 + b ^ 2 = c ^ 2");
        assert_eq!(found.as_deref(), Some("exact ⟨3, 4, 5, by decide⟩"));
        let found = of(&[], "∃ x y, 17 * x + 29 * y = 1");
        assert_eq!(found.as_deref(), Some("exact ⟨12, (-7), by decide⟩"));
        assert_eq!(of(&[], "∃ (x : ℕ), x * x = 2"), None);
        assert_eq!(of(&[], "∃ (x : ℚ), x * x = 1"), None);
        assert_eq!(of(&[], "∃ (f : ℕ → ℕ), f 1 = 1"), None);
    }

    #[test]
    fn witnesses_vary_with_a_variable() {
        let found = of(&[("n", "ℕ")], "∃ (m : ℕ), n < m ∧ m % 4 = 3");
        assert_eq!(found.as_deref(), Some("exact ⟨4 * n + 3, by first | omega | grind⟩"));
        let found = of(&[("n", "ℕ"), ("h", "8 ≤ n")], "∃ (a : ℕ) (b : ℕ), n = 3 * a + 5 * b").expect("a script");
        let wanted = "rcases (by omega : n % 3 = 0 ∨ n % 3 = 1 ∨ n % 3 = 2) with h1 | h1 | h1\n\
            · exact ⟨n / 3, 0, by first | omega | grind⟩\n\
            · exact ⟨(n - 8) / 3, 2, by first | omega | grind⟩\n\
            · exact ⟨(n - 3) / 3, 1, by first | omega | grind⟩";
        assert_eq!(found, wanted);
        assert_eq!(of(&[("n", "ℕ")], "∃ (m : ℕ), m * m = n"), None);
        assert_eq!(of(&[("n", "ℕ"), ("h", "n < 3")], "∃ (m : ℕ), n < m"), None, "too few values to judge by");
    }
}

//! Functional equations at the arguments that the target asks for: of `∀ x, f (2 * x - 1) = x ^ 2` the instance that speaks of `f 5`, of
//! an equation in two variables the instances at small numbers, or, for a function of products, at the factors of its arguments.

use super::{
    fraction::{Domain, Fraction, line},
    term::Term,
    view::{View, mentions},
};
use crate::{
    lex::{Token, atom, tokens},
    shape::{Shape, shape},
};
use std::{collections::BTreeSet, fmt::Write};

/// Where an equation in two variables is looked at.
const PAIRS: [(u64, u64); 8] = [(0, 0), (1, 0), (0, 1), (1, 1), (1, 2), (2, 1), (2, 2), (1, 3)];

/// The largest prime divisor that is looked for.
const MOST_FACTOR: u64 = 1000;

/// The script for a goal with such equations.
pub(super) fn script(view: &View<'_>) -> Option<String> {
    let mut instances: Vec<String> = Vec::new();
    for fact in &view.facts {
        let Shape::Forall { binders, body } = shape(fact.kind) else { continue };
        let functions: Vec<(&str, Domain)> = view.data.iter().filter_map(|item| Some((item.name, domain(item.kind)?))).collect();
        let functions: Vec<_> = functions.into_iter().filter(|(name, _)| mentions(body, name)).collect();
        let is_equation = matches!(shape(body), Shape::Relation { symbol: "=", .. });
        match binders.as_slice() {
            _ if !is_equation || functions.is_empty() => {}
            [binder] if !binder.bounded => {
                for (function, domain) in functions {
                    let arguments = arguments(body, function).into_iter().filter_map(|text| inside(view, text, binder.name));
                    for (slope, offset) in arguments.filter_map(|(term, name)| linear(&term, &name, domain)) {
                        let wanted =
                            self::arguments(view.target, function).into_iter().filter_map(|text| Term::of(text)?.value(domain, &|_| None));
                        let solved = wanted.filter_map(|value| solution(slope, offset, value, domain));
                        instances.extend(solved.map(|x| format!("{} {}", fact.name, bracketed(x))));
                    }
                }
            }
            [a, b] if !a.bounded && !b.bounded && functions.iter().any(|(name, _)| is_of_product(body, name, a.name, b.name)) => {
                let numerals = view.facts.iter().map(|fact| fact.kind).chain([view.target]);
                let numerals = numerals.flat_map(|text| functions.iter().flat_map(|(name, _)| self::arguments(text, name)));
                for n in numerals.filter_map(|text| text.parse::<u64>().ok()) {
                    instances.extend(factors(n).into_iter().map(|(p, rest)| format!("{} {p} {rest}", fact.name)));
                }
            }
            [a, b] if !a.bounded && !b.bounded => instances.extend(PAIRS.iter().map(|(x, y)| format!("{} {x} {y}", fact.name))),
            _ => {}
        }
    }
    let mut seen = BTreeSet::new();
    instances.retain(|instance| seen.insert(instance.clone()));
    if instances.is_empty() {
        return None;
    }
    let mut script = String::new();
    for instance in instances {
        let _ = writeln!(script, "have {} := {instance}", view.fresh("s"));
    }
    Some(script + "grind")
}

/// Whether a function is said to be something of the product of two variables.
fn is_of_product(text: &str, function: &str, a: &str, b: &str) -> bool {
    arguments(text, function).iter().any(|argument| *argument == format!("{a} * {b}"))
}

/// A number as its least prime divisor and what is left, and that in turn, as far as there are two factors.
fn factors(mut n: u64) -> Vec<(u64, u64)> {
    let mut found = Vec::new();
    while let Some(p) = (2..=MOST_FACTOR).find(|p| n.is_multiple_of(*p) && n > *p && found.len() < 16) {
        n /= p;
        found.push((p, n));
    }
    found
}

/// The domain of a function of one number.
fn domain(kind: &str) -> Option<Domain> {
    let (from, to) = kind.split_once('→')?;
    Domain::of(to).and(Domain::of(from))
}

/// The texts of what a function is applied to, outermost first.
fn arguments<'a>(text: &'a str, function: &str) -> Vec<&'a str> {
    let all = tokens(text);
    let argument = |rest: &[Token<'a>]| match atom(rest)? {
        1 => rest.first().map(|token| token.text),
        length => text.get(rest.first()?.end()..rest[length - 1].start).map(str::trim),
    };
    all.iter().enumerate().filter(|(_, token)| token.text == function).filter_map(|(i, _)| argument(&all[i + 1..])).collect()
}

/// What an argument is in terms of a variable: itself, or what another fact says of the function it is a value of. None for the variable
/// alone, at which the fact is used by others.
fn inside<'a>(view: &View<'a>, text: &'a str, variable: &str) -> Option<(Term<'a>, String)> {
    if let Some(term) = Term::of(text) {
        return (term != Term::Name(text)).then(|| (term, variable.to_owned()));
    }
    view.facts.iter().find_map(|fact| {
        let Shape::Forall { binders, body } = shape(fact.kind) else { return None };
        let ([binder], Shape::Relation { symbol: "=", left, right }) = (binders.as_slice(), shape(body)) else { return None };
        let called = left.strip_suffix(binder.name)?;
        (text == format!("{called}{variable}")).then(|| Some((Term::of(right)?, binder.name.to_owned())))?
    })
}

/// The slope, not zero, and the value at 0 of a linear term.
fn linear(term: &Term<'_>, name: &str, domain: Domain) -> Option<(Fraction, Fraction)> {
    // Natural numbers may not subtract on the way.
    let within = if domain == Domain::Nat { Domain::Int } else { domain };
    let at = |x: u64| term.value(within, &|other| (other == name).then(|| Fraction::from(x)));
    line(at).filter(|(slope, _)| term.degree() == Some(1) && slope.sign() != 0)
}

/// The `x` of the domain with `slope * x + offset = value`.
fn solution(slope: Fraction, offset: Fraction, value: Fraction, domain: Domain) -> Option<Fraction> {
    Domain::Rat.apply("/", Domain::Rat.apply("-", value, offset)?, slope).filter(|x| x.is_of(domain))
}

/// As an argument.
fn bracketed(x: Fraction) -> String {
    let text = x.text();
    if text.contains(' ') { format!("({text})") } else { text }
}

#[cfg(test)]
mod tests {
    use super::{super::testing::made, *};

    fn of(hypotheses: &[(&str, &str)], target: &str) -> Option<String> {
        made(script, hypotheses, target)
    }

    #[test]
    fn equations_are_used_where_they_speak_of_what_is_asked() {
        let found = of(&[("f", "ℚ → ℚ"), ("h", "∀ (x : ℚ), f (2 * x - 1) = x ^ 2 + 3")], "f 5 + f 2 = 14");
        assert_eq!(found.as_deref(), Some("have s := h 3\nhave s1 := h (3 / 2)\ngrind"));
        let composed = [("f", "ℤ → ℤ"), ("g", "ℤ → ℤ"), ("h₀", "∀ (x : ℤ), f x = 2 * x - 4"), ("h₁", "∀ (x : ℤ), g (f x) = x ^ 2 + 5")];
        assert_eq!(of(&composed, "g 6 = 30").as_deref(), Some("have s := h₁ 5\ngrind"));
        assert_eq!(of(&composed, "g 5 = 30"), None, "5 is no value of f");
        assert_eq!(of(&[("f", "ℤ → ℤ"), ("h", "∀ (x : ℤ), f x = x")], "f 2 = 2"), None);
    }

    #[test]
    fn equations_in_two_variables_are_looked_at_where_these_are_small() {
        let found = of(&[("f", "ℕ → ℕ"), ("h", "∀ (m n : ℕ), f (m + n) = f m + f n + m * n")], "f 4 = 10").expect("a script");
        assert!(found.starts_with("have s := h 0 0\n") && found.ends_with("have s7 := h 1 3\ngrind"), "{found}");
    }

    #[test]
    fn functions_of_products_are_taken_apart() {
        let facts = [("f", "ℕ → ℕ"), ("h₀", "∀ (m n : ℕ), f (m * n) = f m + f n"), ("h₁", "f 2 = 3"), ("h₂", "f 3 = 4")];
        let script = made(script, &facts, "f 36 = 14").expect("a script");
        assert_eq!(script, "have s := h₀ 2 18\nhave s1 := h₀ 2 9\nhave s2 := h₀ 3 3\ngrind");
    }

    proptest::proptest! {
        #[test]
        fn no_goal_panics(fact in "[xf0-9 +*^()=/-]*", target in "[f0-9 ()+=]*") {
            let _ = of(&[("f", "ℕ → ℕ"), ("h", &format!("∀ (x : ℕ), {fact}"))], &target);
        }
    }
}

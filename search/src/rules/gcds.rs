//! Greatest common divisors of linear terms: the divisor divides the combination of the two in which the variable is gone.

use super::{
    finite::is_natural,
    fraction::{self, Domain, Fraction, Reader, line},
    statement::Statement,
    view::{View, mentions},
};
use crate::{
    lex::{Token, TokenKind, closing, tokens},
    shape::{Shape, shape},
};
use std::ops::Range;

/// The largest common multiple whose divisors are tried.
const MOST_MULTIPLE: u64 = 2000;

/// The script for a goal that speaks of the greatest common divisor of linear terms, or of that and the least common multiple.
pub(super) fn script(view: &View<'_>) -> Option<String> {
    eliminated(view).or_else(|| multiples(view))
}

/// The script for facts about both `Nat.gcd a b` and `Nat.lcm a b` of two variables: their product is that of the variables, and they divide
/// and are divided by them. Where numerals say what they are, there are few candidates, which are tried.
fn multiples(view: &View<'_>) -> Option<String> {
    let texts = || std::iter::once(view.target).chain(view.facts.iter().map(|fact| fact.kind));
    let natural = |name: &str| view.data.iter().any(|item| is_natural(item) && item.name == name);
    let numeral = |text: &str| text.parse::<u64>().is_ok();
    let (a, b) = texts().find_map(|text| arguments(text)).filter(|(a, b)| [a, b].iter().all(|of| natural(of) || numeral(of)))?;
    let both = |function: &str| [format!("{a}.{function} {b}"), format!("{b}.{function} {a}")];
    let named = |function: &str| texts().any(|text| both(function).iter().any(|call| text.contains(call.as_str())));
    let says = |function: &str| {
        view.facts.iter().find_map(|fact| {
            let Shape::Relation { symbol: "=", left, right } = shape(fact.kind) else { return None };
            both(function).iter().any(|call| left == call).then(|| right.parse::<u64>().ok().map(|n| (n, fact.name)))?
        })
    };
    if !named("lcm") {
        return None;
    }
    let [e, d, d1, d2, d3] = ["e", "d", "d", "d", "d"].map(|base| view.fresh(base));
    let facts = format!(
        "have {e} := Nat.gcd_mul_lcm {a} {b}\n\
         have {d} := Nat.gcd_dvd_left {a} {b}\nhave {d1} := Nat.gcd_dvd_right {a} {b}\n\
         have {d2} := Nat.dvd_lcm_left {a} {b}\nhave {d3} := Nat.dvd_lcm_right {a} {b}\n"
    );
    let tried = match (says("gcd"), says("lcm")) {
        (Some((_, from)), Some((_, to))) if numeral(a) || numeral(b) => format!("rw [{from}, {to}] at {e}\nomega"),
        (Some((g, from)), Some((l, to))) if (1..=MOST_MULTIPLE).contains(&l) && g > 0 => {
            let candidates: Vec<String> = (1..=l).filter(|n| l % n == 0 && n % g == 0).map(|n| format!("n = {n}")).collect();
            let key = view.fresh("key");
            let cases = vec!["rfl"; candidates.len()].join(" | ");
            format!(
                "rw [{from}] at {d} {d1}\nrw [{to}] at {d2} {d3}\n\
                 have {key} : ∀ n ∈ List.range {}, n ∣ {l} → {g} ∣ n → {} := by decide +kernel\n\
                 have {key} : ∀ n, n ∣ {l} → {g} ∣ n → {} := fun n h => {key} n (List.mem_range.mpr (Nat.lt_succ_of_le (Nat.le_of_dvd (by decide) h))) h\n\
                 rcases {key} {a} {d2} {d} with {cases} <;> rcases {key} {b} {d3} {d1} with {cases} <;> first | omega | simp_all",
                l + 1,
                candidates.join(" ∨ "),
                candidates.join(" ∨ "),
            )
        }
        _ => "first | (subst_vars; simp_all; done) | (simp_all; omega) | grind".to_owned(),
    };
    Some(facts + &tried)
}

/// A multiple of a term, and a proof that a divisor divides the term.
struct Multiple<'t> {
    proof: &'t str,
    of: &'t str,
    times: u64,
}

/// The proof, called `h`, that what divides two multiples divides their difference, which is a numeral.
fn combined(h: &str, more: Multiple<'_>, less: Multiple<'_>, difference: u64) -> String {
    format!(
        "have {h} := Nat.dvd_sub (Nat.dvd_mul_left_of_dvd {} {times}) (Nat.dvd_mul_left_of_dvd {} {by})\n  \
         rwa [show {times} * ({}) - {by} * ({}) = {difference} by omega] at {h}",
        more.proof,
        less.proof,
        more.of,
        less.of,
        times = more.times,
        by = less.times,
    )
}

/// The script for a target that speaks of `Nat.gcd (a * n + b) (c * n + d)`, which Lean prints as `(a * n + b).gcd (c * n + d)`.
fn eliminated(view: &View<'_>) -> Option<String> {
    let (left, right) = arguments(view.target)?;
    let mut variables = view.data.iter().filter(|item| is_natural(item) && (mentions(left, item.name) || mentions(right, item.name)));
    let name = variables.next().filter(|_| variables.next().is_none())?.name;
    let ((a, b), (c, d)) = (linear(left, name)?, linear(right, name)?);
    let common = gcd(a, c);
    let (p, q) = (c / common, a / common);
    let difference = i64::try_from(p * b).ok()? - i64::try_from(q * d).ok()?;
    let ([d1, d2, d3, h], divides) = (["d", "d", "d", "h"].map(|base| view.fresh(base)), difference.unsigned_abs());
    let (first, second) = (Multiple { proof: &d1, of: left, times: p }, Multiple { proof: &d2, of: right, times: q });
    let (more, less) = match difference {
        0 => return None,
        1.. => (first, second),
        _ => (second, first),
    };
    let bound = view.fresh("b");
    Some(format!(
        "have {d1} := Nat.gcd_dvd_left ({left}) ({right})\n\
         have {d2} := Nat.gcd_dvd_right ({left}) ({right})\n\
         have {d3} : Nat.gcd ({left}) ({right}) ∣ {divides} := by\n  \
           {}\n\
         have {bound} := Nat.le_of_dvd (by decide) {d3}\n\
         first | exact Nat.dvd_one.mp {d3} | omega | grind",
        combined(&h, more, less, divides)
    ))
}

/// The largest numeral whose divisors are tried.
const MOST_DIVIDED: u64 = 5000;

/// The script for a fact that one linear term divides another: it divides the combination in which the variable is gone, too.
pub(super) fn divisor(view: &View<'_>) -> Option<String> {
    let (fact, divisor, dividend) = view.shaped_facts().find_map(|(fact, shape)| match shape {
        Shape::Relation { symbol: "∣", left, right } => Some((fact.name, left, right)),
        _ => None,
    })?;
    let mut variables = view.data.iter().filter(|item| is_natural(item) && mentions(divisor, item.name));
    let name = variables.next().filter(|_| variables.next().is_none())?.name;
    let ((a, b), (c, d)) = (linear(divisor, name)?, linear(dividend, name)?);
    let common = gcd(a, c);
    let (p, q) = (a / common, c / common);
    let rest = i64::try_from(p * d).ok()? - i64::try_from(q * b).ok()?;
    let (rest, divided) = (rest.unsigned_abs(), rest > 0);
    if rest == 0 || rest > MOST_DIVIDED {
        return None;
    }
    let [h, k, key, hb] = ["h", "d", "key", "hb"].map(|base| view.fresh(base));
    let itself = format!("(Nat.dvd_refl ({divisor}))");
    let (more, less) = (Multiple { proof: fact, of: dividend, times: p }, Multiple { proof: &itself, of: divisor, times: q });
    let (more, less) = if divided { (more, less) } else { (less, more) };
    let most = (rest.saturating_sub(b)) / a + 1;
    let about = |text: &str| Statement::of(text).is_some_and(|statement| statement.names() == [name]);
    let facts: Vec<_> = view.facts.iter().filter(|fact| about(fact.kind)).collect();
    let known: Vec<String> = facts.iter().map(|fact| format!("({})", fact.kind)).collect();
    let names: Vec<&str> = facts.iter().map(|fact| fact.name).collect();
    let arguments = if let [one] = names.as_slice() { (*one).to_owned() } else { format!("⟨{}⟩", names.join(", ")) };
    Some(format!(
        "have {k} : {divisor} ∣ {rest} := by\n  {}\n\
         have {h} := Nat.le_of_dvd (by decide) {k}\n\
         have {hb} : {name} < {most} := by omega\n\
         first\n| omega\n\
         | have {key} : ∀ {name} : Nat, {name} < {most} → {} → ({}) := by decide +kernel\n  exact {key} {name} {hb} {arguments}",
        combined(&h, more, less, rest),
        known.join(" ∧ "),
        view.target,
    ))
}

/// The texts of the two arguments of the first `gcd`, without brackets around them.
fn arguments(text: &str) -> Option<(&str, &str)> {
    let all = tokens(text);
    let of = |range: Range<usize>| text.get(range).map(str::trim);
    all.iter().enumerate().find_map(|(i, token)| {
        let left = match token.text.strip_suffix(".gcd") {
            Some(name) => name,
            None if token.text == "gcd" && all.get(i.checked_sub(2)?)?.text == ")" && all[i - 1].text == "." => {
                let open = bracket(&all[..i - 1])?;
                of(all[open].end()..all[i - 2].start)?
            }
            None => return None,
        };
        let next = all.get(i + 1)?;
        let right = match next.kind {
            TokenKind::Name | TokenKind::Number => next.text,
            _ if next.text == "(" => {
                let close = closing(&all[i + 1..])? + i + 1;
                of(next.end()..all[close].start)?
            }
            _ => return None,
        };
        Some((left, right))
    })
}

/// The place of the bracket that the last of these tokens closes.
fn bracket(all: &[Token<'_>]) -> Option<usize> {
    let mut depth = 0usize;
    all.iter().enumerate().rev().find_map(|(i, token)| {
        match token.kind {
            TokenKind::Close => depth += 1,
            TokenKind::Open => depth = depth.checked_sub(1)?,
            _ => {}
        }
        (depth == 0).then_some(i)
    })
}

/// The `a` and `b` of a term that is `a * name + b`, with `a` not zero.
fn linear(text: &str, name: &str) -> Option<(u64, u64)> {
    let all = tokens(text);
    let at = |n: u64| {
        let value = |_: &mut Reader<'_, '_>, other: &str| (other == name).then_some(Fraction::from(n));
        Reader { tokens: &all, domain: Domain::Nat, value: &value }.all().filter(|value| value.index().is_some_and(|n| n < 1 << 20))
    };
    let (slope, offset) = line(at)?;
    Some((slope.index().filter(|slope| *slope > 0)?, offset.index()?))
}

fn gcd(a: u64, b: u64) -> u64 {
    // Not more than either.
    fraction::gcd(a.into(), b.into()) as u64
}

#[cfg(test)]
mod tests {
    use super::{super::testing::made, *};

    fn of(target: &str) -> Option<String> {
        made(script, &[("n", "ℕ")], target)
    }

    #[test]
    fn the_variable_is_eliminated() {
        let wanted = "have d := Nat.gcd_dvd_left (n + 7) (2 * n + 1)\n\
            have d1 := Nat.gcd_dvd_right (n + 7) (2 * n + 1)\n\
            have d2 : Nat.gcd (n + 7) (2 * n + 1) ∣ 13 := by\n  \
              have h := Nat.dvd_sub (Nat.dvd_mul_left_of_dvd d 2) (Nat.dvd_mul_left_of_dvd d1 1)\n  \
              rwa [show 2 * (n + 7) - 1 * (2 * n + 1) = 13 by omega] at h\n\
            have b := Nat.le_of_dvd (by decide) d2\n\
            first | exact Nat.dvd_one.mp d2 | omega | grind";
        assert_eq!(of("(n + 7).gcd (2 * n + 1) ≤ 13").as_deref(), Some(wanted));
        // The other way round where the difference would be negative.
        let script = of("(5 * n + 2).gcd (7 * n + 3) = 1").expect("a script");
        assert!(script.contains("rwa [show 5 * (7 * n + 3) - 7 * (5 * n + 2) = 1 by omega]"), "{script}");
        assert!(of("n.gcd (n + 1) = 1").is_some_and(|s| s.contains("show 1 * (n + 1) - 1 * (n) = 1 by omega")));
    }

    #[test]
    fn what_divides_a_term_divides_what_is_left_of_it() {
        let with = |fact: &str, target: &str| made(divisor, &[("n", "ℕ"), ("h₀", "0 < n"), ("h₁", fact)], target);
        let script = with("n + 3 ∣ n + 17", "n = 4 ∨ n = 11").expect("a script");
        assert!(script.contains("rwa [show 1 * (n + 17) - 1 * (n + 3) = 14 by omega] at h\n"), "{script}");
        assert!(script.contains("∀ n : Nat, n < 12 → (0 < n) ∧ (n + 3 ∣ n + 17) → (n = 4 ∨ n = 11) := by decide +kernel"), "{script}");
        let script = with("2 * n + 9 ∣ 3 * n + 1", "n = 8").expect("a script");
        assert!(script.contains("show 3 * (2 * n + 9) - 2 * (3 * n + 1) = 25 by omega"), "{script}");
        assert_eq!(with("n + 3 ∣ 2 * n + 6", "n = 4"), None);
        assert_eq!(with("n ∣ n * n", "n = 4"), None);
    }

    #[test]
    fn other_terms_are_left_alone() {
        for target in ["(n * n).gcd n = n", "(2 * n).gcd (4 * n) = 2 * n", "n.gcd m = 1", "(n - 1).gcd n = 1", "Nat.gcd 4 6 = 2", ").gcd ("]
        {
            assert_eq!(of(target), None, "{target}");
        }
    }

    #[test]
    fn divisor_and_multiple_leave_few_candidates() {
        let facts = [("a", "ℕ"), ("b", "ℕ"), ("h₀", "a.gcd b = 12"), ("h₁", "a.lcm b = 144")];
        let script = made(script, &facts, "b = 48").expect("a script");
        assert!(script.starts_with("have e := Nat.gcd_mul_lcm a b\n"), "{script}");
        assert!(script.contains("∀ n, n ∣ 144 → 12 ∣ n → n = 12 ∨ n = 24 ∨ n = 36 ∨ n = 48 ∨ n = 72 ∨ n = 144 := fun"), "{script}");
        assert_eq!(made(super::script, &facts[..3], "b = 48"), None, "there is no multiple");
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(target in "[n0-9 ()+*.]*(gcd|n.gcd)[n0-9 ()+*]*") {
            let _ = of(&target);
        }
    }
}

//! Trying all values: the kernel computes the statement for every small value of its variables, and `omega` shows that no others occur.
//!
//! The proof is by contradiction, so that the negated target bounds variables, too. For `omega`, which takes products and powers of variables for
//! unknowns, the script first says how they compare with their factors, that factors divide what a product is equal to, and in turn what
//! powers of a variable are at most (see `bounds`). Integers that are not negative become natural numbers. A fact is a premise as soon as
//! its variables have values, so that most values are soon dismissed.

use super::{
    bounds::{Growth, factors, outer, upper},
    finite::{LARGE_INSTANCES, is_integer, is_natural},
    fraction::{Domain, Fraction, closed},
    polynomial::{Polynomial, unit},
    statement::Statement,
    view::{Item, View, mentions},
};
use crate::{
    lemma::renamed,
    lex::{Token, TokenKind, head, tokens},
    shape::{Shape, shape},
};
use prove_core::Goal;
use std::{collections::BTreeMap, fmt::Write};

/// How many values a variable may have, by the number of variables.
const MOST_VALUES: [u64; 4] = [3000, 80, 18, 9];
/// How many combinations of values are tried.
const MOST_COMBINATIONS: u64 = 8000;
/// The largest number whose divisors are tried.
const MOST_DIVIDED: u64 = 2000;
/// From so many values on they are those of a list: with a bound, the cost of trying all grows with the square of it.
const MOST_BELOW: u64 = 100;
/// The least number of values that is tried.
const LEAST_VALUES: u64 = 12;

/// The scripts for a goal that speaks of a few whole numbers, if it does: first the one with fewer of them.
pub(super) fn scripts(view: &View<'_>) -> Vec<String> {
    with_one_less(view).into_iter().chain(script(view)).collect()
}

/// The script where one of three or more variables is what a linear equation says that it is by the others.
fn with_one_less(view: &View<'_>) -> Option<String> {
    let names: Vec<&str> = view.data.iter().filter(|item| is_integer(item)).map(|item| item.name).collect();
    if names.len() < 3 {
        return None;
    }
    view.facts.iter().find_map(|fact| {
        let Statement::Relation("=", left, right) = Statement::of(fact.kind)? else { return None };
        let sum = Polynomial::difference(&left, &right, &names)?;
        let unit = |place: usize| unit(place, names.len());
        let by_one = |place: &usize| sum.coefficient(&unit(*place)) == Fraction::from(1u64);
        // A sum that is a numeral: the last of its variables is the numeral less the others.
        let place = (0..names.len()).rev().find(by_one).filter(|_| sum.degree() == 1)?;
        let others = sum.minus(&Polynomial::monomial(unit(place), Fraction::from(1u64)))?.scaled(Fraction::from(-1i64))?;
        let constant = others.coefficient(&vec![0; names.len()]);
        if constant.sign() <= 0 || others.terms().filter(|(_, c)| c.sign() > 0).count() != 1 {
            return None;
        }
        let texts: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let less = others.minus(&Polynomial::constant(constant, names.len()))?.scaled(Fraction::from(-1i64))?;
        let term = format!("({} - ({}))", constant.text(), less.text(&texts));
        let given = BTreeMap::from([(names[place], term.clone())]);
        let hypotheses = view.data.iter().filter(|item| item.name != names[place]).chain(&view.facts);
        let hypothesis = |item: &Item<'_>| Item { name: item.name, kind: &renamed(item.kind, &given) }.hypothesis();
        let goal = Goal { case: None, hypotheses: hypotheses.map(hypothesis).collect(), target: renamed(view.target, &given) };
        let h = view.fresh("h");
        let script = script(&View::new(&goal, view.context))?;
        Some(format!("have {h} : {} = {term} := by omega\nsubst {h}\n{script}", names[place]))
    })
}

fn script(view: &View<'_>) -> Option<String> {
    let facts: Vec<&Item<'_>> = view.facts.iter().filter(|fact| is_computable(fact.kind, view)).collect();
    if facts.is_empty() || !is_computable(view.target, view) {
        return None;
    }
    let used = |item: &&Item<'_>| view.in_target(item.name) || facts.iter().any(|fact| mentions(fact.kind, item.name));
    let variables: Vec<&Item<'_>> = view.data.iter().filter(|item| is_integer(item)).filter(used).collect();
    let most = *MOST_VALUES.get(variables.len().checked_sub(1)?)?;
    let texts = || facts.iter().map(|fact| fact.kind).chain([view.target]);
    let largest = texts().flat_map(tokens).filter_map(|t| t.text.parse::<u64>().ok()).filter(|n| *n < 1_000_000_000).max().unwrap_or(0);

    let hn = view.fresh("hn");
    let mut script = format!("refine Classical.byContradiction fun {hn} => ?_\n");
    for item in &variables {
        for growth in Growth::all(texts(), item.name) {
            if let Growth::Exponential(base) = growth {
                let _ = writeln!(script, "have {} := Nat.pow_pos (n := {}) (show 0 < {base} by decide)", view.fresh("p"), item.name);
            }
        }
    }
    for (left, right) in texts().flat_map(products) {
        script += &comparison(view, &left, &right);
    }
    // What divides a numeral: the variable, the numeral, and the name of the proof.
    let mut divisors: Vec<(&Item<'_>, u64, String)> = Vec::new();
    let mut dividing: Vec<(String, String)> = Vec::new();
    for item in &variables {
        let (of, d) = if let Some((of, fact)) = facts.iter().find_map(|fact| Some((divides(fact.kind, item.name)?, fact.name))) {
            (of, fact.to_owned())
        } else if let Some((of, rest)) = facts.iter().find_map(|fact| divided(fact.kind, item.name)) {
            let d = view.fresh("d");
            let _ = writeln!(script, "have {d} : {} ∣ {of} := ⟨{rest}, by grind⟩", item.name);
            dividing.push((format!("{} ∣ {of}", item.name), d.clone()));
            (of, d)
        } else {
            continue;
        };
        let le = if is_natural(item) { "Nat.le_of_dvd" } else { "Int.le_of_dvd" };
        let _ = writeln!(script, "have {} := {le} (by decide) {d}", view.fresh("p"));
        if !is_natural(item) {
            let _ = writeln!(script, "have {} := Int.le_of_dvd (by decide) (Int.neg_dvd.mpr {d})", view.fresh("p"));
        }
        divisors.push((item, of, d));
    }
    // What divides a numeral is at most as large.
    let mut implied: Vec<String> = Vec::new();
    for fact in facts.iter().filter(|_| variables.iter().all(|item| is_natural(item))) {
        let Shape::Relation { symbol: "∣", left, right } = shape(fact.kind) else { continue };
        if closed(right, Domain::Nat).is_some_and(|n| n.sign() > 0) && !variables.iter().any(|item| item.name == left) {
            let _ = writeln!(script, "have {} := Nat.le_of_dvd (by decide) {}", view.fresh("p"), fact.name);
            implied.push(format!("{left} ≤ {right}"));
        }
    }
    // Integers as natural numbers: divisors may be negative, others hardly are.
    let mut values: Vec<(&Item<'_>, String)> = Vec::new();
    for item in variables.iter().filter(|item| !is_natural(item)) {
        let (n, name) = (view.fresh("n"), item.name);
        let least = divisors.iter().find(|(divisor, ..)| divisor.name == name).map(|(_, of, _)| *of);
        let value = |n: &str| least.map_or_else(|| format!("({n} : Int)"), |of| format!("(({n} : Int) - {of})"));
        let shift = least.map_or_else(|| format!("{name}.toNat"), |of| format!("({name} + {of}).toNat"));
        let _ = writeln!(script, "obtain ⟨{name}, rfl⟩ : ∃ {n} : Nat, {name} = {} := ⟨{shift}, by omega⟩", value(&n));
        values.push((item, value(name)));
        for growth in Growth::all(texts(), name).into_iter().filter(|_| least.is_none()) {
            let Growth::Power(k) = growth else { continue };
            let shown = "by rw [← Int.natCast_pow]; exact Int.natCast_nonneg _";
            let _ = writeln!(script, "have {} : 0 ≤ ({name} : Int) ^ {k} := {shown}", view.fresh("p"));
        }
    }
    // How many values each has, proved in the order in which the bounds follow.
    let names: Vec<&str> = variables.iter().map(|item| item.name).collect();
    let kinds: Vec<&str> = facts.iter().map(|fact| fact.kind).chain(implied.iter().map(String::as_str)).collect();
    let bounds = upper(&names, &kinds, view.target);
    let bounded = |item: &Item<'_>| bounds.iter().position(|(name, _)| *name == item.name);
    let mut order: Vec<&Item<'_>> = variables.clone();
    order.sort_by_key(|item| bounded(item).unwrap_or(usize::MAX));
    let signs = |item: &Item<'_>| if is_natural(item) { 1 } else { 2 };
    let mut counts: Vec<(&str, u64, String)> = Vec::new();
    for item in order {
        let (hb, name) = (view.fresh("hb"), item.name);
        let growths = if value_is_plain(&values, name) { Growth::all(texts(), name) } else { Vec::new() };
        let divisor = divisors.iter().find(|(divisor, ..)| divisor.name == name);
        let exponential = growths.iter().find(|growth| matches!(growth, Growth::Exponential(_)));
        let count = match (divisor, bounded(item), exponential) {
            (Some((_, of, _)), ..) => of * signs(item) + 1,
            (_, Some(at), _) => bounds[at].1.saturating_add(1).min(most),
            (_, _, Some(growth)) => (1..most).find(|n| growth.at(*n).is_none_or(|power| power > largest)).unwrap_or(most),
            _ => (largest + 1).max(LEAST_VALUES).min(most),
        };
        let says = |growth: Growth, relation: &str, value: u64, proof: &str| power_fact(item, growth, relation, value, proof);
        let smaller: Vec<String> = growths.iter().filter_map(|g| Some(format!("have{}\n    ", says(*g, "≥", g.at(count)?, "h")))).collect();
        let _ = match smaller.as_slice() {
            [] => writeln!(script, "have {hb} : {name} < {count} := by omega"),
            _ => writeln!(
                script,
                "have {hb} : {name} < {count} := by\n  rcases Nat.lt_or_ge {name} {count} with h | h\n  · exact h\n  · {}omega",
                smaller.concat()
            ),
        };
        // What others are bounded by.
        if counts.len() + 1 < variables.len() {
            for growth in growths {
                let Some(value) = growth.at(count - 1) else { continue };
                let proof = format!("(Nat.le_of_lt_succ {hb})");
                let _ = writeln!(script, "have {}{}", view.fresh("p"), says(growth, "≤", value, &proof));
            }
        }
        counts.push((name, count, hb));
    }
    let premises = facts.iter().map(|fact| (fact.kind.to_owned(), fact.name.to_owned()));
    let mut premises: Vec<(String, String)> = dividing.into_iter().chain(premises).chain([(format!("¬ ({})", view.target), hn)]).collect();
    let (mut statement, mut arguments, mut combinations) = (String::new(), String::new(), 1u64);
    for (at, item) in variables.iter().enumerate() {
        let name = item.name;
        let (_, count, bound) = counts.iter().find(|(other, ..)| *other == name)?;
        combinations = combinations.saturating_mul(*count);
        if combinations > MOST_COMBINATIONS {
            return None;
        }
        // Of a divisor's values few are left for the next variables.
        if let Some((_, of, _)) = divisors.iter().find(|(divisor, ..)| divisor.name == name) {
            combinations = combinations / count * signs(item) * (1..=*of).filter(|d| of % d == 0).count() as u64;
        }
        let (range, member) = if *count > MOST_BELOW {
            (format!("∀ {name} ∈ List.range {count}, "), format!(" {name} (List.mem_range.mpr {bound})"))
        } else {
            (format!("∀ {name} : Nat, {name} < {count} → "), format!(" {name} {bound}"))
        };
        statement += &range;
        arguments += &member;
        let open = |text: &str| variables[at + 1..].iter().any(|later| mentions(text, later.name));
        let (ready, later): (Vec<_>, Vec<_>) = std::mem::take(&mut premises).into_iter().partition(|(text, _)| !open(text));
        premises = later;
        if !ready.is_empty() {
            // One conjunction: instances for a chain of implications are searched deeper than Lean allows by default.
            let texts: Vec<String> = ready.iter().map(|(text, _)| format!("({})", cast(text, &values))).collect();
            let names: Vec<&str> = ready.iter().map(|(_, name)| name.as_str()).collect();
            let _ = write!(statement, "{} → ", texts.join(" ∧ "));
            let _ =
                if let [name] = names.as_slice() { write!(arguments, " {name}") } else { write!(arguments, " ⟨{}⟩", names.join(", ")) };
        }
    }
    let key = view.fresh("key");
    let _ = write!(script, "{LARGE_INSTANCES}have {key} : {statement}False := by decide +kernel\nexact {key}{arguments}");
    Some(script)
}

/// Where `text` says that a product is equal to a numeral and `name` is one of its factors: the numeral, and the product of the others.
fn divided(text: &str, name: &str) -> Option<(u64, String)> {
    let Shape::Relation { symbol: "=", left, right } = shape(text) else { return None };
    let (product, numeral) = if closed(right, Domain::Nat).is_some() { (left, right) } else { (right, left) };
    let numeral = closed(numeral, Domain::Nat)?.index().filter(|n| (1..=MOST_DIVIDED).contains(n))?;
    if outer(product).iter().any(|t| t.kind == TokenKind::Symbol && !matches!(t.text, "*" | "^")) {
        return None;
    }
    let mut factors = factors(product);
    let at = factors.iter().position(|factor| *factor == name)?;
    factors.remove(at);
    (!factors.is_empty()).then(|| (numeral, factors.join(" * ")))
}

/// The positive numeral that `text` says `name` divides.
fn divides(text: &str, name: &str) -> Option<u64> {
    let Shape::Relation { symbol: "∣", left, right } = shape(text) else { return None };
    closed(right, Domain::Nat)?.index().filter(|n| left == name && (1..=MOST_DIVIDED).contains(n))
}

/// Whether a variable stands for a natural number that is its value.
fn value_is_plain(values: &[(&Item<'_>, String)], name: &str) -> bool {
    values.iter().all(|(item, value)| item.name != name || !value.contains('-'))
}

/// How a power of a variable, which is a natural number by now, compares with its value at a bound of it, and the proof from that of the bound.
fn power_fact(item: &Item<'_>, growth: Growth, relation: &str, value: u64, bound: &str) -> String {
    let name = item.name;
    match growth {
        Growth::Exponential(base) => {
            format!(" : {base} ^ {name} {relation} {value} := Nat.pow_le_pow_right (show 0 < {base} by decide) {bound}")
        }
        Growth::Power(k) if is_natural(item) => format!(" : {name} ^ {k} {relation} {value} := Nat.pow_le_pow_left {bound} {k}"),
        Growth::Power(k) => format!(
            " : ({name} : Int) ^ {k} {relation} {value} := by rw [← Int.natCast_pow]; exact Int.ofNat_le.mpr (Nat.pow_le_pow_left {bound} {k})"
        ),
    }
}

/// Whether a statement is about whole numbers of the goal only, and without quantifiers.
fn is_computable(text: &str, view: &View<'_>) -> bool {
    let unknown = |name: &str| view.inaccessible.contains(&name) || view.facts.iter().any(|fact| fact.name == name);
    let other = |name: &str| view.data.iter().any(|item| item.name == name && !is_integer(item));
    tokens(text).iter().all(|t| match t.kind {
        TokenKind::Name => !unknown(head(t.text)) && !other(head(t.text)) && t.text != "fun",
        _ => !t.text.contains(['∀', '∃', '∑', '∏', '√', '↑', 'λ']),
    })
}

/// `text` with the values of integer variables in their places.
fn cast(text: &str, values: &[(&Item<'_>, String)]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for token in tokens(text).iter().filter(|t| t.kind == TokenKind::Name) {
        if let Some((_, value)) = values.iter().find(|(item, _)| item.name == token.text) {
            let _ = write!(out, "{}{value}", &text[at..token.start]);
            at = token.end();
        }
    }
    out + &text[at..]
}

/// The products of two variables, or powers of or by variables, in a text.
fn products(text: &str) -> Vec<(String, String)> {
    let all = tokens(text);
    let factor = |at: usize| -> Option<(String, usize)> {
        let plain = |t: &Token<'_>| matches!(t.kind, TokenKind::Name | TokenKind::Number);
        let first = all.get(at).filter(|t| plain(t))?;
        match (all.get(at + 1), all.get(at + 2)) {
            (Some(power), Some(exponent)) if power.text == "^" && plain(exponent) => {
                Some((format!("{} ^ {}", first.text, exponent.text), at + 3))
            }
            _ => Some((first.text.to_owned(), at + 1)),
        }
    };
    let has_variable = |text: &str| tokens(text).iter().any(|t| t.kind == TokenKind::Name);
    let mut found: Vec<(String, String)> = Vec::new();
    for at in 0..all.len() {
        // A factor begins where nothing binds tighter before it.
        if at > 0 && matches!(all[at - 1].text, "^" | "*" | "/" | "%") {
            continue;
        }
        let Some((mut left, mut next)) = factor(at) else { continue };
        while all.get(next).is_some_and(|t| t.text == "*")
            && let Some((right, after)) = factor(next + 1)
            && has_variable(&left)
            && has_variable(&right)
        {
            let whole = format!("{left} * {right}");
            if !found.iter().any(|(l, r)| *l == left && *r == right) {
                found.push((left, right));
            }
            (left, next) = (whole, after);
        }
    }
    found
}

/// How a product compares with its factors.
fn comparison(view: &View<'_>, left: &str, right: &str) -> String {
    let natural = |text: &str| {
        tokens(text).iter().filter(|t| t.kind == TokenKind::Name).all(|t| view.data.iter().any(|d| d.name == t.text && is_natural(d)))
    };
    // A power by a natural variable of a numeral may be of any type; it is what the other factor is.
    if natural(left) && natural(right) {
        let [a, b] = [view.fresh("p"), view.fresh("p")];
        return format!(
            "have {a} : {left} ≤ {left} * {right} ∨ {right} = 0 := (Nat.eq_zero_or_pos ({right})).elim Or.inr fun h => Or.inl (Nat.le_mul_of_pos_right _ h)\n\
             have {b} : {right} ≤ {left} * {right} ∨ {left} = 0 := (Nat.eq_zero_or_pos ({left})).elim Or.inr fun h => Or.inl (Nat.le_mul_of_pos_left _ h)\n"
        );
    }
    let [a, b, c] = [view.fresh("p"), view.fresh("p"), view.fresh("p")];
    format!(
        "try have {a} := Int.mul_nonneg (show 0 ≤ {left} by omega) (show 0 ≤ {right} by omega)\n\
         try have {b} := Int.mul_le_mul_of_nonneg_left (show 1 ≤ {right} by omega) (show 0 ≤ {left} by omega)\n\
         try have {c} := Int.mul_le_mul_of_nonneg_right (show 1 ≤ {left} by omega) (show 0 ≤ {right} by omega)\n"
    )
}

#[cfg(test)]
mod tests {
    use super::{super::testing::made, *};

    fn of(hypotheses: &[(&str, &str)], target: &str) -> Option<String> {
        made(script, hypotheses, target)
    }

    #[test]
    fn one_of_three_variables_is_what_the_others_leave() {
        let facts = [("a", "ℕ"), ("b", "ℕ"), ("c", "ℕ"), ("h₀", "a < b"), ("h₁", "a + b + c = 30"), ("h₂", "a ^ 2 + b ^ 2 = c ^ 2")];
        let [script, _] = made(scripts, &facts, "a * b = 60 ∨ a = 0").try_into().expect("two scripts");
        assert!(script.starts_with("have h : c = (30 - (a + b)) := by omega\nsubst h\n"), "{script}");
        assert!(script.contains("∀ a : Nat, a < 31 → ∀ b : Nat, b < 31 → "), "{script}");
    }

    #[test]
    fn integers_become_natural_numbers_and_the_negated_target_is_a_premise() {
        let script = of(&[("z", "ℤ"), ("h₀", "0 < z"), ("h₁", "z * z + z = 56")], "z = 7").expect("a script");
        let wanted = "refine Classical.byContradiction fun hn => ?_\n\
            try have p := Int.mul_nonneg (show 0 ≤ z by omega) (show 0 ≤ z by omega)\n\
            try have p1 := Int.mul_le_mul_of_nonneg_left (show 1 ≤ z by omega) (show 0 ≤ z by omega)\n\
            try have p2 := Int.mul_le_mul_of_nonneg_right (show 1 ≤ z by omega) (show 0 ≤ z by omega)\n\
            obtain ⟨z, rfl⟩ : ∃ n : Nat, z = (n : Int) := ⟨z.toNat, by omega⟩\n\
            have hb : z < 57 := by omega\n\
            set_option synthInstance.maxSize 4000 in\n\
            set_option synthInstance.maxHeartbeats 200000 in\n\
            have key : ∀ z : Nat, z < 57 → (0 < (z : Int)) ∧ ((z : Int) * (z : Int) + (z : Int) = 56) ∧ (¬ ((z : Int) = 7)) → False := by decide +kernel\n\
            exact key z hb ⟨h₀, h₁, hn⟩";
        assert_eq!(script, wanted);
    }

    #[test]
    fn exponents_are_bounded_by_the_powers() {
        let script = of(&[("x", "Nat"), ("y", "Nat"), ("h", "2 ^ x * 3 ^ y = 1296")], "x + y = 8").expect("a script");
        assert!(script.contains("have hb : x < 11 := by\n  rcases") && script.contains("have hb1 : y < 7 := by"), "{script}");
        assert!(script.contains("have p := Nat.pow_pos (n := x) (show 0 < 2 by decide)\n"), "{script}");
        assert!(script.contains("have p2 : 2 ^ x ≤ 2 ^ x * 3 ^ y ∨ 3 ^ y = 0"), "{script}");
    }

    #[test]
    fn of_four_variables_few_values_are_tried() {
        let script = of(&[("a", "Nat"), ("b", "Nat"), ("c", "Nat"), ("d", "Nat"), ("h", "a + b + c = d + 3")], "a < 4").expect("a script");
        assert!(script.contains("a < 9 := by omega"), "{script}");
    }

    #[test]
    fn what_cannot_be_computed_is_left_out() {
        assert_eq!(of(&[("f", "Nat → Nat"), ("h", "f 1 = 2")], "f 2 = 3"), None);
        assert_eq!(of(&[("n", "Nat"), ("h", "n < 3")], "∀ m, m < n → m < 3"), None);
        assert_eq!(of(&[("n", "Nat")], "n < 3"), None);
        let part = of(&[("n", "Nat"), ("h", "∀ m, m < n"), ("g", "n < 2")], "n < 3").expect("a script");
        assert!(part.ends_with("exact key n hb ⟨g, hn⟩"), "{part}");
    }

    #[test]
    fn factors_of_a_numeral_are_its_divisors_and_facts_come_as_early_as_they_can() {
        let script = of(&[("a", "Nat"), ("b", "Nat"), ("h₀", "a * b = 50"), ("h₁", "(a + 5) * (b - 3) = 50"), ("h₂", "a < 99")], "a = 25");
        let script = script.expect("a script");
        assert!(script.contains("have d : a ∣ 50 := ⟨b, by grind⟩\nhave p2 := Nat.le_of_dvd (by decide) d\n"), "{script}");
        let key = "∀ a : Nat, a < 51 → (a ∣ 50) ∧ (a < 99) ∧ (¬ (a = 25)) → ∀ b : Nat, b < 51 → (b ∣ 50) ∧ (a * b = 50) ∧ ((a + 5) * (b - 3) = 50) → False";
        assert!(script.contains(key) && script.ends_with("exact key a hb ⟨d, h₂, hn⟩ b hb1 ⟨d1, h₀, h₁⟩"), "{script}");
        assert_eq!(divided("720 = (n - 1) * n * (n + 1)", "n"), Some((720, "(n - 1) * (n + 1)".to_owned())));
        assert_eq!((divided("n * m + 1 = 5", "n"), divided("n = 5", "n"), divided("n * m = k", "n")), (None, None, None));
    }

    #[test]
    fn powers_bound_their_variables_one_after_the_other() {
        let script = of(&[("x", "ℕ"), ("y", "ℕ"), ("h₀", "2 ^ x + 1 = 3 ^ y"), ("h₁", "x < 10")], "x = 1 ∨ x = 3").expect("a script");
        assert!(
            script.contains("have p2 : 2 ^ x ≤ 512 := Nat.pow_le_pow_right (show 0 < 2 by decide) (Nat.le_of_lt_succ hb)\n"),
            "{script}"
        );
        assert!(script.contains("have hb1 : y < 6 := by\n"), "{script}");
        let script = of(&[("x", "ℤ"), ("y", "ℤ"), ("h₀", "x ^ 2 = y ^ 3"), ("h₁", "0 < y ∧ 0 < x"), ("h₂", "x < 20")], "x = 8");
        let script = script.expect("a script");
        assert!(script.contains("have : (y : Int) ^ 3 ≥ 512 := by rw [← Int.natCast_pow]; exact"), "{script}");
    }

    #[test]
    fn a_fact_may_say_that_a_variable_divides_a_numeral() {
        let script = of(&[("n", "ℕ"), ("h₀", "1 < n"), ("h₁", "n ∣ 20"), ("h₂", "n ∣ 33 - 8")], "n = 5").expect("a script");
        assert!(script.contains("have p := Nat.le_of_dvd (by decide) h₁\nhave hb : n < 21 := by omega\n"), "{script}");
        // Few values are left of the first two for the third, and of many values there is a list.
        let facts = [("a", "ℕ"), ("b", "ℕ"), ("c", "ℕ"), ("h", "a * b * c = 30")];
        assert!(of(&facts, "a = 2").is_some_and(|s| s.contains("have p2 : a * b ≤ a * b * c ∨ c = 0")));
        let script = of(&[("n", "ℕ"), ("h₁", "n ∣ 1001")], "n ≠ 5").expect("a script");
        assert!(script.contains("∀ n ∈ List.range 1002, ") && script.contains(" n (List.mem_range.mpr hb)"), "{script}");
    }

    #[test]
    fn products_are_those_of_variables() {
        assert_eq!(products("x ^ 2 * y + 3 * x * y = x * y - 2 ^ n * 5"), [("x ^ 2".into(), "y".into()), ("x".into(), "y".into())]);
    }
}

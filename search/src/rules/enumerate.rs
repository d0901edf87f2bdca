//! Trying all values: the kernel computes the statement for every small value of its variables, and `omega` shows that no others occur.
//!
//! The proof is by contradiction, so that the negated target bounds variables, too. For `omega`, which takes products and powers of variables for
//! unknowns, the script first says how they compare with their factors. Integers that are not negative become natural numbers.

use super::{
    finite::{is_integer, is_natural},
    view::{Item, View, mentions},
};
use crate::lex::{Token, TokenKind, head, tokens};
use std::fmt::Write;

/// How many values a variable may have, by the number of variables.
const MOST_VALUES: [u64; 4] = [3000, 80, 18, 9];
/// The least number of values that is tried.
const LEAST_VALUES: u64 = 12;

/// The script for a goal that speaks of a few whole numbers, if it does.
pub(super) fn script(view: &View<'_>) -> Option<String> {
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
    for (left, right) in texts().flat_map(products) {
        script += &comparison(view, &left, &right);
    }
    for item in variables.iter().filter(|item| !is_natural(item)) {
        let n = view.fresh("n");
        let _ = writeln!(script, "obtain ⟨{0}, rfl⟩ : ∃ {n} : Nat, {0} = {n} := ⟨{0}.toNat, by omega⟩", item.name);
    }
    let (mut binders, mut values) = (String::new(), String::new());
    for item in &variables {
        let (bound, name) = (view.fresh("hb"), item.name);
        let base = texts().find_map(|text| exponential(text, name));
        let count = match base {
            Some(base) => (1..most).find(|n| base.checked_pow(*n as u32).is_none_or(|power| power > largest)).unwrap_or(most),
            None => (largest + 1).clamp(LEAST_VALUES, most),
        };
        let _ = match base {
            Some(base) => writeln!(
                script,
                "have {bound} : {name} < {count} := by\n  rcases Nat.lt_or_ge {name} {count} with h | h\n  · exact h\n  · have := Nat.pow_le_pow_right (show 0 < {base} by decide) h\n    omega"
            ),
            None => writeln!(script, "have {bound} : {name} < {count} := by omega"),
        };
        let _ = write!(binders, "∀ {name} : Nat, {name} < {count} → ");
        let _ = write!(values, " {name} {bound}");
    }
    let mut premises: Vec<String> = facts.iter().map(|fact| format!("({})", cast(fact.kind, &variables))).collect();
    premises.push(format!("¬ ({})", cast(view.target, &variables)));
    let names: Vec<&str> = facts.iter().map(|fact| fact.name).chain([hn.as_str()]).collect();
    let key = view.fresh("key");
    // One conjunction: instances for a chain of implications are searched deeper than Lean allows by default.
    let _ = writeln!(script, "have {key} : {binders}({}) → False := by decide +kernel", premises.join(" ∧ "));
    let _ = write!(script, "exact {key}{values} ⟨{}⟩", names.join(", "));
    Some(script)
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

/// `text` with integer variables written as casts of natural ones.
fn cast(text: &str, variables: &[&Item<'_>]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for token in tokens(text).iter().filter(|t| t.kind == TokenKind::Name) {
        if let Some(item) = variables.iter().find(|item| !is_natural(item) && item.name == token.text) {
            let _ = write!(out, "{}({} : Int)", &text[at..token.start], item.name);
            at = token.end();
        }
    }
    out + &text[at..]
}

/// The base of a power with `name` as its exponent.
fn exponential(text: &str, name: &str) -> Option<u64> {
    let all = tokens(text);
    let found = all.windows(3).find(|t| t[1].text == "^" && t[2].text == name)?;
    found[0].text.parse().ok().filter(|base| *base > 1)
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
        if let Some((left, next)) = factor(at)
            && all.get(next).is_some_and(|t| t.text == "*")
            && let Some((right, _)) = factor(next + 1)
            && has_variable(&left)
            && has_variable(&right)
            && !found.iter().any(|(l, r)| *l == left && *r == right)
        {
            found.push((left, right));
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
    use super::*;
    use crate::FileContext;
    use prove_core::{Goal, Hypothesis};

    fn of(hypotheses: &[(&str, &str)], target: &str) -> Option<String> {
        let hypothesis =
            |(name, kind): &(&str, &str)| Hypothesis { names: vec![(*name).to_owned()], kind: (*kind).to_owned(), value: None };
        let goal = Goal { case: None, hypotheses: hypotheses.iter().map(hypothesis).collect(), target: target.to_owned() };
        script(&View::new(&goal, &FileContext::default()))
    }

    #[test]
    fn integers_become_natural_numbers_and_the_negated_target_is_a_premise() {
        let script = of(&[("z", "ℤ"), ("h₀", "0 < z"), ("h₁", "z * z + z = 56")], "z = 7").expect("a script");
        let wanted = "refine Classical.byContradiction fun hn => ?_\n\
            try have p := Int.mul_nonneg (show 0 ≤ z by omega) (show 0 ≤ z by omega)\n\
            try have p1 := Int.mul_le_mul_of_nonneg_left (show 1 ≤ z by omega) (show 0 ≤ z by omega)\n\
            try have p2 := Int.mul_le_mul_of_nonneg_right (show 1 ≤ z by omega) (show 0 ≤ z by omega)\n\
            obtain ⟨z, rfl⟩ : ∃ n : Nat, z = n := ⟨z.toNat, by omega⟩\n\
            have hb : z < 57 := by omega\n\
            have key : ∀ z : Nat, z < 57 → ((0 < (z : Int)) ∧ ((z : Int) * (z : Int) + (z : Int) = 56) ∧ ¬ ((z : Int) = 7)) → False := by decide +kernel\n\
            exact key z hb ⟨h₀, h₁, hn⟩";
        assert_eq!(script, wanted);
    }

    #[test]
    fn exponents_are_bounded_by_the_powers() {
        let script = of(&[("x", "Nat"), ("y", "Nat"), ("h", "2 ^ x * 3 ^ y = 1296")], "x + y = 8").expect("a script");
        assert!(script.contains("have hb : x < 11 := by\n  rcases") && script.contains("have hb1 : y < 7 := by"), "{script}");
        assert!(script.contains("have p : 2 ^ x ≤ 2 ^ x * 3 ^ y ∨ 3 ^ y = 0"), "{script}");
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
    fn products_are_those_of_variables() {
        assert_eq!(products("x ^ 2 * y + 3 * x * y = x * y - 2 ^ n * 5"), [("x ^ 2".into(), "y".into()), ("x".into(), "y".into())]);
    }
}

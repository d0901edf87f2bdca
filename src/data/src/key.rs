//! When two statements are one: equal up to names, notation and the order of variables and hypotheses.

use crate::{
    statement::Statement,
    words::{self, rename},
};
use prove_core::{Goal, Hypothesis, ProofState};
use prove_search::canonical_text;
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeSet, HashMap},
    fmt,
};

/// The identity of a statement. Statements with equal keys say the same up to names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key([u8; 32]);

/// What a statement may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Split {
    /// Training.
    Train,
    /// Evaluation only: one in twenty.
    HeldOut,
}

impl Key {
    /// The key of a statement.
    pub fn of(statement: &Statement) -> Key {
        let definitions = statement.definitions.iter().map(|d| (d.name.clone(), d.text.clone())).collect();
        let premises = statement.binders.iter().chain(&statement.hypotheses).map(|b| (b.name.clone(), b.kind.clone())).collect();
        Key::of_parts(definitions, premises, &statement.goal)
    }

    /// The key of definitions and premises, as name and text, and a goal. Premises at the beginning of the goal count as premises.
    pub(crate) fn of_parts(definitions: Vec<(String, String)>, premises: Vec<(String, String)>, goal: &str) -> Key {
        Key(*blake3::hash(canonical(definitions, premises, goal).as_bytes()).as_bytes())
    }

    /// Whether the statement is for training or held out. Depends on nothing but the key.
    pub fn split(&self) -> Split {
        if u16::from_le_bytes([self.0[0], self.0[1]]) < u16::MAX / 20 { Split::HeldOut } else { Split::Train }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The text that is hashed.
fn canonical(definitions: Vec<(String, String)>, premises: Vec<(String, String)>, goal: &str) -> String {
    let (more, goal) = opened(&plain(goal));
    let mut premises: Vec<(String, String)> = premises.into_iter().map(|(name, kind)| (name, plain(&kind))).chain(more).collect();
    let spoken: BTreeSet<String> = premises.iter().flat_map(|(_, kind)| words::idents(kind)).chain(words::idents(&goal)).collect();
    let names: BTreeSet<&str> = premises.iter().map(|(name, _)| name.as_str()).chain(definitions.iter().map(|(n, _)| n.as_str())).collect();
    let blank: HashMap<String, String> = names.iter().map(|name| ((*name).to_owned(), "_".to_owned())).collect();
    let (mut variables, mut facts): (Vec<_>, Vec<_>) = premises.drain(..).partition(|(name, _)| spoken.contains(name));
    let skeleton = |(_, kind): &(String, String)| rename(&unbound(kind), &blank);
    facts.sort_by_cached_key(skeleton);
    let texts: Vec<&str> = facts.iter().map(|(_, kind)| kind.as_str()).chain([goal.as_str()]).collect();
    let order = first_spoken(&texts);
    variables.sort_by_cached_key(|v| (order.get(&v.0).copied().unwrap_or(usize::MAX), skeleton(v)));

    let hypothesis = |(name, kind): (String, String)| Hypothesis { names: vec![name], kind: unbound(&kind), value: None };
    let facts = facts.into_iter().enumerate().map(|(i, (_, kind))| (format!("h{i}✝"), kind));
    let hypotheses = definitions.into_iter().chain(variables).chain(facts).map(hypothesis).collect();
    canonical_text(&ProofState { goals: vec![Goal { case: None, hypotheses, target: unbound(&goal) }] })
}

/// Where each word is first spoken of.
fn first_spoken(texts: &[&str]) -> HashMap<String, usize> {
    let mut order = HashMap::new();
    for (_, word) in texts.iter().flat_map(|text| words::code(text)) {
        let next = order.len();
        order.entry(words::head(word).to_owned()).or_insert(next);
    }
    order
}

/// The text with other notations of the same written in one way.
fn plain(text: &str) -> String {
    let mut out = String::new();
    for (_, word) in words::code(text) {
        out.push_str(match word {
            "ℕ" => "Nat",
            "ℤ" => "Int",
            "ℚ" => "Rat",
            "->" => "→",
            "<->" => "↔",
            "<=" => "≤",
            ">=" => "≥",
            "!=" => "≠",
            "/\\" => "∧",
            "\\/" => "∨",
            "λ" => "fun",
            "↦" => "=>",
            other => other,
        });
        out.push(' ');
    }
    out
}

/// The text with what it binds renamed by order of appearance.
fn unbound(text: &str) -> String {
    let names = words::bound(text).into_iter().enumerate().map(|(i, name)| (name, format!("b✝{i}"))).collect();
    rename(text, &names)
}

/// The premises with which a proposition begins (`∀ x y : T, A → …`), and what is left of it.
fn opened(goal: &str) -> (Vec<(String, String)>, String) {
    let tokens: Vec<&str> = goal.split_whitespace().collect();
    let mut premises = Vec::new();
    let mut rest = &tokens[..];
    loop {
        if rest.first() == Some(&"∀") {
            let Some(comma) = outside(rest, ",") else { break };
            let Some(binders) = quantified(&rest[1..comma]) else { break };
            premises.extend(binders);
            rest = &rest[comma + 1..];
        } else if let (Some(arrow), None) = (outside(rest, "→"), outside(rest, "↔")) {
            let binds = rest[..arrow].iter().any(|t| matches!(*t, "∃" | "∀" | "fun" | "if" | "let"));
            if binds && outside(&rest[..arrow], ",").is_some() {
                break;
            }
            premises.push((format!("a✝{}", premises.len()), without_brackets(&rest[..arrow]).join(" ")));
            rest = &rest[arrow + 1..];
        } else {
            break;
        }
    }
    (premises, rest.join(" "))
}

/// The binders of a `∀` as name and type, unless one is bounded (`∀ x ∈ s`).
fn quantified(tokens: &[&str]) -> Option<Vec<(String, String)>> {
    if tokens.first() == Some(&"(") || tokens.first() == Some(&"{") {
        let close = tokens.iter().position(|t| matches!(*t, ")" | "}"))?;
        let mut found = quantified(&tokens[1..close])?;
        if close + 1 < tokens.len() {
            found.extend(quantified(&tokens[close + 1..])?);
        }
        return Some(found);
    }
    let colon = outside(tokens, ":")?;
    let kind = tokens[colon + 1..].join(" ");
    Some(tokens[..colon].iter().map(|name| ((*name).to_owned(), kind.clone())).collect())
}

/// Where a token first stands outside all brackets.
fn outside(tokens: &[&str], wanted: &str) -> Option<usize> {
    let mut depth = 0i32;
    tokens.iter().position(|token| {
        match *token {
            "(" | "[" | "{" | "⟨" => depth += 1,
            ")" | "]" | "}" | "⟩" => depth -= 1,
            _ => {}
        }
        depth == 0 && *token == wanted
    })
}

/// The tokens without a pair of brackets around all of them.
fn without_brackets<'a, 't>(tokens: &'a [&'t str]) -> &'a [&'t str] {
    let mut depth = 0i32;
    let closes_last = tokens.iter().enumerate().all(|(i, token)| {
        match *token {
            "(" => depth += 1,
            ")" => depth -= 1,
            _ => {}
        }
        depth > 0 || i + 1 == tokens.len()
    });
    if tokens.len() > 2 && tokens[0] == "(" && closes_last { &tokens[1..tokens.len() - 1] } else { tokens }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(premises: &[(&str, &str)], goal: &str) -> String {
        canonical(Vec::new(), premises.iter().map(|(n, k)| ((*n).to_owned(), (*k).to_owned())).collect(), goal)
    }

    #[test]
    fn names_order_notation_and_arrows_do_not_matter() {
        let one = key(&[("x", "Nat"), ("y", "Nat"), ("h", "x < 3"), ("g", "∃ k, y = 2*k")], "x + y ≠ 4");
        assert_eq!(one, key(&[("n", "ℕ"), ("h1", "∃ i, m = 2 * i"), ("m", "ℕ"), ("h2", "n < 3")], "n + m != 4"));
        assert_eq!(one, key(&[], "∀ (a b : Nat), a < 3 → (∃ i, b = 2 * i) → a + b ≠ 4"));
        assert_ne!(one, key(&[("x", "Nat"), ("y", "Nat"), ("h", "y < 3"), ("g", "∃ k, y = 2*k")], "x + y ≠ 4"));
        assert_ne!(one, key(&[("x", "Int"), ("y", "Nat"), ("h", "x < 3"), ("g", "∃ k, y = 2*k")], "x + y ≠ 4"));
    }

    #[test]
    fn definitions_count() {
        let with = |body: &str| canonical(vec![("f".into(), format!("def f (n : Nat) : Nat := {body}"))], Vec::new(), "f 1 = 2");
        assert_ne!(with("n + 1"), with("n * 2"));
        let other = canonical(vec![("g".into(), "def g (n : Nat) : Nat := n + 1".into())], Vec::new(), "g 1 = 2");
        assert_eq!(with("n + 1"), other);
    }
}

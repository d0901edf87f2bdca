//! The outermost connective of a printed proposition.
//!
//! Rules choose by shape: an `∧` is split, an `∃` hypothesis is opened. Text is all a [`prove_core::Goal`] holds, so the shape is
//! read from tokens and Lean's standard precedences. A wrong guess costs one tactic that Lean refuses.

use crate::lex::{Token, TokenKind, tokens};

/// A proposition by its outermost connective. Parts are pieces of the text, brackets around the whole removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shape<'a> {
    /// `∀ binders, body`.
    Forall { binders: Vec<Binder<'a>>, body: &'a str },
    /// `∃ x, body`: the names bound and the body.
    Exists { binders: Vec<Binder<'a>>, body: &'a str },
    /// `a → b`.
    Implies(&'a str, &'a str),
    /// `a ↔ b`.
    Iff(&'a str, &'a str),
    /// `a ∨ b`.
    Or(&'a str, &'a str),
    /// `a ∧ b`.
    And(&'a str, &'a str),
    /// `¬a`, and `a ≠ b` is not among them.
    Not(&'a str),
    /// `a R b` for a relation symbol R.
    Relation { symbol: &'a str, left: &'a str, right: &'a str },
    /// Anything else.
    Other(&'a str),
}

/// One bound name and its type as printed, if it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Binder<'a> {
    pub(crate) name: &'a str,
    pub(crate) kind: Option<&'a str>,
    /// Bound as `x ∈ s` or `x > 0`: introducing it also introduces that fact.
    pub(crate) bounded: bool,
}

/// The shape of a printed proposition.
pub(crate) fn shape(text: &str) -> Shape<'_> {
    let mut text = text.trim();
    let mut all = tokens(text);
    while let Some(inner) = unwrapped(text, &all) {
        text = inner;
        all = tokens(text);
    }
    match all.first().map(|t| t.text) {
        Some("∀") => return quantified(text, &all).map_or(Shape::Other(text), |(binders, body)| Shape::Forall { binders, body }),
        Some("∃") => return quantified(text, &all).map_or(Shape::Other(text), |(binders, body)| Shape::Exists { binders, body }),
        _ => {}
    }
    let Some(at) = loosest_operator(&all) else {
        return match all.first() {
            Some(t) if t.text == "¬" => Shape::Not(text[t.end()..].trim()),
            _ => Shape::Other(text),
        };
    };
    let (left, right) = (text[..all[at].start].trim(), text[all[at].end()..].trim());
    match all[at].text {
        "→" => Shape::Implies(left, right),
        "↔" => Shape::Iff(left, right),
        "∨" => Shape::Or(left, right),
        "∧" => Shape::And(left, right),
        _ if all[0].text == "¬" => Shape::Not(text[all[0].end()..].trim()),
        symbol => Shape::Relation { symbol, left, right },
    }
}

/// The arguments a proof of `text` takes before its conclusion, as names to introduce; `None` for an unnamed premise.
pub(crate) fn leading_binders(text: &str) -> Vec<Option<&str>> {
    let mut found = Vec::new();
    let mut rest = text;
    loop {
        match shape(rest) {
            Shape::Forall { binders, body } => {
                for binder in &binders {
                    found.push(Some(binder.name));
                    if binder.bounded {
                        found.push(None);
                    }
                }
                rest = body;
            }
            Shape::Implies(_, body) => {
                found.push(None);
                rest = body;
            }
            Shape::Not(_) if found.is_empty() => {
                found.push(None);
                return found;
            }
            _ => return found,
        }
    }
}

/// What is left of `text` after its leading binders and premises.
pub(crate) fn conclusion(text: &str) -> &str {
    match shape(text) {
        Shape::Forall { body, .. } | Shape::Implies(_, body) => conclusion(body),
        _ => text,
    }
}

/// The inside of `text` if one pair of round brackets encloses all of it, and it is no tuple or type ascription.
fn unwrapped<'a>(text: &'a str, all: &[Token<'_>]) -> Option<&'a str> {
    let (first, last) = (all.first()?, all.last()?);
    if first.text != "(" || last.text != ")" {
        return None;
    }
    let mut depth = 0usize;
    for (i, token) in all.iter().enumerate() {
        match token.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth = depth.saturating_sub(1),
            _ if depth == 1 && matches!(token.text, ":" | "," | ":=") && !binds_before(&all[1..i]) => return None,
            _ => {}
        }
        if depth == 0 && i + 1 < all.len() {
            return None;
        }
    }
    Some(text[first.end()..last.start].trim())
}

/// Whether a binder was opened among these tokens, so that a `,` or `:` after them belongs to it.
fn binds_before(before: &[Token<'_>]) -> bool {
    before.iter().any(|t| swallows(t.text))
}

/// Words after which everything to the right belongs to their own body.
fn swallows(text: &str) -> bool {
    matches!(text, "∀" | "∃" | "∃!" | "fun" | "λ" | "if" | "let" | "have" | "match" | "∑" | "∏" | "Σ" | "Π")
}

/// Lean's precedence of an operator that can be the outermost one; lower binds looser.
fn precedence(text: &str) -> Option<u32> {
    Some(match text {
        "↔" => 20,
        "→" => 25,
        "∨" => 30,
        "∧" => 35,
        "=" | "≠" | "<" | "≤" | ">" | "≥" | "∣" | "∈" | "∉" | "==" | "!=" | "⊆" | "≡" => 50,
        _ => return None,
    })
}

/// The place of the loosest operator outside brackets and before any binder; the leftmost of equals, as all associate to the right.
fn loosest_operator(all: &[Token<'_>]) -> Option<usize> {
    let mut depth = 0usize;
    let mut best: Option<(u32, usize)> = None;
    for (i, token) in all.iter().enumerate() {
        match token.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            _ if swallows(token.text) => break,
            _ => {
                if let Some(p) = precedence(token.text)
                    && i > 0
                    && best.is_none_or(|(q, _)| p < q)
                {
                    best = Some((p, i));
                }
            }
        }
    }
    best.map(|(_, i)| i)
}

/// The binders and the body of a text that starts with a quantifier.
fn quantified<'a>(text: &'a str, all: &[Token<'a>]) -> Option<(Vec<Binder<'a>>, &'a str)> {
    let mut depth = 0usize;
    let comma = all.iter().position(|t| {
        match t.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && t.text == ","
    })?;
    let mut binders = Vec::new();
    let mut i = 1;
    while i < comma {
        if all[i].kind == TokenKind::Open {
            let close = matching(all, i).filter(|c| *c < comma)?;
            if all[i].text != "[" {
                group(text, &all[i + 1..close], all[close].start, &mut binders);
            } else {
                binders.push(Binder { name: "_", kind: None, bounded: false });
            }
            i = close + 1;
        } else {
            group(text, &all[i..comma], all[comma].start, &mut binders);
            break;
        }
    }
    Some((binders, text[all[comma].end()..].trim()))
}

/// One binder group `x y : T`, `x ∈ s`, `x y`.
fn group<'a>(text: &'a str, all: &[Token<'a>], end: usize, into: &mut Vec<Binder<'a>>) {
    let names = all.iter().take_while(|t| t.kind == TokenKind::Name).count();
    let separator = all.get(names).map(|t| t.text);
    let kind = match separator {
        Some(":") => all.get(names).map(|t| text[t.end()..end].trim()),
        _ => None,
    };
    let bounded = separator.is_some() && separator != Some(":");
    into.extend(all[..names].iter().map(|t| Binder { name: t.text, kind, bounded }));
}

fn matching(all: &[Token<'_>], open: usize) -> Option<usize> {
    let mut depth = 0usize;
    for (i, token) in all.iter().enumerate().skip(open) {
        match token.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth == 0 {
            return Some(i);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loosest_connective_wins() {
        assert_eq!(shape("a ∧ b ∨ c → d"), Shape::Implies("a ∧ b ∨ c", "d"));
        assert_eq!(shape("p ∧ ∃ x, q ∨ r"), Shape::And("p", "∃ x, q ∨ r"));
        assert_eq!(shape("(x = 1 ∨ y = 2)"), Shape::Or("x = 1", "y = 2"));
        assert_eq!(shape("(a) = (b)"), Shape::Relation { symbol: "=", left: "(a)", right: "(b)" });
        assert_eq!(shape("¬7 ∣ 2 ^ n + 1"), Shape::Not("7 ∣ 2 ^ n + 1"));
        assert_eq!(shape("¬a ∧ b"), Shape::And("¬a", "b"));
        assert_eq!(shape("if a = b then p else q = r"), Shape::Other("if a = b then p else q = r"));
        assert_eq!(shape("Even n"), Shape::Other("Even n"));
    }

    #[test]
    fn binders_give_the_names_to_introduce() {
        assert_eq!(leading_binders("∀ (a b : Nat), a < b → ∀ n ≥ 5, p n"), [Some("a"), Some("b"), None, Some("n"), None]);
        assert_eq!(leading_binders("¬a = b"), [None]);
        assert_eq!(leading_binders("a = b"), []);
        assert_eq!(conclusion("∀ x, p x → q x ∧ r"), "q x ∧ r");
    }

    #[test]
    fn a_quantifier_keeps_types_and_bodies() {
        let Shape::Exists { binders, body } = shape("∃ x y, x + y = 3") else { panic!() };
        assert_eq!(binders.iter().map(|b| b.name).collect::<Vec<_>>(), ["x", "y"]);
        assert_eq!(body, "x + y = 3");
        let Shape::Forall { binders, .. } = shape("∀ {α : Type} (xs : List α), p") else { panic!() };
        assert_eq!(binders[1], Binder { name: "xs", kind: Some("List α"), bounded: false });
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "[ab∀∃,:()\\[\\]⟨⟩¬∧∨→↔=< ✝.«»x1]*") {
            let _ = (shape(&text), leading_binders(&text), conclusion(&text));
        }
    }
}

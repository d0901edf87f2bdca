//! Statements made of a theorem's text: its negation, and that its hypotheses contradict each other.

use prove_syntax::{Outline, Source, TokenKind};
use std::ops::Range;

/// A theorem's text cut into its parts.
struct Parts<'a> {
    /// Up to its name.
    before: &'a str,
    /// Its name, and its universe levels if it declares some.
    name: &'a str,
    universes: &'a str,
    binders: &'a str,
    kind: &'a str,
}

/// `theorem … : ¬ (∀ binders, type) := by sorry`. `None` where the text alone does not say how: default values of binders.
pub(super) fn negation(statement: &str) -> Option<String> {
    let Parts { before, name, universes, binders, kind } = parts(statement)?;
    let negated = match (binders.is_empty(), binders.contains(":=")) {
        (_, true) => return None,
        (true, _) => format!("¬ ({kind})"),
        (false, _) => format!("¬ (∀ {binders}, ({kind}))"),
    };
    Some(format!("{before}{name}{universes} : {negated} := by\n  sorry"))
}

/// `theorem … binders : False := by sorry`.
pub(super) fn contradiction(statement: &str) -> Option<String> {
    let Parts { before, name, universes, binders, .. } = parts(statement)?;
    Some(format!("{before}{name}{universes} {binders} : False := by\n  sorry"))
}

/// The theorem under another name.
pub(super) fn renamed(statement: &str, name: &str) -> Option<String> {
    let Parts { before, universes, binders, kind, .. } = parts(statement)?;
    Some(format!("{before}{name}{universes} {binders} : {kind}"))
}

fn parts(statement: &str) -> Option<Parts<'_>> {
    let outline = Outline::new(&Source::new(statement));
    let declaration = outline.declarations.last()?;
    let signature = declaration.signature.clone();
    let text = &statement[signature.clone()];
    let head = statement[..signature.start].trim_end();
    let name_at = head.rfind(char::is_whitespace)? + 1;
    let colon = colon(text)?;
    let (universes, binders) = match text[..colon].trim().strip_prefix(".{").and_then(|rest| Some((rest.find('}')?, rest))) {
        Some((end, rest)) => (&text[text.find(".{")?..][..end + ".{}".len()], rest[end + 1..].trim()),
        None => ("", text[..colon].trim()),
    };
    Some(Parts { before: &head[..name_at], name: &head[name_at..], universes, binders, kind: text[colon + 1..].trim() })
}

/// The colon between binders and type.
fn colon(signature: &str) -> Option<usize> {
    let source = Source::new(signature);
    let mut depth = 0usize;
    for token in source.code() {
        let range: Range<usize> = token.range();
        match &signature[range.clone()] {
            "(" | "[" | "{" | "⟨" | "⦃" | ".{" => depth += 1,
            ")" | "]" | "}" | "⟩" | "⦄" => depth = depth.checked_sub(1)?,
            ":" if depth == 0 && token.kind != TokenKind::Ident => return Some(range.start),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_is_negated_with_its_binders_inside() {
        let statement = "theorem a.{u} {α : Type u} (x : α)\n    (h : x = x) : ∀ y : α, y = x := by sorry";
        let negated = "theorem a.{u} : ¬ (∀ {α : Type u} (x : α)\n    (h : x = x), (∀ y : α, y = x)) := by\n  sorry";
        assert_eq!(negation(statement).as_deref(), Some(negated));
        let contradictory = "theorem a.{u} {α : Type u} (x : α)\n    (h : x = x) : False := by\n  sorry";
        assert_eq!(contradiction(statement).as_deref(), Some(contradictory));
        assert_eq!(negation("theorem b : 1 = 2 := by sorry").as_deref(), Some("theorem b : ¬ (1 = 2) := by\n  sorry"));
        assert_eq!(negation("theorem c (n : Nat := 1) : n = n := by sorry"), None);
        assert_eq!(renamed("theorem b : 1 = 2 := by sorry", "_").as_deref(), Some("theorem _  : 1 = 2"));
    }
}

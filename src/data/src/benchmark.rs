//! Keeps statements of published benchmarks out of what is generated.

use crate::{key::Key, statement::Statement};
use prove_syntax::{DeclarationKind, Outline, Source};
use std::collections::HashSet;

/// The keys of benchmark statements.
#[derive(Clone, Debug, Default)]
pub struct BenchmarkKeys(HashSet<Key>);

impl BenchmarkKeys {
    /// The keys of all theorems in these texts, of which each is a theorem or a whole file. What is no theorem is passed over.
    pub fn new<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> BenchmarkKeys {
        BenchmarkKeys(texts.into_iter().flat_map(|text| keys(text.as_ref())).collect())
    }

    /// How many distinct statements it knows.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it knows none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a statement is one of the benchmarks'.
    pub fn contains(&self, key: &Key) -> bool {
        self.0.contains(key)
    }

    /// Whether a statement says what one of the benchmarks' says.
    pub fn refuses(&self, statement: &Statement) -> bool {
        self.contains(&statement.key())
    }
}

impl Key {
    /// The key of a theorem's text, without what is defined before it. `None` where the text is no theorem.
    pub fn of_theorem(text: &str) -> Option<Key> {
        keys(text).into_iter().next()
    }
}

/// The keys of the theorems in a text.
fn keys(text: &str) -> Vec<Key> {
    let source = Source::new(text);
    let outline = Outline::new(&source);
    let theorems = outline.declarations.iter().filter(|d| matches!(d.kind, DeclarationKind::Theorem | DeclarationKind::Lemma));
    theorems.filter_map(|theorem| key(text.get(theorem.signature.clone())?)).collect()
}

/// The key of a signature: binders, a colon, a type.
fn key(signature: &str) -> Option<Key> {
    let mut premises = Vec::new();
    let mut rest = signature.trim_start();
    while let Some(open) = rest.chars().next().filter(|c| matches!(c, '(' | '{' | '[' | '⦃')) {
        let length = bracketed(rest)?;
        let inside = &rest[open.len_utf8()..length - rest[..length].chars().next_back()?.len_utf8()];
        match inside.split_once(':') {
            Some((names, kind)) if open != '[' => premises.extend(names.split_whitespace().map(|n| (n.to_owned(), kind.trim().to_owned()))),
            _ => premises.push((format!("inst✝{}", premises.len()), inside.trim().to_owned())),
        }
        rest = rest[length..].trim_start();
    }
    let goal = rest.strip_prefix(':')?;
    Some(Key::of_parts(Vec::new(), premises, goal.trim()))
}

/// The length of the bracket that a text begins with.
fn bracketed(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (at, c) in text.char_indices() {
        match c {
            '(' | '{' | '[' | '⦃' => depth += 1,
            ')' | '}' | ']' | '⦄' => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth == 0 {
            return Some(at + c.len_utf8());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_benchmark_statement_is_known_however_it_is_written() {
        let keys = BenchmarkKeys::new(["theorem t (x y : ℕ)\n  (h₀ : x + y = 7) (h₁ : x = 3) :\n  y = 4 := by sorry", "not Lean at all ("]);
        assert_eq!(keys.len(), 1);
        let other = super::keys("theorem other : ∀ a b : Nat, a = 3 → a + b = 7 → b = 4 := sorry");
        assert!(other.iter().all(|key| keys.contains(key)) && other.len() == 1);
        assert!(!super::keys("theorem other : ∀ a b : Nat, a = 3 → a + b = 8 → b = 4 := sorry").iter().any(|key| keys.contains(key)));
    }
}

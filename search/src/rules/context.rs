//! What a file defines before the theorem to prove, as far as the rules use it.

use std::collections::BTreeSet;

/// The names a file defines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileContext {
    /// Functions and abbreviations, to unfold.
    pub definitions: BTreeSet<String>,
    /// Inductive types and structures, to do case analysis on.
    pub types: BTreeSet<String>,
    /// Theorems, to rewrite and close with.
    pub theorems: BTreeSet<String>,
}

impl FileContext {
    /// Reads the names off the text before a theorem. It goes by words, not by syntax: a name too many costs one refused tactic.
    pub fn scan(text: &str) -> FileContext {
        let mut context = FileContext::default();
        let mut words = text.split_whitespace().peekable();
        while let Some(word) = words.next() {
            let into = match word {
                "def" | "abbrev" => &mut context.definitions,
                "inductive" | "structure" => &mut context.types,
                "theorem" | "lemma" => &mut context.theorems,
                _ => continue,
            };
            if let Some(next) = words.peek() {
                // Universes are written behind a dot.
                let name = next.split(['(', '{', '[', ':', '⦃']).next().unwrap_or("").trim_end_matches('.');
                if name.split('.').all(crate::lex::is_accessible) {
                    into.insert(name.to_owned());
                }
            }
        }
        context
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_by_their_keywords() {
        let context =
            FileContext::scan("inductive T where\n| leaf : T\n\ndef size : T → Nat\n| .leaf => 1\ntheorem foo(n : Nat) : n = n := rfl\n");
        assert_eq!(context.types, BTreeSet::from(["T".to_owned()]));
        assert_eq!(context.definitions, BTreeSet::from(["size".to_owned()]));
        let dotted = FileContext::scan("def Tree.size {α : Type} : Tree α → Nat\ninductive Many.{u} (α : Type u)\ndef .x");
        assert_eq!(dotted.definitions, BTreeSet::from(["Tree.size".to_owned()]));
        assert_eq!(dotted.types, BTreeSet::from(["Many".to_owned()]));
        assert_eq!(context.theorems, BTreeSet::from(["foo".to_owned()]));
    }
}

//! The words of a Lean text: what may be renamed in it.

use prove_syntax::{Token, TokenKind, lex};
use std::collections::{BTreeSet, HashMap};

/// The tokens that count, each with its text.
pub(crate) fn code(text: &str) -> Vec<(TokenKind, &str)> {
    let lexed = lex(text);
    let counts = |t: &&Token| !t.kind.is_trivia();
    lexed.tokens.iter().filter(counts).map(|t| (t.kind, &text[t.range()])).collect()
}

/// The part of a dotted name that can be a variable.
pub(crate) fn head(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

/// `text` with names replaced, all else as it is. A constructor written with a leading dot is no name of a variable.
pub(crate) fn rename(text: &str, names: &HashMap<String, String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut last = "";
    for token in &lex(text).tokens {
        let word = &text[token.range()];
        let name = head(word);
        match names.get(name) {
            Some(new) if token.kind == TokenKind::Ident && last != "." => {
                out.push_str(new);
                out.push_str(&word[name.len()..]);
            }
            _ => out.push_str(word),
        }
        last = word;
    }
    out
}

/// All words that a text speaks of, up to their first dot.
pub(crate) fn idents(text: &str) -> BTreeSet<String> {
    code(text).into_iter().filter(|(kind, _)| *kind == TokenKind::Ident).map(|(_, word)| head(word).to_owned()).collect()
}

/// The names that quantifiers and `fun` bind, in order of appearance.
pub(crate) fn bound(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut binding = false;
    for (kind, word) in code(text) {
        match word {
            "∀" | "∃" | "fun" | "λ" => binding = true,
            "," | "=>" | "↦" | ":" | "∈" | "<" | ">" | "≤" | "≥" => binding = false,
            // A further group of binders: `∀ (x : A) (y : B), …`. Elsewhere an opening bracket follows a binder's end.
            _ if binding && kind == TokenKind::Ident && word != "_" => found.push(word.to_owned()),
            _ => {}
        }
    }
    let mut seen = BTreeSet::new();
    found.retain(|name| seen.insert(name.clone()));
    found
}

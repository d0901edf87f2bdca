//! The symbols of more than one character that Lean's core, Batteries and Mathlib declare and that matter for cutting a text right.

/// In no particular order.
const SYMBOLS: &[&str] = &[
    ":=", "::", "=>", "==", "=>>", "->", "<-", "<->", "<;>", "<|>", "<|", "<$>", "<*>", "<*", "*>", "<=", "<<<", ">>>", ">>=", ">>", "=<<",
    ">=", "!=", "++", "+++", "&&", "&&&", "||", "|||", "|>", "|>.", "|-", "^^^", "~~~", "/\\", "\\/", "//", "..", "...", ".{", "@[", "#[",
    "%[", "`(", "``(", "`[", "``", "''", "''ᵁ", "⁻¹", "⁻¹'", "∑'", "∏'", "∃!", "×'", "Σ'", "<+>", "<+", "<++", "<:+", "<+:", "<:+:", "$>",
    "=ᵐ", "∘'", "<<", "|*",
];

/// The length in bytes of the longest listed symbol that `text` begins with.
pub(super) fn longest(text: &str) -> Option<usize> {
    SYMBOLS.iter().filter(|s| text.starts_with(**s)).map(|s| s.len()).max()
}

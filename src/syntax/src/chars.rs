//! Which characters make up Lean identifiers. The ranges are those of Lean's `isIdFirst` and `isIdRest`.

/// Letters beyond ASCII that identifiers may hold: Greek without `λ`, `Π`, `Σ`, Coptic, polytonic Greek, the letter-like block,
/// mathematical script, double-struck and Fraktur letters, and the Latin letters with diacritics.
fn is_letter_like(c: char) -> bool {
    match u32::from(c) {
        0x3bb | 0x3a0 | 0x3a3 | 0xd7 | 0xf7 => false,
        0x3b1..=0x3c9 | 0x391..=0x3a9 | 0x3ca..=0x3fb => true,
        0x1f00..=0x1ffe | 0x2100..=0x214f | 0x1d49c..=0x1d59f => true,
        0xc0..=0x17f => true,
        _ => false,
    }
}

/// Subscript digits and letters.
pub(crate) fn is_subscript(c: char) -> bool {
    matches!(u32::from(c), 0x2080..=0x2089 | 0x2090..=0x209c | 0x1d62..=0x1d6a | 0x2c7c)
}

/// Whether `c` can begin a component of an identifier.
pub(crate) fn is_id_first(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_' || is_letter_like(c)
}

/// Whether `c` can continue a component of an identifier.
pub(crate) fn is_id_rest(c: char) -> bool {
    is_id_first(c) || c.is_ascii_digit() || matches!(c, '\'' | '!' | '?') || is_subscript(c)
}

/// What Lean skips between tokens. Other Unicode spaces are errors to Lean.
pub(crate) fn is_whitespace(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

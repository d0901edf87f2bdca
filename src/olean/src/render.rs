//! Names as text for people.
//!
//! Names are data that an untrusted file chose: they may hold line breaks, terminal escapes, bidirectional controls, or look
//! like another name. So a component that is not a plain identifier is put between `«` and `»` with everything odd escaped; two
//! different names never render alike.

use prove_kernel::term::{Name, NameNode, Terms};
use std::fmt::Write;

/// Renders a name.
pub fn name(terms: &Terms, name: Name) -> String {
    let mut parts = Vec::new();
    let mut at = name;
    loop {
        match terms.name(at) {
            NameNode::Anonymous => break,
            NameNode::Str(prefix, text) => {
                parts.push(component(terms.str(text)));
                at = prefix;
            }
            NameNode::Num(prefix, number) => {
                parts.push(number.to_string());
                at = prefix;
            }
        }
    }
    if parts.is_empty() {
        return "[anonymous]".to_owned();
    }
    parts.reverse();
    parts.join(".")
}

/// A name as somebody wrote it (`Foo.«bar baz».qux`), rendered as [`name`] renders it.
pub fn written(text: &str) -> String {
    let mut parts = Vec::new();
    let mut rest = text;
    loop {
        let quoted = rest.strip_prefix('«').and_then(|inner| inner.split_once('»'));
        let (part, after) = match quoted {
            Some((part, after)) => (part, after.strip_prefix('.')),
            None => rest.split_once('.').map_or((rest, None), |(part, after)| (part, Some(after))),
        };
        parts.push(component(part));
        match after {
            Some(after) => rest = after,
            None => return parts.join("."),
        }
    }
}

/// Renders one string component.
pub(crate) fn component(text: &str) -> String {
    let mut chars = text.chars();
    if chars.next().is_some_and(starts_identifier) && chars.all(continues_identifier) {
        return text.to_owned();
    }
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('«');
    for c in text.chars() {
        match c {
            ' '..='~' if c != '\\' => quoted.push(c),
            c if is_plain_letter(c) => quoted.push(c),
            // Writing to a string does not fail.
            c => drop(write!(quoted, "\\u{{{:x}}}", u32::from(c))),
        }
    }
    quoted.push('»');
    quoted
}

fn starts_identifier(c: char) -> bool {
    c == '_' || (is_plain_letter(c) && !c.is_numeric())
}

fn continues_identifier(c: char) -> bool {
    starts_identifier(c) || is_plain_letter(c) || matches!(c, '\'' | '!' | '?' | '✝')
}

/// Letters and digits that cannot be mistaken: ASCII, and the Greek, letter-like and subscript characters of Lean's identifiers.
fn is_plain_letter(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || (('α'..='ω').contains(&c) && c != 'ο')
        || matches!(c, 'Γ' | 'Δ' | 'Θ' | 'Λ' | 'Ξ' | 'Π' | 'Σ' | 'Φ' | 'Ψ' | 'Ω')
        || matches!(c, 'ℂ' | 'ℍ' | 'ℕ' | 'ℙ' | 'ℚ' | 'ℝ' | 'ℤ' | 'ℓ')
        || ('\u{2080}'..='\u{209c}').contains(&c)
        || ('\u{1d49c}'..='\u{1d59f}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_names_stay_as_they_are() {
        let mut terms = Terms::new();
        for text in ["Nat.add", "List.map_append'", "Foo.bar₁", "α.ℕ.get!", "_private.A"] {
            let id = terms.mk_name(text);
            assert_eq!(name(&terms, id), text);
        }
    }

    #[test]
    fn odd_names_are_quoted_and_stay_apart() {
        let mut terms = Terms::new();
        let odd = |terms: &mut Terms, text: &str| {
            let id = terms.mk_name_str(Name::ANONYMOUS, text);
            name(terms, id)
        };
        assert_eq!(odd(&mut terms, "a\nb"), "«a\\u{a}b»");
        assert_eq!(odd(&mut terms, "\u{1b}[31mx"), "«\\u{1b}[31mx»");
        assert_eq!(odd(&mut terms, "propext\u{200b}"), "«propext\\u{200b}»");
        assert_eq!(odd(&mut terms, "\u{202e}tcerid"), "«\\u{202e}tcerid»");
        // A Cyrillic letter that looks like a Latin one.
        assert_eq!(odd(&mut terms, "\u{0430}b"), "«\\u{430}b»");
        let dotted = odd(&mut terms, "Nat.add");
        assert_eq!(dotted, "«Nat.add»");
        let number = odd(&mut terms, "1");
        assert_eq!(number, "«1»");
        let one = terms.mk_name_num(Name::ANONYMOUS, 1);
        assert_eq!(name(&terms, one), "1");
        assert_eq!(odd(&mut terms, "x»\\"), "«x\\u{bb}\\u{5c}»");
    }

    #[test]
    fn written_names_are_rendered_like_decoded_ones() {
        for (text, rendered) in [("a.b'", "a.b'"), ("«a».b", "a.b"), ("A.«x y».z", "A.«x y».z"), ("«a.b»", "«a.b»")] {
            assert_eq!(super::written(text), rendered);
        }
    }
}

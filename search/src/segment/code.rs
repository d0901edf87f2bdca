//! What of a proof's text is code, what is comment, and what stands inside a literal.

use std::ops::Range;

/// The kinds of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Code,
    Comment,
    /// A string or a character.
    Literal,
}

/// A piece of one kind.
struct Piece {
    kind: Kind,
    range: Range<usize>,
    /// The text ends before the piece does.
    unfinished: bool,
}

/// The text with comments made blank and literals made `"`, byte for byte as long and with the same lines.
pub(crate) fn masked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for piece in pieces(text) {
        let inside = &text[piece.range];
        let filler = match piece.kind {
            Kind::Code => {
                out.push_str(inside);
                continue;
            }
            Kind::Comment => ' ',
            Kind::Literal => '"',
        };
        out.extend(inside.bytes().map(|b| if b == b'\n' { '\n' } else { filler }));
    }
    out
}

/// Whether a text ends inside a block comment.
pub(crate) fn ends_in_comment(text: &str) -> bool {
    pieces(text).last().is_some_and(|piece| piece.kind == Kind::Comment && piece.unfinished)
}

/// The text without comments, blank lines, white space at the ends of lines, and more than one blank in a row elsewhere. Indentation
/// stays, because it means something: texts that are equal in this form are the same proof.
pub(crate) fn normal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut indent, mut line_begins, mut gap) = (0usize, true, false);
    for piece in pieces(text) {
        for c in text[piece.range].chars() {
            match c {
                '\n' if piece.kind != Kind::Literal => (indent, line_begins, gap) = (0, true, false),
                _ if piece.kind == Kind::Comment || piece.kind == Kind::Code && c.is_whitespace() => {
                    indent += usize::from(line_begins);
                    gap = true;
                }
                _ => {
                    if line_begins {
                        out.push_str(if out.is_empty() { "" } else { "\n" });
                        out.extend(std::iter::repeat_n(' ', indent));
                    } else if gap {
                        out.push(' ');
                    }
                    out.push(c);
                    (line_begins, gap) = (false, false);
                }
            }
        }
    }
    out
}

/// The pieces of a text, in order and without gaps.
fn pieces(text: &str) -> impl Iterator<Item = Piece> {
    let mut at = 0;
    std::iter::from_fn(move || {
        if at == text.len() {
            return None;
        }
        let start = at;
        let special = special(text, start);
        let (kind, length) = special.unwrap_or((Kind::Code, None));
        at = match (special, length) {
            (Some(_), Some(length)) => start + length,
            (Some(_), None) => text.len(),
            (None, _) => code_end(text, start),
        };
        Some(Piece { kind, range: start..at, unfinished: special.is_some() && length.is_none() })
    })
}

/// Where code that begins here ends: at the next comment or literal.
fn code_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = start;
    while at < bytes.len() {
        match bytes[at] {
            b'-' | b'/' | b'"' | b'\'' | b'r' if at > start && special(text, at).is_some() => return at,
            // The first byte of `«`, among others.
            0xc2 if text[at..].starts_with('«') => at += text[at..].find('»').map_or(2, |end| end + '»'.len_utf8()),
            _ => at += 1,
        }
    }
    at
}

/// The comment or literal that begins at a byte, and its length; none if the text ends before it does.
fn special(text: &str, at: usize) -> Option<(Kind, Option<usize>)> {
    let (rest, next) = (&text[at..], text.as_bytes().get(at + 1));
    let in_name = || text[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '\'' | '!' | '?'));
    match rest.as_bytes()[0] {
        b'-' if next == Some(&b'-') => Some((Kind::Comment, Some(rest.find('\n').unwrap_or(rest.len())))),
        b'/' if next == Some(&b'-') => Some((Kind::Comment, block_comment(rest))),
        b'"' => Some((Kind::Literal, string(rest))),
        b'\'' if !in_name() => character(rest).map(|length| (Kind::Literal, Some(length))),
        b'r' if matches!(next, Some(b'"' | b'#')) && !in_name() => raw_string(rest).map(|length| (Kind::Literal, length)),
        _ => None,
    }
}

fn block_comment(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut depth, mut at) = (0usize, 0);
    while at + 1 < bytes.len() {
        match &bytes[at..at + 2] {
            b"/-" => (depth, at) = (depth + 1, at + 2),
            b"-/" => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

fn string(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// `'a'` or `'\n'`; a lone quote is something else.
fn character(text: &str) -> Option<usize> {
    let mut chars = text.char_indices().skip(1);
    let (_, first) = chars.next()?;
    if first == '\\' {
        let end = text[2..].char_indices().skip(1).find(|(_, c)| *c == '\'')?.0 + 3;
        return (end <= 12).then_some(end);
    }
    chars.next().filter(|(_, c)| *c == '\'').map(|(at, _)| at + 1)
}

/// `r"…"` and `r#"…"#`, if it is one, and its length, if it ends.
fn raw_string(text: &str) -> Option<Option<usize>> {
    let marks = text[1..].bytes().take_while(|b| *b == b'#').count();
    let inside = text[1 + marks..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(marks));
    Some(inside.find(&end).map(|at| 1 + marks + 1 + at + end.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_literals_are_masked() {
        let text = "simp -- sorry\nexact f' \"a -- b\\\"\" '\"' /- x /- y -/ 𝔸\n-/ h'";
        //         `exact f'`: a prime ends a name. The quote in quotes is a character.
        let wanted = "simp         \nexact f' \"\"\"\"\"\"\"\"\"\" \"\"\"                  \n   h'";
        assert_eq!(masked(text), wanted);
        assert_eq!(masked(text).len(), text.len());
        assert_eq!(masked("x r#\"a\"b\"# «a--b» '\\n' rw"), "x \"\"\"\"\"\"\"\" «a--b» \"\"\"\" rw");
        assert!(ends_in_comment("simp /- open"));
        assert!(!ends_in_comment("simp -- done"));
    }

    #[test]
    fn only_what_means_nothing_is_normalised_away() {
        let tidy = "have h : a = b := by\n  simp\nexact \"x  y\"";
        assert_eq!(normal("\n-- first\nhave  h : a = b := by   -- why\n\n  simp /- \n -/\nexact \"x  y\"  \n"), tidy);
        assert_eq!(normal(tidy), tidy);
        assert_ne!(normal("have h : p := by\n  a\n  b"), normal("have h : p := by\n  a\nb"));
    }

    proptest::proptest! {
        #[test]
        fn any_text_keeps_its_lines_and_normal_forms_stay(text in "[a\\- /\"'r#«»𝔸\\\\\n]{0,40}") {
            let mask = masked(&text);
            proptest::prop_assert_eq!(mask.len(), text.len());
            let breaks = |t: &str| t.match_indices('\n').map(|(at, _)| at).collect::<Vec<_>>();
            proptest::prop_assert_eq!(breaks(&mask), breaks(&text));
        }
    }
}

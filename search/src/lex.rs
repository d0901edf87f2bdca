//! Tokens of Lean terms as Lean prints them.
//!
//! The rules and the canonical form need names, operators and brackets of printed goals, and nothing more. What Lean prints is
//! untrusted text: every string lexes, and what cannot be understood is a [`TokenKind::Symbol`].

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// A name, possibly dotted and with projections: `n`, `h.1`, `Nat.succ`, `x✝¹`, `«a b»`, `@foo` without its `@`.
    Name,
    /// A numeral.
    Number,
    /// An opening bracket of any kind.
    Open,
    /// A closing bracket of any kind.
    Close,
    /// Any other run of symbol characters, such as `→`, `:=` or `∣`.
    Symbol,
}

/// One token and its byte range in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token<'a> {
    pub(crate) kind: TokenKind,
    pub(crate) text: &'a str,
    pub(crate) start: usize,
}

impl Token<'_> {
    /// One past the token's last byte.
    pub(crate) fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// The tokens of `text` in order; white space is skipped.
pub(crate) fn tokens(text: &str) -> Vec<Token<'_>> {
    tokens_in(text).collect()
}

/// The same, one at a time.
pub(crate) fn tokens_in(text: &str) -> impl Iterator<Item = Token<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text[at..].trim_start();
        let start = text.len() - rest.len();
        let c = rest.chars().next()?;
        let (kind, length) = if c == '«' || starts_name(c) {
            (TokenKind::Name, name_length(rest))
        } else if c.is_ascii_digit() {
            (TokenKind::Number, number_length(rest))
        } else if is_open(c) {
            (TokenKind::Open, c.len_utf8())
        } else if is_close(c) {
            (TokenKind::Close, c.len_utf8())
        } else {
            (TokenKind::Symbol, symbol_length(rest))
        };
        at = start + length;
        Some(Token { kind, text: &rest[..length], start })
    })
}

/// The place of the bracket that closes the one which these tokens begin with.
pub(crate) fn closing(all: &[Token<'_>]) -> Option<usize> {
    let mut depth = 0usize;
    all.iter().position(|token| {
        match token.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    })
}

/// How many tokens an argument has that stands first: a name, a numeral or something in brackets.
pub(crate) fn atom(all: &[Token<'_>]) -> Option<usize> {
    match all.first()?.kind {
        TokenKind::Name | TokenKind::Number => Some(1),
        TokenKind::Open => closing(all).map(|at| at + 1),
        TokenKind::Close | TokenKind::Symbol => None,
    }
}

/// The part of a dotted name before the first dot: the only part that can be a hypothesis.
pub(crate) fn head(name: &str) -> &str {
    if name.starts_with('«') {
        return name.find('»').map_or(name, |end| &name[..end + '»'.len_utf8()]);
    }
    name.split('.').next().unwrap_or(name)
}

/// Whether `text` is one plain name that can be written back into a tactic.
pub(crate) fn is_accessible(text: &str) -> bool {
    !text.is_empty() && !text.contains('✝') && matches!(tokens(text).as_slice(), [t] if t.kind == TokenKind::Name && head(t.text) == text)
}

/// Lean's letter-like characters, λ, Π and Σ left out as they are binders.
fn is_letter(c: char) -> bool {
    c.is_ascii_alphabetic()
        || matches!(c, '\u{3b1}'..='\u{3c9}' if c != 'λ')
        || matches!(c, '\u{391}'..='\u{3a9}' if c != 'Π' && c != 'Σ')
        || matches!(c, '\u{3ca}'..='\u{3fb}' | '\u{1f00}'..='\u{1ffe}' | '\u{2100}'..='\u{214f}' | '\u{1d49c}'..='\u{1d59f}')
        || matches!(c, '\u{c0}'..='\u{17f}' if c != '×' && c != '÷')
}

fn starts_name(c: char) -> bool {
    is_letter(c) || c == '_'
}

fn continues_name(c: char) -> bool {
    starts_name(c)
        || c.is_ascii_digit()
        || matches!(c, '\'' | '!' | '?' | '✝' | '\u{2080}'..='\u{2089}' | '\u{2090}'..='\u{209c}' | '\u{1d62}'..='\u{1d6a}' | '\u{2c7c}')
}

fn is_superscript_digit(c: char) -> bool {
    matches!(c, '⁰' | '¹' | '²' | '³' | '⁴'..='⁹')
}

fn is_open(c: char) -> bool {
    matches!(c, '(' | '[' | '{' | '⟨' | '⟦' | '⦃' | '⌊' | '⌈')
}

fn is_close(c: char) -> bool {
    matches!(c, ')' | ']' | '}' | '⟩' | '⟧' | '⦄' | '⌋' | '⌉')
}

fn name_length(text: &str) -> usize {
    let mut at = 0;
    loop {
        at += component_length(&text[at..]);
        let mut rest = text[at..].chars();
        if rest.next() != Some('.') {
            return at;
        }
        match rest.next() {
            Some(c) if c == '«' || starts_name(c) || c.is_ascii_digit() => at += 1,
            _ => return at,
        }
    }
}

fn component_length(text: &str) -> usize {
    if text.starts_with('«') {
        return text.find('»').map_or(text.len(), |end| end + '»'.len_utf8());
    }
    let mut after_dagger = false;
    for (at, c) in text.char_indices() {
        if !(continues_name(c) || after_dagger && is_superscript_digit(c)) {
            return at;
        }
        after_dagger |= c == '✝';
    }
    text.len()
}

fn number_length(text: &str) -> usize {
    let digits = text.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(text.len());
    let mut rest = text[digits..].chars();
    match (rest.next(), rest.next()) {
        (Some('.'), Some(c)) if c.is_ascii_digit() => {
            let fraction = &text[digits + 1..];
            digits + 1 + fraction.find(|c: char| !c.is_ascii_digit()).unwrap_or(fraction.len())
        }
        _ => digits,
    }
}

/// Runs of ASCII operator characters belong together (`:=`, `<=`, `&&`); any other symbol stands alone.
fn symbol_length(text: &str) -> usize {
    let run = text.find(|c: char| !matches!(c, ':' | '=' | '<' | '>' | '&' | '|' | '+' | '-' | '*' | '/' | '^' | '%' | '!' | '$'));
    match run.unwrap_or(text.len()) {
        0 => text.chars().next().map_or(0, char::len_utf8),
        length => length,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<&str> {
        tokens(text).into_iter().map(|t| t.text).collect()
    }

    #[test]
    fn names_keep_their_dots_daggers_and_subscripts() {
        assert_eq!(texts("h₀.1 = x✝¹ ^ 2"), ["h₀.1", "=", "x✝¹", "^", "2"]);
        assert_eq!(texts("∀ n, n.succ ≤ «a b».c"), ["∀", "n", ",", "n.succ", "≤", "«a b».c"]);
        assert_eq!(texts("fun x ↦ x.1.2+10.5"), ["fun", "x", "↦", "x.1.2", "+", "10.5"]);
    }

    #[test]
    fn heads_are_what_a_hypothesis_can_be() {
        assert_eq!(head("h.left.1"), "h");
        assert_eq!(head("«a.b».c"), "«a.b»");
        assert!(is_accessible("h₀'"));
        assert!(!is_accessible("x✝"));
        assert!(!is_accessible("h.1"));
        assert!(!is_accessible("a b"));
    }

    proptest::proptest! {
        #[test]
        fn any_text_lexes_into_ordered_pieces_of_itself(text in "\\PC*") {
            let mut at = 0;
            for token in tokens(&text) {
                proptest::prop_assert!(token.start >= at && !token.text.is_empty());
                proptest::prop_assert!(text[at..token.start].chars().all(char::is_whitespace));
                proptest::prop_assert_eq!(&text[token.start..token.end()], token.text);
                at = token.end();
            }
            proptest::prop_assert!(text[at..].chars().all(char::is_whitespace));
        }
    }
}

//! The lexer: Lean's surface text as tokens with byte ranges, losing nothing.
//!
//! Lean has no separate lexer. Its parser asks for one token at a time, with a token table that grows as notations are declared.
//! What holds for every table is lexed exactly here (comments, strings, characters, numerals, identifiers); symbols are cut by the
//! longest match in a table of the common ones and otherwise one character at a time. Where a table unknown to us could make Lean
//! read a text differently, [`ProofBody`](crate::ProofBody) refuses the text instead of guessing.

mod cursor;
mod literals;
mod symbols;

use cursor::Cursor;
pub(crate) use literals::char_literal_len;
use std::ops::Range;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// Spaces, tabs and line ends.
    Whitespace,
    /// `-- …` up to the end of the line.
    LineComment,
    /// `/- … -/`, nested.
    BlockComment,
    /// `/-- … -/`: part of the declaration that follows.
    DocComment,
    /// `/-! … -/`: a command of its own.
    ModuleDoc,
    /// An identifier or a keyword, dotted and escaped components included (`Nat.succ`, `«x y».z`, `theorem`, `_`).
    Ident,
    /// A quoted name: `` `foo.bar ``.
    NameLit,
    /// A numeral, or the index of a projection.
    Number,
    /// A character literal.
    Char,
    /// A string literal; also an interpolated one without holes, prefix included.
    Str,
    /// A raw string literal `r#"…"#`.
    RawStr,
    /// The first piece of an interpolated string, from its prefix to the `{` of the first hole.
    StrOpen,
    /// A piece of an interpolated string between two holes, braces included.
    StrMiddle,
    /// The last piece of an interpolated string, from a `}` to the closing quote.
    StrClose,
    /// Any other symbol.
    Symbol,
}

impl TokenKind {
    /// Whether Lean's parser skips the token.
    pub fn is_trivia(self) -> bool {
        matches!(self, TokenKind::Whitespace | TokenKind::LineComment | TokenKind::BlockComment)
    }

    /// Whether the token is a string literal or a piece of one.
    pub fn is_string(self) -> bool {
        matches!(self, TokenKind::Str | TokenKind::RawStr | TokenKind::StrOpen | TokenKind::StrMiddle | TokenKind::StrClose)
    }
}

/// One token: a kind and a byte range. The tokens of a text tile it without gaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// First byte.
    pub start: usize,
    /// First byte after.
    pub end: usize,
}

impl Token {
    /// The byte range.
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

/// What is wrong with a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LexErrorKind {
    /// A block or doc comment without its end.
    UnterminatedComment,
    /// A string literal without its closing quote, or an interpolated one whose hole is never closed.
    UnterminatedString,
    /// A raw string literal without its closing quote and hashes.
    UnterminatedRawString,
    /// `«` without `»`.
    UnterminatedIdent,
    /// A `\` followed by what is no escape sequence.
    BadEscape,
}

impl std::fmt::Display for LexErrorKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            LexErrorKind::UnterminatedComment => "unterminated comment",
            LexErrorKind::UnterminatedString => "unterminated string literal",
            LexErrorKind::UnterminatedRawString => "unterminated raw string literal",
            LexErrorKind::UnterminatedIdent => "unterminated identifier escape",
            LexErrorKind::BadEscape => "invalid escape sequence",
        })
    }
}

/// A fault in the text, at the first byte of the token (or of the escape sequence) it is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LexError {
    /// What is wrong.
    pub kind: LexErrorKind,
    /// Where it begins.
    pub at: usize,
}

/// A lexed text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lexed {
    /// All tokens, trivia included, in order and without gaps.
    pub tokens: Vec<Token>,
    /// What is wrong, in order of place.
    pub errors: Vec<LexError>,
}

/// Lexes any text.
pub fn lex(text: &str) -> Lexed {
    Lexer { cursor: Cursor::new(text), out: Lexed::default(), holes: Vec::new(), last_escape_end: text.rfind('»') }.run()
}

/// An interpolated string whose hole is being lexed.
struct Hole {
    /// First byte of the string.
    start: usize,
    /// Braces opened inside the hole and not closed yet.
    braces: usize,
}

struct Lexer<'a> {
    cursor: Cursor<'a>,
    out: Lexed,
    holes: Vec<Hole>,
    /// Where the last `»` is, so that no `«` after it searches the rest of the text in vain.
    last_escape_end: Option<usize>,
}

impl Lexer<'_> {
    fn run(mut self) -> Lexed {
        while let Some(c) = self.cursor.peek() {
            let start = self.cursor.at();
            let kind = self.token(c);
            let end = self.cursor.at();
            self.out.tokens.push(Token { kind, start, end });
        }
        for hole in std::mem::take(&mut self.holes) {
            self.error(LexErrorKind::UnterminatedString, hole.start);
        }
        self.out.errors.sort_by_key(|e| e.at);
        self.out
    }

    fn error(&mut self, kind: LexErrorKind, at: usize) {
        self.out.errors.push(LexError { kind, at });
    }

    /// Consumes one token that begins with `c`; always at least one character.
    fn token(&mut self, c: char) -> TokenKind {
        if crate::chars::is_whitespace(c) {
            self.cursor.skip_while(crate::chars::is_whitespace);
            return TokenKind::Whitespace;
        }
        if self.cursor.rest().starts_with("--") {
            self.cursor.skip_while(|c| c != '\n');
            // The line end of a CRLF file is whitespace, not part of the comment.
            if self.cursor.rest().starts_with('\n') && self.cursor.before().ends_with('\r') {
                self.cursor.back('\r');
            }
            return TokenKind::LineComment;
        }
        if self.cursor.rest().starts_with("/-") {
            return self.block_comment();
        }
        if c == '"' {
            return self.string();
        }
        if c == '\'' && self.char_literal() {
            return TokenKind::Char;
        }
        if c.is_ascii_digit() {
            self.number();
            return TokenKind::Number;
        }
        if c == '`' && self.cursor.peek_at(1).is_some_and(|c| crate::chars::is_id_first(c) || c == '«') {
            self.cursor.bump();
            self.identifier();
            return TokenKind::NameLit;
        }
        if c == 'r' && !self.after_dot() && self.raw_string() {
            return TokenKind::RawStr;
        }
        if crate::chars::is_id_first(c) || c == '«' {
            return self.identifier_or_interpolated();
        }
        if let Some(hole) = self.holes.last_mut() {
            match c {
                '{' => hole.braces += 1,
                '}' if hole.braces == 0 => return self.resume_interpolated(),
                '}' => hole.braces -= 1,
                _ => {}
            }
        }
        self.symbol();
        TokenKind::Symbol
    }

    /// Whether the previous token is a `.` that touches this one, so that a projection is being read.
    fn after_dot(&self) -> bool {
        self.cursor.before().ends_with('.') && self.out.tokens.last().is_some_and(|t| t.kind == TokenKind::Symbol && t.end - t.start == 1)
    }

    fn block_comment(&mut self) -> TokenKind {
        let start = self.cursor.at();
        let kind = match self.cursor.rest().as_bytes().get(2) {
            Some(b'-') => TokenKind::DocComment,
            Some(b'!') => TokenKind::ModuleDoc,
            _ => TokenKind::BlockComment,
        };
        self.cursor.advance(if kind == TokenKind::BlockComment { 2 } else { 3 });
        let mut nesting = 1;
        while nesting > 0 {
            if self.cursor.rest().starts_with("-/") {
                nesting -= 1;
                self.cursor.advance(2);
            } else if self.cursor.rest().starts_with("/-") {
                nesting += 1;
                self.cursor.advance(2);
            } else if self.cursor.bump().is_none() {
                self.error(LexErrorKind::UnterminatedComment, start);
                break;
            }
        }
        kind
    }

    /// The components of an identifier. An escape that never ends leaves its `«` as a token of its own.
    fn identifier(&mut self) {
        loop {
            match self.cursor.peek() {
                Some('«') => {
                    let ends = self.last_escape_end.filter(|end| *end > self.cursor.at());
                    match ends.and_then(|_| self.cursor.rest().find('»')) {
                        Some(end) => self.cursor.advance(end + '»'.len_utf8()),
                        None => {
                            self.error(LexErrorKind::UnterminatedIdent, self.cursor.at());
                            self.cursor.bump();
                            return;
                        }
                    }
                }
                _ => self.cursor.skip_while(crate::chars::is_id_rest),
            }
            let dotted =
                self.cursor.peek() == Some('.') && self.cursor.peek_at(1).is_some_and(|c| crate::chars::is_id_first(c) || c == '«');
            if !dotted {
                return;
            }
            self.cursor.bump();
        }
    }

    fn identifier_or_interpolated(&mut self) -> TokenKind {
        let start = self.cursor.at();
        let projected = self.after_dot();
        self.identifier();
        let word = &self.cursor.text()[start..self.cursor.at()];
        if !projected && matches!(word, "s!" | "m!" | "f!") && self.cursor.peek() == Some('"') {
            self.cursor.bump();
            return self.interpolated(start, true);
        }
        TokenKind::Ident
    }

    fn symbol(&mut self) {
        match symbols::longest(self.cursor.rest()) {
            Some(len) => self.cursor.advance(len),
            None => {
                self.cursor.bump();
            }
        }
    }
}

//! Numerals, characters and the three kinds of strings.

use super::{Hole, LexErrorKind, Lexer, TokenKind};
use crate::chars;

impl Lexer<'_> {
    /// A plain string literal, from its opening quote.
    pub(super) fn string(&mut self) -> TokenKind {
        let start = self.cursor.at();
        self.cursor.bump();
        loop {
            match self.cursor.bump() {
                None => {
                    self.error(LexErrorKind::UnterminatedString, start);
                    break;
                }
                Some('"') => break,
                Some('\\') => self.escape(false),
                Some(_) => {}
            }
        }
        TokenKind::Str
    }

    /// A piece of an interpolated string, from just after its opening quote or `}`. `first` tells the two apart.
    pub(super) fn interpolated(&mut self, start: usize, first: bool) -> TokenKind {
        loop {
            match self.cursor.bump() {
                None => {
                    self.error(LexErrorKind::UnterminatedString, start);
                    return if first { TokenKind::Str } else { TokenKind::StrClose };
                }
                Some('"') => return if first { TokenKind::Str } else { TokenKind::StrClose },
                Some('{') => {
                    self.holes.push(Hole { start, braces: 0 });
                    return if first { TokenKind::StrOpen } else { TokenKind::StrMiddle };
                }
                Some('\\') => self.escape(true),
                Some(_) => {}
            }
        }
    }

    /// The piece of an interpolated string after a hole, from the hole's `}`.
    pub(super) fn resume_interpolated(&mut self) -> TokenKind {
        let start = self.holes.pop().map_or(self.cursor.at(), |hole| hole.start);
        self.cursor.bump();
        self.interpolated(start, false)
    }

    /// What follows a `\` in a string. A newline begins a gap: white space with exactly that one newline is skipped.
    fn escape(&mut self, interpolated: bool) {
        let at = self.cursor.at() - 1;
        let valid = match self.cursor.peek() {
            None => true, // the string is unterminated, which is reported there
            Some('\\' | '"' | '\'' | 'r' | 'n' | 't') => self.cursor.bump().is_some(),
            Some('{') if interpolated => self.cursor.bump().is_some(),
            Some('x') => self.hex_escape(2),
            Some('u') => self.hex_escape(4),
            Some('\n' | '\r') => {
                let before = self.cursor.at();
                self.cursor.skip_while(chars::is_whitespace);
                self.cursor.text()[before..self.cursor.at()].matches('\n').count() == 1
            }
            Some(_) => false,
        };
        if !valid {
            self.error(LexErrorKind::BadEscape, at);
        }
    }

    /// The letter of a hexadecimal escape and its digits.
    fn hex_escape(&mut self, digits: usize) -> bool {
        self.cursor.bump();
        (0..digits).all(|_| self.cursor.peek().is_some_and(|c| c.is_ascii_hexdigit()) && self.cursor.bump().is_some())
    }

    /// A raw string, if one begins here; otherwise moves nothing.
    pub(super) fn raw_string(&mut self) -> bool {
        let start = self.cursor.at();
        let after_r = &self.cursor.rest()[1..];
        let hashes = after_r.bytes().take_while(|b| *b == b'#').count();
        if after_r.as_bytes().get(hashes) != Some(&b'"') {
            return false;
        }
        self.cursor.advance(1 + hashes + 1);
        let close = format!("\"{}", "#".repeat(hashes));
        match self.cursor.rest().find(&close) {
            Some(end) => self.cursor.advance(end + close.len()),
            None => {
                self.cursor.advance(self.cursor.rest().len());
                self.error(LexErrorKind::UnterminatedRawString, start);
            }
        }
        true
    }

    /// A character literal, if one begins here; otherwise moves nothing, and the `'` belongs to a symbol.
    pub(super) fn char_literal(&mut self) -> bool {
        match char_literal_len(self.cursor.rest()) {
            Some(len) => {
                self.cursor.advance(len);
                true
            }
            None => false,
        }
    }

    /// A numeral. After the dot of a projection only digits are taken, so that `h.1.2` is two projections.
    pub(super) fn number(&mut self) {
        if self.after_dot() {
            return self.cursor.skip_while(|c| c.is_ascii_digit());
        }
        let radix: Option<fn(char) -> bool> = match self.cursor.rest().as_bytes() {
            [b'0', b'x' | b'X', d, ..] if d.is_ascii_hexdigit() => Some(|c| c.is_ascii_hexdigit() || c == '_'),
            [b'0', b'b' | b'B', b'0' | b'1', ..] => Some(|c| matches!(c, '0' | '1' | '_')),
            [b'0', b'o' | b'O', b'0'..=b'7', ..] => Some(|c| matches!(c, '0'..='7' | '_')),
            _ => None,
        };
        if let Some(is_digit) = radix {
            self.cursor.advance(2);
            return self.cursor.skip_while(is_digit);
        }
        let is_digit = |c: char| c.is_ascii_digit() || c == '_';
        self.cursor.skip_while(is_digit);
        if self.cursor.peek() == Some('.') && self.cursor.peek_at(1) != Some('.') {
            self.cursor.bump();
            self.cursor.skip_while(is_digit);
        }
        let exponent = match self.cursor.rest().as_bytes() {
            [b'e' | b'E', b'+' | b'-', d, ..] if d.is_ascii_digit() => 2,
            [b'e' | b'E', d, ..] if d.is_ascii_digit() => 1,
            _ => return,
        };
        self.cursor.advance(exponent);
        self.cursor.skip_while(is_digit);
    }
}

/// The length of the character literal that `text` begins with.
pub(crate) fn char_literal_len(text: &str) -> Option<usize> {
    let mut chars = text.char_indices().skip(1);
    match chars.next()?.1 {
        '\'' => return None,
        '\\' => match chars.next()?.1 {
            'x' => skip_hex(&mut chars, 2)?,
            'u' => skip_hex(&mut chars, 4)?,
            '\\' | '"' | '\'' | 'r' | 'n' | 't' => {}
            _ => return None,
        },
        _ => {}
    }
    let (at, close) = chars.next()?;
    (close == '\'').then_some(at + 1)
}

fn skip_hex(chars: &mut impl Iterator<Item = (usize, char)>, digits: usize) -> Option<()> {
    for _ in 0..digits {
        chars.next().filter(|(_, c)| c.is_ascii_hexdigit())?;
    }
    Some(())
}

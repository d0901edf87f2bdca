//! A lexed text with what every reader of it needs: lines and columns, the tokens that count, and matching brackets.

use crate::lexer::{LexError, Lexed, Token, TokenKind, lex};
use prove_core::{Position, Span};
use std::ops::Range;

/// Where the lines of a text begin.
#[derive(Clone, Debug)]
pub(crate) struct Lines(Vec<usize>);

impl Lines {
    pub(crate) fn new(text: &str) -> Lines {
        Lines(std::iter::once(0).chain(text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i + 1)).collect())
    }

    /// The 0-based line that holds a byte.
    pub(crate) fn line(&self, offset: usize) -> usize {
        self.0.partition_point(|start| *start <= offset).saturating_sub(1)
    }

    pub(crate) fn start(&self, line: usize) -> usize {
        self.0.get(line).copied().unwrap_or(0)
    }

    pub(crate) fn position(&self, text: &str, offset: usize) -> Position {
        let line = self.line(offset);
        let column = text.get(self.start(line)..offset).map_or(0, |s| s.chars().count());
        Position::new(line as u32, column as u32)
    }

    pub(crate) fn span(&self, text: &str, range: &Range<usize>) -> Span {
        Span { start: self.position(text, range.start), end: self.position(text, range.end) }
    }
}

/// The column of each code token, in one pass over the text.
fn columns(text: &str, code: &[Token]) -> Vec<u32> {
    let mut column = 0;
    let mut at = 0;
    code.iter()
        .map(|token| {
            for c in text[at..token.start].chars() {
                column = if c == '\n' { 0 } else { column + 1 };
            }
            at = token.start;
            column
        })
        .collect()
}

/// How a bracket token nests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bracket {
    Open(char),
    Close(char),
    /// Closes one hole of an interpolated string and opens the next.
    Both,
}

/// The bracket a token is, named by what closes it.
pub(crate) fn bracket(token: Token, text: &str) -> Option<Bracket> {
    match token.kind {
        TokenKind::StrOpen => return Some(Bracket::Open('"')),
        TokenKind::StrClose => return Some(Bracket::Close('"')),
        TokenKind::StrMiddle => return Some(Bracket::Both),
        TokenKind::Symbol => {}
        _ => return None,
    }
    Some(match &text[token.range()] {
        "(" | "`(" | "``(" => Bracket::Open(')'),
        "[" | "@[" | "#[" | "%[" | "`[" => Bracket::Open(']'),
        "{" | ".{" => Bracket::Open('}'),
        "⟨" => Bracket::Open('⟩'),
        "⟦" => Bracket::Open('⟧'),
        "⦃" => Bracket::Open('⦄'),
        "‹" => Bracket::Open('›'),
        ")" => Bracket::Close(')'),
        "]" => Bracket::Close(']'),
        "}" => Bracket::Close('}'),
        "⟩" => Bracket::Close('⟩'),
        "⟧" => Bracket::Close('⟧'),
        "⦄" => Bracket::Close('⦄'),
        "›" => Bracket::Close('›'),
        _ => return None,
    })
}

/// A lexed text. Indices of its methods count the *code tokens*: all tokens but white space and ordinary comments.
#[derive(Clone, Debug)]
pub struct Source<'a> {
    text: &'a str,
    lexed: Lexed,
    code: Vec<Token>,
    columns: Vec<u32>,
    lines: Lines,
}

impl<'a> Source<'a> {
    /// Lexes any text.
    pub fn new(text: &'a str) -> Source<'a> {
        let lexed = lex(text);
        let code: Vec<Token> = lexed.tokens.iter().copied().filter(|t| !t.kind.is_trivia()).collect();
        let columns = columns(text, &code);
        Source { text, lexed, code, columns, lines: Lines::new(text) }
    }

    /// The text.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// All tokens, trivia included.
    pub fn tokens(&self) -> &[Token] {
        &self.lexed.tokens
    }

    /// What the lexer found wrong.
    pub fn errors(&self) -> &[LexError] {
        &self.lexed.errors
    }

    /// The code tokens: everything but white space and ordinary comments.
    pub fn code(&self) -> &[Token] {
        &self.code
    }

    /// The position of a byte.
    pub fn position(&self, offset: usize) -> Position {
        self.lines.position(self.text, offset)
    }

    /// The span of a byte range.
    pub fn span(&self, range: &Range<usize>) -> Span {
        self.lines.span(self.text, range)
    }

    /// The text of code token `i`, empty past the end.
    pub(crate) fn word(&self, i: usize) -> &'a str {
        self.code.get(i).map_or("", |t| &self.text[t.range()])
    }

    pub(crate) fn kind(&self, i: usize) -> Option<TokenKind> {
        self.code.get(i).map(|t| t.kind)
    }

    /// Whether code token `i` is the symbol or the word `word`.
    pub(crate) fn is(&self, i: usize, word: &str) -> bool {
        matches!(self.kind(i), Some(TokenKind::Ident | TokenKind::Symbol)) && self.word(i) == word
    }

    /// Whether code token `i` is one of `words`.
    pub(crate) fn is_any(&self, i: usize, words: &[&str]) -> bool {
        matches!(self.kind(i), Some(TokenKind::Ident | TokenKind::Symbol)) && words.contains(&self.word(i))
    }

    pub(crate) fn bracket(&self, i: usize) -> Option<Bracket> {
        self.code.get(i).and_then(|t| bracket(*t, self.text))
    }

    /// The line of code token `i`; past the end, a line after all others.
    pub(crate) fn line(&self, i: usize) -> usize {
        self.code.get(i).map_or(usize::MAX, |t| self.lines.line(t.start))
    }

    /// The column of code token `i` in code points.
    pub(crate) fn column(&self, i: usize) -> usize {
        self.columns.get(i).map_or(0, |c| *c as usize)
    }

    /// The span from code token `first` to code token `last`, both of which exist.
    pub(crate) fn token_span(&self, first: usize, last: usize) -> Span {
        let end = self.code[last];
        let text = &self.text[end.range()];
        let start = Position::new(self.line(first) as u32, self.columns[first]);
        let end = if text.contains('\n') {
            self.position(end.end)
        } else {
            Position::new(self.line(last) as u32, self.columns[last] + text.chars().count() as u32)
        };
        Span { start, end }
    }

    /// Whether code token `i` is the first of its line.
    pub(crate) fn first_on_line(&self, i: usize) -> bool {
        i == 0 || i > self.code.len() || self.lines.line(self.code[i - 1].end) < self.line(i)
    }

    /// Whether code token `i` touches the one before it.
    pub(crate) fn touches_previous(&self, i: usize) -> bool {
        i > 0 && i < self.code.len() && self.code[i - 1].end == self.code[i].start
    }

    /// The bracket depth in front of each code token, with one more entry for the end. A closing bracket that fits nothing is ignored.
    /// `resets` says at which tokens all brackets count as closed, which is how a reader gets over a broken piece of a text.
    pub(crate) fn depths(&self, resets: impl Fn(usize) -> bool) -> Vec<u32> {
        let mut stack: Vec<char> = Vec::new();
        let mut depths = Vec::with_capacity(self.code.len() + 1);
        for i in 0..self.code.len() {
            if !stack.is_empty() && resets(i) {
                stack.clear();
            }
            match self.bracket(i) {
                Some(Bracket::Open(close)) => {
                    depths.push(stack.len() as u32);
                    stack.push(close);
                }
                Some(Bracket::Close(close)) => {
                    if stack.last() == Some(&close) {
                        stack.pop();
                    }
                    depths.push(stack.len() as u32);
                }
                Some(Bracket::Both) => depths.push((stack.len() as u32).saturating_sub(1)),
                None => depths.push(stack.len() as u32),
            }
        }
        depths.push(0);
        depths
    }
}

//! The bound variables of a printed term, so that `∀ x, p x` and `∀ y, p y` are one statement.
//!
//! A term is read token by token, and a name that a binder has introduced is told as the number of binders around its own. Binders are
//! `∀`, `∃`, `fun` and the large operators of Mathlib, with plain names, `(x y : t)`, `{x : t}`, `⦃x : t⦄` and `x ∈ s`. Names of
//! patterns, instances, `let`, and `match` keep their text: states that differ in those stay apart, which costs time and never a proof.
//!
//! A variable's scope goes as far to the right as Lean prints it: to the bracket that closes around it, or to what ends a part of a
//! larger term.

use crate::lex::{Token, TokenKind, head};

/// What is in scope at one place of a term.
#[derive(Debug, Default)]
pub(super) struct Scopes<'a> {
    /// Brackets open.
    depth: usize,
    /// Names and the bracket depth of their binders, innermost last.
    variables: Vec<(&'a str, usize)>,
    /// Binders whose bodies have not begun, innermost last.
    headers: Vec<Header<'a>>,
    /// Terms of several parts, innermost last.
    parted: Vec<Parted>,
}

/// A `match`, `if` or `let`: a binder in one part of it ends with that part.
#[derive(Clone, Copy, Debug)]
struct Parted {
    keyword: Keyword,
    depth: usize,
    /// How many variables and headers there were before it.
    variables: usize,
    headers: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Keyword {
    Match,
    If,
    Let,
}

/// A binder before its `,` or `=>`.
#[derive(Debug)]
struct Header<'a> {
    depth: usize,
    /// Whether `=>` or `↦` ends it.
    is_function: bool,
    /// What a name stands for here.
    place: Place,
    /// Names given whose scope begins behind their type.
    given: Vec<&'a str>,
}

/// A place in a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Among the names, outside of brackets.
    Names,
    /// Among the names of `(x y : t)`.
    Group,
    /// In a type, or in what bounds a name, outside of brackets.
    Kind,
    /// In the type of a group, or in brackets that give no plain names.
    GroupKind,
}

impl<'a> Scopes<'a> {
    /// For a term that may bind something. Most bind nothing, and are read faster without this.
    pub(super) fn of(text: &str) -> Option<Scopes<'a>> {
        (text.contains(['∀', '∃', 'λ', '∑', '∏']) || text.contains("fun ")).then(Scopes::default)
    }

    /// Reads the next token. A number if it is a bound variable, or one that is being bound.
    pub(super) fn read(&mut self, token: Token<'a>) -> Option<usize> {
        match token.kind {
            TokenKind::Name => return self.name(token.text),
            TokenKind::Number => {}
            TokenKind::Open => self.open(token.text),
            TokenKind::Close => self.close(),
            TokenKind::Symbol => self.symbol(token.text),
        }
        None
    }

    fn name(&mut self, text: &'a str) -> Option<usize> {
        match text {
            "fun" => self.begin(true),
            "match" => self.part(Keyword::Match),
            "if" => self.part(Keyword::If),
            "let" | "have" => self.part(Keyword::Let),
            "with" => self.end_part(Keyword::Match, false),
            "then" => self.end_part(Keyword::If, false),
            "else" => self.end_part(Keyword::If, true),
            _ => {
                let bound = self.variables.len();
                if let Some(header) = self.headers.last_mut()
                    && matches!((header.place, self.depth - header.depth), (Place::Names, 0) | (Place::Group, 1))
                    && head(text) == text
                {
                    header.given.push(text);
                    return Some(bound + header.given.len() - 1);
                }
                let name = head(text);
                return self.variables.iter().rposition(|(variable, _)| *variable == name);
            }
        }
        None
    }

    fn open(&mut self, text: &str) {
        if let Some(header) = self.headers.last_mut().filter(|header| header.depth == self.depth && header.place == Place::Names) {
            header.place = if matches!(text, "(" | "{" | "⦃") { Place::Group } else { Place::GroupKind };
        }
        self.depth += 1;
    }

    fn close(&mut self) {
        let depth = self.depth;
        self.end_here();
        self.depth = depth.saturating_sub(1);
        if let Some(header) = self.headers.last_mut()
            && header.depth == self.depth
            && matches!(header.place, Place::Group | Place::GroupKind)
        {
            header.place = Place::Names;
            let given = std::mem::take(&mut header.given);
            self.bind(given);
        }
    }

    fn symbol(&mut self, text: &str) {
        let here = self.headers.last().is_some_and(|header| header.depth == self.depth);
        match text {
            "∀" | "∃" | "∑" | "∏" => self.begin(false),
            "λ" => self.begin(true),
            "," if here && self.headers.last().is_some_and(|header| !header.is_function) => self.end_header(),
            "=>" | "↦" if here && self.headers.last().is_some_and(|header| header.is_function) => self.end_header(),
            "," => self.end_here(),
            ":=" => self.end_part(Keyword::Let, false),
            ";" => self.end_part(Keyword::Let, true),
            "|" if self.parted.last().is_some_and(|last| (last.keyword, last.depth) == (Keyword::Match, self.depth)) => {
                self.end_part(Keyword::Match, false);
            }
            // `∃!`.
            "!" => {}
            _ => {
                if let Some(header) = self.headers.last_mut() {
                    header.place = match (header.place, self.depth - header.depth) {
                        (Place::Names, 0) => Place::Kind,
                        (Place::Group, 1) => Place::GroupKind,
                        (place, _) => place,
                    };
                }
            }
        }
    }

    fn begin(&mut self, is_function: bool) {
        self.headers.push(Header { depth: self.depth, is_function, place: Place::Names, given: Vec::new() });
    }

    fn end_header(&mut self) {
        if let Some(header) = self.headers.pop() {
            self.bind(header.given);
        }
    }

    fn bind(&mut self, given: Vec<&'a str>) {
        let depth = self.depth;
        self.variables.extend(given.into_iter().map(|name| (name, depth)));
    }

    /// What was opened at this depth of brackets ends.
    fn end_here(&mut self) {
        let depth = self.depth;
        self.headers.retain(|header| header.depth < depth);
        self.parted.retain(|parted| parted.depth < depth);
        let outer = self.variables.iter().take_while(|(_, at)| *at < depth).count();
        self.variables.truncate(outer);
    }

    fn part(&mut self, keyword: Keyword) {
        self.parted.push(Parted { keyword, depth: self.depth, variables: self.variables.len(), headers: self.headers.len() });
    }

    /// A part of the innermost such term at this depth ends, its `last` one but for the body if so said.
    fn end_part(&mut self, keyword: Keyword, last: bool) {
        let depth = self.depth;
        let Some(at) = self.parted.iter().rposition(|parted| (parted.keyword, parted.depth) == (keyword, depth)) else { return };
        let Parted { variables, headers, .. } = self.parted[at];
        self.variables.truncate(variables);
        self.headers.truncate(headers);
        self.parted.truncate(at + usize::from(!last));
    }
}

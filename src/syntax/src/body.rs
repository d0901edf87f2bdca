//! An untrusted text shown to be one proof body and nothing else.
//!
//! The statement is ours, the candidate comes from a model. Lean ends a proof at the first token that cannot continue it and then reads
//! the next command, wherever on the line that is. So a text is one proof body if every reading of it that Lean could have holds no
//! token that begins a command. Three groups of rules give that: the text is lexed the same way under every token table (comments,
//! strings and brackets balanced, literals and comments set off from symbols); no keyword of a command occurs, at any depth of
//! brackets, except in `open … in` and `set_option … in`, which are also tactics and terms; and some words have no honest use in a
//! finished proof (see [`policy`](crate::policy)).

use crate::{
    chars, commands,
    indent::Block,
    keywords,
    lexer::{Token, TokenKind, char_literal_len},
    policy,
    source::{Bracket, Source},
};
use prove_core::{Position, RejectKind, Rejection};

/// How a proof body is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BodyKind {
    /// A block of tactics.
    Tactics,
    /// A term.
    Term,
}

/// A text that is one proof body. The only way to make one is [`ProofBody::parse`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProofBody {
    kind: BodyKind,
    block: Block,
    text: String,
    has_suffix: bool,
    ends_in_line_comment: bool,
}

impl ProofBody {
    /// Reads a candidate: tactics, optionally after `by` or `:= by`; or a term after `:=`, or one that no tactic can begin like (`fun`,
    /// `⟨`, a dotted name, …). The rejection's position is that in `text`.
    pub fn parse(text: &str) -> Result<ProofBody, Rejection> {
        let text = text.replace("\r\n", "\n");
        let source = Source::new(&text);
        let checker = Checker { source: &source };
        checker.lexical()?;
        checker.balanced()?;
        let mut first = 0;
        let assigned = source.is(first, ":=");
        first += usize::from(assigned);
        let by = source.is(first, "by");
        first += usize::from(by);
        if first >= source.code().len() {
            return Err(checker.syntax(text.len(), "there is no proof here"));
        }
        let has_suffix = checker.words(first)?;
        let kind = if !by && (assigned || begins_term(&source, first)) { BodyKind::Term } else { BodyKind::Tactics };
        // Comments before the first tactic stay, those before `by` or `:=` go.
        let from = first.checked_sub(1).map_or(0, |i| source.code()[i].end);
        let mut tokens = source.tokens().iter().filter(|t| t.start >= from && t.kind != TokenKind::Whitespace);
        let (Some(head), Some(last)) = (tokens.clone().next(), tokens.next_back()) else {
            return Err(checker.syntax(text.len(), "there is no proof here"));
        };
        let range = head.start..last.end;
        Ok(ProofBody {
            kind,
            block: Block::new(&source, range.clone(), kind),
            ends_in_line_comment: last.kind == TokenKind::LineComment,
            has_suffix,
            text: text[range].to_owned(),
        })
    }

    /// How it is written.
    pub fn kind(&self) -> BodyKind {
        self.kind
    }

    /// The body without `:=` and `by`, with `\n` line ends.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether `where`, `termination_by` or `decreasing_by` belongs to it, which only the whole body of a declaration may have.
    pub fn has_suffix(&self) -> bool {
        self.has_suffix
    }

    pub(crate) fn block(&self) -> &Block {
        &self.block
    }

    pub(crate) fn ends_in_line_comment(&self) -> bool {
        self.ends_in_line_comment
    }
}

/// Whether the text at token `i` can only be a term.
fn begins_term(source: &Source<'_>, i: usize) -> bool {
    match source.kind(i) {
        Some(TokenKind::Ident) => source.is(i, "fun") || commands::components(source.word(i)).count() > 1,
        Some(TokenKind::Symbol) => source.is_any(i, &["⟨", "λ", "@", "‹"]) || source.is(i, ".") && source.touches_previous(i + 1),
        Some(TokenKind::DocComment | TokenKind::ModuleDoc) | None => false,
        Some(_) => true,
    }
}

struct Checker<'s, 'a> {
    source: &'s Source<'a>,
}

impl Checker<'_, '_> {
    fn reject(&self, kind: RejectKind, at: usize, message: impl Into<String>) -> Rejection {
        let position: Position = self.source.position(at);
        Rejection { kind, message: message.into(), position: Some(position) }
    }

    fn syntax(&self, at: usize, message: impl Into<String>) -> Rejection {
        self.reject(RejectKind::Syntax, at, message)
    }

    /// Every token means the same to Lean, whatever notations are declared.
    fn lexical(&self) -> Result<(), Rejection> {
        if let Some(error) = self.source.errors().first() {
            return Err(self.syntax(error.at, error.kind.to_string()));
        }
        // Line ends are `\n` by now; what Lean makes of any other `\r` depends on where it stands.
        if let Some(at) = self.source.text().find('\r') {
            return Err(self.syntax(at, "a single carriage return is an error to Lean"));
        }
        for &token in self.source.tokens() {
            if let Some(message) = self.ambiguity(token) {
                return Err(self.syntax(token.start, message));
            }
        }
        Ok(())
    }

    fn ambiguity(&self, token: Token) -> Option<&'static str> {
        let text = &self.source.text()[token.range()];
        let before = self.source.text()[..token.start].chars().next_back();
        let after = self.source.text()[token.end..].chars().next();
        match token.kind {
            TokenKind::Whitespace => text.contains('\t').then_some("tabs are errors to Lean"),
            TokenKind::ModuleDoc => Some("a module comment is a command of its own"),
            TokenKind::DocComment if text.starts_with("/--/") => Some("`/--/` begins a doc comment and does not end it"),
            TokenKind::LineComment | TokenKind::BlockComment | TokenKind::DocComment => {
                let clear = before.is_none_or(|c| {
                    c.is_ascii_alphanumeric() || c == '_' || chars::is_whitespace(c) || chars::is_subscript(c) || ")]}⟩⟧⦄›»\",;".contains(c)
                });
                (!clear).then_some("a comment must be set off from a symbol by a space")
            }
            TokenKind::Str if text.starts_with('"') && has_open_brace(text) => {
                Some("a string with `{` may be an interpolated one to Lean; write `\\x7b`")
            }
            TokenKind::Str | TokenKind::RawStr | TokenKind::StrOpen | TokenKind::Char => {
                let clear = before.is_none_or(|c| chars::is_whitespace(c) || "([{⟨⟦⦃,".contains(c));
                (!clear).then_some("a literal must be set off from what is before it by a space")
            }
            TokenKind::Number => after.is_some_and(|c| chars::is_id_rest(c) || c == '«').then_some("a numeral runs into an identifier"),
            TokenKind::Symbol if text.ends_with('\'') && char_literal_len(&self.source.text()[token.end - 1..]).is_some() => {
                Some("this `'` may begin a character literal; set it off by a space")
            }
            TokenKind::Symbol if text == "-" && after == Some('/') => Some("`-/` ends no comment here"),
            TokenKind::Symbol if text.chars().any(|c| c.is_whitespace() || c.is_control()) => Some("this character is an error to Lean"),
            _ => None,
        }
    }

    /// Brackets match, and an interpolated string means the same to a Lean that does not know its prefix: as no `\"` stands inside it,
    /// it is one plain string then.
    fn balanced(&self) -> Result<(), Rejection> {
        let mut open: Vec<(char, usize)> = Vec::new();
        for (i, token) in self.source.code().iter().enumerate() {
            match self.source.bracket(i) {
                Some(Bracket::Open(close)) => open.push((close, token.start)),
                Some(Bracket::Close(close)) => match open.pop() {
                    Some((wanted, start)) if wanted == close => {
                        if close == '"' && self.source.text()[start..token.end].matches('"').count() > 2 {
                            return Err(self.syntax(start, "an interpolated string may hold no quotes"));
                        }
                    }
                    Some((wanted, _)) => return Err(self.syntax(token.start, format!("expected `{wanted}` before this `{close}`"))),
                    None => return Err(self.syntax(token.start, format!("this `{close}` closes nothing"))),
                },
                Some(Bracket::Both) if open.last().is_none_or(|(wanted, _)| *wanted != '"') => {
                    return Err(self.syntax(token.start, "a bracket is left open in an interpolated string"));
                }
                Some(Bracket::Both) | None => {}
            }
        }
        match open.last() {
            Some((close, at)) => Err(self.syntax(*at, format!("this bracket is never closed by `{close}`"))),
            None => Ok(()),
        }
    }

    /// Checks the words from token `first` on; returns whether a suffix (`where`, …) belongs to the body.
    fn words(&self, first: usize) -> Result<bool, Rejection> {
        let source = self.source;
        let mut has_suffix = false;
        let mut local_definitions = false;
        let mut i = first;
        while i < source.code().len() {
            let at = source.code()[i].start;
            let word = source.word(i);
            match source.kind(i) {
                Some(TokenKind::DocComment) if !local_definitions || i + 1 == source.code().len() => {
                    return Err(self.syntax(at, "a doc comment begins a declaration"));
                }
                Some(TokenKind::Symbol) => self.symbol(i)?,
                Some(TokenKind::NameLit) => self.name(i, word.trim_start_matches('`'))?,
                Some(TokenKind::Ident) => match word {
                    "open" => i = self.open_in(i)?,
                    "set_option" => i = self.set_option_in(i)?,
                    "in" if i == first || i + 1 == source.code().len() => return Err(self.syntax(at, "`in` would join the next command")),
                    "rec" => local_definitions = true,
                    "where" => {
                        has_suffix = true;
                        local_definitions = true;
                    }
                    "termination_by" | "termination_by?" | "decreasing_by" => has_suffix |= !local_definitions,
                    _ => self.name(i, word)?,
                },
                _ => {}
            }
            i += 1;
        }
        Ok(has_suffix)
    }

    fn symbol(&self, i: usize) -> Result<(), Rejection> {
        let source = self.source;
        let at = source.code()[i].start;
        match source.word(i) {
            "@[" => Err(self.syntax(at, "attributes are not part of a proof")),
            "`(" | "``(" | "`[" => Err(self.syntax(at, "syntax quotations are not part of a proof")),
            "#" if source.touches_previous(i + 1) && source.kind(i + 1) == Some(TokenKind::Ident) => {
                // `#s` is Mathlib's cardinality; commands have longer names, and begin with a small letter.
                let name = commands::components(source.word(i + 1)).next().unwrap_or("");
                let short = name.chars().filter(|c| !chars::is_subscript(*c) && *c != '\'').count() <= 2;
                if short || name.starts_with(|c: char| c.is_ascii_uppercase()) {
                    return Ok(());
                }
                Err(self.syntax(at, format!("`#{name}` may be a command")))
            }
            _ => Ok(()),
        }
    }

    /// Checks one name or word.
    fn name(&self, i: usize, word: &str) -> Result<(), Rejection> {
        let source = self.source;
        let at = source.code()[i].start;
        if keywords::is_command(word) || keywords::MODIFIERS.contains(&word) {
            return Err(self.syntax(at, format!("`{word}` begins a command; a proof is one body and nothing else")));
        }
        let tactics = if self.may_begin_tactic(i) { policy::FORBIDDEN_TACTICS } else { &[] };
        if let Some((word, reason)) = policy::FORBIDDEN_WORDS.iter().chain(tactics).find(|(w, _)| *w == word) {
            return Err(Rejection { kind: policy::kind(word), ..self.syntax(at, format!("`{word}` {reason}")) });
        }
        for component in commands::components(word) {
            let component = component.trim_start_matches('«').trim_end_matches('»');
            if let Some((name, reason)) = policy::FORBIDDEN_NAMES.iter().find(|(n, _)| *n == component) {
                return Err(Rejection { kind: policy::kind(name), ..self.syntax(at, format!("`{name}` {reason}")) });
            }
            if component.starts_with("unsafe") {
                return Err(self.syntax(at, format!("`{component}` escapes Lean's type system")));
            }
        }
        if word == "native" && (source.is(i.wrapping_sub(1), "+") || source.is(i + 1, ":=")) {
            return Err(self.syntax(at, "`native` trusts the compiler instead of the kernel"));
        }
        if word == "eval" && source.is(i + 1, "%") && source.touches_previous(i + 1) {
            return Err(self.syntax(at, "`eval%` runs code while Lean elaborates"));
        }
        Ok(())
    }

    /// Whether a tactic can begin at token `i`, as far as the tokens around it tell.
    fn may_begin_tactic(&self, i: usize) -> bool {
        let source = self.source;
        let named = source.is_any(i + 1, &[":", ":=", ")", ","]);
        let opened = ["by", ";", "<;>", "·", ".", "|", "try", "all_goals", "any_goals", "repeat", "focus"];
        i == 0 || !named && (source.first_on_line(i) || source.is_any(i - 1, &opened))
    }

    /// `open … in`, which must be followed by something; returns the token of its `in`.
    fn open_in(&self, start: usize) -> Result<usize, Rejection> {
        let source = self.source;
        let mut i = start + 1;
        while !source.is(i, "in") {
            let part_of_it = match source.kind(i) {
                Some(TokenKind::Ident) => {
                    source.is_any(i, &["scoped", "hiding", "renaming"])
                        || !keywords::is_command(source.word(i)) && !keywords::MODIFIERS.contains(&source.word(i))
                }
                Some(TokenKind::Symbol) => source.is_any(i, &["(", ")", ",", "→", "->"]),
                _ => false,
            };
            if !part_of_it {
                return Err(self.syntax(source.code()[start].start, "`open` without `in` is a command"));
            }
            i += 1;
        }
        self.something_follows(start, i)
    }

    /// `set_option name value in`; returns the token of its `in`.
    fn set_option_in(&self, start: usize) -> Result<usize, Rejection> {
        let source = self.source;
        let at = source.code()[start].start;
        let shape = source.kind(start + 1) == Some(TokenKind::Ident)
            && matches!(source.kind(start + 2), Some(TokenKind::Ident | TokenKind::Number | TokenKind::Str));
        if !shape || !source.is(start + 3, "in") {
            return Err(self.syntax(at, "`set_option` without `in` is a command"));
        }
        let name: String = commands::components(source.word(start + 1))
            .map(|c| c.trim_start_matches('«').trim_end_matches('»'))
            .collect::<Vec<_>>()
            .join(".");
        if let Some(fault) = policy::option_fault(&name, source.word(start + 2)) {
            return Err(self.reject(RejectKind::Option, at, fault));
        }
        self.something_follows(start, start + 3)
    }

    fn something_follows(&self, start: usize, end: usize) -> Result<usize, Rejection> {
        if end + 1 < self.source.code().len() {
            return Ok(end);
        }
        Err(self.syntax(self.source.code()[start].start, format!("`{} … in` would join the next command", self.source.word(start))))
    }
}

/// Whether a string literal holds a `{` that no `\` escapes.
fn has_open_brace(literal: &str) -> bool {
    let mut escaped = false;
    literal.chars().any(|c| {
        let open = c == '{' && !escaped;
        escaped = c == '\\' && !escaped;
        open
    })
}

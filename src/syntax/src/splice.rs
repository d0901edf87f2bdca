//! Putting proof bodies where the `sorry`s of a trusted file are, and changing nothing else.

use crate::{
    body::{BodyKind, ProofBody},
    commands::Outline,
    keywords,
    lexer::TokenKind,
    sorries::{Place, Sorry},
    source::Source,
};
use prove_core::{RejectKind, Rejection, Span};
use std::ops::Range;

/// A file with bodies in place of `sorry`s.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spliced {
    /// The new text.
    pub text: String,
    /// What was inserted, in the order of the file.
    pub inserted: Vec<Inserted>,
}

/// One inserted body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inserted {
    /// All that stands in place of the `sorry`, brackets and `by` included, in bytes of the new text.
    pub range: Range<usize>,
    /// The same in lines and columns.
    pub span: Span,
    /// The candidate's own tokens in it, in bytes of the new text.
    pub body: Range<usize>,
    /// How the candidate was written, which says how `body` is to be read.
    pub kind: BodyKind,
}

/// Puts each body in place of its `sorry`, which must be one of `source`. Fails if a body cannot stand there, or if the file would not
/// have the same tokens outside the bodies and the same commands as before.
pub fn splice(source: &Source<'_>, fills: &[(&Sorry, &ProofBody)]) -> Result<Spliced, Rejection> {
    let mut fills = fills.to_vec();
    fills.sort_by_key(|(sorry, _)| sorry.range.start);
    let newline = if source.text().contains("\r\n") { "\r\n" } else { "\n" };
    let mut text = String::with_capacity(source.text().len());
    let mut pieces = Vec::new();
    let mut at = 0;
    for (sorry, body) in &fills {
        let site = Site { source, sorry, newline };
        if sorry.range.start < at || source.text().get(sorry.range.clone()) != Some("sorry") {
            return Err(site.reject("this is not a `sorry` of the file, or it is filled twice"));
        }
        if body.has_suffix() && !sorry.may_have_suffix {
            return Err(site.reject("`where`, `termination_by` and `decreasing_by` can only follow the whole body of a declaration"));
        }
        let (inserted, own) = site.fill(body);
        text.push_str(&source.text()[at..sorry.range.start]);
        let start = text.len();
        text.push_str(&inserted);
        pieces.push((start..text.len(), start + own.start..start + own.end, body.kind()));
        at = sorry.range.end;
    }
    text.push_str(&source.text()[at..]);
    let spliced = Source::new(&text);
    if let Err(message) = same_outside(source, &spliced, &fills, &pieces) {
        let position = fills.first().map(|(sorry, _)| sorry.span.start);
        return Err(Rejection { kind: RejectKind::Syntax, message: message.to_owned(), position });
    }
    let inserted = pieces.into_iter().map(|(range, body, kind)| Inserted { span: spliced.span(&range), range, body, kind }).collect();
    Ok(Spliced { inserted, text })
}

/// The second line of defence: whatever the reason, a file that reads differently outside the bodies is refused.
fn same_outside(
    old: &Source<'_>,
    new: &Source<'_>,
    fills: &[(&Sorry, &ProofBody)],
    pieces: &[(Range<usize>, Range<usize>, BodyKind)],
) -> Result<(), &'static str> {
    let mut piece = 0;
    for token in old.tokens().iter().filter(|t| t.kind != TokenKind::Whitespace) {
        while fills.get(piece).is_some_and(|(sorry, _)| sorry.range.end <= token.start) {
            piece += 1;
        }
        if fills.get(piece).is_some_and(|(sorry, _)| sorry.range.start <= token.start) {
            continue;
        }
        let base = piece.checked_sub(1).map_or((0, 0), |p| (fills[p].0.range.end, pieces[p].0.end));
        let start = token.start - base.0 + base.1;
        let same = new.tokens().binary_search_by_key(&start, |t| t.start).is_ok_and(|i| {
            let t = new.tokens()[i];
            t.kind == token.kind && t.end - t.start == token.end - token.start
        });
        if !same {
            return Err("the body would change how the file around it is read");
        }
    }
    let (before, after) = (Outline::new(old), Outline::new(new));
    let commands = |o: &Outline| -> Vec<String> { o.commands.iter().map(|c| c.keyword.clone()).filter(|k| is_certain(k)).collect() };
    let names = |o: &Outline| -> Vec<Option<String>> { o.declarations.iter().map(|d| d.name.clone()).collect() };
    if new.errors().len() != old.errors().len() || commands(&before) != commands(&after) || names(&before) != names(&after) {
        return Err("the body would change the commands of the file");
    }
    Ok(())
}

/// Whether a command was recognised by its keyword and not just by its place, which tactics at column 0 share.
fn is_certain(keyword: &str) -> bool {
    keywords::is_command(keyword) || keyword.starts_with(['#', '/']) || matches!(keyword, "open" | "set_option")
}

/// One `sorry` in its file.
struct Site<'s, 'a> {
    source: &'s Source<'a>,
    sorry: &'s Sorry,
    newline: &'static str,
}

impl Site<'_, '_> {
    fn reject(&self, message: &str) -> Rejection {
        Rejection { kind: RejectKind::Syntax, message: message.to_owned(), position: Some(self.sorry.span.start) }
    }

    fn column(&self) -> usize {
        self.sorry.span.start.column as usize
    }

    fn first_on_line(&self) -> bool {
        self.source.first_on_line(self.sorry.token)
    }

    /// The column of the first code token of the `sorry`'s line.
    fn line_column(&self) -> usize {
        let mut first = self.sorry.token;
        while !self.source.first_on_line(first) {
            first -= 1;
        }
        self.source.column(first)
    }

    /// Two columns right of what the lines of a body put here must be right of.
    fn inner_column(&self) -> usize {
        match self.sorry.start.and_then(|s| s.outer_column) {
            Some(column) => column + 2,
            None => self.line_column() + 2,
        }
    }

    fn next_line(&self, column: usize) -> String {
        format!("{}{}", self.newline, " ".repeat(column))
    }

    /// What goes in place of the `sorry`, and where in it the candidate's own text lies.
    fn fill(&self, body: &ProofBody) -> (String, Range<usize>) {
        let before = self.source.text()[..self.sorry.range.start].chars().next_back();
        let touches = before.is_some_and(|c| !c.is_whitespace() && !"([{⟨⟦⦃".contains(c));
        let lead = if touches { " " } else { "" };
        let column = self.column() + lead.len();
        let one_line = body.block().is_one_line();
        // What is put before the body, the column the body then begins at, and what is put after it.
        let (open, column, close) = match (self.sorry.place, body.kind()) {
            (Place::Body, BodyKind::Tactics) => {
                let inner = self.inner_column();
                (format!("by{}", self.next_line(inner)), inner, "")
            }
            (Place::Body, BodyKind::Term) => (String::new(), column, ""),
            (Place::TacticBody | Place::Tactic, BodyKind::Term) => ("exact ".to_owned(), column + 6, ""),
            (Place::TacticBody | Place::Tactic, BodyKind::Tactics) => self.tactics(column, one_line && !body.has_suffix()),
            (Place::Term { parenthesized }, BodyKind::Tactics) => {
                let open = if parenthesized { "by" } else { "(by" };
                let close = if parenthesized { "" } else { ")" };
                if one_line {
                    (format!("{open} "), column + open.len() + 1, close)
                } else {
                    let inner = self.line_column() + 4;
                    (format!("{open}{}", self.next_line(inner)), inner, close)
                }
            }
            (Place::Term { parenthesized: true }, BodyKind::Term) => (String::new(), column, ""),
            (Place::Term { parenthesized: false }, BodyKind::Term) => ("(".to_owned(), column + 1, ")"),
        };
        let mut text = format!("{lead}{open}");
        let start = text.len();
        text.push_str(&body.block().render(column, self.newline));
        let own = start..text.len();
        let after = &self.source.text()[self.sorry.range.end..];
        let rest_of_line = after.split(['\r', '\n']).next().unwrap_or("");
        if body.ends_in_line_comment() && !(close.is_empty() && rest_of_line.trim().is_empty()) {
            text.push_str(&self.next_line(column));
        }
        text.push_str(close);
        if after.chars().next().is_some_and(|c| !c.is_whitespace() && !")]}⟩⟧⦄,;".contains(c)) {
            text.push(' ');
        }
        (text, own)
    }

    /// Tactics in place of a tactic that would begin at `column`.
    fn tactics(&self, column: usize, simple: bool) -> (String, usize, &'static str) {
        let source = self.source;
        let token = self.sorry.token;
        let Some(start) = self.sorry.start else {
            return ("(".to_owned(), column + 1, ")");
        };
        let own_line = self.first_on_line();
        let followed =
            source.line(token + 1) == source.line(token) && !matches!(source.bracket(token + 1), Some(crate::source::Bracket::Close(_)));
        if followed || !start.step || !start.first && !own_line {
            return ("(".to_owned(), column + 1, ")");
        }
        if !simple && !own_line && source.is(token.wrapping_sub(1), "by") {
            let inner = self.inner_column();
            return (self.next_line(inner), inner, "");
        }
        (String::new(), column, "")
    }
}

//! The outline of a file: its header, its commands, and its declarations with their statements and bodies.
//!
//! Lean finds the end of a command by parsing it. Here a command ends where the next begins: at a command keyword, together with the
//! doc comment, attributes and modifiers before it, outside all brackets. `open` and `set_option` are also tactics and terms; they
//! count as commands at column 0, at or left of the current command's column, and where no declaration's body is open.

use crate::{
    keywords::{self, DECLARATIONS, MODIFIERS},
    lexer::TokenKind,
    source::{Bracket, Source},
};
use prove_core::Span;
use std::ops::Range;

/// What a declaration is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DeclarationKind {
    /// `theorem`.
    Theorem,
    /// `lemma`, Mathlib's word for a theorem.
    Lemma,
    /// `def`.
    Def,
    /// `abbrev`.
    Abbrev,
    /// `example`, which has no name.
    Example,
    /// `instance`, whose name may be left to Lean.
    Instance,
}

impl DeclarationKind {
    fn of(word: &str) -> Option<DeclarationKind> {
        Some(match word {
            "theorem" => DeclarationKind::Theorem,
            "lemma" => DeclarationKind::Lemma,
            "def" => DeclarationKind::Def,
            "abbrev" => DeclarationKind::Abbrev,
            "example" => DeclarationKind::Example,
            "instance" => DeclarationKind::Instance,
            _ => return None,
        })
    }
}

/// How the body of a declaration is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BodyForm {
    /// `:= value`.
    Value,
    /// `| pattern => value`, once or more.
    Equations,
    /// `where field := value`.
    Fields,
}

/// One `theorem`, `lemma`, `def`, `abbrev`, `example` or `instance`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declaration {
    /// What it is.
    pub kind: DeclarationKind,
    /// The name with its namespaces, as far as the text shows it; `None` for an `example` or an unnamed `instance`.
    pub name: Option<String>,
    /// Whether it is marked `private`, in which case Lean mangles the name.
    pub private: bool,
    /// From its doc comment, attributes or modifiers to its last token, in bytes.
    pub range: Range<usize>,
    /// The same in lines and columns.
    pub span: Span,
    /// Binders and type: from after the name to before the body, in bytes.
    pub signature: Range<usize>,
    /// The body and how it is written: the value after `:=`, or the text from the first `|` or `where` on.
    pub body: Option<(BodyForm, Range<usize>)>,
    /// The 0-based line of the keyword.
    pub line: u32,
}

/// One command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// Its keyword (`theorem`, `open`, `#eval`, `/-!`).
    pub keyword: String,
    /// From its doc comment, attributes or modifiers to its last token, in bytes.
    pub range: Range<usize>,
    /// Index into [`Outline::declarations`] if it is one of those.
    pub declaration: Option<usize>,
}

/// A file cut into header, commands and declarations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// The header: everything up to and with the last `import` line. Empty if there is none.
    pub header: Range<usize>,
    /// The commands in order.
    pub commands: Vec<Command>,
    /// The declarations in order.
    pub declarations: Vec<Declaration>,
}

impl Outline {
    /// The outline of any text.
    pub fn new(source: &Source<'_>) -> Outline {
        Reader { source, depths: source.depths(|i| resets_brackets(source, i)), scopes: Vec::new(), outline: Outline::default() }.run()
    }

    /// The declaration that holds a byte.
    pub fn declaration_at(&self, offset: usize) -> Option<&Declaration> {
        self.declarations.iter().find(|d| d.range.contains(&offset))
    }
}

/// A command keyword at column 0 closes whatever brackets an unfinished command before it has left open.
fn resets_brackets(source: &Source<'_>, i: usize) -> bool {
    source.kind(i) == Some(TokenKind::Ident) && keywords::is_command(source.word(i)) && source.first_on_line(i) && source.column(i) == 0
}

/// The most modifiers, doc comments and attributes looked over in search of the keyword they belong to.
const MAX_MODIFIERS: usize = 32;

/// A `namespace` or `section` that is open, one per component of its name.
struct Scope {
    /// The component; empty for an unnamed section.
    name: String,
    namespace: bool,
}

struct Reader<'s, 'a> {
    source: &'s Source<'a>,
    depths: Vec<u32>,
    scopes: Vec<Scope>,
    outline: Outline,
}

impl Reader<'_, '_> {
    fn run(mut self) -> Outline {
        let source = self.source;
        let mut i = self.header();
        let starts = self.starts(i);
        for (n, &(start, keyword)) in starts.iter().enumerate() {
            i = starts.get(n + 1).map_or(source.code().len(), |next| next.0);
            self.command(start, keyword, i);
        }
        self.outline
    }

    /// Reads `module`, `prelude` and imports; returns the first token after them.
    fn header(&mut self) -> usize {
        let mut i = 0;
        loop {
            let start = i;
            while self.source.is_any(i, &["public", "meta"]) {
                i += 1;
            }
            if start == i && self.source.is_any(i, &["module", "prelude"]) {
                i += 1;
            } else if self.source.is(i, "import") {
                i += 1;
                if self.source.is(i, "all") && self.source.line(i + 1) == self.source.line(i) {
                    i += 1;
                }
                i += 1;
            } else {
                i = start;
                break;
            }
        }
        let i = i.min(self.source.code().len());
        self.outline.header = 0..i.checked_sub(1).map_or(0, |last| self.source.code()[last].end);
        i
    }

    /// The first token and the keyword of every command from token `from` on.
    fn starts(&self, from: usize) -> Vec<(usize, usize)> {
        let mut starts: Vec<(usize, usize)> = Vec::new();
        let mut i = from;
        while i < self.source.code().len() {
            match self.keyword_of_command_at(i, starts.last().copied()) {
                Some(keyword) => {
                    starts.push((i, keyword));
                    i = keyword + 1;
                    // `deriving instance`, `class inductive`, `class abbrev`: the second word belongs to the first.
                    if self.source.is_any(keyword, &["deriving", "class"]) && self.source.is_any(i, &["instance", "inductive", "abbrev"]) {
                        i += 1;
                    }
                }
                None => i += 1,
            }
        }
        starts
    }

    /// If a command begins at token `i`, the token of its keyword. `current` is the command that would end here.
    fn keyword_of_command_at(&self, i: usize, current: Option<(usize, usize)>) -> Option<usize> {
        if self.depths[i] > 0 {
            return None;
        }
        let source = self.source;
        let mut k = i;
        if source.kind(k) == Some(TokenKind::ModuleDoc) {
            return Some(k);
        }
        for _ in 0..MAX_MODIFIERS {
            if source.kind(k) == Some(TokenKind::DocComment) {
                k += 1;
            } else if source.is(k, "@[") {
                let depth = self.depths[k];
                k += 1;
                while k < source.code().len() && self.depths[k] > depth {
                    k += 1;
                }
                k += 1;
            } else if source.is_any(k, MODIFIERS) && !source.is(k.wrapping_sub(1), "open") {
                k += 1;
            } else {
                break;
            }
        }
        if source.kind(k) == Some(TokenKind::Symbol) && source.word(k) == "#" && source.touches_previous(k + 1) {
            let begins = source.first_on_line(k) && source.kind(k + 1) == Some(TokenKind::Ident);
            return (begins && (source.column(k) == 0 || !self.in_body(current))).then_some(k);
        }
        if source.kind(k) != Some(TokenKind::Ident) {
            return None;
        }
        match source.word(k) {
            "open" | "set_option" => {
                let at_margin = source.first_on_line(i) && current.is_none_or(|(start, _)| source.column(i) <= source.column(start));
                (at_margin || !self.in_body(current) && !source.is_any(i.wrapping_sub(1), &["=>", ":=", "by"])).then_some(k)
            }
            // A clause of the current declaration unless `instance` follows.
            "deriving" => source.is(k + 1, "instance").then_some(k),
            "instance" if source.is(i.wrapping_sub(1), "deriving") => None,
            word if keywords::is_command(word) && !source.is(i.wrapping_sub(1), ".") => Some(k),
            _ => (i == k && self.is_unknown_command(i, current)).then_some(k),
        }
    }

    /// Whether token `i` looks like a command that a library or the file itself declares: a word at column 0 below an empty line, where
    /// the body of a declaration could end.
    fn is_unknown_command(&self, i: usize, current: Option<(usize, usize)>) -> bool {
        let source = self.source;
        let Some((start, keyword)) = current.filter(|_| source.column(i) == 0 && source.first_on_line(i)) else { return false };
        let apart = source.line(i).saturating_sub(source.line(i - 1)) >= 2;
        let continues =
            ["where", "termination_by", "termination_by?", "decreasing_by", "with", "using", "at", "from", "then", "else", "in"];
        let awaits = ["by", ":=", "=>", ",", "do", "then", "else", "<|", "with", "where", ":", "→", "in"];
        apart
            && DECLARATIONS.contains(&source.word(keyword))
            && !source.is_any(i, &continues)
            && !source.is_any(i - 1, &awaits)
            && (start..i).any(|k| self.depths[k] == 0 && source.is_any(k, &[":=", "=>", "where"]))
    }

    /// Whether the current command is a declaration, inside which `open … in` may be a term or a tactic.
    fn in_body(&self, current: Option<(usize, usize)>) -> bool {
        current.is_some_and(|(_, keyword)| {
            self.source.is_any(keyword, DECLARATIONS)
                || self.source.is_any(keyword, &["opaque", "structure", "class", "inductive", "macro_rules", "elab_rules", "macro", "elab"])
        })
    }

    fn command(&mut self, start: usize, keyword: usize, end: usize) {
        let source = self.source;
        let range = source.code()[start].start..source.code()[end - 1].end;
        let word = match source.kind(keyword) {
            Some(TokenKind::ModuleDoc) => "/-!".to_owned(),
            Some(TokenKind::Symbol) => format!("#{}", source.word(keyword + 1)),
            _ => source.word(keyword).to_owned(),
        };
        let named = source.kind(keyword + 1) == Some(TokenKind::Ident) && keyword + 1 < end;
        let name = if named { source.word(keyword + 1) } else { "" };
        match word.as_str() {
            "namespace" => self.scopes.extend(components(name).map(|c| Scope { name: c.to_owned(), namespace: true })),
            "section" if named => self.scopes.extend(components(name).map(|c| Scope { name: c.to_owned(), namespace: false })),
            "section" | "mutual" => self.scopes.push(Scope { name: String::new(), namespace: false }),
            "end" => {
                let closed = if named { components(name).count() } else { 1 };
                self.scopes.truncate(self.scopes.len().saturating_sub(closed));
            }
            _ => {}
        }
        let declaration = DeclarationKind::of(&word).map(|kind| {
            let declaration = self.declaration(kind, start, keyword, end);
            self.outline.declarations.push(declaration);
            self.outline.declarations.len() - 1
        });
        self.outline.commands.push(Command { keyword: word, range, declaration });
    }

    fn declaration(&self, kind: DeclarationKind, start: usize, keyword: usize, end: usize) -> Declaration {
        let source = self.source;
        let mut i = keyword + 1;
        // `instance (priority := …)`.
        if kind == DeclarationKind::Instance && source.is(i, "(") && source.is(i + 1, "priority") {
            i = self.after_bracket(i, end);
        }
        let mut name = None;
        let named = kind != DeclarationKind::Example && source.kind(i) == Some(TokenKind::Ident) && i < end;
        if named {
            name = Some(self.qualified(source.word(i)));
            i += 1;
            if source.is(i, ".{") {
                i = self.after_bracket(i, end);
            }
        }
        let code = source.code();
        let from = code.get(i - 1).map_or(0, |t| t.end);
        let last = code[end - 1].end;
        let (value, form) = self.body(i, end);
        let signature = from..value.map_or(last, |v| code[v - 1].end).max(from);
        let body = value.map(|v| {
            let first = if form == BodyForm::Value { v + 1 } else { v };
            (form, code.get(first).filter(|_| first < end).map_or(last..last, |t| t.start..last))
        });
        let range = code[start].start..last;
        Declaration {
            kind,
            name,
            private: (start..keyword).any(|k| source.is(k, "private") && self.depths[k] == self.depths[start]),
            span: source.span(&range),
            range,
            signature,
            body,
            line: source.line(keyword) as u32,
        }
    }

    /// The token after the bracket that opens at `i`.
    fn after_bracket(&self, i: usize, end: usize) -> usize {
        let depth = self.depths[i];
        let mut k = i + 1;
        while k < end && self.depths[k] > depth {
            k += 1;
        }
        (k + usize::from(matches!(self.source.bracket(k), Some(Bracket::Close(_))))).min(end)
    }

    /// The token at which the body of a declaration begins, searched from token `from`.
    fn body(&self, from: usize, end: usize) -> (Option<usize>, BodyForm) {
        let source = self.source;
        let mut bindings = 0;
        let mut equation = None;
        for i in (from..end).filter(|&i| self.depths[i] == self.depths[from.min(end - 1)]) {
            match source.word(i) {
                "let" | "have" | "letI" | "haveI" | "let_fun" => bindings += 1,
                ":=" if bindings > 0 => bindings -= 1,
                ":=" => return (Some(i), BodyForm::Value),
                "where" => return (Some(i), BodyForm::Fields),
                "|" if equation.is_none() && source.first_on_line(i) => equation = Some(i),
                "=>" => {
                    if let Some(first) = equation {
                        return (Some(first), BodyForm::Equations);
                    }
                }
                _ => {}
            }
        }
        (None, BodyForm::Value)
    }

    /// The full name of a declaration in the current namespaces.
    fn qualified(&self, name: &str) -> String {
        if let Some(root) = name.strip_prefix("_root_.") {
            return root.to_owned();
        }
        let mut full: String = self.scopes.iter().filter(|s| s.namespace).map(|s| format!("{}.", s.name)).collect();
        full.push_str(name);
        full
    }
}

/// The components of a dotted name; a dot inside `«…»` does not count.
pub(crate) fn components(name: &str) -> impl Iterator<Item = &str> {
    let mut escaped = false;
    name.split(move |c| {
        match c {
            '«' => escaped = true,
            '»' => escaped = false,
            _ => {}
        }
        c == '.' && !escaped
    })
}

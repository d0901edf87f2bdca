//! Finding declarations in Lean text that a model wrote, as far as their keywords, names and `:=` go. Comments, strings and brackets are
//! told apart; nothing else is, and whatever is found is checked by Lean afterwards.

/// A theorem, or something like one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Declaration<'a> {
    /// Its name as written; empty for an `example`.
    name: &'a str,
    /// Whether it is a `theorem`, `lemma` or `example`, and not a definition.
    pub(super) proves: bool,
    /// Where its line begins.
    pub(super) start: usize,
    /// Where the next one begins, or the text ends.
    pub(super) end: usize,
    /// Its proof, if a `:=` is there.
    pub(super) proof: Option<Proof>,
}

/// Where a proof begins.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Proof {
    /// After the `:= by` or the `:=`.
    pub(super) start: usize,
    /// Whether there was a `by`.
    pub(super) tactics: bool,
}

impl Declaration<'_> {
    /// Whether it is a theorem of this name; namespaces may be written or not.
    pub(super) fn is(&self, name: &str) -> bool {
        let last = |name: &str| name.rsplit('.').next().map(str::to_owned);
        self.proves && !self.name.is_empty() && last(self.name) == last(name)
    }
}

/// What begins a command, in the first column (modifiers and attributes apart).
const COMMANDS: [&str; 26] = [
    "theorem",
    "lemma",
    "example",
    "def",
    "abbrev",
    "instance",
    "structure",
    "inductive",
    "class",
    "axiom",
    "opaque",
    "namespace",
    "section",
    "end",
    "open",
    "variable",
    "universe",
    "import",
    "set_option",
    "macro",
    "notation",
    "syntax",
    "mutual",
    "noncomputable",
    "private",
    "protected",
];

/// The declarations of a text, in order. Each ends where the next command begins.
pub(super) fn declarations(text: &str) -> Vec<Declaration<'_>> {
    let words = words(text);
    let commands: Vec<usize> = (0..words.len()).filter(|&at| begins_command(text, &words, at)).collect();
    let mut found = Vec::new();
    for (order, &at) in commands.iter().enumerate() {
        let end_word = commands.get(order + 1).copied().unwrap_or(words.len());
        let end = words.get(end_word).map_or(text.len(), |word| line_start(text, word.start));
        let inside = &words[at..end_word];
        let keyword = inside.iter().position(|word| matches!(word.text, "theorem" | "lemma" | "example" | "def" | "abbrev" | "instance"));
        let belongs = |keyword: &usize| {
            let before = &inside[..*keyword];
            before.iter().all(|word| is_modifier(word.text)) || before.last().is_some_and(|word| word.text == "in")
        };
        let Some(keyword) = keyword.filter(belongs) else { continue };
        let name = match inside[keyword].text {
            "example" => "",
            _ => inside.get(keyword + 1).map_or("", |word| word.text),
        };
        let proves = matches!(inside[keyword].text, "theorem" | "lemma" | "example");
        found.push(Declaration { name, proves, start: line_start(text, inside[0].start), end, proof: proof(&inside[keyword..]) });
    }
    found
}

/// The `:=` that ends a statement: the first outside brackets that a `by` follows (a `let` in the statement has one too), or the first.
fn proof(words: &[Word]) -> Option<Proof> {
    let outside = || words.iter().enumerate().filter(|(_, word)| word.text == ":=" && word.depth == 0);
    let by = outside().find_map(|(at, _)| words.get(at + 1).filter(|next| next.text == "by"));
    match by {
        Some(by) => Some(Proof { start: by.start + by.text.len(), tactics: true }),
        None => outside().next().map(|(_, word)| Proof { start: word.start + word.text.len(), tactics: false }),
    }
}

fn begins_command(text: &str, words: &[Word], at: usize) -> bool {
    let word = words[at];
    let first_column = word.start == line_start(text, word.start);
    let continues = at > 0 && is_modifier(words[at - 1].text);
    first_column && !continues && (COMMANDS.contains(&word.text) || word.text.starts_with("@[") || word.text.starts_with('#'))
}

fn is_modifier(word: &str) -> bool {
    word.starts_with("@[") || matches!(word, "private" | "protected" | "noncomputable" | "nonrec" | "in")
}

/// What stands before a declaration, without the documentation that belongs to it, and without imports, options and opened namespaces.
pub(super) fn preamble(text: &str) -> &str {
    let text = text.trim_end();
    match text.rfind("/-") {
        Some(at) if text.ends_with("-/") && text[at..].starts_with("/--") => without_imports(&text[..at]),
        _ => without_imports(text),
    }
}

/// A text without its imports, options and namespaces opened at the beginning.
fn without_imports(text: &str) -> &str {
    let mut rest = text;
    loop {
        let line = rest.split_inclusive('\n').next().unwrap_or_default();
        let content = line.trim();
        let header = content.is_empty() || ["import ", "set_option ", "open "].iter().any(|word| content.starts_with(word));
        if line.is_empty() || !header {
            return rest;
        }
        rest = &rest[line.len()..];
    }
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |newline| newline + 1)
}

/// A word outside comments and strings, and how many brackets are open around it.
#[derive(Clone, Copy, Debug)]
struct Word<'a> {
    text: &'a str,
    start: usize,
    depth: usize,
}

/// Cuts a text into words: identifiers, `:=`, attributes up to their `]`, and single other characters.
fn words(text: &str) -> Vec<Word<'_>> {
    let (mut words, mut at, mut depth) = (Vec::new(), 0, 0usize);
    while let Some(char) = text[at..].chars().next() {
        let rest = &text[at..];
        let length = if rest.starts_with("--") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/-") {
            comment(rest)
        } else if char == '"' {
            string(rest)
        } else if char.is_whitespace() {
            char.len_utf8()
        } else {
            let length = if rest.starts_with(":=") {
                2
            } else if rest.starts_with("@[") {
                rest.find(']').map_or(rest.len(), |end| end + 1)
            } else if is_identifier(char) {
                rest.find(|char| !is_identifier(char)).unwrap_or(rest.len())
            } else {
                char.len_utf8()
            };
            match char {
                '(' | '[' | '{' | '⟨' | '⦃' => depth += 1,
                ')' | ']' | '}' | '⟩' | '⦄' => depth = depth.saturating_sub(1),
                _ => {}
            }
            words.push(Word { text: &rest[..length], start: at, depth });
            length
        };
        at += length;
    }
    words
}

fn is_identifier(char: char) -> bool {
    char.is_alphanumeric() || matches!(char, '_' | '\'' | '.' | '!' | '?' | '#' | '«' | '»' | '₀'..='₉')
}

/// The length of a block comment; these nest.
fn comment(text: &str) -> usize {
    let (mut depth, mut at) = (0usize, 0);
    let bytes = text.as_bytes();
    while at < bytes.len() {
        match bytes.get(at..at + 2) {
            Some(b"/-") => {
                depth += 1;
                at += 2;
            }
            Some(b"-/") => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    text.len()
}

/// The length of a string.
fn string(text: &str) -> usize {
    let mut escaped = false;
    for (at, char) in text.char_indices().skip(1) {
        match char {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

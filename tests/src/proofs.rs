//! The honest corpus in `tests/honest`: pairs `X.lean`, `X.trusted.lean` of proofs and their statements, and the false statements
//! that are made of them.

use prove_syntax::{Declaration, DeclarationKind, Outline, Source, TokenKind};
use std::{fs, ops::Range, path::Path};

/// A file of proofs and its trusted statements.
#[derive(Clone, Debug)]
pub struct Proofs {
    /// The file's name.
    pub name: String,
    /// The proofs.
    pub text: String,
    /// The statements.
    pub trusted: String,
}

/// A theorem of a file.
#[derive(Clone, Debug)]
pub struct Theorem {
    /// Its full name.
    pub name: String,
    /// The bytes of the whole declaration.
    pub range: Range<usize>,
    /// The bytes of its binders and type.
    signature: Range<usize>,
    /// Whether it has attributes, which do not fit every statement.
    has_attributes: bool,
}

/// Reads the corpus, sorted by name.
pub fn load(folder: &Path) -> anyhow::Result<Vec<Proofs>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let file = entry?.file_name().to_string_lossy().into_owned();
        names.extend(file.strip_suffix(".trusted.lean").map(str::to_owned));
    }
    names.sort();
    let read = |name: String| {
        let text = fs::read_to_string(folder.join(format!("{name}.lean")))?;
        let trusted = fs::read_to_string(folder.join(format!("{name}.trusted.lean")))?;
        Ok(Proofs { name, text, trusted })
    };
    names.into_iter().map(read).collect()
}

/// The theorems of a text.
pub fn theorems(text: &str) -> Vec<Theorem> {
    let outline = Outline::new(&Source::new(text));
    let is_theorem = |d: &Declaration| matches!(d.kind, DeclarationKind::Theorem | DeclarationKind::Lemma);
    let theorem = |d: Declaration| {
        let has_attributes = text[d.range.start..d.signature.start].contains("@[");
        Some(Theorem { name: d.name?, range: d.range, signature: d.signature, has_attributes })
    };
    outline.declarations.into_iter().filter(is_theorem).filter_map(theorem).collect()
}

/// The text with one theorem's statement replaced by its negation, `¬ (∀ binders, type)`, and its proof as it was; and the byte
/// at which the theorem then ends. `None` where the text alone does not say how: attributes that want a statement of some form,
/// default values of binders.
pub fn negated(text: &str, theorem: &Theorem) -> Option<(String, usize)> {
    let signature = &text[theorem.signature.clone()];
    if theorem.has_attributes {
        return None;
    }
    let colon = colon_of(signature)?;
    let (binders, ty) = (signature[..colon].trim(), signature[colon + 1..].trim());
    let (universes, binders) = match binders.strip_prefix(".{").and_then(|rest| rest.split_once('}')) {
        Some((universes, binders)) => (format!(".{{{universes}}}"), binders.trim()),
        None => (String::new(), binders),
    };
    if binders.contains(":=") {
        return None;
    }
    let statement = if binders.is_empty() { format!("¬ ({ty})") } else { format!("¬ (∀ {binders}, ({ty}))") };
    let negation = format!("{universes} : {statement} ");
    let end = theorem.range.end + negation.len() - signature.len();
    Some(([&text[..theorem.signature.start], &negation, &text[theorem.signature.end..]].concat(), end))
}

/// The text with one more binder, `(mutated : True)`, in every theorem whose statement the text alone shows, and the names of those: each
/// statement then says something else, and nearly every proof would still do.
pub fn mutated(text: &str) -> (String, Vec<String>) {
    let mut out = text.to_owned();
    let mut names = Vec::new();
    for theorem in theorems(text).into_iter().rev().filter(|theorem| !theorem.has_attributes) {
        let signature = &text[theorem.signature.clone()];
        let universes = if signature.starts_with(".{") { signature.find('}').map_or(0, |at| at + 1) } else { 0 };
        out.insert_str(theorem.signature.start + universes, " (mutated : True) ");
        names.push(theorem.name);
    }
    (out, names)
}

/// The colon between binders and type.
fn colon_of(signature: &str) -> Option<usize> {
    let source = Source::new(signature);
    let mut depth = 0usize;
    for token in source.code() {
        match &signature[token.range()] {
            "(" | "[" | "{" | "⟨" | "⦃" | ".{" => depth += 1,
            ")" | "]" | "}" | "⟩" | "⦄" => depth = depth.checked_sub(1)?,
            ":" if depth == 0 && token.kind != TokenKind::Ident => return Some(token.range().start),
            _ => {}
        }
    }
    None
}

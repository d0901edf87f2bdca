//! The proof in a model's answer. Total functions on untrusted text.

use super::Format;
use super::scan::{self, Declaration};

/// A proof that an answer holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extracted {
    /// What stands after the statement's `:= by` (or `:=`), as it is written, without blank lines around it. The first line keeps its
    /// indentation if it stands on a line of its own.
    pub body: String,
    /// Whether the body is tactics, to stand after `:= by`; otherwise it is a term, to stand after `:=`.
    pub tactics: bool,
    /// What stands in the same block before the theorem, such as auxiliary lemmas, without imports. Often empty.
    pub before: String,
    /// Whether a code block lacks its end: the answer breaks off, and so does the body. In a completing format the end is a stop string,
    /// which the answer never has; there [`FinishReason`](crate::FinishReason) tells.
    pub truncated: bool,
}

/// Why an answer holds no proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoProof {
    /// There is no code at all. Common where a model thinks until its tokens are spent.
    #[error("the answer holds no code")]
    NoCode,
    /// There is code, but nothing that could prove the theorem.
    #[error("the answer's code does not hold the theorem")]
    NoTheorem,
    /// The theorem is there and its proof is not.
    #[error("the answer's proof is empty")]
    Empty,
}

/// The proof of the theorem `name` in an answer to a prompt of this format.
///
/// The statement that the answer gives is not looked at; whoever checks the proof puts the trusted one before it. In an answer of prose
/// and code blocks, the last block that declares the theorem counts; thoughts between `<think>` tags do not, unless nothing else has
/// code. If no block declares it, the last block that declares any theorem does (models rename), and then the last block that declares
/// nothing: bare tactics. A block without an end is taken as it is, as [`Extracted::truncated`].
///
/// # Errors
///
/// [`NoProof`], when there is nothing to check.
pub fn extract(format: Format, answer: &str, name: &str) -> Result<Extracted, NoProof> {
    if format.continues() {
        let end = if format == Format::Prove { "###" } else { "```" };
        return body(answer.split(end).next().unwrap_or_default(), "", true, false);
    }
    let spoken = match answer.rfind("</think>") {
        Some(at) => &answer[at + "</think>".len()..],
        None => answer,
    };
    let mut blocks = blocks(spoken);
    if blocks.is_empty() {
        blocks = self::blocks(answer);
    }
    if blocks.is_empty() {
        return Err(NoProof::NoCode);
    }
    let declared: Vec<Vec<Declaration>> = blocks.iter().map(|block| scan::declarations(block.code)).collect();
    let find = |wanted: &dyn Fn(&Declaration) -> bool| {
        (0..blocks.len()).rev().find_map(|at| declared[at].iter().rfind(|declaration| wanted(declaration)).map(|found| (at, *found)))
    };
    if let Some((at, found)) = find(&|declaration| declaration.is(name)).or_else(|| find(&|declaration| declaration.proves)) {
        let Block { code, open } = blocks[at];
        let Some(proof) = found.proof else { return Err(NoProof::Empty) };
        // What cannot be open because something follows it is not.
        let truncated = open && found.end == code.len();
        let text = &code[proof.start..found.end];
        // On the line of the `by`, indentation means nothing.
        let own_line = text.lines().next().is_none_or(|line| line.trim().is_empty());
        let text = if own_line { text } else { text.trim_start() };
        return body(text, scan::preamble(&code[..found.start]), proof.tactics, truncated);
    }
    match (0..blocks.len()).rev().find(|&at| declared[at].is_empty() && !blocks[at].code.trim().is_empty()) {
        Some(at) => body(blocks[at].code, "", true, blocks[at].open),
        None => Err(NoProof::NoTheorem),
    }
}

fn body(text: &str, before: &str, tactics: bool, truncated: bool) -> Result<Extracted, NoProof> {
    // Lines are dropped whole, so that the first tactic keeps its column.
    let start = text.len() - text.trim_start().len();
    let start = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let body = text[start..].trim_end();
    if body.trim().is_empty() {
        return Err(NoProof::Empty);
    }
    Ok(Extracted { body: body.to_owned(), tactics, before: before.trim().to_owned(), truncated })
}

/// A fenced block of code.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Block<'a> {
    code: &'a str,
    /// Whether its end is missing.
    open: bool,
}

/// The fenced blocks of Lean or of no stated language.
fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("```") {
        let after = rest[at..].trim_start_matches('`');
        let (language, code) = match after.split_once('\n') {
            Some((language, code)) => (language.trim(), code),
            // The answer ends within the line of the fence.
            None => break,
        };
        let lean = matches!(language, "" | "lean" | "lean4" | "Lean" | "Lean4" | "lean 4" | "tactics");
        let (code, open, next) = match code.find("```") {
            Some(end) => (&code[..end], false, code[end..].trim_start_matches('`')),
            None => (code, true, ""),
        };
        if lean {
            blocks.push(Block { code, open });
        }
        rest = next;
    }
    blocks
}

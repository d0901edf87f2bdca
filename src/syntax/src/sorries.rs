//! The places to fill: every `sorry` of a file outside comments and strings.

use crate::{
    commands::{BodyForm, Declaration, Outline},
    layout::{TacticStart, tactic_starts},
    source::Source,
};
use prove_core::Span;
use std::ops::Range;

/// What stands where the `sorry` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// The whole body of a declaration: `:= sorry`.
    Body,
    /// The whole tactic proof of a declaration: `:= by sorry`.
    TacticBody,
    /// One tactic among others.
    Tactic,
    /// A term inside a larger one.
    Term {
        /// Whether it stands alone in round brackets: `(sorry)`.
        parenthesized: bool,
    },
}

/// One `sorry`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sorry {
    /// Its bytes.
    pub range: Range<usize>,
    /// Its place in lines and columns.
    pub span: Span,
    /// Index into [`Outline::declarations`] of the declaration it is in.
    pub declaration: Option<usize>,
    /// What stands there.
    pub place: Place,
    /// Whether `where`, `termination_by` and `decreasing_by` may follow there: it is a whole body that has none yet.
    pub may_have_suffix: bool,
    /// Its index among the code tokens.
    pub(crate) token: usize,
    /// How it stands in its tactic block.
    pub(crate) start: Option<TacticStart>,
}

/// All `sorry`s of a file, in order.
pub fn find_sorries(source: &Source<'_>, outline: &Outline) -> Vec<Sorry> {
    let tokens: Vec<usize> = (0..source.code().len()).filter(|&i| source.is(i, "sorry")).collect();
    if tokens.is_empty() {
        return Vec::new();
    }
    let commands = outline.commands.iter().map(|c| token_range(source, &c.range));
    let unfinished = commands.filter(|range| tokens.get(tokens.partition_point(|i| *i < range.start)).is_some_and(|i| range.contains(i)));
    let starts = tactic_starts(source, unfinished);
    tokens.into_iter().map(|token| sorry(source, outline, &starts, token)).collect()
}

fn token_range(source: &Source<'_>, bytes: &Range<usize>) -> Range<usize> {
    source.code().partition_point(|t| t.start < bytes.start)..source.code().partition_point(|t| t.end <= bytes.end)
}

fn sorry(source: &Source<'_>, outline: &Outline, starts: &[TacticStart], token: usize) -> Sorry {
    let range = source.code()[token].range();
    let declaration = Some(outline.declarations.partition_point(|d| d.range.end <= range.start))
        .filter(|d| outline.declarations.get(*d).is_some_and(|d| d.range.contains(&range.start)));
    let start = starts.binary_search_by_key(&token, |s| s.token).ok().map(|i| starts[i]);
    let whole = declaration.map(|d| &outline.declarations[d]).and_then(|d| whole_body(source, d, token));
    let place = match whole {
        Some((place, _)) => place,
        None if start.is_some() => Place::Tactic,
        None => Place::Term { parenthesized: source.is(token.wrapping_sub(1), "(") && source.is(token + 1, ")") },
    };
    Sorry { span: source.span(&range), range, declaration, place, may_have_suffix: whole.is_some_and(|(_, bare)| bare), token, start }
}

/// If `token` is the whole body of `declaration`: how, and whether nothing (no `where`, no `termination_by`) follows it.
fn whole_body(source: &Source<'_>, declaration: &Declaration, token: usize) -> Option<(Place, bool)> {
    let (BodyForm::Value, body) = declaration.body.as_ref()? else { return None };
    let tokens = token_range(source, body);
    let bare = token + 1 == tokens.end;
    let suffix = source.is_any(token + 1, &["where", "termination_by", "termination_by?", "decreasing_by"]);
    if !bare && !suffix {
        return None;
    }
    match token.checked_sub(tokens.start)? {
        0 => Some((Place::Body, bare)),
        1 if source.is(tokens.start, "by") => Some((Place::TacticBody, bare)),
        _ => None,
    }
}

//! Moving a block of tactics or a term to another column.
//!
//! Models write bodies at any indentation, often with the first line's lost because their text began in mid-line. What counts is how the
//! lines lie to each other. Lines that begin inside a string or a comment are never touched.

use crate::{body::BodyKind, lexer::TokenKind, source::Source};
use std::ops::Range;

/// Lines of a body with what is known of their indentation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    /// The first line, which begins wherever it is put.
    first: String,
    rest: Vec<Line>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Line {
    /// Begins inside a string or a comment: kept as it is.
    Verbatim(String),
    /// Goes to the block's column plus this.
    At(usize, String),
    Blank,
}

/// Words with which a line of a tactic block often begins; they tell a next tactic from a continued line.
const TACTICS: &[&str] = &[
    "·",
    ".",
    "all_goals",
    "any_goals",
    "apply",
    "assumption",
    "by_cases",
    "by_contra",
    "calc",
    "cases",
    "cases'",
    "case",
    "change",
    "classical",
    "clear",
    "congr",
    "constructor",
    "contradiction",
    "conv",
    "convert",
    "decide",
    "dsimp",
    "erw",
    "exact",
    "exact_mod_cast",
    "exfalso",
    "exists",
    "ext",
    "field_simp",
    "first",
    "focus",
    "funext",
    "generalize",
    "gcongr",
    "grind",
    "have",
    "haveI",
    "if",
    "induction",
    "induction'",
    "infer_instance",
    "injection",
    "intro",
    "intros",
    "intro'",
    "left",
    "let",
    "linarith",
    "match",
    "next",
    "nlinarith",
    "norm_cast",
    "norm_num",
    "nth_rewrite",
    "nth_rw",
    "obtain",
    "omega",
    "on_goal",
    "open",
    "linear_combination",
    "polynomial",
    "positivity",
    "push_cast",
    "push_neg",
    "rcases",
    "refine",
    "refine'",
    "rename_i",
    "repeat",
    "replace",
    "revert",
    "rfl",
    "right",
    "ring",
    "ring_nf",
    "rintro",
    "rotate_left",
    "rw",
    "rwa",
    "set",
    "set_option",
    "show",
    "simp",
    "simp_all",
    "simp_arith",
    "simp_rw",
    "simpa",
    "skip",
    "specialize",
    "split",
    "split_ifs",
    "subst",
    "subst_vars",
    "suffices",
    "swap",
    "symm",
    "tauto",
    "trans",
    "trivial",
    "try",
    "unfold",
    "use",
    "wlog",
    "zify",
    "qify",
    "bv_omega",
    "ac_rfl",
    "aesop",
    "fin_cases",
    "interval_cases",
    "nomatch",
    "subsingleton",
    "fun_induction",
    "fun_cases",
    "done",
    "delta",
    "ac_nf",
    "and_intros",
    "eq_refl",
    "iterate",
    "rename",
    "show_term",
    "apply_fun",
];

/// Tokens after which the next line belongs to the same tactic.
const OPENERS: &[&str] = &[
    "by", "=>", ":=", "do", "with", "then", "else", "from", "calc", "at", "using", "in", "(", "[", "{", "⟨", ",", "+", "-", "*", "/", "=",
    "<", ">", "≤", "≥", "∧", "∨", "→", "↔", "|", "<;>", "<|", "$", "|>", ":", "·", "∘", "∣", "≠", "▸", "fun", "have", "show", "exact",
    "refine",
];

impl Block {
    /// The block that `range`, which begins and ends with tokens other than white space, is.
    pub(crate) fn new(source: &Source<'_>, range: Range<usize>, kind: BodyKind) -> Block {
        let text = &source.text()[range.clone()];
        let mut lines = text.split('\n');
        let first = lines.next().unwrap_or("").to_owned();
        let mut at = range.start + first.len() + 1;
        let rest: Vec<RawLine<'_>> = lines
            .map(|line| {
                let raw = RawLine::new(source, at, line);
                at += line.len() + 1;
                raw
            })
            .collect();
        let shift = shift(source, range.start, &rest, kind);
        let rest = rest
            .into_iter()
            .map(|line| match line {
                RawLine { inside: true, text, .. } => Line::Verbatim(text.to_owned()),
                RawLine { content: "", .. } => Line::Blank,
                RawLine { indent, content, .. } => Line::At(indent.saturating_add_signed(shift), content.to_owned()),
            })
            .collect();
        Block { first, rest }
    }

    pub(crate) fn is_one_line(&self) -> bool {
        self.rest.is_empty()
    }

    /// The text, to be put at `column` of a line.
    pub(crate) fn render(&self, column: usize, newline: &str) -> String {
        let mut out = self.first.clone();
        for line in &self.rest {
            out.push_str(newline);
            match line {
                Line::Verbatim(text) => out.push_str(text),
                Line::At(offset, text) => {
                    out.push_str(&" ".repeat(column + offset));
                    out.push_str(text);
                }
                Line::Blank => {}
            }
        }
        out
    }
}

/// One line of a candidate after its first.
struct RawLine<'a> {
    text: &'a str,
    /// Without its indentation.
    content: &'a str,
    indent: usize,
    /// Begins inside a string or a comment.
    inside: bool,
    /// The code token it begins with; `None` for blank lines and lines that begin with a comment.
    token: Option<usize>,
}

impl<'a> RawLine<'a> {
    fn new(source: &Source<'_>, start: usize, text: &'a str) -> RawLine<'a> {
        let content = text.trim_start_matches(' ');
        let indent = text.len() - content.len();
        let tokens = source.tokens();
        let holder = tokens.partition_point(|t| t.end <= start);
        let inside = tokens.get(holder).is_some_and(|t| t.start < start && t.kind != TokenKind::Whitespace);
        let token = source.code().binary_search_by_key(&(start + indent), |t| t.start).ok().filter(|_| !inside);
        RawLine { text, content, indent, inside, token }
    }
}

/// What to add to the indentation of all lines but the first, to get their distance from the block's column.
fn shift(source: &Source<'_>, start: usize, rest: &[RawLine<'_>], kind: BodyKind) -> isize {
    let is_tail = |token: usize| source.is_any(token, &["where", "termination_by", "termination_by?", "decreasing_by"]);
    let code: Vec<(usize, usize)> = rest.iter().filter_map(|l| Some((l.indent, l.token?))).filter(|(_, t)| !is_tail(*t)).collect();
    let Some(least) = code.iter().map(|(indent, _)| *indent).min() else {
        return -(source.position(start).column as isize);
    };
    let Ok(head) = source.code().binary_search_by_key(&start, |t| t.start) else {
        // The first line is a comment: the block's column is that of the leftmost line.
        return -(least as isize);
    };
    let column = source.column(head);
    // Behind a line end, the first line's indentation is its own.
    let own_line = source.text()[..start].trim_end_matches(' ').ends_with('\n');
    if least == column || own_line && least > column {
        return -(column as isize);
    }
    let (second, second_token) = code[0];
    let continued = source.is_any(second_token - 1, OPENERS) || source.depths(|_| false)[second_token] > 0;
    let next_tactic = code.iter().any(|(indent, token)| *indent == least && source.is_any(*token, TACTICS));
    let aligned = kind == BodyKind::Tactics && next_tactic && (!continued || second > least);
    if aligned {
        -(least as isize)
    } else if least > column {
        -(column as isize)
    } else {
        // The first line stands to the right of the rest, after a `by` or `:=` that was cut off. A term's lines may stand below each other;
        // a tactic's go deeper by as little as keeps them a part of it, and alternatives may stand below it.
        let deeper = if kind == BodyKind::Term || source.is(second_token, "|") { 0 } else { 2 };
        deeper - least as isize
    }
}

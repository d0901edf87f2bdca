//! The tactics of a proof by their layout.
//!
//! The session asks Lean for the goals at the start and the end of each tactic, so it needs to know where tactics begin and end before
//! Lean has parsed anything, and also in proofs that Lean refuses. Layout tells: the tactics of a block begin at the block's column or
//! after `;`, and blocks open after `by`, `·`, `=>` of an alternative, and the tactics that take tactics. What is found is a good guess,
//! never an error: odd text gives odd steps, but every code token other than a `;` lies in a top-level step.

use crate::source::{Bracket, Source};
use prove_core::Span;
use std::ops::Range;

/// What a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StepKind {
    /// A tactic, with everything it holds (`<;>` chains are one tactic).
    Tactic,
    /// An alternative `| pattern => tactics` of `cases`, `induction`, `match` or `first`.
    Alternative,
    /// One line of a `calc`.
    Calc,
}

/// One step of a proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What it is.
    pub kind: StepKind,
    /// From its first to its last token, in bytes.
    pub range: Range<usize>,
    /// The same in lines and columns.
    pub span: Span,
    /// How many steps it lies in.
    pub depth: u32,
    /// The step it lies in directly; always earlier in the list.
    pub parent: Option<usize>,
}

/// The steps of a proof in the order of their beginnings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// Outer steps come before the steps in them.
    pub steps: Vec<Step>,
}

impl Layout {
    /// The steps of the bytes `range` of a text, read as one tactic block, such as the body after `by`.
    pub fn of_tactics(source: &Source<'_>, range: Range<usize>) -> Layout {
        let mut reader = Reader::new(source);
        let mut i = source.code().partition_point(|t| t.start < range.start);
        let end = source.code().partition_point(|t| t.end <= range.end);
        while i < end {
            let next = reader.block(i, end, None);
            if next == i {
                // A stray closing bracket begins no block; it is a step all the same.
                reader.open(StepKind::Tactic, i, None);
            }
            i = next.max(i + 1);
        }
        Layout { steps: reader.steps }
    }

    /// The steps of all `by` blocks of a text, such as a whole file.
    pub fn of_proofs(source: &Source<'_>) -> Layout {
        let mut reader = Reader::new(source);
        let end = source.code().len();
        let mut i = 0;
        while i < end {
            i = if source.is(i, "by") { reader.block(i + 1, end, None).max(i + 1) } else { i + 1 };
        }
        Layout { steps: reader.steps }
    }

    /// The steps that do not lie in another one.
    pub fn top_level(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(|s| s.parent.is_none())
    }
}

/// Where a tactic begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TacticStart {
    /// The code token.
    pub(crate) token: usize,
    /// Whether the tactic is a step of its block; otherwise it follows `<;>`.
    pub(crate) step: bool,
    /// Whether it is the first of its block.
    pub(crate) first: bool,
    /// The column of the block around the one the tactic is in.
    pub(crate) outer_column: Option<usize>,
}

/// The tactics of all `by` blocks among the code tokens of `ranges`, in order.
pub(crate) fn tactic_starts(source: &Source<'_>, ranges: impl Iterator<Item = Range<usize>>) -> Vec<TacticStart> {
    let mut reader = Reader::new(source);
    for range in ranges {
        let mut i = range.start;
        while i < range.end {
            i = if source.is(i, "by") { reader.block(i + 1, range.end, None).max(i + 1) } else { i + 1 };
        }
    }
    reader.starts
}

/// Blocks nested deeper than this are read as one flat step, so that no text can exhaust the stack.
const MAX_DEPTH: usize = 100;

/// The most code tokens a pattern may have; it bounds how far ahead its `=>` is searched.
const MAX_PATTERN: usize = 200;

/// Tactics whose argument is a tactic block that follows at once.
const TAKES_TACTICS: &[&str] = &[
    "try",
    "repeat",
    "repeat'",
    "repeat1",
    "repeat1'",
    "all_goals",
    "any_goals",
    "any_goals'",
    "focus",
    "fail_if_success",
    "checkpoint",
    "unhygienic",
    "with_reducible",
    "with_reducible_and_instances",
    "with_unfolding_all",
    "with_unfolding_none",
    "show_term",
];

/// Tactics whose tactic block follows a `=>`.
const TAKES_ARROW: &[&str] =
    &["case", "case'", "next", "on_goal", "conv", "conv_lhs", "conv_rhs", "conv'", "as_aux_lemma", "iterate", "enter"];

/// Tactics with alternatives `| pattern => tactics` after `with`.
const TAKES_ALTERNATIVES: &[&str] = &["match", "induction", "cases", "fun_induction", "fun_cases", "nomatch"];

/// Tactics in whose patterns `|` separates cases.
const TAKES_PATTERNS: &[&str] = &["rcases", "obtain", "rintro", "cases'", "induction'", "rcases!"];

/// Binders whose body follows a comma.
const COMMA_BINDERS: &[&str] = &["∀", "∃", "∃!", "Σ", "Σ'", "∑", "∏", "∑'", "∏'", "⨆", "⨅", "⋃", "⋂", "∫", "Π", "λ"];

/// The block that is being read, and where it ends.
#[derive(Clone, Copy)]
struct Block {
    column: usize,
    bracket_depth: u32,
    outer_column: Option<usize>,
    nesting: usize,
}

struct Reader<'s, 'a> {
    source: &'s Source<'a>,
    depths: Vec<u32>,
    steps: Vec<Step>,
    /// The first code token of each step.
    heads: Vec<usize>,
    starts: Vec<TacticStart>,
    /// The blocks that are open, innermost last.
    blocks: Vec<Block>,
}

impl<'s, 'a> Reader<'s, 'a> {
    fn new(source: &'s Source<'a>) -> Self {
        Reader { source, depths: source.depths(|_| false), steps: Vec::new(), heads: Vec::new(), starts: Vec::new(), blocks: Vec::new() }
    }

    /// Begins a step at code token `at`, which it holds for now.
    fn open(&mut self, kind: StepKind, at: usize, parent: Option<usize>) -> usize {
        let depth = parent.map_or(0, |p| self.steps[p].depth + 1);
        let (range, span) = (self.source.code()[at].range(), self.source.token_span(at, at));
        self.steps.push(Step { kind, span, range, depth, parent });
        self.heads.push(at);
        self.steps.len() - 1
    }

    /// Ends a step before code token `end`.
    fn close(&mut self, step: usize, end: usize) {
        let last = (end - 1).max(self.heads[step]);
        self.steps[step].range.end = self.source.code()[last].end;
        self.steps[step].span = self.source.token_span(self.heads[step], last);
    }

    /// Reads a block whose first tactic begins at token `start`; returns the first token after it.
    fn block(&mut self, start: usize, end: usize, parent: Option<usize>) -> usize {
        let source = self.source;
        let outer = self.blocks.last().copied();
        let nesting = outer.map_or(0, |b| b.nesting + 1);
        if start >= end || nesting > MAX_DEPTH || matches!(source.bracket(start), Some(Bracket::Close(_) | Bracket::Both)) {
            return start;
        }
        // A line at or left of the column of the block around belongs to that block, so this one is empty.
        let belongs_outside = outer.is_some_and(|b| source.first_on_line(start) && source.column(start) <= b.column);
        if belongs_outside && self.depths[start] == outer.map_or(0, |b| b.bracket_depth) {
            return start;
        }
        let block =
            Block { column: source.column(start), bracket_depth: self.depths[start], outer_column: outer.map(|b| b.column), nesting };
        self.blocks.push(block);
        let mut i = start;
        loop {
            i = self.step(i, end, block, i == start, parent);
            if i < end && source.is(i, ";") {
                i += 1;
                if i < end && !self.ends(i, block) && !source.is(i, ";") {
                    continue;
                }
                while i < end && source.is(i, ";") {
                    i += 1;
                }
            }
            let goes_on = i < end && source.first_on_line(i) && source.column(i) == block.column && self.depths[i] == block.bracket_depth;
            if !goes_on || self.is_tail(i) || source.is(i, "|") || source.bracket(i).is_some_and(|b| matches!(b, Bracket::Close(_))) {
                break;
            }
        }
        self.blocks.pop();
        i
    }

    /// Whether token `i` ends the block whatever tactic it stands in.
    fn ends(&self, i: usize, block: Block) -> bool {
        let source = self.source;
        if self.depths[i] < block.bracket_depth {
            return true;
        }
        self.depths[i] == block.bracket_depth && (source.first_on_line(i) && source.column(i) < block.column || self.is_tail(i))
    }

    /// Whether token `i` begins what may follow a whole proof.
    fn is_tail(&self, i: usize) -> bool {
        self.source.is_any(i, &["where", "termination_by", "termination_by?", "decreasing_by"])
    }

    /// Reads one tactic from token `start`; returns the first token after it, at least one further.
    fn step(&mut self, start: usize, end: usize, block: Block, first: bool, parent: Option<usize>) -> usize {
        let source = self.source;
        let step = self.open(StepKind::Tactic, start, parent);
        self.starts.push(TacticStart { token: start, step: true, first, outer_column: block.outer_column });
        let mut scan = Scan::new(source, start);
        let mut calc: Option<(usize, usize)> = None;
        let mut i = start;
        while i < end {
            if i > start {
                if self.ends(i, block) {
                    break;
                }
                let level = self.depths[i] == block.bracket_depth;
                let new_line = source.first_on_line(i) && source.column(i) == block.column;
                if level && (source.is(i, ";") || new_line && !scan.takes_over(source, i)) {
                    break;
                }
                if level && scan.stops_at(source, i, block, self.blocks.len()) {
                    break;
                }
                if let Some((line, column)) = calc
                    && level
                    && source.first_on_line(i)
                    && (source.is(i, "_") || source.column(i) == column)
                {
                    self.close(line, i);
                    calc = Some((self.open(StepKind::Calc, i, Some(step)), source.column(i)));
                }
            }
            let level = self.depths[i] == block.bracket_depth;
            let inner = calc.map_or(step, |(line, _)| line);
            i = match source.word(i) {
                "by" if source.is(i, "by") => self.block(i + 1, end, Some(inner)).max(i + 1),
                "<;>" if level => {
                    if i + 1 < end && !self.ends(i + 1, block) {
                        scan.head(source, i + 1);
                        self.starts.push(TacticStart { token: i + 1, step: false, first: false, outer_column: block.outer_column });
                    }
                    i + 1
                }
                "calc" if level && calc.is_none() && i + 1 < end && !self.ends(i + 1, block) && i == scan.head => {
                    calc = Some((self.open(StepKind::Calc, i + 1, Some(step)), source.column(i + 1)));
                    i + 1
                }
                _ if level && scan.opens_block(source, i) => self.block(i + 1, end, Some(inner)).max(i + 1),
                "|" if level && scan.alternatives => self.alternative(i, end, block, step),
                _ => i + 1,
            };
        }
        if let Some((line, _)) = calc {
            self.close(line, i);
        }
        self.close(step, i);
        i
    }

    /// Reads `| pattern => tactics` from its `|`; returns the first token after it.
    fn alternative(&mut self, start: usize, end: usize, block: Block, parent: usize) -> usize {
        let source = self.source;
        let step = self.open(StepKind::Alternative, start, Some(parent));
        let mut i = start + 1;
        let pattern = |k: &usize| !self.ends(*k, block) && !source.is(*k, ";");
        let arrow = |k: &usize| self.depths[*k] == block.bracket_depth && source.is(*k, "=>");
        if source.is_any(self.heads[parent], &["first", "solve"]) {
            // The tactics follow the bar at once.
            i = self.block(i, end, Some(step)).max(i);
        } else if let Some(arrow) = (i..end).take(MAX_PATTERN).take_while(pattern).find(arrow) {
            i = self.block(arrow + 1, end, Some(step)).max(arrow + 1);
        }
        self.close(step, i);
        i
    }
}

/// What is known of the tactic that is being read.
struct Scan {
    /// Its first token, or the first after the latest `<;>`.
    head: usize,
    /// Whether `|` begins an alternative.
    alternatives: bool,
    /// Whether `|` is part of a pattern.
    patterns: bool,
    /// Commas that belong to binders.
    commas: u32,
}

impl Scan {
    fn new(source: &Source<'_>, start: usize) -> Scan {
        let mut scan = Scan { head: start, alternatives: false, patterns: false, commas: 0 };
        scan.head(source, start);
        scan
    }

    /// A tactic begins at `i`.
    fn head(&mut self, source: &Source<'_>, i: usize) {
        self.head = i;
        self.alternatives = source.is_any(i, &["first", "solve"]);
        self.patterns = source.is_any(i, TAKES_PATTERNS);
    }

    /// Whether a line that begins with token `i` at the block's column still belongs to this tactic.
    fn takes_over(&self, source: &Source<'_>, i: usize) -> bool {
        self.alternatives && source.is(i, "|")
            || source.is_any(i, &["<;>", "then", "else"])
            || matches!(source.bracket(i), Some(Bracket::Close(_)))
    }

    /// Whether the blocks around make token `i` end this tactic.
    fn stops_at(&mut self, source: &Source<'_>, i: usize, block: Block, open_blocks: usize) -> bool {
        match source.word(i) {
            "|" => open_blocks > 1 && !self.alternatives && !self.patterns,
            "else" => block.nesting > 0 && !self.heads(source, "if"),
            "," if self.commas > 0 => {
                self.commas -= 1;
                false
            }
            "," => block.bracket_depth > 0 && !source.is_any(self.head, &["use", "exists", "refine", "rcases", "obtain", "rintro"]),
            word => {
                self.commas += u32::from(COMMA_BINDERS.contains(&word));
                false
            }
        }
    }

    fn heads(&self, source: &Source<'_>, word: &str) -> bool {
        source.is(self.head, word)
    }

    /// Whether a tactic block follows token `i` at once.
    fn opens_block(&mut self, source: &Source<'_>, i: usize) -> bool {
        if i == self.head {
            let bullet = source.is(i, "·") || source.is(i, ".") && !source.touches_previous(i + 1);
            return bullet || source.is(i, "(") || source.is_any(i, TAKES_TACTICS);
        }
        match source.word(i) {
            "=>" => source.is_any(self.head, TAKES_ARROW),
            "in" => source.is_any(self.head, &["open", "set_option"]),
            "then" | "else" => self.heads(source, "if"),
            "with" => {
                self.alternatives |= source.is_any(self.head, TAKES_ALTERNATIVES);
                false
            }
            _ => false,
        }
    }
}

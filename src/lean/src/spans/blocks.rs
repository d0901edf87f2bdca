//! What the layout of a proof says about its tactics: their blocks, and where Lean knows the states around them.

use prove_core::{Position, Span};
use prove_syntax::{Layout, Source, Step, StepKind};

/// Tactics that close their goal or fail, whatever happens in the blocks they hold.
const CLOSERS: &[&str] = &["·", ".", "case", "case'", "next"];
/// Those of them that work on the first goal as it is.
const BULLETS: &[&str] = &["·", "."];
/// Tactics that show the goal they pick as the one before them.
const PICKERS: &[&str] = &["case", "case'", "next"];
/// Tactics whose alternatives close their goals or fail.
const CLOSERS_BY_ALTERNATIVES: &[&str] = &["induction", "cases", "match", "rcases", "fun_induction", "fun_cases"];
/// Tactics whose blocks run any number of times, or on something else than goals.
const OPAQUE: &[&str] = &[
    "first",
    "solve",
    "try",
    "repeat",
    "repeat'",
    "repeat1",
    "repeat1'",
    "iterate",
    "all_goals",
    "any_goals",
    "any_goals'",
    "fail_if_success",
    "conv",
    "conv'",
    "conv_lhs",
    "conv_rhs",
];

/// Where the state before a tactic comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Before {
    /// Lean is asked at this place.
    Place(Position),
    /// The state after this other tactic.
    After(usize),
    /// The first goal before this `·` block.
    Focused(usize),
}

/// Where the state after a tactic comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum After {
    /// Lean is asked at this place.
    Place(Position),
    /// The goals before it, without the one it closes.
    GoalClosed,
    /// None are left.
    NoGoals,
}

impl Before {
    pub(super) fn place(self) -> Option<Position> {
        if let Before::Place(place) = self { Some(place) } else { None }
    }
}

impl After {
    pub(super) fn place(self) -> Option<Position> {
        if let After::Place(place) = self { Some(place) } else { None }
    }
}

/// One tactic. Others are named by their number in the list, in which outer ones and earlier ones come first.
#[derive(Debug)]
pub(super) struct Tactic {
    pub(super) span: Span,
    pub(super) before: Before,
    pub(super) after: After,
    /// The next tactic of the same block.
    pub(super) next: Option<usize>,
    /// The tactic around this one's block.
    pub(super) around: Option<usize>,
    /// The same, if a failure in the block is one of that tactic: otherwise it is caught and reported at the block.
    pub(super) fails_with: Option<usize>,
    /// It is the last of a block that leaves no goal or is reported.
    pub(super) ends_closing_block: bool,
    /// For `case`, the tag of the goal.
    pub(super) tag: Option<String>,
}

/// The tactics of `layout` behind byte `from`. `padded` is the text as Lean gets it, with white space at its end.
pub(super) fn tactics(source: &Source<'_>, layout: &Layout, from: usize, padded: &str) -> Vec<Tactic> {
    let blocks = Blocks::new(source, &layout.steps);
    let steps = &layout.steps;
    let wanted = |i: &usize| steps[*i].kind == StepKind::Tactic && steps[*i].range.start >= from && !blocks.opaque[*i];
    let wanted: Vec<usize> = (0..steps.len()).filter(wanted).collect();
    let number = |step: usize| wanted.binary_search(&step).ok();
    let tactic = |&i: &usize| Tactic {
        span: steps[i].span,
        before: blocks.before(i, number),
        after: blocks.after(i, padded),
        next: blocks.next[i].and_then(number),
        around: blocks.around[i].and_then(number),
        fails_with: blocks.fails_with(i).and_then(number),
        ends_closing_block: blocks.next[i].is_none() && blocks.fails_with(i).is_none(),
        tag: blocks.tag(i),
    };
    wanted.iter().map(tactic).collect()
}

/// The steps of a layout with their relations, all by the step's number.
struct Blocks<'s, 'a> {
    source: &'s Source<'a>,
    steps: &'s [Step],
    /// The next tactic of the same block.
    next: Vec<Option<usize>>,
    /// The one in front of it in the same block.
    previous: Vec<Option<usize>>,
    /// The first of the same block.
    first: Vec<usize>,
    /// The innermost tactic around.
    around: Vec<Option<usize>>,
    /// It lies in a tactic that is one span whatever it holds.
    opaque: Vec<bool>,
}

impl<'s, 'a> Blocks<'s, 'a> {
    fn new(source: &'s Source<'a>, steps: &'s [Step]) -> Self {
        let (none, falsity) = (vec![None; steps.len()], vec![false; steps.len()]);
        let first = (0..steps.len()).collect();
        let mut blocks = Blocks { source, steps, next: none.clone(), previous: none.clone(), first, around: none, opaque: falsity };
        // The latest step in each parent, the outermost ones being in none.
        let mut latest: Vec<Option<usize>> = vec![None; steps.len() + 1];
        for (i, step) in steps.iter().enumerate() {
            let in_parent = &mut latest[step.parent.map_or(0, |parent| parent + 1)];
            let sibling = in_parent.replace(i);
            if let Some(sibling) = sibling.filter(|sibling| blocks.same_block(*sibling, i)) {
                blocks.next[sibling] = Some(i);
                blocks.previous[i] = Some(sibling);
                blocks.first[i] = blocks.first[sibling];
            }
            // Parents come earlier, so theirs is known.
            let around = step.parent.and_then(|p| if steps[p].kind == StepKind::Tactic { Some(p) } else { blocks.around[p] });
            blocks.around[i] = around;
            blocks.opaque[i] = around.is_some_and(|around| blocks.opaque[around] || blocks.is_opaque_for(around, i));
        }
        blocks
    }

    /// Whether two siblings are neighbours in a block: nothing but `;` between.
    fn same_block(&self, a: usize, b: usize) -> bool {
        let (a, b) = (&self.steps[a], &self.steps[b]);
        let tactics = a.kind == StepKind::Tactic && b.kind == StepKind::Tactic;
        tactics && self.words(a.range.end, b.range.start).all(|word| word == ";")
    }

    /// Whether tactic `around` is one span in spite of the step `i` in it.
    fn is_opaque_for(&self, around: usize, i: usize) -> bool {
        let lead = || self.words(self.steps[around].range.start, self.steps[i].range.start);
        lead().next().is_some_and(|head| OPAQUE.contains(&head)) || lead().any(|word| word == "<;>")
    }

    /// The code tokens that begin between two byte offsets.
    fn words(&self, from: usize, to: usize) -> impl Iterator<Item = &'a str> {
        let (code, text) = (self.source.code(), self.source.text());
        code[code.partition_point(|t| t.start < from)..].iter().take_while(move |t| t.start < to).map(move |t| &text[t.range()])
    }

    /// The first word of a step.
    fn head(&self, i: usize) -> &'a str {
        let range = &self.steps[i].range;
        self.words(range.start, range.end).next().unwrap_or("")
    }

    /// The tag that a `case` picks its goal by.
    fn tag(&self, i: usize) -> Option<String> {
        let range = &self.steps[i].range;
        let mut words = self.words(range.start, range.end);
        match (words.next()?, words.next()?) {
            ("case" | "case'", tag) if tag != "_" => Some(tag.to_owned()),
            _ => None,
        }
    }

    /// Whether the block that step `i` stands in follows a `by`.
    fn in_term_block(&self, i: usize) -> bool {
        let code = self.source.code();
        let at = code.partition_point(|t| t.start < self.steps[self.first[i]].range.start);
        at.checked_sub(1).is_some_and(|before| &self.source.text()[code[before].range()] == "by")
    }

    fn fails_with(&self, i: usize) -> Option<usize> {
        let parent = self.steps[i].parent?;
        let around = self.around[i]?;
        let caught = match self.steps[parent].kind {
            _ if self.in_term_block(i) => true,
            StepKind::Tactic => CLOSERS.contains(&self.head(parent)),
            StepKind::Alternative => CLOSERS_BY_ALTERNATIVES.contains(&self.head(around)),
            StepKind::Calc => false,
        };
        (!caught).then_some(around)
    }

    /// `number` gives the tactics' numbers for those of the steps.
    fn before(&self, i: usize, number: impl Fn(usize) -> Option<usize>) -> Before {
        let place = Before::Place(self.steps[i].span.start);
        let parent = self.steps[i].parent.filter(|parent| BULLETS.contains(&self.head(*parent)));
        match (self.previous[i], parent) {
            (Some(previous), _) if PICKERS.contains(&self.head(i)) => number(previous).map_or(place, Before::After),
            (None, Some(bullet)) if !self.in_term_block(i) => number(bullet).map_or(place, Before::Focused),
            _ => place,
        }
    }

    fn after(&self, i: usize, padded: &str) -> After {
        let step = &self.steps[i];
        if let Some(next) = self.next[i].filter(|next| !PICKERS.contains(&self.head(*next))) {
            return After::Place(self.steps[next].span.start);
        }
        if let Some(place) = place_below(padded, self.source, step) {
            return After::Place(place);
        }
        // The tactic in it whose block ends where it ends, if any.
        let nested = (i + 1..self.steps.len())
            .take_while(|k| self.steps[*k].range.start < step.range.end)
            .find(|k| self.steps[*k].kind == StepKind::Tactic && self.steps[*k].range.end == step.range.end && self.around[*k] == Some(i));
        let head = self.head(i);
        match nested {
            Some(nested) if self.in_term_block(nested) && head.chars().count() > 1 => {
                After::Place(Position::new(step.span.start.line, step.span.start.column + 1))
            }
            Some(_) if CLOSERS.contains(&head) || CLOSERS_BY_ALTERNATIVES.contains(&head) => After::GoalClosed,
            _ => After::Place(step.span.end),
        }
    }
}

/// A place in the white space behind a step, on a line below it and in the column where it begins.
fn place_below(padded: &str, source: &Source<'_>, step: &Step) -> Option<Position> {
    let next_code = source.code().partition_point(|t| t.start < step.range.end);
    let end = source.code().get(next_code).map_or(padded.len(), |t| t.start);
    let mut lines = padded.get(step.range.end..end)?.split('\n').zip(0u32..).skip(1).peekable();
    let column = step.span.start.column;
    while let Some((line, below)) = lines.next() {
        let length = line.strip_suffix('\r').unwrap_or(line).chars().count();
        // At the end of the last of these lines the next token begins, except at the end of the file.
        let last = lines.peek().is_none() && end < padded.len();
        if length > column as usize || length == column as usize && !last {
            return Some(Position::new(step.span.end.line + below, column));
        }
    }
    None
}

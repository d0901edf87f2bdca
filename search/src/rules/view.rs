//! A goal prepared for the rules: hypotheses one by one, sorted into data and facts, with fresh names at hand.

use super::FileContext;
use crate::{
    lex::{TokenKind, head, is_accessible, tokens},
    shape::{Shape, conclusion, shape},
};
use prove_core::{Goal, Hypothesis};
use std::{cell::RefCell, collections::BTreeSet};

/// One hypothesis.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item<'a> {
    pub(super) name: &'a str,
    pub(super) kind: &'a str,
}

impl Item<'_> {
    /// As a hypothesis of a goal.
    pub(super) fn hypothesis(&self) -> Hypothesis {
        Hypothesis { names: vec![self.name.to_owned()], kind: self.kind.to_owned(), value: None }
    }
}

/// The main goal as rules see it.
#[derive(Debug)]
pub(super) struct View<'a> {
    pub(super) target: &'a str,
    /// Hypotheses that are values.
    pub(super) data: Vec<Item<'a>>,
    /// Hypotheses that are proofs.
    pub(super) facts: Vec<Item<'a>>,
    /// Names Lean marks as inaccessible, in order.
    pub(super) inaccessible: Vec<&'a str>,
    pub(super) context: &'a FileContext,
    taken: RefCell<BTreeSet<String>>,
}

impl<'a> View<'a> {
    pub(super) fn new(goal: &'a Goal, context: &'a FileContext) -> View<'a> {
        let items = goal.hypotheses.iter().flat_map(|h| h.names.iter().map(|name| Item { name, kind: &h.kind }));
        let all: Vec<Item<'a>> = items.collect();
        let sorts: Vec<&str> = all.iter().filter(|i| is_sort(i.kind)).map(|i| i.name).collect();
        let is_data = |item: &Item<'_>| is_type(item.kind, &sorts, context);
        View {
            target: &goal.target,
            data: all.iter().copied().filter(|i| is_accessible(i.name) && is_data(i)).collect(),
            facts: all.iter().copied().filter(|i| is_accessible(i.name) && !is_data(i)).collect(),
            inaccessible: all.iter().map(|i| i.name).filter(|n| n.contains('✝')).collect(),
            context,
            taken: RefCell::new(all.iter().map(|i| i.name.to_owned()).collect()),
        }
    }

    /// A name like `base` that nothing in the goal has, and that is not handed out again.
    pub(super) fn fresh(&self, base: &str) -> String {
        let base = base.split(['✝', '.']).next().filter(|b| is_accessible(b) && *b != "_").unwrap_or("x");
        let mut taken = self.taken.borrow_mut();
        let name = std::iter::once(base.to_owned()).chain((1..).map(|i| format!("{base}{i}"))).find(|n| !taken.contains(n));
        let name = name.unwrap_or_default();
        taken.insert(name.clone());
        name
    }

    /// Facts of a shape.
    pub(super) fn shaped_facts(&self) -> impl Iterator<Item = (Item<'a>, Shape<'a>)> {
        self.facts.iter().map(|item| (*item, shape(item.kind)))
    }

    /// Whether a name occurs in the target.
    pub(super) fn in_target(&self, name: &str) -> bool {
        mentions(self.target, name)
    }

    /// Definitions of the file that the goal mentions.
    pub(super) fn definitions(&self) -> Vec<&'a str> {
        let texts = || std::iter::once(self.target).chain(self.facts.iter().map(|f| f.kind));
        // `t.size` speaks of `Tree.size`.
        let mentioned = |name: &&String| {
            let own = last(name);
            texts().any(|text| tokens(text).iter().any(|t| t.text.split('.').any(|part| part == own)))
        };
        self.context.definitions.iter().filter(mentioned).map(String::as_str).collect()
    }

    /// Theorems of the file whose names speak of its definitions, those first that the goal mentions: these may be made of the others.
    pub(super) fn lemmas(&self) -> Vec<&'a str> {
        const MOST: usize = 8;
        let mentioned = self.definitions();
        let speaks = |name: &str, of: &str| last(name).split('_').any(|part| last(of) == part);
        let rank = |name: &&'a str| match mentioned.iter().any(|definition| speaks(name, definition)) {
            true => Some(0),
            false => self.context.definitions.iter().any(|definition| speaks(name, definition)).then_some(1),
        };
        let theorems = self.context.theorems.iter().map(String::as_str).filter(|_| !mentioned.is_empty());
        let mut ranked: Vec<(i32, &str)> = theorems.filter_map(|name| Some((rank(&name)?, name))).collect();
        ranked.sort_unstable();
        ranked.into_iter().map(|(_, name)| name).take(MOST).collect()
    }
}

/// A name without the names before the last dot.
fn last(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// Whether `name` occurs in `text` as a whole name or as the head of one.
pub(super) fn mentions(text: &str, name: &str) -> bool {
    tokens(text).iter().any(|t| t.kind == TokenKind::Name && head(t.text) == name)
}

fn is_sort(kind: &str) -> bool {
    matches!(tokens(kind).first().map(|t| t.text), Some("Type" | "Sort" | "Prop"))
}

/// Whether a printed type is one of values: its conclusion starts with a type constructor, a type variable or a universe.
fn is_type(kind: &str, sorts: &[&str], context: &FileContext) -> bool {
    let end = conclusion(kind);
    if !matches!(shape(end), Shape::Other(_)) {
        return false;
    }
    let Some(first) = tokens(end).into_iter().find(|t| t.kind == TokenKind::Name) else { return end.contains('×') };
    const TYPES: &[&str] = &[
        "Nat",
        "Int",
        "Rat",
        "Bool",
        "List",
        "Array",
        "Option",
        "String",
        "Char",
        "Fin",
        "Unit",
        "Prod",
        "Sum",
        "Type",
        "Sort",
        "Prop",
        "Float",
        "UInt8",
        "UInt16",
        "UInt32",
        "UInt64",
        "BitVec",
        "Vector",
        "Except",
        "Subtype",
        "Decidable",
        "ℕ",
        "ℤ",
        "ℚ",
        "α",
        "β",
        "γ",
    ];
    TYPES.contains(&first.text)
        || sorts.contains(&first.text)
        || context.types.contains(first.text)
        || first.text.starts_with("inst")
        || ["DecidableEq", "BEq", "LawfulBEq", "Inhabited", "Ord", "Hashable"].contains(&first.text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use prove_core::Hypothesis;

    #[test]
    fn values_and_facts_are_told_apart() {
        let hypothesis = |names: &[&str], kind: &str| Hypothesis {
            names: names.iter().map(|n| (*n).to_owned()).collect(),
            kind: kind.to_owned(),
            value: None,
        };
        let goal = Goal {
            case: None,
            hypotheses: vec![
                hypothesis(&["τ"], "Type u"),
                hypothesis(&["u"], "Nat → Int"),
                hypothesis(&["x", "y✝"], "τ"),
                hypothesis(&["h₀"], "∀ n, u n = 0"),
                hypothesis(&["h₁"], "Even x"),
            ],
            target: "u 3 = 0".to_owned(),
        };
        let context = FileContext::default();
        let view = View::new(&goal, &context);
        assert_eq!(view.data.iter().map(|i| i.name).collect::<Vec<_>>(), ["τ", "u", "x"]);
        assert_eq!(view.facts.iter().map(|i| i.name).collect::<Vec<_>>(), ["h₀", "h₁"]);
        assert_eq!(view.inaccessible, ["y✝"]);
        assert_eq!((view.fresh("x"), view.fresh("x"), view.fresh("y✝")), ("x1".to_owned(), "x2".to_owned(), "y".to_owned()));
    }
}

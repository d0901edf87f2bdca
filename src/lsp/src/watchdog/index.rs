//! What a worker tells of the names in its document: where each is declared and where it is used.
//!
//! Lean's watchdog keeps the same, and of files that are not open what the compiler wrote (`.ilean`). Here are the open documents only: the
//! embedded Lean has no project. All places are Lean's own, the preamble's columns included.

use crate::text::Position;
use lsp_types::Range;
use serde::Deserialize;
use serde_json::Value;
use std::collections::HashMap;

/// The names of one document.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// The version of the document that it is of.
    pub(super) version: i64,
    /// Whether Lean has come to the document's end.
    pub(super) whole: bool,
    /// By the names' identities, as Lean writes them: constants by module and name, variables by document and number.
    names: HashMap<String, Places>,
    /// The declared constants, and where their names are.
    declared: HashMap<String, Range>,
}

/// Where a name is.
#[derive(Debug, Default)]
pub(super) struct Places {
    pub(super) definition: Option<Range>,
    pub(super) usages: Vec<Range>,
}

#[derive(Deserialize)]
struct Told {
    version: i64,
    #[serde(default)]
    references: HashMap<String, ToldPlaces>,
    #[serde(default)]
    decls: HashMap<String, Vec<u32>>,
}

/// A place is four numbers, and perhaps the declaration that it is in.
#[derive(Deserialize)]
struct ToldPlaces {
    definition: Option<Vec<Value>>,
    usages: Vec<Vec<Value>>,
}

impl Index {
    /// Takes in a message about names: a piece of what there is (`$/lean/ileanInfoUpdate`), or all of it (`$/lean/ileanInfoFinal`).
    pub(super) fn take(&mut self, method: &str, params: &str) {
        let whole = method == "$/lean/ileanInfoFinal";
        if !whole && method != "$/lean/ileanInfoUpdate" {
            return;
        }
        let Ok(Told { version, references, decls }) = serde_json::from_str(params) else { return };
        if version < self.version {
            return;
        }
        if whole || version > self.version {
            *self = Index { version, whole, ..Index::default() };
        }
        for (name, told) in references {
            let places = self.names.entry(name).or_default();
            places.definition = told.definition.as_deref().and_then(range).or(places.definition);
            for usage in told.usages.iter().filter_map(|usage| range(usage)) {
                if !places.usages.contains(&usage) {
                    places.usages.push(usage);
                }
            }
        }
        // The declaration's range, and then its name's.
        let names = decls.into_iter().filter_map(|(name, numbers)| Some((name, spanned(numbers.get(4..8)?)?)));
        self.declared.extend(names);
    }

    /// The names at a place, and their range there.
    pub(super) fn at(&self, place: Position) -> impl Iterator<Item = (&str, Range)> {
        self.names.iter().filter_map(move |(name, places)| {
            let mut ranges = places.definition.iter().chain(&places.usages);
            ranges.find(|range| range.start <= place && place <= range.end).map(|range| (name.as_str(), *range))
        })
    }

    /// Where a name is in this document.
    pub(super) fn places(&self, name: &str) -> Option<&Places> {
        self.names.get(name)
    }

    /// The declared constants by the names that people give them.
    pub(super) fn declared(&self) -> impl Iterator<Item = (&str, Range)> {
        self.declared.iter().map(|(name, range)| {
            // `_private.Module.0.name`
            let name = if name.starts_with("_private.") { name.split_once(".0.").map_or(&**name, |(_, rest)| rest) } else { name };
            (name, *range)
        })
    }
}

fn range(place: &[Value]) -> Option<Range> {
    let numbers: Vec<u32> = place.iter().take(4).filter_map(|number| number.as_u64()?.try_into().ok()).collect();
    spanned(&numbers)
}

fn spanned(numbers: &[u32]) -> Option<Range> {
    let [line0, unit0, line1, unit1] = *numbers else { return None };
    Some(Range { start: Position::new(line0, unit0), end: Position::new(line1, unit1) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn told(version: i64, references: &Value) -> String {
        json!({"version": version, "references": references, "decls": {"a": [0, 0, 1, 3, 0, 4, 0, 5], "odd": [1]}}).to_string()
    }

    #[test]
    fn pieces_add_up_and_a_new_version_begins_anew() {
        let mut index = Index::default();
        index.take("$/lean/ileanInfoUpdate", &told(1, &json!({"a": {"definition": [0, 4, 0, 5, "a"], "usages": []}})));
        index.take(
            "$/lean/ileanInfoUpdate",
            &told(1, &json!({"a": {"definition": null, "usages": [[1, 0, 1, 1], [1, 0, 1, 1, "b"], [7]]}})),
        );
        let places = index.places("a").expect("told");
        assert_eq!((places.definition.is_some(), places.usages.len(), index.whole), (true, 1, false));
        let names = |index: &Index, line, unit| index.at(Position::new(line, unit)).map(|(name, _)| name.to_owned()).collect::<Vec<_>>();
        assert_eq!((names(&index, 1, 1), names(&index, 0, 5), names(&index, 0, 6)), (vec!["a".to_owned()], vec!["a".to_owned()], vec![]));
        assert_eq!(index.declared().map(|(name, range)| (name, range.start.character)).collect::<Vec<_>>(), [("a", 4)]);
        index.take("$/lean/ileanInfoFinal", &told(2, &json!({})));
        assert!(index.whole && index.places("a").is_none());
        index.take("$/lean/ileanInfoUpdate", &told(1, &json!({"a": {"definition": null, "usages": []}})));
        assert!(index.whole && index.places("a").is_none(), "what is said late does not count");
        for nonsense in ["", "[]", "{}", r#"{"version": 3, "references": {"a": {"usages": [["x"]]}}}"#] {
            index.take("$/lean/ileanInfoUpdate", nonsense);
        }
    }
}

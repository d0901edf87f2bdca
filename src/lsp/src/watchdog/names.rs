//! What is asked about names across the open documents: references, symbols, and new names.

use super::{Held, Watchdog};
use crate::{
    envelope::{code, refusal, response},
    text::{Position, offset_at},
};
use lsp_types::Range;
use prove_syntax::{Source, TokenKind};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Most symbols that one question is answered with.
const MOST_SYMBOLS: usize = 100;
/// The protocol's kind of symbol for constants.
const CONSTANT: u32 = 14;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct At {
    text_document: Document,
    position: Position,
    #[serde(default)]
    context: Context,
    new_name: Option<String>,
}

#[derive(Deserialize)]
struct Document {
    uri: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Context {
    include_declaration: bool,
}

/// A place of an open document, as the editor sees it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Found {
    uri: String,
    start: (u32, u32),
    end: (u32, u32),
    is_definition: bool,
}

impl Found {
    fn range(&self) -> Range {
        Range { start: Position::new(self.start.0, self.start.1), end: Position::new(self.end.0, self.end.1) }
    }
}

impl Watchdog {
    /// Answers a request about names.
    pub(super) fn about_names(&self, id: &str, method: &str, params: Value) -> Vec<u8> {
        if method == "workspace/symbol" {
            return response(id, self.symbols(params["query"].as_str().unwrap_or("")));
        }
        let Ok(at) = serde_json::from_value::<At>(params) else {
            return refusal(id, code::INVALID_PARAMS, "a document and a position are needed");
        };
        let answer = match (method, &at.new_name) {
            ("textDocument/references", _) => {
                let found = self.found(&at).into_iter().filter(|found| at.context.include_declaration || !found.is_definition);
                Ok(found.map(|found| json!({"uri": found.uri, "range": found.range()})).collect())
            }
            ("textDocument/rename", Some(name)) => self.rename(&at, name),
            _ => self.renamed(&at).map(|(range, ..)| json!(range)),
        };
        answer.map_or_else(|why| refusal(id, code::INVALID_PARAMS, &why), |answer| response(id, answer))
    }

    /// The declarations whose names have the characters of `query` in their order.
    fn symbols(&self, query: &str) -> Value {
        let fits = |name: &str| {
            let mut rest = name.chars().flat_map(char::to_lowercase);
            query.chars().flat_map(char::to_lowercase).all(|wanted| rest.any(|c| c == wanted))
        };
        let mut all: Vec<(&str, &str, Range)> = Vec::new();
        for (uri, held) in &self.held {
            all.extend(held.index.declared().filter(|(name, _)| fits(name)).map(|(name, range)| (name, &**uri, held.seen(range))));
        }
        // The shortest are the nearest to what was typed.
        all.sort_by_key(|(name, uri, range)| (name.len(), *name, *uri, range.start));
        all.into_iter()
            .take(MOST_SYMBOLS)
            .map(|(name, uri, range)| json!({"name": name, "kind": CONSTANT, "location": {"uri": uri, "range": range}}))
            .collect()
    }

    /// All places of the names at a place.
    fn found(&self, at: &At) -> BTreeSet<Found> {
        let Some(here) = self.held.get(&at.text_document.uri) else { return BTreeSet::new() };
        let names: Vec<&str> = here.index.at(here.meant(at.position)).map(|(name, _)| name).collect();
        let mut all = BTreeSet::new();
        for (uri, held) in &self.held {
            for places in names.iter().filter_map(|name| held.index.places(name)) {
                let definition = places.definition.iter().map(|range| (range, true));
                for (range, is_definition) in definition.chain(places.usages.iter().map(|range| (range, false))) {
                    let Range { start, end } = held.seen(*range);
                    let (start, end) = ((start.line, start.character), (end.line, end.character));
                    all.insert(Found { uri: uri.clone(), start, end, is_definition });
                }
            }
        }
        all
    }

    /// What of the text at a place would get a new name: its range, what stands there, and all places of the name.
    fn renamed(&self, at: &At) -> Result<(Range, String, BTreeSet<Found>), String> {
        let found = self.found(at);
        let place = (at.position.line, at.position.character);
        let uri = &at.text_document.uri;
        let here =
            found.iter().find(|found| found.uri == *uri && found.start <= place && place <= found.end).ok_or("there is no name here")?;
        for uri in found.iter().map(|found| &found.uri) {
            if !self.held.get(uri).is_some_and(|held| held.index.whole && Some(held.index.version) == self.version(uri)) {
                return Err(format!("Lean has not come to the end of {uri} as it is now; try again"));
            }
        }
        let definition = found.iter().find(|found| found.is_definition).ok_or("it is declared in no document that is open")?;
        let old = last_component(self.text(definition)).to_owned();
        let range = self.component(here, &old)?;
        Ok((range, old, found))
    }

    /// The edit that gives a name another one.
    fn rename(&self, at: &At, new: &str) -> Result<Value, String> {
        let (_, old, found) = self.renamed(at)?;
        let source = Source::new(new);
        if !matches!(source.code(), [token] if token.kind == TokenKind::Ident && token.range() == (0..new.len()) && last_component(new) == new)
        {
            return Err(format!("{new:?} is no name, or one with dots"));
        }
        let mut edits = BTreeMap::<&str, Vec<Value>>::new();
        let mut made = BTreeSet::new();
        for place in &found {
            let range = self.component(place, &old)?;
            if made.insert((&place.uri, place.start, place.end)) {
                edits.entry(&place.uri).or_default().push(json!({"range": range, "newText": new}));
            }
        }
        if self.initialize["capabilities"]["workspace"]["workspaceEdit"]["documentChanges"] != true {
            return Ok(json!({"changes": edits}));
        }
        let changes =
            edits.into_iter().map(|(uri, edits)| json!({"textDocument": {"uri": uri, "version": self.version(uri)}, "edits": edits}));
        Ok(json!({"documentChanges": changes.collect::<Vec<_>>()}))
    }

    /// The version that the editor has of an open document.
    fn version(&self, uri: &str) -> Option<i64> {
        self.documents.get(uri).map(|document| document.version)
    }

    /// The part of a place that is the name's last component, without the namespaces before it.
    fn component(&self, place: &Found, old: &str) -> Result<Range, String> {
        let text = self.text(place);
        if last_component(text) != old {
            return Err(format!("{text:?} in line {} of {} is this name, but does not end in {old:?}", place.start.0 + 1, place.uri));
        }
        let Range { start, end } = place.range();
        let units = old.encode_utf16().count() as u32;
        Ok(Range { start: if text == old { start } else { Position::new(end.line, end.character.saturating_sub(units)) }, end })
    }

    fn text(&self, place: &Found) -> &str {
        let text = self.documents.get(&place.uri).map_or("", |document| &document.text);
        let Range { start, end } = place.range();
        text.get(offset_at(text, start)..offset_at(text, end)).unwrap_or("")
    }
}

impl Held {
    /// A range of Lean's as the editor sees it.
    fn seen(&self, range: Range) -> Range {
        self.shift.map_or(range, |shift| Range { start: shift.position_to_editor(range.start), end: shift.position_to_editor(range.end) })
    }

    /// A place of the editor's as Lean sees it.
    fn meant(&self, place: Position) -> Position {
        self.shift.map_or(place, |shift| shift.position_to_lean(place))
    }
}

/// `c` of `a.b.c`, and `«c.d»` of `a.«c.d»`.
fn last_component(name: &str) -> &str {
    let at = match name.ends_with('»') {
        true => name.rfind('«'),
        false => name.rfind('.').map(|dot| dot + 1),
    };
    &name[at.unwrap_or(0)..]
}

//! The preamble taken out of what Lean says of a text.
//!
//! The preamble stands on a line that is there already. If the file has code behind it on that line, that code stands further right for
//! Lean than for the editor, by as many columns as the preamble has.

use crate::text::{Position, position_at};
use serde_json::{Value, json};

/// How the code of one line is moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shift {
    line: u64,
    /// The preamble's first column, and how many it has, in UTF-16 units.
    column: u64,
    units: u64,
}

impl Shift {
    /// For a text whose preamble begins at byte `at` of `lean`. `None` if no code is moved.
    pub(super) fn new(text: &str, at: usize, lean: &str) -> Option<Shift> {
        let rest = text[at..].split('\n').next().unwrap_or("");
        if rest.trim().is_empty() {
            return None;
        }
        let (start, end) = (position_at(lean, at), position_at(lean, at + lean.len() - text.len()));
        let units = u64::from(end.character - start.character);
        (units > 0).then_some(Shift { line: start.line.into(), column: start.character.into(), units })
    }

    /// A position as Lean sees it.
    pub(super) fn position_to_lean(self, at: Position) -> Position {
        let moved = u64::from(at.line) == self.line && u64::from(at.character) >= self.column;
        Position::new(at.line, if moved { at.character + self.units as u32 } else { at.character })
    }

    /// A position as the editor sees it.
    pub(super) fn position_to_editor(self, at: Position) -> Position {
        let on_line = u64::from(at.line) == self.line;
        Position::new(at.line, if on_line { self.back(at.character.into()) as u32 } else { at.character })
    }

    /// Moves all positions of a message to where Lean sees them.
    pub(super) fn to_lean(self, value: &mut Value) {
        self.positions(value, &|character| if character >= self.column { character + self.units } else { character });
    }

    /// Moves all positions of a message to where the editor sees them. `method` is that of the request which it answers, if any.
    pub(super) fn to_editor(self, method: &str, message: &mut Value) {
        self.positions(message, &|character| self.back(character));
        let Some(result) = message.get_mut("result") else { return };
        match method {
            "textDocument/semanticTokens/full" | "textDocument/semanticTokens/range" => {
                if let Some(data) = result["data"].as_array() {
                    result["data"] = json!(self.tokens(&data.iter().filter_map(Value::as_u64).collect::<Vec<_>>()));
                }
            }
            // The preamble opens a section, which would hold everything.
            "textDocument/documentSymbol" => {
                if let Some(symbols) = result.as_array_mut()
                    && let Some(section) =
                        symbols.iter().position(|symbol| self.is_whole(&symbol["selectionRange"]) || self.is_whole(&symbol["range"]))
                    && let Some(children) = symbols[section]["children"].as_array().cloned()
                {
                    symbols.splice(section..=section, children);
                }
            }
            _ => {}
        }
    }

    fn back(self, character: u64) -> u64 {
        if character >= self.column + self.units { character - self.units } else { character.min(self.column) }
    }

    /// Whether a range begins where the preamble did.
    fn is_whole(self, range: &Value) -> bool {
        range["start"]["line"] == self.line && range["start"]["character"] == self.column && range["end"]["line"] != self.line
    }

    fn positions(self, value: &mut Value, moved: &impl Fn(u64) -> u64) {
        match value {
            Value::Array(values) => values.iter_mut().for_each(|value| self.positions(value, moved)),
            Value::Object(fields) => match (fields.get("line").and_then(Value::as_u64), fields.get("character").and_then(Value::as_u64)) {
                (Some(line), Some(character)) if line == self.line => drop(fields.insert("character".to_owned(), json!(moved(character)))),
                _ => fields.values_mut().for_each(|value| self.positions(value, moved)),
            },
            _ => {}
        }
    }

    /// Semantic tokens, five numbers each, the first two of which count from the token before.
    fn tokens(self, data: &[u64]) -> Vec<u64> {
        let (mut line, mut start) = (0, 0);
        let (mut last_line, mut last_start) = (0, 0);
        let mut out = Vec::with_capacity(data.len());
        for token in data.chunks_exact(5) {
            (line, start) = if token[0] == 0 { (line, start + token[1]) } else { (line + token[0], token[1]) };
            let own = line != self.line || start < self.column || start >= self.column + self.units;
            if !own {
                continue;
            }
            let here = if line == self.line { self.back(start) } else { start };
            let from = if line == last_line { here - last_start } else { here };
            out.extend([line - last_line, from, token[2], token[3], token[4]]);
            (last_line, last_start) = (line, here);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIFT: Shift = Shift { line: 0, column: 0, units: 10 };

    #[test]
    fn only_code_behind_the_preamble_is_moved() {
        assert_eq!(Shift::new("theorem 𝔸", 0, " preamble theorem 𝔸"), Some(SHIFT));
        assert_eq!(Shift::new("\ntheorem", 0, " preamble \ntheorem"), None);
        assert_eq!(Shift::new("import A\r\ntheorem", 8, "import A preamble \r\ntheorem"), None);
        assert_eq!(Shift::new("theorem", 0, "theorem"), None);
    }

    #[test]
    fn positions_go_there_and_back() {
        let at = |character: u64| json!({"range": {"start": {"line": 0, "character": character}, "end": {"line": 1, "character": 3}}});
        let mut message = at(4);
        SHIFT.to_lean(&mut message);
        assert_eq!(message, at(14));
        SHIFT.to_editor("", &mut message);
        assert_eq!(message["range"], at(4)["range"]);
        let mut inside = at(7);
        SHIFT.to_editor("", &mut inside);
        assert_eq!(inside["range"], at(0)["range"], "what is said of the preamble is said of its place");
    }

    #[test]
    fn tokens_of_the_preamble_are_left_out() {
        let mut message = json!({"result": {"data": [0, 1, 8, 0, 0, 0, 9, 7, 0, 0, 0, 8, 1, 3, 0, 1, 2, 5, 0, 0]}});
        SHIFT.to_editor("textDocument/semanticTokens/full", &mut message);
        assert_eq!(message["result"]["data"], json!([0, 0, 7, 0, 0, 0, 8, 1, 3, 0, 1, 2, 5, 0, 0]));
    }
}

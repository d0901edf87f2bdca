//! Between the protocol's positions (UTF-16 code units) and ours (code points).
//!
//! Lines end at `\n` for both sides. Lean turns `\r\n` into `\n` when it reads a document, which changes no line and no column before
//! the line end.

use lsp_types as lsp;
use prove_core::{Position, Span};

/// The lines of one text.
#[derive(Debug)]
pub struct LineIndex<'a> {
    lines: Vec<&'a str>,
}

impl<'a> LineIndex<'a> {
    /// An index over `text`.
    pub fn new(text: &'a str) -> Self {
        LineIndex { lines: text.split('\n').collect() }
    }

    /// Our position of the protocol's. A column past the end of its line, or inside a character, counts as the nearest place before
    /// it, a line past the end of the text as the end of the text.
    pub fn to_position(&self, position: lsp::Position) -> Position {
        let Some(line) = self.lines.get(position.line as usize) else { return self.end() };
        let mut units = 0;
        let column = line.chars().take_while(|c| {
            units += c.len_utf16() as u64;
            units <= u64::from(position.character)
        });
        Position::new(position.line, column.count() as u32)
    }

    /// Our span of the protocol's range.
    pub fn to_span(&self, range: lsp::Range) -> Span {
        Span { start: self.to_position(range.start), end: self.to_position(range.end) }
    }

    /// The protocol's position of ours, with the same rules for places outside the text.
    pub fn to_lsp(&self, position: Position) -> lsp::Position {
        let position = if position.line as usize >= self.lines.len() { self.end() } else { position };
        let line = self.lines[position.line as usize];
        let units: usize = line.chars().take(position.column as usize).map(char::len_utf16).sum();
        lsp::Position::new(position.line, units as u32)
    }

    /// The end of the text.
    fn end(&self) -> Position {
        let last = self.lines.last().map_or(0, |line| line.chars().count());
        Position::new(self.lines.len().saturating_sub(1) as u32, last as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TEXT: &str = "ℕ ⟨𝔸𝔹⟩ x\r\ny\u{0301} 𝔸\n";

    #[test]
    fn columns_count_code_points_on_our_side_and_utf16_units_on_the_other() {
        let index = LineIndex::new(TEXT);
        for (line, column, units) in
            [(0, 0, 0), (0, 3, 3), (0, 4, 5), (0, 5, 7), (0, 6, 8), (0, 8, 10), (1, 2, 2), (1, 3, 3), (1, 4, 5), (2, 0, 0)]
        {
            assert_eq!(index.to_lsp(Position::new(line, column)), lsp::Position::new(line, units));
            assert_eq!(index.to_position(lsp::Position::new(line, units)), Position::new(line, column));
        }
    }

    #[test]
    fn places_outside_the_text_are_clamped() {
        let index = LineIndex::new(TEXT);
        assert_eq!(index.to_position(lsp::Position::new(0, 4)), Position::new(0, 3), "inside a surrogate pair");
        assert_eq!(index.to_position(lsp::Position::new(1, u32::MAX)), Position::new(1, 4));
        assert_eq!(index.to_position(lsp::Position::new(u32::MAX, 7)), Position::new(2, 0));
        assert_eq!(index.to_lsp(Position::new(u32::MAX, u32::MAX)), lsp::Position::new(2, 0));
        assert_eq!(LineIndex::new("").to_lsp(Position::new(0, 3)), lsp::Position::new(0, 0));
    }

    proptest! {
        #[test]
        fn positions_of_a_text_survive_the_way_there_and_back(text in "[a𝔸ℕ\u{301}\r\n⟩]{0,60}") {
            let index = LineIndex::new(&text);
            for (offset, _) in text.char_indices() {
                let position = Position::of_byte(&text, offset);
                prop_assert_eq!(index.to_position(index.to_lsp(position)), position);
            }
        }
    }
}

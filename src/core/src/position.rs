//! Places in a text. Lines are 0-based and columns count Unicode code points (Lean's own unit), not UTF-16 units and not bytes.

use serde::{Deserialize, Serialize};

/// A place between two characters: 0-based line, 0-based column in code points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Position {
    /// 0-based line.
    pub line: u32,
    /// 0-based column in code points.
    pub column: u32,
}

impl Position {
    /// The start of a text.
    pub const START: Position = Position { line: 0, column: 0 };

    /// A position from a 0-based line and a 0-based code-point column.
    pub const fn new(line: u32, column: u32) -> Position {
        Position { line, column }
    }

    /// The byte offset of this position in `text`, or `None` where the text has no such line or column.
    pub fn byte_offset(self, text: &str) -> Option<usize> {
        let mut start = 0;
        for _ in 0..self.line {
            start += text[start..].find('\n')? + 1;
        }
        let line = text[start..].split('\n').next().unwrap_or("");
        let mut chars = line.char_indices();
        for _ in 0..self.column {
            chars.next()?;
        }
        Some(start + chars.offset())
    }

    /// The position of a byte offset; an offset inside a character or past the end counts as the nearest place before it.
    pub fn of_byte(text: &str, offset: usize) -> Position {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = &text[..offset];
        let line = before.matches('\n').count() as u32;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() as u32;
        Position { line, column }
    }
}

/// A half-open range of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// First position inside.
    pub start: Position,
    /// First position after.
    pub end: Position,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_and_positions_invert_each_other_over_lean_unicode() {
        let text = "ℕ ⟨𝔸⟩\nx\u{0301} := a\r\n";
        for (offset, _) in text.char_indices() {
            let position = Position::of_byte(text, offset);
            assert_eq!(position.byte_offset(text), Some(offset), "{position:?}");
        }
        assert_eq!(Position::of_byte(text, text.find('⟩').unwrap()), Position::new(0, 4));
        assert_eq!(Position::new(0, 9).byte_offset(text), None);
        assert_eq!(Position::new(9, 0).byte_offset(text), None);
    }
}

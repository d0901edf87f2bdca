//! Texts under the protocol's positions: lines that end at `\n`, and UTF-16 code units.

pub use lsp_types::Position;
use lsp_types::Range;

/// The byte of a position. A place past the end of its line counts as the end of the line, one past the last line as the end of the
/// text, one inside a character as the place before it.
pub fn offset_at(text: &str, position: Position) -> usize {
    let start = match position.line.checked_sub(1) {
        None => 0,
        Some(before) => match text.match_indices('\n').nth(before as usize) {
            Some((at, _)) => at + 1,
            None => return text.len(),
        },
    };
    start + inside_line(&text[start..], position.character)
}

/// The byte of a column in the first line of `text`.
fn inside_line(text: &str, character: u32) -> usize {
    let line = text.split('\n').next().unwrap_or("");
    let line = line.strip_suffix('\r').unwrap_or(line);
    let mut units = 0;
    let inside = line.chars().take_while(|c| {
        units += c.len_utf16();
        units <= character as usize
    });
    inside.map(char::len_utf8).sum()
}

/// Where the lines of a text begin, for a text that changes often: looking for them in all of it would cost more than everything else that is
/// done for an edit.
#[derive(Debug)]
pub(crate) struct Lines(Vec<usize>);

impl Lines {
    pub(crate) fn new(text: &str) -> Lines {
        Lines(std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect())
    }

    /// The bytes of a range of `text`, whose lines these are.
    pub(crate) fn bytes_of(&self, text: &str, range: Range) -> std::ops::Range<usize> {
        let offset = |position: Position| match self.0.get(position.line as usize) {
            Some(start) => start + inside_line(&text[*start..], position.character),
            None => text.len(),
        };
        let start = offset(range.start);
        start..offset(range.end).max(start)
    }

    /// These bytes of the text have become `new`.
    pub(crate) fn replaced(&mut self, range: std::ops::Range<usize>, new: &str) {
        let first = self.0.partition_point(|start| *start <= range.start);
        let last = self.0.partition_point(|start| *start <= range.end);
        for start in &mut self.0[last..] {
            *start = *start - range.len() + new.len();
        }
        self.0.splice(first..last, new.match_indices('\n').map(|(at, _)| range.start + at + 1));
    }
}

/// The position of a byte; one inside a character or past the end counts as the nearest place before it.
pub fn position_at(text: &str, offset: usize) -> Position {
    let before = &text[..text.floor_char_boundary(offset)];
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = before[..start].matches('\n').count();
    let units: usize = before[start..].chars().map(char::len_utf16).sum();
    Position::new(line as u32, units as u32)
}

/// The bytes of a range; an inverted one is empty.
pub(crate) fn bytes_of(text: &str, range: Range) -> std::ops::Range<usize> {
    let start = offset_at(text, range.start);
    start..offset_at(text, range.end).max(start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TEXT: &str = "ℕ ⟨𝔸𝔹⟩ x\r\ny\u{0301} 𝔸\n";

    #[test]
    fn positions_count_utf16_units() {
        for (line, units, byte) in
            [(0, 0, 0), (0, 3, 7), (0, 5, 11), (0, 7, 15), (0, 10, 20), (1, 2, 25), (1, 3, 26), (1, 5, 30), (2, 0, 31)]
        {
            assert_eq!(offset_at(TEXT, Position::new(line, units)), byte, "{line}:{units}");
            assert_eq!(position_at(TEXT, byte), Position::new(line, units), "{byte}");
        }
    }

    #[test]
    fn places_outside_the_text_are_clamped() {
        assert_eq!(offset_at(TEXT, Position::new(0, 4)), 7, "inside a surrogate pair");
        assert_eq!(offset_at(TEXT, Position::new(0, 99)), 20, "before the line end, which has two characters");
        assert_eq!(offset_at(TEXT, Position::new(9, 0)), TEXT.len());
        assert_eq!(offset_at("", Position::new(0, 3)), 0);
        assert_eq!(position_at(TEXT, 999), Position::new(2, 0));
        assert_eq!(position_at(TEXT, 1), Position::new(0, 0));
    }

    proptest! {
        #[test]
        fn lines_follow_edits(text in "[a𝔸\r\n]{0,40}", edits in prop::collection::vec((0..60usize, 0..20usize, "[a𝔸\n]{0,5}"), 0..8)) {
            let mut text = text;
            let mut lines = Lines::new(&text);
            for (start, length, new) in edits {
                let start = text.floor_char_boundary(start);
                let range = start..text.floor_char_boundary(start + length).max(start);
                let lsp = Range { start: position_at(&text, range.start), end: position_at(&text, range.end) };
                prop_assert_eq!(lines.bytes_of(&text, lsp), bytes_of(&text, lsp));
                text.replace_range(range.clone(), &new);
                lines.replaced(range, &new);
                prop_assert_eq!(&lines.0, &Lines::new(&text).0);
            }
        }

        #[test]
        fn positions_survive_the_way_there_and_back(text in "[a𝔸ℕ\u{301}\n⟩]{0,60}") {
            for (offset, _) in text.char_indices() {
                prop_assert_eq!(offset_at(&text, position_at(&text, offset)), offset);
            }
        }
    }
}

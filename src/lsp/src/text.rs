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
    let line = text[start..].split('\n').next().unwrap_or("");
    let line = line.strip_suffix('\r').unwrap_or(line);
    let mut units = 0;
    let inside = line.chars().take_while(|c| {
        units += c.len_utf16();
        units <= position.character as usize
    });
    start + inside.map(char::len_utf8).sum::<usize>()
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
        fn positions_survive_the_way_there_and_back(text in "[a𝔸ℕ\u{301}\n⟩]{0,60}") {
            for (offset, _) in text.char_indices() {
                prop_assert_eq!(offset_at(&text, position_at(&text, offset)), offset);
            }
        }
    }
}

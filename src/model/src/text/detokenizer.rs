//! Putting text together from tokens as they come.

use super::Tokenizer;

/// Turns the tokens of one generation into text, piece by piece.
///
/// A token may end inside a character; its bytes are held back until the character is complete, so every piece is valid text and the
/// pieces together are the text of all bytes. Bytes that can never become a character are rendered as U+FFFD, one for each maximal
/// part of a character, as [`String::from_utf8_lossy`] does; what is still held back at the end of a generation is rendered so too.
/// Special tokens, such as the end of the text, have no text.
#[derive(Clone, Debug)]
pub struct Detokenizer<'a> {
    tokenizer: &'a Tokenizer,
    held: Utf8Assembler,
}

impl<'a> Detokenizer<'a> {
    pub(super) fn new(tokenizer: &'a Tokenizer) -> Self {
        Detokenizer { tokenizer, held: Utf8Assembler::default() }
    }

    /// The text that this token completes; often a word, sometimes nothing.
    pub fn push(&mut self, token: u32) -> String {
        match self.tokenizer.bytes(token) {
            Some(bytes) if !self.tokenizer.is_special(token) => self.held.push(bytes),
            _ => String::new(),
        }
    }

    /// How many bytes are held back, at most three.
    pub fn held_back(&self) -> usize {
        self.held.bytes.len()
    }

    /// What is left at the end of a generation: nothing, or one U+FFFD for the character that never became complete.
    pub fn finish(self) -> String {
        self.held.finish()
    }
}

/// Bytes in, whole characters out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Utf8Assembler {
    bytes: Vec<u8>,
}

impl Utf8Assembler {
    pub(crate) fn push(&mut self, bytes: &[u8]) -> String {
        self.bytes.extend_from_slice(bytes);
        let mut text = String::new();
        let mut done = 0;
        for chunk in self.bytes.utf8_chunks() {
            text.push_str(chunk.valid());
            done += chunk.valid().len();
            let invalid = chunk.invalid();
            // An incomplete character can stand at the end only.
            let open =
                done + invalid.len() == self.bytes.len() && matches!(std::str::from_utf8(invalid), Err(e) if e.error_len().is_none());
            if !invalid.is_empty() && !open {
                text.push(char::REPLACEMENT_CHARACTER);
                done += invalid.len();
            }
        }
        self.bytes.drain(..done);
        text
    }

    pub(crate) fn finish(self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn assemble(pieces: &[Vec<u8>]) -> String {
        let mut assembler = Utf8Assembler::default();
        let mut text: String = pieces.iter().map(|piece| assembler.push(piece)).collect();
        assert!(assembler.bytes.len() <= 3);
        text.push_str(&assembler.finish());
        text
    }

    #[test]
    fn a_character_appears_when_its_last_byte_does() {
        let mut assembler = Utf8Assembler::default();
        assert_eq!(assembler.push(&[0xE2]), "");
        assert_eq!(assembler.push(&[0x84]), "");
        assert_eq!(assembler.push(&[0x95, b' ', 0xF0]), "ℕ ");
        assert_eq!(assembler.finish(), "\u{FFFD}");
    }

    #[test]
    fn bytes_that_are_no_text_do_not_hold_up_what_follows() {
        let mut assembler = Utf8Assembler::default();
        assert_eq!(assembler.push(&[0xFF, b'a', 0xE2]), "\u{FFFD}a");
        assert_eq!(assembler.push(b"b"), "\u{FFFD}b");
    }

    proptest! {
        #[test]
        fn any_bytes_in_any_pieces(pieces in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..6), 0..20)) {
            prop_assert_eq!(assemble(&pieces), String::from_utf8_lossy(&pieces.concat()).into_owned());
        }

        #[test]
        fn any_text_in_any_pieces(text: String, size in 1usize..5) {
            let pieces: Vec<Vec<u8>> = text.as_bytes().chunks(size).map(<[u8]>::to_vec).collect();
            prop_assert_eq!(assemble(&pieces), text);
        }
    }
}

//! How a vocabulary spells bytes.
//!
//! A vocabulary is a list of strings, and the decoder of `tokenizer.json` says which bytes each stands for. Two ways are in use:
//! byte-level vocabularies (GPT-2's, and so Llama 3, Qwen, DeepSeek) write every byte as one visible character, and sentencepiece's
//! write a space as `▁` and the bytes of rare characters as `<0xE2>`.

use serde_json::Value;

/// How the strings of a vocabulary spell bytes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Spelling {
    /// One character per byte.
    ByteLevel,
    /// Pieces of text.
    Pieces {
        /// Replacements, in order.
        replace: Vec<(String, String)>,
        /// Whether `<0xE2>` is a byte.
        byte_fallback: bool,
        /// Whether encoding puts a space before a text, which decoding a whole text takes off again.
        leading_space: bool,
    },
}

impl Spelling {
    /// Reads the `decoder` of a `tokenizer.json`. An error says what about it is not supported.
    pub(crate) fn of_decoder(decoder: &Value) -> Result<Spelling, String> {
        let steps = match decoder["type"].as_str() {
            Some("Sequence") => decoder["decoders"].as_array().cloned().unwrap_or_default(),
            Some(_) => vec![decoder.clone()],
            None => return Err("there is no decoder".to_owned()),
        };
        if steps.iter().any(|step| step["type"] == "ByteLevel") {
            return Ok(Spelling::ByteLevel);
        }
        let (mut replace, mut byte_fallback, mut leading_space) = (Vec::new(), false, false);
        for step in &steps {
            match step["type"].as_str().unwrap_or_default() {
                "Replace" => {
                    let pattern = step["pattern"]["String"].as_str().ok_or("a decoder replaces by a regular expression")?;
                    replace.push((pattern.to_owned(), step["content"].as_str().unwrap_or_default().to_owned()));
                }
                "Metaspace" => {
                    replace.push((step["replacement"].as_str().unwrap_or("▁").to_owned(), " ".to_owned()));
                    leading_space |= step["prepend_scheme"] != "never";
                }
                "ByteFallback" => byte_fallback = true,
                "Fuse" => {}
                "Strip" if step["content"] == " " && step["stop"] == 0 => leading_space |= step["start"] == 1,
                other => return Err(format!("the decoder {other:?} is not one of byte-level or sentencepiece-like tokenizers")),
            }
        }
        Ok(Spelling::Pieces { replace, byte_fallback, leading_space })
    }

    /// The bytes that a token of the vocabulary stands for.
    pub(crate) fn bytes(&self, token: &str) -> Vec<u8> {
        match self {
            Spelling::ByteLevel => token.chars().map(byte_of_char).collect::<Option<_>>().unwrap_or_else(|| token.as_bytes().to_vec()),
            Spelling::Pieces { replace, byte_fallback, .. } => {
                if let Some(byte) = fallback_byte(token).filter(|_| *byte_fallback) {
                    return vec![byte];
                }
                replace.iter().fold(token.to_owned(), |text, (from, to)| text.replace(from, to)).into_bytes()
            }
        }
    }

    /// Whether decoding a whole text takes a space off its beginning.
    pub(crate) fn leading_space(&self) -> bool {
        matches!(self, Spelling::Pieces { leading_space: true, .. })
    }
}

/// The byte that `<0xE2>` names.
fn fallback_byte(token: &str) -> Option<u8> {
    let digits = token.strip_prefix("<0x")?.strip_suffix('>')?;
    (digits.len() == 2).then(|| u8::from_str_radix(digits, 16).ok())?
}

/// GPT-2's table backwards: printable characters of Latin-1 stand for themselves, the other bytes, in order, for U+0100 and up.
fn byte_of_char(char: char) -> Option<u8> {
    let code = u32::from(char);
    match code {
        0x21..=0x7E | 0xA1..=0xAC | 0xAE..=0xFF => u8::try_from(code).ok(),
        // 0x00..=0x20, then 0x7F..=0xA0, then 0xAD.
        0x100..=0x120 => u8::try_from(code - 0x100).ok(),
        0x121..=0x142 => u8::try_from(code - 0x121 + 0x7F).ok(),
        0x143 => Some(0xAD),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_byte_table_is_a_bijection() {
        let mut bytes: Vec<u8> = (0..=0x143).filter_map(char::from_u32).filter_map(byte_of_char).collect();
        bytes.sort_unstable();
        assert_eq!(bytes, (0..=255).collect::<Vec<u8>>());
        assert_eq!(byte_of_char('Ġ'), Some(b' '));
        assert_eq!(byte_of_char('Ċ'), Some(b'\n'));
    }

    #[test]
    fn pieces_follow_the_decoder() {
        let decoder = json!({"type": "Sequence", "decoders": [
            {"type": "Replace", "pattern": {"String": "▁"}, "content": " "},
            {"type": "ByteFallback"}, {"type": "Fuse"},
            {"type": "Strip", "content": " ", "start": 1, "stop": 0}]});
        let spelling = Spelling::of_decoder(&decoder).expect("sentencepiece's decoder");
        assert_eq!(spelling.bytes("▁theorem"), b" theorem");
        assert_eq!(spelling.bytes("<0xE2>"), [0xE2]);
        assert_eq!(spelling.bytes("<0xZZ>"), b"<0xZZ>");
        assert!(spelling.leading_space());
    }

    #[test]
    fn an_unknown_decoder_is_named() {
        let error = Spelling::of_decoder(&json!({"type": "WordPiece", "prefix": "##"})).expect_err("word pieces lose spaces");
        assert!(error.contains("WordPiece"), "{error}");
        assert!(Spelling::of_decoder(&Value::Null).is_err());
    }
}

//! Token healing: continuing a text that ends inside what the tokenizer would have made one token.
//!
//! A text cut at `nlina` is not tokenised as the beginning of `nlinarith`, and a model that reads those tokens has hardly ever seen
//! them followed by `rith`. So the last tokens are taken back, and the first that are drawn are held to the bytes taken back. As far
//! back as some token of the vocabulary reaches over the end of the text, and no further: the model chooses between all ways to write
//! the text, the original one among them.

use crate::text::Tokenizer;

/// Tokens are taken back over at most this many bytes. The longest words of Lean's vocabulary are shorter.
const REACH: usize = 32;

/// The tokens that have text, ordered by their bytes.
pub(crate) struct TokenIndex {
    ids: Vec<u32>,
}

impl TokenIndex {
    pub(crate) fn new(tokenizer: &Tokenizer) -> Self {
        let size = tokenizer.size() as u32;
        let mut ids: Vec<u32> = (0..size).filter(|&id| text(tokenizer, id).is_some_and(|bytes| !bytes.is_empty())).collect();
        ids.sort_by_key(|&id| text(tokenizer, id));
        TokenIndex { ids }
    }

    /// Takes tokens off the end of a prompt and returns their bytes: what is to be drawn again. Keeps at least one token.
    pub(crate) fn take_back(&self, tokenizer: &Tokenizer, prompt: &mut Vec<u32>) -> Vec<u8> {
        let mut suffix = Vec::new();
        let mut longest = (prompt.len(), Vec::new());
        for at in (1..prompt.len()).rev() {
            let Some(bytes) = text(tokenizer, prompt[at]) else { break };
            suffix.splice(0..0, bytes.iter().copied());
            if suffix.len() > REACH {
                break;
            }
            if self.extensions(tokenizer, &suffix).iter().any(|&id| text(tokenizer, id).is_some_and(|bytes| bytes.len() > suffix.len())) {
                longest = (at, suffix.clone());
            }
        }
        prompt.truncate(longest.0);
        longest.1
    }

    /// The tokens that may come next when the text must go on with `required`: those that begin with it, and those it begins with.
    pub(crate) fn compatible(&self, tokenizer: &Tokenizer, required: &[u8]) -> Vec<u32> {
        let mut compatible = self.extensions(tokenizer, required).to_vec();
        for length in 1..required.len() {
            let prefix = &required[..length];
            compatible.extend(self.extensions(tokenizer, prefix).iter().take_while(|&&id| text(tokenizer, id) == Some(prefix)));
        }
        compatible
    }

    /// The tokens that begin with some bytes.
    fn extensions(&self, tokenizer: &Tokenizer, prefix: &[u8]) -> &[u32] {
        let bytes = |id: &u32| text(tokenizer, *id).unwrap_or_default();
        let start = self.ids.partition_point(|id| bytes(id) < prefix);
        let length = self.ids[start..].partition_point(|id| bytes(id).starts_with(prefix));
        &self.ids[start..start + length]
    }
}

/// The bytes a token adds to a text.
pub(crate) fn text(tokenizer: &Tokenizer, id: u32) -> Option<&[u8]> {
    tokenizer.bytes(id).filter(|_| !tokenizer.is_special(id))
}

//! Text to tokens, and the bytes of every token.

use super::config::{SpecialToken, TokenizerConfig};
use super::{Detokenizer, spelling::Spelling};
use crate::{ModelError, folder::read};
use std::path::{Path, PathBuf};

/// The tokenizer of a model folder.
///
/// It reads `tokenizer.json` and, where present, `tokenizer_config.json`. Truncation and padding that a file asks for are ignored.
/// Whatever the tokenizer's normaliser leaves alone comes back byte for byte: most leave everything; Qwen's puts text into Unicode's
/// normal form C first.
pub struct Tokenizer {
    inner: tokenizers::Tokenizer,
    spelling: Spelling,
    path: PathBuf,
    /// The bytes of all tokens, one after the other.
    bytes: Vec<u8>,
    /// Where in `bytes` each id's end; one id without a token has the end of the one before.
    ends: Vec<u32>,
    kinds: Vec<Kind>,
    bos: Option<u32>,
    eos: Option<u32>,
    adds_bos: Option<bool>,
}

/// What an id is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Absent,
    Ordinary,
    Special,
}

impl Tokenizer {
    /// Loads the tokenizer of a model folder.
    ///
    /// # Errors
    ///
    /// A missing or damaged file, a kind of tokenizer that loses text, or a configuration that names a token which does not exist.
    pub fn load(folder: &Path) -> Result<Self, ModelError> {
        let path = folder.join("tokenizer.json");
        let Some(json) = read(&path)? else {
            let remedy = if folder.join("tokenizer.model").exists() {
                "this folder has sentencepiece's tokenizer.model only; load it with transformers' AutoTokenizer and save_pretrained to convert it"
            } else {
                "copy it from the model's repository, or export the model again"
            };
            return Err(ModelError::Missing { path, remedy: remedy.to_owned() });
        };
        Self::parse(&json, &TokenizerConfig::load(folder)?, path)
    }

    /// A tokenizer from the text of a `tokenizer.json` alone.
    ///
    /// # Errors
    ///
    /// As [`Tokenizer::load`].
    pub fn from_json(json: &[u8]) -> Result<Self, ModelError> {
        Self::parse(json, &TokenizerConfig::default(), PathBuf::from("tokenizer.json"))
    }

    fn parse(json: &[u8], config: &TokenizerConfig, path: PathBuf) -> Result<Self, ModelError> {
        let damaged = |detail: String| ModelError::File { path: path.clone(), detail };
        let mut inner = tokenizers::Tokenizer::from_bytes(json)
            .map_err(|error| damaged(format!("this is no tokenizer ({error}); copy it again from the model's repository")))?;
        inner.with_truncation(None).map_err(|error| damaged(error.to_string()))?;
        inner.with_padding(None);
        let decoder = inner.get_decoder().map(serde_json::to_value).transpose().map_err(|error| damaged(error.to_string()))?;
        let spelling = Spelling::of_decoder(&decoder.unwrap_or_default())
            .map_err(|detail| damaged(format!("this kind of tokenizer is not supported: {detail}")))?;

        let added = inner.get_added_tokens_decoder();
        let vocabulary = inner.get_vocab(true);
        let size = vocabulary.values().chain(added.keys()).max().map_or(0, |&id| id as usize + 1);
        // An id of a damaged file must not make the table larger than the file can justify.
        if size > 2 * json.len() {
            return Err(damaged(format!("it has a token with the number {}; copy it again from the model's repository", size - 1)));
        }
        let mut spelled = vec![(Kind::Absent, Vec::new()); size];
        for (token, id) in &vocabulary {
            spelled[*id as usize] = (Kind::Ordinary, spelling.bytes(token));
        }
        for (id, token) in &added {
            let kind = if token.special { Kind::Special } else { Kind::Ordinary };
            let literal = spelling == Spelling::ByteLevel;
            spelled[*id as usize] = (kind, if literal { token.content.clone().into_bytes() } else { spelling.bytes(&token.content) });
        }
        let bytes: Vec<u8> = spelled.iter().flat_map(|(_, bytes)| bytes).copied().collect();
        let mut end = 0;
        let ends = spelled.iter().map(|(_, bytes)| {
            end += bytes.len() as u32;
            end
        });
        let ends = ends.collect();
        let kinds = spelled.iter().map(|(kind, _)| *kind).collect();

        let mut tokenizer = Tokenizer { inner, spelling, path, bytes, ends, kinds, bos: None, eos: None, adds_bos: config.adds_bos() };
        tokenizer.bos = tokenizer.configured("bos_token", config.bos_token.as_ref())?;
        tokenizer.eos = tokenizer.configured("eos_token", config.eos_token.as_ref())?;
        Ok(tokenizer)
    }

    /// The id of a token that `tokenizer_config.json` names.
    fn configured(&self, field: &str, token: Option<&SpecialToken>) -> Result<Option<u32>, ModelError> {
        let id = |token: &SpecialToken| {
            self.id(token.text()).map_err(|error| ModelError::File {
                path: self.path.with_file_name("tokenizer_config.json"),
                detail: format!("{field} does not fit the tokenizer: {error}"),
            })
        };
        token.map(id).transpose()
    }

    /// The id of a token that the vocabulary spells `token`: special tokens above all.
    ///
    /// # Errors
    ///
    /// There is none.
    pub fn id(&self, token: &str) -> Result<u32, ModelError> {
        self.inner.token_to_id(token).ok_or_else(|| ModelError::File {
            path: self.path.clone(),
            detail: format!("it has no token {token:?}: is it the tokenizer of another model?"),
        })
    }

    /// The token that opens a text, if the model has one.
    pub fn bos(&self) -> Option<u32> {
        self.bos
    }

    /// The token that closes a text, if the configuration names one.
    pub fn eos(&self) -> Option<u32> {
        self.eos
    }

    /// One more than the highest id. A model may have more outputs than that; those have no text.
    pub fn size(&self) -> usize {
        self.kinds.len()
    }

    /// The bytes that a token stands for, with special tokens spelled out; `None` for an id that no token has.
    pub fn bytes(&self, token: u32) -> Option<&[u8]> {
        let index = token as usize;
        if *self.kinds.get(index)? == Kind::Absent {
            return None;
        }
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        self.bytes.get(start as usize..self.ends[index] as usize)
    }

    /// Whether a token is special: it steers the model, and is left out of text.
    pub fn is_special(&self, token: u32) -> bool {
        self.kinds.get(token as usize) == Some(&Kind::Special)
    }

    /// Encodes a prompt of plain text, with the special tokens that the model expects around one. A text that spells the
    /// beginning-of-sequence token itself does not get another.
    ///
    /// # Errors
    ///
    /// The tokenizer cannot express the text.
    pub fn encode_prompt(&self, text: &str) -> Result<Vec<u32>, ModelError> {
        let mut ids = self.encode_with(text, self.adds_bos != Some(false))?;
        if let Some(bos) = self.bos {
            if self.adds_bos == Some(true) && ids.first() != Some(&bos) {
                ids.insert(0, bos);
            }
            if ids.starts_with(&[bos, bos]) {
                ids.remove(0);
            }
        }
        Ok(ids)
    }

    /// Encodes text as it is: what a chat template wrote, or a part of a text. Special tokens that it spells are recognised.
    ///
    /// # Errors
    ///
    /// The tokenizer cannot express the text.
    pub fn encode(&self, text: &str) -> Result<Vec<u32>, ModelError> {
        self.encode_with(text, false)
    }

    fn encode_with(&self, text: &str, special: bool) -> Result<Vec<u32>, ModelError> {
        let encoding = self.inner.encode_fast(text, special);
        let encoding = encoding.map_err(|error| ModelError::Fault(format!("the tokenizer refuses a text: {error}")))?;
        Ok(encoding.get_ids().to_vec())
    }

    /// The text of a whole encoded text, without special tokens.
    pub fn decode(&self, tokens: &[u32]) -> String {
        let mut detokenizer = self.detokenizer();
        let mut text: String = tokens.iter().map(|&token| detokenizer.push(token)).collect();
        text.push_str(&detokenizer.finish());
        if self.spelling.leading_space() && text.starts_with(' ') {
            text.remove(0);
        }
        text
    }

    /// For the text of a generation, which continues one that is there already: nothing is taken off its beginning.
    pub fn detokenizer(&self) -> Detokenizer<'_> {
        Detokenizer::new(self)
    }
}

impl std::fmt::Debug for Tokenizer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tokenizer").field("path", &self.path).field("size", &self.size()).finish_non_exhaustive()
    }
}

//! `tokenizer_config.json`: which tokens open and close a text, and the chat templates.

use crate::{ModelError, folder::read};
use serde::Deserialize;
use std::path::Path;

/// The parts of `tokenizer_config.json` that change what a model reads. Everything is optional; a model folder may lack the file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct TokenizerConfig {
    pub(crate) bos_token: Option<SpecialToken>,
    pub(crate) eos_token: Option<SpecialToken>,
    pub(crate) add_bos_token: Option<bool>,
    pub(crate) tokenizer_class: Option<String>,
    pub(crate) chat_template: Option<Templates>,
}

/// A special token: its text, or an object that holds it.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum SpecialToken {
    Text(String),
    Object { content: String },
}

/// One chat template, or several with names.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Templates {
    One(String),
    Named(Vec<NamedTemplate>),
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct NamedTemplate {
    pub(crate) name: String,
    pub(crate) template: String,
}

impl SpecialToken {
    pub(crate) fn text(&self) -> &str {
        match self {
            SpecialToken::Text(text) | SpecialToken::Object { content: text } => text,
        }
    }
}

impl TokenizerConfig {
    /// The configuration of a model folder; the default one if the folder has no such file.
    pub(crate) fn load(folder: &Path) -> Result<Self, ModelError> {
        let path = folder.join("tokenizer_config.json");
        match read(&path)? {
            None => Ok(TokenizerConfig::default()),
            Some(bytes) => serde_json::from_slice(&bytes).map_err(|error| ModelError::File {
                path,
                detail: format!("this is no tokenizer configuration ({error}); copy it again from the model's repository"),
            }),
        }
    }

    /// Whether a text begins with the beginning-of-sequence token; `None` leaves it to the post-processor of `tokenizer.json`.
    ///
    /// The classes of the Llama family set it from `add_bos_token`, true if absent, whatever `tokenizer.json` says; so do we.
    pub(crate) fn adds_bos(&self) -> Option<bool> {
        let llama = self.tokenizer_class.as_deref().is_some_and(|class| class.starts_with("Llama"));
        self.add_bos_token.or(llama.then_some(true))
    }
}

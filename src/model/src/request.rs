//! What is asked of a model and what comes back, the same for every [`Generator`](crate::Generator).

use crate::ModelError;
use serde::{Deserialize, Serialize};

/// A request for one or more samples that continue a prompt.
///
/// `Request::new("…")` asks for one sample with the defaults below; set what differs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// What the model reads.
    pub prompt: Prompt,
    /// Truncate and resume: text that the model is taken to have written already, and that every sample continues.
    ///
    /// It may end anywhere, also inside what the tokenizer would make one token. The engine then takes back the last tokens of prompt
    /// and resume together, as far as some token of the vocabulary reaches over their end, and holds the first tokens it samples to
    /// the bytes taken back ("token healing"), so that a proof cut at `nlina` can go on as `nlinarith`. With a chat prompt it is the
    /// start of the assistant's message. Samples do not repeat it.
    #[serde(default)]
    pub resume: String,
    /// How many samples, at least 1. They share the work of reading the prompt.
    #[serde(default = "one")]
    pub samples: u32,
    /// How tokens are drawn.
    #[serde(default)]
    pub sampling: Sampling,
    /// A sample ends before the first occurrence of one of these, wherever token boundaries lie.
    #[serde(default)]
    pub stop: Vec<String>,
    /// Most tokens per sample. `None` leaves room for as many as the context holds.
    #[serde(default)]
    pub max_tokens: Option<u32>,
    /// Whether [`Token::logprob`] is wanted.
    #[serde(default)]
    pub logprobs: bool,
}

fn one() -> u32 {
    1
}

/// What the model reads before it writes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prompt {
    /// Plain text. The tokenizer's own rules decide on special tokens such as the beginning of the sequence.
    Text(String),
    /// Token ids, taken as they are.
    Tokens(Vec<u32>),
    /// A conversation, laid out by the model's chat template with the assistant's turn open.
    Chat(Vec<Message>),
}

/// One message of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Whose it is.
    pub role: Role,
    /// Its text.
    pub content: String,
}

/// Who says a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Instructions that come first.
    System,
    /// Who asks.
    User,
    /// The model.
    Assistant,
}

/// How tokens are drawn from the model's distribution.
///
/// The filters apply in this order: banned tokens, temperature, top-k, top-p, min-p.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sampling {
    /// Logits are divided by it; 0 takes the likeliest token (of equal ones the lowest id). Default 1.
    pub temperature: f32,
    /// Keeps the k likeliest tokens; 0, the default, keeps all.
    pub top_k: u32,
    /// Keeps the likeliest tokens whose probabilities together reach this, in (0, 1]. Default 1: all.
    pub top_p: f32,
    /// Keeps tokens at least this times as likely as the likeliest one, in [0, 1]. Default 0: all.
    pub min_p: f32,
    /// Sample `i` of a request is a function of (model, request, seed, i), whatever else the engine is doing. Default 0.
    pub seed: u64,
    /// Tokens that are never drawn.
    pub banned: Vec<u32>,
}

impl Default for Sampling {
    fn default() -> Self {
        Sampling { temperature: 1.0, top_k: 0, top_p: 1.0, min_p: 0.0, seed: 0, banned: Vec::new() }
    }
}

/// One finished sample.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// Which of the request's samples it is, from 0.
    pub index: u32,
    /// The continuation, without prompt, resume text and stop string.
    pub text: String,
    /// The tokens drawn, in order; the last ones may reach past the end of `text` into a stop string. Empty where a server gives none.
    pub tokens: Vec<Token>,
    /// Why it ended.
    pub finish: FinishReason,
}

impl Sample {
    /// Sum of the log-probabilities, if every token has one.
    pub fn logprob(&self) -> Option<f64> {
        self.tokens.iter().map(|token| token.logprob.map(f64::from)).sum()
    }
}

/// One drawn token.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Token {
    /// Its id; `None` where a server does not tell.
    pub id: Option<u32>,
    /// Its natural log-probability under the model's own distribution, before temperature and filters, if asked for.
    pub logprob: Option<f32>,
}

/// Why a sample ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FinishReason {
    /// The model drew an end-of-sequence token.
    EndOfText,
    /// This stop string came.
    StopString(String),
    /// One of the two above: some servers do not say which.
    EndOfTextOrStop,
    /// [`Request::max_tokens`] were drawn.
    MaxTokens,
    /// The context, or the room the cache budget allows one sample, is full.
    ContextFull,
}

/// What a request took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Usage {
    /// Tokens of the prompt with the resume text.
    pub prompt_tokens: u64,
    /// Those of them that were not computed for this request, because a shared prefix held them.
    pub cached_tokens: u64,
    /// Tokens drawn, over all samples.
    pub completion_tokens: u64,
    /// Price, in the currency in which the server's prices were configured; 0 for a local model.
    pub cost: f64,
}

/// Everything that came of a request.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Completion {
    /// The samples by index.
    pub samples: Vec<Sample>,
    /// What they took.
    pub usage: Usage,
}

impl Request {
    /// One sample that continues `prompt`, everything else at its default.
    pub fn new(prompt: impl Into<Prompt>) -> Self {
        Request {
            prompt: prompt.into(),
            resume: String::new(),
            samples: 1,
            sampling: Sampling::default(),
            stop: Vec::new(),
            max_tokens: None,
            logprobs: false,
        }
    }

    /// Whether every value is in its range. Generators call it before anything else.
    pub fn validate(&self) -> Result<(), ModelError> {
        let bad = |field, detail: String| Err(ModelError::Request { field, detail });
        let Sampling { temperature, top_p, min_p, .. } = self.sampling;
        if self.samples == 0 {
            return bad("samples", "0 samples were asked for; ask for 1 or more".to_owned());
        }
        if self.max_tokens == Some(0) {
            return bad("max_tokens", "0 tokens were allowed; allow 1 or more".to_owned());
        }
        if !(temperature >= 0.0 && temperature.is_finite()) {
            return bad("temperature", format!("{temperature} is not a number from 0 up"));
        }
        if !(top_p > 0.0 && top_p <= 1.0) {
            return bad("top_p", format!("{top_p} is not above 0 and at most 1"));
        }
        if !(0.0..=1.0).contains(&min_p) {
            return bad("min_p", format!("{min_p} is not between 0 and 1"));
        }
        if self.stop.iter().any(String::is_empty) {
            return bad("stop", "an empty stop string would end every sample at once".to_owned());
        }
        Ok(())
    }
}

impl From<&str> for Prompt {
    fn from(text: &str) -> Self {
        Prompt::Text(text.to_owned())
    }
}

impl From<String> for Prompt {
    fn from(text: String) -> Self {
        Prompt::Text(text)
    }
}

impl From<Vec<u32>> for Prompt {
    fn from(tokens: Vec<u32>) -> Self {
        Prompt::Tokens(tokens)
    }
}

impl From<Vec<Message>> for Prompt {
    fn from(messages: Vec<Message>) -> Self {
        Prompt::Chat(messages)
    }
}

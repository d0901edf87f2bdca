//! What a client asks for, and the request to the model that it makes.

use super::Refusal;
use prove_model::{Message, Prompt, Request, Role, Sampling};
use serde::Deserialize;
use serde_json::{Map, Value};

/// Most samples of one request.
const MOST_SAMPLES: u32 = 256;
/// The protocol's own default for completions.
const TOKENS_OF_TEXT: u32 = 16;

/// Which of the two endpoints is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::serve) enum Kind {
    Chat,
    Text,
}

/// The body of a request. A field that is `null` counts as absent.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::serve) struct Asked {
    pub(super) model: Option<String>,
    prompt: Option<RawPrompt>,
    messages: Option<Vec<RawMessage>>,
    n: Option<u32>,
    max_tokens: Option<u32>,
    max_completion_tokens: Option<u32>,
    temperature: Option<f32>,
    top_p: Option<f32>,
    top_k: Option<i64>,
    min_p: Option<f32>,
    seed: Option<i64>,
    stop: Option<OneOrMore>,
    logprobs: Option<Value>,
    top_logprobs: Option<u32>,
    logit_bias: Option<Map<String, Value>>,
    stream: Option<bool>,
    stream_options: Option<StreamOptions>,
    continue_final_message: Option<bool>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct StreamOptions {
    include_usage: Option<bool>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawPrompt {
    Text(String),
    Tokens(Vec<u32>),
    Texts(Vec<String>),
    TokenLists(Vec<Vec<u32>>),
}

#[derive(Deserialize)]
struct RawMessage {
    role: String,
    content: Option<Content>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Content {
    Text(String),
    Parts(Vec<Part>),
}

#[derive(Deserialize)]
struct Part {
    text: Option<String>,
}

/// Fields that would change the answer, with the value at which they do not.
const NOT_SERVED: &[(&str, &str)] = &[
    ("best_of", "1"),
    ("echo", "false"),
    ("frequency_penalty", "0"),
    ("function_call", "null"),
    ("functions", "[]"),
    ("guided_grammar", "null"),
    ("guided_json", "null"),
    ("guided_regex", "null"),
    ("presence_penalty", "0"),
    ("repetition_penalty", "1"),
    ("response_format", r#"{"type": "text"}"#),
    ("suffix", r#""""#),
    ("tools", "[]"),
];

impl Asked {
    pub(super) fn stream(&self) -> bool {
        self.stream == Some(true)
    }

    /// Whether a stream is to end with what it took.
    pub(super) fn wants_usage(&self) -> bool {
        self.stream_options.as_ref().is_some_and(|options| options.include_usage == Some(true))
    }

    /// The request to the model.
    pub(super) fn request(mut self, kind: Kind) -> Result<Request, Refusal> {
        self.refuse_what_is_not_served()?;
        let (prompt, resume) = match kind {
            Kind::Chat => self.conversation()?,
            Kind::Text => (text(self.prompt.take())?, String::new()),
        };
        let samples = self.n.unwrap_or(1);
        if samples > MOST_SAMPLES {
            return Err(Refusal::bad(format!("n: {samples} samples; at most {MOST_SAMPLES} a request")));
        }
        let logprobs = match self.logprobs {
            None | Some(Value::Bool(false)) => false,
            Some(Value::Bool(true)) => true,
            // Of completions: how many alternatives, the token drawn not counted.
            Some(Value::Number(_)) if kind == Kind::Text => true,
            Some(other) => return Err(Refusal::bad(format!("logprobs: {other} is not what this endpoint takes"))),
        };
        if logprobs && self.stream == Some(true) {
            return Err(Refusal::bad("logprobs come with whole answers only; leave `stream` out"));
        }
        let default = Sampling::default();
        let sampling = Sampling {
            temperature: self.temperature.unwrap_or(default.temperature),
            // vLLM's word for all is -1.
            top_k: self.top_k.map_or(0, |k| u32::try_from(k.max(0)).unwrap_or(u32::MAX)),
            top_p: self.top_p.unwrap_or(default.top_p),
            min_p: self.min_p.unwrap_or(default.min_p),
            seed: self.seed.map_or_else(rand::random, i64::cast_unsigned),
            banned: banned(self.logit_bias.unwrap_or_default())?,
        };
        let stop = match self.stop {
            None => Vec::new(),
            Some(OneOrMore::One(stop)) => vec![stop],
            Some(OneOrMore::More(stops)) => stops,
        };
        let max_tokens = self.max_completion_tokens.or(self.max_tokens).or((kind == Kind::Text).then_some(TOKENS_OF_TEXT));
        Ok(Request { resume, samples, sampling, stop, max_tokens, logprobs, ..Request::new(prompt) })
    }

    fn refuse_what_is_not_served(&self) -> Result<(), Refusal> {
        for (field, harmless) in NOT_SERVED {
            let Some(value) = self.rest.get(*field).filter(|value| !value.is_null()) else { continue };
            let harmless: Value = serde_json::from_str(harmless).unwrap_or_default();
            let same = match (value.as_f64(), harmless.as_f64()) {
                (Some(value), Some(harmless)) => value == harmless,
                _ => *value == harmless,
            };
            if !same {
                return Err(Refusal::bad(format!("{field} is not served here; leave it out")));
            }
        }
        // The token drawn is always told; a count of 1 asks for no more where it is the likeliest.
        if self.top_logprobs.is_some_and(|count| count > 1) {
            return Err(Refusal::bad("top_logprobs: only the log-probability of the token drawn is served"));
        }
        Ok(())
    }

    /// The conversation, and the assistant's words that are to be continued.
    fn conversation(&mut self) -> Result<(Prompt, String), Refusal> {
        let messages = self.messages.take().unwrap_or_default();
        let mut messages = messages.into_iter().map(message).collect::<Result<Vec<_>, _>>()?;
        if messages.is_empty() {
            return Err(Refusal::bad("messages: give at least one"));
        }
        let mut resume = String::new();
        if self.continue_final_message == Some(true) {
            match messages.pop() {
                Some(Message { role: Role::Assistant, content }) => resume = content,
                _ => return Err(Refusal::bad("continue_final_message: the last message is not the assistant's")),
            }
        }
        Ok((Prompt::Chat(messages), resume))
    }
}

fn message(raw: RawMessage) -> Result<Message, Refusal> {
    let role = match raw.role.as_str() {
        "system" | "developer" => Role::System,
        "user" => Role::User,
        "assistant" => Role::Assistant,
        other => return Err(Refusal::bad(format!("messages: there is no role {other:?}; there are system, user and assistant"))),
    };
    let content = match raw.content {
        None => String::new(),
        Some(Content::Text(text)) => text,
        Some(Content::Parts(parts)) => {
            let texts = parts.into_iter().map(|part| part.text.ok_or_else(|| Refusal::bad("messages: only parts of text are read")));
            texts.collect::<Result<_, _>>()?
        }
    };
    Ok(Message { role, content })
}

fn text(prompt: Option<RawPrompt>) -> Result<Prompt, Refusal> {
    let several = |count: usize| Refusal::bad(format!("prompt: {count} prompts; give one a request, and `n` for several samples"));
    match prompt {
        None => Err(Refusal::bad("prompt: give one")),
        Some(RawPrompt::Text(text)) => Ok(Prompt::Text(text)),
        Some(RawPrompt::Tokens(tokens)) => Ok(Prompt::Tokens(tokens)),
        Some(RawPrompt::Texts(texts)) => <[String; 1]>::try_from(texts).map(|[text]| Prompt::Text(text)).map_err(|t| several(t.len())),
        Some(RawPrompt::TokenLists(lists)) => {
            <[Vec<u32>; 1]>::try_from(lists).map(|[tokens]| Prompt::Tokens(tokens)).map_err(|l| several(l.len()))
        }
    }
}

/// The tokens that are never to be drawn.
fn banned(bias: Map<String, Value>) -> Result<Vec<u32>, Refusal> {
    let token = |(token, value): (String, Value)| match (token.parse(), value.as_f64()) {
        (Ok(token), Some(-100.0)) => Ok(token),
        _ => Err(Refusal::bad(format!("logit_bias: only -100 is served, which bans a token; {token:?} has {value}"))),
    };
    bias.into_iter().map(token).collect()
}

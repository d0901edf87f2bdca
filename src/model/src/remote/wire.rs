//! What goes over the wire: the body of a call, and what answers hold.
//!
//! Servers agree on the outline and differ in detail. vLLM and SGLang say which stop string came, llama.cpp does not; llama.cpp gives
//! the log-probabilities of a completion in the shape of a chat, and repeats the text that an assistant's message began with.

use super::RemoteOptions;
use crate::{FinishReason, Message, ModelError, Prompt, Request, Role, Token, Usage};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// One choice of an answer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Choice {
    pub(crate) text: String,
    pub(crate) tokens: Vec<Token>,
    pub(crate) finish: FinishReason,
}

/// What a call brought.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) choices: Vec<Choice>,
    pub(crate) usage: Usage,
}

/// The path of a call for this request.
pub(crate) fn path(request: &Request) -> &'static str {
    match request.prompt {
        Prompt::Chat(_) => "chat/completions",
        Prompt::Text(_) | Prompt::Tokens(_) => "completions",
    }
}

/// The body of a call for `count` samples of a request, of which the first is its sample number `first`.
pub(crate) fn body(request: &Request, model: &str, options: &RemoteOptions, first: u32, count: u32) -> Result<Value, ModelError> {
    let sampling = &request.sampling;
    let mut body = json!({
        "model": model,
        "n": count,
        "max_tokens": request.max_tokens.unwrap_or(options.max_tokens),
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "seed": seed(sampling.seed, first),
        "stream": false,
    });
    match &request.prompt {
        Prompt::Text(text) => body["prompt"] = json!(format!("{text}{}", request.resume)),
        Prompt::Tokens(_) if !request.resume.is_empty() => {
            let detail = "a server cannot join text to tokens; give the prompt as text".to_owned();
            return Err(ModelError::Request { field: "resume", detail });
        }
        Prompt::Tokens(tokens) => body["prompt"] = json!(tokens),
        Prompt::Chat(messages) if request.resume.is_empty() => body["messages"] = json!(messages),
        Prompt::Chat(messages) => {
            let begun = Message { role: Role::Assistant, content: request.resume.clone() };
            body["messages"] = json!(messages.iter().chain([&begun]).collect::<Vec<_>>());
            // vLLM and SGLang need to be told; llama.cpp does so by itself.
            body["continue_final_message"] = json!(true);
            body["add_generation_prompt"] = json!(false);
        }
    }
    // What is at its default is left out: OpenAI's own servers refuse fields that they do not know.
    if !request.stop.is_empty() {
        body["stop"] = json!(request.stop);
    }
    if sampling.top_k > 0 {
        body["top_k"] = json!(sampling.top_k);
    }
    if sampling.min_p > 0.0 {
        body["min_p"] = json!(sampling.min_p);
    }
    if !sampling.banned.is_empty() {
        body["logit_bias"] = sampling.banned.iter().map(|token| (token.to_string(), json!(-100))).collect::<Map<_, _>>().into();
    }
    if request.logprobs {
        match request.prompt {
            Prompt::Chat(_) => {
                body["logprobs"] = json!(true);
                body["top_logprobs"] = json!(1);
            }
            Prompt::Text(_) | Prompt::Tokens(_) => body["logprobs"] = json!(1),
        }
    }
    for (field, value) in &options.extra {
        body[field] = value.clone();
    }
    Ok(body)
}

/// A seed of 31 bits, which every server takes. Small seeds stay what they are, so that a user finds them in a server's log.
fn seed(seed: u64, first: u32) -> u64 {
    const MASK: u64 = 0x7FFF_FFFF;
    if first == 0 && seed <= MASK {
        return seed;
    }
    // Splitmix64's finaliser: a server counts the choices of a call up from its seed, so two calls must lie far apart.
    let mut mixed = seed.wrapping_add(u64::from(first).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (mixed ^ (mixed >> 31)) & MASK
}

#[derive(Deserialize)]
struct RawAnswer {
    choices: Vec<RawChoice>,
    #[serde(default)]
    usage: Option<RawUsage>,
    /// Only llama.cpp sends these.
    #[serde(default)]
    timings: Option<Value>,
}

#[derive(Deserialize)]
struct RawChoice {
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    message: Option<RawMessage>,
    #[serde(default)]
    finish_reason: Option<String>,
    /// vLLM's name for what stopped it: a string, the number of a token, or null for the end of the text.
    #[serde(default, deserialize_with = "present")]
    stop_reason: Option<Value>,
    /// SGLang's.
    #[serde(default, deserialize_with = "present")]
    matched_stop: Option<Value>,
    #[serde(default)]
    logprobs: Option<RawLogprobs>,
}

#[derive(Deserialize)]
struct RawMessage {
    #[serde(default)]
    content: Option<String>,
    #[serde(default, alias = "reasoning")]
    reasoning_content: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RawLogprobs {
    token_logprobs: Option<Vec<Option<f32>>>,
    content: Option<Vec<RawToken>>,
}

#[derive(Deserialize)]
struct RawToken {
    #[serde(default)]
    id: Option<u32>,
    #[serde(default)]
    logprob: Option<f32>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RawUsage {
    prompt_tokens: u64,
    completion_tokens: u64,
    prompt_tokens_details: Option<RawDetails>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RawDetails {
    cached_tokens: Option<u64>,
}

/// Tells null from absent.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// Reads an answer to a call for `count` samples. An error says what about it is not as it should be.
pub(crate) fn answer(value: &Value, request: &Request, count: u32) -> Result<Answer, String> {
    let raw = RawAnswer::deserialize(value).map_err(|error| error.to_string())?;
    if raw.choices.is_empty() {
        return Err("it has no choices".to_owned());
    }
    let echoes = raw.timings.is_some();
    let choices = raw.choices.into_iter().take(count as usize).map(|raw| choice(raw, request, echoes)).collect::<Result<Vec<_>, _>>()?;
    let usage = raw.usage.unwrap_or_default();
    let listed: usize = choices.iter().map(|choice| choice.tokens.len()).sum();
    let usage = Usage {
        prompt_tokens: usage.prompt_tokens,
        cached_tokens: usage.prompt_tokens_details.and_then(|details| details.cached_tokens).unwrap_or(0),
        // Of several choices llama.cpp counts one; where tokens are listed, they tell.
        completion_tokens: usage.completion_tokens.max(listed as u64),
        cost: 0.0,
    };
    Ok(Answer { choices, usage })
}

fn choice(raw: RawChoice, request: &Request, echoes: bool) -> Result<Choice, String> {
    let mut text = match (raw.text, raw.message) {
        (Some(text), _) => text,
        (None, Some(message)) => written(message),
        (None, None) => return Err("a choice has neither text nor message".to_owned()),
    };
    let chat = matches!(request.prompt, Prompt::Chat(_));
    if chat && echoes && !request.resume.is_empty() && text.starts_with(&request.resume) {
        text.drain(..request.resume.len());
    }
    let mut finish = finish(raw.finish_reason.as_deref(), raw.stop_reason.or(raw.matched_stop), request)?;
    // Some servers keep the stop string, and some take no more than four.
    let found = request.stop.iter().filter_map(|stop| text.find(stop).map(|at| (at, stop))).min_by_key(|(at, _)| *at);
    if let Some((at, stop)) = found {
        text.truncate(at);
        finish = FinishReason::StopString(stop.clone());
    }
    let tokens = match raw.logprobs {
        _ if !request.logprobs => Vec::new(),
        None => Vec::new(),
        Some(RawLogprobs { content: Some(tokens), .. }) => {
            tokens.into_iter().map(|token| Token { id: token.id, logprob: token.logprob }).collect()
        }
        Some(RawLogprobs { token_logprobs, .. }) => {
            token_logprobs.unwrap_or_default().into_iter().map(|logprob| Token { id: None, logprob }).collect()
        }
    };
    Ok(Choice { text, tokens, finish })
}

/// The text as the model wrote it, with the thoughts that some servers cut off put back.
fn written(message: RawMessage) -> String {
    let content = message.content.unwrap_or_default();
    match message.reasoning_content {
        Some(thought) if !thought.is_empty() => format!("<think>\n{thought}\n</think>\n\n{content}"),
        _ => content,
    }
}

fn finish(reason: Option<&str>, stopped_by: Option<Value>, request: &Request) -> Result<FinishReason, String> {
    match (reason, stopped_by) {
        (Some("stop"), Some(Value::String(stop))) => Ok(FinishReason::StopString(stop)),
        (Some("stop" | "eos" | "eos_token"), Some(_)) => Ok(FinishReason::EndOfText),
        (Some("eos" | "eos_token"), None) => Ok(FinishReason::EndOfText),
        (Some("stop"), None) if request.stop.is_empty() => Ok(FinishReason::EndOfText),
        (Some("stop"), None) => Ok(FinishReason::EndOfTextOrStop),
        (Some("length"), _) if request.max_tokens.is_none() => Ok(FinishReason::ContextFull),
        (Some("length"), _) => Ok(FinishReason::MaxTokens),
        (reason, _) => Err(format!("a choice ended for the reason {reason:?}")),
    }
}

/// The names in an answer to `models`.
pub(crate) fn models(value: &Value) -> Result<Vec<String>, String> {
    let models = value["data"].as_array().ok_or("it has no list of models")?;
    Ok(models.iter().filter_map(|model| model["id"].as_str()).map(str::to_owned).collect())
}

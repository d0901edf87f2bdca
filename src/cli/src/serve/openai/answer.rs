//! What the model wrote, in the protocol's shapes: whole, or as server-sent events.

use super::{Kind, refused};
use crate::serve::http::Events;
use futures_util::stream;
use prove_model::{Completion, Event, FinishReason, Generation, Sample, Token, Usage};
use serde_json::{Value, json};
use std::time::{SystemTime, UNIX_EPOCH};

/// What all answers to one request have in common.
pub(super) struct Shape {
    kind: Kind,
    id: String,
    created: u64,
    model: String,
    logprobs: bool,
}

impl Shape {
    pub(super) fn new(kind: Kind, model: String, logprobs: bool) -> Shape {
        let prefix = match kind {
            Kind::Chat => "chatcmpl",
            Kind::Text => "cmpl",
        };
        let created = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        Shape { kind, id: format!("{prefix}-{:032x}", rand::random::<u128>()), created, model, logprobs }
    }

    /// The answer in one piece.
    pub(super) fn whole(&self, completion: &Completion) -> Value {
        let object = match self.kind {
            Kind::Chat => "chat.completion",
            Kind::Text => "text_completion",
        };
        let choices = completion.samples.iter().map(|sample| {
            let mut choice = ended(sample);
            match self.kind {
                Kind::Chat => choice["message"] = json!({"role": "assistant", "content": sample.text}),
                Kind::Text => choice["text"] = json!(sample.text),
            }
            choice["logprobs"] = if self.logprobs { self.logprobs(&sample.tokens) } else { Value::Null };
            choice
        });
        let mut answer = self.object(object, choices.collect());
        answer["usage"] = usage(&completion.usage);
        answer
    }

    /// The answer in pieces, as they are written.
    pub(super) fn stream(self, generation: Generation, with_usage: bool) -> Events {
        enum State {
            Running(Box<Generation>),
            Last,
            Over,
        }
        let events = stream::unfold((self, State::Running(Box::new(generation))), move |(shape, state)| async move {
            let mut generation = match state {
                State::Running(generation) => generation,
                State::Last => return Some(("[DONE]".to_owned(), (shape, State::Over))),
                State::Over => return None,
            };
            let piece = loop {
                match generation.next().await {
                    Some(Ok(Event::Text { sample, text })) => break shape.piece(sample, &text),
                    Some(Ok(Event::Sample(sample))) => break shape.end(&sample),
                    Some(Ok(Event::Done(used))) if with_usage => {
                        let mut last = shape.object(shape.piece_object(), Vec::new());
                        last["usage"] = usage(&used);
                        return Some((last.to_string(), (shape, State::Last)));
                    }
                    Some(Ok(Event::Done(_))) => continue,
                    Some(Err(error)) => return Some((refused(error).value().to_string(), (shape, State::Over))),
                    None => return Some(("[DONE]".to_owned(), (shape, State::Over))),
                }
            };
            Some((piece.to_string(), (shape, State::Running(generation))))
        });
        Box::pin(events)
    }

    fn piece_object(&self) -> &'static str {
        match self.kind {
            Kind::Chat => "chat.completion.chunk",
            Kind::Text => "text_completion",
        }
    }

    fn piece(&self, sample: u32, text: &str) -> Value {
        let mut choice = json!({"index": sample, "finish_reason": null, "logprobs": null});
        match self.kind {
            Kind::Chat => choice["delta"] = json!({"role": "assistant", "content": text}),
            Kind::Text => choice["text"] = json!(text),
        }
        self.object(self.piece_object(), vec![choice])
    }

    fn end(&self, sample: &Sample) -> Value {
        let mut choice = ended(sample);
        match self.kind {
            Kind::Chat => choice["delta"] = json!({}),
            Kind::Text => choice["text"] = json!(""),
        }
        self.object(self.piece_object(), vec![choice])
    }

    fn object(&self, object: &str, choices: Vec<Value>) -> Value {
        json!({"id": self.id, "object": object, "created": self.created, "model": self.model, "choices": choices})
    }

    fn logprobs(&self, tokens: &[Token]) -> Value {
        let named = |token: &Token| token.id.map_or_else(|| "token_id:?".to_owned(), |id| format!("token_id:{id}"));
        match self.kind {
            Kind::Chat => {
                let entry = |token: &Token| json!({"token": named(token), "id": token.id, "logprob": token.logprob, "bytes": null, "top_logprobs": []});
                json!({"content": tokens.iter().map(entry).collect::<Vec<_>>()})
            }
            Kind::Text => json!({
                "tokens": tokens.iter().map(named).collect::<Vec<_>>(),
                "token_logprobs": tokens.iter().map(|token| token.logprob).collect::<Vec<_>>(),
                "top_logprobs": null,
                "text_offset": null,
            }),
        }
    }
}

/// A choice that has ended, without its text. `stop_reason` is vLLM's: the stop string, or null where the model ended by itself.
fn ended(sample: &Sample) -> Value {
    let (finish, stop) = match &sample.finish {
        FinishReason::EndOfText | FinishReason::EndOfTextOrStop => ("stop", None),
        FinishReason::StopString(stop) => ("stop", Some(stop)),
        FinishReason::MaxTokens | FinishReason::ContextFull => ("length", None),
    };
    json!({"index": sample.index, "finish_reason": finish, "stop_reason": stop})
}

fn usage(usage: &Usage) -> Value {
    json!({
        "prompt_tokens": usage.prompt_tokens,
        "completion_tokens": usage.completion_tokens,
        "total_tokens": usage.prompt_tokens + usage.completion_tokens,
        "prompt_tokens_details": {"cached_tokens": usage.cached_tokens},
    })
}

//! `/v1`: the model, as clients of OpenAI-compatible servers ask for it.
//!
//! What is served: `n`, `max_tokens`, `temperature`, `top_p`, `top_k`, `min_p`, `stop`, `seed`, `logit_bias` of -100, `logprobs` of the
//! tokens drawn, `stream` and `continue_final_message`. What would change an answer and is not served is refused by name; what is not
//! known is ignored. Tokens are named `token_id:N`, since a generator tells no more of them.

mod answer;
mod request;

pub(super) use request::{Asked, Kind};

use super::{
    Daemon,
    http::{Answer, Refusal},
};
use answer::Shape;
use prove_model::{Generator, ModelError};
use serde_json::json;
use std::sync::Arc;

/// The model, or the error that there is none.
fn model(daemon: &Daemon) -> Result<&Arc<dyn Generator>, Refusal> {
    let none = || Refusal::unavailable("no model is loaded: start `prove serve` with --model FOLDER or --model URL");
    daemon.agent.model.as_ref().ok_or_else(none)
}

/// The model's name: a folder's last part, or what its server calls it.
fn name(model: &dyn Generator) -> &str {
    let name = model.name().trim_end_matches('/');
    match model.engine_stats() {
        Some(_) => name.rsplit('/').next().unwrap_or(name),
        None => name,
    }
}

/// Answers `/v1/models`.
pub(super) fn models(daemon: &Daemon) -> Result<Answer, Refusal> {
    let model = model(daemon)?;
    let entry = json!({"id": name(&**model), "object": "model", "created": daemon.started, "owned_by": "prove"});
    Ok(Answer::Json(json!({"object": "list", "data": [entry]})))
}

/// Answers `/v1/chat/completions` and `/v1/completions`.
pub(super) async fn complete(daemon: &Daemon, kind: Kind, asked: Asked) -> Result<Answer, Refusal> {
    let model = model(daemon)?;
    let name = name(&**model).to_owned();
    if let Some(wanted) = asked.model.as_ref().filter(|wanted| **wanted != name) {
        return Err(Refusal::not_found(format!("there is no model {wanted:?}; this is {name:?}")));
    }
    let (stream, with_usage) = (asked.stream(), asked.wants_usage());
    let request = asked.request(kind)?;
    let shape = Shape::new(kind, name, request.logprobs);
    let generation = model.generate(request).await.map_err(refused)?;
    match stream {
        true => Ok(Answer::Events(shape.stream(generation, with_usage))),
        false => generation.complete().await.map(|completion| Answer::Json(shape.whole(&completion))).map_err(refused),
    }
}

/// What is wrong with a request is the client's to mend; the rest is ours.
fn refused(error: ModelError) -> Refusal {
    use ModelError::{Busy, OverBudget, PromptTooLong, Remote, Request, Stopped, Template};
    match error {
        Request { .. } | PromptTooLong { .. } | OverBudget { .. } | Template(_) => Refusal::bad(error.to_string()),
        Busy | Stopped | Remote { .. } => Refusal::unavailable(error.to_string()),
        _ => Refusal::fault(error.to_string()),
    }
}

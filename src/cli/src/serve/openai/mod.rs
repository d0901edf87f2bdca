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
fn model(daemon: &Daemon) -> Result<(&Arc<dyn Generator>, &str), Refusal> {
    let none = || Refusal::unavailable("no model is loaded: start `prove serve` with --model bundled, a folder or a server's address");
    daemon.agent.model.as_ref().zip(daemon.model_name.as_deref()).ok_or_else(none)
}

/// The model's name: what it is called on the command line, of a folder the last part, of a server's model what that calls it.
pub(super) fn name(asked: &str, model: &dyn Generator) -> String {
    match model.engine_stats() {
        Some(_) => asked.trim_end_matches('/').rsplit('/').next().unwrap_or(asked).to_owned(),
        None => model.name().to_owned(),
    }
}

/// Answers `/v1/models`.
pub(super) fn models(daemon: &Daemon) -> Result<Answer, Refusal> {
    let (_, name) = model(daemon)?;
    let entry = json!({"id": name, "object": "model", "created": daemon.started, "owned_by": "prove"});
    Ok(Answer::Json(json!({"object": "list", "data": [entry]})))
}

/// Answers `/v1/chat/completions` and `/v1/completions`.
pub(super) async fn complete(daemon: &Daemon, kind: Kind, asked: Asked) -> Result<Answer, Refusal> {
    let (model, name) = model(daemon)?;
    if let Some(wanted) = asked.model.as_ref().filter(|wanted| *wanted != name) {
        return Err(Refusal::not_found(format!("there is no model {wanted:?}; this is {name:?}")));
    }
    let (stream, with_usage) = (asked.stream(), asked.wants_usage());
    let request = asked.request(kind)?;
    let shape = Shape::new(kind, name.to_owned(), request.logprobs);
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

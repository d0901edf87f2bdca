//! Requests and answers as bytes: bodies of a limited length that come in a limited time, JSON, and errors in one form.
//!
//! An error's body is OpenAI's: `{"error": {"message": …, "type": …, "code": …}}`, `code` being the status.

use futures_util::{Stream, StreamExt};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited, StreamBody, combinators::UnsyncBoxBody};
use hyper::{
    Response, StatusCode,
    body::{Bytes, Frame, Incoming},
    header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue, WWW_AUTHENTICATE},
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::{convert::Infallible, pin::Pin, time::Duration};

/// The longest body that is read, in bytes.
const LONGEST_BODY: usize = 8 << 20;

/// What goes back to the client.
pub(super) type Reply = Response<UnsyncBoxBody<Bytes, Infallible>>;

/// The data of one server-sent event after the other.
pub(super) type Events = Pin<Box<dyn Stream<Item = String> + Send>>;

/// An answer to a request that was understood.
pub(super) enum Answer {
    Json(Value),
    Events(Events),
}

impl Answer {
    pub(super) fn into_reply(self) -> Reply {
        match self {
            Answer::Json(value) => reply(StatusCode::OK, &value),
            Answer::Events(events) => {
                let frames = events.map(|data| Ok(Frame::data(Bytes::from(format!("data: {data}\n\n")))));
                let mut reply = Response::new(StreamBody::new(frames).boxed_unsync());
                reply.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
                reply.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
                reply
            }
        }
    }
}

/// Why a request is not served.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    kind: &'static str,
    message: String,
}

impl Refusal {
    fn new(status: StatusCode, kind: &'static str, message: impl Into<String>) -> Refusal {
        Refusal { status, kind, message: message.into() }
    }

    /// The request asks for what cannot be.
    pub(super) fn bad(message: impl Into<String>) -> Refusal {
        Refusal::new(StatusCode::BAD_REQUEST, "invalid_request_error", message)
    }

    pub(super) fn not_found(message: impl Into<String>) -> Refusal {
        Refusal::new(StatusCode::NOT_FOUND, "not_found_error", message)
    }

    /// What is asked for is not there now.
    pub(super) fn unavailable(message: impl Into<String>) -> Refusal {
        Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable_error", message)
    }

    /// The machinery failed.
    pub(super) fn fault(message: impl Into<String>) -> Refusal {
        Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "server_error", message)
    }

    pub(super) fn unauthorised() -> Refusal {
        let message = "send the header `Authorization: Bearer TOKEN`, with the token in the file that `prove serve` named when it started";
        Refusal::new(StatusCode::UNAUTHORIZED, "authentication_error", message)
    }

    /// The error object.
    pub(super) fn value(&self) -> Value {
        json!({"error": {"message": self.message, "type": self.kind, "code": self.status.as_u16()}})
    }

    pub(super) fn into_reply(self) -> Reply {
        let mut reply = reply(self.status, &self.value());
        if self.status == StatusCode::UNAUTHORIZED {
            reply.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        reply
    }
}

fn reply(status: StatusCode, value: &Value) -> Reply {
    let mut reply = Response::new(Full::new(Bytes::from(value.to_string())).boxed_unsync());
    *reply.status_mut() = status;
    reply.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    reply
}

/// Reads a body as JSON.
pub(super) async fn json<T: DeserializeOwned>(body: Incoming, patience: Duration) -> Result<T, Refusal> {
    let whole = tokio::time::timeout(patience, Limited::new(body, LONGEST_BODY).collect()).await;
    let Ok(whole) = whole else {
        let message = format!("the body did not come within {} s", patience.as_secs());
        return Err(Refusal::new(StatusCode::REQUEST_TIMEOUT, "invalid_request_error", message));
    };
    let bytes = whole.map_err(|error| match error.downcast_ref::<LengthLimitError>() {
        Some(_) => {
            let message = format!("the body has more than {LONGEST_BODY} bytes; send smaller batches");
            Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "invalid_request_error", message)
        }
        None => Refusal::bad(format!("the body broke off: {error}")),
    })?;
    serde_json::from_slice(&bytes.to_bytes()).map_err(|error| Refusal::bad(format!("the body is not as it should be: {error}")))
}

//! JSON-RPC messages: those we send, and those a frame from the server can hold.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// A message from the server, its content not yet looked at.
#[derive(Debug)]
pub enum Incoming {
    /// The answer to a request of ours.
    Response {
        /// The request's identifier.
        id: String,
        /// Its result, or the server's error.
        result: Result<Box<RawValue>, ResponseError>,
    },
    /// A notification.
    Notification {
        /// The method.
        method: String,
        /// The parameters.
        params: Option<Box<RawValue>>,
    },
    /// A request of the server to us. A worker asks only for refreshes of the editor's view, and ignores the answer.
    Request {
        /// The method.
        method: String,
    },
}

/// The error of a failed request.
#[derive(Clone, Debug, Deserialize, thiserror::Error)]
#[error("{message} (code {code})")]
pub struct ResponseError {
    /// The protocol's error code.
    pub code: i64,
    /// What went wrong.
    pub message: String,
}

/// Why a frame is no message.
#[derive(Debug, thiserror::Error)]
pub enum MessageError {
    /// No JSON object with fields of the right types.
    #[error("not a JSON-RPC message: {0}")]
    Json(#[from] serde_json::Error),
    /// An object that is neither a request, nor a notification, nor a response.
    #[error("a JSON object without method, result or error")]
    Shape,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Id {
    Number(i64),
    Text(String),
}

#[derive(Deserialize)]
struct Envelope {
    #[serde(default)]
    id: Option<Id>,
    #[serde(default)]
    method: Option<String>,
    #[serde(default)]
    params: Option<Box<RawValue>>,
    /// Present and `null` is a result too, which an `Option` would not tell from an absent one.
    #[serde(default, deserialize_with = "present")]
    result: Option<Box<RawValue>>,
    #[serde(default)]
    error: Option<ResponseError>,
}

fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Box<RawValue>>, D::Error> {
    Box::<RawValue>::deserialize(deserializer).map(Some)
}

impl Incoming {
    /// The message in a frame's payload.
    pub fn decode(payload: &[u8]) -> Result<Incoming, MessageError> {
        let Envelope { id, method, params, result, error } = serde_json::from_slice(payload)?;
        let id = id.map(|id| match id {
            Id::Number(n) => n.to_string(),
            Id::Text(text) => text,
        });
        match (method, id, result, error) {
            (Some(method), None, ..) => Ok(Incoming::Notification { method, params }),
            (Some(method), Some(_), ..) => Ok(Incoming::Request { method }),
            (None, Some(id), _, Some(error)) => Ok(Incoming::Response { id, result: Err(error) }),
            (None, Some(id), Some(result), None) => Ok(Incoming::Response { id, result: Ok(result) }),
            _ => Err(MessageError::Shape),
        }
    }
}

#[derive(Serialize)]
struct Outgoing<'a, P> {
    jsonrpc: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    method: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    params: Option<P>,
}

/// The payload of a request.
pub fn request<P: Serialize>(id: &str, method: &str, params: P) -> serde_json::Result<Vec<u8>> {
    serde_json::to_vec(&Outgoing { jsonrpc: "2.0", id: Some(id), method, params: Some(params) })
}

/// The payload of a notification.
pub fn notification<P: Serialize>(method: &str, params: Option<P>) -> serde_json::Result<Vec<u8>> {
    serde_json::to_vec(&Outgoing { jsonrpc: "2.0", id: None, method, params })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn tells_the_kinds_of_messages_apart() {
        let kind = |text: &str| match Incoming::decode(text.as_bytes()) {
            Ok(Incoming::Response { id, result: Ok(result) }) => format!("result {id} {result}"),
            Ok(Incoming::Response { id, result: Err(error) }) => format!("error {id} {error}"),
            Ok(Incoming::Notification { method, .. }) => format!("notification {method}"),
            Ok(Incoming::Request { method }) => format!("request {method}"),
            Err(_) => "bad".to_owned(),
        };
        assert_eq!(kind(r#"{"jsonrpc":"2.0","id":"a-1","result":null}"#), "result a-1 null");
        assert_eq!(kind(r#"{"id":7,"result":{"goals":[]}}"#), r#"result 7 {"goals":[]}"#);
        assert_eq!(kind(r#"{"id":7,"error":{"code":-32801,"message":"changed"}}"#), "error 7 changed (code -32801)");
        assert_eq!(kind(r#"{"method":"$/lean/fileProgress","params":{}}"#), "notification $/lean/fileProgress");
        assert_eq!(
            kind(r#"{"id":0,"method":"workspace/semanticTokens/refresh","params":null}"#),
            "request workspace/semanticTokens/refresh"
        );
        for bad in [
            "",
            "null",
            "[]",
            "{}",
            r#"{"id":1}"#,
            r#"{"result":1}"#,
            r#"{"id":{},"result":1}"#,
            "\u{feff}{}",
            "{\"id\":1,",
            r#"{"method":3}"#,
        ] {
            assert_eq!(kind(bad), "bad", "{bad}");
        }
        let deep = format!(r#"{{"id":1,"result":{}1{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
        assert!(kind(&deep).starts_with("result 1"), "depth costs no stack while nobody looks inside");
    }

    #[test]
    fn a_notification_without_parameters_has_no_such_field() {
        let payload = notification::<()>("exit", None).unwrap();
        assert_eq!(payload, br#"{"jsonrpc":"2.0","method":"exit"}"#);
    }

    proptest! {
        #[test]
        fn any_payload_is_survived(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = Incoming::decode(&bytes);
        }
    }
}

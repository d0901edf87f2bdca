//! Messages: looked at from outside, and made.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json, value::RawValue};
use std::borrow::Cow;

/// What a message is, its content not yet looked at.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Envelope<'a> {
    #[serde(default, borrow)]
    id: Option<&'a RawValue>,
    #[serde(default, borrow)]
    pub(crate) method: Option<Cow<'a, str>>,
    #[serde(default, borrow)]
    params: Option<&'a RawValue>,
    #[serde(default, borrow)]
    result: Option<&'a RawValue>,
    #[serde(default, borrow)]
    error: Option<&'a RawValue>,
}

impl<'a> Envelope<'a> {
    /// Reads a payload. What is no message has neither method nor identifier.
    pub(crate) fn read(payload: &'a [u8]) -> Envelope<'a> {
        serde_json::from_slice(payload).unwrap_or_default()
    }

    /// The identifier as JSON, so that numbers and strings differ, in the one way that we write it: Neovim writes `"a\/b"` for `"a/b"`.
    pub(crate) fn id(&self) -> Option<String> {
        self.id.map(|id| raw(id.get()).to_string())
    }

    /// The method, empty for a response.
    pub(crate) fn method(&self) -> &str {
        self.method.as_deref().unwrap_or("")
    }

    /// The parameters as they are written.
    pub(crate) fn params(&self) -> &'a str {
        self.params.map_or("null", RawValue::get)
    }

    /// The parameters.
    pub(crate) fn params_value(&self) -> Value {
        serde_json::from_str(self.params()).unwrap_or_default()
    }

    /// The result of a response that is no error.
    pub(crate) fn result(&self) -> Option<&'a str> {
        match self.error {
            Some(_) => None,
            None => Some(self.result.map_or("null", RawValue::get)),
        }
    }
}

/// The protocol's codes of errors used here.
pub(crate) mod code {
    /// The server does not know the method.
    pub(crate) const METHOD_NOT_FOUND: i64 = -32601;
    /// The parameters make no sense.
    pub(crate) const INVALID_PARAMS: i64 = -32602;
    /// Something went wrong inside.
    pub(crate) const INTERNAL: i64 = -32603;
    /// The first message was no `initialize`.
    pub(crate) const NOT_INITIALIZED: i64 = -32002;
    /// Cancelled by the client.
    pub(crate) const CANCELLED: i64 = -32800;
    /// The answer is of no use any more; editors drop it and ask again.
    pub(crate) const CONTENT_MODIFIED: i64 = -32801;
    /// Lean's own: the worker of a document has crashed.
    pub(crate) const WORKER_CRASHED: i64 = -32902;
}

/// A notification.
pub(crate) fn notification(method: &str, params: impl Serialize) -> Vec<u8> {
    bytes(&json!({"jsonrpc": "2.0", "method": method, "params": json!(params)}))
}

/// A request whose identifier is this string.
pub(crate) fn request(id: &str, method: &str, params: impl Serialize) -> Vec<u8> {
    bytes(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": json!(params)}))
}

/// The answer to a request with this identifier, as [`Envelope::id`] has it.
pub(crate) fn response(id: &str, result: Value) -> Vec<u8> {
    bytes(&json!({"jsonrpc": "2.0", "id": raw(id), "result": result}))
}

/// The refusal of such a request.
pub(crate) fn refusal(id: &str, code: i64, message: &str) -> Vec<u8> {
    bytes(&json!({"jsonrpc": "2.0", "id": raw(id), "error": {"code": code, "message": message}}))
}

fn raw(id: &str) -> Value {
    serde_json::from_str(id).unwrap_or_default()
}

pub(crate) fn bytes(message: &Value) -> Vec<u8> {
    message.to_string().into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_keep_their_kind() {
        let of = |text: &'static str| Envelope::read(text.as_bytes()).id();
        assert_eq!((of(r#"{"id": 7}"#).as_deref(), of(r#"{"id":"7"}"#).as_deref()), (Some("7"), Some("\"7\"")));
        assert_eq!((of(r#"{"id":"a\/\u0062"}"#).as_deref(), of(r#"{"id":null}"#), of("[1")), (Some("\"a/b\""), None, None));
        assert_eq!(response("\"7\"", json!(null)), br#"{"id":"7","jsonrpc":"2.0","result":null}"#);
        assert_eq!(response("7", json!(1)), br#"{"id":7,"jsonrpc":"2.0","result":1}"#);
    }

    #[test]
    fn a_result_is_none_only_for_errors() {
        let of = |text: &'static str| Envelope::read(text.as_bytes()).result();
        assert_eq!((of(r#"{"id":1,"result":null}"#), of(r#"{"id":1,"error":{"code":1}}"#)), (Some("null"), None));
    }
}

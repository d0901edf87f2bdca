//! No Lean behind the proxy: the editor's Lean extension has its own server, and this one is asked for code actions only.

use crate::{
    envelope::{Envelope, code, refusal, response},
    pipe::Unsent,
};
use serde_json::{Value, json};
use tokio::sync::mpsc::Sender;

pub(crate) async fn serve(mut from_editor: Unsent, to_editor: Sender<Vec<u8>>) {
    while let Some(payload) = from_editor.next().await {
        let message = Envelope::read(&payload);
        let Some(id) = message.id().filter(|_| message.method.is_some()) else {
            if message.method() == "exit" {
                return;
            }
            continue;
        };
        let answer = match message.method() {
            "initialize" => response(
                &id,
                json!({
                    "capabilities": {"textDocumentSync": {"openClose": true, "change": 2}},
                    "serverInfo": {"name": "prove", "version": env!("CARGO_PKG_VERSION")},
                }),
            ),
            "shutdown" | "textDocument/codeAction" => response(&id, Value::Null),
            other => refusal(&id, code::METHOD_NOT_FOUND, &format!("{other} is for the editor's own Lean server")),
        };
        if to_editor.send(answer).await.is_err() {
            return;
        }
    }
}

//! A language-server worker that says about each text what [`honest_message`] says, unless its script has a fault for it.

use crate::script::{claim, claim_start, hang, honest_message, is_bad, kill_self, stop_self};
use serde_json::{Value, json};
use std::{
    io::{BufRead, Read, Stdin, Write},
    time::Duration,
};

/// The document as last sent.
#[derive(Default)]
struct Document {
    uri: Value,
    version: i64,
    text: String,
    /// The fault that this version's text asked for.
    fault: String,
}

pub(crate) fn play() -> ! {
    match claim_start().as_deref() {
        Some("kill") => kill_self(),
        Some("exit") => std::process::exit(0),
        Some("stop") => stop_self(),
        Some("garbage") => flood(),
        Some("slow") => std::thread::sleep(Duration::from_millis(100)),
        _ => {}
    }
    let mut document = Document::default();
    while let Some(message) = read_message(&std::io::stdin()) {
        let params = &message["params"];
        match message["method"].as_str().unwrap_or("") {
            "textDocument/didOpen" => {
                let sent = &params["textDocument"];
                document = Document::new(&sent["uri"], &sent["version"], &sent["text"]);
                document.publish();
            }
            "textDocument/didChange" => {
                let sent = &params["textDocument"];
                document = Document::new(&sent["uri"], &sent["version"], &params["contentChanges"][0]["text"]);
                document.publish();
            }
            "textDocument/waitForDiagnostics" => document.answer(&message["id"]),
            "$/lean/plainGoal" => document.goals(&message["id"]),
            _ => {}
        }
    }
    std::process::exit(0)
}

impl Document {
    fn new(uri: &Value, version: &Value, text: &Value) -> Document {
        let text = text.as_str().unwrap_or("").to_owned();
        let fault = claim(&text).unwrap_or_default();
        Document { uri: uri.clone(), version: version.as_i64().unwrap_or(0), text, fault }
    }

    fn diagnostics(&self, version: i64, diagnostics: Value) -> Value {
        let params = json!({"uri": self.uri, "version": version, "diagnostics": diagnostics});
        json!({"jsonrpc": "2.0", "method": "textDocument/publishDiagnostics", "params": params})
    }

    fn honest(&self) -> Value {
        let place = json!({"line": 0, "character": 0});
        let severity = if is_bad(&self.text) { 1 } else { 3 };
        let found = json!({"range": {"start": place, "end": place}, "severity": severity, "message": honest_message(&self.text)});
        self.diagnostics(self.version, json!([found]))
    }

    /// What is sent when a text has arrived.
    fn publish(&self) {
        let empty = self.diagnostics(self.version, json!([]));
        match self.fault.as_str() {
            "kill_at_text" => kill_self(),
            "exit_zero" => std::process::exit(0),
            "stop" => stop_self(),
            "hang" => hang(),
            "kill_in_frame" => {
                write_half(&self.honest());
                kill_self()
            }
            "exit_in_frame" => {
                write_half(&self.honest());
                std::process::exit(0)
            }
            "drip" => frame(&self.honest()).iter().for_each(|byte| {
                write(&[*byte]);
                std::thread::sleep(Duration::from_millis(20));
            }),
            "close_stdout" => close_stdout(),
            "garbage_flood" => flood(),
            "oversized_frame" => write(b"Content-Length: 99999999999\r\n\r\n{"),
            "bad_json" => write(b"Content-Length: 9\r\n\r\n{\"id\": 1,"),
            "wrong_shape" => send(&self.diagnostics(self.version, json!("none"))),
            "early_clean_then_death" => {
                send(&empty);
                kill_self()
            }
            "early_clean_then_silence" => {
                send(&empty);
                hang()
            }
            "stale_version" => send(&self.diagnostics(self.version - 1, json!([]))),
            "future_version" => send(&self.diagnostics(self.version + 1, json!([]))),
            "other_document" => {
                let other = Document { uri: json!("file:///other.lean"), ..Document::default() };
                send(&other.diagnostics(self.version, json!([])));
            }
            "no_diagnostics" => {}
            "bloat" => {
                let mut hoard = vec![1_u8; 700 << 20];
                std::hint::black_box(&mut hoard);
                hang()
            }
            "grandchild" => {
                let _ = std::process::Command::new("sleep").arg("600").spawn();
                kill_self()
            }
            "garbage_lines" => {
                write(b"[DEBUG] about to elaborate\ncontent-length: many\r\n\r\n\xff\xfe\n");
                send(&self.honest());
            }
            "stale_then_honest" => {
                send(&self.diagnostics(self.version - 1, json!([])));
                send(&self.honest());
                send(&self.diagnostics(self.version - 1, json!([])));
            }
            _ => {
                send(&empty);
                send(&self.honest());
                if self.fault == "duplicate_diagnostics" {
                    send(&self.honest());
                }
            }
        }
    }

    /// The end of this version's elaboration.
    fn answer(&self, id: &Value) {
        let answer = json!({"jsonrpc": "2.0", "id": id, "result": {}});
        match self.fault.as_str() {
            "kill_before_answer" => kill_self(),
            "kill_in_answer" => {
                write_half(&answer);
                kill_self()
            }
            "wrong_id" => send(&json!({"jsonrpc": "2.0", "id": "0", "result": {}})),
            "null_id" => send(&json!({"jsonrpc": "2.0", "id": null, "result": {}})),
            "error_answer" => send(&json!({"jsonrpc": "2.0", "id": id, "error": {"code": -32801, "message": "content modified"}})),
            "no_answer" => {}
            "duplicate_answer" => {
                send(&answer);
                send(&answer);
            }
            "kill_after_answer" => {
                send(&answer);
                kill_self()
            }
            _ => send(&answer),
        }
    }

    fn goals(&self, id: &Value) {
        let answer = json!({"jsonrpc": "2.0", "id": id, "result": {"goals": [format!("⊢ {}", honest_message(&self.text))]}});
        match self.fault.as_str() {
            "kill_at_goals" => kill_self(),
            "kill_after_goals" => {
                send(&answer);
                kill_self()
            }
            "duplicate_goals" => {
                send(&answer);
                send(&answer);
            }
            _ => send(&answer),
        }
    }
}

fn read_message(stdin: &Stdin) -> Option<Value> {
    let mut stdin = stdin.lock();
    let mut length = None;
    loop {
        let mut line = String::new();
        if stdin.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line.trim().is_empty() {
            break;
        }
        length = line.strip_prefix("Content-Length:").and_then(|length| length.trim().parse::<usize>().ok()).or(length);
    }
    let mut payload = vec![0; length?];
    stdin.read_exact(&mut payload).ok()?;
    serde_json::from_slice(&payload).ok()
}

fn frame(message: &Value) -> Vec<u8> {
    let payload = message.to_string();
    format!("Content-Length: {}\r\n\r\n{payload}", payload.len()).into_bytes()
}

fn send(message: &Value) {
    write(&frame(message));
}

fn write_half(message: &Value) {
    let frame = frame(message);
    write(&frame[..frame.len() - frame.len() / 3]);
}

pub(crate) fn write(bytes: &[u8]) {
    let mut stdout = std::io::stdout().lock();
    if stdout.write_all(bytes).and_then(|()| stdout.flush()).is_err() {
        std::process::exit(1);
    }
}

/// More garbage than any reader should wait through, without end.
pub(crate) fn flood() -> ! {
    loop {
        write(&[b'x'; 64 << 10]);
    }
}

/// Ends the output and lives on.
pub(crate) fn close_stdout() -> ! {
    // SAFETY: nothing in this process uses the descriptor afterwards; it hangs until it is killed.
    drop(unsafe { <std::fs::File as std::os::fd::FromRawFd>::from_raw_fd(1) });
    hang()
}

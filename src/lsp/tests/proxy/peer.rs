//! A server that tells the editor every payload it was sent, as it came, and does as it is told besides.

use serde_json::{Value, json};
use std::{
    io::{BufRead, Write},
    process::ExitCode,
};

/// The variable that makes this program a server. Its value marks the test's processes.
pub(crate) const PEER: &str = "PROVE_TEST_LSP_PEER";

pub(crate) fn play() -> ExitCode {
    let mut input = std::io::stdin().lock();
    let mut dies_at_shutdown = false;
    while let Some(payload) = read(&mut input) {
        let text = String::from_utf8_lossy(&payload).into_owned();
        let message: Value = serde_json::from_str(&text).unwrap_or_default();
        say(json!({"jsonrpc": "2.0", "method": "peer/got", "params": text}).to_string().as_bytes());
        let params = &message["params"];
        match message["method"].as_str().unwrap_or("") {
            "initialize" => answer(&message, json!({"capabilities": {"hoverProvider": true}})),
            "peer/say" => params.as_array().into_iter().flatten().filter_map(Value::as_str).for_each(|text| say(text.as_bytes())),
            "peer/die" => return ExitCode::from(3),
            "peer/die_at_shutdown" => dies_at_shutdown = true,
            "shutdown" if dies_at_shutdown => return ExitCode::from(4),
            "peer/hang" => loop {
                std::thread::park();
            },
            "peer/flood" => {
                for number in 0..params["count"].as_u64().unwrap_or(0) {
                    let filler = "𝔸".repeat(params["size"].as_u64().unwrap_or(0) as usize);
                    say(json!({"method": "peer/drop", "params": {"number": number, "filler": filler}}).to_string().as_bytes());
                }
            }
            "textDocument/codeAction" => answer(&message, json!([{"title": "Lean's own"}])),
            "shutdown" => answer(&message, Value::Null),
            "exit" => return ExitCode::SUCCESS,
            _ => {}
        }
    }
    ExitCode::SUCCESS
}

fn answer(request: &Value, result: Value) {
    say(json!({"jsonrpc": "2.0", "id": request["id"], "result": result}).to_string().as_bytes());
}

fn read(input: &mut impl BufRead) -> Option<Vec<u8>> {
    let mut length = None;
    loop {
        let mut line = String::new();
        if input.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end() {
            "" => break,
            line => length = line.strip_prefix("Content-Length: ").and_then(|n| n.parse().ok()).or(length),
        }
    }
    let mut payload = vec![0; length?];
    input.read_exact(&mut payload).ok()?;
    Some(payload)
}

fn say(payload: &[u8]) {
    let mut out = std::io::stdout().lock();
    let written = write!(out, "Content-Length: {}\r\n\r\n", payload.len()).and_then(|()| out.write_all(payload)).and_then(|()| out.flush());
    if written.is_err() {
        std::process::exit(1);
    }
}

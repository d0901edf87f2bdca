//! The least that can drive a warm Lean: the language-server worker behind blocking pipes, with no queue, no limits and no care.
//! What the pool costs is measured against it.

use super::SpeedError;
use prove_lean::LeanCommand;
use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader, Read, Write},
    process::{Child, ChildStdin, ChildStdout, Stdio},
};

const DOCUMENT: &str = "file:///raw/Raw.lean";

pub(super) struct RawWorker {
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    version: u64,
}

impl RawWorker {
    /// Starts it and elaborates `text`.
    pub(super) fn start(lean: &LeanCommand, text: &str) -> Result<RawWorker, SpeedError> {
        let command = lean.clone().args(["--worker", "-Dserver.reportDelayMs=0"]);
        let mut child = command.to_command().stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else { return Err(SpeedError::Raw("it has no pipes")) };
        let mut worker = RawWorker { child, stdin, stdout: BufReader::new(stdout), version: 1 };
        worker.send(json!({ "jsonrpc": "2.0", "id": "start", "method": "initialize", "params": { "capabilities": {} } }))?;
        let document = json!({ "uri": DOCUMENT, "languageId": "lean4", "version": 1, "text": text });
        let params = json!({ "textDocument": document, "dependencyBuildMode": "never" });
        worker.send(json!({ "jsonrpc": "2.0", "method": "textDocument/didOpen", "params": params }))?;
        worker.finish()?;
        Ok(worker)
    }

    /// Elaborates `text` in place of what it had.
    pub(super) fn check(&mut self, text: &str) -> Result<(), SpeedError> {
        self.version += 1;
        let params = json!({ "textDocument": { "uri": DOCUMENT, "version": self.version }, "contentChanges": [{ "text": text }] });
        self.send(json!({ "jsonrpc": "2.0", "method": "textDocument/didChange", "params": params }))?;
        self.finish()
    }

    fn finish(&mut self) -> Result<(), SpeedError> {
        let params = json!({ "uri": DOCUMENT, "version": self.version });
        let method = "textDocument/waitForDiagnostics";
        self.send(json!({ "jsonrpc": "2.0", "id": self.version, "method": method, "params": params }))?;
        loop {
            let message = self.receive()?;
            if message["id"] == self.version {
                return Ok(());
            }
        }
    }

    fn send(&mut self, message: Value) -> Result<(), SpeedError> {
        let body = message.to_string();
        write!(self.stdin, "Content-Length: {}\r\n\r\n{body}", body.len())?;
        Ok(self.stdin.flush()?)
    }

    fn receive(&mut self) -> Result<Value, SpeedError> {
        let mut length = None;
        loop {
            let mut line = String::new();
            if self.stdout.read_line(&mut line)? == 0 {
                return Err(SpeedError::Raw("its output ended"));
            }
            match line.trim_end().split_once(": ") {
                Some(("Content-Length", n)) => length = n.parse().ok(),
                Some(_) => {}
                None => break,
            }
        }
        let mut body = vec![0; length.ok_or(SpeedError::Raw("a message has no length"))?];
        self.stdout.read_exact(&mut body)?;
        serde_json::from_slice(&body).map_err(|_| SpeedError::Raw("a message is not JSON"))
    }
}

impl Drop for RawWorker {
    fn drop(&mut self) {
        // It fails only where the process has ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

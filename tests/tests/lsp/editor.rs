//! An editor: it starts `prove lsp`, keeps documents, and makes the edits that it is asked to make.

use crate::PROVE;
use prove_lsp::{Position, offset_at, position_at};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Read, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::mpsc::{Receiver, Sender, channel},
    time::{Duration, Instant},
};

/// How long anything may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// A running `prove lsp` and the documents open in it.
pub(crate) struct Editor {
    pub(crate) child: Child,
    input: Option<ChildStdin>,
    messages: Receiver<Value>,
    unread: Vec<Value>,
    documents: HashMap<String, (i64, String)>,
    asked: u64,
}

impl Editor {
    /// An editor for whoever gives `prove lsp` these arguments.
    pub(crate) fn start(arguments: &[&str]) -> Editor {
        Editor::run(Command::new(PROVE).args(["lsp", "--model", "none"]).args(arguments))
    }

    /// An editor with this server.
    pub(crate) fn run(server: &mut Command) -> Editor {
        let mut child = server.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().expect("prove starts");
        let (sender, messages) = channel();
        let output = child.stdout.take().expect("a pipe");
        std::thread::spawn(move || read(output, &sender));
        let input = child.stdin.take();
        let mut editor = Editor { child, input, messages, unread: Vec::new(), documents: HashMap::new(), asked: 0 };
        let capabilities = json!({
            "workspace": {"applyEdit": true, "workspaceEdit": {"documentChanges": true}},
            "window": {"workDoneProgress": true},
            "experimental": {"proveTree": true},
        });
        let answer = editor.request("initialize", json!({"processId": std::process::id(), "rootUri": null, "capabilities": capabilities}));
        assert!(
            answer["capabilities"]["executeCommandProvider"]["commands"].as_array().is_some_and(|c| c.contains(&json!("prove.prove"))),
            "{answer}"
        );
        editor.notify("initialized", json!({}));
        editor
    }

    pub(crate) fn send(&mut self, mut message: Value) {
        message["jsonrpc"] = json!("2.0");
        let payload = message.to_string();
        let input = self.input.as_mut().expect("the editor is there");
        write!(input, "Content-Length: {}\r\n\r\n{payload}", payload.len()).and_then(|()| input.flush()).expect("prove reads");
    }

    pub(crate) fn notify(&mut self, method: &str, params: Value) {
        self.send(json!({"method": method, "params": params}));
    }

    /// Sends a request; the answer is for [`Editor::answer`].
    pub(crate) fn ask(&mut self, method: &str, params: Value) -> u64 {
        self.asked += 1;
        self.send(json!({"id": self.asked, "method": method, "params": params}));
        self.asked
    }

    pub(crate) fn answer(&mut self, id: u64) -> Value {
        self.wait(|message| message["id"] == id && message.get("method").is_none())
    }

    /// The result of a request, which must not fail.
    pub(crate) fn request(&mut self, method: &str, params: Value) -> Value {
        let id = self.ask(method, params);
        let answer = self.answer(id);
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].clone()
    }

    /// Waits for a message, makes edits that it is asked to make meanwhile, and keeps the rest.
    pub(crate) fn wait(&mut self, is: impl Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.unread.iter().position(&is) {
            return self.unread.remove(at);
        }
        let deadline = Instant::now() + PATIENCE;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let message = self.messages.recv_timeout(left).expect("prove says something in time");
            if message["method"] == "workspace/applyEdit" {
                let applied = self.apply(&message["params"]["edit"]["documentChanges"]);
                self.send(json!({"id": message["id"], "result": {"applied": applied}}));
            } else if message.get("method").is_some() && message.get("id").is_some() {
                self.send(json!({"id": message["id"], "result": null}));
            }
            if is(&message) {
                return message;
            }
            self.unread.push(message);
        }
    }

    pub(crate) fn open(&mut self, uri: &str, text: &str) {
        self.documents.insert(uri.to_owned(), (1, text.to_owned()));
        let document = json!({"uri": uri, "languageId": "lean4", "version": 1, "text": text});
        self.notify("textDocument/didOpen", json!({"textDocument": document}));
    }

    pub(crate) fn text(&self, uri: &str) -> &str {
        &self.documents[uri].1
    }

    /// The bytes become this text, on the screen and for the server.
    pub(crate) fn edit(&mut self, uri: &str, range: std::ops::Range<usize>, new: &str) {
        let (version, text) = self.documents.get_mut(uri).expect("it is open");
        *version += 1;
        let change = json!({"range": {"start": position_at(text, range.start), "end": position_at(text, range.end)}, "text": new});
        let document = json!({"uri": uri, "version": version});
        text.replace_range(range, new);
        self.notify("textDocument/didChange", json!({"textDocument": document, "contentChanges": [change]}));
    }

    /// Makes versioned edits, or none if they are for another version.
    fn apply(&mut self, changes: &Value) -> bool {
        for change in changes.as_array().expect("versioned changes") {
            let uri = change["textDocument"]["uri"].as_str().expect("an address").to_owned();
            let (version, text) = &self.documents[&uri];
            if change["textDocument"]["version"] != *version {
                return false;
            }
            let edits = change["edits"].as_array().expect("edits");
            assert_eq!(edits.len(), 1, "one edit, and nothing else of the file");
            let place = |end: &str| -> Position { serde_json::from_value(edits[0]["range"][end].clone()).expect("a position") };
            let range = offset_at(text, place("start"))..offset_at(text, place("end"));
            let new = edits[0]["newText"].as_str().expect("a text").to_owned();
            self.edit(&uri, range, &new);
        }
        true
    }

    /// What Lean says of the document as it is, once it has come to its end.
    pub(crate) fn diagnostics(&mut self, uri: &str) -> Vec<Value> {
        let version = self.documents[uri].0;
        let params = json!({"uri": uri, "version": version});
        self.request("textDocument/waitForDiagnostics", params);
        // The answer comes behind the diagnostics.
        let is =
            |m: &Value| m["method"] == "textDocument/publishDiagnostics" && m["params"]["uri"] == uri && m["params"]["version"] == version;
        let last = self.unread.iter().rev().find(|m| is(m)).expect("diagnostics of this version").clone();
        self.unread.retain(|m| m["method"] != "textDocument/publishDiagnostics" || m["params"]["uri"] != uri);
        last["params"]["diagnostics"].as_array().expect("a list").clone()
    }

    /// The messages of errors and warnings.
    pub(crate) fn complaints(&mut self, uri: &str) -> Vec<String> {
        let grave = |d: &Value| d["severity"].as_u64().is_none_or(|severity| severity <= 2);
        self.diagnostics(uri).iter().filter(|d| grave(d)).map(|d| d["message"].as_str().unwrap_or("").to_owned()).collect()
    }

    /// The code actions at a piece of the text.
    pub(crate) fn actions(&mut self, uri: &str, at: &str) -> Vec<Value> {
        let text = self.text(uri);
        let at = position_at(text, text.find(at).expect("it is there"));
        let params = json!({"textDocument": {"uri": uri}, "range": {"start": at, "end": at}, "context": {"diagnostics": []}});
        self.request("textDocument/codeAction", params).as_array().expect("actions").clone()
    }

    /// Chooses the code action of this title at a piece of the text; the answer is for [`Editor::answer`].
    pub(crate) fn choose(&mut self, uri: &str, at: &str, title: &str) -> u64 {
        let actions = self.actions(uri, at);
        let action =
            actions.iter().find(|action| action["title"] == title).unwrap_or_else(|| panic!("no {title:?} at {at:?}: {actions:?}"));
        let command = &action["command"];
        self.ask("workspace/executeCommand", json!({"command": command["command"], "arguments": command["arguments"]}))
    }

    /// Chooses an action and waits for its end. Returns the outcome.
    pub(crate) fn act(&mut self, uri: &str, at: &str, title: &str) -> Value {
        let id = self.choose(uri, at, title);
        let answer = self.answer(id);
        assert!(answer.get("error").is_none(), "{title}: {answer}");
        answer["result"].clone()
    }

    /// Leaves as the protocol wants it. Returns the exit code.
    pub(crate) fn leave(mut self) -> Option<i32> {
        self.request("shutdown", Value::Null);
        self.notify("exit", Value::Null);
        self.child.wait().expect("it ends").code()
    }

    /// Leaves without a word.
    pub(crate) fn vanish(mut self) {
        self.input = None;
        self.child.wait().expect("it ends");
    }
}

fn read(output: ChildStdout, messages: &Sender<Value>) {
    let mut output = BufReader::new(output);
    loop {
        let mut length = 0;
        loop {
            let mut line = String::new();
            match output.read_line(&mut line) {
                Ok(1..) if line.trim().is_empty() => break,
                Ok(1..) => length = line.trim().strip_prefix("Content-Length: ").and_then(|n| n.parse().ok()).unwrap_or(length),
                _ => return,
            }
        }
        let mut payload = vec![0; length];
        if output.read_exact(&mut payload).is_err() || messages.send(serde_json::from_slice(&payload).expect("JSON")).is_err() {
            return;
        }
    }
}

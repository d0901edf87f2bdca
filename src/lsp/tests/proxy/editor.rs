//! A scripted editor at one end of a proxy, and a scripted prover behind it.

use crate::peer::PEER;
use prove_lean::{
    BoxFuture, LeanCommand,
    lsp::framing::{FrameReader, write_frame},
};
use prove_lsp::{Ask, Edit, Outcome, Prover, ProxyError, Server, Site, Watch};
use serde_json::{Value, json};
use std::{collections::VecDeque, path::PathBuf, sync::Arc, time::Duration};
use tokio::{
    io::{DuplexStream, ReadHalf, WriteHalf, split},
    sync::Notify,
    task::JoinHandle,
};

pub(crate) const URI: &str = "file:///nowhere/A.lean";
/// How long anything may take that has no limit of its own, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// An editor and its proxy.
pub(crate) struct Editor {
    from: FrameReader<ReadHalf<DuplexStream>>,
    to: WriteHalf<DuplexStream>,
    pub(crate) proxy: JoinHandle<Result<(), ProxyError>>,
    /// Seen while something else was waited for.
    unread: VecDeque<Vec<u8>>,
    pub(crate) prover: Arc<Scripted>,
    /// Marks the server's processes.
    mark: String,
}

/// Fills a `sorry` by `by simp` once it is let.
#[derive(Default)]
pub(crate) struct Scripted {
    pub(crate) go: Notify,
}

impl Prover for Scripted {
    fn work<'a>(&'a self, ask: &'a Ask, watch: &'a Watch) -> BoxFuture<'a, Outcome> {
        Box::pin(async move {
            watch.line("at work");
            watch.tree("<svg/>".to_owned());
            self.go.notified().await;
            let Site::Sorry(at) = ask.site else {
                return Outcome { edit: None, message: "nothing found".into(), good: false };
            };
            Outcome { edit: Some(Edit { range: at..at + 5, text: "simp".into() }), message: "it is proved".into(), good: true }
        })
    }
}

impl Editor {
    /// An editor that has said nothing yet.
    pub(crate) fn silent() -> Editor {
        let (ours, theirs) = tokio::io::duplex(1 << 16);
        let (from, to) = split(ours);
        let (input, output) = split(theirs);
        let mark = format!("{}-{:?}", std::process::id(), std::thread::current().id());
        let program = std::env::current_exe().expect("this program's path");
        let server = Server::Command(LeanCommand::new(program).env(PEER, &mark));
        let open = |_: Option<PathBuf>| -> BoxFuture<'static, Result<Server, String>> { Box::pin(async { Ok(server) }) };
        let prover = Arc::new(Scripted::default());
        let proxy = tokio::spawn(prove_lsp::run(input, output, open, prover.clone()));
        Editor { from: FrameReader::new(from), to, proxy, unread: VecDeque::new(), prover, mark }
    }

    /// An editor that has a document open.
    pub(crate) async fn open(text: &str) -> Editor {
        let mut editor = Editor::silent();
        let capabilities = json!({
            "workspace": {"applyEdit": true, "workspaceEdit": {"documentChanges": true}},
            "window": {"workDoneProgress": true},
            "experimental": {"proveTree": true},
        });
        editor.say(json!({"id": 0, "method": "initialize", "params": {"rootUri": null, "capabilities": capabilities}})).await;
        editor.answer(0).await;
        editor.say(json!({"method": "initialized", "params": {}})).await;
        editor.say(json!({"method": "textDocument/didOpen", "params": {"textDocument": {"uri": URI, "languageId": "lean4", "version": 1, "text": text}}})).await;
        editor
    }

    /// Waits until the server has the document, and forgets what came before.
    pub(crate) async fn settle(&mut self) {
        self.got("textDocument/didOpen").await;
        self.unread.clear();
    }

    pub(crate) async fn say(&mut self, message: Value) {
        self.say_raw(message.to_string().as_bytes()).await;
    }

    pub(crate) async fn say_raw(&mut self, payload: &[u8]) {
        let written = tokio::time::timeout(PATIENCE, write_frame(&mut self.to, payload)).await;
        written.expect("the proxy reads").expect("the proxy is there");
    }

    /// Replaces the whole text.
    pub(crate) async fn change(&mut self, version: i64, text: &str) {
        let document = json!({"uri": URI, "version": version});
        self.say(json!({"method": "textDocument/didChange", "params": {"textDocument": document, "contentChanges": [{"text": text}]}}))
            .await;
    }

    /// Asks for the code actions at the start of a piece of the text.
    pub(crate) async fn ask_actions(&mut self, id: u32, line: u32, character: u32) {
        let at = json!({"line": line, "character": character});
        let params = json!({"textDocument": {"uri": URI}, "range": {"start": at, "end": at}, "context": {"diagnostics": []}});
        self.say(json!({"id": id, "method": "textDocument/codeAction", "params": params})).await;
    }

    pub(crate) async fn prove(&mut self, id: u32, line: u32, character: u32) {
        let place = json!({"uri": URI, "position": {"line": line, "character": character}});
        self.say(json!({"id": id, "method": "workspace/executeCommand", "params": {"command": "prove.prove", "arguments": [place]}})).await;
    }

    /// The next payload, whatever it is.
    pub(crate) async fn next(&mut self) -> Vec<u8> {
        if let Some(payload) = self.unread.pop_front() {
            return payload;
        }
        self.receive().await
    }

    async fn receive(&mut self) -> Vec<u8> {
        let next = tokio::time::timeout(PATIENCE, self.from.next_frame()).await;
        next.expect("something comes").expect("frames").expect("the proxy has not ended")
    }

    /// Waits for a message, keeping what comes before it.
    pub(crate) async fn wait(&mut self, is: impl Fn(&Value) -> bool) -> Value {
        let read = |payload: &[u8]| serde_json::from_slice::<Value>(payload).unwrap_or_default();
        if let Some(at) = self.unread.iter().position(|payload| is(&read(payload))) {
            return self.unread.remove(at).map(|payload| read(&payload)).expect("it is there");
        }
        loop {
            let payload = self.receive().await;
            let message = read(&payload);
            if is(&message) {
                return message;
            }
            self.unread.push_back(payload);
        }
    }

    /// The answer to a request of ours.
    pub(crate) async fn answer(&mut self, id: u32) -> Value {
        self.wait(|message| message["id"] == id && message.get("method").is_none()).await
    }

    pub(crate) async fn message(&mut self, method: &str) -> Value {
        self.wait(|message| message["method"] == method).await
    }

    /// What the server was told of a document's opening or change.
    pub(crate) async fn got(&mut self, method: &str) -> Value {
        let needle = format!("\"{method}\"");
        let got =
            self.wait(|message| message["method"] == "peer/got" && message["params"].as_str().is_some_and(|text| text.contains(&needle)));
        serde_json::from_str(got.await["params"].as_str().expect("a payload")).expect("JSON")
    }

    /// How the proxy ended, and that nothing of its server is left.
    pub(crate) async fn end(self) -> Result<(), ProxyError> {
        let Editor { from, to, proxy, mark, .. } = self;
        drop((from, to));
        let result = tokio::time::timeout(PATIENCE, proxy).await.expect("the proxy ends").expect("it does not panic");
        let marker = format!("{PEER}={mark}");
        let deadline = tokio::time::Instant::now() + PATIENCE;
        while alive(&marker) {
            assert!(tokio::time::Instant::now() < deadline, "a server was left behind");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        result
    }
}

/// Whether a process, zombies aside, has this in its environment.
fn alive(marker: &str) -> bool {
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let mut environments = processes.filter_map(|process| std::fs::read(process.path().join("environ")).ok());
    environments.any(|variables| variables.split(|byte| *byte == 0).any(|variable| variable == marker.as_bytes()))
}

//! What passes through, passes as it came.

use crate::{
    editor::{Editor, URI},
    trial,
};
use libtest_mimic::Trial;
use serde_json::{Value, json};

const TEXT: &str = "theorem 𝔸 (x\u{301} : Nat) : x\u{301} = x\u{301} := by\r\n  sorry\r\n";

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("what_the_editor_says_reaches_the_server_untouched_and_in_order", to_server),
        trial("what_the_server_says_reaches_the_editor_untouched_and_in_order", to_editor),
        trial("code_actions_are_added_behind_the_servers_own", actions),
        trial("a_recorded_session_is_passed_on_byte_for_byte", recorded),
        trial("before_initialize_everything_is_refused", refused),
    ]
}

/// Payloads as odd as they may be.
fn odd() -> Vec<String> {
    let mut payloads: Vec<String> = [
        r#"{"jsonrpc":"2.0","method":"$/lean/rpc/keepAlive","params":{"uri":"x","sessionId":"18446744073709551615"}}"#,
        "{ \"method\" : \"a/b\" ,\n\t\"params\":{\"number\":1.0e+2,\"big\":123456789012345678901234567890} }",
        r#"{"id":"prove/99","result":null}"#,
        r#"{"id":"7","method":"textDocument/hover","params":{"é":"𝔸x\u0301"}}"#,
        r#"{"id":7,"method":"textDocument/hover"}"#,
        r#"{"method":"textDocument/didChange","params":{"textDocument":{"uri":"file:///nowhere/B.lean","version":null},"contentChanges":"?"}}"#,
        r#"{"id":8,"method":"workspace/executeCommand","params":{"command":"lean.something","arguments":[]}}"#,
        r#"{"id":9,"method":"codeAction/resolve","params":{"title":"x","data":{"providerName":"p"}}}"#,
        r#"{"method":"$/cancelRequest","params":{"id":8}}"#,
        "[1,2,3]",
        "not JSON at all",
        "",
    ]
    .map(str::to_owned)
    .to_vec();
    payloads.extend((0..500).map(|i| format!("{{\"method\":\"n/{i}\",\"params\":\"{}\"}}", "ℕ".repeat(i * 37 % 4000))));
    payloads
}

async fn to_server() {
    let mut editor = Editor::open(TEXT).await;
    editor.settle().await;
    for payload in odd() {
        editor.say_raw(payload.as_bytes()).await;
        let got: Value = serde_json::from_slice(&editor.next().await).expect("JSON");
        assert_eq!((&got["method"], got["params"].as_str()), (&json!("peer/got"), Some(payload.as_str())));
    }
    editor.end().await.expect("a clean end");
}

async fn to_editor() {
    let mut editor = Editor::open(TEXT).await;
    editor.settle().await;
    let payloads = odd();
    editor.say(json!({"method": "peer/say", "params": payloads})).await;
    editor.got("peer/say").await;
    for payload in payloads {
        assert_eq!(String::from_utf8(editor.next().await).expect("UTF-8"), payload);
    }
    editor.end().await.expect("a clean end");
}

async fn actions() {
    let mut editor = Editor::open(TEXT).await;
    editor.ask_actions(1, 1, 3).await;
    let answer = editor.answer(1).await;
    let titles: Vec<_> =
        answer["result"].as_array().expect("actions").iter().map(|action| action["title"].as_str().expect("a title")).collect();
    assert_eq!(titles, ["Lean's own", "Prove", "Prove with more time", "Sketch subgoals"]);
    let ours = &answer["result"][1];
    assert_eq!(ours["command"]["arguments"][0], json!({"uri": URI, "position": {"line": 1, "character": 2}}));
    editor.say(json!({"id": 2, "method": "codeAction/resolve", "params": ours})).await;
    assert_eq!(&editor.answer(2).await["result"], ours);
    editor.end().await.expect("a clean end");
}

/// What Neovim and `prove lsp` said to each other over `tests/files/neovim/prove.lua`: lines of `> ` or `< ` and a payload.
const TRANSCRIPT: &str = include_str!("../transcripts/neovim.txt");

/// What the server would answer, or the proxy answers in its stead: not what passes through.
const ANSWERED: [&str; 5] = ["initialize", "textDocument/codeAction", "workspace/executeCommand", "shutdown", "exit"];

async fn recorded() {
    let mut editor = Editor::open(TEXT).await;
    editor.settle().await;
    let mut passed = (0, 0);
    for line in TRANSCRIPT.lines() {
        let (direction, payload) = line.split_at(2);
        let message: Value = serde_json::from_str(payload).expect("JSON");
        if direction == "> " && !ANSWERED.iter().any(|method| message["method"] == *method) {
            editor.say_raw(payload.as_bytes()).await;
            let got: Value = serde_json::from_slice(&editor.next().await).expect("JSON");
            assert_eq!(got["params"].as_str(), Some(payload));
            passed.0 += 1;
        } else if direction == "< " {
            editor.say(json!({"method": "peer/say", "params": [payload]})).await;
            editor.got("peer/say").await;
            assert_eq!(String::from_utf8(editor.next().await).expect("UTF-8"), payload);
            passed.1 += 1;
        }
    }
    assert!(passed.0 > 10 && passed.1 > 50, "{passed:?}");
    editor.end().await.expect("a clean end");
}

async fn refused() {
    let mut editor = Editor::silent();
    editor.say(json!({"method": "textDocument/didOpen", "params": {}})).await;
    editor.say(json!({"id": 1, "method": "textDocument/hover", "params": {}})).await;
    assert_eq!(editor.answer(1).await["error"]["code"], -32002);
    editor.say(json!({"method": "exit"})).await;
    editor.end().await.expect("a clean end");
}

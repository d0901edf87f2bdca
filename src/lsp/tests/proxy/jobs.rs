//! Commands: their edits, their progress, and how they are cancelled.

use crate::{
    editor::{Editor, URI},
    trial,
};
use libtest_mimic::Trial;
use serde_json::json;

const TEXT: &str = "theorem 𝔸 (x\u{301} : Nat) : x\u{301} = x\u{301} := by /- 𝔸 -/ sorry\r\n\r\ntheorem b : True := trivial\r\n";
/// UTF-16 units before the `sorry`.
const COLUMN: u32 = 47;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("an_edit_is_in_utf16_units_and_names_its_version", edits),
        trial("an_edit_is_made_in_spite_of_changes_behind_its_declaration", changed_behind),
        trial("an_edit_is_not_made_if_the_document_has_changed_under_it", changed_under),
        trial("an_edit_that_the_editor_refuses_is_shown", refused),
        trial("progress_is_shown_and_can_be_cancelled", cancelled),
        trial("a_cancelled_request_is_cancelled", request_cancelled),
        trial("a_command_that_makes_no_sense_is_refused", nonsense),
    ]
}

async fn edits() {
    let mut editor = Editor::open(TEXT).await;
    editor.prove(1, 0, COLUMN + 2).await;
    editor.prover.go.notify_one();
    let asked = editor.message("workspace/applyEdit").await;
    let range = json!({"start": {"line": 0, "character": COLUMN}, "end": {"line": 0, "character": COLUMN + 5}});
    let expected =
        json!({"documentChanges": [{"textDocument": {"uri": URI, "version": 1}, "edits": [{"range": range, "newText": "simp"}]}]});
    assert_eq!(asked["params"]["edit"], expected);
    // As Neovim writes it.
    let id = asked["id"].as_str().expect("a string").replace('/', "\\/");
    editor.say_raw(format!(r#"{{"id":"{id}","result":{{"applied":true}}}}"#).as_bytes()).await;
    assert_eq!(editor.answer(1).await["result"], json!({"message": "it is proved", "good": true, "applied": true}));
    editor.end().await.expect("a clean end");
}

async fn changed_behind() {
    let mut editor = Editor::open(TEXT).await;
    editor.prove(1, 0, COLUMN).await;
    editor.change(2, &TEXT.replace("theorem b", "/-- 𝔹 -/\r\ntheorem c")).await;
    editor.got("textDocument/didChange").await;
    editor.prover.go.notify_one();
    let asked = editor.message("workspace/applyEdit").await;
    assert_eq!(asked["params"]["edit"]["documentChanges"][0]["textDocument"]["version"], 2);
    editor.end().await.expect("a clean end");
}

async fn changed_under() {
    for text in [
        TEXT.replace("= x\u{301} := by", "= x\u{301} + 1 := by"),
        format!("axiom f : False\r\n{TEXT}"),
        TEXT.replace("sorry", "sorry\r\n  done"),
    ] {
        let mut editor = Editor::open(TEXT).await;
        editor.prove(1, 0, COLUMN).await;
        editor.change(2, &text).await;
        editor.got("textDocument/didChange").await;
        editor.prover.go.notify_one();
        let answer = editor.answer(1).await;
        assert_eq!((&answer["result"]["applied"], &answer["result"]["good"]), (&json!(false), &json!(false)), "{text}");
        assert!(answer["result"]["message"].as_str().expect("text").ends_with("changed meanwhile. What was found:\nsimp"), "{answer}");
        editor.end().await.expect("a clean end");
    }
}

async fn refused() {
    let mut editor = Editor::open(TEXT).await;
    editor.prove(1, 0, COLUMN).await;
    editor.prover.go.notify_one();
    let asked = editor.message("workspace/applyEdit").await;
    // It had a change under way that we did not know of: it is asked again.
    editor.change(2, &TEXT.replace("trivial", "True.intro")).await;
    editor.got("textDocument/didChange").await;
    editor.say(json!({"id": asked["id"], "result": {"applied": false}})).await;
    let again = editor.message("workspace/applyEdit").await;
    assert_eq!(again["params"]["edit"]["documentChanges"][0]["textDocument"]["version"], 2);
    editor.say(json!({"id": again["id"], "result": {"applied": false}})).await;
    let message = editor.answer(1).await["result"]["message"].as_str().expect("text").to_owned();
    assert!(message.contains("refused the change") && message.ends_with("simp"), "{message}");
    editor.end().await.expect("a clean end");
}

async fn cancelled() {
    let mut editor = Editor::open(TEXT).await;
    editor.prove(1, 0, COLUMN).await;
    let create = editor.message("window/workDoneProgress/create").await;
    editor.say(json!({"id": create["id"], "result": null})).await;
    let begin = editor.wait(|m| m["method"] == "$/progress" && m["params"]["value"]["kind"] == "begin").await;
    assert_eq!(begin["params"]["value"], json!({"kind": "begin", "title": "Prove", "cancellable": true}));
    assert_eq!(editor.message("$/prove/tree").await["params"]["svg"], "<svg/>");
    editor.say(json!({"method": "window/workDoneProgress/cancel", "params": {"token": begin["params"]["token"]}})).await;
    let end = editor.wait(|m| m["method"] == "$/progress" && m["params"]["value"]["kind"] == "end").await;
    assert_eq!(end["params"]["token"], begin["params"]["token"]);
    assert_eq!(editor.answer(1).await["error"]["code"], -32800);
    editor.end().await.expect("a clean end");
}

async fn request_cancelled() {
    let mut editor = Editor::open(TEXT).await;
    editor.prove(1, 0, COLUMN).await;
    editor.prove(2, 0, COLUMN).await;
    assert_eq!(editor.answer(2).await["error"]["code"], -32602, "it is being worked on");
    editor.say(json!({"method": "$/cancelRequest", "params": {"id": 1}})).await;
    assert_eq!(editor.answer(1).await["error"]["code"], -32800);
    editor.prove(3, 0, COLUMN).await;
    editor.say(json!({"method": "$/prove/stop"})).await;
    assert_eq!(editor.answer(3).await["error"]["code"], -32800);
    editor.end().await.expect("a clean end");
}

async fn nonsense() {
    let mut editor = Editor::open(TEXT).await;
    let commands = [
        json!([{"uri": "file:///other.lean", "position": {"line": 0, "character": 0}}]),
        json!([{"uri": URI, "position": {"line": 2, "character": 3}}]),
        json!([{"uri": URI}]),
        json!([]),
        json!("?"),
    ];
    for (id, arguments) in (1..).zip(commands) {
        editor
            .say(json!({"id": id, "method": "workspace/executeCommand", "params": {"command": "prove.prove", "arguments": arguments}}))
            .await;
        assert_eq!(editor.answer(id).await["error"]["code"], -32602, "{arguments}");
    }
    editor.end().await.expect("a clean end");
}

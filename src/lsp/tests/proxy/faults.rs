//! Servers that die, hang and flood.

use crate::{
    editor::{Editor, URI},
    trial,
};
use libtest_mimic::Trial;
use prove_lsp::ProxyError;
use serde_json::json;
use std::time::{Duration, Instant};

const TEXT: &str = "theorem a : True := by\n  sorry\n";

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("a_server_that_dies_is_replaced_and_told_what_is_open", dies),
        trial("a_server_that_keeps_dying_ends_the_proxy", keeps_dying),
        trial("a_server_that_dies_at_shutdown_is_not_replaced", dies_at_shutdown),
        trial("behind_a_hung_server_the_actions_still_work", hangs),
        trial("a_server_that_reads_nothing_is_replaced_before_memory_runs_out", reads_nothing),
        trial("a_flood_of_edits_is_followed", flood_of_edits),
        trial("a_flood_waits_for_an_editor_that_does_not_read", flood),
        trial("the_server_dies_with_the_editor", gone),
    ]
}

async fn dies() {
    let mut editor = Editor::open(TEXT).await;
    editor.got("textDocument/didOpen").await;
    editor.change(5, "theorem 𝔹 : True := by\n  sorry\n").await;
    editor.say(json!({"id": 1, "method": "textDocument/hover", "params": {}})).await;
    editor.got("textDocument/hover").await;
    editor.say(json!({"method": "peer/die"})).await;
    assert_eq!(editor.answer(1).await["error"]["code"], -32801);
    let said = editor.message("window/showMessage").await;
    assert!(said["params"]["message"].as_str().expect("text").contains("exit status: 3"), "{said}");
    editor.got("initialized").await;
    let opened = editor.got("textDocument/didOpen").await;
    assert_eq!(
        opened["params"]["textDocument"],
        json!({"uri": URI, "languageId": "lean4", "version": 5, "text": "theorem 𝔹 : True := by\n  sorry\n"})
    );
    editor.say(json!({"id": 2, "method": "shutdown"})).await;
    editor.answer(2).await;
    editor.say(json!({"method": "exit"})).await;
    editor.end().await.expect("a clean end");
}

async fn keeps_dying() {
    let mut editor = Editor::open(TEXT).await;
    for _ in 0..6 {
        editor.got("textDocument/didOpen").await;
        editor.say(json!({"method": "peer/die"})).await;
    }
    editor.wait(|m| m["params"]["message"].as_str().is_some_and(|text| text.contains("keeps ending"))).await;
    assert!(matches!(editor.end().await, Err(ProxyError::KeepsEnding(_))));
}

async fn dies_at_shutdown() {
    let mut editor = Editor::open(TEXT).await;
    editor.say(json!({"method": "peer/die_at_shutdown"})).await;
    editor.say(json!({"id": 1, "method": "shutdown"})).await;
    assert!(editor.answer(1).await.get("error").is_some());
    tokio::time::sleep(Duration::from_millis(300)).await;
    editor.say(json!({"method": "exit"})).await;
    editor.end().await.expect("a clean end");
}

async fn hangs() {
    let mut editor = Editor::open(TEXT).await;
    editor.say(json!({"method": "peer/hang"})).await;
    editor.got("peer/hang").await;
    editor.ask_actions(1, 1, 2).await;
    assert_eq!(editor.answer(1).await["result"][0]["title"], "Prove");
    editor.prove(2, 1, 2).await;
    editor.prover.go.notify_one();
    let asked = editor.message("workspace/applyEdit").await;
    editor.say(json!({"id": asked["id"], "result": {"applied": true}})).await;
    assert_eq!(editor.answer(2).await["result"]["applied"], true);
    editor.say(json!({"method": "exit"})).await;
    let asked = Instant::now();
    assert!(matches!(editor.end().await, Err(ProxyError::NoShutdown)));
    assert!(asked.elapsed() < Duration::from_secs(30), "a hung server holds up the end");
}

async fn reads_nothing() {
    let mut editor = Editor::open(TEXT).await;
    editor.got("textDocument/didOpen").await;
    editor.say(json!({"method": "peer/hang"})).await;
    let filler = format!("-- {}\n", "x".repeat(1 << 20));
    for version in 2..72 {
        editor.change(version, &format!("{filler}{TEXT}")).await;
    }
    let opened = editor.got("textDocument/didOpen").await;
    assert!(opened["params"]["textDocument"]["version"].as_i64() > Some(60));
    editor.end().await.expect("a clean end");
}

async fn flood_of_edits() {
    let mut editor = Editor::open(TEXT).await;
    let place = json!({"start": {"line": 0, "character": 8}, "end": {"line": 0, "character": 8}});
    for version in 2..5002 {
        let document = json!({"uri": URI, "version": version});
        let changes = json!([{"range": place, "text": if version % 2 == 0 { "𝔸" } else { "" }}]);
        editor.say(json!({"method": "textDocument/didChange", "params": {"textDocument": document, "contentChanges": changes}})).await;
        // The server answers each, and its pipe is no longer than others.
        if version % 50 == 1 {
            for _ in 0..50 {
                editor.got("textDocument/didChange").await;
            }
        }
    }
    editor.ask_actions(1, 1, 2).await;
    assert_eq!(editor.answer(1).await["result"][1]["title"], "Prove");
    editor.prove(2, 1, 2).await;
    editor.prover.go.notify_one();
    let asked = editor.message("workspace/applyEdit").await;
    assert_eq!(asked["params"]["edit"]["documentChanges"][0]["textDocument"], json!({"uri": URI, "version": 5001}));
    editor.end().await.expect("a clean end");
}

async fn flood() {
    let mut editor = Editor::open(TEXT).await;
    editor.got("textDocument/didOpen").await;
    let before = resident();
    editor.say(json!({"method": "peer/flood", "params": {"count": 2000, "size": 20_000}})).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let kept = resident().saturating_sub(before);
    assert!(kept < 100 << 20, "{kept} bytes were kept of 160 MB that nobody reads");
    for number in 0..2000 {
        let drop = editor.message("peer/drop").await;
        assert_eq!(drop["params"]["number"], number);
    }
    editor.end().await.expect("a clean end");
}

async fn gone() {
    let mut editor = Editor::open(TEXT).await;
    editor.got("textDocument/didOpen").await;
    editor.end().await.expect("the end of an editor is no fault of ours");
}

/// Bytes that this process has in memory.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/statm").expect("it is Linux");
    let pages: u64 = status.split_whitespace().nth(1).and_then(|pages| pages.parse().ok()).expect("a number");
    pages * 4096
}

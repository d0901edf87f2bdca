//! `prove lsp --daemon`: what the actions do is done by a running `prove serve`. The language server here cannot start a Lean itself.

use crate::{PROVE, editor::Editor};
use prove_tests::daemon::Daemon;
use serde_json::Value;
use std::{
    process::Command,
    time::{Duration, Instant},
};

/// The processor time that a daemon's Lean processes have taken, in the system's ticks.
fn ticks_of_workers(daemon: u32) -> u64 {
    let of = |stat: String| {
        let fields: Vec<u64> = stat.rsplit(')').next()?.split_whitespace().map(|field| field.parse().unwrap_or(0)).collect();
        (fields.get(1) == Some(&daemon.into())).then(|| fields[11] + fields[12])
    };
    let processes = std::fs::read_dir("/proc").expect("it is Linux").flatten();
    processes.filter_map(|process| std::fs::read_to_string(process.path().join("stat")).ok()).filter_map(of).sum()
}

#[test]
fn what_the_actions_do_a_daemon_does() {
    let folder = tempfile::tempdir().expect("a folder");
    let token = folder.path().join("token");
    let daemon = Daemon::start(PROVE, folder.path(), |it| it.args(["--model", "none", "--workers", "1"]));
    let mut server = Command::new(PROVE);
    server.args(["lsp", "--actions-only", "--model", "none", "--timeout", "100", &format!("--daemon={}", token.display())]);
    let mut editor = Editor::run(server.env("PROVE_LEAN_EXE", "/nonexistent/lean"));

    let text = "theorem 𝔸 (p q : Prop) (hp : p) (hq : q) : p ∧ q := by\r\n  sorry\r\n\r\ntheorem b (a b : Nat) (h : a = b) : b = a := by\r\n  have k : a = b := by\r\n    exact h\r\n  rw [k]\r\n";
    let uri = "untitled:Daemon";
    editor.open(uri, text);
    let outcome = editor.act(uri, "sorry", "Sketch subgoals");
    assert_eq!(outcome["applied"], true, "{outcome}");
    while editor.text(uri).contains("sorry") {
        let title = editor.actions(uri, "sorry")[0]["title"].as_str().expect("a title").to_owned();
        assert_eq!(editor.act(uri, "sorry", &title)["applied"], true, "{}", editor.text(uri));
    }
    editor.wait(|m| m["method"] == "$/prove/tree");
    let outcome = editor.act(uri, "rw [k]", "Shorten this proof");
    assert_eq!(outcome["applied"], true, "{outcome}");
    assert!(editor.text(uri).contains("theorem b (a b : Nat) (h : a = b) : b = a := by\r\n  "), "{}", editor.text(uri));

    // Who cancels a search there ends it there.
    let hard = "file:///nowhere/Hard.lean";
    editor.open(hard, "theorem hard (f : Nat → Nat) (h : ∀ n, f (n + 1) > f (f n)) : ∀ n, f n = n := by\n  sorry\n");
    let id = editor.choose(hard, "sorry", "Prove with more time");
    let begin = editor.wait(|m| m["method"] == "$/progress" && m["params"]["value"]["title"] == "Prove with more time");
    let tried = |m: &Value| m["params"]["value"]["message"].as_str().is_some_and(|line| line != "starting Lean");
    editor.wait(|m| m["params"]["token"] == begin["params"]["token"] && tried(m));
    editor.notify("window/workDoneProgress/cancel", serde_json::json!({"token": begin["params"]["token"]}));
    assert_eq!(editor.answer(id)["error"]["code"], -32800);
    let deadline = Instant::now() + Duration::from_secs(60);
    let mut before = ticks_of_workers(daemon.child.id());
    loop {
        std::thread::sleep(Duration::from_secs(2));
        let now = ticks_of_workers(daemon.child.id());
        if now <= before + 5 {
            break;
        }
        assert!(Instant::now() < deadline, "its workers go on: {now} ticks");
        before = now;
    }

    // Without it, the language server tries by itself.
    drop(daemon);
    editor.open(uri, text);
    let outcome = editor.act(uri, "sorry", "Prove");
    assert!(outcome["good"] == false && outcome["message"].as_str().is_some_and(|m| m.contains("/nonexistent/lean")), "{outcome}");
    assert_eq!(editor.leave(), Some(0));
}

//! `prove lsp --daemon`: what the actions do is done by a running `prove serve`. The language server here cannot start a Lean itself.

use crate::{PROVE, editor::Editor};
use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

/// Killed when dropped.
struct Daemon(Child);

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn what_the_actions_do_a_daemon_does() {
    let folder = tempfile::tempdir().expect("a folder");
    let token = folder.path().join("token");
    let mut daemon = Command::new(PROVE)
        .args(["serve", "--listen", "127.0.0.1:0", "--model", "none", "--workers", "1", "--token-file"])
        .arg(&token)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map(Daemon)
        .expect("prove starts");
    let lines = BufReader::new(daemon.0.stdout.take().expect("piped")).lines().take(2).map(|line| line.expect("UTF-8"));
    assert!(lines.last().is_some_and(|line| line.starts_with("token in ")));
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

    // Without it, the language server tries by itself.
    drop(daemon);
    editor.open(uri, text);
    let outcome = editor.act(uri, "sorry", "Prove");
    assert!(outcome["good"] == false && outcome["message"].as_str().is_some_and(|m| m.contains("/nonexistent/lean")), "{outcome}");
    assert_eq!(editor.leave(), Some(0));
}

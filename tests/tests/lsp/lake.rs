//! A file of a Lake project: behind `prove lsp` is `lake serve`, and the prover works with the project's Lean.

use crate::{PROVE, editor::Editor};
use prove_tests::native;
use std::{fs, process::Command};

#[test]
fn in_a_lake_project_the_server_is_lakes() {
    let folder = tempfile::tempdir().expect("a folder");
    native::machine(PROVE, folder.path());
    let project = folder.path().join("project").canonicalize().expect("it is there");
    let mut server = Command::new(PROVE);
    server.args(["lsp", "--model", "none", "--timeout", "100"]).current_dir(&project).env("PATH", native::path(folder.path()));
    let mut editor = Editor::run(&mut server);
    let uri = format!("file://{}/A.lean", project.display());
    editor.open(&uri, "theorem a (p q : Prop) (h : p ∧ q) : q ∧ p := by\n  sorry\n\n#check a\n");
    assert_eq!(editor.complaints(&uri), ["declaration uses `sorry`"]);
    let served = fs::read_to_string(folder.path().join("served")).expect("lake was run");
    assert_eq!(served, format!("{}: serve -- {}\n", project.display(), project.display()));
    let goal =
        editor.request("$/lean/plainGoal", serde_json::json!({"textDocument": {"uri": uri}, "position": {"line": 1, "character": 2}}));
    assert_eq!(goal["goals"], serde_json::json!(["p q : Prop\nh : p ∧ q\n⊢ q ∧ p"]));
    let outcome = editor.act(&uri, "sorry", "Prove");
    assert_eq!(outcome["applied"], true, "{outcome}");
    assert!(editor.text(&uri).ends_with("\n\n#check a\n") && !editor.text(&uri).contains("sorry"), "{}", editor.text(&uri));
    assert_eq!(editor.complaints(&uri), [""; 0]);
    assert_eq!(editor.leave(), Some(0));
}

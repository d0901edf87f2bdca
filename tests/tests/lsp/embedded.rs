//! The embedded Lean as an editor's server.

use crate::{PROVE, editor::Editor};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// It begins with code, before which this Lean's preamble stands.
const FILE: &str =
    "def twice (𝔸 : Nat) : List Nat := [𝔸, 𝔸].map (fun x => x + 𝔸)\n\ntheorem t : (twice 2).length = 2 := by\n  simp [twice]\n";
const URI: &str = "file:///nowhere/Server.lean";

/// The workers of a `prove lsp`.
fn workers(editor: &Editor) -> Vec<Pid> {
    let is_worker = |path: &std::path::Path| {
        let stat = std::fs::read_to_string(path.join("stat")).unwrap_or_default();
        let parent = stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().nth(1)?.parse::<u32>().ok());
        let state = stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().next().map(str::to_owned));
        parent == Some(editor.child.id()) && state.as_deref() != Some("Z")
    };
    let processes = std::fs::read_dir("/proc").expect("it is Linux").flatten().map(|entry| entry.path());
    processes.filter(|path| is_worker(path)).filter_map(|path| Pid::from_raw(path.file_name()?.to_str()?.parse().ok()?)).collect()
}

#[test]
fn the_language_server_works_and_the_preamble_is_not_seen() {
    let mut editor = Editor::start(&[]);
    editor.open(URI, FILE);
    assert_eq!(editor.complaints(URI), [""; 0]);
    let document = json!({"uri": URI});
    // `twice` in the theorem, defined behind the preamble on the first line.
    let at = json!({"line": 2, "character": 14});
    let definition = editor.request("textDocument/definition", json!({"textDocument": document, "position": at}));
    assert_eq!(definition[0]["targetSelectionRange"], json!({"start": {"line": 0, "character": 4}, "end": {"line": 0, "character": 9}}));
    let on_first_line = json!({"line": 0, "character": 11});
    let hover = editor.request("textDocument/hover", json!({"textDocument": document, "position": on_first_line}));
    assert!(hover["contents"]["value"].as_str().is_some_and(|text| text.contains("Nat")), "{hover}");
    assert_eq!(hover["range"], json!({"start": {"line": 0, "character": 11}, "end": {"line": 0, "character": 13}}));
    let goal = editor.request("$/lean/plainGoal", json!({"textDocument": document, "position": {"line": 3, "character": 2}}));
    assert_eq!(goal["goals"], json!(["⊢ (twice 2).length = 2"]));
    let symbols = editor.request("textDocument/documentSymbol", json!({"textDocument": document}));
    let names: Vec<&Value> = symbols.as_array().expect("symbols").iter().map(|symbol| &symbol["name"]).collect();
    assert_eq!(names, [&json!("twice"), &json!("t")]);
    let tokens = editor.request("textDocument/semanticTokens/full", json!({"textDocument": document}));
    let first: Vec<u64> = tokens["data"].as_array().expect("numbers").iter().take(3).filter_map(Value::as_u64).collect();
    assert_eq!(first, [0, 0, 3], "`def` at the beginning");
    // An error on the first line is where the editor has it.
    let start = editor.text(URI).find("x + 𝔸").expect("it is there");
    editor.edit(URI, start..start + 1, "zz");
    let wrong = editor.diagnostics(URI).into_iter().find(|d| d["severity"] == 1).expect("an error");
    assert_eq!(wrong["range"]["start"], prove_place(editor.text(URI), "zz"));
    assert_eq!(editor.leave(), Some(0));
}

#[test]
fn names_are_found_and_renamed_in_all_open_documents() {
    let mut editor = Editor::start(&[]);
    let text = "namespace N def 𝔸dd (x : Nat) : Nat := x + 1 end N\n\nopen N in\ntheorem a : 𝔸dd 1 = N.𝔸dd 1 := rfl\n";
    let other = "file:///nowhere/Other.lean";
    editor.open(URI, text);
    editor.open(other, "theorem b (n : Nat) : n = n := rfl\n");
    assert_eq!((editor.complaints(URI), editor.complaints(other)), (Vec::new(), Vec::new()));
    let at = |text: &str, piece: &str| json!(prove_lsp::position_at(text, text.find(piece).expect("it is there")));
    let place = json!({"textDocument": {"uri": URI}, "position": at(text, "𝔸dd 1")});
    let with = |place: &Value, field: &str, value: Value| {
        let mut place = place.clone();
        place[field] = value;
        place
    };
    // Lean tells of names a moment after its diagnostics.
    let deadline = Instant::now() + Duration::from_secs(60);
    let whole = |editor: &mut Editor| {
        let id = editor.ask("textDocument/prepareRename", place.clone());
        editor.answer(id).get("error").is_none()
    };
    while !whole(&mut editor) {
        assert!(Instant::now() < deadline, "the names have not been told");
    }
    let spans = |found: &Value| -> Vec<(u64, u64)> {
        let range = |r: &Value| Some((r["range"]["start"]["line"].as_u64()?, r["range"]["start"]["character"].as_u64()?));
        found.as_array().expect("a list").iter().map(|found| range(found).expect("a range")).collect()
    };
    let references = |editor: &mut Editor, place: &Value, own: bool| {
        editor.request("textDocument/references", with(place, "context", json!({"includeDeclaration": own})))
    };
    // The first is behind the preamble.
    assert_eq!(spans(&references(&mut editor, &place, true)), [(0, 16), (3, 12), (3, 21)]);
    assert_eq!(spans(&references(&mut editor, &place, false)), [(3, 12), (3, 21)]);
    let nat = json!({"textDocument": {"uri": URI}, "position": at(text, "Nat")});
    let uris: Vec<Value> =
        references(&mut editor, &nat, true).as_array().expect("a list").iter().map(|found| found["uri"].clone()).collect();
    assert_eq!(uris, [json!(other), json!(URI), json!(URI)], "the library's constants in all of them");

    for (place, name, why) in [(&nat, "Natural", "declared in no document"), (&place, "a b", "no name")] {
        let id = editor.ask("textDocument/rename", with(place, "newName", json!(name)));
        let told = editor.answer(id)["error"]["message"].to_string();
        assert!(told.contains(why), "{told}");
    }

    let edit = editor.request("textDocument/rename", with(&place, "newName", json!("plus")));
    let edits = edit["documentChanges"][0]["edits"].as_array().expect("edits").clone();
    for edit in edits.iter().rev() {
        let end = |end: &str| serde_json::from_value(edit["range"][end].clone()).expect("a position");
        let range = prove_lsp::offset_at(editor.text(URI), end("start"))..prove_lsp::offset_at(editor.text(URI), end("end"));
        editor.edit(URI, range, edit["newText"].as_str().expect("a text"));
    }
    assert_eq!(editor.text(URI), text.replace("𝔸dd", "plus"));
    assert_eq!(editor.complaints(URI), [""; 0]);
    let symbols = |editor: &mut Editor, query: &str| -> Vec<String> {
        let found = editor.request("workspace/symbol", json!({"query": query}));
        found.as_array().expect("a list").iter().map(|symbol| symbol["name"].as_str().expect("a name").to_owned()).collect()
    };
    while symbols(&mut editor, "nplus") != ["N.plus"] {
        assert!(Instant::now() < deadline, "{:?}", symbols(&mut editor, ""));
    }
    assert_eq!(symbols(&mut editor, ""), ["a", "b", "N.plus"]);
    assert_eq!(editor.leave(), Some(0));
}

fn prove_place(text: &str, piece: &str) -> Value {
    json!(prove_lsp::position_at(text, text.find(piece).expect("it is there")))
}

#[test]
fn new_imports_and_a_crash_bring_a_new_worker() {
    let mut editor = Editor::start(&[]);
    editor.open(URI, FILE);
    assert_eq!(editor.complaints(URI), [""; 0]);
    let first = workers(&editor);
    assert_eq!(first.len(), 1);
    editor.edit(URI, 0..0, "import Std.Data.HashMap\n");
    assert_eq!(editor.complaints(URI), [""; 0]);
    let second = workers(&editor);
    assert!(second.len() == 1 && second != first, "{first:?} {second:?}");
    kill_process(second[0], Signal::KILL).expect("it is there");
    let fatal = editor.wait(|m| m["method"] == "$/lean/fileProgress" && m["params"]["processing"][0]["kind"] == 2);
    assert_eq!(fatal["params"]["textDocument"]["uri"], URI);
    let hover = editor.ask("textDocument/hover", json!({"textDocument": {"uri": URI}, "position": {"line": 3, "character": 0}}));
    assert_eq!(editor.answer(hover)["error"]["code"], -32902);
    editor.edit(URI, 0..0, "-- again\n");
    assert_eq!(editor.complaints(URI), [""; 0]);
    editor.notify("textDocument/didClose", json!({"textDocument": {"uri": URI}}));
    editor.wait(|m| m["method"] == "textDocument/publishDiagnostics" && m["params"]["diagnostics"] == json!([]));
    assert_eq!(editor.leave(), Some(0));
}

/// The server of a command line, such as `lake serve`, is here another `prove lsp`, with the embedded Lean behind it.
#[test]
fn a_server_that_dies_is_replaced_by_one_that_knows_the_document() {
    let mut editor = Editor::start(&["--", PROVE, "lsp"]);
    editor.open(URI, FILE);
    assert_eq!(editor.complaints(URI), [""; 0]);
    let first = workers(&editor);
    assert_eq!(first.len(), 1);
    let start = FILE.find("simp").expect("it is there");
    editor.edit(URI, start..start + "simp [twice]".len(), "sorry");
    kill_process(first[0], Signal::KILL).expect("it is there");
    let said = editor.wait(|m| m["method"] == "window/showMessage");
    assert!(said["params"]["message"].as_str().is_some_and(|text| text.contains("another one was started")), "{said}");
    assert_eq!(editor.complaints(URI), ["declaration uses `sorry`"]);
    assert_eq!(editor.leave(), Some(0));
}

#[test]
fn no_lean_outlives_its_editor() {
    let mut editor = Editor::start(&[]);
    editor.open(URI, &FILE.replace("simp [twice]", "sorry"));
    assert_eq!(editor.complaints(URI), ["declaration uses `sorry`"]);
    editor.choose(URI, "sorry", "Prove");
    let deadline = Instant::now() + Duration::from_secs(60);
    while workers(&editor).len() < 2 && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(20));
    }
    let left = workers(&editor);
    assert!(left.len() >= 2, "the editor's Lean and a searching one");
    editor.vanish();
    let deadline = Instant::now() + Duration::from_secs(20);
    let is_alive = |pid: &Pid| {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero())).unwrap_or_default();
        !stat.is_empty() && !stat.rsplit(')').next().is_some_and(|rest| rest.starts_with(" Z"))
    };
    while left.iter().any(is_alive) {
        assert!(Instant::now() < deadline, "workers were left behind");
        std::thread::sleep(Duration::from_millis(20));
    }
}

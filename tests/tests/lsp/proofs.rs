//! What the actions do to a document.

use crate::editor::Editor;

/// A buffer that was never saved, with all that makes positions hard.
const ODD: &str = "/-- 𝔸 -/ theorem 𝔸𝔹 («x\u{301}» y : Nat) : /- 𝔸 -/ «x\u{301}» + y = y + «x\u{301}» := by /- ℕ𝔸 -/ sorry -- 𝔸 sorry\r\n\r\ntheorem after : True := trivial\r\n";

#[test]
fn a_sorry_in_an_unsaved_buffer_becomes_a_proof_and_nothing_else_changes() {
    let mut editor = Editor::start(&[]);
    editor.open("untitled:Odd", ODD);
    assert_eq!(editor.complaints("untitled:Odd"), ["declaration uses `sorry`"]);
    let outcome = editor.act("untitled:Odd", "sorry", "Prove");
    assert_eq!((&outcome["good"], &outcome["applied"]), (&true.into(), &true.into()), "{outcome}");
    let (before, after) = ODD.split_once("sorry").expect("it is there");
    let text = editor.text("untitled:Odd").to_owned();
    assert!(text.starts_with(before) && text.ends_with(after) && text.len() > before.len() + after.len(), "{text}");
    assert_eq!(editor.complaints("untitled:Odd"), [""; 0], "{text}");
    assert!(editor.wait(|m| m["method"] == "$/prove/tree")["params"]["svg"].as_str().is_some_and(|svg| svg.starts_with("<svg")));
    assert_eq!(editor.leave(), Some(0));
}

#[test]
fn several_documents_are_worked_on_at_once() {
    let mut editor = Editor::start(&["--actions-only"]);
    let text = |n: u32| {
        format!("theorem t{n} (p q : Prop) (h : p ∧ q) : q ∧ p := by\n  sorry\n\nexample (n : Nat) : n + {n} = {n} + n := sorry\n")
    };
    let uris: Vec<String> = (0..3).map(|n| format!("file:///nowhere/{n}.lean")).collect();
    uris.iter().zip(0..).for_each(|(uri, n)| editor.open(uri, &text(n)));
    let ids: Vec<u64> = uris.iter().map(|uri| editor.choose(uri, "sorry", "Prove")).collect();
    for (id, uri) in ids.into_iter().zip(&uris) {
        let answer = editor.answer(id);
        assert_eq!(answer["result"]["applied"], true, "{answer}");
        assert_eq!(editor.text(uri).matches("sorry").count(), 1);
        assert_eq!(editor.act(uri, "sorry", "Prove")["applied"], true);
        assert!(!editor.text(uri).contains("sorry"), "{}", editor.text(uri));
    }
    assert_eq!(editor.leave(), Some(0));
}

#[test]
fn a_failing_proof_is_repaired_where_it_fails() {
    let mut editor = Editor::start(&["--actions-only"]);
    let text = "theorem a (p q : Prop) (hp : p) (hq : q) : p ∧ q ∧ 2 = 1 + 1 := by\n  refine ⟨hp, ?_, ?_⟩\n  · exact hp\n  · rfl\n\ntheorem b (n : Nat) : 0 + n = n := by\n  skip\n\ntheorem c (n : Nat) : n < n := by\n  simp\n";
    let uri = "file:///nowhere/Repair.lean";
    editor.open(uri, text);
    // With only the actions, the editor tells what errors there are.
    let repair = |editor: &mut Editor, at: &str| {
        let byte = editor.text(uri).find(at).expect("it is there");
        let place = serde_json::json!({"uri": uri, "position": prove_lsp::position_at(editor.text(uri), byte)});
        editor.request("workspace/executeCommand", serde_json::json!({"command": "prove.repair", "arguments": [place]}))
    };
    let outcome = repair(&mut editor, "exact hp");
    assert_eq!(outcome["applied"], true, "{outcome}");
    let (before, after) = text.split_once("exact hp").expect("it is there");
    assert!(editor.text(uri).starts_with(before) && editor.text(uri).ends_with(after), "{}", editor.text(uri));
    let outcome = repair(&mut editor, "skip");
    assert_eq!(outcome["applied"], true, "{outcome}");
    assert!(editor.text(uri).contains("theorem b (n : Nat) : 0 + n = n := by\n  skip\n  "), "{}", editor.text(uri));
    let outcome = repair(&mut editor, "theorem a");
    assert_eq!((&outcome["good"], outcome["message"].as_str()), (&false.into(), Some("Lean finds no error in this proof")));
    assert_eq!(editor.leave(), Some(0));
}

#[test]
fn a_long_proof_is_shortened_and_a_goal_taken_apart() {
    let mut editor = Editor::start(&["--actions-only"]);
    let uri = "file:///nowhere/Shorten.lean";
    let text = "theorem a (a b c : Nat) (h : a = b) (k : b = c) : a = c := by\n  have first : a = b := by\n    exact h\n  have second : b = c := by\n    exact k\n  rw [first]\n  exact second\n\ntheorem b (p q : Prop) (hp : p) (hq : q) : p ∧ q := by\n  sorry\n";
    editor.open(uri, text);
    let outcome = editor.act(uri, "rw [first]", "Shorten this proof");
    assert_eq!(outcome["applied"], true, "{outcome}");
    let shortened = editor.text(uri).to_owned();
    let rest = text.split_once("\n\n").expect("it is there").1;
    assert!(
        shortened.len() < text.len()
            && shortened.ends_with(rest)
            && shortened.starts_with("theorem a (a b c : Nat) (h : a = b) (k : b = c) : a = c := by\n  "),
        "{shortened}"
    );
    let outcome = editor.act(uri, "sorry", "Sketch subgoals");
    assert_eq!(outcome["applied"], true, "{outcome}");
    let sketched = editor.text(uri).to_owned();
    assert_eq!(sketched.matches("sorry").count(), 2, "{sketched}");
    while editor.text(uri).contains("sorry") {
        let first = editor.actions(uri, "sorry");
        let title = first[0]["title"].as_str().expect("a title").to_owned();
        assert_eq!(editor.act(uri, "sorry", &title)["applied"], true, "{}", editor.text(uri));
    }
    assert_eq!(editor.leave(), Some(0));
}

#[test]
fn what_cannot_be_proved_is_said_and_a_search_can_be_stopped() {
    let mut editor = Editor::start(&["--actions-only", "--timeout", "2"]);
    let uri = "file:///nowhere/Hard.lean";
    editor.open(uri, "theorem hard (f : Nat → Nat) (h : ∀ n, f (n + 1) > f (f n)) : ∀ n, f n = n := by\n  sorry\n");
    let outcome = editor.act(uri, "sorry", "Prove");
    assert_eq!((&outcome["good"], &outcome["applied"]), (&false.into(), &false.into()), "{outcome}");
    let id = editor.choose(uri, "sorry", "Prove with more time");
    let begin = editor.wait(|m| m["method"] == "$/progress" && m["params"]["value"]["title"] == "Prove with more time");
    editor.wait(|m| m["params"]["token"] == begin["params"]["token"] && m["params"]["value"]["kind"] == "report");
    editor.notify("window/workDoneProgress/cancel", serde_json::json!({"token": begin["params"]["token"]}));
    assert_eq!(editor.answer(id)["error"]["code"], -32800);
    assert_eq!(editor.leave(), Some(0));
}

#[test]
fn what_is_wrong_elsewhere_in_a_file_is_no_hindrance() {
    let mut editor = Editor::start(&["--actions-only", "--timeout", "30"]);
    let uri = "file:///nowhere/Unfinished.lean";
    let text = "theorem broken : 1 = 2 := by\n  omega\n\n#eval nothing\n\ntheorem 𝔸 (p q : Prop) (h : p ∧ q) : q ∧ p := by\n  sorry\n\ntheorem uses : 1 = 2 := by\n  sorry\n\ntheorem half (n : Nat) :\n";
    editor.open(uri, text);
    let outcome = editor.act(uri, "sorry", "Prove");
    assert_eq!(outcome["applied"], true, "{outcome}");
    let (before, after) = text.split_once("sorry").expect("it is there");
    assert!(editor.text(uri).starts_with(before) && editor.text(uri).ends_with(after), "{}", editor.text(uri));
    // Proved before the judge only by the theorem that is not.
    editor.edit(uri, 0..0, "axiom other : True\n");
    let start = editor.text(uri).rfind("sorry").expect("it is there");
    editor.edit(uri, start..start + 5, "exact brokn");
    let place = serde_json::json!({"uri": uri, "position": prove_lsp::position_at(editor.text(uri), start)});
    let outcome = editor.request("workspace/executeCommand", serde_json::json!({"command": "prove.repair", "arguments": [place]}));
    assert_eq!(outcome["applied"], false, "{outcome}");
    assert_eq!(editor.leave(), Some(0));
}

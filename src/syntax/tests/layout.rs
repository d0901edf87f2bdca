//! Steps of tactic proofs by their layout.

use prove_syntax::{Layout, Source, StepKind};

/// Every step as `depth:kind:text`, with the text of nested lines cut at the first line end.
fn steps(text: &str) -> Vec<String> {
    let source = Source::new(text);
    let layout = Layout::of_tactics(&source, 0..text.len());
    layout
        .steps
        .iter()
        .map(|s| {
            let kind = match s.kind {
                StepKind::Tactic => "t",
                StepKind::Alternative => "a",
                StepKind::Calc => "c",
            };
            let text = &text[s.range.clone()];
            let first = text.lines().next().unwrap_or("");
            format!("{}{kind} {first}{}", s.depth, if text.contains('\n') { " …" } else { "" })
        })
        .collect()
}

#[test]
fn lines_semicolons_and_chains() {
    assert_eq!(
        steps("intro x; simp\nrw [a,\n  b] at h\nconstructor <;> simp <;>\n  omega\nexact h"),
        ["0t intro x", "0t simp", "0t rw [a, …", "0t constructor <;> simp <;> …", "0t exact h"]
    );
}

#[test]
fn focus_blocks_and_cases() {
    assert_eq!(
        steps("constructor\n· intro h\n  exact h\n. skip; rfl\ncase inl h => exact h\nnext => simp"),
        [
            "0t constructor",
            "0t · intro h …",
            "1t intro h",
            "1t exact h",
            "0t . skip; rfl",
            "1t skip",
            "1t rfl",
            "0t case inl h => exact h",
            "1t exact h",
            "0t next => simp",
            "1t simp"
        ]
    );
}

#[test]
fn alternatives_at_the_column_of_their_tactic() {
    assert_eq!(
        steps("induction n with\n| zero => simp\n| succ n ih =>\n  rw [ih]\n  rfl\nomega"),
        ["0t induction n with …", "1a | zero => simp", "2t simp", "1a | succ n ih => …", "2t rw [ih]", "2t rfl", "0t omega"]
    );
    assert_eq!(
        steps("rcases h with a | b\n· exact a\n· exact b"),
        ["0t rcases h with a | b", "0t · exact a", "1t exact a", "0t · exact b", "1t exact b"]
    );
    assert_eq!(
        steps("first | rfl | simp | (intro x; omega)"),
        [
            "0t first | rfl | simp | (intro x; omega)",
            "1a | rfl",
            "2t rfl",
            "1a | simp",
            "2t simp",
            "1a | (intro x; omega)",
            "2t (intro x; omega)",
            "3t intro x",
            "3t omega"
        ]
    );
}

#[test]
fn nested_by_and_have() {
    assert_eq!(
        steps("have h : a = b := by\n  simp\n  rfl\nobtain ⟨x, hx⟩ := f ⟨by simp, by omega⟩\nexact h"),
        [
            "0t have h : a = b := by …",
            "1t simp",
            "1t rfl",
            "0t obtain ⟨x, hx⟩ := f ⟨by simp, by omega⟩",
            "1t simp",
            "1t omega",
            "0t exact h"
        ]
    );
}

#[test]
fn calc_steps_and_conditionals() {
    assert_eq!(
        steps("calc a = b := by simp\n  _ = c := by\n    rfl\n  _ = d := h\nif h : p then\n  simp\nelse\n  omega"),
        [
            "0t calc a = b := by simp …",
            "1c a = b := by simp",
            "2t simp",
            "1c _ = c := by …",
            "2t rfl",
            "1c _ = d := h",
            "0t if h : p then …",
            "1t simp",
            "1t omega"
        ]
    );
}

#[test]
fn binder_commas_do_not_end_a_block_in_brackets() {
    assert_eq!(steps("exact ⟨by show ∀ x, P x; simp, h⟩"), ["0t exact ⟨by show ∀ x, P x; simp, h⟩", "1t show ∀ x, P x", "1t simp"]);
}

#[test]
fn depth_is_bounded() {
    let deep = "have : p := by ".repeat(5_000);
    let layout = Layout::of_tactics(&Source::new(&deep), 0..deep.len());
    assert!(layout.steps.iter().all(|s| s.depth < 1_000));
    assert_eq!(layout.top_level().count(), 1);
}

//! Proofs in answers: the ways in which models answer, and any text at all.

use Format::{DeepSeekV2Cot, DeepSeekV15, Kimina, Prove};
use proptest::prelude::*;
use prove_model::text::{Extracted, Format, NoProof, extract};

/// The proof of the theorem `foo` in an answer of prose and code.
fn prose(answer: &str) -> Result<Extracted, NoProof> {
    extract(DeepSeekV2Cot, answer, "foo")
}

fn proof(answer: &str) -> String {
    prose(answer).expect("a proof").body
}

#[test]
fn the_last_block_that_holds_the_theorem_counts() {
    let answer = "Plan.\n```lean4\ntheorem foo : a := by\n  sorry\n```\nNow:\n```lean4\nimport Mathlib\nopen Nat\n\n\
        lemma aux : b := by simp\n\n/-- Words. -/\n@[simp]\ntheorem foo (h : a) : a := by\n  have x := aux\n\n  exact h\n```\n\
        It uses\n```lean4\nlemma aux : b := by simp\n```\n```lean4\n#check foo\n```";
    let found = prose(answer).expect("a proof");
    assert_eq!(found.body, "  have x := aux\n\n  exact h");
    assert_eq!((found.before.as_str(), found.tactics, found.truncated), ("lemma aux : b := by simp", true, false));
}

#[test]
fn a_block_that_breaks_off_is_taken_as_it_is() {
    let found = prose("```lean4\ntheorem foo : a := by\n  simp\n  nlina").expect("a proof");
    assert_eq!((found.body.as_str(), found.truncated), ("  simp\n  nlina", true));
    assert_eq!(prose("Let me see.\n```lean4\ntheorem foo : a := by\n"), Err(NoProof::Empty));
    assert_eq!(prose("Let me see.\n```lean4\ntheorem foo :"), Err(NoProof::Empty));
}

#[test]
fn answers_without_a_proof_have_a_name() {
    assert_eq!(prose(""), Err(NoProof::NoCode));
    assert_eq!(prose("It is clear that `simp` does it. ```"), Err(NoProof::NoCode));
    assert_eq!(prose("```python\nprint(1)\n```"), Err(NoProof::NoCode));
    assert_eq!(prose("```lean4\ndef x := 1\n```"), Err(NoProof::NoTheorem));
    assert_eq!(prose("```lean4\n\n```"), Err(NoProof::NoTheorem));
    assert_eq!(extract(DeepSeekV15, " \n```", "foo"), Err(NoProof::Empty));
}

#[test]
fn thoughts_are_not_answers_unless_there_is_nothing_else() {
    let thought = "<think>\n```lean4\ntheorem foo : a := by\n  wrong\n```\n</think>\n";
    assert_eq!(proof(&format!("{thought}```lean4\ntheorem foo : a := by\n  right\n```")), "  right");
    assert_eq!(extract(Kimina, thought, "foo").expect("a proof").body, "  wrong");
}

#[test]
fn statements_hold_many_things_that_look_like_their_end() {
    assert_eq!(proof("```lean4\ntheorem foo (x : Nat := by exact 1) : a := by\n  simp\n```"), "  simp");
    assert_eq!(proof("```lean4\ntheorem foo : let y := 1; y = 1 := by\n  simp\n```"), "  simp");
    assert_eq!(proof("```lean4\ntheorem foo : \"theorem foo := by\" = s := by -- := by\n  simp\n```"), "-- := by\n  simp");
    assert_eq!(
        proof("```lean4\n-- theorem foo := by no\n/- theorem foo := by /- no -/ no -/\ntheorem foo : a :=\n  by\n  simp\n```"),
        "  simp"
    );
    assert_eq!(proof("```lean4\nopen Real in\ntheorem foo : ⟨a, b⟩ = c := by\n  simp\n\nend X\n#print axioms foo\n```"), "  simp");
    assert_eq!(proof("```lean4\nprivate lemma A.foo : a := by simp [h]\n```"), "simp [h]");
    let term = prose("```lean4\ntheorem foo : a ∧ b :=\n  ⟨ha, hb⟩\n```").expect("a term");
    assert_eq!((term.body.as_str(), term.tactics), ("  ⟨ha, hb⟩", false));
}

#[test]
fn models_rename_and_leave_out() {
    assert_eq!(proof("```lean4\ntheorem bar : a := by\n  simp\n```"), "  simp", "another name");
    assert_eq!(proof("```lean4\ntheorem foo' : a := by\n  no\n```\n```lean4\ntheorem foo : a := by\n  yes\n```\n```\nomega\n```"), "  yes");
    assert_eq!(proof("Use\n```lean\n  intro x\n  omega\n```"), "  intro x\n  omega", "bare tactics");
    assert_eq!(proof("```lean4\r\ntheorem foo : a := by\r\n  simp\r\n```"), "  simp");
}

#[test]
fn completing_formats_end_at_their_fence() {
    let found = extract(DeepSeekV15, "  simp\n  ring\n```\n\n```lean4\nmore", "foo").expect("a proof");
    assert_eq!((found.body.as_str(), found.truncated), ("  simp\n  ring", false));
    assert_eq!(extract(DeepSeekV15, "  simp\n  ring\n", "foo").expect("a proof"), found, "the stop string was cut off already");
    assert_eq!(extract(Prove, "simp\nring\n### end\n", "foo").expect("a proof").body, "simp\nring");
}

/// Texts made of what makes answers hard.
fn answers() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("```"),
        Just("```lean4\n"),
        Just("\n"),
        Just("theorem foo"),
        Just("lemma"),
        Just(" := by"),
        Just(":="),
        Just("by"),
        Just("/-"),
        Just("-/"),
        Just("--"),
        Just("\""),
        Just("\\"),
        Just("@["),
        Just("("),
        Just("⟩"),
        Just("ℕ"),
        Just("</think>"),
        Just("end"),
        Just("###"),
        Just("  simp"),
        Just("in"),
        Just("\u{2028}"),
        Just("\r\n"),
    ];
    proptest::collection::vec(prop_oneof![8 => piece.prop_map(String::from), 1 => any::<String>()], 0..40)
        .prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_text_is_answered(answer in answers(), name in "[a-z.]{0,4}") {
        for format in Format::ALL {
            if let Ok(found) = extract(format, &answer, &name) {
                prop_assert!(answer.contains(&found.body) && !found.body.trim().is_empty());
                prop_assert!(answer.contains(&found.before));
            }
        }
    }

    #[test]
    fn what_a_model_writes_well_is_found(body in "( {2}[a-z ⟨⟩ℕ:=\\[\\]]{1,12}[a-z]\n){1,4}", aux in "[a-z]{1,5}") {
        let answer = format!("Text.\n```lean4\nlemma {aux}x : b := by simp\ntheorem foo (h : a) : c := by\n{body}```\nDone.");
        prop_assert_eq!(proof(&answer), body.trim_end());
    }
}

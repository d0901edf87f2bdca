//! Bodies in place of `sorry`s.

use prove_syntax::{Outline, ProofBody, Source, find_sorries, splice};

/// The file with its only `sorry` filled.
fn fill(file: &str, body: &str) -> String {
    let source = Source::new(file);
    let outline = Outline::new(&source);
    let sorries = find_sorries(&source, &outline);
    assert_eq!(sorries.len(), 1, "{file}");
    let body = ProofBody::parse(body).unwrap_or_else(|r| panic!("{body:?}: {r:?}"));
    let spliced = splice(&source, &[(&sorries[0], &body)]).unwrap_or_else(|r| panic!("{file:?}: {r:?}"));
    let inserted = &spliced.inserted[0];
    assert_eq!(inserted.span.start, sorries[0].span.start);
    let own = &spliced.text[inserted.body.clone()];
    let squeeze = |s: &str| s.split_whitespace().collect::<String>();
    assert_eq!(squeeze(own), squeeze(body.text()));
    spliced.text
}

#[test]
fn whole_bodies() {
    let two = "intro x\nsimp";
    assert_eq!(fill("theorem a : P := sorry\n", two), "theorem a : P := by\n  intro x\n  simp\n");
    assert_eq!(fill("theorem a : P := by sorry\n", two), "theorem a : P := by \n  intro x\n  simp\n");
    assert_eq!(fill("theorem a : P := by sorry\n", ":= by simp"), "theorem a : P := by simp\n");
    assert_eq!(fill("theorem a : P := by\n  sorry\n", two), "theorem a : P := by\n  intro x\n  simp\n");
    assert_eq!(fill("theorem a : P :=\n  sorry", two), "theorem a : P :=\n  by\n    intro x\n    simp");
    assert_eq!(fill("theorem a : P := sorry\n", ":= fun x =>\n  f x"), "theorem a : P := fun x =>\n                 f x\n");
    assert_eq!(fill("theorem a : P := by sorry\n", "⟨1, rfl⟩"), "theorem a : P := by exact ⟨1, rfl⟩\n");
    assert_eq!(fill("theorem a : P :=sorry", "simp"), "theorem a : P := by\n  simp");
}

#[test]
fn terms_get_brackets() {
    assert_eq!(fill("theorem a : P := by\n  exact sorry\n", "simp"), "theorem a : P := by\n  exact (by simp)\n");
    assert_eq!(fill("theorem a : P := by\n  exact (sorry)\n", "simp"), "theorem a : P := by\n  exact (by simp)\n");
    assert_eq!(
        fill("theorem a : P := by\n  exact f sorry x\n", "intro x\nsimp"),
        "theorem a : P := by\n  exact f (by\n      intro x\n      simp) x\n"
    );
    assert_eq!(fill("theorem a : P := ⟨sorry, 3⟩", ":= h -- why"), "theorem a : P := ⟨(h -- why\n                   ), 3⟩");
}

#[test]
fn tactics_keep_their_column() {
    assert_eq!(
        fill("theorem a : P := by\n  constructor\n  · sorry\n  simp\n", "intro x\ncases x with\n| a => rfl\n| b =>\n  rfl"),
        "theorem a : P := by\n  constructor\n  · intro x\n    cases x with\n    | a => rfl\n    | b =>\n      rfl\n  simp\n"
    );
    assert_eq!(
        fill("theorem a : P := by\n  · have h : Q := by sorry\n    simp\n", "intro x\nsimp"),
        "theorem a : P := by\n  · have h : Q := by \n      intro x\n      simp\n    simp\n"
    );
    assert_eq!(
        fill("theorem a : P := by\n  cases n with\n  | zero => sorry\n  | succ n => rfl\n", "intro x\nsimp"),
        "theorem a : P := by\n  cases n with\n  | zero => intro x\n            simp\n  | succ n => rfl\n"
    );
    assert_eq!(
        fill("theorem a : P := by\n  constructor <;> sorry\n", "intro x\nsimp"),
        "theorem a : P := by\n  constructor <;> (intro x\n                   simp)\n"
    );
    assert_eq!(fill("theorem a : P := by skip; sorry; rfl\n", "intro x; simp"), "theorem a : P := by skip; (intro x; simp); rfl\n");
    assert_eq!(fill("theorem a : P := by\n  ·sorry\n", "simp -- done"), "theorem a : P := by\n  · simp -- done\n");
    assert_eq!(fill("theorem a : P := (by sorry) x\n", "simp -- done"), "theorem a : P := (by simp -- done\n                     ) x\n");
}

#[test]
fn indentation_of_candidates_is_understood() {
    let file = "theorem a : P := by\n  sorry\n";
    let into = |body: &str| fill(file, body).strip_prefix("theorem a : P := by\n").unwrap().to_owned();
    // The first line's indentation was lost.
    assert_eq!(into("intro x\n    simp\n    rfl"), "  intro x\n  simp\n  rfl\n");
    assert_eq!(into("have h : p := by\n      simp\n    exact h"), "  have h : p := by\n    simp\n  exact h\n");
    // It was not: the rest belongs to the first tactic.
    assert_eq!(into("have h : p := by\n  simp\n  exact h"), "  have h : p := by\n    simp\n    exact h\n");
    assert_eq!(into("exact foo\n    bar"), "  exact foo\n      bar\n");
    assert_eq!(into("simp [a,\n  rfl]"), "  simp [a,\n    rfl]\n");
    assert_eq!(into("by intro x\n   simp"), "  intro x\n  simp\n");
    assert_eq!(into("\n\n    intro x\n\n    simp\n  \n"), "  intro x\n\n  simp\n");
    assert_eq!(into("by -- first\n  intro x\n  -- then\n  simp"), "  -- first\n  intro x\n  -- then\n  simp\n");
    assert_eq!(into("calc a = b := by simp\n  _ = c := rfl"), "  calc a = b := by simp\n    _ = c := rfl\n");
    assert_eq!(
        into("induction n with\n| zero => rfl\n| succ n ih => simp"),
        "  induction n with\n  | zero => rfl\n  | succ n ih => simp\n"
    );
}

#[test]
fn strings_and_comments_are_not_reindented() {
    let body = "    have := \"two\n lines\"\n    /- a\ncomment -/\n    have := r#\"\n raw \"\"#\n    rfl";
    assert_eq!(
        fill("theorem a : P := by\n  sorry\n", body),
        "theorem a : P := by\n  have := \"two\n lines\"\n  /- a\ncomment -/\n  have := r#\"\n raw \"\"#\n  rfl\n"
    );
}

#[test]
fn crlf_files_stay_crlf() {
    assert_eq!(
        fill("theorem a : P := by\r\n  sorry\r\ntheorem b : Q := rfl\r\n", "intro x\nsimp"),
        "theorem a : P := by\r\n  intro x\r\n  simp\r\ntheorem b : Q := rfl\r\n"
    );
    assert_eq!(fill("theorem a : P := by\n  sorry\n", "intro x\r\nsimp"), "theorem a : P := by\n  intro x\n  simp\n");
}

#[test]
fn suffixes_only_after_whole_bodies() {
    let body = "exact f 3\nwhere\n  f : Nat → P := fun n => g n\n  termination_by n => n";
    assert_eq!(
        fill("theorem a : P := sorry\n", body),
        "theorem a : P := by\n  exact f 3\n  where\n    f : Nat → P := fun n => g n\n    termination_by n => n\n"
    );
    let file = "theorem a : P := by\n  skip\n  sorry\ntheorem b : P := by sorry\n  termination_by 3\n";
    let source = Source::new(file);
    let outline = Outline::new(&source);
    let body = ProofBody::parse(body).unwrap();
    for sorry in find_sorries(&source, &outline) {
        assert!(splice(&source, &[(&sorry, &body)]).is_err(), "{:?}", sorry.place);
    }
    let local = ProofBody::parse("let rec f : Nat → P := fun n => g n\n  termination_by n => n\nexact f 3").unwrap();
    assert!(!local.has_suffix());
}

#[test]
fn several_at_once() {
    let file = "theorem a : P := sorry\nexample : f sorry = sorry := by sorry\n";
    let source = Source::new(file);
    let outline = Outline::new(&source);
    let sorries = find_sorries(&source, &outline);
    let bodies: Vec<ProofBody> = ["simp", ":= 1", ":= 2", "omega\nrfl"].iter().map(|b| ProofBody::parse(b).unwrap()).collect();
    let fills: Vec<_> = sorries.iter().zip(&bodies).rev().collect();
    let spliced = splice(&source, &fills).unwrap();
    assert_eq!(spliced.text, "theorem a : P := by\n  simp\nexample : f (1) = (2) := by \n  omega\n  rfl\n");
    let own: Vec<&str> = spliced.inserted.iter().map(|i| &spliced.text[i.body.clone()]).collect();
    assert_eq!(own, ["simp", "1", "2", "omega\n  rfl"]);
    assert!(splice(&source, &[(&sorries[0], &bodies[0]), (&sorries[0], &bodies[1])]).is_err());
}

#[test]
fn a_sorry_at_column_zero() {
    assert_eq!(fill("theorem a : P := by\nsorry\n", "intro x\n\nsimp"), "theorem a : P := by\nintro x\n\nsimp\n");
}

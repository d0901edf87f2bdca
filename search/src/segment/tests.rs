use super::*;
use crate::task::Trial;
use proptest::prelude::*;
use prove_core::Diagnostic;

/// `a|b` is a state with the goals `a` and `b`; the empty text one without goals.
fn state(goals: &str) -> ProofState {
    let goal = |target: &str| Goal { case: None, hypotheses: Vec::new(), target: target.to_owned() };
    ProofState { goals: goals.split('|').filter(|g| !g.is_empty()).map(goal).collect() }
}

fn targets(state: &ProofState) -> String {
    state.goals.iter().map(|g| g.target.as_str()).collect::<Vec<_>>().join("|")
}

/// Tactics given by their text, which occurs once, with the goals before and after.
fn checked(proof: &str, tactics: &[(&str, &str, &str)]) -> Checked {
    let span = |text: &str| {
        let at = proof.find(text).unwrap_or_else(|| panic!("{text:?} is not in the proof"));
        Span { start: Position::of_byte(proof, at), end: Position::of_byte(proof, at + text.len()) }
    };
    let tactics =
        tactics.iter().map(|(text, before, after)| TacticSpan { span: span(text), before: state(before), after: state(after) }).collect();
    Checked { tactics, ..Checked::bare(Trial::Rejected(String::new())) }
}

fn error(mut checked: Checked, line: u32, column: u32, tag: &str) -> Checked {
    let start = Position::new(line, column);
    let tags = if tag.is_empty() { Vec::new() } else { vec![tag.to_owned()] };
    let span = Span { start, end: start };
    checked.diagnostics.push(Diagnostic { severity: Severity::Error, span, message: "no".to_owned(), tags });
    checked
}

/// The last line of each segment, its own goals, all goals, its column.
fn table<'a>(proof: &'a str, from: usize, checked: &Checked) -> Vec<(&'a str, String, String, u32)> {
    let row = |s: Segment<'_>| (proof[..s.end].rsplit('\n').next().unwrap_or(""), targets(s.own), targets(&s.whole), s.column);
    segments(proof, from, checked).into_iter().map(row).collect()
}

fn row<'a>(line: &'a str, own: &str, whole: &str, column: u32) -> (&'a str, String, String, u32) {
    (line, own.to_owned(), whole.to_owned(), column)
}

#[test]
fn the_proof_is_cut_at_the_first_error_and_ends_without_goals_are_no_segments() {
    let proof = "intro x\nsimp\nomega";
    let all = checked(proof, &[("intro x", "r", "A"), ("simp", "A", "B"), ("omega", "B", "")]);
    assert_eq!(table(proof, 0, &all), [row("intro x", "A", "A", 0), row("simp", "B", "B", 0)]);
    assert_eq!(table(proof, 8, &all), [row("simp", "B", "B", 0)], "only what is new");
    let failed = error(all.clone(), 1, 0, "");
    assert_eq!(table(proof, 0, &failed), [row("intro x", "A", "A", 0)]);
    assert_eq!(table(proof, 8, &failed), []);
    let mut warned = error(all, 1, 0, "");
    warned.diagnostics[0].severity = Severity::Warning;
    assert_eq!(table(proof, 0, &warned).len(), 2, "only errors count");
}

#[test]
fn a_sorry_cuts_unless_it_is_written_about() {
    let proof = "intro x -- sorry\nexact foo \"sorry\"\nhave sorryish := h.sorry\nhave h : p := sorry\nsimp";
    let all = checked(
        proof,
        &[
            ("intro x", "r", "A"),
            ("exact foo \"sorry\"", "A", "B"),
            ("have sorryish := h.sorry", "B", "C"),
            ("have h : p := sorry", "C", "D"),
            ("simp", "D", "E"),
        ],
    );
    let wanted =
        [row("intro x -- sorry", "A", "A", 0), row("exact foo \"sorry\"", "B", "B", 0), row("have sorryish := h.sorry", "C", "C", 0)];
    assert_eq!(table(proof, 0, &all), wanted);
    let proof = "simp\nadmit";
    assert_eq!(table(proof, 0, &checked(proof, &[("simp", "r", "A"), ("admit", "A", "B")])).len(), 1);
}

#[test]
fn a_segment_holds_the_lines_in_which_no_tactic_ends() {
    let proof = "-- first\nrw [a,\n  b] -- then\n\nsimp /- a\nb -/\nring";
    let all = checked(proof, &[("rw [a,\n  b]", "r", "A"), ("simp", "A", "B"), ("ring", "B", "C")]);
    let ends: Vec<&str> = segments(proof, 0, &all).iter().map(|s| &proof[..s.end]).collect();
    // A comment that goes on in the next line belongs to the next segment.
    assert_eq!(ends, ["-- first\nrw [a,\n  b] -- then", "-- first\nrw [a,\n  b] -- then\n\nsimp", proof]);
}

#[test]
fn goals_around_a_block_are_part_of_its_state() {
    let proof = "constructor\n· intro h\n  simp\n· omega";
    let all = checked(
        proof,
        &[
            ("constructor", "r", "P|Q"),
            ("· intro h\n  simp", "P|Q", "Q"),
            ("intro h", "P", "P'"),
            ("simp", "P'", ""),
            ("· omega", "Q", ""),
            ("omega", "Q", ""),
        ],
    );
    // Behind the bullet it is the bullet's state that counts, in the column of the bullet.
    let wanted = [row("constructor", "P|Q", "P|Q", 0), row("· intro h", "P'", "P'|Q", 2), row("  simp", "Q", "Q", 0)];
    assert_eq!(table(proof, 0, &all), wanted);
}

#[test]
fn the_tactic_around_the_by_of_a_term_keeps_its_goal() {
    let proof = "have h : p := by\n  -- by\n  intro x; intro y\n  simp\nomega";
    let all = checked(
        proof,
        &[
            ("have h : p := by\n  -- by\n  intro x; intro y\n  simp", "r|s", "R|s"),
            ("intro x", "p", "A"),
            ("intro y", "A", "B"),
            ("simp", "B", ""),
            ("omega", "R|s", "s"),
        ],
    );
    // `intro y` stands behind a `;`, but its block begins in column 2.
    let wanted = [row("  intro x; intro y", "B", "B|r|s", 2), row("  simp", "R|s", "R|s", 0), row("omega", "s", "s", 0)];
    assert_eq!(table(proof, 0, &all), wanted);
}

#[test]
fn blocks_in_blocks_add_their_goals_from_the_inside_out() {
    let proof = "case b =>\n  constructor\n  · refine foo (by\n      skip\n      trivial) ?_\n    done";
    let mut all = checked(
        proof,
        &[
            (proof, "A|B|C", "A|C"),
            ("constructor", "B", "P|Q"),
            ("· refine foo (by\n      skip\n      trivial) ?_\n    done", "P|Q", "Q"),
            ("refine foo (by\n      skip\n      trivial) ?_", "P", "T"),
            ("skip", "S", "S'"),
            ("trivial", "S'", ""),
        ],
    );
    for (goal, case) in all.tactics[0].before.goals.iter_mut().zip(["x.a", "x.b", "c"]) {
        goal.case = Some(case.to_owned());
    }
    // `case b` takes the second goal away; the bullet its first; the `by` in the term of `refine` nothing.
    let wanted = [
        row("  constructor", "P|Q", "P|Q|A|C", 2),
        row("      skip", "S'", "S'|P|Q|A|C", 6),
        row("      trivial) ?_", "T", "T|Q|A|C", 4),
        row("    done", "A|C", "A|C", 0),
    ];
    assert_eq!(table(proof, 0, &all), wanted);
}

#[test]
fn alternatives_are_walked_but_none_ends_a_segment_before_the_last() {
    let proof = "induction n with\n| zero => simp\n| succ n ih =>\n  intro h\n  omega\nrfl";
    let all = checked(
        proof,
        &[
            ("induction n with\n| zero => simp\n| succ n ih =>\n  intro h\n  omega", "r|s", "s"),
            ("simp", "Z", ""),
            ("intro h", "S", "S'"),
            ("omega", "S'", ""),
            ("rfl", "s", ""),
        ],
    );
    assert_eq!(table(proof, 0, &all), [row("  intro h", "S'", "S'|s", 2), row("  omega", "s", "s", 0)]);
}

#[test]
fn brackets_hand_all_goals_on() {
    let proof = "(constructor\n simp)\nrfl";
    let all = checked(proof, &[("(constructor\n simp)", "r|s", "Q|s"), ("constructor", "r|s", "P|Q|s"), ("simp", "P|Q|s", "Q|s")]);
    assert_eq!(table(proof, 0, &all), [row("(constructor", "P|Q|s", "P|Q|s", 1), row(" simp)", "Q|s", "Q|s", 0)]);
}

#[test]
fn a_block_left_open_is_where_the_proof_ends() {
    let proof = "constructor\n· intro h\n  simp\n\n· omega";
    let all = checked(
        proof,
        &[
            ("constructor", "r", "P|Q"),
            ("· intro h\n  simp", "P|Q", "Q"),
            ("intro h", "P", "P'"),
            ("simp", "P'", "P''"),
            ("· omega", "Q", ""),
            ("omega", "Q", ""),
        ],
    );
    // The bullet closes its goal only by being reported: the state is that after `simp`.
    let wanted = [row("constructor", "P|Q", "P|Q", 0), row("· intro h", "P'", "P'|Q", 2), row("  simp", "P''", "P''|Q", 2)];
    assert_eq!(table(proof, 0, &error(all.clone(), 1, 0, "unsolvedGoals")), wanted);
    let bare = all.tactics[..1].to_vec();
    let unknown = Checked { tactics: bare, ..error(all, 1, 0, "unsolvedGoals") };
    assert_eq!(table(proof, 0, &unknown), wanted[..1], "a report in no known tactic cuts nothing");

    let proof = "have h : p := by simp\nomega";
    let all = checked(proof, &[("have h : p := by simp", "r", "R"), ("simp", "p", "p'"), ("omega", "R", "S")]);
    assert_eq!(table(proof, 0, &error(all, 0, 14, "unsolvedGoals")), [row("have h : p := by simp", "p'", "p'|r", 17)]);
}

#[test]
fn goals_left_by_the_whole_proof_cut_nothing() {
    let proof = "· intro x\n  simp\nrw [h]\n";
    let tactics = [("· intro x\n  simp", "P|Q", "Q"), ("intro x", "P", "P'"), ("simp", "P'", ""), ("rw [h]", "Q", "Q'")];
    let mut all = error(checked(proof, &tactics), 0, 0, "unsolvedGoals");
    assert_eq!(table(proof, 0, &all), [row("· intro x", "P'", "P'|Q", 2)], "the bullet's own");
    all.diagnostics[0].span.end = Position::of_byte(proof, proof.trim_end().len());
    let wanted = [row("· intro x", "P'", "P'|Q", 2), row("  simp", "Q", "Q", 0), row("rw [h]", "Q'", "Q'", 0)];
    assert_eq!(table(proof, 0, &all), wanted);
}

#[test]
fn places_are_code_points() {
    // 𝔸 is four bytes and one code point, x̄ three bytes and two.
    let proof = "obtain ⟨𝔸, x\u{304}⟩ := ‹ℕ›; simp\nrw [𝔸𝔸]; omega";
    let all = checked(proof, &[("obtain ⟨𝔸, x\u{304}⟩ := ‹ℕ›", "r", "A"), ("simp", "A", "B"), ("rw [𝔸𝔸]", "B", "C"), ("omega", "C", "D")]);
    assert_eq!(all.tactics[1].span.start, Position::new(0, 23));
    let wanted = [row("obtain ⟨𝔸, x\u{304}⟩ := ‹ℕ›; simp", "B", "B", 0), row("rw [𝔸𝔸]; omega", "D", "D", 0)];
    assert_eq!(table(proof, 0, &all), wanted);
    let failed = error(all, 1, 9, "");
    assert_eq!(table(proof, 0, &failed).len(), 1, "`rw [𝔸𝔸];` is no line of its own");
}

proptest! {
    #[test]
    fn any_answer_gives_segments_in_order(
        proof in "(intro x|· |  |\n|by |𝔸|/-|-/|--|sorry|\"|case a =>|;){0,24}",
        spans in prop::collection::vec((0u32..5, 0u32..9, 0u32..5, 0u32..12, "[ab|]{0,3}"), 0..8),
        errors in prop::collection::vec((0u32..6, 0u32..12, any::<bool>()), 0..3),
    ) {
        let mut all = Checked::bare(Trial::Timeout);
        for (line, column, to, end, goals) in spans {
            let span = Span { start: Position::new(line, column), end: Position::new(to, end) };
            all.tactics.push(TacticSpan { span, before: state(&goals), after: state(&goals) });
        }
        for (line, column, open) in errors {
            all = error(all, line, column, if open { "unsolvedGoals" } else { "" });
        }
        let mut last = 0;
        for segment in segments(&proof, 0, &all) {
            prop_assert!(segment.end > last && proof.is_char_boundary(segment.end) && !segment.own.is_done());
            last = segment.end;
        }
    }
}

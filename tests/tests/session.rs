//! The language-server session on a real Lean.

use prove_core::{Diagnostic, Position, Severity, TacticSpan};
use prove_lean::{Job, LeanCommand, Limits, Report, Session, SessionSpawner, Worker, WorkerError};
use std::time::Duration;

fn lean() -> LeanCommand {
    prove_tests::lean::command(env!("CARGO_BIN_EXE_prove-tested"))
}

fn job(header: &str, body: &str) -> Job {
    let limits = Limits { wall: Duration::from_secs(120) };
    Job { header: header.into(), body: body.into(), tactics: false, goals_at: Vec::new(), limits }
}

async fn session(header: &str) -> Session {
    SessionSpawner::new(lean()).start(header).await.expect("a session starts")
}

async fn check(session: &mut Session, header: &str, body: &str) -> Report {
    session.check(&job(header, body)).await.unwrap_or_else(|error| panic!("{body}: {error}"))
}

/// What is compared between two elaborations of one text.
fn essence(report: &Report) -> Vec<(Severity, Position, Position, String, Vec<String>)> {
    let essence = |d: &Diagnostic| (d.severity, d.span.start, d.span.end, d.message.clone(), d.tags.clone());
    report.elaboration.diagnostics.iter().map(essence).collect()
}

/// A text, and what Lean says first about it.
type Said = (&'static str, Option<(Severity, u32, u32, u32, &'static str)>);

/// Texts with what Lean says about each: severity, line and columns of the first diagnostic, and a part of its message.
const TEXTS: &[Said] = &[
    ("theorem t : 1 + 1 = 2 := rfl\n", None),
    ("theorem t (a b : Nat) (h : a < b) : a < b + 1 := by omega\n", None),
    ("theorem t : 1 + 1 = 2 := by sorry\n", Some((Severity::Warning, 0, 8, 9, "sorry"))),
    ("theorem t : True := by\n  exact nope\n", Some((Severity::Error, 1, 8, 12, "nope"))),
    ("theorem t (𝔸 : Nat) : 𝔸 = 𝔸 ∧ Nat.nope := by simp\n", Some((Severity::Error, 0, 30, 38, "nope"))),
    ("/- ⟨𝔸x\u{301}⟩ -/ #check 𝔹\n", Some((Severity::Error, 0, 19, 20, "𝔹"))),
    ("-- one\r\n#check nope\r\n", Some((Severity::Error, 1, 7, 11, "nope"))),
    ("theorem t : 1 + 1 = 3 := by\n  decide\n", Some((Severity::Error, 1, 2, 8, "false"))),
    ("theorem t : p ∧ q := by\n  constructor", Some((Severity::Error, 0, 21, 23, "unsolved"))),
    ("#check (2 : Nat)\n", Some((Severity::Information, 0, 0, 6, "Nat"))),
    ("theorem t : True := by\n  (", Some((Severity::Error, 0, 20, 22, "unsolved"))),
    ("", None),
];

#[tokio::test]
async fn diagnostics_stand_where_lean_puts_them() {
    let mut session = session("").await;
    for (text, expected) in TEXTS {
        let report = check(&mut session, "", text).await;
        let first = report.elaboration.diagnostics.first();
        let Some((severity, line, from, to, message)) = *expected else {
            assert!(first.is_none(), "{text}: {first:?}");
            continue;
        };
        let first = first.unwrap_or_else(|| panic!("nothing about {text}"));
        assert_eq!(first.severity, severity, "{text}: {first:?}");
        assert_eq!((first.span.start.line, first.span.start.column), (line, from), "{text}: {first:?}");
        if message != "unsolved" {
            assert_eq!((first.span.end.line, first.span.end.column), (line, to), "{text}: {first:?}");
        }
        assert!(first.message.contains(message), "{text}: {first:?}");
        assert_eq!(report.elaboration.has_sorry(), message == "sorry", "{text}");
    }
}

#[tokio::test]
async fn a_warm_session_answers_as_a_cold_one_in_any_order() {
    let header = "theorem base (p q : Prop) (hp : p) (hq : q) : p ∧ q := ⟨hp, hq⟩\n";
    let mut warm = session(header).await;
    let order = (0..3 * TEXTS.len()).map(|i| (i * 7 + i / TEXTS.len()) % TEXTS.len());
    let mut answers = vec![Vec::new(); TEXTS.len()];
    for i in order {
        answers[i].push(essence(&check(&mut warm, header, TEXTS[i].0).await));
    }
    for (i, (text, _)) in TEXTS.iter().enumerate().step_by(3) {
        let mut cold = session(header).await;
        let cold = essence(&check(&mut cold, header, text).await);
        assert!(!answers[i].is_empty() && answers[i].iter().all(|warm| *warm == cold), "{text}: {:?}", answers[i]);
    }
}

#[tokio::test]
async fn nothing_is_left_of_the_text_before() {
    let mut session = session("").await;
    let declares = "theorem leaked : True := trivial\ninstance (priority := 5000) leakedAdd : Add Nat := ⟨fun _ _ => 3⟩\n";
    assert!(check(&mut session, "", declares).await.elaboration.looks_complete());
    assert!(!check(&mut session, "", "#check leaked\n").await.elaboration.looks_complete());
    assert!(check(&mut session, "", "theorem t : 1 + 1 = 2 := by decide\n").await.elaboration.looks_complete());
}

#[tokio::test]
async fn goals_are_those_at_the_place_asked_for() {
    let mut session = session("").await;
    let text = "theorem t (𝔸 : Prop) (h : 𝔸) : 𝔸 ∧ 𝔸 := by\n  let x : Nat := 5\n  refine ⟨?left, ?_⟩\n  all_goals exact h\ndef d := 1\n";
    let mut job = job("", text);
    job.goals_at = [(2, 2), (2, 20), (4, 5), (0, 44), (99, 0)].map(|(line, column)| Position::new(line, column)).to_vec();
    let report = session.check(&job).await.unwrap();
    assert!(report.elaboration.looks_complete(), "{:?}", report.elaboration);
    let goals: Vec<_> = report.goals.iter().map(|state| state.as_ref().map(|s| s.goals.len())).collect();
    assert_eq!(goals[..3], [Some(1), Some(2), None]);
    assert_eq!(goals[4], None);
    let before = &report.goals[0].as_ref().unwrap().goals[0];
    assert_eq!(before.to_string(), "𝔸 : Prop\nh : 𝔸\nx : Nat := 5\n⊢ 𝔸 ∧ 𝔸");
    assert_eq!(before.hypotheses[2].value.as_deref(), Some("5"));
    assert_eq!(report.goals[1].as_ref().unwrap().goals[0].case.as_deref(), Some("left"));
}

/// For each span: its line and column, and the targets before and after.
fn steps(spans: &[TacticSpan]) -> Vec<(u32, u32, String, String)> {
    let targets = |state: &prove_core::ProofState| {
        let targets: Vec<_> = state.goals.iter().map(|goal| goal.target.as_str()).collect();
        targets.join(", ")
    };
    spans.iter().map(|s| (s.span.start.line, s.span.start.column, targets(&s.before), targets(&s.after))).collect()
}

/// Compares the tactic spans of `text` with those expected, in the form of [`steps`].
async fn expect_steps(text: &str, expected: &[(u32, u32, &str, &str)]) {
    let mut session = session("").await;
    let mut job = job("", text);
    job.tactics = true;
    let found = steps(&session.check(&job).await.unwrap().elaboration.tactics);
    let found: Vec<_> = found.iter().map(|(line, column, before, after)| (*line, *column, before.as_str(), after.as_str())).collect();
    assert_eq!(found, expected);
}

#[tokio::test]
async fn tactic_spans_cover_nested_blocks() {
    let text = "\
theorem t (n : Nat) (p q : Prop) (hp : p) (hq : q) : (0 + n = n ∧ p) ∧ (p ∨ q) := by
  refine ⟨⟨?_, ?_⟩, ?_⟩
  · induction n with
    | zero => rfl
    | succ k ih =>
      rw [← Nat.add_assoc]
      have z : k = k := by rfl
      rw [ih]
  · have k : p := by
      exact hp
    exact k
  constructor <;> exact hp
theorem u (p q : Prop) : p ∧ q → q ∧ p := by
  intro h; cases h
  next hp hq =>
    refine And.intro ?l ?r
    case r => exact hp
    first
    | exact hp
    | exact hq
";
    expect_steps(
        text,
        &[
            (1, 2, "(0 + n = n ∧ p) ∧ (p ∨ q)", "0 + n = n, p, p ∨ q"),
            (2, 2, "0 + n = n, p, p ∨ q", "p, p ∨ q"),
            (2, 4, "0 + n = n", ""),
            (3, 14, "0 + 0 = 0", ""),
            (5, 6, "0 + (k + 1) = k + 1", "0 + k + 1 = k + 1"),
            (6, 6, "0 + k + 1 = k + 1", "0 + k + 1 = k + 1"),
            (6, 27, "k = k", ""),
            (7, 6, "0 + k + 1 = k + 1", ""),
            (8, 2, "p, p ∨ q", "p ∨ q"),
            (8, 4, "p", "p"),
            (9, 6, "p", ""),
            (10, 4, "p", ""),
            (11, 2, "p ∨ q", ""),
            (13, 2, "p ∧ q → q ∧ p", "q ∧ p"),
            (13, 11, "q ∧ p", "q ∧ p"),
            (14, 2, "q ∧ p", ""),
            (15, 4, "q ∧ p", "q, p"),
            (16, 4, "q, p", "q"),
            (16, 14, "p", ""),
            (17, 4, "q", ""),
        ],
    )
    .await;
}

#[tokio::test]
async fn tactic_spans_stop_at_what_failed() {
    let text = "\
theorem t (p q : Prop) (hp : p) : p ∧ q ∧ p := by
  constructor
  · exact hp
  refine ⟨?_, ?_⟩
  · have h : q := by omega
    exact h
  · assumption
  rfl
";
    expect_steps(
        text,
        &[
            (1, 2, "p ∧ q ∧ p", "p, q ∧ p"),
            (2, 2, "p, q ∧ p", "q ∧ p"),
            (2, 4, "p", ""),
            (3, 2, "q ∧ p", "q, p"),
            (4, 2, "q, p", "p"),
            (4, 4, "q", "q"),
            (5, 4, "q", ""),
            (6, 2, "p", ""),
            (6, 4, "p", ""),
        ],
    )
    .await;
}

#[tokio::test]
async fn the_state_after_the_last_tactic_of_an_unfinished_proof_is_known() {
    expect_steps(
        "theorem t (p q : Prop) (hp : p) : p ∧ q := by\n  constructor\n  · exact hp\n  have h : True := by\n    trivial",
        &[(1, 2, "p ∧ q", "p, q"), (2, 2, "p, q", "q"), (2, 4, "p", ""), (3, 2, "q", "q"), (4, 4, "True", "")],
    )
    .await;
}

#[tokio::test]
async fn other_imports_are_answered_too_and_missing_ones_are_an_error() {
    let mut session = session("").await;
    let std = check(&mut session, "import Std.Data.HashMap\n", "#check Std.HashMap\n").await;
    assert!(std.elaboration.looks_complete(), "{:?}", std.elaboration);
    let missing = check(&mut session, "import No.Such.Module\n", "theorem t : True := trivial\n").await;
    assert!(
        missing.elaboration.first_error().is_some_and(|e| e.message.contains("unknown module prefix 'No'")),
        "{:?}",
        missing.elaboration
    );
    let again = check(&mut session, "import No.Such.Module\n", "theorem u : True := trivial\n").await;
    assert!(!again.elaboration.looks_complete());
    let plain = check(&mut session, "", "theorem t : True := trivial\n").await;
    assert!(plain.elaboration.looks_complete());
}

#[tokio::test]
async fn an_endless_check_times_out_and_its_process_goes() {
    let mut session = session("").await;
    let mut job = job("", "#eval (IO.sleep 600000 : IO Unit)\n");
    job.limits.wall = Duration::from_millis(1500);
    let gauge = session.memory_gauge().expect("a running process");
    assert!(gauge().is_none_or(|bytes| bytes > 1 << 20));
    let error = session.check(&job).await.unwrap_err();
    assert!(matches!(error, WorkerError::Timeout { .. }), "{error}");
    for _ in 0..1000 {
        if gauge().is_none() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the process lives on");
}

#[tokio::test]
async fn heartbeats_bound_a_declaration() {
    let lean = lean();
    let spawner = SessionSpawner::new(lean).max_heartbeats(1);
    let mut session = spawner.start("").await.unwrap();
    let text = "theorem t (a b c d : Nat) (h : a + b < c + d) : 2 * (b + a) + 1 < 2 * d + 2 * c := by omega\n";
    let report = check(&mut session, "", text).await;
    assert!(report.elaboration.first_error().is_some_and(|e| e.message.contains("heartbeats")), "{:?}", report.elaboration);
}

#[tokio::test]
async fn a_process_that_ends_itself_is_a_fault() {
    let mut session = session("").await;
    let mut job = job("", "#eval (IO.Process.exit 0 : IO Unit)\n");
    job.limits.wall = Duration::from_secs(10);
    match session.check(&job).await {
        Err(WorkerError::Died { .. } | WorkerError::Timeout { .. }) => {}
        Ok(report) => assert!(!report.elaboration.looks_complete(), "{:?}", report.elaboration),
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn a_forged_answer_does_not_hide_an_error() {
    let mut session = session("").await;
    let forged = r#"{"textDocument":{"version":2,"uri":"file:///prove/Candidate.lean"},"processing":[]}"#;
    let text = format!(
        "#eval (IO.FS.writeFile \"/dev/stdout\" \"Content-Length: {}\\r\\n\\r\\n{}\" : IO Unit)\nexample : 1 = 2 := rfl\n",
        forged.len(),
        forged.replace('"', "\\\"")
    );
    match session.check(&job("", &text)).await {
        Ok(report) => assert!(!report.elaboration.looks_complete(), "{:?}", report.elaboration),
        Err(WorkerError::Protocol(_) | WorkerError::Died { .. }) => {}
        Err(error) => panic!("{error}"),
    }
}

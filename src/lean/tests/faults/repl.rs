//! Repl workers against the scripted peer, and against a real one where the variable `PROVE_REPL` holds its command line.

use crate::{
    script::{Folder, config, honest_message},
    trial,
};
use libtest_mimic::Trial;
use prove_core::{Position, Severity};
use prove_lean::{
    Job, LeanCommand, Limits, Outcome, PoolConfig, Report, Shutdown, Spawner, WorkerError, WorkerPool,
    repl::{Command, Repl, ReplSpawner},
};
use std::{sync::Arc, time::Duration};

/// The variable with the command line of a real repl, such as `lake --dir PROJECT exe repl`.
const REAL: &str = "PROVE_REPL";

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = vec![
        trial("repl::a_header_is_elaborated_once_and_places_are_those_of_the_file", header_once),
        trial("repl::tactic_spans_have_the_goals_before_and_after", tactic_spans),
        trial("repl::a_text_that_cannot_be_split_is_sent_whole", unsplit),
        trial("repl::tactic_mode_steers_and_pickles_travel", tactic_mode),
        trial("repl::a_mixture_of_all_faults_loses_doubles_and_forges_nothing", mixture),
    ];
    match std::env::var(REAL) {
        Ok(line) => trials.push(trial("repl::the_real_one_elaborates", move || real(line.clone()))),
        Err(_) => {
            let skipped = format!("repl::the_real_one_elaborates ({REAL} names no real repl: skipped)");
            trials.push(Trial::test(skipped, || Ok(())).with_ignored_flag(true));
        }
    }
    trials
}

fn job(header: &str, body: &str) -> Job {
    let limits = Limits { wall: Duration::from_secs(60) };
    Job { header: header.into(), body: body.into(), tactics: false, goals_at: Vec::new(), limits }
}

async fn checked(command: LeanCommand, jobs: &[Job]) -> Vec<Result<Report, WorkerError>> {
    let spawner = ReplSpawner { command };
    let mut worker = spawner.spawn(&jobs[0].header).await.expect("a worker");
    let mut reports = Vec::new();
    for job in jobs {
        reports.push(worker.check(job).await);
    }
    reports
}

/// Severity, start and text of each diagnostic.
fn shown(report: &Report) -> Vec<(Severity, Position, &str)> {
    report.elaboration.diagnostics.iter().map(|d| (d.severity, d.span.start, d.message.as_str())).collect()
}

async fn header_once() {
    let folder = Folder::new();
    let header = "import A\n-- ℕ\n";
    let jobs = [job(header, "𝔸𝔸 bad ⟨\n"), job(header, "theorem x : 1 = 1 := by sorry")];
    let reports = checked(folder.peer("repl"), &jobs).await;
    let (first, second) = (reports[0].as_ref().unwrap(), reports[1].as_ref().unwrap());
    let of_header = honest_message(header);
    let at = Position::new;
    assert_eq!(
        shown(first),
        [
            (Severity::Information, at(0, 0), &*of_header),
            (Severity::Information, at(2, 0), &*honest_message(&format!("{header}𝔸𝔸 bad ⟨\n"))),
            (Severity::Error, at(2, 3), "unknown identifier 'bad'"),
        ]
    );
    // The second body starts from the header's environment again: nothing of the first is in its message.
    let whole = honest_message(&format!("{header}theorem x : 1 = 1 := by sorry"));
    assert_eq!(shown(second)[1], (Severity::Information, at(2, 0), &*whole));
    assert!(second.elaboration.has_sorry() && second.elaboration.first_error().is_none());
    drop(reports);
    folder.assert_no_leftovers().await;
}

async fn tactic_spans() {
    let folder = Folder::new();
    let body = "theorem x : p := by\n  simp\n  simp\n";
    let wanted =
        Job { tactics: true, goals_at: vec![Position::new(2, 2), Position::new(3, 0), Position::new(0, 0)], ..job("import A\n", body) };
    let reports = checked(folder.peer("repl"), &[wanted]).await;
    let report = reports[0].as_ref().unwrap();
    let targets = |state: &prove_core::ProofState| state.goals.iter().map(|goal| goal.target.clone()).collect::<Vec<_>>().join(", ");
    let spans: Vec<_> =
        report.elaboration.tactics.iter().map(|t| (t.span.start, t.span.end, targets(&t.before), targets(&t.after))).collect();
    let at = Position::new;
    assert_eq!(
        spans,
        [(at(2, 2), at(2, 6), "0 = 0, 1 = 1".to_owned(), "1 = 1".to_owned()), (at(3, 2), at(3, 6), "1 = 1".to_owned(), String::new()),]
    );
    let goals: Vec<_> = report.goals.iter().map(|state| state.as_ref().map(targets)).collect();
    assert_eq!(goals, [Some("0 = 0, 1 = 1".to_owned()), Some("1 = 1".to_owned()), None]);
}

async fn unsplit() {
    let folder = Folder::new();
    // A header with an error of its own, one that ends within a line, and imports in the body: each file is one request, as its
    // message, the hash of that request's whole text, shows.
    for (header, body) in [("theorem x : bad\n", ":= rfl\n"), ("theorem x ", ": 1 = 1\n"), ("\n", "import A\n")] {
        let reports = checked(folder.peer("repl"), &[job(header, body)]).await;
        let report = reports[0].as_ref().unwrap();
        let whole = honest_message(&format!("{header}{body}"));
        assert_eq!(shown(report)[0], (Severity::Information, Position::START, &*whole), "{header:?} {body:?}");
    }
}

async fn tactic_mode() {
    let folder = Folder::new();
    let mut repl = Repl::start(&folder.peer("repl")).unwrap();
    let answer =
        repl.command(&Command { cmd: "theorem x : p := by simp; sorry", all_tactics: Some(true), ..Command::default() }).await.unwrap();
    let state = answer.sorries[0].proof_state.unwrap();
    assert_eq!((answer.sorries[0].goal.as_str(), answer.tactics[0].tactic.as_str()), ("n : ℕ\n⊢ n = n", "simp"));

    let after = repl.tactic(state, "simp").await.unwrap().unwrap();
    assert_eq!((after.goals.len(), after.proof_status.as_deref()), (0, Some("Completed")));
    // Refusals do not end the conversation.
    assert!(repl.tactic(state, "nonsense").await.unwrap().unwrap_err().message.starts_with("Lean error:"));
    assert_eq!(repl.tactic(99, "simp").await.unwrap().unwrap_err().message, "Unknown proof state.");
    assert!(matches!(repl.command(&Command { cmd: "x", env: Some(7), ..Command::default() }).await, Err(WorkerError::Protocol(_))));

    let file = folder.path().join("pickle.olean");
    repl.pickle_env(answer.env, &file).await.unwrap();
    let env = repl.unpickle_env(&file).await.unwrap();
    assert!(env > answer.env);
    let continued = repl.command(&Command { cmd: "-- more", env: Some(env), ..Command::default() }).await.unwrap();
    assert_eq!(continued.messages[0].data, honest_message("theorem x : p := by simp; sorry-- more"));
    repl.pickle_proof_state(state, &file).await.unwrap();
    assert_eq!(repl.unpickle_proof_state(&file).await.unwrap().goals, ["n : ℕ ⊢ n = n"]);

    // A request that was given up leaves the two out of step, and the client knows it.
    let hang = folder.fault("hang", "t", 1);
    let given_up = tokio::time::timeout(Duration::from_millis(50), repl.command(&Command { cmd: &hang, ..Command::default() })).await;
    assert!(given_up.is_err());
    assert!(matches!(repl.tactic(state, "simp").await, Err(WorkerError::Protocol(_))));
    drop(repl);
    folder.assert_no_leftovers().await;
}

async fn mixture() {
    let folder = Arc::new(Folder::new());
    let pool = WorkerPool::new(PoolConfig { retries: 3, ..config(3) }, ReplSpawner { command: folder.peer("repl") });
    let faults = [
        ("kill", 40),
        ("exit_zero", 40),
        ("kill_in_answer", 40),
        ("exit_in_answer", 40),
        ("kill_after_answer", 40),
        ("garbage", 40),
        ("empty_object", 40),
        ("null", 40),
        ("refusal", 40),
        ("stale_answer", 40),
        ("duplicate_answer", 40),
        ("slow", 5),
        ("garbage_flood", 2),
        ("close_stdout", 2),
        ("stop", 5),
        ("hang", 5),
        ("drip", 5),
        ("", 200),
    ];
    let mut running = Vec::new();
    for round in 0..200 {
        for (kind, rounds) in faults {
            if round >= rounds {
                continue;
            }
            let number = running.len();
            let silent = ["stop", "hang", "drip"].contains(&kind);
            // A silent job is retried if an earlier job's worker fails it first; then it must meet its fault again.
            let times = if silent { 4 } else { 1 };
            let line = if kind.is_empty() { String::new() } else { folder.fault(kind, &format!("t{number}"), times) };
            let wall = Duration::from_millis(if silent { 60 } else { 60_000 });
            let bad = if number % 3 == 0 { "bad" } else { "" };
            let job = Job { limits: Limits { wall }, ..job("import A\n", &format!("{line}job {number} {bad}")) };
            let (pool, submitted) = (pool.clone(), job.clone());
            running.push((job, kind, silent, tokio::spawn(async move { pool.submit(submitted).await })));
        }
    }
    let jobs = running.len() as u64;
    for (job, kind, silent, answer) in running {
        match answer.await.expect("a submitter") {
            Outcome::Done(report) if !silent => {
                let message = honest_message(&format!("{}{}", job.header, job.body));
                assert!(shown(&report).iter().any(|(.., said)| *said == message), "after {kind:?}: {report:?}");
                assert_eq!(report.elaboration.looks_complete(), !job.body.ends_with("bad"), "after {kind:?}");
            }
            Outcome::Timeout if silent => {}
            outcome => panic!("after {kind:?}, {:?} got {outcome:?}", job.body),
        }
    }
    let stats = pool.stats();
    assert_eq!((stats.checks + stats.timeouts, stats.faults), (jobs, 0), "{stats:?}");
    assert!(stats.retries >= 350, "{stats:?}");
    pool.shutdown(Shutdown::Drain).await;
    folder.assert_no_leftovers().await;
}

async fn real(line: String) {
    let mut words = line.split_whitespace();
    let command = LeanCommand::new(words.next().expect("a command")).args(words);
    let proof = "theorem x (p q : Prop) (hp : p) (hq : q) : p ∧ q := by\n  constructor\n  · exact hp\n  · exact hq\n";
    let jobs = [
        Job { tactics: true, ..job("open Nat\n", proof) },
        job("open Nat\n", "example : 1 = 2 := by\n  rfl\n"),
        job("open Nat\n", "example : 1 = 2 := by sorry\n"),
    ];
    let reports = checked(command, &jobs).await;
    let reports: Vec<&Report> = reports.iter().map(|report| report.as_ref().expect("a report")).collect();
    assert!(reports[0].elaboration.looks_complete(), "{:?}", reports[0]);
    let starts: Vec<_> = reports[0].elaboration.tactics.iter().map(|tactic| tactic.span.start).collect();
    assert!(starts.contains(&Position::new(2, 2)) && starts.contains(&Position::new(3, 4)), "{starts:?}");
    assert_eq!(reports[1].elaboration.first_error().map(|error| error.span.start.line), Some(2));
    assert!(reports[2].elaboration.has_sorry());
}

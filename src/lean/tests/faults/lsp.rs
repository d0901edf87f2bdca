//! The pool over language-server sessions whose workers misbehave.

use crate::{
    script::{
        Expected::{self, Answer, Timeout},
        Folder, Random, config, honest_message, is_bad,
    },
    trial,
};
use libtest_mimic::Trial;
use prove_core::Position;
use prove_lean::{Job, Limits, Outcome, PoolConfig, SessionSpawner, Shutdown, WorkerPool};
use std::{sync::Arc, time::Duration};
use tokio::sync::Semaphore;

/// Each way to misbehave, with what becomes of a job that meets it once and how often the mixture has it.
const FAULTS: &[(&str, Expected, usize)] = &[
    ("kill_at_text", Answer, 150),
    ("kill_in_frame", Answer, 150),
    ("kill_before_answer", Answer, 150),
    ("kill_in_answer", Answer, 150),
    ("kill_at_goals", Answer, 150),
    ("kill_after_answer", Answer, 150),
    ("kill_after_goals", Answer, 150),
    ("exit_zero", Answer, 150),
    ("exit_in_frame", Answer, 150),
    ("bad_json", Answer, 100),
    ("wrong_shape", Answer, 100),
    ("oversized_frame", Answer, 100),
    ("wrong_id", Answer, 100),
    ("null_id", Answer, 100),
    ("error_answer", Answer, 100),
    ("stale_version", Answer, 100),
    ("future_version", Answer, 100),
    ("other_document", Answer, 100),
    ("no_diagnostics", Answer, 100),
    ("early_clean_then_death", Answer, 100),
    ("grandchild", Answer, 50),
    ("garbage_flood", Answer, 10),
    ("close_stdout", Answer, 5),
    ("bloat", Answer, 3),
    ("garbage_lines", Answer, 100),
    ("stale_then_honest", Answer, 100),
    ("duplicate_diagnostics", Answer, 100),
    ("duplicate_answer", Answer, 100),
    ("duplicate_goals", Answer, 100),
    ("stop", Timeout, 20),
    ("hang", Timeout, 20),
    ("drip", Timeout, 20),
    ("no_answer", Timeout, 20),
    ("early_clean_then_silence", Timeout, 20),
];

/// Ways to misbehave at the start, and how often the mixture has them.
const START_FAULTS: &[(&str, usize)] =
    &[("start_kill", 100), ("start_exit", 100), ("start_slow", 10), ("start_garbage", 3), ("start_stop", 3)];

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("lsp::a_mixture_of_all_faults_loses_doubles_and_forges_nothing", mixture),
        trial("lsp::a_fault_at_every_try_is_a_fault_and_nothing_else", persistent),
        trial("lsp::callers_that_leave_and_a_sudden_shutdown_leave_no_process", leavers),
    ]
}

fn pool(folder: &Folder, config: PoolConfig) -> WorkerPool {
    let config = PoolConfig { max_resident_bytes: Some(400 << 20), memory_poll: Duration::from_millis(20), ..config };
    WorkerPool::new(config, SessionSpawner::new(folder.peer("lsp")))
}

/// A job for the fault of this line. Every third text is bad, so that a clean answer to it is a forgery.
fn job(number: usize, fault: &str, wall: Duration) -> Job {
    let body = format!("{fault}job {number}{}\n", if number.is_multiple_of(3) { " bad" } else { "" });
    let header: Arc<str> = format!("-- header {}\n", number % 2).into();
    Job { header, body: body.into(), tactics: false, goals_at: vec![Position::START], limits: Limits { wall } }
}

/// Whether the outcome is the one honest answer to the job.
fn is_honest(outcome: &Outcome, job: &Job) -> bool {
    let Outcome::Done(report) = outcome else { return false };
    let text = format!("{}{}", job.header, job.body);
    let message = honest_message(&text);
    let goals: Vec<_> = report.goals.iter().flatten().flat_map(|state| &state.goals).map(|goal| &goal.target).collect();
    matches!(&report.elaboration.diagnostics[..], [only] if only.message == message)
        && report.elaboration.looks_complete() != is_bad(&text)
        && goals == [&message]
}

const AMPLE: Duration = Duration::from_secs(60);
const SHORT: Duration = Duration::from_millis(60);

async fn mixture() {
    let folder = Arc::new(Folder::new());
    let pool = pool(&folder, config(4));
    let faults = FAULTS.iter().copied().chain(START_FAULTS.iter().map(|(kind, times)| (*kind, Answer, *times)));
    let mut plan: Vec<(&str, Expected)> = faults.flat_map(|(kind, expected, times)| std::iter::repeat_n((kind, expected), times)).collect();
    plan.extend(std::iter::repeat_n(("", Answer), plan.len() / 2));
    let mut random = Random::default();
    for i in (1..plan.len()).rev() {
        plan.swap(i, random.below(i + 1));
    }

    // So few at once that the faulty starts are spread over all jobs.
    let room = Arc::new(Semaphore::new(12));
    let mut running = Vec::new();
    for (number, (kind, expected)) in plan.iter().copied().enumerate() {
        let line = match kind.strip_prefix("start_") {
            Some(kind) => {
                folder.start_fault(kind).await;
                String::new()
            }
            None if kind.is_empty() => String::new(),
            // A silent job is retried if an earlier job's worker fails it first; then it must meet its fault again.
            None if expected == Timeout => folder.fault(kind, &format!("s{number}"), 9),
            None => folder.fault(kind, &format!("t{number}"), 1),
        };
        let job = job(number, &line, if expected == Timeout { SHORT } else { AMPLE });
        let (pool, place) = (pool.clone(), room.clone().acquire_owned().await);
        let answer = tokio::spawn({
            let job = job.clone();
            async move {
                let _place = place;
                pool.submit(job).await
            }
        });
        running.push((job, kind, expected, answer));
    }
    let submitted = running.len() as u64;
    for (job, kind, expected, answer) in running {
        let outcome = answer.await.expect("a submitter");
        match expected {
            Answer => assert!(is_honest(&outcome, &job), "after {kind:?}, {:?} got {outcome:?}", job.body),
            Timeout => assert_eq!(outcome, Outcome::Timeout, "after {kind:?}, {:?}", job.body),
        }
    }
    let stats = pool.stats();
    assert_eq!((stats.checks + stats.timeouts, stats.faults, stats.cancelled), (submitted, 0, 0), "{stats:?}");
    assert_eq!(folder.count("t"), 0, "faults did not happen");
    assert!(stats.retries > 1500 && stats.memory_kills >= 3, "{stats:?}");
    pool.shutdown(Shutdown::Drain).await;
    folder.assert_no_leftovers().await;
}

async fn persistent() {
    let folder = Folder::new();
    let pool = pool(&folder, PoolConfig { retries: 2, ..config(2) });
    // Those that leave the answer whole, or hurt the next job only, are no faults of the job that has them.
    let harmless = ["garbage_lines", "stale_then_honest", "duplicate_diagnostics", "duplicate_goals", "kill_after_goals"];
    for (number, (kind, expected, _)) in FAULTS.iter().enumerate() {
        let times = if *kind == "bloat" { 2 } else { 3 };
        let job = job(number, &folder.fault(kind, &format!("t{number}"), times), if *expected == Timeout { SHORT } else { AMPLE });
        let outcome = pool.submit(job.clone()).await;
        match outcome {
            Outcome::Timeout => assert_eq!(*expected, Timeout, "{kind}"),
            Outcome::Fault(_) => assert!(!harmless.contains(kind), "{kind}"),
            Outcome::Done(_) => assert!(harmless.contains(kind) && is_honest(&outcome, &job), "{kind}: {outcome:?}"),
        }
        // The pool is as good as new.
        let next = self::job(1000 + number, "", AMPLE);
        assert!(is_honest(&pool.submit(next.clone()).await, &next), "after {kind}");
    }
    pool.shutdown(Shutdown::Drain).await;
    folder.assert_no_leftovers().await;
}

async fn leavers() {
    let folder = Folder::new();
    let pool = pool(&folder, PoolConfig { cancel_grace: Duration::from_millis(5), ..config(4) });
    let kinds = ["hang", "stop", "drip", "kill_at_text", "grandchild", "", ""];
    for number in 0..300 {
        let kind = kinds[number % kinds.len()];
        let line = if kind.is_empty() { String::new() } else { folder.fault(kind, &format!("t{number}"), 1) };
        let stays = number % 3 == 1;
        let (pool, job) = (pool.clone(), job(number, &line, if stays { SHORT } else { AMPLE }));
        let caller = tokio::spawn(async move { pool.submit(job).await });
        tokio::time::sleep(Duration::from_millis(number as u64 % 9)).await;
        if !stays {
            caller.abort();
        }
    }
    let mut lease = pool.lease(&"-- header 0\n".into()).await.expect("a lease");
    let honest = job(1002, "", AMPLE);
    assert!(is_honest(&lease.check(honest.clone()).await, &honest));
    pool.shutdown(Shutdown::Cancel).await;
    assert!(matches!(pool.submit(job(1, "", AMPLE)).await, Outcome::Fault(_)));
    folder.assert_no_leftovers().await;
}

//! A real Lean, killed and stopped at random moments of its work. `src/lean/tests/faults` injects many more kinds of fault, into
//! scripted workers. And commands that are killed, whose Lean processes have to end with them.

use prove_lean::{Backoff, Job, Limits, Outcome, PoolConfig, SessionSpawner, Shutdown, WorkerPool};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rustix::process::{Pid, Signal, kill_process};
use std::{
    num::NonZeroUsize,
    path::PathBuf,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

/// Marks the workers of this test in their environment.
const MARK: &str = "PROVE_TEST_KILLED";

/// Bodies that go through, and bodies that do not.
const PROOFS: [(&str, bool); 6] = [
    ("theorem t (a b : Nat) : a + b + NUMBER = NUMBER + b + a := by omega\n", true),
    ("theorem t : NUMBER * 2 = NUMBER + NUMBER := by decide\n", true),
    ("theorem t (p q : Prop) (hp : p) (hq : q) : p ∧ q ∧ NUMBER = NUMBER := by\n  refine ⟨hp, ?_, ?_⟩\n  · exact hq\n  · rfl\n", true),
    ("theorem t (a : Nat) : a + NUMBER = a := by omega\n", false),
    ("theorem t : NUMBER = NUMBER + 1 := by sorry\n", false),
    ("theorem t : NUMBER = NUMBER := by exact no_such_lemma\n", false),
];

/// The processes that carry the mark, zombies left out: those have no environment.
fn marked(mark: &str) -> Vec<(PathBuf, Pid)> {
    let marker = format!("{MARK}={mark}");
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten().map(|entry| entry.path());
    let marked = processes
        .filter(|path| std::fs::read(path.join("environ")).is_ok_and(|vars| vars.split(|b| *b == 0).any(|var| var == marker.as_bytes())));
    let pid = |path: &PathBuf| Pid::from_raw(path.file_name()?.to_str()?.parse().ok()?);
    marked.filter_map(|path| pid(&path).map(|pid| (path, pid))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lean_killed_and_stopped_at_random_moments_costs_retries_and_timeouts_only() {
    let mark = format!("pool {}", std::process::id());
    let lean = prove_tests::lean::command(env!("CARGO_BIN_EXE_prove-tested")).env(MARK, &mark);
    let config = PoolConfig {
        workers: NonZeroUsize::new(2).expect("two"),
        max_checks_per_worker: 10,
        retries: 8,
        backoff: Backoff { first: Duration::from_millis(1), longest: Duration::from_millis(50) },
        ..PoolConfig::default()
    };
    let pool = WorkerPool::new(config, SessionSpawner::new(lean));
    let limits = Limits { wall: Duration::from_secs(8) };
    let job = |body: String| Job { header: "".into(), body: body.into(), tactics: false, goals_at: Vec::new(), limits };

    let began = Instant::now();
    let first = pool.submit(job(PROOFS[0].0.replace("NUMBER", "0"))).await;
    assert!(matches!(&first, Outcome::Done(report) if report.elaboration.looks_complete()), "{first:?}");
    let cold = began.elapsed();

    let answers: Vec<_> = (0..120)
        .map(|number| {
            let (body, provable) = PROOFS[number % PROOFS.len()];
            let (pool, job) = (pool.clone(), job(body.replace("NUMBER", &number.to_string())));
            (job.body.clone(), provable, tokio::spawn(async move { pool.submit(job).await }))
        })
        .collect();
    let of_pool = mark.clone();
    let killer = tokio::spawn(async move {
        let mut random = ChaCha8Rng::seed_from_u64(7);
        let mut stops = 0;
        loop {
            tokio::time::sleep(cold.mul_f64(random.random_range(0.0..2.0))).await;
            let victims = marked(&of_pool);
            if victims.is_empty() {
                continue;
            }
            let (_, victim) = victims[random.random_range(0..victims.len())];
            let stop = stops < 4 && random.random_range(0..8) == 0;
            stops += usize::from(stop);
            // It may have ended by itself meanwhile.
            let _ = kill_process(victim, if stop { Signal::STOP } else { Signal::KILL });
        }
    });

    let mut timeouts = 0;
    for (body, provable, answer) in answers {
        match answer.await.expect("a submitter") {
            Outcome::Done(report) => assert_eq!(report.elaboration.looks_complete(), provable, "{body}: {report:?}"),
            Outcome::Timeout => timeouts += 1,
            Outcome::Fault(fault) => panic!("{body}: {fault:?}"),
        }
    }
    killer.abort();
    let stats = pool.stats();
    assert!(timeouts <= 4, "{stats:?}");
    assert!(stats.retries > 0, "nothing was hit: {stats:?}");
    assert_eq!((stats.checks + stats.timeouts, stats.faults), (121, 0), "{stats:?}");
    pool.shutdown(Shutdown::Drain).await;
    let deadline = Instant::now() + Duration::from_secs(20);
    while !marked(&mark).is_empty() && Instant::now() < deadline {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(marked(&mark), []);
}

/// Lean is busy with it for longer than any test waits.
const ENDLESS: &str = "set_option maxHeartbeats 0 in\nset_option maxRecDepth 1000000 in\ntheorem e : (List.range 400000000).foldl (· + ·) 0 = 1 := by decide +kernel\n\ntheorem t : 1 = 1 := by sorry\n";

#[test]
fn no_lean_outlives_the_command_that_started_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("Endless.lean");
    std::fs::write(&file, ENDLESS).expect("written");
    let wait = |what: &str, done: &dyn Fn() -> bool| {
        let deadline = Instant::now() + Duration::from_secs(60);
        while !done() {
            assert!(Instant::now() < deadline, "{what}: {:?}", marked(what));
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    for (command, signal) in [("check", Signal::TERM), ("check", Signal::KILL), ("solve", Signal::TERM), ("solve", Signal::KILL)] {
        let mark = format!("{command} {signal:?} {}", std::process::id());
        let mut prove = Command::new(env!("CARGO_BIN_EXE_prove-tested"))
            .arg(command)
            .arg(&file)
            .env(MARK, &mark)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .expect("prove starts");
        wait(&mark, &|| marked(&mark).len() > 1);
        // Into the middle of the file.
        std::thread::sleep(Duration::from_secs(1));
        kill_process(Pid::from_child(&prove), signal).expect("it runs");
        prove.wait().expect("it ends");
        wait(&mark, &|| marked(&mark).is_empty());
    }
}

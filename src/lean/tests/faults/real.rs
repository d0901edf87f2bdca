//! A real Lean, killed and stopped at random moments of its work. Runs where the variable `PROVE_TEST_LEAN` holds the command line
//! that comes before Lean's own arguments.

use crate::{
    script::{FOLDER, Folder, Random, config, processes_with},
    trial,
};
use libtest_mimic::Trial;
use prove_lean::{Job, LeanCommand, Limits, Outcome, PoolConfig, SessionSpawner, Shutdown, WorkerPool};
use rustix::process::{Pid, Signal, kill_process};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

const COMMAND: &str = "PROVE_TEST_LEAN";

/// Bodies that go through, and bodies that do not.
const PROOFS: [(&str, bool); 6] = [
    ("theorem t (a b : Nat) : a + b + NUMBER = NUMBER + b + a := by omega\n", true),
    ("theorem t : NUMBER * 2 = NUMBER + NUMBER := by decide\n", true),
    ("theorem t (p q : Prop) (hp : p) (hq : q) : p ∧ q ∧ NUMBER = NUMBER := by\n  refine ⟨hp, ?_, ?_⟩\n  · exact hq\n  · rfl\n", true),
    ("theorem t (a : Nat) : a + NUMBER = a := by omega\n", false),
    ("theorem t : NUMBER = NUMBER + 1 := by sorry\n", false),
    ("theorem t : NUMBER = NUMBER := by exact no_such_lemma\n", false),
];

pub(crate) fn trials() -> Vec<Trial> {
    match std::env::var(COMMAND) {
        Ok(line) => {
            vec![trial("real::a_lean_killed_and_stopped_at_random_moments_costs_retries_and_timeouts_only", move || killed(line.clone()))]
        }
        Err(_) => vec![Trial::test(format!("real::… ({COMMAND} names no real Lean: skipped)"), || Ok(())).with_ignored_flag(true)],
    }
}

async fn killed(line: String) {
    let folder = Folder::new();
    let mut words = line.split_whitespace();
    let lean = LeanCommand::new(words.next().expect("a command")).args(words).env(FOLDER, folder.path());
    let patient = PoolConfig { spawn_timeout: Duration::from_secs(60), max_checks_per_worker: 10, ..config(2) };
    let pool = WorkerPool::new(patient, SessionSpawner::new(lean));
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
    let path: Arc<std::path::Path> = folder.path().into();
    let killer = tokio::spawn(async move {
        let mut random = Random::default();
        let mut stops = 0;
        loop {
            tokio::time::sleep(cold.mul_f64(random.below(200) as f64 / 100.0)).await;
            let mut victims = processes_with(&path);
            if victims.is_empty() {
                continue;
            }
            let victim = victims.swap_remove(random.below(victims.len()));
            let pid = victim.file_name().and_then(|name| name.to_str()).and_then(|name| name.parse().ok()).and_then(Pid::from_raw);
            let stop = stops < 4 && random.below(8) == 0;
            stops += usize::from(stop);
            // It may have ended by itself meanwhile.
            let _ = pid.map(|pid| kill_process(pid, if stop { Signal::STOP } else { Signal::KILL }));
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
    folder.assert_no_leftovers().await;
}

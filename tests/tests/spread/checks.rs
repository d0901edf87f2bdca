//! Lean checks made by other processes (`prove work`), of which any may be killed: the search's command line, and its pool by itself.

use super::machines::{Killed, PROVE, address, server, stderr, wait_until};
use prove_lean::{Job, Limits, Outcome};
use prove_spread::checks::{Checks, Machine, ask};
use prove_tests::{lean, native};
use serde_json::Value;
use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Output, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::task::JoinSet;

/// Starts `prove work` with one Lean worker.
fn worker(server: &str, set: impl FnOnce(&mut Command) -> &mut Command) -> Killed {
    let mut command = Command::new(PROVE);
    command.args(["work", server, "--workers", "1"]).stdin(Stdio::null()).stderr(Stdio::piped());
    Killed(set(&mut command).spawn().expect("prove starts"))
}

fn plain(command: &mut Command) -> &mut Command {
    command
}

/// Whether it has started a Lean, as it does for its first check.
fn is_at_work(worker: &Killed) -> bool {
    let threads = fs::read_dir(format!("/proc/{}/task", worker.0.id())).expect("it runs");
    let children = |thread: fs::DirEntry| fs::read_to_string(thread.path().join("children")).unwrap_or_default();
    threads.flatten().any(|thread| !children(thread).trim().is_empty())
}

/// Interrupts it and says how many checks it made.
fn checks_made(mut worker: Killed) -> usize {
    worker.signal("-INT");
    assert!(worker.0.wait().expect("it ends").success());
    let mut said = String::new();
    std::io::Read::read_to_string(&mut worker.0.stderr.take().expect("piped"), &mut said).expect("UTF-8");
    let count = said.lines().find_map(|line| line.strip_suffix(" checks made"));
    count.and_then(|count| count.parse().ok()).unwrap_or_else(|| panic!("{said}"))
}

/// What answers as the embedded Lean of this program would.
fn machine() -> Machine {
    let lean = lean::embedded(PROVE).expect("the embedded Lean is installed");
    Machine { prove: env!("CARGO_PKG_VERSION").to_owned(), lean: format!("{} (embedded)", lean.version()) }
}

/// What is awaited comes; how soon is another matter.
async fn within<T>(awaited: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(300), awaited).await.expect("it comes")
}

async fn pool(server: &str) -> Checks {
    ask(server, &machine(), |_| ()).await.expect("the server is there")
}

/// Waits until a worker of this kind listens.
async fn wait_until_one_listens(server: &str, machine: &Machine) {
    let listens = async {
        while ask(server, machine, |_| ()).await.expect("the server is there").listening == 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    within(listens).await;
}

/// A check that sleeps for so many milliseconds and then says a number.
fn job(number: usize, sleep: u64) -> Job {
    let limits = Limits { wall: Duration::from_secs(900) };
    let body = format!("#eval (IO.sleep {sleep} : IO Unit)\n#check ({number} : Nat)\n");
    Job { header: "".into(), body: body.into(), tactics: false, goals_at: Vec::new(), limits }
}

/// Whether it is the answer to the job of this number.
#[track_caller]
fn assert_answers(outcome: Outcome, number: usize) {
    let Outcome::Done(report) = outcome else { panic!("{number}: {outcome:?}") };
    let said: Vec<&str> = report.elaboration.diagnostics.iter().map(|d| d.message.as_str()).collect();
    assert_eq!(said, [format!("{number} : Nat")]);
}

fn solve(file: &Path, workers: &str) -> Command {
    let mut command = Command::new(PROVE);
    command.arg("solve").arg(file).args(["--json", "--model", "none", "--seed", "5", "--workers", workers]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Each proof, and how many checks it took.
fn found(output: &Output) -> Vec<(String, u64)> {
    let line = |line: &str| {
        let line = serde_json::from_str::<Value>(line).expect("JSON");
        (line["proof"].as_str().expect("a proof").to_owned(), line["cost"]["checks"].as_u64().expect("a number"))
    };
    String::from_utf8_lossy(&output.stdout).lines().map(line).collect()
}

#[test]
fn a_search_whose_checks_are_all_made_elsewhere_finds_what_it_finds_here() {
    let place = tempfile::tempdir().expect("a folder");
    let Some(address) = address() else { return };
    let (_server, url) = (server(address, Some(place.path())), format!("nats://{address}"));
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("files/first.lean");
    let here = solve(&file, "1").output().expect("prove runs");
    let worker = worker(&url, plain);
    let output = solve(&file, &url).output().expect("prove runs");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(found(&output), found(&here));
    assert!(stderr(&output).contains("checks go to"), "{}", stderr(&output));
    assert!(checks_made(worker) > 3);
}

#[test]
fn a_worker_killed_in_the_midst_of_a_check_is_replaced_by_another() {
    let place = tempfile::tempdir().expect("a folder");
    let Some(address) = address() else { return };
    let (_server, url) = (server(address, Some(place.path())), format!("nats://{address}"));
    let file = place.path().join("Slow.lean");
    fs::write(&file, "#eval (IO.sleep 3000 : IO Unit)\n\ntheorem t (a b : Nat) : a + b = b + a := by\n  sorry\n").expect("written");
    let first = worker(&url, plain);
    let mut solving = Killed(solve(&file, &url).spawn().expect("prove starts"));
    wait_until("it begins with a check", || is_at_work(&first));
    first.kill();
    // Nobody else is there, which is said before the search has run out of time.
    let said = BufReader::new(solving.0.stderr.take().expect("piped")).lines();
    assert!(said.map_while(Result::ok).any(|line| line.contains("no machine listens")));
    let second = worker(&url, plain);
    wait_until("the search ends", || solving.0.try_wait().expect("it runs").is_some());
    assert!(solving.0.wait().expect("it ended").success());
    assert!(checks_made(second) > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_that_was_delivered_twice_counts_once() {
    let place = tempfile::tempdir().expect("a folder");
    let Some(address) = address() else { return };
    let (_server, url) = (server(address, Some(place.path())), format!("nats://{address}"));
    let checks = pool(&url).await;
    let first = worker(&url, plain);
    let answer = tokio::spawn({
        let pool = checks.pool.clone();
        async move { pool.submit(job(1, 2000)).await }
    });
    wait_until("it begins with a check", || is_at_work(&first));
    // Silent for long enough to lose it, and then back at it.
    first.signal("-STOP");
    let second = worker(&url, plain);
    assert_answers(within(answer).await.expect("no panic"), 1);
    assert_eq!(checks_made(second), 1);
    first.signal("-CONT");
    assert_answers(within(checks.pool.submit(job(2, 0))).await, 2);
    let stats = checks.pool.stats();
    assert_eq!((stats.checks, stats.retries), (2, 0), "{stats:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn long_checks_stay_with_their_worker() {
    let place = tempfile::tempdir().expect("a folder");
    let Some(address) = address() else { return };
    let (_server, url) = (server(address, Some(place.path())), format!("nats://{address}"));
    let checks = pool(&url).await;
    let first = worker(&url, plain);
    wait_until_one_listens(&url, &machine()).await;
    // One is made, the other waits at the worker.
    let long = |number| {
        let pool = checks.pool.clone();
        tokio::spawn(async move { pool.submit(job(number, 7000)).await })
    };
    let answers = [long(0), long(1)];
    wait_until("it begins with a check", || is_at_work(&first));
    let second = worker(&url, plain);
    for (number, answer) in answers.into_iter().enumerate() {
        assert_answers(within(answer).await.expect("no panic"), number);
    }
    assert!(!is_at_work(&second));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_killed_in_the_midst_loses_no_check_even_if_it_forgets_them() {
    let place = tempfile::tempdir().expect("a folder");
    let Some(address) = address() else { return };
    let folder = |number| place.path().join(format!("jetstream{number}"));
    let (mut running, url) = (server(address, Some(&folder(0))), format!("nats://{address}"));
    let checks = pool(&url).await;
    let worker = worker(&url, plain);
    for round in 0..2 {
        let mut answers: JoinSet<_> = (0..5)
            .map(|number| {
                let pool = checks.pool.clone();
                // How long it waits on the server does not count.
                let job = Job { limits: Limits { wall: Duration::from_secs(8) }, ..job(number, 1500) };
                async move { (number, pool.submit(job).await) }
            })
            .collect();
        let mut answered = 0;
        while let Some(answer) = within(answers.join_next()).await {
            let (number, outcome) = answer.expect("no panic");
            assert_answers(outcome, number);
            answered += 1;
            if answered == 1 {
                running.kill();
                running = server(address, Some(&folder(round)));
            }
        }
    }
    assert_eq!(checks.pool.stats().retries, 0);
    running.kill();
    assert!(checks_made(worker) >= 10, "and a worker ends without a server");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_of_two_who_ask_at_a_time_gets_the_answers_to_his_checks() {
    let place = tempfile::tempdir().expect("a folder");
    let Some(address) = address() else { return };
    let (_server, url) = (server(address, Some(place.path())), format!("nats://{address}"));
    let (one, other) = (pool(&url).await, pool(&url).await);
    let _worker = worker(&url, plain);
    let mut answers: JoinSet<_> = (0..60)
        .map(|number| {
            let pool = if number % 2 == 0 { one.pool.clone() } else { other.pool.clone() };
            async move { (number, pool.submit(job(number, 0)).await) }
        })
        .collect();
    while let Some(answer) = within(answers.join_next()).await {
        let (number, outcome) = answer.expect("no panic");
        assert_answers(outcome, number);
    }
    assert_eq!((one.pool.stats().checks, other.pool.stats().checks), (30, 30));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_with_another_lean_sees_nothing_and_who_asks_hears_that_nobody_is_there() {
    let place = tempfile::tempdir().expect("a folder");
    let Some(address) = address() else { return };
    let (_server, url) = (server(address, Some(&place.path().join("jetstream"))), format!("nats://{address}"));
    native::machine(PROVE, place.path());
    let project = place.path().join("project");
    let stranger = worker(&url, |command| command.arg("--lean-project").arg(&project).env("PATH", native::path(place.path())));
    let other = Machine { lean: "4.28.0 (native)".to_owned(), ..machine() };
    wait_until_one_listens(&url, &other).await;
    let told = Arc::new(AtomicUsize::new(0));
    let tells = told.clone();
    let alone = move |_: &_| {
        tells.fetch_add(1, Ordering::SeqCst);
    };
    let checks = ask(&url, &machine(), alone).await.expect("the server is there");
    assert_eq!(checks.listening, 0);
    let answer = tokio::spawn({
        let pool = checks.pool.clone();
        async move { pool.submit(job(1, 0)).await }
    });
    wait_until("nobody is there", || told.load(Ordering::SeqCst) > 0);
    let _worker = worker(&url, plain);
    assert_answers(within(answer).await.expect("no panic"), 1);
    assert_eq!(checks_made(stranger), 0);
    assert_eq!(told.load(Ordering::SeqCst), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_wants_any_more_keeps_no_worker_busy() {
    let place = tempfile::tempdir().expect("a folder");
    let Some(address) = address() else { return };
    let (_server, url) = (server(address, Some(place.path())), format!("nats://{address}"));
    let (checks, killed) = (pool(&url).await, pool(&url).await);
    let worker = worker(&url, plain);
    let endless = |checks: &Checks, number| {
        let pool = checks.pool.clone();
        tokio::spawn(async move { pool.submit(job(number, 600_000)).await })
    };
    let running = endless(&checks, 1);
    wait_until("it begins with a check", || is_at_work(&worker));
    let queued = [endless(&checks, 2), endless(&killed, 3)];
    while checks.pool.waiting() > 0 || killed.pool.waiting() > 0 {
        tokio::task::yield_now().await;
    }
    running.abort();
    queued.iter().for_each(tokio::task::JoinHandle::abort);
    drop(killed);
    assert_answers(within(checks.pool.submit(job(4, 0))).await, 4);
    assert_eq!(checks_made(worker), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_too_large_for_the_server_is_a_fault_that_says_so() {
    let place = tempfile::tempdir().expect("a folder");
    let Some(address) = address() else { return };
    let (_server, url) = (server(address, Some(place.path())), format!("nats://{address}"));
    let checks = pool(&url).await;
    let large = Job { header: "-- what the server does not take\n".repeat(100_000).into(), ..job(1, 0) };
    let outcome = checks.pool.submit(large).await;
    assert!(matches!(&outcome, Outcome::Fault(fault) if fault.message.contains("max_payload")), "{outcome:?}");
}

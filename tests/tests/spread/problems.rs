//! `prove bench run --workers nats://…`: a run over a real NATS server, of which workers, coordinator and server are killed.

use super::machines::{Killed, PROVE, address, server, stderr, wait_until};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::mpsc,
    time::{Duration, Instant},
};

/// Problems of every kind: provable, false, of Mathlib's notation, of Mathlib's library.
const PROBLEMS: &[(&str, &str, &str)] = &[
    ("", "first", "theorem first (a b : Nat) : a + b = b + a := by\n  sorry"),
    ("", "false", "theorem false (n : Nat) : n < 3 := by\n  sorry"),
    ("import Mathlib", "reals", "theorem reals (x : ℝ) : x = x := by\n  sorry"),
    ("import Mathlib\n\nopen Nat Real\n", "integers", "theorem integers (x : ℤ) (h : x + 2 = 5) : x = 3 := by\n  sorry"),
    ("def f (n : Nat) : Nat := n + 1", "with_definition", "theorem with_definition (n : Nat) : f n = n + 1 := by\n  sorry"),
];
const ATTEMPTS: usize = 2;

/// A worker and what it prints.
fn worker(server: &str, model: &str) -> (Killed, mpsc::Receiver<String>) {
    let mut command = Command::new(PROVE);
    command.args(["bench", "work", server, "--workers", "1", "--model", model]).stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = command.spawn().expect("prove starts");
    let lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    let (line, printed) = mpsc::channel();
    std::thread::spawn(move || lines.map_while(Result::ok).for_each(|text| drop(line.send(text))));
    (Killed(child), printed)
}

/// A worker that only makes checks.
fn checker(server: &str) -> Killed {
    let mut command = Command::new(PROVE);
    command.args(["work", server, "--workers", "1"]).stdin(Stdio::null()).stderr(Stdio::null());
    Killed(command.spawn().expect("prove starts"))
}

fn run(suite: &Path, out: &Path, workers: &str) -> Command {
    let mut command = Command::new(PROVE);
    command.args(["bench", "run"]).arg(suite).args(["--strategy", "portfolio", "--budget", "checks=40", "--seed", "3", "--model", "none"]);
    command.args(["--k", &ATTEMPTS.to_string(), "--workers", workers, "--out"]).arg(out).stdin(Stdio::null());
    command
}

/// The lines of a run's results, and its records without what is different every time.
fn records(run: &Path) -> (usize, BTreeMap<(String, u64), Value>) {
    let text = std::fs::read_to_string(run.join("results.jsonl")).unwrap_or_default();
    let record = |line: &str| {
        let mut record = serde_json::from_str::<Value>(line).expect("JSON")["result"].take();
        for time in ["lean_seconds", "judge_seconds", "wall_seconds", "model_busy"] {
            record["cost"][time] = Value::Null;
        }
        ((record["problem"].as_str().expect("a name").to_owned(), record["attempt"].as_u64().expect("a number")), record)
    };
    (text.lines().count(), text.split_inclusive('\n').filter(|line| line.ends_with('\n')).map(record).collect())
}

#[test]
fn a_spread_run_of_which_everything_is_killed_ends_as_one_on_this_machine() {
    let place = tempfile::tempdir().expect("a folder");
    let Some(address) = address() else { return };
    let (kept, url) = (place.path().join("jetstream"), format!("nats://{address}"));
    let first_server = server(address, Some(&kept));
    let suite: PathBuf = place.path().join("suite.jsonl");
    let line = |(header, name, statement): &(&str, &str, &str)| {
        serde_json::json!({ "name": name, "split": "test", "header": header, "statement": statement }).to_string() + "\n"
    };
    std::fs::write(&suite, PROBLEMS.iter().map(line).collect::<String>()).expect("written");
    let here = place.path().join("here");
    let output = run(&suite, &here, "1").output().expect("prove runs");
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let (_, expected) = records(&here);

    let spread = place.path().join("spread");
    let coordinate = || Killed(run(&suite, &spread, &url).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("prove starts"));
    let coordinator = coordinate();
    let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("../src/model/tests/models/llama-prove");
    let (_stranger, of_another_model) = worker(&url, model.to_str().expect("UTF-8"));
    // A worker that is killed in the middle of an attempt takes it along.
    let (first, printed) = worker(&url, "none");
    let began = printed.recv_timeout(Duration::from_secs(120)).expect("it begins");
    first.kill();
    assert!(began.starts_with("began"), "{began}");
    assert_eq!(records(&spread).0, 0);
    let (second, printed) = worker(&url, "none");
    wait_until("a record comes", || records(&spread).0 > 0);
    // What the worker sends while nobody has the folder waits on the server.
    coordinator.kill();
    let until = Instant::now() + Duration::from_secs(120);
    let mut ended = 0;
    while ended < 2 && Instant::now() < until {
        ended += usize::from(printed.recv_timeout(Duration::from_secs(60)).is_ok_and(|line| !line.starts_with("began")));
    }
    first_server.kill();
    let _second_server = server(address, Some(&kept));
    let (third, _also_printed) = worker(&url, "none");
    let output = run(&suite, &spread, &url).output().expect("prove runs");
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(stderr(&output).contains("handing out"), "{}", stderr(&output));
    let (lines, found) = records(&spread);
    assert_eq!(found, expected);
    assert_eq!(lines, found.len(), "each attempt is recorded once");
    let lost: Vec<&str> = began.split_whitespace().collect();
    assert!(found.contains_key(&(lost[1].to_owned(), lost[2].parse().expect("a number"))), "{began}: it was given to another");
    assert!(of_another_model.try_recv().is_err(), "who has another model was given nothing");
    for mut worker in [second, third] {
        worker.signal("-INT");
        assert_eq!(worker.0.wait().expect("it ends").code(), Some(0));
    }
    // A finished run needs nobody.
    let output = run(&suite, &spread, &url).output().expect("prove runs");
    assert_eq!((output.status.code(), records(&spread).0), (Some(1), lines), "{}", stderr(&output));
    // The same with the search here and only the checks elsewhere.
    let _checker = checker(&url);
    let checked = place.path().join("checked");
    let output = run(&suite, &checked, &url).args(["--spread", "checks"]).output().expect("prove runs");
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert_eq!(records(&checked).1, expected);
}

#[test]
fn a_server_that_will_not_do_is_named() {
    let place = tempfile::tempdir().expect("a folder");
    let nobody = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let closed = format!("nats://{}", nobody.local_addr().expect("bound"));
    drop(nobody);
    let work = |server: &str| Command::new(PROVE).args(["bench", "work", server]).output().expect("prove runs");
    let output = work(&closed);
    assert!(output.status.code() == Some(2) && stderr(&output).contains("NATS"), "{}", stderr(&output));
    let output = run(Path::new("core"), &place.path().join("run"), "coffee").output().expect("prove runs");
    assert!(output.status.code() == Some(2) && stderr(&output).contains("nats://"), "{}", stderr(&output));
    let output = run(Path::new("core"), &place.path().join("run"), "2").args(["--spread", "checks"]).output().expect("prove runs");
    assert!(output.status.code() == Some(2) && stderr(&output).contains("nats://"), "{}", stderr(&output));
    let Some(address) = address() else { return };
    let _without_jetstream = server(address, None);
    let output = work(&format!("nats://{address}"));
    assert!(output.status.code() == Some(2) && stderr(&output).contains("-js"), "{}", stderr(&output));
}

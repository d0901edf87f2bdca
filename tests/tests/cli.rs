//! The command line as its users meet it: a real process, a real Lean.

use serde_json::Value;
use std::{
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    time::Duration,
};

const PROVE: &str = env!("CARGO_BIN_EXE_prove-tested");

fn prove(arguments: &[&str]) -> Output {
    Command::new(PROVE).args(arguments).stdin(Stdio::null()).output().expect("prove starts")
}

fn code(output: &Output) -> Option<i32> {
    output.status.code()
}

fn lines(output: &Output) -> Vec<Value> {
    let text = String::from_utf8(output.stdout.clone()).expect("UTF-8");
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{line}: {e}"))).collect()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn file(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).expect("it is written");
    path.to_str().expect("UTF-8").to_owned()
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

#[test]
fn solve_fills_the_sorries_of_the_readmes_file_and_changes_nothing_else() {
    let original = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("files/first.lean")).expect("it is there");
    let folder = folder();
    let path = file(folder.path(), "first.lean", &original);
    let output = prove(&["solve", &path, "--in-place", "--json"]);
    assert_eq!(code(&output), Some(0), "{}", stderr(&output));
    let lines = lines(&output);
    assert_eq!(lines.len(), 3);
    assert!(lines.iter().all(|line| line["verdict"] == "proved" && line["proof"].is_string()), "{lines:?}");
    let solved = std::fs::read_to_string(&path).expect("it is there");
    assert!(!solved.contains("sorry"));
    // Every piece of the original between two `sorry`s is still there, in order and byte for byte.
    let mut rest = solved.as_str();
    for piece in original.split("by\n  sorry") {
        let at = rest.find(piece).unwrap_or_else(|| panic!("{piece:?} is gone from {solved}"));
        rest = &rest[at + piece.len()..];
    }
    let judged = prove(&["check", &path, "--against", &file(folder.path(), "trusted.lean", &original)]);
    assert_eq!(code(&judged), Some(0), "{}", stderr(&judged));
}

#[test]
fn check_gives_a_verdict_per_declaration_and_the_gravest_as_exit_code() {
    let folder = folder();
    let trusted = file(
        folder.path(),
        "trusted.lean",
        "theorem good (n : Nat) : n + 0 = n := by sorry\ntheorem changed : 1 < 2 := by sorry\ntheorem gone : True := by sorry\ntheorem open_ : True := by sorry\n",
    );
    let candidate = file(
        folder.path(),
        "candidate.lean",
        "theorem good (n : Nat) : n + 0 = n := rfl\ntheorem changed : 1 < 3 := by decide\ntheorem open_ : True := by sorry\n",
    );
    let output = prove(&["check", &candidate, "--against", &trusted, "--json"]);
    assert_eq!(code(&output), Some(1), "{}", stderr(&output));
    let kinds: Vec<(String, Value)> =
        lines(&output).into_iter().map(|l| (l["name"].as_str().expect("a name").to_owned(), l["kind"].clone())).collect();
    let expected = [("changed", "statement_changed".into()), ("gone", "missing".into()), ("good", Value::Null), ("open_", "sorry".into())];
    assert_eq!(kinds, expected.map(|(name, kind)| (name.to_owned(), kind)));
}

#[test]
fn errors_are_placed_in_code_points_and_reject_the_whole_file() {
    let folder = folder();
    let path = file(folder.path(), "bad.lean", "theorem ok : True := trivial\ntheorem 𝔸ℕ : 1 = 2 := by\n  -- ⟨𝔸⟩\n  omega\n");
    let output = prove(&["check", &path, "--json"]);
    assert_eq!(code(&output), Some(1));
    for line in lines(&output) {
        assert_eq!((&line["verdict"], &line["kind"]), (&"rejected".into(), &"error".into()), "{line}");
        assert_eq!((&line["position"]["line"], &line["position"]["column"]), (&3.into(), &2.into()), "{line}");
    }
}

#[test]
fn input_errors_name_the_place_and_the_remedy() {
    let folder = folder();
    let missing = prove(&["check", folder.path().join("no.lean").to_str().expect("UTF-8")]);
    assert_eq!(code(&missing), Some(2));
    assert!(stderr(&missing).contains("no.lean"), "{}", stderr(&missing));
    let path = file(folder.path(), "a.lean", "theorem a : True := by\n  sorry\n");
    let wrong_line = prove(&["solve", &format!("{path}:1")]);
    assert_eq!(code(&wrong_line), Some(2));
    assert!(stderr(&wrong_line).contains("lines 2"), "{}", stderr(&wrong_line));
    assert_eq!(code(&prove(&["solve"])), Some(2));
    assert_eq!(code(&prove(&["solve", &path, "--budget", "coffee=3"])), Some(2));
    std::fs::write(folder.path().join("b.lean"), b"theorem \xff").expect("written");
    let binary = prove(&["check", folder.path().join("b.lean").to_str().expect("UTF-8")]);
    assert!(code(&binary) == Some(2) && stderr(&binary).contains("UTF-8"), "{}", stderr(&binary));
}

#[test]
fn a_statement_is_proved_and_a_false_one_is_not() {
    let proved = prove(&["solve", "--statement", "∀ a b : Nat, a + b = b + a", "--json"]);
    assert_eq!(code(&proved), Some(0), "{}", stderr(&proved));
    let refuted = prove(&["solve", "--statement", "theorem f (n : Nat) : n < 5", "--budget", "checks=60", "--json"]);
    assert_eq!(code(&refuted), Some(1), "{}", stderr(&refuted));
    assert_eq!(lines(&refuted)[0]["proof"], Value::Null);
}

#[test]
fn examples_and_several_sorries_of_one_theorem_are_filled() {
    let folder = folder();
    let text = "example (p : Prop) (h : p) : p := by sorry\n\ntheorem two (n : Nat) : n = n ∧ n ≤ n + 1 := by\n  constructor\n  · sorry\n  · sorry\n";
    let path = file(folder.path(), "several.lean", text);
    let out = folder.path().join("out.lean");
    let output = prove(&["solve", &path, "--json", "--output", out.to_str().expect("UTF-8")]);
    let lines = lines(&output);
    assert_eq!(lines.len(), 3, "{}", stderr(&output));
    assert_eq!((&lines[0]["verdict"], &lines[2]["verdict"]), (&"proved".into(), &"proved".into()), "{lines:?}");
    assert!(!std::fs::read_to_string(&out).expect("it is written").contains("sorry"));
    assert_eq!(std::fs::read_to_string(&path).expect("it is there"), text, "the input is left alone");
}

#[test]
fn the_schema_is_json_and_names_every_field_that_is_printed() {
    let schema: Value = serde_json::from_slice(&prove(&["schema"]).stdout).expect("JSON");
    let folder = folder();
    let path = file(folder.path(), "a.lean", "theorem a : True := by sorry\n");
    let line = lines(&prove(&["solve", &path, "--json"])).remove(0);
    for field in line.as_object().expect("an object").keys() {
        assert!(schema["properties"].get(field).is_some(), "{field} is not in the schema");
    }
}

/// The processes that have `marker` among their arguments, zombies left out.
fn processes_with(marker: &str) -> Vec<PathBuf> {
    let all = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let has = |path: &PathBuf| std::fs::read(path.join("cmdline")).is_ok_and(|line| String::from_utf8_lossy(&line).contains(marker));
    all.map(|entry| entry.path()).filter(has).collect()
}

#[test]
fn a_killed_run_goes_on_and_ends_with_the_same_results() {
    const FILES: usize = 200;
    let folder = folder();
    let files: Vec<String> = (0..FILES)
        .map(|i| {
            let proof = if i % 3 == 0 { "by omega" } else { "by decide" };
            file(folder.path(), &format!("f{i}.lean"), &format!("theorem t{i} (n : Nat) : n + {i} = {i} + n := {proof}\n"))
        })
        .collect();
    let run = |name: &str| {
        let run = folder.path().join(name);
        let mut command = Command::new(PROVE);
        command.arg("check").args(&files).args(["--json", "--run"]).arg(run).stdin(Stdio::null());
        command
    };
    let results = |output: Output| -> Vec<Value> {
        let mut lines = lines(&output);
        lines.iter_mut().for_each(|line| drop(line.as_object_mut().expect("an object").remove("ms")));
        lines
    };
    let whole = results(run("whole").output().expect("prove runs"));
    assert_eq!(whole.len(), FILES);
    for pause in [900, 5300, 400, 8100, 2700, 11300] {
        let mut child = run("killed").stdout(Stdio::null()).spawn().expect("prove starts");
        std::thread::sleep(Duration::from_millis(pause));
        child.kill().expect("it is killed");
        child.wait().expect("it is reaped");
    }
    assert_eq!(results(run("killed").output().expect("prove runs")), whole);
}

#[test]
fn a_finished_sorry_of_a_run_is_not_searched_again() {
    let folder = folder();
    let path = file(
        folder.path(),
        "a.lean",
        "theorem a (n : Nat) : n + 0 = n := by sorry\n\ntheorem b (p q : Prop) (h : p ∧ q) : q ∧ p := by sorry\n",
    );
    let (run, out) = (folder.path().join("run"), folder.path().join("out.lean"));
    let solve = |path: &str| {
        let output = prove(&["solve", path, "--json", "--run", run.to_str().expect("UTF-8"), "--output", out.to_str().expect("UTF-8")]);
        assert_eq!(code(&output), Some(0), "{}", stderr(&output));
        lines(&output)
    };
    let first = solve(&path);
    assert!(first.iter().all(|line| line["cost"]["checks"].as_u64() > Some(0) && line["cost"]["judge_seconds"].as_f64() > Some(0.0)));
    let text = std::fs::read_to_string(&out).expect("it is written");
    // A run that was killed before its second result.
    let results = run.join("results.jsonl");
    let kept = std::fs::read_to_string(&results).expect("it is there");
    std::fs::write(&results, kept.lines().next().expect("a line").to_owned() + "\n{\"key\":\"cut").expect("written");
    std::fs::remove_file(&out).expect("it is there");
    let again = solve(&path);
    assert_eq!(first[0], again[0], "down to its milliseconds");
    assert_ne!(first[1]["ms"], again[1]["ms"]);
    assert_eq!(first[1]["proof"], again[1]["proof"]);
    assert_eq!(std::fs::read_to_string(&out).expect("it is written"), text);
}

#[test]
fn ctrl_c_leaves_no_lean_behind() {
    let folder = folder();
    let path =
        file(folder.path(), "hard.lean", "theorem hard (f : Nat → Nat) (h : ∀ n, f (n + 1) > f (f n)) : ∀ n, f n = n := by\n  sorry\n");
    let home = folder.path().join("ctrl-c-marker");
    std::fs::create_dir(&home).expect("a folder");
    let mut child = Command::new(PROVE)
        .args(["solve", &path, "--timeout", "60"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .env("PROVE_LEAN_EXE", link_to_prove(&home))
        .spawn()
        .expect("prove starts");
    let marker = "ctrl-c-marker";
    let deadline = std::time::Instant::now() + Duration::from_secs(60);
    while processes_with(marker).is_empty() && std::time::Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(!processes_with(marker).is_empty(), "no worker was started");
    let interrupted = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill runs");
    assert!(interrupted.success());
    assert_eq!(child.wait().expect("it ends").code(), Some(1));
    let deadline = std::time::Instant::now() + Duration::from_secs(10);
    while !processes_with(marker).is_empty() && std::time::Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(processes_with(marker), Vec::<PathBuf>::new());
}

/// A link to the tested program, whose path tells its processes apart from those of other tests.
fn link_to_prove(folder: &Path) -> PathBuf {
    let link = folder.join("prove");
    std::os::unix::fs::symlink(PROVE, &link).expect("a link");
    link
}

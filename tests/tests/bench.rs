//! `prove bench` on the real Lean: the shipped suite, runs that are killed, reports, verification, audits.

use serde_json::Value;
use std::{
    collections::BTreeMap,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    time::{Duration, Instant},
};

const PROVE: &str = env!("CARGO_BIN_EXE_prove-tested");

/// Problems of every kind: provable, false, beyond the budget, of Mathlib's notation, of Mathlib's library, asking for an answer.
const PROBLEMS: &[(&str, &str, &str)] = &[
    ("", "easy", "theorem easy (a b : Nat) : a + b = b + a := by\n  sorry"),
    ("def f (n : Nat) : Nat := n + 1", "with_definition", "theorem with_definition (n : Nat) : f n = n + 1 := by\n  sorry"),
    ("import Mathlib\n\nopen Nat Real\n", "integers", "theorem integers (x : ℤ) (h : x + 2 = 5) : x = 3 := by\n  sorry"),
    ("import Mathlib", "reals", "theorem reals (x : ℝ) : x = x := by\n  sorry"),
    ("", "false", "theorem false (n : Nat) : n < 3 := by\n  sorry"),
    ("abbrev answer : Nat := sorry", "answer", "theorem answer_is_right : answer = 2 + 2 := by\n  sorry"),
];

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

fn bench(arguments: &[&str]) -> Output {
    Command::new(PROVE).arg("bench").args(arguments).stdin(Stdio::null()).output().expect("prove starts")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn checked(output: Output, code: i32) -> String {
    assert_eq!(output.status.code(), Some(code), "{}{}", stdout(&output), String::from_utf8_lossy(&output.stderr));
    stdout(&output)
}

/// A suite of [`PROBLEMS`].
fn suite(folder: &Path) -> PathBuf {
    let path = folder.join("suite.jsonl");
    let line = |(header, name, statement): &(&str, &str, &str)| {
        serde_json::json!({ "name": name, "split": "test", "header": header, "statement": statement }).to_string() + "\n"
    };
    std::fs::write(&path, PROBLEMS.iter().map(line).collect::<String>()).expect("written");
    path
}

/// The records of a run, without what is different every time.
fn records(run: &Path) -> BTreeMap<(String, u64), Value> {
    let text = std::fs::read_to_string(run.join("results.jsonl")).expect("results");
    let record = |line: &str| {
        let mut record = serde_json::from_str::<Value>(line).expect("JSON")["result"].take();
        for time in ["lean_seconds", "judge_seconds", "wall_seconds", "model_busy"] {
            record["cost"][time] = Value::Null;
        }
        let key = (record["problem"].as_str().expect("a name").to_owned(), record["attempt"].as_u64().expect("a number"));
        (key, record)
    };
    text.lines().map(record).collect()
}

/// Every field is in the schema, and none is missing that has to be there.
fn fields_are_described(value: &Value, schema: &Value) {
    let fields = value.as_object().expect("an object");
    for required in schema["required"].as_array().expect("a list") {
        assert!(fields.contains_key(required.as_str().expect("a name")), "{required} is not in {value}");
    }
    for (name, field) in fields {
        let described = schema["properties"].get(name).unwrap_or_else(|| panic!("{name} is not in the schema"));
        if field.is_object() {
            fields_are_described(field, described);
        }
        let allowed = described["enum"].as_array();
        assert!(allowed.is_none_or(|allowed| allowed.contains(field)), "{name}: {field} is not allowed by the schema");
    }
}

#[test]
fn every_statement_of_the_shipped_suite_has_a_proof_that_the_judge_accepts() {
    let core = Path::new(env!("CARGO_MANIFEST_DIR")).join("../benchmarks/suites/core");
    let topics = std::fs::read_dir(core.join("proofs")).expect("proofs").map(|entry| entry.expect("a file").file_name());
    let mut proved = 0;
    for topic in topics {
        let (proofs, statements) = (core.join("proofs").join(&topic), core.join(&topic));
        let check =
            Command::new(PROVE).args(["check", text(&proofs), "--against", text(&statements), "--json", "--timeout", "600"]).output();
        let lines = checked(check.expect("prove starts"), 0);
        proved += lines.lines().count();
    }
    assert!(proved >= 120, "{proved}");
}

#[test]
fn a_run_counts_apart_what_lean_does_not_support_and_verifies_from_its_folder() {
    let place = folder();
    let (suite, run) = (suite(place.path()), place.path().join("run"));
    let arguments =
        ["run", text(&suite), "--strategy", "portfolio", "--model", "none", "--budget", "checks=60", "--k", "2", "--out", text(&run)];
    let printed = checked(bench(&arguments), 1);
    assert!(printed.contains("3 of 4 proved; 2 unsupported"), "{printed}");
    let records = records(&run);
    let outcome = |name: &str| records[&(name.to_owned(), 0)]["outcome"].as_str().expect("an outcome").to_owned();
    assert_eq!(["easy", "with_definition", "integers"].map(outcome), ["proved", "proved", "proved"]);
    assert_eq!(["reals", "false", "answer"].map(outcome), ["unsupported", "rejected", "unsupported"]);
    assert!(records[&("reals".to_owned(), 0)]["message"].as_str().expect("why").contains('ℝ'));
    let seeds: Vec<_> = (0..2).map(|attempt| records[&("easy".to_owned(), attempt)]["evidence"]["seed"].as_u64()).collect();
    assert_eq!(seeds, [Some(0), Some(1)]);

    let schema = Command::new(PROVE).args(["schema", "bench"]).output().expect("prove starts");
    let schema: Value = serde_json::from_str(&checked(schema, 0)).expect("JSON");
    for record in records.values() {
        fields_are_described(record, &schema);
    }

    // Other settings are another run.
    let other = bench(&[
        "run",
        text(&suite),
        "--strategy",
        "portfolio",
        "--model",
        "none",
        "--budget",
        "checks=61",
        "--k",
        "2",
        "--out",
        text(&run),
    ]);
    assert_eq!(other.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&other.stderr).contains("budget"), "{}", String::from_utf8_lossy(&other.stderr));

    let report: Value = serde_json::from_str(&checked(bench(&["report", text(&run), "--json"]), 0)).expect("JSON");
    let scores = &report["runs"][0];
    assert_eq!((&scores["scored"], &scores["proved"]), (&4.into(), &3.into()), "{scores}");
    assert_eq!((&scores["pass"][1]["k"], &scores["pass"][1]["mean"]), (&2.into(), &0.75.into()), "{scores}");
    assert_eq!(scores["unsupported"].as_array().map(Vec::len), Some(2));

    // A move of the folder makes no difference: all that is needed is in it.
    let moved = place.path().join("moved");
    std::fs::rename(&run, &moved).expect("moved");
    std::fs::remove_file(suite).expect("removed");
    let exported = place.path().join("exported");
    let printed = checked(bench(&["verify", text(&moved), "--export", text(&exported)]), 0);
    assert!(printed.contains("6 of 6 proofs confirmed"), "{printed}");
    let integers = text(&exported.join("integers.lean")).to_owned();
    let alone = Command::new(PROVE).args(["check", &integers]).output().expect("prove starts");
    assert!(checked(alone, 0).starts_with("proved"), "it stands alone");

    // A record that speaks of another proof is found out, and so is a proof of something else.
    let results = moved.join("results.jsonl");
    let forged = std::fs::read_to_string(&results).expect("results").replacen("\"proof\":\"by", "\"proof\":\"by sorry -- ", 1);
    std::fs::write(&results, forged).expect("written");
    let printed = checked(bench(&["verify", text(&moved)]), 1);
    assert!(printed.contains("refused") && printed.contains("5 of 6 proofs confirmed"), "{printed}");
    let problems = moved.join("problems.jsonl");
    let easier = std::fs::read_to_string(&problems).expect("problems").replace("f n = n + 1", "f n = f n");
    std::fs::write(&problems, easier).expect("written");
    let printed = checked(bench(&["verify", text(&moved)]), 1);
    assert!(printed.contains("the statement is another"), "{printed}");
}

#[test]
fn a_run_killed_at_any_time_ends_as_one_that_was_not() {
    let place = folder();
    let suite = suite(place.path());
    let arguments = |run: &Path| -> Vec<String> {
        let settings =
            ["--strategy", "portfolio", "--model", "none", "--budget", "checks=20", "--workers", "1", "--seed", "3", "--out", text(run)];
        [&["bench", "run", text(&suite)], &settings[..]].concat().into_iter().map(str::to_owned).collect()
    };
    let whole = place.path().join("whole");
    let output = Command::new(PROVE).args(arguments(&whole)).output().expect("prove starts");
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    let expected = records(&whole);
    assert_eq!(expected.len(), PROBLEMS.len());

    let killed = place.path().join("killed");
    let count = |run: &Path| std::fs::read_to_string(run.join("results.jsonl")).map_or(0, |text| text.lines().count());
    for wanted in [1, expected.len() / 2] {
        let mut child = Command::new(PROVE).args(arguments(&killed)).stdout(Stdio::null()).spawn().expect("prove starts");
        let deadline = Instant::now() + Duration::from_secs(300);
        while count(&killed) < wanted && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(5));
        }
        child.kill().expect("it is killed");
        child.wait().expect("it has ended");
        assert!(count(&killed) >= wanted, "nothing came of it");
    }
    let output = Command::new(PROVE).args(arguments(&killed)).output().expect("prove starts");
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(records(&killed), expected);

    // Two runs of the same problems are compared: they are the same here.
    let report: Value = serde_json::from_str(&checked(bench(&["report", text(&whole), text(&killed), "--json"]), 0)).expect("JSON");
    assert_eq!((&report["pairs"][0]["problems"], &report["pairs"][0]["p"]), (&4.into(), &1.0.into()));
    page_is_shown(place.path(), &[&whole, &killed]);
}

/// The report's page as a browser shows it, where there is one.
fn page_is_shown(place: &Path, runs: &[&Path]) {
    let page = place.join("report.html");
    let runs: Vec<&str> = runs.iter().map(|run| text(run)).collect();
    checked(bench(&[&["report", "--html", "--out", text(&page)], &runs[..]].concat()), 0);
    let html = std::fs::read_to_string(&page).expect("a page");
    assert!(html.contains("<svg") && !["src=", "href=", "url(", "@import"].iter().any(|link| html.contains(link)), "it needs nothing else");
    let names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
    let browser = names.into_iter().find(|name| Command::new(name).arg("--version").output().is_ok_and(|output| output.status.success()));
    let Some(browser) = browser else {
        writeln!(std::io::stdout(), "skipped: there is no Chromium here to open {} in", page.display()).expect("standard output");
        return;
    };
    let profile = place.join("profile");
    let output = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", &format!("--user-data-dir={}", text(&profile))])
        .arg(format!("file://{}", text(&page)))
        .output()
        .expect("it starts");
    let dom = stdout(&output);
    assert!(dom.contains("</svg>") && dom.contains("pass@1") && dom.contains("McNemar"), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn an_audit_finds_what_is_wrong_with_statements() {
    let place = folder();
    let file = place.path().join("flawed.lean");
    let statements = "theorem wrong (n : Nat) : n < 3 := by sorry\n\
        theorem vacuous (n : Nat) (h : n < 3) (k : 5 < n) : n * n = 7 := by sorry\n\
        theorem good (a b m : Nat) (h : a ≤ b) : a * a ≤ b * b := by sorry\n\
        theorem twice (x y z : Nat) (k : x ≤ y) : x * x ≤ y * y := by sorry\n\
        theorem rounded (x : Int) (h : x = 7 / 2) (n : Nat) (k : n - 1 = 0) : x + n ≥ 3 := by sorry\n\
        theorem plain : 2 + 2 = 4 := by sorry\n";
    std::fs::write(&file, statements).expect("written");
    let out = place.path().join("audit");
    let audit = || checked(bench(&["audit", text(&file), "--out", text(&out)]), 1);
    let printed = audit();
    let findings: Value = serde_json::from_str(&std::fs::read_to_string(out.join("audit.json")).expect("a report")).expect("JSON");
    let found = |problem: &str| -> Vec<String> {
        let findings = findings["findings"].as_array().expect("a list").iter();
        let kinds = findings.filter(|f| f["problem"] == problem).map(|f| f["kind"].as_str().expect("a kind").to_owned());
        kinds.collect()
    };
    assert_eq!(found("wrong"), ["refuted"], "{printed}");
    assert_eq!(found("vacuous"), ["contradictory"]);
    assert_eq!(found("good"), ["idle"]);
    assert_eq!(found("twice"), ["duplicate", "idle"]);
    assert_eq!(found("rounded"), ["truncated_subtraction", "rounded_division"]);
    assert_eq!(found("plain"), ["trivial"]);
    assert_eq!(audit(), printed, "a second audit says the same");
}

//! `prove data` from statements to rows that Lean accepts, on the real Lean and the real ONNX Runtime.

use serde_json::Value;
use std::{
    collections::BTreeSet,
    path::Path,
    process::{Command, Output, Stdio},
};

const PROVE: &str = env!("CARGO_BIN_EXE_prove-tested");

fn data(arguments: &[&str]) -> Output {
    Command::new(PROVE).arg("data").args(arguments).stdin(Stdio::null()).output().expect("prove starts")
}

fn done(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn lines(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).expect("it is there");
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

fn texts<'a>(lines: &'a [Value], key: &str) -> BTreeSet<&'a str> {
    lines.iter().filter_map(|line| line[key].as_str()).collect()
}

#[test]
fn statements_become_judged_rows_and_a_second_start_has_nothing_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_str().expect("UTF-8");
    // What is asked of every theorem is little, so that the test is quick.
    let prove = |more: &[&str]| done(&data(&[&["prove", path, "--budget", "checks=40"], more].concat()));
    done(&data(&["generate", path, "--count", "36", "--seed", "5", "--difficulties", "1,1,0,0,0"]));
    let statements = lines(&folder.path().join("statements.jsonl"));
    assert_eq!((statements.len(), texts(&statements, "name").len()), (36, 36));
    assert!(texts(&statements, "topic").len() > 9 && texts(&statements, "label").contains("false"), "{statements:#?}");

    // In two parts, as if the first had been killed between two results.
    prove(&["--limit", "20"]);
    let results = folder.path().join("proofs/results.jsonl");
    assert_eq!(lines(&results).len(), 20);
    prove(&[]);
    assert_eq!(lines(&results).len(), 36);
    let rows = lines(&folder.path().join("rows.jsonl"));
    let kinds = texts(&rows, "kind");
    assert!(["whole", "step", "repair"].iter().all(|kind| kinds.contains(kind)), "{kinds:?}");
    assert!(rows.iter().all(|row| row["completion"].as_str().is_some_and(|text| text.ends_with("\n### end\n"))), "{rows:#?}");
    assert!(texts(&rows, "statement").len() >= 18, "half are proved at least: {rows:#?}");
    let before = std::fs::read(folder.path().join("rows.jsonl")).expect("rows");
    prove(&[]);
    assert_eq!(std::fs::read(folder.path().join("rows.jsonl")).expect("rows"), before);

    let verified = done(&data(&["verify", path]));
    let proofs = texts(&rows, "statement").len();
    assert!(verified.contains(&format!("{proofs} of {proofs} proofs accepted")), "{verified}");

    // A proof that proves something else is found out.
    let text = std::fs::read_to_string(&results).expect("results");
    let forged: Vec<String> = text
        .lines()
        .map(|line| {
            let mut line: Value = serde_json::from_str(line).expect("JSON");
            if line["result"]["proof"].is_string() {
                line["result"]["proof"] = "exact trivial".into();
            }
            line.to_string()
        })
        .collect();
    std::fs::write(&results, forged.join("\n") + "\n").expect("written");
    let refused = data(&["verify", path, "--every", "3"]);
    assert_eq!(refused.status.code(), Some(1), "{}", String::from_utf8_lossy(&refused.stdout));
}

#[test]
fn lean_accepts_most_of_what_constructions_suggest() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_str().expect("UTF-8");
    let families = "ineq_squares,ineq_monotone,ineq_mean,exists_given,exists_between,div_combination,div_polynomial,power_solve,int_solve";
    done(&data(&["generate", path, "--count", "45", "--seed", "3", "--families", families]));
    // One check is less than a search needs to try anything.
    done(&data(&["prove", path, "--budget", "checks=1", "--no-shorten"]));
    let suggested = lines(&folder.path().join("statements.jsonl")).into_iter().filter(|s| s["proofs"].is_array());
    let suggested: BTreeSet<String> = suggested.filter_map(|s| Some(s["name"].as_str()?.to_owned())).collect();
    let proved = lines(&folder.path().join("proofs/results.jsonl"));
    let proved: BTreeSet<&str> = proved
        .iter()
        .filter(|line| line["result"]["verdict"] == "proved")
        .filter_map(|line| line["result"]["statement"].as_str())
        .collect();
    let accepted = suggested.iter().filter(|name| proved.contains(name.as_str())).count();
    assert!(suggested.len() > 30 && 10 * accepted >= 9 * suggested.len(), "{accepted} of {}", suggested.len());
}

#[test]
fn gaps_of_failed_sketches_join_the_statements_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_str().expect("UTF-8");
    let theorem = "theorem hard (f : Nat → Nat) (h : ∀ n, f (f n) < f (n + 1)) : (∀ n, n ≤ f n) ∧ f 3 = 3 := by";
    let stated = serde_json::json!({
        "name": "hard", "family": "functions", "topic": "functions", "difficulty": 5, "label": "true", "split": "train", "key": "",
        "header": "", "theorem": theorem,
    });
    std::fs::write(folder.path().join("statements.jsonl"), format!("{stated}\n")).expect("written");
    done(&data(&["prove", path, "--strategy", "decompose", "--budget", "checks=80", "--timeout", "600"]));
    assert_eq!(lines(&folder.path().join("proofs/results.jsonl"))[0]["result"]["verdict"], "rejected");
    done(&data(&["subgoals", path]));
    let joined = lines(&folder.path().join("statements.jsonl"));
    assert!(joined.len() > 1 && joined[0] == stated, "{joined:#?}");
    for subgoal in &joined[1..] {
        let theorem = subgoal["theorem"].as_str().expect("a theorem");
        assert!(subgoal["split"] == "train" && theorem.starts_with("theorem hard_r0s") && theorem.ends_with(" := by"), "{subgoal}");
    }
    done(&data(&["subgoals", path]));
    assert_eq!(lines(&folder.path().join("statements.jsonl")), joined);
}

#[test]
fn rollouts_have_tokens_log_probabilities_and_verdicts() {
    let folder = tempfile::tempdir().expect("a folder");
    let statements = folder.path().join("statements.jsonl");
    let asked = r#"{"name": "a", "header": "", "theorem": "theorem a (n : Nat) : n = n := by"}
{"name": "b", "header": "def two := 2\n\n", "theorem": "theorem b : two = 2 := by"}
"#;
    std::fs::write(&statements, asked).expect("written");
    let out = folder.path().join("out.jsonl");
    let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("../src/model/tests/models/qwen2-prove");
    let paths = [&model, &statements, &out].map(|path| path.to_str().expect("UTF-8"));
    let [model, asked, written] = paths;
    let arguments = ["rollout", "--model", model, "--statements", asked, "--out", written, "--samples", "3", "--max-tokens", "8"];
    done(&data(&arguments));
    let groups = lines(&out);
    assert_eq!(groups.iter().map(|group| group["name"].as_str().expect("a name")).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(groups[0]["prompt"], "### state\nn : Nat\n⊢ n = n\n### tactics\n");
    for sample in groups.iter().flat_map(|group| group["samples"].as_array().expect("samples")) {
        let (tokens, logprobs) = (sample["tokens"].as_array().expect("tokens"), sample["logprobs"].as_array().expect("numbers"));
        assert!(!tokens.is_empty() && tokens.len() == logprobs.len() && logprobs.iter().all(|l| l.as_f64() <= Some(0.0)), "{sample}");
        assert!(["proved", "rejected"].contains(&sample["verdict"].as_str().expect("a verdict")), "{sample}");
    }
    let first = std::fs::read(&out).expect("it is there");
    done(&data(&arguments));
    assert_eq!(std::fs::read(&out).expect("it is there"), first, "the same seed gives the same samples");

    std::fs::write(&statements, "{\"name\": \"a\"}\n").expect("written");
    let refused = data(&arguments);
    let message = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(refused.status.code() == Some(2) && message.contains(":1:") && message.contains("theorem"), "{message}");
}

//! The strategies of `prove solve` on a real Lean: with a model on the other end of a socket, killed and started again, told and drawn.

use serde_json::{Value, json};
use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Command, Output, Stdio},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

const PROVE: &str = env!("CARGO_BIN_EXE_prove-tested");

/// What a search is, with no model unless one is named: whether the bundled one is in use depends on what the machine has.
fn arguments<'a>(file: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let rules: &[&str] = if more.contains(&"--model") { &[] } else { &["--model", "none"] };
    [&["solve", file, "--json", "--no-shorten", "--timeout", "300"], rules, more].concat()
}

fn solve(folder: &Path, file: &str, more: &[&str]) -> Output {
    let arguments = arguments(file, more);
    Command::new(PROVE).args(arguments).current_dir(folder).stdin(Stdio::null()).output().expect("prove starts")
}

fn lines(output: &Output) -> Vec<Value> {
    let text = String::from_utf8(output.stdout.clone()).expect("UTF-8");
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{line}: {e}"))).collect();
    assert!(!lines.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    lines
}

/// An OpenAI-compatible server whose model is a function of what it reads: the prompt, or the last message.
struct Model {
    address: String,
    read: Arc<Mutex<Vec<String>>>,
}

impl Model {
    fn serve(answer: impl Fn(&str) -> String + Send + Sync + 'static) -> Model {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}/v1", listener.local_addr().expect("an address"));
        let read = Arc::new(Mutex::new(Vec::new()));
        let (answer, heard) = (Arc::new(answer), read.clone());
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (answer, heard) = (answer.clone(), heard.clone());
                thread::spawn(move || talk(stream, &*answer, &heard));
            }
        });
        Model { address, read }
    }

    fn read(&self) -> Vec<String> {
        self.read.lock().expect("no thread failed").clone()
    }
}

/// Answers the requests of one connection.
fn talk(stream: TcpStream, answer: &dyn Fn(&str) -> String, heard: &Mutex<Vec<String>>) -> Option<()> {
    let mut out = stream.try_clone().ok()?;
    let mut input = BufReader::new(stream);
    loop {
        let (mut line, mut length) = (String::new(), 0);
        input.read_line(&mut line).ok().filter(|n| *n > 0)?;
        let path = line.split(' ').nth(1)?.to_owned();
        while line.trim() != "" {
            line.clear();
            input.read_line(&mut line).ok()?;
            if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().ok()?;
            }
        }
        let mut body = vec![0; length];
        input.read_exact(&mut body).ok()?;
        let body: Value = serde_json::from_slice(&body).unwrap_or_default();
        let reply = if path.ends_with("/models") {
            json!({ "object": "list", "data": [{ "id": "scripted", "object": "model" }] })
        } else {
            let chat = path.ends_with("/chat/completions");
            let prompt = if chat { &body["messages"].as_array()?.last()?["content"] } else { &body["prompt"] };
            let prompt = prompt.as_str()?.to_owned();
            let text = answer(&prompt);
            heard.lock().ok()?.push(prompt);
            let choice = |index: u64| match chat {
                true => json!({ "index": index, "finish_reason": "stop", "message": { "role": "assistant", "content": text } }),
                false => json!({ "index": index, "finish_reason": "stop", "text": text }),
            };
            let choices: Vec<Value> = (0..body["n"].as_u64().unwrap_or(1)).map(choice).collect();
            json!({ "choices": choices, "usage": { "prompt_tokens": 1, "completion_tokens": 10 * choices.len() } })
        };
        let reply = reply.to_string();
        write!(out, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{reply}", reply.len()).ok()?;
    }
}

/// True, and beyond the rules: no tactic of core Lean finds the witness.
const WITNESS: &str = "theorem w (f : Nat → Nat) (h : ∀ n, f n = n * n + 1) : ∃ a b, a < b ∧ f a * f b = 1717 := by\n  sorry\n";

#[test]
fn a_models_whole_proof_is_found_by_sampling() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("w.lean"), WITNESS).expect("written");
    let model = Model::serve(|_| "  refine ⟨4, 10, by omega, ?_⟩\n  simp [h]\n```".to_owned());
    let found = solve(folder.path(), "w.lean", &["--strategy", "sample", "--model", &model.address, "--format", "deepseek-v1.5"]);
    let line = &lines(&found)[0];
    assert_eq!((&line["verdict"], &line["proof"]), (&json!("proved"), &json!("by\n  refine ⟨4, 10, by omega, ?_⟩\n  simp [h]")), "{line}");
    assert!(line["cost"]["model_tokens"].as_u64() >= Some(10) && line["cost"]["model_idle"].as_f64() < Some(1.0), "{line}");
    let statement = "theorem w (f : Nat → Nat) (h : ∀ n, f n = n * n + 1) : ∃ a b, a < b ∧ f a * f b = 1717 := by\n";
    assert!(model.read()[0].ends_with(statement), "the model sees the file as its author wrote it: {:?}", model.read()[0]);
}

#[test]
fn rmaxts_cuts_a_proof_where_it_fails_and_resumes_with_the_goals() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("w.lean"), WITNESS).expect("written");
    // A proof with an error, and one that leaves a goal; the ablations cut and resume in the same way.
    let (error, nothing) = ("  exact absurd h\n", "");
    for (strategy, rest) in [("rmaxts", error), ("rmaxts", nothing), ("rmaxts-ucb1", error), ("rmaxts-no-reward", error)] {
        // The model knows how to go on only when it is told the goal.
        let model = Model::serve(move |prompt| match prompt.contains("⊢ f 4 * f 10 = 1717\n") {
            true => "  simp [h]\n".to_owned(),
            false => format!("  refine ⟨4, 10, by omega, ?_⟩\n{rest}"),
        });
        let found = solve(folder.path(), "w.lean", &["--strategy", strategy, "--model", &model.address, "--format", "deepseek-v1.5"]);
        let line = &lines(&found)[0];
        assert_eq!(line["proof"], "by\n  refine ⟨4, 10, by omega, ?_⟩\n  simp [h]", "{line}");
        let resumed = model.read().into_iter().find(|prompt| prompt.contains("tactic state")).expect("a resumed prompt");
        let wanted = "  refine ⟨4, 10, by omega, ?_⟩\n  /- tactic state:\n    f : Nat → Nat\n    h : ∀ (n : Nat), f n = n * n + 1\n    ⊢ f 4 * f 10 = 1717\n  -/\n";
        assert!(resumed.ends_with(wanted), "{resumed}");
    }
}

#[test]
fn a_repair_is_asked_for_with_the_errors_at_their_places() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("w.lean"), WITNESS).expect("written");
    let model = Model::serve(|prompt| {
        let proof = if prompt.contains("<error>") {
            "refine ⟨4, 10, by omega, ?_⟩\n  simp [h]"
        } else {
            "refine ⟨4, 11, by omega, ?_⟩\n  simp [h]"
        };
        format!("```lean4\ntheorem w (f : Nat → Nat) (h : ∀ n, f n = n * n + 1) : ∃ a b, a < b ∧ f a * f b = 1717 := by\n  {proof}\n```")
    });
    let found = solve(folder.path(), "w.lean", &["--strategy", "repair", "--model", &model.address, "--format", "goedel-v2"]);
    assert_eq!(lines(&found)[0]["proof"], "by\n  refine ⟨4, 10, by omega, ?_⟩\n  simp [h]");
    let repair = model.read().into_iter().find(|prompt| prompt.contains("<error>")).expect("a repair");
    assert!(repair.contains("  <error>refine ⟨4, 11, by omega, ?_⟩\n  simp [h]</error>") && repair.contains("⊢ False"), "{repair}");
}

/// For scripts that are made for a kind of goal: a recursion with a period, one without, divisors of linear terms, less than a power.
const FITTED: &str = "theorem cycle (x : Nat → Rat) (h0 : x 1 = 2) (h1 : x 2 = 3) (h : ∀ n ≥ 3, x n = x (n - 1) / x (n - 2)) : x 2021 + x 3 = 11 / 6 := by\n  sorry\n\n\
    theorem values (f : Nat → Int) (h0 : f 0 = 2) (h1 : f 1 = 1) (h : ∀ n, f (n + 2) = f (n + 1) - 2 * f n) : f 9 = -5 := by\n  sorry\n\n\
    theorem divisor (n : Nat) : Nat.gcd (5 * n + 2) (7 * n + 3) = 1 := by\n  sorry\n\n\
    theorem power (u : Nat → Nat) (n : Nat) (h0 : u 0 = 0) (h : ∀ n, u (n + 1) = 2 * u n + (n + 1)) : u n = 2 ^ (n + 1) - (n + 2) := by\n  sorry\n";

#[test]
fn scripts_made_for_a_kind_of_goal_prove_it() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("f.lean"), FITTED).expect("written");
    let found = lines(&solve(folder.path(), "f.lean", &["--strategy", "portfolio"]));
    let verdicts: Vec<_> = found.iter().map(|line| (&line["name"], &line["verdict"])).collect();
    let proved = json!("proved");
    let names = ["cycle", "values", "divisor", "power"].map(|name| json!(name));
    assert_eq!(verdicts, names.iter().map(|name| (name, &proved)).collect::<Vec<_>>(), "{found:#?}");
}

/// Each part is for the portfolio, the whole is for the sketch.
const PARTS: &str = "theorem p (f : Nat → Nat) (h0 : f 0 = 0) (h : ∀ n, f (n + 1) = f n + 2 * n + 1) (m : Nat) (hm : 0 < m) : f (m * m) = m ^ 4 := by\n  sorry\n";

#[test]
fn a_models_sketch_is_filled_subgoal_by_subgoal() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("p.lean"), PARTS).expect("written");
    let model = Model::serve(|prompt| {
        match prompt.contains("Write a sketch") {
        true => "```lean4\ntheorem p : x := by\n  have key : ∀ n, f n = n * n := by\n    intro n\n    induction n with\n    | zero => sorry\n    | succ n ih => sorry\n  have four : m * m * (m * m) = m ^ 4 := by sorry\n  rw [key, four]\n```".to_owned(),
        false => "I do not know.".to_owned(),
    }
    });
    let arguments = [
        "--strategy",
        "decompose",
        "--model",
        &model.address,
        "--format",
        "deepseek-v2",
        "--budget",
        "checks=600",
        "--events",
        "e",
        "--tree",
        "t.svg",
    ];
    let found = solve(folder.path(), "p.lean", &arguments);
    let line = &lines(&found)[0];
    assert_eq!(line["verdict"], "proved", "{line}");
    let proof = line["proof"].as_str().expect("a proof");
    assert!(proof.contains("have four : m * m * (m * m) = m ^ 4 := by"), "{proof}");
    let events = fs::read_to_string(folder.path().join("e")).expect("events");
    assert!(events.lines().filter(|l| l.contains(r#""event":"stated""#)).count() >= 4, "{events}");
    let picture = fs::read_to_string(folder.path().join("t.svg")).expect("a picture");
    assert!(picture.contains("have key : ∀ n, f n = n * n := by") && picture.contains("class=\"e w\""), "{picture}");
}

#[test]
fn what_the_judge_refuses_does_not_end_a_search() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = "axiom cheat (p : Prop) : p\n\ntheorem t (p q : Prop) (hp : p) (h : p → q) : q ∧ p := by\n  sorry\n";
    fs::write(folder.path().join("t.lean"), file).expect("written");
    // Lean has nothing against the first answers, in two spellings.
    let asked = Mutex::new(0);
    let model = Model::serve(move |_| {
        let mut asked = asked.lock().expect("no thread failed");
        *asked += 1;
        let proof = ["exact cheat _", "constructor <;> exact cheat _", "exact ⟨h hp, hp⟩"][(*asked - 1).min(2)];
        format!("  {proof}\n```")
    });
    for strategy in ["sample", "rmaxts"] {
        let arguments = ["--strategy", strategy, "--model", &model.address, "--format", "deepseek-v1.5", "--window", "1"];
        let found = solve(folder.path(), "t.lean", &arguments);
        let line = &lines(&found)[0];
        assert_eq!((&line["verdict"], &line["proof"]), (&json!("proved"), &json!("by\n  exact ⟨h hp, hp⟩")), "{line}");
    }
    assert!(model.read().len() >= 3);
}

#[test]
fn a_file_with_an_error_of_its_own_is_told_where_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = "theorem t (n : Nat) : n + 0 = n := by\n  sorry\n\ntheorem wrong (n : Nat) : n = n + 1 := by omega\n";
    fs::write(folder.path().join("e.lean"), file).expect("written");
    let line = &lines(&solve(folder.path(), "e.lean", &[]))[0];
    assert_eq!(
        (&line["verdict"], &line["kind"], &line["position"]),
        (&json!("rejected"), &json!("statement"), &json!({"line": 3, "column": 42}))
    );
    let message = line["message"].as_str().expect("a message");
    assert!(message.contains("to be mended first") && message.contains("omega could not prove the goal"), "{message}");
}

/// No proof: every search goes on until its budget ends.
const HOPELESS: &str = "theorem t (p q r : Nat → Prop) (h : ∀ n, p n → q (n + 1) ∨ r n) (h0 : p 0) (g : ∀ n, r n → p (n + 1)) (n : Nat) : q n ∧ r (n + 1) := by\n  sorry\n";

#[test]
fn a_search_killed_again_and_again_ends_with_the_same_tree() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("t.lean"), HOPELESS).expect("written");
    for strategy in ["rmaxts", "auto"] {
        let budget = ["--strategy", strategy, "--budget", "checks=120", "--seed", "3"];
        let whole = solve(folder.path(), "t.lean", &[&budget[..], &["--events", "whole", "--workers", "1"]].concat());
        let run = [&budget[..], &["--run", strategy, "--events", "parts"]].concat();
        let kept = folder.path().join(strategy).join("searches/results.jsonl");
        for replies in [1, 7, 15] {
            let arguments = arguments("t.lean", &run);
            let mut prove = Command::new(PROVE);
            let mut child = prove.args(arguments).current_dir(folder.path()).stdout(Stdio::null()).spawn().expect("prove starts");
            while fs::read_to_string(&kept).unwrap_or_default().lines().count() < replies {
                assert!(child.try_wait().expect("a child").is_none(), "{strategy}: it ended before {replies} replies");
                thread::sleep(Duration::from_millis(5));
            }
            child.kill().expect("it is killed");
            child.wait().expect("it is gone");
        }
        let parts = solve(folder.path(), "t.lean", &run);
        let told = |output: &Output| {
            lines(output).into_iter().map(|l| (l["verdict"].clone(), l["message"].clone(), l["cost"]["checks"].clone())).collect::<Vec<_>>()
        };
        assert_eq!(told(&parts), told(&whole));
        let read = |name: &str| fs::read_to_string(folder.path().join(name)).expect("events");
        // Another number of workers, too.
        assert!(read("whole").lines().count() > 100 && read("whole") == read("parts"), "{strategy}: the two logs differ");
        let kept = read(&format!("{strategy}/searches/results.jsonl"));
        let keys: std::collections::HashSet<_> =
            kept.lines().map(|l| serde_json::from_str::<Value>(l).expect("JSON")["key"].to_string()).collect();
        assert_eq!(keys.len(), kept.lines().count(), "no request was made twice once its reply was kept");
    }
}

#[test]
fn a_model_that_cannot_be_had_costs_its_part_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("w.lean"), "theorem e (n : Nat) : n + 0 = n := by\n  sorry\n").expect("written");
    let tiny = Path::new(env!("CARGO_MANIFEST_DIR")).join("../src/model/tests/models/llama-prove");
    let nonsense =
        solve(folder.path(), "w.lean", &["--model", tiny.to_str().expect("UTF-8"), "--max-tokens", "24", "--budget", "model-tokens=2000"]);
    assert_eq!(lines(&nonsense)[0]["verdict"], "proved", "the rules prove it beside a model that knows nothing");
    let nobody = solve(folder.path(), "w.lean", &["--model", "no/such/folder"]);
    let message = String::from_utf8_lossy(&nobody.stderr).into_owned();
    assert!(nobody.status.code() == Some(2) && message.contains("no/such/folder"), "{message}");
}

#[test]
fn the_bundled_model_proves_by_itself() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = "theorem t (a b : Nat) (h : a ≤ b) (h' : b ≤ 3) : a < 4 := by\n  sorry\n";
    fs::write(folder.path().join("t.lean"), file).expect("written");
    // Samples are all that is tried, and there are no rules among them.
    let how = ["--model", "bundled", "--strategy", "sample", "--budget", "checks=64", "--max-tokens", "64"];
    let line = lines(&solve(folder.path(), "t.lean", &how)).remove(0);
    assert_eq!(line["verdict"], "proved", "{line}");
    assert!(line["cost"]["model_tokens"].as_u64().is_some_and(|tokens| tokens > 0), "{line}");
}

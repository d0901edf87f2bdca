//! `prove serve` over real sockets, with the real embedded Lean and a tiny model.

use prove_tests::daemon;
use serde_json::{Value, json};
use std::{
    fs,
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

const PROVE: &str = env!("CARGO_BIN_EXE_prove-tested");

/// A running daemon and what a client of it knows.
struct Daemon {
    process: daemon::Daemon,
    token: String,
    /// Holds the token, and a link to the program whose path marks the daemon's processes.
    folder: tempfile::TempDir,
}

/// What came back: the status and the body.
type Answer = (u16, String);

impl Daemon {
    /// Without a model unless one is named: whether the bundled one is in use depends on what the machine has.
    fn start(arguments: &[&str]) -> Daemon {
        let rules: &[&str] = if arguments.contains(&"--model") { &[] } else { &["--model", "none"] };
        let folder = tempfile::tempdir().expect("a folder");
        let link = folder.path().join("prove");
        std::os::unix::fs::symlink(PROVE, &link).expect("a link");
        let process = daemon::Daemon::start(PROVE, folder.path(), |it| it.args(rules).args(arguments).env("PROVE_LEAN_EXE", link));
        let token = fs::read_to_string(folder.path().join("token")).expect("a token").trim().to_owned();
        Daemon { process, token, folder }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.process.address).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_secs(120))).expect("a limit");
        stream
    }

    /// A request whose answer ends the connection.
    fn send(&self, method: &str, path: &str, headers: &str, body: &[u8]) -> TcpStream {
        let mut stream = self.connect();
        let head = format!("{method} {path} HTTP/1.0\r\n{headers}content-length: {}\r\n\r\n", body.len());
        // A daemon that has refused already, at the length of its head or of its body, reads no more.
        let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
        stream
    }

    fn bearer(&self) -> String {
        format!("authorization: Bearer {}\r\n", self.token)
    }

    fn get(&self, path: &str) -> Answer {
        answer(&mut self.send("GET", path, &self.bearer(), b""))
    }

    fn post(&self, path: &str, body: &Value) -> Answer {
        answer(&mut self.send("POST", path, &self.bearer(), body.to_string().as_bytes()))
    }

    /// The JSON of an answer that is one.
    fn ask(&self, path: &str, body: &Value) -> Value {
        let (status, body) = self.post(path, body);
        assert_eq!(status, 200, "{body}");
        serde_json::from_str(&body).expect("JSON")
    }

    fn check(&self, texts: &[&str], timeout: f64) -> Vec<Value> {
        let snippets: Vec<_> = texts.iter().enumerate().map(|(i, code)| json!({"id": i.to_string(), "code": code})).collect();
        self.ask("/api/check", &json!({"snippets": snippets, "timeout": timeout}))["results"].as_array().expect("results").clone()
    }

    /// The processes of Lean that the daemon started.
    fn leans(&self) -> Vec<PathBuf> {
        let marker = self.folder.path().join("prove").display().to_string();
        let all = fs::read_dir("/proc").expect("/proc").flatten().map(|entry| entry.path());
        all.filter(|path| fs::read(path.join("cmdline")).is_ok_and(|line| String::from_utf8_lossy(&line).contains(&marker))).collect()
    }

    fn signal(&self, name: &str) {
        assert!(Command::new("kill").args([name, &self.process.child.id().to_string()]).status().expect("kill runs").success());
    }
}

fn answer(stream: &mut TcpStream) -> Answer {
    let mut bytes = Vec::new();
    // What was read before a connection breaks off counts.
    let _ = stream.read_to_end(&mut bytes);
    let text = String::from_utf8(bytes).expect("UTF-8");
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {text:?}"));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    (status.unwrap_or_else(|| panic!("no status: {head}")), body.to_owned())
}

fn wait_until(what: &str, done: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(120);
    while !done() {
        assert!(Instant::now() < deadline, "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A text that keeps Lean busy for long.
const ENDLESS: &str = "set_option maxHeartbeats 0 in\nset_option maxRecDepth 1000000 in\nexample : (List.range 4000000).foldl (· + ·) 0 = 1 := by decide +kernel\n";

#[test]
fn nobody_without_the_token_is_answered() {
    let daemon = Daemon::start(&[]);
    let mode = fs::metadata(daemon.folder.path().join("token")).expect("it is there").permissions().mode();
    assert_eq!((mode & 0o777, daemon.token.len()), (0o600, 64));
    let wrong = daemon.bearer().replace(&daemon.token, &"0".repeat(64));
    let basic = daemon.bearer().replace("Bearer", "Basic");
    for (method, path) in [("GET", "/"), ("GET", "/health"), ("GET", "/v1/models"), ("POST", "/verify"), ("POST", "/judge"), ("GET", "/no")]
    {
        for headers in ["", wrong.as_str(), basic.as_str()] {
            let (status, body) = answer(&mut daemon.send(method, path, headers, b"{}"));
            assert_eq!(status, 401, "{method} {path} {headers}: {body}");
        }
    }
    assert_eq!(daemon.get("/health").0, 200);
    let (status, body) = daemon.get("/judge");
    assert!(status == 404 && body.contains("POST") && body.contains("/judge"), "{body}");
    let (status, body) = daemon.post("/judge", &json!({"statment": "theorem a : True := sorry"}));
    assert!(status == 400 && body.contains("statment"), "{body}");

    // The next daemon takes the same token, unless others can read it.
    let file = daemon.folder.path().join("token");
    let again = || {
        let mut command = Command::new(PROVE);
        command.args(["serve", "--listen", &daemon.process.address.to_string(), "--token-file"]).arg(&file).stdin(Stdio::null());
        let output = command.output().expect("prove runs");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, message) = again();
    assert!(code == Some(2) && message.contains("--listen"), "the port is taken: {message}");
    assert_eq!(fs::read_to_string(&file).expect("it is there").trim(), daemon.token);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).expect("it is ours");
    let (code, message) = again();
    assert!(code == Some(2) && message.contains("chmod 600"), "{message}");
}

#[test]
fn texts_are_checked_in_the_form_of_kimina_lean_server() {
    let daemon = Daemon::start(&["--timeout", "100"]);
    let results = daemon.check(
        &[
            "#check Nat",
            "import Init\n\ntheorem 𝔸 : 1 = 2 := by\n  decide",
            "theorem s (a : Nat) (h : a = 1) : a = 1 ∧ True := by\n  constructor\n  · sorry\n  · exact sorry",
            "theorem t : True := by admit",
            "set_option warn.sorry false in\ntheorem u : True := by sorry",
            "theorem v : True := by first | trivial | sorry",
        ],
        60.0,
    );
    assert!(results.iter().all(|result| result["time"].as_f64() > Some(0.0) && result.get("error").is_none()), "{results:?}");
    let responses: Vec<_> = results.iter().map(|result| &result["response"]).collect();
    let nat = json!({"severity": "info", "pos": {"line": 1, "column": 0}, "endPos": {"line": 1, "column": 6}, "data": "Nat : Type"});
    assert_eq!(responses[0], &json!({"env": 0, "messages": [nat]}));
    let error = &responses[1]["messages"][0];
    assert_eq!((&error["severity"], &error["pos"]), (&json!("error"), &json!({"line": 4, "column": 2})), "{error}");
    let (first, second) = (&responses[2]["sorries"][0], &responses[2]["sorries"][1]);
    assert_eq!((&first["goal"], &first["pos"]["line"]), (&json!("case left\na : Nat\nh : a = 1\n⊢ a = 1"), &json!(3)));
    assert_eq!((&second["pos"], &second["endPos"]), (&json!({"line": 4, "column": 10}), &json!({"line": 4, "column": 15})));
    // None of these may pass for a proof with a client that looks for an error or a `sorry`.
    for hidden in [responses[3], responses[4]] {
        assert_eq!(hidden["sorries"].as_array().map(Vec::len), Some(1), "{hidden}");
    }
    assert!(responses[5].get("sorries").is_none() && responses[5].get("messages").is_none(), "{}", responses[5]);

    let codes =
        json!({"codes": [{"custom_id": 7, "proof": "theorem a : True := trivial"}, {"custom_id": "b", "code": "example : 1 = 1 := no"}]});
    let results = daemon.ask("/verify", &codes);
    let (first, second) = (&results["results"][0], &results["results"][1]);
    assert_eq!((&first["custom_id"], &first["response"]["env"]), (&json!("7"), &json!(0)), "{results}");
    assert!(first["response"]["time"].is_f64() && first["response"].get("messages").is_none(), "{results}");
    assert_eq!((&second["custom_id"], &second["response"]["messages"][0]["severity"]), (&json!("b"), &json!("error")), "{results}");

    let slow = daemon.check(&[ENDLESS, "example : True := trivial"], 5.0);
    assert!(slow[0]["error"].as_str().is_some_and(|error| error.contains("timed out in 5 seconds")), "{slow:?}");
    assert!(slow[0].get("response").is_none() && slow[1]["response"]["env"] == 0, "{slow:?}");
    for (bad, word) in [
        (json!({"snippets": []}), "no text"),
        (json!({"snippets": [{"id": "a", "code": ""}, {"id": "a", "code": ""}]}), "two texts"),
        (json!({"snippets": [{"id": "a", "code": ""}], "infotree": "full"}), "infotree"),
        (json!({"snippets": [{"id": "a", "code": ""}], "timeout": -1}), "timeout"),
        (json!({"snippets": [{"id": "a"}]}), "code"),
    ] {
        let (status, body) = daemon.post("/api/check", &bad);
        assert!(status == 400 && body.contains(word), "{bad}: {body}");
    }
}

#[test]
fn the_judge_decides_and_sorries_are_filled() {
    let daemon = Daemon::start(&[]);
    let statement = "theorem t (n : Nat) : n + 0 = n := by\n  sorry\n";
    let judge = |field: &str, text: &str| daemon.ask("/judge", &json!({"statement": statement, field: text}));
    let proved = judge("proof", "by\n  omega");
    assert_eq!((&proved["proved"], &proved["verdicts"][0]["verdict"]), (&json!(true), &json!("proved")), "{proved}");
    assert!(proved["verdicts"][0]["audits"].as_array().is_some_and(|audits| !audits.is_empty()));
    // Lean says nothing against these.
    let cheats = [
        ("axiom a : 0 = 1\ntheorem t (n : Nat) : n + 0 = n := absurd a (by decide)", "axiom"),
        ("theorem t (n : Nat) : n = n := rfl", "statement_changed"),
        ("theorem u (n : Nat) : n + 0 = n := rfl", "missing"),
    ];
    for (file, kind) in cheats {
        let checked = &daemon.check(&[file], 60.0)[0]["response"];
        assert!(checked.get("messages").is_none() && checked.get("sorries").is_none(), "{checked}");
        let judged = judge("file", file);
        assert_eq!((&judged["proved"], &judged["verdicts"][0]["kind"]), (&json!(false), &json!(kind)), "{judged}");
    }
    let (status, body) = daemon.post("/judge", &json!({"statement": "theorem a : True := trivial", "proof": "trivial"}));
    assert!(status == 400 && body.contains("0 `sorry`s"), "{body}");

    let text = "theorem a (p q : Prop) (h : p ∧ q) : q ∧ p := by\n  sorry\n\ntheorem b (n : Nat) : n < n + 1 := by sorry\n";
    let solved = daemon.ask("/solve", &json!({"text": text, "timeout": 60}));
    let lines = solved["verdicts"].as_array().expect("lines");
    assert!(lines.len() == 2 && lines.iter().all(|line| line["verdict"] == "proved" && line["proof"].is_string()), "{solved}");
    let one = daemon.ask("/solve", &json!({"text": text, "line": 4, "strategy": "portfolio"}));
    assert!(one["verdicts"].as_array().is_some_and(|lines| lines.len() == 1 && lines[0]["name"] == "b"), "{one}");
    for (bad, word) in [
        (json!({"text": text, "line": 3}), "line 3"),
        (json!({"text": text, "strategy": "luck"}), "luck"),
        (json!({"text": text, "budget": "coffee=1"}), "coffee"),
    ] {
        let (status, body) = daemon.post("/solve", &bad);
        assert!(status == 400 && body.contains(word), "{bad}: {body}");
    }
}

fn tiny_model() -> String {
    let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("../src/model/tests/models/llama-prove");
    model.to_str().expect("UTF-8").to_owned()
}

#[test]
fn the_model_is_served_as_openai_does() {
    let model = tiny_model();
    let daemon = Daemon::start(&["--model", &model]);
    let models: Value = serde_json::from_str(&daemon.get("/v1/models").1).expect("JSON");
    assert_eq!(models["data"][0]["id"], "llama-prove");

    let ask = json!({"model": "llama-prove", "prompt": "theorem t : 1 = ", "max_tokens": 12, "n": 3, "seed": 5, "temperature": 0.8, "logprobs": 1});
    let whole = daemon.ask("/v1/completions", &ask);
    let choices = whole["choices"].as_array().expect("choices");
    let texts: Vec<_> = choices.iter().map(|choice| choice["text"].as_str().expect("a text")).collect();
    assert_eq!(texts.len(), 3);
    assert!(choices.iter().all(|choice| choice["logprobs"]["token_logprobs"][0].as_f64() < Some(0.0)), "{whole}");
    assert!(whole["usage"]["completion_tokens"].as_u64() <= Some(36) && whole["usage"]["prompt_tokens"] == 7, "{whole}");

    // The client of `prove generate` sees what the engine gives without a daemon between.
    let variable = "PROVE_TEST_SERVE_TOKEN";
    let generate = |arguments: &[&str]| {
        let fixed =
            ["generate", "--prompt", "theorem t : 1 = ", "--max-tokens", "12", "-n", "3", "--seed", "5", "--temperature", "0.8", "--json"];
        let output = Command::new(PROVE).args(fixed).args(arguments).env(variable, &daemon.token).output().expect("prove runs");
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        let lines: Vec<Value> =
            String::from_utf8(output.stdout).expect("UTF-8").lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        let mut samples: Vec<_> = lines.into_iter().filter(|line| line.get("index").is_some()).collect();
        samples.sort_by_key(|sample| sample["index"].as_u64());
        samples.iter().map(|sample| sample["text"].as_str().expect("a text").to_owned()).collect::<Vec<_>>()
    };
    let server = format!("http://{}/v1", daemon.process.address);
    assert_eq!(generate(&["--model", &server, "--key-variable", variable]), texts);
    assert_eq!(generate(&["--model", &model]), texts);

    // In pieces, the same.
    let mut streamed = ask.clone();
    streamed["stream"] = json!(true);
    streamed["stream_options"] = json!({"include_usage": true});
    streamed.as_object_mut().expect("an object").remove("logprobs");
    let (status, body) = daemon.post("/v1/completions", &streamed);
    assert_eq!(status, 200);
    let mut events: Vec<_> = body.split("\n\n").filter_map(|event| event.strip_prefix("data: ")).collect();
    assert_eq!(events.pop(), Some("[DONE]"), "{body}");
    let events: Vec<Value> = events.into_iter().map(|event| serde_json::from_str(event).expect("JSON")).collect();
    let mut pieces = vec![String::new(); 3];
    let mut ends = 0;
    for choice in events.iter().flat_map(|event| event["choices"].as_array().expect("choices")) {
        pieces[choice["index"].as_u64().expect("an index") as usize] += choice["text"].as_str().expect("a text");
        ends += usize::from(choice["finish_reason"].is_string());
    }
    assert_eq!((pieces, ends), (texts.iter().map(|text| (*text).to_owned()).collect(), 3));
    assert_eq!(events.last().expect("the usage")["usage"]["prompt_tokens"], 7);

    let stopped = daemon.ask("/v1/completions", &json!({"prompt": "theorem t : 1 = ", "max_tokens": 200, "seed": 1, "stop": ["e", "a"]}));
    let choice = &stopped["choices"][0];
    assert!(choice["finish_reason"] == "stop" && choice["stop_reason"].is_string(), "{stopped}");
    for (path, bad, word) in [
        ("/v1/completions", json!({"model": "gpt", "prompt": "x"}), "llama-prove"),
        ("/v1/completions", json!({"prompt": ["x", "y"]}), "2 prompts"),
        ("/v1/completions", json!({"prompt": "x", "temperature": -1}), "temperature"),
        ("/v1/completions", json!({"prompt": "x", "n": 100000}), "256"),
        ("/v1/completions", json!({"prompt": "x", "presence_penalty": 0.5}), "presence_penalty"),
        ("/v1/completions", json!({"prompt": "x".repeat(100_000)}), "context"),
        ("/v1/chat/completions", json!({"messages": [{"role": "oracle", "content": "x"}]}), "oracle"),
    ] {
        let (status, body) = daemon.post(path, &bad);
        assert!((status == 400 || status == 404) && body.contains(word), "{path} {word}: {status} {body}");
    }
}

#[test]
fn without_a_model_the_rest_is_served() {
    let daemon = Daemon::start(&[]);
    for (status, body) in [
        daemon.get("/v1/models"),
        daemon.post("/v1/completions", &json!({"prompt": "x"})),
        daemon.post("/v1/chat/completions", &json!({"messages": [{"role": "user", "content": "x"}]})),
    ] {
        let error: Value = serde_json::from_str(&body).expect("JSON");
        assert!(status == 503 && error["error"]["message"].as_str().is_some_and(|message| message.contains("--model")), "{body}");
    }
    assert_eq!(daemon.check(&["example : True := trivial"], 60.0)[0]["response"]["env"], 0);
}

#[test]
fn slow_and_long_winded_clients_are_cut_off() {
    let daemon = Daemon::start(&["--patience", "1"]);
    let mut silent = daemon.connect();
    let mut dripping = daemon.connect();
    dripping.write_all(b"GET /health HTTP/1.1\r\n").expect("sent");
    let mut idle = daemon.connect();
    write!(idle, "GET /health HTTP/1.1\r\n{}\r\n", daemon.bearer()).expect("sent");
    let mut unfinished = daemon.connect();
    write!(unfinished, "POST /verify HTTP/1.1\r\n{}content-length: 1000\r\n\r\n{{", daemon.bearer()).expect("sent");
    // All of them end although none of these clients hangs up.
    let mut rest = Vec::new();
    let _ = silent.read_to_end(&mut rest);
    let _ = dripping.read_to_end(&mut rest);
    assert!(!String::from_utf8_lossy(&rest).contains("200 OK"));
    assert_eq!(answer(&mut idle).0, 200);
    let (status, body) = answer(&mut unfinished);
    assert!(status == 408 && body.contains("1 s"), "{status} {body}");

    let (status, body) = answer(&mut daemon.send("POST", "/verify", &daemon.bearer(), &vec![b' '; 9 << 20]));
    assert!(status == 413 && body.contains("bytes"), "{status} {body}");
    let (status, _) = answer(&mut daemon.send("GET", "/health", &format!("{}x: {}\r\n", daemon.bearer(), "y".repeat(400_000)), b""));
    assert_eq!(status, 431);

    // One that asks and asks and reads no answer.
    let mut deaf = daemon.connect();
    deaf.set_write_timeout(Some(Duration::from_secs(120))).expect("a limit");
    let questions = format!("GET /health HTTP/1.1\r\n{}\r\n", daemon.bearer()).repeat(1000);
    let error = (0..10_000).find_map(|_| deaf.write_all(questions.as_bytes()).err()).expect("there is no end of it");
    assert!(matches!(error.kind(), ErrorKind::ConnectionReset | ErrorKind::BrokenPipe), "{error}");

    // More clients than there are places, none of which says a word, hold up nobody for long.
    let crowd: Vec<_> = (0..200).map(|_| daemon.connect()).collect();
    assert_eq!(daemon.get("/health").0, 200);
    drop(crowd);
}

#[test]
fn who_hangs_up_frees_the_worker_and_the_end_leaves_no_lean_behind() {
    let mut daemon = Daemon::start(&["--workers", "1", "--grace", "120"]);
    let endless = json!({"snippets": [{"id": "a", "code": ENDLESS}], "timeout": 300}).to_string();
    let hung_up = daemon.send("POST", "/api/check", &daemon.bearer(), endless.as_bytes());
    wait_until("a worker starts", || !daemon.leans().is_empty());
    drop(hung_up);
    // The only worker is busy with what nobody waits for any more.
    assert_eq!(daemon.check(&["example : True := trivial"], 60.0)[0]["response"]["env"], 0);

    // A request under way is answered in its time of grace, and nobody new is let in.
    let under_way = json!({"statement": "theorem t (n : Nat) : n + 0 = n := by sorry", "proof": "by omega"}).to_string();
    let mut judged = daemon.send("POST", "/judge", &daemon.bearer(), under_way.as_bytes());
    let mut endless = daemon.send("POST", "/api/check", &daemon.bearer(), endless.as_bytes());
    wait_until("a worker and the judge are at it", || daemon.leans().len() >= 2);
    daemon.signal("-TERM");
    let (status, body) = answer(&mut judged);
    assert!(status == 200 && body.contains("\"proved\":true"), "{status} {body}");
    let address = daemon.process.address;
    wait_until("the port is closed", || TcpStream::connect(address).is_err());
    // A second signal ends it at once.
    daemon.signal("-INT");
    assert_eq!(daemon.process.child.wait().expect("it ends").code(), Some(0));
    let mut rest = Vec::new();
    let _ = endless.read_to_end(&mut rest);
    assert!(rest.is_empty(), "{}", String::from_utf8_lossy(&rest));
    wait_until("all of Lean ends", || daemon.leans().is_empty());
}

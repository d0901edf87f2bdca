//! The prover model on the command line: tiny models on the real ONNX Runtime.

use serde_json::Value;
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    path::Path,
    process::{Command, Output, Stdio},
    thread,
};

const PROVE: &str = env!("CARGO_BIN_EXE_prove-tested");

fn prove(arguments: &[&str]) -> Output {
    Command::new(PROVE).args(arguments).stdin(Stdio::null()).output().expect("prove starts")
}

fn tiny(model: &str) -> String {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("../src/model/tests/models");
    models.join(model).to_str().expect("UTF-8").to_owned()
}

fn lines(output: &Output) -> Vec<Value> {
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout.clone()).expect("UTF-8");
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{line}: {e}"))).collect()
}

#[test]
fn samples_come_with_their_tokens_and_the_same_seed_gives_the_same() {
    let model = tiny("llama-prove");
    let generate = |seed: &str| {
        let arguments = ["generate", "--prompt", "theorem t : 1 ≤ ", "--model", &model, "-n", "4", "--max-tokens", "12", "--json"];
        lines(&prove(&[&arguments[..], &["--seed", seed]].concat()))
    };
    let mut first = generate("1");
    let took = first.pop().expect("the last line");
    let (usage, engine) = (&took["usage"], &took["engine"]);
    assert_eq!((first.len(), engine["hit_rate"].as_f64()), (4, Some(0.75)), "one of four reads the prompt: {took}");
    let tokens: usize = first.iter().map(|sample| sample["tokens"].as_array().expect("tokens").len()).sum();
    assert_eq!((&usage["completion_tokens"], &engine["tokens"]), (&tokens.into(), &tokens.into()));
    assert!(first.iter().all(|sample| sample["tokens"][0]["logprob"].as_f64() < Some(0.0)), "{first:?}");
    let by_index = |mut samples: Vec<Value>| {
        samples.retain(|sample| sample.get("index").is_some());
        samples.sort_by_key(|sample| sample["index"].as_u64());
        samples.into_iter().map(|sample| sample["text"].clone()).collect::<Vec<_>>()
    };
    let first = by_index(first);
    assert_eq!(by_index(generate("1")), first);
    assert_ne!(by_index(generate("2")), first);
}

#[test]
fn a_wrong_model_is_an_error_of_input_that_names_the_place() {
    let nothing = prove(&["generate", "--prompt", "x", "--model", &tiny("no-such-model")]);
    let message = String::from_utf8_lossy(&nothing.stderr).into_owned();
    assert!(nothing.status.code() == Some(2) && message.contains("no-such-model"), "{message}");
    let nobody = prove(&["generate", "--prompt", "x", "--model", &tiny("llama-prove"), "--temperature=-1"]);
    let message = String::from_utf8_lossy(&nobody.stderr).into_owned();
    assert!(nobody.status.code() == Some(2) && message.contains("temperature"), "{message}");
}

#[test]
fn a_servers_samples_come_with_their_cost() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let server = format!("http://{}/v1", listener.local_addr().expect("bound"));
    let serving = thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a call");
        let mut request = BufReader::new(stream.try_clone().expect("both ends"));
        let lines = request.by_ref().lines().map(|line| line.expect("a line").to_lowercase()).take_while(|line| !line.is_empty());
        let length = lines.filter_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).last().expect("a length");
        request.read_exact(&mut vec![0; length]).expect("a body");
        let body = r#"{"choices": [{"text": "rfl", "finish_reason": "stop"}], "usage": {"prompt_tokens": 30, "completion_tokens": 2}}"#;
        write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len()).expect("an answer");
    });
    let generate =
        |prices: &str| prove(&["generate", "--prompt", "x", "--model", &server, "--model-name", "prover", "--json", "--prices", prices]);
    assert_eq!(generate("0.5").status.code(), Some(2), "two prices are needed");
    let took = lines(&generate("0.5,2")).pop().expect("the last line");
    serving.join().expect("it answered");
    assert!((took["usage"]["cost"].as_f64().expect("a number") - 19e-6).abs() < 1e-12, "{took}");
    assert!(took.get("engine").is_none(), "nothing ran here: {took}");
}

#[test]
fn a_published_prompt_is_made_of_a_theorem() {
    let model = tiny("llama-prove");
    let generate = |statement: &str| {
        prove(&["generate", "--format", "deepseek-v1.5", "--prompt", statement, "--model", &model, "--max-tokens", "3", "--json"])
    };
    let usage = lines(&generate("theorem t : 1 = 1 := by")).pop().expect("the last line")["usage"].clone();
    assert!(usage["prompt_tokens"].as_u64() > Some(25), "{usage}");
    let open = generate("theorem t : 1 = 1");
    assert!(open.status.code() == Some(2) && String::from_utf8_lossy(&open.stderr).contains(":= by"));
}

#[test]
fn doctor_tries_the_model_that_it_is_given() {
    let check = |arguments: &[&str]| {
        let output = prove(&[&["doctor", "--json"], arguments].concat());
        let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let checks = report["checks"].as_array().expect("checks").clone();
        let model = checks.into_iter().find(|check| check["name"] == "model").expect("it is there");
        (model, report["ok"].clone())
    };
    let tiny_model = tiny("qwen3-int8");
    assert_eq!(check(&["--model", &tiny_model]).0["status"], "ok");
    let (missing, ok) = check(&["--model", &tiny("no-such-model")]);
    assert_eq!((&missing["status"], ok), (&"failed".into(), false.into()));
    let (unnamed, _) = check(&["--model", "none"]);
    assert!(unnamed["status"] == "missing" && unnamed["required"] == false, "{unnamed}");
    assert!(unnamed["remedy"].as_str().is_some_and(|remedy| remedy.contains("--model")), "{unnamed}");
    // Where there is a GPU it may well work.
    let (cuda, _) = check(&["--model", &tiny_model, "--device", "cuda"]);
    assert!(cuda["status"] == "ok" || cuda["found"].as_str().is_some_and(|found| found.contains("CUDA")), "{cuda}");
}

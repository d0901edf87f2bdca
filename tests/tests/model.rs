//! The prover model on the command line: tiny models on the real ONNX Runtime.

use serde_json::Value;
use std::{
    path::Path,
    process::{Command, Output, Stdio},
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
    let usage = first.pop().expect("the last line")["usage"].clone();
    assert_eq!(first.len(), 4);
    let tokens: usize = first.iter().map(|sample| sample["tokens"].as_array().expect("tokens").len()).sum();
    assert_eq!(usage["completion_tokens"], tokens);
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
    let check = |model: &str| {
        let output = prove(&["doctor", "--json", "--model", model]);
        let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let checks = report["checks"].as_array().expect("checks").clone();
        let model = checks.into_iter().find(|check| check["name"] == "model").expect("it is there");
        (model["status"].clone(), report["ok"].clone())
    };
    assert_eq!(check(&tiny("qwen3-int8")).0, "ok");
    assert_eq!(check(&tiny("no-such-model")), ("failed".into(), false.into()));
}

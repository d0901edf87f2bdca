//! Greedy texts of a model with the log-probability of every token, as JSON: what two devices or two engines are compared by.
//!
//! ```text
//! cargo run --release -p prove-model --example greedy_logprobs -- MODEL [cpu|cuda] [new tokens]
//! ```
//!
//! Four fixed prompts of different lengths, each alone ("alone") and then all at once ("together"). The library of ONNX Runtime is
//! the one that `PROVE_ONNXRUNTIME` names. `scripts/gpu-check` compares the two devices with it.

#![allow(clippy::print_stdout, reason = "it is a program")]

use prove_model::{Completion, Device, Engine, EngineOptions, Generation, ModelError, Request, Sampling};
use serde_json::{Value, json};
use std::path::PathBuf;

const PROMPT_LENGTHS: [u32; 4] = [1, 9, 40, 200];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let folder = PathBuf::from(args.next().ok_or("usage: greedy_logprobs MODEL [cpu|cuda] [new tokens]")?);
    let device = match args.next().as_deref() {
        None | Some("cpu") => Device::Cpu,
        Some("cuda") => Device::Cuda { index: 0 },
        Some(other) => return Err(format!("{other} is not a device: cpu or cuda").into()),
    };
    let tokens = args.next().map_or(Ok(32), |text| text.parse())?;
    let engine = Engine::load(&folder, &EngineOptions { device, ..EngineOptions::default() })?;

    let start = |length| engine.try_generate(request(&engine, length, tokens));
    let alone = PROMPT_LENGTHS.into_iter().map(|length| start(length)?.blocking_complete()).collect::<Result<Vec<_>, ModelError>>()?;
    let together = PROMPT_LENGTHS.into_iter().map(start).collect::<Result<Vec<_>, _>>()?;
    let together = together.into_iter().map(Generation::blocking_complete).collect::<Result<Vec<_>, _>>()?;
    println!("{}", json!({ "alone": texts(&alone), "together": texts(&together) }));
    Ok(())
}

fn texts(completions: &[Completion]) -> Value {
    let samples = completions.iter().flat_map(|completion| &completion.samples);
    samples.map(|sample| sample.tokens.iter().map(|token| json!([token.id, token.logprob])).collect::<Value>()).collect()
}

/// A prompt that differs from the others from its first token on.
fn request(engine: &Engine, length: u32, tokens: u32) -> Request {
    let prompt: Vec<u32> = (0..length).map(|position| (37 * (position + length)) % 256).collect();
    let sampling = Sampling { temperature: 0.0, banned: engine.end_tokens().to_vec(), ..Sampling::default() };
    Request { sampling, max_tokens: Some(tokens), logprobs: true, ..Request::new(prompt) }
}

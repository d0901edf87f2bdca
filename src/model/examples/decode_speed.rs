//! Measures the engine on a model folder and prints the figures as JSON.
//!
//! ```text
//! cargo run --release -p prove-model --example decode_speed -- MODEL [threads] [new tokens] [prompt tokens]
//! ```
//!
//! The library of ONNX Runtime is the one that `PROVE_ONNXRUNTIME` names; with `PROVE_DEVICE=cuda` the model runs on the first GPU.
//! Prompts are random tokens, decoding is greedy and as a second figure at temperature 1 with top-p 0.95; the end of a text is
//! ignored. For each batch size: tokens drawn per second from the first token on, and what part of the time passed outside ONNX
//! Runtime's `run`. Then, for a prompt of 512 tokens: one sample of one token ("prefill"), 32 samples, and what 32 samples whose
//! prompt is known already take ("decode").

#![allow(clippy::print_stdout, reason = "it is a program")]

use prove_model::{Device, Engine, EngineOptions, ModelError, Request, Sampling};
use serde_json::json;
use std::{path::PathBuf, time::Instant};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let folder = PathBuf::from(args.next().ok_or("usage: decode_speed MODEL [threads] [new tokens] [prompt tokens]")?);
    let mut number = |default: usize| args.next().map_or(Ok(default), |text| text.parse());
    let (threads, new_tokens, prompt_tokens) = (number(1)?, number(128)?, number(32)?);
    let device = match std::env::var("PROVE_DEVICE").as_deref() {
        Ok("cuda") => Device::Cuda { index: 0 },
        _ => Device::Cpu,
    };
    let engine = Engine::load(&folder, &EngineOptions { device, threads: Some(threads), ..EngineOptions::default() })?;

    let mut batches = Vec::new();
    for temperature in [0.0, 1.0] {
        for batch in [1, 8, 32] {
            // Once for the memory, then the best of three.
            let mut runs = (0..4).map(|run| decode(&engine, batch, prompt_tokens, new_tokens, temperature, run as u64));
            runs.next().transpose()?;
            let runs = runs.collect::<Result<Vec<_>, _>>()?;
            let best = runs.iter().copied().max_by(|a, b| a.0.total_cmp(&b.0)).unwrap_or_default();
            batches.push(json!({ "batch": batch, "temperature": temperature, "tokens_per_second": best.0, "outside_run": best.1 }));
        }
    }
    let mut sharing = Vec::new();
    for seed in 0..3 {
        sharing.push(share(&engine, 512.min(engine.context() - new_tokens - 1), new_tokens, seed)?);
    }
    let out = json!({
        "model": folder.file_name().map(|name| name.to_string_lossy()), "threads": threads, "new_tokens": new_tokens,
        "prompt_tokens": prompt_tokens, "decode": batches, "samples_of_one_prompt": sharing, "stats": engine.stats(),
    });
    println!("{out:#}");
    Ok(())
}

/// Tokens per second of one request after its first token, and the part of that time outside `run`.
fn decode(engine: &Engine, batch: u32, prompt: usize, tokens: usize, temperature: f32, seed: u64) -> Result<(f64, f64), ModelError> {
    // The first request reads the prompt; the second finds it, so that nothing but steps is measured.
    complete(engine, request(engine, batch, prompt, 1, temperature, seed))?;
    let before = engine.stats();
    let start = Instant::now();
    complete(engine, request(engine, batch, prompt, tokens, temperature, seed))?;
    let (took, after) = (start.elapsed().as_secs_f64(), engine.stats());
    let (work, run) = (after.work_seconds - before.work_seconds, after.run_seconds - before.run_seconds);
    Ok((f64::from(batch) * tokens as f64 / took, 1.0 - run / work))
}

/// Seconds for a prompt read once, for 32 samples of it, and for 32 samples when it is known.
fn share(engine: &Engine, prompt: usize, tokens: usize, seed: u64) -> Result<serde_json::Value, ModelError> {
    let timed = |request: Request| {
        let start = Instant::now();
        complete(engine, request).map(|()| start.elapsed().as_secs_f64())
    };
    // Same length, other tokens: memory is there, and the prompt is not.
    timed(request(engine, 32, prompt, tokens, 1.0, 1000 + seed))?;
    let together = timed(request(engine, 32, prompt, tokens, 1.0, 2000 + seed))?;
    let prefill = timed(request(engine, 1, prompt, 1, 1.0, 3000 + seed))?;
    let decode = timed(request(engine, 32, prompt, tokens, 1.0, 3000 + seed))?;
    let ratio = together / (prefill + decode);
    Ok(json!({ "prompt_tokens": prompt, "prefill_seconds": prefill, "decode_seconds": decode, "seconds": together, "ratio": ratio }))
}

fn complete(engine: &Engine, request: Request) -> Result<(), ModelError> {
    engine.try_generate(request)?.blocking_complete().map(|_| ())
}

/// A prompt of random tokens, of which no sample ends early.
fn request(engine: &Engine, samples: u32, prompt: usize, tokens: usize, temperature: f32, seed: u64) -> Request {
    let tokenizer = engine.tokenizer();
    let ordinary: Vec<u32> =
        (0..tokenizer.size() as u32).filter(|&id| tokenizer.bytes(id).is_some() && !tokenizer.is_special(id)).collect();
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut draw = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ordinary[(state >> 33) as usize % ordinary.len()]
    };
    let prompt: Vec<u32> = (0..prompt.max(1)).map(|_| draw()).collect();
    let banned = engine.end_tokens().to_vec();
    let sampling = Sampling { temperature, top_p: if temperature > 0.0 { 0.95 } else { 1.0 }, seed, banned, ..Sampling::default() };
    Request { samples, sampling, max_tokens: Some(tokens as u32), ..Request::new(prompt) }
}

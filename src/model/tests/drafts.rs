//! A model that drafts the token after the next: faster where it is right, and otherwise as if it did not.

#![allow(missing_docs)]

mod common;

use common::{copied, folder, load, options};
use prove_model::{Completion, Engine, EngineOptions, Generation, ModelError, Request, Sample, Sampling};
use std::{collections::BTreeMap, fs};

const MODEL: &str = "llama-ahead";
const TEXT: &str = "theorem cantor {α : Type} (f : α → Set α) : ";

fn plain() -> EngineOptions {
    EngineOptions { drafts: false, ..options() }
}

fn run(engine: &Engine, request: Request) -> Completion {
    engine.try_generate(request).and_then(Generation::blocking_complete).expect("a completion")
}

/// Text, end and tokens of samples.
fn essence(completion: &Completion) -> Vec<(&str, String, Vec<Option<u32>>)> {
    let ids = |sample: &Sample| sample.tokens.iter().map(|token| token.id).collect();
    completion.samples.iter().map(|sample| (sample.text.as_str(), format!("{:?}", sample.finish), ids(sample))).collect()
}

fn requests() -> Vec<Request> {
    let request = |sampling: Sampling| Request { samples: 6, sampling, max_tokens: Some(60), ..Request::new(TEXT) };
    let seeded = |seed| Sampling { seed, ..Sampling::default() };
    vec![
        request(seeded(1)),
        request(Sampling { temperature: 0.0, ..seeded(2) }),
        request(Sampling { temperature: 0.7, top_p: 0.9, top_k: 40, min_p: 0.01, ..seeded(3) }),
        request(Sampling { banned: (0..200).collect(), ..seeded(4) }),
        Request { stop: vec!["\n".to_owned(), " t".to_owned()], ..request(seeded(5)) },
        Request { resume: "by\n  intr".to_owned(), logprobs: true, ..request(seeded(6)) },
        Request { max_tokens: None, samples: 2, ..request(seeded(7)) },
    ]
}

/// The same seed gives the same samples with drafts and without, alone and among others, and with little memory.
#[test]
fn drafts_change_no_sample() {
    let (drafting, without) = (load(MODEL, &options()), load(MODEL, &plain()));
    let wanted: Vec<Completion> = requests().into_iter().map(|request| run(&without, request)).collect();
    for (request, wanted) in requests().into_iter().zip(&wanted) {
        let completion = run(&drafting, request.clone());
        assert_eq!(essence(&completion), essence(wanted), "{request:?}");
        for (ours, theirs) in completion.samples.iter().zip(&wanted.samples) {
            let pairs = ours.tokens.iter().zip(&theirs.tokens).filter_map(|(a, b)| a.logprob.zip(b.logprob));
            assert!(pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max) < 1e-4);
        }
    }
    let (fast, slow) = (drafting.stats(), without.stats());
    assert_eq!(fast.tokens, slow.tokens);
    assert_eq!((slow.drafts, slow.accepted), (0, 0));
    assert!(fast.accepted * 10 > fast.drafts * 3, "{fast:?}");
    assert!(fast.steps * 10 < slow.steps * 9, "{} steps for {}", fast.steps, slow.steps);

    let position = 3 * 2 * 2 * 16 * 4;
    let short = EngineOptions { cache_bytes: Some(position * 600), prefill_chunk: 5, batch: 3, ..options() };
    for engine in [&drafting, &load(MODEL, &short)] {
        let running: Vec<_> = requests().into_iter().map(|request| engine.try_generate(request).expect("room")).collect();
        for (generation, wanted) in running.into_iter().zip(&wanted) {
            let completion = generation.blocking_complete().expect("a completion");
            if !completion.samples.iter().any(|sample| sample.finish == prove_model::FinishReason::ContextFull) {
                assert_eq!(essence(&completion), essence(wanted), "among others");
            }
        }
    }
}

/// Three tokens in a row fall as the model's log-probabilities say: Pearson's statistic stays below the 99.99 % quantile of its
/// distribution (Wilson and Hilferty's approximation). What hardly comes is counted together.
#[test]
fn samples_with_drafts_are_of_the_models_distribution() {
    const SAMPLES: f64 = 6000.0;
    let engine = load(MODEL, &options());
    let request = Request { samples: SAMPLES as u32, max_tokens: Some(3), logprobs: true, ..Request::new(TEXT) };
    let completion = run(&engine, request);
    let stats = engine.stats();
    assert!(stats.accepted > 1000 && stats.drafts - stats.accepted > 1000, "right and wrong drafts: {stats:?}");
    let mut counts = BTreeMap::new();
    for sample in &completion.samples {
        let tokens: Vec<u32> = sample.tokens.iter().filter_map(|token| token.id).collect();
        let expected = SAMPLES * sample.logprob().expect("log-probabilities").exp();
        counts.entry(tokens).or_insert((0.0, expected)).0 += 1.0;
    }
    let often: Vec<(f64, f64)> = counts.into_values().filter(|(_, expected)| *expected >= 10.0).collect();
    let (count, expected) = often.iter().fold((0.0, 0.0), |sum, pair| (sum.0 + pair.0, sum.1 + pair.1));
    let all = often.iter().copied().chain([(SAMPLES - count, SAMPLES - expected)]);
    let statistic: f64 = all.map(|(count, expected)| (count - expected).powi(2) / expected).sum();
    let freedom = often.len() as f64;
    let bound = freedom * (1.0 - 2.0 / (9.0 * freedom) + 3.719 * (2.0 / (9.0 * freedom)).sqrt()).powi(3);
    assert!(freedom > 20.0 && statistic < bound, "chi-square {statistic} over {freedom} and the rest, bound {bound}");
}

#[test]
fn a_model_without_its_second_graph_goes_on_without_drafts() {
    let model = copied(MODEL);
    fs::remove_file(model.path().join("ahead.onnx")).expect("a removal");
    let engine = Engine::load(model.path(), &options()).expect("a model");
    let request = requests().remove(0);
    assert_eq!(essence(&run(&engine, request.clone())), essence(&run(&load(MODEL, &options()), request)));
    assert_eq!(engine.stats().drafts, 0);
}

#[test]
fn a_second_graph_of_another_model_is_named() {
    let model = copied(MODEL);
    let ahead = model.path().join("ahead.onnx");
    fs::copy(folder("qwen3-int8").join("model.onnx"), &ahead).expect("a copy");
    let error = Engine::load(model.path(), &options()).err().expect("a refusal");
    assert!(matches!(&error, ModelError::File { path, .. } if *path == ahead), "{error}");
}

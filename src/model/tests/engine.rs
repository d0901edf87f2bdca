//! The engine on tiny random models of every family and layout, against PyTorch's figures.

#![allow(missing_docs)]

mod common;

use common::{MODELS, load, options, reference};
use prove_model::{Engine, EngineOptions, FinishReason, Generator, Request, Sample, Sampling};
use std::sync::Arc;

fn greedy(prompt: Vec<u32>, tokens: usize) -> Request {
    let sampling = Sampling { temperature: 0.0, ..Sampling::default() };
    Request { sampling, max_tokens: Some(tokens as u32), ..Request::new(prompt) }
}

fn ids(sample: &Sample) -> Vec<u32> {
    sample.tokens.iter().filter_map(|token| token.id).collect()
}

fn run(engine: &Engine, request: Request) -> Vec<Sample> {
    engine.try_generate(request).and_then(prove_model::Generation::blocking_complete).expect("a completion").samples
}

/// Greedy text is PyTorch's, one request at a time and all of them in a batch.
#[test]
fn greedy_text_is_that_of_pytorch_alone_and_in_a_batch() {
    for model in MODELS {
        let engine = load(model, &options());
        let reference = reference(model);
        let requests: Vec<_> = reference.prompts.iter().map(|prompt| greedy(prompt.tokens.clone(), prompt.greedy.len())).collect();
        for (request, prompt) in requests.iter().zip(&reference.prompts) {
            assert_eq!(ids(&run(&engine, request.clone())[0]), prompt.greedy, "{model}: {:?} alone", prompt.text);
        }
        let running: Vec<_> = requests.iter().map(|request| engine.try_generate(request.clone()).expect("room")).collect();
        for (generation, prompt) in running.into_iter().zip(&reference.prompts) {
            let completion = generation.blocking_complete().expect("a completion");
            assert_eq!(ids(&completion.samples[0]), prompt.greedy, "{model}: {:?} in a batch", prompt.text);
        }
    }
}

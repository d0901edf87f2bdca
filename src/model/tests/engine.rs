//! The engine on tiny random models of every family and layout, against PyTorch's figures.

#![allow(missing_docs)]

mod common;

use common::{MODELS, Reference, copied, folder, load, options, reference};
use prove_model::{
    Completion, Engine, EngineOptions, Event, FinishReason, Generation, Message, ModelError, Prompt, Request, Role, Sample, Sampling,
    text::ChatTemplate,
};
use std::{fs, sync::Arc};

const TEXT: &str = "theorem cantor {α : Type} (f : α → Set α) : ";

fn greedy(prompt: impl Into<Prompt>, tokens: u32) -> Request {
    let sampling = Sampling { temperature: 0.0, ..Sampling::default() };
    Request { sampling, max_tokens: Some(tokens), ..Request::new(prompt) }
}

fn sampled(prompt: impl Into<Prompt>, samples: u32, seed: u64, tokens: u32) -> Request {
    let sampling = Sampling { seed, top_p: 0.95, ..Sampling::default() };
    Request { samples, sampling, max_tokens: Some(tokens), ..Request::new(prompt) }
}

fn ids(sample: &Sample) -> Vec<u32> {
    sample.tokens.iter().filter_map(|token| token.id).collect()
}

fn run(engine: &Engine, request: Request) -> Completion {
    engine.try_generate(request).and_then(Generation::blocking_complete).expect("a completion")
}

/// What makes two samples the same.
fn essence(completion: &Completion) -> Vec<(Vec<u32>, String, FinishReason)> {
    completion.samples.iter().map(|sample| (ids(sample), sample.text.clone(), sample.finish.clone())).collect()
}

#[test]
fn greedy_text_is_that_of_pytorch_alone_and_in_a_batch() {
    for model in MODELS {
        let engine = load(model, &options());
        let reference = reference(model);
        if model.ends_with("-prove") || model.ends_with("-optimum") || model.ends_with("-genai") {
            assert!(reference.prompts.iter().all(|prompt| prompt.greedy.len() == 200), "{model}: 200 tokens of each text in fp32");
        }
        let requests: Vec<_> = reference.prompts.iter().map(|prompt| greedy(prompt.tokens.clone(), prompt.greedy.len() as u32)).collect();
        for (request, prompt) in requests.iter().zip(&reference.prompts) {
            assert_eq!(ids(&run(&engine, request.clone()).samples[0]), prompt.greedy, "{model}: {:?} alone", prompt.text);
        }
        let running: Vec<_> = requests.iter().map(|request| engine.try_generate(request.clone()).expect("room")).collect();
        for (generation, prompt) in running.into_iter().zip(&reference.prompts) {
            let completion = generation.blocking_complete().expect("a completion");
            assert_eq!(ids(&completion.samples[0]), prompt.greedy, "{model}: {:?} in a batch", prompt.text);
        }
    }
}

/// The same seed gives the same samples: alone, among others, with prefixes shared and not, and on a machine with less room.
#[test]
fn samples_depend_on_their_seed_and_on_nothing_else() {
    for model in ["llama-prove", "qwen2-genai", "llama-optimum"] {
        let engine = load(model, &options());
        let request = sampled(TEXT, 5, 3, 60);
        let alone = essence(&run(&engine, request.clone()));
        assert_ne!(alone[0], alone[1], "{model}: samples differ");
        assert_ne!(alone, essence(&run(&engine, sampled(TEXT, 5, 4, 60))), "{model}: seeds differ");

        let others: Vec<_> =
            (0..6).map(|seed| engine.try_generate(sampled("example : ", 3, seed, 30 + seed as u32)).expect("room")).collect();
        assert_eq!(alone, essence(&run(&engine, request.clone())), "{model}: among others");
        others.into_iter().for_each(|other| drop(other.blocking_complete().expect("a completion")));

        let plain = load(model, &EngineOptions { prefix_sharing: false, ..options() });
        assert_eq!(alone, essence(&run(&plain, request.clone())), "{model}: nothing shared");
        assert_eq!(plain.stats().shared_positions, 0);

        let narrow = load(model, &EngineOptions { batch: 2, prefill_chunk: 5, ..options() });
        assert_eq!(alone, essence(&run(&narrow, request)), "{model}: two at a time, prompts in pieces");
    }
}

/// First tokens of many samples, each with a stream of its own, fall as PyTorch's logits say: Pearson's statistic stays below the
/// 99.99 % quantile of its distribution (Wilson and Hilferty's approximation). Tokens that hardly come are counted together.
#[test]
fn frequencies_of_tokens_are_those_of_pytorch() {
    const SAMPLES: u32 = 6000;
    let engine = load("qwen3-prove", &options());
    let Reference { prompts, .. } = reference("qwen3-prove");
    let prompt = &prompts[2];
    let mut counts = vec![0.0; prompt.logits.len()];
    for sample in run(&engine, Request { samples: SAMPLES, max_tokens: Some(1), ..Request::new(prompt.tokens.clone()) }).samples {
        counts[ids(&sample)[0] as usize] += 1.0;
    }
    let sum: f64 = prompt.logits.iter().map(|&logit| f64::from(logit).exp()).sum();
    let expected = prompt.logits.iter().map(|&logit| f64::from(logit).exp() / sum * f64::from(SAMPLES));
    let (mut statistic, mut categories, mut rest) = (0.0, 0.0, (0.0, 0.0));
    let mut add = |count: f64, expected: f64| {
        statistic += (count - expected).powi(2) / expected;
        categories += 1.0;
    };
    for (&count, expected) in counts.iter().zip(expected) {
        if expected < 10.0 {
            rest = (rest.0 + count, rest.1 + expected);
        } else {
            add(count, expected);
        }
    }
    add(rest.0, rest.1);
    let freedom: f64 = categories - 1.0;
    let bound = freedom * (1.0 - 2.0 / (9.0 * freedom) + 3.719 * (2.0 / (9.0 * freedom)).sqrt()).powi(3);
    assert!(freedom > 5.0 && statistic < bound, "chi-square {statistic} over {categories} tokens, bound {bound}");
}

/// A conversation is what the model's template makes of it, and its answer may have begun.
#[test]
fn a_conversation_is_read_as_the_template_lays_it_out() {
    let engine = load("llama-prove", &options());
    let messages = vec![Message { role: Role::User, content: "Prove ∀ n : ℕ, n ≤ n.".to_owned() }];
    let template = ChatTemplate::load(&folder("llama-prove")).expect("readable").expect("a template");
    let laid_out = template.render(&messages, &serde_json::Map::new()).expect("renders");
    for resume in ["", "by\n  intro"] {
        let chat = run(&engine, Request { resume: resume.to_owned(), ..greedy(messages.clone(), 20) });
        let text = run(&engine, Request { resume: resume.to_owned(), ..greedy(laid_out.as_str(), 20) });
        assert_eq!((essence(&chat), chat.usage.prompt_tokens), (essence(&text), text.usage.prompt_tokens), "{resume:?}");
    }
}

/// What ends a text stands in generation_config.json, one token or several, else in config.json.
#[test]
fn every_token_that_ends_a_text_does() {
    let model = copied("llama-prove");
    let generation = model.path().join("generation_config.json");
    fs::write(&generation, r#"{"eos_token_id": [7, 9], "temperature": 0.6}"#).expect("writes");
    let engine = Engine::load(model.path(), &options()).expect("a model");
    assert_eq!(engine.end_tokens(), [7, 9]);
    let banned: Vec<u32> = (0..engine.tokenizer().size() as u32).filter(|&id| id != 9).collect();
    let request = Request { sampling: Sampling { banned, ..Sampling::default() }, ..Request::new(TEXT) };
    assert_eq!(run(&engine, request).samples[0].finish, FinishReason::EndOfText);
    fs::remove_file(&generation).expect("a removal");
    let engine = Engine::load(model.path(), &options()).expect("a model");
    assert_eq!(engine.end_tokens(), load("llama-prove", &options()).end_tokens());
}

/// Samples of one prompt read it once; a request that extends another one's text reads only what is new.
#[test]
fn prefixes_are_shared_and_counted() {
    let engine = load("llama-prove", &options());
    let prompt = reference("llama-prove").prompts[3].tokens.clone();
    let positions = prompt.len() as u64 - 1;
    let first = run(&engine, sampled(prompt.clone(), 8, 0, 20));
    let stats = engine.stats();
    assert_eq!((stats.prompt_positions, stats.shared_positions), (8 * positions, 7 * positions));
    assert_eq!((first.usage.prompt_tokens, first.usage.cached_tokens, first.usage.completion_tokens), (positions + 1, 0, 160));
    // A node of a search: the prompt, some of a sample, and something else.
    let node = [prompt.as_slice(), &ids(&first.samples[2])[..12], &[5, 6, 7]].concat();
    let second = run(&engine, sampled(node, 1, 0, 5));
    assert_eq!(second.usage.cached_tokens, positions + 1 + 12);
    assert!(engine.stats().hit_rate > 0.8);
}

#[test]
fn text_ends_before_a_stop_string_across_tokens() {
    let engine = load("llama-prove", &options());
    let free = run(&engine, greedy(TEXT, 60)).samples.remove(0);
    assert_eq!(free.finish, FinishReason::MaxTokens);
    let chars: Vec<(usize, char)> = free.text.char_indices().collect();
    // Every stretch of three characters of the text, wherever its tokens begin.
    for window in chars.windows(4).step_by(5) {
        let stop = free.text[window[0].0..window[3].0].to_owned();
        let request = Request { stop: vec!["never\u{0}".to_owned(), stop.clone()], ..greedy(TEXT, 60) };
        let mut generation = engine.try_generate(request).expect("room");
        let (mut streamed, mut sample) = (String::new(), None);
        while let Some(event) = generation.blocking_next() {
            match event.expect("an event") {
                Event::Text { text, .. } => streamed += &text,
                Event::Sample(finished) => sample = Some(finished),
                Event::Done(_) => {}
            }
        }
        let sample = sample.expect("a sample");
        let expected = &free.text[..free.text.find(&stop).expect("it is there")];
        assert_eq!((sample.text.as_str(), &sample.finish), (expected, &FinishReason::StopString(stop)));
        assert_eq!(streamed, sample.text, "what was streamed is the text");
    }
}

/// A text that ends inside a token goes on as if it did not: the tokens drawn spell the cut word again and then go on freely.
#[test]
fn a_resumed_text_may_end_inside_a_token() {
    let engine = load("llama-prove", &options());
    let tokenizer = engine.tokenizer();
    let whole = "by\n  intro h\n  exact";
    for cut in 1..whole.len() {
        let request = Request { resume: whole[..cut].to_owned(), ..greedy(TEXT, 12) };
        let sample = run(&engine, request).samples.remove(0);
        // Some tokens of the end of the resumed text are drawn again; what follows them is the sample's text.
        let spelled: Vec<u8> = ids(&sample)
            .iter()
            .filter(|&&id| !tokenizer.is_special(id))
            .flat_map(|&id| tokenizer.bytes(id).expect("bytes").to_vec())
            .collect();
        let spelled = String::from_utf8_lossy(&spelled).into_owned();
        let again = spelled
            .strip_suffix(sample.text.trim_end_matches('\u{FFFD}'))
            .unwrap_or_else(|| spelled.strip_suffix(&sample.text).expect("its own text"));
        assert!(format!("{TEXT}{}", &whole[..cut]).ends_with(again), "cut at {cut}: {again:?} was drawn again");
    }
}

#[test]
fn banned_tokens_do_not_come_and_log_probabilities_do() {
    let engine = load("qwen3-prove", &options());
    let mut request = greedy(TEXT, 30);
    request.logprobs = true;
    let sample = run(&engine, request.clone()).samples.remove(0);
    assert!(sample.logprob().is_some_and(|sum| sum < 0.0));
    let unwanted = ids(&sample)[3];
    request.sampling.banned = vec![unwanted];
    request.logprobs = false;
    let other = run(&engine, request).samples.remove(0);
    assert_eq!(ids(&other)[..3], ids(&sample)[..3]);
    assert!(!ids(&other).contains(&unwanted));
    assert_eq!(other.logprob(), None);
}

#[test]
fn an_end_of_sequence_token_ends_a_sample() {
    let engine = load("llama-prove", &options());
    let end = engine.end_tokens()[0];
    // All but the end is banned from the second token on: only the draw itself can tell the two apart.
    let banned: Vec<u32> = (0..engine.tokenizer().size() as u32).filter(|&id| id != end).collect();
    let request = Request { sampling: Sampling { banned, ..Sampling::default() }, ..Request::new(TEXT) };
    let sample = run(&engine, request).samples.remove(0);
    assert_eq!((sample.text.as_str(), ids(&sample), sample.finish), ("", vec![end], FinishReason::EndOfText));
}

/// A request that is dropped leaves at once, in the batch or before, and the place in the queue is free again.
#[test]
fn a_dropped_request_is_cancelled() {
    let engine = load("llama-prove", &EngineOptions { batch: 2, queue: 3, ..options() });
    let long = || sampled(TEXT, 40, 1, 400);
    for _ in 0..4 {
        let mut running = engine.try_generate(long()).expect("room");
        let waiting = engine.try_generate(long()).expect("room");
        assert!(running.blocking_next().expect("an event").is_ok());
        drop(running);
        drop(waiting);
        // Were they still there, this one would have to wait for 80 long samples.
        let short = loop {
            match engine.try_generate(greedy(TEXT, 5)) {
                Err(ModelError::Busy) => std::thread::yield_now(),
                other => break other.expect("room"),
            }
        };
        assert_eq!(short.blocking_complete().expect("a completion").samples.len(), 1);
    }
    assert!(engine.stats().tokens < 4 * 80 * 400 / 10, "cancelled samples went on");
}

#[test]
fn a_full_queue_makes_who_comes_wait() {
    let engine = Arc::new(load("llama-prove", &EngineOptions { queue: 2, ..options() }));
    let held: Vec<_> = (0..2).map(|seed| engine.try_generate(sampled(TEXT, 1, seed, 300)).expect("room")).collect();
    assert!(matches!(engine.try_generate(greedy(TEXT, 1)), Err(ModelError::Busy)));
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let later = runtime.block_on(async {
        let waiting = prove_model::Generator::generate(&*engine, greedy(TEXT, 3)).await.expect("a place");
        waiting.complete().await.expect("a completion")
    });
    assert_eq!(later.samples[0].tokens.len(), 3);
    drop(held);
}

/// A request for many samples does not keep others out.
#[test]
fn a_small_request_overtakes_the_waiting_samples_of_a_large_one() {
    let engine = load("llama-prove", &EngineOptions { batch: 4, ..options() });
    let large = engine.try_generate(sampled(TEXT, 60, 0, 40)).expect("room");
    run(&engine, greedy("example", 5));
    let after = engine.stats();
    assert!(after.tokens < 60 * 40 / 2, "the small request waited for {} tokens", after.tokens);
    assert_eq!(large.blocking_complete().expect("a completion").samples.len(), 60);
}

/// With little memory samples take turns; with less than one needs they are refused; neither changes any text.
#[test]
fn the_cache_budget_is_kept() {
    for model in ["llama-prove", "qwen2-genai", "llama-optimum"] {
        let request = sampled(TEXT, 6, 9, 100);
        let roomy = load(model, &options());
        let expected = essence(&run(&roomy, request.clone()));
        let one_sample = {
            let error =
                load(model, &EngineOptions { cache_bytes: Some(1), ..options() }).try_generate(request.clone()).expect_err("no room");
            let ModelError::OverBudget { needed, budget: 1 } = error else { panic!("{model}: {error}") };
            needed
        };
        let budget = one_sample * 2 + one_sample / 2;
        let tight = load(model, &EngineOptions { cache_bytes: Some(budget), ..options() });
        assert_eq!(expected, essence(&run(&tight, request.clone())), "{model}");
        let stats = tight.stats();
        assert!(stats.batch_bytes + stats.prefix_bytes <= budget, "{model}: {stats:?} over {budget}");
        assert!(stats.preemptions > 0, "{model}: {stats:?}");
        assert!(
            tight
                .try_generate(Request { max_tokens: Some(10_000), ..Request::new(TEXT) })
                .is_err_and(|error| matches!(error, ModelError::OverBudget { .. }))
        );
        // Without a wish, a sample may be as long as memory allows.
        let unlimited = Request { max_tokens: None, ..sampled(TEXT, 1, 9, 1) };
        let sample =
            run(&tight, Request { sampling: Sampling { banned: tight.end_tokens().to_vec(), ..unlimited.sampling.clone() }, ..unlimited })
                .samples
                .remove(0);
        assert_eq!(sample.finish, FinishReason::ContextFull, "{model}");
    }
}

/// A short sample that would not fit beside long ones waits, and is not read again and again to be sent away.
#[test]
fn a_sample_without_room_waits_until_there_is_some() {
    for model in ["llama-prove", "qwen2-genai", "llama-optimum"] {
        let per_token = {
            let error =
                load(model, &EngineOptions { cache_bytes: Some(1), ..options() }).try_generate(greedy(vec![7], 99)).expect_err("no room");
            let ModelError::OverBudget { needed, .. } = error else { panic!("{model}: {error}") };
            needed / 100
        };
        // Two rows of 200 positions and half a one.
        let tight = load(model, &EngineOptions { cache_bytes: Some(per_token * 500), prefix_sharing: false, ..options() });
        let ban = |request: Request| Request {
            sampling: Sampling { banned: tight.end_tokens().to_vec(), ..request.sampling.clone() },
            ..request
        };
        let long: Vec<_> = (0..2).map(|token| tight.try_generate(ban(greedy(vec![token; 150], 50))).expect("a place")).collect();
        let short = tight.try_generate(ban(greedy(vec![9; 20], 30))).expect("a place");
        long.into_iter().chain([short]).for_each(|request| drop(request.blocking_complete().expect("a completion")));
        let stats = tight.stats();
        assert!(stats.preemptions <= 2 && stats.prompt_positions <= 3 * 320, "{model}: {stats:?}");
    }
}

#[test]
fn the_context_is_the_limit() {
    let engine = load("qwen2-genai", &options());
    let context = engine.context();
    let ban =
        |request: Request| Request { sampling: Sampling { banned: engine.end_tokens().to_vec(), ..request.sampling.clone() }, ..request };
    let almost = run(&engine, ban(Request::new(vec![7; context - 3]))).samples.remove(0);
    assert_eq!((almost.tokens.len(), almost.finish), (3, FinishReason::ContextFull));
    let error = engine.try_generate(Request::new(vec![7; context])).expect_err("too long");
    assert!(matches!(error, ModelError::PromptTooLong { tokens, context: limit } if tokens == context && limit == context));
}

#[test]
fn dropping_the_engine_ends_what_is_under_way() {
    let engine = load("llama-prove", &options());
    let running = engine.try_generate(sampled(TEXT, 50, 0, 400)).expect("room");
    drop(engine);
    assert!(matches!(running.blocking_complete(), Err(ModelError::Stopped)));
}

//! The client of OpenAI-compatible servers, over real sockets: against a server that misbehaves on demand, and against llama.cpp's.

mod llama_cpp;
mod server;

use prove_model::{
    Completion, Event, FinishReason, Generator, Message, ModelError, Prompt, Request, Role,
    remote::{Prices, Remote, RemoteFault, RemoteOptions},
};
use serde_json::{Value, json};
use server::{Answer, Server};
use std::{sync::atomic::Ordering, time::Duration};

/// Options with short pauses.
fn options(server: &str) -> RemoteOptions {
    RemoteOptions { model: Some("tiny".to_owned()), first_pause: Duration::from_millis(1), ..RemoteOptions::new(server) }
}

async fn complete(options: RemoteOptions, request: Request) -> Result<Completion, ModelError> {
    Remote::connect(options).await?.generate(request).await?.complete().await
}

fn fault(result: Result<Completion, ModelError>) -> (RemoteFault, String) {
    let error = result.expect_err("a fault");
    let text = error.to_string();
    match error {
        ModelError::Remote { fault, .. } => (fault, text),
        other => panic!("{other:?}"),
    }
}

fn choice(text: &str) -> Value {
    json!({"text": text, "index": 0, "finish_reason": "stop", "stop_reason": null, "logprobs": null})
}

/// An answer with as many choices as were asked for.
fn good(body: &Value) -> Value {
    let choices: Vec<_> = (0..body["n"].as_u64().expect("n")).map(|i| choice(&format!("omega{i}"))).collect();
    json!({"choices": choices, "usage": {"prompt_tokens": 10, "completion_tokens": 5, "prompt_tokens_details": {"cached_tokens": 4}}})
}

#[tokio::test]
async fn what_is_asked_is_what_the_protocol_says() {
    let server = Server::start(|asked, _| Answer::json(&good(&asked.body))).await;
    let mut request = Request { samples: 2, resume: "  nlina".into(), stop: vec!["```".into()], ..Request::new("theorem ℕ\n") };
    request.max_tokens = Some(7);
    request.sampling.seed = 5;
    let mut options = options(&server.url());
    options.prices = Prices { prompt: 1.0, completion: 2.0 };
    let remote = Remote::connect(options).await.expect("no call is needed");
    let completion = remote.generate(request.clone()).await.expect("starts").complete().await.expect("answers");
    assert_eq!(completion.samples.iter().map(|sample| &*sample.text).collect::<Vec<_>>(), ["omega0", "omega1"]);
    assert_eq!(completion.samples[0].finish, FinishReason::EndOfText);
    let usage = completion.usage;
    assert_eq!((usage.prompt_tokens, usage.cached_tokens, usage.completion_tokens), (10, 4, 5));
    assert!((usage.cost - 20e-6).abs() < 1e-12);
    assert_eq!(remote.spent(), usage);

    let asked = &server.asked()[0];
    assert!(asked.head.starts_with("POST /v1/completions HTTP/1.1"), "{}", asked.head);
    assert!(!asked.head.to_lowercase().contains("authorization"));
    let expected = json!({"model": "tiny", "n": 2, "max_tokens": 7, "temperature": 1.0, "top_p": 1.0, "seed": 5, "stream": false,
        "prompt": "theorem ℕ\n  nlina", "stop": ["```"]});
    assert_eq!(asked.body, expected, "nothing that is at its default");

    request.sampling.top_k = 40;
    request.sampling.min_p = 0.5;
    request.sampling.banned = vec![3];
    request.sampling.seed = u64::MAX;
    request.logprobs = true;
    request.prompt = Prompt::Chat(vec![Message { role: Role::User, content: "Prove.".into() }]);
    let mut options = self::options(&format!("{}/api/", server.url()));
    options.extra = serde_json::from_value(json!({"repetition_penalty": 1.1, "temperature": 0.25})).expect("an object");
    complete(options, request).await.expect("answers");
    let asked = &server.asked()[1];
    assert!(asked.head.starts_with("POST /api/chat/completions HTTP/1.1"), "{}", asked.head);
    for (field, value) in [("top_k", json!(40)), ("min_p", json!(0.5)), ("logit_bias", json!({"3": -100})), ("logprobs", json!(true))] {
        assert_eq!(asked.body[field], value, "{field}");
    }
    assert_eq!((&asked.body["repetition_penalty"], &asked.body["temperature"]), (&json!(1.1), &json!(0.25)), "the user's fields win");
    assert!(asked.body["seed"].as_u64().is_some_and(|seed| seed < 1 << 31), "servers take 31 bits");
}

#[tokio::test]
async fn faults_that_pass_are_tried_again() {
    let bodies: Vec<fn() -> Answer> = vec![
        || Answer::Http(500, "", "{\"error\": {\"message\": \"boom\"}}".into()),
        || Answer::Http(429, "retry-after: 0\r\n", String::new()),
        || Answer::Http(503, "retry-after: soon\r\n", "<html>busy</html>".into()),
        || Answer::Http(200, "", "{\"choices\": [{\"tex".into()),
        || Answer::Http(200, "", "<html>hello</html>".into()),
        || Answer::Bytes(b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{\"choices\":".to_vec()),
        || Answer::Bytes(Vec::new()),
        || Answer::Bytes(b"SSH-2.0-OpenSSH_9.2\r\n".to_vec()),
        || Answer::json(&json!({"choices": []})),
        || Answer::json(&json!({"choices": [{"index": 0, "finish_reason": "stop"}]})),
        || Answer::json(&json!({"choices": "none"})),
        || Answer::json(&json!({"object": "error"})),
        || Answer::json(&json!([])),
        || Answer::json(&json!({"choices": [{"text": "x", "finish_reason": "abort"}]})),
    ];
    for (number, bad) in bodies.into_iter().enumerate() {
        let server = Server::start(move |asked, call| if call < 2 { bad() } else { Answer::json(&good(&asked.body)) }).await;
        let completion = complete(options(&server.url()), Request::new("x")).await;
        let completion = completion.unwrap_or_else(|error| panic!("fault {number}: {error}"));
        assert_eq!((completion.samples[0].text.as_str(), server.asked().len()), ("omega0", 3), "fault {number}");

        let server = Server::start(move |_, _| bad()).await;
        let options = RemoteOptions { attempts: 2, ..options(&server.url()) };
        let (fault, text) = fault(complete(options, Request::new("x")).await);
        assert_eq!(server.asked().len(), 2, "fault {number}: {fault:?}");
        assert!(text.starts_with(&server.url()), "{text}");
    }
}

#[tokio::test]
async fn faults_that_stay_are_reported_at_once() {
    let cases: [(u16, &str, &str); 5] = [
        (400, "{\"error\": {\"message\": \"900 tokens exceed the context\"}}", "900 tokens exceed"),
        (401, "{\"error\": {\"message\": \"no key\"}}", "name the environment variable"),
        (404, "{\"detail\": \"Not Found\"}", "check the address"),
        (413, "too large", "too large"),
        (422, "{\"message\": \"bad field\"}", "bad field"),
    ];
    for (status, body, part) in cases {
        let server = Server::start(move |_, _| Answer::Http(status, "", body.into())).await;
        let (fault, text) = fault(complete(options(&server.url()), Request::new("x")).await);
        assert!(text.contains(part), "{status}: {text}");
        assert_eq!(server.asked().len(), 1, "{fault:?}");
    }
    let server = Server::start(|_, _| Answer::Http(429, "retry-after: 86400\r\n", String::new())).await;
    let (fault, _) = fault(complete(options(&server.url()), Request::new("x")).await);
    assert_eq!((fault, server.asked().len()), (RemoteFault::Busy(86400), 1));
}

#[tokio::test]
async fn nobody_there_and_no_address() {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let nobody = format!("http://{}", listener.local_addr().expect("bound"));
    drop(listener);
    let (fault, text) = fault(complete(RemoteOptions { attempts: 2, ..options(&nobody) }, Request::new("x")).await);
    assert!(matches!(fault, RemoteFault::Unreachable(_)) && text.contains("refused"), "{text}");
    for address in ["", "localhost:8000", "ftp://localhost", "http://"] {
        let error = Remote::connect(options(address)).await.err().expect("no address");
        assert!(matches!(error, ModelError::Remote { fault: RemoteFault::Address(_), .. }), "{address}: {error}");
    }
}

#[tokio::test]
async fn silence_and_slow_drips_end_at_the_time_limit() {
    let silent = Server::start(|_, _| Answer::Silence).await;
    let dripping = Server::start(|_, _| Answer::Drip(b"HTTP/1.1 200 OK\r\ncontent-length: 99999\r\n\r\n")).await;
    for server in [silent, dripping] {
        let options = RemoteOptions { timeout: Duration::from_millis(200), ..options(&server.url()) };
        let (fault, text) = fault(complete(options, Request::new("x")).await);
        assert!(matches!(fault, RemoteFault::TimedOut(_)), "{text}");
        assert_eq!(server.asked().len(), 1, "what took too long is not tried again");
    }
}

#[tokio::test]
async fn dropping_a_generation_closes_the_connection() {
    let server = Server::start(|_, _| Answer::Silence).await;
    let remote = Remote::connect(options(&server.url())).await.expect("connects");
    let generation = remote.generate(Request::new("x")).await.expect("starts");
    while server.asked().is_empty() {
        tokio::task::yield_now().await;
    }
    drop(generation);
    while server.hung_up.load(Ordering::SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_server_that_gives_fewer_choices_is_asked_for_the_rest() {
    let server = Server::start(|_, call| Answer::json(&json!({"choices": [choice(&format!("call {call}"))]}))).await;
    let remote = Remote::connect(options(&server.url())).await.expect("connects");
    let request = Request { samples: 5, ..Request::new("x") };
    let completion = remote.generate(request.clone()).await.expect("starts").complete().await.expect("answers");
    assert_eq!(completion.samples.iter().map(|sample| sample.index).collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
    let asked = server.asked();
    assert_eq!(asked.iter().map(|asked| asked.body["n"].as_u64()).collect::<Vec<_>>(), [Some(5), Some(1), Some(1), Some(1), Some(1)]);
    let seeds: std::collections::BTreeSet<_> = asked.iter().map(|asked| asked.body["seed"].as_u64()).collect();
    assert_eq!(seeds.len(), 5, "each call has a seed of its own");
    remote.generate(request).await.expect("starts").complete().await.expect("answers");
    assert!(server.asked()[5..].iter().all(|asked| asked.body["n"] == 1), "it is remembered");
}

#[tokio::test]
async fn a_server_that_refuses_several_choices_is_asked_for_one_at_a_time() {
    let server = Server::start(|asked, _| match asked.body["n"].as_u64() {
        Some(1) => Answer::json(&good(&asked.body)),
        _ => Answer::Http(400, "", "{\"error\": {\"message\": \"n must be 1\"}}".into()),
    })
    .await;
    let completion = complete(options(&server.url()), Request { samples: 3, ..Request::new("x") }).await.expect("answers");
    assert_eq!((completion.samples.len(), server.asked().len()), (3, 4));
}

#[tokio::test]
async fn no_more_calls_than_allowed_are_under_way() {
    let server = Server::start(|_, call| if call == 0 { Answer::Silence } else { Answer::json(&json!({"choices": [choice("b")]})) }).await;
    let remote = Remote::connect(RemoteOptions { concurrency: 1, ..options(&server.url()) }).await.expect("connects");
    let first = remote.generate(Request::new("a")).await.expect("starts");
    let second = remote.generate(Request::new("b"));
    tokio::pin!(second);
    while server.asked().is_empty() {
        assert!(is_pending(second.as_mut()).await, "there is no room");
    }
    drop(first);
    let completion = second.await.expect("starts").complete().await.expect("answers");
    assert_eq!(completion.samples[0].text, "b");
}

/// Polls once.
async fn is_pending(mut future: std::pin::Pin<&mut impl Future>) -> bool {
    tokio::task::yield_now().await;
    std::future::poll_fn(|context| std::task::Poll::Ready(future.as_mut().poll(context).is_pending())).await
}

#[tokio::test]
async fn servers_differences_are_ironed_out() {
    let read = async |answer: Value, request: Request| {
        let server = Server::start(move |_, _| Answer::json(&answer)).await;
        let mut completion = complete(options(&server.url()), request).await.expect("answers");
        (completion.samples.remove(0), completion.usage)
    };
    let stop = Request { stop: vec!["```".into(), "\n\n".into()], logprobs: true, ..Request::new("x") };
    let chat = Request { prompt: Prompt::Chat(Vec::new()), ..stop.clone() };

    // vLLM tells the stop string, SGLang under another name; the old shape of log-probabilities has no ids.
    let vllm = json!({"text": "rfl", "finish_reason": "stop", "stop_reason": "```",
        "logprobs": {"tokens": ["r", "fl"], "token_logprobs": [-0.5, -1.5], "text_offset": [0, 1]}});
    let (sample, usage) = read(json!({"choices": [vllm]}), stop.clone()).await;
    assert_eq!((sample.finish.clone(), sample.logprob(), usage.completion_tokens), (FinishReason::StopString("```".into()), Some(-2.0), 2));
    let sglang = json!({"text": "rfl", "finish_reason": "stop", "matched_stop": 151645});
    assert_eq!(read(json!({"choices": [sglang]}), stop.clone()).await.0.finish, FinishReason::EndOfText);

    // llama.cpp does not tell; it gives a chat's log-probabilities with ids.
    let llama = json!({"text": "rfl", "finish_reason": "stop", "logprobs": {"content": [{"id": 7, "token": "rfl", "logprob": -0.25}]}});
    let (sample, _) = read(json!({"choices": [llama.clone()]}), stop.clone()).await;
    assert_eq!((sample.finish, sample.tokens[0].id), (FinishReason::EndOfTextOrStop, Some(7)));
    assert_eq!(read(json!({"choices": [llama]}), Request::new("x")).await.0.finish, FinishReason::EndOfText);

    // A stop string that a server let pass.
    let late = json!({"text": "a\n\nb```", "finish_reason": "length"});
    let (sample, _) = read(json!({"choices": [late]}), stop.clone()).await;
    assert_eq!((sample.text.as_str(), sample.finish), ("a", FinishReason::StopString("\n\n".into())));

    // Thoughts that a server cut off belong to what the model wrote.
    let thinker = json!({"message": {"role": "assistant", "content": "rfl", "reasoning_content": "easy"}, "finish_reason": "length"});
    let (sample, _) = read(json!({"choices": [thinker.clone()]}), Request { stop: Vec::new(), max_tokens: Some(9), ..chat.clone() }).await;
    assert_eq!((sample.text.as_str(), sample.finish), ("<think>\neasy\n</think>\n\nrfl", FinishReason::MaxTokens));
    let empty = json!({"message": {"role": "assistant", "content": null}, "finish_reason": "length"});
    assert_eq!(read(json!({"choices": [empty]}), chat.clone()).await.0.text, "");
}

#[tokio::test]
async fn an_assistants_message_is_continued() {
    let messages = vec![Message { role: Role::User, content: "Prove.".into() }];
    let request = Request { prompt: Prompt::Chat(messages), resume: "by\n  ".into(), ..Request::new("") };
    let reply = |text: &str| json!({"message": {"role": "assistant", "content": text}, "finish_reason": "stop"});
    let (vllm, llama) = (json!({"choices": [reply("by\n  simp")]}), json!({"choices": [reply("by\n  simp")], "timings": {}}));
    let server = Server::start(move |_, call| Answer::json(if call == 0 { &vllm } else { &llama })).await;
    let remote = Remote::connect(options(&server.url())).await.expect("connects");
    for expected in ["by\n  simp", "simp"] {
        let completion = remote.generate(request.clone()).await.expect("starts").complete().await.expect("answers");
        assert_eq!(completion.samples[0].text, expected, "only llama.cpp repeats what the message began with");
    }
    let body = &server.asked()[0].body;
    assert_eq!(body["messages"], json!([{"role": "user", "content": "Prove."}, {"role": "assistant", "content": "by\n  "}]));
    assert_eq!((&body["continue_final_message"], &body["add_generation_prompt"]), (&json!(true), &json!(false)));

    let tokens = Request { prompt: Prompt::Tokens(vec![1]), resume: "by".into(), ..Request::new("") };
    let error = remote.generate(tokens).await.expect_err("cannot be joined");
    assert!(matches!(error, ModelError::Request { field: "resume", .. }), "{error}");
}

#[tokio::test]
async fn the_model_is_the_only_one_there() {
    let models = |names: &'static [&str]| json!({"data": names.iter().map(|name| json!({"id": name})).collect::<Vec<_>>()});
    let one = Server::start(move |_, _| Answer::json(&models(&["prover"]))).await;
    let remote = Remote::connect(RemoteOptions { model: None, ..options(&one.url()) }).await.expect("there is one");
    assert_eq!(remote.name(), "prover");
    assert!(one.asked()[0].head.starts_with("GET /v1/models"));
    let two = Server::start(move |_, _| Answer::json(&models(&["prover", "other"]))).await;
    let error = Remote::connect(RemoteOptions { model: None, ..options(&two.url()) }).await.err().expect("two").to_string();
    assert!(error.contains("prover") && error.contains("other") && error.contains("name one"), "{error}");
}

#[tokio::test]
async fn the_key_goes_to_the_server_and_nowhere_else() {
    // Any variable that is set will do; a test must not change the environment of its process.
    let (variable, key) = ("CARGO_PKG_NAME", env!("CARGO_PKG_NAME"));
    let server = Server::start(move |_, _| Answer::Http(401, "", format!("{{\"error\": {{\"message\": \"Bad key {key}.\"}}}}"))).await;
    let options = RemoteOptions { key_variable: Some(variable.into()), ..options(&server.url()) };
    let (fault, text) = fault(complete(options.clone(), Request::new("x")).await);
    assert!(server.asked()[0].head.contains(&format!("Bearer {key}")));
    assert!(!text.contains(key) && !format!("{fault:?}").contains(key) && text.contains("Bad key …."), "{text}");
    assert!(text.contains(variable), "{text}");
    let none = RemoteOptions { key_variable: Some("PROVE_TEST_NO_SUCH_KEY".into()), ..options };
    let error = Remote::connect(none).await.err().expect("not set").to_string();
    assert!(error.contains("PROVE_TEST_NO_SUCH_KEY"), "{error}");
}

#[tokio::test]
async fn events_come_in_order() {
    let server = Server::start(|asked, _| Answer::json(&good(&asked.body))).await;
    let remote = Remote::connect(options(&server.url())).await.expect("connects");
    let mut generation = remote.generate(Request::new("x")).await.expect("starts");
    let mut kinds = Vec::new();
    while let Some(event) = generation.next().await {
        kinds.push(match event.expect("no fault") {
            Event::Text { text, .. } => text,
            Event::Sample(sample) => format!("sample {}", sample.index),
            Event::Done(_) => "done".to_owned(),
        });
    }
    assert_eq!(kinds, ["omega0", "sample 0", "done"]);
}

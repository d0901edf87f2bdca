//! The client against a real server: llama.cpp's, on a tiny random model. `llama_cpp.sh` beside this file installs it.

use super::{complete, fault};
use prove_model::{
    FinishReason, Generator, Message, Prompt, Request, Role,
    remote::{Remote, RemoteFault, RemoteOptions},
};
use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

/// A running server. It ends when its standard input does.
struct LlamaCpp {
    process: Child,
    address: String,
    _folder: tempfile::TempDir,
}

impl LlamaCpp {
    fn start() -> Option<Self> {
        let Some(python) = std::env::var_os("PROVE_TEST_LLAMA_CPP") else {
            let script = Path::new(file!()).with_extension("sh");
            #[expect(clippy::print_stderr, reason = "says why nothing was tested")]
            {
                eprintln!("skipped: PROVE_TEST_LLAMA_CPP names no Python with llama.cpp's server; {} installs one", script.display());
            }
            return None;
        };
        let folder = tempfile::tempdir().expect("a folder");
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/remote/llama_cpp.py");
        let mut process = Command::new(python)
            .args([script.as_path(), folder.path()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Python starts");
        let mut address = String::new();
        BufReader::new(process.stdout.take().expect("piped")).read_line(&mut address).expect("the server starts");
        Some(LlamaCpp { process, address: address.trim().to_owned(), _folder: folder })
    }
}

impl Drop for LlamaCpp {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[tokio::test]
async fn llama_cpp_answers() {
    let Some(server) = LlamaCpp::start() else { return };
    let options = RemoteOptions::new(&server.address);
    let remote = Remote::connect(options.clone()).await.expect("it has one model");
    assert!(remote.name().ends_with("tiny.gguf"), "{}", remote.name());

    // More samples than its four slots, with log-probabilities.
    let mut request = Request { samples: 6, max_tokens: Some(12), logprobs: true, ..Request::new("theorem foo : 1 + 1 = 2 := by\n") };
    request.sampling.top_k = 20;
    request.sampling.min_p = 0.01;
    request.sampling.seed = 7;
    let completion = remote.generate(request.clone()).await.expect("starts").complete().await.expect("answers");
    let texts: Vec<_> = completion.samples.iter().map(|sample| sample.text.as_str()).collect();
    assert_eq!(texts.len(), 6);
    assert!(texts.iter().collect::<std::collections::BTreeSet<_>>().len() > 1, "samples differ: {texts:?}");
    for sample in &completion.samples {
        assert!(!sample.tokens.is_empty() && sample.logprob().is_some_and(|logprob| logprob < 0.0), "{sample:?}");
    }
    assert!(completion.usage.prompt_tokens >= 29 && completion.usage.completion_tokens >= 12, "{:?}", completion.usage);

    // The same seed gives the same sample, another one another.
    let mut single = Request { samples: 1, ..request };
    let mut text = async |seed| {
        single.sampling.seed = seed;
        complete(options.clone(), single.clone()).await.expect("answers").samples.remove(0).text
    };
    let first = text(7).await;
    assert_eq!(text(7).await, first);
    assert_ne!(text(8).await, first);

    // Greedy text is the same every time, and ends at a stop string that is taken from it.
    let mut greedy = Request { max_tokens: Some(24), ..Request::new("theorem ℕ") };
    greedy.sampling.temperature = 0.0;
    let whole = complete(options.clone(), greedy.clone()).await.expect("answers").samples.remove(0);
    assert_eq!(whole.finish, FinishReason::MaxTokens);
    assert_eq!(complete(options.clone(), greedy.clone()).await.expect("answers").samples[0].text, whole.text);
    let stop: String = whole.text.chars().skip(3).find(char::is_ascii_graphic).expect("some text").into();
    let cut = complete(options.clone(), Request { stop: vec![stop.clone()], ..greedy.clone() }).await.expect("answers").samples.remove(0);
    assert_eq!(Some(cut.text.as_str()), whole.text.split(&stop).next());
    assert!(matches!(cut.finish, FinishReason::EndOfTextOrStop | FinishReason::StopString(_)), "{:?}", cut.finish);

    // Token ids, a conversation, and one whose answer has begun.
    let tokens = Request { max_tokens: Some(3), ..Request::new(vec![83, 71, 68]) };
    assert_eq!(complete(options.clone(), tokens).await.expect("answers").usage.prompt_tokens, 3);
    let messages = vec![Message { role: Role::User, content: "Prove 1 + 1 = 2.".into() }];
    let chat = Request { prompt: Prompt::Chat(messages), logprobs: true, ..greedy.clone() };
    let answer = complete(options.clone(), chat.clone()).await.expect("answers").samples.remove(0);
    assert!(!answer.text.is_empty() && answer.tokens[0].id.is_some());
    let resumed = complete(options.clone(), Request { resume: "by simp".into(), ..chat }).await.expect("answers").samples.remove(0);
    assert!(!resumed.text.starts_with("by simp"), "the beginning is not repeated: {:?}", resumed.text);

    // What it refuses.
    let long = Request::new("x".repeat(2000));
    let (rejected, text) = fault(complete(options.clone(), long).await);
    assert!(matches!(rejected, RemoteFault::Rejected { status: 400, .. }) && text.contains("context"), "{text}");
    let elsewhere = RemoteOptions { model: Some("tiny".into()), ..RemoteOptions::new(format!("{}/nothing", server.address)) };
    let (missing, _) = fault(complete(elsewhere, greedy).await);
    assert!(matches!(missing, RemoteFault::NotFound { .. }), "{missing:?}");
}

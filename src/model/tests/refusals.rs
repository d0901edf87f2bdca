//! Folders and requests that cannot be served get an error that names the place and the remedy.

#![allow(missing_docs)]

mod common;

use common::{copied, folder, load, options};
use prove_model::{Device, Engine, EngineOptions, Message, ModelError, Request, Role};
use std::{fs, path::Path};

/// A copy of a tiny model, damaged, and what the engine says of it.
fn damaged(model: &str, damage: impl Fn(&Path)) -> (tempfile::TempDir, String) {
    let copy = copied(model);
    damage(copy.path());
    let error = match Engine::load(copy.path(), &options()) {
        Ok(_) => panic!("a damaged model loads"),
        Err(error) => error.to_string(),
    };
    (copy, error)
}

fn cut(path: &Path) {
    let text = fs::read(path).expect("a file");
    fs::write(path, &text[..text.len() / 2]).expect("a cut file");
}

fn edit(path: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(path).expect("a file");
    assert!(text.contains(from), "{} has no {from}", path.display());
    fs::write(path, text.replace(from, to)).expect("an edited file");
}

#[test]
fn damaged_folders_are_refused_by_name() {
    let remove = |name: &'static str| move |folder: &Path| fs::remove_file(folder.join(name)).expect("a removal");
    type Case = (&'static str, Box<dyn Fn(&Path)>, &'static [&'static str]);
    let cases: Vec<Case> = vec![
        ("llama-prove", Box::new(remove("model.onnx")), &["model.onnx is missing", "export_model.py"]),
        ("llama-prove", Box::new(remove("tokenizer.json")), &["tokenizer.json is missing"]),
        ("llama-prove", Box::new(remove("config.json")), &["config.json", "max_position_embeddings"]),
        ("llama-prove", Box::new(|folder| cut(&folder.join("model.onnx"))), &["model.onnx", "copy or export the model again"]),
        ("llama-prove", Box::new(|folder| cut(&folder.join("config.json"))), &["config.json", "copy or export the model again"]),
        ("llama-prove", Box::new(|folder| cut(&folder.join("tokenizer.json"))), &["tokenizer.json"]),
        ("qwen2-prove", Box::new(remove("model.onnx.data")), &["model.onnx", "model.onnx.data"]),
        ("qwen2-prove", Box::new(|folder| cut(&folder.join("model.onnx.data"))), &["model.onnx", "copy or export the model again"]),
        (
            "llama-prove",
            Box::new(|folder| edit(&folder.join("config.json"), "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3")),
            &["model.onnx", "3 layers"],
        ),
        (
            "llama-prove",
            Box::new(|folder| edit(&folder.join("config.json"), "\"vocab_size\": 512", "\"vocab_size\": 32000")),
            &["model.onnx", "512 logits", "32000 tokens"],
        ),
    ];
    for (model, damage, expected) in cases {
        let (copy, error) = damaged(model, damage);
        for part in expected {
            assert!(error.contains(part), "{error:?} does not say {part:?}");
        }
        assert!(error.contains(&*copy.path().to_string_lossy()), "{error:?} does not name the place");
    }
}

/// Optimum and the hub keep graphs under other names and in a folder of their own.
#[test]
fn a_graph_is_found_where_exporters_put_it() {
    for name in ["decoder_model_merged.onnx", "onnx/model.onnx", "onnx/decoder_model_merged.onnx"] {
        let copy = copied("llama-merged");
        fs::create_dir(copy.path().join("onnx")).expect("a folder");
        fs::rename(copy.path().join("model.onnx"), copy.path().join(name)).expect("a move");
        Engine::load(copy.path(), &options()).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

#[test]
fn a_tokenizer_of_another_model_is_refused() {
    let small = r#"{"version":"1.0","truncation":null,"padding":null,"added_tokens":[],"normalizer":null,
        "pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true},"post_processor":null,
        "decoder":{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true},
        "model":{"type":"BPE","dropout":null,"unk_token":null,"continuing_subword_prefix":null,"end_of_word_suffix":null,
        "fuse_unk":false,"byte_fallback":false,"vocab":{"a":0,"b":1},"merges":[]}}"#;
    let (_copy, error) = damaged("llama-prove", |folder| {
        fs::write(folder.join("tokenizer.json"), small).expect("a tokenizer");
        let _ = fs::remove_file(folder.join("tokenizer_config.json"));
    });
    assert!(error.contains("tokenizer.json") && error.contains("another model"), "{error}");
}

#[test]
fn a_folder_that_is_not_there_and_a_library_that_is_none() {
    let error = Engine::load(Path::new("/no/such/model"), &options()).err().expect("no folder");
    assert!(error.to_string().contains("/no/such/model is missing"), "{error}");
    // The library that other tests of this process load is left alone.
    let missing = EngineOptions { library: Some("/no/such/libonnxruntime.so".into()), ..options() };
    let error = Engine::load(&folder("llama-prove"), &missing).err().expect("no library");
    assert!(matches!(&error, ModelError::Runtime { .. }) && error.to_string().contains("prove setup --onnxruntime"), "{error}");
}

/// The wheel that tests run on has no CUDA: asking for it is an error, not a run on the CPU.
#[test]
fn a_provider_that_does_not_work_is_an_error() {
    let cuda = EngineOptions { device: Device::Cuda { index: 0 }, ..options() };
    // With a library that has CUDA, on a machine that has it, the model runs there and there is nothing to refuse.
    if let Err(error) = Engine::load(&folder("llama-prove"), &cuda) {
        assert!(matches!(&error, ModelError::Provider { provider: "CUDA", .. }), "{error}");
    }
}

#[test]
fn requests_out_of_range_are_refused() {
    let engine = load("llama-prove", &options());
    let refused = |change: fn(&mut Request), field: &str| {
        let mut request = Request::new("theorem");
        change(&mut request);
        let error = engine.try_generate(request).expect_err(field).to_string();
        assert!(error.contains(field), "{error:?} does not name {field}");
    };
    refused(|request| request.samples = 0, "samples");
    refused(|request| request.max_tokens = Some(0), "max_tokens");
    refused(|request| request.sampling.temperature = -1.0, "temperature");
    refused(|request| request.sampling.temperature = f32::NAN, "temperature");
    refused(|request| request.sampling.top_p = 0.0, "top_p");
    refused(|request| request.sampling.min_p = 1.5, "min_p");
    refused(|request| request.stop = vec![String::new()], "stop");
    refused(|request| request.prompt = Vec::<u32>::new().into(), "prompt");
    refused(|request| request.prompt = vec![600].into(), "600");
    assert!(matches!(
        Engine::load(&folder("llama-prove"), &EngineOptions { batch: 0, ..options() }),
        Err(ModelError::Request { field: "batch", .. })
    ));
    // The same model without its template takes no conversation.
    let copy = copied("llama-prove");
    edit(&copy.path().join("tokenizer_config.json"), "chat_template", "no_template");
    let engine = Engine::load(copy.path(), &options()).expect("a model");
    let chat = vec![Message { role: Role::User, content: "hi".to_owned() }];
    let error = engine.try_generate(Request::new(chat)).expect_err("no template");
    assert!(matches!(error, ModelError::Template(_)), "{error}");
}

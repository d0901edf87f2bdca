//! What the tests of this crate share: a library to run on, and tiny models with the figures of PyTorch.

// Compiled into several test programs, each of which uses a part.
#![allow(dead_code, unreachable_pub, missing_docs)]

use prove_model::{Engine, EngineOptions, LIBRARY_VARIABLE};
use serde::Deserialize;
use std::{
    path::{Path, PathBuf},
    sync::OnceLock,
};

/// libonnxruntime: the one that `PROVE_ONNXRUNTIME` names, else the pinned one, which is fetched if it is not installed.
pub fn library() -> PathBuf {
    static LIBRARY: OnceLock<PathBuf> = OnceLock::new();
    let find = || {
        if let Some(path) = std::env::var_os(LIBRARY_VARIABLE) {
            return PathBuf::from(path);
        }
        let (home, pins) =
            (prove_provision::Home::from_environment().expect("a cache folder"), prove_provision::Pins::load().expect("pins"));
        let source = prove_provision::WheelSource::Pip("python3".into());
        prove_provision::install_onnxruntime(&home, &pins.onnxruntime, &source, &|_: prove_provision::Event<'_>| {})
            .expect("libonnxruntime installs")
    };
    LIBRARY.get_or_init(find).clone()
}

/// Options for a test: one thread, a small cache.
pub fn options() -> EngineOptions {
    EngineOptions { library: Some(library()), threads: Some(1), cache_bytes: Some(64 << 20), ..EngineOptions::default() }
}

/// The tiny models; their README tells which is which.
pub const MODELS: &[&str] = &[
    "llama-prove",
    "llama-optimum",
    "llama-merged",
    "llama-ahead",
    "llama-fp16",
    "llama-int4",
    "qwen2-prove",
    "qwen2-genai",
    "qwen3-prove",
    "qwen3-int8",
    "deepseek_v3-optimum",
    "deepseek_v3-prove",
];

pub fn folder(model: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/models").join(model)
}

/// A copy of a tiny model, to be changed.
pub fn copied(model: &str) -> tempfile::TempDir {
    let copy = tempfile::tempdir().expect("a folder");
    for entry in std::fs::read_dir(folder(model)).expect("a model") {
        let entry = entry.expect("an entry");
        std::fs::copy(entry.path(), copy.path().join(entry.file_name())).expect("a copy");
    }
    copy
}

pub fn load(model: &str, options: &EngineOptions) -> Engine {
    Engine::load(&folder(model), options).unwrap_or_else(|error| panic!("{model}: {error}"))
}

/// `reference.json` of a tiny model.
#[derive(Deserialize)]
pub struct Reference {
    pub tolerance: f32,
    pub prompts: Vec<ReferencePrompt>,
}

#[derive(Deserialize)]
pub struct ReferencePrompt {
    pub text: String,
    pub tokens: Vec<u32>,
    pub logits: Vec<f32>,
    pub greedy: Vec<u32>,
    pub logits_after_greedy: Option<Vec<f32>>,
}

pub fn reference(model: &str) -> Reference {
    let text = std::fs::read(folder(model).join("reference.json")).expect("a reference");
    serde_json::from_slice(&text).expect("a readable reference")
}

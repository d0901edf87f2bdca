//! A model folder as it lies on the disk: which file is the graph, and what the configuration files say.
//!
//! Optimum writes `config.json`, `generation_config.json` and `model.onnx` (older versions `decoder_model_merged.onnx`; the hub keeps
//! graphs in `onnx/`). The builder of onnxruntime-genai writes `genai_config.json`, which names the graph. What the graph is like is
//! not concluded from these names: see [`crate::decoder`].

use crate::ModelError;
use serde::{Deserialize, de::DeserializeOwned};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// Where graphs are looked for, if `genai_config.json` does not name one.
const GRAPHS: &[&str] = &["model.onnx", "decoder_model_merged.onnx", "onnx/model.onnx", "onnx/decoder_model_merged.onnx"];

/// The graph that drafts, beside the model's.
const DRAFT: &str = "ahead.onnx";

/// A model folder.
#[derive(Clone, Debug)]
pub(crate) struct Folder {
    pub(crate) root: PathBuf,
    pub(crate) graph: PathBuf,
    /// The graph that drafts the token after the next, where there is one.
    pub(crate) draft: Option<PathBuf>,
    pub(crate) config: Config,
    pub(crate) genai: Option<GenaiModel>,
    /// The ids that end a sequence, from `generation_config.json`, else `config.json`.
    pub(crate) eos: Vec<u32>,
}

/// What of `config.json` concerns the engine. Every field may be missing.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Config {
    pub(crate) max_position_embeddings: Option<usize>,
    pub(crate) vocab_size: Option<usize>,
    pub(crate) num_hidden_layers: Option<usize>,
    pub(crate) num_attention_heads: Option<usize>,
    pub(crate) num_key_value_heads: Option<usize>,
    pub(crate) hidden_size: Option<usize>,
    pub(crate) head_dim: Option<usize>,
    eos_token_id: Option<OneOrMany>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct GenerationConfig {
    eos_token_id: Option<OneOrMany>,
}

#[derive(Deserialize)]
struct GenaiConfig {
    model: GenaiModel,
}

/// What of `genai_config.json` concerns the engine.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct GenaiModel {
    pub(crate) context_length: Option<usize>,
    pub(crate) vocab_size: Option<usize>,
    eos_token_id: Option<OneOrMany>,
    pub(crate) decoder: GenaiDecoder,
}

/// Its decoder.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct GenaiDecoder {
    filename: Option<String>,
    pub(crate) head_size: Option<usize>,
    pub(crate) num_key_value_heads: Option<usize>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(u32),
    Many(Vec<u32>),
}

impl OneOrMany {
    fn into_vec(self) -> Vec<u32> {
        match self {
            OneOrMany::One(id) => vec![id],
            OneOrMany::Many(ids) => ids,
        }
    }
}

impl Folder {
    /// Reads the configuration and finds the graph.
    pub(crate) fn open(root: &Path) -> Result<Self, ModelError> {
        if !root.is_dir() {
            let remedy = "give the folder of an exported model; scripts/export_model.py makes one of a Hugging Face checkpoint".to_owned();
            return Err(ModelError::Missing { path: root.to_owned(), remedy });
        }
        let config: Config = read_json(root, "config.json")?.unwrap_or_default();
        let generation: GenerationConfig = read_json(root, "generation_config.json")?.unwrap_or_default();
        let genai = read_json::<GenaiConfig>(root, "genai_config.json")?.map(|genai| genai.model);
        let named = genai.as_ref().and_then(|genai| genai.decoder.filename.as_deref());
        let graph = match named {
            Some(name) => Some(root.join(name)),
            None => GRAPHS.iter().map(|name| root.join(name)).find(|path| path.is_file()),
        };
        let graph = graph.filter(|path| path.is_file()).ok_or_else(|| ModelError::Missing {
            path: root.join(named.unwrap_or(GRAPHS[0])),
            remedy: format!(
                "a model folder holds its graph there (or in one of {}); scripts/export_model.py writes it, and downloads may have left it out",
                GRAPHS[1..].join(", ")
            ),
        })?;
        let eos = generation.eos_token_id.or(config.eos_token_id.clone()).or(genai.as_ref().and_then(|genai| genai.eos_token_id.clone()));
        let draft = Some(graph.with_file_name(DRAFT)).filter(|path| path.is_file());
        Ok(Folder { root: root.to_owned(), graph, draft, config, genai, eos: eos.map(OneOrMany::into_vec).unwrap_or_default() })
    }

    /// Most positions that the model was made for.
    pub(crate) fn context(&self) -> Option<usize> {
        let genai = self.genai.as_ref().and_then(|genai| genai.context_length);
        [genai, self.config.max_position_embeddings].into_iter().flatten().min()
    }

    /// Key/value heads, if a file tells.
    pub(crate) fn kv_heads(&self) -> Option<usize> {
        let genai = self.genai.as_ref().and_then(|genai| genai.decoder.num_key_value_heads);
        genai.or(self.config.num_key_value_heads).or(self.config.num_attention_heads)
    }

    /// Size of one head, if a file tells.
    pub(crate) fn head_dim(&self) -> Option<usize> {
        let genai = self.genai.as_ref().and_then(|genai| genai.decoder.head_size);
        let divided = || Some(self.config.hidden_size? / self.config.num_attention_heads.filter(|&heads| heads > 0)?);
        genai.or(self.config.head_dim).or_else(divided)
    }
}

/// Reads a JSON file of the folder; `None` if it is not there.
fn read_json<T: DeserializeOwned>(root: &Path, name: &str) -> Result<Option<T>, ModelError> {
    let path = root.join(name);
    let Some(text) = read(&path)? else { return Ok(None) };
    serde_json::from_slice(&text)
        .map(Some)
        .map_err(|error| ModelError::File { path, detail: format!("{error}; copy or export the model again") })
}

/// A file's bytes; `None` if there is no such file.
pub(crate) fn read(path: &Path) -> Result<Option<Vec<u8>>, ModelError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(ModelError::Io { path: path.to_owned(), source }),
    }
}

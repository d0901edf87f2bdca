//! From the user's arguments to a prover model: the bundled one or a folder, which ONNX Runtime runs here, or a server.

use crate::{bundled, output::InputError, progress::Progress};
use prove_model::{
    Device, Engine, EngineOptions, Generator, LIBRARY_VARIABLE, ModelError,
    remote::{Prices, Remote, RemoteOptions},
};
use prove_provision::{Home, Pins, WheelSource, install_onnxruntime, open_onnxruntime};
use std::path::{Path, PathBuf};

/// The name of the model that comes with the program.
pub(crate) const BUNDLED: &str = "bundled";

/// Which model, and where it runs.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct ModelArgs {
    /// The model: `bundled`, a folder with an ONNX decoder and its tokenizer, or the address of an OpenAI-compatible server
    /// (http://…/v1). `none` leaves all to rules. By default the bundled one where libonnxruntime is installed, and none in
    /// `prove data`.
    #[arg(long, value_name = "bundled|none|FOLDER|URL")]
    pub(crate) model: Option<String>,
    /// The model's name on the server; needed where the server has several.
    #[arg(long, value_name = "NAME")]
    model_name: Option<String>,
    /// The environment variable with the server's key.
    #[arg(long, value_name = "VARIABLE")]
    key_variable: Option<String>,
    /// Where a model folder runs: `cpu` (the default), `cuda`, or `cuda:N` for the N-th GPU from 0.
    #[arg(long, value_name = "DEVICE", value_parser = device)]
    device: Option<Device>,
    /// Threads of one operator on the CPU; all by default. Spare one for a busy Lean worker.
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Megabytes for keys and values; a quarter of the memory by default.
    #[arg(long, value_name = "MB")]
    cache: Option<u64>,
}

fn device(text: &str) -> Result<Device, String> {
    match text.split_once(':') {
        None if text == "cpu" => Ok(Device::Cpu),
        None if text == "cuda" => Ok(Device::Cuda { index: 0 }),
        Some(("cuda", index)) if let Ok(index) = index.parse() => Ok(Device::Cuda { index }),
        _ => Err("expected `cpu`, `cuda` or `cuda:N`".to_owned()),
    }
}

impl ModelArgs {
    /// Names the bundled model if nothing was said and libonnxruntime is installed, and takes `none` by its word.
    pub(crate) fn or_bundled(&mut self) {
        if self.model.is_none() && (named_library().is_some() || pinned_library_is_installed()) {
            self.model = Some(BUNDLED.to_owned());
        }
        self.or_none();
    }

    /// Takes `none` by its word.
    pub(crate) fn or_none(&mut self) {
        self.model.take_if(|name| name == "none");
    }

    /// Which model it is, for comparing.
    pub(crate) fn identity(&self) -> Option<String> {
        let model = self.model.as_deref()?;
        Some(match &self.model_name {
            Some(name) => format!("{name} of {model}"),
            None if model == BUNDLED => model.to_owned(),
            None => Path::new(model).canonicalize().map_or_else(|_| model.to_owned(), |folder| folder.display().to_string()),
        })
    }
}

fn pinned_library_is_installed() -> bool {
    let (Ok(home), Ok(pins)) = (Home::from_environment(), Pins::load()) else { return false };
    matches!(open_onnxruntime(&home, &pins.onnxruntime), Ok(Some(_)))
}

/// The folder of a model that has one here.
pub(crate) fn folder(name: &str) -> anyhow::Result<PathBuf> {
    if name == BUNDLED { bundled::folder(&Home::from_environment()?) } else { Ok(name.into()) }
}

/// The model, loaded or connected.
pub(crate) async fn open(args: &ModelArgs) -> anyhow::Result<Box<dyn Generator>> {
    open_priced(args, Prices::default()).await
}

/// The same, with what its server asks for tokens.
pub(crate) async fn open_priced(args: &ModelArgs, prices: Prices) -> anyhow::Result<Box<dyn Generator>> {
    let Some(model) = args.model.as_deref() else {
        return Err(InputError::new("no model was named", "give `bundled`, a model folder or a server's address with --model").into());
    };
    if model.starts_with("http://") || model.starts_with("https://") {
        let options =
            RemoteOptions { model: args.model_name.clone(), key_variable: args.key_variable.clone(), prices, ..RemoteOptions::new(model) };
        return Ok(Box::new(Remote::connect(options).await?));
    }
    let options = EngineOptions {
        library: Some(library()?),
        device: args.device.unwrap_or_default(),
        threads: args.threads,
        cache_bytes: args.cache.map(|megabytes| megabytes.saturating_mul(1_000_000)),
        ..EngineOptions::default()
    };
    Ok(Box::new(Engine::load(&folder(model)?, &options)?))
}

/// libonnxruntime: the one that the variable names, such as one with CUDA, else the pinned one, installed on first use.
fn library() -> anyhow::Result<PathBuf> {
    if let Some(path) = named_library() {
        return Ok(path);
    }
    let (home, pins) = (Home::from_environment()?, Pins::load()?);
    let source = WheelSource::Pip("python3".into());
    Ok(install_onnxruntime(&home, &pins.onnxruntime, &source, &Progress::new("libonnxruntime"))?)
}

fn named_library() -> Option<PathBuf> {
    std::env::var_os(LIBRARY_VARIABLE).filter(|path| !path.is_empty()).map(PathBuf::from)
}

/// What is wrong with the user's model folder or request is an error of input; the rest is a fault.
pub(crate) fn input(error: anyhow::Error) -> anyhow::Error {
    use ModelError::{File, Io, Missing, OverBudget, PromptTooLong, Request, Template};
    match error.downcast_ref::<ModelError>() {
        Some(Missing { .. } | File { .. } | Io { .. } | Request { .. } | PromptTooLong { .. } | OverBudget { .. } | Template(_)) => {
            InputError::plain(error.to_string()).into()
        }
        _ => error,
    }
}

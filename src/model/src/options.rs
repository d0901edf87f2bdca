//! How a model is loaded. Every field has a default that serves a first try.

use std::path::PathBuf;

/// How [`Engine::load`](crate::Engine::load) sets the engine up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngineOptions {
    /// The shared library of ONNX Runtime. `None` takes the one that the variable `PROVE_ONNXRUNTIME` names. The first library that
    /// a process loads stays loaded.
    pub library: Option<PathBuf>,
    /// Where the model runs. Default: the CPU.
    pub device: Device,
    /// Threads of one operator on the CPU. `None`: as many as the process may use at once.
    pub threads: Option<usize>,
    /// Most samples that are decoded at a time. Default 32.
    pub batch: usize,
    /// Most requests that are accepted and not finished; who brings another one waits. Default 1024.
    pub queue: usize,
    /// Memory for keys and values, in bytes: those of running samples, and those kept of finished prefixes. `None`: a quarter of the
    /// machine's memory on the CPU, 8 GiB on a GPU.
    pub cache_bytes: Option<u64>,
    /// Most positions of prompt and sample together. `None`: what the model was made for.
    pub context: Option<usize>,
    /// Most tokens of a prompt that are read between two steps of the running samples. Default 512.
    pub prefill_chunk: usize,
    /// Whether finished prefixes are kept for requests that begin alike. Default `true`.
    pub prefix_sharing: bool,
    /// Whether a model that can draft the token after the next does, on the CPU. It changes no text, only how fast it comes. Default
    /// `true`.
    pub drafts: bool,
}

/// Where a model runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Device {
    /// The CPU.
    #[default]
    Cpu,
    /// A GPU of NVIDIA.
    Cuda {
        /// Which, from 0.
        index: i32,
    },
}

impl Device {
    pub(crate) fn provider(self) -> &'static str {
        match self {
            Device::Cpu => "CPU",
            Device::Cuda { .. } => "CUDA",
        }
    }
}

impl Default for EngineOptions {
    fn default() -> Self {
        EngineOptions {
            library: None,
            device: Device::Cpu,
            threads: None,
            batch: 32,
            queue: 1024,
            cache_bytes: None,
            context: None,
            prefill_chunk: 512,
            prefix_sharing: true,
            drafts: true,
        }
    }
}

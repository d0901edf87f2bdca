//! The engine: a model folder on ONNX Runtime, serving many requests at once.
//!
//! [`Engine::load`] starts one thread, which owns the model and does all of its work ([`scheduler`]). A request is tokenised and
//! checked on the thread of who brings it, then handed over through a queue of bounded length; what comes of it arrives through its
//! [`Generation`]. Samples join and leave the batch at every step, and one that is dropped leaves it before the next one.
//!
//! The same request and seed give the same text whatever else is under way, up to this: sums in matrix products may be ordered
//! differently for batches of different sizes, so that logits differ in the last bits (below 1e-5 in fp32). Text can only differ where
//! two logits are that close, or a random number falls that close to the boundary between two tokens: in fp32, some one in 100,000 draws.

mod job;
mod scheduler;
mod sequence;
mod stats;

pub use stats::Stats;

use crate::{
    EngineOptions, Generation, Generator, ModelError, Pending, Prompt, Request,
    decoder::{self, Shape},
    folder::Folder,
    healing::TokenIndex,
    runtime::Interrupt,
    text::{ChatTemplate, Tokenizer},
};
use job::{Inbox, Job};
use scheduler::{Limits, Scheduler};
use stats::Counters;
use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc,
    },
    thread::JoinHandle,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// A loaded model. Dropping it ends its thread; requests under way then fail with [`ModelError::Stopped`].
pub struct Engine {
    name: String,
    tokenizer: Arc<Tokenizer>,
    index: Arc<TokenIndex>,
    template: Option<ChatTemplate>,
    shape: Shape,
    row_bytes: u64,
    limits: Limits,
    places: Arc<Semaphore>,
    inbox: Option<mpsc::Sender<Inbox>>,
    next_job: AtomicU64,
    /// The request whose prompt is being read.
    reading: Arc<AtomicU64>,
    interrupt: Interrupt,
    counters: Arc<Counters>,
    thread: Option<JoinHandle<()>>,
}

/// No request has this number.
const NOBODY: u64 = 0;

/// What is told when memory is not known.
const SOME_MEMORY: u64 = 8 << 30;

impl Engine {
    /// Loads the model folder `folder` and runs the model once, so that what does not work is known now.
    pub fn load(folder: &Path, options: &EngineOptions) -> Result<Self, ModelError> {
        let zero = [("batch", options.batch), ("queue", options.queue), ("prefill_chunk", options.prefill_chunk)];
        if let Some((field, _)) = zero.into_iter().find(|(_, value)| *value == 0) {
            return Err(ModelError::Request { field, detail: "0 would let nothing run; give 1 or more".to_owned() });
        }
        let files = Folder::open(folder)?;
        let tokenizer = Arc::new(Tokenizer::load(folder)?);
        let template = ChatTemplate::load(folder)?;
        let decoder = decoder::load(&files, options)?;
        let shape = decoder.shape().clone();
        fits(&tokenizer, &shape, folder)?;
        let eos = if files.eos.is_empty() { tokenizer.eos().into_iter().collect() } else { files.eos };
        let budget = options.cache_bytes.unwrap_or_else(|| match options.device {
            crate::Device::Cpu => memory().map_or(SOME_MEMORY, |bytes| bytes / 4),
            crate::Device::Cuda { .. } => SOME_MEMORY,
        });
        let limits = Limits {
            batch: options.batch,
            // Graphs in Optimum's layout return logits for every token of a prompt: not too many at once.
            chunk: options.prefill_chunk.min((LOGITS_AT_ONCE / shape.vocab.max(1)).max(16)),
            budget,
            sharing: options.prefix_sharing,
            eos,
        };
        let (row_bytes, interrupt) = (decoder.row_bytes(1), decoder.interrupt());
        let reading = Arc::new(AtomicU64::new(NOBODY));
        let index = Arc::new(TokenIndex::new(&tokenizer));
        let counters = Arc::new(Counters::default());
        let (inbox, jobs) = mpsc::channel();
        let scheduler = Scheduler::new(
            decoder,
            Arc::clone(&tokenizer),
            Arc::clone(&index),
            limits.clone(),
            Arc::clone(&counters),
            Arc::clone(&reading),
        );
        let thread = std::thread::Builder::new().name("prove-model".to_owned()).spawn(move || scheduler.run(&jobs));
        let thread = thread.map_err(|error| ModelError::Runtime { detail: format!("no thread for the engine: {error}") })?;
        Ok(Engine {
            name: folder.display().to_string(),
            tokenizer,
            index,
            template,
            shape,
            row_bytes,
            limits,
            places: Arc::new(Semaphore::new(options.queue)),
            inbox: Some(inbox),
            next_job: AtomicU64::new(NOBODY + 1),
            reading,
            interrupt,
            counters,
            thread: Some(thread),
        })
    }

    /// The model's tokenizer.
    pub fn tokenizer(&self) -> &Tokenizer {
        &self.tokenizer
    }

    /// Most positions of prompt and sample together.
    pub fn context(&self) -> usize {
        self.shape.context
    }

    /// The tokens that end a sample.
    pub fn end_tokens(&self) -> &[u32] {
        &self.limits.eos
    }

    /// Counters since the engine was loaded.
    pub fn stats(&self) -> Stats {
        self.counters.snapshot()
    }

    /// [`Generator::generate`] for who does not want to wait: [`ModelError::Busy`] if the queue is full.
    pub fn try_generate(&self, request: Request) -> Result<Generation, ModelError> {
        let prepared = self.prepare(request)?;
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| ModelError::Busy)?;
        self.submit(prepared, place)
    }

    /// Tokenises a request and holds it to the limits.
    fn prepare(&self, request: Request) -> Result<Prepared, ModelError> {
        request.validate()?;
        let mut prompt = match &request.prompt {
            Prompt::Text(text) => self.tokenizer.encode_prompt(&format!("{text}{}", request.resume))?,
            Prompt::Tokens(tokens) => [tokens.as_slice(), &self.tokenizer.encode(&request.resume)?].concat(),
            Prompt::Chat(messages) => {
                let template = self.template.as_ref().ok_or_else(|| {
                    ModelError::Template(format!("{} has none, so it takes no conversation: give the prompt as text", self.name))
                })?;
                self.tokenizer.encode(&(template.render(messages, &serde_json::Map::new())? + &request.resume))?
            }
        };
        if let Some(id) = prompt.iter().find(|&&id| id as usize >= self.shape.vocab) {
            return Err(ModelError::Request {
                field: "prompt",
                detail: format!("there is no token {id}: ids end below {}", self.shape.vocab),
            });
        }
        if prompt.is_empty() {
            return Err(ModelError::Request {
                field: "prompt",
                detail: "it is empty, and this model has no token to begin with".to_owned(),
            });
        }
        let required = if request.resume.is_empty() { Vec::new() } else { self.index.take_back(&self.tokenizer, &mut prompt) };
        let context = self.shape.context;
        if prompt.len() >= context {
            return Err(ModelError::PromptTooLong { tokens: prompt.len(), context });
        }
        let wanted = request.max_tokens.map_or(1, |tokens| tokens as usize).min(context - prompt.len());
        let needed = (prompt.len() + wanted) as u64 * self.row_bytes;
        if needed > self.limits.budget {
            return Err(ModelError::OverBudget { needed, budget: self.limits.budget });
        }
        let room = usize::try_from(self.limits.budget / self.row_bytes.max(1)).unwrap_or(usize::MAX).min(context);
        Ok(Prepared { request, prompt, required, room })
    }

    fn submit(&self, prepared: Prepared, place: OwnedSemaphorePermit) -> Result<Generation, ModelError> {
        let (reply, generation) = Generation::pair();
        let Prepared { request, prompt, required, room } = prepared;
        let id = self.next_job.fetch_add(1, Ordering::Relaxed);
        let (reading, interrupt) = (Arc::clone(&self.reading), self.interrupt.clone());
        let generation = generation.when_gone(move || {
            if reading.load(Ordering::SeqCst) == id {
                interrupt.raise();
            }
        });
        let job = Job::new(request, prompt, required, room, reply, place);
        self.inbox.as_ref().ok_or(ModelError::Stopped)?.send(Inbox::Job(id, Box::new(job))).map_err(|_| ModelError::Stopped)?;
        Ok(generation)
    }
}

/// A request that can be served.
struct Prepared {
    request: Request,
    prompt: Vec<u32>,
    required: Vec<u8>,
    room: usize,
}

impl Generator for Engine {
    fn generate(&self, request: Request) -> Pending<'_> {
        Box::pin(async move {
            let prepared = self.prepare(request)?;
            let place = Arc::clone(&self.places).acquire_owned().await.map_err(|_| ModelError::Stopped)?;
            self.submit(prepared, place)
        })
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn engine_stats(&self) -> Option<Stats> {
        Some(self.stats())
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        if let Some(inbox) = self.inbox.take() {
            let _ = inbox.send(Inbox::Stop);
            self.interrupt.raise();
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Logits of this many (token, id) pairs are computed at once: 128 MB in fp32.
const LOGITS_AT_ONCE: usize = 32 << 20;

/// Whether the tokenizer is one that this model can have been trained with.
fn fits(tokenizer: &Tokenizer, shape: &Shape, folder: &Path) -> Result<(), ModelError> {
    // Outputs are padded to a round number, by a few percent at most.
    if tokenizer.size() > shape.vocab || tokenizer.size() < shape.vocab - shape.vocab / 4 {
        return Err(ModelError::File {
            path: folder.join("tokenizer.json"),
            detail: format!(
                "it has {} tokens and the graph computes logits for {}: it belongs to another model; copy the one of this model",
                tokenizer.size(),
                shape.vocab
            ),
        });
    }
    Ok(())
}

/// The machine's memory in bytes, where the system tells.
fn memory() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? * 1024)
}

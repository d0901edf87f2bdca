//! A client of OpenAI-compatible servers: vLLM, SGLang, llama.cpp and the services that speak their protocol.
//!
//! Answers are not streamed. A search wants whole samples, and a call whose answer comes in one piece can be repeated after a fault
//! without anything having been seen of the first try. Dropping a [`Generation`] closes the connection, which makes
//! servers stop. What goes wrong for a while (429, 5xx, broken connections, answers that make no sense) is tried again with growing
//! pauses, heeding `Retry-After`; everything else is reported at once, as a [`RemoteFault`].
//!
//! Several samples are asked for in one call. A server that gives fewer, or refuses to give several (llama.cpp gives no more than it
//! has slots), is asked for the rest in further calls at the same time, and with fewer per call from then on.
//!
//! Truncate-and-resume has limits here: a server does not heal tokens, so resume text is best cut at the end of a token.

mod fault;
mod options;
mod retry;
mod transport;
mod wire;

pub use fault::RemoteFault;
pub use options::{Prices, RemoteOptions};

use crate::{Event, Generation, Generator, ModelError, Pending, Reply, Request, Sample, Usage};
use std::{
    ops::Range,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task::JoinSet,
};
use transport::Transport;

/// A model on a server.
pub struct Remote {
    server: Arc<Server>,
}

/// What the calls under way share.
struct Server {
    transport: Transport,
    options: RemoteOptions,
    model: String,
    calls: Arc<Semaphore>,
    /// Most samples that a call asks for: lowered when the server gives fewer.
    most: AtomicU32,
    spent: Mutex<Usage>,
}

impl Remote {
    /// Gets ready to ask a server. Only if the options name no model is the server asked for one.
    ///
    /// # Errors
    ///
    /// [`ModelError::Remote`]: the address or the key is missing, or the server does not settle which model to use.
    pub async fn connect(options: RemoteOptions) -> Result<Self, ModelError> {
        let transport = Transport::new(&options).map_err(|fault| ModelError::Remote { server: options.server.clone(), fault })?;
        let model = match &options.model {
            Some(model) => model.clone(),
            None => {
                let mut models = transport.call("models", None, wire::models).await.map_err(|fault| transport.error(fault))?;
                match models.pop() {
                    Some(model) if models.is_empty() => model,
                    last => {
                        models.extend(last);
                        return Err(transport.error(RemoteFault::WhichModel(models)));
                    }
                }
            }
        };
        let calls = Arc::new(Semaphore::new(options.concurrency.clamp(1, Semaphore::MAX_PERMITS)));
        let most = AtomicU32::new(u32::MAX);
        Ok(Remote { server: Arc::new(Server { transport, options, model, calls, most, spent: Mutex::default() }) })
    }

    /// What all requests so far took, those that were cancelled or failed midway included as far as the server told.
    pub fn spent(&self) -> Usage {
        *self.server.spent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Generator for Remote {
    /// Waits while as many calls as the options allow are under way. Must be awaited within a tokio runtime.
    fn generate(&self, request: Request) -> Pending<'_> {
        Box::pin(async move {
            request.validate()?;
            wire::body(&request, &self.server.model, &self.server.options, 0, 1)?;
            let permit = self.server.calls.clone().acquire_owned().await.map_err(|_| ModelError::Stopped)?;
            let (reply, generation) = Generation::pair();
            let server = self.server.clone();
            tokio::spawn(async move {
                tokio::select! {
                    () = reply.cancelled() => {}
                    result = server.serve(request, permit, &reply) => match result {
                        Ok(usage) => reply.send(Event::Done(usage)),
                        Err(error) => reply.fail(error),
                    }
                }
            });
            Ok(generation)
        })
    }

    fn name(&self) -> &str {
        &self.server.model
    }
}

impl Server {
    /// Makes the calls for a request. The first takes the permit that is there; dropping the future ends them all.
    async fn serve(self: Arc<Self>, request: Request, permit: OwnedSemaphorePermit, reply: &Reply) -> Result<Usage, ModelError> {
        let request = Arc::new(request);
        let mut permit = Some(permit);
        let mut calls = JoinSet::new();
        let mut usage = Usage::default();
        let mut todo: Vec<Range<u32>> = std::iter::once(0..request.samples).collect();
        loop {
            for range in todo.drain(..).flat_map(|range| self.portions(range)) {
                calls.spawn(self.clone().ask(request.clone(), range, permit.take()));
            }
            let Some(joined) = calls.join_next().await else { return Ok(usage) };
            let (range, result) = joined.map_err(|error| ModelError::Fault(error.to_string()))?;
            let count = range.end - range.start;
            match result {
                Ok(answer) => {
                    usage.add(&answer.usage);
                    let given = answer.choices.len() as u32;
                    for (index, choice) in range.clone().zip(answer.choices) {
                        let wire::Choice { text, tokens, finish } = choice;
                        reply.send(Event::Text { sample: index, text: text.clone() });
                        reply.send(Event::Sample(Sample { index, text, tokens, finish }));
                    }
                    if given < count {
                        self.most.fetch_min(given, Ordering::Relaxed);
                        todo.push(range.start + given..range.end);
                    }
                }
                // It may be the number of samples that it does not take.
                Err(RemoteFault::Rejected { .. }) if count > 1 => {
                    self.most.store(1, Ordering::Relaxed);
                    todo.push(range);
                }
                Err(fault) => return Err(self.transport.error(fault)),
            }
        }
    }

    /// Cuts a range of samples into what one call may ask for.
    fn portions(&self, range: Range<u32>) -> impl Iterator<Item = Range<u32>> + use<> {
        let most = self.most.load(Ordering::Relaxed).max(1);
        let end = range.end;
        range.step_by(most as usize).map(move |start| start..end.min(start.saturating_add(most)))
    }

    /// One call for a range of samples.
    async fn ask(
        self: Arc<Self>,
        request: Arc<Request>,
        range: Range<u32>,
        permit: Option<OwnedSemaphorePermit>,
    ) -> (Range<u32>, Result<wire::Answer, RemoteFault>) {
        let _permit = match permit {
            Some(permit) => Some(permit),
            // The semaphore is never closed.
            None => self.calls.clone().acquire_owned().await.ok(),
        };
        let count = range.end - range.start;
        let body = match wire::body(&request, &self.model, &self.options, range.start, count) {
            Ok(body) => body,
            Err(error) => return (range, Err(RemoteFault::Client(error.to_string()))),
        };
        let read = |value: &serde_json::Value| wire::answer(value, &request, count);
        let mut result = self.transport.call(wire::path(&request), Some(&body), read).await;
        if let Ok(answer) = &mut result {
            let usage = &mut answer.usage;
            let Prices { prompt, completion } = self.options.prices;
            usage.cost = (usage.prompt_tokens as f64 * prompt + usage.completion_tokens as f64 * completion) / 1e6;
            self.spent.lock().unwrap_or_else(PoisonError::into_inner).add(usage);
        }
        (range, result)
    }
}

impl Usage {
    /// Adds what something else took.
    pub fn add(&mut self, other: &Usage) {
        self.prompt_tokens += other.prompt_tokens;
        self.cached_tokens += other.cached_tokens;
        self.completion_tokens += other.completion_tokens;
        self.cost += other.cost;
    }
}

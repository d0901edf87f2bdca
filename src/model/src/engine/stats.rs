//! What the engine has done so far.

use serde::Serialize;
use std::{
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::Duration,
};

/// Counters since the engine was loaded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Stats {
    /// Requests finished, failed and cancelled.
    pub requests: u64,
    /// Tokens drawn.
    pub tokens: u64,
    /// Steps of the batch.
    pub steps: u64,
    /// Positions of prompts that samples needed before their first step.
    pub prompt_positions: u64,
    /// Those of them that were copied from a shared prefix and not computed.
    pub shared_positions: u64,
    /// The latter over the former, from 0 to 1; 0 as long as there are none.
    pub hit_rate: f64,
    /// Tokens that were drafted, where the model drafts.
    pub drafts: u64,
    /// Those of them that were then drawn, so that their step gave two tokens.
    pub accepted: u64,
    /// Samples that had to give their memory back to others and were computed again later.
    pub preemptions: u64,
    /// Finished prefixes that were forgotten to make room.
    pub evictions: u64,
    /// Bytes of keys and values of the batch, now.
    pub batch_bytes: u64,
    /// Bytes of keys and values of finished prefixes, now.
    pub prefix_bytes: u64,
    /// Seconds that the engine's thread had work.
    pub work_seconds: f64,
    /// Those of them inside ONNX Runtime's `run`.
    pub run_seconds: f64,
}

/// [`Stats`] as the engine's thread writes them.
#[derive(Default)]
pub(super) struct Counters {
    pub(super) requests: AtomicU64,
    pub(super) tokens: AtomicU64,
    pub(super) steps: AtomicU64,
    pub(super) prompt_positions: AtomicU64,
    pub(super) shared_positions: AtomicU64,
    pub(super) drafts: AtomicU64,
    pub(super) accepted: AtomicU64,
    pub(super) preemptions: AtomicU64,
    pub(super) evictions: AtomicU64,
    pub(super) batch_bytes: AtomicU64,
    pub(super) prefix_bytes: AtomicU64,
    pub(super) work_nanoseconds: AtomicU64,
    pub(super) run_nanoseconds: AtomicU64,
}

/// Adds to a counter.
pub(super) fn count(counter: &AtomicU64, more: u64) {
    counter.fetch_add(more, Relaxed);
}

impl Counters {
    pub(super) fn snapshot(&self) -> Stats {
        let seconds = |counter: &AtomicU64| Duration::from_nanos(counter.load(Relaxed)).as_secs_f64();
        let (prompt_positions, shared_positions) = (self.prompt_positions.load(Relaxed), self.shared_positions.load(Relaxed));
        Stats {
            requests: self.requests.load(Relaxed),
            tokens: self.tokens.load(Relaxed),
            steps: self.steps.load(Relaxed),
            prompt_positions,
            shared_positions,
            hit_rate: shared_positions as f64 / prompt_positions.max(1) as f64,
            drafts: self.drafts.load(Relaxed),
            accepted: self.accepted.load(Relaxed),
            preemptions: self.preemptions.load(Relaxed),
            evictions: self.evictions.load(Relaxed),
            batch_bytes: self.batch_bytes.load(Relaxed),
            prefix_bytes: self.prefix_bytes.load(Relaxed),
            work_seconds: seconds(&self.work_nanoseconds),
            run_seconds: seconds(&self.run_nanoseconds),
        }
    }
}

//! A request inside the engine: which of its samples wait, and what it has used.

use super::sequence::Sequence;
use crate::{Event, ModelError, Reply, Request, Sample, Usage};
use std::{
    collections::VecDeque,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::OwnedSemaphorePermit;

/// What the engine's thread is told.
pub(super) enum Inbox {
    /// A request and its number.
    Job(u64, Box<Job>),
    Stop,
}

/// Readers are woken for text this often at most: it takes longer than a step of a small model spares, and people do not read faster.
const BETWEEN_REPORTS: Duration = Duration::from_millis(50);

/// A request under way.
pub(super) struct Job {
    pub(super) request: Arc<Request>,
    /// The prompt, without tokens taken back for healing.
    prompt: Vec<u32>,
    required: Vec<u8>,
    /// Most positions of a sample, prompt included.
    room: usize,
    /// The next sample that was never started.
    next: u32,
    /// Samples that had to stop for want of memory.
    suspended: VecDeque<Sequence>,
    /// Samples in the batch or about to join it.
    pub(super) running: u32,
    finished: u32,
    usage: Usage,
    /// What happened since the reader was last told, and when that was.
    news: Vec<Event>,
    told: Instant,
    reply: Reply,
    _place: OwnedSemaphorePermit,
}

impl Job {
    pub(super) fn new(
        request: Request,
        prompt: Vec<u32>,
        required: Vec<u8>,
        room: usize,
        reply: Reply,
        place: OwnedSemaphorePermit,
    ) -> Self {
        let usage = Usage { prompt_tokens: prompt.len() as u64, ..Usage::default() };
        let request = Arc::new(request);
        Job {
            request,
            prompt,
            required,
            room,
            next: 0,
            suspended: VecDeque::new(),
            running: 0,
            finished: 0,
            usage,
            news: Vec::new(),
            told: Instant::now(),
            reply,
            _place: place,
        }
    }

    /// Samples that wait.
    pub(super) fn waiting(&self) -> usize {
        self.suspended.len() + (self.request.samples - self.next) as usize
    }

    /// Takes the sample that is to start next.
    pub(super) fn start(&mut self, id: u64) -> Option<Sequence> {
        let sequence = self.suspended.pop_front().or_else(|| {
            let index = Some(self.next).filter(|&next| next < self.request.samples)?;
            self.next += 1;
            Some(Sequence::new(id, index, &self.request, self.prompt.clone(), self.required.clone(), self.room))
        })?;
        self.running += 1;
        Some(sequence)
    }

    /// Takes a sample back that cannot go on for now.
    pub(super) fn suspend(&mut self, sequence: Sequence) {
        self.running -= 1;
        self.suspended.push_front(sequence);
    }

    /// Notes where the prompt of a sample came from; the first sample counts.
    pub(super) fn note_shared(&mut self, sample: u32, shared: usize) {
        if sample == 0 && self.usage.cached_tokens == 0 {
            self.usage.cached_tokens = (shared as u64).min(self.usage.prompt_tokens);
        }
    }

    pub(super) fn is_cancelled(&self) -> bool {
        self.reply.is_cancelled()
    }

    /// Notes new text of a sample.
    pub(super) fn note_text(&mut self, sample: u32, text: String) {
        if !text.is_empty() {
            self.news.push(Event::Text { sample, text });
        }
    }

    /// Whether new text is to be noted now.
    pub(super) fn is_due(&self, now: Instant) -> bool {
        now - self.told >= BETWEEN_REPORTS
    }

    /// Tells the reader what was noted.
    pub(super) fn report(&mut self, now: Instant) {
        if !self.news.is_empty() {
            self.told = now;
            self.reply.send_all(std::mem::take(&mut self.news));
        }
    }

    /// Notes a finished sample, after its text. Says whether it was the last.
    pub(super) fn finish(&mut self, sample: Sample) -> bool {
        self.running -= 1;
        self.finished += 1;
        self.usage.completion_tokens += sample.tokens.len() as u64;
        self.news.push(Event::Sample(sample));
        let done = self.finished == self.request.samples;
        if done {
            self.news.push(Event::Done(self.usage));
        }
        done
    }

    pub(super) fn fail(&mut self, error: ModelError) {
        self.reply.send_all(std::mem::take(&mut self.news));
        self.reply.fail(error);
    }
}

//! The engine's thread: who is in the batch, and what is computed next.
//!
//! It goes round: take new requests in, drop cancelled ones, admit samples that wait, and give every sample in the batch one token, or
//! two where the model drafted the second and was right.
//! Prompts are read in chunks of bounded length with a step of the batch after each, so that neither holds up the other. Samples are
//! admitted from the request that has the fewest in the batch, of equal ones from the oldest: a request for a thousand samples does
//! not keep out one for a single one for longer than until the next sample ends.
//!
//! A sample that is admitted takes over what is known of its tokens, from a sample in the batch or from the prefix tree. The keys and
//! values of a finished sample go into the tree. When memory is short, the tree shrinks first; then the sample that came last leaves
//! the batch, to be computed again later from its tokens.

use super::{
    NOBODY,
    job::{Inbox, Job},
    sequence::{Draws, Progress, Sequence},
    stats::{Counters, count},
};
use crate::{
    ModelError,
    decoder::{Cache, Decoder, Drafting, rounded},
    healing::TokenIndex,
    prefix::PrefixTree,
    runtime::Failure,
    sampling::Sampler,
    text::Tokenizer,
};
use rayon::prelude::*;
use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{
            AtomicU64,
            Ordering::{Relaxed, SeqCst},
        },
        mpsc,
    },
    time::{Duration, Instant},
};

/// What bounds the engine.
#[derive(Clone, Debug)]
pub(super) struct Limits {
    /// Most samples in the batch.
    pub(super) batch: usize,
    /// Most tokens of a prompt that are read at a time.
    pub(super) chunk: usize,
    /// Bytes for keys and values.
    pub(super) budget: u64,
    /// Whether prefixes are shared.
    pub(super) sharing: bool,
    /// Tokens that end a sample.
    pub(super) eos: Vec<u32>,
}

pub(super) struct Scheduler {
    decoder: Box<dyn Decoder>,
    tokenizer: Arc<Tokenizer>,
    index: Arc<TokenIndex>,
    limits: Limits,
    counters: Arc<Counters>,
    sampler: Sampler,
    tree: PrefixTree<Cache>,
    /// Requests under way, in the order they came.
    jobs: BTreeMap<u64, Job>,
    /// The batch: the decoder's rows in their order, each with a number that grows with every admission.
    rows: Vec<(u64, Sequence)>,
    admissions: u64,
    /// Tells others whose prompt is being read, so that they interrupt nobody else.
    reading: Arc<AtomicU64>,
    /// The sample whose prompt is being read into the staged row, and how many positions that has.
    staged: Option<(Sequence, usize)>,
}

impl Scheduler {
    pub(super) fn new(
        decoder: Box<dyn Decoder>,
        tokenizer: Arc<Tokenizer>,
        index: Arc<TokenIndex>,
        limits: Limits,
        counters: Arc<Counters>,
        reading: Arc<AtomicU64>,
    ) -> Self {
        Scheduler {
            decoder,
            tokenizer,
            index,
            limits,
            counters,
            sampler: Sampler::default(),
            tree: PrefixTree::new(),
            jobs: BTreeMap::new(),
            reading,
            rows: Vec::new(),
            admissions: 0,
            staged: None,
        }
    }

    /// Serves requests until the engine is dropped.
    pub(super) fn run(mut self, inbox: &mpsc::Receiver<Inbox>) {
        let interrupt = self.decoder.interrupt();
        loop {
            let first = match self.jobs.is_empty().then(|| inbox.recv()) {
                Some(Err(mpsc::RecvError)) => return,
                Some(Ok(message)) => Some(message),
                None => None,
            };
            let start = Instant::now();
            let busy = self.decoder.busy();
            for message in first.into_iter().chain(inbox.try_iter()) {
                match message {
                    Inbox::Job(id, job) => {
                        self.jobs.insert(id, *job);
                    }
                    Inbox::Stop => return,
                }
            }
            // A round that was interrupted is begun again, without the request that went.
            if let Err(failure) = self.turn()
                && !interrupt.take()
            {
                self.fail_all(&failure);
            }
            count(&self.counters.work_nanoseconds, nanoseconds(start.elapsed()));
            count(&self.counters.run_nanoseconds, nanoseconds(self.decoder.busy() - busy));
            self.counters.batch_bytes.store(self.decoder.held(), Relaxed);
            self.counters.prefix_bytes.store(self.tree.bytes(), Relaxed);
        }
    }

    /// One round.
    fn turn(&mut self) -> Result<(), Failure> {
        self.drop_cancelled()?;
        self.admit()?;
        self.step()
    }

    fn drop_cancelled(&mut self) -> Result<(), Failure> {
        let cancelled: Vec<u64> = self.jobs.iter().filter(|(_, job)| job.is_cancelled()).map(|(&id, _)| id).collect();
        cancelled.into_iter().try_for_each(|id| self.drop_job(id))
    }

    /// Forgets a request and all of its samples.
    fn drop_job(&mut self, id: u64) -> Result<(), Failure> {
        if self.jobs.remove(&id).is_some() {
            count(&self.counters.requests, 1);
        }
        if self.staged.as_ref().is_some_and(|(sequence, _)| sequence.job == id) {
            self.staged = None;
            self.decoder.abandon();
        }
        for row in (0..self.rows.len()).rev().filter(|&row| self.rows[row].1.job == id).collect::<Vec<_>>() {
            self.leave(row)?;
        }
        Ok(())
    }

    /// Brings waiting samples into the batch, until it is full, memory is short, or a chunk of a prompt has been read.
    fn admit(&mut self) -> Result<(), Failure> {
        loop {
            if self.staged.is_none() && !self.stage()? {
                return Ok(());
            }
            let Some((sequence, done)) = &mut self.staged else { return Ok(()) };
            let rest = &sequence.computed()[*done..];
            if !rest.is_empty() {
                let chunk = &rest[..rest.len().min(self.limits.chunk)];
                self.reading.store(sequence.job, SeqCst);
                let read = self.decoder.prefill(chunk, sequence.tokens[*done + chunk.len()]);
                self.reading.store(NOBODY, SeqCst);
                read?;
                *done += chunk.len();
            }
            let read = !rest.is_empty();
            if *done == sequence.computed().len() {
                self.decoder.commit();
                self.admissions += 1;
                self.rows.extend(self.staged.take().map(|(sequence, _)| (self.admissions, sequence)));
            }
            if read && !self.rows.is_empty() {
                return Ok(());
            }
        }
    }

    /// Chooses the next sample and fills the staged row with what is known of it. `false` if none waits or there is no room.
    fn stage(&mut self) -> Result<bool, Failure> {
        let waiting = self.jobs.iter().filter(|(_, job)| job.waiting() > 0);
        let Some(id) = waiting.min_by_key(|(id, job)| (job.running, **id)).map(|(&id, _)| id) else { return Ok(false) };
        if self.rows.len() >= self.limits.batch {
            return Ok(false);
        }
        let Some(sequence) = self.jobs.get_mut(&id).and_then(|job| job.start(id)) else { return Ok(false) };
        let all_waiting: usize = self.jobs.values().map(Job::waiting).sum();
        let length = sequence.tokens.len() + 1;
        // All that will be needed soon at once, if nothing has to go for it.
        let soon = self.limits.batch.min(self.rows.len() + 1 + all_waiting);
        let ample = self.fits(soon, rounded(length, self.decoder.shape().context)) && self.make_room(soon, length)?;
        if !ample && !self.make_room(self.rows.len() + 1, length)? {
            if let Some(job) = self.jobs.get_mut(&id) {
                job.suspend(sequence);
            }
            if self.rows.is_empty() {
                // Nothing will become free.
                self.fail_job(id, self.no_room(length))?;
            }
            return Ok(false);
        }
        self.decoder.begin();
        let shared = self.share(sequence.computed())?;
        count(&self.counters.prompt_positions, sequence.computed().len() as u64);
        count(&self.counters.shared_positions, shared as u64);
        if let Some(job) = self.jobs.get_mut(&id) {
            job.note_shared(sequence.index, shared);
        }
        self.staged = Some((sequence, shared));
        Ok(true)
    }

    /// Fills the staged row with the longest known prefix of some tokens and returns its length.
    fn share(&mut self, tokens: &[u32]) -> Result<usize, Failure> {
        if !self.limits.sharing {
            return Ok(0);
        }
        let common = |other: &[u32]| other.iter().zip(tokens).take_while(|(a, b)| a == b).count();
        let running = self.rows.iter().enumerate().map(|(row, (_, sequence))| (common(sequence.computed()), row)).max();
        let found = self.tree.find(tokens);
        match running {
            Some((length, row)) if length >= found.length && length > 0 => {
                self.decoder.fork(row, length)?;
                Ok(length)
            }
            _ if found.length > 0 => {
                let parts: Vec<(&Cache, usize)> = self.tree.segments(&found).collect();
                self.decoder.load(&parts)?;
                Ok(found.length)
            }
            _ => Ok(0),
        }
    }

    /// Gets room for so many rows of a length within the budget, if need be at the cost of the tree. `false` if there is none.
    fn make_room(&mut self, rows: usize, length: usize) -> Result<bool, Failure> {
        // Roomy if possible, since every growth copies; the least that will do if memory is short.
        let context = self.decoder.shape().context;
        let lengths = [rounded(length, context), length.next_multiple_of(16).min(context.max(length)), length];
        if !self.fits(rows, lengths[0]) {
            self.decoder.shrink()?;
        }
        for length in lengths {
            while !self.fits(rows, length) && self.tree.evict() {
                count(&self.counters.evictions, 1);
            }
            if self.fits(rows, length) && self.decoder.reserve(rows, length).is_ok() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether the budget holds so many rows of a length, and the tree as it is.
    fn fits(&self, rows: usize, length: usize) -> bool {
        self.decoder.bytes(rows, length) + self.tree.bytes() <= self.limits.budget
    }

    /// Gives every sample in the batch one token, or two where a draft is right.
    fn step(&mut self) -> Result<(), Failure> {
        self.make_room_for_step()?;
        if self.rows.is_empty() {
            return Ok(());
        }
        let tokens: Vec<u32> = self.rows.iter().filter_map(|(_, sequence)| sequence.tokens.last().copied()).collect();
        let drafts: Vec<Option<u32>> = self.rows.iter().map(|(_, sequence)| sequence.draft).collect();
        let vocab = self.decoder.shape().vocab;
        let logits = match self.decoder.drafting() {
            Some(decoder) => decoder.step_ahead(&tokens, &drafts)?,
            None => self.decoder.step(&tokens)?,
        };
        count(&self.counters.steps, 1);

        let (tokenizer, index, eos) = (&*self.tokenizer, &*self.index, self.limits.eos.as_slice());
        let of_row = vocab * Drafting::width(&drafts);
        let advance = |sampler: &mut Sampler, ((_, sequence), logits): (&mut (u64, Sequence), &[f32])| {
            sequence.advance(logits, vocab, &mut Draws { sampler, tokenizer, index, eos })
        };
        let progress: Vec<Option<Progress>> = if logits.len() < WORTH_SHARING {
            self.rows.iter_mut().zip(logits.chunks_exact(of_row)).map(|row| advance(&mut self.sampler, row)).collect()
        } else {
            self.rows.par_iter_mut().zip(logits.par_chunks_exact(of_row)).map_init(Sampler::default, advance).collect()
        };
        self.draft(&drafts, &progress)?;
        let (mut finished, mut done, mut failed) = (Vec::new(), Vec::new(), Vec::new());
        for (row, (progress, (_, sequence))) in progress.into_iter().zip(&self.rows).enumerate() {
            match progress {
                Some(progress) => {
                    count(&self.counters.tokens, progress.drawn.len() as u64);
                    finished.extend(progress.finish.map(|finish| (row, finish)));
                }
                None => failed.push(sequence.job),
            }
        }
        for (row, finish) in finished.into_iter().rev() {
            self.remember(row)?;
            let mut sequence = self.leave(row)?;
            let id = sequence.job;
            let Some(job) = self.jobs.get_mut(&id) else { continue };
            job.note_text(sequence.index, sequence.release_rest());
            if job.finish(sequence.into_sample(finish)) {
                done.push(id);
            }
        }
        self.report();
        done.into_iter().try_for_each(|job| self.drop_job(job))?;
        for job in failed {
            let error = "no token can be drawn: all are banned, or the logits are not numbers".to_owned();
            self.fail_job(job, ModelError::Fault(error))?;
        }
        Ok(())
    }

    /// Where the model drafts: takes the step's drafts to account and drafts for the next one.
    fn draft(&mut self, drafts: &[Option<u32>], progress: &[Option<Progress>]) -> Result<(), Failure> {
        let Some(decoder) = self.decoder.drafting() else { return Ok(()) };
        // A sample that failed leaves after the step, so it may be given any token.
        let drawn: Vec<Vec<u32>> = progress.iter().map(|progress| progress.as_ref().map_or_else(|| vec![0], |p| p.drawn.clone())).collect();
        let accepted = drafts.iter().zip(&drawn).filter(|(draft, drawn)| draft.is_some() && **draft == drawn.first().copied());
        count(&self.counters.accepted, accepted.count() as u64);
        count(&self.counters.drafts, drafts.iter().flatten().count() as u64);
        let vocab = decoder.shape().vocab;
        let logits = decoder.draft(&drawn)?;
        let (tokenizer, index, eos) = (&*self.tokenizer, &*self.index, self.limits.eos.as_slice());
        for (((_, sequence), logits), progress) in self.rows.iter_mut().zip(logits.chunks_exact(vocab)).zip(progress) {
            if progress.as_ref().is_some_and(|progress| progress.finish.is_none()) {
                sequence.draft(logits, &mut Draws { sampler: &mut self.sampler, tokenizer, index, eos });
            }
        }
        Ok(())
    }

    /// Tells readers of finished samples at once, and of new text now and then.
    fn report(&mut self) {
        let now = Instant::now();
        for (_, sequence) in &mut self.rows {
            if let Some(job) = self.jobs.get_mut(&sequence.job).filter(|job| job.is_due(now)) {
                job.note_text(sequence.index, sequence.release());
            }
        }
        self.jobs.values_mut().for_each(|job| job.report(now));
    }

    /// Sees that every row has room for one more position and its draft, at the cost of drafts and then of the samples that came last.
    fn make_room_for_step(&mut self) -> Result<(), Failure> {
        loop {
            let running = self.rows.iter().map(|(_, sequence)| sequence.tokens.len() + usize::from(sequence.draft.is_some())).max();
            let Some(longest) = running.max(self.staged.as_ref().map(|(sequence, _)| sequence.tokens.len())) else { return Ok(()) };
            let rows = self.rows.len() + usize::from(self.staged.is_some());
            if self.make_room(rows, longest)? {
                return Ok(());
            }
            if self.rows.iter_mut().filter_map(|(_, sequence)| sequence.draft.take()).count() > 0 {
                continue;
            }
            count(&self.counters.preemptions, 1);
            let sequence = match self.staged.take() {
                Some((sequence, _)) => {
                    self.decoder.abandon();
                    sequence
                }
                None => {
                    let last = (0..self.rows.len()).max_by_key(|&row| self.rows[row].0).unwrap_or(0);
                    self.leave(last)?
                }
            };
            let alone = self.rows.is_empty();
            let (id, length) = (sequence.job, sequence.tokens.len());
            if let Some(job) = self.jobs.get_mut(&id) {
                job.suspend(sequence);
            }
            if alone {
                // It had all the memory there is.
                return self.fail_job(id, self.no_room(length));
            }
        }
    }

    /// Why a sample of a length gets no memory although it would be the only one.
    fn no_room(&self, length: usize) -> ModelError {
        let (needed, budget) = (self.decoder.row_bytes(length), self.limits.budget);
        if needed > budget {
            return ModelError::OverBudget { needed, budget };
        }
        ModelError::Fault(format!(
            "{needed} bytes for keys and values cannot be allocated: the device has less memory than the budget says"
        ))
    }

    /// Puts what a row computed into the tree, if there is room.
    fn remember(&mut self, row: usize) -> Result<(), Failure> {
        if !self.limits.sharing {
            return Ok(());
        }
        let tokens = self.rows[row].1.computed();
        let found = self.tree.find(tokens);
        let rest = &tokens[found.length..];
        let bytes = rest.len() as u64 * self.decoder.shape().position_bytes();
        if rest.is_empty() {
            return Ok(());
        }
        while self.decoder.held() + self.tree.bytes() + bytes > self.limits.budget {
            // What this sample extends was used just now, so it goes last; then there is no use in the rest either.
            if self.tree.bytes() == 0
                || found.length > 0 && self.tree.bytes() <= found.length as u64 * self.decoder.shape().position_bytes()
            {
                return Ok(());
            }
            self.tree.evict();
            count(&self.counters.evictions, 1);
        }
        // The device may have less memory than the budget says; the samples under way need nothing of this.
        if let Ok(segment) = self.decoder.save(row, found.length, rest.len()) {
            self.tree.add(&found, rest, segment, bytes);
        }
        Ok(())
    }

    /// Takes a row out of the batch.
    fn leave(&mut self, row: usize) -> Result<Sequence, Failure> {
        self.decoder.remove(row)?;
        Ok(self.rows.swap_remove(row).1)
    }

    fn fail_job(&mut self, id: u64, error: ModelError) -> Result<(), Failure> {
        if let Some(job) = self.jobs.get_mut(&id) {
            job.fail(error);
        }
        self.drop_job(id)
    }

    /// After a failure of ONNX Runtime nothing is known about the rows: all samples under way fail.
    fn fail_all(&mut self, Failure(detail): &Failure) {
        self.staged = None;
        self.rows.clear();
        self.decoder.clear();
        let running: Vec<u64> = self.jobs.iter().filter(|(_, job)| job.running > 0).map(|(&id, _)| id).collect();
        for id in running {
            if let Some(mut job) = self.jobs.remove(&id) {
                job.fail(ModelError::Fault(detail.clone()));
                count(&self.counters.requests, 1);
            }
        }
    }
}

/// With as many logits, drawing takes about a millisecond, and other threads are woken to help.
const WORTH_SHARING: usize = 1 << 20;

fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

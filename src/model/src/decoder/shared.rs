//! A decoder over a graph that writes new keys and values into the buffers that hold the old ones (grouped-query attention).
//!
//! The cache is one block `[rows, heads, length, head size]` per tensor, bound as past and as present. A row's positions begin at 0 of
//! its slot, so that rows of different lengths stand side by side, and a step over the first `n` rows needs no copy at all. The staged
//! row is the slot after them, reached by a view of its own.

use super::{
    Cache, Decoder, Shape,
    cache::Part,
    copier::Copier,
    layout::{Interface, Layout},
    logits::Logits,
};
use crate::runtime::{Binding, Failure, Host, Interrupt, Session};
use std::time::Duration;

pub(super) struct Shared {
    pub(super) session: Session,
    copier: Copier,
    pub(super) interface: Interface,
    pub(super) shape: Shape,
    cache: Cache,
    /// Valid positions of each row.
    pub(super) lengths: Vec<usize>,
    /// Valid positions of the staged row.
    pub(super) staged: Option<usize>,
    /// What the last step bound, if rows and cache are still the same.
    step: Option<Step>,
}

/// Inputs and outputs of steps over the same number of rows.
struct Step {
    binding: Binding,
    ids: Host<i64>,
    valid: Valid,
    positions: Option<Host<i64>>,
    logits: Logits,
}

/// What tells the graph which positions are valid.
enum Valid {
    Packed { last_positions: Host<i32>, total: Host<i32>, last_token: Host<i64>, new_tokens: Host<i32> },
    Masked { mask: Host<i64>, width: usize },
}

/// Attention masks are this much wider than needed, so that they are bound anew once in as many steps.
const MASK_STEP: usize = 64;

impl Shared {
    pub(super) fn new(session: Session, copier: Copier, interface: Interface, shape: Shape) -> Self {
        Shared { session, copier, interface, shape, cache: Cache::empty(), lengths: Vec::new(), staged: None, step: None }
    }

    pub(super) fn into_parts(self) -> (Session, Copier, Interface) {
        (self.session, self.copier, self.interface)
    }

    /// Replaces the cache by one of other sizes, with the rows copied over.
    fn resize(&mut self, rows: usize, length: usize) -> Result<(), Failure> {
        self.step = None;
        let used: Vec<usize> = self.lengths.iter().copied().chain(self.staged).collect();
        if used.iter().all(|&length| length == 0) {
            self.cache = Cache::empty();
        }
        if rows == 0 || length == 0 {
            return Ok(());
        }
        let cache = Cache::new(&self.session, &self.shape, rows, length)?;
        for (row, &length) in used.iter().enumerate().filter(|(_, length)| **length > 0) {
            self.copier.fill(&self.session, &cache, row, 0, &[Part { cache: &self.cache, row, start: 0, length }], &self.shape)?;
        }
        self.cache = cache;
        Ok(())
    }

    /// Copies a row within the cache.
    fn move_row(&mut self, from: usize, to: usize, length: usize) -> Result<(), Failure> {
        if from == to || length == 0 {
            return Ok(());
        }
        self.copier.fill(&self.session, &self.cache, to, 0, &[Part { cache: &self.cache, row: from, start: 0, length }], &self.shape)
    }

    /// Rows and positions that there is room for.
    pub(super) fn room(&self) -> (usize, usize) {
        (self.cache.rows, self.cache.length)
    }

    /// Binds `count` rows from `row` on as past and as present of a graph whose tensors begin with number `first` of the cache.
    pub(super) fn bind_cache(
        &self,
        binding: &mut Binding,
        interface: &Interface,
        first: usize,
        row: usize,
        count: usize,
    ) -> Result<(), Failure> {
        for (index, (past, present)) in interface.caches.iter().enumerate() {
            let view = self.cache.view(first + index, row, count, &self.shape, interface.cache_element)?;
            binding.input(past, &view)?;
            binding.output(present, &view)?;
            binding.keep(view);
        }
        Ok(())
    }

    /// The step's inputs, bound once; only their contents change.
    fn new_step(&self, rows: usize, width: usize) -> Result<Step, Failure> {
        let valid = match self.interface.layout {
            Layout::Packed => {
                let places = |row: usize| if self.interface.logits_at.is_some() { row as i64 } else { 0 };
                let (last_positions, last_token) = (Host::new(&[rows])?, Host::of(&[rows], &(0..rows).map(places).collect::<Vec<_>>())?);
                Valid::Packed { last_positions, total: Host::new(&[])?, last_token, new_tokens: Host::of(&[rows], &vec![1i32; rows])? }
            }
            Layout::Masked => Valid::Masked { mask: Host::new(&[rows, width])?, width },
        };
        let positions = self.interface.position_ids.as_ref().map(|_| Host::new(&[rows, 1])).transpose()?;
        let logits = Logits::new(&self.interface, rows, self.shape.vocab)?;
        let mut step = Step { binding: Binding::new(&self.session)?, ids: Host::new(&[rows, 1])?, valid, positions, logits };
        self.bind_cache(&mut step.binding, &self.interface, 0, 0, rows)?;
        step.logits.bind(&mut step.binding, &self.interface)?;
        Ok(step)
    }
}

impl Step {
    /// Whether it serves rows of these lengths.
    fn serves(&self, longest: usize) -> bool {
        match &self.valid {
            Valid::Packed { .. } => true,
            Valid::Masked { width, .. } => longest < *width,
        }
    }

    fn set(&mut self, tokens: &[u32], lengths: &[usize], interface: &Interface) -> Result<(), Failure> {
        for (id, &token) in self.ids.iter_mut().zip(tokens) {
            *id = i64::from(token);
        }
        self.binding.input(&interface.input_ids, &self.ids)?;
        match &mut self.valid {
            Valid::Packed { last_positions, total, last_token, new_tokens } => {
                for (last, &length) in last_positions.iter_mut().zip(lengths) {
                    *last = length as i32;
                }
                total[0] = lengths.iter().max().map_or(1, |&longest| longest as i32 + 1);
                self.binding.input(&interface.seqlens_k, last_positions)?;
                self.binding.input(&interface.total_sequence_length, total)?;
                self.binding.input(interface.places(), last_token)?;
                if let Some(name) = &interface.query_seqlens {
                    self.binding.input(name, new_tokens)?;
                }
            }
            Valid::Masked { mask, width } => {
                for (row, &length) in mask.chunks_exact_mut(*width).zip(lengths) {
                    let (valid, rest) = row.split_at_mut(length + 1);
                    valid.fill(1);
                    rest.fill(0);
                }
                self.binding.input(&interface.attention_mask, mask)?;
            }
        }
        if let (Some(positions), Some(name)) = (&mut self.positions, &interface.position_ids) {
            for (position, &length) in positions.iter_mut().zip(lengths) {
                *position = length as i64;
            }
            self.binding.input(name, positions)?;
        }
        Ok(())
    }
}

impl Decoder for Shared {
    fn shape(&self) -> &Shape {
        &self.shape
    }

    fn bytes(&self, rows: usize, length: usize) -> u64 {
        if rows <= self.cache.rows && length <= self.cache.length {
            return self.held();
        }
        let (rows, length) = (rows.max(self.cache.rows), length.max(self.cache.length));
        rows as u64 * length as u64 * self.shape.position_bytes()
    }

    fn row_bytes(&self, length: usize) -> u64 {
        length as u64 * self.shape.position_bytes()
    }

    fn held(&self) -> u64 {
        self.cache.bytes()
    }

    fn reserve(&mut self, rows: usize, length: usize) -> Result<(), Failure> {
        if rows <= self.cache.rows && length <= self.cache.length {
            return Ok(());
        }
        self.resize(rows.max(self.cache.rows), length.max(self.cache.length))
    }

    fn shrink(&mut self) -> Result<(), Failure> {
        let longest = self.lengths.iter().copied().chain(self.staged).max().unwrap_or(0);
        let rows = self.lengths.len() + usize::from(self.staged.is_some());
        if rows == self.cache.rows && longest == self.cache.length {
            return Ok(());
        }
        self.resize(rows, longest)
    }

    fn begin(&mut self) {
        self.staged = Some(0);
    }

    fn load(&mut self, parts: &[(&Cache, usize)]) -> Result<(), Failure> {
        let length = parts.iter().map(|(_, length)| length).sum();
        let parts: Vec<Part<'_>> = parts.iter().map(|&(cache, length)| Part { cache, row: 0, start: 0, length }).collect();
        self.copier.fill(&self.session, &self.cache, self.lengths.len(), 0, &parts, &self.shape)?;
        self.staged = Some(length);
        Ok(())
    }

    fn fork(&mut self, row: usize, length: usize) -> Result<(), Failure> {
        self.move_row(row, self.lengths.len(), length)?;
        self.staged = Some(length);
        Ok(())
    }

    fn prefill(&mut self, tokens: &[u32], _next: u32) -> Result<(), Failure> {
        let start = self.staged.unwrap_or(0);
        let (row, total) = (self.lengths.len(), start + tokens.len());
        let mut binding = Binding::new(&self.session)?;
        self.bind_cache(&mut binding, &self.interface, 0, row, 1)?;
        let ids: Vec<i64> = tokens.iter().map(|&token| i64::from(token)).collect();
        let ids = Host::of(&[1, ids.len()], &ids)?;
        binding.input(&self.interface.input_ids, &ids)?;
        let positions = Host::of(&[1, tokens.len()], &(start as i64..total as i64).collect::<Vec<_>>())?;
        if let Some(name) = &self.interface.position_ids {
            binding.input(name, &positions)?;
        }
        binding.discard(&self.interface.logits, self.session.device())?;
        match self.interface.layout {
            Layout::Packed => {
                let last_positions = Host::of(&[1], &[total as i32 - 1])?;
                let (total, last_token) = (Host::of(&[], &[total as i32])?, Host::of(&[1], &[tokens.len() as i64 - 1])?);
                binding.input(&self.interface.seqlens_k, &last_positions)?;
                binding.input(&self.interface.total_sequence_length, &total)?;
                binding.input(self.interface.places(), &last_token)?;
                let new_tokens = Host::of(&[1], &[tokens.len() as i32])?;
                if let Some(name) = &self.interface.query_seqlens {
                    binding.input(name, &new_tokens)?;
                }
                self.session.run(&binding)?;
            }
            Layout::Masked => {
                let mask = Host::of(&[1, total], &vec![1i64; total])?;
                binding.input(&self.interface.attention_mask, &mask)?;
                self.session.run(&binding)?;
            }
        }
        self.staged = Some(total);
        Ok(())
    }

    fn commit(&mut self) {
        self.lengths.extend(self.staged.take());
    }

    fn abandon(&mut self) {
        self.staged = None;
    }

    fn remove(&mut self, row: usize) -> Result<(), Failure> {
        let last = self.lengths.len() - 1;
        self.move_row(last, row, self.lengths[last])?;
        if let Some(length) = self.staged {
            self.move_row(last + 1, last, length)?;
        }
        self.lengths.swap_remove(row);
        Ok(())
    }

    fn clear(&mut self) {
        self.lengths.clear();
        self.staged = None;
        self.step = None;
        self.cache = Cache::empty();
    }

    fn save(&mut self, row: usize, start: usize, length: usize) -> Result<Cache, Failure> {
        let saved = Cache::new(&self.session, &self.shape, 1, length)?;
        self.copier.fill(&self.session, &saved, 0, 0, &[Part { cache: &self.cache, row, start, length }], &self.shape)?;
        Ok(saved)
    }

    fn step(&mut self, tokens: &[u32]) -> Result<&[f32], Failure> {
        let longest = self.lengths.iter().copied().max().unwrap_or(0);
        if longest >= self.cache.length || tokens.len() != self.lengths.len() {
            return Err(Failure(format!("a step past the {} positions of the cache", self.cache.length)));
        }
        let kept = self.step.take().filter(|step| step.ids.len() == tokens.len() && step.serves(longest));
        let mut step = match kept {
            Some(step) => step,
            None => self.new_step(tokens.len(), (longest + 1).next_multiple_of(MASK_STEP).min(self.cache.length))?,
        };
        step.set(tokens, &self.lengths, &self.interface)?;
        self.session.run(&step.binding)?;
        for length in &mut self.lengths {
            *length += 1;
        }
        Ok(self.step.insert(step).logits.read())
    }

    fn interrupt(&self) -> Interrupt {
        self.session.interrupt()
    }

    fn busy(&self) -> Duration {
        self.session.busy()
    }
}

//! A decoder over a graph that returns keys and values longer by the new tokens (Optimum's exports).
//!
//! In the batch's cache `[rows, heads, length, head size]` rows end together at the last position; shorter ones have unused positions
//! before them, which the attention mask hides. So what a step returns is the next step's past as it is. Rows are only copied when the
//! set of rows changed since the step before.

use super::{Cache, Decoder, Shape, cache::Part, copier::Copier, layout::Interface, logits::Logits, rounded};
use crate::runtime::{Binding, Failure, Host, Interrupt, Session};
use std::{sync::Arc, time::Duration};

pub(super) struct Grown {
    session: Session,
    copier: Copier,
    interface: Interface,
    shape: Shape,
    rows: Vec<Row>,
    staged: Option<Row>,
    /// Memory of the step before the last, for the next one to write to.
    spare: Option<Cache>,
    /// Where steps over this many rows leave their logits.
    logits: Option<(usize, Logits)>,
}

/// Where a row lies: the positions `start..start + length` of a row of a cache.
#[derive(Clone)]
struct Row {
    cache: Arc<Cache>,
    row: usize,
    start: usize,
    length: usize,
}

impl Row {
    fn empty() -> Self {
        Row { cache: Arc::new(Cache::empty()), row: 0, start: 0, length: 0 }
    }

    fn part(&self) -> Part<'_> {
        Part { cache: &self.cache, row: self.row, start: self.start, length: self.length }
    }
}

impl Grown {
    pub(super) fn new(session: Session, copier: Copier, interface: Interface, shape: Shape) -> Self {
        Grown { session, copier, interface, shape, rows: Vec::new(), staged: None, spare: None, logits: None }
    }

    /// Positions of the longest row, the staged one counted.
    fn longest(&self) -> usize {
        self.rows.iter().chain(&self.staged).map(|row| row.length).max().unwrap_or(0)
    }

    /// A cache of exactly these sizes, of the spare memory if it is enough.
    fn allocate(&mut self, rows: usize, length: usize) -> Result<Cache, Failure> {
        if let Some(cache) = self.spare.take().and_then(|spare| spare.reshaped(&self.shape, rows, length)) {
            return Ok(cache);
        }
        let roomy = Cache::new(&self.session, &self.shape, rows, rounded(length, self.shape.context))?;
        roomy.reshaped(&self.shape, rows, length).ok_or_else(|| Failure("a cache smaller than asked for".to_owned()))
    }

    /// The rows side by side in one cache, ending together: what the last step returned, or a copy.
    fn gathered(&mut self, rows: &[Row]) -> Result<Arc<Cache>, Failure> {
        let longest = rows.iter().map(|row| row.length).max().unwrap_or(0);
        let first = &rows[0].cache;
        let in_place = first.rows == rows.len()
            && first.length == longest
            && rows
                .iter()
                .enumerate()
                .all(|(at, row)| Arc::ptr_eq(&row.cache, first) && row.row == at && row.start + row.length == longest);
        if in_place {
            return Ok(Arc::clone(first));
        }
        let cache = self.allocate(rows.len(), longest)?;
        // What lies before a row is hidden from the attention, but only numbers times zero are zero.
        self.copier.zero(&cache);
        for (at, row) in rows.iter().enumerate() {
            self.copier.fill(&self.session, &cache, at, longest - row.length, &[row.part()], &self.shape)?;
        }
        Ok(Arc::new(cache))
    }

    /// Runs `tokens`, the same number for each row, and returns the rows' new places. Logits are read into `logits` or dropped.
    fn run(&mut self, rows: &[Row], tokens: &[u32], logits: Option<&Logits>) -> Result<Vec<Row>, Failure> {
        let (count, each) = (rows.len(), tokens.len() / rows.len());
        let past = self.gathered(rows)?;
        let (held, total) = (past.length, past.length + each);
        let present = Arc::new(self.allocate(count, total)?);

        let mut binding = Binding::new(&self.session)?;
        let ids: Vec<i64> = tokens.iter().map(|&token| i64::from(token)).collect();
        let ids = Host::of(&[count, each], &ids)?;
        binding.input(&self.interface.input_ids, &ids)?;
        let mut mask = Host::<i64>::new(&[count, total])?;
        let mut positions = Host::<i64>::new(&[count, each])?;
        for (at, row) in rows.iter().enumerate() {
            mask[at * total..(at + 1) * total][held - row.length..].fill(1);
            for (offset, position) in positions[at * each..(at + 1) * each].iter_mut().enumerate() {
                *position = (row.length + offset) as i64;
            }
        }
        binding.input(&self.interface.attention_mask, &mask)?;
        if let Some(name) = &self.interface.position_ids {
            binding.input(name, &positions)?;
        }
        let use_cache = Host::of(&[1], &[held > 0])?;
        if let Some(name) = &self.interface.use_cache_branch {
            binding.input(name, &use_cache)?;
        }
        for (index, (past_name, present_name)) in self.interface.caches.iter().enumerate() {
            let element = self.interface.cache_element;
            let (from, to) = (past.view(index, 0, count, &self.shape, element)?, present.view(index, 0, count, &self.shape, element)?);
            binding.input(past_name, &from)?;
            binding.output(present_name, &to)?;
            binding.keep(from);
            binding.keep(to);
        }
        match logits {
            Some(logits) => logits.bind(&mut binding, &self.interface)?,
            None => binding.discard(&self.interface.logits, self.session.device())?,
        }
        self.session.run(&binding)?;
        drop(binding);
        let place =
            |(at, row): (usize, &Row)| Row { cache: Arc::clone(&present), row: at, start: held - row.length, length: row.length + each };
        Ok(rows.iter().enumerate().map(place).collect())
    }

    /// Keeps the memory of rows that are no longer needed, if nothing else refers to it.
    fn recycle(&mut self, rows: Vec<Row>) {
        for row in rows {
            if let Some(cache) = Arc::into_inner(row.cache)
                && self.spare.as_ref().is_none_or(|spare| spare.bytes() < cache.bytes())
            {
                self.spare = Some(cache);
            }
        }
    }
}

impl Decoder for Grown {
    fn shape(&self) -> &Shape {
        &self.shape
    }

    fn bytes(&self, rows: usize, length: usize) -> u64 {
        // Every row is as long as the longest, and the past and the present are there at once.
        let length = length.max(self.longest());
        2 * rows as u64 * length as u64 * self.shape.position_bytes()
    }

    fn row_bytes(&self, length: usize) -> u64 {
        2 * length as u64 * self.shape.position_bytes()
    }

    fn held(&self) -> u64 {
        self.bytes(self.rows.len() + usize::from(self.staged.is_some()), 0)
    }

    fn reserve(&mut self, _rows: usize, _length: usize) -> Result<(), Failure> {
        Ok(())
    }

    fn shrink(&mut self) -> Result<(), Failure> {
        self.spare = None;
        Ok(())
    }

    fn begin(&mut self) {
        self.staged = Some(Row::empty());
    }

    fn load(&mut self, parts: &[(&Cache, usize)]) -> Result<(), Failure> {
        let length = parts.iter().map(|(_, length)| length).sum();
        let cache = Cache::new(&self.session, &self.shape, 1, length)?;
        let parts: Vec<Part<'_>> = parts.iter().map(|&(cache, length)| Part { cache, row: 0, start: 0, length }).collect();
        self.copier.fill(&self.session, &cache, 0, 0, &parts, &self.shape)?;
        self.staged = Some(Row { cache: Arc::new(cache), row: 0, start: 0, length });
        Ok(())
    }

    fn fork(&mut self, row: usize, length: usize) -> Result<(), Failure> {
        self.staged = Some(Row { length, ..self.rows[row].clone() });
        Ok(())
    }

    fn prefill(&mut self, tokens: &[u32], _next: u32) -> Result<(), Failure> {
        let staged = self.staged.clone().unwrap_or_else(Row::empty);
        self.staged = self.run(&[staged], tokens, None)?.pop();
        Ok(())
    }

    fn commit(&mut self) {
        self.rows.extend(self.staged.take());
    }

    fn abandon(&mut self) {
        self.staged = None;
    }

    fn remove(&mut self, row: usize) -> Result<(), Failure> {
        self.rows.swap_remove(row);
        Ok(())
    }

    fn clear(&mut self) {
        self.rows.clear();
        self.staged = None;
        self.spare = None;
    }

    fn save(&mut self, row: usize, start: usize, length: usize) -> Result<Cache, Failure> {
        let saved = Cache::new(&self.session, &self.shape, 1, length)?;
        let from = &self.rows[row];
        let part = Part { cache: &from.cache, row: from.row, start: from.start + start, length };
        self.copier.fill(&self.session, &saved, 0, 0, &[part], &self.shape)?;
        Ok(saved)
    }

    fn step(&mut self, tokens: &[u32]) -> Result<&[f32], Failure> {
        let logits = match self.logits.take() {
            Some((rows, logits)) if rows == tokens.len() => logits,
            _ => Logits::new(&self.interface, tokens.len(), self.shape.vocab)?,
        };
        let before = self.rows.clone();
        let after = self.run(&before, tokens, Some(&logits))?;
        drop(std::mem::replace(&mut self.rows, after));
        self.recycle(before);
        Ok(self.logits.insert((tokens.len(), logits)).1.read())
    }

    fn interrupt(&self) -> Interrupt {
        self.session.interrupt()
    }

    fn busy(&self) -> Duration {
        self.session.busy()
    }
}

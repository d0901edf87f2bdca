//! Keys and values of some rows: for each layer two tensors `[rows, heads, length, head size]`.

use super::Shape;
use crate::runtime::{Buffer, Element, Failure, Session, View};
use std::sync::Arc;

/// Memory for the keys and values of `rows` rows of `length` positions, one tensor after the other.
pub(crate) struct Cache {
    memory: Option<Arc<Buffer>>,
    pub(crate) rows: usize,
    pub(crate) length: usize,
}

/// Positions `start..start + length` of a row of a cache.
pub(crate) struct Part<'a> {
    pub(crate) cache: &'a Cache,
    pub(crate) row: usize,
    pub(crate) start: usize,
    pub(crate) length: usize,
}

impl Cache {
    /// New memory, with anything in it.
    pub(crate) fn new(session: &Session, shape: &Shape, rows: usize, length: usize) -> Result<Self, Failure> {
        let memory = Buffer::new(session.memory(), shape.cache_bytes(rows, length))?;
        Ok(Cache { memory: Some(memory), rows, length })
    }

    pub(crate) fn empty() -> Self {
        Cache { memory: None, rows: 0, length: 0 }
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.memory.as_ref().map_or(0, |memory| memory.len() as u64)
    }

    /// The same memory taken for another number of rows and positions, if it is enough.
    pub(crate) fn reshaped(self, shape: &Shape, rows: usize, length: usize) -> Option<Self> {
        let fits = self.memory.is_some() && shape.cache_bytes(rows, length) as u64 <= self.bytes();
        fits.then_some(Cache { memory: self.memory, rows, length })
    }

    /// `count` rows from `row` on of tensor `index`, as a graph takes it.
    pub(crate) fn view(&self, index: usize, row: usize, count: usize, shape: &Shape, element: Element) -> Result<View, Failure> {
        let memory = self.memory.as_ref().ok_or_else(|| Failure("a cache without memory".to_owned()))?;
        let at = self.begin(index, shape) + shape.tensor_bytes(index, row, self.length);
        let (heads, head_dim) = shape.heads[index];
        View::new(memory, at, &[count, heads, self.length, head_dim], element)
    }

    /// Where in the memory tensor `index` begins.
    fn begin(&self, index: usize, shape: &Shape) -> usize {
        (0..index).map(|before| shape.aligned_bytes(before, self.rows, self.length)).sum()
    }

    /// Zeroes everything, in host memory.
    pub(crate) fn zero(&self) {
        if let Some(memory) = &self.memory {
            memory.zero();
        }
    }

    /// Writes parts one after the other into a row, from position `at` on.
    pub(crate) fn fill(&self, row: usize, at: usize, parts: &[Part<'_>], shape: &Shape) {
        let Some(to) = &self.memory else { return };
        for (index, &(heads, head_dim)) in shape.heads.iter().enumerate() {
            let position = head_dim * shape.element_bytes;
            let mut at = at;
            for Part { cache, row: from_row, start, length } in parts {
                let Some(from) = &cache.memory else { continue };
                for head in 0..heads {
                    let to_at = self.begin(index, shape) + ((row * heads + head) * self.length + at) * position;
                    let from_at = cache.begin(index, shape) + ((from_row * heads + head) * cache.length + start) * position;
                    to.copy_from(to_at, from, from_at, length * position);
                }
                at += length;
            }
        }
    }
}

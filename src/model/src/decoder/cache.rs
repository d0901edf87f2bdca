//! Keys and values of some rows: for each layer two tensors `[rows, heads, length, head size]`.

use super::Shape;
use crate::runtime::{Buffer, Element, Failure, Session, View};
use std::sync::Arc;

/// Memory for the keys and values of `rows` rows of `length` positions.
pub(crate) struct Cache {
    tensors: Vec<Arc<Buffer>>,
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
    pub(crate) fn new(session: &Session, shape: &Shape, rows: usize, length: usize) -> Result<Self, Failure> {
        let tensors = (0..shape.heads.len())
            .map(|tensor| Buffer::new(session.allocator(), shape.tensor_bytes(tensor, rows, length)))
            .collect::<Result<_, _>>()?;
        Ok(Cache { tensors, rows, length })
    }

    pub(crate) fn empty() -> Self {
        Cache { tensors: Vec::new(), rows: 0, length: 0 }
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.tensors.iter().map(|tensor| tensor.len() as u64).sum()
    }

    /// The same memory taken for another number of rows and positions, if it is enough.
    pub(crate) fn reshaped(self, shape: &Shape, rows: usize, length: usize) -> Option<Self> {
        let fits = self.tensors.len() == shape.heads.len()
            && self.tensors.iter().enumerate().all(|(index, tensor)| shape.tensor_bytes(index, rows, length) <= tensor.len());
        fits.then_some(Cache { tensors: self.tensors, rows, length })
    }

    /// `count` rows from `row` on of tensor `index`, as a graph takes it.
    pub(crate) fn view(&self, index: usize, row: usize, count: usize, shape: &Shape, element: Element) -> Result<View, Failure> {
        let at = shape.tensor_bytes(index, row, self.length);
        let (heads, head_dim) = shape.heads[index];
        View::new(&self.tensors[index], at, &[count, heads, self.length, head_dim], element)
    }

    /// Writes parts one after the other into a row, from position `at` on.
    pub(crate) fn fill(&self, row: usize, at: usize, parts: &[Part<'_>], shape: &Shape) {
        for (index, to) in self.tensors.iter().enumerate() {
            let (heads, head_dim) = shape.heads[index];
            let position = head_dim * shape.element_bytes;
            let mut at = at;
            for part in parts {
                let from = part.cache;
                for head in 0..heads {
                    let to_at = ((row * heads + head) * self.length + at) * position;
                    let from_at = ((part.row * heads + head) * from.length + part.start) * position;
                    to.copy_from(to_at, &from.tensors[index], from_at, part.length * position);
                }
                at += part.length;
            }
        }
    }
}

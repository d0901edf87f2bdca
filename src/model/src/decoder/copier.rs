//! Copies of keys and values between caches.

use super::{Cache, Shape, cache::Part};
use crate::runtime::Failure;

/// What copies.
pub(super) enum Copier {
    /// The processor, for caches in host memory.
    Host,
}

impl Copier {
    /// Writes parts one after the other into row `row` of `to`, from position `at` on. What the row holds elsewhere is unspecified.
    pub(super) fn fill(&mut self, to: &Cache, row: usize, at: usize, parts: &[Part<'_>], shape: &Shape) -> Result<(), Failure> {
        match self {
            Copier::Host => to.fill(row, at, parts, shape),
        }
        Ok(())
    }

    /// Puts numbers where `fill` will not write.
    pub(super) fn zero(&self, cache: &Cache) {
        match self {
            Copier::Host => cache.zero(),
        }
    }
}

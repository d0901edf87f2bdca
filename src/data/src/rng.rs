//! Random draws as the families write them.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A portable stream of random draws.
#[derive(Clone, Debug)]
pub(crate) struct Rng(ChaCha8Rng);

impl Rng {
    /// The stream of a text under a seed, at a place in it.
    pub(crate) fn new(seed: u64, text: &str, place: u64) -> Rng {
        let mut hasher = blake3::Hasher::new_derive_key("prove-data 2026 streams v1");
        hasher.update(&seed.to_le_bytes());
        hasher.update(text.as_bytes());
        let mut rng = ChaCha8Rng::from_seed(*hasher.finalize().as_bytes());
        rng.set_stream(place);
        Rng(rng)
    }

    /// An integer from `low` to `high`, both included; `low` where the range is empty.
    pub(crate) fn int(&mut self, low: i64, high: i64) -> i64 {
        if high <= low { low } else { self.0.random_range(low..=high) }
    }

    /// As [`Rng::int`], never zero.
    pub(crate) fn nonzero(&mut self, low: i64, high: i64) -> i64 {
        match self.int(low, high) {
            0 => 1,
            n => n,
        }
    }

    /// An index below `n`; 0 for an empty range.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        if n < 2 { 0 } else { self.0.random_range(0..n) }
    }

    /// True in so many of a hundred cases.
    pub(crate) fn chance(&mut self, percent: u32) -> bool {
        self.0.random_range(0..100) < percent
    }

    /// One of the choices, of which there is at least one.
    pub(crate) fn pick<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())].clone()
    }

    /// A random order.
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i + 1));
        }
    }
}

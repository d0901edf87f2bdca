//! Seeded randomness: one independent ChaCha8 stream for each (seed, problem, sample).

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The random streams of one problem under one seed.
///
/// Every sample has its own stream, so that what one sample draws does not depend on which samples ran before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Streams {
    key: [u8; 32],
}

impl Streams {
    /// The streams of `problem` (any text that names it) under `seed`.
    pub fn new(seed: u64, problem: &str) -> Streams {
        let mut hasher = blake3::Hasher::new_derive_key("prove-search 2026 streams v1");
        hasher.update(&seed.to_le_bytes());
        hasher.update(problem.as_bytes());
        Streams { key: *hasher.finalize().as_bytes() }
    }

    /// The streams of a search inside this one; `label` tells it from its siblings.
    pub fn inside(&self, label: &str) -> Streams {
        let mut hasher = blake3::Hasher::new_keyed(&self.key);
        hasher.update(label.as_bytes());
        Streams { key: *hasher.finalize().as_bytes() }
    }

    /// The generator of one sample.
    pub fn sample(&self, sample: u64) -> ChaCha8Rng {
        let mut rng = ChaCha8Rng::from_seed(self.key);
        rng.set_stream(sample);
        rng
    }

    /// The first number of a sample's stream: the seed handed to a policy for it.
    pub fn draw(&self, sample: u64) -> u64 {
        self.sample(sample).next_u64()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_differ_by_seed_problem_and_sample_and_repeat() {
        let a = Streams::new(1, "p");
        let numbers = [a.draw(0), a.draw(1), Streams::new(2, "p").draw(0), Streams::new(1, "q").draw(0)];
        for (i, x) in numbers.iter().enumerate() {
            assert!(numbers[i + 1..].iter().all(|y| x != y));
        }
        assert_eq!(Streams::new(1, "p").draw(1), numbers[1]);
        let inner = a.inside("x");
        assert!(inner != a && inner != a.inside("y") && inner == Streams::new(1, "p").inside("x"));
    }
}

//! Drawing a token from logits. Pure: the same logits, settings and state of the random stream give the same token.
//!
//! Filters work as in the field's other engines: temperature first, then top-k and top-p ("nucleus", Holtzman et al. 2020, section 3.1)
//! and min-p (Nguyen et al. 2024, section 3) on the resulting probabilities, renormalised after each. Of equal probabilities the lower
//! id counts as the likelier, and ids are laid out in ascending order on the interval that the random number falls into, so that a
//! tiny change of the logits moves the boundaries by as tiny an amount and nothing else.

mod kernel;

use crate::Sampling;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The random stream of one sample of a request.
pub(crate) fn stream(seed: u64, sample: u32) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(u64::from(sample));
    rng
}

/// A drawn token.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Drawn {
    pub(crate) token: u32,
    /// Natural log-probability of the token under the unfiltered distribution at temperature 1, if asked for.
    pub(crate) logprob: Option<f32>,
}

/// Which tokens may be drawn.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Allowed<'a> {
    /// Ids from here on stand for no text: graphs pad their output.
    pub(crate) size: usize,
    /// Never these.
    pub(crate) banned: &'a [u32],
    /// Only these, if given.
    pub(crate) only: Option<&'a [u32]>,
}

/// Scratch memory of the sampler.
#[derive(Default)]
pub(crate) struct Sampler {
    logits: Vec<f32>,
    candidates: Vec<(u32, f32)>,
}

impl Sampler {
    /// Draws a token. `None` if none is allowed, or no logit is a number.
    pub(crate) fn draw(
        &mut self,
        logits: &[f32],
        sampling: &Sampling,
        allowed: Allowed<'_>,
        logprob: bool,
        rng: &mut ChaCha8Rng,
    ) -> Option<Drawn> {
        let token = self.token(&logits[..allowed.size.min(logits.len())], sampling, allowed, rng)?;
        let logprob = logprob.then(|| kernel::log_probability(logits, token as usize));
        Some(Drawn { token, logprob })
    }

    fn token(&mut self, logits: &[f32], sampling: &Sampling, allowed: Allowed<'_>, rng: &mut ChaCha8Rng) -> Option<u32> {
        if sampling.temperature == 0.0 && allowed.only.is_none() {
            let likeliest = kernel::argmax(logits)? as u32;
            if !allowed.banned.contains(&likeliest) {
                return Some(likeliest);
            }
        }
        self.logits.clear();
        match allowed.only {
            Some(only) => {
                self.logits.resize(logits.len(), f32::NEG_INFINITY);
                for &token in only.iter().filter(|&&token| (token as usize) < logits.len()) {
                    self.logits[token as usize] = logits[token as usize];
                }
            }
            None => self.logits.extend_from_slice(logits),
        }
        for &token in allowed.banned {
            if let Some(logit) = self.logits.get_mut(token as usize) {
                *logit = f32::NEG_INFINITY;
            }
        }
        let likeliest = kernel::argmax(&self.logits)?;
        if sampling.temperature == 0.0 {
            return Some(likeliest as u32);
        }
        // From here on, `self.logits` are weights: probabilities up to a common factor, the likeliest being 1.
        let highest = self.logits[likeliest];
        let total = kernel::weights(&mut self.logits, highest, 1.0 / sampling.temperature);
        // The draw is made even where it decides nothing, so that it always is the stream's next number.
        let point: f32 = rng.random();
        // Where rounding puts the point beyond the last stretch, the likeliest token stands in.
        if sampling.top_k == 0 && sampling.top_p >= 1.0 && sampling.min_p == 0.0 {
            let picked = kernel::pick(&self.logits, f64::from(point) * f64::from(total));
            return Some(picked.unwrap_or(likeliest) as u32);
        }
        let mut total = total;
        if sampling.top_k > 0 {
            total = self.keep_likeliest(|taken| taken.count >= sampling.top_k);
        }
        if sampling.top_p < 1.0 {
            let mass = sampling.top_p * total;
            total = self.keep_likeliest(|taken| taken.mass >= mass);
        }
        if sampling.min_p > 0.0 {
            total = kernel::keep_from(&mut self.logits, sampling.min_p);
        }
        Some(kernel::pick(&self.logits, f64::from(point) * f64::from(total)).unwrap_or(likeliest) as u32)
    }

    /// Goes through the weights from the likeliest on until `enough` have been taken, zeroes the others, and returns the sum of those
    /// taken. The boundary is closed in on by halving, so that only the weights next to it are put in order.
    fn keep_likeliest(&mut self, enough: impl Fn(Taken) -> bool) -> f32 {
        // The bits of weights are ordered like the weights. At `low` and above there is enough, at `high` and above there is not.
        let (mut low, mut high) = (1, 1.0f32.to_bits() + 1);
        let all = kernel::at_least(&self.logits, f32::from_bits(low));
        if !enough(all) {
            return all.mass;
        }
        let mut taken = Taken::default();
        for _ in 0..HALVINGS {
            let middle = low.midpoint(high);
            let above = kernel::at_least(&self.logits, f32::from_bits(middle));
            if enough(above) {
                low = middle;
            } else {
                (high, taken) = (middle, above);
            }
        }
        let next = (f32::from_bits(low), f32::from_bits(high));
        self.candidates.clear();
        let between = self.logits.iter().copied().enumerate().filter(|&(_, weight)| weight >= next.0 && weight < next.1);
        self.candidates.extend(between.map(|(id, weight)| (id as u32, weight)));
        self.candidates.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let last = self.candidates.iter().position(|&(_, weight)| {
            taken = Taken { count: taken.count + 1, mass: taken.mass + weight };
            enough(taken)
        });
        for &(id, _) in &self.candidates[last.map_or(self.candidates.len(), |last| last + 1)..] {
            self.logits[id as usize] = 0.0;
        }
        kernel::keep_from(&mut self.logits, next.0)
    }
}

/// Weights range over 30 bits; after so many halvings those that are left lie within a hundredth of one another.
const HALVINGS: usize = 14;

/// Some of the weights.
#[derive(Clone, Copy, Debug, Default)]
struct Taken {
    count: u32,
    mass: f32,
}

#[cfg(test)]
mod tests;

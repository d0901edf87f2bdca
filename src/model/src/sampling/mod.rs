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
use std::cmp::Ordering;

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
    /// Draws a token. `None` if no token is allowed, or the logits are not numbers.
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
        let restricted = allowed.only.is_some() || !allowed.banned.is_empty();
        if sampling.temperature == 0.0 && !restricted {
            return kernel::argmax(logits).map(|index| index as u32);
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
        self.filter(sampling, total);
        self.logits.clear();
        self.logits.extend(self.candidates.iter().map(|&(_, weight)| weight));
        let total: f64 = self.logits.iter().copied().map(f64::from).sum();
        let picked = kernel::pick(&self.logits, f64::from(point) * total);
        Some(picked.map_or(likeliest as u32, |at| self.candidates[at].0))
    }

    /// Leaves in `candidates` what the filters leave, by ascending id.
    fn filter(&mut self, sampling: &Sampling, total: f32) {
        // Below this weight top-p and min-p keep no token: all such tokens together are less likely than what top-p cuts off.
        let outside_nucleus = (1.0 - sampling.top_p) * total / self.logits.len() as f32;
        let floor = if sampling.top_k == 0 { outside_nucleus.max(sampling.min_p) } else { 0.0 };
        let weights = self.logits.iter().copied().enumerate();
        self.candidates.clear();
        self.candidates.extend(weights.filter(|&(_, weight)| weight > 0.0 && weight >= floor).map(|(id, weight)| (id as u32, weight)));

        let likelier = |a: &(u32, f32), b: &(u32, f32)| b.1.partial_cmp(&a.1).unwrap_or(Ordering::Equal).then(a.0.cmp(&b.0));
        let keep = sampling.top_k as usize;
        let mut total = total;
        if keep > 0 && keep < self.candidates.len() {
            self.candidates.select_nth_unstable_by(keep, likelier);
            self.candidates.truncate(keep);
        }
        if keep > 0 {
            total = self.candidates.iter().map(|&(_, weight)| weight).sum();
        }
        if sampling.top_p < 1.0 {
            self.candidates.sort_unstable_by(likelier);
            let mut sum = 0.0;
            let within = self.candidates.iter().position(|&(_, weight)| {
                sum += weight;
                sum >= sampling.top_p * total
            });
            self.candidates.truncate(within.map_or(self.candidates.len(), |last| last + 1));
        }
        self.candidates.retain(|&(_, weight)| weight >= sampling.min_p);
        self.candidates.sort_unstable_by_key(|&(id, _)| id);
    }
}

#[cfg(test)]
mod tests;

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
    /// Logits, then probabilities up to a common factor, the likeliest being 1.
    weights: Vec<f32>,
    candidates: Vec<(u32, f32)>,
    sums: Vec<f32>,
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
        self.weights.clear();
        match allowed.only {
            Some(only) => {
                self.weights.resize(logits.len(), f32::NEG_INFINITY);
                for &token in only.iter().filter(|&&token| (token as usize) < logits.len()) {
                    self.weights[token as usize] = logits[token as usize];
                }
            }
            None => self.weights.extend_from_slice(logits),
        }
        for &token in allowed.banned {
            if let Some(logit) = self.weights.get_mut(token as usize) {
                *logit = f32::NEG_INFINITY;
            }
        }
        if sampling.temperature == 0.0 {
            return kernel::argmax(&self.weights).map(|likeliest| likeliest as u32);
        }
        let highest = Some(kernel::maximum(&self.weights)).filter(|&highest| highest > f32::NEG_INFINITY)?;
        let mass = kernel::weights(&mut self.weights, highest, sampling.temperature);
        // The draw is made even where it decides nothing, so that it always is the stream's next number.
        let point: f32 = rng.random();
        // Weights that reach this are kept.
        let mut bound = f32::MIN_POSITIVE;
        if sampling.top_k > 0 {
            bound = self.boundary(bound, sampling.top_k as f32, |weights, bound| kernel::count(weights, bound) as f32, |_| 1.0);
        }
        if sampling.top_p < 1.0 {
            let mass = if sampling.top_k > 0 { kernel::mass(&self.weights, bound) } else { mass };
            let wanted = sampling.top_p * mass;
            // All weights below this one together do not make up the mass that can be left out.
            let floor = (mass - wanted) / self.weights.len() as f32;
            bound = self.boundary(bound.max(floor), wanted, kernel::mass, |weight| weight);
        }
        kernel::pick(&self.weights, bound.max(sampling.min_p), point, &mut self.sums).map(|token| token as u32)
    }

    /// Goes through the weights that reach `bound`, from the likeliest on, until their worth adds up to what is wanted; returns the last
    /// of them. Those as likely that come after it are zeroed. `sum` is the worth of all weights that reach a bound.
    ///
    /// The last weight is closed in on by halving, so that only the weights next to it are put in order.
    fn boundary(&mut self, bound: f32, wanted: f32, sum: impl Fn(&[f32], f32) -> f32, worth: impl Fn(f32) -> f32) -> f32 {
        // The bits of weights are ordered like the weights. At `low` and above there is enough, at `high` and above there is not.
        let (mut low, mut high) = (if worth(LIKELIEST) >= wanted { LIKELIEST } else { bound }.to_bits(), LIKELIEST.to_bits() + 1);
        let (mut at_low, mut at_high) = (sum(&self.weights, f32::from_bits(low)), 0.0);
        if at_low < wanted {
            return bound;
        }
        for _ in 0..HALVINGS {
            if at_low - at_high <= FEW * worth(f32::from_bits(low)) {
                break;
            }
            let middle = low.midpoint(high);
            let above = sum(&self.weights, f32::from_bits(middle));
            if above >= wanted {
                (low, at_low) = (middle, above);
            } else {
                (high, at_high) = (middle, above);
            }
        }
        self.candidates.clear();
        kernel::between(&self.weights, f32::from_bits(low), f32::from_bits(high), &mut self.candidates);
        self.candidates.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let last = self.candidates.iter().position(|&(_, weight)| {
            at_high += worth(weight);
            at_high >= wanted
        });
        let Some(last) = last else { return f32::from_bits(low) };
        let (bound, rest) = (self.candidates[last].1, &self.candidates[last + 1..]);
        for &(id, _) in rest.iter().take_while(|candidate| candidate.1 == bound) {
            self.weights[id as usize] = 0.0;
        }
        bound
    }
}

/// The weight of the likeliest token.
const LIKELIEST: f32 = 1.0;

/// Of so many weights, putting them in order takes no longer than going through all weights once more.
const FEW: f32 = 8.0;

/// Weights range over 30 bits; after so many halvings those that are left lie within a hundredth of one another.
const HALVINGS: usize = 14;

#[cfg(test)]
mod tests;

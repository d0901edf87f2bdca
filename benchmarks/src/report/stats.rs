//! The statistics of a comparison: pass@k, intervals, and whether two runs differ.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::Serialize;

/// A mean over problems with its interval of 95 %.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// The mean.
    pub mean: f64,
    /// The interval's lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

/// The chance that at least one of `k` attempts succeeds, estimated without bias from `n` attempts of which `c` did: 1 − C(n−c, k) / C(n, k)
/// (Chen et al. 2021, <https://arxiv.org/abs/2107.03374>, equation 1). `None` for fewer than `k` attempts.
pub fn pass_at_k(n: u32, c: u32, k: u32) -> Option<f64> {
    if k == 0 || k > n || c > n {
        return None;
    }
    if n - c < k {
        return Some(1.0);
    }
    let all_fail: f64 = (n - c + 1..=n).map(|i| 1.0 - f64::from(k) / f64::from(i)).product();
    Some(1.0 - all_fail)
}

/// The mean of the problems' values, and the percentile bootstrap's interval: how the mean spreads over suites of as many problems drawn
/// from these ones. The same values have the same interval.
pub fn estimate(values: &[f64]) -> Option<Estimate> {
    const RESAMPLES: usize = 4000;
    if values.is_empty() {
        return None;
    }
    let mean = |sum: f64| sum / values.len() as f64;
    let mut random = ChaCha8Rng::seed_from_u64(0);
    let mut means: Vec<f64> =
        (0..RESAMPLES).map(|_| mean((0..values.len()).map(|_| values[random.random_range(0..values.len())]).sum())).collect();
    means.sort_by(f64::total_cmp);
    let at = |part: f64| means[((RESAMPLES - 1) as f64 * part).round() as usize];
    Some(Estimate { mean: mean(values.iter().sum()), low: at(0.025), high: at(0.975) })
}

/// McNemar's exact test on pairs: the chance of a split at least this uneven between problems that only one run solved and those that only
/// the other did, if neither were better. Two-sided.
pub fn mcnemar(only_first: u32, only_second: u32) -> f64 {
    let n = only_first + only_second;
    let fewer = only_first.min(only_second);
    // The binomial's weights relative to that of none, in logarithms: 2^n is too large for hundreds of problems.
    let mut log_weight = -f64::from(n) * std::f64::consts::LN_2;
    let mut tail = 0.0;
    for i in 0..=fewer {
        tail += log_weight.exp();
        log_weight += (f64::from(n - i) / f64::from(i + 1)).ln();
    }
    (2.0 * tail).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pass_at_k_counts_the_choices_of_attempts() {
        // Of the ten pairs of five attempts, three miss both of the two that succeeded.
        assert!((pass_at_k(5, 2, 2).expect("enough attempts") - 0.7).abs() < 1e-12);
        assert_eq!(pass_at_k(8, 0, 4), Some(0.0));
        assert_eq!(pass_at_k(8, 5, 4), Some(1.0));
        assert_eq!(pass_at_k(3, 1, 4), None);
        for c in 0..=6 {
            assert!((pass_at_k(6, c, 1).expect("one is enough") - f64::from(c) / 6.0).abs() < 1e-12);
        }
    }

    #[test]
    fn an_interval_holds_its_mean_and_is_repeatable() {
        let values: Vec<f64> = (0..100).map(|i| f64::from(u8::from(i % 4 == 0))).collect();
        let one = estimate(&values).expect("there are values");
        assert_eq!(Some(one), estimate(&values));
        assert_eq!(one.mean, 0.25);
        // Of a hundred draws with chance a quarter, the standard deviation of the mean is 0.0433.
        assert!((one.low - 0.165).abs() < 0.015 && (one.high - 0.335).abs() < 0.015, "{one:?}");
        assert_eq!(estimate(&[]), None);
    }

    #[test]
    fn mcnemar_is_the_exact_binomial_test() {
        // 2 · (1 + 6) / 2^6.
        assert!((mcnemar(1, 5) - 14.0 / 64.0).abs() < 1e-12);
        assert_eq!(mcnemar(3, 3), 1.0);
        assert_eq!(mcnemar(0, 0), 1.0);
        assert!(mcnemar(0, 1200) >= 0.0 && mcnemar(0, 1200) < 1e-300);
    }
}

//! The loops over a whole vocabulary, written so that the compiler vectorises them; on x86-64 a version for AVX2 is chosen at run time.

use multiversion::multiversion;

/// Accumulators side by side, so that sums do not wait for one another.
const LANES: usize = 16;

/// Index of the largest value, of equal ones the first; `None` if there is none above negative infinity, or a value is not a number.
pub(super) fn argmax(values: &[f32]) -> Option<usize> {
    let highest = maximum(values);
    if highest.is_nan() || highest == f32::NEG_INFINITY {
        return None;
    }
    values.iter().position(|&value| value == highest)
}

/// The largest value, not a number if any value is none.
#[multiversion(targets("x86_64+avx2+fma"))]
fn maximum(values: &[f32]) -> f32 {
    let mut lanes = [f32::NEG_INFINITY; LANES];
    let mut sum = [0.0f32; LANES];
    let (chunks, rest) = values.as_chunks::<LANES>();
    for chunk in chunks {
        for lane in 0..LANES {
            lanes[lane] = if chunk[lane] > lanes[lane] { chunk[lane] } else { lanes[lane] };
            // Zero times a value that is no number is no number; negative infinity is a value here.
            sum[lane] += if chunk[lane].is_nan() { f32::NAN } else { 0.0 };
        }
    }
    for &value in rest {
        lanes[0] = if value > lanes[0] { value } else { lanes[0] };
        sum[0] += if value.is_nan() { f32::NAN } else { 0.0 };
    }
    lanes.iter().copied().fold(f32::NEG_INFINITY, f32::max) + sum.iter().sum::<f32>()
}

/// Replaces each value by `exp((value - highest) * scale)` and returns the sum.
#[multiversion(targets("x86_64+avx2+fma"))]
pub(super) fn weights(values: &mut [f32], highest: f32, scale: f32) -> f32 {
    let mut sum = [0.0f32; LANES];
    let (chunks, rest) = values.as_chunks_mut::<LANES>();
    for chunk in chunks {
        for lane in 0..LANES {
            chunk[lane] = exp((chunk[lane] - highest) * scale);
            sum[lane] += chunk[lane];
        }
    }
    for value in rest {
        *value = exp((*value - highest) * scale);
        sum[0] += *value;
    }
    sum.iter().sum()
}

/// How many bins weights are sorted into.
pub(super) const BINS: usize = (EXPONENTS << MANTISSA) + 1;
/// Bits of the mantissa that distinguish bins.
const MANTISSA: usize = 5;
/// Powers of two that are told apart; what is smaller than the smallest goes into the first of the bins.
const EXPONENTS: usize = 32;
const SHIFT: usize = 23 - MANTISSA;
/// Leading bits of the smallest weight of the second bin, 2^-31.
const SMALLEST: u32 = ((127 - (EXPONENTS as u32 - 1)) << 23) >> SHIFT;

/// The bin of a weight from 0 to 1. Larger weights are in no lower bin.
pub(super) fn bin(weight: f32) -> usize {
    // The bits of floats that are not negative are ordered like the floats.
    let leading = (weight.to_bits() >> SHIFT).max(SMALLEST) - SMALLEST;
    (leading as usize).min(BINS - 1)
}

/// The smallest weight of a bin.
pub(super) fn lowest_of(bin: usize) -> f32 {
    if bin == 0 { 0.0 } else { f32::from_bits((bin as u32 + SMALLEST) << SHIFT) }
}

/// Zeroes all weights below a bound and returns the sum of the others.
#[multiversion(targets("x86_64+avx2+fma"))]
pub(super) fn keep_from(weights: &mut [f32], bound: f32) -> f32 {
    let mut sum = [0.0f32; LANES];
    let (chunks, rest) = weights.as_chunks_mut::<LANES>();
    for chunk in chunks {
        for lane in 0..LANES {
            chunk[lane] = if chunk[lane] >= bound { chunk[lane] } else { 0.0 };
            sum[lane] += chunk[lane];
        }
    }
    for weight in rest {
        *weight = if *weight >= bound { *weight } else { 0.0 };
        sum[0] += *weight;
    }
    sum.iter().sum()
}

/// The entry on whose stretch the point `target` falls, the weights being laid end to end from 0 on; `None` if it lies beyond.
pub(super) fn pick(weights: &[f32], target: f64) -> Option<usize> {
    const BLOCK: usize = 256;
    let mut start = 0.0;
    for (block, weights) in weights.chunks(BLOCK).enumerate() {
        let mut sum = start;
        start += f64::from(total(weights));
        if start <= target {
            continue;
        }
        let found = weights.iter().position(|&weight| {
            sum += f64::from(weight);
            sum > target
        });
        // Added up one by one, the block may end a rounding error earlier: then its last entry with any weight is meant.
        let found = found.or_else(|| weights.iter().rposition(|&weight| weight > 0.0));
        return found.map(|at| block * BLOCK + at);
    }
    None
}

#[multiversion(targets("x86_64+avx2+fma"))]
fn total(values: &[f32]) -> f32 {
    let mut sum = [0.0f32; LANES];
    let (chunks, rest) = values.as_chunks::<LANES>();
    for chunk in chunks {
        for lane in 0..LANES {
            sum[lane] += chunk[lane];
        }
    }
    sum.iter().chain(rest).sum()
}

/// Natural log-probability of entry `index` of a softmax.
pub(super) fn log_probability(logits: &[f32], index: usize) -> f32 {
    let highest = maximum(logits);
    logits[index] - highest - exponentials(logits, highest).ln()
}

/// Sum of `exp(value - highest)`.
#[multiversion(targets("x86_64+avx2+fma"))]
fn exponentials(values: &[f32], highest: f32) -> f32 {
    let mut sum = [0.0f32; LANES];
    let (chunks, rest) = values.as_chunks::<LANES>();
    for chunk in chunks {
        for lane in 0..LANES {
            sum[lane] += exp(chunk[lane] - highest);
        }
    }
    for &value in rest {
        sum[0] += exp(value - highest);
    }
    sum.iter().sum()
}

/// `e` to the power of `x`, for `x` up to 0; 0 below -87. Relative error below 2e-7 plus that of `x`.
///
/// `x = n ln 2 + r` with `|r| <= ln 2 / 2`: `2^n` is made of bits, `e^r` by the polynomial of Cephes (`expf.c`).
#[inline(always)]
fn exp(x: f32) -> f32 {
    const ROUND: f32 = 12_582_912.0; // 1.5 * 2^23: adding it leaves the nearest integer in the low bits
    let clamped = x.max(-87.0);
    let shifted = clamped * std::f32::consts::LOG2_E + ROUND;
    let n = shifted - ROUND;
    // ln 2 in two parts, so that the product with `n` is exact in the first.
    let r = (clamped - n * 0.693_359_4) + n * 2.121_944_4e-4;
    let poly = ((((1.987_569_1e-4 * r + 1.398_199_9e-3) * r + 8.333_452e-3) * r + 4.166_579_6e-2) * r + 1.666_666_5e-1) * r + 0.5;
    let power = f32::from_bits(shifted.to_bits().wrapping_add(127) << 23);
    if x < -87.0 { 0.0 } else { (poly * r * r + r + 1.0) * power }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exponential_is_accurate_over_its_range() {
        for step in 0..=87_000 {
            let x = -(step as f32) / 1000.0;
            let exact = f64::from(x).exp();
            assert!((f64::from(exp(x)) - exact).abs() <= 3e-7 * exact, "exp({x}) = {} and not {exact}", exp(x));
        }
        assert_eq!(exp(f32::NEG_INFINITY), 0.0);
        assert_eq!(exp(0.0), 1.0);
    }

    #[test]
    fn a_value_that_is_no_number_is_noticed_wherever_it_stands() {
        let mut values = vec![1.0; 100];
        for at in [0, 17, 99] {
            values[at] = f32::NAN;
            assert_eq!(argmax(&values), None);
            values[at] = 1.0;
        }
        values[40] = 2.0;
        values[90] = 2.0;
        assert_eq!(argmax(&values), Some(40));
        assert_eq!(argmax(&[f32::NEG_INFINITY; 20]), None);
        assert_eq!(argmax(&[]), None);
    }
}

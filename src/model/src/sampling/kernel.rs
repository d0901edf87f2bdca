//! The loops over a whole vocabulary, written so that the compiler vectorises them; on x86-64 a version for AVX2 is chosen at run time.

use super::Taken;
use multiversion::multiversion;

/// Accumulators side by side, so that sums do not wait for one another.
const LANES: usize = 16;

/// Index of the largest value, of equal ones the first; `None` if there is none above negative infinity. What is no number is no value.
pub(super) fn argmax(values: &[f32]) -> Option<usize> {
    let highest = maximum(values);
    if highest == f32::NEG_INFINITY { None } else { position(values, highest) }
}

#[multiversion(targets("x86_64+avx2+fma"))]
fn maximum(values: &[f32]) -> f32 {
    let mut lanes = [f32::NEG_INFINITY; LANES];
    let (chunks, rest) = values.as_chunks::<LANES>();
    for chunk in chunks {
        for lane in 0..LANES {
            lanes[lane] = if chunk[lane] > lanes[lane] { chunk[lane] } else { lanes[lane] };
        }
    }
    lanes.iter().chain(rest).fold(f32::NEG_INFINITY, |highest, &value| highest.max(value))
}

/// Where a value stands first.
#[multiversion(targets("x86_64+avx2+fma"))]
fn position(values: &[f32], wanted: f32) -> Option<usize> {
    const BLOCK: usize = 128;
    let (blocks, _) = values.as_chunks::<BLOCK>();
    let without = blocks.iter().position(|block| block.iter().fold(false, |found, &value| found | (value == wanted)));
    let start = without.unwrap_or(blocks.len()) * BLOCK;
    values[start..].iter().position(|&value| value == wanted).map(|at| start + at)
}

/// How many weights reach a bound, and their sum.
#[multiversion(targets("x86_64+avx2+fma"))]
pub(super) fn at_least(weights: &[f32], bound: f32) -> Taken {
    let (mut count, mut mass) = ([0u32; LANES], [0.0f32; LANES]);
    let (chunks, rest) = weights.as_chunks::<LANES>();
    for chunk in chunks {
        for lane in 0..LANES {
            count[lane] += u32::from(chunk[lane] >= bound);
            mass[lane] += if chunk[lane] >= bound { chunk[lane] } else { 0.0 };
        }
    }
    let more = rest.iter().copied().filter(|&weight| weight >= bound);
    Taken { count: count.iter().sum::<u32>() + more.clone().count() as u32, mass: mass.into_iter().chain(more).sum() }
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
    fn the_largest_value_is_found_wherever_it_stands() {
        for at in [0, 17, 127, 128, 299] {
            let mut values = vec![1.0; 300];
            values[at] = 2.0;
            values[299] = 2.0;
            assert_eq!(argmax(&values), Some(at));
        }
        assert_eq!(argmax(&[f32::NAN, -3.0, f32::NAN]), Some(1));
        assert_eq!(argmax(&[f32::NAN; 40]), None);
        assert_eq!(argmax(&[f32::NEG_INFINITY; 20]), None);
        assert_eq!(argmax(&[]), None);
    }
}

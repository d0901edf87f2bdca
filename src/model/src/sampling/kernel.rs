//! The loops over a whole vocabulary, written so that the compiler vectorises them; on x86-64 versions for AVX2 and AVX-512 are chosen
//! at run time. Sums are taken in the same order in all versions, and no operations are fused, so that all give the same result.

use multiversion::multiversion;
use std::f32::consts::{LN_2, LOG2_E};

/// Accumulators side by side, so that sums do not wait for one another.
const LANES: usize = 64;

/// Index of the largest value, of equal ones the first; `None` if there is none above negative infinity. What is no number is no value.
pub(super) fn argmax(values: &[f32]) -> Option<usize> {
    let highest = maximum(values);
    if highest == f32::NEG_INFINITY { None } else { position(values, highest) }
}

#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2+fma"))]
pub(super) fn maximum(values: &[f32]) -> f32 {
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
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2+fma"))]
fn position(values: &[f32], wanted: f32) -> Option<usize> {
    const BLOCK: usize = 128;
    let (blocks, _) = values.as_chunks::<BLOCK>();
    let without = blocks.iter().position(|block| block.iter().fold(false, |found, &value| found | (value == wanted)));
    let start = without.unwrap_or(blocks.len()) * BLOCK;
    values[start..].iter().position(|&value| value == wanted).map(|at| start + at)
}

/// Replaces each value by `exp((value - highest) / temperature)` and returns the sum.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2+fma"))]
pub(super) fn weights(values: &mut [f32], highest: f32, temperature: f32) -> f32 {
    // Finite, so that the highest value's weight is 1 at any temperature.
    let scale = (LOG2_E / temperature).min(f32::MAX);
    let mut sums = [0.0f32; LANES];
    let (chunks, rest) = values.as_chunks_mut::<LANES>();
    for chunk in chunks {
        for lane in 0..LANES {
            chunk[lane] = exp2((chunk[lane] - highest) * scale);
            sums[lane] += chunk[lane];
        }
    }
    for (sum, value) in sums.iter_mut().zip(rest) {
        *value = exp2((*value - highest) * scale);
        *sum += *value;
    }
    total(sums)
}

/// The sum of the weights that reach a bound.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2+fma"))]
pub(super) fn mass(weights: &[f32], bound: f32) -> f32 {
    let mut sums = [0.0f32; LANES];
    let (chunks, rest) = weights.as_chunks::<LANES>();
    for chunk in chunks {
        for lane in 0..LANES {
            sums[lane] += if chunk[lane] >= bound { chunk[lane] } else { 0.0 };
        }
    }
    for (sum, &weight) in sums.iter_mut().zip(rest) {
        *sum += if weight >= bound { weight } else { 0.0 };
    }
    total(sums)
}

/// How many weights reach a bound.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2+fma"))]
pub(super) fn count(weights: &[f32], bound: f32) -> u32 {
    weights.iter().map(|&weight| u32::from(weight >= bound)).sum()
}

/// Adds the weights from `low` up to but without `high` to `found`, each with its place. Few blocks are expected to hold any.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2+fma"))]
pub(super) fn between(weights: &[f32], low: f32, high: f32, found: &mut Vec<(u32, f32)>) {
    const BLOCK: usize = 16;
    let within = |weight: f32| (weight >= low) & (weight < high);
    let mut add = |start: usize, weights: &[f32]| {
        let places = start as u32..;
        found.extend(places.zip(weights.iter().copied()).filter(|&(_, weight)| within(weight)));
    };
    let (blocks, rest) = weights.as_chunks::<BLOCK>();
    for (block, weights) in blocks.iter().enumerate() {
        if weights.iter().fold(false, |any, &weight| any | within(weight)) {
            add(block * BLOCK, weights);
        }
    }
    add(blocks.len() * BLOCK, rest);
}

/// Lays the weights that reach a bound end to end and finds the one that holds the point at a part of the whole length, `part` being
/// from 0 up to but without 1. `sums` is scratch memory. `None` if there is no weight.
pub(super) fn pick(weights: &[f32], bound: f32, part: f32, sums: &mut Vec<f32>) -> Option<usize> {
    sums.clear();
    block_sums(weights, bound, sums);
    let length: f64 = sums.iter().copied().map(f64::from).sum();
    let point = f64::from(part) * length;
    let mut end = 0.0;
    let block = sums.iter().position(|&sum| {
        end += f64::from(sum);
        end > point
    })?;
    end -= f64::from(sums[block]);
    let start = block * BLOCK;
    let weights = &weights[start..weights.len().min(start + BLOCK)];
    let found = weights.iter().position(|&weight| {
        end += if weight >= bound { f64::from(weight) } else { 0.0 };
        end > point
    });
    // Added up one by one, the block may end a rounding error earlier: then its last weight is meant.
    found.or_else(|| weights.iter().rposition(|&weight| weight >= bound)).map(|at| start + at)
}

/// Weights that are summed up together to find a point among them.
const BLOCK: usize = 128;

/// The sums of the weights that reach a bound, block by block.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2+fma"))]
fn block_sums(weights: &[f32], bound: f32, sums: &mut Vec<f32>) {
    let (blocks, rest) = weights.as_chunks::<BLOCK>();
    sums.extend(blocks.iter().map(|block| total(block.map(|weight| if weight >= bound { weight } else { 0.0 }))));
    sums.push(rest.iter().filter(|&&weight| weight >= bound).sum());
}

/// The sum of all lanes, by halving.
#[inline(always)]
fn total<const LANES: usize>(mut lanes: [f32; LANES]) -> f32 {
    let mut half = LANES / 2;
    while half > 0 {
        for lane in 0..half {
            lanes[lane] += lanes[half + lane];
        }
        half /= 2;
    }
    lanes[0]
}

/// Natural log-probability of entry `index` of a softmax.
pub(super) fn log_probability(logits: &[f32], index: usize) -> f32 {
    let highest = maximum(logits);
    logits[index] - highest - exponentials(logits, highest).ln()
}

/// Sum of `exp(value - highest)`.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2+fma"))]
fn exponentials(values: &[f32], highest: f32) -> f32 {
    let mut sums = [0.0f32; LANES];
    let (chunks, rest) = values.as_chunks::<LANES>();
    for chunk in chunks {
        for lane in 0..LANES {
            sums[lane] += exp2((chunk[lane] - highest) * LOG2_E);
        }
    }
    for (sum, &value) in sums.iter_mut().zip(rest) {
        *sum += exp2((value - highest) * LOG2_E);
    }
    total(sums)
}

/// 2 to the power of `x`, for `x` up to 0; 0 where `x` is below -126.5 or no number. Relative error below 2e-7.
///
/// `x = n + f` with an integer `n` and `|f| <= 1/2`: `2^n` is made of bits, `2^f` by the polynomial of degree 5 that is exact at 0
/// together with its derivative and whose largest relative error is least (by Remez's algorithm; 1e-7 before rounding).
#[inline(always)]
fn exp2(x: f32) -> f32 {
    const ROUND: f32 = 12_582_912.0; // 1.5 * 2^23: adding it leaves the nearest integer in the low bits
    const LOWEST: f32 = -127.0; // here `2^n` has the bits of 0
    let clamped = if x > LOWEST { x } else { LOWEST };
    let shifted = clamped + ROUND;
    let f = clamped - (shifted - ROUND);
    let poly = (((1.330_060_5e-3 * f + 9.669_691e-3) * f + 5.550_558_5e-2) * f + 2.402_228_3e-1) * f + LN_2;
    let power = f32::from_bits(shifted.to_bits().wrapping_add(127) << 23);
    (poly * f + 1.0) * power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exponential_is_accurate_over_its_range() {
        for step in 0..=126_000 {
            let x = -(step as f32) / 1000.0;
            let exact = f64::from(x).exp2();
            assert!((f64::from(exp2(x)) - exact).abs() <= 2e-7 * exact, "exp2({x}) = {} and not {exact}", exp2(x));
        }
        for nothing in [-126.6, -127.0, -1e30, f32::NEG_INFINITY, f32::NAN] {
            assert_eq!(exp2(nothing), 0.0, "exp2({nothing})");
        }
        assert_eq!(exp2(0.0), 1.0);
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

use super::*;

fn allowed(size: usize) -> Allowed<'static> {
    Allowed { size, banned: &[], only: None }
}

fn draw_many(logits: &[f32], sampling: &Sampling, allowed: Allowed<'_>, draws: usize) -> Vec<u32> {
    let mut sampler = Sampler::default();
    let mut rng = stream(sampling.seed, 0);
    let mut counts = vec![0; logits.len()];
    for _ in 0..draws {
        counts[sampler.draw(logits, sampling, allowed, false, &mut rng).expect("a token").token as usize] += 1;
    }
    counts
}

/// Pearson's statistic of counts against probabilities, and how many categories had a chance.
fn chi_square(counts: &[u32], probabilities: &[f64]) -> (f64, usize) {
    let draws: u32 = counts.iter().sum();
    let mut statistic = 0.0;
    for (&count, &probability) in counts.iter().zip(probabilities) {
        if probability == 0.0 {
            assert_eq!(count, 0, "a token without probability was drawn");
            continue;
        }
        let expected = probability * f64::from(draws);
        statistic += (f64::from(count) - expected).powi(2) / expected;
    }
    (statistic, probabilities.iter().filter(|&&probability| probability > 0.0).count())
}

/// The filtered distribution in the plainest way, by the definitions.
fn reference(logits: &[f32], sampling: &Sampling, banned: &[u32]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..logits.len()).filter(|&id| !banned.contains(&(id as u32))).collect();
    order.sort_by(|&a, &b| logits[b].total_cmp(&logits[a]).then(a.cmp(&b)));
    let mut kept: Vec<(usize, f64)> =
        order.into_iter().map(|id| (id, (f64::from(logits[id]) / f64::from(sampling.temperature)).exp())).collect();
    let normalise = |kept: &mut Vec<(usize, f64)>| {
        let sum: f64 = kept.iter().map(|entry| entry.1).sum();
        kept.iter_mut().for_each(|entry| entry.1 /= sum);
    };
    if sampling.top_k > 0 {
        kept.truncate(sampling.top_k as usize);
    }
    normalise(&mut kept);
    let mut sum = 0.0;
    let nucleus = kept.iter().position(|entry| {
        sum += entry.1;
        sum >= f64::from(sampling.top_p) - 1e-9
    });
    if let (true, Some(last)) = (sampling.top_p < 1.0, nucleus) {
        kept.truncate(last + 1);
    }
    let floor = kept[0].1 * f64::from(sampling.min_p);
    kept.retain(|entry| entry.1 >= floor);
    normalise(&mut kept);
    let mut probabilities = vec![0.0; logits.len()];
    kept.into_iter().for_each(|(id, probability)| probabilities[id] = probability);
    probabilities
}

/// Frequencies of every combination of filters agree with the definition. The bound is the 99.99 % quantile of the chi-square
/// distribution (Wilson and Hilferty's approximation); the streams are fixed, so that the outcome is too.
#[test]
fn frequencies_are_those_of_the_filtered_distribution() {
    let logits: Vec<f32> = (0..300).map(|id| ((id * 37 % 101) as f32 / 101.0) * 5.0 - if id % 3 == 0 { 2.0 } else { 0.0 }).collect();
    let banned = [36, 299];
    for temperature in [0.6, 1.0, 1.7] {
        for (top_k, top_p, min_p) in
            [(0, 1.0, 0.0), (20, 1.0, 0.0), (0, 0.9, 0.0), (0, 1.0, 0.1), (50, 0.8, 0.0), (50, 0.8, 0.2), (0, 0.95, 0.05), (1, 1.0, 0.0)]
        {
            let sampling = Sampling { temperature, top_k, top_p, min_p, seed: 7, ..Sampling::default() };
            let allowed = Allowed { size: logits.len(), banned: &banned, only: None };
            let counts = draw_many(&logits, &sampling, allowed, 20_000);
            let (statistic, categories) = chi_square(&counts, &reference(&logits, &sampling, &banned));
            let freedom = (categories.max(2) - 1) as f64;
            let bound = freedom * (1.0 - 2.0 / (9.0 * freedom) + 3.719 * (2.0 / (9.0 * freedom)).sqrt()).powi(3);
            assert!(statistic < bound, "{sampling:?}: chi-square {statistic} over {categories} tokens, bound {bound}");
        }
    }
}

/// Top-k and top-p keep the likeliest, in the order that ids decide between equals, and no more of them than it takes.
#[test]
fn what_is_kept_is_the_shortest_beginning_of_the_order() {
    let mut rng = stream(5, 0);
    for (size, spread, steps) in
        [(1, 1.0, 0), (40, 0.0, 0), (500, 3.0, 0), (5000, 0.4, 0), (5000, 20.0, 0), (3001, 2.0, 9), (3001, 60.0, 40)]
    {
        // With `steps`, many logits are equal.
        let logit = |random: f32| spread * if steps > 0 { (random * steps as f32).floor() / steps as f32 } else { random };
        let mut weights: Vec<f32> = (0..size).map(|_| logit(rng.random())).collect();
        let highest = kernel::maximum(&weights);
        kernel::weights(&mut weights, highest, 1.0);
        let mut order: Vec<usize> = (0..size).collect();
        order.sort_by(|&a, &b| weights[b].total_cmp(&weights[a]).then(a.cmp(&b)));
        let kept = |count: bool, wanted: f32| {
            let mut sampler = Sampler { weights: weights.clone(), ..Sampler::default() };
            let bound = match count {
                true => sampler.boundary(f32::MIN_POSITIVE, wanted, |weights, bound| kernel::count(weights, bound) as f32, |_| 1.0),
                false => sampler.boundary(f32::MIN_POSITIVE, wanted, kernel::mass, |weight| weight),
            };
            let kept: Vec<usize> = order.iter().copied().filter(|&id| sampler.weights[id] >= bound).collect();
            assert!(order.starts_with(&kept), "{size} logits over {spread}: not the likeliest are kept");
            kept
        };
        for k in [1, 2, 7, size / 2, size].into_iter().filter(|&k| k > 0 && k <= size) {
            assert_eq!(kept(true, k as f32).len(), k, "of {size} logits over {spread}");
        }
        let total: f64 = weights.iter().map(|&weight| f64::from(weight)).sum();
        for p in [0.01, 0.5, 0.95, 0.999] {
            let masses: Vec<f64> = kept(false, (p * total) as f32).iter().map(|&id| f64::from(weights[id])).collect();
            let mass: f64 = masses.iter().sum();
            assert!(mass >= p * total * 0.99999, "{size} logits over {spread}: {mass} of {total} kept, {p} wanted");
            assert!(mass - masses[masses.len() - 1] <= p * total * 1.00001, "{size} logits over {spread}: more kept than wanted");
        }
    }
}

#[test]
fn a_sample_has_a_stream_of_its_own() {
    let logits = vec![0.0; 1000];
    let tokens = |seed, sample| {
        let (mut rng, mut sampler) = (stream(seed, sample), Sampler::default());
        let mut draw = || sampler.draw(&logits, &Sampling::default(), allowed(1000), false, &mut rng).map(|drawn| drawn.token);
        (0..20).map(|_| draw()).collect::<Vec<_>>()
    };
    assert_eq!(tokens(1, 0), tokens(1, 0));
    assert_ne!(tokens(1, 0), tokens(1, 1));
    assert_ne!(tokens(1, 0), tokens(2, 0));
}

#[test]
fn temperature_0_takes_the_likeliest_that_is_allowed() {
    let logits = [1.0, 5.0, 5.0, 4.0, 9.0];
    let greedy = Sampling { temperature: 0.0, ..Sampling::default() };
    let (mut sampler, mut rng) = (Sampler::default(), stream(0, 0));
    let mut token = |allowed| sampler.draw(&logits, &greedy, allowed, false, &mut rng).map(|drawn| drawn.token);
    assert_eq!(token(allowed(5)), Some(4));
    // Beyond the tokenizer's ids a graph's outputs mean nothing.
    assert_eq!(token(allowed(4)), Some(1));
    assert_eq!(token(Allowed { size: 4, banned: &[1], only: None }), Some(2));
    assert_eq!(token(Allowed { size: 4, banned: &[1, 77], only: Some(&[1, 3, 99]) }), Some(3));
    assert_eq!(token(Allowed { size: 4, banned: &[3], only: Some(&[3]) }), None);
}

#[test]
fn the_lowest_temperatures_take_the_likeliest_too() {
    let logits = [1.0, 5.0, 4.999, -3.0];
    let (mut sampler, mut rng) = (Sampler::default(), stream(0, 0));
    for temperature in [f32::from_bits(1), f32::MIN_POSITIVE, 1e-6] {
        let sampling = Sampling { temperature, top_p: 0.9, ..Sampling::default() };
        let drawn = sampler.draw(&logits, &sampling, allowed(4), false, &mut rng);
        assert_eq!(drawn.map(|drawn| drawn.token), Some(1), "{temperature:e}");
    }
}

#[test]
fn log_probabilities_are_those_of_the_unfiltered_distribution() {
    let logits: Vec<f32> = (0..77).map(|id| (id as f32 * 0.7).sin() * 6.0).collect();
    let sum: f64 = logits.iter().map(|&logit| f64::from(logit).exp()).sum();
    let sampling = Sampling { temperature: 0.3, top_k: 5, ..Sampling::default() };
    let (mut sampler, mut rng) = (Sampler::default(), stream(3, 0));
    for _ in 0..50 {
        let drawn = sampler.draw(&logits, &sampling, allowed(77), true, &mut rng).expect("a token");
        let exact = f64::from(logits[drawn.token as usize]) - sum.ln();
        assert!((f64::from(drawn.logprob.expect("asked for")) - exact).abs() < 1e-5);
    }
}

#[test]
fn logits_that_are_no_numbers_give_no_token() {
    let (mut sampler, mut rng) = (Sampler::default(), stream(0, 0));
    for temperature in [0.0, 1.0] {
        let sampling = Sampling { temperature, ..Sampling::default() };
        assert_eq!(sampler.draw(&[f32::NAN; 3], &sampling, allowed(3), true, &mut rng), None);
    }
}

//! Powers of numbers: values, laws, residues, divisibility and growth.

use super::{
    Family, linear,
    polynomial::Polynomial,
    terms::{affine, fraction, shifted},
};
use crate::{
    draft::Draft,
    rng::Rng,
    statement::{Difficulty, Topic::Powers},
};

pub(crate) const FAMILIES: &[Family] = &[
    Family::new(Powers, "power_value", value),
    Family::new(Powers, "power_law", law),
    Family::new(Powers, "power_residue", residue),
    Family::new(Powers, "power_divides", divides),
    Family::new(Powers, "power_growth", growth),
    Family::new(Powers, "power_solve", solve),
];

/// A base and an exponent whose power is below a million.
fn small_power(rng: &mut Rng, d: Difficulty) -> (i64, u32) {
    let base = rng.int(2, 4 + 2 * d.scale());
    let most = (1..20).take_while(|e| base.pow(e + 1) < 1_000_000).count() as i64;
    (base, rng.int(2, most.clamp(2, 3 + 2 * d.scale())) as u32)
}

/// `base ^ exponent` modulo a number.
fn modular(base: i64, exponent: i64, modulus: i64) -> i64 {
    (0..exponent).fold(1 % modulus, |power, _| power * base.rem_euclid(modulus) % modulus)
}

/// A computation with powers.
fn value(rng: &mut Rng, d: Difficulty) -> Draft {
    if rng.chance(25) {
        let ((p, e), q) = (small_power(rng, d), rng.int(2, 6));
        let (p, e) = (p.min(9) * if rng.chance(30) { -1 } else { 1 }, e.min(4));
        let (top, bottom) = (p.pow(e), q.pow(e));
        let k = rng.int(2, 2 + d.scale());
        return Draft::new(match rng.below(3) {
            0 => format!("({} : Rat) ^ {e} * {k} = {}", fraction(p, q), fraction(top * k, bottom)),
            1 => format!("({} : Rat) ^ {e} < {}", fraction(p, q), fraction(top + rng.int(1, k), bottom)),
            _ => format!("({} : Rat) ^ {e} + {k} = {}", fraction(p, q), fraction(top + k * bottom, bottom)),
        });
    }
    let (mut text, mut sum) = (String::new(), 0);
    for i in 0..1 + d.size().min(4) {
        let ((base, exponent), factor) = (small_power(rng, d), rng.int(1, 2 + d.scale()));
        let power = linear(&[factor], &[&format!("{base} ^ {exponent}")]);
        let more = factor * base.pow(exponent);
        let minus = i > 0 && rng.chance(40) && more <= sum;
        sum += if minus { -more } else { more };
        text = match (i, minus) {
            (0, _) => power,
            (_, true) => format!("{text} - {power}"),
            (_, false) => format!("{text} + {power}"),
        };
    }
    let m = rng.int(3, 12);
    Draft::new(match rng.below(4) {
        0 => format!("({text}) % {m} = {}", sum % m),
        1 => format!("{text} < {}", sum + rng.int(1, 20)),
        2 => format!("({text}) / {m} = {}", sum / m),
        _ => format!("{text} = {sum}"),
    })
}

/// Laws of exponents that are unknown, and of those that are not.
fn law(rng: &mut Rng, d: Difficulty) -> Draft {
    let kind = rng.pick(&["Nat", "Int", "Rat"]);
    let (b, k, m) = (rng.int(2, 4 + d.scale()), rng.int(1, 2 + d.scale() / 2), rng.int(2, 4 + d.scale()));
    let c = rng.int(1, 9);
    let power = b.pow(k as u32);
    match rng.below(if d.level() < 2 { 5 } else { 12 }) {
        0 => Draft::new(format!("{b} ^ (n + {k}) = {power} * {b} ^ n")).var("n", "Nat"),
        1 => Draft::new(format!("x ^ {k} * x ^ {m} = x ^ {}", k + m)).var("x", kind),
        2 => Draft::new(format!("(x ^ {k}) ^ {m} = x ^ {}", k * m)).var("x", kind),
        3 => Draft::new(format!("({} * x) ^ {k} = {power} * x ^ {k}", b)).var("x", kind),
        4 => Draft::new(format!("{c} * {b} ^ n + {m} * {b} ^ n = {} * {b} ^ n", c + m)).var("n", "Nat"),
        5 => Draft::new(format!("(x ^ {m} * y) ^ {k} = x ^ {} * y ^ {k}", k * m)).var("x y", kind),
        6 => Draft::new(format!("{} ^ n = {b} ^ (2 * n)", b * b)).var("n", "Nat"),
        7 => Draft::new(format!("{b} ^ (n + {k}) - {b} ^ n = {} * {b} ^ n", power - 1)).var("n", "Nat"),
        8 => Draft::new(format!("x ^ (n + {k}) * x ^ (n + {m}) = x ^ (2 * n + {})", k + m)).var("x", kind).var("n", "Nat"),
        9 => Draft::new(format!("{b} ^ n * {m} ^ n = {} ^ n", b * m)).var("n", "Nat"),
        10 => Draft::new(format!("(x ^ n) ^ {m} = (x ^ {m}) ^ n")).var("x", kind).var("n", "Nat"),
        _ => Draft::new(format!("{b} ^ (2 * n + {k}) = {power} * {} ^ n", b * b)).var("n", "Nat"),
    }
}

/// Residues of powers too large to be written out.
fn residue(rng: &mut Rng, d: Difficulty) -> Draft {
    let modulus = match rng.below(3) {
        0 => 10,
        1 if d.level() > 2 => 100,
        _ => rng.int(3, 10 + 3 * d.scale()),
    };
    // Lean does not compute larger powers unless it is told to.
    let most = if d.level() > 4 && rng.chance(30) { 2000 } else { 15 + 48 * (d.scale() - 1) };
    let (mut text, mut sum) = (Vec::new(), 0);
    for _ in 0..if d.level() > 2 { 1 + rng.below(2) } else { 1 } {
        let (base, exponent, factor) = (rng.int(2, 9 + 5 * d.scale()), rng.int(5, most), rng.int(1, 3));
        sum += factor * modular(base, exponent, modulus);
        text.push(linear(&[factor], &[&format!("{base} ^ {exponent}")]));
    }
    let more = rng.int(0, 9) * rng.int(0, 1);
    let (text, sum) = (shifted(&text.join(" + "), more), sum + more);
    Draft::new(match rng.below(4) {
        0 => format!("{modulus} ∣ {}", shifted(&text, (-sum).rem_euclid(modulus))),
        1 => format!("({text}) % {modulus} ≠ {}", (sum + rng.int(1, modulus - 1)) % modulus),
        _ => format!("({text}) % {modulus} = {}", sum % modulus),
    })
}

/// Divisibility of sums of powers with an unknown exponent.
fn divides(rng: &mut Rng, d: Difficulty) -> Draft {
    let m = rng.int(3, 6 + 3 * d.scale());
    let exponent = |step: i64, start: i64| match (step, start) {
        (1, 0) => "n".to_owned(),
        (step, start) => format!("({})", affine(step, "n", start)),
    };
    let closing = |rng: &mut Rng, text: &str, residue: i64| match rng.below(3) {
        0 => format!("{m} ∣ {}", shifted(text, (-residue).rem_euclid(m))),
        1 => format!("({text}) % {m} = {}", residue.rem_euclid(m)),
        _ => {
            let more = rng.int(1, m - 1);
            format!("({}) % {m} = {}", shifted(text, more), (residue + more).rem_euclid(m))
        }
    };
    let goal = if d.level() < 3 || rng.chance(30) {
        // A base congruent to one, or to minus one and squared.
        let (step, factor) = (if d.level() > 1 { rng.int(1, 2) } else { 1 }, rng.int(1, 4));
        let base = m * rng.int(1, 3) + if step == 2 && rng.chance(60) { -1 } else { 1 };
        closing(rng, &linear(&[factor], &[&format!("{base} ^ {}", exponent(step, 0))]), factor)
    } else if rng.chance(20) {
        let base = rng.int(3, 6 + d.scale());
        let square = (base - 1) * (base - 1);
        format!("{base} ^ n % {square} = ({}) % {square}", affine(base - 1, "n", 1))
    } else {
        // Two powers that grow by congruent factors, and whose sum is divisible at first.
        let mut found = None;
        for _ in 0..200 {
            let (a, b) = (rng.int(2, 12), rng.int(2, 12));
            let (step_a, step_b) = (rng.int(1, 2), rng.int(1, 2));
            let (start_a, start_b) = (rng.int(0, 2), rng.int(0, 2));
            let grow = modular(a, step_a, m) == modular(b, step_b, m) && modular(a, step_a, m) != 1;
            if grow && a != b {
                let first = modular(a, start_a, m);
                let factor = (1..m).find(|f| (first + f * modular(b, start_b, m)) % m == 0);
                found = factor.map(|f| {
                    let second = linear(&[f], &[&format!("{b} ^ {}", exponent(step_b, start_b))]);
                    format!("{a} ^ {} + {second}", exponent(step_a, start_a))
                });
                if found.is_some() {
                    break;
                }
            }
        }
        let text = found.unwrap_or_else(|| format!("{} ^ n + {}", m + 1, m - 1));
        closing(rng, &text, 0)
    };
    if rng.chance(40) { Draft::new(format!("∀ n : Nat, {goal}")) } else { Draft::new(goal).var("n", "Nat") }
}

/// Powers outgrow polynomials.
fn growth(rng: &mut Rng, d: Difficulty) -> Draft {
    let base = rng.int(2, 3 + d.scale() / 2);
    let slope = rng.int(1, 2 + 2 * d.scale());
    let shape = [rng.int(0, 3 * d.scale()), slope, if d.level() > 3 { rng.int(0, 2) } else { 0 }];
    let form = Polynomial::univariate(&shape);
    let strict = rng.chance(40);
    let holds = |n: i64| form.value(&[n]) + i64::from(strict) <= base.pow(n as u32);
    // Beyond this the power has doubled often enough.
    let start = (0..25).rev().take_while(|n| holds(*n)).last().unwrap_or(25);
    let text = form.text(&["n"]);
    let relation = if strict { "<" } else { "≤" };
    match rng.below(4) {
        0 if d.level() > 1 => {
            // The start is part of the exponent.
            let goal = format!("{} {relation} {base} ^ (n + {start})", form.at(&[Polynomial::linear(&[1], start)]).text(&["n"]));
            Draft::new(goal).var("n", "Nat")
        }
        1 => Draft::new(format!("1 + {} ≤ {} ^ n", linear(&[slope], &["n"]), slope + 1)).var("n", "Nat"),
        2 => {
            let more = rng.int(1, 3);
            let goal = format!("{} * {base} ^ n + {} ≤ {} ^ (n + 1)", base, more - 1, base + more);
            Draft::new(goal).var("n", "Nat")
        }
        _ if start == 0 => Draft::new(format!("{text} {relation} {base} ^ n")).var("n", "Nat"),
        _ => Draft::new(format!("{text} {relation} {base} ^ n")).var("n", "Nat").hyp(format!("{start} ≤ n")).at("n", start + rng.int(0, 2)),
    }
}

/// A natural number is this one, since of the facts given one is false of smaller numbers and one of larger.
fn no_other(name: &str, value: impl std::fmt::Display, [below, above]: [String; 2]) -> String {
    format!("rcases Nat.lt_trichotomy {name} {value} with key | key | key\n· have := {below}\n  omega\n· omega\n· have := {above}\n  omega")
}

/// Powers whose exponent `n + more` is less than it should be, or more, are bounded.
fn by_exponent(base: i64, exponent: u32, more: i64) -> [String; 2] {
    let (n, exponent) = (shifted("n", more), i64::from(exponent) + more);
    let bound = |low: &str, high: &str| format!("Nat.pow_le_pow_right (show 0 < {base} by decide) (show {low} ≤ {high} by omega)");
    [bound(&n, &(exponent - 1).to_string()), bound(&(exponent + 1).to_string(), &n)]
}

/// Equations and inequalities for an exponent or a base.
fn solve(rng: &mut Rng, d: Difficulty) -> Draft {
    let (base, exponent) = small_power(rng, d);
    let power = base.pow(exponent);
    let kind = rng.pick(&["Nat", "Int"]);
    let draft = Draft::new("");
    match rng.below(if d.level() < 2 { 3 } else { 6 }) {
        0 => Draft { goal: format!("n = {exponent}"), ..draft }
            .var("n", "Nat")
            .hyp(format!("{base} ^ n = {power}"))
            .at("n", exponent)
            .by(no_other("n", exponent, by_exponent(base, exponent, 0))),
        1 => {
            let bound = rng.int(power, power * base - 1);
            let [_, above] = by_exponent(base, exponent, 0);
            Draft { goal: format!("n ≤ {exponent}"), ..draft }
                .var("n", "Nat")
                .hyp(format!("{base} ^ n ≤ {bound}"))
                .at("n", exponent)
                .by(format!("refine Classical.byContradiction fun hn => ?_\nhave key := {above}\nomega"))
        }
        2 => {
            let exponent = exponent.min(5);
            let draft = Draft { goal: format!("x = {base}"), ..draft }
                .var("x", kind)
                .hyp("0 < x")
                .hyp(format!("x ^ {exponent} = {}", base.pow(exponent)))
                .at("x", base);
            let bound = |low: &str, high: &str| format!("Nat.pow_le_pow_left (show {low} ≤ {high} by omega) {exponent}");
            let bounds = [bound("x", &(base - 1).to_string()), bound(&(base + 1).to_string(), "x")];
            match (kind, exponent) {
                ("Nat", _) => draft.by(no_other("x", base, bounds)),
                (_, 2) => draft.by(format!(
                    "have key : (x - {base}) * (x + {base}) = 0 := by grind\nrcases Int.mul_eq_zero.mp key with key₁ | key₁ <;> omega"
                )),
                (_, 3) => draft.by(format!(
                    "have key : (x - {base}) * (x ^ 2 + {base} * x + {}) = 0 := by grind\nrcases Int.mul_eq_zero.mp key with key₁ | key₁\n· omega\n· \
                     have key₂ : 0 ≤ x ^ 2 := Lean.Grind.OrderedRing.sq_nonneg\n  omega",
                    base * base
                )),
                _ => draft,
            }
        }
        3 => {
            let (k, c) = (rng.int(2, 5), rng.int(1, 9));
            let hypothesis = format!("{k} * {base} ^ n + {c} = {}", k * power + c);
            Draft { goal: format!("n = {exponent}"), ..draft }.var("n", "Nat").hyp(hypothesis).at("n", exponent).by(no_other(
                "n",
                exponent,
                by_exponent(base, exponent, 0),
            ))
        }
        4 => {
            let more = rng.int(1, 3);
            let hypothesis = format!("{base} ^ (n + {more}) = {}", power * base.pow(more as u32));
            Draft { goal: format!("n = {exponent}"), ..draft }.var("n", "Nat").hyp(hypothesis).at("n", exponent).by(no_other(
                "n",
                exponent,
                by_exponent(base, exponent, more),
            ))
        }
        _ => {
            let odd = if exponent.min(5) % 2 == 0 { exponent.min(5) - 1 } else { exponent.min(5) }.max(3);
            let negative = rng.chance(50);
            let root = if negative { -base } else { base };
            Draft { goal: format!("x = {root}"), ..draft }.var("x", "Int").hyp(format!("x ^ {odd} = {}", root.pow(odd))).at("x", root)
        }
    }
}

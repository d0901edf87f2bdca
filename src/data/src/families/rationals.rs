//! Rational numbers: computing, equations, order and fractions with unknowns.

use super::{
    Family, linear, signed,
    terms::{affine, dot, fraction, gcd, regular, shifted},
};
use crate::{
    draft::Draft,
    rng::Rng,
    statement::{Difficulty, Topic::Rational},
};

pub(crate) const FAMILIES: &[Family] = &[
    Family::new(Rational, "rat_compute", compute),
    Family::new(Rational, "rat_solve", solve),
    Family::new(Rational, "rat_system", system),
    Family::new(Rational, "rat_order", order),
    Family::new(Rational, "rat_fraction", fractions),
];

/// A numerator and a denominator that is positive.
type Ratio = (i64, i64);

fn reduced((top, bottom): Ratio) -> Ratio {
    let common = gcd(top, bottom).max(1) * bottom.signum();
    (top / common, bottom / common)
}

/// A random fraction, not zero.
fn ratio(rng: &mut Rng, size: i64) -> Ratio {
    let bottom = rng.int(2, 3 + size);
    reduced((rng.nonzero(-2 - 2 * size, 4 + 3 * size), bottom))
}

fn text((top, bottom): Ratio) -> String {
    fraction(top, bottom)
}

/// A fraction as a factor.
fn factor(value: Ratio) -> String {
    let text = text(value);
    if text.contains(['/', '-']) { format!("({text})") } else { text }
}

/// A term without variables, how tightly it binds, and its value.
fn closed(rng: &mut Rng, leaves: usize, size: i64) -> (String, u8, Ratio) {
    if leaves < 2 {
        let value = ratio(rng, size);
        let power = if value.0 < 0 {
            0
        } else if value.1 > 1 {
            2
        } else {
            3
        };
        return (text(value), power, value);
    }
    let left = 1 + rng.below(leaves - 1);
    let ((a, power_a, (p, q)), (b, power_b, (r, s))) = (closed(rng, left, size), closed(rng, leaves - left, size));
    let in_brackets = |text: String, power: u8, least: u8| if power < least { format!("({text})") } else { text };
    match rng.below(6) {
        0 | 1 => (format!("{} + {}", in_brackets(a, power_a, 1), in_brackets(b, power_b, 2)), 1, reduced((p * s + r * q, q * s))),
        2 | 3 => (format!("{} - {}", in_brackets(a, power_a, 1), in_brackets(b, power_b, 2)), 1, reduced((p * s - r * q, q * s))),
        4 if r != 0 => (format!("{} / {}", in_brackets(a, power_a, 2), in_brackets(b, power_b, 3)), 2, reduced((p * s, q * r))),
        _ => (format!("{} * {}", in_brackets(a, power_a, 2), in_brackets(b, power_b, 3)), 2, reduced((p * r, q * s))),
    }
}

/// A computation.
fn compute(rng: &mut Rng, d: Difficulty) -> Draft {
    let (term, _, value) = closed(rng, 1 + d.size().min(4), 2 + d.scale());
    let term = format!("({term} : Rat)");
    let (top, bottom) = value;
    Draft::new(match rng.below(5) {
        0 => format!("{term} < {}", fraction(top * 7 + rng.int(1, 3), bottom * 7)),
        1 => format!("{} ≤ {term}", fraction(top * 5 - rng.int(0, 2), bottom * 5)),
        2 => format!("{term} * {bottom} = {top}"),
        _ => format!("{term} = {}", text(value)),
    })
}

/// One equation for one unknown.
fn solve(rng: &mut Rng, d: Difficulty) -> Draft {
    let (p, q) = ratio(rng, 2 + 2 * d.scale());
    let (a, b, k, m) = (rng.int(2, 5 + d.scale()), rng.int(-20, 20), rng.int(2, 7), rng.int(2, 7));
    let c = if rng.chance(50) { a + rng.int(1, 5) } else { rng.int(1, a - 1) };
    let hypothesis = match rng.below(2 + d.size()) {
        0 | 1 => format!("{} = {}", affine(a, "x", b), fraction(a * p + b * q, q)),
        2 => format!("x / {k} + x / {m} = {}", fraction(p * (k + m), q * k * m)),
        3 => format!("({}) / {k} = {}", affine(a, "x", b), fraction(a * p + b * q, q * k)),
        4 => format!("{} = {}", affine(a, "x", b), shifted_by(&linear(&[c], &["x"]), ((a - c) * p + b * q, q))),
        5 => {
            let c = if a == c * m { c + 1 } else { c };
            // What makes both sides equal at `x = p / q`.
            let rest = ((p - k * q) * a - c * p * m, q * m * a);
            format!("(x - {k}) / {m} = {}", shifted_by(&format!("{} * x", factor((c, a))), rest))
        }
        _ => format!("x - {} * x = {}", factor((c, a + c)), fraction(a * p, q * (a + c))),
    };
    let draft = Draft::new(format!("x = {}", fraction(p, q))).var("x", "Rat").hyp(hypothesis).at("x", fraction(p, q));
    if d.level() < 3 || rng.chance(50) {
        return draft;
    }
    let (u, v) = (rng.int(2, 9), rng.int(-9, 9));
    Draft { goal: format!("{} = {}", affine(u, "x", v), fraction(u * p + v * q, q)), ..draft }
}

/// A term with a fraction added to it.
fn shifted_by(term: &str, value: Ratio) -> String {
    let (top, bottom) = reduced(value);
    if bottom == 1 {
        return shifted(term, top);
    }
    format!("{term} {} {} / {bottom}", if top < 0 { '-' } else { '+' }, top.abs())
}

/// Two or three equations.
fn system(rng: &mut Rng, d: Difficulty) -> Draft {
    let names = ["x", "y", "z"];
    let n = if d.level() < 4 { 2 } else { 3 };
    let bottom = rng.int(1, 1 + d.scale());
    let point: Vec<i64> = (0..n).map(|_| rng.int(-8 - d.scale(), 12 + d.scale())).collect();
    let mut draft = Draft::new("").var(&names[..n].join(" "), "Rat");
    for row in regular(rng, n, -3, 3 + d.scale()) {
        let by = if rng.chance(30) { rng.int(2, 5) } else { 1 };
        let left = linear(&row, &names[..n]);
        let left = if by > 1 { format!("({left}) / {by}") } else { left };
        draft = draft.hyp(format!("{left} = {}", fraction(dot(&row, &point), bottom * by)));
    }
    for (name, value) in names.iter().zip(&point) {
        draft = draft.at(name, fraction(*value, bottom));
    }
    draft.goal = if rng.chance(50) {
        let all: Vec<String> = names.iter().zip(&point).map(|(name, value)| format!("{name} = {}", fraction(*value, bottom))).collect();
        all.join(" ∧ ")
    } else if rng.chance(50) {
        let row: Vec<i64> = (0..n).map(|_| rng.nonzero(-4, 5)).collect();
        format!("{} = {}", linear(&row, &names), fraction(dot(&row, &point), bottom))
    } else {
        format!("{} * {} = {}", names[0], names[1], fraction(point[0] * point[1], bottom * bottom))
    };
    draft
}

/// Inequalities and what they give when added, or between two numbers.
fn order(rng: &mut Rng, d: Difficulty) -> Draft {
    let names = ["x", "y", "z"];
    let relation = rng.pick(&["<", "≤"]);
    let (m, n) = (rng.int(1, 3 + d.scale()), rng.int(1, 3 + d.scale()));
    match rng.below(4) {
        0 => {
            let mean = format!("({} + {}) / {}", linear(&[m], &["x"]), linear(&[n], &["y"]), m + n);
            let goal = match rng.below(3) {
                0 => format!("x {relation} {mean}"),
                1 => format!("{mean} {relation} y"),
                _ => format!("x {relation} {mean} ∧ {mean} {relation} y"),
            };
            Draft::new(goal).var("x y", "Rat").hyp(format!("x {relation} y"))
        }
        1 => {
            let (p, q, b) = (rng.nonzero(-9, 9 + d.scale()), rng.int(2, 4 + d.scale()), rng.int(-9, 9));
            let scaled = format!("{} * x", factor((p, q)));
            let bound = ratio(rng, 3);
            let goal = if p > 0 { format!("x {relation} ") } else { format!("x {} ", if relation == "<" { ">" } else { "≥" }) };
            let (top, bottom) = reduced((bound.0 * p + b * q * bound.1, q * bound.1));
            Draft::new(format!("{goal}{}", text(bound)))
                .var("x", "Rat")
                .hyp(format!("{} {relation} {}", shifted(&scaled, b), fraction(top, bottom)))
                .at("x", text(reduced((bound.0 * 3 - p.signum() * bound.1, bound.1 * 3))))
        }
        _ => {
            let k = if d.level() < 3 { 2 } else { 3 };
            let point: Vec<i64> = (0..k).map(|_| rng.int(-9, 9)).collect();
            let bottom = rng.int(2, 5);
            let (mut total, mut bound) = (vec![0; k], 0);
            let mut draft = Draft::new("").var(&names[..k].join(" "), "Rat");
            for _ in 0..k.max(2) {
                let row: Vec<i64> = (0..k).map(|_| rng.int(-3, 3 + d.scale())).collect();
                let (weight, slack) = (rng.int(1, 3), rng.int(1, 5));
                let value = dot(&row, &point) + slack;
                draft = draft.hyp(format!("{} {relation} {}", linear(&row, &names), fraction(value, bottom)));
                total.iter_mut().zip(&row).for_each(|(t, a)| *t += weight * a);
                bound += weight * value;
            }
            for (name, value) in names.iter().zip(&point) {
                draft = draft.at(name, fraction(*value, bottom));
            }
            draft.goal = format!("{} {relation} {}", linear(&total, &names), fraction(bound, bottom));
            draft
        }
    }
}

/// Fractions whose denominators are unknowns.
fn fractions(rng: &mut Rng, d: Difficulty) -> Draft {
    let size = 3 + 3 * d.scale();
    let (a, b, c) = (rng.int(1, size), rng.int(1, size), rng.nonzero(-size, size));
    let (k, m) = (rng.int(2, 3 + d.scale()), rng.int(1, 3 + d.scale()));
    let one = |goal: String| Draft::new(goal).var("x", "Rat").hyp("x ≠ 0");
    let two = |goal: String| Draft::new(goal).var("x y", "Rat").hyp("y ≠ 0");
    match rng.below(12) {
        0 => one(format!("({} + {}) / x = {}", linear(&[a], &["x"]), linear(&[b], &["x"]), a + b)),
        1 => one(format!("({k} * x) / ({} * x) = {}", k * m + 1, fraction(k, k * m + 1))),
        2 => two(format!("x / y = {}", fraction(a, k))).hyp(format!("{k} * x = {}", linear(&[a], &["y"]))).at("x", a).at("y", k),
        3 => two(format!("{k} * x = {}", linear(&[a], &["y"]))).hyp(format!("x / y = {}", fraction(a, k))).at("x", a).at("y", k),
        4 => two(format!("({} + {}) / y = {}", linear(&[k], &["x"]), linear(&[m], &["y"]), fraction(a * k + m * b, b)))
            .hyp(format!("x / y = {}", fraction(a, b)))
            .at("x", a)
            .at("y", b),
        5 => two(format!("{a} / x + {b} / y = ({} + {}) / (x * y)", linear(&[a], &["y"]), linear(&[b], &["x"]))).hyp("x ≠ 0"),
        6 => Draft::new(format!("(x ^ 2 - {}) / (x - {m}) = x + {m}", m * m)).var("x", "Rat").hyp(format!("x ≠ {m}")),
        7 => {
            Draft::new(format!("x = {}", fraction(a, k))).var("x", "Rat").hyp("x ≠ 0").hyp(format!("{a} / x = {k}")).at("x", fraction(a, k))
        }
        8 => {
            let (sum, product) = (a + c, a * c);
            Draft::new(format!("{m} / x + {m} / y = {}", fraction(m * sum, product)))
                .var("x y", "Rat")
                .hyp(format!("x + y = {sum}"))
                .hyp(format!("x * y = {product}"))
                .at("x", a)
                .at("y", c)
        }
        9 => Draft::new(format!("x / z = {}", fraction(a * b, k * m)))
            .var("x y z", "Rat")
            .hyp("y ≠ 0")
            .hyp(format!("x / y = {}", fraction(a, k)))
            .hyp(format!("y / z = {}", fraction(b, m)))
            .at("x", a * b)
            .at("y", b * k)
            .at("z", m * k),
        10 => {
            let other = if a == b { b + 1 } else { b };
            Draft::new(format!("x = {}", fraction(other * m - a * k, a - other)))
                .var("x", "Rat")
                .hyp(format!("x + {m} ≠ 0"))
                .hyp(format!("x + {k} ≠ 0"))
                .hyp(format!("{a} / (x + {m}) = {other} / (x + {k})"))
                .at("x", fraction(other * m - a * k, a - other))
        }
        _ => one(format!("x * ({} / x + {k}) = {}", signed(c), affine(k, "x", c))),
    }
}

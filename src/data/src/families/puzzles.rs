//! What problems about whole numbers become: digits, roots, neighbours, quotients.

use super::{
    Family, linear,
    polynomial::Polynomial,
    terms::{affine, balanced, dot, gcd, less},
};
use crate::{
    draft::Draft,
    rng::Rng,
    statement::{Difficulty, Topic::Problems},
};

pub(crate) const FAMILIES: &[Family] = &[
    Family::new(Problems, "problem_digits", digits),
    Family::new(Problems, "problem_quadratic", quadratic),
    Family::new(Problems, "problem_consecutive", consecutive),
    Family::new(Problems, "problem_shares", shares),
];

/// The digits of a number.
fn digits(rng: &mut Rng, d: Difficulty) -> Draft {
    let n = if d.level() < 4 { 2 } else { 3 };
    let names = &["a", "b", "c"][..n];
    let places: Vec<i64> = (0..n as u32).rev().map(|i| 10_i64.pow(i)).collect();
    let reversed: Vec<i64> = places.iter().rev().copied().collect();
    let all = || (0..10_i64.pow(n as u32)).map(|x| places.iter().map(|p| x / p % 10).collect::<Vec<i64>>()).filter(|p| p[0] > 0);
    let mut fallback = Draft::new("a = a").var("a", "Nat");
    for _ in 0..40 {
        let point: Vec<i64> = (0..n).map(|i| rng.int(i64::from(i == 0), 9)).collect();
        let value = dot(&places, &point);
        let mut facts: Vec<(String, Vec<i64>, i64)> = Vec::new();
        for _ in 0..n {
            let row: Vec<i64> = match rng.below(4) {
                0 => vec![1; n],
                1 => (0..n).map(|i| [rng.int(1, 3), -rng.int(1, 3), 0][i % 3]).collect(),
                2 => places.iter().zip(&reversed).map(|(p, q)| p - q).collect(),
                _ => places.iter().zip(&reversed).map(|(p, q)| p + q).collect(),
            };
            let constant = dot(&row, &point);
            facts.push((balanced(&row, names, "=", constant), row, constant));
        }
        facts.sort();
        facts.dedup();
        let fits: Vec<i64> =
            all().filter(|p| facts.iter().all(|(_, row, constant)| dot(row, p) == *constant)).map(|p| dot(&places, &p)).collect();
        if fits.len() > 3 {
            continue;
        }
        let number = linear(&places, names);
        let (subject, given) = if rng.chance(50) { ("x", true) } else { (number.as_str(), false) };
        let goal = fits.iter().map(|v| format!("{subject} = {v}")).collect::<Vec<_>>().join(" ∨ ");
        let kind = rng.pick(&["Nat", "Nat", "Int"]);
        let mut draft = Draft::new(goal).var(&names.join(" "), kind).hyp("1 ≤ a");
        for name in names {
            draft = draft.hyp(format!("{name} ≤ 9"));
            if kind == "Int" && *name != "a" {
                draft = draft.hyp(format!("0 ≤ {name}"));
            }
        }
        draft = draft.hyps(facts.into_iter().map(|(text, ..)| text));
        if given {
            draft = draft.var("x", kind).hyp(format!("x = {number}")).at("x", value);
        }
        fallback = names.iter().zip(&point).fold(draft, |draft, (name, x)| draft.at(name, x));
        break;
    }
    fallback
}

/// Quadratic equations: both roots, the one wanted, or what is known of both.
fn quadratic(rng: &mut Rng, d: Difficulty) -> Draft {
    let kind = rng.pick(&["Int", "Int", "Rat"]);
    let (r, s) = (rng.int(-4 - d.scale(), 5 + 2 * d.scale()), rng.int(-6 - d.scale(), 5 + d.scale()));
    let lead = if d.level() > 2 { rng.int(1, 3) } else { 1 };
    let form = Polynomial::univariate(&[r * s, -r - s, 1]).scaled(lead);
    let equation = |rng: &mut Rng, name: &str| {
        let (left, right) = form.signs();
        match rng.below(3) {
            0 => format!("{} = {}", left.text(&[name]), right.text(&[name])),
            1 => {
                let constant = Polynomial::number(form.value(&[0]));
                format!("{} = {}", form.minus(&constant).text(&[name]), constant.scaled(-1).text(&[name]))
            }
            _ => format!("{} = 0", form.text(&[name])),
        }
    };
    let first = equation(rng, "x");
    let roots = if r == s { format!("x = {r}") } else { format!("x = {r} ∨ x = {s}") };
    match rng.below(if d.level() < 2 { 2 } else { 5 }) {
        0 => Draft::new(roots).var("x", kind).hyp(first).at("x", r),
        1 if r != s => {
            let (small, large) = (r.min(s), r.max(s));
            let (condition, answer) = match rng.below(3) {
                0 => (format!("{small} < x"), large),
                1 => (format!("x < {large}"), small),
                _ => (format!("x ≠ {large}"), small),
            };
            Draft::new(format!("x = {answer}")).var("x", kind).hyp(first).hyp(condition).at("x", answer)
        }
        2 if r != s => {
            let second = equation(rng, "y");
            let goal =
                rng.pick(&[format!("x + y = {}", r + s), format!("x * y = {}", r * s), format!("x ^ 2 + y ^ 2 = {}", r * r + s * s)]);
            Draft::new(goal).var("x y", kind).hyp("x ≠ y").hyp(first).hyp(second).at("x", r).at("y", s)
        }
        3 => {
            let (p, c) = (rng.int(2, 4), rng.int(2, 9));
            let square = c * c;
            Draft::new(format!("{} = {c} ∨ {} = -{c}", affine(p, "x", r), affine(p, "x", r)))
                .var("x", kind)
                .hyp(format!("({}) ^ 2 = {square}", affine(p, "x", r)))
        }
        _ => Draft::new(format!("{} * {} = 0", less("x", r), less("x", s))).var("x", kind).hyp(first).at("x", r),
    }
}

/// Numbers that follow one another: their sum or product is known.
fn consecutive(rng: &mut Rng, d: Difficulty) -> Draft {
    let kind = rng.pick(&["Nat", "Int"]);
    let step = rng.int(1, 1 + d.scale().min(3));
    let n = rng.int(2, 3 + d.scale() / 2);
    let x = rng.int(if kind == "Nat" { 0 } else { -9 }, 10 + 5 * d.scale());
    let terms: Vec<String> = (0..n).map(|i| if i == 0 { "x".to_owned() } else { format!("(x + {})", i * step) }).collect();
    let sum: i64 = (0..n).map(|i| x + i * step).sum();
    let last = x + (n - 1) * step;
    match rng.below(if d.level() < 2 { 2 } else { 5 }) {
        0 => Draft::new(format!("x = {x}")).var("x", kind).hyp(format!("{} = {sum}", terms.join(" + "))).at("x", x),
        1 => Draft::new(format!("x + {} = {last}", (n - 1) * step)).var("x", kind).hyp(format!("{} = {sum}", terms.join(" + "))).at("x", x),
        2 => {
            // The middle of three from the sum.
            Draft::new(format!("y = {} ∧ z = {}", x + step, x + 2 * step))
                .var("x y z", kind)
                .hyp(format!("y = x + {step}"))
                .hyp(format!("z = y + {step}"))
                .hyp(format!("x + y + z = {}", 3 * x + 3 * step))
                .at("x", x)
                .at("y", x + step)
                .at("z", x + 2 * step)
        }
        3 => {
            let x = x.abs().min(12);
            Draft::new(format!("x = {x}")).var("x", kind).hyp("0 ≤ x").hyp(format!("x * (x + {step}) = {}", x * (x + step))).at("x", x)
        }
        _ => {
            let difference = step * (2 * x + step);
            Draft::new(format!("x + y = {}", 2 * x + step))
                .var("x y", "Int")
                .hyp(format!("y = x + {step}"))
                .hyp(format!("y ^ 2 - x ^ 2 = {difference}"))
                .at("x", x)
                .at("y", x + step)
        }
    }
}

/// Quotients rounded down: shares, packages and counts of multiples.
fn shares(rng: &mut Rng, d: Difficulty) -> Draft {
    let kind = rng.pick(&["Nat", "Int"]);
    let (k, q) = (rng.int(2, 5 + 2 * d.scale()), rng.int(1, 6 + 4 * d.scale()));
    let r = rng.int(0, k - 1);
    let draft = Draft::new("");
    match rng.below(if d.level() < 2 { 3 } else { 6 }) {
        0 => Draft { goal: format!("x = {}", k * q + r), ..draft }
            .var("x", kind)
            .hyp(format!("x / {k} = {q}"))
            .hyp(format!("x % {k} = {r}"))
            .at("x", k * q + r),
        1 => Draft { goal: format!("{} < x", k * (q - 1) - 1 + r.max(1)), ..draft }
            .var("x", kind)
            .hyp(format!("(x + {}) / {k} = {q}", k - r.max(1)))
            .at("x", k * q),
        2 => {
            let (n, m) = (rng.int(30, 50 * d.scale() + 40), rng.int(2, 9));
            let both = k * m / gcd(k, m);
            let goal = format!("x / {k} + x / {m} - x / {both} = {}", n / k + n / m - n / both);
            Draft { goal, ..draft }.var("x", kind).hyp(format!("x = {n}")).at("x", n)
        }
        3 => {
            // What is left when groups of two sizes are full.
            let m = rng.int(2, 5);
            let x = k * q + r;
            Draft { goal: format!("y = {}", x / m), ..draft }
                .var("x y", kind)
                .hyp(format!("x = {k} * {q} + {r}"))
                .hyp(format!("y = x / {m}"))
                .at("x", x)
                .at("y", x / m)
        }
        4 => {
            let more = rng.int(1, 3);
            Draft { goal: format!("(x + {}) / {k} = {}", k * more, q + more), ..draft }
                .var("x", kind)
                .hyp(format!("{} ≤ x", k * q))
                .hyp(format!("x < {}", k * q + k))
                .at("x", k * q + r)
        }
        _ => {
            let m = rng.int(2, 4);
            Draft { goal: format!("x % {k} = {r}"), ..draft }
                .var("x y", kind)
                .hyp(format!("x = {} * y + {}", k * m, k * q + r))
                .at("x", k * m * 2 + k * q + r)
                .at("y", 2)
        }
    }
}

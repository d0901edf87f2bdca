//! Linear arithmetic of integers.

use super::{Family, linear, signed};
use crate::{
    draft::Draft,
    rng::Rng,
    statement::{Difficulty, Topic::IntLinear},
};

pub(crate) const FAMILIES: &[Family] = &[
    Family::new(IntLinear, "int_consequence", consequence),
    Family::new(IntLinear, "int_between", between),
    Family::new(IntLinear, "int_solve", solve),
    Family::new(IntLinear, "int_abs", absolute),
];

const NAMES: [&str; 4] = ["x", "y", "z", "w"];

/// A non-negative combination of inequalities.
fn consequence(rng: &mut Rng, d: Difficulty) -> Draft {
    let n = (1 + d.size()).min(4);
    let facts = 2 + rng.below(d.size().min(3));
    let mut total = vec![0; n];
    let (mut bound, mut draft) = (0, Draft::new(""));
    let point: Vec<i64> = (0..n).map(|_| rng.int(-9, 9)).collect();
    for _ in 0..facts {
        let row: Vec<i64> = (0..n).map(|_| rng.int(-3 - d.scale(), 3 + d.scale())).collect();
        let value: i64 = row.iter().zip(&point).map(|(a, x)| a * x).sum();
        let slack = rng.int(0, 9);
        let weight = rng.int(1, d.scale().min(3));
        draft = draft.hyp(format!("{} ≤ {}", linear(&row, &NAMES), signed(value + slack)));
        total.iter_mut().zip(&row).for_each(|(t, a)| *t += weight * a);
        bound += weight * (value + slack);
    }
    bound += if rng.chance(50) { 0 } else { rng.int(0, 12) };
    draft.goal = format!("{} ≤ {}", linear(&total, &NAMES), signed(bound));
    let draft = draft.var(&NAMES[..n].join(" "), "Int");
    (0..n).fold(draft, |draft, i| draft.at(NAMES[i], point[i]))
}

/// An integer between two others.
fn between(rng: &mut Rng, d: Difficulty) -> Draft {
    let value = rng.int(-40 * d.scale(), 40 * d.scale());
    let (a, b) = (rng.int(1, 2 + d.scale()), rng.int(-30, 30));
    let low = a * value + b - rng.int(1, a.max(1));
    let high = a * value + b + rng.int(1, a.max(1));
    let term = linear(&[a], &["x"]);
    let term = if b == 0 { term } else { format!("{term} {} {}", if b < 0 { '-' } else { '+' }, b.abs()) };
    let extra = rng.int(0, d.scale() - 1);
    if extra == 0 {
        let draft = Draft::new(format!("x = {}", signed(value))).var("x", "Int").at("x", value);
        return draft.hyp(format!("{} < {term}", signed(low))).hyp(format!("{term} < {}", signed(high)));
    }
    let goal: Vec<String> = (value..=value + extra).map(|v| format!("x = {}", signed(v))).collect();
    let draft = Draft::new(goal.join(" ∨ ")).var("x", "Int").at("x", value);
    draft.hyp(format!("{} < {term}", signed(low))).hyp(format!("{term} < {}", signed(high + a * extra)))
}

/// One equation for one unknown.
fn solve(rng: &mut Rng, d: Difficulty) -> Draft {
    let x = rng.int(-15 * d.scale(), 15 * d.scale());
    let (a, c) = (rng.nonzero(-9, 9), rng.nonzero(-9, 9));
    let c = if a == c { c + 1 } else { c };
    let b = rng.int(-50, 50);
    let e = (a - c) * x + b;
    let side = |k: i64, n: i64| match n {
        0 => linear(&[k], &["x"]),
        n => format!("{} {} {}", linear(&[k], &["x"]), if n < 0 { '-' } else { '+' }, n.abs()),
    };
    let draft = Draft::new(format!("x = {}", signed(x))).var("x", "Int").at("x", x);
    if d.level() < 3 || rng.chance(30) {
        return draft.hyp(format!("{} = {}", side(a, b), signed(a * x + b)));
    }
    let outer = rng.int(2, 5);
    let equation = if rng.chance(50) {
        format!("{} = {}", side(a, b), side(c, e))
    } else {
        format!("{outer} * ({}) = {outer} * ({})", side(a, b), side(c, e))
    };
    draft.hyp(equation)
}

/// The distance from zero.
fn absolute(rng: &mut Rng, d: Difficulty) -> Draft {
    let (a, b) = (rng.int(-20 * d.scale(), 20 * d.scale()), rng.int(0, 10 * d.scale()));
    let shift = format!("x {} {}", if a < 0 { '+' } else { '-' }, a.abs());
    match rng.below(4) {
        0 => Draft::new(format!("{} ≤ x ∧ x ≤ {}", signed(a - b), signed(a + b)))
            .var("x", "Int")
            .hyp(format!("({shift}).natAbs ≤ {b}"))
            .at("x", a + b),
        1 => Draft::new(format!("x = {} ∨ x = {}", signed(a + b), signed(a - b)))
            .var("x", "Int")
            .hyp(format!("({shift}).natAbs = {b}"))
            .at("x", a - b),
        2 => {
            let (k, e) = (rng.int(2, 4 + d.scale()), rng.int(1, 30));
            Draft::new(format!("(x + {k} * y).natAbs ≤ {}", b + k * e))
                .var("x y", "Int")
                .hyp(format!("x.natAbs ≤ {b}"))
                .hyp(format!("y.natAbs ≤ {e}"))
                .at("x", b)
                .at("y", -e)
        }
        _ => Draft::new(format!("({shift}).natAbs ≤ {}", a.abs() + b))
            .var("x", "Int")
            .hyp(format!("{} ≤ x", signed(-b)))
            .hyp(format!("x ≤ {b}"))
            .at("x", b),
    }
}

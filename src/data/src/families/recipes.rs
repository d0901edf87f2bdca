//! Problems about functions, sequences and operations that a hypothesis describes for all arguments.

use super::{
    Family, linear,
    polynomial::Polynomial,
    signed,
    terms::{affine, shifted},
};
use crate::{
    draft::Draft,
    rng::Rng,
    statement::{Difficulty, Topic::Problems},
};

pub(crate) const FAMILIES: &[Family] = &[
    Family::new(Problems, "problem_function", function),
    Family::new(Problems, "problem_coefficients", coefficients),
    Family::new(Problems, "problem_sequence", sequence),
    Family::new(Problems, "problem_recurrence", recurrence),
    Family::new(Problems, "problem_operation", operation),
];

/// A polynomial of low degree.
fn shape(rng: &mut Rng, d: Difficulty, low: i64) -> Polynomial {
    let lead = if d.level() > 2 { rng.int(0, 2) } else { 0 };
    Polynomial::univariate(&[rng.int(low * 2, 9), rng.nonzero(low, 5), lead])
}

/// Values of functions, and of functions of those values.
fn function(rng: &mut Rng, d: Difficulty) -> Draft {
    let kind = rng.pick(&["Int", "Int", "Rat", "Nat"]);
    let low = if kind == "Nat" { 1 } else { -4 };
    let (f, g) = (shape(rng, d, low.min(0)), shape(rng, d, low.min(0)));
    let (f, g) = if kind == "Nat" { (positive(&f), positive(&g)) } else { (f, g) };
    let a = rng.int(low, 3 + d.scale());
    let draft = Draft::new("").hyp(format!("∀ x : {kind}, f x = {}", f.text(&["x"])));
    let draft = draft.var("f", &format!("{kind} → {kind}"));
    let (f, g_of) = (|x: i64| f.value(&[x]), |x: i64| g.value(&[x]));
    let arg = signed(a);
    if d.level() < 3 {
        let b = rng.int(low, 5);
        return match rng.below(4) {
            0 => Draft { goal: format!("f {arg} = {}", f(a)), ..draft },
            1 => Draft { goal: format!("f (f {arg}) = {}", f(f(a))), ..draft },
            2 => Draft { goal: format!("f {arg} + f {} = {}", signed(b), f(a) + f(b)), ..draft },
            _ => Draft { goal: format!("f a = {}", f(a)), ..draft }.var("a", kind).hyp(format!("a = {a}")).at("a", a),
        };
    }
    let draft = draft.hyp(format!("∀ x : {kind}, g x = {}", g.text(&["x"]))).var("g", &format!("{kind} → {kind}"));
    let goal = match rng.below(5) {
        0 => format!("f (g {arg}) = {}", f(g_of(a))),
        1 => format!("g (f {arg}) = {}", g_of(f(a))),
        2 => format!("f {arg} * g {arg} = {}", f(a) * g_of(a)),
        3 => format!("f (g {arg}) + g (f {arg}) = {}", f(g_of(a)) + g_of(f(a))),
        _ => format!("f (f {arg}) + g {arg} = {}", f(f(a)) + g_of(a)),
    };
    Draft { goal, ..draft }
}

/// The polynomial with absolute values for coefficients.
fn positive(form: &Polynomial) -> Polynomial {
    let (plus, minus) = form.signs();
    plus.plus(&minus)
}

/// Coefficients of a function from its values.
fn coefficients(rng: &mut Rng, d: Difficulty) -> Draft {
    let kind = rng.pick(&["Int", "Rat"]);
    let (a, b) = (rng.nonzero(-6, 6 + d.scale()), rng.int(-9, 9 + d.scale()));
    let (p, q) = (rng.int(-3, 3), rng.int(4, 6 + d.scale()));
    let square = d.level() > 2 && rng.chance(60);
    let body = if square { "x ^ 2 + a * x + b" } else { "a * x + b" };
    let value = |x: i64| a * x + b + if square { x * x } else { 0 };
    let draft = Draft::new("")
        .var("a b", kind)
        .var("f", &format!("{kind} → {kind}"))
        .hyp(format!("∀ x : {kind}, f x = {body}"))
        .hyp(format!("f {} = {}", signed(p), value(p)))
        .hyp(format!("f {q} = {}", value(q)))
        .at("a", a)
        .at("b", b);
    let c = rng.int(7, 12 + d.scale());
    let goal = match rng.below(4) {
        0 => format!("a = {a} ∧ b = {b}"),
        1 => format!("f {c} = {}", value(c)),
        2 => format!("a + b = {}", a + b),
        _ => format!("f 0 = {b}"),
    };
    Draft { goal, ..draft }
}

/// Terms and sums of a sequence that a formula gives.
fn sequence(rng: &mut Rng, d: Difficulty) -> Draft {
    let kind = rng.pick(&["Nat", "Int"]);
    let form = positive(&shape(rng, d, 0));
    let power = d.level() > 2 && rng.chance(40);
    let base = rng.int(2, 3);
    let value = |n: i64| if power { base.pow(n as u32) + form.value(&[n]) } else { form.value(&[n]) };
    let constant = form.value(&[0]);
    let (draft, kind) = if power || kind == "Nat" {
        let text = if power { format!("{base} ^ n + {}", form.text(&["n"])) } else { form.text(&["n"]) };
        (Draft::new("").hyp(format!("∀ n : Nat, s n = {text}")), "Nat")
    } else {
        (Draft::new("").hyp(format!("∀ n : Int, s n = {}", form.text(&["n"]))), "Int")
    };
    let draft = draft.var("s", &format!("{kind} → {kind}"));
    let (i, j) = (rng.int(2, 3 + d.scale()), rng.int(1, 2 + d.scale()));
    let inner = value(j.min(2));
    let goal = match rng.below(if d.level() < 2 { 3 } else { 5 }) {
        0 => format!("s {i} = {}", value(i)),
        1 => format!("s {i} + s {j} = {}", value(i) + value(j)),
        2 => {
            let n = rng.int(3, 3 + d.scale());
            let terms: Vec<String> = (1..=n).map(|k| format!("s {k}")).collect();
            format!("{} = {}", terms.join(" + "), (1..=n).map(value).sum::<i64>())
        }
        3 if inner <= 40 => format!("s (s {}) = {}", j.min(2), value(inner)),
        3 => format!("s {i} = {}", value(i)),
        _ => format!("s {} < s {} ∧ s 0 = {}", j, i + j, if power { constant + 1 } else { constant }),
    };
    Draft { goal, ..draft }
}

/// A sequence whose terms are given by those before.
fn recurrence(rng: &mut Rng, d: Difficulty) -> Draft {
    let start = rng.int(0, 9);
    let most = 4 + d.scale();
    let geometric = d.level() > 1 && rng.chance(40);
    let (ratio, step) = if geometric { (rng.int(2, 3), 0) } else { (1, rng.int(1, 3 + 2 * d.scale())) };
    let term = |n: i64| if geometric { start * ratio.pow(n as u32) } else { start + step * n };
    let closed = if geometric { linear(&[start], &[&format!("{ratio} ^ n")]) } else { affine(step, "n", start) };
    let range = if rng.chance(50) { format!("∀ n < {}", most + rng.int(0, 3)) } else { "∀ n : Nat".to_owned() };
    if d.level() > 2 && rng.chance(35) {
        // Each term by the two before it.
        let (p, q, second) = (rng.int(1, 2), rng.int(1, 3), rng.int(1, 6));
        let mut terms = vec![start, second];
        for i in 0..most as usize {
            terms.push(p * terms[i + 1] + q * terms[i]);
        }
        let at = rng.int(3, most);
        let rule = linear(&[p, q], &["s (n + 1)", "s n"]);
        return Draft::new(format!("s {at} = {}", terms[at as usize]))
            .var("s", "Nat → Nat")
            .hyp(format!("s 0 = {start}"))
            .hyp(format!("s 1 = {second}"))
            .hyp(format!("{range}, s (n + 2) = {rule}"));
    }
    let rule = if geometric { format!("s (n + 1) = {ratio} * s n") } else { format!("s (n + 1) = s n + {step}") };
    let k = rng.int(2, most);
    let all = range.ends_with("Nat");
    let goal = match rng.below(4) {
        0 if all => format!("∀ m : Nat, s m = {}", closed.replace('n', "m")),
        1 if all => format!("s m = {}", closed.replace('n', "m")),
        2 => format!("s {k} + s {} = {}", k - 1, term(k) + term(k - 1)),
        _ => format!("s {k} = {}", term(k)),
    };
    let draft = Draft::new("").var("s", "Nat → Nat").hyp(format!("s 0 = {start}")).hyp(format!("{range}, {rule}"));
    let draft = draft.at("s", format!("fun n => {closed}"));
    let draft = if goal.starts_with("s m") { draft.var("m", "Nat") } else { draft };
    Draft { goal, ..draft }
}

/// An operation given by a formula: its values, and unknown arguments.
fn operation(rng: &mut Rng, d: Difficulty) -> Draft {
    let kind = rng.pick(&["Int", "Rat"]);
    let (p, q, r) = (rng.nonzero(-2, 4), rng.nonzero(-3, 3), if d.level() > 1 { rng.int(0, 2) } else { 0 });
    let form = Polynomial::linear(&[p, q], rng.int(-5, 5)).plus(&Polynomial::variable(0).times(&Polynomial::variable(1)).scaled(r));
    let value = |x: i64, y: i64| form.value(&[x, y]);
    let draft =
        Draft::new("").var("f", &format!("{kind} → {kind} → {kind}")).hyp(format!("∀ x y : {kind}, f x y = {}", form.text(&["x", "y"])));
    let (a, b, c) = (rng.int(-3, 6), rng.int(1, 5), rng.int(-2, 4));
    let (s, t, u) = (signed(a), signed(b), signed(c));
    match rng.below(if d.level() < 2 { 2 } else { 5 }) {
        0 => Draft { goal: format!("f {s} {t} = {}", value(a, b)), ..draft },
        1 => Draft { goal: format!("f {s} {t} - f {t} {s} = {}", value(a, b) - value(b, a)), ..draft },
        2 => Draft { goal: format!("f (f {s} {t}) {u} = {}", value(value(a, b), c)), ..draft },
        3 => Draft { goal: format!("f {s} (f {t} {u}) = {}", value(a, value(b, c))), ..draft },
        _ => {
            // Solvable where the coefficient of the unknown argument is not zero.
            let b = if p + r * b == 0 { b + 1 } else { b };
            Draft { goal: format!("{} = {}", shifted("z", b), a + b), ..draft }
                .var("z", kind)
                .hyp(format!("f z {b} = {}", value(a, b)))
                .at("z", a)
        }
    }
}

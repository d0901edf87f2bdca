//! Sums, products and recurrences defined by recursion on a natural number: closed forms, bounds, divisors, and how two of them are
//! related.

use super::{
    Family,
    polynomial::Polynomial,
    signed,
    terms::{affine, shifted},
};
use crate::{
    draft::Draft,
    rng::Rng,
    statement::{Difficulty, Topic::Recursion},
};

pub(crate) const FAMILIES: &[Family] = &[
    Family::new(Recursion, "rec_closed", closed),
    Family::new(Recursion, "rec_bound", bound),
    Family::new(Recursion, "rec_divides", divides),
    Family::new(Recursion, "rec_two_step", two_step),
    Family::new(Recursion, "rec_related", related),
    Family::new(Recursion, "rec_operation", operation),
];

const FIRST: &[&str] = &["f", "a", "u", "seq", "value", "total", "term", "grow"];
const SECOND: &[&str] = &["g", "b", "v", "other", "acc", "sums", "partner"];
const OPERATIONS: &[&str] = &["op", "combine", "mix", "step", "f", "join"];

/// A function by its value at zero and its value at `n + 1`.
fn recursive(name: &str, kind: &str, zero: impl std::fmt::Display, next: &str) -> String {
    format!("def {name} : Nat → {kind}\n  | 0 => {zero}\n  | n + 1 => {next}")
}

/// `a * f n + b` and the like, without ones and zeros.
fn step(a: i64, name: &str, b: i64) -> String {
    affine(a, &format!("{name} n"), b)
}

/// `f n = P n` for a recurrence, its sum or its product; at low difficulty also a value at a numeral.
fn closed(rng: &mut Rng, d: Difficulty) -> Draft {
    let (a, b, c) = (rng.int(2, 4 + 3 * d.scale()), rng.int(1, 9), rng.int(0, 12));
    let f = |kind: &str, zero: i64, next: &str, goal: String| Draft::new(goal).var("n", "Nat").def(FIRST, recursive("f", kind, zero, next));
    match (d.level(), rng.below(4)) {
        (1, 0) => f("Nat", c, &step(a, "f", 0), format!("f n = {c} * {a} ^ n")),
        (1, 1) => {
            let at = rng.int(3, 6);
            let value = (0..at).fold(c, |value, _| a * value + b);
            let goal = format!("f {at} = {value}");
            Draft::new(goal).def(FIRST, recursive("f", "Nat", c, &step(a, "f", b)))
        }
        (1, _) => f("Nat", c, &step(1, "f", a), format!("f n = {}", affine(a, "n", c))),
        (2, 0) => f("Int", c, &step(1, "f", -a), format!("f n = {c} - {a} * (n : Int)")),
        (2, 1) => f("Nat", c, &step(a, "f", b), format!("{} = {} * {a} ^ n", affine(a - 1, "f n", b), (a - 1) * c + b)),
        (2 | 3, 2 | 3) | (4, 0) => {
            let degree = if d.level() > 2 { 3 } else { 2 };
            let mut shape: Vec<i64> = (0..degree).map(|_| rng.int(0, 3 + d.scale())).collect();
            shape.push(rng.int(1, 3));
            let form = Polynomial::univariate(&shape);
            let after = Polynomial::linear(&[1], 1);
            let difference = form.at(&[after]).minus(&form);
            let next = format!("f n + {}", difference.shuffled(rng, &["n"]));
            f("Nat", shape[0], &next, format!("f n = {}", form.shuffled(rng, &["n"])))
        }
        (2 | 3, _) => {
            let next = format!("f n + {a} * (n + 1) + {b}");
            f("Nat", c, &next, format!("2 * f n = {}", shifted(&format!("{a} * n * (n + 1) + {} * n", 2 * b), 2 * c)))
        }
        (4, 1) => {
            let next = format!("f n + {a} * (n + 1) ^ 2 + {b} * (n + 1)");
            let sum = format!("{a} * n * (n + 1) * (2 * n + 1) + {} * n * (n + 1)", 3 * b);
            f("Nat", c, &next, format!("6 * f n = {}", shifted(&sum, 6 * c)))
        }
        (4, 2) => f(
            "Int",
            c,
            &format!("{b} - f n"),
            if rng.chance(50) { format!("f (2 * n) = {c}") } else { format!("2 * f n = {b} + {} * (-1) ^ n", signed(2 * c - b)) },
        ),
        (5, 0) => {
            let next = format!("f n + {a} * (n + 1) ^ 3");
            f("Nat", c, &next, format!("4 * f n = {}", shifted(&format!("{a} * n ^ 2 * (n + 1) ^ 2"), 4 * c)))
        }
        (5, 1) => {
            let next = format!("f n + {b} * (n + 1) * (n + 2)");
            f("Nat", c, &next, format!("3 * f n = {}", shifted(&format!("{b} * n * (n + 1) * (n + 2)"), 3 * c)))
        }
        (4, _) | (5, 2) => {
            let next = format!("f n + {b} * {a} ^ n");
            f("Nat", c, &next, format!("{} = {b} * {a} ^ n + {}", affine(a - 1, "f n", b), (a - 1) * c))
        }
        _ => {
            let next = format!("f n + {b} * (n + 1) * 2 ^ n");
            f("Nat", c, &next, format!("f n + {b} * 2 ^ n = {b} * n * 2 ^ n + {}", b + c))
        }
    }
}

/// Growth: lower bounds, monotony, and that every value is taken once.
fn bound(rng: &mut Rng, d: Difficulty) -> Draft {
    let (a, b, c) = (rng.int(1, 2 + d.scale()), rng.int(1, 6 + d.scale()), rng.int(1, 9 + d.scale()));
    let next = match rng.below(if d.level() < 3 { 2 } else { 4 }) {
        0 => step(a, "f", b),
        1 => format!("{} + {} * n", step(a, "f", b), rng.int(1, 5)),
        2 => format!("{} + n ^ 2", step(a, "f", b)),
        _ => format!("{} + n * f n", step(a, "f", b)),
    };
    // From which difficulty, for which values of m and n with what between them, and what then holds.
    let goals = [
        (1, None, format!("{c} ≤ f n")),
        (1, None, "f n < f (n + 1)".to_owned()),
        (1, None, format!("{} ≤ f n", affine(b, "n", c))),
        (1, None, format!("f n + {b} ≤ f (n + 1)")),
        (2, None, format!("{a} ^ n ≤ f n")),
        (2, None, format!("f n < f (n + {})", rng.int(2, 5))),
        (2, None, format!("{c} + {b} * n ≤ f n ∧ f n ≠ 0")),
        (3, Some((2, 4, "m ≤ n")), "f m ≤ f n".to_owned()),
        (3, None, "∃ k : Nat, m ≤ f k".to_owned()),
        (3, None, "f m ≤ f (m + n)".to_owned()),
        (3, None, format!("{c} * {a} ^ n ≤ f n")),
        (4, Some((2, 5, "m < n")), "f m < f n".to_owned()),
        (4, None, format!("f n + {b} * m ≤ f (n + m)")),
        (5, Some((3, 3, "f m = f n")), "m = n".to_owned()),
    ];
    let fitting: Vec<_> = goals.into_iter().filter(|(least, ..)| (*least..*least + 3).contains(&d.level())).collect();
    let (_, between, goal) = rng.pick(&fitting);
    let draft = Draft::new(goal).def(FIRST, recursive("f", "Nat", c, &next));
    let draft = match between {
        Some((m, n, fact)) => draft.hyp(fact).at("m", m).at("n", n),
        None => draft,
    };
    draft.over("m n", "Nat")
}

/// Numbers that divide all values, and remainders that all values have.
fn divides(rng: &mut Rng, d: Difficulty) -> Draft {
    let modulus = rng.int(2, 4 + 2 * d.scale());
    let (a, r) = (rng.int(1, 3 + 2 * d.scale()), rng.int(0, modulus - 1));
    // The next value has the remainder of the last one.
    let b = (r - a * r).rem_euclid(modulus) + modulus * rng.int(0, 2);
    let start = r + modulus * rng.int(0, 3);
    let f = |zero: i64, next: &str, goal: String| Draft::new(goal).var("n", "Nat").def(FIRST, recursive("f", "Nat", zero, next));
    match (d.level(), rng.below(4)) {
        (1 | 2, 0) | (3, 0) => f(start, &step(a, "f", b), format!("f n % {modulus} = {r}")),
        (1 | 2, 1) => f(start, &step(a, "f", b), format!("{modulus} ∣ f n + {}", (modulus - r) % modulus)),
        (1 | 2, _) => {
            let (k, l) = (rng.int(1, 4), rng.int(0, 4));
            f(modulus * l, &format!("{} + {} * n", step(a, "f", modulus), modulus * k), format!("{modulus} ∣ f n"))
        }
        (3, 1) => f(start, &format!("{} + {modulus} * n ^ 2", step(a, "f", b)), format!("∃ k : Nat, f n = {modulus} * k + {r}")),
        (3, 2) => f(rng.int(0, 5) * 2, &format!("f n + {} * n + {}", 2 * a, 2 * a + 2), "2 ∣ f n".to_owned()),
        (3, _) => f(2 * start, &step(1, "f", 2 * a + 1), "(f n + n) % 2 = 0".to_owned()),
        (4, 0) => f(2 * start, &format!("f n + {} * n * (n + 1)", a), "f n % 2 = 0".to_owned()),
        (4, 1) => f(start + 1, &format!("{} * (n + 1) * f n", a + 1), format!("{} ^ n ∣ f n", a + 1)),
        (4, 2) => f(start, &format!("{} * f n + {}", 2 * a, 2 * b + 1), "f (n + 1) % 2 = 1".to_owned()),
        (4, _) => f(start, &format!("f n + {modulus} * f n ^ 2"), format!("f n % {modulus} = {r}")),
        (_, 0) => f(start + 1, &format!("(n + {a}) * f n"), "f m ∣ f n".to_owned()).var("m", "Nat").hyp("m ≤ n").at("m", 2).at("n", 4),
        (_, 1) => {
            let p = rng.int(2, 6);
            f(modulus * rng.int(1, 4), &format!("f n * (f n + {p})"), format!("{modulus} ∣ f (n + {})", rng.int(1, 3)))
        }
        (_, 2) => f(
            rng.int(0, 4),
            &format!("f n + {a} * {} ^ n", modulus + 1),
            format!("(f n + {}) % {modulus} = (f 0 + {a} * n + {}) % {modulus}", r, r),
        ),
        _ => {
            f(start, &format!("{} * f n + {b}", a + modulus), format!("f (m + n) % {modulus} = f (n + m + 2) % {modulus}")).var("m", "Nat")
        }
    }
}

/// Each value from the two before it.
fn two_step(rng: &mut Rng, d: Difficulty) -> Draft {
    let (p, q) = (rng.int(1, 2 + d.scale()), rng.int(1, 2 + d.scale()));
    let (a, b) = (rng.int(1, 9), rng.int(1, 9));
    let define = |kind: &str, a: i64, b: i64, next: &str| format!("def f : Nat → {kind}\n  | 0 => {a}\n  | 1 => {b}\n  | n + 2 => {next}");
    let next = format!("{} + {}", affine(p, "f (n + 1)", 0), affine(q, "f n", 0));
    let draft = Draft::new("").var("n", "Nat");
    let plain = |draft: Draft, goal: String| Draft { goal, ..draft }.def(FIRST, define("Nat", a, b, &next));
    match (d.level(), rng.below(4)) {
        (1, 0) => plain(draft, "0 < f n".to_owned()),
        (1, 1) => {
            let (mut x, mut y) = (a, b);
            let at = rng.int(3, 7);
            for _ in 0..at {
                (x, y) = (y, p * y + q * x);
            }
            plain(Draft::new(""), format!("f {at} = {x}"))
        }
        (1 | 2, 2) => {
            let m = rng.int(2, 7);
            Draft { goal: format!("{m} ∣ f n"), ..draft }.def(FIRST, define("Nat", m * a, m * b, &next))
        }
        (1, _) => plain(draft, format!("f (n + 3) = {} * f (n + 1) + {} * f n", p * p + q, p * q)),
        (2, 0) => plain(draft, "f (n + 1) ≤ f (n + 2)".to_owned()),
        (2, 1) => plain(draft, format!("{} ≤ f n ∧ {} ≤ f (n + 1)", a.min(b), a.min(b))),
        (2 | 3, 3) => {
            // The roots are r and -t, and the start lies on the line of r.
            let (r, t) = (rng.int(2, 4), 1);
            let next = format!("{} + {}", affine(r - t, "f (n + 1)", 0), affine(r * t, "f n", 0));
            Draft { goal: format!("f n = {a} * {r} ^ n"), ..draft }.def(FIRST, define("Nat", a, a * r, &next))
        }
        (3, 0) => plain(draft, "n ≤ f (n + 1)".to_owned()),
        (3, 1) => {
            let (p, q) = (2 * rng.int(0, 2) + 1, 2 * rng.int(0, 2) + 1);
            let next = format!("{} + {}", affine(p, "f (n + 1)", 0), affine(q, "f n", 0));
            Draft { goal: "f (n + 3) % 2 = f n % 2".to_owned(), ..draft }.def(FIRST, define("Nat", a, b, &next))
        }
        (3, _) | (4, 0) => {
            // An arithmetic progression, written with two values.
            let next = "2 * f (n + 1) - f n";
            Draft { goal: format!("f n = {a} + {b} * (n : Int)"), ..draft }.def(FIRST, define("Int", a, a + b, next))
        }
        (4, 1) | (5, 0) => {
            let (r, t) = (rng.int(1, 3), rng.int(4, 6));
            let next = format!("{} * f (n + 1) - {} * f n", r + t, r * t);
            Draft { goal: format!("f n = {a} * {r} ^ n + {b} * {t} ^ n"), ..draft }.def(FIRST, define("Int", a + b, a * r + b * t, &next))
        }
        (4, 2) | (5, 1) => {
            let sums = recursive("g", "Nat", "f 0", "g n + f (n + 1)");
            let next = "f (n + 1) + f n";
            Draft { goal: format!("g n + {b} = f (n + 2)"), ..draft }.def(FIRST, define("Nat", a, b, next)).def(SECOND, sums)
        }
        (4, _) => plain(draft.var("m", "Nat").hyp("m ≤ n").at("m", 1).at("n", 4), "f (m + 1) ≤ f (n + 1)".to_owned()),
        (_, 2) => {
            let goal = format!("f (m + n + 1) = f (m + 1) * f (n + 1) + {}", affine(q, "f m * f n", 0));
            Draft { goal, ..draft.var("m", "Nat") }.def(FIRST, define("Nat", 0, 1, &next))
        }
        _ => {
            let goal = format!("f (n + 1) ^ 2 - f n * f (n + 2) = (-{q}) ^ n");
            Draft { goal, ..draft }.def(FIRST, define("Int", 0, 1, &next))
        }
    }
}

/// Two functions by recursion, and an equation between them.
fn related(rng: &mut Rng, d: Difficulty) -> Draft {
    let (a, b, c, k) = (rng.int(1, 3 + d.scale()), rng.int(1, 8), rng.int(0, 7), rng.int(2, 3 + d.scale()));
    let two = |zero: i64, next: &str, second: String, goal: String| {
        Draft::new(goal).var("n", "Nat").def(FIRST, recursive("f", "Nat", zero, next)).def(SECOND, second)
    };
    let other = |zero: i64, next: &str| recursive("g", "Nat", zero, next);
    let accumulator = |more: &str| format!("def g : Nat → Nat → Nat\n  | 0, s => s\n  | n + 1, s => g n ({more})");
    match (d.level(), rng.below(4)) {
        (1, 0) => two(c, &step(1, "f", b), other(k * c, &step(1, "g", k * b)), format!("g n = {k} * f n")),
        (1, 1) => two(c, &step(a, "f", b), other(c + k, &step(a, "g", b)), "f n ≤ g n".to_owned()),
        (1 | 2, 2) => two(c, &step(a, "f", b), other(k * c, &step(a, "g", k * b)), format!("g n = {k} * f n")),
        (1, _) => two(c, &step(1, "f", b), other(c + k, &step(1, "g", b)), format!("g n = f n + {k}")),
        (2, 0) => two(c, &step(1, "f", 2 * b), other(c, &step(1, "g", b)), "f n = g (2 * n)".to_owned()),
        (2, 1) => two(c, &step(1, "f", b), other(k, &step(1, "g", a)), format!("f n + g n = {} * n + {}", a + b, c + k)),
        (2, _) | (3, 0) => two(c, &step(a + 1, "f", b), other(c + k, &step(a + 1, "g", b)), format!("g n = f n + {k} * {} ^ n", a + 1)),
        (3, 1) => two(c, &format!("f n + {a} * n + {b}"), accumulator(&format!("s + {a} * n + {b}")), format!("g n s + {c} = f n + s"))
            .var("s", "Nat"),
        (3, 2) => two(1, "(n + 1) * f n", other(b, &format!("{k} * (n + 1) * g n")), format!("g n = {b} * {k} ^ n * f n")),
        (3, _) => two(0, &step(1, "f", a), accumulator(&format!("s + {a}")), "g n s = f n + s".to_owned()).var("s", "Nat"),
        (4, 0) => two(1, &format!("(n + {a}) * f n"), accumulator(&format!("(n + {a}) * s")), "g n s = s * f n".to_owned()).var("s", "Nat"),
        (4, 1) => two(c, &step(k, "f", b), accumulator(&format!("{k} * s + {b}")), format!("g n {c} = f n")),
        (4, 2) => two(b, &format!("f n + {a} * (n + 1)"), other(0, "g n + (n + 1)"), format!("f n = {a} * g n + {b}")),
        (4, _) => two(b, &step(1, "f", a), other(0, "g n + f n"), format!("2 * g n + {a} * n = {} * n + {a} * n ^ 2", 2 * b)),
        (_, 0) => two(b, &step(k, "f", 0), other(0, "g n + f n"), format!("{} + {b} = f n", affine(k - 1, "g n", 0))),
        (_, 1) => {
            // Even and odd places of one function.
            let odd = other(c + a, &step(1, "g", a + b));
            let even = format!("def f : Nat → Nat\n  | 0 => {c}\n  | 1 => {}\n  | n + 2 => f n + {}", c + a, a + b);
            let goal = if rng.chance(50) { "f (2 * n + 1) = g n" } else { "f (2 * n + 1) = g n ∧ f (2 * n) + A = g n" };
            Draft::new(goal.replace('A', &a.to_string())).var("n", "Nat").def(FIRST, even).def(SECOND, odd)
        }
        (_, 2) => {
            let more = rng.pick(&["n", "n ^ 2", "n * n", "(n + 1)"]);
            let text = accumulator(&format!("s + {a} * {more} + {b}"));
            Draft::new(rng.pick(&["g n (s + t) = g n s + t", "s ≤ g n s", "g n s + t = g n t + s"])).def(SECOND, text).over("n s t", "Nat")
        }
        _ => two(1, "(n + 1) * f n", other(c, &format!("g n + {k} * (n + 1) * f (n + 1)")), format!("g n + {k} = {k} * f (n + 1) + {c}")),
    }
}

/// Operations on two numbers, by recursion on one of them.
fn operation(rng: &mut Rng, d: Difficulty) -> Draft {
    let (a, b, c, k) = (rng.int(1, 5 + 3 * d.scale()), rng.int(1, 9 + 9 * d.scale()), rng.int(0, 9), rng.int(1, 9));
    let op = |zero: String, next: String, goal: String| {
        let text = format!("def op : Nat → Nat → Nat\n  | m, 0 => {zero}\n  | m, n + 1 => {next}");
        Draft::new(goal).def(OPERATIONS, text)
    };
    let sum = |goal: String| op(affine(a, "m", c), format!("op m n + {b}"), goal);
    let product = |goal: String| {
        let text = format!("def op : Nat → Nat → Nat\n  | _, 0 => 0\n  | m, n + 1 => op m n + {}", affine(b, "m", 0));
        Draft::new(goal).def(OPERATIONS, text)
    };
    let power = |goal: String| {
        let text = format!("def op : Nat → Nat → Nat\n  | _, 0 => {k}\n  | m, n + 1 => {}", affine(b, "m", 0).replace('m', "m * op m n"));
        Draft::new(goal).def(OPERATIONS, text)
    };
    let minus = |goal: String| op("m".to_owned(), format!("op m n - {b}"), goal);
    let draft = match (d.level(), rng.below(4)) {
        (1, 0) => sum(format!("op m n = {} + {}", affine(a, "m", c), affine(b, "n", 0))),
        (1, 1) => minus(format!("op m n = m - {}", affine(b, "n", 0))),
        (1, 2) => sum(format!("op m (n + {k}) = op m n + {}", k * b)),
        (1, _) => minus("op m n ≤ m".to_owned()),
        (2, 0) => sum(format!("op (m + {k}) n = op m n + {}", k * a)),
        (2, 1) => product(format!("op {k} n = {} * n", k * b)),
        (2, 2) => product("op 0 n = 0".to_owned()),
        (2, _) => minus(format!("op m n + {} ≥ m", affine(b, "n", 0))),
        (3, 0) => product(format!("op m n = {b} * m * n")),
        (3, 1) => product("op (m + k) n = op m n + op k n".to_owned()).var("k", "Nat"),
        (3, 2) => minus("op (op m n) k = op m (n + k)".to_owned()).var("k", "Nat"),
        (3, _) => sum("op m n < op (m + 1) (n + 1)".to_owned()),
        (4, 0) => product("op m n = op n m".to_owned()),
        (4, 1) => product("op m (n + k) = op m n + op m k".to_owned()).var("k", "Nat"),
        (4, 2) => power(format!("op m n = {k} * ({}) ^ n", affine(b, "m", 0))),
        (4, _) => sum("op m n ≤ op j k".to_owned()).var("j k", "Nat").hyp("m ≤ j").hyp("n ≤ k").at("m", 1).at("n", 2).at("j", 3).at("k", 2),
        (_, 0) => power(format!("{k} * op m (n + j) = op m n * op m j")).var("j", "Nat"),
        (_, 1) => product("op (op m n) k = op m (op n k)".to_owned()).var("k", "Nat"),
        (_, 2) => power("0 < op m n".to_owned()).hyp(format!("{c} < m")).at("m", c + 2),
        _ => product("n ≤ op m n".to_owned()).hyp("0 < m").at("m", 2),
    };
    draft.over("m n", "Nat")
}

//! What word problems become: unknowns, facts, an answer.

use super::{
    Family, linear,
    polynomial::Polynomial,
    terms::{affine, dot, fraction, gcd, less, regular, shifted},
};
use crate::{
    draft::Draft,
    rng::Rng,
    statement::{Difficulty, Topic::Problems},
};

pub(crate) const FAMILIES: &[Family] = &[
    Family::new(Problems, "problem_system", system),
    Family::new(Problems, "problem_ages", ages),
    Family::new(Problems, "problem_digits", digits),
    Family::new(Problems, "problem_rates", rates),
    Family::new(Problems, "problem_means", means),
    Family::new(Problems, "problem_quadratic", quadratic),
    Family::new(Problems, "problem_consecutive", consecutive),
    Family::new(Problems, "problem_shares", shares),
];

const NAMES: [&str; 3] = ["x", "y", "z"];

fn number_kind(rng: &mut Rng) -> &'static str {
    rng.pick(&["Nat", "Int", "Rat"])
}

/// Unknowns that equations determine, and a value that depends on them in another way.
fn system(rng: &mut Rng, d: Difficulty) -> Draft {
    let n = if d.level() < 4 { 2 } else { 3 };
    let names = &NAMES[..n];
    let kind = rng.pick(&["Int", "Rat"]);
    let point: Vec<i64> = names.iter().map(|_| rng.int(-5 - d.scale(), 9 + 2 * d.scale())).collect();
    let rows = regular(rng, n, if d.level() < 2 { -1 } else { -3 }, 1 + d.scale());
    let form = match rng.below(5) {
        0 => Polynomial::variable(0).times(&Polynomial::variable(1)),
        1 => Polynomial::variable(0).power(2).plus(&Polynomial::variable(1).power(2)),
        2 => Polynomial::variable(0).power(2).minus(&Polynomial::variable(1).power(2)),
        3 => Polynomial::linear(&[rng.int(1, 5), rng.nonzero(-4, 6)], rng.int(-9, 9)),
        _ => Polynomial::variable(0).times(&Polynomial::variable(n - 1)).plus(&Polynomial::linear(&[rng.int(1, 3), rng.int(0, 3)], 0)),
    };
    let draft = Draft::new(format!("{} = {}", form.text(names), form.value(&point))).var(&names.join(" "), kind);
    let draft = rows.iter().fold(draft, |draft, row| {
        let (value, by) = (dot(row, &point), rng.int(2, 4));
        draft.hyp(match rng.below(4) {
            // One unknown by the others.
            0 if row[0] == 1 => format!("x = {}", shifted(&linear(&row[1..].iter().map(|a| -a).collect::<Vec<_>>(), &names[1..]), value)),
            1 if d.level() > 1 => format!("{by} * ({}) = {}", linear(row, names), by * value),
            _ => format!("{} = {value}", linear(row, names)),
        })
    });
    names.iter().zip(&point).fold(draft, |draft, (name, x)| draft.at(name, x))
}

/// Two or three ages: how many times one is another, now and in other years.
fn ages(rng: &mut Rng, d: Difficulty) -> Draft {
    let kind = number_kind(rng);
    let (y, k) = (rng.int(2, 8 + 3 * d.scale()), rng.int(2, 4 + d.scale() / 2));
    let plus = if d.level() > 1 && rng.chance(50) { rng.int(1, 5) } else { 0 };
    let x = k * y + plus;
    let years = rng.int(1, 4 + 2 * d.scale());
    let past = rng.chance(40) && years < y;
    let at = if past { -years } else { years };
    // The ratio in the other year.
    let common = gcd(x + at, y + at);
    let (p, q) = ((x + at) / common, (y + at) / common);
    let then = |name: &str, factor: i64| match factor {
        1 => shifted(name, at),
        factor => format!("{factor} * ({})", shifted(name, at)),
    };
    let second = match rng.below(if d.level() < 2 { 2 } else { 3 }) {
        0 => format!("x + y = {}", x + y),
        // With the first fact, an equal ratio would say nothing new.
        2 if plus != at * (k - 1) => format!("{} = {}", then("x", q), then("y", p)),
        _ => format!("x = y + {}", x - y),
    };
    let draft = Draft::new("").hyp(format!("x = {}", affine(k, "y", plus))).hyp(second).at("x", x).at("y", y);
    // In natural numbers nobody is younger than nothing.
    let draft = if past && kind == "Nat" { draft.hyp(format!("{years} ≤ y")).hyp(format!("{years} ≤ x")) } else { draft };
    if d.level() > 3 {
        let (a, b) = (rng.int(1, 3), rng.int(1, 9));
        let z = a * x + b;
        let goal = if rng.chance(50) { format!("z = {z}") } else { format!("x + y + z = {}", x + y + z) };
        return Draft { goal, ..draft }.hyp(format!("z = {}", affine(a, "x", b))).at("z", z).var("x y z", kind);
    }
    let goal = match rng.below(3) {
        0 => format!("x = {x}"),
        1 => format!("y = {y}"),
        _ => format!("x + {years} = {}", x + years),
    };
    Draft { goal, ..draft }.var("x y", kind)
}

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
            facts.push((super::terms::balanced(&row, names, "=", constant), row, constant));
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

/// Speeds, work, mixtures and percentages, in rational numbers.
fn rates(rng: &mut Rng, d: Difficulty) -> Draft {
    let (a, b) = (rng.int(2, 6 + 3 * d.scale()), rng.int(2, 6 + 3 * d.scale()));
    let draft = Draft::new("");
    match rng.below(if d.level() < 2 { 3 } else { 6 }) {
        0 => Draft { goal: format!("x = {}", fraction(a * b, a + b)), ..draft }
            .var("x", "Rat")
            .hyp(format!("x / {a} + x / {b} = 1"))
            .at("x", fraction(a * b, a + b)),
        1 => {
            // The same way at two speeds.
            let (slow, more, late) = (10 * a, 5 * b, rng.int(1, 4));
            let time = (slow * late, more);
            Draft { goal: format!("x = {}", fraction((slow + more) * time.0, time.1)), ..draft }
                .var("x t", "Rat")
                .hyp(format!("x = {} * t", slow + more))
                .hyp(format!("x = {slow} * (t + {late})"))
                .at("t", fraction(time.0, time.1))
                .at("x", fraction((slow + more) * time.0, time.1))
        }
        2 => {
            let (percent, base) = (5 * rng.int(1, 15), 4 * rng.int(5, 30 + 10 * d.scale()));
            let (sign, whole) = if rng.chance(50) { ('+', 100 + percent) } else { ('-', 100 - percent) };
            Draft { goal: format!("x = {base}"), ..draft }
                .var("x", "Rat")
                .hyp(format!("x {sign} x * {percent} / 100 = {}", fraction(base * whole, 100)))
                .at("x", base)
        }
        3 => {
            // A mixture of two prices.
            let (x, y) = (rng.int(1, 20), rng.int(1, 20));
            let b = if a == b { b + 1 } else { b };
            Draft { goal: format!("x = {x} ∧ y = {y}"), ..draft }
                .var("x y", "Rat")
                .hyp(format!("x + y = {}", x + y))
                .hyp(format!("({a} * x + {b} * y) / {} = {}", x + y, fraction(a * x + b * y, x + y)))
                .at("x", x)
                .at("y", y)
        }
        4 => {
            // Proportions.
            let (k, m) = (rng.int(1, 9), rng.int(2, 5));
            let (x, y, z) = (a * k, b * k, m * b * k);
            Draft { goal: format!("x + y + z = {}", x + y + z), ..draft }
                .var("x y z", "Rat")
                .hyp(format!("x / {a} = y / {b}"))
                .hyp(format!("z = {m} * y"))
                .hyp(format!("x = {x}"))
                .at("x", x)
                .at("y", y)
                .at("z", z)
        }
        _ => {
            // Work done together, and by one alone.
            let c = rng.int(1, 4);
            Draft { goal: format!("x = {}", fraction(a * (b - c), b)), ..draft }
                .var("x", "Rat")
                .hyp(format!("x / {a} + {} = 1", fraction(c, b)))
                .at("x", fraction(a * (b - c), b))
        }
    }
}

/// Averages of some numbers and of some of them.
fn means(rng: &mut Rng, d: Difficulty) -> Draft {
    let all = ["x", "y", "z", "w"];
    let n = if d.level() < 3 { 3 } else { 4 };
    let names = &all[..n];
    let point: Vec<i64> = names.iter().map(|_| rng.int(-5, 10 + 5 * d.scale())).collect();
    let part = 1 + rng.below(n - 1);
    let mean = |range: std::ops::Range<usize>| {
        let (sum, count) = (point[range.clone()].iter().sum::<i64>(), range.len() as i64);
        let terms = names[range].join(" + ");
        if count == 1 { format!("{terms} = {sum}") } else { format!("({terms}) / {count} = {}", fraction(sum, count)) }
    };
    let draft = Draft::new("").var(&names.join(" "), "Rat").hyp(mean(0..n)).hyp(mean(0..part));
    let draft = names.iter().zip(&point).fold(draft, |draft, (name, x)| draft.at(name, x));
    match rng.below(3) {
        0 => Draft { goal: mean(part..n), ..draft },
        1 if part < n - 1 => {
            let goal = format!("{} = {}", names[n - 1], point[n - 1]);
            let rest = format!("{} = {}", names[part..n - 1].join(" + "), point[part..n - 1].iter().sum::<i64>());
            Draft { goal, ..draft }.hyp(rest)
        }
        _ => {
            let (k, c) = (rng.int(2, 5), rng.int(-9, 9));
            let each: Vec<String> = names.iter().map(|name| format!("({})", affine(k, name, c))).collect();
            let sum: i64 = point.iter().map(|x| k * x + c).sum();
            Draft { goal: format!("({}) / {n} = {}", each.join(" + "), fraction(sum, n as i64)), ..draft }
        }
    }
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

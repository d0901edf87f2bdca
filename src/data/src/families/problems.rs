//! What word problems about quantities become: amounts, ages, speeds, averages.

use super::{
    Family, linear,
    polynomial::Polynomial,
    terms::{affine, dot, fraction, gcd, regular, shifted},
};
use crate::{
    draft::Draft,
    rng::Rng,
    statement::{Difficulty, Topic::Problems},
};

pub(crate) const FAMILIES: &[Family] = &[
    Family::new(Problems, "problem_system", system),
    Family::new(Problems, "problem_ages", ages),
    Family::new(Problems, "problem_rates", rates),
    Family::new(Problems, "problem_means", means),
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

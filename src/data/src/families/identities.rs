//! Polynomial identities, as they stand and under equations between the unknowns.

use super::{Family, polynomial::Polynomial, terms::shifted};
use crate::{
    draft::Draft,
    rng::Rng,
    statement::{Difficulty, Topic::Identities},
};

pub(crate) const FAMILIES: &[Family] = &[
    Family::new(Identities, "identity_expand", expand),
    Family::new(Identities, "identity_special", special),
    Family::new(Identities, "identity_symmetric", symmetric),
    Family::new(Identities, "identity_substitute", substitute),
    Family::new(Identities, "identity_vanish", vanish),
];

const NAMES: [&str; 4] = ["x", "y", "z", "w"];

fn signed_kind(rng: &mut Rng) -> &'static str {
    rng.pick(&["Int", "Int", "Rat"])
}

/// A product of linear forms and its expansion.
fn expand(rng: &mut Rng, d: Difficulty) -> Draft {
    let kind = rng.pick(&["Nat", "Int", "Int", "Rat"]);
    let low = if kind == "Nat" { 0 } else { -2 - d.scale() };
    let n = (1 + d.size()).min(3);
    let (mut text, mut product) = (Vec::new(), Polynomial::number(1));
    let mut degree = 0;
    while degree < 2 + d.size() / 3 {
        let row: Vec<i64> = (0..n).map(|_| if rng.chance(60) { rng.nonzero(low, 2 + d.scale()) } else { 0 }).collect();
        let form = Polynomial::linear(&row, rng.int(low, 3 + d.scale()));
        if row.iter().all(|a| *a == 0) {
            continue;
        }
        let exponent = if rng.chance(30) { 2 } else { 1 };
        degree += exponent as usize;
        product = product.times(&form.power(exponent));
        let form = form.shuffled(rng, &NAMES);
        text.push(match (exponent, form.contains(' ')) {
            (_, false) if !form.starts_with('-') => {
                if exponent == 1 {
                    form
                } else {
                    format!("{form} ^ {exponent}")
                }
            }
            (1, _) => format!("({form})"),
            _ => format!("({form}) ^ {exponent}"),
        });
    }
    let mut left = text.join(" * ");
    if d.level() > 2 && rng.chance(60) {
        let row: Vec<i64> = (0..n).map(|_| rng.nonzero(low, 5)).collect();
        let more = Polynomial::linear(&row, 0).times(&Polynomial::variable(rng.below(n)));
        if !more.is_zero() {
            left = format!("{left} + ({})", more.text(&NAMES));
            product = product.plus(&more);
        }
    }
    Draft::new(format!("{left} = {}", product.shuffled(rng, &NAMES))).var(&NAMES[..n].join(" "), kind)
}

/// Identities that have a name, of monomials and sums in place of letters.
fn special(rng: &mut Rng, d: Difficulty) -> Draft {
    const IDENTITIES: &[(&str, &str)] = &[
        ("A ^ 2 - B ^ 2", "(A - B) * (A + B)"),
        ("A ^ 3 - B ^ 3", "(A - B) * (A ^ 2 + A * B + B ^ 2)"),
        ("A ^ 3 + B ^ 3", "(A + B) * (A ^ 2 - A * B + B ^ 2)"),
        ("A ^ 4 - B ^ 4", "(A - B) * (A + B) * (A ^ 2 + B ^ 2)"),
        ("(A + B) ^ 2 - (A - B) ^ 2", "4 * A * B"),
        ("(A + B) ^ 2 + (A - B) ^ 2", "2 * (A ^ 2 + B ^ 2)"),
        ("(A ^ 2 + B ^ 2) * (C ^ 2 + D ^ 2)", "(A * C - B * D) ^ 2 + (A * D + B * C) ^ 2"),
        ("(A ^ 2 + B ^ 2) * (C ^ 2 + D ^ 2) - (A * C + B * D) ^ 2", "(A * D - B * C) ^ 2"),
        ("(A + B + C) ^ 2", "A ^ 2 + B ^ 2 + C ^ 2 + 2 * (A * B + B * C + C * A)"),
        ("A ^ 4 + 4 * B ^ 4", "(A ^ 2 + 2 * B ^ 2 + 2 * A * B) * (A ^ 2 + 2 * B ^ 2 - 2 * A * B)"),
        ("A ^ 4 + A ^ 2 * B ^ 2 + B ^ 4", "(A ^ 2 + A * B + B ^ 2) * (A ^ 2 - A * B + B ^ 2)"),
        ("A ^ 3 + B ^ 3 + C ^ 3 - 3 * A * B * C", "(A + B + C) * (A ^ 2 + B ^ 2 + C ^ 2 - A * B - B * C - C * A)"),
        ("(A - B) ^ 2 + (B - C) ^ 2 + (C - A) ^ 2", "2 * (A ^ 2 + B ^ 2 + C ^ 2 - A * B - B * C - C * A)"),
        ("(A + B) * (B + C) * (C + A)", "(A + B + C) * (A * B + B * C + C * A) - A * B * C"),
        ("(A + B + C) ^ 3 - (A ^ 3 + B ^ 3 + C ^ 3)", "3 * (A + B) * (B + C) * (C + A)"),
        ("A * (B - C) + B * (C - A) + C * (A - B)", "0"),
        ("A ^ 2 * (B - C) + B ^ 2 * (C - A) + C ^ 2 * (A - B)", "-(A - B) * (B - C) * (C - A)"),
        ("(A + B) ^ 2 - 4 * A * B", "(A - B) ^ 2"),
        ("(A - 1) * (A + 1) * (A ^ 2 + 1) + 1", "A ^ 4"),
    ];
    let (left, right) = rng.pick(IDENTITIES);
    let plain = d.level() < 2;
    let mut letters = NAMES;
    rng.shuffle(&mut letters);
    let (mut left, mut right) = if rng.chance(30) { (right.to_owned(), left.to_owned()) } else { (left.to_owned(), right.to_owned()) };
    for (place, letter) in ["A", "B", "C", "D"].iter().zip(letters) {
        let new = match rng.below(6) {
            0 if !plain => format!("({} * {letter})", rng.int(2, 3 + d.scale())),
            1 if d.level() > 2 => format!("({})", shifted(letter, rng.nonzero(-4, 5))),
            2 if d.level() > 3 => format!("({letter} ^ 2)"),
            3 if d.level() > 2 => format!("({letter} * {})", letters[0]),
            _ => letter.to_owned(),
        };
        (left, right) = (left.replace(place, &new), right.replace(place, &new));
    }
    let (k, letter) = (rng.int(2, 9), letters[0]);
    let (left, right) = match rng.below(4) {
        0 => (format!("{left} + {k} * {letter}"), format!("{right} + {k} * {letter}")),
        1 => (format!("{k} * ({left})"), format!("{k} * ({right})")),
        2 => (format!("({left}) - ({right})"), "0".to_owned()),
        _ => (left, right),
    };
    let spoken = crate::words::idents(&format!("{left} = {right}"));
    let names: Vec<&str> = NAMES.into_iter().filter(|name| spoken.contains(*name)).collect();
    Draft::new(format!("{left} = {right}")).var(&names.join(" "), signed_kind(rng))
}

/// A form in the unknowns and a number `K`, and its value.
type Form = (&'static str, fn(&[i64], i64) -> i64);

/// Symmetric forms of two unknowns.
const OF_TWO: &[Form] = &[
    ("x ^ 2 + y ^ 2", |p, _| p[0].pow(2) + p[1].pow(2)),
    ("(x - y) ^ 2", |p, _| (p[0] - p[1]).pow(2)),
    ("x ^ 2 * y + x * y ^ 2", |p, _| p[0] * p[1] * (p[0] + p[1])),
    ("x ^ 2 + K * x * y + y ^ 2", |p, k| p[0].pow(2) + k * p[0] * p[1] + p[1].pow(2)),
    ("(x + K) * (y + K)", |p, k| (p[0] + k) * (p[1] + k)),
    ("x ^ 3 + y ^ 3", |p, _| p[0].pow(3) + p[1].pow(3)),
    ("x ^ 4 + y ^ 4", |p, _| p[0].pow(4) + p[1].pow(4)),
    ("x ^ 3 * y + x * y ^ 3", |p, _| p[0] * p[1] * (p[0].pow(2) + p[1].pow(2))),
    ("(x ^ 2 + K) * (y ^ 2 + K)", |p, k| (p[0].pow(2) + k) * (p[1].pow(2) + k)),
    ("(x + K * y) * (y + K * x)", |p, k| (p[0] + k * p[1]) * (p[1] + k * p[0])),
];

/// Symmetric forms of three unknowns.
const OF_THREE: &[Form] = &[
    ("x ^ 2 + y ^ 2 + z ^ 2", |p, _| p.iter().map(|x| x.pow(2)).sum()),
    ("x ^ 3 + y ^ 3 + z ^ 3", |p, _| p.iter().map(|x| x.pow(3)).sum()),
    ("(x + y) * (y + z) * (z + x)", |p, _| (p[0] + p[1]) * (p[1] + p[2]) * (p[2] + p[0])),
    ("(x + K) * (y + K) * (z + K)", |p, k| p.iter().map(|x| x + k).product()),
    ("(x - y) ^ 2 + (y - z) ^ 2 + (z - x) ^ 2", |p, _| (p[0] - p[1]).pow(2) + (p[1] - p[2]).pow(2) + (p[2] - p[0]).pow(2)),
];

/// Symmetric forms of unknowns whose elementary ones are given.
fn symmetric(rng: &mut Rng, d: Difficulty) -> Draft {
    const PRODUCT: Form = ("x * y", |p, _| p[0] * p[1]);
    let sum: Form = ("x + y", |p, _| p[0] + p[1]);
    let two = d.level() < 4 || rng.chance(50);
    let names = &NAMES[..if two { 2 } else { 3 }];
    let point: Vec<i64> = names.iter().map(|_| rng.nonzero(-4 - d.scale(), 6 + d.scale())).collect();
    let k = rng.int(1, 2 + d.scale());
    let ((form, value), given) = if two {
        let goal = rng.pick(&OF_TWO[..if d.level() < 3 { 5 } else { OF_TWO.len() }]);
        let other = if goal.0 != OF_TWO[0].0 && rng.chance(25) { OF_TWO[0] } else { PRODUCT };
        (goal, vec![sum, other])
    } else {
        let elementary: [Form; 3] = [
            ("x + y + z", |p, _| p.iter().sum()),
            ("x * y + y * z + z * x", |p, _| p[0] * p[1] + p[1] * p[2] + p[2] * p[0]),
            ("x * y * z", |p, _| p.iter().product()),
        ];
        (rng.pick(OF_THREE), elementary.to_vec())
    };
    // From a sum and a sum of squares, the product comes by halving.
    let kind = if given.len() == 2 && given[1].0 != PRODUCT.0 { "Rat" } else { signed_kind(rng) };
    let goal = format!("{} = {}", form.replace('K', &k.to_string()), value(&point, k));
    let fact = |(form, value): &Form| format!("{form} = {}", value(&point, k));
    let draft = Draft::new(goal).var(&names.join(" "), kind).hyps(given.iter().map(fact));
    names.iter().zip(&point).fold(draft, |draft, (name, x)| draft.at(name, x))
}

/// Unknowns given by others, put into one another.
fn substitute(rng: &mut Rng, d: Difficulty) -> Draft {
    let kind = signed_kind(rng);
    let inner = Polynomial::linear(&[rng.nonzero(-3, 4), if d.level() > 1 { rng.int(-3, 4) } else { 0 }], rng.int(-5, 5));
    let degree = 1 + rng.below(2) + usize::from(d.level() > 3);
    let mut shape: Vec<i64> = (0..degree).map(|_| rng.int(-3, 4)).collect();
    shape.push(rng.nonzero(-2, 3));
    let outer = Polynomial::univariate(&shape);
    let z = outer.at(std::slice::from_ref(&inner));
    let draft = Draft::new("").hyp(format!("w = {}", inner.text(&["x", "y"])));
    let names = if inner.text(&["x", "y"]).contains('y') { "x y z w" } else { "x z w" };
    let text = outer.text(&["w"]);
    match rng.below(3) {
        0 => Draft { goal: format!("{text} = {}", z.shuffled(rng, &["x", "y"])), ..draft }.var(&names.replace("z ", ""), kind),
        1 => Draft { goal: format!("z = {}", z.shuffled(rng, &["x", "y"])), ..draft.hyp(format!("z = {text}")) }.var(names, kind),
        _ => {
            let k = rng.int(2, 6);
            let goal = format!("{k} * z - {k} * ({}) = 0", z.shuffled(rng, &["x", "y"]));
            Draft { goal, ..draft.hyp(format!("z = {text}")) }.var(names, kind)
        }
    }
}

/// What vanishes because a factor of it does.
fn vanish(rng: &mut Rng, d: Difficulty) -> Draft {
    let n = if d.level() < 3 { 2 } else { 3 };
    let names = &NAMES[..n];
    let row: Vec<i64> = (0..n).map(|_| rng.nonzero(-3, 4)).collect();
    let point: Vec<i64> = (0..n).map(|_| rng.int(-5, 6)).collect();
    let form = Polynomial::linear(&row, 0);
    let factor = form.minus(&Polynomial::number(form.value(&point)));
    let other: Vec<i64> = (0..n).map(|_| rng.int(-2, 3)).collect();
    let mut other = Polynomial::linear(&other, rng.nonzero(-3, 3));
    if d.level() > 3 {
        other = other.times(&Polynomial::variable(rng.below(n)));
    }
    let zero = factor.times(&other);
    let (left, right) = zero.signs();
    let goal = match rng.below(3) {
        0 => format!("{} = 0", zero.shuffled(rng, names)),
        1 => {
            let number = Polynomial::number(rng.int(1, 20));
            format!("{} = {}", left.plus(&number).shuffled(rng, names), right.plus(&number).shuffled(rng, names))
        }
        _ => format!("{} = {}", left.shuffled(rng, names), right.shuffled(rng, names)),
    };
    let draft = Draft::new(goal).var(&names.join(" "), signed_kind(rng)).hyp(format!("{} = {}", form.text(names), form.value(&point)));
    names.iter().zip(&point).fold(draft, |draft, (name, x)| draft.at(name, x))
}

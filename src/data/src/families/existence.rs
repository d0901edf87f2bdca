//! Existence: a witness is to be found, taken from a hypothesis, or shown impossible.

use super::{
    Family, linear,
    polynomial::Polynomial,
    signed,
    terms::{affine, dot, fraction, gcd, shifted},
};
use crate::{
    draft::Draft,
    rng::Rng,
    statement::{Difficulty, Topic::Existence},
};

pub(crate) const FAMILIES: &[Family] = &[
    Family::new(Existence, "exists_linear", solution),
    Family::new(Existence, "exists_given", given),
    Family::new(Existence, "exists_root", root),
    Family::new(Existence, "exists_between", between),
    Family::new(Existence, "exists_residue", residue),
    Family::new(Existence, "exists_unique", unique),
    Family::new(Existence, "exists_none", none),
];

const NAMES: [&str; 3] = ["x", "y", "z"];

/// Solutions of a linear equation, or that there are none in natural numbers.
fn solution(rng: &mut Rng, d: Difficulty) -> Draft {
    let n = if d.level() > 3 && rng.chance(50) { 3 } else { 2 };
    let names = &NAMES[..n];
    let bound = names.join(" ");
    let most = 3 + 2 * d.scale();
    if rng.chance(30) {
        let row: Vec<i64> = names.iter().map(|_| rng.nonzero(-most, most)).collect();
        let point: Vec<i64> = names.iter().map(|_| rng.int(-9, 9)).collect();
        let equation = format!("{} = {}", linear(&row, names), dot(&row, &point));
        let more = match rng.below(3) {
            0 => String::new(),
            1 => format!(" ∧ {} < x", point[0] - rng.int(1, 9)),
            _ => format!(" ∧ x + y = {}", point[0] + point[1]),
        };
        return Draft::new(format!("∃ {bound} : Int, {equation}{more}"))
            .by(witness(&point.iter().map(|x| signed(*x)).collect::<Vec<_>>().join(", ")));
    }
    let row: Vec<i64> = names.iter().map(|_| rng.int(2, most)).collect();
    if n == 2 && rng.chance(30) {
        let reached = |c: i64| (0..=c / row[0]).any(|x| (c - row[0] * x) % row[1] == 0);
        let gaps: Vec<i64> = (1..60).filter(|c| !reached(*c)).collect();
        let left = linear(&row, names);
        let c = rng.pick(&gaps);
        return Draft::new(match rng.below(2) {
            0 => format!("¬ ∃ {bound} : Nat, {left} = {c}"),
            _ => format!("∀ {bound} : Nat, {left} ≠ {c}"),
        });
    }
    let point: Vec<i64> = names.iter().map(|_| rng.int(0, 2 + 2 * d.scale())).collect();
    let equation = format!("{} = {}", linear(&row, names), dot(&row, &point));
    let more = match rng.below(4) {
        0 if point[0] < point[1] => " ∧ x < y".to_owned(),
        1 => format!(" ∧ x % 3 = {}", point[0] % 3),
        2 => format!(" ∧ x + y = {}", point[0] + point[1]),
        _ => String::new(),
    };
    let numbers: Vec<String> = point.iter().map(i64::to_string).collect();
    Draft::new(format!("∃ {bound} : Nat, {equation}{more}")).by(witness(&numbers.join(", ")))
}

/// Whole numbers that can be seen to do.
fn witness(numbers: &str) -> String {
    format!("exact ⟨{numbers}, by decide⟩")
}

/// What has one form has another: numbers given as multiples with a remainder.
fn given(rng: &mut Rng, d: Difficulty) -> Draft {
    let kind = rng.pick(&["Nat", "Int"]);
    let m = rng.int(2, 3 + 2 * d.scale());
    let (r, s) = (rng.int(0, m - 1), rng.int(0, m - 1));
    let two = d.level() > 2 && rng.chance(60);
    let form = match (two, rng.below(3)) {
        (false, 0) if d.level() > 1 => Polynomial::univariate(&[rng.int(0, 5), rng.int(0, 4), 1]),
        (false, _) => Polynomial::univariate(&[rng.int(0, 9), rng.int(2, 3 + d.scale())]),
        (true, 0) => Polynomial::variable(0).times(&Polynomial::variable(1)),
        (true, 1) => Polynomial::variable(0).power(2).plus(&Polynomial::variable(1).scaled(rng.int(1, 3))),
        (true, _) => Polynomial::linear(&[rng.int(1, 5), rng.int(1, 5)], rng.int(0, 4)),
    };
    let divisor = if rng.chance(60) { m } else { (2..=m).find(|k| m % k == 0).unwrap_or(m) };
    let value = form.value(&[r, s]).rem_euclid(divisor);
    let text = form.text(&NAMES);
    let goal = match rng.below(4) {
        0 => format!("({text}) % {divisor} = {value}"),
        _ => format!("∃ k : {kind}, {text} = {}", shifted(&format!("{divisor} * k"), value)),
    };
    let fact = |name: &str, i: &str, r: i64| format!("∃ {i} : {kind}, {name} = {}", shifted(&format!("{m} * {i}"), r));
    let (k, l) = (rng.int(0, 4), rng.int(0, 4));
    let draft = Draft::new(goal).hyp(fact("x", "i", r)).at("x", m * k + r);
    // The form of what the variables are, divided.
    let given = |i: usize, r: i64| Polynomial::variable(i).scaled(m).plus(&Polynomial::number(r));
    let whole = form.at(&[given(0, r), given(1, s)]).minus(&Polynomial::number(value));
    let quotient = whole.divided(divisor).text(&["c₁", "c₂"]);
    let mut proof = format!("obtain ⟨c₁, key₁⟩ := ‹{}›\n", fact("x", "i", r));
    if two {
        proof.push_str(&format!("obtain ⟨c₂, key₂⟩ := ‹{}›\n", fact("y", "j", s)));
    }
    proof.push_str(&if draft.goal.starts_with('∃') {
        format!("exact ⟨{quotient}, by grind⟩")
    } else {
        format!("have key : {text} = {} := by grind\nomega", shifted(&format!("{divisor} * ({quotient})"), value))
    });
    let draft = draft.by(proof);
    if two { draft.var("x y", kind).hyp(fact("y", "j", s)).at("y", m * l + s) } else { draft.var("x", kind) }
}

/// A root of a polynomial, told from the others by a condition.
fn root(rng: &mut Rng, d: Difficulty) -> Draft {
    let x = Polynomial::variable(0);
    let minus = |r: i64| x.minus(&Polynomial::number(r));
    if rng.chance(30) {
        let (p, q) = (rng.nonzero(-9, 9), rng.int(2, 3 + d.scale()));
        let (a, b) = (rng.int(2, 5 + d.scale()), rng.int(-9, 9));
        let equation = format!("{} = {}", affine(a, "x", b), fraction(a * p + b * q, q));
        let more = if rng.chance(50) { format!(" ∧ x < {}", p.div_euclid(q) + 1) } else { String::new() };
        return Draft::new(format!("∃ x : Rat, {equation}{more}")).by(format!("exact ⟨{}, by grind⟩", fraction(p, q)));
    }
    let natural = rng.chance(50);
    let (r, s) = (rng.int(if natural { 0 } else { -6 }, 5 + d.scale()), rng.int(-4, 6 + d.scale()));
    let mut form = minus(r).times(&minus(s)).scaled(rng.int(1, 1 + d.scale() / 2));
    if d.level() > 3 {
        form = form.times(&minus(rng.int(-3, 4)));
    }
    let (positive, negative) = form.signs();
    let equation =
        if natural { format!("{} = {}", positive.text(&["x"]), negative.text(&["x"])) } else { format!("{} = 0", form.text(&["x"])) };
    let condition = match rng.below(3) {
        0 => format!("x % 3 = {}", r.rem_euclid(3)),
        1 if r > s && (s >= 0 || !natural) => format!("{s} < x"),
        _ => format!("x < {}", r + 1 + rng.int(0, 1)),
    };
    let (kind, within) = if natural {
        ("Nat", format!("x ≤ {}", r.max(s).max(4) + rng.int(0, 9)))
    } else {
        ("Int", format!("-12 ≤ x ∧ x ≤ {}", 12 + rng.int(0, 9)))
    };
    Draft::new(if rng.chance(60) {
        format!("∃ x : {kind}, {within} ∧ {equation} ∧ {condition}")
    } else {
        format!("∃ x : {kind}, {equation} ∧ {condition}")
    })
    .by(witness(&signed(r)))
}

/// A rational number between others, or one that solves an equation for every value of another.
fn between(rng: &mut Rng, d: Difficulty) -> Draft {
    let (a, b, c) = (rng.int(2, 3 + 2 * d.scale()), rng.int(-9, 9), rng.int(2, 3 + 2 * d.scale()));
    let pair = |goal: String| Draft::new(goal).var("x y", "Rat").hyp("x < y");
    match rng.below(if d.level() < 2 { 4 } else { 9 }) {
        0 => {
            let (p, q, t) = (rng.int(-9, 9), rng.int(2, 4 + d.scale()), 1 + rng.int(0, 3));
            // One third or two of the way.
            let at = |n: i64| (3 * p * c + n * t, 3 * q * c);
            let (top, bottom) = if a * at(1).0 == b * at(1).1 { at(2) } else { at(1) };
            Draft::new(format!("∃ z : Rat, {} < z ∧ z < {} ∧ {a} * z ≠ {b}", fraction(p, q), fraction(p * c + t, q * c)))
                .by(format!("exact ⟨{}, by grind, by grind, by grind⟩", fraction(top, bottom)))
        }
        1 => Draft::new(format!("∀ x : Rat, ∃ y : Rat, {} = {}", affine(a, "y", b), linear(&[c], &["x"])))
            .by(format!("intro c₁\nexact ⟨({}) / {a}, by grind⟩", affine(c, "c₁", -b))),
        2 => pair(format!("∃ z : Rat, {a} * x < {a} * z ∧ {c} * z < {c} * y")).by("exact ⟨(x + y) / 2, by grind, by grind⟩"),
        3 => Draft::new(format!("∃ z : Rat, 0 < z ∧ {a} * z < x"))
            .var("x", "Rat")
            .hyp("0 < x")
            .by(format!("exact ⟨x / {}, by grind, by grind⟩", 2 * a)),
        4 => pair(format!("∃ z : Rat, 0 < z ∧ x + {a} * z < y")).by(format!("exact ⟨(y - x) / {}, by grind, by grind⟩", 2 * a)),
        5 => pair(format!("∃ z : Rat, x < z ∧ z < y ∧ {} < {}", linear(&[a, c], &["x", "z"]), linear(&[a + c], &["y"])))
            .by("exact ⟨(x + y) / 2, by grind, by grind, by grind⟩"),
        6 => Draft::new(format!("∀ x : Rat, ∃ y : Rat, y > {} ∧ y > {b}", affine(a, "x", b))).by(format!(
            "intro c₁\nexact ⟨max ({}) {} + 1, by grind, by grind⟩",
            affine(a, "c₁", b),
            signed(b)
        )),
        7 => Draft::new(format!("∃ z : Int, {} < z ∧ z < {}", linear(&[a], &["x"]), linear(&[a], &["y"])))
            .var("x y", "Int")
            .hyp("x < y")
            .by(format!("exact ⟨{a} * x + 1, by omega, by omega⟩")),
        _ => Draft::new(format!("∀ x y : Rat, ∃ z w : Rat, z + w = {} ∧ z - w = {}", linear(&[a], &["x"]), linear(&[c], &["y"])))
            .by(format!("intro c₁ c₂\nexact ⟨({a} * c₁ + {c} * c₂) / 2, ({a} * c₁ - {c} * c₂) / 2, by grind, by grind⟩")),
    }
}

/// Numbers with given residues, below a bound or above any.
fn residue(rng: &mut Rng, d: Difficulty) -> Draft {
    const PAIRS: &[(i64, i64)] = &[(2, 3), (3, 4), (2, 5), (3, 5), (4, 5), (3, 7), (4, 7), (5, 6), (4, 9), (5, 7)];
    let (a, b) = rng.pick(&PAIRS[..(3 + 2 * d.size()).min(PAIRS.len())]);
    let value = rng.int(0, a * b - 1);
    let both = format!("x % {a} = {} ∧ x % {b} = {}", value % a, value % b);
    let low = rng.int(0, 10 * d.scale());
    let found = low + (value - low).rem_euclid(a * b);
    let most = found + rng.int(1, 9);
    match rng.below(if d.level() < 3 { 3 } else { 6 }) {
        0 => Draft::new(format!("∃ x : Nat, x < {most} ∧ {both}")).by(witness(&found.to_string())),
        1 => Draft::new(format!("∃ x : Nat, {low} ≤ x ∧ x < {most} ∧ {both}")).by(witness(&found.to_string())),
        2 => Draft::new(format!("∃ x < {most}, {low} ≤ x ∧ {both}")).by(witness(&found.to_string())),
        3 => Draft::new(format!("∀ n : Nat, ∃ x : Nat, n < x ∧ x % {a} = {}", value % a))
            .by(format!("intro c₁\nexact ⟨{a} * (c₁ + 1) + {}, by omega, by omega⟩", value % a)),
        4 => Draft::new(format!("∃ x : Nat, n < x ∧ {both}"))
            .var("n", "Nat")
            .by(format!("exact ⟨{} * (n + 1) + {value}, by omega, by omega, by omega⟩", a * b)),
        _ => {
            let (k, c) = (rng.int(2, 5), rng.int(0, 9));
            Draft::new(format!("∃ x : Nat, n ≤ x ∧ x ≤ {} ∧ ({}) % {k} = {}", shifted("n", k - 1), affine(1, "x", c), value % k))
                .var("n", "Nat")
                .by(format!("exact ⟨n + ({} + {} * (n + {c})) % {k}, by omega, by omega, by omega⟩", value % k, k - 1))
        }
    }
}

/// What is said of a name.
type Property = Box<dyn Fn(&str) -> String>;

/// A number with a property that no other has.
fn unique(rng: &mut Rng, d: Difficulty) -> Draft {
    let (a, b) = (rng.int(2, 4 + d.scale()), rng.int(-9, 9));
    let (kind, property, x): (&str, Property, String) = match rng.below(4) {
        0 => {
            let x = rng.int(-9, 9);
            ("Int", Box::new(move |name| format!("{} = {}", affine(a, name, b), a * x + b)), signed(x))
        }
        1 => {
            let (p, q) = (rng.int(-9, 9), rng.int(2, 5));
            ("Rat", Box::new(move |name| format!("{} = {}", affine(a, name, b), fraction(a * p + b * q, q))), fraction(p, q))
        }
        2 => {
            let m = rng.int(3, 6 + 2 * d.scale());
            let (low, r) = (rng.int(0, 3 * m), rng.int(0, m - 1));
            (
                "Nat",
                Box::new(move |name| format!("{low} ≤ {name} ∧ {name} < {} ∧ {name} % {m} = {r}", low + m)),
                (low + (r - low).rem_euclid(m)).to_string(),
            )
        }
        _ => {
            let x = rng.int(-9, 9);
            let c = a + rng.int(1, 4);
            ("Int", Box::new(move |name| format!("{} = {}", affine(a, name, b), affine(c, name, (a - c) * x + b))), signed(x))
        }
    };
    if d.level() > 2 && rng.chance(25) {
        return Draft::new("x = y").var("x y", kind).hyp(property("x")).hyp(property("y"));
    }
    let close = if kind == "Rat" { "grind" } else { "omega" };
    Draft::new(format!("∃ x : {kind}, ({}) ∧ ∀ y : {kind}, {} → y = x", property("x"), property("y")))
        .by(format!("exact ⟨{x}, by {close}, fun c₁ key => by {close}⟩"))
}

/// Equations that have no solutions, as residues show.
fn none(rng: &mut Rng, d: Difficulty) -> Draft {
    let m = rng.int(3, 4 + 2 * d.scale());
    let (equation, names) = match rng.below(if d.level() < 3 { 2 } else { 4 }) {
        0 | 1 => {
            let n = if d.level() < 2 { 2 } else { 2 + rng.below(2) };
            let row: Vec<i64> = (0..n).map(|_| m * rng.nonzero(-3, 4)).collect();
            let common = row.iter().fold(0, |g, a| gcd(g, *a));
            (format!("{} = {}", linear(&row, &NAMES), common * rng.int(-5, 9) + rng.int(1, common - 1)), NAMES[..n].join(" "))
        }
        form => {
            let (shape, names) = if form == 2 {
                (Polynomial::variable(0).power(2).scaled(rng.int(1, 2)), "x y")
            } else {
                (Polynomial::variable(0).power(2).plus(&Polynomial::variable(2).power(2)), "x y z")
            };
            let m = if form == 3 { rng.pick(&[4, 8]) } else { m };
            let missing: Vec<i64> = (0..m).filter(|r| (0..m * m).all(|i| shape.value(&[i % m, 0, i / m]) % m != *r)).collect();
            match (missing.is_empty(), rng.below(2)) {
                (true, _) => (format!("{} = {}", linear(&[m, 2 * m], &NAMES), m * rng.int(0, 9) + 1), "x y".to_owned()),
                (_, 0) => (format!("{} = {}", shape.text(&NAMES), shifted(&format!("{m} * y"), rng.pick(&missing))), names.to_owned()),
                _ => {
                    let rest = rng.pick(&missing) + m * rng.int(0, 3);
                    (format!("{} - {m} * y = {rest}", shape.text(&NAMES)), names.to_owned())
                }
            }
        }
    };
    match rng.below(4) {
        0 => Draft::new(format!("¬ ∃ {names} : Int, {equation}")),
        1 => Draft::new(format!("∀ {names} : Int, {}", equation.replace(" = ", " ≠ "))),
        2 => Draft::new("False").var(&names, "Int").hyp(equation),
        _ => Draft::new(equation.replace(" = ", " ≠ ")).var(&names, "Int"),
    }
}

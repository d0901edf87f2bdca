//! Divisibility, residues and greatest common divisors.

use super::{
    Family, linear,
    polynomial::Polynomial,
    terms::{affine, dot, gcd, shifted},
};
use crate::{
    draft::Draft,
    rng::Rng,
    statement::{Difficulty, Topic::Divisibility},
};

pub(crate) const FAMILIES: &[Family] = &[
    Family::new(Divisibility, "div_residue", residue),
    Family::new(Divisibility, "div_combination", combination),
    Family::new(Divisibility, "div_polynomial", polynomial),
    Family::new(Divisibility, "div_possible", possible),
    Family::new(Divisibility, "div_remainders", remainders),
    Family::new(Divisibility, "div_factors", factors),
    Family::new(Divisibility, "div_gcd", greatest),
];

const NAMES: [&str; 3] = ["x", "y", "z"];

fn whole(rng: &mut Rng) -> &'static str {
    rng.pick(&["Nat", "Int"])
}

/// The residue of a linear form, or of a product, from the residues of its variables.
fn residue(rng: &mut Rng, d: Difficulty) -> Draft {
    let n = d.size().div_ceil(2);
    let modulus = rng.int(3, 6 + 4 * d.scale());
    let names = &NAMES[..n];
    let residues: Vec<i64> = names.iter().map(|_| rng.int(0, modulus - 1)).collect();
    let row: Vec<i64> = names.iter().map(|_| rng.int(1, 4 + 2 * d.scale())).collect();
    let form = match rng.below(if d.level() < 2 { 2 } else { 4 }) {
        0 | 1 => Polynomial::linear(&row, rng.int(0, 9)),
        2 => Polynomial::linear(&row, 0).times(&Polynomial::variable(0)).plus(&Polynomial::number(rng.int(1, 9))),
        _ => Polynomial::variable(0).power(2).scaled(rng.int(1, 3)).plus(&Polynomial::linear(&row, rng.int(0, 5))),
    };
    let value = form.value(&residues);
    let kind = whole(rng);
    let mut draft = Draft::new(match rng.below(4) {
        0 => format!("{modulus} ∣ {}", form.plus(&Polynomial::number((-value).rem_euclid(modulus))).text(names)),
        1 => format!("({}) % {modulus} ≠ {}", form.text(names), (value + rng.int(1, modulus - 1)) % modulus),
        _ => format!("({}) % {modulus} = {}", form.text(names), value % modulus),
    });
    draft = draft.var(&names.join(" "), kind);
    for (name, residue) in names.iter().zip(&residues) {
        // A residue modulo a multiple gives the residue.
        let by = if rng.chance(20) { rng.int(2, 3) } else { 1 };
        let given = residue + modulus * rng.int(0, by - 1);
        draft = draft.hyp(format!("{name} % {} = {given}", by * modulus)).at(name, given + by * modulus * rng.int(0, 3));
    }
    draft
}

/// Multiples of a number: what a combination of them is, for a numeral or an unknown.
fn combination(rng: &mut Rng, d: Difficulty) -> Draft {
    let kind = whole(rng);
    let low = if kind == "Nat" { 1 } else { -2 - d.scale() };
    let (a, b) = (rng.nonzero(low, 3 + d.scale()), rng.nonzero(low, 3 + d.scale()));
    if rng.chance(40) {
        // An unknown divisor.
        let (m, n) = (rng.int(2, 3 + d.scale()), rng.int(2, 3 + d.scale()));
        let draft = Draft::new("").var("x y z", kind).hyp("z ∣ x").hyp("z ∣ y").at("z", m).at("x", m * n).at("y", m * a.abs());
        let sum = linear(&[a, b], &["x", "y"]);
        let (goal, quotient) = match rng.below(if d.level() < 2 { 2 } else { 6 }) {
            0 => (format!("z ∣ {sum}"), linear(&[a, b], &["c₁", "c₂"])),
            1 => (format!("z ∣ {m} * x * y + {n} * x"), format!("{m} * c₁ * y + {n} * c₁")),
            2 => (format!("z ^ 2 ∣ {m} * x * y"), format!("{m} * c₁ * c₂")),
            3 => (format!("z ∣ x ^ 2 + {}", linear(&[b.abs()], &["y"])), format!("c₁ * x + {} * c₂", b.abs())),
            4 => (format!("{m} * z ∣ {} * x", m * n), format!("{n} * c₁")),
            _ => (format!("z ∣ {} + {m} * z", linear(&[a.abs()], &["x"])), format!("{} * c₁ + {m}", a.abs())),
        };
        let proof = format!("obtain ⟨c₁, key₁⟩ := ‹z ∣ x›\nobtain ⟨c₂, key₂⟩ := ‹z ∣ y›\nexact ⟨{quotient}, by grind⟩");
        return Draft { goal, ..draft }.by(proof);
    }
    let m = rng.int(3, 6 + 4 * d.scale());
    let names = if d.level() < 3 { &NAMES[..2] } else { &NAMES[..] };
    let row: Vec<i64> = names.iter().map(|_| rng.int(1, m + 2)).collect();
    let weight = rng.int(2, 2 + d.scale());
    // The same form, its coefficients moved by multiples of the divisor.
    let mut moved: Vec<i64> = row.iter().map(|a| weight * a + m * rng.int(if low > 0 { 0 } else { -2 }, 1)).collect();
    if moved.iter().all(|a| *a == 0) {
        moved[0] = m;
    }
    let point: Vec<i64> = names.iter().map(|_| m * rng.int(0, 3)).collect();
    let c = rng.int(0, m - 1);
    let shift = (-dot(&row, &point)).rem_euclid(m);
    let goal = if rng.chance(50) {
        format!("{m} ∣ {}", shifted(&linear(&moved, names), weight * shift + m * rng.int(0, 2)))
    } else {
        format!("({}) % {m} = {}", shifted(&linear(&moved, names), weight * shift + c), c)
    };
    let draft = Draft::new(goal).var(&names.join(" "), kind).hyp(format!("{m} ∣ {}", shifted(&linear(&row, names), shift)));
    names.iter().zip(&point).fold(draft, |draft, (name, x)| draft.at(name, x))
}

/// A polynomial of one variable whose values are all divisible by a number: sums of products of consecutive numbers, powers less what
/// they are congruent to, and multiples.
fn divisible(rng: &mut Rng, d: Difficulty) -> (i64, Polynomial) {
    let x = Polynomial::variable(0);
    let next = |k: i64| x.plus(&Polynomial::number(k));
    let bases: [(i64, Polynomial); 6] = [
        (2, x.times(&next(1))),
        (3, x.power(3).minus(&x)),
        (6, x.times(&next(1)).times(&next(2))),
        (5, x.power(5).minus(&x)),
        (4, x.power(2).times(&next(1).power(2))),
        (6, x.times(&next(1)).times(&x.scaled(2).plus(&Polynomial::number(1)))),
    ];
    let (m, base) = rng.pick(&bases[..(1 + d.size()).min(6)]);
    let degree = if d.level() < 3 { 2 } else { 4 };
    let multiple: Vec<i64> = (0..degree).map(|_| rng.int(-1, 2)).collect();
    (m, base.scaled(rng.int(1, 3)).plus(&Polynomial::univariate(&multiple).scaled(m)))
}

/// Divisibility of all values of a polynomial.
fn polynomial(rng: &mut Rng, d: Difficulty) -> Draft {
    let (m, form) = divisible(rng, d);
    let kind = whole(rng);
    let (positive, negative) = form.signs();
    let residue = if rng.chance(40) { rng.int(1, m - 1) } else { 0 };
    let goal = if !negative.is_zero() && (kind == "Nat" || rng.chance(20)) {
        let left = positive.plus(&Polynomial::number(residue));
        format!("({}) % {m} = ({}) % {m}", left.text(&["x"]), negative.plus(&Polynomial::number(residue)).text(&["x"]))
    } else if residue > 0 || rng.chance(30) {
        format!("({}) % {m} = {residue}", form.plus(&Polynomial::number(residue)).text(&["x"]))
    } else {
        format!("{m} ∣ {}", form.text(&["x"]))
    };
    match rng.below(3) {
        0 => Draft::new(format!("∀ x : {kind}, {goal}")).by("intro x\n".to_owned() + &by_residues(kind, m)),
        _ => Draft::new(goal).var("x", kind).by(by_residues(kind, m)),
    }
}

/// Computes with the remainder of `x` in each of its cases.
fn by_residues(kind: &str, m: i64) -> String {
    let cases: Vec<String> = (0..m).map(|r| format!("x % {m} = {r}")).collect();
    let lemmas = match kind {
        "Nat" => "Nat.dvd_iff_mod_eq_zero, Nat.pow_succ, Nat.add_mod, Nat.mul_mod",
        _ => "Int.dvd_iff_emod_eq_zero, Int.pow_succ, Int.add_emod, Int.sub_emod, Int.mul_emod",
    };
    let patterns = vec!["key"; cases.len()].join(" | ");
    format!("rcases (by omega : {}) with {patterns} <;> simp [{lemmas}, key]", cases.join(" ∨ "))
}

/// The residues that the values of a polynomial can have, and those that they cannot.
fn possible(rng: &mut Rng, d: Difficulty) -> Draft {
    let m = rng.int(3, 5 + d.scale());
    let two = d.level() > 3 && rng.chance(60);
    let m = if two { m.min(5) } else { m };
    let form = match rng.below(4) {
        0 if two => Polynomial::variable(0).power(2).plus(&Polynomial::variable(1).power(2)),
        _ if two => Polynomial::variable(0).power(2).scaled(rng.int(1, 3)).plus(&Polynomial::variable(1).power(2).scaled(rng.int(1, 3))),
        0 => Polynomial::univariate(&[rng.int(0, 5), 0, 0, 1]),
        1 if d.level() > 2 => Polynomial::univariate(&[rng.int(0, 5), 0, 0, 0, 1]),
        _ => Polynomial::univariate(&[rng.int(0, 9), rng.int(0, 4), rng.int(1, 3)]),
    };
    let mut values: Vec<i64> = (0..m).flat_map(|x| (0..m).map(move |y| (x, y))).map(|(x, y)| form.value(&[x, y]) % m).collect();
    values.sort_unstable();
    values.dedup();
    let text = form.text(&NAMES);
    let missing: Vec<i64> = (0..m).filter(|r| !values.contains(r)).collect();
    let kind = whole(rng);
    let draft = Draft::new("").var(if two { "x y" } else { "x" }, kind);
    let draft = if two { draft } else { draft.by(by_residues(kind, m)) };
    let goal = match rng.below(3) {
        0 if !missing.is_empty() => format!("({text}) % {m} ≠ {}", rng.pick(&missing)),
        1 if !two => {
            // What the residue of the value says of the residue of the variable.
            let value = rng.pick(&values);
            let roots: Vec<i64> = (0..m).filter(|x| form.value(&[*x]) % m == value).collect();
            let goal = roots.iter().map(|r| format!("x % {m} = {r}")).collect::<Vec<_>>().join(" ∨ ");
            return Draft { goal, ..draft }
                .hyp(format!("({text}) % {m} = {value}"))
                .at("x", roots[0] + m * rng.int(0, 3))
                .by(by_residues(kind, m) + " at *");
        }
        _ if values.len() < 5 && missing.len() > 1 || missing.is_empty() => {
            values.iter().map(|r| format!("({text}) % {m} = {r}")).collect::<Vec<_>>().join(" ∨ ")
        }
        _ => format!("¬ {m} ∣ {}", form.plus(&Polynomial::number(m - rng.pick(&missing))).text(&NAMES)),
    };
    Draft { goal, ..draft }
}

/// One remainder from several, and numbers from their remainders.
fn remainders(rng: &mut Rng, d: Difficulty) -> Draft {
    const MODULI: &[&[i64]] = &[&[2, 3], &[3, 5], &[2, 5], &[3, 4], &[4, 5], &[4, 9], &[5, 7], &[3, 7], &[2, 3, 5], &[3, 4, 5], &[2, 5, 7]];
    let moduli = rng.pick(&MODULI[..if d.level() < 3 { 6 } else { MODULI.len() }]);
    let all: i64 = moduli.iter().product();
    let value = rng.int(0, all - 1);
    let kind = whole(rng);
    let start = rng.int(1, 3 + 5 * d.scale()) * if rng.chance(50) { all } else { 7 };
    let known = start + (value - start).rem_euclid(all);
    let draft = moduli.iter().fold(Draft::new("").var("x", kind), |draft, m| draft.hyp(format!("x % {m} = {}", value % m)));
    let draft = draft.at("x", known);
    match rng.below(4) {
        0 => Draft { goal: format!("x % {all} = {value}"), ..draft },
        1 => {
            let (a, b) = (rng.int(2, 7), rng.int(0, 9));
            Draft { goal: format!("({}) % {all} = {}", affine(a, "x", b), (a * value + b) % all), ..draft }
        }
        2 => Draft { goal: format!("x = {known}"), ..draft }.hyp(format!("{start} ≤ x")).hyp(format!("x < {}", start + all)),
        _ => {
            let goal = format!("x ≥ {known}");
            Draft { goal, ..draft }.hyp(format!("{} < x", start - 1))
        }
    }
}

/// Divisibility by a product and by its factors.
fn factors(rng: &mut Rng, d: Difficulty) -> Draft {
    let kind = whole(rng);
    let (a, b) = (rng.int(2, 4 + d.scale()), rng.int(3, 5 + 2 * d.scale()));
    let common = gcd(a, b);
    let least = a * b / common;
    let (k, c) = (rng.int(2, 3 + d.scale()), rng.int(1, 4));
    let draft = Draft::new("").var("x", kind);
    match rng.below(8) {
        0 => Draft { goal: format!("{least} ∣ x"), ..draft }.hyp(format!("{a} ∣ x")).hyp(format!("{b} ∣ x")).at("x", least * c),
        1 => Draft { goal: format!("{least} ∣ x ↔ {a} ∣ x ∧ {b} ∣ x"), ..draft },
        2 => Draft { goal: format!("{} ∣ {b} * x ↔ {} ∣ x", a * b / gcd(b, a), a / gcd(b, a)), ..draft },
        3 => Draft { goal: format!("{b} ∣ {}", linear(&[k, c * b], &["x", "y"])), ..draft }
            .var("y", kind)
            .hyp(format!("{} ∣ x", a * b))
            .at("x", a * b * c),
        4 => {
            let goal = format!("{} ∣ x * y", a * b);
            Draft { goal, ..draft }.var("y", kind).hyp(format!("{a} ∣ x")).hyp(format!("{b} ∣ y")).at("x", a * c).at("y", b * k)
        }
        5 => {
            let goal = format!("{} ∣ x ^ 2 + {} * x", a * a, a * k);
            Draft { goal, ..draft }.hyp(format!("{a} ∣ x")).at("x", a * c)
        }
        6 => Draft { goal: format!("x % {a} = {}", (c * k) % a), ..draft }
            .hyp(format!("x % {} = {}", a * b, (c * k) % (a * b)))
            .at("x", (c * k) % (a * b) + a * b),
        _ => {
            let prime = rng.pick(&[2, 3, 5, 7]);
            let k = if k % prime == 0 { k + 1 } else { k };
            let goal = format!("{prime} ∣ x");
            let square = d.level() > 2 && rng.chance(50);
            let form = if square { Polynomial::variable(0).power(2).scaled(k) } else { Polynomial::variable(0).scaled(k) };
            let form = form.plus(&Polynomial::number(prime * c));
            Draft { goal, ..draft }.hyp(format!("{prime} ∣ {}", form.text(&["x"]))).at("x", prime * rng.int(0, 5))
        }
    }
}

/// Greatest common divisors and least common multiples.
fn greatest(rng: &mut Rng, d: Difficulty) -> Draft {
    let size = 10 + 20 * d.scale();
    let (k, m, n) = (rng.int(2, 4 + 4 * d.scale()), rng.int(2, size), rng.int(2, size));
    let (a, b) = (k * m, k * n);
    let closed = |goal: String| Draft::new(goal);
    let open = |goal: String| Draft::new(goal).var("x y", "Nat");
    match rng.below(if d.level() < 2 { 5 } else { 11 }) {
        0 => closed(format!("Nat.gcd {a} {b} = {}", gcd(a, b))),
        1 => closed(format!("Nat.lcm {a} {n} = {}", a / gcd(a, n) * n)),
        2 => closed(format!("Nat.gcd {a} {b} * Nat.lcm {a} {b} = {}", a * b)),
        3 => Draft::new(format!("Nat.gcd ({}) x = x", linear(&[k * m], &["x"]))).var("x", "Nat"),
        4 => open(format!("Nat.gcd ({k} * x) ({k} * y) = {k} * Nat.gcd x y")),
        5 => Draft::new(format!("Nat.gcd ({}) x = 1", affine(k, "x", 1))).var("x", "Nat"),
        6 => open(format!("Nat.gcd x y ∣ {}", linear(&[k, rng.int(1, 9)], &["x", "y"]))).by(
            "exact Nat.dvd_add (Nat.dvd_trans (Nat.gcd_dvd_left x y) (Nat.dvd_mul_left _ _)) (Nat.dvd_trans (Nat.gcd_dvd_right x y) (Nat.dvd_mul_left _ _))",
        ),
        7 => open(format!("{k} ∣ Nat.gcd x y")).hyp(format!("{k} ∣ x")).hyp(format!("{k} ∣ y")).at("x", a).at("y", b),
        8 => open(format!("x ∣ {k} * Nat.lcm x y ∧ Nat.gcd x y ∣ {k} * x")).by(
            "constructor\n· exact Nat.dvd_trans (Nat.dvd_lcm_left x y) (Nat.dvd_mul_left _ _)\n· exact Nat.dvd_trans (Nat.gcd_dvd_left x y) (Nat.dvd_mul_left _ _)",
        ),
        9 => open(format!("Nat.gcd (x + {k} * y) y = Nat.gcd x y")),
        _ => Draft::new(format!("Nat.gcd ({}) ({}) ∣ {k}", affine(m, "x", k), linear(&[m], &["x"]))).var("x", "Nat"),
    }
}

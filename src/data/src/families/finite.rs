//! Statements that finitely many cases decide.

use super::{
    Family,
    polynomial::Polynomial,
    terms::{affine, gcd},
};
use crate::{
    draft::Draft,
    rng::Rng,
    statement::{Difficulty, Topic::Finite},
};

pub(crate) const FAMILIES: &[Family] = &[
    Family::new(Finite, "finite_all", all),
    Family::new(Finite, "finite_among", among),
    Family::new(Finite, "finite_product", product),
    Family::new(Finite, "finite_residues", residues),
    Family::new(Finite, "finite_search", search),
];

/// A polynomial of one or two variables with small coefficients that are not negative.
fn form(rng: &mut Rng, d: Difficulty, two: bool) -> Polynomial {
    let one = Polynomial::univariate(&[rng.int(0, 5), rng.int(0, 2 + d.scale()), if d.level() > 1 { rng.int(0, 2) } else { 1 }, 0]);
    let one = if d.level() > 3 && rng.chance(30) { one.plus(&Polynomial::variable(0).power(3)) } else { one };
    if !two {
        return one.plus(&Polynomial::variable(0));
    }
    let mixed = Polynomial::variable(0).times(&Polynomial::variable(1)).scaled(rng.int(0, 2));
    one.plus(&mixed).plus(&Polynomial::variable(1).power(rng.int(1, 2) as u32).scaled(rng.int(1, 3)))
}

/// All values below a bound: their residues, their size, an implication between their properties.
fn all(rng: &mut Rng, d: Difficulty) -> Draft {
    let two = d.level() > 2;
    let form = form(rng, d, two);
    let (n, k) = (rng.int(4, 6 + 4 * d.scale()), if two { rng.int(3, 4 + d.scale()) } else { 1 });
    let n = if two { n.min(14) } else { n };
    let m = rng.int(3, 7 + d.scale());
    let points: Vec<(i64, i64)> = (0..n).flat_map(|x| (0..k).map(move |y| (x, y))).collect();
    let value = |(x, y): &(i64, i64)| form.value(&[*x, *y]);
    let text = form.text(&["x", "y"]);
    let (first, last) = (points.iter().map(value).min().unwrap_or(0), points.iter().map(value).max().unwrap_or(0));
    let missing: Vec<i64> = (0..m).filter(|r| points.iter().all(|p| value(p) % m != *r)).collect();
    let parity = rng.int(0, 1);
    let body = match rng.below(4) {
        0 if !missing.is_empty() => format!("({text}) % {m} ≠ {}", rng.pick(&missing)),
        1 => format!("{text} ≤ {}", last + rng.int(0, 3)),
        2 => format!("{} ≤ {text} ∧ {text} < {}", (first - rng.int(0, 2)).max(0), last + 1),
        _ => {
            let premise = format!("x % 2 = {parity}");
            let mut values: Vec<i64> = points.iter().filter(|(x, _)| x % 2 == parity).map(|p| value(p) % m).collect();
            values.sort_unstable();
            values.dedup();
            if values.len() > 3 {
                let most = points.iter().filter(|(x, _)| x % 2 == parity).map(value).max().unwrap_or(0);
                format!("{premise} → {text} < {}", most + 1)
            } else {
                let cases: Vec<String> = values.iter().map(|r| format!("({text}) % {m} = {r}")).collect();
                format!("{premise} → {}", cases.join(" ∨ "))
            }
        }
    };
    match (two, rng.below(3)) {
        (true, _) => Draft::new(format!("∀ x < {n}, ∀ y < {k}, {body}")),
        (false, 0) => Draft::new(format!("∀ x < {n}, {body}")),
        (false, 1) => Draft::new(format!("∀ x : Nat, x < {n} → {}", if body.contains('→') { format!("({body})") } else { body })),
        (false, _) => Draft::new(body).var("x", "Nat").hyp(format!("x < {n}")),
    }
}

/// The numbers of an interval that have a property.
fn among(rng: &mut Rng, d: Difficulty) -> Draft {
    let kind = rng.pick(&["Nat", "Int"]);
    let low = if kind == "Nat" { rng.int(0, 5 * d.scale()) } else { rng.int(-8, 8) };
    let mut draft = Draft::new("x = x");
    for _ in 0..30 {
        let high = low + rng.int(3, 6 + 2 * d.scale());
        let form = form(rng, d, false);
        let m = rng.int(3, 6 + d.scale());
        let r = rng.int(0, m - 1);
        let found: Vec<i64> = (low..=high).filter(|x| form.value(&[*x]).rem_euclid(m) == r).collect();
        if found.is_empty() || found.len() > 4 {
            continue;
        }
        let cases = |relation: &str, join: &str| found.iter().map(|x| format!("x {relation} {x}")).collect::<Vec<_>>().join(join);
        let fact = format!("({}) % {m} = {r}", form.text(&["x"]));
        draft = match rng.below(4) {
            0 => Draft::new(format!("{fact} ↔ {}", cases("=", " ∨ "))),
            1 => Draft::new(format!("x ≤ {}", found[found.len() - 1])).hyp(fact),
            2 => Draft::new(fact.replace(" = ", " ≠ ")).hyps(found.iter().map(|x| format!("x ≠ {x}"))),
            _ => Draft::new(cases("=", " ∨ ")).hyp(fact),
        };
        let within = [format!("{low} ≤ x"), format!("x ≤ {high}")];
        draft = draft.hyps(within.into_iter().skip(usize::from(kind == "Nat" && low == 0))).at("x", found[0]);
        break;
    }
    draft.var("x", kind)
}

/// Unknown factors of a known product.
fn product(rng: &mut Rng, d: Difficulty) -> Draft {
    const PRODUCTS: &[i64] =
        &[4, 6, 8, 9, 10, 12, 14, 15, 16, 18, 20, 21, 22, 24, 25, 26, 27, 28, 30, 32, 33, 34, 35, 36, 38, 39, 40, 42, 45];
    let n = rng.pick(&PRODUCTS[..(5 + 5 * d.size()).min(PRODUCTS.len())]);
    let (shift_x, shift_y) = if d.level() < 3 { (0, 0) } else { (rng.int(0, 3), rng.int(0, 3)) };
    let factor = |name: &str, shift: i64| if shift == 0 { name.to_owned() } else { format!("({name} + {shift})") };
    let pairs: Vec<(i64, i64)> =
        (1..=n).filter(|x| n % x == 0).map(|x| (x - shift_x, n / x - shift_y)).filter(|(x, y)| *x >= 0 && *y >= 0).collect();
    let Some(&first) = pairs.get(rng.below(pairs.len())) else { return Draft::new("x * 0 = 0").var("x", "Nat") };
    let draft = Draft::new("").var("x y", "Nat").hyp(format!("{} * {} = {n}", factor("x", shift_x), factor("y", shift_y)));
    let cases = |pairs: &[(i64, i64)]| pairs.iter().map(|(x, y)| format!("x = {x} ∧ y = {y}")).collect::<Vec<_>>().join(" ∨ ");
    let of = |test: &dyn Fn(i64, i64) -> bool| pairs.iter().copied().filter(|(x, y)| test(*x, *y)).collect::<Vec<_>>();
    let (fact, left) = match rng.below(5) {
        0 => ("x < y".to_owned(), of(&|x, y| x < y)),
        1 => {
            let sum = first.0 + first.1;
            (format!("x + y = {sum}"), of(&|x, y| x + y == sum))
        }
        2 => (format!("{} ≤ x", first.0), of(&|x, _| x >= first.0)),
        3 => ("x % 2 = 1".to_owned(), of(&|x, _| x % 2 == 1)),
        _ => (format!("x ≤ {}", first.0), of(&|x, _| x <= first.0)),
    };
    let known = left.first().unwrap_or(&first);
    let draft = draft.hyp(fact).at("x", known.0).at("y", known.1);
    let goal = match (left.len(), rng.below(3)) {
        (0, _) => "False".to_owned(),
        (1..=4, 0 | 1) => cases(&left),
        _ => format!("x + y ≤ {}", left.iter().map(|(x, y)| x + y).max().unwrap_or(0)),
    };
    Draft { goal, ..draft }
}

/// Quantifiers over the residues of a modulus.
fn residues(rng: &mut Rng, d: Difficulty) -> Draft {
    let m = rng.int(3, 4 + 2 * d.scale());
    let (a, b, c) = (rng.int(1, m - 1), rng.int(1, m - 1), rng.int(0, m - 1));
    let square = rng.chance(35);
    let term = |x: &str| if square { format!("{x}.val ^ 2") } else { format!("{x}.val") };
    let value = |x: i64| if square { x * x } else { x };
    let left = format!("({a} * {} + {b} * y.val) % {m}", term("x"));
    let solved = |x: i64| (0..m).any(|y| (a * value(x) + b * y) % m == c);
    match rng.below(5) {
        0 | 1 if (0..m).all(solved) => Draft::new(format!("∀ x : Fin {m}, ∃ y : Fin {m}, {left} = {c}")),
        0 => Draft::new(format!("∃ x : Fin {m}, ∀ y : Fin {m}, {left} ≠ {c}")),
        1 => Draft::new(format!("¬ ∀ x : Fin {m}, ∃ y : Fin {m}, {left} = {c}")),
        2 => {
            let a = (a..m).find(|a| gcd(*a, m) == 1).unwrap_or(1);
            let side = |x: &str| format!("({a} * {x}.val + {b}) % {m}");
            Draft::new(format!("∀ x y : Fin {m}, {} = {} → x = y", side("x"), side("y")))
        }
        3 => {
            let roots: Vec<i64> = (0..m).filter(|x| (a * value(*x) + b) % m == c).collect();
            let text = format!("({a} * {} + {b}) % {m}", term("x"));
            if roots.is_empty() {
                return Draft::new(format!("∀ x : Fin {m}, {text} ≠ {c}"));
            }
            let cases: Vec<String> = roots.iter().map(|r| format!("x.val = {r}")).collect();
            Draft::new(format!("{text} = {c} ↔ {}", cases.join(" ∨ "))).var("x", &format!("Fin {m}"))
        }
        _ => {
            let most = (0..m).map(|x| (a * value(x) + b) % m).max().unwrap_or(0);
            Draft::new(format!("({a} * {} + {b}) % {m} ≤ {most}", term("x"))).var("x", &format!("Fin {m}"))
        }
    }
}

/// Solutions of an equation below a bound, or that there are none.
fn search(rng: &mut Rng, d: Difficulty) -> Draft {
    let n = rng.int(4, 6 + 2 * d.scale());
    let form = form(rng, d, true);
    let text = form.text(&["x", "y"]);
    let (x, y) = (rng.int(0, n - 1), rng.int(0, n - 1));
    let target = form.value(&[x, y]) + if rng.chance(50) { 0 } else { rng.int(1, 4) };
    let all = || (0..n).flat_map(|x| (0..n).map(move |y| (x, y)));
    let solutions: Vec<(i64, i64)> = all().filter(|(x, y)| form.value(&[*x, *y]) == target).collect();
    let Some(&(x, y)) = solutions.get(rng.below(solutions.len())) else {
        return match rng.below(3) {
            0 => Draft::new(format!("∀ x < {n}, ∀ y < {n}, {text} ≠ {target}")),
            1 => Draft::new(format!("¬ ∃ x < {n}, ∃ y < {n}, {text} = {target}")),
            _ => Draft::new(format!("{text} ≠ {target}")).var("x y", "Nat").hyp(format!("x < {n}")).hyp(format!("y < {n}")),
        };
    };
    let order = match x.cmp(&y) {
        std::cmp::Ordering::Less => "x < y",
        std::cmp::Ordering::Equal => "x = y",
        std::cmp::Ordering::Greater => "y < x",
    };
    match rng.below(3) {
        0 => Draft::new(format!("∃ x < {n}, ∃ y < {n}, {text} = {target} ∧ {order}")),
        1 => Draft::new(format!("∃ x < {n}, ∃ y < {n}, {text} = {target} ∧ x + y = {}", x + y)),
        _ => {
            let (p, q) = (rng.int(1, 4), rng.int(1, 4));
            let most = solutions.iter().map(|(x, y)| p * x + q * y).max().unwrap_or(0);
            Draft::new(format!("{} + {} ≤ {most}", affine(p, "x", 0), affine(q, "y", 0)))
                .var("x y", "Nat")
                .hyp(format!("x < {n}"))
                .hyp(format!("y < {n}"))
                .hyp(format!("{text} = {target}"))
                .at("x", x)
                .at("y", y)
        }
    }
}

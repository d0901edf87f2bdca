//! Non-linear inequalities: squares, products of signs, means, monotony, `min` and `max`.

use super::{
    Family, linear,
    polynomial::Polynomial,
    proofs::{facts, product, square},
    signed,
    terms::{fraction, less, shifted},
};
use crate::{
    draft::Draft,
    rng::Rng,
    statement::{Difficulty, Topic::Inequalities},
};

pub(crate) const FAMILIES: &[Family] = &[
    Family::new(Inequalities, "ineq_squares", squares),
    Family::new(Inequalities, "ineq_interval", interval),
    Family::new(Inequalities, "ineq_monotone", monotone),
    Family::new(Inequalities, "ineq_root", root),
    Family::new(Inequalities, "ineq_mean", mean),
    Family::new(Inequalities, "ineq_minmax", minmax),
];

const NAMES: [&str; 4] = ["x", "y", "z", "w"];

fn ordered_kind(rng: &mut Rng) -> &'static str {
    rng.pick(&["Int", "Rat"])
}

/// `0 ≤ form` in one of the ways in which it can be written.
fn nonnegative(rng: &mut Rng, form: &Polynomial, names: &[&str]) -> String {
    let (left, right) = form.signs();
    match rng.below(3) {
        0 => format!("0 ≤ {}", form.shuffled(rng, names)),
        1 if !left.is_zero() => format!("{} ≤ {}", right.shuffled(rng, names), left.shuffled(rng, names)),
        _ => {
            let constant = Polynomial::number(form.value(&[0; 4]));
            format!("{} ≥ {}", form.minus(&constant).shuffled(rng, names), constant.scaled(-1).text(names))
        }
    }
}

/// Sums of squares of linear forms, multiplied out.
fn squares(rng: &mut Rng, d: Difficulty) -> Draft {
    let n = if d.level() < 4 { 2 } else { 3 };
    let names = &NAMES[..n];
    let mut sum = Polynomial::default();
    let mut squared = Vec::new();
    for _ in 0..(1 + d.size() / 2).min(3) {
        let row: Vec<i64> = names.iter().map(|_| rng.int(-2, 2 + d.scale() / 2)).collect();
        let constant = if rng.chance(40) { rng.int(-3, 3) } else { 0 };
        let form = Polynomial::linear(&row, constant);
        sum = sum.plus(&form.power(2).scaled(rng.int(1, 1 + d.scale() / 2)));
        if !form.is_zero() {
            squared.push(square(&form.text(names)));
        }
    }
    if sum.minus(&Polynomial::number(sum.value(&[0; 4]))).is_zero() {
        let form = Polynomial::linear(&[1, -1], 0);
        sum = sum.plus(&form.power(2));
        squared.push(square(&form.text(names)));
    }
    let sum = sum.plus(&Polynomial::number(if rng.chance(30) { rng.int(1, 9) } else { 0 }));
    let goal = nonnegative(rng, &sum, names);
    let kind = ordered_kind(rng);
    let spoken = crate::words::idents(&goal);
    let names: Vec<&str> = names.iter().copied().filter(|name| spoken.contains(*name)).collect();
    Draft::new(goal).var(&names.join(" "), kind).by(facts(squared, "grind"))
}

/// Products of what is not negative on intervals.
fn interval(rng: &mut Rng, d: Difficulty) -> Draft {
    let kind = ordered_kind(rng);
    let (a, c) = (rng.int(-4, 4), rng.int(-4, 4));
    let (b, e) = (a + rng.int(1, 3 + d.scale()), c + rng.int(1, 3 + d.scale()));
    let number = Polynomial::number;
    let (x, y) = (Polynomial::variable(0), Polynomial::variable(1));
    let (low_x, high_x) = (x.minus(&number(a)), number(b).minus(&x));
    let (low_y, high_y) = (y.minus(&number(c)), number(e).minus(&y));
    let (at_x, at_y) = (rng.int(a, b), rng.int(c, e));
    let draft = Draft::new("").hyp(format!("{a} ≤ x")).hyp(format!("x ≤ {b}")).at("x", at_x);
    if d.level() < 3 {
        let k = rng.int(1, 2 + d.scale());
        let more = if rng.chance(40) { x.power(2).scaled(rng.int(1, 2)) } else { number(rng.int(0, 5)) };
        let form = low_x.times(&high_x).scaled(k).plus(&more);
        let goal = if rng.chance(40) {
            format!("0 ≤ {}", linear(&[k], &[&format!("({} * ({b} - x))", less("x", a))]))
        } else {
            nonnegative(rng, &form, &NAMES)
        };
        let inside = product(kind, [&signed(a), "x"], ["x", &signed(b)]);
        return Draft { goal, ..draft }.var("x", kind).by(facts([inside, square("x")], "grind"));
    }
    let (p, q) = (rng.pick(&[low_x.clone(), high_x.clone()]), rng.pick(&[low_y.clone(), high_y.clone()]));
    let side = |is_low: bool, name, low: &str, high: &str| if is_low { [low.to_owned(), name] } else { [name, high.to_owned()] };
    let [a, b, c, e] = [a, b, c, e].map(signed);
    let of_x = side(p == low_x, "x".to_owned(), &a, &b);
    let of_y = side(q == low_y, "y".to_owned(), &c, &e);
    let inside = [
        product(kind, [&of_x[0], &of_x[1]], [&of_y[0], &of_y[1]]),
        product(kind, [&a, "x"], ["x", &b]),
        product(kind, [&c, "y"], ["y", &e]),
    ];
    let proof = facts(&inside[..if d.level() > 3 { 3 } else { 1 }], "grind");
    let mut form = p.times(&q).scaled(rng.int(1, 3));
    if d.level() > 3 {
        form = form.plus(&low_x.times(&high_x)).plus(&rng.pick(&[low_y.times(&high_y), number(0), low_x]));
    }
    let goal = nonnegative(rng, &form, &NAMES);
    Draft { goal, ..draft }.var("x y", kind).hyp(format!("{c} ≤ y")).hyp(format!("y ≤ {e}")).at("y", at_y).by(proof)
}

/// Products and squares keep the order of what is not negative.
fn monotone(rng: &mut Rng, d: Difficulty) -> Draft {
    let kind = rng.pick(&["Nat", "Int", "Rat"]);
    let (k, m) = (rng.int(1, 3 + 2 * d.scale()), rng.int(1, 3 + 2 * d.scale()));
    let strict = if rng.chance(40) { "<" } else { "≤" };
    let plus = |name: &str, n: i64| shifted(name, n);
    let [low, low_too] = [k, m].map(|n| n.to_string());
    let (x, y) = ([low.as_str(), "x"], [low_too.as_str(), "y"]);
    let (raised, lowered, above) = (plus("x", k), format!("-x - {k}"), plus("y", k));
    let drawn = rng.below(if d.level() < 2 { 4 } else { 9 });
    let keys: &[[[&str; 2]; 2]] = match drawn {
        0 => &[[x, x]],
        1 if kind == "Nat" => &[[[&raised, "y"]; 2]],
        1 => &[[[&raised, "y"], [&lowered, "y"]]],
        2 | 5 => &[[x, y]],
        3 => &[[["x", &above], ["0", "z"]]],
        4 if kind == "Nat" => &[[["x + 1", "y"]; 2]],
        4 => &[[["x", "y"], ["-x", "y"]]],
        6 if kind == "Nat" => &[[x, ["y", "y"]]],
        6 => &[[x, ["0", "y"]]],
        7 if kind == "Nat" => &[[["x", "y"], ["z", "w"]]],
        7 => &[[["x", "y"], ["0", "w"]], [["0", "x"], ["z", "w"]]],
        _ if kind == "Nat" => &[[[&low, "y"], ["x", "y"]], [[&low, "x"], [&low, "y"]]],
        _ => &[[[&low, "y"], ["0", "y"]], [["0", "y"], [&low, "x"]]],
    };
    let proof = if (drawn, strict, kind == "Nat") == (4, "<", false) {
        facts([": 0 < (y - x) * (y + x) := Lean.Grind.OrderedRing.mul_pos (by grind) (by grind)"], "grind")
    } else {
        facts(keys.iter().map(|[left, right]| product(kind, *left, *right)), "grind")
    };
    let (draft, goal) = match drawn {
        0 => (Draft::new("").hyp(format!("{k} ≤ x")), format!("{} ≤ x * x", k * k)),
        1 => (Draft::new("").hyp("0 ≤ x").hyp(format!("x + {k} ≤ y")), format!("x * x + {} ≤ y * y", k * k)),
        2 => (Draft::new("").hyp(format!("{k} ≤ x")).hyp(format!("{m} ≤ y")), format!("{} ≤ x * y", k * m)),
        3 => (Draft::new("").hyp("0 ≤ z").hyp(format!("x ≤ {}", plus("y", k))), format!("x * z ≤ y * z + {}", linear(&[k], &["z"]))),
        4 => (Draft::new("").hyp("0 ≤ x").hyp(format!("x {strict} y")), format!("{} * x ^ 2 {strict} {} * y ^ 2", k + 1, k + 1)),
        5 => (Draft::new("").hyp(format!("{k} ≤ x")).hyp(format!("{m} ≤ y")), {
            format!("{} ≤ {}", linear(&[m, k], &["x", "y"]), shifted("x * y", k * m))
        }),
        6 => (
            Draft::new("").hyp("0 < x").hyp("0 < y").hyp(format!("x * y {strict} {}", k * m)).hyp(format!("{k} ≤ x")),
            format!("y {strict} {m}"),
        ),
        7 => (Draft::new("").hyp("0 ≤ x").hyp("x ≤ y").hyp("0 ≤ z").hyp("z ≤ w"), format!("x * z + {k} ≤ y * w + {}", k + m - 1)),
        _ => (Draft::new("").hyp(format!("{k} ≤ x")).hyp("x ≤ y"), format!("{} * x ≤ y ^ 2 ∧ {} ≤ x * y", k, k * k)),
    };
    let texts: Vec<String> = draft.hypotheses.iter().chain([&goal]).flat_map(|t| crate::words::idents(t)).collect();
    let names: Vec<&str> = NAMES.into_iter().filter(|name| texts.iter().any(|t| t == name)).collect();
    let base = k + rng.int(0, 3);
    let values = [base, base + k.max(m) + rng.int(0, 2), rng.int(0, 4), 4 + rng.int(0, 3)];
    let draft = names.iter().fold(Draft { goal, ..draft }, |draft, name| {
        let value = NAMES.iter().position(|n| n == name).map_or(0, |i| values[i]);
        draft.at(name, value)
    });
    draft.var(&names.join(" "), kind).by(proof)
}

/// Bounds of a number from bounds of its square or cube.
fn root(rng: &mut Rng, d: Difficulty) -> Draft {
    let n = rng.int(2, 4 + 3 * d.scale());
    let kind = rng.pick(&["Nat", "Int", "Int"]);
    let small = n * n + rng.int(0, 2 * n);
    let shift = if d.level() < 3 { 0 } else { rng.int(0, n.min(4)) };
    let x = shifted("x", shift);
    let power = |n: i64| if shift > 0 { format!("({x}) ^ {n}") } else { format!("x ^ {n}") };
    let draft = Draft::new("").var("x", kind);
    let bound = n - shift;
    // Of integers (n - x) * (n + x).
    let negative = shifted("-x", -shift);
    match rng.below(if d.level() < 2 { 3 } else { 5 }) {
        0 => {
            let next = (n + 1).to_string();
            let more = product(kind, [&next, &x], [&next, &x]);
            Draft { goal: format!("x ≤ {bound}"), ..draft }
                .hyp(format!("{} ≤ {small}", power(2)))
                .at("x", bound.max(0))
                .by(format!("refine Classical.byContradiction fun hn => ?_\n{}", facts([more], "grind")))
        }
        1 if kind == "Int" => {
            let goal = format!("{} ≤ x ∧ x ≤ {bound}", -n - shift);
            let far = [square(&shifted("x", shift - n - 1)), square(&shifted("x", shift + n + 1))];
            Draft { goal, ..draft }
                .hyp(format!("{} < {}", power(2), small + 1))
                .at("x", -n - shift)
                .by(format!("refine Classical.byContradiction fun hn => ?_\n{}", facts(far, "grind")))
        }
        2 => {
            let cube = n * n * n + rng.int(0, 3 * n * n);
            let draft = Draft { goal: format!("x ≤ {bound}"), ..draft }.hyp(format!("{} ≤ {cube}", power(3))).at("x", bound.max(0));
            if kind == "Nat" {
                let more = format!(":= Nat.pow_le_pow_left (show {} ≤ {x} by omega) 3", n + 1);
                draft.by(format!("refine Classical.byContradiction fun hn => ?_\n{}", facts([more], "omega")))
            } else {
                draft
            }
        }
        3 => {
            let goal = format!("{} ≠ {}", power(2), n * n + rng.int(1, 2 * n));
            Draft { goal, ..draft }
        }
        _ => Draft { goal: format!("{} < x", bound), ..draft }
            .hyp("0 ≤ x")
            .hyp(format!("{small} < {}", power(2)))
            .at("x", bound + 1 + rng.int(0, 3))
            .by(format!(
                "refine Classical.byContradiction fun hn => ?_\n{}",
                facts([product(kind, [&x, &n.to_string()], [if kind == "Nat" { &x } else { &negative }, &n.to_string()])], "grind")
            )),
    }
}

/// Arithmetic, geometric and harmonic means.
fn mean(rng: &mut Rng, d: Difficulty) -> Draft {
    let (a, b) = (rng.int(1, 2 + d.scale()), rng.int(1, 2 + d.scale()));
    let (k, m) = (rng.int(1, 3 * d.scale()), rng.int(0, 4));
    let positive = |names: &str| names.split(' ').fold(Draft::new("").var(names, "Rat"), |draft, name| draft.hyp(format!("0 < {name}")));
    let scaled = |k: i64, name: &str| linear(&[k], &[name]);
    // One unknown by the others.
    let apart = format!("obtain rfl : y = {} - x := by grind\n{}", 2 * k, facts([square(&format!("x - {k}"))], "grind"));
    let difference = shifted(&linear(&[a], &["x"]), -b);
    match rng.below(if d.level() < 3 { 4 } else { 8 }) {
        0 => {
            let sum = format!("{} + {} / x", scaled(a * a, "x"), b * b);
            let goal = format!("{} ≤ {sum}", 2 * a * b);
            Draft { goal, ..positive("x") }.by(over(&difference, "x", &format!("{sum} - {}", 2 * a * b)))
        }
        1 => {
            let goal = format!("{} * x * y ≤ {} + {}", 2 * a * b, scaled(a * a, "x ^ 2"), scaled(b * b, "y ^ 2"));
            let kind = ordered_kind(rng);
            Draft::new(goal).var("x y", kind).by(facts([square(&linear(&[a, -b], &["x", "y"]))], "grind"))
        }
        2 => {
            let (sum, goal) = (2 * k, format!("x * y ≤ {}", k * k + m));
            let kind = ordered_kind(rng);
            Draft::new(goal).var("x y", kind).hyp(format!("x + y = {sum}")).at("x", k).at("y", k).by(apart)
        }
        3 => {
            let goal = format!("{} ≤ x ^ 2 + y ^ 2", 2 * k * k - m);
            let kind = ordered_kind(rng);
            Draft::new(goal).var("x y", kind).hyp(format!("x + y = {}", 2 * k)).at("x", k).at("y", k).by(apart)
        }
        4 => {
            let sum = format!("{} / y + {} / x", scaled(a * a, "x"), scaled(b * b, "y"));
            let goal = format!("{} ≤ {sum}", 2 * a * b);
            let difference = linear(&[a, -b], &["x", "y"]);
            Draft { goal, ..positive("x y") }.by(over(&difference, "(x * y)", &format!("{sum} - {}", 2 * a * b)))
        }
        5 => {
            let product = format!("({} + {}) * ({a} / x + {b} / y)", scaled(a, "x"), scaled(b, "y"));
            let goal = format!("{product} ≥ {}", (a + b) * (a + b));
            let rest = format!("({product} - {}) / {}", (a + b) * (a + b), a * b);
            Draft { goal, ..positive("x y") }.by(over("x - y", "(x * y)", &rest))
        }
        6 => {
            let goal = format!("x * y + y * z + z * x ≤ {}", 3 * k * k + m);
            let kind = ordered_kind(rng);
            let squares = ["x - y".to_owned(), format!("x + y - {}", 2 * k)].map(|of| square(&of));
            let pairs = format!("obtain rfl : z = {} - x - y := by grind\n{}", 3 * k, facts(squares, "grind"));
            Draft::new(goal).var("x y z", kind).hyp(format!("x + y + z = {}", 3 * k)).at("x", k).at("y", k).at("z", k).by(pairs)
        }
        _ => {
            let (p, q) = (a * a * b, a * b * b);
            let goal = format!("(x + {}) / (x + {}) > {}", p, p + q, fraction(p, p + q));
            let steps = [
                format!(": 0 < (x + {})⁻¹ := Rat.inv_pos.mpr (by grind)", p + q),
                format!(": 0 < x * (x + {})⁻¹ := Lean.Grind.OrderedRing.mul_pos (by grind) (by grind)", p + q),
            ];
            Draft { goal, ..positive("x") }.by(facts(steps, "grind"))
        }
    }
}

/// `difference ^ 2 / below`, which is not negative, is `rest`.
fn over(difference: &str, below: &str, rest: &str) -> String {
    let positive = if below == "x" { "by grind" } else { "Lean.Grind.OrderedRing.mul_pos (by grind) (by grind)" };
    let steps = [
        format!(": 0 < {below}⁻¹ := Rat.inv_pos.mpr ({positive})"),
        format!(": 0 ≤ ({difference}) ^ 2 * {below}⁻¹ := Lean.Grind.OrderedRing.mul_nonneg Lean.Grind.OrderedRing.sq_nonneg (by grind)"),
        format!(": ({difference}) ^ 2 * {below}⁻¹ = {rest} := by grind"),
    ];
    facts(steps, "grind")
}

/// The smaller and the larger of numbers.
fn minmax(rng: &mut Rng, d: Difficulty) -> Draft {
    let kind = rng.pick(&["Nat", "Int", "Int", "Rat"]);
    let (k, m, n) = (rng.int(1, 6 * d.scale()), rng.int(2, 3 + d.scale()), rng.int(1, 9));
    let (f, g) = if rng.chance(50) { ("min", "max") } else { ("max", "min") };
    let add = |term: &str| format!("{term} + {k}");
    let draft = Draft::new("");
    let draft = match rng.below(if d.level() < 2 { 5 } else { 10 }) {
        0 => Draft { goal: format!("{f} ({}) ({}) = {f} x y + {k}", add("x"), add("y")), ..draft },
        1 => Draft { goal: format!("{f} ({m} * x) ({m} * y) = {m} * {f} x y"), ..draft },
        2 => Draft { goal: format!("{m} * {f} x y + {m} * {g} x y = {m} * (x + y)"), ..draft },
        3 => Draft { goal: format!("{f} x (x + {k}) = {}", if f == "min" { "x".to_owned() } else { add("x") }), ..draft },
        4 => Draft { goal: format!("x ≤ {k} ∧ y ≤ {k}"), ..draft }.hyp(format!("max x y ≤ {k}")).at("x", k).at("y", n.min(k)),
        5 => Draft { goal: format!("{f} x ({g} x (y + {k})) = x"), ..draft },
        6 => Draft { goal: format!("{f} ({f} x {k}) y = {f} ({f} y x) {k}"), ..draft },
        7 => Draft { goal: format!("{f} ({g} x y) (z + {k}) = {g} ({f} x (z + {k})) ({f} y (z + {k}))"), ..draft },
        8 => Draft { goal: format!("{m} * min x y ≤ {} + y", linear(&[m - 1], &["x"])), ..draft },
        _ => Draft { goal: format!("max x y - min x y ≤ {k}"), ..draft }
            .hyp(format!("x ≤ y + {k}"))
            .hyp(format!("y ≤ x + {k}"))
            .at("x", n)
            .at("y", n + k),
    };
    let names = if draft.goal.contains('z') {
        "x y z"
    } else if draft.goal.contains('y') {
        "x y"
    } else {
        "x"
    };
    draft.var(names, kind)
}

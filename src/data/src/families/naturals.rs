//! Linear arithmetic of natural numbers, with truncated subtraction and division.

use super::{
    Family,
    terms::{balanced, dot, regular, shifted},
};
use crate::{
    draft::Draft,
    rng::Rng,
    statement::{Difficulty, Topic::NatLinear},
};

pub(crate) const FAMILIES: &[Family] = &[
    Family::new(NatLinear, "nat_consequence", consequence),
    Family::new(NatLinear, "nat_chain", chain),
    Family::new(NatLinear, "nat_subtraction", subtraction),
    Family::new(NatLinear, "nat_division", division),
    Family::new(NatLinear, "nat_system", system),
];

const NAMES: [&str; 4] = ["x", "y", "z", "w"];

/// A draft about some of the names, with their values.
fn about(draft: Draft, point: &[i64]) -> Draft {
    let draft = draft.var(&NAMES[..point.len()].join(" "), "Nat");
    point.iter().zip(NAMES).fold(draft, |draft, (value, name)| draft.at(name, value))
}

/// A combination of inequalities and equations.
fn consequence(rng: &mut Rng, d: Difficulty) -> Draft {
    let n = (1 + d.size()).min(4);
    let facts = 2 + rng.below(d.size().min(3));
    let point: Vec<i64> = (0..n).map(|_| rng.int(0, 12)).collect();
    let (mut total, mut bound, mut draft) = (vec![0; n], 0, Draft::new(""));
    for _ in 0..facts {
        let row: Vec<i64> = (0..n).map(|_| rng.int(-2 - d.scale() / 2, 2 + d.scale())).collect();
        let value = dot(&row, &point);
        let (slack, weight) = if rng.chance(30) { (0, rng.nonzero(-2, 3)) } else { (rng.int(1, 9), rng.int(1, d.scale().min(3))) };
        draft = draft.hyp(match (slack, rng.chance(40)) {
            (0, _) => balanced(&row, &NAMES, "=", value),
            (_, true) => balanced(&row, &NAMES, "<", value + slack + 1),
            (_, false) => balanced(&row, &NAMES, "≤", value + slack),
        });
        total.iter_mut().zip(&row).for_each(|(t, a)| *t += weight * a);
        bound += weight * (value + slack);
    }
    bound += if rng.chance(50) { 0 } else { rng.int(0, 12) };
    draft.goal = if rng.chance(50) { balanced(&total, &NAMES, "≤", bound) } else { balanced(&total, &NAMES, "<", bound + 1) };
    about(draft, &point)
}

/// Numbers in increasing order, with the least distances between them.
fn chain(rng: &mut Rng, d: Difficulty) -> Draft {
    let n = (2 + d.size().div_ceil(2)).min(4);
    let mut names = NAMES[..n].to_vec();
    rng.shuffle(&mut names);
    let (mut value, mut all, mut draft) = (rng.int(0, 9), 0, Draft::new(""));
    draft = draft.at(names[0], value);
    for pair in names.windows(2) {
        let (a, b, gap) = (pair[0], pair[1], rng.int(1, 3 + 3 * d.scale()));
        let more = rng.int(1, 5);
        draft = draft.hyp(match rng.below(7) {
            0 => format!("{} < {b}", shifted(a, gap - 1)),
            1 => format!("{b} = {a} + {gap}"),
            2 if d.level() > 2 => format!("{a} + {} ≤ {b} ∨ {a} + {gap} = {b}", gap + more),
            3 if d.level() > 1 => format!("{b} - {a} ≥ {gap}"),
            4 if d.level() > 3 => format!("¬ {b} < {a} + {gap}"),
            5 => format!("2 * {a} + {} ≤ 2 * {b}", 2 * gap - rng.int(0, 1)),
            _ => format!("{a} + {gap} ≤ {b}"),
        });
        value += gap;
        all += gap;
        draft = draft.at(b, value);
    }
    let (first, last) = (names[0], names[n - 1]);
    draft = draft.var(&NAMES[..n].join(" "), "Nat");
    draft.goal = match rng.below(5) {
        0 => format!("{first} + {all} ≤ {last}"),
        1 => format!("{last} - {first} ≥ {}", (all - rng.int(0, 2)).max(1)),
        2 => format!("{first} ≠ {last} ∧ {} < {last}", all - 1),
        3 => format!("¬ {last} ≤ {first} + {}", (all - 1 - rng.int(0, 2)).max(0)),
        _ => {
            draft = draft.hyp(format!("{last} ≤ {first} + {}", all + d.scale()));
            format!("{last} - {first} - {all} ≤ {}", d.scale())
        }
    };
    draft
}

/// Hypotheses and what follows from them.
type Fact = (Vec<String>, String);

/// A fact about three names at a scale; harder statements join two of them.
fn joined(rng: &mut Rng, d: Difficulty, fact: fn(&mut Rng, i64, [&str; 3]) -> Fact) -> Draft {
    let mut names = ["x", "y", "z"];
    rng.shuffle(&mut names);
    let (hypotheses, goal) = fact(rng, d.scale(), names);
    let (mut draft, mut goal) = (Draft::new("").hyps(hypotheses), goal);
    if d.level() > 3 {
        names.rotate_right(1);
        let (hypotheses, other) = fact(rng, d.scale(), names);
        draft = draft.hyps(hypotheses);
        draft.hypotheses.dedup();
        // An equivalence binds less than a conjunction.
        let part = |text: String| if text.contains('↔') { format!("({text})") } else { text };
        goal = format!("{} ∧ {}", part(goal), part(other));
    }
    let spoken = |name: &&str| {
        let texts = draft.hypotheses.iter().chain([&goal]);
        texts.flat_map(|t| crate::words::idents(t)).any(|word| word == **name)
    };
    let names: Vec<&str> = ["x", "y", "z"].into_iter().filter(spoken).collect();
    draft.goal = goal;
    draft.var(&names.join(" "), "Nat")
}

/// Truncated subtraction.
fn subtraction(rng: &mut Rng, d: Difficulty) -> Draft {
    joined(rng, d, |rng, scale, [x, y, z]| {
        let (k, m) = (rng.int(1, 4 + 6 * scale), rng.int(2, 2 + 2 * scale));
        let l = rng.int(2, m + 1);
        let (facts, goal): Fact = match rng.below(15) {
            0 => (vec![format!("{y} + {k} ≤ {x}")], format!("{x} - {y} ≥ {k}")),
            1 => (vec![], format!("({m} * {x} + {k}) - ({y} + {k}) = {m} * {x} - {y}")),
            2 => (vec![], format!("{m} * {x} - ({y} + {k}) = {m} * {x} - {y} - {k}")),
            3 => (vec![format!("{y} ≤ {x}")], format!("({x} - {y}) + {m} * {y} = {x} + {} * {y}", m - 1)),
            4 => (vec![], format!("{} * {x} - {l} * {x} = {m} * {x}", m + l)),
            5 => (vec![format!("{k} ≤ {x}")], format!("{m} * ({x} - {k}) + {} = {m} * {x}", m * k)),
            6 => (vec![format!("{m} * {x} - {y} = {k}")], format!("{m} * {x} = {y} + {k}")),
            7 => (vec![], format!("{m} * {x} - {l} * {y} = 0 ↔ {m} * {x} ≤ {l} * {y}")),
            8 => (vec![], format!("({x} + {k} - {y}) + {y} = max ({x} + {k}) {y}")),
            9 => (vec![], format!("{x} - ({x} - {m} * {y}) = min {x} ({m} * {y})")),
            10 => (vec![format!("{x} - {m} * {y} ≤ {k}")], format!("{x} ≤ {m} * {y} + {k}")),
            11 => (vec![format!("{y} ≤ {x}"), format!("{z} ≤ {y}")], format!("({x} - {y}) + ({y} - {z}) + {k} = {x} + {k} - {z}")),
            12 => (vec![], format!("{m} * ({x} - {y}) = {m} * {x} - {m} * {y}")),
            13 => (vec![], format!("{m} * {x} - {y} ≤ ({m} * {x} - {z}) + ({z} - {y})")),
            _ => (vec![format!("{x} < {k}")], format!("{k} - {x} > 0 ∧ {k} - ({k} - {x}) = {x}")),
        };
        (facts, goal)
    })
}

/// Quotients and remainders by numerals.
fn division(rng: &mut Rng, d: Difficulty) -> Draft {
    joined(rng, d, |rng, scale, [x, y, _]| {
        let (k, q, m) = (rng.int(2, 4 + 2 * scale), rng.int(1, 3 + 3 * scale), rng.int(2, 5));
        let r = rng.int(0, k - 1);
        match rng.below(13) {
            0 => (vec![format!("{x} / {k} = {q}")], format!("{} ≤ {x} ∧ {x} < {}", k * q, k * q + k)),
            1 => (vec![format!("{} ≤ {x}", k * q), format!("{x} ≤ {}", k * q + r)], format!("{x} / {k} = {q}")),
            2 => (vec![format!("{x} % {k} = {r}"), format!("{x} / {k} = {q}")], format!("{x} = {}", k * q + r)),
            3 => (vec![], format!("({x} + {}) / {k} = {x} / {k} + {q}", k * q)),
            4 => (vec![], format!("({x} + {} * {y}) % {k} = {x} % {k}", k * m)),
            5 => (vec![], format!("{x} - {x} % {k} = {k} * ({x} / {k})")),
            6 => (vec![], format!("{x} / {k} / {m} = {x} / {}", k * m)),
            7 => (vec![], format!("{x} % {} % {k} = {x} % {k}", k * m)),
            8 => (vec![], format!("{x} / {k} + {y} / {k} ≤ ({x} + {y}) / {k}")),
            9 => (vec![format!("{x} ≤ {y} + {}", k * q)], format!("{x} / {k} ≤ {y} / {k} + {q}")),
            10 => (vec![format!("{x} % {k} + {y} % {k} = {r}")], format!("({x} + {y}) % {k} = {r}")),
            11 => (vec![], format!("{x} ≤ ({x} + {}) / {k} * {k}", k - 1)),
            _ => (vec![format!("{x} < {}", k * q)], format!("{x} / {k} < {q}")),
        }
    })
}

/// Equations that determine the unknowns.
fn system(rng: &mut Rng, d: Difficulty) -> Draft {
    let n = if d.level() < 3 { 2 } else { 3 };
    let point: Vec<i64> = (0..n).map(|_| rng.int(0, 6 + 5 * d.scale())).collect();
    let low = if d.level() < 2 { 0 } else { -2 };
    let rows = regular(rng, n, low, 2 + d.scale());
    let draft = rows.iter().fold(Draft::new(""), |draft, row| draft.hyp(balanced(row, &NAMES, "=", dot(row, &point))));
    let goal = if d.level() % 2 == 1 {
        let i = rng.below(n);
        format!("{} = {}", NAMES[i], point[i])
    } else if rng.chance(50) {
        let all: Vec<String> = point.iter().zip(NAMES).map(|(value, name)| format!("{name} = {value}")).collect();
        all.join(" ∧ ")
    } else {
        let row: Vec<i64> = (0..n).map(|_| rng.int(1, 5)).collect();
        balanced(&row, &NAMES, "=", dot(&row, &point))
    };
    about(Draft { goal, ..draft }, &point)
}

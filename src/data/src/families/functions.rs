//! Functions: injective and surjective ones, compositions, monotone ones, functional equations, iteration.

use super::{
    Family, signed,
    terms::{affine, shifted},
};
use crate::{
    draft::Draft,
    rng::Rng,
    statement::{Difficulty, Topic::Functions},
};

pub(crate) const FAMILIES: &[Family] = &[
    Family::new(Functions, "fun_mapping", mapping),
    Family::new(Functions, "fun_affine", of_numbers),
    Family::new(Functions, "fun_monotone", monotone),
    Family::new(Functions, "fun_equation", equation),
    Family::new(Functions, "fun_iterate", iterate),
];

const TYPES: [&str; 4] = ["α", "β", "γ", "δ"];
const ARROWS: [&str; 3] = ["f", "g", "h"];

/// That a function is injective, in one of several ways.
fn injective(rng: &mut Rng, f: &str, from: &str) -> String {
    let image = |x: &str| if f.contains(' ') { f.replace('#', x) } else { format!("{f} {x}") };
    let (x, y) = (image("x"), image("y"));
    match rng.below(4) {
        0 => format!("∀ x y : {from}, x ≠ y → {x} ≠ {y}"),
        1 => format!("∀ x y : {from}, {x} = {y} ↔ x = y"),
        _ => format!("∀ x y : {from}, {x} = {y} → x = y"),
    }
}

/// That a function takes every value.
fn surjective(rng: &mut Rng, f: &str, from: &str, to: &str) -> String {
    let image = if f.contains(' ') { f.replace('#', "x") } else { format!("{f} x") };
    if rng.chance(70) {
        format!("∀ z : {to}, ∃ x : {from}, {image} = z")
    } else {
        format!("∀ z : {to}, ¬ ∀ x : {from}, {image} ≠ z")
    }
}

/// Compositions of functions between types, and what one with a property says of the others.
fn mapping(rng: &mut Rng, d: Difficulty) -> Draft {
    let n = if d.level() < 3 { 2 } else { 2 + rng.below(2) };
    // The composition, with # for its argument.
    let composed =
        ARROWS[..n].iter().fold("#".to_owned(), |inner, f| if inner == "#" { format!("{f} #") } else { format!("{f} ({inner})") });
    let (first, last) = (TYPES[0], TYPES[n]);
    let draft = Draft::new("");
    let each_is = |rng: &mut Rng, draft: Draft, onto: bool| {
        (0..n).fold(draft, |draft, i| {
            draft.hyp(if onto { surjective(rng, ARROWS[i], TYPES[i], TYPES[i + 1]) } else { injective(rng, ARROWS[i], TYPES[i]) })
        })
    };
    let draft = match rng.below((1 + 2 * d.size()).min(9)) {
        0 | 1 => Draft { goal: injective(rng, &composed, first), ..each_is(rng, draft, false) },
        2 => {
            let draft = Draft { goal: surjective(rng, &composed, first, last), ..each_is(rng, draft, true) };
            // From the last function back to the first: what is hit by each.
            let back = (0..n).map(|i| {
                let fact = draft.hypotheses.iter().find(|fact| fact.contains(&format!("{} x", ARROWS[i])));
                format!("obtain ⟨c{}, rfl⟩ := ‹{}› c{}\n", i, fact.map_or("", String::as_str), i + 1)
            });
            let back: String = back.collect::<Vec<_>>().into_iter().rev().collect();
            let proof = match draft.goal.contains('¬') {
                true => format!("intro c{n} key\n{back}exact key c0 rfl"),
                false => format!("intro c{n}\n{back}exact ⟨c0, rfl⟩"),
            };
            draft.by(proof)
        }
        3 => Draft { goal: injective(rng, "f", first), ..draft.hyp(injective(rng, &composed, first)) },
        4 => Draft { goal: surjective(rng, ARROWS[n - 1], TYPES[n - 1], last), ..draft.hyp(surjective(rng, &composed, first, last)) },
        5 => {
            // Injective after onto: the outer function is injective.
            let draft = draft.hyp(injective(rng, "g (f #)", "α")).hyp(surjective(rng, "f", "α", "β"));
            Draft { goal: injective(rng, "g", "β"), ..draft }
        }
        6 => {
            let draft = draft.hyp(surjective(rng, "g (f #)", "α", "γ")).hyp(injective(rng, "g", "β"));
            Draft { goal: surjective(rng, "f", "α", "β"), ..draft }
        }
        7 => {
            // An inverse on one side.
            let onto = rng.chance(50);
            let goal = if onto { surjective(rng, "k", "β", "α") } else { injective(rng, "f", "α") };
            Draft { goal, ..draft.hyp("∀ x : α, k (f x) = x") }
        }
        _ => {
            let draft = draft.hyp("∀ x : α, k (f x) = x");
            let more = if rng.chance(50) { surjective(rng, "f", "α", "β") } else { injective(rng, "k", "β") };
            let goal = rng.pick(&["∀ y : β, f (k y) = y", "∀ x : α, ∀ y : β, f x = y ↔ x = k y", "∀ y : β, ∃ x : α, f x = y ∧ k y = x"]);
            Draft { goal: goal.to_owned(), ..draft.hyp(more) }
        }
    };
    // Facts that are not needed; they are true of identities, so they contradict nothing.
    let mut draft = draft;
    for _ in 0..rng.below(3) {
        let i = rng.below(n);
        draft = draft.hyp(if rng.chance(50) {
            surjective(rng, ARROWS[i], TYPES[i], TYPES[i + 1])
        } else {
            injective(rng, ARROWS[i], TYPES[i])
        });
        draft.hypotheses.dedup();
    }
    let text = format!("{} {}", draft.goal, draft.hypotheses.join(" "));
    let used: Vec<&str> = TYPES.into_iter().filter(|name| text.contains(*name)).collect();
    let needs = |f: &str| crate::words::idents(&text).contains(f);
    let count = if needs("h") {
        4
    } else if needs("g") {
        3
    } else {
        2
    };
    let types = TYPES[..count.max(used.len())].join(" ");
    draft.types(&types).over("f", "α → β").over("g", "β → γ").over("h", "γ → δ").over("k", "β → α")
}

/// Functions of integers given by a formula.
fn of_numbers(rng: &mut Rng, d: Difficulty) -> Draft {
    let (a, b) = (rng.nonzero(-2 - d.scale(), 3 + d.scale()), rng.int(-9, 9));
    let (c, e) = (rng.nonzero(-4, 5), rng.int(-9, 9));
    let x = rng.int(-9, 9);
    let draft = Draft::new("").hyp(format!("∀ x : Int, f x = {}", affine(a, "x", b)));
    let draft = match (d.level(), rng.below(4)) {
        (1, 0) => Draft { goal: format!("f {} = {}", signed(x), a * x + b), ..draft },
        (1, 1) => Draft { goal: format!("f (f x) = {}", affine(a * a, "x", a * b + b)), ..draft },
        (1 | 2, 2) => Draft { goal: format!("x = {x}"), ..draft.hyp(format!("f x = {}", a * x + b)).at("x", x) },
        (1, _) => Draft { goal: format!("f ({}) - f x = {}", shifted("x", c), a * c), ..draft },
        (2, 0) => Draft { goal: "x = y".to_owned(), ..draft.hyp("f x = f y").at("x", x).at("y", x) },
        (2, 1) => Draft { goal: format!("f x + f (-x) = {}", 2 * b), ..draft },
        (2, _) => Draft {
            goal: format!("f (g x) = {}", affine(a * c, "x", a * e + b)),
            ..draft.hyp(format!("∀ x : Int, g x = {}", affine(c, "x", e)))
        },
        (3, 0) => Draft { goal: "∀ x y : Int, f x = f y → x = y".to_owned(), ..draft },
        (3, 1) => {
            let goal = format!("f (g x) - g (f x) = {}", a * e + b - c * b - e);
            Draft { goal, ..draft.hyp(format!("∀ x : Int, g x = {}", affine(c, "x", e))) }
        }
        (3, 2) => {
            let relation = if a > 0 { "f x < f y" } else { "f y < f x" };
            Draft { goal: relation.to_owned(), ..draft.hyp("x < y").at("x", x).at("y", x + 3) }
        }
        (3, _) => Draft { goal: format!("∃ x : Int, f x = {}", a * x + b), ..draft },
        (4, 0) => {
            let draft = Draft::new("∃ x : Int, f x = x ∧ ∀ y : Int, f y = y → y = x");
            let a = if a == 1 { 2 } else { a };
            draft.hyp(format!("∀ x : Int, f x = {}", affine(a, "x", (1 - a) * x)))
        }
        (4, 1) => Draft { goal: format!("f x + f y = f (x + y) {} {}", if b < 0 { '-' } else { '+' }, b.abs()), ..draft },
        (4, 2) => {
            let draft = Draft::new("∀ y : Int, ∃ x : Int, f x = y").hyp(format!("∀ x : Int, f x = {}", affine(rng.pick(&[1, -1]), "x", b)));
            if rng.chance(50) { draft } else { Draft { goal: "∀ y : Int, ∃ x : Int, f (f x) = y".to_owned(), ..draft } }
        }
        (4, _) => Draft { goal: format!("f (f (f x)) = {}", affine(a.pow(3), "x", b * (a * a + a + 1))), ..draft },
        (_, 0) => {
            let text = format!("∀ x : Int, f x = if x < {x} then {} else {}", affine(1, "x", 0), affine(a.abs() + 1, "x", -a.abs() * x));
            Draft::new(rng.pick(&["∀ x y : Int, f x = f y → x = y", "∀ x y : Int, x < y → f x < f y"])).hyp(text)
        }
        (_, 1) => Draft { goal: format!("¬ ∃ x : Int, f x = {}", (a.abs() + 1) * e + b + 1), ..Draft::new("") }
            .hyp(format!("∀ x : Int, f x = {}", affine(a.abs() + 1, "x", b))),
        (_, 2) => {
            let goal = format!("f (g (f x)) = {}", affine(a * a * c, "x", a * (c * b + e) + b));
            Draft { goal, ..draft.hyp(format!("∀ x : Int, g x = {}", affine(c, "x", e))) }
        }
        _ => Draft { goal: format!("f (x * y) - {} = (f x - {}) * y", signed(b), signed(b)), ..draft },
    };
    draft.over("x y", "Int").over("f g", "Int → Int")
}

/// Functions that keep or reverse an order.
fn monotone(rng: &mut Rng, d: Difficulty) -> Draft {
    let kind = if rng.chance(60) { "Nat" } else { "Int" };
    let keeps = |f: &str| format!("∀ x y : {kind}, x ≤ y → {f} x ≤ {f} y");
    let strictly = |f: &str| format!("∀ x y : {kind}, x < y → {f} x < {f} y");
    let reverses = |f: &str| format!("∀ x y : {kind}, x ≤ y → {f} y ≤ {f} x");
    let (a, b, c, k) = (rng.int(2, 9), rng.int(1, 29), rng.int(0, 29), rng.int(2, 19));
    let between = |goal: String| Draft::new(goal).hyp("m ≤ n").at("m", 2).at("n", 5);
    let at = |fact: &str, of: &str| format!("have := ‹{fact}› {of}\n");
    const STRICTLY: &str = "∀ x y : Nat, x < y → f x < f y";
    // By induction, a function that grows is never behind its argument, nor behind what is added to it.
    let grows = |low: &str, start: &str| {
        let (here, next) = (format!("{start}c₂"), format!("{start}c₂ + 1"));
        let step = at(STRICTLY, &format!("({here}) ({next}) (by omega)"));
        format!(
            "have key : ∀ c₁ : Nat, {low}c₁ ≤ f ({start}c₁) := by\n  intro c₁\n  induction c₁ with\n  | zero => grind\n  | succ c₂ key₁ =>\n    {step}    grind\n"
        )
    };
    let induction =
        |name: &str, fact: &str, of: &str| format!("induction {name} with\n| zero => simp\n| succ c₁ key =>\n  {}  grind", at(fact, of));
    let draft = match (d.level(), rng.below(5)) {
        (1, 0) => Draft::new(format!("f ({}) ≤ f ({})", shifted("m", c), shifted("m", c + k))).hyp(keeps("f")),
        (1, 1) => between("f (g m) ≤ f (g n)".to_owned()).hyp(keeps("f")).hyp(keeps("g")),
        (1, 2) => between(format!("{a} * f m + {c} ≤ {a} * f n + {}", c + k)).hyp(keeps("f")),
        (1, _) => Draft::new(format!("f {c} + {k} < f {} + {}", c + b, k + b)).hyp(rng.pick(&[keeps("f"), strictly("f")])),
        (2, 0) => between(format!("f (g m) + {b} ≤ f (g n) + {}", b + c)).hyp(reverses("f")).hyp(reverses("g")),
        (2, 1) => between(format!("{a} * f m + {b} * g m ≤ {a} * f n + {b} * g n")).hyp(keeps("f")).hyp(keeps("g")),
        (2, 2) => Draft::new(format!("f m ≤ {k}")).hyp(format!("f {b} ≤ {k}")).hyp(format!("m ≤ {b}")).hyp(keeps("f")).by(at(&keeps("f"), &format!("m {b} (by omega)")) + "omega"),
        (2, _) => between(format!("f ({} + {c}) ≤ f ({} + {})", affine(a, "m", 0), affine(a, "n", 0), c + b)).hyp(keeps("f")),
        (3, 0) => Draft::new("m = n").hyp("f m = f n").hyp(strictly("f")).at("m", 2).at("n", 2),
        (3, 1) => Draft::new(format!("m < {b}")).hyp(format!("f m < f {b}"))
            .hyp(keeps("f"))
            .by("refine Classical.byContradiction fun hn => ?_\n".to_owned() + &at(&keeps("f"), &format!("{b} m (by omega)")) + "omega"),
        (3, 2) => between(format!("f m + {b} ≤ f n + {}", b + c)).hyp(strictly("f")),
        (3, 3) => Draft::new("∀ x y : Nat, x ≤ y → f x ≤ f y").hyp("∀ x : Nat, f x ≤ f (x + 1)").by(
            "intro c₁ c₂ key\ninduction key with\n| refl => exact Nat.le_refl _\n| step _ key₁ => exact Nat.le_trans key₁ (‹∀ x : Nat, f x ≤ f (x + 1)› _)",
        ),
        (3, _) => {
            Draft::new(format!("f (f {c}) + {k} ≤ f (f {})", c + b)).hyp(format!("∀ x : {kind}, f (x + 1) ≥ f x + {k}")).hyp(keeps("f"))
        }
        (4, 0) => Draft::new(format!("m ≤ f m + {c}")).hyp(STRICTLY).by(grows("", "") + "have := key m\nomega"),
        (4, 1) => Draft::new("f m = m").hyp(keeps("f")).hyp(format!("∀ x : {kind}, f (f x) = x")),
        (4, 2) => Draft::new(format!("f (max m (n + {b})) = max (f m) (f (n + {b}))")).hyp(keeps("f")),
        (4, 3) => Draft::new("f m ≤ f n ↔ m ≤ n").hyp(strictly("f")),
        (4, _) => {
            let step = format!("∀ x : Nat, f x + {k} ≤ f (x + 1)");
            let proof = induction("n", &step, "(m + c₁)");
            Draft::new(format!("f m + {k} * n ≤ f (m + n)")).hyp(step).by(proof)
        }
        (_, 0) => {
            let step = format!("∀ x : Nat, f x + {k} ≤ f (x + 1)");
            let proof = induction("m", &step, "c₁");
            Draft::new(format!("{} + f 0 ≤ f m", affine(k, "m", 0))).hyp(step).by(proof)
        }
        (_, 1) => Draft::new(format!("∃ x : Nat, {} ≤ f x", affine(k, "m", b))).hyp(STRICTLY).by(grows("", "") + "exact ⟨_, key _⟩"),
        (_, 2) => Draft::new(format!("f (m + {b}) ≥ f m + {b}")).hyp(STRICTLY).by(grows("f m + ", "m + ") + &format!("exact key {b}")),
        (_, 3) => {
            let step = format!("∀ x : Nat, f (x + 1) ≤ f x + {k}");
            let proof = induction("m", &step, "c₁");
            Draft::new(format!("f m ≤ f 0 + {} + {c}", affine(k, "m", 0))).hyp(step).by(proof)
        }
        _ => Draft::new(format!("m ≤ f (g m) + {c}"))
            .hyp(STRICTLY)
            .hyp("∀ x : Nat, x ≤ g x")
            .by(grows("", "") + "have := key (g m)\n" + &at("∀ x : Nat, x ≤ g x", "m") + "omega"),
    };
    let texts = format!("{} {}", draft.goal, draft.hypotheses.join(" "));
    let kind = if texts.contains(": Nat") { "Nat" } else { kind };
    draft.over("m n", kind).over("f g", &format!("{kind} → {kind}"))
}

/// Functional equations: values, laws and closed forms.
fn equation(rng: &mut Rng, d: Difficulty) -> Draft {
    let (a, b, c) = (rng.int(2, 6 + d.scale()), rng.int(1, 29), rng.int(-29, 29));
    let additive = |goal: String| Draft::new(goal).hyp("∀ x y : Int, f (x + y) = f x + f y");
    let step = |goal: String| {
        let kind = "∀ n : Nat, f (n + 1) = f n + ";
        Draft::new(goal).hyp(format!("{kind}{b}")).hyp(format!("f 0 = {}", c.abs()))
    };
    let ratio = |goal: String| Draft::new(goal).hyp(format!("∀ n : Nat, f (n + 1) = {a} * f n"));
    let product = |goal: String| Draft::new(goal).hyp("∀ x y : Nat, f (x + y) = f x * f y").hyp(format!("f 1 = {a}"));
    let period = |goal: String| Draft::new(goal).hyp(format!("∀ x : Int, f (x + {b}) = f x"));
    let (j, k) = (rng.int(2, 6), rng.int(1, 9));
    let (draft, kind) = match (d.level(), rng.below(5)) {
        (1, 0) => (step(format!("f {k} = {}", c.abs() + k * b)), "Nat"),
        (1, 1) => (ratio(format!("f (n + 2) = {} * f n", a * a)), "Nat"),
        (1, 2) => (period(format!("f (x + {}) = f x", 2 * b)), "Int"),
        (1, 3) => (additive(format!("f (x + y) + {k} = f x + f y + {k}")).hyp(format!("f 1 = {c}")), "Int"),
        (1, _) => (additive(format!("f {j} = {}", c * j)).hyp(format!("f 1 = {c}")), "Int"),
        (2, 0) => (step(format!("f n = {} + {}", affine(b, "n", 0), c.abs())), "Nat"),
        (2, 1) => (
            ratio(format!("f n = {k} * {a} ^ n")).hyp(format!("f 0 = {k}")).by(format!(
                "induction n with\n| zero => grind\n| succ c₁ key =>\n  have key₁ := ‹∀ n : Nat, f (n + 1) = {a} * f n› c₁\n  grind"
            )),
            "Nat",
        ),
        (2, 2) => (additive(format!("f ({j} * x) = {j} * f x")), "Int"),
        (2, 3) => (period(format!("f (x - {}) = f x", b)), "Int"),
        (2, _) => (product(format!("f {j} = {}", a.pow(j as u32))), "Nat"),
        (3, 0) => (step(format!("f (n + m) = f n + {}", affine(b, "m", 0))), "Nat"),
        (3, 1) => (ratio(format!("{a} ^ n ∣ f n")), "Nat"),
        (3, 2) => {
            (additive(rng.pick(&["f (-x) = -f x", "f (x - y) = f x - f y", "f 0 = 0"]).to_owned()).hyp(format!("f {k} = {}", c * k)), "Int")
        }
        (3, 3) => (period(format!("f {} = f {}", signed(c + j * b), signed(c))), "Int"),
        (3, _) => (product(format!("f (x + {j}) = {} * f x", a.pow(j as u32))), "Nat"),
        (4, 0) => (additive(format!("f ({a} * x - {j} * y) = {a} * f x - {j} * f y")), "Int"),
        (4, 1) => (period(format!("∀ n : Nat, f (x + {b} * (n : Int)) = f x")), "Int"),
        (4, 2) => (product("0 < f n".to_owned()), "Nat"),
        (4, 3) => (ratio(format!("f (n + m) = {a} ^ m * f n")), "Nat"),
        (4, _) => (Draft::new("∀ x y : Int, f x = f y → x = y").hyp(format!("∀ x y : Int, f (x + f y) = f x + {} * y", a * a)), "Int"),
        (_, 0) => (additive(format!("∀ n : Nat, f (n : Int) = {} * (n : Int)", signed(c))).hyp(format!("f 1 = {c}")), "Int"),
        (_, 1) => {
            let draft = Draft::new("f (x + 1) = f x").hyp(format!("∀ x : Int, f (x + {a}) = f x"));
            (draft.hyp(format!("∀ x : Int, f (x + {}) = f x", a * j + 1)), "Int")
        }
        (_, 2) => (product(format!("f n = {a} ^ n")), "Nat"),
        (_, 3) => (Draft::new("∃ x : Int, f x = m").hyp(format!("∀ x y : Int, f (x + f y) = f x + y + {k}")), "Int"),
        _ => {
            // A function and its reflection: f x = b * x + c solves the equation.
            let (p, q) = (a + k, k);
            let law = format!("∀ x : Int, {p} * f x + {} = {}", affine(q, "f (-x)", 0), affine((p - q) * b, "x", (p + q) * c));
            let goal = if rng.chance(50) { format!("f {k} = {}", b * k + c) } else { format!("f x = {}", affine(b, "x", c)) };
            (Draft::new(goal).hyp(law), "Int")
        }
    };
    draft.over("m n x y", kind).over("f", &format!("{kind} → {kind}"))
}

/// A function applied so many times.
fn iterate(rng: &mut Rng, d: Difficulty) -> Draft {
    const NAMES: &[&str] = &["iter", "repeated", "times", "power", "again"];
    let (a, k, c, j) = (rng.int(2, 5 + d.scale()), rng.int(1, 19), rng.int(0, 19), rng.int(2, 4));
    // How often a step applies the function.
    let each = if d.level() > 2 && rng.chance(30) { 2 } else { 1 };
    let inside = rng.chance(60);
    let applied = |times: i64, inner: &str| {
        (0..times).fold(inner.to_owned(), |inner, _| if inner.contains(' ') { format!("f ({inner})") } else { format!("f {inner}") })
    };
    let next = if inside { format!("iter f n ({})", applied(each, "x")) } else { applied(each, "iter f n x") };
    let text = format!("def iter (f : Nat → Nat) : Nat → Nat → Nat\n  | 0, x => x\n  | n + 1, x => {next}");
    let draft = match (d.level(), rng.below(5)) {
        (1, 0) => Draft::new(format!("iter f {j} x = {}", applied(j * each, "x"))),
        (1, 1) => Draft::new(format!("iter (fun y => y + {k}) {j} {c} = {}", c + k * j)),
        (1, 2) => Draft::new(format!("iter (fun y => {a} * y + {k}) {j} {c} = {}", (0..j).fold(c, |x, _| a * x + k))),
        (1, _) => Draft::new(format!("iter f {j} x + {k} = x + {k}")).hyp("f x = x").at("f", "fun y => y"),
        (2, 0) => Draft::new(format!("iter f n x + {k} = x + {k}")).hyp("f x = x").at("f", "fun y => y"),
        (2, 1) => Draft::new(format!("iter (fun y => y + {k}) n x = x + {}", affine(k, "n", 0))),
        (2, 2) => Draft::new(format!("iter (fun y => y - {k}) n x = x - {}", affine(k, "n", 0))),
        (2, _) => Draft::new(format!("iter (fun _ => {k}) (n + 1) x = {k}")),
        (3, 0) => Draft::new("iter f (m + n) x = iter f m (iter f n x)"),
        (3, 1) => Draft::new(format!("iter f (n + {j}) x = {}", applied(j * each, "iter f n x"))),
        (3, 2) => Draft::new(format!("x ≤ iter f n x + {c}")).hyp("∀ y : Nat, y ≤ f y"),
        (3, 3) => Draft::new(format!("iter f (n + {j}) x = iter f n ({})", applied(j * each, "x"))),
        (3, _) => Draft::new(format!("iter f n x ≤ x + {} * n", each * k)).hyp(format!("∀ y : Nat, f y ≤ y + {k}")),
        (4, 0) => Draft::new(format!("iter (fun y => {a} * y) n x = {} ^ n * x", a.pow(each as u32))),
        (4, 1) => Draft::new("iter f n (g x) = g (iter f n x)").hyp("∀ y : Nat, f (g y) = g (f y)"),
        (4, 2) => Draft::new(format!("x + {} * n ≤ iter f n x", each * k)).hyp(format!("∀ y : Nat, y + {k} ≤ f y")),
        (4, 3) => Draft::new(format!("iter f n x % {a} = x % {a}")).hyp(format!("∀ y : Nat, f y % {a} = y % {a}")),
        (4, _) => Draft::new(format!("{a} ∣ iter f n ({a} * x)")).hyp(format!("∀ y : Nat, {a} ∣ y → {a} ∣ f y")),
        (_, 0) => Draft::new(format!("iter f {} x = iter (iter f m) n x", if each == 1 { "(m * n)" } else { "(2 * (m * n))" })),
        (_, 1) => Draft::new(format!("iter f (2 * n + {}) x = x", 2 * j)).hyp("∀ y : Nat, f (f y) = y"),
        (_, 2) => Draft::new("∀ y z : Nat, iter f n y = iter f n z → y = z").hyp("∀ y z : Nat, f y = f z → y = z"),
        (_, 3) => {
            Draft::new(format!("{} * iter (fun y => {a} * y + {k}) n x + {k} = {} ^ n * ({} * x + {k})", a - 1, a.pow(each as u32), a - 1))
        }
        _ => Draft::new(format!("iter f n x ≤ iter f n (x + {k})")).hyp("∀ y z : Nat, y ≤ z → f y ≤ f z"),
    };
    draft.def(NAMES, text).over("m n x", "Nat").over("f g", "Nat → Nat")
}

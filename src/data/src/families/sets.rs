//! Sets as predicates: inclusion, union, intersection, complement, images and families, all written out.

use super::{
    Family,
    cells::{PROPOSITIONS, Shape, syllogism},
};
use crate::{
    draft::Draft,
    rng::Rng,
    statement::{Difficulty, Topic::Sets},
};

pub(crate) const FAMILIES: &[Family] = &[
    Family::new(Sets, "set_algebra", algebra),
    Family::new(Sets, "set_inclusion", inclusion),
    Family::new(Sets, "set_image", image),
    Family::new(Sets, "set_numbers", numbers),
];

const NAMES: [&str; 4] = ["A", "B", "C", "D"];

/// What a combination of sets says of an element.
fn says(shape: &Shape, of: &str) -> String {
    shape.text(PROPOSITIONS, &|i| format!("{} {of}", NAMES[i]))
}

/// As [`says`], in brackets where it needs them.
fn bracketed(shape: &Shape, of: &str) -> String {
    let text = says(shape, of);
    if matches!(shape, Shape::And(..) | Shape::Or(..)) { format!("({text})") } else { text }
}

/// Binds types, sets and functions.
fn bound(draft: Draft, two: bool) -> Draft {
    let draft = if two { draft.types("α β") } else { draft.types("α") };
    let draft = draft.over("A B C D", "α → Prop");
    if two { draft.over("U V W", "β → Prop").over("f", "α → β").over("a b", "α") } else { draft.over("a b", "α") }
}

/// Two ways to write one set.
fn algebra(rng: &mut Rng, d: Difficulty) -> Draft {
    let atoms = if d.level() < 3 { 2 } else { 3 };
    let size = 1 + d.size().min(4);
    let (left, right) = (0..40)
        .find_map(|_| {
            let left = Shape::random(rng, atoms, size);
            let right = left.equal(rng, atoms, size)?;
            let cells = left.cells(atoms);
            (cells != 0 && cells != super::cells::all(atoms)).then_some((left, right))
        })
        .unwrap_or((Shape::Atom(0), Shape::Not(Box::new(Shape::Not(Box::new(Shape::Atom(0)))))));
    bound(
        match rng.below(5) {
            0 => Draft::new(format!("{} → {}", says(&left, "a"), says(&right, "a"))),
            1 => Draft::new(format!("(∃ x : α, {}) ↔ ∃ x : α, {}", says(&left, "x"), says(&right, "x"))),
            2 => Draft::new(format!("∀ x : α, {} → {}", says(&right, "x"), says(&left, "x"))),
            _ => Draft::new(format!("∀ x : α, {} ↔ {}", says(&left, "x"), says(&right, "x"))),
        },
        false,
    )
}

/// Inclusions, equalities and disjointness, and what follows for other sets.
fn inclusion(rng: &mut Rng, d: Difficulty) -> Draft {
    let atoms = if d.level() < 3 { 3 } else { 4 };
    let Some(found) = (0..20).find_map(|_| syllogism(rng, atoms, 1 + d.size() / 2, 1 + d.size() / 3)) else {
        return bound(Draft::new("∀ x : α, A x → C x").hyp("∀ x : α, A x → B x").hyp("∀ x : α, B x → C x"), false);
    };
    let mut draft = Draft::new("");
    for (a, b) in &found.facts {
        draft = draft.hyp(match b {
            Shape::Not(b) if rng.chance(60) => format!("¬ ∃ x : α, {} ∧ {}", bracketed(a, "x"), bracketed(b, "x")),
            _ => format!("∀ x : α, {} → {}", says(a, "x"), says(b, "x")),
        });
    }
    let (given, all) = (&found.given, &found.found);
    let goal = match rng.below(4) {
        0 => format!("∀ x : α, {} ↔ {}", bracketed(given, "x"), format_args!("{} ∧ {}", bracketed(given, "x"), bracketed(all, "x"))),
        1 => format!("(∃ x : α, {}) → ∃ x : α, {}", says(given, "x"), says(all, "x")),
        _ => format!("∀ x : α, {} → {}", says(given, "x"), says(all, "x")),
    };
    bound(Draft { goal, ..draft }, false)
}

/// Images and preimages under a function.
fn image(rng: &mut Rng, d: Difficulty) -> Draft {
    // S and T stand for combinations of sets: S[x] says that x is in S. U and V are sets on the other side.
    const INJECTIVE: &str = "∀ x y : α, f x = f y → x = y";
    const ONTO: &str = "∀ z : β, ∃ x : α, f x = z";
    const LAWS: &[(u8, &[&str], &str)] = &[
        (1, &[], "∀ x : α, S[x] → ∃ y : α, S[y] ∧ f y = f x"),
        (1, &["∀ x : α, S[x] → T[x]"], "∀ z : β, (∃ x : α, S[x] ∧ f x = z) → ∃ x : α, T[x] ∧ f x = z"),
        (1, &["∀ z : β, U z → V z"], "∀ x : α, S[x] ∧ U (f x) → V (f x)"),
        (2, &[], "∀ z : β, (∃ x : α, (S[x] ∨ T[x]) ∧ f x = z) ↔ (∃ x : α, S[x] ∧ f x = z) ∨ ∃ x : α, T[x] ∧ f x = z"),
        (2, &[], "∀ z : β, (∃ x : α, (S[x] ∧ T[x]) ∧ f x = z) → (∃ x : α, S[x] ∧ f x = z) ∧ ∃ x : α, T[x] ∧ f x = z"),
        (2, &["∀ x : α, S[x] → U (f x)"], "∀ z : β, (∃ x : α, S[x] ∧ f x = z) → U z"),
        (2, &["∀ z : β, (∃ x : α, S[x] ∧ f x = z) → U z"], "∀ x : α, S[x] → U (f x)"),
        (3, &[], "(∀ z : β, (∃ x : α, S[x] ∧ f x = z) → U z) ↔ ∀ x : α, S[x] → U (f x)"),
        (3, &[], "∀ z : β, (∃ x : α, (S[x] ∧ U (f x)) ∧ f x = z) ↔ (∃ x : α, S[x] ∧ f x = z) ∧ U z"),
        (3, &[INJECTIVE], "∀ x : α, (∃ y : α, S[y] ∧ f y = f x) → S[x]"),
        (3, &[ONTO], "∀ z : β, U z → ∃ x : α, U (f x) ∧ f x = z"),
        (4, &[INJECTIVE], "∀ z : β, (∃ x : α, S[x] ∧ f x = z) ∧ (∃ x : α, T[x] ∧ f x = z) → ∃ x : α, (S[x] ∧ T[x]) ∧ f x = z"),
        (4, &[ONTO, "∀ x : α, U (f x) → V (f x)"], "∀ z : β, U z ∧ ¬V z → ∃ x : α, S[x]"),
        (4, &[INJECTIVE], "∀ z : β, (∃ x : α, (S[x] ∧ ¬(T[x])) ∧ f x = z) → ¬ ∃ x : α, T[x] ∧ f x = z"),
        (4, &[ONTO], "(∀ z : β, U z → V z) ↔ ∀ x : α, U (f x) → V (f x)"),
        (5, &[ONTO, INJECTIVE], "∀ z : β, (∃ x : α, ¬(S[x]) ∧ f x = z) ↔ ¬ ∃ x : α, S[x] ∧ f x = z"),
        (5, &[INJECTIVE, "∀ z : β, (∃ x : α, S[x] ∧ f x = z) → ∃ x : α, T[x] ∧ f x = z"], "∀ x : α, S[x] → T[x]"),
        (5, &[ONTO, "∀ x y : α, f x = f y → (S[x] ↔ S[y])"], "∀ x : α, ¬(S[x]) → ¬ ∃ y : α, S[y] ∧ f y = f x"),
    ];
    let fitting: Vec<_> = LAWS.iter().filter(|(level, ..)| (*level..*level + 2).contains(&d.level())).collect();
    let (_, facts, goal) = rng.pick(&fitting);
    let mut shape = || {
        let size = 1 + rng.below(2 + d.size().min(2));
        Shape::random(rng, 3, size)
    };
    let (s, t) = (shape(), shape());
    let fill = |text: &str| {
        ["x", "y"].iter().fold(text.to_owned(), |text, of| {
            let text = text.replace(&format!("(T[{of}])"), &bracketed(&t, of)).replace(&format!("(S[{of}])"), &bracketed(&s, of));
            text.replace(&format!("S[{of}]"), &bracketed(&s, of)).replace(&format!("T[{of}]"), &bracketed(&t, of))
        })
    };
    let draft = bound(Draft::new(fill(goal)).hyps(facts.iter().map(|fact| fill(fact))), true);
    if !facts.contains(&ONTO) {
        return draft;
    }
    // Everything is the image of something.
    let origin = format!("obtain ⟨c₂, rfl⟩ := ‹{ONTO}› c₁");
    draft
        .by(format!("intro c₁ key\n{origin}\nexact ⟨c₂, key, rfl⟩"))
        .by(format!("constructor\n· intro key c₁\n  exact key (f c₁)\n· intro key c₁\n  {origin}\n  exact key c₂"))
}

/// Sets of natural numbers, defined by residues, bounds and multiples.
fn numbers(rng: &mut Rng, d: Difficulty) -> Draft {
    const FIRST: &[&str] = &["A", "S", "InFirst", "Good", "P"];
    const SECOND: &[&str] = &["B", "T", "InSecond", "Fine", "Q"];
    let m = rng.int(2, 12 + 4 * d.scale());
    let (k, r, c) = (rng.int(2, 4), rng.int(0, m - 1), rng.int(2, 20));
    let set = |name: &str, text: String| format!("def {name} (n : Nat) : Prop := {text}");
    let one = |text: String, goal: String| Draft::new(goal).def(FIRST, set("A", text));
    let two = |first: String, second: String, goal: &str| Draft::new(goal).def(FIRST, set("A", first)).def(SECOND, set("B", second));
    let residue = format!("n % {m} = {r}");
    let step = m * rng.int(1, 4);
    match (d.level(), rng.below(3)) {
        (1, 0) => one(residue, format!("∀ x : Nat, A x → A (x + {step})")),
        (1, 1) => two(format!("n < {c}"), format!("n ≤ {}", c + k), "∀ x : Nat, A x → B x"),
        (1, _) => two(format!("n % {} = {}", m * k, r + m * rng.int(0, k - 1)), residue, "∀ x : Nat, A x → B x"),
        (2, 0) => one(format!("∃ k : Nat, n = {m} * k"), "∀ x y : Nat, A x → A y → A (x + y)".to_owned()),
        (2, 1) => one(format!("n % {m} ≠ {r}"), format!("∀ x : Nat, ¬A x ↔ x % {m} = {r}")),
        (2, _) => one(residue, format!("∀ x : Nat, A (x + {step}) ↔ A x")),
        (3, 0) => two(format!("{m} ∣ n"), format!("∃ k : Nat, n = {m} * k"), "∀ x : Nat, A x ↔ B x"),
        (3, 1) => two(format!("n % {m} = {r} ∧ n < {}", m * c), format!("n % {m} = {r}"), "∃ x : Nat, B x ∧ ¬A x"),
        (3, _) => two(residue, format!("n % {m} = {}", (r + 1) % m), "¬ ∃ x : Nat, A x ∧ B x"),
        (4, 0) => one(format!("∃ k : Nat, n = {m} * k + {r}"), format!("∀ x : Nat, A x ↔ {r} ≤ x ∧ (x - {r}) % {m} = 0")),
        (4, 1) => two(format!("∃ k : Nat, n = {m} * k"), format!("∃ k : Nat, n = {} * k", m * k), "∀ x y : Nat, B x → A y → A (x + y)"),
        (4, _) => two(residue, format!("{c} ≤ n"), "∀ x : Nat, ∃ y : Nat, x < y ∧ A y ∧ B y"),
        (_, 0) => one(format!("∃ i j : Nat, n = {m} * i + {} * j", m + 1), "∀ x y : Nat, A x → A y → A (x + y)".to_owned()),
        (_, 1) => one(format!("∃ i j : Nat, n = {m} * i + {} * j", m + k), format!("∀ x : Nat, A x → A ({} * x)", c)),
        _ => two(format!("∃ k : Nat, n = {m} * k"), format!("n % {m} = {}", r.max(1)), "∀ x y : Nat, A x → B y → B (x + y) ∧ ¬A (x + y)"),
    }
}

//! `Option` and `Bool`.

use super::{
    Family,
    cells::{BOOLEANS, Shape},
    terms::affine,
};
use crate::{
    draft::Draft,
    rng::Rng,
    statement::{Difficulty, Topic::Data},
};

pub(crate) const FAMILIES: &[Family] = &[
    Family::new(Data, "bool_algebra", algebra),
    Family::new(Data, "bool_function", function),
    Family::new(Data, "option_laws", laws),
    Family::new(Data, "option_defined", defined),
];

const SWITCHES: [&str; 3] = ["a", "b", "c"];

/// Two ways to write one Boolean, as an equation or between propositions.
fn algebra(rng: &mut Rng, d: Difficulty) -> Draft {
    let atoms = if d.level() < 3 { 2 } else { 3 };
    let size = 1 + d.size().min(4);
    let (left, right) = (0..60)
        .find_map(|_| {
            let left = Shape::random(rng, atoms, size);
            let right = left.equal(rng, atoms, size)?;
            Some((left, right))
        })
        .unwrap_or((Shape::Atom(0), Shape::Not(Box::new(Shape::Not(Box::new(Shape::Atom(0)))))));
    let text = |shape: &Shape| {
        let text = shape.text(BOOLEANS, &|i| SWITCHES[i].to_owned());
        if matches!(shape, Shape::Atom(_)) { text } else { format!("({text})") }
    };
    let (left, right) = (text(&left), text(&right));
    let other = rng.pick(&SWITCHES[..atoms]);
    let goal = match rng.below(if d.level() < 2 { 2 } else { 6 }) {
        0..=2 => format!("{left} = {right}"),
        3 => format!("{left} = true ↔ {right} = true"),
        4 => format!("(if {other} then {left} else {right}) = {left}"),
        _ => format!("({left} == {other}) = ({right} == {other})"),
    };
    Draft::new(goal).over("a b c", "Bool")
}

/// Terms with a function of Booleans in them. There are four such functions, so what holds is found out by trying all.
fn function(rng: &mut Rng, d: Difficulty) -> Draft {
    let size = 2 + d.size();
    for _ in 0..4000 {
        let (left, right) = (Switch::random(rng, size), Switch::random(rng, size));
        let facts: Vec<(Switch, Switch)> =
            (0..rng.below(2 + d.size() / 3)).map(|_| (Switch::random(rng, 2), Switch::random(rng, 1))).collect();
        let models: Vec<u32> = (0..16).filter(|world| facts.iter().all(|(a, b)| a.value(*world) == b.value(*world))).collect();
        let speaks = |fact: &(Switch, Switch)| fact.0.text().contains("f ") && fact.0 != fact.1;
        let short = left.text() == right.text() || !left.text().contains("f ") || !facts.iter().all(speaks);
        if models.len() > 1 && (models.len() < 16 || facts.is_empty()) && !short && models.iter().all(|w| left.value(*w) == right.value(*w))
        {
            let draft = Draft::new(format!("{} = {}", left.text(), right.text()));
            let facts = facts.iter().map(|(a, b)| format!("{} = {}", a.text(), b.text()));
            let draft = draft.hyps(facts).over("a b", "Bool").over("f", "Bool → Bool");
            // All values of the variables, and of the function.
            let values = draft.variables.iter().filter(|v| v.kind == "Bool").map(|v| format!("cases {}", v.name));
            let values = values.chain(["cases key : f true", "cases key₁ : f false", "simp_all"].map(str::to_owned));
            let proof = values.collect::<Vec<_>>().join(" <;> ");
            return draft.by(proof);
        }
    }
    Draft::new("f (f (f a)) = f a").over("a", "Bool").over("f", "Bool → Bool")
}

/// A term of Booleans.
#[derive(Clone, Debug, PartialEq)]
enum Switch {
    Name(usize),
    Not(Box<Switch>),
    Apply(Box<Switch>),
    And(Box<Switch>, Box<Switch>),
    Or(Box<Switch>, Box<Switch>),
}

impl Switch {
    fn random(rng: &mut Rng, size: usize) -> Switch {
        if size == 0 {
            return Switch::Name(rng.below(2));
        }
        match rng.below(10) {
            0..=4 => Switch::Apply(Box::new(Switch::random(rng, size - 1))),
            5 | 6 => match Switch::random(rng, size - 1) {
                Switch::Not(inner) => *inner,
                inner => Switch::Not(Box::new(inner)),
            },
            n => {
                let left = rng.below(size);
                let (a, b) = (Box::new(Switch::random(rng, left)), Box::new(Switch::random(rng, size - 1 - left)));
                if n == 7 { Switch::Or(a, b) } else { Switch::And(a, b) }
            }
        }
    }

    /// The value in a world: two bits for the names, two for the function.
    fn value(&self, world: u32) -> bool {
        match self {
            Switch::Name(i) => world >> i & 1 == 1,
            Switch::Not(a) => !a.value(world),
            Switch::Apply(a) => world >> (2 + u32::from(a.value(world))) & 1 == 1,
            Switch::And(a, b) => a.value(world) && b.value(world),
            Switch::Or(a, b) => a.value(world) || b.value(world),
        }
    }

    fn text(&self) -> String {
        match self {
            Switch::Name(i) => SWITCHES[*i].to_owned(),
            Switch::Not(a) => match a.as_ref() {
                Switch::Apply(_) => format!("(!({}))", a.text()),
                _ => format!("(!{})", a.text()),
            },
            Switch::Apply(a) => match a.as_ref() {
                Switch::Apply(_) => format!("f ({})", a.text()),
                _ => format!("f {}", a.text()),
            },
            Switch::And(a, b) => format!("({} && {})", a.text(), b.text()),
            Switch::Or(a, b) => format!("({} || {})", a.text(), b.text()),
        }
    }
}

/// Laws of `map`, `bind`, `filter`, `or` and `getD`, with expressions in place of letters.
fn laws(rng: &mut Rng, d: Difficulty) -> Draft {
    // O and Q stand for options, X for an element.
    const LAWS: &[(u8, &[&str], &str)] = &[
        (1, &[], "(O.map f).map g = O.map (fun x => g (f x))"),
        (1, &[], "(O.map f).isSome = O.isSome"),
        (1, &[], "O.map (fun x => x) = O"),
        (1, &[], "(some (X)).bind (fun x => (some (f x)).or O) = some (f (X))"),
        (1, &[], "O.isSome = (!O.isNone)"),
        (2, &[], "(O.or Q).isSome = (O.isSome || Q.isSome)"),
        (2, &[], "(O.map f).getD (f (X)) = f (O.getD (X))"),
        (2, &[], "(O.or Q).map f = (O.map f).or (Q.map f)"),
        (2, &["O = some (X)"], "O.getD (f (X)) = X"),
        (2, &[], "O.bind (fun x => some (g x)) = O.map g"),
        (3, &["O.isSome = true"], "∃ x : α, O = some x ∧ O.getD (X) = x"),
        (3, &["O.map f = some (X)"], "∃ x : α, O = some x ∧ f x = X"),
        (3, &[], "(O.filter p).isSome = true → O.isSome = true"),
        (3, &["O.or Q = none"], "O = none ∧ Q = none"),
        (3, &["O.isNone = true"], "(O.or Q).map g = Q.map g"),
        (4, &["O.map f = Q.map f", "∀ x y : α, f x = f y → x = y"], "O = Q"),
        (4, &["O.bind (fun x => if p x then some (f x) else none) = some (X)"], "∃ x : α, O = some x ∧ p x = true ∧ X = f x"),
        (4, &[], "(O.filter p).or (O.filter (fun x => !p x)) = O"),
        (4, &["∀ x : α, O = some x → p x = true"], "O.filter p = O"),
        (4, &[], "(O.filter p).bind (fun x => some (f x)) = O.bind (fun x => if p x then some (f x) else none)"),
        (5, &["O.or Q = some (X)"], "O = some (X) ∨ (O = none ∧ Q = some (X))"),
        (5, &["∀ x : α, f (f x) = x", "O.map f = Q"], "Q.map f = O"),
        (5, &["(O.filter p).isSome = true", "∀ x : α, p x = true → f x = x"], "O.map f = O"),
        (5, &["O.map f = Q.map g", "∀ x : α, f x ≠ g x", "∀ x y : α, g x = g y → x = y"], "O = Q → O = none"),
    ];
    let fitting: Vec<_> = LAWS.iter().filter(|(level, ..)| (*level..*level + 2).contains(&d.level())).collect();
    let (_, facts, goal) = rng.pick(&fitting);
    let option = |rng: &mut Rng, name: &str| {
        (0..rng.below(4)).fold(name.to_owned(), |inner, _| match rng.below(if d.level() < 2 { 5 } else { 6 }) {
            0 | 1 => format!("({inner}.map {})", rng.pick(&["f", "g", "h"])),
            2 => format!("({inner}.or (some {}))", rng.pick(&["a", "b", "c"])),
            3 => format!("({inner}.or {})", rng.pick(&["q", "r"])),
            4 => format!("({inner}.filter p)"),
            _ => format!("({inner}.bind (fun x => some ({} x)))", rng.pick(&["f", "g"])),
        })
    };
    let (o, q, x) = (option(rng, "o"), option(rng, "q"), rng.pick(&["a", "b", "f a", "g b", "g (f a)"]));
    let fill = |text: &str| {
        let text = text.replace('O', &o).replace('Q', &q).replace("(X)", "X");
        let plain = text.replace("= X", &format!("= {x}")).replace("X =", &format!("{x} ="));
        let x = if x.contains(' ') { format!("({x})") } else { x.to_owned() };
        plain.replace('X', &x)
    };
    let draft = Draft::new(fill(goal)).hyps(facts.iter().map(|fact| fill(fact))).types("α").over("o q r", "Option α");
    draft.over("a b c", "α").over("f g h", "α → α").over("p", "α → Bool")
}

/// Functions of options, defined by cases.
fn defined(rng: &mut Rng, d: Difficulty) -> Draft {
    const NAMES: &[&str] = &["h", "op", "step", "merge", "score", "pick"];
    let (a, b, c, k) = (rng.int(1, 3 + d.scale()), rng.int(1, 3 + d.scale()), rng.int(0, 9), rng.int(1, 9));
    let sum = |more: i64| format!("{} + {} + {more}", affine(a, "x", 0), affine(b, "y", 0));
    let strict = format!("def h : Option Nat → Option Nat → Option Nat\n  | some x, some y => some ({})\n  | _, _ => none", sum(c));
    let even = format!(
        "def h : Option Nat → Option Nat → Option Nat\n  | some x, some y => some (x + y + {c})\n  | some x, none => some x\n  | none, o => o"
    );
    let first = format!("def h : Option Nat → Option Nat → Option Nat\n  | none, o => o\n  | some x, _ => some ({})", affine(a, "x", c));
    let score = format!("def h : Option Nat → Nat\n  | none => {k}\n  | some x => {}", affine(a, "x", c));
    let (goal, text) = match (d.level(), rng.below(4)) {
        (1, 0) => ("h none o = none".to_owned(), strict),
        (1, 1) => (format!("h (some m) = {}", affine(a, "m", c)), score),
        (1, 2) => (format!("{} ≤ h o", k.min(c)), score),
        (1, _) => (format!("h (some m) (some {k}) = some ({})", affine(a, "m", b * k + c)), strict),
        (2, 0) => ("(h o q).isSome = (o.isSome && q.isSome)".to_owned(), strict),
        (2, 1) => (format!("h (o.map (fun x => x + {b})) ≤ h o + {}", a * b), score),
        (2, 2) => ("(h o q).isNone = (o.isNone && q.isNone)".to_owned(), even),
        (2, _) => ("h o none = o ∧ h none o = o".to_owned(), even),
        (3, 0) => ("h o q = h q o".to_owned(), even),
        (3, 1) => (format!("o ≠ none → h o q ≠ none ∧ h o q = o.map (fun x => {})", affine(a, "x", c)), first),
        (3, 2) => ("h o q = none ↔ o = none ∨ q = none".to_owned(), strict),
        (3, _) => (format!("h o = (o.map (fun x => {})).getD {k}", affine(a, "x", c)), score),
        (4, 0) => ("h (h o q) r = h o (h q r)".to_owned(), even),
        (4, 1) => (format!("h o q = some m → ∃ x y : Nat, o = some x ∧ q = some y ∧ m = {}", sum(c)), strict),
        (4, 2) => (format!("h o ≤ h q + {a} * m"), score),
        (4, _) => ("h o q = none ↔ o = none ∧ q = none".to_owned(), first),
        (_, 0) => ("(h o q).getD 0 ≤ o.getD 0 + q.getD 0 + K".replace('K', &c.to_string()), even),
        (_, 1) => (format!("h (o.map (fun x => x + {k})) q = (h o q).map (fun x => x + {})", a * k), strict),
        (_, 2) => (format!("h o q = h q o → h q o = some m → {c} ≤ m"), strict),
        _ => ("h (h o q) r = none ↔ h r (h q o) = none".to_owned(), rng.pick(&[first, even])),
    };
    let draft = Draft::new(goal).def(NAMES, text);
    let draft = if draft.goal.contains("a * m") || (draft.goal.starts_with("h o ≤ h q")) {
        draft.hyp("o = some j").hyp("q = some n").hyp("j ≤ n + m").at("j", 2).at("n", 1).at("m", 3).over("j n", "Nat")
    } else {
        draft
    };
    draft.over("o q r", "Option Nat").over("m", "Nat")
}

//! Lists: expressions that are equal, lengths, members, folds, and functions defined by recursion on a list.

use super::{Family, terms::affine};
use crate::{
    draft::Draft,
    rng::Rng,
    statement::{Difficulty, Topic::Lists},
};

pub(crate) const FAMILIES: &[Family] = &[
    Family::new(Lists, "list_rewrite", rewrite),
    Family::new(Lists, "list_length", length),
    Family::new(Lists, "list_member", member),
    Family::new(Lists, "list_fold", fold),
    Family::new(Lists, "list_defined", defined),
    Family::new(Lists, "list_rebuilt", rebuilt),
];

const NAMES: [&str; 3] = ["xs", "ys", "zs"];

/// An expression for a list.
#[derive(Clone, Debug, PartialEq)]
enum Expr {
    Name(usize),
    Append(Box<Expr>, Box<Expr>),
    Reverse(Box<Expr>),
    /// Functions applied to each item, the innermost first.
    Map(Vec<&'static str>, Box<Expr>),
    Filter(Box<Expr>),
    Cons(&'static str, Box<Expr>),
}
use Expr::{Append, Cons, Filter, Map, Name, Reverse};

impl Expr {
    fn random(rng: &mut Rng, size: usize, plain: bool) -> Expr {
        if size == 0 {
            return Name(rng.below(3));
        }
        match rng.below(if plain { 6 } else { 9 }) {
            0..=2 => {
                let left = rng.below(size);
                Append(Box::new(Expr::random(rng, left, plain)), Box::new(Expr::random(rng, size - 1 - left, plain)))
            }
            3 | 4 => Reverse(Box::new(Expr::random(rng, size - 1, plain))),
            5 => Cons(rng.pick(&["a", "b"]), Box::new(Expr::random(rng, size - 1, plain))),
            6 | 7 => Map(vec![rng.pick(&["f", "g"])], Box::new(Expr::random(rng, size - 1, plain))),
            _ => Filter(Box::new(Expr::random(rng, size - 1, plain))),
        }
    }

    /// As the receiver of a method, or another argument.
    fn closed(&self) -> String {
        match self {
            Name(_) => self.text(),
            _ => format!("({})", self.text()),
        }
    }

    fn text(&self) -> String {
        match self {
            Name(i) => NAMES[*i].to_owned(),
            Append(a, b) => format!("{} ++ {}", if matches!(a.as_ref(), Cons(..)) { a.closed() } else { a.text() }, b.closed()),
            Reverse(a) => format!("{}.reverse", a.closed()),
            Map(fs, a) => match fs.as_slice() {
                [f] => format!("{}.map {f}", a.closed()),
                fs => {
                    let image = fs.iter().fold("x".to_owned(), |x, f| if x == "x" { format!("{f} x") } else { format!("{f} ({x})") });
                    format!("{}.map (fun x => {image})", a.closed())
                }
            },
            Filter(a) => format!("{}.filter p", a.closed()),
            Cons(x, a) => format!("{x} :: {}", a.closed()),
        }
    }

    /// An equal expression: a law used at one place.
    fn rewritten(&self, rng: &mut Rng) -> Expr {
        if rng.chance(40) {
            let boxed = |e: &Expr, rng: &mut Rng| Box::new(e.rewritten(rng));
            return match self {
                Name(_) => self.law(rng),
                Append(a, b) if rng.chance(50) => Append(boxed(a, rng), b.clone()),
                Append(a, b) => Append(a.clone(), boxed(b, rng)),
                Reverse(a) => Reverse(boxed(a, rng)),
                Map(fs, a) => Map(fs.clone(), boxed(a, rng)),
                Filter(a) => Filter(boxed(a, rng)),
                Cons(x, a) => Cons(x, boxed(a, rng)),
            };
        }
        self.law(rng)
    }

    fn law(&self, rng: &mut Rng) -> Expr {
        let append = |a: Expr, b: Expr| Append(Box::new(a), Box::new(b));
        let reverse = |a: Expr| Reverse(Box::new(a));
        match self {
            Append(a, b) => match (a.as_ref(), b.as_ref()) {
                (Append(x, y), z) => append(x.as_ref().clone(), append(y.as_ref().clone(), z.clone())),
                (x, Append(y, z)) => append(append(x.clone(), y.as_ref().clone()), z.as_ref().clone()),
                (Reverse(x), Reverse(y)) => reverse(append(y.as_ref().clone(), x.as_ref().clone())),
                (Cons(x, y), z) => Cons(x, Box::new(append(y.as_ref().clone(), z.clone()))),
                (x, y) => reverse(append(reverse(y.clone()), reverse(x.clone()))),
            },
            Reverse(a) => match a.as_ref() {
                Append(x, y) => append(reverse(y.as_ref().clone()), reverse(x.as_ref().clone())),
                Reverse(x) => x.as_ref().clone(),
                Map(fs, x) => Map(fs.clone(), Box::new(reverse(x.as_ref().clone()))),
                Filter(x) => Filter(Box::new(reverse(x.as_ref().clone()))),
                other => reverse(reverse(reverse(other.clone()))),
            },
            Map(fs, a) => match a.as_ref() {
                Append(x, y) => append(Map(fs.clone(), x.clone()), Map(fs.clone(), y.clone())),
                Reverse(x) => reverse(Map(fs.clone(), x.clone())),
                Map(gs, x) => Map([gs.clone(), fs.clone()].concat(), x.clone()),
                _ if fs.len() > 1 => Map(fs[1..].to_vec(), Box::new(Map(vec![fs[0]], a.clone()))),
                _ => reverse(Map(fs.clone(), Box::new(reverse(a.as_ref().clone())))),
            },
            Filter(a) => match a.as_ref() {
                Append(x, y) => append(Filter(x.clone()), Filter(y.clone())),
                Reverse(x) => reverse(Filter(x.clone())),
                Filter(_) => a.as_ref().clone(),
                _ => Filter(Box::new(self.clone())),
            },
            Cons(x, a) if rng.chance(50) => match a.as_ref() {
                Append(y, z) => append(Cons(x, y.clone()), z.as_ref().clone()),
                other => Cons(x, Box::new(reverse(reverse(other.clone())))),
            },
            other => reverse(reverse(other.clone())),
        }
    }

    /// The length: how often each list is in it, and how many items besides. `None` where a filter makes it unknown.
    fn length(&self) -> Option<[i64; 4]> {
        Some(match self {
            Name(i) => std::array::from_fn(|j| i64::from(*i == j)),
            Append(a, b) => {
                let (a, b) = (a.length()?, b.length()?);
                std::array::from_fn(|i| a[i] + b[i])
            }
            Reverse(a) | Map(_, a) => a.length()?,
            Filter(_) => return None,
            Cons(_, a) => {
                let [x, y, z, n] = a.length()?;
                [x, y, z, n + 1]
            }
        })
    }

    /// What it says of an item to be in the list, for expressions without `map`.
    fn has(&self, x: &str) -> String {
        match self {
            Name(i) => format!("{x} ∈ {}", NAMES[*i]),
            Append(a, b) => format!("({} ∨ {})", a.has(x), b.has(x)),
            Reverse(a) | Map(_, a) => a.has(x),
            Filter(a) => format!("({} ∧ p {x} = true)", a.has(x)),
            Cons(y, a) => format!("({x} = {y} ∨ {})", a.has(x)),
        }
    }
}

/// Binds what expressions speak of.
fn bound(draft: Draft) -> Draft {
    draft.types("α").over("xs ys zs ws", "List α").over("a b c", "α").over("f g", "α → α").over("p", "α → Bool").over("m n", "Nat")
}

/// An expression and what laws of lists make of it.
fn rewrite(rng: &mut Rng, d: Difficulty) -> Draft {
    for _ in 0..50 {
        let left = Expr::random(rng, 1 + d.size(), false);
        let right = (0..=d.size()).fold(left.clone(), |expr, _| expr.rewritten(rng));
        let (a, b) = (left.text(), right.text());
        if a == b || b.len() > 130 {
            continue;
        }
        return bound(match rng.below(if d.level() < 3 { 1 } else { 4 }) {
            1 => Draft::new(format!("ws = {b}")).hyp(format!("ws = {a}")),
            2 => Draft::new(format!("{}.length + n = n + {}.length", left.closed(), right.closed())),
            3 => Draft::new(format!("{b} ++ ws = {} ++ ws", left.closed())),
            _ => Draft::new(format!("{a} = {b}")),
        });
    }
    bound(Draft::new("(xs ++ ys).reverse = ys.reverse ++ xs.reverse"))
}

/// Lengths of expressions.
fn length(rng: &mut Rng, d: Difficulty) -> Draft {
    if d.level() > 2 && rng.chance(55) {
        return cut(rng, d);
    }
    for _ in 0..50 {
        let plain = rng.chance(40);
        let expr = Expr::random(rng, 1 + d.size(), plain);
        let Some([x, y, z, more]) = expr.length() else { continue };
        let (k, m) = (rng.int(1, 9), rng.int(0, 9));
        let parts = [(x, "xs"), (y, "ys"), (z, "zs")];
        let sum = parts.iter().filter(|(a, _)| *a > 0).map(|(a, name)| affine(*a, &format!("{name}.length"), 0)).collect::<Vec<_>>();
        let (left, sum) = (format!("{}.length", expr.closed()), sum.join(" + "));
        return bound(match rng.below(4) {
            0 => Draft::new(format!("{left} + {k} = {sum} + {}", more + k)),
            1 => Draft::new(format!("{left} + {m} ≤ {sum} + {}", more + k + m)),
            2 => {
                let lengths = [rng.int(0, 4), rng.int(0, 4), rng.int(0, 4)];
                let total: i64 = parts.iter().zip(lengths).map(|((a, _), n)| a * n).sum::<i64>() + more;
                let draft = Draft::new(format!("{left} = {total}"));
                let lists = parts.iter().zip(lengths).filter(|((a, _), _)| *a > 0);
                lists.fold(draft, |draft, ((_, name), n)| draft.hyp(format!("{name}.length = {n}")))
            }
            _ => Draft::new(format!("{k} * {left} = {k} * ({sum} + {more})")),
        });
    }
    bound(Draft::new("xs.reverse.length = xs.length"))
}

/// Lengths and places of what is taken and dropped, and of what is filtered and zipped.
fn cut(rng: &mut Rng, d: Difficulty) -> Draft {
    let (k, m) = (rng.int(1, 9), rng.int(0, 9));
    let expr = Expr::random(rng, d.size() - 2, false).closed();
    let goal = match rng.below(11) {
        0 => format!("({expr}.take {k}).length ≤ {}", k + m),
        1 => format!("({expr}.take n).length + ({expr}.drop n).length = {expr}.length"),
        2 => format!("({expr}.drop {k}).length = {expr}.length - {k}"),
        3 => format!("{expr}.take n ++ {expr}.drop n = {expr}"),
        4 => format!("({expr}.filter p).length + {m} ≤ {expr}.length + {}", k + m),
        5 => format!("({expr}.filter p).length + ({expr}.filter (fun x => !p x)).length = {expr}.length"),
        6 => format!("(({expr}.drop {k}).drop {m}).length + {} ≥ {expr}.length", k + m),
        7 => format!("({expr}.zip ws).length ≤ {expr}.length + {m}"),
        8 => format!("({expr}.take {k}).take {} = {expr}.take {}", k + m, k),
        9 => format!("({expr}.map f).drop {k} = ({expr}.drop {k}).map f"),
        _ => format!("({expr} ++ ws).drop {expr}.length = ws"),
    };
    bound(Draft::new(goal))
}

/// What is in a list.
fn member(rng: &mut Rng, d: Difficulty) -> Draft {
    let expr = (0..50).map(|_| Expr::random(rng, 1 + d.size().min(4), false)).find(|e| !e.text().contains("map"));
    let expr = expr.unwrap_or(Filter(Box::new(Name(0))));
    let (has, text) = (expr.has("c"), expr.closed());
    let part = rng.pick(&NAMES);
    bound(match rng.below(if d.level() < 2 { 2 } else { 8 }) {
        0 | 1 => Draft::new(format!("c ∈ {text} ↔ {has}")),
        2 => Draft::new(format!("∀ x ∈ {text}, p x = true")).hyp(format!("∀ x : α, {} → p x = true", expr.has("x"))),
        3 => Draft::new(format!("∃ y ∈ {text}.map f, y = f c")).hyp(has),
        4 => Draft::new(format!("f c ∈ {text}.map f")).hyp(has),
        5 => Draft::new(format!("{text}.any p = true")).hyp(has).hyp("p c = true"),
        6 => Draft::new(format!("∀ y ∈ {text}.map f, ∃ x ∈ {text}, f x = y")),
        _ => Draft::new(format!("c ∉ {text}")).hyp(format!("c ∉ {text} ++ {part}")),
    })
}

/// Sums and other folds of numbers.
fn fold(rng: &mut Rng, d: Difficulty) -> Draft {
    let (a, b, c, k) = (rng.int(2, 3 + d.scale()), rng.int(1, 9), rng.int(0, 9), rng.int(2, 9));
    let form = affine(a, "x", b);
    let list = rng.pick(&["xs", "xs", "xs.reverse", "(xs ++ ys)", "(m :: xs)"]);
    let total = format!("{a} * {list}.sum + {b} * {list}.length");
    let draft = match (d.level(), rng.below(4)) {
        (1, 0) => Draft::new(format!("(xs ++ ys).sum + {c} = xs.sum + ys.sum + {c}")),
        (1, 1) => Draft::new(format!("(m :: {list}).sum + {k} = m + {list}.sum + {k}")),
        (1, 2) => Draft::new(format!("{list}.foldr (fun x s => x :: s) [{c}, {k}] = {list} ++ [{c}, {k}]")),
        (1, _) => Draft::new(format!("({list}.map (fun _ => {k})).sum = {k} * {list}.length")),
        (2, 0) => Draft::new(format!("({list}.map (fun x => {form})).sum = {total}")),
        (2, 1) => Draft::new(format!("{list}.foldr (fun x s => {a} * x + s) {c} = {a} * {list}.sum + {c}")),
        (2, 2) => Draft::new(format!("xs.reverse.sum + {c} * ys.sum = xs.sum + {c} * ys.reverse.sum")),
        (2, _) => Draft::new(format!("{list}.sum ≤ ({list}.map (fun x => {form})).sum")),
        (3, 0) => Draft::new(format!("{list}.foldr (fun x s => {form} + s) {c} = {total} + {c}")),
        (3, 1) => Draft::new(format!("{list}.foldl (fun s x => s + {form}) n = n + {total}")),
        (3, 2) => Draft::new(format!("{list}.sum ≤ {k} * {list}.length")).hyp(format!("∀ x ∈ {list}, x ≤ {k}")),
        (3, _) => Draft::new(format!("{list}.foldl (fun s x => s + {a} * x) (m + n) = {list}.foldl (fun s x => s + {a} * x) m + n")),
        (4, 0) => Draft::new(format!("n ≤ {list}.foldr (fun x s => max x s) {c}")).hyp(format!("n ∈ {list}")),
        (4, 1) => Draft::new(format!("{a} ∣ {list}.sum")).hyp(format!("∀ x ∈ {list}, {a} ∣ x")),
        (4, 2) => Draft::new(format!("{list}.foldl (fun s x => (x + {b}) :: s) [] = ({list}.map (fun x => x + {b})).reverse")),
        (4, _) => Draft::new(format!(
            "{list}.foldr (fun x s => if x < {k} then s + {a} else s) {c} = {a} * ({list}.filter (fun x => x < {k})).length + {c}"
        )),
        (_, 0) => Draft::new(format!("{list}.foldr (fun x s => {form} + s) 0 = {list}.foldl (fun s x => s + {form}) 0")),
        (_, 1) => Draft::new(format!("({list}.filter (fun x => x < {k})).sum + ({list}.filter (fun x => {k} ≤ x)).sum = {list}.sum")),
        (_, 2) => Draft::new(format!("{list}.foldr (fun x s => max x s) {c} ≤ {c} + {list}.sum")),
        _ => Draft::new(format!("{k} * {list}.length ≤ ({list}.map (fun x => {form})).sum"))
            .hyp(format!("∀ x ∈ {list}, {k} ≤ {a} * x + {c}"))
            .hyp(format!("{c} ≤ {b}")),
    };
    draft.over("xs ys", "List Nat").over("m n", "Nat")
}

/// Numbers by recursion on a list.
fn defined(rng: &mut Rng, d: Difficulty) -> Draft {
    const DEFINED: &[&str] = &["weight", "total", "score", "amount", "f", "count"];
    let (a, b, c, k) = (rng.int(1, 2 + d.scale()), rng.int(1, 9), rng.int(0, 9), rng.int(2, 9));
    let def = |zero: i64, next: String| format!("def f : List Nat → Nat\n  | [] => {zero}\n  | x :: xs => {next}");
    let linear = |zero: i64| def(zero, format!("{} + f xs", affine(a, "x", b)));
    let counting = || def(0, format!("(if x < {k} then {a} else 0) + f xs"));
    let accumulating = || format!("def f : List Nat → Nat → Nat\n  | [], s => s\n  | x :: xs, s => f xs (s + {})", affine(a, "x", b));
    let (goal, text) = match (d.level(), rng.below(4)) {
        (1, 0) => (format!("f (xs ++ ys) + {c} = f xs + f ys"), linear(c)),
        (1, 1) => (format!("{b} * xs.length ≤ f xs"), linear(c)),
        (1, 2) => (format!("f [{k}, m] = {}", affine(a, "m", a * k + 2 * b + c)), linear(c)),
        (1, _) => (format!("f xs ≤ {} * xs.length", a), counting()),
        (2, 0) => (format!("f xs = {} + {b} * xs.length + {c}", affine(a, "xs.sum", 0)), linear(c)),
        (2, 1) => ("f (xs ++ ys) = f xs + f ys".to_owned(), counting()),
        (2, 2) => (format!("f (xs.map (fun x => x + {k})) = f xs + {} * xs.length", a * k), linear(c)),
        (2, _) => (format!("xs.sum + {c} ≤ f xs"), linear(c)),
        (3, 0) => ("f xs.reverse = f xs".to_owned(), linear(c)),
        (3, 1) => (format!("f (xs.filter (fun x => x < {k})) = f xs"), counting()),
        (3, 2) => ("f xs (m + n) = f xs m + n".to_owned(), accumulating()),
        (3, _) => ("f (xs ++ m :: ys) = f (m :: xs ++ ys)".to_owned(), linear(c)),
        (4, 0) => ("f xs.reverse = f xs".to_owned(), counting()),
        (4, 1) => (format!("f xs m = m + {} + {b} * xs.length", affine(a, "xs.sum", 0)), accumulating()),
        (4, 2) => (format!("f xs = {a} * (xs.filter (fun x => x < {k})).length"), counting()),
        (4, _) => ("f (xs ++ ys) m = f ys (f xs m)".to_owned(), accumulating()),
        (_, 0) => ("f (xs ++ ys) m = f (ys ++ xs) m".to_owned(), accumulating()),
        (_, 1) => (format!("{} ≤ f xs", affine(a, "m", b + c)), linear(c)),
        (_, 2) => (format!("f xs = {a} * xs.length ↔ ∀ x ∈ xs, x < {k}"), counting()),
        _ => ("f xs.reverse m = f xs m".to_owned(), accumulating()),
    };
    let draft = Draft::new(goal).def(DEFINED, text);
    let draft = if draft.goal.starts_with(&affine(a, "m", b + c)) { draft.hyp("m ∈ xs") } else { draft };
    draft.over("xs ys", "List Nat").over("m n", "Nat")
}

/// Lists by recursion on a list.
fn rebuilt(rng: &mut Rng, d: Difficulty) -> Draft {
    const DEFINED: &[&str] = &["build", "change", "g", "walk", "rework", "result"];
    let (a, b, k) = (rng.int(1, 2 + d.scale()), rng.int(0, 9), rng.int(2, 9));
    let form = affine(a, "x", b);
    let def = |next: String| format!("def g : List Nat → List Nat\n  | [] => []\n  | x :: xs => {next}");
    let mapped = || def(format!("({form}) :: g xs"));
    let doubled = || def(format!("x :: ({form}) :: g xs"));
    let kept = || def(format!("if x < {k} then g xs else ({form}) :: g xs"));
    let turned = || format!("def g : List Nat → List Nat → List Nat\n  | [], ys => ys\n  | x :: xs, ys => g xs (({form}) :: ys)");
    let woven = || "def g : List Nat → List Nat → List Nat\n  | [], ys => ys\n  | x :: xs, [] => x :: xs\n  | x :: xs, y :: ys => x :: y :: g xs ys";
    let front =
        || format!("def g : Nat → List Nat → List Nat\n  | 0, _ => []\n  | _ + 1, [] => []\n  | n + 1, x :: xs => ({form}) :: g n xs");
    let (goal, text) = match (d.level(), rng.below(5)) {
        (1, 0) => ("(g xs).length = xs.length".to_owned(), mapped()),
        (1, 1) => (format!("g xs = xs.map (fun x => {form})"), mapped()),
        (1, 2) => ("(g xs).length = 2 * xs.length".to_owned(), doubled()),
        (1, _) => ("(g (m :: xs)).length = 2 + (g xs).length".to_owned(), doubled()),
        (2, 0) => ("g (xs ++ ys) = g xs ++ g ys".to_owned(), rng.pick(&[mapped(), doubled()])),
        (2, 1) => ("(g xs).length ≤ xs.length".to_owned(), kept()),
        (2, 2) => (format!("(g xs).sum = {} + {b} * xs.length", affine(a, "xs.sum", 0)), mapped()),
        (2, _) => ("(g n xs).length ≤ n".to_owned(), front()),
        (3, 0) => ("g (xs ++ ys) = g xs ++ g ys".to_owned(), kept()),
        (3, 1) => ("(g xs ys).length = xs.length + ys.length".to_owned(), turned()),
        (3, 2) => ("m ∈ g xs".to_owned(), doubled()),
        (3, 3) => ("(g xs ys).length = xs.length + ys.length".to_owned(), woven().to_owned()),
        (3, _) => (format!("(g n xs) = (xs.take n).map (fun x => {form})"), front()),
        (4, 0) => ("g xs.reverse = (g xs).reverse".to_owned(), mapped()),
        (4, 1) => ("g xs (ys ++ zs) = g xs ys ++ zs".to_owned(), turned()),
        (4, 2) => (format!("∀ x ∈ g xs, {} ≤ x", a * k + b), kept()),
        (4, 3) => ("(g xs ys).sum = xs.sum + ys.sum".to_owned(), woven().to_owned()),
        (4, _) => (format!("(g xs).sum = {} + {b} * xs.length", affine(a + 1, "xs.sum", 0)), doubled()),
        (_, 0) => (format!("g xs ys = (xs.map (fun x => {form})).reverse ++ ys"), turned()),
        (_, 1) => ("g (xs ++ ys) zs = g ys (g xs zs)".to_owned(), turned()),
        (_, 2) => (format!("g xs = (xs.filter (fun x => {k} ≤ x)).map (fun x => {form})"), kept()),
        (_, 3) => ("m ∈ g xs ys ↔ m ∈ xs ∨ m ∈ ys".to_owned(), woven().to_owned()),
        _ => ("(g n xs).length = min n xs.length".to_string(), front()),
    };
    let draft = Draft::new(goal).def(DEFINED, text);
    let draft = if draft.goal == "m ∈ g xs" { draft.hyp("m ∈ xs").at("xs", "[3, 5]").at("m", 5) } else { draft };
    draft.over("xs ys zs", "List Nat").over("m n", "Nat")
}

//! Small programs: expressions and their evaluation, a stack machine, numbers by their digits, sorting, and machines with a few states.

use super::Family;
use crate::{
    draft::Draft,
    rng::Rng,
    statement::{Difficulty, Topic::Programs},
};

pub(crate) const FAMILIES: &[Family] = &[
    Family::new(Programs, "prog_expression", expression),
    Family::new(Programs, "prog_stack", stack),
    Family::new(Programs, "prog_digits", digits),
    Family::new(Programs, "prog_sorted", sorted),
    Family::new(Programs, "prog_machine", machine),
];

const LANGUAGE: &[&str] = &["Expr", "Term", "Formula", "E", "Code"];
const EVALUATE: &[&str] = &["eval", "value", "meaning", "result"];
const CHANGE: &[&str] = &["change", "swap", "rewrite", "transform"];
const SIZE: &[&str] = &["size", "count", "cost", "leaves"];

/// Expressions in one variable, their value, and changes to them.
fn expression(rng: &mut Rng, d: Difficulty) -> Draft {
    let (b, c, k) = (rng.int(0, 9), rng.int(1, 19), rng.int(2, 19));
    let shape = rng.below(4);
    let straight = matches!((d.level(), shape), (4, 2) | (5, 1 | 2));
    let times = d.level() > 2 && !straight && rng.chance(50);
    let product = |line: &str| if times { format!("\n  | {line}") } else { String::new() };
    let language = format!(
        "inductive Expr where\n  | num : Nat → Expr\n  | var : Expr\n  | add : Expr → Expr → Expr{}",
        product("mul : Expr → Expr → Expr")
    );
    let plus = if b == 0 { String::new() } else { format!(" + {b}") };
    let eval = format!(
        "def eval (v : Nat) : Expr → Nat\n  | .num n => n\n  | .var => v\n  | .add a b => eval v a + eval v b{plus}{}",
        product(".mul a b => eval v a * eval v b")
    );
    // A function that changes numbers and the variable, and maybe the order.
    let change = |num: &str, var: &str, (x, y): (&str, &str)| {
        let more = product(&format!(".mul a b => .mul (change {x}) (change {y})"));
        format!("def change : Expr → Expr\n  | .num n => {num}\n  | .var => {var}\n  | .add a b => .add (change {x}) (change {y}){more}")
    };
    let (kept, swapped) = (("a", "b"), ("b", "a"));
    let subst = format!(
        "def change (s : Expr) : Expr → Expr\n  | .num n => .num n\n  | .var => s\n  | .add a b => .add (change s a) (change s b){}",
        product(".mul a b => .mul (change s a) (change s b)")
    );
    let size = format!(
        "def size : Expr → Nat\n  | .num _ => {c}\n  | .var => {k}\n  | .add a b => size a + size b + {b}{}",
        product(".mul a b => size a + size b + 1")
    );
    let slope = "def size : Expr → Nat\n  | .num _ => 0\n  | .var => 1\n  | .add a b => size a + size b";
    let draft = |goal: String| Draft::new(goal).def(LANGUAGE, language.clone());
    let valued = |goal: String| draft(goal).def(EVALUATE, eval.clone());
    let draft = match (d.level(), shape) {
        (1, 0) => valued(format!("eval m (.add (.num {k}) (.add Expr.var (.num {c}))) = m + {}", k + c + 2 * b)),
        (1, 1) => valued(format!("eval m (.add s t) + {k} = eval m s + eval m t + {}", k + b)),
        (1, 2) => draft("0 < size t".to_owned()).def(SIZE, size),
        (1, _) => {
            draft(format!("eval m (change t) + {k} = eval m t + {k}")).def(EVALUATE, eval).def(CHANGE, change(".num n", ".var", kept))
        }
        (2, 0) => valued(format!("eval m (change t) + {k} = eval m t + {k}")).def(CHANGE, change(".num n", ".var", swapped)),
        (2, 1) => draft("change (change t) = t".to_owned()).def(CHANGE, change(".num n", ".var", swapped)),
        (2, 2) => draft("size (change t) = size t".to_owned()).def(SIZE, size).def(CHANGE, change(".num (n + 1)", ".var", swapped)),
        (2, _) => valued(format!("eval m t ≤ eval (m + {k}) t")),
        (3, 0) => valued(format!("eval m (change t) = eval {k} t")).def(CHANGE, change(".num n", &format!(".num {k}"), kept)),
        (3, 1) => {
            let shifted = format!(".add .var (.num {k})");
            valued(format!("eval m (change t) = eval (m + {}) t", k + b)).def(CHANGE, change(".num n", &shifted, kept))
        }
        (3, 2) => valued("eval m t ≤ eval n t".to_owned()).hyp("m ≤ n").at("m", 2).at("n", 4),
        (3, _) => valued(format!("eval m t ≤ eval m (change t) + {c}")).def(CHANGE, change(&format!(".num (n + {k})"), ".var", swapped)),
        (4, 0) => valued(format!("eval m (change s t) + {k} = eval (eval m s) t + {k}")).def(CHANGE, subst),
        (4, 1) => valued(format!("eval m (change Expr.var t) = eval m t ∧ eval m (change (.num {k}) t) = eval {k} t")).def(CHANGE, subst),
        (4, 2) => valued(format!("eval (m + {k}) t = eval m t + {k} * size t")).def(SIZE, slope),
        (4, _) => valued(format!("eval m (change s t) ≤ eval m (change r t) + {c}")).hyp("eval m s ≤ eval m r").def(CHANGE, subst),
        (_, 0) => draft("change r (change s t) = change (change r s) t".to_owned()).def(CHANGE, subst),
        (_, 1) => valued(format!("eval (m + n) t + eval {k} t = eval (m + {k}) t + eval n t")),
        (_, 2) => draft("size (change s t) = size s * size t".to_owned()).def(SIZE, slope).def(CHANGE, subst),
        _ => valued(format!("eval n (change s t) ≤ eval n (change r t) + {c}")).hyp("∀ x : Nat, eval x s ≤ eval x r").def(CHANGE, subst),
    };
    draft.over("m n", "Nat").over("r s t", "Expr")
}

/// A stack machine, and the compiler from sums to its programs.
fn stack(rng: &mut Rng, d: Difficulty) -> Draft {
    const INSTRUCTION: &[&str] = &["Instr", "Op", "Command", "Step"];
    const RUN: &[&str] = &["run", "exec", "execute", "perform"];
    const COMPILE: &[&str] = &["compile", "code", "translate", "emit"];
    let (b, c, k) = (rng.int(0, 9), rng.int(0, 9), rng.int(1, 9));
    let instructions = "inductive Instr where\n  | push : Nat → Instr\n  | add : Instr\n  | dup : Instr";
    let run = format!(
        "def run : List Instr → List Nat → List Nat\n  | [], s => s\n  | .push n :: p, s => run p (n :: s)\n  \
         | .add :: p, x :: y :: s => run p ((x + y + {b}) :: s)\n  | .add :: p, s => run p s\n  \
         | .dup :: p, x :: s => run p (x :: x :: s)\n  | .dup :: p, [] => run p []"
    );
    let language = "inductive Expr where\n  | num : Nat → Expr\n  | twice : Expr → Expr\n  | plus : Expr → Expr → Expr";
    let eval =
        format!("def eval : Expr → Nat\n  | .num n => n + {c}\n  | .twice a => 2 * eval a + {b}\n  | .plus a b => eval a + eval b + {b}");
    let compile = format!(
        "def compile : Expr → List Instr\n  | .num n => [.push (n + {c})]\n  | .twice a => compile a ++ [.dup, .add]\n  \
         | .plus a b => compile a ++ compile b ++ [.add]"
    );
    let size = "def size : Expr → Nat\n  | .num _ => 1\n  | .twice a => size a + 2\n  | .plus a b => size a + size b + 1".to_string();
    let machine = |goal: String| Draft::new(goal).def(INSTRUCTION, instructions).def(RUN, run.clone());
    let compiled = |goal: String| machine(goal).def(LANGUAGE, language).def(EVALUATE, eval.clone()).def(COMPILE, compile.clone());
    let draft = match (d.level(), rng.below(4)) {
        (1, 0) => machine(format!("run [.push m, .push {k}, .add] s = (m + {}) :: s", k + b)),
        (1, 1) => machine(format!("run [.push {k}, .dup, .add, .push m] s = m :: {} :: s", 2 * k + b)),
        (1, 2) => machine(format!("run [.push {c}, .push {k}, .add] [m] = [{}, m]", c + k + b)),
        (1, _) => machine(format!("run (.push {k} :: p) s = run p ({k} :: s)")),
        (2, 0) => machine(format!("run [.add, .add] (m :: n :: {k} :: s) = (m + n + {}) :: s", k + 2 * b)),
        (2, 1) => Draft::new(format!("{c} ≤ eval t")).def(LANGUAGE, language).def(EVALUATE, eval),
        (2, 2) => machine(format!("run (.push m :: .dup :: .add :: p) s = run p ((2 * m + {b}) :: s)")),
        (2, _) => machine(format!("∃ q : List Instr, run q s = {k} :: {c} :: s")),
        (3, 0) => machine("run (p ++ q) s = run q (run p s)".to_string()),
        (3, 1) => machine(format!("(run p s).length ≤ s.length + p.length + {c}")),
        (3, 2) => compiled("0 < (compile t).length".to_owned()),
        (3, _) => compiled("(compile t).length = size t".to_owned()).def(SIZE, size),
        (4, 0) => machine(format!("run (p ++ [.push {k}]) s = {k} :: run p s")),
        (4, 1) => machine(format!("s.length ≤ (run p s).length + p.length + {c}")),
        (4, 2) => machine(format!("run (p ++ [.push {k}, .push m, .add]) s = (m + {}) :: run p s", k + b)),
        (4, _) => compiled(format!("(compile (.plus t (.twice t))).length = 2 * size t + {}", 3)).def(SIZE, size),
        (_, 0) => compiled("run (compile t) s = eval t :: s".to_owned()),
        (_, 1) => compiled("run (compile t ++ p) s = run p (eval t :: s)".to_owned()),
        (_, 2) => compiled("run (compile t) [] = [eval t]".to_string()),
        _ => compiled(format!("run (compile t ++ [.push {k}, .add]) s = (eval t + {}) :: s", k + b)),
    };
    draft.over("m n", "Nat").over("s", "List Nat").over("p q", "List Instr").over("t", "Expr")
}

/// Numbers by their digits, lowest first, in base two, three or four.
fn digits(rng: &mut Rng, d: Difficulty) -> Draft {
    const TYPE: &[&str] = &["Num", "Digits", "B", "Numeral"];
    const VALUE: &[&str] = &["value", "toNat", "eval", "v"];
    const NEXT: &[&str] = &["inc", "next", "succ", "up"];
    const OTHER: &[&str] = &["other", "len", "ofNat", "g", "h"];
    let base = rng.pick(&[2, 2, 3, 4]);
    let names = &["zero", "one", "two", "three"][..base];
    let (k, c, m) = (rng.int(1, 19), rng.int(0, 19), rng.int(2, 5 + d.scale()));
    // A function by its value at no digits and at each digit.
    let by_digit = |name: &str, result: &str, nil: &str, digit: &dyn Fn(usize) -> String| {
        let lines: String = (0..base).map(|i| format!("\n  | .{} b => {}", names[i], digit(i))).collect();
        format!("def {name} : Digits → {result}\n  | .nil => {nil}{lines}")
    };
    let plus = |text: &str, n: usize| if n == 0 { text.to_owned() } else { format!("{text} + {n}") };
    let kind = format!(
        "inductive Digits where\n  | nil : Digits{}",
        names.iter().map(|n| format!("\n  | {n} : Digits → Digits")).collect::<String>()
    );
    let value = by_digit("value", "Nat", "0", &|i| plus(&format!("{base} * value b"), i));
    let next =
        by_digit("inc", "Digits", ".one .nil", &|i| if i + 1 < base { format!(".{} b", names[i + 1]) } else { ".zero (inc b)".to_owned() });
    let length = by_digit("other", "Nat", "0", &|_| "other b + 1".to_owned());
    let sum = by_digit("other", "Nat", "0", &|i| plus("other b", i));
    let weighted = by_digit("other", "Nat", &c.to_string(), &|i| plus(&format!("{m} * other b"), i * k as usize));
    let flip = by_digit("other", "Digits", ".nil", &|i| format!(".{} (other b)", names[base - 1 - i]));
    let times = "def other : Nat → Digits → Digits\n  | 0, b => b\n  | n + 1, b => inc (other n b)";
    let of_nat = "def other : Nat → Digits\n  | 0 => .nil\n  | n + 1 => inc (other n)";
    let plain = |goal: String| Draft::new(goal).def(TYPE, kind.clone());
    let valued = |goal: String| plain(goal).def(VALUE, value.clone());
    let counted = |goal: String| valued(goal).def(NEXT, next.clone());
    let draft = match (d.level(), rng.below(4)) {
        (1, 0) => {
            let written: Vec<usize> = (0..rng.below(4) + 1).map(|_| rng.below(base)).collect();
            let number = written.iter().rev().fold(0, |number, digit| base * number + digit);
            let text = written.iter().rev().fold("Digits.nil".to_owned(), |rest, digit| format!("(.{} {rest})", names[*digit]));
            valued(format!("value {text} = {number}"))
        }
        (1, 1) => plain(format!("other (.one b) + {c} = {m} * other b + {}", k + c)).def(OTHER, weighted),
        (1, 2) => valued(format!("value (.zero (.one b)) + {c} = {} * value b + {}", base * base, c + base as i64)),
        (1, _) => plain(format!("other (.zero (.one b)) = other b + 2 ∧ other b < other (.one b) + {k}")).def(OTHER, length),
        (2, 0) => counted(format!("value (inc b) + {c} = value b + {}", c + 1)),
        (2, 1) => valued(format!("other b ≤ value b + {c}")).def(OTHER, sum),
        (2, 2) => valued(format!("value (other (other b)) + {c} = value b + {c}")).def(OTHER, flip),
        (2, _) => plain(format!("{} ≤ other b", k.min(c))).def(OTHER, weighted),
        (3, 0) => counted(format!("value (inc (inc b)) + {c} = value b + {}", c + 2)),
        (3, 1) => valued(format!("value b < {base} ^ other b + {c}")).def(OTHER, length),
        (3, 2) => counted(format!("inc b ≠ Digits.nil ∧ {c} < value (inc b) + {c}")),
        (3, _) => valued(format!("value b % {base} = 1 ↔ ∃ x : Digits, b = .one x")),
        (4, 0) => counted(format!("value (other n b) + {c} = value b + n + {c}")).def(OTHER, times),
        (4, 1) => counted(format!("value (other n) + {c} = n + {c}")).def(OTHER, of_nat),
        (4, 2) => counted(format!("other (inc b) ≤ other b + {k}")).def(OTHER, length),
        (4, _) => counted(format!("other (inc b) ≤ other b + {k}")).def(OTHER, sum),
        (_, 0) => counted(format!("value (other (m + {k}) b) = value (other m b) + {k}")).def(OTHER, times),
        (_, 1) => {
            counted(format!("value (other ({base} * n)) = value (.zero (other n)) ∧ value (other (n + {k})) = n + {k}")).def(OTHER, of_nat)
        }
        (_, 2) => {
            // The digits of a number and of its flip make up the largest digits.
            let goal = format!("value b + value (other b) + {} = {base} ^ width b + {c}", c + 1);
            valued(goal).def(OTHER, flip).def(&["width", "size", "places"], by_digit("width", "Nat", "0", &|_| "width b + 1".to_owned()))
        }
        _ => counted(format!("∀ n : Nat, ∃ b : Digits, value b = {m} * n + {c}")),
    };
    draft.over("b", "Digits").over("m n", "Nat")
}

/// Sorting by insertion.
fn sorted(rng: &mut Rng, d: Difficulty) -> Draft {
    const INSERT: &[&str] = &["insert'", "ins", "place", "put"];
    const SORT: &[&str] = &["isort", "sort", "order", "arrange"];
    const SORTED: &[&str] = &["Sorted", "Ordered", "Rising", "InOrder"];
    let below = rng.pick(&["≤", "≤", "<", "≥"]);
    let (c, k) = (rng.int(0, 19), rng.int(1, 29));
    let weak = if below == "≥" { "≥" } else { "≤" };
    let insert = format!(
        "def ins (n : Nat) : List Nat → List Nat\n  | [] => [n]\n  | x :: xs => if n {below} x then n :: x :: xs else x :: ins n xs"
    );
    let sort = "def sort : List Nat → List Nat\n  | [] => []\n  | x :: xs => ins x (sort xs)";
    let predicate = format!("def Sorted : List Nat → Prop\n  | [] => True\n  | x :: xs => (∀ y ∈ xs, x {weak} y) ∧ Sorted xs");
    let inserting = |goal: String| Draft::new(goal).def(INSERT, insert.clone());
    let sorting = |goal: String| inserting(goal).def(SORT, sort);
    let ordered = |goal: String| Draft::new(goal).def(SORTED, predicate.clone());
    let draft = match (d.level(), rng.below(4)) {
        (1, 0) => {
            let mut items: Vec<i64> = (0..3).map(|_| rng.int(0, 30)).collect();
            let text = format!("{items:?}");
            items.sort_unstable();
            if below == "≥" {
                items.reverse();
            }
            sorting(format!("sort {text} = {items:?}"))
        }
        (1, 1) => inserting(format!("(ins m [{k}]).length = 2")),
        (1, 2) => ordered(format!("Sorted (m :: xs) → Sorted xs ∧ {c} ≤ m + {c}")),
        (1, _) => inserting(format!("(ins {k} [m, n]).length + {c} = {}", 3 + c)),
        (2, 0) => inserting(format!("(ins {k} xs).length + {c} = xs.length + {}", c + 1)),
        (2, 1) => inserting(format!("(ins m xs).sum + {c} = m + xs.sum + {c}")),
        (2, 2) => inserting("ins m xs ≠ []".to_owned()),
        (2, _) => ordered(format!("Sorted [m, m {} {k}]", if weak == "≤" { '+' } else { '-' })),
        (3, 0) => sorting(format!("(sort xs).length + {c} = xs.length + {c}")),
        (3, 1) => sorting(format!("(sort (xs ++ [{k}])).sum = xs.sum + {k}")),
        (3, 2) => inserting(format!("n ∈ ins {k} xs ↔ n = {k} ∨ n ∈ xs")),
        (3, _) => inserting(format!("(ins {k} xs).count {c} = xs.count {c} + (if {k} = {c} then 1 else 0)")),
        (4, 0) => sorting("n ∈ sort xs ↔ n ∈ xs".to_owned()),
        (4, 1) => sorting(format!("(sort (xs ++ ys)).length + {c} = (sort xs).length + (sort ys).length + {c}")),
        (4, 2) => ordered(format!("Sorted (xs ++ ys) → Sorted xs ∧ Sorted ys ∧ ∀ x ∈ xs, ∀ y ∈ ys, x {weak} y")),
        (4, _) => sorting(format!("(∀ x ∈ sort xs, x ≤ {k}) ↔ ∀ x ∈ xs, x ≤ {k}")),
        (_, 0) => inserting(format!("Sorted (ins {k} xs)")).def(SORTED, predicate).hyp("Sorted xs").at("xs", "[4]"),
        (_, 1) => sorting(format!("Sorted (sort ({k} :: xs))")).def(SORTED, predicate),
        (_, 2) => sorting(format!("(sort xs).count {k} = xs.count {k}")),
        _ => sorting(format!("Sorted xs → (sort xs).length = xs.length ∧ Sorted (sort (xs ++ [{k}]))")).def(SORTED, predicate),
    };
    draft.over("xs ys", "List Nat").over("m n", "Nat")
}

/// Machines with a few states.
fn machine(rng: &mut Rng, d: Difficulty) -> Draft {
    const TYPE: &[&str] = &["State", "Light", "Mode", "Phase"];
    const NEXT: &[&str] = &["next", "move", "turn", "advance"];
    const RUN: &[&str] = &["run", "after", "iterate", "steps"];
    const NAMES: [&str; 5] = ["red", "green", "blue", "white", "black"];
    let n = rng.below(3) + 3;
    let kind = format!("inductive State where{}", NAMES[..n].iter().map(|name| format!("\n  | {name} : State")).collect::<String>());
    // A permutation of the states, and the least power of it that moves nothing.
    let mut to: Vec<usize> = (0..n).collect();
    rng.shuffle(&mut to);
    let power = |times: i64| (0..times).fold((0..n).collect::<Vec<_>>(), |at, _| at.iter().map(|i| to[*i]).collect());
    let order = (1..=60).find(|times| power(*times).iter().enumerate().all(|(i, j)| i == *j)).unwrap_or(60);
    let table = |to: &dyn Fn(usize) -> usize| (0..n).map(|i| format!("\n  | .{} => .{}", NAMES[i], NAMES[to(i)])).collect::<String>();
    let next = format!("def next : State → State{}", table(&|i| to[i]));
    let other: Vec<usize> = (0..n).map(|_| rng.below(n)).collect();
    let jump = format!("def jump : State → State{}", table(&|i| other[i]));
    let applied =
        |times: i64| (0..times).fold("s".to_owned(), |inner, _| if inner == "s" { "next s".to_owned() } else { format!("next ({inner})") });
    let run = "def run : Nat → State → State\n  | 0, s => s\n  | n + 1, s => run n (next s)";
    let read =
        "def run : List Bool → State → State\n  | [], s => s\n  | true :: w, s => run w (next s)\n  | false :: w, s => run w (jump s)";
    let base = |goal: String| Draft::new(goal).def(TYPE, kind.clone()).def(NEXT, next.clone());
    let counting = |goal: String| base(goal).def(RUN, run);
    let reading = |goal: String| base(goal).def(&["jump", "reset", "leap"], jump.clone()).def(RUN, read);
    let times = rng.int(2, 5);
    let state = |i: usize| format!("State.{}", NAMES[i]);
    let (i, k) = (rng.below(n), rng.int(1, 4));
    let draft = match (d.level(), rng.below(4)) {
        (1, 0) => base(format!("next {} = {}", state(i), state(to[i]))),
        (1, 1) => base(format!("{} = s", applied(order))),
        (1, 2) => base("∃ t : State, next t = s".to_owned()),
        (1, _) => counting(format!("run {times} {} = {}", state(i), state(power(times)[i]))),
        (2, 0) => base("s = t".to_owned()).hyp("next s = next t").at("s", state(i)).at("t", state(i)),
        (2, 1) => counting(format!("run (n + {k}) s = run n ({})", applied(k))),
        (2, 2) => base(format!("next s = {} ↔ s = {}", state(to[i]), state(i))),
        (2, _) => reading(format!("run [true, false] s = jump (next s) ∧ run [] {} = {}", state(i), state(i))),
        (3, 0) => counting("run (m + n) s = run n (run m s)".to_owned()),
        (3, 1) => counting(format!("run {order} s = s ∧ run {} s = run {times} s", order + times)),
        (3, 2) => counting("run n (next s) = next (run n s)".to_owned()),
        (3, _) => reading("run (v ++ w) s = run w (run v s)".to_owned()),
        (4, 0) => counting(format!("run (n + {order}) s = run n s")),
        (4, 1) => counting(format!("run (n + {}) s = run n ({})", order + k, applied(k))),
        (4, 2) => reading("run (w ++ [true, true]) s = next (next (run w s))".to_string()),
        (4, _) => reading("run w s = run w t".to_owned()).hyp("s = t").at("s", state(i)).at("t", state(i)),
        (_, 0) => counting(format!("run ({order} * n) s = s")),
        (_, 1) => counting(format!("run ({order} * n + {times}) {} = {}", state(i), state(power(times)[i]))),
        (_, 2) => counting("s = t".to_owned()).hyp("run n s = run n t").at("s", state(i)).at("t", state(i)),
        _ => counting("∃ t : State, run n t = s".to_owned()),
    };
    draft.over("m n", "Nat").over("v w", "List Bool").over("s t", "State")
}

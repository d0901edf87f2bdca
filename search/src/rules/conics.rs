//! Equations of two whole numbers whose left side is a product of linear terms up to a constant, such as `x ^ 2 - y ^ 2 = 15` or
//! `2 * m * n + m = 40`: of `(x + y) * (x - y) = 15` one factor is a small divisor of 15, and with it both numbers are known.
//!
//! The solutions are computed here. The script shows that there are no others, and looks at each.

use super::{
    finite::{NATURAL_CASTS, is_integer, is_natural},
    fraction::{self, Domain, Fraction, Reader},
    view::{Item, View, mentions},
};
use crate::{
    lex::{TokenKind, tokens},
    shape::{Shape, shape},
};

/// The largest constant whose divisors are tried.
const MOST: i128 = 100_000;
/// How many divisors that are not more than its root it may have.
const MOST_DIVISORS: usize = 16;

/// The script for the first such equation among the facts.
pub(super) fn script(view: &View<'_>) -> Option<String> {
    view.facts.iter().find_map(|fact| {
        let Shape::Relation { symbol: "=", left, right } = shape(fact.kind) else { return None };
        let names: Vec<&Item<'_>> = view.data.iter().filter(|item| mentions(fact.kind, item.name)).collect();
        let [x, y] = names[..] else { return None };
        let whole = is_integer(x) && is_integer(y) && is_natural(x) == is_natural(y);
        let (first, second, constant) = factored(&coefficients(left, right, x.name, y.name)?).filter(|_| whole)?;
        proof(view, fact, (x, y), (first, second), constant)
    })
}

/// `a * x + b * y + c`.
type Line = [i128; 3];

fn proof(
    view: &View<'_>,
    fact: &Item<'_>,
    (x, y): (&Item<'_>, &Item<'_>),
    (first, second): (Line, Line),
    constant: i128,
) -> Option<String> {
    let absolute = (constant != 0 && constant.abs() <= MOST).then_some(constant.abs())?;
    let root = (1..).find(|n| n * n > absolute)?;
    let small: Vec<i128> = (1..root).filter(|d| absolute % d == 0).collect();
    let determinant = first[0] * second[1] - first[1] * second[0];
    if small.len() > MOST_DIVISORS || determinant == 0 {
        return None;
    }
    // Where the first factor is `u` and the second one `v`.
    let solution = |u: i128, v: i128| {
        let (u, v) = (u - first[2], v - second[2]);
        let (p, q) = (u * second[1] - v * first[1], first[0] * v - second[0] * u);
        let found = (p / determinant, q / determinant);
        let fits = p % determinant == 0 && q % determinant == 0 && (!is_natural(x) || found.0 >= 0 && found.1 >= 0);
        fits.then_some(found)
    };
    let mut solutions: Vec<(i128, i128)> = Vec::new();
    for d in small.iter().flat_map(|d| [*d, -d, absolute / d, -absolute / d]) {
        solutions.extend(solution(d, constant / d).filter(|found| !solutions.contains(found)));
    }
    solutions.sort_unstable();
    let of = |item: &Item<'_>| if is_natural(item) { format!("({} : Int)", item.name) } else { item.name.to_owned() };
    let text = |line: &Line| {
        let parts = [(line[0], of(x)), (line[1], of(y)), (line[2], "1".to_owned())];
        let part = |(times, what): &(i128, String)| match times {
            1 => what.clone(),
            _ => format!("{} * {what}", signed(*times)),
        };
        format!("({})", parts.iter().filter(|(times, _)| *times != 0).map(part).collect::<Vec<_>>().join(" + "))
    };
    let (a, b) = (text(&first), text(&second));
    let [f, g, key, sol] = ["f", "g", "key", "sol"].map(|base| view.fresh(base));
    let divisors: Vec<String> = small.iter().map(|d| format!("d = {d}")).collect();
    let patterns = vec!["h"; small.len()].join(" | ");
    let says: Vec<String> = solutions.iter().map(|(u, v)| format!("({} = {} ∧ {} = {})", x.name, signed(*u), y.name, signed(*v))).collect();
    let says = if says.is_empty() { "False".to_owned() } else { says.join(" ∨ ") };
    let end = match solutions.len() {
        0 => format!("exact {sol}.elim"),
        n => format!("rcases {sol} with {} <;> first | omega | simp_all | grind", vec!["⟨rfl, rfl⟩"; n].join(" | ")),
    };
    // Which of the solutions it is where a factor is a divisor, and why.
    let case = |found: Option<(i128, i128)>| match found.and_then(|found| solutions.iter().position(|solution| *solution == found)) {
        None => "exact False.elim (by omega)".to_owned(),
        Some(at) => {
            let last = if at + 1 == solutions.len() { "" } else { "Or.inl " };
            format!("exact {}{last}⟨by omega, by omega⟩{}", "Or.inr (".repeat(at), ")".repeat(at))
        }
    };
    let each = |factor: &str, proof: &str, found: &dyn Fn(i128) -> Option<(i128, i128)>| {
        let cases = small.iter().flat_map(|d| [*d, -d]).map(|d| format!("\n    · {}", case(found(d)))).collect::<String>();
        format!(
            "rcases {key} _ h {proof} with {patterns} <;> rcases Int.natAbs_eq {factor} with e | e <;> rw [h] at e <;> rw [e] at {f}{cases}"
        )
    };
    let of_first = each(&a, &format!("⟨_, {g}.symm⟩"), &|d| solution(d, constant / d));
    let of_second = each(&b, &format!("⟨_, ((Nat.mul_comm _ _).trans {g}).symm⟩"), &|d| solution(constant / d, d));
    let (fact, constant) = (fact.name, signed(constant));
    Some(format!(
        "have {f} : {a} * {b} = {constant} := by first | grind | (have z := Int.ofNat_inj.mpr {fact}; simp only [{NATURAL_CASTS}] at z; grind)\n\
         have {g} : {a}.natAbs * {b}.natAbs = {absolute} := by rw [← Int.natAbs_mul, {f}]; rfl\n\
         have {key} : ∀ d ∈ List.range {root}, d ∣ {absolute} → {} := by decide +kernel\n\
         have {key} : ∀ d < {root}, d ∣ {absolute} → {} := fun d h => {key} d (List.mem_range.mpr h)\n\
         have {sol} : {says} := by\n  \
           rcases Nat.lt_or_ge {a}.natAbs {root} with h | h\n  \
           · {}\n  \
           · have h : {b}.natAbs < {root} := by\n      \
               rcases Nat.lt_or_ge {b}.natAbs {root} with h' | h'\n      \
               · exact h'\n      \
               · have := Nat.mul_le_mul h h'\n        \
                 omega\n    \
             {}\n\
         {end}",
        divisors.join(" ∨ "),
        divisors.join(" ∨ "),
        of_first,
        of_second,
    ))
}

fn signed(n: i128) -> String {
    if n < 0 { format!("({n})") } else { n.to_string() }
}

/// The coefficients of `x ^ 2`, `x * y`, `y ^ 2`, `x`, `y` and 1 in the difference of two sides, if it is such a polynomial.
fn coefficients(left: &str, right: &str, x: &str, y: &str) -> Option<[i128; 6]> {
    // Division would make it none, and subtraction of natural numbers is that of integers where it is not zero.
    let plain =
        |text: &str| tokens(text).iter().all(|t| !matches!(t.text, "/" | "%") && (t.kind != TokenKind::Name || [x, y].contains(&t.text)));
    if !plain(left) || !plain(right) {
        return None;
    }
    let at = |u: u64, v: u64| {
        let value =
            |_: &mut Reader<'_, '_>, name: &str| if name == x { Some(Fraction::from(u)) } else { (name == y).then_some(Fraction::from(v)) };
        let side = |text: &str| Reader { tokens: &tokens(text), domain: Domain::Int, value: &value }.all()?.whole();
        side(left)?.checked_sub(side(right)?)
    };
    let constant = at(0, 0)?;
    let (x1, x2, y1, y2) = (at(1, 0)? - constant, at(2, 0)? - constant, at(0, 1)? - constant, at(0, 2)? - constant);
    let (xx, yy) = ((x2 - 2 * x1) / 2, (y2 - 2 * y1) / 2);
    let found = [xx, at(1, 1)? - constant - x1 - y1, yy, x1 - xx, y1 - yy, constant];
    let [a, b, c, d, e, f] = found;
    let small = found.iter().all(|n| n.abs() < 1 << 30);
    let value = |u: i128, v: i128| a * u * u + b * u * v + c * v * v + d * u + e * v + f;
    let same = |(u, v): (u64, u64)| at(u, v) == Some(value(u.into(), v.into()));
    (small && [(2, 3), (3, 1), (5, 4), (1, 7)].into_iter().all(same)).then_some(found)
}

/// Two linear terms whose product is a constant exactly where the polynomial is zero.
fn factored(&[a, b, c, d, e, f]: &[i128; 6]) -> Option<(Line, Line, i128)> {
    let square = b * b - 4 * a * c;
    let root = isqrt(square).filter(|root| *root > 0)?;
    let (p, q) = if a == 0 { ((0, 1), (b, c)) } else { (primitive(2 * a, b + root)?, primitive(2 * a, b - root)?) };
    // The product of primitive forms is the form up to a constant.
    let (of, by) = [(a, p.0 * q.0), (b, p.0 * q.1 + p.1 * q.0), (c, p.1 * q.1)].into_iter().find(|(_, by)| *by != 0)?;
    let times = (of % by == 0).then_some(of / by)?;
    let p = (p.0 * times, p.1 * times);
    // With `(p + u) * (q + v)` the linear terms are those of the polynomial; both may be fractions of the determinant.
    let determinant = p.0 * q.1 - p.1 * q.0;
    let (u, v) = (p.0 * e - p.1 * d, d * q.1 - e * q.0);
    let (first, second) = ([p.0 * determinant, p.1 * determinant, u], [q.0 * determinant, q.1 * determinant, v]);
    let constant = u * v - f * determinant * determinant;
    let (g, h) = (first.into_iter().fold(0, gcd), second.into_iter().fold(0, gcd));
    // What a factor has in common divides the constant, or there are no solutions.
    let exact = g * h != 0 && constant % (g * h) == 0;
    let sign = |line: &Line| line.iter().find(|n| **n != 0).map_or(1, |n| n.signum());
    let (g, h) = (g * sign(&first), h * sign(&second));
    exact.then(|| (first.map(|n| n / g), second.map(|n| n / h), constant / (g * h)))
}

fn primitive(a: i128, b: i128) -> Option<(i128, i128)> {
    let divisor = gcd(a, b);
    (divisor != 0).then(|| (a / divisor, b / divisor))
}

fn gcd(a: i128, b: i128) -> i128 {
    // Not more than the coefficients, which are small.
    fraction::gcd(a.unsigned_abs(), b.unsigned_abs()) as i128
}

fn isqrt(n: i128) -> Option<i128> {
    let root = u128::try_from(n).ok()?.isqrt();
    i128::try_from(root).ok().filter(|root| root * root == n)
}

#[cfg(test)]
mod tests {
    use super::{super::testing::made, *};

    fn of(kind: &str, fact: &str) -> Option<String> {
        made(script, &[("x", kind), ("y", kind), ("h", fact)], "x = 4")
    }

    fn equation(left: &str) -> Option<(Line, Line, i128)> {
        factored(&coefficients(left, "0", "x", "y")?)
    }

    #[test]
    fn polynomials_are_factored_up_to_a_constant() {
        assert_eq!(equation("x ^ 2 - y ^ 2 - 15"), Some(([1, 1, 0], [1, -1, 0], 15)));
        assert_eq!(equation("x * y - 91").map(|(.., constant)| constant), Some(91));
        // (2 m + 3) (3 n - 2) = 360
        assert_eq!(
            equation("6 * x * y - 4 * x + 9 * y - 366").map(|(p, q, n)| (p.map(i128::abs), q.map(i128::abs), n)),
            Some(([0, 3, 2], [2, 0, 3], 360))
        );
        assert_eq!(equation("x ^ 2 + y ^ 2 - 25"), None);
        assert_eq!(equation("x ^ 2 + 2 * x * y + y ^ 2 - 25"), None);
        assert_eq!(equation("x ^ 3 - y - 2"), None);
        assert_eq!(equation("x ^ 2 - 2 * y ^ 2 - 1"), None);
    }

    #[test]
    fn the_solutions_are_those_of_the_type() {
        let naturals = of("ℕ", "x ^ 2 - y ^ 2 = 15").expect("a script");
        assert!(naturals.contains("have sol : (x = 4 ∧ y = 1) ∨ (x = 8 ∧ y = 7) := by\n"), "{naturals}");
        assert!(naturals.contains("d ∈ List.range 4, d ∣ 15 → d = 1 ∨ d = 3 := "), "{naturals}");
        let cases = "rw [e] at f\n    · exact Or.inr (⟨by omega, by omega⟩)\n    · exact False.elim (by omega)\n    · exact Or.inl ⟨by omega, by omega⟩\n";
        assert!(naturals.contains(cases), "of the factor `x - y`, which is 1, -1 or 3: {naturals}");
        let integers = of("ℤ", "x ^ 2 - y ^ 2 = 15").expect("a script");
        assert!(integers.contains("(x = (-4) ∧ y = (-1))") && integers.contains("(x = 8 ∧ y = (-7))"), "{integers}");
        assert!(of("ℤ", "x ^ 2 = y ^ 2 + 2").is_some_and(|s| s.ends_with("exact sol.elim")));
        assert_eq!((of("ℚ", "x * y = 6"), of("ℤ", "x * y = 0"), of("ℤ", "x * y = 720720")), (None, None, None));
    }

    proptest::proptest! {
        #[test]
        fn what_is_factored_is_the_polynomial(c in proptest::array::uniform6(-9i128..9)) {
            if let Some((p, q, n)) = factored(&c) {
                let zero = |x: i128, y: i128| c[0] * x * x + c[1] * x * y + c[2] * y * y + c[3] * x + c[4] * y + c[5] == 0;
                let line = |l: &Line, x: i128, y: i128| l[0] * x + l[1] * y + l[2];
                for (x, y) in (-9..9).flat_map(|x| (-9..9).map(move |y| (x, y))) {
                    proptest::prop_assert_eq!(zero(x, y), line(&p, x, y) * line(&q, x, y) == n);
                }
            }
        }

        #[test]
        fn no_text_panics(fact in "[xy0-9 ()^*+-]*= [xy0-9 ()^*+-]*") {
            let _ = of("ℤ", &fact);
        }
    }
}

//! Sequences whose values are those of a polynomial, or of its reciprocal: from `a (n + 1) = a n + 2 * n + 1` and `a 0 = 0` follows
//! `a n = n ^ 2`, which says what values too far away for a recursion are.
//!
//! The closed form is read off the first values, as many more of which have to agree, and proved by induction.

use super::{
    fraction::{Domain, Fraction},
    polynomial::{Polynomial, combination},
    sequences::{COMPUTE, Sequence},
    term::{Operator, Term},
    view::View,
};
use std::fmt::Write;

/// The highest degrees of polynomials, and of those that are divided by.
const MOST_DEGREE: u32 = 4;
const MOST_DIVISOR_DEGREE: u32 = 2;
/// So many values more than it takes to tell the polynomial.
const CONFIRMING: usize = 5;
/// Nearer values are computed one from the other.
const NEAREST: u64 = 100;

/// What the values from the first on are, by the distance to it.
enum Form {
    Polynomial(Polynomial),
    /// A constant over a polynomial.
    Reciprocal(Fraction, Polynomial),
}

/// The script for the first sequence of which the target asks for a value that is far away.
pub(super) fn script(view: &View<'_>) -> Option<String> {
    view.data.iter().find_map(|item| far(view, &Sequence::of(view, item)?))
}

fn far(view: &View<'_>, sequence: &Sequence<'_>) -> Option<String> {
    let wanted = sequence.wanted(view);
    if wanted.iter().max()? < &NEAREST {
        return None;
    }
    let first = *sequence.given.keys().next()?;
    let order = sequence.recursion.calls(sequence.name)?.into_iter().map(|(offset, ..)| offset).min()?;
    let order = u64::try_from(i64::try_from(sequence.recursion.shift).ok()? - order).ok().filter(|order| (1..=2).contains(order))?;
    let starts_there = (first..first + order).all(|index| sequence.given.contains_key(&index));
    if !starts_there || sequence.given.len() as u64 != order {
        return None;
    }
    let values = sequence.values(first, first + u64::from(MOST_DEGREE) + CONFIRMING as u64);
    let form = Form::of(&values, sequence.domain)?;
    let [key, n, ih, e] = ["key", "n", "ih", "e"].map(|base| view.fresh(base));
    let a = sequence.name;
    let at = |from: &str, more: u64| if more == 0 { from.to_owned() } else { format!("{from} + {more}") };
    let here = at(&n, first);
    let says = |distance: u64| {
        let index = if distance == 0 { here.clone() } else { format!("{here} + {distance}") };
        form.text(&format!("{a} ({index})"), &n, distance, sequence.domain)
    };
    let statement = (0..order).map(says).collect::<Option<Vec<_>>>()?.join(" ∧ ");
    let names: Vec<String> = (0..order).map(|_| view.fresh("i")).collect();
    let premises = " (by omega)".repeat(sequence.recursion.premises);
    // The recursion at the `n` whose values are known.
    let start = i64::try_from(sequence.recursion.shift).ok()? - i64::try_from(order).ok()?;
    let argument = match i64::try_from(first).ok()? - start {
        0 => n.clone(),
        more @ 1.. => format!("{n} + {more}"),
        _ => return None,
    };
    let mut script = format!("have {key} : ∀ {n} : Nat, {statement} := by\n  intro {n}\n  induction {n} with\n");
    let _ = writeln!(
        script,
        "  | zero => {}first | grind | (simp_all; done) | decide +kernel",
        "refine ⟨?_, ?_⟩ <;> ".repeat(order as usize - 1)
    );
    let pattern = if let [name] = names.as_slice() { name.clone() } else { format!("⟨{}⟩", names.join(", ")) };
    let _ = writeln!(script, "  | succ {n} {ih} =>\n    obtain {pattern} := {ih}");
    let _ = writeln!(script, "    have {e} := {} ({argument}){premises}", sequence.recursion.fact);
    let casts = if sequence.domain == Domain::Nat { String::new() } else { format!("    push_cast at {e} ⊢\n") };
    match &form {
        Form::Polynomial(_) => {
            let _ = writeln!(script, "{casts}    {}grind", "refine ⟨?_, ?_⟩ <;> ".repeat(order as usize - 1));
        }
        Form::Reciprocal(over, under) => {
            let text = |distance| reciprocal(*over, under, "t", distance);
            let [t, t0, square] = ["t", "t0", "tt"].map(|base| view.fresh(base));
            let index = |more: u64| format!("show {n} + 1 + {first} + {more} = {here} + {} by omega", more + 1);
            let (known, spent) = (names.join(", "), names.join(" "));
            let kept = (1..order).map(|i| {
                format!(
                    "(congrArg {a} ({})).trans ({}.trans (by push_cast; congr 1; grind))",
                    index(i - 1).replace(" + 0", ""),
                    names[i as usize]
                )
            });
            let last = index(order - 1).replace(" + 0", "");
            let holes = kept.chain(["?_".to_owned()]).collect::<Vec<_>>().join(", ");
            let _ = writeln!(script, "    refine {}", if order == 1 { holes } else { format!("⟨{holes}⟩") });
            let _ = writeln!(script, "    rw [{known}] at {e}\n    refine (congrArg {a} ({last})).trans ({e}.trans ?_)\n    push_cast");
            let _ = writeln!(script, "    have {t0} : (0 : Rat) ≤ ({n} : Rat) := by exact_mod_cast Nat.zero_le {n}\n    clear {e} {spent}");
            let _ = writeln!(script, "    generalize ({n} : Rat) = {t} at *\n    have {square} := Rat.mul_nonneg {t0} {t0}");
            for distance in 0..=order {
                let (_, divisor) = text(distance)?;
                let _ = writeln!(script, "    have {} : {divisor} ≠ 0 := by grind", view.fresh("d"));
            }
            for (divisor, over, under) in sequence.divisors(&|offset| text(u64::try_from(offset - start).ok()?), first)? {
                let [d, h, p] = ["d", "h", "p"].map(|base| view.fresh(base));
                let _ = writeln!(
                    script,
                    "    have {d} : {divisor} ≠ 0 := by\n      intro {h}\n      have {p} : ({divisor}) * ({under}) = {over} := by grind\n      rw [{h}, Rat.zero_mul] at {p}\n      grind"
                );
            }
            script += "    grind\n";
        }
    }
    let mut found = Vec::new();
    for index in wanted {
        let distance = index.checked_sub(first)?;
        let value = form.value(distance)?;
        let v = view.fresh("v");
        let part = if order == 1 { String::new() } else { ".1".to_owned() };
        let _ = writeln!(
            script,
            "have {v} : {a} {index} = {} := by\n  have {v} := ({key} {distance}){part}\n  first | exact {v}.trans (by decide +kernel) | grind",
            value.text()
        );
        found.push(v);
    }
    Some(format!("{script}simp only [{}]\n{COMPUTE}", found.join(", ")))
}

impl Form {
    /// The form that some values have.
    fn of(values: &[Fraction], domain: Domain) -> Option<Form> {
        if let Some(polynomial) = fitting(values, MOST_DEGREE) {
            return Some(Form::Polynomial(polynomial));
        }
        let one = Fraction::from(1u64);
        let inverse = |value: &Fraction| Domain::Rat.apply("/", one, *value).filter(|_| value.sign() != 0);
        let inverses: Vec<Fraction> = values.iter().map(inverse).collect::<Option<_>>()?;
        let under = fitting(&inverses, MOST_DIVISOR_DEGREE).filter(|_| domain == Domain::Rat)?;
        let whole = under.primitive()?;
        let (exponents, coefficient) = under.terms().last()?;
        let over = Domain::Rat.apply("/", whole.coefficient(exponents), coefficient)?;
        // What is divided by has to be seen to be positive.
        let positive = whole.terms().all(|(_, coefficient)| coefficient.sign() > 0) && whole.coefficient(&[0]).sign() > 0;
        positive.then_some(Form::Reciprocal(over, whole))
    }

    /// What it says of a value so far behind `n`.
    fn text(&self, value: &str, n: &str, distance: u64, domain: Domain) -> Option<String> {
        match self {
            Form::Polynomial(polynomial) => {
                let moved = moved(polynomial, distance)?;
                let whole = moved.scaled(Fraction::new(moved.denominators()?, 1)?)?;
                let factor = if moved.denominators()? == 1 { String::new() } else { format!("{} * ", moved.denominators()?) };
                let side = |sign: i128| {
                    let terms = whole.terms().filter(|(_, c)| c.sign() == sign).map(|(e, c)| Polynomial::monomial(e.to_vec(), c.size()));
                    terms.fold(Polynomial::default(), |sum, term| sum.plus(&term).unwrap_or(sum))
                };
                let name = match domain {
                    Domain::Nat => n.to_owned(),
                    Domain::Int => format!("({n} : Int)"),
                    Domain::Rat => format!("({n} : Rat)"),
                };
                let (more, less) = (side(1).text(std::slice::from_ref(&name)), side(-1));
                let less = if less == Polynomial::default() { String::new() } else { format!(" + ({})", less.text(&[name])) };
                Some(format!("{factor}{value}{less} = {more}"))
            }
            Form::Reciprocal(over, under) => Some(format!("{value} = {}", reciprocal(*over, under, &format!("({n} : Rat)"), distance)?.0)),
        }
    }

    fn value(&self, distance: u64) -> Option<Fraction> {
        let at = |polynomial: &Polynomial| Some(moved(polynomial, distance)?.coefficient(&[0]));
        match self {
            Form::Polynomial(polynomial) => at(polynomial),
            Form::Reciprocal(over, under) => Domain::Rat.apply("/", *over, at(under)?),
        }
    }
}

/// The polynomial of a low degree that has these values at 0, 1, 2, …
fn fitting(values: &[Fraction], most: u32) -> Option<Polynomial> {
    // A polynomial for each power of `n`, its coefficients the values of the power.
    let places = || (0..values.len()).map(|at| at as u32);
    let listed = |value: &dyn Fn(u32) -> Option<Fraction>| {
        places().try_fold(Polynomial::default(), |sum, at| sum.plus(&Polynomial::monomial(vec![at], value(at)?)))
    };
    (0..=most).filter(|degree| values.len() >= *degree as usize + 1 + CONFIRMING).find_map(|degree| {
        let power =
            |exponent: u32| listed(&|at| Domain::Rat.apply("^", Fraction::from(u64::from(at)), Fraction::from(u64::from(exponent))));
        let powers = (0..=degree).map(power).collect::<Option<Vec<_>>>()?;
        let coefficients = combination(&powers, &listed(&|at| values.get(at as usize).copied())?)?;
        let terms = coefficients.into_iter().enumerate().map(|(exponent, c)| Polynomial::monomial(vec![exponent as u32], c));
        terms.into_iter().try_fold(Polynomial::default(), |sum, term| sum.plus(&term))
    })
}

/// A polynomial in one variable, so much further on.
fn moved(polynomial: &Polynomial, by: u64) -> Option<Polynomial> {
    let place = Polynomial::monomial(vec![1], Fraction::from(1u64)).plus(&Polynomial::constant(Fraction::from(by), 1))?;
    polynomial.replaced(0, &place)
}

/// A constant over a polynomial that is so much further on, and what it is divided by.
fn reciprocal(over: Fraction, under: &Polynomial, variable: &str, distance: u64) -> Option<(String, String)> {
    let divisor = moved(under, distance)?.text(&[variable.to_owned()]);
    Some((format!("{} / ({divisor})", over.text()), divisor))
}

impl Sequence<'_> {
    /// What the recursion divides by, with reciprocals for the values: the text, and a numerator and a denominator of it.
    fn divisors(&self, value: &dyn Fn(i64) -> Option<(String, String)>, first: u64) -> Option<Vec<(String, String, String)>> {
        let mut text = String::new();
        let (calls, all) = (self.recursion.calls(self.name)?, &self.recursion.right);
        let mut at = 0;
        while let Some(token) = all.get(at) {
            if let Some((offset, _, range)) = calls.iter().find(|(_, _, range)| range.start == at) {
                let _ = write!(text, "({}) ", value(*offset)?.0);
                at = range.end;
                continue;
            }
            match token.text {
                "↑" => {}
                name if name == self.recursion.variable => drop(write!(text, "(t + {first}) ")),
                other => drop(write!(text, "{other} ")),
            }
            at += 1;
        }
        let mut found = Vec::new();
        divisors(&Term::of(&text)?, &mut found)?;
        Some(found)
    }
}

/// What a term divides by that is made of quotients itself.
fn divisors(term: &Term<'_>, found: &mut Vec<(String, String, String)>) -> Option<()> {
    match term {
        Term::Number(_) | Term::Name(_) => {}
        Term::Negative(inner) => divisors(inner, found)?,
        Term::Binary(operator, left, right) => {
            divisors(left, found)?;
            divisors(right, found)?;
            if *operator == Operator::Div && right.any(&|part| matches!(part, Term::Binary(Operator::Div, ..))) {
                let (over, under) = right.fraction()?;
                let plain = |term: &Term<'_>| term.text(&str::to_owned);
                let over = Polynomial::of(&over, &["t"])?;
                if over.terms().any(|(_, coefficient)| coefficient.sign() < 0) || over.coefficient(&[0]).sign() == 0 {
                    return None;
                }
                found.push((plain(right), over.text(&["t".to_owned()]), plain(&under)));
            }
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::{super::testing::made, *};

    fn of(hypotheses: &[(&str, &str)], target: &str) -> Option<String> {
        made(script, hypotheses, target)
    }

    #[test]
    fn values_far_away_are_those_of_a_polynomial() {
        let facts = [("a", "ℕ → ℚ"), ("h₀", "a 1 = 2"), ("h₁", "∀ (n : ℕ), 1 ≤ n → a (n + 1) = a n + 2 * ↑n + 1")];
        let script = of(&facts, "a 2000 = 4000001").expect("a script");
        assert!(script.starts_with("have key : ∀ n : Nat, a (n + 1) = (n : Rat) ^ 2 + 2 * (n : Rat) + 2 := by\n"), "{script}");
        assert!(script.contains("have v : a 2000 = 4000001 := by\n  have v := (key 1999)\n"), "{script}");
        let halves = [("a", "ℕ → ℕ"), ("h₀", "a 0 = 3"), ("h₁", "∀ (n : ℕ), a (n + 1) = a n + n")];
        let script = of(&halves, "a 1000 = 499503").expect("a script");
        assert!(script.starts_with("have key : ∀ n : Nat, 2 * a (n) + (n) = n ^ 2 + 6 := by\n"), "{script}");
        assert_eq!(of(&halves, "a 10 = 48"), None, "it is near");
        assert_eq!(of(&[("a", "ℕ → ℕ"), ("h₀", "a 0 = 1"), ("h₁", "∀ (n : ℕ), a (n + 1) = 2 * a n")], "a 1000 = 0"), None);
    }

    #[test]
    fn and_those_of_a_reciprocal() {
        let facts = [
            ("a", "ℕ → ℚ"),
            ("h₀", "a 1 = 1"),
            ("h₁", "a 2 = 3 / 7"),
            ("h₂", "∀ (n : ℕ), a (n + 2) = a n * a (n + 1) / (2 * a n - a (n + 1))"),
        ];
        let script = of(&facts, "a 2019 = 3 / 8075").expect("a script");
        let says = "have key : ∀ n : Nat, a (n + 1) = 3 / (4 * (n : Rat) + 3) ∧ a (n + 1 + 1) = 3 / (4 * (n : Rat) + 7) := by\n";
        assert!(script.starts_with(says), "{script}");
        assert!(script.contains("≠ 0 := by\n      intro h\n      have p : (2 * (3 / (4 * t + 3)) - 3 / (4 * t + 7)) * "), "{script}");
    }

    proptest::proptest! {
        #[test]
        fn no_goal_panics(right in "(a n|n|[0-9]|a \\(n \\+ 1\\))( [+*/^-] (a n|n|[0-9]|\\(a n\\))){0,4}", shift in 1u32..3) {
            let fact = format!("∀ n, a (n + {shift}) = {right}");
            for kind in ["Nat → Nat", "Nat → Rat", "Nat → Int"] {
                of(&[("a", kind), ("h", "a 0 = 1"), ("h1", &fact)], "a 500 = 1");
                of(&[("a", kind), ("h", "a 0 = 1"), ("g", "a 1 = 1 / 2"), ("h1", &fact)], "a 500 = 1");
            }
        }
    }
}

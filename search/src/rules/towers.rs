//! Remainders of powers whose exponents are too large to be written out: the powers of a base repeat, so that the remainder of the exponent
//! by the period decides. What is not so large the kernel computes.

use super::{
    term::{Operator, Term},
    view::View,
};
use crate::shape::{Shape, shape};
use std::fmt::Write;

/// What has more bits the kernel is not asked for.
const MOST_BITS: f64 = 4e6;
/// The largest modulus.
const MOST_MODULUS: u64 = 1000;

/// The script for a goal about such a remainder.
pub(super) fn script(view: &View<'_>) -> Option<String> {
    let target = view.target;
    if ["ℤ", "ℚ", "Int", "Rat"].iter().any(|kind| target.contains(kind)) {
        return None;
    }
    let Shape::Relation { symbol, left, right } = shape(target) else { return None };
    let (of, modulus, wanted, end) = match (symbol, Term::of(left)?, Term::of(right)?) {
        ("=", Term::Binary(Operator::Mod, of, modulus), Term::Number(wanted)) => match *modulus {
            Term::Number(modulus) => (*of, modulus, wanted, ""),
            _ => return None,
        },
        ("∣", Term::Number(modulus), of) => (of, modulus, 0, "Nat.dvd_of_mod_eq_zero "),
        _ => return None,
    };
    let odd = |part: &Term<'_>| {
        matches!(part, Term::Name(_) | Term::Negative(_) | Term::Binary(Operator::Sub | Operator::Div | Operator::Mod, ..))
    };
    if of.any(&odd) || bits(&of) <= MOST_BITS || !(2..=MOST_MODULUS).contains(&modulus) || remainder(&of, modulus)? != wanted {
        return None;
    }
    let mut script = String::new();
    let shown = write(view, &of, modulus, &mut script)?;
    Some(format!("{script}exact {end}{shown}"))
}

/// Shows what remainder a term leaves; returns the name of the proof.
fn write(view: &View<'_>, of: &Term<'_>, modulus: u64, script: &mut String) -> Option<String> {
    let (text, value) = (of.text(&str::to_owned), remainder(of, modulus)?);
    let r = view.fresh("r");
    let proof = match of {
        of if bits(of) <= MOST_BITS => "decide +kernel".to_owned(),
        Term::Binary(operator @ (Operator::Add | Operator::Mul), left, right) => {
            let lemma = if *operator == Operator::Add { "Nat.add_mod" } else { "Nat.mul_mod" };
            format!("rw [{lemma}, {}, {}]", write(view, left, modulus, script)?, write(view, right, modulus, script)?)
        }
        Term::Binary(Operator::Pow, base, exponent) => {
            let inner = write(view, base, modulus, script)?;
            match exponent.as_ref() {
                Term::Number(_) if bits(base) > MOST_BITS => format!("rw [Nat.pow_mod, {inner}]"),
                exponent => repeated(view, (&inner, remainder(base, modulus)?), exponent, modulus, script)?,
            }
        }
        _ => return None,
    };
    let _ = writeln!(script, "have {r} : ({text}) % {modulus} = {value} := by {proof}");
    Some(r)
}

/// The proof of the remainder of a power, by that of its base.
fn repeated(view: &View<'_>, base: (&str, u64), exponent: &Term<'_>, modulus: u64, script: &mut String) -> Option<String> {
    if bits(exponent) > MOST_BITS {
        return None;
    }
    let (inner, base) = base;
    let Period { start, length } = period(base, modulus);
    let rest = remainder(exponent, length)?;
    // The exponents are `length * q + least`.
    let least = rest + (start.saturating_sub(rest)).div_ceil(length) * length;
    let times = (least - rest) / length;
    let value = power(base, least, modulus);
    let [c, q, ih, d, e, j, hq] = ["c", "q", "ih", "d", "e", "j", "hq"].map(|name| view.fresh(name));
    let text = exponent.text(&str::to_owned);
    let _ = writeln!(
        script,
        "have {c} : ∀ {q}, {base} ^ ({length} * {q} + {least}) % {modulus} = {value} := by\n  intro {q}\n  induction {q} with\n  | zero => decide\n  \
         | succ {q} {ih} => rw [show {length} * ({q} + 1) + {least} = ({length} * {q} + {least}) + {length} by omega, Nat.pow_add, Nat.mul_mod, {ih}]"
    );
    let _ = writeln!(
        script,
        "have {e} : ({text}) % {length} = {rest} := by decide +kernel\nhave {j} : {times} * {length} ≤ {text} := by decide +kernel"
    );
    Some(format!(
        "\n  rw [Nat.pow_mod, {inner}]\n  have {d} := Nat.div_add_mod ({text}) {length}\n  rw [{e}] at {d}\n  \
         obtain ⟨{q}, {hq}⟩ : ∃ {q}, ({text}) / {length} = {q} + {times} := \
         ⟨({text}) / {length} - {times}, (Nat.sub_add_cancel ((Nat.le_div_iff_mul_le (by decide)).mpr {j})).symm⟩\n  \
         rw [{hq}] at {d}\n  rw [← {d}]\n  exact {c} {q}"
    ))
}

/// From which exponent on the remainders of powers repeat, and after how many.
struct Period {
    start: u64,
    length: u64,
}

fn period(base: u64, modulus: u64) -> Period {
    let mut seen = vec![1 % modulus];
    loop {
        let next = seen[seen.len() - 1] * base % modulus;
        if let Some(start) = seen.iter().position(|value| *value == next) {
            return Period { start: start as u64, length: (seen.len() - start) as u64 };
        }
        seen.push(next);
    }
}

fn power(base: u64, exponent: u64, modulus: u64) -> u64 {
    (0..exponent).fold(1 % modulus, |power, _| power * base % modulus)
}

/// The remainder of a term of natural numbers by a modulus of at most [`MOST_MODULUS`].
fn remainder(term: &Term<'_>, modulus: u64) -> Option<u64> {
    match term {
        Term::Number(n) => Some(n % modulus),
        Term::Binary(Operator::Add, left, right) => Some((remainder(left, modulus)? + remainder(right, modulus)?) % modulus),
        Term::Binary(Operator::Mul, left, right) => Some(remainder(left, modulus)? * remainder(right, modulus)? % modulus),
        Term::Binary(Operator::Pow, base, exponent) => {
            let base = remainder(base, modulus)?;
            let Period { start, length } = period(base, modulus);
            let exponent = match exponent.as_ref() {
                Term::Number(n) if *n <= start + length => *n,
                // Larger than where the period begins, unless it is small and not said plainly.
                exponent if bits(exponent) > 16.0 => {
                    let rest = remainder(exponent, length)?;
                    rest + (start.saturating_sub(rest)).div_ceil(length) * length
                }
                exponent => small(exponent)?,
            };
            Some(power(base, exponent, modulus))
        }
        _ => None,
    }
}

/// The value of a term below a million or so.
fn small(term: &Term<'_>) -> Option<u64> {
    term.value(super::fraction::Domain::Nat, &|_| None)?.index()
}

/// How many bits a term has, at least nearly.
fn bits(term: &Term<'_>) -> f64 {
    match term {
        Term::Number(n) => (*n as f64 + 1.0).log2(),
        Term::Binary(Operator::Add, left, right) => bits(left).max(bits(right)) + 1.0,
        Term::Binary(Operator::Mul, left, right) => bits(left) + bits(right),
        Term::Binary(Operator::Pow, base, exponent) => bits(base) * bits(exponent).exp2(),
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::{super::testing::made, *};

    fn of(target: &str) -> Option<String> {
        made(script, &[], target)
    }

    #[test]
    fn periods_decide_what_large_powers_leave() {
        let script = of("((2008 ^ 2 + 2 ^ 2008) ^ 2 + 2 ^ (2008 ^ 2 + 2 ^ 2008)) % 10 = 6").expect("a script");
        assert!(script.contains("have c : ∀ q, 2 ^ (4 * q + 4) % 10 = 6 := by\n"), "{script}");
        assert!(script.contains("have e : (2008 ^ 2 + 2 ^ 2008) % 4 = 0 := by decide +kernel\n"), "{script}");
        assert!(script.contains("have r1 : ((2008 ^ 2 + 2 ^ 2008) ^ 2) % 10 = 0 := by decide +kernel\n"), "{script}");
        assert!(of("7 ∣ 2 ^ 3 ^ 40 + 6").is_some_and(|script| script.ends_with("exact Nat.dvd_of_mod_eq_zero r")));
        assert_eq!((of("2 ^ 2008 % 10 = 6"), of("2 ^ 3 ^ 40 % 7 = 2"), of("2 ^ 3 ^ 40 % k = 1")), (None, None, None));
    }

    #[test]
    fn periods_begin_where_the_remainders_come_again() {
        let of = |base, modulus| {
            let Period { start, length } = period(base, modulus);
            (start, length)
        };
        assert_eq!((of(2, 10), of(2, 7), of(10, 4), of(0, 5)), ((1, 4), (0, 3), (2, 1), (1, 1)));
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(left in "[0-9 +*^()]{0,12}", modulus in "[0-9]{0,3}") {
            of(&format!("({left}) % {modulus} = 1"));
        }
    }
}

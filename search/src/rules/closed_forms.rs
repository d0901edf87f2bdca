//! Sequences whose values are those of a polynomial, or of its reciprocal: from `a (n + 1) = a n + 2 * n + 1` and `a 0 = 0` follows
//! `a n = n ^ 2`, which says what values too far away for a recursion are.
//!
//! The closed form is read off the first values, as many more of which have to agree, and proved by induction.

use super::{
    fraction::{Domain, Fraction},
    polynomial::{Polynomial, combination},
    sequences::{COMPUTE, Sequence},
    term::Term,
    view::View,
};
use std::fmt::Write;

/// The highest degrees of polynomials, and of those that are divided by.
const MOST_DEGREE: u32 = 4;
const MOST_DIVISOR_DEGREE: u32 = 2;
/// So many values more than it takes to tell the polynomial.
const CONFIRMING: usize = 5;
/// Nearer values are computed one from the other.
const NEAREST: u64 = 30;

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
    let proof = Proof::of(view, sequence)?;
    let key = view.fresh("key");
    let mut script = proof.induction(&key)?;
    let mut found = Vec::new();
    for index in wanted {
        let distance = index.checked_sub(proof.first)?;
        let (v, value) = (view.fresh("v"), proof.form.value(distance)?.text());
        let part = if proof.order == 1 { "" } else { ".1" };
        let _ = writeln!(
            script,
            "have {v} : {} {index} = {value} := by\n  have {v} := ({key} {distance}){part}\n  \
             first | exact {v}.trans (by decide +kernel) | grind",
            sequence.name
        );
        found.push(v);
    }
    Some(format!("{script}simp only [{}]\n{COMPUTE}", found.join(", ")))
}

/// What it takes to prove a closed form.
struct Proof<'p, 'a, 'v> {
    view: &'p View<'v>,
    sequence: &'p Sequence<'a>,
    form: Form,
    /// The index of the first value.
    first: u64,
    /// Of how many values before it a value is made: one or two.
    order: u64,
    /// The recursion speaks of the values from `n + start` on.
    start: i64,
    /// The variable of the induction, and an index `first` behind it.
    n: String,
    here: String,
}

impl<'p, 'a, 'v> Proof<'p, 'a, 'v> {
    fn of(view: &'p View<'v>, sequence: &'p Sequence<'a>) -> Option<Proof<'p, 'a, 'v>> {
        let first = *sequence.given.keys().next()?;
        let start = sequence.recursion.calls(sequence.name)?.into_iter().map(|(offset, ..)| offset).min()?;
        let order = u64::try_from(i64::try_from(sequence.recursion.shift).ok()?.checked_sub(start)?).ok()?;
        let starts_there = (1..=2).contains(&order) && sequence.given.keys().copied().eq(first..first + order);
        let values = sequence.values(first, first.checked_add(u64::from(MOST_DEGREE) + CONFIRMING as u64)?);
        let form = Form::of(&values, sequence.domain).filter(|_| starts_there)?;
        let n = view.fresh("n");
        let here = further(&n, first);
        Some(Proof { view, sequence, form, first, order, start, n, here })
    }

    /// The closed form of all values, shown of so many values in a row as the recursion takes.
    fn induction(&self, key: &str) -> Option<String> {
        let Proof { view, sequence, n, here, .. } = self;
        let [ih, e] = ["ih", "e"].map(|base| view.fresh(base));
        let a = sequence.name;
        let says = |distance| self.form.text(&format!("{a} ({})", further(here, distance)), n, distance, sequence.domain);
        let statement = (0..self.order).map(says).collect::<Option<Vec<_>>>()?.join(" ∧ ");
        let known: Vec<String> = (0..self.order).map(|_| view.fresh("i")).collect();
        let opening = match known.as_slice() {
            [name] => format!("have {name}"),
            names => format!("obtain ⟨{}⟩", names.join(", ")),
        };
        let each = if self.order == 1 { "" } else { "refine ⟨?_, ?_⟩ <;> " };
        let premises = " (by omega)".repeat(sequence.recursion.premises);
        let at = further(n, u64::try_from(i64::try_from(self.first).ok()? - self.start).ok()?);
        let step = match &self.form {
            Form::Reciprocal(over, under) => self.reciprocal(*over, under, &known, &e)?,
            Form::Polynomial(_) if sequence.domain == Domain::Nat => format!("    {each}grind\n"),
            Form::Polynomial(_) => format!("    push_cast at {e} ⊢\n    {each}grind\n"),
        };
        Some(format!(
            "have {key} : ∀ {n} : Nat, {statement} := by\n  intro {n}\n  induction {n} with\n  \
             | zero => {each}first | grind | (simp_all; done) | decide +kernel\n  \
             | succ {n} {ih} =>\n    {opening} := {ih}\n    have {e} := {} ({at}){premises}\n{step}",
            sequence.recursion.fact
        ))
    }

    /// The step of the induction for reciprocals: the next value by the recursion, which is `e`, as an equation of fractions in one variable.
    fn reciprocal(&self, over: Fraction, under: &Polynomial, known: &[String], e: &str) -> Option<String> {
        let Proof { view, sequence, n, here, order, .. } = self;
        let a = sequence.name;
        let [t, t0, square] = ["t", "t0", "tt"].map(|base| view.fresh(base));
        // The value so far behind the next `n` is one further behind this one.
        let same = |distance| {
            let next = further(&further(&format!("{n} + 1"), self.first), distance);
            format!("(congrArg {a} (show {next} = {} by omega))", further(here, distance + 1))
        };
        let kept = known
            .iter()
            .skip(1)
            .zip(0..)
            .map(|(i, distance)| format!("{}.trans ({i}.trans (by push_cast; congr 1; grind))", same(distance)));
        let last = format!("{}.trans ({e}.trans ?_)", same(order - 1));
        let parts = kept.chain([last]).collect::<Vec<_>>().join(", ");
        let mut step = format!("    rw [{}] at {e}\n", known.join(", "));
        let _ = writeln!(step, "    refine {}\n    push_cast", if *order == 1 { parts } else { format!("⟨{parts}⟩") });
        let _ = writeln!(
            step,
            "    have {t0} : (0 : Rat) ≤ ({n} : Rat) := by exact_mod_cast Nat.zero_le {n}\n    clear {e} {}",
            known.join(" ")
        );
        let _ = writeln!(step, "    generalize ({n} : Rat) = {t} at *\n    have {square} := Rat.mul_nonneg {t0} {t0}");
        let text = |distance| reciprocal(over, under, &t, distance);
        for distance in 0..=*order {
            let _ = writeln!(step, "    have {} : {} ≠ 0 := by grind", view.fresh("d"), text(distance)?.1);
        }
        for (divisor, over, under) in self.divisors(&t, &|offset| text(u64::try_from(offset - self.start).ok()?))? {
            let [d, h, p] = ["d", "h", "p"].map(|base| view.fresh(base));
            let _ = writeln!(
                step,
                "    have {d} : {divisor} ≠ 0 := by\n      intro {h}\n      have {p} : ({divisor}) * ({under}) = {over} := by grind\n      \
                 rw [{h}, Rat.zero_mul] at {p}\n      grind"
            );
        }
        Some(step + "    grind\n")
    }

    /// What the recursion divides by, with reciprocals for the values: the text, and a numerator and a denominator of it.
    fn divisors(&self, t: &str, value: &dyn Fn(i64) -> Option<(String, String)>) -> Option<Vec<(String, String, String)>> {
        let recursion = &self.sequence.recursion;
        let calls = recursion.calls(self.sequence.name)?;
        let (mut text, mut at) = (String::new(), 0);
        while let Some(token) = recursion.right.get(at) {
            if let Some((offset, _, range)) = calls.iter().find(|(_, _, range)| range.start == at) {
                let _ = write!(text, "({}) ", value(*offset)?.0);
                at = range.end;
                continue;
            }
            match token.text {
                "↑" => {}
                name if name == recursion.variable => drop(write!(text, "({t} + {}) ", i64::try_from(self.first).ok()? - self.start)),
                other => drop(write!(text, "{other} ")),
            }
            at += 1;
        }
        let term = Term::of(&text)?;
        let nested = term.divisors().into_iter().filter(|divisor| !divisor.divisors().is_empty());
        nested.map(|divisor| fraction(divisor, t)).collect()
    }
}

/// An index so much further on.
fn further(index: &str, by: u64) -> String {
    if by == 0 { index.to_owned() } else { format!("{index} + {by}") }
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
                let name = match domain {
                    Domain::Nat => n.to_owned(),
                    Domain::Int => format!("({n} : Int)"),
                    Domain::Rat => format!("({n} : Rat)"),
                };
                let (more, less) = (whole.part(1).text(std::slice::from_ref(&name)), whole.part(-1));
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
        Polynomial::sum(places().map(|at| Some((vec![at], value(at)?))).collect::<Option<Vec<_>>>()?)
    };
    (0..=most).filter(|degree| values.len() >= *degree as usize + 1 + CONFIRMING).find_map(|degree| {
        let power =
            |exponent: u32| listed(&|at| Domain::Rat.apply("^", Fraction::from(u64::from(at)), Fraction::from(u64::from(exponent))));
        let powers = (0..=degree).map(power).collect::<Option<Vec<_>>>()?;
        let coefficients = combination(&powers, &listed(&|at| values.get(at as usize).copied())?)?;
        Polynomial::sum(coefficients.into_iter().enumerate().map(|(exponent, c)| (vec![exponent as u32], c)))
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

/// A term that is made of quotients, and a numerator, which is positive where the variable is not negative, and a denominator of it.
fn fraction(term: &Term<'_>, t: &str) -> Option<(String, String, String)> {
    let (over, under) = term.fraction()?;
    let plain = |term: &Term<'_>| term.text(&str::to_owned);
    let over = Polynomial::of(&over, &[t])?;
    let positive = over.terms().all(|(_, coefficient)| coefficient.sign() > 0) && over.coefficient(&[0]).sign() != 0;
    positive.then(|| (plain(term), over.text(&[t.to_owned()]), plain(&under)))
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

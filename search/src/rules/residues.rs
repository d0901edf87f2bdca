//! Statements that remainders decide: `x ^ 2 - 3 * y ^ 2 ≠ 5` by 3, `n % 2 = 1 → n ^ 2 % 8 = 1` by 8.
//!
//! For a modulus, all remainders of the variables are tried here. Where none of them fits the facts and the opposite of the target, a
//! script says the same to Lean: that each term leaves the remainder that it has at the variables' remainders (by `simp`), that no
//! remainders fit (computed by the kernel), and that the facts are about them (by `omega`). So a script is made only where it should work.

use super::{
    finite::{LARGE_INSTANCES, is_integer, is_natural},
    fraction::gcd,
    term::{Operator, Term},
    view::View,
};
use crate::shape::{Shape, shape};
use std::fmt::Write;

/// The most combinations of remainders.
const MOST_COMBINATIONS: u64 = 2_500;
/// The largest modulus that is guessed, where the goal names none.
const MOST_GUESSED: u64 = 16;
/// The largest modulus.
const MOST_MODULUS: u64 = 120;

/// What is said about remainders.
#[derive(Clone, Debug, PartialEq)]
enum Claim<'a> {
    /// `a = b`, of which it is only used that the remainders are equal.
    Equal(Term<'a>, Term<'a>),
    /// `a % k = b % k`.
    Remainder(Term<'a>, u64, Term<'a>),
    /// `a % k = n`.
    Leaves(Term<'a>, u64, u64),
    Not(Box<Claim<'a>>),
    And(Box<Claim<'a>>, Box<Claim<'a>>),
    Or(Box<Claim<'a>>, Box<Claim<'a>>),
    Implies(Box<Claim<'a>>, Box<Claim<'a>>),
}

/// The script for a goal that remainders decide.
pub(super) fn script(view: &View<'_>) -> Option<String> {
    let hn = view.fresh("hn");
    let target = if view.target.trim() == "False" { None } else { Some(Claim::of(view.target, false)?) };
    let needed = target.as_ref().map_or(1, Claim::modulus);
    let opposite = target.map(|target| (Claim::Not(Box::new(target)), hn.as_str()));
    let facts = view.facts.iter().filter_map(|fact| Some((Claim::of(fact.kind, true)?, fact.name)));
    let all: Vec<(Claim<'_>, &str)> = facts.chain(opposite).collect();
    [false, true].into_iter().find_map(|natural| {
        let claims: Vec<_> = all.iter().filter(|(claim, _)| is_whole(claim, natural, view)).cloned().collect();
        let has_target = claims.last().is_some_and(|(_, name)| *name == hn);
        let (modulus, claims) = if needed == 1 || has_target { decided(needed, &claims)? } else { return None };
        Some(write(view, natural, modulus, &claims, &hn))
    })
}

/// A modulus by which the claims, all of which hold somewhere, exclude each other, and those of them that do.
fn decided<'a, 'n>(needed: u64, claims: &[(Claim<'a>, &'n str)]) -> Option<(u64, Vec<(Claim<'a>, &'n str)>)> {
    let common = claims.iter().map(|(claim, _)| claim.modulus()).try_fold(needed, least_common_multiple)?;
    let guessed = (2..=MOST_GUESSED).filter(|_| needed == 1);
    let mut moduli: Vec<u64> = (1..=4).flat_map(|times| [needed * times, common * times]).chain(guessed).collect();
    moduli.sort_unstable();
    moduli.dedup();
    for modulus in moduli.into_iter().filter(|m| (2..=MOST_MODULUS).contains(m) && m.is_multiple_of(needed)) {
        let mut fitting: Vec<_> = claims.iter().filter(|(claim, _)| modulus.is_multiple_of(claim.modulus())).cloned().collect();
        if !excluded(modulus, &fitting) {
            continue;
        }
        // What is not needed costs Lean time.
        for at in (0..fitting.len()).rev() {
            let claim = fitting.remove(at);
            if !excluded(modulus, &fitting) {
                fitting.insert(at, claim);
            }
        }
        return Some((modulus, fitting));
    }
    None
}

/// Whether the claims hold together for no remainders.
fn excluded(modulus: u64, claims: &[(Claim<'_>, &str)]) -> bool {
    let names = variables(claims);
    let count = u32::try_from(names.len()).ok().and_then(|n| modulus.checked_pow(n)).filter(|count| *count <= MOST_COMBINATIONS);
    let Some(count) = count.filter(|_| !names.is_empty()) else { return false };
    (0..count).all(|at| {
        let value = |name: &str| {
            let place = names.iter().position(|n| *n == name).unwrap_or_default() as u32;
            at / modulus.pow(place) % modulus
        };
        claims.iter().any(|(claim, _)| claim.holds(modulus, &value) == Some(false))
    })
}

fn variables<'a>(claims: &[(Claim<'a>, &str)]) -> Vec<&'a str> {
    let mut names = Vec::new();
    claims.iter().flat_map(|(claim, _)| claim.terms()).for_each(|term| term.names(&mut names));
    names
}

/// Whether a claim speaks of natural numbers in scope only, or else of integers, and with operations that remainders go through.
fn is_whole(claim: &Claim<'_>, natural: bool, view: &View<'_>) -> bool {
    let mut names = Vec::new();
    claim.terms().iter().for_each(|term| term.names(&mut names));
    let odd = |term: &Term<'_>| match term {
        Term::Binary(Operator::Pow, _, exponent) => !matches!(**exponent, Term::Number(_)),
        Term::Binary(Operator::Div | Operator::Mod, ..) => true,
        Term::Binary(Operator::Sub, ..) | Term::Negative(_) => natural,
        _ => false,
    };
    let fits = |name: &&str| view.data.iter().any(|item| item.name == *name && is_integer(item) && is_natural(item) == natural);
    names.iter().all(fits) && !claim.terms().iter().any(|term| term.any(&odd))
}

/// The script, for claims that exclude each other by the modulus.
fn write(view: &View<'_>, natural: bool, modulus: u64, claims: &[(Claim<'_>, &str)], hn: &str) -> String {
    let names = variables(claims);
    let mut script = String::new();
    if claims.iter().any(|(_, name)| *name == hn) {
        let _ = writeln!(script, "refine Classical.byContradiction fun {hn} => ?_");
    }
    let remainders: Vec<(&str, String, String)> = names.iter().map(|name| (*name, view.fresh("r"), view.fresh("hr"))).collect();
    for (name, r, hr) in &remainders {
        let _ = match natural {
            true => writeln!(script, "obtain ⟨{r}, {hr}⟩ : ∃ r : Nat, {name} % {modulus} = r := ⟨_, rfl⟩"),
            false => writeln!(script, "obtain ⟨{r}, {hr}⟩ : ∃ r : Nat, {name} % {modulus} = r := ⟨({name} % {modulus}).toNat, by omega⟩"),
        };
    }
    let value = |name: &str| {
        let found = remainders.iter().find(|(variable, ..)| *variable == name).map(|(_, r, _)| r.as_str());
        found.map_or_else(String::new, |r| if natural { r.to_owned() } else { format!("({r} : Int)") })
    };
    let lemmas = if natural {
        "Nat.pow_succ, Nat.add_mod, Nat.mul_mod"
    } else {
        "Int.pow_succ, Int.add_emod, Int.sub_emod, Int.mul_emod, Int.neg_emod"
    };
    let mut terms: Vec<&Term<'_>> = Vec::new();
    for term in claims.iter().flat_map(|(claim, _)| claim.terms()).filter(|term| is_nonlinear(term)) {
        if !terms.contains(&term) {
            terms.push(term);
        }
    }
    for term in terms {
        let mut inside = Vec::new();
        term.names(&mut inside);
        let back = remainders.iter().filter(|(name, ..)| inside.contains(name)).map(|(_, _, hr)| format!("← {hr}"));
        let (back, e) = (back.collect::<Vec<_>>().join(", "), view.fresh("e"));
        let (here, there) = (term.text(&str::to_owned), term.text(&value));
        let _ = writeln!(script, "have {e} : ({here}) % {modulus} = ({there}) % {modulus} := by rw [{back}]; simp [{lemmas}]");
    }
    let (mut statement, mut arguments) = (String::new(), String::new());
    for (_, r, _) in &remainders {
        let _ = write!(statement, "∀ {r} : Nat, {r} < {modulus} → ");
        let _ = write!(arguments, " {r} (by omega)");
    }
    let said: Vec<String> = claims.iter().map(|(claim, _)| format!("({})", claim.text(modulus, &value))).collect();
    let shown = vec!["by omega"; said.len()].join(", ");
    let shown = if said.len() == 1 { format!("({shown})") } else { format!("⟨{shown}⟩") };
    let key = view.fresh("key");
    let _ = write!(
        script,
        "{LARGE_INSTANCES}have {key} : {statement}{} → False := by decide +kernel\nexact {key}{arguments} {shown}",
        said.join(" ∧ ")
    );
    script
}

/// Whether `omega` cannot tell what remainder a term leaves.
fn is_nonlinear(term: &Term<'_>) -> bool {
    let varies = |term: &Term<'_>| term.any(&|part| matches!(part, Term::Name(_)));
    term.any(&|part| match part {
        Term::Binary(Operator::Pow, base, _) => varies(base),
        Term::Binary(Operator::Mul, left, right) => varies(left) && varies(right),
        _ => false,
    })
}

impl<'a> Claim<'a> {
    /// What a proposition says. Equations of terms say less than they mean, so only facts may have them.
    fn of(text: &'a str, is_fact: bool) -> Option<Claim<'a>> {
        let inner = |text| Some(Box::new(Claim::of(text, false)?));
        Some(match shape(text) {
            Shape::And(left, right) => Claim::And(Box::new(Claim::of(left, is_fact)?), Box::new(Claim::of(right, is_fact)?)),
            Shape::Or(left, right) => Claim::Or(Box::new(Claim::of(left, is_fact)?), Box::new(Claim::of(right, is_fact)?)),
            Shape::Not(negated) => Claim::Not(inner(negated)?),
            Shape::Implies(left, right) => Claim::Implies(inner(left)?, inner(right)?),
            Shape::Iff(left, right) => {
                Claim::And(Box::new(Claim::Implies(inner(left)?, inner(right)?)), Box::new(Claim::Implies(inner(right)?, inner(left)?)))
            }
            Shape::Relation { symbol: "≠", left, right } => Claim::Not(Box::new(Claim::equation(left, right, false)?)),
            Shape::Relation { symbol: "=", left, right } => Claim::equation(left, right, is_fact)?,
            Shape::Relation { symbol: "∣", left, right } => match Term::of(left)? {
                Term::Number(by @ 2..) => match Term::of(right)? {
                    // It may be more that is subtracted, and then it is divided all the same.
                    Term::Binary(Operator::Sub, of, less) if !is_fact => Claim::Remainder(*of, by, *less),
                    of => Claim::Leaves(of, by, 0),
                },
                _ => return None,
            },
            _ => return None,
        })
    }

    fn equation(left: &'a str, right: &'a str, is_fact: bool) -> Option<Claim<'a>> {
        let remainder = |term: &Term<'a>| match term {
            Term::Binary(Operator::Mod, of, by) => match **by {
                Term::Number(by @ 2..) => Some((of.as_ref().clone(), by)),
                _ => None,
            },
            _ => None,
        };
        let (left, right) = (Term::of(left)?, Term::of(right)?);
        match (remainder(&left), remainder(&right), &left, &right) {
            (Some((a, by)), Some((b, same)), ..) if by == same => Some(Claim::Remainder(a, by, b)),
            (Some((a, by)), None, _, Term::Number(n)) | (None, Some((a, by)), Term::Number(n), _) if *n < by => {
                Some(Claim::Leaves(a, by, *n))
            }
            (None, None, ..) if is_fact => Some(Claim::Equal(left, right)),
            _ => None,
        }
    }

    /// A modulus whose remainders decide it.
    fn modulus(&self) -> u64 {
        match self {
            Claim::Equal(..) => 1,
            Claim::Remainder(_, by, _) | Claim::Leaves(_, by, _) => *by,
            Claim::Not(inner) => inner.modulus(),
            // What is too large is never used.
            Claim::And(left, right) | Claim::Or(left, right) | Claim::Implies(left, right) => {
                least_common_multiple(left.modulus(), right.modulus()).unwrap_or(u64::MAX)
            }
        }
    }

    fn terms(&self) -> Vec<&Term<'a>> {
        match self {
            Claim::Equal(left, right) | Claim::Remainder(left, _, right) => vec![left, right],
            Claim::Leaves(term, ..) => vec![term],
            Claim::Not(inner) => inner.terms(),
            Claim::And(left, right) | Claim::Or(left, right) | Claim::Implies(left, right) => [left.terms(), right.terms()].concat(),
        }
    }

    /// Whether it holds for remainders of the variables.
    fn holds(&self, modulus: u64, value: &impl Fn(&str) -> u64) -> Option<bool> {
        let at = |term: &Term<'_>| remainder(term, modulus, value);
        Some(match self {
            Claim::Equal(left, right) => at(left)? == at(right)?,
            Claim::Remainder(left, by, right) => at(left)? % by == at(right)? % by,
            Claim::Leaves(term, by, n) => at(term)? % by == *n,
            Claim::Not(inner) => !inner.holds(modulus, value)?,
            Claim::And(left, right) => left.holds(modulus, value)? && right.holds(modulus, value)?,
            Claim::Or(left, right) => left.holds(modulus, value)? || right.holds(modulus, value)?,
            Claim::Implies(left, right) => !left.holds(modulus, value)? || right.holds(modulus, value)?,
        })
    }

    /// What it says of remainders, for Lean to compute.
    fn text(&self, modulus: u64, value: &impl Fn(&str) -> String) -> String {
        let inner = |claim: &Claim<'a>| claim.text(modulus, value);
        match self {
            Claim::Equal(left, right) => format!("({}) % {modulus} = ({}) % {modulus}", left.text(value), right.text(value)),
            Claim::Remainder(left, by, right) => format!("({}) % {by} = ({}) % {by}", left.text(value), right.text(value)),
            Claim::Leaves(term, by, n) => format!("({}) % {by} = {n}", term.text(value)),
            Claim::Not(claim) => format!("¬({})", inner(claim)),
            Claim::And(left, right) => format!("({}) ∧ ({})", inner(left), inner(right)),
            Claim::Or(left, right) => format!("({}) ∨ ({})", inner(left), inner(right)),
            Claim::Implies(left, right) => format!("({}) → ({})", inner(left), inner(right)),
        }
    }
}

/// The remainder of a term by a modulus that is small.
fn remainder(term: &Term<'_>, modulus: u64, value: &impl Fn(&str) -> u64) -> Option<u64> {
    let at = |term: &Term<'_>| remainder(term, modulus, value);
    Some(match term {
        Term::Number(n) => n % modulus,
        Term::Name(name) => value(name) % modulus,
        Term::Negative(inner) => (modulus - at(inner)?) % modulus,
        Term::Binary(Operator::Add, left, right) => (at(left)? + at(right)?) % modulus,
        Term::Binary(Operator::Sub, left, right) => (at(left)? + modulus - at(right)?) % modulus,
        Term::Binary(Operator::Mul, left, right) => at(left)? * at(right)? % modulus,
        Term::Binary(Operator::Pow, base, exponent) => match **exponent {
            Term::Number(n @ 0..100) => (0..n).try_fold(1 % modulus, |power, _| Some(power * at(base)? % modulus))?,
            _ => return None,
        },
        Term::Binary(Operator::Div | Operator::Mod, ..) => return None,
    })
}

fn least_common_multiple(a: u64, b: u64) -> Option<u64> {
    let common = gcd(a.into(), b.into()).max(1);
    u128::from(a).checked_mul(u128::from(b) / common).and_then(|multiple| u64::try_from(multiple).ok())
}

#[cfg(test)]
mod tests {
    use super::{super::testing::made, *};

    fn of(hypotheses: &[(&str, &str)], target: &str) -> Option<String> {
        made(script, hypotheses, target)
    }

    #[test]
    fn equations_without_solutions_are_refuted_by_a_modulus_that_shows_it() {
        let script = of(&[("x", "ℤ"), ("y", "ℤ"), ("h", "x ^ 2 - 3 * y ^ 2 = 5")], "False").expect("a script");
        let wanted = "obtain ⟨r, hr⟩ : ∃ r : Nat, x % 3 = r := ⟨(x % 3).toNat, by omega⟩\n\
            obtain ⟨r1, hr1⟩ : ∃ r : Nat, y % 3 = r := ⟨(y % 3).toNat, by omega⟩\n\
            have e : (x ^ 2 - 3 * y ^ 2) % 3 = ((r : Int) ^ 2 - 3 * (r1 : Int) ^ 2) % 3 := by rw [← hr, ← hr1]; \
            simp [Int.pow_succ, Int.add_emod, Int.sub_emod, Int.mul_emod, Int.neg_emod]\n\
            set_option synthInstance.maxSize 4000 in\n\
            set_option synthInstance.maxHeartbeats 200000 in\n\
            have key : ∀ r : Nat, r < 3 → ∀ r1 : Nat, r1 < 3 → (((r : Int) ^ 2 - 3 * (r1 : Int) ^ 2) % 3 = (5) % 3) → False := by decide +kernel\n\
            exact key r (by omega) r1 (by omega) (by omega)";
        assert_eq!(script, wanted);
        assert_eq!(of(&[("x", "ℤ"), ("y", "ℤ"), ("h", "x ^ 2 - 3 * y ^ 2 = 6")], "False"), None, "x = 3, y = 1");
    }

    #[test]
    fn targets_about_remainders_follow_from_facts_about_others() {
        let script = of(&[("n", "ℤ"), ("h₀", "n % 2 = 1"), ("h₁", "n % 5 = 3")], "n ^ 2 % 8 = 1").expect("a script");
        assert!(
            script.contains("∀ r : Nat, r < 8 → ((r : Int)) % 2 = 1") || script.contains("r < 8 → (((r : Int)) % 2 = 1) ∧"),
            "{script}"
        );
        assert!(!script.contains("% 5"), "what is not needed is left out: {script}");
        let script = of(&[("a", "ℕ"), ("b", "ℕ"), ("c", "ℕ"), ("h", "a ^ 2 + b ^ 2 = c ^ 2")], "3 ∣ a * b").expect("a script");
        assert!(script.contains("((r ^ 2 + r1 ^ 2) % 3 = (r2 ^ 2) % 3) ∧ (¬((r * r1) % 3 = 0)) → False"), "{script}");
        assert!(of(&[("n", "ℤ")], "30 ∣ n ^ 5 - n").is_some_and(|s| s.contains("r < 30")));
        let less = of(&[("p", "ℕ"), ("h₀", "p % 2 = 1"), ("h₁", "p % 3 ≠ 0")], "24 ∣ p ^ 2 - 1").expect("a script");
        assert!(less.contains("(¬((r ^ 2) % 24 = (1) % 24))"), "{less}");
        assert!(of(&[("n", "ℤ"), ("h", "¬3 ∣ n")], "3 ∣ n ^ 2 - 1 ∧ ¬3 ∣ n ^ 2").is_some());
    }

    #[test]
    fn nothing_is_said_where_remainders_do_not_decide() {
        assert_eq!(of(&[("n", "ℤ")], "n ^ 2 % 8 = 1"), None);
        assert_eq!(of(&[("n", "ℕ"), ("h", "3 ∣ n - 1")], "n % 3 = 1"), None, "n may be 0");
        assert_eq!(of(&[("n", "ℕ")], "3 ∣ (n ^ 2 - n) * 3"), None, "natural numbers do not subtract like remainders");
        assert_eq!(of(&[("n", "ℕ")], "3 ∣ 4 ^ n"), None);
        assert_eq!(of(&[("x", "ℤ"), ("y", "ℤ"), ("h", "x = y")], "x = y"), None, "equal remainders do not make numbers equal");
        assert_eq!(of(&[("x", "ℤ"), ("y", "ℤ"), ("h", "¬x = y")], "x % 2 = 1"), None);
        assert_eq!(of(&[("x", "ℚ"), ("h", "x ^ 2 = 3")], "False"), None);
        assert_eq!(of(&[("x", "ℤ"), ("n", "ℕ"), ("h", "n * n = 3")], "x * x ≠ 3"), None, "targets that are no remainders");
    }

    #[test]
    fn each_claim_has_the_remainder_that_arithmetic_gives_it() {
        let term = Term::of("(x - 5) ^ 3 * y + -x").expect("a term");
        let value = |name: &str| if name == "x" { 2 } else { 4 };
        // (2 - 5)³ · 4 - 2 = -110 = 2 modulo 7.
        assert_eq!(remainder(&term, 7, &value), Some(2));
    }

    proptest::proptest! {
        #[test]
        fn no_goal_panics(fact in "[xn0-9 +*^()∣%=¬∧∨-]*", target in "[xn0-9 +*^()∣%=¬∧∨-]*") {
            let _ = of(&[("x", "Int"), ("n", "Nat"), ("h", &fact)], &target);
        }
    }
}

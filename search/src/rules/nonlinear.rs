//! Inequalities that are no linear ones: products and squares that are not negative, for `grind` to combine.
//!
//! `grind` decides linear arithmetic over monomials. What it lacks are facts about these: the square of a difference is not negative, nor
//! is a product of things that are not. The squares that matter are zero where both sides are equal, so such places are looked for among
//! small values: at `x = 1`, `x ^ 4 - 4 * x + 3 ≥ 0` is sharp, and `(x - 1) ^ 2` a part of its proof. A fact `x ^ 2 + y ^ 2 = 0` is sharp
//! there, too, and says that such squares are zero.

use super::{
    finite::integer,
    fraction::{Domain, Fraction},
    polynomial::{Polynomial, unit},
    statement::Statement,
    term::{Operator, Term},
    view::{Item, View},
};
use crate::shape::{Shape, shape};
use std::fmt::Write;

/// The most variables.
const MOST_VARIABLES: usize = 4;
/// The highest degree.
const MOST_DEGREE: u64 = 6;
/// The most facts of one script.
const MOST_FACTS: usize = 16;
/// The most products of two among them, and the most of one and a square.
const MOST_PRODUCTS: usize = 6;
const MOST_WEIGHTED: usize = 9;
/// Numerators and denominators of the values at which sides may be equal, the simplest first.
const VALUES: [(i128, i128); 13] =
    [(0, 1), (1, 1), (-1, 1), (2, 1), (-2, 1), (3, 1), (-3, 1), (1, 2), (-1, 2), (1, 3), (-1, 3), (3, 2), (-3, 2)];

/// The scripts for a goal about an order, or one of equations under a fact that leaves no choice.
pub(super) fn scripts(view: &View<'_>) -> Vec<String> {
    Comparison::of(view, view.target).map(|comparison| comparison.scripts()).unwrap_or_default()
}

/// What is compared.
struct Comparison<'a, 'v> {
    view: &'v View<'a>,
    domain: Domain,
    variables: Vec<&'a str>,
    target: Statement<'a>,
    facts: Vec<(&'a str, Statement<'a>)>,
    degree: u64,
}

impl<'a> Comparison<'a, '_> {
    /// Of a target, which may be another than the goal's, by the goal's facts.
    fn of<'v>(view: &'v View<'a>, target: &'a str) -> Option<Comparison<'a, 'v>> {
        let target = Statement::of(target)?;
        let names = target.names();
        let item = |name: &&str| view.data.iter().find(|item| item.name == *name);
        let domain = Domain::of(item(names.first()?)?.kind)?;
        let fits = |name: &&str| item(name).is_some_and(|item: &Item<'_>| Domain::of(item.kind) == Some(domain));
        let facts = view.facts.iter().filter_map(|fact| Some((fact.name, Statement::of(fact.kind)?)));
        let facts: Vec<_> = facts.filter(|(_, fact)| fact.names().iter().all(fits)).collect();
        let mut variables = names;
        facts.iter().flat_map(|(_, fact)| fact.terms()).for_each(|term| term.names(&mut variables));
        let degree = |statement: &Statement<'_>| statement.terms().iter().map(|term| term.degree()).try_fold(0, |all, d| Some(all.max(d?)));
        let highest = facts.iter().filter_map(|(_, fact)| degree(fact)).fold(degree(&target)?, u64::max);
        let comparison = Comparison { view, domain, target, facts, degree: highest, variables };
        let fit = comparison.variables.iter().all(fits) && (1..=MOST_VARIABLES).contains(&comparison.variables.len());
        (fit && (2..=MOST_DEGREE).contains(&highest) && comparison.is_ordered()).then_some(comparison)
    }

    /// Whether an order is asked for, or equations that may follow because of one.
    fn is_ordered(&self) -> bool {
        match &self.target {
            Statement::Relation("<" | "≤" | ">" | "≥", ..) => true,
            Statement::Relation("=", ..) | Statement::And(..) => {
                let equations = self.facts.iter().filter(|(_, fact)| matches!(fact, Statement::Relation("=", ..))).count();
                self.domain != Domain::Nat && equations == 1
            }
            _ => false,
        }
    }

    /// A term as one of integers or rationals, where subtraction is.
    fn text(&self, term: &Term<'_>) -> String {
        term.text(&|name| self.variable(name))
    }

    fn variable(&self, name: &str) -> String {
        integer(name, self.domain == Domain::Nat)
    }

    /// Proofs of what is positive by the facts (`true`), or not negative.
    fn positive(&self) -> Vec<(String, bool)> {
        let mut found: Vec<(String, bool)> = Vec::new();
        for (_, fact) in &self.facts {
            let Statement::Relation(symbol, left, right) = fact else { continue };
            let (small, large) = match *symbol {
                "<" | "≤" => (left, right),
                ">" | "≥" => (right, left),
                _ => continue,
            };
            let (small_text, large) = (self.text(small), self.text(large));
            let term = match small {
                Term::Number(0) => large,
                Term::Number(_) | Term::Name(_) => format!("{large} - {small_text}"),
                _ => format!("{large} - ({small_text})"),
            };
            let strict = matches!(*symbol, "<" | ">");
            found.push((format!("(show 0 {} {term} by grind)", if strict { "<" } else { "≤" }), strict));
        }
        if self.domain == Domain::Nat {
            let variables = self.variables.iter().map(|name| (format!("(Int.natCast_nonneg {name})"), false));
            found.extend(variables);
        }
        found
    }

    /// Equations times variables.
    fn multiples(&self) -> Vec<String> {
        let is_equation =
            |fact: &Statement<'_>| matches!(fact, Statement::Relation("=", left, right) if left.degree().max(right.degree()) == Some(1));
        let equations = self.facts.iter().filter(|(_, fact)| self.domain != Domain::Nat && is_equation(fact));
        equations.flat_map(|(name, _)| self.variables.iter().map(move |by| format!("congrArg (· * {by}) {name}"))).take(4).collect()
    }

    /// Values of the variables at which the facts hold and the target is sharp.
    fn sharp(&self) -> Vec<Vec<Fraction>> {
        let equal = match &self.target {
            Statement::Relation(_, left, right) => Statement::Relation("=", left.clone(), right.clone()),
            other => other.clone(),
        };
        let values: Vec<Fraction> = VALUES.iter().filter_map(|(n, d)| Fraction::new(*n, *d)).collect();
        let values: Vec<Fraction> = values.into_iter().filter(|value| self.domain == Domain::Rat || value.whole().is_some()).collect();
        let point = |at: usize| -> Vec<Fraction> {
            let places = std::iter::successors(Some(at), |at| Some(at / values.len()));
            places.take(self.variables.len()).map(|at| values[at % values.len()]).collect()
        };
        let is_sharp = |point: &Vec<Fraction>| {
            let value = |name: &str| Some(point[self.variables.iter().position(|v| *v == name)?]);
            let holds = |statement: &Statement<'_>| statement.holds(self.domain, &value) == Some(true);
            // What the facts exclude may be where they are sharp themselves.
            holds(&equal) && self.facts.iter().all(|(_, fact)| holds(&weakened(fact)))
        };
        // At zero, the first of them, nothing is learnt that the squares of the variables do not say.
        (1..values.len().pow(self.variables.len() as u32)).map(point).filter(is_sharp).take(2).collect()
    }

    fn scripts(&self) -> Vec<String> {
        let square = |term: &str| format!("Lean.Grind.OrderedRing.sq_nonneg (a := {term})");
        // What is positive is not negative.
        let weak = |(proof, strict): &(String, bool)| if *strict { proof.replacen('<', "≤", 1) } else { proof.clone() };
        let product = |a: &(String, bool), b: &(String, bool)| match (a, b) {
            ((a, true), (b, true)) => format!("Lean.Grind.OrderedRing.mul_pos {a} {b}"),
            _ => format!("Lean.Grind.OrderedRing.mul_nonneg {} {}", weak(a), weak(b)),
        };
        let variables: Vec<String> = self.variables.iter().map(|name| self.variable(name)).collect();
        let sharp = self.sharp();
        // Terms less their values at these places.
        let at_points = |terms: &[String], value: fn(Fraction) -> Option<Fraction>| -> Vec<String> {
            let all = sharp.iter().flat_map(|point| terms.iter().zip(point).filter(|(_, at)| **at != Fraction::from(0u64)));
            all.filter_map(|(term, at)| Some(format!("{term} - {}", value(*at)?.text()))).collect()
        };
        let shifted = at_points(&variables, Some);
        let differences: Vec<String> = pairs(&variables).iter().map(|(a, b)| format!("{a} - {b}")).collect();
        let sums = match variables.as_slice() {
            [a, b] => vec![format!("{a} + 2 * {b}"), format!("2 * {a} + {b}")],
            _ => Vec::new(),
        };
        let squares: Vec<String> = shifted.iter().chain(&differences).chain(&variables).chain(&sums).cloned().collect();
        let positive = self.positive();

        let strict = positive.iter().filter(|(_, strict)| *strict).map(|a| product(a, a));
        let of_two: Vec<String> = pairs(&positive).iter().map(|(a, b)| product(a, b)).take(MOST_PRODUCTS).chain(strict.take(2)).collect();
        let plain = self.multiples().into_iter().chain(of_two.iter().cloned()).chain(squares.iter().map(|term| square(term)));
        let mut facts = vec![plain.take(MOST_FACTS).collect::<Vec<_>>()];
        if self.degree >= 3 && !positive.is_empty() {
            let of_three = match positive.as_slice() {
                [a, b, c, ..] => {
                    let weak = [a, b, c].map(|one| (weak(one), false));
                    Some(product(&(format!("({})", product(&weak[0], &weak[1])), false), &weak[2]))
                }
                _ => None,
            };
            let weighted =
                differences.iter().chain(&shifted).chain(&variables).flat_map(|term| positive.iter().map(move |one| (one, term)));
            let weighted = weighted.map(|(one, term)| product(&(weak(one), false), &(format!("({})", square(term)), false)));
            facts.push(of_three.iter().chain(&of_two).cloned().chain(weighted.take(MOST_WEIGHTED)).collect());
        }
        if self.degree >= 4 {
            let products: Vec<String> = pairs(&variables).iter().map(|(a, b)| format!("{a} * {b}")).collect();
            let powers: Vec<String> = variables.iter().map(|variable| format!("{variable} ^ 2")).collect();
            let of = |terms: &[String]| pairs(terms).into_iter().map(|(a, b)| format!("{a} - {b}")).collect::<Vec<_>>();
            let squared = at_points(&powers, |value| Domain::Rat.apply("*", value, value));
            let quartic = [squared, of(&products), of(&powers), shifted, powers].concat();
            facts.push(quartic.iter().map(|term| square(term)).take(MOST_FACTS).collect());
        }
        let guessed = facts.into_iter().filter(|facts| !facts.is_empty()).map(|facts| self.script(&facts, &sharp));
        self.completed().into_iter().chain(guessed).collect()
    }

    /// The script for what is a sum of squares: the difference of both sides of the target, with facts added to it or a variable replaced
    /// by what an equation says that it is, or what an equation says to be zero.
    fn completed(&self) -> Option<String> {
        let variables: Vec<String> = self.variables.iter().map(|name| self.variable(name)).collect();
        let squares = |of: &Polynomial| {
            let (squares, constant) = of.squares()?;
            Some((squares.iter().map(|(_, root)| root.primitive()).collect::<Option<Vec<_>>>()?, constant))
        };
        let stated = |roots: &[Polynomial]| {
            let square = |root: &Polynomial| {
                format!("have {} := Lean.Grind.OrderedRing.sq_nonneg (a := {})\n", self.view.fresh("s"), root.text(&variables))
            };
            roots.iter().map(square).collect::<String>()
        };
        if let Statement::Relation(symbol @ ("<" | "≤" | ">" | "≥"), left, right) = &self.target {
            let (small, large) = if matches!(*symbol, "<" | "≤") { (left, right) } else { (right, left) };
            let difference = self.difference(large, small)?;
            let is_strict = matches!(*symbol, "<" | ">");
            return self.alike(&difference).into_iter().find_map(|(alike, by)| {
                let (roots, constant) = squares(&alike)?;
                (constant.sign() > 0 || constant.sign() == 0 && !is_strict).then(|| format!("{by}{}grind", stated(&roots)))
            });
        }
        self.facts.iter().find_map(|(_, fact)| {
            let Statement::Relation("=", left, right) = fact else { return None };
            let (roots, constant) = squares(&self.difference(left, right)?).or_else(|| squares(&self.difference(right, left)?))?;
            let zeros = roots.iter().map(|root| self.zero(&root.text(&variables))).collect::<String>();
            (constant.sign() >= 0).then(|| format!("{}{zeros}grind", stated(&roots)))
        })
    }

    /// A term less another, where that is what subtraction means.
    fn difference(&self, left: &Term<'_>, right: &Term<'_>) -> Option<Polynomial> {
        let plain = left.is_arithmetic(self.domain) && right.is_arithmetic(self.domain);
        Polynomial::difference(left, right, &self.variables).filter(|_| plain)
    }

    /// A polynomial, and others that are at most as large by the facts, each with what `grind` has to be told for it.
    fn alike(&self, polynomial: &Polynomial) -> Vec<(Polynomial, String)> {
        let mut alike = vec![(polynomial.clone(), String::new())];
        for (name, fact) in &self.facts {
            let Statement::Relation(symbol, left, right) = fact else { continue };
            let (left, right, is_equation) = match *symbol {
                "=" => (left, right, true),
                "<" | "≤" => (right, left, false),
                ">" | "≥" => (left, right, false),
                _ => continue,
            };
            let Some(known) = self.difference(left, right) else { continue };
            let whole = |n: i128, d: i128| Fraction::new(n, d);
            let weights = [(1, 1), (1, 2), (2, 1), (1, 4), (3, 1), (1, 3), (4, 1)];
            let signs: &[i128] = if is_equation { &[-1, 1] } else { &[-1] };
            let weights = weights.iter().flat_map(|(n, d)| signs.iter().filter_map(move |sign| whole(sign * n, *d)));
            alike.extend(weights.filter_map(|weight| Some((polynomial.plus(&known.scaled(weight)?)?, String::new()))));
            if !is_equation || known.degree() != 1 {
                continue;
            }
            let unit = |place: usize| unit(place, self.variables.len());
            let replaced = (0..self.variables.len()).find_map(|place| {
                let own = Polynomial::monomial(unit(place), Fraction::from(1u64));
                let by = known.scaled(Domain::Rat.apply("/", Fraction::from(-1i64), known.coefficient(&unit(place)))?)?.plus(&own)?;
                polynomial.replaced(place, &by).filter(|_| known.coefficient(&unit(place)).sign() != 0)
            });
            let multiples = self.variables.iter().map(|by| format!("have {} := congrArg (· * {by}) {name}\n", self.view.fresh("m")));
            alike.extend(replaced.filter(|_| self.domain != Domain::Nat).map(|replaced| (replaced, multiples.collect())));
        }
        alike
    }

    /// That something is zero, tried by its square.
    fn zero(&self, term: &str) -> String {
        let (z, of) = (self.view.fresh("z"), if self.domain == Domain::Rat { "Rat" } else { "Int" });
        let square = format!("have {z} : ({term}) * ({term}) = 0 := (by apply {of}.le_antisymm <;> grind)");
        format!("try have {z} : {term} = 0 := by {square}; exact ({of}.mul_eq_zero.mp {z}).elim id id\n")
    }

    /// The facts, and what follows from them.
    fn script(&self, facts: &[String], sharp: &[Vec<Fraction>]) -> String {
        let mut script = String::new();
        for fact in facts {
            let _ = writeln!(script, "have {} := {fact}", self.view.fresh("s"));
        }
        if !matches!(self.target, Statement::Relation("<" | "≤" | ">" | "≥", ..)) {
            // Squares whose sum is zero are, and so is what they are squares of.
            let variable = |place: usize| self.variable(self.variables[place]);
            let at = |place: usize| sharp.first().map_or(Fraction::from(0u64), |point| point[place]);
            let places: Vec<usize> = (0..self.variables.len()).collect();
            let values = places.iter().map(|place| format!("{} - {}", variable(*place), at(*place).text()));
            let differences = pairs(&places).into_iter().map(|(a, b)| format!("{} - {}", variable(a), variable(b)));
            for term in values.chain(differences) {
                script += &self.zero(&term);
            }
        }
        script + "grind"
    }
}

/// A strict comparison as one that is not.
fn weakened<'a>(fact: &Statement<'a>) -> Statement<'a> {
    match fact {
        Statement::Relation("<", left, right) => Statement::Relation("≤", left.clone(), right.clone()),
        Statement::Relation(">", left, right) => Statement::Relation("≥", left.clone(), right.clone()),
        other => other.clone(),
    }
}

/// Every two of them.
fn pairs<T: Clone>(all: &[T]) -> Vec<(T, T)> {
    all.iter().enumerate().flat_map(|(i, a)| all[i + 1..].iter().map(|b| (a.clone(), b.clone()))).collect()
}

/// A sum or difference of quotients compared with a term: both sides times the divisors, which facts say to be positive.
pub(super) fn fractions(view: &View<'_>) -> Option<String> {
    let Shape::Relation { symbol, left, right } = shape(view.target) else { return None };
    let (small, large) = match symbol {
        "≤" | "<" => (left, right),
        "≥" | ">" => (right, left),
        _ => return None,
    };
    let (small, large) = (Term::of(small)?, Term::of(large)?);
    let mut names = Vec::new();
    small.names(&mut names);
    large.names(&mut names);
    let rational = |name: &&str| view.data.iter().any(|item| item.name == *name && Domain::of(item.kind) == Some(Domain::Rat));
    if names.is_empty() || !names.iter().all(rational) {
        return None;
    }
    let difference = Term::Binary(Operator::Sub, Box::new(large), Box::new(small));
    let (numerator, denominator) = difference.fraction()?;
    if denominator == Term::Number(1) {
        return None;
    }
    let plain = |term: &Term<'_>| term.text(&str::to_owned);
    let (over, under, whole) = (plain(&numerator), plain(&denominator), plain(&difference));
    let [hd, hn, key, hc, hp, t] = ["hd", "hn", "key", "hc", "hp", "t"].map(|base| view.fresh(base));
    let relation = if matches!(symbol, "≤" | "≥") { "≤" } else { "<" };
    let positive = format!("0 {relation} {over}");
    let inner = Comparison::of(view, &positive)?.scripts();
    let shown: Vec<String> = inner.iter().map(|script| format!("  | {}", script.replace('\n', "\n    "))).collect();
    let shown = format!("first\n{}", shown.join("\n")).replace('\n', "\n  ");
    let (product, negative) = if relation == "≤" { ("Rat.mul_pos", "0 <") } else { ("Rat.mul_nonneg", "0 ≤") };
    let weight = if relation == "≤" { hd.clone() } else { format!("(Rat.le_of_lt {hd})") };
    Some(format!(
        "have {hd} : 0 < {under} := by repeat' first | assumption | apply Rat.mul_pos | apply Rat.pow_pos | grind\n\
         have {hn} : {positive} := by\n  {shown}\n\
         refine Classical.byContradiction fun {hc} => ?_\n\
         have {key} : ({whole}) * ({under}) = {over} := by grind\n\
         have {hp} := {product} (show {negative} -({whole}) by grind) {weight}\n\
         rw [Rat.neg_mul, {key}] at {hp}\n\
         generalize {over} = {t} at *\n\
         grind"
    ))
}

#[cfg(test)]
mod tests {
    use super::{super::testing::made, *};

    #[test]
    fn squares_are_those_that_vanish_where_the_sides_are_equal() {
        let found = made(scripts, &[("x", "ℚ")], "x ^ 4 - 4 * x + 3 ≥ 0");
        assert_eq!(
            found[0],
            "have s := Lean.Grind.OrderedRing.sq_nonneg (a := x - 1)\nhave s1 := Lean.Grind.OrderedRing.sq_nonneg (a := x)\ngrind"
        );
        assert!(found[1].starts_with("have s2 := Lean.Grind.OrderedRing.sq_nonneg (a := x ^ 2 - 1)\n"), "{found:#?}");
        let half = made(scripts, &[("x", "ℚ"), ("y", "ℚ"), ("h", "x + y = 1")], "x ^ 2 + y ^ 2 ≥ 1 / 2");
        assert!(half[0].contains("(a := 2 * x - 1)\n") && half[0].ends_with("(a := 2 * y - 1)\ngrind"), "{half:#?}");
        assert!(half[1].contains("(a := x - 1 / 2)\n") && half[1].contains("(a := x - y)\n"), "{half:#?}");
    }

    #[test]
    fn sums_of_squares_are_found() {
        let found = made(scripts, &[("a", "ℚ"), ("b", "ℚ"), ("c", "ℚ")], "a * b + b * c + c * a ≤ a ^ 2 + b ^ 2 + c ^ 2");
        let squares = ["2 * a - b - c", "b - c"].map(|root| format!(":= Lean.Grind.OrderedRing.sq_nonneg (a := {root})\n"));
        assert_eq!(found[0], format!("have s {}have s1 {}grind", squares[0], squares[1]));
    }

    #[test]
    fn what_is_not_negative_is_multiplied() {
        let found = made(scripts, &[("a", "ℤ"), ("b", "ℤ"), ("h₀", "1 ≤ a"), ("h₁", "b > 0")], "a * b ≥ b");
        assert!(found[0].contains(":= Lean.Grind.OrderedRing.mul_nonneg (show 0 ≤ a - 1 by grind) (show 0 ≤ b by grind)\n"), "{found:#?}");
        let natural = made(scripts, &[("a", "ℕ"), ("b", "ℕ")], "2 * (a * b) ≤ a ^ 2 + b ^ 2");
        assert!(natural[0].contains("(a := (a : Int) - (b : Int))\n"), "{natural:#?}");
    }

    #[test]
    fn equations_that_leave_no_choice_have_zero_squares() {
        let found = made(scripts, &[("x", "ℚ"), ("y", "ℚ"), ("h", "x ^ 2 + y ^ 2 - 2 * x + 4 * y + 5 = 0")], "x + y = -1");
        let wanted = "try have z1 : y + 2 = 0 := by have z1 : (y + 2) * (y + 2) = 0 := (by apply Rat.le_antisymm <;> grind); \
            exact (Rat.mul_eq_zero.mp z1).elim id id\ngrind";
        assert!(found[0].ends_with(wanted), "{found:#?}");
        let alike = made(scripts, &[("x", "ℤ"), ("y", "ℤ"), ("h", "x ^ 2 + y ^ 2 = 2 * x * y")], "x = y");
        assert!(alike[0].contains("have z : x - y = 0 := by"), "{alike:#?}");
        assert!(made(scripts, &[("x", "ℚ")], "x = 1").is_empty());
        assert!(made(scripts, &[("x", "ℚ"), ("y", "ℚ"), ("h", "x < y")], "x + 1 < y + 2").is_empty(), "linear ones are for others");
    }

    #[test]
    fn quotients_are_multiplied_out() {
        let found = made(fractions, &[("a", "ℚ"), ("b", "ℚ"), ("h₀", "0 < a"), ("h₁", "0 < b")], "a / b + b / a ≥ 2").expect("a script");
        assert!(found.starts_with("have hd : 0 < b * a := by repeat'"), "{found}");
        assert!(found.contains("have key : (a / b + b / a - 2) * (b * a) = a * a + b * b - 2 * (b * a) := by grind\n"), "{found}");
        assert_eq!(made(fractions, &[("a", "ℤ"), ("b", "ℤ")], "a / b ≤ a"), None);
        assert_eq!(made(fractions, &[("a", "ℚ")], "a / 2 ≤ a"), None);
    }

    proptest::proptest! {
        #[test]
        fn no_goal_panics(fact in "[xn0-9 +*^()<≤=∧/-]*", target in "[xn0-9 +*^()<≤=∧/-]*") {
            for kind in ["Rat", "Nat"] {
                made(scripts, &[("x", kind), ("n", kind), ("h", &fact)], &target);
                made(fractions, &[("x", kind), ("n", kind), ("h", &fact)], &target);
            }
        }
    }
}

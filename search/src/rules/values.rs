//! Functions given by rules, such as `f (2 * n) = f n` and `f (2 * n + 1) = f n + 1`, or `f 0 y = y + 1`: the values that the target asks
//! for, computed here and proved one from the other.
//!
//! A rule applies where the arguments have its form and its premises are true. This does for rules of any kind what `sequences` does
//! for one recursion, without its cycles.

use super::{
    fraction::{Domain, Fraction, Reader, line, related},
    sequences::COMPUTE,
    view::{Item, View},
};
use crate::{
    lex::{atom, tokens},
    shape::{Shape, shape},
};
use std::{
    cell::{Cell, RefCell},
    fmt::Write,
};

/// How many values are computed at most.
const MOST_VALUES: usize = 120;
/// How many rules are tried for them.
const MOST_TRIED: usize = 1000;
/// How many values may wait for each other.
const MOST_NESTED: usize = 60;

/// What simplifies arguments that are numerals.
const REDUCE: &str =
    "Nat.reduceAdd, Nat.reduceSub, Nat.reduceMul, Nat.reduceDiv, Int.reduceAdd, Int.reduceSub, Int.reduceMul, Int.reduceNeg";

/// The script for the first function of the goal whose values the target asks for.
pub(super) fn script(view: &View<'_>) -> Option<String> {
    view.data.iter().find_map(|item| Function::of(view, item)?.script(view))
}

/// A function and its rules.
struct Function<'a> {
    name: &'a str,
    from: Vec<Domain>,
    to: Domain,
    rules: Vec<Rule<'a>>,
}

/// `∀ variables, premises → name patterns = right`.
struct Rule<'a> {
    fact: &'a str,
    variables: Vec<&'a str>,
    /// What the fact is applied to: the variables, and the premises between and behind them.
    slots: Vec<Slot<'a>>,
    patterns: Vec<Pattern>,
    right: &'a str,
}

enum Slot<'a> {
    Variable(usize),
    Premise(&'a str),
}

/// An argument that is `slope * variable + offset`.
struct Pattern {
    slope: Option<(usize, Fraction)>,
    offset: Fraction,
}

/// A value that is known, and why.
struct Known {
    arguments: Vec<Fraction>,
    value: Fraction,
    rule: usize,
    instance: Vec<Fraction>,
    /// The values it is made of.
    parts: Vec<usize>,
}

/// The values computed so far.
#[derive(Default)]
struct Table {
    known: RefCell<Vec<Known>>,
    tried: Cell<usize>,
    nested: Cell<usize>,
}

impl<'a> Function<'a> {
    fn of(view: &View<'a>, item: &Item<'a>) -> Option<Function<'a>> {
        let mut from = item.kind.split('→').map(Domain::of).collect::<Option<Vec<_>>>()?;
        let to = from.pop().filter(|_| !from.is_empty())?;
        let mut rules: Vec<Rule<'a>> = view.facts.iter().filter_map(|fact| Rule::of(fact, item.name, &from)).collect();
        // Values that facts state come first.
        rules.sort_by_key(|rule| rule.variables.len());
        Some(Function { name: item.name, from, to, rules }).filter(|f| f.rules.iter().any(|rule| !rule.variables.is_empty()))
    }

    fn script(&self, view: &View<'_>) -> Option<String> {
        let (table, wanted) = (Table::default(), RefCell::new(Vec::new()));
        let all = tokens(view.target);
        let value = |reader: &mut Reader<'_, '_>, name: &str| self.call(reader, name, &table, &wanted);
        for at in (0..all.len()).filter(|at| all[*at].text == self.name) {
            Reader { tokens: &all[at..], domain: self.to, value: &value }.atom()?;
        }
        let known = table.known.into_inner();
        let (mut text, mut names): (String, Vec<String>) = (String::new(), Vec::new());
        for step in &known {
            let rule = self.rules.get(step.rule)?;
            if rule.slots.is_empty() && rule.right == step.value.text() {
                names.push(rule.fact.to_owned());
                continue;
            }
            let (mut proof, name) = (rule.fact.to_owned(), view.fresh("v"));
            for slot in &rule.slots {
                match slot {
                    Slot::Variable(at) => proof = format!("{proof} ({})", step.instance.get(*at)?.text()),
                    Slot::Premise(_) => proof.push_str(" (by first | decide | omega | grind)"),
                }
            }
            let arguments: String = step.arguments.iter().map(|argument| format!(" ({})", argument.text())).collect();
            let parts: Vec<&str> = step.parts.iter().filter_map(|part| names.get(*part)).map(String::as_str).collect();
            let lemmas = parts.iter().chain(&[REDUCE]).copied().collect::<Vec<_>>().join(", ");
            let _ = writeln!(
                text,
                "have {name} : {}{arguments} = {} := ({proof}).trans (by first | (simp only [{lemmas}]; done) | (simp only [{lemmas}]; first | decide +kernel | omega | grind) | simp [{}] | decide)",
                self.name,
                step.value.text(),
                parts.join(", ")
            );
            names.push(name);
        }
        let wanted = wanted.into_inner();
        let wanted: Vec<&str> = wanted.iter().filter_map(|at: &usize| names.get(*at)).map(String::as_str).collect();
        (!wanted.is_empty()).then(|| format!("{text}simp only [{}, {REDUCE}]\n{COMPUTE}", wanted.join(", ")))
    }

    /// The value of a call whose arguments come next.
    fn call(&self, reader: &mut Reader<'_, '_>, name: &str, table: &Table, parts: &RefCell<Vec<usize>>) -> Option<Fraction> {
        if name != self.name {
            return None;
        }
        let mut arguments = Vec::new();
        for domain in &self.from {
            let outer = std::mem::replace(&mut reader.domain, *domain);
            let argument = reader.atom();
            reader.domain = outer;
            arguments.push(argument?);
        }
        let at = self.value(&arguments, table)?;
        if !parts.borrow().contains(&at) {
            parts.borrow_mut().push(at);
        }
        table.known.borrow().get(at).map(|known| known.value)
    }

    /// The place of a value in the table.
    fn value(&self, arguments: &[Fraction], table: &Table) -> Option<usize> {
        let place = || table.known.borrow().iter().position(|known| known.arguments == arguments);
        if let Some(at) = place() {
            return Some(at);
        }
        table.nested.set(table.nested.get() + 1);
        let found = (table.nested.get() <= MOST_NESTED).then(|| {
            self.rules.iter().enumerate().find_map(|(at, rule)| {
                let instance = rule.instance(arguments, &self.from)?;
                table.tried.set(table.tried.get() + 1);
                if table.tried.get() > MOST_TRIED || table.known.borrow().len() >= MOST_VALUES {
                    return None;
                }
                let parts = RefCell::new(Vec::new());
                let value = |reader: &mut Reader<'_, '_>, name: &str| match rule.variables.iter().position(|v| *v == name) {
                    Some(variable) => instance.get(variable).copied(),
                    None => self.call(reader, name, table, &parts),
                };
                let value = evaluated(rule.right, self.to, self.from[0], &value)?;
                Some(Known { arguments: arguments.to_vec(), value, rule: at, instance, parts: parts.into_inner() })
            })
        });
        table.nested.set(table.nested.get() - 1);
        let known = found.flatten()?;
        table.known.borrow_mut().push(known);
        place()
    }
}

/// The meaning of names in a text.
type Names<'n> = dyn Fn(&mut Reader<'_, '_>, &str) -> Option<Fraction> + 'n;

/// The value of a right side, which may be a choice.
fn evaluated(text: &str, domain: Domain, condition: Domain, value: &Names<'_>) -> Option<Fraction> {
    let all = tokens(text);
    if all.first().is_none_or(|t| t.text != "if") {
        return Reader { tokens: &all, domain, value: &|reader, name| value(reader, name) }.all();
    }
    let then = all.iter().find(|t| t.text == "then")?;
    let otherwise = all.iter().find(|t| t.text == "else").filter(|t| t.start > then.start)?;
    let chosen = match holds(&text[all[0].end()..then.start], condition, value)? {
        true => &text[then.end()..otherwise.start],
        false => &text[otherwise.end()..],
    };
    evaluated(chosen, domain, condition, value)
}

/// Whether a statement about numbers is true.
fn holds(text: &str, domain: Domain, value: &Names<'_>) -> Option<bool> {
    let both = |left, right| Some((holds(left, domain, value)?, holds(right, domain, value)?));
    match shape(text) {
        Shape::And(left, right) => both(left, right).map(|(left, right)| left && right),
        Shape::Or(left, right) => both(left, right).map(|(left, right)| left || right),
        Shape::Not(text) => holds(text, domain, value).map(|holds| !holds),
        Shape::Relation { symbol, left, right } => {
            related(symbol, domain, evaluated(left, domain, domain, value)?, evaluated(right, domain, domain, value)?)
        }
        _ => None,
    }
}

impl<'a> Rule<'a> {
    fn of(fact: &Item<'a>, function: &str, from: &[Domain]) -> Option<Rule<'a>> {
        let (mut variables, mut slots, mut body) = (Vec::new(), Vec::new(), fact.kind);
        loop {
            match shape(body) {
                Shape::Forall { binders, body: rest } => {
                    let before = &body[..body.len() - rest.len()];
                    for binder in &binders {
                        slots.push(Slot::Variable(variables.len()));
                        variables.push(binder.name);
                        if binder.bounded {
                            // What is written between the quantifier and the comma is the premise.
                            let premise = before.trim().trim_start_matches('∀').trim_end_matches(',');
                            slots.push(Slot::Premise(premise.trim()));
                        }
                    }
                    body = rest;
                }
                Shape::Implies(premise, rest) => {
                    slots.push(Slot::Premise(premise));
                    body = rest;
                }
                Shape::Relation { symbol: "=", left, right } => {
                    let patterns = arguments(left, function, from.len())?;
                    let patterns =
                        patterns.iter().zip(from).map(|(text, domain)| Pattern::of(text, *domain, &variables)).collect::<Option<_>>()?;
                    return Some(Rule { fact: fact.name, variables, slots, patterns, right });
                }
                _ => return None,
            }
        }
    }

    /// The values of the variables with which the patterns are these arguments and the premises are true.
    fn instance(&self, arguments: &[Fraction], from: &[Domain]) -> Option<Vec<Fraction>> {
        let mut instance: Vec<Option<Fraction>> = vec![None; self.variables.len()];
        for ((pattern, argument), domain) in self.patterns.iter().zip(arguments).zip(from) {
            let rest = Domain::Rat.apply("-", *argument, pattern.offset)?;
            let Some((variable, slope)) = pattern.slope else {
                if rest.sign() != 0 {
                    return None;
                }
                continue;
            };
            let solved = Domain::Rat.apply("/", rest, slope).filter(|value| value.is_of(*domain))?;
            if instance[variable].is_some_and(|value| value != solved) {
                return None;
            }
            instance[variable] = Some(solved);
        }
        let instance = instance.into_iter().collect::<Option<Vec<_>>>()?;
        let value = |_: &mut Reader<'_, '_>, name: &str| instance.get(self.variables.iter().position(|v| *v == name)?).copied();
        let premises = self.slots.iter().filter_map(|slot| if let Slot::Premise(text) = slot { Some(text) } else { None });
        for premise in premises {
            holds(premise, *from.first()?, &value).filter(|holds| *holds)?;
        }
        Some(instance)
    }
}

impl Pattern {
    fn of(text: &str, domain: Domain, variables: &[&str]) -> Option<Pattern> {
        let all = tokens(text);
        let mut used = (0..variables.len()).filter(|v| all.iter().any(|t| t.text == variables[*v]));
        let variable = used.next();
        if used.next().is_some() {
            return None;
        }
        let at = |n: u64| {
            let value = |_: &mut Reader<'_, '_>, name: &str| (name == variables[variable?]).then_some(Fraction::from(n));
            Reader { tokens: &all, domain, value: &value }.all()
        };
        let Some(variable) = variable else { return Some(Pattern { slope: None, offset: at(0)? }) };
        let (slope, offset) = line(at).filter(|(slope, _)| slope.sign() != 0)?;
        Some(Pattern { slope: Some((variable, slope)), offset })
    }
}

/// What `name` is applied to in a text that is nothing else.
fn arguments<'a>(text: &'a str, name: &str, count: usize) -> Option<Vec<&'a str>> {
    let all = tokens(text);
    let (first, mut rest) = all.split_first().filter(|(first, _)| first.text == name)?;
    let (mut found, mut at) = (Vec::new(), first.end());
    while let Some(length) = atom(rest) {
        let end = rest[length - 1].end();
        found.push(text[at..end].trim());
        (rest, at) = (&rest[length..], end);
    }
    (rest.is_empty() && found.len() == count).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::{super::testing::made, *};

    fn of(hypotheses: &[(&str, &str)], target: &str) -> Option<String> {
        made(script, hypotheses, target)
    }

    /// The equations that a script states.
    fn stated(script: &str) -> Vec<&str> {
        script.lines().filter_map(|line| line.split_once(" : ")?.1.split_once(" := ").map(|(says, _)| says)).collect()
    }

    #[test]
    fn only_the_values_on_the_way_are_computed() {
        let facts = [("f", "ℕ → ℕ"), ("h₀", "∀ (n : ℕ), f (2 * n) = f n"), ("h₁", "∀ (n : ℕ), f (2 * n + 1) = f n + 1"), ("h₂", "f 0 = 0")];
        let script = of(&facts, "f 100 = 3").expect("a script");
        assert_eq!(stated(&script), ["f (1) = 1", "f (3) = 2", "f (6) = 2", "f (12) = 2", "f (25) = 3", "f (50) = 3", "f (100) = 3"]);
        assert!(script.contains("have v3 : f (12) = 2 := (h₀ (6)).trans (by first | (simp only [v2, Nat.reduceAdd"), "{script}");
    }

    #[test]
    fn rules_may_have_several_arguments_premises_and_cases() {
        let facts = [
            ("f", "ℕ → ℕ → ℕ"),
            ("h₀", "∀ (y : ℕ), f 0 y = y + 1"),
            ("h₁", "∀ (x : ℕ), f (x + 1) 0 = f x 1"),
            ("h₂", "∀ (x y : ℕ), f (x + 1) (y + 1) = f x (f (x + 1) y)"),
        ];
        let script = of(&facts, "f 2 2 = 7").expect("a script");
        assert!(script.contains(" : f (2) (2) = 7 := (h₂ (1) (1)).trans "), "{script}");
        let facts = [("f", "ℤ → ℤ"), ("h₀", "∀ n ≥ 1000, f n = n - 3"), ("h₁", "∀ n < 1000, f n = f (f (n + 5))")];
        let script = of(&facts, "f 84 = 997");
        assert!(script.is_none_or(|s| s.contains("f (84) = 997")), "it may be too far away");
        let script = of(&facts, "f 994 = 997").expect("a script");
        assert!(script.contains("have v : f (999) = 1001") || script.contains("f (999) = "), "{script}");
        let facts = [("g", "ℕ → ℤ"), ("h", "∀ (n : ℕ), g n = if n % 2 = 0 then -1 else g (n + 1) - 2")];
        assert_eq!(stated(&of(&facts, "g 5 = -3").expect("a script")), ["g (6) = (-1)", "g (5) = (-3)"]);
    }

    #[test]
    fn what_has_no_end_is_left_alone() {
        assert_eq!(of(&[("f", "Nat → Nat"), ("h", "∀ n, f n = f (n + 1)")], "f 3 = 4"), None);
        assert_eq!(of(&[("f", "Nat → Nat"), ("h", "∀ n, f n = f (n + 1) + f (n + 2)")], "f 3 = 4"), None);
        assert_eq!(of(&[("f", "Nat → Nat"), ("h", "∀ x y, f (x + y) = f x + f y")], "f 3 = 4"), None);
        assert_eq!(of(&[("f", "Nat → Nat"), ("h", "∀ n, f n = n")], "0 = 4"), None);
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(fact in "(∀ n(, | ≥ 2, ))?x [n12(+ -]*[n12) +*/^-]*= (if n = 1 then )?[xn12 ()+*/^%-]*(else 0)?", target in "[x0-9 +=()]*") {
            let _ = of(&[("x", "Nat → Int"), ("h0", "x 1 = 1"), ("h1", "x 2 = 0"), ("h", &fact)], &target);
        }
    }
}

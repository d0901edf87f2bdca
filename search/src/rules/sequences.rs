//! Sequences given by a recursion: values at numerals, computed here and proved one from the other.
//!
//! For `a 0 = 1`, `a 1 = 4` and `∀ n, a (n + 2) = a (n + 1) - a n` the script states the next values, each with its proof. Where the
//! target asks for a value too far away, and the values repeat with a period `p`, it proves by induction on `k` what the values at
//! `p * k + s`, `p * k + s + 1`, … are.

use super::{
    fraction::{Domain, Fraction, Reader, closed},
    view::{Item, View},
};
use crate::{
    lex::{Token, TokenKind, tokens},
    shape::{Shape, shape},
};
use std::{collections::BTreeMap, fmt::Write, ops::Range};

/// How many values are computed at most.
const MOST_VALUES: u64 = 130;
/// The longest period.
const MOST_PERIOD: u64 = 24;

/// Of how many values before it a value may be made.
const MOST_ORDER: u64 = 8;

/// Closes a goal of numerals.
pub(super) const COMPUTE: &str = "first | done | decide +kernel | omega | grind";

/// The script for the first sequence of the goal whose values the target asks for.
pub(super) fn script(view: &View<'_>) -> Option<String> {
    view.data.iter().find_map(|item| Sequence::of(view, item)?.script(view))
}

/// A sequence with its recursion.
pub(super) struct Sequence<'a> {
    pub(super) name: &'a str,
    pub(super) domain: Domain,
    /// Values that facts give, and the facts.
    pub(super) given: BTreeMap<u64, (Fraction, &'a str)>,
    pub(super) recursion: Recursion<'a>,
}

/// `∀ n, premise → a (n + shift) = right`.
pub(super) struct Recursion<'a> {
    pub(super) fact: &'a str,
    pub(super) variable: &'a str,
    pub(super) premises: usize,
    pub(super) shift: u64,
    pub(super) right: Vec<Token<'a>>,
    text: &'a str,
}

impl<'a> Sequence<'a> {
    pub(super) fn of(view: &View<'a>, item: &Item<'a>) -> Option<Sequence<'a>> {
        let (from, to) = item.kind.split_once('→')?;
        let domain = Domain::of(to).filter(|_| Domain::of(from) == Some(Domain::Nat))?;
        let given = view.facts.iter().filter_map(|fact| {
            let Shape::Relation { symbol: "=", left, right } = shape(fact.kind) else { return None };
            Some((argument(left, item.name)?.parse().ok()?, (closed(right, domain)?, fact.name)))
        });
        let recursion = view.facts.iter().find_map(|fact| Recursion::of(fact, item.name))?;
        Some(Sequence { name: item.name, domain, given: given.collect(), recursion })
    }

    /// The numerals at which the target asks for values.
    pub(super) fn wanted(&self, view: &View<'_>) -> Vec<u64> {
        let all = tokens(view.target);
        let wanted = |(i, t): (usize, &Token<'_>)| if t.text == self.name { all.get(i + 1)?.text.parse::<u64>().ok() } else { None };
        let mut wanted: Vec<u64> = all.iter().enumerate().filter_map(wanted).collect();
        wanted.sort_unstable();
        wanted.dedup();
        wanted
    }

    fn script(&self, view: &View<'_>) -> Option<String> {
        let wanted = self.wanted(view);
        let furthest = *wanted.iter().max()?;
        let first = *self.given.keys().next()?;
        let values = self.values(first, furthest.min(first + MOST_VALUES));
        let mut script = Script { sequence: self, view, text: String::new(), names: BTreeMap::new() };
        for (index, (_, fact)) in &self.given {
            script.names.insert(*index, (*fact).to_owned());
        }
        match self.period(first, &values) {
            Some(cycle) if furthest >= first + values.len() as u64 || furthest > cycle.end + MOST_PERIOD => {
                script.cycle(&values, first, cycle, &wanted)?;
            }
            _ if furthest < first + values.len() as u64 => {
                for index in first..=furthest {
                    script.value("", index, None, &values, first)?;
                }
            }
            _ => return None,
        }
        let names: Vec<&str> = wanted.iter().filter_map(|index| script.names.get(index)).map(String::as_str).collect();
        Some(format!("{}simp only [{}]\n{COMPUTE}", script.text, names.join(", ")))
    }

    /// The values from `first` on, without a gap, as far as they can be computed.
    pub(super) fn values(&self, first: u64, last: u64) -> Vec<Fraction> {
        let mut values: Vec<Fraction> = Vec::new();
        for index in first..=last {
            let known = |i: u64| usize::try_from(i.checked_sub(first)?).ok().and_then(|i| values.get(i).copied());
            let value = self.given.get(&index).map(|(value, _)| *value).or_else(|| self.recursion.value(self, index, &known));
            let Some(value) = value else { break };
            values.push(value);
        }
        values
    }

    /// The indices of one period, of the first that there is, if what comes next depends on nothing but the values before.
    fn period(&self, first: u64, values: &[Fraction]) -> Option<Range<u64>> {
        let order = self.recursion.order(self)?;
        let before = usize::try_from(order).ok()?;
        let start = (0..before.min(values.len())).find(|at| !self.given.contains_key(&(first + *at as u64 + order)))?;
        let length = |p: &usize| {
            let window = values.get(start..start + before);
            window.is_some() && window == values.get(start + p..start + p + before)
        };
        let period = (1..=MOST_PERIOD as usize).find(length)?;
        Some(first + start as u64..first + (start + period) as u64)
    }
}

impl<'a> Recursion<'a> {
    fn of(fact: &Item<'a>, sequence: &str) -> Option<Recursion<'a>> {
        let Shape::Forall { binders, mut body } = shape(fact.kind) else { return None };
        let [binder] = binders.as_slice() else { return None };
        let mut premises = usize::from(binder.bounded);
        while let Shape::Implies(_, rest) = shape(body) {
            (premises, body) = (premises + 1, rest);
        }
        let Shape::Relation { symbol: "=", left, right } = shape(body) else { return None };
        let shift = match tokens(argument(left, sequence)?).as_slice() {
            [n] if n.text == binder.name => 0,
            [n, plus, shift] if n.text == binder.name && plus.text == "+" => shift.text.parse().ok()?,
            _ => return None,
        };
        Some(Recursion { fact: fact.name, variable: binder.name, premises, shift, right: tokens(right), text: right })
    }

    /// The value at an index, from those before.
    fn value(&self, of: &Sequence<'_>, index: u64, known: &dyn Fn(u64) -> Option<Fraction>) -> Option<Fraction> {
        let n = index.checked_sub(self.shift)?;
        let value = |reader: &mut Reader<'_, '_>, name: &str| match name {
            name if name == self.variable => Some(Fraction::from(n)),
            name if name == of.name => {
                let domain = std::mem::replace(&mut reader.domain, Domain::Nat);
                let argument = reader.atom();
                reader.domain = domain;
                known(argument?.index()?)
            }
            _ => None,
        };
        Reader { tokens: &self.right, domain: of.domain, value: &value }.all()
    }

    /// How many values before it a value depends on; `None` if it depends on where it is, too.
    fn order(&self, of: &Sequence<'_>) -> Option<u64> {
        let (_, calls) = self.instance(of.name, |offset| Some((offset.checked_add(1)?.to_string(), 0)))?;
        let least = calls.iter().map(|(offset, _)| *offset).min()?;
        let order = i64::try_from(self.shift).ok()?.checked_sub(least)?;
        u64::try_from(order).ok().filter(|order| (1..=MOST_ORDER).contains(order))
    }

    /// The right side for another `n`: `index` says what is written for `n + offset`. Returns, beside the text, the offsets that occur.
    /// `None` if `n` occurs elsewhere.
    fn instance<T>(&self, sequence: &str, index: impl Fn(i64) -> Option<(String, T)>) -> Option<(String, Vec<(i64, T)>)> {
        let calls = self.calls(sequence)?;
        let is_call = |at: usize| calls.iter().any(|(_, _, range)| range.contains(&at));
        if self.right.iter().enumerate().any(|(at, token)| token.text == self.variable && !is_call(at)) {
            return None;
        }
        let (mut text, mut found, mut at) = (String::new(), Vec::new(), 0);
        for (offset, name, range) in calls {
            let (argument, extra) = index(offset)?;
            // Positions of tokens are those in the right side.
            let _ = write!(text, "{} ({argument})", &self.text[at..name]);
            at = self.right[range.end - 1].end();
            found.push((offset, extra));
        }
        text.push_str(&self.text[at..]);
        Some((text, found))
    }

    /// The values of the sequence on the right side: the offsets to `n`, where the sequence's name ends, and the tokens.
    pub(super) fn calls(&self, sequence: &str) -> Option<Vec<(i64, usize, Range<usize>)>> {
        let (mut calls, mut at) = (Vec::new(), 0);
        while let Some(token) = self.right.get(at) {
            at += 1;
            if token.text != sequence {
                continue;
            }
            let (offset, length) = match self.right.get(at..)? {
                [n, ..] if n.text == self.variable => (0, 1),
                [open, n, sign, number, close, ..] if (open.text, n.text, close.text) == ("(", self.variable, ")") => {
                    let number: i64 = number.text.parse().ok()?;
                    let offset = match sign.text {
                        "+" => number,
                        "-" => -number,
                        _ => return None,
                    };
                    (offset, 5)
                }
                _ => return None,
            };
            calls.push((offset, token.end(), at - 1..at + length));
            at += length;
        }
        Some(calls)
    }
}

/// A script being written.
struct Script<'s, 'a, 'v> {
    sequence: &'s Sequence<'a>,
    view: &'s View<'v>,
    text: String,
    /// The proofs of values by their index; in a cycle that is behind `p * k`.
    names: BTreeMap<u64, String>,
}

impl Script<'_, '_, '_> {
    /// Proves the value at `index`, or at `base + index`, from values proved before.
    fn value(&mut self, indent: &str, index: u64, base: Option<&str>, values: &[Fraction], first: u64) -> Option<()> {
        if self.names.contains_key(&index) {
            return Some(());
        }
        let Sequence { name, recursion, .. } = self.sequence;
        let n = index.checked_sub(recursion.shift)?;
        let place = |index: u64| base.map_or_else(|| index.to_string(), |base| format!("{base} + {index}"));
        let at = |offset: i64| {
            let index = n.checked_add_signed(offset)?;
            Some((place(index), self.names.get(&index)?.clone()))
        };
        let value = usize::try_from(index - first).ok().and_then(|at| values.get(at))?.text();
        let proof = self.view.fresh("v");
        // A lower bound of the index, as a rule.
        let premise = match base {
            None => " (by first | decide | omega)".to_owned(),
            Some(_) => format!(" (by first | exact Nat.le_trans (by decide) (Nat.le_add_left {n} _) | omega)"),
        };
        let premises = premise.repeat(recursion.premises);
        let fact = recursion.fact;
        let _ = match recursion.instance(name, at) {
            Some((right, known)) => {
                let known: Vec<String> = known.into_iter().map(|(_, name)| name).collect();
                writeln!(
                    self.text,
                    "{indent}have {proof} : {name} ({}) = {} := Eq.trans (b := {right}) ({fact} ({}){premises}) (by simp only [{}]; {COMPUTE})",
                    place(index),
                    value,
                    place(n),
                    known.join(", ")
                )
            }
            // Where `n` itself occurs, it is a numeral.
            None if base.is_none() => {
                let known: Vec<&str> = self.names.range(index.saturating_sub(MOST_ORDER)..index).map(|(_, name)| name.as_str()).collect();
                writeln!(
                    self.text,
                    "{indent}have {proof} : {name} {index} = {} := ({fact} {n}{premises}).trans (by simp only [Nat.reduceAdd, Nat.reduceSub, Nat.reduceMul, {}]; {COMPUTE})",
                    value,
                    known.join(", ")
                )
            }
            None => return None,
        };
        self.names.insert(index, proof);
        Some(())
    }

    /// Proves the values of one cycle at all of its repetitions, and those that are wanted.
    fn cycle(&mut self, values: &[Fraction], first: u64, cycle: Range<u64>, wanted: &[u64]) -> Option<()> {
        let name = self.sequence.name;
        let order = self.sequence.recursion.order(self.sequence)?;
        let period = cycle.end - cycle.start;
        let length = period.max(order);
        let all = cycle.start..cycle.start + length;
        for index in first..all.end {
            self.value("", index, None, values, first)?;
        }
        let value = |index: u64| values.get(usize::try_from(index - first).ok()?);
        let [key, k, ih] = ["key", "k", "ih"].map(|base| self.view.fresh(base));
        let says =
            all.clone().map(|i| Some(format!("{name} ({period} * {k} + {i}) = {}", value(i)?.text()))).collect::<Option<Vec<_>>>()?;
        let proofs = |script: &Self, of: Range<u64>| of.filter_map(|i| script.names.get(&i).cloned()).collect::<Vec<_>>();
        let zero = proofs(self, all.clone());
        let _ = writeln!(
            self.text,
            "have {key} : ∀ {k}, {} := by\n  intro {k}\n  induction {k} with\n  | zero => exact ⟨{}⟩\n  | succ {k} {ih} =>",
            says.join(" ∧ "),
            zero.join(", ")
        );
        let outer = std::mem::take(&mut self.names);
        for index in all.clone() {
            let name = self.view.fresh("v");
            self.names.insert(index, name);
        }
        let _ = writeln!(self.text, "    obtain ⟨{}⟩ := {ih}", proofs(self, all.clone()).join(", "));
        // One repetition further on: its values are those of the cycle.
        let base = format!("{period} * {k}");
        let repeated: Vec<Fraction> = (0..length + period).map(|i| value(cycle.start + i % period).copied()).collect::<Option<_>>()?;
        for index in all.end..all.end + period {
            self.value("    ", index, Some(&base), &repeated, cycle.start)?;
        }
        let next = proofs(self, all.start + period..all.end + period);
        let _ = writeln!(self.text, "    exact ⟨{}⟩", next.join(", "));
        self.names = outer;
        for index in wanted {
            if self.names.contains_key(index) {
                continue;
            }
            let (times, place) = ((index - cycle.start) / period, (index - cycle.start) % period);
            let proof = self.view.fresh("v");
            let last = if place + 1 == length { "" } else { ".1" };
            let path = ".2".repeat(usize::try_from(place).ok()?);
            let says = value(cycle.start + place)?.text();
            let _ = writeln!(self.text, "have {proof} : {name} {index} = {says} := ({key} {times}){path}{last}");
            self.names.insert(*index, proof);
        }
        Some(())
    }
}

/// What `name` is applied to in a text that is nothing else.
fn argument<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let all = tokens(text);
    let (first, rest) = all.split_first().filter(|(first, _)| first.text == name)?;
    match rest {
        [only] if matches!(only.kind, TokenKind::Name | TokenKind::Number) => Some(only.text),
        [open, .., close] if open.text == "(" && close.text == ")" => {
            Some(text[first.end()..].trim().trim_start_matches('(').trim_end_matches(')'))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{super::testing::made, *};

    fn of(hypotheses: &[(&str, &str)], target: &str) -> Option<String> {
        made(script, hypotheses, target)
    }

    #[test]
    fn values_are_proved_one_from_the_other() {
        let facts = [("f", "ℕ → ℤ"), ("h0", "f 0 = 2"), ("h1", "f 1 = 1"), ("h", "∀ (n : ℕ), f (n + 2) = f (n + 1) - 2 * f n")];
        let wanted = "have v : f (2) = (-3) := Eq.trans (b := f (1) - 2 * f (0)) (h (0)) (by simp only [h1, h0]; first | done | decide +kernel | omega | grind)\n\
            have v1 : f (3) = (-5) := Eq.trans (b := f (2) - 2 * f (1)) (h (1)) (by simp only [v, h1]; first | done | decide +kernel | omega | grind)\n\
            simp only [v1]\nfirst | done | decide +kernel | omega | grind";
        assert_eq!(of(&facts, "f 3 = -5").as_deref(), Some(wanted));
        let facts = [("u", "Nat → Nat"), ("h0", "u 0 = 0"), ("h", "∀ n, u (n + 1) = 2 * u n + (n + 1)")];
        let script = of(&facts, "u 2 = 4").expect("a script");
        assert!(
            script.starts_with("have v : u 1 = 1 := (h 0).trans (by simp only [Nat.reduceAdd, Nat.reduceSub, Nat.reduceMul, h0]; "),
            "{script}"
        );
        assert!(script.contains("have v1 : u 2 = 4 := (h 1).trans"), "{script}");
    }

    #[test]
    fn values_far_away_are_those_of_a_cycle() {
        let facts = [("x", "ℕ → ℚ"), ("h0", "x 1 = 2"), ("h1", "x 2 = 3"), ("h", "∀ n ≥ 3, x n = x (n - 1) / x (n - 2)")];
        let script = of(&facts, "x 2021 = x 5").expect("a script");
        // 2, 3, 3/2, 1/2, 1/3, 2/3, and again.
        assert!(
            script.contains("have v2 : x (5) = 1 / 3 := Eq.trans (b := x (4) / x (3)) (h (5) (by first | decide | omega)) "),
            "{script}"
        );
        let key = "have key : ∀ k, x (6 * k + 1) = 2 ∧ x (6 * k + 2) = 3 ∧ x (6 * k + 3) = 3 / 2 ∧ x (6 * k + 4) = 1 / 2 ∧ x (6 * k + 5) = 1 / 3 ∧ x (6 * k + 6) = 2 / 3 := by";
        assert!(script.contains(key), "{script}");
        assert!(
            script.contains(" : x (6 * k + 7) = 2 := Eq.trans (b := x (6 * k + 6) / x (6 * k + 5)) (h (6 * k + 7) (by first | exact Nat.le_trans (by decide) (Nat.le_add_left 7 _) | omega)) "),
            "{script}"
        );
        assert!(script.contains(" : x 2021 = 1 / 3 := (key 336).2.2.2.2.1\n"), "{script}");
    }

    #[test]
    fn what_is_no_recursion_is_left_alone() {
        assert_eq!(of(&[("f", "Nat → Nat"), ("h", "∀ n, f n = n + 1")], "f 3 = 4"), None);
        assert_eq!(of(&[("f", "Nat → Nat"), ("h0", "f 0 = 1"), ("h", "∀ n, f (n + 1) = f n * (n + 1)")], "f 900 = 0"), None);
        assert_eq!(of(&[("f", "Nat → Nat"), ("h0", "f 0 = 1"), ("h", "∀ n, f (n + 1) = g n")], "f 3 = 4"), None);
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(fact in "(∀ n(, | ≥ 2, ))?x [n12(+ -]*[n12) +*/^-]*= [xn12 ()+*/^%-]*", target in "[x0-9 +=]*") {
            let _ = of(&[("x", "Nat → Int"), ("h0", "x 1 = 1"), ("h1", "x 2 = 0"), ("h", &fact)], &target);
        }
    }
}

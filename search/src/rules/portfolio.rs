//! Whole proofs to try: scripts made for goals of one kind where there is such a goal, then general ones, then guesses fitted to the goal.
//!
//! The order is that of yield per second of Lean on the valid split of miniF2F (never on test); the log-probabilities only encode it.

use super::{
    FileContext, arguments,
    cleared::cleared,
    closed_forms, conics, elimination, enumerate,
    finite::{self, is_integer, is_natural},
    gcds, induction, instances, moduli, nonlinear, quotients, residues, roots,
    scene::Scene,
    sequences, signs,
    steps::calls,
    structural,
    term::{Operator, Term},
    towers, values,
    view::{Item, View, mentions},
    witness,
};
use crate::{
    lex::{TokenKind, tokens},
    shape::{Shape, leading_binders, shape},
    task::Proposal,
};
use prove_core::{Goal, Hypothesis};

/// One-shot scripts for any goal, best first.
const GENERAL: &[&str] = &["grind", "omega", "simp_all", "decide"];

/// Those that are tried later. `decide +kernel` computes with the kernel's own big numbers and adds no axiom.
const LATER: &[&str] =
    &["decide +kernel", "intros; simp_all; omega", "intros; subst_vars; simp_all +arith +decide", "push_cast at *; omega"];

/// What `simp` needs to compute remainders of natural numbers, and of integers.
const NATURAL_REMAINDERS: &str = "Nat.pow_succ, Nat.pow_add, Nat.pow_mul, Nat.add_mod, Nat.mul_mod, Nat.pow_mod, Nat.dvd_iff_mod_eq_zero";
const INTEGER_REMAINDERS: &str = "Int.pow_succ, Int.add_emod, Int.sub_emod, Int.mul_emod, Int.dvd_iff_emod_eq_zero";

/// The scripts for a goal, best first.
pub(super) fn proposals(goal: &Goal, context: &FileContext) -> Vec<Proposal> {
    let scene = Scene::of(goal).unwrap_or_else(|| Scene { lines: Vec::new(), goal: goal.clone() }).substituted();
    let opened = |script: String| behind(&scene.lines, &script);
    let goals = typed(&scene.goal);
    let views: Vec<View<'_>> = goals.iter().map(|goal| View::new(goal, context)).collect();
    let Some(view) = views.first() else { return Vec::new() };
    // Made for goals of one kind, these seldom fail where there is such a goal.
    let rules = [
        closed_forms::script,
        functions,
        gcds::script,
        gcds::divisor,
        conics::script,
        quotients::script,
        moduli::script,
        towers::script,
        residues::script,
        witness::script,
        periods,
        induction::growing,
    ];
    let fitted = rules.iter().flat_map(|rule| views.iter().filter_map(rule));
    let fitted: Vec<Proposal> = fitted.map(|script| Proposal::new(opened(script), 0.0)).collect();
    let mut scripts: Vec<String> = GENERAL.iter().map(|s| (*s).to_owned()).collect();
    scripts.extend(enumerate::scripts(view).into_iter().map(opened));
    scripts.extend(
        [
            signs::script(view),
            instances::script(view),
            arguments::script(view),
            roots::script(view),
            elimination::script(view),
            induction::together(view),
        ]
        .into_iter()
        .flatten()
        .map(opened),
    );
    if let Some((lines, goal)) = cleared(view) {
        let view = View::new(&goal, context);
        let whole = conics::script(&view).into_iter().chain(enumerate::scripts(&view)).chain(["omega".to_owned()]);
        scripts.extend(whole.map(|script| opened(behind(&lines, &script))));
    }
    scripts.extend(nonlinear::scripts(view).into_iter().chain(nonlinear::fractions(view)).map(opened));
    scripts.extend(LATER.iter().map(|s| (*s).to_owned()));
    // What was a negation is `False` behind the opening, which says nothing to these.
    let whole = (view.target == "False").then(|| View::new(goal, context));
    let mut made = Vec::new();
    for rule in [definitions, structural::scripts, mutual, powers, remainders, casts, inductions, ranges] {
        rule(whole.as_ref().unwrap_or(view), &mut made);
    }
    scripts.extend(made.into_iter().map(|script| if whole.is_some() { script } else { opened(script) }));
    let ranked = scripts.into_iter().enumerate().map(|(rank, script)| Proposal::new(script, -0.1 * (rank + 1) as f64));
    fitted.into_iter().chain(ranked).collect()
}

/// A script behind the tactics that it begins with.
fn behind(lines: &[String], script: &str) -> String {
    lines.iter().map(String::as_str).chain([script]).collect::<Vec<_>>().join("\n")
}

/// The goal, for each type that variables may have whose types are not printed: those of an `∃` are not.
fn typed(goal: &Goal) -> Vec<Goal> {
    let untyped = |h: &Hypothesis| h.kind.trim().is_empty();
    if !goal.hypotheses.iter().any(untyped) {
        return vec![goal.clone()];
    }
    let with = |kind: &str| {
        let mut goal = goal.clone();
        goal.hypotheses.iter_mut().filter(|h| untyped(h)).for_each(|h| kind.clone_into(&mut h.kind));
        goal
    };
    vec![with("Int"), with("Nat")]
}

/// Values of a function that facts give by one recursion, or by rules.
fn functions(view: &View<'_>) -> Option<String> {
    sequences::script(view).or_else(|| values::script(view))
}

/// Unfolding of the file's own functions, and induction along their recursion.
fn definitions(view: &View<'_>, scripts: &mut Vec<String>) {
    let names = view.definitions().join(", ");
    if !names.is_empty() {
        scripts.extend([format!("simp [{names}]"), format!("simp_all [{names}]"), format!("grind [{names}]")]);
    }
    let lemmas = view.lemmas().join(", ");
    if !lemmas.is_empty() {
        scripts.extend(["simp", "simp_all", "grind"].map(|tactic| format!("{tactic} [{lemmas}]")));
        scripts.push(format!("simp_all [{names}, {lemmas}] <;> omega"));
    }
    for name in view.definitions() {
        for call in calls(view, name) {
            scripts.push(format!("fun_induction {call} <;> simp_all [{names}]"));
            scripts.push(format!("fun_induction {call} <;> grind [{names}]"));
        }
    }
}

/// Case analysis on a variable that facts bound.
fn ranges(view: &View<'_>, scripts: &mut Vec<String>) {
    for split in finite::ranges(view) {
        for finisher in ["omega", "simp_all", "grind"] {
            scripts.push(format!("{} <;> {finisher}", split.tactic()));
        }
    }
}

/// Computing with remainders, after a split by the remainder of one variable if need be.
fn remainders(view: &View<'_>, scripts: &mut Vec<String>) {
    if finite::moduli(view.target).is_empty() {
        return;
    }
    scripts.extend([format!("simp [{NATURAL_REMAINDERS}, *]"), format!("simp [{INTEGER_REMAINDERS}, *]")]);
    for split in finite::remainders(view) {
        let natural = view.data.iter().any(|d| is_natural(d) && split.statement.starts_with(&format!("{} ", d.name)));
        let lemmas = if natural { NATURAL_REMAINDERS } else { INTEGER_REMAINDERS };
        scripts.push(format!("{} <;> simp [{lemmas}, *]", split.tactic()));
    }
}

/// Induction on a variable of the target, also with the facts about it forgotten.
fn inductions(view: &View<'_>, scripts: &mut Vec<String>) {
    if !leading_binders(view.target).is_empty() {
        return;
    }
    for item in view.data.iter().filter(|d| view.in_target(d.name)) {
        let name = item.name;
        let ih = view.fresh("ih");
        let (zero, succ, arguments) = match item.kind.split_whitespace().next() {
            Some("List") => ("nil", "cons", format!("{} {name}", view.fresh("x"))),
            Some(_) if is_natural(item) => ("zero", "succ", name.to_owned()),
            _ => continue,
        };
        let facts: Vec<&str> = view.facts.iter().filter(|f| mentions(f.kind, name)).map(|f| f.name).collect();
        let clear = if facts.is_empty() { String::new() } else { format!("clear {}\n", facts.join(" ")) };
        let mut variants = vec![""];
        variants.extend((!clear.is_empty()).then_some(clear.as_str()));
        for clear in variants {
            // What is subtracted from a power is not more than it.
            let power = format!("have := @Nat.lt_two_pow_self {name}; simp_all [Nat.pow_succ] <;> omega");
            let power = view.target.contains("2 ^").then_some(power.as_str()).filter(|_| succ == "succ");
            for step in ["simp_all", "grind", "simp_all [Nat.pow_succ] <;> omega"].into_iter().chain(power) {
                scripts.push(format!("{clear}induction {name} with\n| {zero} => simp_all\n| {succ} {arguments} {ih} => {step}"));
            }
        }
        // From the least value on that the facts allow.
        if let Some((least, by)) = finite::least(view, name).filter(|(least, _)| *least > 0 && succ == "succ") {
            let k = view.fresh("k");
            scripts.push(format!(
                "obtain ⟨{k}, rfl⟩ : ∃ {k}, {name} = {k} + {least} := ⟨{name} - {least}, by omega⟩\nclear {}\n\
                 induction {k} with\n| zero => first | decide | (simp_all; done) | grind\n| succ {k} {ih} => grind",
                by.join(" ")
            ));
        }
    }
}

/// Natural numbers that divide each other.
fn mutual(view: &View<'_>, scripts: &mut Vec<String>) {
    let divides = |left: &str, right: &str| {
        view.facts
            .iter()
            .find(|fact| matches!(shape(fact.kind), Shape::Relation { symbol: "∣", left: a, right: b } if (a, b) == (left, right)))
    };
    let Shape::Relation { symbol: "=", left, right } = shape(view.target) else { return };
    if let (Some(one), Some(other)) = (divides(left, right), divides(right, left)) {
        scripts.push(format!("exact Nat.dvd_antisymm {} {}", one.name, other.name));
    }
}

/// Powers with the same exponent or the same base.
fn powers(view: &View<'_>, scripts: &mut Vec<String>) {
    let Shape::Relation { symbol, left, right } = shape(view.target) else { return };
    let is_power = |text| matches!(Term::of(text), Some(Term::Binary(Operator::Pow, ..)));
    if is_power(left) && is_power(right) {
        let relation = match symbol {
            "<" | ">" => "lt",
            "≤" | "≥" => "le",
            _ => return,
        };
        scripts.push(format!(
            "first | exact Nat.pow_{relation}_pow_left (by omega) (by omega) | exact Nat.pow_{relation}_pow_right (by omega) (by omega) \
             | exact Nat.pow_le_pow_left (by omega) _"
        ));
    }
}

/// Facts about the rationals that whole numbers are: shown there, and brought back.
fn casts(view: &View<'_>, scripts: &mut Vec<String>) {
    let Shape::Relation { symbol, left, right } = shape(view.target) else { return };
    let about = |item: &&Item<'_>| is_integer(item) && view.in_target(item.name);
    let Some(item) = view.data.iter().find(about).filter(|_| view.facts.iter().any(|f| f.kind.contains('↑'))) else { return };
    let key = view.fresh("key");
    let whole = if is_natural(item) { "Nat" } else { "Int" };
    scripts.push(format!("have {key} : (({left} : {whole}) : Rat) {symbol} (({right} : {whole}) : Rat) := by grind\nexact_mod_cast {key}"));
}

/// For a power `b ^ n` and a modulus `m`: the remainders of the power repeat with a period `p`, so `n % p` decides them.
fn periods(view: &View<'_>) -> Option<String> {
    let mut texts = std::iter::once(view.target).chain(view.facts.iter().map(|f| f.kind));
    let (modulus, (base, exponent)) = texts.find_map(|text| Some((*finite::moduli(text).first()?, power(text, view)?)))?;
    let remainders = orbit(base, modulus)?;
    let period = remainders.len();
    let [k, hk, h, key] = ["k", "hk", "h", "key"].map(|n| view.fresh(n));
    let n = exponent;
    let cases: Vec<String> = (0..period).map(|r| format!("{n} % {period} = {r}")).collect();
    let known: Vec<String> = cases.iter().zip(&remainders).map(|(case, r)| format!("({case} ∧ {base} ^ {n} % {modulus} = {r})")).collect();
    Some(format!(
        "have {key} : {} := by\n  obtain ⟨{k}, {hk}⟩ : ∃ k, {n} = {period} * k + {n} % {period} := ⟨{n} / {period}, by omega⟩\n  \
         rcases (by omega : {}) with {} <;> rw [{h}] at {hk} <;> rw [{hk}] <;>\n    simp [Nat.pow_add, Nat.pow_mul, Nat.mul_mod, Nat.pow_mod, Nat.add_mod]\n\
         have := Nat.pow_pos (n := {n}) (show 0 < {base} by decide)\nomega",
        known.join(" ∨ "),
        cases.join(" ∨ "),
        vec![h.as_str(); period].join(" | "),
    ))
}

/// A power of a small numeral by a natural variable.
fn power<'a>(text: &'a str, view: &View<'a>) -> Option<(i64, &'a str)> {
    tokens(text).windows(3).find_map(|t| {
        let base = t[0].text.parse::<i64>().ok().filter(|b| t[0].kind == TokenKind::Number && (2..100).contains(b))?;
        let exponent = view.data.iter().find(|d| is_natural(d) && d.name == t[2].text)?;
        (t[1].text == "^").then_some((base, exponent.name))
    })
}

/// The remainders of `base ^ 0`, `base ^ 1`, … by `modulus` up to the first return to 1, if that comes soon.
fn orbit(base: i64, modulus: i64) -> Option<Vec<i64>> {
    let mut remainders = vec![1];
    loop {
        let next = remainders.last()? * base % modulus;
        match next {
            1 if remainders.len() > 1 => return Some(remainders),
            _ if remainders.len() >= 12 => return None,
            next => remainders.push(next),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::testing::goal, *};

    fn scripts(hypotheses: &[(&str, &str)], target: &str) -> Vec<String> {
        let context = FileContext::scan("def size (xs : List Nat) : Nat := xs.length");
        proposals(&goal(hypotheses, target), &context).into_iter().map(|p| p.tactic.to_string()).collect()
    }

    #[test]
    fn rational_facts_about_whole_numbers_are_used_there() {
        let found = scripts(&[("a", "ℕ"), ("h₀", "(5 : ℚ) / 8 * ↑a = 2")], "a = 42");
        let wanted = "have key : ((a : Nat) : Rat) = ((42 : Nat) : Rat) := by grind\nexact_mod_cast key";
        assert!(found.iter().any(|s| s == wanted), "{found:#?}");
    }

    #[test]
    fn periods_are_those_of_the_power() {
        assert_eq!(orbit(2, 7), Some(vec![1, 2, 4]));
        assert_eq!(orbit(10, 4), None, "10 is no unit modulo 4");
        let found = scripts(&[("n", "Nat")], "¬7 ∣ 2 ^ n + 1");
        let known = "(n % 3 = 0 ∧ 2 ^ n % 7 = 1) ∨ (n % 3 = 1 ∧ 2 ^ n % 7 = 2) ∨ (n % 3 = 2 ∧ 2 ^ n % 7 = 4)";
        assert!(found.iter().any(|s| s.contains(known)), "{found:#?}");
        let fact = scripts(&[("n", "Nat"), ("h₀", "7 ∣ 2 ^ n - 1")], "3 ∣ n");
        assert!(fact.iter().any(|s| s.contains(known)), "the modulus is that of the power: {fact:#?}");
    }

    #[test]
    fn powers_with_one_exponent_are_compared_by_their_bases() {
        let power = scripts(&[("n", "Nat"), ("h", "4 ≤ n")], "2 ^ n < n ^ n");
        assert!(power.iter().any(|s| s.starts_with("first | exact Nat.pow_lt_pow_left (by omega)")), "{power:#?}");
    }

    #[test]
    fn inductions_begin_where_the_facts_do() {
        let found = scripts(&[("n", "Nat"), ("h", "5 ≤ n")], "n ^ 2 < 2 ^ n");
        let wanted = "obtain ⟨k, rfl⟩ : ∃ k, n = k + 5 := ⟨n - 5, by omega⟩\nclear h\n\
            induction k with\n| zero => first | decide | (simp_all; done) | grind\n| succ k ih => grind";
        assert!(found.iter().any(|s| s == wanted), "{found:#?}");
        let behind = scripts(&[("a", "Nat → Nat")], "∀ (n : Nat), a n = n");
        assert!(behind.iter().any(|s| s.starts_with("intro n\ninduction n with")), "{behind:#?}");
    }

    #[test]
    fn variables_whose_types_are_not_printed_may_be_integers() {
        let found = scripts(&[], "¬∃ x y, x ^ 2 = 4 * y + 3");
        let opened = "intro h\nobtain ⟨x1, y1, h1⟩ := h\nobtain ⟨r, hr⟩ : ∃ r : Nat, x1 % 4 = r := ";
        assert!(found[0].starts_with(&format!("{opened}⟨(x1 % 4).toNat, by omega⟩")), "{found:#?}");
        assert!(found[1].starts_with(&format!("{opened}⟨_, rfl⟩")), "{found:#?}");
    }

    #[test]
    fn what_is_said_to_be_a_term_is_replaced_by_it() {
        let facts = [("a", "Int"), ("b", "Int"), ("c", "Int"), ("h₀", "b = a + 1"), ("h₁", "c = b + 1"), ("h₂", "a * b * c = 210")];
        let found = scripts(&facts, "a + b + c = 18");
        let wanted = "subst h₀\nsubst h₁\nhave key1 : (a - 5) * (1 * a ^ 2 + 8 * a + 42) = 0 := by grind\n";
        assert!(found.iter().any(|s| s.starts_with(wanted)), "{found:#?}");
        assert!(!scripts(&[("a", "Int"), ("h", "a = a + 1")], "a = 2").iter().any(|s| s.contains("subst h")));
    }

    #[test]
    fn functions_of_the_file_are_unfolded_and_followed() {
        let found = scripts(&[("xs", "List Nat")], "0 ≤ size xs");
        assert!(found.contains(&"fun_induction size xs <;> simp_all [size]".to_owned()), "{found:#?}");
        assert!(found.contains(&"induction xs with\n| nil => simp_all\n| cons x xs ih => grind".to_owned()), "{found:#?}");
    }

    #[test]
    fn every_goal_gets_the_general_scripts() {
        assert_eq!(scripts(&[], "True"), [GENERAL, LATER].concat());
        let found = scripts(&[("n", "Nat"), ("h", "n * n = 49")], "n = 7");
        assert!(found.starts_with(&GENERAL.iter().map(|s| s.to_string()).collect::<Vec<_>>()), "{found:#?}");
        assert!(found[GENERAL.len()].starts_with("refine Classical.byContradiction"), "{found:#?}");
    }
}

//! Whole proofs to try: general scripts first, then scripts made for the goal.
//!
//! The order is that of yield per second of Lean on the valid split of miniF2F (never on test); the log-probabilities only encode it.

use super::{finite, steps::calls, view::View};
use crate::{shape::leading_binders, task::Proposal};

/// One-shot scripts for any goal, best first.
const GENERAL: &[&str] = &["omega", "grind", "simp_all", "decide", "intros; simp_all; omega", "simp_all; grind", "rfl", "norm_num_core"];

/// The scripts for a goal, best first.
pub(super) fn proposals(view: &View<'_>) -> Vec<Proposal> {
    let mut scripts: Vec<String> = GENERAL.iter().map(|s| (*s).to_owned()).collect();
    definitions(view, &mut scripts);
    ranges(view, &mut scripts);
    remainders(view, &mut scripts);
    inductions(view, &mut scripts);
    scripts.into_iter().enumerate().map(|(rank, script)| Proposal::new(script, -0.1 * (rank + 1) as f64)).collect()
}

fn definitions(view: &View<'_>, scripts: &mut Vec<String>) {
    let names = view.definitions().join(", ");
    if !names.is_empty() {
        scripts.extend([format!("simp [{names}]"), format!("simp_all [{names}]"), format!("grind [{names}]")]);
    }
    for name in view.definitions() {
        for call in calls(view, name) {
            scripts.push(format!("fun_induction {call} <;> simp_all [{names}]"));
            scripts.push(format!("fun_induction {call} <;> grind [{names}]"));
        }
    }
}

fn ranges(view: &View<'_>, scripts: &mut Vec<String>) {
    for split in finite::ranges(view) {
        for finisher in ["omega", "simp_all", "grind"] {
            scripts.push(format!("{} <;> {finisher}", split.tactic()));
        }
    }
}

fn remainders(view: &View<'_>, scripts: &mut Vec<String>) {
    for split in finite::remainders(view) {
        let Some(name) = &split.name else { continue };
        scripts.push(format!("{} <;> simp [Nat.pow_succ, Nat.mul_mod, Nat.add_mod, Nat.dvd_iff_mod_eq_zero, {name}]", split.tactic()));
        scripts.push(format!("{} <;> simp [Int.pow_succ, Int.mul_emod, Int.add_emod, {name}]", split.tactic()));
    }
}

fn inductions(view: &View<'_>, scripts: &mut Vec<String>) {
    if !leading_binders(view.target).is_empty() {
        return;
    }
    for item in view.data.iter().filter(|d| view.in_target(d.name)) {
        let name = item.name;
        let ih = view.fresh("ih");
        let (zero, succ, arguments) = match item.kind.split_whitespace().next() {
            Some("Nat" | "ℕ") => ("zero", "succ", name.to_owned()),
            Some("List") => ("nil", "cons", format!("{} {name}", view.fresh("x"))),
            _ => continue,
        };
        for (base, step) in
            [("simp_all", "simp_all"), ("simp_all", "grind"), ("simp_all", "omega"), ("simp_all", "simp_all [Nat.pow_succ]; omega")]
        {
            scripts.push(format!("induction {name} with\n| {zero} => {base}\n| {succ} {arguments} {ih} => {step}"));
        }
    }
}

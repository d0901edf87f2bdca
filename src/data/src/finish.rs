//! From a family's draft to a statement: varied, named, laid out and labelled.

use crate::{
    draft::{Claim, Draft, Variable},
    families::Family,
    model::{self, Outcome},
    mutate, names,
    rng::Rng,
    statement::{Binder, Definition, Difficulty, Form, Label, Statement, Style},
    words,
};
use std::collections::{BTreeSet, HashMap};

/// Of a hundred statements so many are changed at one place.
const CHANGED: u32 = 22;
/// Of a hundred changed statements for which no counterexample is found, so many are kept.
const UNKNOWN_KEPT: u32 = 15;
/// Random values tried in search of a counterexample, for statements meant to hold and for changed ones.
const TRIES: (u32, u32) = (24, 160);
const BLACKBOARD: &[(&str, &str)] = &[("Nat", "ℕ"), ("Int", "ℤ"), ("Rat", "ℚ")];

/// The statement of a family's draft.
pub(crate) fn finish(rng: &mut Rng, family: &Family, difficulty: Difficulty, draft: Draft) -> Statement {
    let draft = if rng.chance(6 + 4 * u32::from(difficulty.level())) { mutate::distracted(rng, draft) } else { draft };
    let (draft, label) = labelled(rng, draft);
    written(rng, family, difficulty, draft, label)
}

/// The draft, or what a change made of it, and whether it holds.
fn labelled(rng: &mut Rng, draft: Draft) -> (Draft, Label) {
    let wanted = rng.chance(CHANGED);
    if draft.claim == Claim::Holds
        && wanted
        && let Some(changed) = mutate::changed(rng, &draft)
    {
        match model::search(&changed, TRIES.1, rng.int(0, i64::MAX) as u64) {
            Outcome::Refuted(at) => return (refuted(changed, &at), Label::False),
            Outcome::Exhausted => return (changed, Label::True),
            // A change that nothing could be computed of may not even have a meaning.
            Outcome::Survived(1..) if rng.chance(UNKNOWN_KEPT) => return (changed, Label::Unknown),
            Outcome::Survived(_) => {}
        }
    }
    let tries = if draft.claim == Claim::Holds { TRIES.0 } else { TRIES.1 };
    match (model::search(&draft, tries, rng.int(0, i64::MAX) as u64), draft.claim) {
        (Outcome::Refuted(at), _) => (refuted(draft, &at), Label::False),
        (Outcome::Exhausted, _) | (_, Claim::Holds) => (draft, Label::True),
        (Outcome::Survived(_), Claim::Open) => (draft, Label::Unknown),
    }
}

/// The draft with a proof of its negation in the place of its own: that it fails at these values. None if they are not all numbers.
fn refuted(mut draft: Draft, at: &[(String, String)]) -> Draft {
    let is_number = |v: &&Variable| matches!(v.kind.as_str(), "Nat" | "Int" | "Rat");
    let value = |v: &Variable| at.iter().find(|(name, _)| *name == v.name).map(|(_, value)| value.clone());
    let numbers: Option<Vec<String>> = draft.variables.iter().map(|v| Some(v).filter(is_number).and_then(value)).collect();
    draft.proofs.clear();
    if let Some(mut arguments) = numbers {
        let by_kernel = "(by decide +kernel)";
        arguments.resize(arguments.len() + draft.hypotheses.len(), by_kernel.to_owned());
        if !arguments.is_empty() {
            draft.proofs.push(format!("intro key\nexact absurd (key {}) {by_kernel}", arguments.join(" ")));
        }
    }
    draft
}

fn written(rng: &mut Rng, family: &Family, difficulty: Difficulty, mut draft: Draft, label: Label) -> Statement {
    rng.shuffle(&mut draft.hypotheses);
    for text in draft.hypotheses.iter_mut().chain([&mut draft.goal]) {
        if rng.chance(15)
            && let Some(flipped) = mutate::flipped(text)
        {
            *text = flipped;
        }
    }
    let mut renamed = new_names(rng, &draft);
    let numeric = draft.variables.iter().any(|v| v.kind.contains("Nat") || v.kind.contains("Int") || v.kind.contains("Rat"));
    let blackboard = numeric && draft.definitions.is_empty() && rng.chance(25);
    // The library's names are not written so.
    let in_proofs = renamed.clone();
    if blackboard {
        renamed.extend(BLACKBOARD.iter().map(|(plain, double)| ((*plain).to_owned(), (*double).to_owned())));
    }
    let rename = |text: &str| words::rename(text, &renamed);
    let taken: BTreeSet<String> = renamed.values().cloned().collect();
    let hypothesis_names = names::hypotheses(rng, draft.hypotheses.len(), &taken);
    let form = match rng.below(20) {
        0 | 1 => Form::Arrows,
        2 => Form::Closed,
        _ => Form::Binders,
    };
    let hypothesis = |(text, name): (&String, String)| Binder { name, kind: rename(text), implicit: false };
    let mut statement = Statement {
        name: String::new(),
        family: family.name().to_owned(),
        topic: family.topic(),
        difficulty,
        label,
        definitions: draft.definitions.iter().map(|(d, _)| Definition { name: rename(&d.name), text: rename(&d.text) }).collect(),
        binders: draft.variables.iter().map(|v| Binder { name: rename(&v.name), kind: rename(&v.kind), implicit: v.implicit }).collect(),
        hypotheses: draft.hypotheses.iter().zip(hypothesis_names).map(hypothesis).collect(),
        goal: rename(&draft.goal),
        style: Style { form, lines: rng.chance(30), blackboard },
        proofs: Vec::new(),
    };
    let intro = if label == Label::False { String::new() } else { statement.intro() };
    statement.proofs = draft.proofs.iter().map(|proof| intro.clone() + &words::rename(proof, &in_proofs)).collect();
    statement.name = format!("{}_{}", statement.family, &statement.key().to_string()[..8]);
    statement
}

/// New names for all that the draft binds or defines.
fn new_names(rng: &mut Rng, draft: &Draft) -> HashMap<String, String> {
    let texts: Vec<&str> = draft.hypotheses.iter().map(String::as_str).chain([draft.goal.as_str()]).collect();
    let variables: Vec<_> = draft.variables.iter().map(|v| (v.name.clone(), v.kind.clone())).collect();
    let defined: Vec<_> = draft.definitions.iter().map(|(d, names)| (d.name.clone(), *names)).collect();
    let ours: BTreeSet<String> = variables
        .iter()
        .map(|(n, _)| n.clone())
        .chain(defined.iter().map(|(n, _)| n.clone()))
        .chain(texts.iter().flat_map(|t| words::bound(t)))
        .collect();
    // Library names and constructors stay, and so does what definitions call their own arguments.
    let in_definitions = draft.definitions.iter().flat_map(|(d, _)| words::idents(&d.text));
    let kinds = draft.variables.iter().flat_map(|v| words::idents(&v.kind));
    let all = texts.iter().flat_map(|t| words::idents(t)).chain(kinds).filter(|n| !ours.contains(n)).chain(in_definitions);
    let defined_names: BTreeSet<&String> = defined.iter().map(|(n, _)| n).collect();
    let mut taken: BTreeSet<String> = all.filter(|n| !defined_names.contains(n)).collect();
    let mut renamed = names::definitions(rng, &defined, &mut taken);
    renamed.extend(names::variables(rng, &variables, &mut taken));
    for (old, new) in names::bound(rng, &texts, &taken) {
        renamed.entry(old).or_insert(new);
    }
    renamed
}

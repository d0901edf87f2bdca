//! Theorems made of goals: the subgoals of a sketch, each standing by itself.
//!
//! A goal inside a proof becomes a theorem whose premises are the goal's hypotheses. Its proof goes back into the place of the goal as
//! it is, so premises keep their names, and inaccessible ones (`x✝`) get names that [`Hole::opening`] gives them there, too. All premises
//! are explicit: nobody applies the theorem, and Lean finds instances among the premises whatever their brackets. From the first
//! local definition (`x : T := v`) on, the premises go into the type, where `let` keeps the value.
//!
//! Whether the text means what the goal means is for the environment to check: printed terms do not always read back as they were.

use crate::{
    canonical::StateKey,
    lex::{TokenKind, head, tokens},
    script::Tactic,
};
use prove_core::{Goal, Hypothesis, ProofState};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::{self, Write},
    ops::Range,
};

/// A theorem without a name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Lemma {
    /// Universe levels it is polymorphic in, to be declared with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub universes: Vec<String>,
    /// What goes before the colon, in order.
    pub premises: Vec<Premise>,
    /// What it says.
    pub target: String,
}

/// A variable or a fact that a lemma begins with.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Premise {
    /// Its name, accessible.
    pub name: String,
    /// Its type.
    pub kind: String,
    /// Its value, for a local definition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// A `sorry` in a proof, and what has to be proved there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hole {
    /// The bytes of the `sorry` in the proof's text.
    pub range: Range<usize>,
    /// The goals there; the first one is the hole's.
    pub state: ProofState,
    /// The hole's goal as a theorem. `None` where it cannot stand alone: it shares metavariables with other goals, or its text does not
    /// read back as the same goal.
    pub lemma: Option<Lemma>,
    /// What goes before a proof of the lemma when it is put in the place of the `sorry`: the inaccessible hypotheses get the names that
    /// they have in the lemma.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opening: Option<Tactic>,
}

impl Lemma {
    /// The lemma of a goal, and the tactic that names its inaccessible hypotheses, if there are any. `None` if the goal has
    /// metavariables, which no theorem can speak of.
    pub fn of(goal: &Goal) -> Option<(Lemma, Option<Tactic>)> {
        let texts =
            || goal.hypotheses.iter().flat_map(|h| [Some(h.kind.as_str()), h.value.as_deref()]).flatten().chain([goal.target.as_str()]);
        if texts().any(has_metavariable) {
            return None;
        }
        let mut taken: BTreeSet<String> = goal.hypotheses.iter().flat_map(|h| &h.names).cloned().collect();
        taken.extend(texts().flat_map(tokens).filter(|t| t.kind == TokenKind::Name).map(|t| head(t.text).to_owned()));
        let mut given = BTreeMap::new();
        let mut opening = String::from("rename_i");
        for name in goal.hypotheses.iter().flat_map(|h| &h.names).filter(|name| name.contains('✝')) {
            let fresh = fresh(name.split('✝').next().unwrap_or_default(), &taken);
            let _ = write!(opening, " {fresh}");
            taken.insert(fresh.clone());
            given.insert(name.as_str(), fresh);
        }
        let premise = |h: &Hypothesis, name: &String| Premise {
            name: given.get(name.as_str()).unwrap_or(name).clone(),
            kind: renamed(&h.kind, &given),
            value: h.value.as_deref().map(|v| renamed(v, &given)),
        };
        let premises: Vec<Premise> = goal.hypotheses.iter().flat_map(|h| h.names.iter().map(move |name| premise(h, name))).collect();
        let target = renamed(&goal.target, &given);
        Some((Lemma::new(premises, target), (!given.is_empty()).then(|| opening.into())))
    }

    /// A lemma that declares the universe levels it names.
    fn new(premises: Vec<Premise>, target: String) -> Lemma {
        let universes = premises.iter().map(|p| p.kind.as_str()).chain([target.as_str()]).flat_map(universes).collect::<BTreeSet<_>>();
        Lemma { universes: universes.into_iter().collect(), premises, target }
    }

    /// The theorem's declaration up to its `:=`.
    pub fn declaration(&self, name: &str) -> String {
        let mut text = format!("theorem {name}");
        if !self.universes.is_empty() {
            let _ = write!(text, ".{{{}}}", self.universes.join(", "));
        }
        let binders = self.binders();
        for premise in &self.premises[..binders] {
            let _ = write!(text, " ({} : {})", premise.name, premise.kind);
        }
        let _ = write!(text, " : {}", closed(&self.premises[binders..], &self.target));
        text
    }

    /// The tactic with which a proof of the standalone theorem begins, if its type holds premises.
    pub fn introduction(&self) -> Option<Tactic> {
        let names: Vec<&str> = self.premises[self.binders()..].iter().map(|p| p.name.as_str()).collect();
        (!names.is_empty()).then(|| format!("intro {}", names.join(" ")).into())
    }

    /// How many premises come before the first local definition.
    fn binders(&self) -> usize {
        self.premises.iter().position(|p| p.value.is_some()).unwrap_or(self.premises.len())
    }

    /// That the lemma does not hold.
    #[must_use]
    pub fn negation(&self) -> Lemma {
        let target = format!("¬ ({})", closed(&self.premises, &self.target));
        Lemma { universes: self.universes.clone(), premises: Vec::new(), target }
    }

    /// The lemma without the premises of these names. `None` if nothing would change, or if what is left speaks of them.
    pub fn without(&self, names: &BTreeSet<&str>) -> Option<Lemma> {
        let (dropped, kept): (Vec<&Premise>, Vec<&Premise>) = self.premises.iter().partition(|p| names.contains(p.name.as_str()));
        let texts = || kept.iter().flat_map(|p| [Some(p.kind.as_str()), p.value.as_deref()]).flatten().chain([self.target.as_str()]);
        let speaks = |name: &str| texts().any(|text| tokens(text).iter().any(|t| t.kind == TokenKind::Name && head(t.text) == name));
        if dropped.is_empty() || dropped.iter().any(|p| speaks(&p.name)) {
            return None;
        }
        Some(Lemma::new(kept.into_iter().cloned().collect(), self.target.clone()))
    }

    /// The state in which its proof begins.
    pub fn state(&self) -> ProofState {
        let hypotheses =
            self.premises.iter().map(|p| Hypothesis { names: vec![p.name.clone()], kind: p.kind.clone(), value: p.value.clone() });
        ProofState { goals: vec![Goal { case: None, hypotheses: hypotheses.collect(), target: self.target.clone() }] }
    }

    /// Equal for lemmas that are equal up to the names of their premises.
    pub fn key(&self) -> StateKey {
        StateKey::of(&self.state())
    }
}

impl fmt::Display for Lemma {
    /// The type of the theorem, all premises inside.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&closed(&self.premises, &self.target))
    }
}

/// The type `∀ premises, target`.
fn closed(premises: &[Premise], target: &str) -> String {
    let mut text = String::new();
    let mut open = false;
    for premise in premises {
        match (&premise.value, open) {
            (Some(value), _) => {
                let _ = write!(text, "{}let {} : {} := {value}; ", if open { ", " } else { "" }, premise.name, premise.kind);
                open = false;
            }
            (None, _) => {
                let _ = write!(text, "{} ({} : {})", if open { "" } else { "∀" }, premise.name, premise.kind);
                open = true;
            }
        }
    }
    let _ = write!(text, "{}{target}", if open { ", " } else { "" });
    text
}

/// Whether a printed term has a metavariable (`?m.12`, `?a`).
fn has_metavariable(text: &str) -> bool {
    let all = tokens(text);
    all.windows(2)
        .any(|t| t[0].text.ends_with('?') && t[0].kind == TokenKind::Symbol && t[1].kind == TokenKind::Name && t[0].end() == t[1].start)
}

/// The universe parameters that a printed type names: `u` in `Type u` and `Sort (max u v)`.
fn universes(text: &str) -> Vec<String> {
    let all = tokens(text);
    let mut found = Vec::new();
    for (i, _) in all.iter().enumerate().filter(|(_, t)| matches!(t.text, "Type" | "Sort")) {
        let level = all[i + 1..].iter().enumerate();
        let mut depth = 0usize;
        for (n, token) in level {
            match token.kind {
                TokenKind::Open if n == 0 || depth > 0 => depth += 1,
                TokenKind::Close if depth > 0 => depth -= 1,
                TokenKind::Name if matches!(token.text, "max" | "imax") && depth > 0 => {}
                TokenKind::Name if n == 0 || depth > 0 => found.push(token.text.to_owned()),
                TokenKind::Number | TokenKind::Symbol if depth > 0 => {}
                _ => break,
            }
            if depth == 0 {
                break;
            }
        }
    }
    found
}

/// A name like `base` that is not taken.
fn fresh(base: &str, taken: &BTreeSet<String>) -> String {
    let base = if base.is_empty() || base.contains(['.', '«']) { "x" } else { base };
    (1..).map(|n| format!("{base}_{n}")).find(|name| !taken.contains(name)).unwrap_or_default()
}

/// `text` with names replaced, all else as it is.
pub(crate) fn renamed(text: &str, given: &BTreeMap<&str, String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for token in tokens(text).iter().filter(|t| t.kind == TokenKind::Name) {
        let name = head(token.text);
        if let Some(new) = given.get(name) {
            out.push_str(&text[at..token.start]);
            out.push_str(new);
            at = token.start + name.len();
        }
    }
    out.push_str(&text[at..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn goal(hypotheses: &[(&[&str], &str, Option<&str>)], target: &str) -> Goal {
        let hypothesis = |(names, kind, value): &(&[&str], &str, Option<&str>)| Hypothesis {
            names: names.iter().map(|n| (*n).to_owned()).collect(),
            kind: (*kind).to_owned(),
            value: value.map(str::to_owned),
        };
        Goal { case: None, hypotheses: hypotheses.iter().map(hypothesis).collect(), target: target.to_owned() }
    }

    #[test]
    fn hypotheses_become_premises_under_names_that_can_be_written() {
        let goal = goal(
            &[(&["α"], "Type u_1", None), (&["inst✝"], "Inhabited α", None), (&["x", "x✝"], "α", None), (&["h✝"], "x✝ = x", None)],
            "x = x✝",
        );
        let (lemma, opening) = Lemma::of(&goal).expect("it has no metavariables");
        let text = "theorem l.{u_1} (α : Type u_1) (inst_1 : Inhabited α) (x : α) (x_1 : α) (h_1 : x_1 = x) : x = x_1";
        assert_eq!(lemma.declaration("l"), text);
        assert_eq!(opening.as_deref(), Some("rename_i inst_1 x_1 h_1"));
        assert_eq!(lemma.introduction(), None);
    }

    #[test]
    fn values_are_kept_by_let_and_what_follows_goes_into_the_type() {
        let goal = goal(&[(&["n"], "Nat", None), (&["m"], "Nat", Some("n + 1")), (&["h"], "m < 5", None)], "n < 4");
        let (lemma, opening) = Lemma::of(&goal).expect("it has no metavariables");
        assert_eq!(lemma.declaration("l"), "theorem l (n : Nat) : let m : Nat := n + 1; ∀ (h : m < 5), n < 4");
        assert_eq!((lemma.introduction().as_deref(), opening), (Some("intro m h"), None));
        assert_eq!(lemma.negation().declaration("l"), "theorem l : ¬ (∀ (n : Nat), let m : Nat := n + 1; ∀ (h : m < 5), n < 4)");
    }

    #[test]
    fn goals_with_metavariables_stay_where_they_are() {
        assert_eq!(Lemma::of(&goal(&[], "?m.3 + 1 = 2")), None);
        assert_eq!(Lemma::of(&goal(&[(&["h"], "p ?w", None)], "q")), None);
        assert!(Lemma::of(&goal(&[(&["xs"], "List Nat", None)], "xs[0]? = none")).is_some(), "a question mark alone is no metavariable");
    }

    #[test]
    fn premises_can_be_left_out_unless_they_are_spoken_of() {
        let (lemma, _) =
            Lemma::of(&goal(&[(&["n"], "Nat", None), (&["h1"], "n = 1", None), (&["h2"], "n < 2", None)], "n ≤ 1")).expect("a lemma");
        let alone = lemma.without(&BTreeSet::from(["h1", "absent"])).expect("h1 can go");
        assert_eq!(alone.declaration("l"), "theorem l (n : Nat) (h2 : n < 2) : n ≤ 1");
        assert_eq!(lemma.without(&BTreeSet::from(["n"])), None);
        assert_eq!(lemma.without(&BTreeSet::from(["absent"])), None);
        assert_ne!(lemma.key(), alone.key());
        let (lemma, _) = Lemma::of(&goal(&[(&["α"], "Type u", None), (&["h"], "Nonempty α", None)], "True")).expect("a lemma");
        let alone = lemma.without(&BTreeSet::from(["α", "h"])).expect("both can go");
        assert_eq!(alone.declaration("l"), "theorem l : True", "levels that nothing names are not declared");
    }

    #[test]
    fn universe_parameters_are_found_in_every_printed_form() {
        assert_eq!(universes("Type u → Sort (max v (w+1)) → Type → Type 3 → Prop"), ["u", "v", "w"]);
    }
}

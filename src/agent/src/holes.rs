//! The goals at the `sorry`s of a sketch as theorems that stand alone.
//!
//! What Lean prints of a goal is made into a theorem's text ([`Lemma::of`]), and Lean reads it back. The text counts only if the state in
//! which its proof begins is printed as the goal was: a coercion lost in printing, a numeral of another type or a shadowed name shows
//! there. Where the usual way of printing does not read back, more exact ones are tried. A goal that no way carries over, or that has
//! metavariables, has no lemma, and a sketch with it is of no use to a decomposition.

use crate::{
    env::{BatchText, LeanEnv},
    target::Filled,
};
use prove_core::{Position, ProofState};
use prove_search::{Check, Cost, Hole, Lemma, StateKey, Tactic, Trial};

/// Ways of printing, the most readable first.
const STYLES: [&str; 3] = [
    "",
    "set_option pp.numericTypes true in set_option pp.coercions.types true in set_option pp.funBinderTypes true in ",
    "set_option pp.explicit true in set_option pp.funBinderTypes true in set_option pp.numericTypes true in ",
];

impl LeanEnv {
    /// The holes of a sketch that elaborates. `goals` are the states at its `sorry`s as they were printed with the first style.
    pub(crate) async fn holes(
        &self,
        check: &Check,
        filled: &Filled,
        goals: Vec<Option<ProofState>>,
        cost: &mut Cost,
    ) -> Result<Vec<Hole>, Trial> {
        let mut holes: Vec<Hole> = filled
            .holes
            .iter()
            .zip(&goals)
            .map(|((_, range), state)| Hole { range: range.clone(), state: state.clone().unwrap_or_default(), lemma: None, opening: None })
            .collect();
        let mut printed = goals;
        for (n, options) in STYLES.iter().enumerate() {
            if n > 0 {
                let text = self.text(&[&filled.text], check.heartbeats, options);
                let line = text.lines[0].start + BatchText::LINES_BEFORE;
                let places = filled.holes.iter().map(|(place, _)| Position::new(place.line + line, place.column)).collect();
                printed = self.elaborate(&text, false, places, cost).await?.goals;
            }
            let stated = |state: &Option<ProofState>| {
                state.as_ref().and_then(|state| state.goals.first()).and_then(|goal| self.target().subgoal(goal))
            };
            let wanted: Vec<(usize, Lemma, Option<Tactic>)> = (0..holes.len())
                .filter(|&i| holes[i].lemma.is_none())
                .filter_map(|i| printed.get(i).and_then(stated).map(|(lemma, opening)| (i, lemma, opening)))
                .collect();
            let faithful = self.faithful(wanted.iter().map(|(_, lemma, _)| lemma), check.heartbeats, options, cost).await?;
            for ((i, lemma, opening), _) in wanted.into_iter().zip(faithful).filter(|(_, faithful)| *faithful) {
                holes[i].lemma = Some(lemma);
                holes[i].opening = opening;
            }
            if holes.iter().all(|hole| hole.lemma.is_some() || hole.state.goals.first().is_none_or(|goal| Lemma::of(goal).is_none())) {
                break;
            }
        }
        Ok(holes)
    }

    /// For each lemma, whether Lean reads its text back as the goal that it was made of.
    async fn faithful<'a>(
        &self,
        lemmas: impl Iterator<Item = &'a Lemma>,
        heartbeats: u64,
        options: &str,
        cost: &mut Cost,
    ) -> Result<Vec<bool>, Trial> {
        let lemmas: Vec<&Lemma> = lemmas.collect();
        let copies: Vec<String> = lemmas.iter().filter_map(|lemma| Some(self.target().filled(Some(lemma), "skip").ok()?.text)).collect();
        if lemmas.is_empty() || copies.len() < lemmas.len() {
            return Ok(vec![false; lemmas.len()]);
        }
        let copies: Vec<&str> = copies.iter().map(String::as_str).collect();
        let trials = self.trials(&self.text(&copies, heartbeats, options), cost).await?;
        let same = |lemma: &Lemma, trial: &Trial| match trial {
            Trial::Open(state) => StateKey::of(state) == lemma.key(),
            _ => false,
        };
        Ok(lemmas.iter().zip(&trials).map(|(lemma, trial)| same(lemma, trial)).collect())
    }
}

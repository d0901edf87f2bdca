//! Remembers what candidates did, whichever strategy tried them.
//!
//! Strategies that share a theorem come to the same proofs: a model repeats itself, a tree reaches one state by two paths, a portfolio
//! has tried what a search tries again. Proofs that differ only in comments and white space between tokens are the same
//! ([`normal`]). A remembered answer costs nothing, and is the same as before; timeouts and faults are not remembered.

use crate::{
    lemma::Lemma,
    segment::normal,
    task::{Attempt, Check, Checked, Cost, Detail, Trial},
    world::ProofEnv,
};
use prove_core::Fault;
use std::{
    collections::HashMap,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

/// An environment with a memory.
#[derive(Debug)]
pub struct CheckCache<E> {
    env: E,
    known: Mutex<Known>,
    avoided: AtomicU64,
}

#[derive(Debug, Default)]
struct Known {
    trials: HashMap<Key, Trial>,
    checked: HashMap<(Key, Detail), Checked>,
}

/// The hash of a theorem, a proof and a limit.
type Key = [u8; 32];

impl<E: ProofEnv + Sync> CheckCache<E> {
    /// An environment that knows nothing yet.
    pub fn new(env: E) -> CheckCache<E> {
        CheckCache { env, known: Mutex::default(), avoided: AtomicU64::new(0) }
    }

    /// How many checks were answered from memory.
    pub fn avoided(&self) -> u64 {
        self.avoided.load(Ordering::Relaxed)
    }

    /// The environment behind it.
    pub fn inner(&self) -> &E {
        &self.env
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn key(lemma: Option<&Lemma>, proof: &str, heartbeats: u64) -> Key {
    let mut hasher = blake3::Hasher::new();
    let theorem = lemma.map_or_else(String::new, |lemma| lemma.declaration("_"));
    for part in [theorem.as_bytes(), proof.as_bytes()] {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hasher.update(&heartbeats.to_le_bytes());
    *hasher.finalize().as_bytes()
}

/// Whether a second try would end in the same way.
fn lasts(trial: &Trial) -> bool {
    !matches!(trial, Trial::Timeout | Trial::Fault(_))
}

impl<E: ProofEnv + Sync> ProofEnv for CheckCache<E> {
    async fn attempt(&self, attempt: &Attempt) -> Result<(Vec<Trial>, Cost), Fault> {
        let lemma = attempt.lemma.as_deref();
        let key = |candidate| key(lemma, &normal(&attempt.prefix.then(candidate).to_string()), attempt.heartbeats);
        let keys: Vec<Key> = attempt.candidates.iter().cloned().map(key).collect();
        let mut trials: Vec<Option<Trial>> = keys.iter().map(|key| self.known().trials.get(key).cloned()).collect();
        let unknown: Vec<usize> = (0..trials.len()).filter(|&i| trials[i].is_none()).collect();
        self.avoided.fetch_add((trials.len() - unknown.len()) as u64, Ordering::Relaxed);
        let mut cost = Cost::default();
        if !unknown.is_empty() {
            let candidates = unknown.iter().map(|&i| attempt.candidates[i].clone()).collect();
            let (found, paid) = self.env.attempt(&Attempt { candidates, ..attempt.clone() }).await?;
            cost = paid;
            let mut known = self.known();
            for (i, trial) in unknown.into_iter().zip(found) {
                if lasts(&trial) {
                    known.trials.insert(keys[i], trial.clone());
                }
                trials[i] = Some(trial);
            }
        }
        let missing = || Trial::Fault(Fault { message: "the environment gave too few answers".to_owned() });
        Ok((trials.into_iter().map(|trial| trial.unwrap_or_else(missing)).collect(), cost))
    }

    async fn check(&self, check: &Check) -> Result<(Checked, Cost), Fault> {
        // Its answer speaks of places in the text, so the text counts as it is.
        let place = (key(check.lemma.as_deref(), &check.proof, check.heartbeats), check.detail);
        if let Some(checked) = self.known().checked.get(&place).cloned() {
            self.avoided.fetch_add(1, Ordering::Relaxed);
            return Ok((checked, Cost::default()));
        }
        let (checked, cost) = self.env.check(check).await?;
        if lasts(&checked.trial) {
            let trial = key(check.lemma.as_deref(), &normal(&check.proof), check.heartbeats);
            let mut known = self.known();
            known.trials.insert(trial, checked.trial.clone());
            known.checked.insert(place, checked.clone());
        }
        Ok((checked, cost))
    }
}

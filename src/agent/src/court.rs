//! The judge's word inside a search: what looks closed is judged at once, and what the judge refuses is no proof to the search either.
//!
//! So a search ends with a proof that is one, and goes on where the cheap verdict was wrong. Only proofs of the problem itself are judged;
//! subgoals count by their part in it.

use crate::target::Target;
use prove_core::{Fault, RejectKind, Verdict};
use prove_lean::{Certificate, Judge};
use prove_search::{Attempt, Check, Checked, Cost, ProofEnv, Trial};
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// One `sorry` before the judge.
pub(crate) struct Court<'a> {
    pub(crate) judge: &'a Judge,
    /// The file, with a theorem in the place of an `example`.
    pub(crate) trusted: &'a str,
    /// The declaration's name in it.
    pub(crate) name: &'a str,
    /// What is filled already.
    pub(crate) fills: &'a [(usize, String)],
    /// Which `sorry` it is.
    pub(crate) number: usize,
    /// Whether the declaration has another `sorry` that is still open. It is judged when the last of them is filled.
    pub(crate) has_open: bool,
    pub(crate) target: &'a Target,
    pub(crate) memory: Mutex<Memory>,
}

/// What was judged, by the text that took the place of the `sorry`, and how long it took.
#[derive(Default)]
pub(crate) struct Memory {
    verdicts: HashMap<String, Verdict<Certificate>>,
    spent: Duration,
}

impl Court<'_> {
    /// The verdict on a proof.
    pub(crate) async fn verdict(&self, proof: &str) -> Verdict<Certificate> {
        let body = self.target.placed(proof);
        if let Some(verdict) = self.memory().verdicts.get(&body) {
            return verdict.clone();
        }
        let started = Instant::now();
        let mut fills: Vec<(usize, &str)> = self.fills.iter().map(|(n, body)| (*n, body.as_str())).collect();
        fills.push((self.number, &body));
        let judged = self.judge.fill(self.trusted, &fills).await;
        let verdict = judged.into_iter().find(|j| j.name == self.name).map(|j| j.verdict);
        let verdict = verdict.unwrap_or_else(|| {
            let message = "only proofs of theorems, lemmas and examples can be judged".to_owned();
            Verdict::Rejected(prove_core::Rejection { kind: RejectKind::WrongKind, message, position: None })
        });
        let mut memory = self.memory();
        memory.spent += started.elapsed();
        if !matches!(verdict, Verdict::Fault(_)) {
            memory.verdicts.insert(body, verdict.clone());
        }
        verdict
    }

    /// Whether a verdict is as good as can be now.
    pub(crate) fn accepts(&self, verdict: &Verdict<Certificate>) -> bool {
        match verdict {
            Verdict::Proved(_) => true,
            Verdict::Rejected(rejection) => rejection.kind == RejectKind::Sorry && self.has_open,
            Verdict::Timeout | Verdict::Fault(_) => false,
        }
    }

    /// The time that the judge took.
    pub(crate) fn spent(&self) -> Duration {
        self.memory().spent
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn trial(&self, proof: &str) -> Trial {
        match self.verdict(proof).await {
            verdict if self.accepts(&verdict) => Trial::Closed,
            Verdict::Rejected(rejection) => Trial::Rejected(format!("the judge refuses it: {}", rejection.message)),
            Verdict::Fault(fault) => Trial::Fault(fault),
            Verdict::Timeout | Verdict::Proved(_) => Trial::Timeout,
        }
    }
}

/// An environment whose closed proofs of the problem have passed the judge.
pub(crate) struct JudgedEnv<'a, E> {
    pub(crate) env: &'a E,
    pub(crate) court: &'a Court<'a>,
}

impl<E: ProofEnv + Sync> ProofEnv for JudgedEnv<'_, E> {
    async fn attempt(&self, attempt: &Attempt) -> Result<(Vec<Trial>, Cost), Fault> {
        let (mut trials, cost) = self.env.attempt(attempt).await?;
        if attempt.lemma.is_none() {
            for (trial, candidate) in trials.iter_mut().zip(&attempt.candidates).filter(|(trial, _)| **trial == Trial::Closed) {
                *trial = self.court.trial(&attempt.prefix.then(candidate.clone()).to_string()).await;
                if *trial == Trial::Closed {
                    // One is enough: a search takes the first.
                    break;
                }
            }
        }
        Ok((trials, cost))
    }

    async fn check(&self, check: &Check) -> Result<(Checked, Cost), Fault> {
        let (mut checked, cost) = self.env.check(check).await?;
        if check.lemma.is_none() && checked.trial == Trial::Closed {
            checked.trial = self.court.trial(&check.proof).await;
        }
        Ok((checked, cost))
    }
}

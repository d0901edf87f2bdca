//! Groups of whole proofs sampled from a model, as reinforcement learning and pass@k want them: every sample with its tokens, their
//! log-probabilities, and what Lean says.
//!
//! Lean's word here is the cheap verdict; whoever keeps score has what is closed judged ([`judge_all`](crate::judge_all)).

use crate::{
    policy::ModelPolicy,
    settle::{Agent, Problem, Settings},
};
use prove_core::{Fault, Verdict};
use prove_lean::Certificate;
use prove_model::{Prompt, Sample};
use prove_search::{Attempt, ProofEnv, Proposer, Query, QueryKind, Script, Tactic, Trial, WholeProofOptions};
use std::{collections::HashMap, sync::Arc};

/// The samples for one theorem.
#[derive(Clone, Debug)]
pub struct Rollout {
    /// What the model read.
    pub prompt: Prompt,
    /// The samples in order.
    pub samples: Vec<Sampled>,
}

/// One sample.
#[derive(Clone, Debug)]
pub struct Sampled {
    /// As the model gave it.
    pub sample: Sample,
    /// The proof in it, if there is one.
    pub proof: Option<String>,
    /// What became of the proof. A sample without one is rejected.
    pub trial: Trial,
}

impl Agent {
    /// Samples `samples` whole proofs of the theorem around a `sorry` and tries them. Of `settings`, those of model and seed count.
    pub async fn roll_out(&self, problem: &Problem<'_>, settings: &Settings, samples: u32) -> Result<Rollout, Verdict<Certificate>> {
        let case = self.open(problem, settings).await.map_err(|settled| settled.verdict)?;
        let model = case.policy.model().ok_or_else(|| Verdict::Fault(Fault { message: "there is no model to sample from".to_owned() }))?;
        let query = Query::new(QueryKind::WholeProof, Proposer::Model, Arc::new(case.root.clone()), samples as usize, settings.seed);
        let (prompt, samples) = model.samples(&query).await.map_err(Verdict::Fault)?;
        let proofs: Vec<Option<Tactic>> = samples.iter().map(|s| proof(model, &query, s)).collect();
        let tried = case.try_each(proofs.iter().flatten()).await.map_err(Verdict::Fault)?;
        let outcome = |proof: &Option<Tactic>| match proof {
            Some(proof) => tried.get(proof).cloned().unwrap_or(Trial::Timeout),
            None => Trial::Rejected("there is no proof in it".to_owned()),
        };
        let sampled = samples.into_iter().zip(proofs).map(|(sample, proof)| Sampled {
            sample,
            trial: outcome(&proof),
            proof: proof.map(|proof| proof.to_string()),
        });
        Ok(Rollout { prompt, samples: sampled.collect() })
    }
}

fn proof(model: &ModelPolicy, query: &Query, sample: &Sample) -> Option<Tactic> {
    model.proposal(query, "", sample).map(|proposal| proposal.tactic)
}

impl crate::settle::Case {
    /// What each of these proofs does, equal ones tried once.
    async fn try_each<'a>(&self, proofs: impl Iterator<Item = &'a Tactic>) -> Result<HashMap<Tactic, Trial>, Fault> {
        let mut distinct: Vec<Tactic> = proofs.cloned().collect();
        distinct.sort();
        distinct.dedup();
        let mut tried = HashMap::new();
        let heartbeats = WholeProofOptions::default().heartbeats;
        for candidates in distinct.chunks(8) {
            let attempt = Attempt { lemma: None, prefix: Script::default(), candidates: candidates.to_vec(), heartbeats };
            let (trials, _) = self.env.attempt(&attempt).await?;
            tried.extend(candidates.iter().cloned().zip(trials));
        }
        Ok(tried)
    }
}

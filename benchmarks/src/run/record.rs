//! What became of an attempt, as a run keeps it.

use super::{ModelUsed, Plan};
use crate::suite::Problem;
use prove_agent::Settled;
use prove_core::{RejectKind, Verdict};
use prove_lean::Audit;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// With a proof that the judge accepts.
    Proved,
    /// Without one within its budget.
    Rejected,
    /// The wall time ran out.
    Timeout,
    /// The machinery failed, again when it was tried again. Says nothing about the problem.
    Fault,
    /// The statement does not elaborate on this Lean. Says nothing about the prover.
    Unsupported,
}

impl Outcome {
    /// Its name, as in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Proved => "proved",
            Outcome::Rejected => "rejected",
            Outcome::Timeout => "timeout",
            Outcome::Fault => "fault",
            Outcome::Unsupported => "unsupported",
        }
    }
}

/// What became of one attempt at one problem. It reports a verdict and is none: `prove bench verify` judges again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The problem's name.
    pub problem: String,
    /// Its split.
    pub split: String,
    /// Its topic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// Which attempt it is, from 0.
    pub attempt: u32,
    /// How it ended.
    pub outcome: Outcome,
    /// Why it is rejected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<RejectKind>,
    /// For people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// What takes the place of the `sorry`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<String>,
    /// The judge's record of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
    /// What it took.
    pub cost: Cost,
}

/// What a proof was accepted for, and what it was made with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The theorem's name.
    pub theorem: String,
    /// BLAKE3 of the file with `sorry` for the proof.
    pub statement_hash: String,
    /// BLAKE3 of the proof.
    pub proof_hash: String,
    /// BLAKE3 of the file with the proof in it, which is what was judged.
    pub file_hash: String,
    /// The Lean, with its version.
    pub lean: String,
    /// The axioms that it rests on.
    pub axioms: Vec<String>,
    /// What was audited.
    pub audits: Vec<Audit>,
    /// The seed of the attempt.
    pub seed: u64,
    /// The model's hash, or its name where its files are not at hand.
    pub model: Option<String>,
}

/// What an attempt took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Cost {
    /// Candidates checked.
    pub checks: u64,
    /// Those of them that were answered from memory.
    pub avoided: u64,
    /// Seconds of Lean workers, summed over workers.
    pub lean_seconds: f64,
    /// Tokens that a model wrote.
    pub model_tokens: u64,
    /// Seconds of the judge.
    pub judge_seconds: f64,
    /// Seconds of wall time, all in all.
    pub wall_seconds: f64,
    /// Seconds in which the model had something to do.
    pub model_busy: f64,
    /// How often it was tried: more than once after faults.
    pub tries: u32,
}

impl Record {
    /// A record of something that was not searched for.
    pub(super) fn without_search(problem: &Problem, attempt: u32, outcome: Outcome, message: &str) -> Record {
        Record {
            problem: problem.name.clone(),
            split: problem.split.clone(),
            topic: problem.topic.clone(),
            attempt,
            outcome,
            kind: None,
            message: Some(message.to_owned()),
            proof: None,
            evidence: None,
            cost: Cost::default(),
        }
    }

    pub(super) fn of(plan: &Plan, problem: &Problem, attempt: u32, settled: Settled, wall: Duration, tries: u32) -> Record {
        let cost = Cost {
            checks: settled.spent.checks,
            avoided: settled.avoided,
            lean_seconds: settled.spent.lean_seconds,
            model_tokens: settled.spent.model_tokens,
            judge_seconds: settled.judge.as_secs_f64(),
            wall_seconds: wall.as_secs_f64(),
            model_busy: settled.spent.policy_busy.as_secs_f64(),
            tries,
        };
        let record = |outcome, message: &str| Record { cost, ..Record::without_search(problem, attempt, outcome, message) };
        match (settled.verdict, settled.proof) {
            (Verdict::Proved(certificate), Some(proof)) => {
                let hash = |text: &str| blake3::hash(text.as_bytes()).to_hex().to_string();
                let evidence = Evidence {
                    theorem: settled.name,
                    statement_hash: hash(&problem.text()),
                    proof_hash: hash(&proof),
                    file_hash: certificate.file_hash().to_owned(),
                    lean: plan.lean.clone(),
                    axioms: certificate.axioms().to_vec(),
                    audits: certificate.audits().to_vec(),
                    seed: plan.seed(attempt),
                    model: plan.model.as_ref().map(ModelUsed::identity),
                };
                Record { message: None, proof: Some(proof), evidence: Some(evidence), ..record(Outcome::Proved, "") }
            }
            (Verdict::Proved(_), None) => record(Outcome::Fault, "the judge accepted a proof that nobody holds; report this"),
            (Verdict::Rejected(rejection), _) if rejection.kind == RejectKind::Statement => {
                record(Outcome::Unsupported, &rejection.message)
            }
            (Verdict::Rejected(rejection), _) => Record { kind: Some(rejection.kind), ..record(Outcome::Rejected, &rejection.message) },
            (Verdict::Timeout, _) => record(Outcome::Timeout, "the wall time ran out"),
            (Verdict::Fault(fault), _) => record(Outcome::Fault, &fault.message),
        }
    }
}

//! Proofs of a run, looked at again: judged anew from the run's folder alone ([`verify`]), and written as Lean files for others ([`export`]).

use crate::{
    run::{Evidence, Kept, Outcome, Record},
    suite::Problem,
};
use futures_util::{Stream, StreamExt, stream};
use prove_core::Verdict;
use prove_lean::{Certificate, Judge};
use prove_syntax::{Outline, ProofBody, Source, find_sorries, splice};
use serde::Serialize;

/// What a second look at a claimed proof came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Second {
    /// The problem.
    pub problem: String,
    /// The attempt, from 0.
    pub attempt: u32,
    /// What came of it.
    #[serde(flatten)]
    pub look: Look,
}

/// See [`Second`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "look", rename_all = "snake_case")]
pub enum Look {
    /// The judge accepts it again, and the record says of it what is so.
    Confirmed {
        /// What the judge found now.
        evidence: Box<Evidence>,
    },
    /// It is no proof, or not the one that the record is about.
    Refused {
        /// Why.
        reason: String,
    },
    /// The machinery failed, or time ran out.
    Undecided {
        /// Why.
        reason: String,
    },
}

/// Judges every claimed proof of a run again, in its order, some at a time.
pub fn verify<'a>(judge: &'a Judge, kept: &'a Kept, at_once: usize) -> impl Stream<Item = Second> + 'a {
    let claimed = kept.records.iter().filter(|record| record.outcome == Outcome::Proved);
    stream::iter(claimed.map(move |record| look(judge, kept, record))).buffered(at_once.max(1))
}

async fn look(judge: &Judge, kept: &Kept, record: &Record) -> Second {
    let (problem, attempt) = (record.problem.clone(), record.attempt);
    let look = match claim(kept, record) {
        Err(reason) => Look::Refused { reason },
        Ok(claim) => again(judge, &claim).await,
    };
    Second { problem, attempt, look }
}

/// A claimed proof whose parts are those that its record speaks of.
struct Claim<'a> {
    /// The file with `sorry`.
    text: String,
    theorem: String,
    number: usize,
    proof: &'a str,
    evidence: &'a Evidence,
}

fn claim<'a>(kept: &'a Kept, record: &'a Record) -> Result<Claim<'a>, String> {
    let problem = named(kept, &record.problem)?;
    let (theorem, number) = problem.target()?;
    let proof = record.proof.as_deref().ok_or("the record has no proof")?;
    let evidence = record.evidence.as_ref().ok_or("the record has no evidence")?;
    let text = problem.text();
    let hash = |text: &str| blake3::hash(text.as_bytes()).to_hex().to_string();
    if hash(&text) != evidence.statement_hash {
        return Err("the statement is another than the one that was proved".to_owned());
    }
    if hash(proof) != evidence.proof_hash {
        return Err("the proof is another than the one that was judged".to_owned());
    }
    Ok(Claim { text, theorem, number, proof, evidence })
}

fn named<'a>(kept: &'a Kept, name: &str) -> Result<&'a Problem, String> {
    kept.problems.iter().find(|problem| problem.name == name).ok_or_else(|| format!("the run has no problem {name}"))
}

async fn again(judge: &Judge, claim: &Claim<'_>) -> Look {
    let judged = judge.fill(&claim.text, &[(claim.number, claim.proof)]).await;
    let refused = |reason: String| Look::Refused { reason };
    match judged.into_iter().find(|judged| judged.name == claim.theorem).map(|judged| judged.verdict) {
        Some(Verdict::Proved(certificate)) => compared(claim.evidence, &certificate, judge),
        Some(Verdict::Rejected(rejection)) => refused(rejection.message),
        Some(Verdict::Timeout) => Look::Undecided { reason: "the judge ran out of time".to_owned() },
        Some(Verdict::Fault(fault)) => Look::Undecided { reason: fault.message },
        None => refused(format!("the file declares no theorem {}", claim.theorem)),
    }
}

/// What the record says of a proof that was accepted has to be so.
fn compared(evidence: &Evidence, certificate: &Certificate, judge: &Judge) -> Look {
    if evidence.axioms != certificate.axioms() {
        return Look::Refused { reason: format!("it rests on the axioms {:?}, not on those recorded", certificate.axioms()) };
    }
    if evidence.file_hash != certificate.file_hash() {
        return Look::Refused { reason: "the judged file is another than the one recorded".to_owned() };
    }
    let evidence = Evidence { lean: judge.toolchain().version().to_string(), audits: certificate.audits().to_vec(), ..evidence.clone() };
    Look::Confirmed { evidence: Box::new(evidence) }
}

/// A proof as a Lean file that stands alone: a name for the file, and its text, which begins with what was recorded. From its imports on it
/// is the file that was judged.
pub fn export(kept: &Kept, record: &Record) -> Result<(String, String), String> {
    let Claim { text, number, proof, evidence, .. } = claim(kept, record)?;
    let source = Source::new(&text);
    let sorries = find_sorries(&source, &Outline::new(&source));
    let sorry = sorries.get(number).ok_or("the `sorry` is gone")?;
    let body = ProofBody::parse(proof).map_err(|rejection| rejection.message)?;
    let whole = splice(&source, &[(sorry, &body)]).map_err(|rejection| rejection.message)?.text;
    let axioms = if evidence.axioms.is_empty() { "none".to_owned() } else { evidence.axioms.join(", ") };
    let Evidence { theorem, statement_hash, proof_hash, file_hash, lean, seed, .. } = evidence;
    let model = evidence.model.as_deref().unwrap_or("none");
    let head = format!(
        "/-\n{theorem}, proved and judged with Lean {lean}.\n\n\
         Check it with `lean FILE`: no message is a proof. `#print axioms {theorem}` at the end prints what it rests on: {axioms}.\n\n\
         statement {statement_hash}\nproof     {proof_hash}\nfile      {file_hash} (BLAKE3 of what follows this comment and one blank line)\n\
         seed      {seed}\nmodel     {model}\n-/\n\n"
    );
    let safe = |c: char| if c.is_alphanumeric() || "_-.".contains(c) { c } else { '_' };
    let attempt = if record.attempt > 0 { format!("-{}", record.attempt + 1) } else { String::new() };
    let name = format!("{}{attempt}.lean", record.problem.chars().map(safe).collect::<String>());
    Ok((name, head + &whole))
}

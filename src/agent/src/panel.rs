//! Many proofs before the judge at once.
//!
//! A judgement is a process of Lean, which takes as long to start as a dozen short proofs take to elaborate. Claims that bring no imports
//! stand in namespaces of their own in one file, which is judged as any file is. An error anywhere condemns the file, so one with an error
//! is judged again in halves, down to the claim that has it.

use crate::target::block;
use prove_core::{RejectKind, Rejection, Verdict};
use prove_lean::{Certificate, Judge};
use prove_syntax::{Outline, Place, Source};

/// Claims that share a file.
const TOGETHER: usize = 32;

/// A theorem and what is said to prove it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The commands before the theorem.
    pub header: String,
    /// The theorem up to its `:= by`.
    pub theorem: String,
    /// The tactics, from column 0 on.
    pub proof: String,
}

/// The judge's verdicts on claims, in their order.
pub async fn judge_all(judge: &Judge, claims: &[Claim]) -> Vec<Verdict<Certificate>> {
    let mut verdicts = Vec::with_capacity(claims.len());
    let mut rest = claims;
    while !rest.is_empty() {
        let together = rest.iter().take(TOGETHER).take_while(|claim| can_share(claim)).count().max(1);
        judge_file(judge, &rest[..together], &mut verdicts).await;
        rest = &rest[together..];
    }
    verdicts
}

/// Judges claims in one file, and in halves where that is refused as a whole.
async fn judge_file(judge: &Judge, claims: &[Claim], verdicts: &mut Vec<Verdict<Certificate>>) {
    let (text, names) = file(claims);
    let fills: Vec<(usize, String)> = claims.iter().enumerate().map(|(n, claim)| (n, block(claim.proof.trim_end(), Place::Body))).collect();
    let fills: Vec<(usize, &str)> = fills.iter().map(|(n, body)| (*n, body.as_str())).collect();
    let judged = judge.fill(&text, &fills).await;
    let of = |name: &String| judged.iter().find(|j| j.name == *name).map(|j| j.verdict.clone());
    let found: Vec<_> = names.iter().map(|name| of(name).unwrap_or_else(nothing_to_judge)).collect();
    if claims.len() > 1 && !found.iter().any(|verdict| matches!(verdict, Verdict::Proved(_))) {
        let (left, right) = claims.split_at(claims.len() / 2);
        Box::pin(judge_file(judge, left, verdicts)).await;
        Box::pin(judge_file(judge, right, verdicts)).await;
    } else {
        verdicts.extend(found);
    }
}

/// The trusted file, and the full names of its theorems.
fn file(claims: &[Claim]) -> (String, Vec<String>) {
    let own = |claim: &Claim| {
        let outline = Outline::new(&Source::new(&claim.theorem));
        outline.declarations.into_iter().find_map(|d| d.name).unwrap_or_default()
    };
    if let [claim] = claims {
        return (format!("{}{}\n  sorry\n", claim.header, claim.theorem), vec![full_name(claim).unwrap_or_default()]);
    }
    let mut text = String::new();
    for (n, claim) in claims.iter().enumerate() {
        text.push_str(&format!("namespace Claim{n}\n{}{}\n  sorry\nend Claim{n}\n\n", claim.header, claim.theorem));
    }
    (text, claims.iter().enumerate().map(|(n, claim)| format!("Claim{n}.{}", own(claim))).collect())
}

/// The theorem's name behind its header, which may open namespaces.
fn full_name(claim: &Claim) -> Option<String> {
    let text = format!("{}{}\n  sorry\n", claim.header, claim.theorem);
    Outline::new(&Source::new(&text)).declarations.into_iter().rev().find_map(|d| d.name)
}

/// Whether a claim can stand in a namespace beside others: it neither imports nor leaves scopes open, and names its theorem simply.
fn can_share(claim: &Claim) -> bool {
    let source = Source::new(&claim.header);
    let outline = Outline::new(&source);
    let words = ["import", "namespace", "section", "end", "_root_", "universe"];
    let scoped = outline.commands.iter().any(|c| words.contains(&c.keyword.as_str()));
    !scoped && !claim.header.contains("import ") && !claim.theorem.contains("_root_") && full_name(claim).is_some()
}

fn nothing_to_judge() -> Verdict<Certificate> {
    let message = "the statement is no theorem that can be judged".to_owned();
    Verdict::Rejected(Rejection { kind: RejectKind::WrongKind, message, position: None })
}

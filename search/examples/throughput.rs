//! How fast the search itself is: best-first search in a stub world that answers at once.
//!
//! `cargo run --release -p prove-search --example throughput`. An expansion is one node asked about and all its proposals tried.

#![allow(clippy::print_stdout, reason = "an example program")]

use prove_core::{Budget, Fault, Goal, Hypothesis, ProofState};
use prove_search::{
    Attempt, BestFirst, BestFirstOptions, Check, Checked, Cost, Policy, ProofEnv, Proposal, Query, Runner, StoppedClock, Streams, Tactic,
    Trial, drive,
};
use std::{
    future::Future,
    num::NonZeroUsize,
    pin::pin,
    sync::atomic::{AtomicU64, Ordering},
    task::{Context, Poll, Waker},
    time::Instant,
};

/// Four tactics everywhere: two lead to states never seen before, one back to the root, one fails.
struct Stub {
    tactics: [Tactic; 4],
    states: AtomicU64,
}

impl Policy for Stub {
    fn propose(&self, _query: &Query) -> impl Future<Output = Result<(Vec<Proposal>, Cost), Fault>> + Send {
        let proposals = self.tactics.iter().enumerate().map(|(i, t)| Proposal::new(t.clone(), -0.5 - i as f64)).collect();
        std::future::ready(Ok((proposals, Cost::default())))
    }
}

impl ProofEnv for Stub {
    fn attempt(&self, attempt: &Attempt) -> impl Future<Output = Result<(Vec<Trial>, Cost), Fault>> + Send {
        let trial = |tactic: &Tactic| match &**tactic {
            "simp" | "intro" => Trial::Open(state(self.states.fetch_add(1, Ordering::Relaxed))),
            "omega" => Trial::Open(state(0)),
            _ => Trial::Rejected(String::new()),
        };
        std::future::ready(Ok((attempt.candidates.iter().map(trial).collect(), Cost::default())))
    }

    fn check(&self, _check: &Check) -> impl Future<Output = Result<(Checked, Cost), Fault>> + Send {
        std::future::ready(Ok((Checked::bare(Trial::Timeout), Cost::default())))
    }
}

fn state(n: u64) -> ProofState {
    let hypothesis =
        |names: &[&str], kind: String| Hypothesis { names: names.iter().map(|n| (*n).to_owned()).collect(), kind, value: None };
    let hypotheses = vec![hypothesis(&["a", "b"], "Nat".to_owned()), hypothesis(&["h"], format!("a < b + {n}"))];
    ProofState { goals: vec![Goal { case: None, hypotheses, target: format!("a + 1 ≤ b + {n}") }] }
}

fn main() {
    let checks = 400_000;
    let stub = Stub { tactics: ["simp", "intro", "omega", "grind"].map(Tactic::from), states: AtomicU64::new(1) };
    let budget = Budget { checks: Some(checks), ..Budget::default() };
    let options = BestFirstOptions { batch: 4, length_exponent: 0.0, max_depth: u32::MAX, ..BestFirstOptions::default() };
    let search = BestFirst::new(state(0), Streams::new(0, "throughput"), options);
    let mut runner = Runner::new(search, budget, NonZeroUsize::MIN.saturating_add(7));
    let begin = Instant::now();
    let mut nobody = ();
    let mut driven = pin!(drive(&mut runner, &stub, &stub, &StoppedClock, 8, &mut nobody));
    let report = loop {
        if let Poll::Ready(report) = driven.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            break report;
        }
    };
    let seconds = begin.elapsed().as_secs_f64();
    println!("{:?} after {} checks: {:.0} expansions/s", report.reason, report.spent.checks, report.spent.checks as f64 / 4.0 / seconds);
}

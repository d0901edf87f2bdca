//! The memory of checks.

mod common;

use common::{Toy, state};
use prove_core::Fault;
use prove_search::{Attempt, Check, CheckCache, Checked, Cost, Detail, ProofEnv, Script, Trial};
use std::{
    future::Future,
    pin::pin,
    sync::atomic::{AtomicU64, Ordering},
    task::{Context, Poll, Waker},
};

/// A toy that counts what it is asked, and does not know `slow` in time.
struct Counted(Toy, AtomicU64);

impl ProofEnv for Counted {
    async fn attempt(&self, attempt: &Attempt) -> Result<(Vec<Trial>, Cost), Fault> {
        self.1.fetch_add(attempt.candidates.len() as u64, Ordering::Relaxed);
        let (mut trials, cost) = self.0.attempt(attempt).await?;
        trials.iter_mut().zip(&attempt.candidates).filter(|(_, c)| &***c == "slow").for_each(|(trial, _)| *trial = Trial::Timeout);
        Ok((trials, cost))
    }

    async fn check(&self, check: &Check) -> Result<(Checked, Cost), Fault> {
        self.1.fetch_add(1, Ordering::Relaxed);
        self.0.check(check).await
    }
}

fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("a toy answers at once"),
    }
}

#[test]
fn a_proof_is_checked_once_whatever_its_comments_and_blanks() {
    let mut toy = Toy::new("r", &[("r", "a", 0.5, "A"), ("r", "b  c", 0.5, "B"), ("A", "x", 0.5, ""), ("r", "slow", 0.5, "S")]);
    toy.seconds = 1.0;
    let cache = CheckCache::new(Counted(toy, AtomicU64::new(0)));
    let attempt = |prefix: &[&str], candidates: &[&str]| {
        let prefix = Script::new(prefix.iter().map(|s| (*s).into()));
        let candidates = candidates.iter().map(|s| (*s).into()).collect();
        now(cache.attempt(&Attempt { lemma: None, prefix, candidates, heartbeats: 1 })).expect("no fault")
    };
    let asked = || cache.inner().1.load(Ordering::Relaxed);
    assert_eq!(
        attempt(&[], &["a", "b  c"]),
        (vec![Trial::Open(state("A")), Trial::Open(state("B"))], Cost { lean_seconds: 2.0, model_tokens: 0 })
    );
    // One of three is new.
    assert_eq!(attempt(&[], &["a -- why", "zz", "b c"]).1.lean_seconds, 1.0);
    assert_eq!((asked(), cache.avoided()), (3, 2));
    // What ran out of time is tried again.
    assert_eq!((attempt(&[], &["slow"]).0, attempt(&[], &["slow"]).0), (vec![Trial::Timeout], vec![Trial::Timeout]));
    assert_eq!(asked(), 5);
    let check = |proof: &str| {
        now(cache.check(&Check { lemma: None, proof: proof.into(), detail: Detail::Tactics, heartbeats: 1 })).expect("no fault")
    };
    let (first, again) = (check("a\nx"), check("a\nx"));
    assert_eq!(first.0, again.0);
    assert_eq!((first.0.trial, first.0.tactics.len(), again.1, asked()), (Trial::Closed, 2, Cost::default(), 6));
    // Its verdict is known to attempts, too.
    assert_eq!(attempt(&["a"], &["x"]), (vec![Trial::Closed], Cost::default()));
    assert_eq!(asked(), 6);
}

//! Whole proofs, the minimiser and the driver on toy worlds.

mod common;

use common::{Toy, play, state};
use prove_core::{Budget, Fault, StopReason};
use prove_search::{
    Attempt, BestFirst, BestFirstOptions, Check, Checked, Clock, Cost, Entry, Minimise, MinimiseOptions, Observer, ProofEnv, Runner,
    Script, SearchEvent, StoppedClock, Streams, Trial, WholeProofOptions, WholeProofs, drive,
};
use std::{
    future::Future,
    num::NonZeroUsize,
    pin::pin,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, Waker},
    time::Duration,
};

fn window(n: usize) -> NonZeroUsize {
    NonZeroUsize::new(n).unwrap()
}

/// Polls to the end a future that never waits for anything outside.
fn finish<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    for _ in 0..100_000 {
        if let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return value;
        }
    }
    panic!("the future never ends");
}

#[test]
fn whole_proofs_are_checked_best_first_and_once() {
    let toy = Toy::new("r", &[("r", "low", 0.1, ""), ("r", "top", 0.9, "!"), ("r", "mid", 0.5, "A"), ("r", "top", 0.8, "")]);
    let options = WholeProofOptions { batch: 2, queries: 2, ..WholeProofOptions::default() };
    let mut runner = Runner::new(WholeProofs::new(state("r"), Streams::new(0, "toy"), options), Budget::default(), window(1));
    assert_eq!(play(&mut runner, &toy), ["r.top", "r.mid", "r.low"]);
    assert_eq!(runner.report().unwrap().solution.unwrap().to_string(), "low");
}

#[test]
fn a_proof_of_probability_one_is_checked_alone() {
    let toy = Toy::new("r", &[("r", "sure", 1.0, "A"), ("r", "safe", 1.0, "B"), ("r", "good", 0.9, "C"), ("r", "fair", 0.5, "D")]);
    let options = WholeProofOptions { batch: 4, ..WholeProofOptions::default() };
    let mut runner = Runner::new(WholeProofs::new(state("r"), Streams::new(0, "toy"), options), Budget::default(), window(1)).with_events();
    play(&mut runner, &toy);
    let tried = runner.take_events().into_iter().filter_map(|entry| match entry.event {
        SearchEvent::Tried { candidates, .. } => Some(candidates.join(" ")),
        _ => None,
    });
    assert_eq!(tried.collect::<Vec<_>>(), ["sure", "safe", "good fair"]);
}

fn script(steps: &[&str]) -> Script {
    Script::new(steps.iter().map(|s| (*s).into()))
}

fn minimised(toy: &Toy, proof: &[&str]) -> (String, StopReason) {
    let options = MinimiseOptions { closers: vec!["rfl".into(), "omega".into()], ..MinimiseOptions::default() };
    let mut runner = Runner::new(Minimise::new(script(proof), options), Budget::default(), window(2));
    play(&mut runner, toy);
    let report = runner.report().unwrap();
    (report.solution.unwrap().to_string(), report.reason)
}

#[test]
fn a_proof_loses_idle_steps_and_gets_a_single_closer() {
    // `idle` does nothing; after `cases`, `omega` does the work of `long` and `tail`.
    let toy = Toy::new(
        "r",
        &[
            ("r", "idle", 1.0, "r"),
            ("r", "cases", 1.0, "A"),
            ("A", "long_tactic", 1.0, "B"),
            ("B", "tail", 1.0, ""),
            ("A", "omega", 1.0, ""),
        ],
    );
    assert_eq!(minimised(&toy, &["idle", "cases", "long_tactic", "tail"]), ("cases\nomega".to_owned(), StopReason::Exhausted));
}

#[test]
fn an_alternative_replaces_its_choice_and_a_minimal_proof_stays() {
    let toy = Toy::new("r", &[("r", "first | bad | good", 1.0, ""), ("r", "good", 1.0, ""), ("r", "keep", 1.0, "K"), ("K", "it", 1.0, "")]);
    assert_eq!(minimised(&toy, &["first | bad | good"]).0, "good");
    assert_eq!(minimised(&toy, &["keep", "it"]).0, "keep\nit");
}

/// An environment that answers only after some polls, and counts how many attempts run at once.
struct Slow {
    toy: Toy,
    running: AtomicUsize,
    most: AtomicUsize,
}

impl ProofEnv for Slow {
    async fn attempt(&self, attempt: &Attempt) -> Result<(Vec<Trial>, Cost), Fault> {
        let now = self.running.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        let mut polls = 3 + attempt.candidates[0].len() % 3;
        std::future::poll_fn(|_| {
            polls -= 1;
            if polls == 0 { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
        self.running.fetch_sub(1, Ordering::SeqCst);
        self.toy.attempt(attempt).await
    }

    async fn check(&self, check: &Check) -> Result<(Checked, Cost), Fault> {
        self.toy.check(check).await
    }
}

#[test]
fn the_driver_overlaps_checks_up_to_its_limit_and_finds_the_same_proof() {
    let edges = [
        ("r", "a", 0.5, "A"),
        ("r", "bb", 0.4, "B"),
        ("r", "ccc", 0.3, "C"),
        ("A", "x", 0.1, "!"),
        ("B", "y", 0.1, "!"),
        ("C", "z", 0.1, ""),
    ];
    let toy = Toy::new("r", &edges);
    let options = BestFirstOptions { batch: 1, ..BestFirstOptions::default() };
    let mut solutions = Vec::new();
    for concurrency in 1..=4 {
        let env = Slow { toy: toy.clone(), running: AtomicUsize::new(0), most: AtomicUsize::new(0) };
        let mut runner =
            Runner::new(BestFirst::new(state("r"), Streams::new(0, "toy"), options), Budget::default(), window(3)).with_events();
        let mut events: Vec<Entry> = Vec::new();
        let report = finish(drive(&mut runner, &toy, &env, &StoppedClock, concurrency, &mut Kept(&mut events)));
        assert_eq!(report.reason, StopReason::Solved);
        assert_eq!(env.most.into_inner(), concurrency.min(3));
        solutions.push((report, events));
    }
    assert!(solutions.windows(2).all(|pair| pair[0] == pair[1]));
}

/// Keeps every event.
struct Kept<'a>(&'a mut Vec<Entry>);

impl Observer for Kept<'_> {
    fn event(&mut self, entry: Entry) {
        self.0.push(entry);
    }
}

/// A clock that the test sets.
struct Hand(Mutex<Duration>);

impl Clock for Hand {
    fn elapsed(&self) -> Duration {
        *self.0.lock().unwrap()
    }

    async fn sleep_until(&self, at: Duration) {
        std::future::poll_fn(|_| {
            *self.0.lock().unwrap() += Duration::from_secs(1);
            if self.elapsed() >= at { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }
}

/// An environment that never answers.
struct Stuck;

impl ProofEnv for Stuck {
    async fn attempt(&self, _attempt: &Attempt) -> Result<(Vec<Trial>, Cost), Fault> {
        std::future::pending().await
    }

    async fn check(&self, _check: &Check) -> Result<(Checked, Cost), Fault> {
        std::future::pending().await
    }
}

#[test]
fn a_wall_limit_ends_a_search_whose_checks_hang() {
    let toy = Toy::new("r", &[("r", "a", 0.5, "A")]);
    let budget = Budget { wall: Some(Duration::from_secs(10)), ..Budget::default() };
    let mut runner = Runner::new(BestFirst::new(state("r"), Streams::new(0, "toy"), BestFirstOptions::default()), budget, window(1));
    let report = finish(drive(&mut runner, &toy, &Stuck, &Hand(Mutex::default()), 2, &mut ()));
    assert_eq!((report.reason, report.spent.wall), (StopReason::Wall, Duration::from_secs(10)));
}

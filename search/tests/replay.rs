//! A recorded run, written down and read again, replays to the same search.

mod common;

use common::{Toy, state};
use prove_core::{Budget, Fault};
use prove_search::{
    Attempt, BestFirst, BestFirstOptions, Check, Checked, Cost, Entry, Observer, Policy, ProofEnv, Proposal, Query, Reply, Report, Request,
    Rmaxts, RmaxtsOptions, Runner, StoppedClock, Strategy, Streams, Trial, drive,
};
use std::{
    collections::HashMap,
    future::Future,
    num::NonZeroUsize,
    pin::pin,
    task::{Context, Poll, Waker},
};

/// What was recorded of a run.
#[derive(Default)]
struct Record {
    replies: HashMap<u64, String>,
    events: Vec<Entry>,
    recalled: usize,
}

impl Observer for Record {
    fn recall(&mut self, request: &Request) -> Option<Reply> {
        let reply = self.replies.get(&request.id)?;
        self.recalled += 1;
        Some(serde_json::from_str(reply).expect("a reply"))
    }

    fn answered(&mut self, request: &Request, reply: &Reply) {
        self.replies.insert(request.id, serde_json::to_string(reply).expect("JSON"));
    }

    fn event(&mut self, entry: Entry) {
        self.events.push(entry);
    }
}

/// A world that must not be asked.
struct Nobody;

impl Policy for Nobody {
    async fn propose(&self, query: &Query) -> Result<(Vec<Proposal>, Cost), Fault> {
        panic!("asked: {query:?}")
    }
}

impl ProofEnv for Nobody {
    async fn attempt(&self, attempt: &Attempt) -> Result<(Vec<Trial>, Cost), Fault> {
        panic!("asked: {attempt:?}")
    }

    async fn check(&self, check: &Check) -> Result<(Checked, Cost), Fault> {
        panic!("asked: {check:?}")
    }
}

fn drove<S: Strategy>(
    strategy: S,
    policy: &(impl Policy + Sync),
    env: &(impl ProofEnv + Sync),
    concurrency: usize,
    record: &mut Record,
) -> Report {
    let budget = Budget { checks: Some(40), ..Budget::default() };
    let mut runner = Runner::new(strategy, budget, NonZeroUsize::new(3).unwrap()).with_events();
    let driven = pin!(drive(&mut runner, policy, env, &StoppedClock, concurrency, record));
    match driven.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(report) => report,
        Poll::Pending => panic!("a toy answers at once"),
    }
}

fn toy() -> Toy {
    let mut toy = Toy::new(
        "r",
        &[
            ("r", "a", 0.3, "A|B"),
            ("r", "b", 0.1, "B"),
            ("A|B", "c", 0.7, "B"),
            ("B", "d", 0.123, "C"),
            ("C", "e", 0.9, "r"),
            ("C", "f", 0.01, "!"),
        ],
    );
    toy.seconds = 0.1;
    toy
}

fn replays<S: Strategy>(make: impl Fn() -> S) {
    let toy = toy();
    let mut record = Record::default();
    let first = drove(make(), &toy, &toy, 1, &mut record);
    assert!(first.spent.checks > 3 && first.spent.lean_seconds > 0.3, "{first:?}");
    for concurrency in [1, 2, 8] {
        let mut again = Record { replies: record.replies.clone(), ..Record::default() };
        assert_eq!(drove(make(), &Nobody, &Nobody, concurrency, &mut again), first);
        assert_eq!((again.recalled, &again.events), (record.replies.len(), &record.events));
        // Half of a record: the other half is asked for.
        let half = record.replies.iter().filter(|(id, _)| **id < record.replies.len() as u64 / 2);
        let mut again = Record { replies: half.map(|(id, reply)| (*id, reply.clone())).collect(), ..Record::default() };
        assert_eq!(drove(make(), &toy, &toy, concurrency, &mut again), first);
        assert_eq!(again.events, record.events);
    }
}

#[test]
fn best_first_replays() {
    replays(|| BestFirst::new(state("r"), Streams::new(0, "replay"), BestFirstOptions { batch: 1, ..BestFirstOptions::default() }));
}

#[test]
fn rmaxts_replays() {
    replays(|| Rmaxts::new(state("r"), Streams::new(0, "replay"), RmaxtsOptions { expansions: 30, ..RmaxtsOptions::default() }));
}

//! What the runner promises of every strategy: determinism, exact budgets, and that faults cost only themselves.

mod common;

use common::{Toy, play, play_shuffled, state};
use proptest::prelude::*;
use prove_core::{Budget, Fault, StopReason};
use prove_search::{BestFirst, BestFirstOptions, Reply, Request, Runner, Streams, Task};
use std::{num::NonZeroUsize, time::Duration};

/// A tree of the letters `a`, `b`, `c` whose branches end after four steps; `ccba` would be the only proof if it is wanted.
fn toy(solvable: bool) -> Toy {
    let mut edges = Vec::new();
    let mut level = vec![String::from("r")];
    for _ in 0..4 {
        let mut next = Vec::new();
        for from in &level {
            for (letter, p) in [("a", 0.5), ("b", 0.3), ("c", 0.15)] {
                let to = format!("{from}{letter}");
                edges.push((from.clone(), letter, p, if solvable && to == "rccba" { String::new() } else { to.clone() }));
                next.push(to);
            }
        }
        level = next;
    }
    let edges: Vec<_> = edges.iter().map(|(f, t, p, to)| (f.as_str(), *t, *p, to.as_str())).collect();
    Toy::new("r", &edges)
}

fn search(budget: Budget, window: usize) -> Runner<BestFirst> {
    let options = BestFirstOptions { batch: 2, ..BestFirstOptions::default() };
    let window = NonZeroUsize::new(window).unwrap();
    Runner::new(BestFirst::new(state("r"), Streams::new(7, "toy"), options), budget, window).with_events()
}

fn fault() -> Reply {
    Reply::Fault(Fault { message: "the worker died".to_owned() })
}

proptest! {
    #[test]
    fn order_and_number_of_workers_change_nothing(window in 1usize..9, concurrency in 1usize..9, choices in prop::collection::vec(0usize..97, 1..40)) {
        let toy = toy(true);
        let mut straight = search(Budget::default(), window);
        play_shuffled(&mut straight, window, |r| toy.reply(r), |_| 0);
        let mut shuffled = search(Budget::default(), window);
        let mut turn = choices.iter().cycle();
        play_shuffled(&mut shuffled, concurrency, |r| toy.reply(r), |_| *turn.next().unwrap());
        prop_assert_eq!(straight.report(), shuffled.report());
        prop_assert_eq!(straight.take_events(), shuffled.take_events());
        prop_assert_eq!(straight.report().unwrap().reason, StopReason::Solved);
    }

    #[test]
    fn a_budget_of_checks_is_met_exactly(checks in 0u64..60, window in 1usize..6) {
        let toy = toy(false);
        let mut runner = search(Budget { checks: Some(checks), ..Budget::default() }, window);
        let mut issued = 0;
        play_shuffled(&mut runner, window, |r| { issued += r.task.checks(); toy.reply(r) }, |n| n - 1);
        let report = runner.report().unwrap();
        prop_assert_eq!(report.reason, StopReason::Checks);
        prop_assert_eq!((report.spent.checks, issued), (checks, checks));
    }

    #[test]
    fn faults_cost_their_own_expansion_only(faulty in prop::collection::btree_set(0u64..40, 0..12), window in 1usize..6) {
        let toy = toy(false);
        let mut runner = search(Budget::default(), window);
        let mut replies = 0;
        play_shuffled(&mut runner, window, |r| { replies += 1; if faulty.contains(&r.id) { fault() } else { toy.reply(r) } }, |n| n / 2);
        let report = runner.report().unwrap();
        prop_assert_eq!(report.reason, StopReason::Exhausted);
        prop_assert_eq!(report.spent.requests, replies);
        prop_assert_eq!(report.spent.faults, faulty.range(..replies).count() as u64);
        if faulty.range(..replies).next().is_none() {
            // Every state but the leaves' children was reached: 1 + 3 + 9 + 27 + 81.
            prop_assert_eq!(runner.strategy().states().count(), 121);
        }
    }
}

#[test]
fn a_fault_in_one_batch_leaves_the_other_candidates_of_the_node() {
    let toy = Toy::new("r", &[("r", "a", 0.5, ""), ("r", "b", 0.4, ""), ("r", "c", 0.3, "")]);
    let mut runner = search(Budget::default(), 1);
    let first_attempt = |r: &Request| matches!(&*r.task, Task::Attempt(a) if &*a.candidates[0] == "a");
    play_shuffled(&mut runner, 1, |r| if first_attempt(r) { fault() } else { toy.reply(r) }, |_| 0);
    assert_eq!(runner.report().unwrap().solution.unwrap().to_string(), "c");
}

#[test]
fn lean_seconds_stop_new_requests_and_wait_for_those_under_way() {
    let mut toy = toy(false);
    toy.seconds = 0.5;
    let mut runner = search(Budget { lean_seconds: Some(2.4), ..Budget::default() }, 1);
    play(&mut runner, &toy);
    let report = runner.report().unwrap();
    assert_eq!(report.reason, StopReason::LeanSeconds);
    // Batches of two cost a second each: after the second one 2.0 are spent, after the third 3.0.
    assert_eq!((report.spent.checks, report.spent.lean_seconds), (6, 3.0));
}

#[test]
fn wall_time_and_cancellation_stop_at_once() {
    let mut runner = search(Budget { wall: Some(Duration::from_secs(3)), ..Budget::default() }, 1);
    let first = runner.next_requests(5, Duration::from_secs(2));
    assert_eq!(first.len(), 1);
    assert!(runner.next_requests(5, Duration::from_secs(3)).is_empty());
    let report = runner.report().unwrap();
    assert_eq!((report.reason, report.spent.wall), (StopReason::Wall, Duration::from_secs(3)));
    assert!(!runner.answer(first[0].id, fault()), "a late reply is ignored");

    let mut runner = search(Budget::default(), 1);
    runner.next_requests(1, Duration::ZERO);
    runner.cancel();
    assert_eq!(runner.report().unwrap().reason, StopReason::Cancelled);
}

#[test]
fn replies_of_the_wrong_kind_or_length_lose_nothing_else() {
    let toy = toy(true);
    let mut runner = search(Budget::default(), 1);
    let odd = |r: &Request| match (r.id, toy.reply(r)) {
        (3, Reply::Trials { .. }) => Reply::Proposals { proposals: Vec::new(), cost: Default::default() },
        (_, Reply::Trials { mut trials, cost }) => {
            trials.extend(trials.clone());
            Reply::Trials { trials, cost }
        }
        (_, reply) => reply,
    };
    play_shuffled(&mut runner, 1, odd, |_| 0);
    assert!(matches!(runner.report().unwrap().reason, StopReason::Solved | StopReason::Exhausted));
    assert!(!runner.answer(10_000, fault()));
}

#[test]
fn events_survive_a_round_trip_through_json() {
    let toy = toy(true);
    let mut runner = search(Budget::default(), 3);
    play_shuffled(&mut runner, 3, |r| toy.reply(r), |n| n - 1);
    let events = runner.take_events();
    assert!(events.len() > 20);
    for event in events {
        let text = serde_json::to_string(&event).unwrap();
        assert_eq!(serde_json::from_str::<prove_search::Entry>(&text).unwrap(), event, "{text}");
    }
}

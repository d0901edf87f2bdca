//! The scheduler: shares of the cost, turns, arms that end or only repeat themselves.

mod common;

use common::{Toy, play_shuffled, state};
use prove_core::{Budget, StopReason};
use prove_search::{
    AnyStrategy, Arm, Attempt, BestFirst, BestFirstOptions, Log, Reply, RequestId, Runner, Scheduler, SchedulerOptions, Script,
    SearchEvent, Strategy, Streams, Task,
};
use std::num::NonZeroUsize;

/// Tries its own name over and over.
struct Endless {
    name: &'static str,
    left: u64,
    /// Whether it finds something new each time.
    finds: bool,
    committed: u64,
}

impl Strategy for Endless {
    type Ticket = ();

    fn next(&mut self, _: RequestId, _: u64, _: &mut Log) -> Option<(Task, ())> {
        self.left = self.left.checked_sub(1)?;
        let attempt = Attempt { lemma: None, prefix: Script::default(), candidates: vec![self.name.into()], heartbeats: 1 };
        Some((Task::Attempt(attempt), ()))
    }

    fn commit(&mut self, (): (), _: &Task, _: Reply, _: &mut Log) {
        self.committed += 1;
    }

    fn solution(&self) -> Option<&Script> {
        None
    }

    fn progress(&self) -> u64 {
        if self.finds { self.committed } else { 0 }
    }
}

fn endless(name: &'static str, left: u64, finds: bool) -> AnyStrategy {
    AnyStrategy::new(Endless { name, left, finds, committed: 0 })
}

fn run(arms: Vec<Arm>, checks: u64, window: usize) -> Runner<Scheduler> {
    let budget = Budget { checks: Some(checks), ..Budget::default() };
    let scheduler = Scheduler::new(arms, SchedulerOptions { turn: 10.0, ..SchedulerOptions::default() });
    let mut runner = Runner::new(scheduler, budget, NonZeroUsize::new(window).unwrap()).with_events();
    let toy = Toy::new("r", &[]);
    play_shuffled(&mut runner, window, |request| toy.reply(request), |_| 0);
    runner
}

fn spent(runner: &Runner<Scheduler>) -> Vec<f64> {
    runner.strategy().spent().map(|(_, spent)| spent).collect()
}

#[test]
fn costs_are_shared_by_weight_and_an_arm_that_finds_nothing_steps_back() {
    let fair = run(vec![Arm::new("a", endless("a", 9999, true), 3.0, 10.0), Arm::new("b", endless("b", 9999, true), 1.0, 10.0)], 800, 1);
    let [a, b] = spent(&fair)[..] else { panic!() };
    assert!((a - 600.0).abs() <= 20.0 && (b - 200.0).abs() <= 20.0, "{a} {b}");
    let dry = run(vec![Arm::new("a", endless("a", 9999, false), 3.0, 10.0), Arm::new("b", endless("b", 9999, true), 1.0, 10.0)], 800, 1);
    let [a, b] = spent(&dry)[..] else { panic!() };
    assert!(a < b && a > 100.0, "{a} {b}");
}

#[test]
fn first_arms_end_before_the_others_begin_and_what_ends_gives_way() {
    let arms = vec![
        Arm::new("late", endless("late", 9999, true), 1.0, 1.0),
        Arm::first("portfolio", endless("portfolio", 15, true)),
        Arm::new("short", endless("short", 5, true), 100.0, 1.0),
    ];
    let mut runner = run(arms, 60, 1);
    assert_eq!(spent(&runner), [40.0, 15.0, 5.0]);
    let turns: Vec<String> = runner
        .take_events()
        .into_iter()
        .filter_map(|entry| match entry.event {
            SearchEvent::Turn { strategy, .. } => Some(strategy),
            _ => None,
        })
        .collect();
    assert_eq!(turns[..4], ["portfolio", "portfolio", "short", "late"]);
}

#[test]
fn everything_ended_is_the_end() {
    let runner = run(vec![Arm::new("a", endless("a", 3, true), 1.0, 1.0), Arm::new("b", endless("b", 4, true), 1.0, 1.0)], 100, 3);
    let report = runner.report().unwrap();
    assert_eq!((report.reason, report.spent.checks), (StopReason::Exhausted, 7));
}

proptest::proptest! {
    #[test]
    fn the_order_of_replies_and_the_number_of_workers_change_nothing(order in proptest::collection::vec(0usize..8, 200), workers in 1usize..6) {
        let toy = Toy::new(
            "r",
            &[("r", "a", 0.5, "A"), ("r", "b", 0.4, "B"), ("A", "c", 0.3, "C"), ("B", "d", 0.5, "D"), ("C", "e", 0.1, "!"), ("D", "f", 0.1, "")],
        );
        let arms = || {
            let search = |exponent| BestFirst::new(state("r"), Streams::new(0, "t"), BestFirstOptions { batch: 1, length_exponent: exponent, ..BestFirstOptions::default() });
            vec![Arm::new("plain", AnyStrategy::new(search(0.0)), 1.0, 1.0), Arm::new("long", AnyStrategy::new(search(1.0)), 2.0, 1.0)]
        };
        let run = |concurrency: usize, order: &[usize]| {
            let scheduler = Scheduler::new(arms(), SchedulerOptions { turn: 2.0, ..SchedulerOptions::default() });
            let mut runner = Runner::new(scheduler, Budget::default(), NonZeroUsize::new(4).unwrap()).with_events();
            let mut choices = order.iter().cycle();
            play_shuffled(&mut runner, concurrency, |request| toy.reply(request), |_| *choices.next().unwrap());
            (runner.report().unwrap(), runner.take_events())
        };
        let one = run(1, &[0]);
        proptest::prop_assert_eq!(one.0.reason, StopReason::Solved);
        proptest::prop_assert_eq!(run(workers, &order), one);
    }
}

#[test]
fn a_fault_is_the_arms_loss_alone() {
    let toy = Toy::new("r", &[("r", "a", 0.5, "")]);
    let search = || AnyStrategy::new(BestFirst::new(state("r"), Streams::new(0, "t"), BestFirstOptions::default()));
    let scheduler =
        Scheduler::new(vec![Arm::new("one", search(), 1.0, 1.0), Arm::new("two", search(), 1.0, 1.0)], SchedulerOptions::default());
    let mut runner = Runner::new(scheduler, Budget::default(), NonZeroUsize::MIN);
    let mut first = true;
    let fault = |text: &str| prove_core::Fault { message: text.to_owned() };
    play_shuffled(
        &mut runner,
        1,
        |request| if std::mem::take(&mut first) { Reply::Fault(fault("down")) } else { toy.reply(request) },
        |_| 0,
    );
    let report = runner.report().unwrap();
    assert_eq!((report.reason, report.spent.faults), (StopReason::Solved, 1));
}

//! Best-first search on hand-computed trees.

mod common;

use common::{Toy, play, state};
use prove_core::{Budget, StopReason};
use prove_search::{BestFirst, BestFirstOptions, Runner, SearchEvent, Streams};
use std::num::NonZeroUsize;

const ONE: NonZeroUsize = NonZeroUsize::MIN;

fn options() -> BestFirstOptions {
    BestFirstOptions { batch: 1, length_exponent: 0.0, goal_cost: 0.0, ..BestFirstOptions::default() }
}

fn search(options: BestFirstOptions) -> Runner<BestFirst> {
    Runner::new(BestFirst::new(state("r"), Streams::new(0, "toy"), options), Budget::default(), ONE).with_events()
}

#[test]
fn the_likeliest_path_goes_first() {
    // r -a 0.6-> A, r -b 0.3-> B; A -c 0.4-> C (0.24), A -d 0.9-> D (0.54); D -e 0.5-> nothing works (0.27); B -f 0.99-> done (0.297).
    let toy = Toy::new(
        "r",
        &[
            ("r", "b", 0.3, "B"),
            ("r", "a", 0.6, "A"),
            ("A", "c", 0.4, "C"),
            ("A", "d", 0.9, "D"),
            ("D", "e", 0.5, "!"),
            ("B", "f", 0.99, ""),
            ("C", "g", 1.0, ""),
        ],
    );
    let mut runner = search(options());
    assert_eq!(play(&mut runner, &toy), ["r.a", "A.d", "r.b", "B.f"]);
    let report = runner.report().unwrap();
    assert_eq!(report.reason, StopReason::Solved);
    assert_eq!(report.solution.unwrap().to_string(), "b\nf");
    assert_eq!(report.spent.checks, 4);
}

#[test]
fn length_normalisation_lets_long_paths_live() {
    // With exponent 1 the path r-a-A-d-D-e has mean log-probability (ln 0.6 + ln 0.9 + ln 0.5) / 3 = -0.44, before r-b at ln 0.3 = -1.2.
    let toy = Toy::new(
        "r",
        &[
            ("r", "b", 0.3, "B"),
            ("r", "a", 0.6, "A"),
            ("A", "d", 0.9, "D"),
            ("D", "e", 0.5, "E"),
            ("E", "x", 0.5, ""),
            ("B", "f", 0.99, ""),
        ],
    );
    let mut runner = search(BestFirstOptions { length_exponent: 1.0, ..options() });
    assert_eq!(play(&mut runner, &toy), ["r.a", "A.d", "D.e", "E.x"]);
}

#[test]
fn a_batch_brings_siblings_along_and_open_goals_cost() {
    let toy =
        Toy::new("r", &[("r", "a", 0.5, "A|A"), ("r", "b", 0.4, "B"), ("r", "c", 0.1, "C"), ("A|A", "d", 0.5, "A"), ("B", "e", 0.5, "")]);
    let mut runner = search(BestFirstOptions { batch: 2, goal_cost: 1.0, ..options() });
    // Without the goal's cost, A|A at ln 0.5 would come before B at ln 0.4.
    assert_eq!(play(&mut runner, &toy), ["r.a", "r.b", "B.e"]);
}

#[test]
fn equal_states_are_one_node() {
    let toy =
        Toy::new("r", &[("r", "a", 0.5, "A"), ("r", "b", 0.4, "A"), ("A", "back", 0.3, "r"), ("A", "c", 0.2, "A"), ("A", "d", 0.1, "")]);
    let mut runner = search(options());
    assert_eq!(play(&mut runner, &toy), ["r.a", "r.b", "A.back", "A.c", "A.d"]);
    assert_eq!(runner.strategy().states().count(), 2);
    let merged = runner.take_events().into_iter().filter_map(|e| match e.event {
        SearchEvent::Merged { node, parent, .. } => Some((node, parent)),
        _ => None,
    });
    assert_eq!(merged.collect::<Vec<_>>(), [(1, 0), (0, 1), (1, 1)]);
}

#[test]
fn a_free_step_that_works_replaces_its_siblings_and_one_that_fails_does_not() {
    let works = Toy::new("r", &[("r", "intro", 1.0, "A"), ("r", "a", 0.9, "B"), ("A", "x", 0.1, "!")]);
    let mut runner = search(options());
    assert_eq!(play(&mut runner, &works), ["r.intro", "A.x"]);
    assert_eq!(runner.report().unwrap().reason, StopReason::Exhausted);
    let fails = Toy::new("r", &[("r", "intro", 1.0, "!"), ("r", "a", 0.9, "")]);
    assert_eq!(play(&mut search(options()), &fails), ["r.intro", "r.a"]);
    let idles = Toy::new("r", &[("r", "intro", 1.0, "r"), ("r", "a", 0.9, "")]);
    assert_eq!(play(&mut search(options()), &idles), ["r.intro", "r.a"]);
}

#[test]
fn deep_nodes_are_not_expanded() {
    let toy = Toy::new("r", &[("r", "a", 0.5, "A"), ("A", "b", 0.5, "B"), ("B", "c", 0.5, "")]);
    let mut runner = search(BestFirstOptions { max_depth: 2, ..options() });
    assert_eq!(play(&mut runner, &toy), ["r.a", "A.b"]);
    assert_eq!(runner.report().unwrap().reason, StopReason::Exhausted);
}

#[test]
fn a_finished_theorem_needs_no_search() {
    let search = BestFirst::new(prove_core::ProofState::default(), Streams::new(0, "toy"), options());
    let mut runner = Runner::new(search, Budget::default(), ONE);
    assert!(runner.next_requests(9, std::time::Duration::ZERO).is_empty());
    let report = runner.report().unwrap();
    assert_eq!((report.reason, report.spent.requests), (StopReason::Solved, 0));
}

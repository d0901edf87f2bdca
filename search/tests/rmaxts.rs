//! RMaxTS on toy worlds: hand-computed selections, and what holds of every tree.

mod common;

use common::{Toy, name, play_shuffled, state};
use proptest::prelude::*;
use prove_core::{Budget, Diagnostic, Fault, Position, Severity, Span, StopReason};
use prove_search::{
    Action, Check, Checked, Cost, Forest, Proposal, Query, QueryKind, Reply, Request, Rmaxts, RmaxtsOptions, Runner, SearchEvent,
    Selection, Strategy, Streams, Task, Trial,
};
use std::{cell::Cell, collections::BTreeSet, num::NonZeroUsize, time::Duration};

fn window(n: usize) -> NonZeroUsize {
    NonZeroUsize::new(n).unwrap()
}

fn search(options: RmaxtsOptions, width: usize) -> Runner<Rmaxts> {
    let tree = Rmaxts::new(state("r"), Streams::new(3, "toy"), options);
    Runner::new(tree, Budget::default(), window(width)).with_events()
}

fn proposal(text: &str) -> Reply {
    Reply::Proposals { proposals: vec![Proposal::new(text, -1.0)], cost: Cost::default() }
}

fn fault() -> Reply {
    Reply::Fault(Fault { message: "the worker died".to_owned() })
}

/// Answers the queries with these texts in turn, and then with nothing; what is checked is what `check` says.
fn play_script(runner: &mut Runner<Rmaxts>, texts: &[&str], check: impl Fn(&Request) -> Reply) -> Vec<Query> {
    let mut queries = Vec::new();
    let reply = |request: &Request| match &*request.task {
        Task::Propose(query) => {
            queries.push(query.clone());
            texts.get(queries.len() - 1).map_or(Reply::Proposals { proposals: Vec::new(), cost: Cost::default() }, |text| proposal(text))
        }
        _ => check(request),
    };
    play_shuffled(runner, 1, reply, |_| 0);
    queries
}

fn expanded<S: Strategy>(runner: &mut Runner<S>) -> Vec<u32> {
    let asked = |event| match event {
        SearchEvent::Asked { node, .. } => Some(node),
        _ => None,
    };
    runner.take_events().into_iter().filter_map(|entry| asked(entry.event)).collect()
}

/// All words of the letters a, b, c up to four of them, states being the sorted words: many ways lead to one state.
fn letters() -> Toy {
    let mut edges: Vec<(String, String, f64, String)> = Vec::new();
    let mut level = BTreeSet::from([String::new()]);
    for _ in 0..4 {
        let mut next = BTreeSet::new();
        for from in &level {
            for letter in ["a", "b", "c"] {
                let mut to: Vec<char> = format!("{from}{letter}").chars().collect();
                to.sort_unstable();
                let to: String = to.into_iter().collect();
                edges.push((format!("r{from}"), letter.to_owned(), 0.3, format!("r{to}")));
                next.insert(to);
            }
            edges.push((format!("r{from}"), "x".to_owned(), 0.1, "!".to_owned()));
        }
        level = next;
    }
    let edges: Vec<_> = edges.iter().map(|(f, t, p, to)| (f.as_str(), t.as_str(), *p, to.as_str())).collect();
    Toy::new("r", &edges)
}

const SMALL: &[(&str, &str, f64, &str)] = &[("r", "a", 0.5, "A"), ("A", "b", 0.5, "B"), ("A", "c", 0.5, "C"), ("B", "d", 0.5, "")];

#[test]
fn nodes_are_expanded_in_the_order_computed_by_hand() {
    let toy = Toy::new("r", SMALL);
    let mut runner = search(RmaxtsOptions { expansions: 5, ..RmaxtsOptions::default() }, 1);
    // 1. The root has no children. `a, b` reach A (1) and B (2): reward 1, so W = N = 1 for the root.
    // 2. Root: ⊘ 1 + sqrt(2 ln 2 / 1) = 2.18; A, never tried, sqrt(2 ln 2 / 0.01) = 11.77. At A: ⊘ and B both 11.77, ⊘ first: 1.
    //    `c` reaches C (3): reward 1.
    // 3. Root: T = 2; ⊘ and A both have Q = 1, N = 1: ⊘ first, 0. `a` alone reaches nothing new: W = 0.99, N = 1.99.
    // 4. Root: T = 2.99, 2 ln T = 2.19055; ⊘ 0.99/1.99 + sqrt(2.19055/1.99) = 0.4975 + 1.0492 = 1.547; A 1 + sqrt(2.19055) = 2.480.
    //    At A: ⊘ 1 + sqrt(2 ln 2) = 2.18; B and C 11.77: B, which is older, a leaf: 2. `x` fails: reward 0.
    // 5. Root: ⊘ and A both have W = 0.99, N = 1.99: 0.
    let queries = play_script(&mut runner, &["a\nb\nx", "c", "a", "x", "b"], |r| toy.reply(r));
    assert_eq!(expanded(&mut runner), [0, 1, 0, 2, 0]);
    let asked: Vec<_> = queries.iter().map(|q| (name(&q.state), q.prefix.to_string(), q.limit)).collect();
    let wanted = [("r", ""), ("A", "a"), ("r", ""), ("B", "a\nb"), ("r", "")].map(|(s, p)| (s.to_owned(), p.to_owned(), 1));
    assert_eq!(asked, wanted);
    let nodes: Vec<_> = runner.strategy().nodes().map(|n| (n.parent, name(&n.state), n.visits, n.running)).collect();
    let row = |parent, state: &str, visits| (parent, state.to_owned(), visits, 0);
    assert_eq!(nodes, [row(None, "r", 3), row(Some(0), "A", 1), row(Some(1), "B", 1), row(Some(1), "C", 0)]);
    assert_eq!(runner.report().unwrap().reason, StopReason::Exhausted);
}

#[test]
fn a_proof_found_below_a_prefix_is_given_whole_and_in_steps() {
    let toy = Toy::new("r", SMALL);
    let mut runner = search(RmaxtsOptions::default(), 1);
    play_script(&mut runner, &["a\nx", "\n-- now\nb\nd  \n"], |r| toy.reply(r));
    let report = runner.report().unwrap();
    // The toy refuses the comment.
    assert_eq!((report.reason, report.solution), (StopReason::Exhausted, None));
    let mut runner = search(RmaxtsOptions::default(), 1);
    play_script(&mut runner, &["a\nx", "\nb\nd  \n"], |r| toy.reply(r));
    let solution = runner.report().unwrap().solution.unwrap();
    assert_eq!(solution.steps().iter().map(|s| &**s).collect::<Vec<_>>(), ["a", "b", "d"]);
    assert!(runner.take_events().iter().any(|e| matches!(&e.event, SearchEvent::Closed { parent: 1, tactic } if tactic == "b\nd")));
}

#[test]
fn what_is_under_way_is_counted_until_it_is_answered_or_given_up() {
    let toy = Toy::new("r", SMALL);
    let mut runner = search(RmaxtsOptions::default(), 4);
    let asked = runner.next_requests(9, Duration::ZERO);
    assert_eq!(asked.len(), 4);
    let running = |runner: &Runner<Rmaxts>| runner.strategy().nodes().map(|n| n.running).collect::<Vec<_>>();
    assert_eq!(running(&runner), [4]);
    runner.answer(asked[0].id, proposal("a\nb\nx"));
    runner.answer(asked[1].id, fault());
    // The first goes on as a check, the second ends without a trace, and another one begins in its place.
    let more = runner.next_requests(9, Duration::ZERO);
    assert_eq!(more.len(), 2);
    assert_eq!(running(&runner), [4]);
    assert!(matches!(&*more[0].task, Task::Check(check) if &*check.proof == "a\nb\nx"));
    runner.answer(more[0].id, toy.reply(&more[0]));
    asked[2..].iter().for_each(|request| assert!(runner.answer(request.id, proposal("x"))));
    assert_eq!(runner.next_requests(9, Duration::ZERO).len(), 3);
    // One `x` is being checked, the other was the same proof. A is asked about, never tried before, and the rest at the root.
    assert_eq!(running(&runner)[1], 1);
    assert_eq!(runner.strategy().running(Action::Expand), 4);
    assert_eq!(runner.strategy().nodes().map(|n| n.visits).sum::<u64>(), 2);
    runner.cancel();
    assert_eq!(running(&runner), [0, 0, 0]);
    assert_eq!(runner.strategy().nodes().map(|n| n.visits).sum::<u64>(), 2);
}

#[test]
fn a_proof_is_checked_once_whatever_its_comments() {
    let toy = Toy::new("r", SMALL);
    let mut runner = search(RmaxtsOptions { expansions: 3, ..RmaxtsOptions::default() }, 1);
    let checks = Cell::new(0);
    let count = |r: &Request| {
        checks.set(checks.get() + 1);
        toy.reply(r)
    };
    play_script(&mut runner, &["a\nx", "b\n", "a\nb -- again"], count);
    // The second goes on from A, so the third, from the root, is the same proof.
    assert_eq!((checks.get(), runner.strategy().repeated(), runner.strategy().finished(Action::Expand)), (2, 1, 3));
}

#[test]
fn a_tree_ends_when_nothing_new_is_proposed() {
    let toy = Toy::new("r", &SMALL[..3]);
    let mut runner = search(RmaxtsOptions { expansions: u64::MAX, patience: 50, ..RmaxtsOptions::default() }, 3);
    play_shuffled(&mut runner, 3, |r| toy.reply(r), |n| n / 2);
    assert_eq!(runner.report().unwrap().reason, StopReason::Exhausted);
    // All there is: `a`, then `b` or `c`.
    assert_eq!(runner.strategy().nodes().count(), 4);
}

#[test]
fn without_intrinsic_reward_only_a_proof_is_rewarded() {
    let toy = Toy::new("r", SMALL);
    let rewards = |intrinsic| {
        let mut runner = search(RmaxtsOptions { intrinsic, ..RmaxtsOptions::default() }, 1);
        play_script(&mut runner, &["a\nx", "b\nd"], |r| toy.reply(r));
        let reward = |event| if let SearchEvent::Rewarded { node, reward } = event { Some((node, reward)) } else { None };
        runner.take_events().into_iter().filter_map(|e| reward(e.event)).collect::<Vec<_>>()
    };
    assert_eq!(rewards(true), [(0, 1.0), (1, 1.0)]);
    assert_eq!(rewards(false), [(0, 0.0), (1, 1.0)]);
}

#[test]
fn states_behind_long_prefixes_are_not_kept() {
    let toy = Toy::new("r", SMALL);
    // `a` and `A`, with three characters to spare for the marks around the goal.
    let mut runner = search(RmaxtsOptions { max_prefix_chars: 5, ..RmaxtsOptions::default() }, 1);
    play_script(&mut runner, &["a\nb\nx"], |r| toy.reply(r));
    assert_eq!(runner.strategy().nodes().count(), 2);
}

/// A world in which a proof of more than `most` lines runs out of time.
fn slow(toy: &Toy, most: usize, request: &Request) -> Reply {
    match &*request.task {
        Task::Check(Check { proof, .. }) if proof.lines().count() > most => {
            Reply::Checked { checked: Checked::bare(Trial::Timeout), cost: Cost::default() }
        }
        _ => toy.reply(request),
    }
}

#[test]
fn the_beginning_of_a_proof_that_runs_out_of_time_is_kept() {
    let edges: Vec<(String, String)> = (0..9).map(|i| (format!("s{i}"), format!("s{}", i + 1))).collect();
    let edges: Vec<_> = edges.iter().map(|(from, to)| (from.replace("s0", "r"), to.clone())).collect();
    let edges: Vec<_> = edges.iter().map(|(from, to)| (from.as_str(), "go", 0.5, to.as_str())).collect();
    let toy = Toy::new("r", &edges);
    let checks = Cell::new(0);
    let grown = |salvage_checks, most| {
        checks.set(0);
        let mut runner = search(RmaxtsOptions { expansions: 1, salvage_checks, ..RmaxtsOptions::default() }, 1);
        play_script(&mut runner, &["go\ngo\ngo\ngo\ngo\ngo\ngo\ngo"], |r| {
            checks.set(checks.get() + 1);
            slow(&toy, most, r)
        });
        let tree = runner.strategy();
        assert_eq!((tree.finished(Action::Expand), tree.nodes().map(|n| n.running).sum::<u32>()), (1, 0));
        (tree.nodes().count() - 1, checks.get())
    };
    assert_eq!(grown(4, 5), (5, 4), "tried: 8, 4, 6, 5");
    assert_eq!(grown(1, 5), (4, 2), "tried: 8, 4");
    assert_eq!(grown(0, 5), (0, 1));
    assert_eq!(grown(4, 0), (0, 4), "tried: 8, 4, 2, 1");
}

#[test]
fn failed_proofs_are_repaired_where_that_pays() {
    let toy = Toy::new("r", SMALL);
    let mut runner = search(RmaxtsOptions { actions: true, expansions: 40, repairs: 2, ..RmaxtsOptions::default() }, 1);
    let mut rounds = Vec::new();
    let reply = |request: &Request| match &*request.task {
        Task::Propose(query) => match &query.kind {
            QueryKind::Repair(failure) => {
                rounds.push((failure.proof.to_string(), failure.errors[0].span.start.line));
                proposal(&format!("{}y", failure.proof))
            }
            _ => proposal("a\nx"),
        },
        _ => toy.reply(request),
    };
    play_shuffled(&mut runner, 1, reply, |_| 0);
    // A repair of a repair is the last one. Proofs sampled again are not checked again, so nothing else fails.
    assert_eq!(rounds, [("a\nx".to_owned(), 1), ("a\nxy".to_owned(), 1), ("a\na\nx".to_owned(), 1), ("a\na\nxy".to_owned(), 1)]);
    let tree = runner.strategy();
    assert_eq!(tree.finished(Action::Repair), 4);
    assert!(tree.finished(Action::Sample) > 0);
    let visits: u64 = tree.nodes().map(|n| n.visits).sum();
    assert_eq!(visits, tree.finished(Action::Expand) + tree.finished(Action::Sample));
}

#[test]
fn trees_of_a_forest_take_turns_and_one_proof_ends_them_all() {
    let toy = letters();
    let forest = |trees, expansions| {
        let options = RmaxtsOptions { expansions, ..RmaxtsOptions::default() };
        Runner::new(Forest::new(&state("r"), &Streams::new(3, "toy"), trees, options), Budget::default(), window(4)).with_events()
    };
    let mut runner = forest(3, 40);
    play_shuffled(&mut runner, 4, |r| toy.reply(r), |n| n / 2);
    let trees = runner.strategy().trees();
    assert!(trees.iter().all(|tree| tree.finished(Action::Expand) == 40));
    let grown = |tree: &Rmaxts| tree.nodes().map(|n| (n.parent, name(&n.state), n.visits)).collect::<Vec<_>>();
    assert_ne!(grown(&trees[0]), grown(&trees[1]), "each has its own random streams");
    let searches: BTreeSet<u32> = runner.take_events().iter().map(|e| e.search).collect();
    assert_eq!(searches, BTreeSet::from([0, 1, 2, 3]));

    let mut runner = forest(2, 40);
    play_shuffled(&mut runner, 4, |r| if matches!(&*r.task, Task::Propose(_)) { proposal("d") } else { closed() }, |_| 0);
    let report = runner.report().unwrap();
    assert_eq!((report.reason, report.solution.unwrap().to_string()), (StopReason::Solved, "d".to_owned()));
    assert!(runner.strategy().trees().iter().all(|tree| tree.running(Action::Expand) == 0));
    assert!(forest(0, 1).next_requests(1, Duration::ZERO).is_empty());
}

fn closed() -> Reply {
    Reply::Checked { checked: Checked::bare(Trial::Closed), cost: Cost::default() }
}

#[test]
fn a_finished_theorem_needs_no_tree() {
    let tree = Rmaxts::new(prove_core::ProofState::default(), Streams::new(0, "toy"), RmaxtsOptions::default());
    let mut runner = Runner::new(tree, Budget::default(), window(1));
    assert!(runner.next_requests(9, Duration::ZERO).is_empty());
    assert_eq!(runner.report().unwrap().reason, StopReason::Solved);
}

/// What must hold of any tree: every visit is a finished expansion, and nothing is under way that is not asked for.
fn assert_sound(tree: &Rmaxts) -> Result<(), TestCaseError> {
    let visits: u64 = tree.nodes().map(|n| n.visits).sum();
    prop_assert_eq!(visits, tree.finished(Action::Expand) + tree.finished(Action::Sample));
    let running: u32 = tree.nodes().map(|n| n.running).sum();
    prop_assert_eq!(running, tree.running(Action::Expand) + tree.running(Action::Sample));
    let states: BTreeSet<String> = tree.nodes().map(|n| name(&n.state)).collect();
    prop_assert_eq!(states.len(), tree.nodes().count(), "every state is one node");
    for (id, node) in tree.nodes().enumerate() {
        prop_assert!(node.prefixes > 0 && node.parent.map_or(id == 0, |parent| (parent as usize) < id));
    }
    Ok(())
}

fn options(actions: bool, ucb1: bool) -> RmaxtsOptions {
    let selection = if ucb1 { Selection::Ucb1 } else { Selection::Discounted { gamma: 0.99 } };
    RmaxtsOptions { expansions: 60, actions, selection, ..RmaxtsOptions::default() }
}

/// The toy's reply; failed proofs are repaired by leaving the last line out.
fn reply(toy: &Toy, request: &Request) -> Reply {
    match &*request.task {
        Task::Propose(Query { kind: QueryKind::Repair(failure), .. }) => {
            proposal(failure.proof.rsplit_once('\n').map_or("", |(all, _)| all))
        }
        _ => toy.reply(request),
    }
}

proptest! {
    #[test]
    fn order_and_number_of_workers_change_nothing(
        width in 1usize..9,
        concurrency in 1usize..9,
        actions in any::<bool>(),
        ucb1 in any::<bool>(),
        choices in prop::collection::vec(0usize..97, 1..40),
    ) {
        let toy = letters();
        let mut straight = search(options(actions, ucb1), width);
        play_shuffled(&mut straight, width, |r| reply(&toy, r), |_| 0);
        let mut shuffled = search(options(actions, ucb1), width);
        let mut turn = choices.iter().cycle();
        play_shuffled(&mut shuffled, concurrency, |r| reply(&toy, r), |_| *turn.next().unwrap());
        prop_assert_eq!(straight.report(), shuffled.report());
        prop_assert_eq!(straight.take_events(), shuffled.take_events());
        prop_assert!(straight.strategy().nodes().eq(shuffled.strategy().nodes()));
        assert_sound(straight.strategy())?;
        prop_assert!(straight.strategy().nodes().count() > 15, "the tree grows");
    }

    #[test]
    fn faults_and_timeouts_cost_their_own_expansion_only(
        faulty in prop::collection::btree_set(0u64..90, 0..40),
        slow in prop::collection::btree_set(0u64..90, 0..40),
        width in 1usize..7,
        actions in any::<bool>(),
    ) {
        let toy = letters();
        let mut runner = search(options(actions, false), width);
        let mut faults = 0;
        let answer = |r: &Request| match &*r.task {
            _ if faulty.contains(&r.id) => {
                faults += 1;
                fault()
            }
            Task::Check(_) if slow.contains(&r.id) => Reply::Checked { checked: Checked::bare(Trial::Timeout), cost: Cost::default() },
            _ => reply(&toy, r),
        };
        play_shuffled(&mut runner, width, answer, |n| n / 2);
        let tree = runner.strategy();
        assert_sound(tree)?;
        let all = [Action::Expand, Action::Sample, Action::Repair];
        prop_assert_eq!(all.map(|a| tree.running(a)), [0; 3]);
        let finished: u64 = all.map(|a| tree.finished(a)).iter().sum();
        prop_assert!(finished <= 60 && finished + faults >= 60, "{} finished, {} faults", finished, faults);
        prop_assert_eq!(runner.report().unwrap().spent.faults, faults);
    }

    #[test]
    fn cancelling_leaves_no_virtual_loss(stop in 0u64..80, width in 1usize..7, actions in any::<bool>(), salvage in any::<bool>()) {
        let toy = letters();
        let mut runner = search(options(actions, false), width);
        let mut under_way: Vec<Request> = Vec::new();
        for turn in 0..stop {
            under_way.extend(runner.next_requests(width - under_way.len(), Duration::ZERO));
            assert_sound(runner.strategy())?;
            if under_way.is_empty() {
                break;
            }
            let request = under_way.swap_remove((turn as usize) % under_way.len());
            let reply = if salvage { slow_reply(&toy, &request) } else { reply(&toy, &request) };
            runner.answer(request.id, reply);
        }
        runner.cancel();
        assert_sound(runner.strategy())?;
        prop_assert_eq!([Action::Expand, Action::Sample, Action::Repair].map(|a| runner.strategy().running(a)), [0; 3]);
    }
}

fn slow_reply(toy: &Toy, request: &Request) -> Reply {
    match &*request.task {
        Task::Check(_) => slow(toy, 2, request),
        _ => reply(toy, request),
    }
}

#[test]
fn errors_of_a_failure_are_those_of_its_proof() {
    let at = Position::new(1, 0);
    let error = Diagnostic { severity: Severity::Error, span: Span { start: at, end: at }, message: "no".to_owned(), tags: Vec::new() };
    let warning = Diagnostic { severity: Severity::Warning, ..error.clone() };
    let checked = Checked { diagnostics: vec![warning, error.clone()], ..Checked::bare(Trial::Rejected(String::new())) };
    let mut runner = search(RmaxtsOptions { actions: true, expansions: 3, ..RmaxtsOptions::default() }, 1);
    let queries = play_script(&mut runner, &["a\nb", "c", "d"], |_| Reply::Checked { checked: checked.clone(), cost: Cost::default() });
    let QueryKind::Repair(failure) = &queries[2].kind else { panic!("the third action in line is {:?}", queries[2].kind) };
    assert_eq!((&*failure.proof, &failure.errors), ("a\nb", &vec![error]));
}

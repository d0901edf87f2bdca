//! Decomposition in a world whose statements are words, and whose proofs really check.

mod common;

use common::play_shuffled;
use proptest::prelude::*;
use prove_core::{Budget, Diagnostic, Fault, Goal, Hypothesis, Position, ProofState, Severity, Span, StopReason};
use prove_search::{
    AnyStrategy, Attempt, Check, Checked, Cost, Decompose, DecomposeOptions, Hole, Lemma, Premise, Proposal, Proposer, Query, QueryKind,
    Reply, Report, Request, Runner, Script, SearchEvent, Streams, Task, Trial, WholeProofOptions, WholeProofs,
};
use std::{collections::BTreeMap, num::NonZeroUsize, sync::Arc};

/// What holds, and what the policy knows.
#[derive(Clone, Debug, Default)]
struct World {
    /// Proved by `axiom`.
    axioms: Vec<&'static str>,
    /// `use a b` proves the first from facts that say the others.
    rules: Vec<(&'static str, Vec<&'static str>)>,
    /// Refuted by `counterexample`.
    lies: Vec<&'static str>,
    /// Proved by `alone`, where there are no premises.
    shy: Vec<&'static str>,
    sketches: BTreeMap<String, Vec<String>>,
    /// How many useless proofs the policy proposes first.
    junk: usize,
    /// Whether `clear` fails.
    sticky: bool,
}

type Premises = Vec<(String, String)>;

/// A hole: its bytes, and the goal there.
type Gap = (usize, Premises, String);

impl World {
    fn sketch(mut self, of: &str, texts: &[&str]) -> World {
        self.sketches.insert(of.to_owned(), texts.iter().map(|t| (*t).to_owned()).collect());
        self
    }

    /// Runs a block of tactics; whether it closes the goal but for holes.
    fn run(&self, block: &[(usize, &str)], mut premises: Premises, goal: &str, gaps: &mut Vec<Gap>) -> Result<(), String> {
        let indent = |line: &str| line.len() - line.trim_start().len();
        let base = block.first().map_or(0, |(_, line)| indent(line));
        let mut reverted: Vec<String> = Vec::new();
        let mut i = 0;
        while i < block.len() {
            let (at, line) = block[i];
            let nested = block[i + 1..].iter().take_while(|(_, l)| indent(l) > base).count();
            let (inside, tactic) = (&block[i + 1..i + 1 + nested], line.trim());
            i += 1 + nested;
            let (word, rest) = tactic.split_once(' ').unwrap_or((tactic, ""));
            let names: Vec<&str> = rest.split(' ').filter(|n| !n.is_empty()).collect();
            let said = |name: &&str| premises.iter().rev().find(|(n, _)| n == name).map(|(_, says)| says.as_str());
            let closes = match word {
                "axiom" => self.axioms.contains(&goal),
                "alone" => self.shy.contains(&goal) && premises.is_empty(),
                "counterexample" => self.lies.iter().any(|lie| goal.starts_with("¬ (") && goal.ends_with(&format!("{lie})"))),
                "use" => {
                    let facts: Option<Vec<&str>> = names.iter().map(said).collect();
                    let endless = facts.as_ref().is_some_and(|f| number(goal).is_some_and(|n| f.as_slice() == [format!("N{}", n + 1)]));
                    endless || self.rules.iter().any(|(to, from)| *to == goal && Some(from) == facts.as_ref())
                }
                "sorry" => {
                    gaps.push((at + line.find("sorry").unwrap(), premises.clone(), goal.to_owned()));
                    true
                }
                "clear" if !self.sticky && names.iter().all(|n| said(n).is_some()) => {
                    premises.retain(|(n, _)| !names.contains(&n.as_str()));
                    false
                }
                "revert" => {
                    for name in names {
                        let found = premises.iter().position(|(n, _)| n == name).ok_or("nothing to revert")?;
                        reverted.push(premises.remove(found).1);
                    }
                    false
                }
                "intro" if names.len() == reverted.len() => {
                    premises.extend(names.iter().map(|n| (*n).to_owned()).zip(std::mem::take(&mut reverted)));
                    false
                }
                "have" => {
                    let (name, rest) = rest.split_once(" : ").ok_or("no type")?;
                    let (says, proof) = rest.split_once(" := by").ok_or("no proof")?;
                    let inline = at + line.len() - proof.len();
                    let proof: Vec<(usize, &str)> = if proof.is_empty() { inside.to_vec() } else { vec![(inline, proof)] };
                    self.run(&proof, premises.clone(), says, gaps)?;
                    premises.push((name.to_owned(), says.to_owned()));
                    false
                }
                _ => return Err(format!("unknown tactic {tactic:?}")),
            };
            match (closes, word) {
                (true, _) if i == block.len() => return Ok(()),
                (false, "clear" | "revert" | "intro" | "have") => {}
                _ => return Err(format!("{tactic} fails at {goal}")),
            }
        }
        Err(format!("{goal} is left"))
    }

    fn check(&self, lemma: Option<&Lemma>, proof: &str) -> Result<Vec<Gap>, String> {
        let mut at = 0;
        let lines: Vec<(usize, &str)> = proof
            .split('\n')
            .map(|line| {
                at += line.len() + 1;
                (at - line.len() - 1, line)
            })
            .collect();
        let premises = lemma.map(|l| l.premises.iter().map(|p| (p.name.clone(), p.kind.clone())).collect()).unwrap_or_default();
        let mut gaps = Vec::new();
        self.run(&lines, premises, lemma.map_or("R", |l| l.target.as_str()), &mut gaps)?;
        Ok(gaps)
    }

    fn holes(&self, check: &Check) -> Checked {
        match self.check(check.lemma.as_deref(), &check.proof) {
            Ok(gaps) if gaps.is_empty() => Checked::bare(Trial::Closed),
            Ok(gaps) => {
                let hole = |(at, premises, target): Gap| {
                    let premises = premises.into_iter().map(|(name, kind)| Premise { name, kind, value: None }).collect();
                    let lemma = Lemma { universes: Vec::new(), premises, target };
                    Hole { range: at..at + 5, state: lemma.state(), lemma: Some(lemma), opening: None }
                };
                Checked { holes: gaps.into_iter().map(hole).collect(), ..Checked::bare(Trial::Rejected("sorry".to_owned())) }
            }
            Err(message) => {
                let span = Span { start: Position::START, end: Position::START };
                let error = Diagnostic { severity: Severity::Error, span, message: message.clone(), tags: Vec::new() };
                Checked { diagnostics: vec![error], ..Checked::bare(Trial::Rejected(message)) }
            }
        }
    }

    fn trial(&self, attempt: &Attempt, candidate: &str) -> Trial {
        match self.check(attempt.lemma.as_deref(), &attempt.prefix.then(candidate.into()).to_string()) {
            Ok(gaps) if gaps.is_empty() => Trial::Closed,
            Ok(_) => Trial::Rejected("sorry".to_owned()),
            Err(message) => Trial::Rejected(message),
        }
    }

    fn proposals(&self, query: &Query) -> Vec<Proposal> {
        let goal = &query.state.goals[0];
        let texts: Vec<String> = match query.kind {
            QueryKind::Sketch => self.sketches.get(&goal.target).cloned().unwrap_or_else(|| self.endless(&goal.target)),
            _ => {
                let names: Vec<&str> = goal.hypotheses.iter().map(|h| h.names[0].as_str()).collect();
                let junk = (0..self.junk).map(|n| format!("junk{n}"));
                let known = ["axiom", "alone", "counterexample"].map(str::to_owned).into_iter();
                junk.chain(known).chain([format!("use {}", names.join(" "))]).collect()
            }
        };
        texts.into_iter().enumerate().map(|(i, text)| Proposal::new(text, -(i as f64) - 1.0)).collect()
    }

    /// `N3` by `N4`, and so on.
    fn endless(&self, goal: &str) -> Vec<String> {
        number(goal).map(|n| format!("have h : N{} := by sorry\nuse h", n + 1)).into_iter().collect()
    }

    fn reply(&self, request: &Request) -> Reply {
        let cost = Cost::default();
        match &*request.task {
            Task::Propose(query) => Reply::Proposals { proposals: self.proposals(query), cost },
            Task::Attempt(attempt) => Reply::Trials { trials: attempt.candidates.iter().map(|c| self.trial(attempt, c)).collect(), cost },
            Task::Check(check) => Reply::Checked { checked: self.holes(check), cost },
        }
    }
}

fn number(goal: &str) -> Option<u32> {
    goal.strip_prefix('N').and_then(|n| n.parse().ok())
}

/// Of a request: what it is, and the statement it is about.
fn subject(request: &Request) -> (&'static str, String) {
    let target = |lemma: &Option<Arc<Lemma>>| lemma.as_ref().map_or("R".to_owned(), |l| l.to_string());
    match &*request.task {
        Task::Propose(query) if query.kind == QueryKind::Sketch => ("ask", target(&query.lemma)),
        Task::Propose(query) => ("propose", target(&query.lemma)),
        Task::Attempt(attempt) => ("try", target(&attempt.lemma)),
        Task::Check(check) => ("sketch", target(&check.lemma)),
    }
}

fn runner(options: DecomposeOptions, window: usize) -> Runner<Decompose> {
    let goal = Goal { case: None, hypotheses: Vec::<Hypothesis>::new(), target: "R".to_owned() };
    let make = |state: ProofState, streams: Streams, _| AnyStrategy::new(WholeProofs::new(state, streams, WholeProofOptions::default()));
    let search = Decompose::new(ProofState { goals: vec![goal] }, Streams::new(5, "world"), options, Arc::new(make));
    Runner::new(search, Budget::default(), NonZeroUsize::new(window).unwrap()).with_events()
}

/// Runs a search one request at a time; the report, the events and what was asked.
fn play(world: &World, options: DecomposeOptions) -> (Report, Vec<SearchEvent>, Vec<(&'static str, String)>) {
    let mut runner = runner(options, 1);
    let mut asked = Vec::new();
    play_shuffled(
        &mut runner,
        1,
        |request| {
            asked.push(subject(request));
            world.reply(request)
        },
        |_| 0,
    );
    let report = runner.report().unwrap();
    if let Some(proof) = &report.solution {
        assert_eq!(world.check(None, &proof.to_string()).map(|gaps| gaps.len()), Ok(0), "{proof}");
    }
    (report, runner.take_events().into_iter().map(|entry| entry.event).collect(), asked)
}

fn count(asked: &[(&str, String)], kind: &str, statement: &str) -> usize {
    asked.iter().filter(|(k, s)| *k == kind && s == statement).count()
}

/// `R` by `A` and `B`, `A` by `C`, `C` by `D`.
fn tower() -> World {
    World { axioms: vec!["B", "D"], rules: vec![("R", vec!["A", "B"]), ("A", vec!["C"]), ("C", vec!["D"])], ..World::default() }
        .sketch("R", &["have a : A := by sorry\nhave b : B := by sorry\nuse a b"])
        .sketch("A", &["have c : C := by\n  sorry\nuse c"])
        .sketch("C", &["have d : D := by sorry\nuse d"])
}

#[test]
fn gaps_are_proved_recursively_and_put_back() {
    let (report, events, _) = play(&tower(), DecomposeOptions::default());
    let proof = "have a : A := by\n  have c : C := by\n    have d : D := by axiom\n    use d\n  use c\nhave b : B := by axiom\nuse a b";
    assert_eq!(report.solution, Some(Script::new([proof.into()])));
    let statements: Vec<&str> =
        events.iter().filter_map(|e| if let SearchEvent::Stated { theorem, .. } = e { Some(theorem.as_str()) } else { None }).collect();
    assert_eq!(statements, ["A", "∀ (a : A), B", "B", "C", "D"]);
    assert!(
        events.iter().any(|e| matches!(e, SearchEvent::Began { strategy, theorem: Some(t), .. } if strategy == "refute" && t == "¬ (A)"))
    );
}

#[test]
fn a_lemma_is_proved_once_whatever_its_premises_are_called() {
    let world =
        World { axioms: vec!["P", "Q"], rules: vec![("R", vec!["P", "S", "Q"]), ("S", vec!["P"])], lies: vec!["F"], ..World::default() }
            .sketch(
                "R",
                &[
                    "have a : P := by sorry\nhave b : S := by sorry\nhave c : F := by sorry\nsorry",
                    "have x : P := by sorry\nhave y : S := by sorry\nhave z : Q := by sorry\nuse x y z",
                ],
            );
    let (report, _, asked) = play(&world, DecomposeOptions::default());
    let proof = report.solution.unwrap().to_string();
    assert!(proof.contains("have y : S := by\n  revert x\n  intro a\n  use a\n"), "{proof}");
    assert_eq!(count(&asked, "try", "∀ (a : P), S"), 1);
    assert_eq!(count(&asked, "try", "P"), 1);
    assert_eq!(count(&asked, "try", "∀ (x : P), S"), 0);
}

#[test]
fn a_refuted_gap_prunes_its_sketch_and_the_next_one_is_taken() {
    let sketches = ["have a : F := by sorry\nhave b : H := by sorry\nsorry", "have a : A := by sorry\nuse a"];
    let world = World { axioms: vec!["A"], rules: vec![("R", vec!["A"])], lies: vec!["F"], ..World::default() }.sketch("R", &sketches);
    let (report, events, asked) = play(&world, DecomposeOptions::default());
    assert_eq!(report.solution.unwrap().to_string(), "have a : A := by axiom\nuse a");
    let names: Vec<String> = events
        .iter()
        .filter_map(|e| match e {
            SearchEvent::Refuted { node } => Some(format!("refuted {node}")),
            SearchEvent::Pruned { node, .. } => Some(format!("pruned {node}")),
            SearchEvent::Sketched { node, statement, gaps, .. } => Some(format!("sketch {node} of {statement} by {gaps:?}")),
            _ => None,
        })
        .collect();
    assert_eq!(names, ["sketch 5 of 0 by [1, 2, 4]", "refuted 1", "pruned 5", "sketch 7 of 0 by [6]"]);
    // Refuting it took one batch of checks; nothing was asked about it afterwards.
    assert_eq!(count(&asked, "try", "¬ (F)"), 1);
    assert_eq!(count(&asked, "ask", "F"), 0);
}

#[test]
fn a_sketch_with_a_gap_known_to_be_false_is_not_worked_on() {
    let sketches = ["have a : F := by sorry\nsorry", "have b : F := by sorry\nhave c : K := by sorry\nsorry"];
    let world = World { lies: vec!["F"], ..World::default() }.sketch("R", &sketches);
    let (report, _, asked) = play(&world, DecomposeOptions::default());
    assert_eq!(report.reason, StopReason::Exhausted);
    assert_eq!(count(&asked, "sketch", "R"), 2);
    assert!(!asked.iter().any(|(_, s)| s.contains('K')), "{asked:?}");
}

#[test]
fn cycles_and_depth_end_the_search() {
    let world = World { rules: vec![("R", vec!["A"]), ("A", vec!["R"]), ("A", vec!["B"]), ("B", vec!["A"])], ..World::default() }
        .sketch("R", &["sorry", "have a : A := by sorry\nuse a"])
        .sketch("A", &["have r : R := by sorry\nuse r", "have b : B := by sorry\nuse b"])
        .sketch("B", &["have a : A := by sorry\nuse a"]);
    let (report, events, asked) = play(&world, DecomposeOptions::default());
    assert_eq!((report.reason, report.solution), (StopReason::Exhausted, None));
    // R by A, and A by B. All others lead back.
    assert_eq!(events.iter().filter(|e| matches!(e, SearchEvent::Sketched { .. })).count(), 2);
    assert_eq!(asked.iter().filter(|(kind, _)| *kind == "sketch").count(), 5);

    let endless = World { rules: vec![("R", vec!["N0"])], ..World::default() }.sketch("R", &["have h : N0 := by sorry\nuse h"]);
    for depth in 0..5 {
        let mut search = runner(DecomposeOptions { depth, ..DecomposeOptions::default() }, 2);
        play_shuffled(&mut search, 2, |r| endless.reply(r), |_| 0);
        assert_eq!(search.report().unwrap().reason, StopReason::Exhausted);
        let names = search
            .take_events()
            .into_iter()
            .filter(|e| matches!(&e.event, SearchEvent::Stated { theorem, .. } if theorem.starts_with('N')))
            .count();
        assert_eq!(names, depth as usize);
    }
}

#[test]
fn the_number_of_statements_is_bounded() {
    let endless = World { rules: vec![("R", vec!["N0"])], ..World::default() }.sketch("R", &["have h : N0 := by sorry\nuse h"]);
    let mut search = runner(DecomposeOptions { depth: 1000, statements: 20, ..DecomposeOptions::default() }, 1);
    play_shuffled(&mut search, 1, |r| endless.reply(r), |_| 0);
    assert_eq!(search.report().unwrap().reason, StopReason::Exhausted);
    assert_eq!(search.strategy().statements(), 20);
}

#[test]
fn the_form_without_premises_fills_a_gap_too() {
    let sketch = "have a : A := by sorry\nhave s : S := by sorry\nuse a s";
    let mut world =
        World { axioms: vec!["A"], shy: vec!["S"], rules: vec![("R", vec!["A", "S"])], ..World::default() }.sketch("R", &[sketch]);
    let (report, ..) = play(&world, DecomposeOptions::default());
    assert_eq!(report.solution.unwrap().to_string(), "have a : A := by axiom\nhave s : S := by\n  clear a\n  alone\nuse a s");
    // Where nothing can be cleared, the proof cannot be used in this way; the other way does not help `alone` either.
    world.sticky = true;
    let (report, events, asked) = play(&world, DecomposeOptions::default());
    assert_eq!(report.reason, StopReason::Exhausted);
    assert_eq!(events.iter().filter(|e| matches!(e, SearchEvent::Pruned { .. })).count(), 1);
    assert_eq!(asked.iter().rev().take_while(|(kind, s)| *kind == "try" && s == "R").count(), 2);
}

#[test]
fn slices_double_until_the_proof_is_within_reach() {
    let world = World { junk: 20, ..tower() };
    let options = DecomposeOptions { root_checks: 2, direct_checks: 3, refutation_checks: 1, ..DecomposeOptions::default() };
    let (report, _, asked) = play(&world, options);
    assert_eq!(report.reason, StopReason::Solved);
    assert_eq!(count(&asked, "ask", "A"), 1, "sketches are not asked for again in every round");
    assert!(count(&asked, "try", "D") > 3, "{asked:?}");
}

#[test]
fn the_theorem_itself_need_not_be_tried() {
    let (report, _, asked) = play(&tower(), DecomposeOptions { root_checks: 0, ..DecomposeOptions::default() });
    assert_eq!(report.reason, StopReason::Solved);
    assert_eq!(asked[0], ("ask", "R".to_owned()));
    assert_eq!(count(&asked, "try", "R"), 1, "the filled sketch");
}

#[test]
fn a_sketch_without_a_gap_is_a_proof() {
    let world =
        World { axioms: vec!["A"], rules: vec![("R", vec!["A"])], ..World::default() }.sketch("R", &["have a : A := by axiom\nuse a"]);
    let (report, ..) = play(&world, DecomposeOptions::default());
    assert_eq!(report.solution.unwrap().to_string(), "have a : A := by axiom\nuse a");
}

fn fault() -> Reply {
    Reply::Fault(Fault { message: "the worker died".to_owned() })
}

#[test]
fn questions_sketches_and_filled_sketches_survive_one_fault_each() {
    for kind in ["ask", "sketch", "whole"] {
        for faults in [1, 2] {
            let world = tower();
            let mut search = runner(DecomposeOptions::default(), 1);
            let mut left = faults;
            let answer = |request: &Request| {
                let filled = matches!(&*request.task, Task::Attempt(a) if a.lemma.is_none() && a.candidates[0].contains("have"));
                if left > 0 && (subject(request) == (kind, "R".to_owned()) || kind == "whole" && filled) {
                    left -= 1;
                    return fault();
                }
                world.reply(request)
            };
            play_shuffled(&mut search, 1, answer, |_| 0);
            let expected = if faults == 1 { StopReason::Solved } else { StopReason::Exhausted };
            assert_eq!(search.report().unwrap().reason, expected, "{faults} faults of {kind}");
        }
    }
}

proptest! {
    #[test]
    fn order_and_number_of_workers_change_nothing(window in 1usize..9, concurrency in 1usize..9, choices in prop::collection::vec(0usize..97, 1..40)) {
        let world = tower();
        let mut straight = runner(DecomposeOptions::default(), window);
        play_shuffled(&mut straight, window, |r| world.reply(r), |_| 0);
        let mut shuffled = runner(DecomposeOptions::default(), window);
        let mut turn = choices.iter().cycle();
        play_shuffled(&mut shuffled, concurrency, |r| world.reply(r), |_| *turn.next().unwrap());
        prop_assert_eq!(straight.report(), shuffled.report());
        prop_assert_eq!(straight.take_events(), shuffled.take_events());
        prop_assert_eq!(straight.report().unwrap().reason, StopReason::Solved);
    }

    #[test]
    fn faults_end_no_search_and_budgets_are_kept(
        faulty in prop::collection::btree_set(0u64..60, 0..12),
        window in 1usize..6,
        checks in prop::option::of(0u64..120),
    ) {
        let world = tower();
        let options = DecomposeOptions { proposers: vec![Proposer::Model, Proposer::Rules], ..DecomposeOptions::default() };
        let goal = Goal { case: None, hypotheses: Vec::new(), target: "R".to_owned() };
        let make = |state: ProofState, streams: Streams, _| AnyStrategy::new(WholeProofs::new(state, streams, WholeProofOptions::default()));
        let search = Decompose::new(ProofState { goals: vec![goal] }, Streams::new(1, "f"), options, Arc::new(make));
        let budget = Budget { checks, ..Budget::default() };
        let mut runner = Runner::new(search, budget, NonZeroUsize::new(window).unwrap()).with_events();
        let mut issued = 0;
        let answer = |r: &Request| { issued += r.task.checks(); if faulty.contains(&r.id) { fault() } else { world.reply(r) } };
        play_shuffled(&mut runner, window, answer, |n| n / 2);
        let report = runner.report().unwrap();
        prop_assert_eq!(report.spent.checks, issued);
        prop_assert!(checks.is_none_or(|limit| issued <= limit));
        if let Some(proof) = &report.solution {
            prop_assert_eq!(world.check(None, &proof.to_string()).map(|gaps| gaps.len()), Ok(0));
        } else if checks.is_none() {
            prop_assert!(faulty.range(..report.spent.requests).next().is_some(), "without a fault it is solved");
        }
        for entry in runner.take_events() {
            let text = serde_json::to_string(&entry).unwrap();
            prop_assert_eq!(serde_json::from_str::<prove_search::Entry>(&text).unwrap(), entry);
        }
    }
}

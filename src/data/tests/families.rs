//! What every family has to keep.

use prove_core::{Goal, Hypothesis, ProofState};
use prove_data::{
    BenchmarkKeys, Binder, Difficulty, Family, Generator, Key, Label, Mix, Split, Statement, families,
    model::{self, Outcome},
};
use prove_search::{CoreTactics, FileContext, Policy, Proposer, Query, QueryKind};
use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    io::Write,
    path::Path,
    sync::Arc,
};

/// So many statements of every family and difficulty are looked at.
const DRAWS: u64 = 40;

fn drawn(family: &Family, seed: u64, n: u64) -> impl Iterator<Item = Statement> {
    Difficulty::ALL.into_iter().flat_map(move |difficulty| (0..n).map(move |i| family.nth(seed, difficulty, i)))
}

#[test]
fn there_are_at_least_45_families_with_names_of_their_own() {
    let names: BTreeSet<_> = families().iter().map(Family::name).collect();
    assert_eq!(names.len(), families().len());
    assert!(names.len() >= 45, "{}", names.len());
    assert!(names.iter().all(|n| n.chars().all(|c| c.is_ascii_lowercase() || c == '_')), "{names:?}");
    assert!(families().iter().map(Family::topic).collect::<BTreeSet<_>>().len() >= 15);
}

/// What families draw is what searches meet, so the rules have to take all of it.
#[tokio::test]
async fn the_rules_of_a_search_propose_something_for_every_statement() {
    for statement in families().iter().flat_map(|family| drawn(family, 11, 8)) {
        let hypothesis = |b: &Binder| Hypothesis { names: vec![b.name.clone()], kind: b.kind.clone(), value: None };
        let hypotheses = statement.binders.iter().chain(&statement.hypotheses).map(hypothesis).collect();
        let goal = Goal { case: None, hypotheses, target: statement.goal.clone() };
        let state = Arc::new(ProofState { goals: vec![goal] });
        let rules = CoreTactics::new(FileContext::scan(&statement.header()));
        for kind in [QueryKind::WholeProof, QueryKind::Tactic, QueryKind::Sketch] {
            let is_sketch = kind == QueryKind::Sketch;
            let query = Query::new(kind, Proposer::Rules, state.clone(), 64, 1);
            let (proposals, _) = rules.propose(&query).await.expect("rules have no faults");
            assert!(is_sketch || !proposals.is_empty(), "{}", statement.file());
        }
    }
}

#[test]
fn a_statement_is_a_function_of_seed_difficulty_and_number() {
    for family in families() {
        let again: Vec<_> = drawn(&family, 7, 5).collect();
        assert!(drawn(&family, 7, 5).eq(again.iter().cloned()), "{}", family.name());
        assert!(drawn(&family, 8, 5).ne(again), "{}", family.name());
    }
}

#[test]
fn statements_are_complete_and_their_names_say_where_they_are_from() {
    for family in families() {
        for seed in 0..3 {
            for statement in drawn(&family, seed, DRAWS / 4) {
                let text = statement.file();
                assert!(text.contains(&format!("theorem {}_", family.name())) && text.ends_with(":= by\n  sorry\n"), "{text}");
                assert!(!statement.goal.trim().is_empty() && !text.contains("  )") && !text.contains("()"), "{text}");
                assert_eq!(BenchmarkKeys::new([&text]).len(), 1, "{text}");
            }
        }
    }
}

#[test]
fn no_statement_meant_to_hold_is_refuted_and_the_false_ones_are_refuted_again() {
    let mut wrong = Vec::new();
    let mut refuted_again = (0, 0);
    for family in families() {
        for statement in drawn(&family, 11, DRAWS) {
            match statement.label {
                Label::True => {
                    if let Outcome::Refuted(values) = model::refute(&statement, 200, 5) {
                        wrong.push(format!("{}\nrefuted by {values:?}", statement.file()));
                    }
                }
                Label::False => {
                    refuted_again.1 += 1;
                    refuted_again.0 += u32::from(matches!(model::refute(&statement, 400, 6), Outcome::Refuted(_)));
                }
                Label::Unknown => {}
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong labels, for example\n{}", wrong.len(), wrong[0]);
    // Without the values that a family knows its hypotheses to hold at, not all are found again.
    assert!(refuted_again.0 * 10 > refuted_again.1 * 5, "{refuted_again:?}");
}

#[test]
fn the_interpreter_reads_nearly_all_statements() {
    let mut unread = BTreeMap::new();
    let (mut read, mut all) = (0, 0);
    for family in families() {
        for statement in drawn(&family, 3, DRAWS / 4) {
            all += 1;
            if model::reads(&statement) {
                read += 1;
            } else {
                unread.entry(family.name()).or_insert_with(|| statement.file());
            }
        }
    }
    assert!(read * 100 >= all * 99, "{read} of {all}; not read: {unread:#?}");
}

#[test]
fn labels_are_shared_out() {
    let mut counts = [0usize; 3];
    let mut by_family: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    for family in families() {
        for statement in drawn(&family, 5, DRAWS) {
            counts[statement.label as usize] += 1;
            by_family.entry(family.name()).or_default()[statement.label as usize] += 1;
        }
    }
    let all: usize = counts.iter().sum();
    let [holds, fails, unknown] = counts;
    assert!(holds * 100 > all * 70 && fails * 100 > all * 8 && unknown * 100 < all * 6, "{counts:?}, {by_family:#?}");
    let never_false: Vec<_> = by_family.iter().filter(|(_, [_, fails, _])| *fails == 0).map(|(name, _)| *name).collect();
    assert!(never_false.len() * 8 < by_family.len(), "never false: {never_false:?}");
}

#[test]
fn most_families_have_much_to_say() {
    let mut poor = Vec::new();
    for family in families() {
        let keys: HashSet<Key> = drawn(&family, 2, 100).map(|s| s.key()).collect();
        if keys.len() < 400 {
            poor.push((family.name(), keys.len()));
        }
    }
    assert!(poor.len() * 6 < families().len(), "of 500 draws so many are distinct: {poor:?}");
}

#[test]
fn the_generator_gives_each_statement_once_from_every_topic_and_difficulty() {
    let statements: Vec<_> = Generator::new(1, families(), &Mix::default()).take(3000).collect();
    let keys: HashSet<Key> = statements.iter().map(Statement::key).collect();
    assert_eq!((statements.len(), keys.len()), (3000, 3000));
    assert!(Generator::new(1, families(), &Mix::default()).take(100).eq(statements.iter().take(100).cloned()));
    let mut strata: BTreeMap<_, usize> = BTreeMap::new();
    for statement in &statements {
        *strata.entry((statement.topic, statement.difficulty)).or_default() += 1;
    }
    let topics: BTreeSet<_> = families().iter().map(Family::topic).collect();
    assert_eq!(strata.len(), topics.len() * 5);
    let even = 3000 / strata.len();
    assert!(strata.values().all(|n| *n > even / 3 && *n < even * 3), "{strata:?}");
}

#[test]
fn the_mix_weighs_and_finished_families_end_the_iterator() {
    let mix = Mix {
        difficulties: [0, 0, 1, 0, 0],
        topics: families().iter().map(|f| (f.topic(), 0)).chain([(families()[0].topic(), 2)]).collect(),
    };
    let all: Vec<_> = Generator::new(1, families(), &mix).take(200).collect();
    assert!(all.len() == 200 && all.iter().all(|s| s.difficulty.level() == 3 && s.topic == families()[0].topic()));
    assert_eq!(Generator::new(1, Vec::new(), &Mix::default()).count(), 0);
}

#[test]
fn a_statement_is_for_training_or_held_out_and_never_both() {
    let draw = |split, seed| Generator::new(seed, families(), &Mix::default()).only(split).map(|s| s.key());
    let held: HashSet<Key> = draw(Split::HeldOut, 1).take(150).collect();
    let train: HashSet<Key> = draw(Split::Train, 2).take(2000).collect();
    assert!(held.is_disjoint(&train));
    let share = Generator::new(3, families(), &Mix::default()).take(3000).filter(|s| s.key().split() == Split::HeldOut).count();
    assert!((75..=240).contains(&share), "{share} of 3000 are held out");
}

#[test]
fn refused_and_earlier_statements_are_left_out() {
    let first: Vec<_> = Generator::new(1, families(), &Mix::default()).take(50).collect();
    let texts: Vec<String> = first.iter().filter(|s| s.definitions.is_empty()).map(Statement::file).collect();
    let refused = BenchmarkKeys::new(&texts);
    assert!(first.iter().filter(|s| s.definitions.is_empty()).all(|s| refused.refuses(s)));
    assert!(Generator::new(1, families(), &Mix::default()).without(refused.clone()).take(500).all(|s| !refused.refuses(&s)));
    let given: HashSet<Key> = first.iter().map(Statement::key).collect();
    assert!(Generator::new(1, families(), &Mix::default()).after(given.clone()).take(500).all(|s| !given.contains(&s.key())));
}

/// The statements of published benchmarks, where they are at hand; they are not part of this repository.
#[test]
fn no_benchmark_statement_is_generated() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/benchmarks");
    let Ok(files) = std::fs::read_dir(&folder) else {
        writeln!(std::io::stdout(), "skipped: there are no benchmarks in {}", folder.display()).expect("standard output");
        return;
    };
    let paths = files.map(|file| file.expect("an entry").path()).filter(|path| path.extension().is_some_and(|e| e == "jsonl"));
    let texts = paths.flat_map(|path| {
        let text = std::fs::read_to_string(&path).expect("a readable file");
        let statement =
            |line: &str| serde_json::from_str::<serde_json::Value>(line).expect("JSON")["statement"].as_str().map(str::to_owned);
        text.lines().filter_map(statement).collect::<Vec<_>>()
    });
    let keys = BenchmarkKeys::new(texts);
    assert!(keys.len() > 1500, "only {} statements were read", keys.len());
    let refused: Vec<_> =
        Generator::new(9, families(), &Mix::default()).take(3000).filter(|s| keys.refuses(s)).map(|s| s.theorem()).collect();
    assert!(refused.len() < 10, "the families write benchmark statements: {refused:#?}");
    assert!(Generator::new(9, families(), &Mix::default()).without(keys.clone()).take(300).all(|s| !keys.refuses(&s)));
}

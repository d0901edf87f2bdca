//! Every attack of `tests/adversarial` is rejected, with the right kind, through the entrance it is written for; and is not proved
//! through the other one. Each is also given the cheap verdict, whose misses are counted and printed.
//!
//! `cargo test -p prove-tests --test adversarial -- NAME…` runs only the ideas whose name contains one of the names.

use prove_lean::{Job, Judge, JudgeLimits, Limits, Outcome, Trusted};
use prove_tests::{
    attacks::{Attack, Entrance, load},
    lean::{Lean, test_main},
    verdict,
};
use std::{
    collections::BTreeMap,
    fmt::Write as _,
    io::Write as _,
    path::Path,
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{sync::Semaphore, task::JoinSet};

/// Files that the corpus tries to write on the machine.
const TRACES: [&str; 3] = ["/tmp/prove-adversarial-io", "/home/prove-adversarial-io", "prove-adversarial-io"];

/// Wall time for attacks on time and memory, which only have to fail.
const BOMB_WALL: Duration = Duration::from_secs(10);

fn main() -> ExitCode {
    test_main(run())
}

/// What became of one attack.
struct Result {
    attack: Attack,
    /// The verdict through its own entrance, and what was said.
    own: (String, String),
    /// The verdict through the other one, where it was tried.
    other: Option<(String, String)>,
    /// Whether the cheap verdict takes it for complete.
    cheap_miss: bool,
}

async fn run() -> anyhow::Result<Vec<String>> {
    let started = Instant::now();
    let all = load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("adversarial"))?;
    let mut failures = corpus_is_large(&all);
    let wanted: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let attacks = all.into_iter().filter(|a| wanted.is_empty() || wanted.iter().any(|name| a.idea.contains(name)));

    let lean = Arc::new(Lean::open()?);
    let hasty = Judge::new(lean.judge.toolchain().clone(), JudgeLimits { wall: BOMB_WALL, ..JudgeLimits::default() });
    let hasty = Arc::new(hasty);
    let turns = Arc::new(Semaphore::new(lean.at_once.get()));
    let mut running = JoinSet::new();
    for attack in attacks {
        let (lean, hasty, turns) = (lean.clone(), hasty.clone(), turns.clone());
        running.spawn(async move {
            let _turn = turns.acquire().await;
            let court = if attack.ordinary { &lean.judge } else { &hasty };
            judge(&lean, court, attack).await
        });
    }
    let mut results = running.join_all().await;
    results.sort_by_key(|result| result.attack.label());

    for result in &results {
        let label = result.attack.label();
        if !result.attack.accepts(&result.own.0) {
            failures.push(format!("{label}: {} instead of {}: {}", result.own.0, result.attack.kinds.join(" or "), result.own.1));
        }
        if let Some((verdict, _)) = &result.other
            && verdict == "proved"
        {
            failures.push(format!("{label}: proved through the other entrance"));
        }
    }
    failures.extend(TRACES.iter().filter(|trace| Path::new(trace).exists()).map(|trace| format!("an attack wrote {trace}")));
    std::io::stdout().lock().write_all(table(&results, started.elapsed()).as_bytes())?;
    Ok(failures)
}

fn corpus_is_large(attacks: &[Attack]) -> Vec<String> {
    let mut spellings: BTreeMap<&str, usize> = BTreeMap::new();
    for attack in attacks {
        *spellings.entry(&attack.idea).or_default() += 1;
    }
    let few = spellings.iter().filter(|(_, count)| **count < 3).map(|(idea, count)| format!("{idea} has only {count} spellings"));
    let too_few = (spellings.len() < 60).then(|| format!("there are only {} ideas", spellings.len()));
    few.chain(too_few).collect()
}

async fn judge(lean: &Lean, court: &Judge, attack: Attack) -> Result {
    let as_file = async |text: &str| verdict::on(&court.check(text, Trusted::Statements(&attack.trusted)).await, &attack.target);
    let as_body = async |text: &str| verdict::on(&court.fill(&attack.trusted, &[(0, text)]).await, &attack.target);
    let (own, other) = match attack.entrance {
        Entrance::Check => (as_file(&attack.text).await, if attack.ordinary { Some(as_body(&attack.text).await) } else { None }),
        Entrance::Solve => (as_body(&attack.text).await, if attack.ordinary { Some(as_file(&attack.file()).await) } else { None }),
    };
    let cheap_miss = attack.ordinary && looks_complete(lean, &attack.file()).await;
    Result { attack, own, other, cheap_miss }
}

/// The cheap verdict: no error, no `sorry`. A worker that fails or does not finish does not take the text for complete.
async fn looks_complete(lean: &Lean, text: &str) -> bool {
    let (_, text) = lean.preamble.insert(text);
    let limits = Limits { wall: Duration::from_secs(20) };
    let job = Job { header: "".into(), body: text.into(), tactics: false, goals_at: Vec::new(), limits };
    match lean.pool.submit(job).await {
        Outcome::Done(report) => report.elaboration.looks_complete(),
        Outcome::Timeout | Outcome::Fault(_) => false,
    }
}

/// Ideas, spellings, the verdicts given and the misses of the cheap verdict.
fn table(results: &[Result], took: Duration) -> String {
    let mut ideas: BTreeMap<&str, Vec<&Result>> = BTreeMap::new();
    for result in results {
        ideas.entry(&result.attack.idea).or_default().push(result);
    }
    let mut text = format!("{:<28} {:>9} {:>12}  verdicts\n", "idea", "spellings", "cheap misses");
    for (idea, results) in &ideas {
        let mut verdicts: BTreeMap<&str, usize> = BTreeMap::new();
        for result in results {
            *verdicts.entry(&result.own.0).or_default() += 1;
        }
        let verdicts: Vec<String> = verdicts.iter().map(|(verdict, count)| format!("{count} {verdict}")).collect();
        let misses = results.iter().filter(|result| result.cheap_miss).count();
        writeln!(text, "{idea:<28} {:>9} {misses:>12}  {}", results.len(), verdicts.join(", ")).expect("a string takes all");
    }
    let misses = results.iter().filter(|result| result.cheap_miss).count();
    let proved = results.iter().filter(|result| result.own.0 == "proved").count();
    writeln!(
        text,
        "{} ideas, {} spellings: {proved} proved by the judge, {misses} taken for complete by the cheap verdict; {:.0} s",
        ideas.len(),
        results.len(),
        took.as_secs_f64()
    )
    .expect("a string takes all");
    text
}

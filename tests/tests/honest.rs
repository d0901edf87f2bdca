//! Every proof of `tests/honest` is accepted: as it stands, with the line ends of another system, with a comment and no line end at
//! its end, and put into its statement's `sorry`. No accepted proof is accepted for the negation of its statement, nor for a statement
//! with one more hypothesis.
//!
//! `cargo test -p prove-tests --test honest -- NAME…` runs only the files whose name contains one of the names.

use prove_lean::{Job, Limits, Outcome, Trusted};
use prove_syntax::{Outline, Source, find_sorries};
use prove_tests::{
    lean::{Lean, test_main},
    proofs::{Proofs, load, mutated, negated, theorems},
    verdict,
};
use std::{
    collections::BTreeSet,
    io::Write as _,
    path::Path,
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{sync::Semaphore, task::JoinSet};

/// Of so many negations one goes to the judge, in a process of its own; all go to a worker.
const JUDGED: usize = 10;

fn main() -> ExitCode {
    test_main(run())
}

/// What was found out about a file.
#[derive(Default)]
struct Result {
    name: String,
    accepted: usize,
    filled: usize,
    refused: usize,
    mutated: usize,
    failures: Vec<String>,
}

async fn run() -> anyhow::Result<Vec<String>> {
    let started = Instant::now();
    let all = load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("honest"))?;
    let names: BTreeSet<String> = all.iter().flat_map(|proofs| theorems(&proofs.trusted)).map(|theorem| theorem.name).collect();
    let mut failures: Vec<String> = (names.len() < 300).then(|| format!("there are only {} theorems", names.len())).into_iter().collect();
    let wanted: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let files = all.into_iter().filter(|p| wanted.is_empty() || wanted.iter().any(|name| p.name.contains(name)));

    let lean = Arc::new(Lean::open()?);
    let turns = Arc::new(Semaphore::new(lean.at_once.get()));
    let mut running = JoinSet::new();
    for proofs in files {
        let (lean, turns) = (lean.clone(), turns.clone());
        running.spawn(async move {
            let _turn = turns.acquire().await;
            let mut result = Result { name: proofs.name.clone(), ..Result::default() };
            accepted(&lean, &proofs, &mut result).await;
            filled(&lean, &proofs, &mut result).await;
            refused(&lean, &proofs, &mut result).await;
            changed(&lean, &proofs, &mut result).await;
            result
        });
    }
    let mut results = running.join_all().await;
    results.sort_by(|a, b| a.name.cmp(&b.name));
    let mut out = std::io::stdout().lock();
    writeln!(out, "{:<20} {:>8} {:>8} {:>17} {:>17}", "file", "accepted", "filled", "negations refused", "mutations refused")?;
    for Result { name, accepted, filled, refused, mutated, .. } in &results {
        writeln!(out, "{name:<20} {accepted:>8} {filled:>8} {refused:>17} {mutated:>17}")?;
    }
    let sum = |count: fn(&Result) -> usize| results.iter().map(count).sum::<usize>();
    writeln!(
        out,
        "{} theorems accepted, {} put into their sorry and accepted, {} negations and {} mutations refused; {:.0} s",
        sum(|r| r.accepted),
        sum(|r| r.filled),
        sum(|r| r.refused),
        sum(|r| r.mutated),
        started.elapsed().as_secs_f64()
    )?;
    failures.extend(results.into_iter().flat_map(|result| result.failures));
    Ok(failures)
}

/// The file as it stands and two layouts of it: each theorem is proved.
async fn accepted(lean: &Lean, proofs: &Proofs, result: &mut Result) {
    let windows = proofs.text.replace('\n', "\r\n");
    let unended = format!("{} -- no line end follows", proofs.text.trim_end());
    let expected = theorems(&proofs.trusted);
    for (layout, text) in [("", &proofs.text), (" with CRLF", &windows), (" without a line end", &unended)] {
        let judged = lean.judge.check(text, Trusted::Statements(&proofs.trusted)).await;
        for theorem in &expected {
            match verdict::on(&judged, &theorem.name) {
                (word, _) if word == "proved" => result.accepted += usize::from(layout.is_empty()),
                (word, message) => result.failures.push(format!("{}{layout}: {}: {word}: {message}", proofs.name, theorem.name)),
            }
        }
    }
}

/// The proofs put into the `sorry`s of the statements, where each stands in place of one.
async fn filled(lean: &Lean, proofs: &Proofs, result: &mut Result) {
    let Some(bodies) = bodies(proofs) else { return };
    let fills: Vec<(usize, &str)> = bodies.iter().map(|(index, body)| (*index, body.as_str())).collect();
    let judged = lean.judge.fill(&proofs.trusted, &fills).await;
    let expected = theorems(&proofs.trusted);
    for (index, _) in &fills {
        let name = &expected[*index].name;
        match verdict::on(&judged, name) {
            (word, _) if word == "proved" => result.filled += 1,
            // It rests on a theorem proved by equations, whose `sorry` stayed.
            (word, _) if word == "sorry" && fills.len() < expected.len() => {}
            (word, message) => result.failures.push(format!("{}: {name} put into its sorry: {word}: {message}", proofs.name)),
        }
    }
}

/// Which `sorry` of the statements gets which text, if the files differ in nothing but that.
fn bodies(proofs: &Proofs) -> Option<Vec<(usize, String)>> {
    let (trusted, text) = (Source::new(&proofs.trusted), Source::new(&proofs.text));
    let (statements, proved) = (Outline::new(&trusted), Outline::new(&text));
    let sorries = find_sorries(&trusted, &statements);
    let same_names = statements.declarations.iter().map(|d| &d.name).eq(proved.declarations.iter().map(|d| &d.name));
    if !same_names || sorries.len() != theorems(&proofs.trusted).len() {
        return None;
    }
    let theorems = proved.declarations.iter().filter(|d| d.kind == prove_syntax::DeclarationKind::Theorem);
    let values = theorems.enumerate().filter_map(|(index, theorem)| match &theorem.body {
        Some((prove_syntax::BodyForm::Value, range)) => {
            // With the line end and indentation before it: the columns of its lines belong together.
            let gap = proofs.text[..range.start].trim_end().len();
            Some((index, format!(":={}", proofs.text[gap..range.end].trim_end())))
        }
        _ => None,
    });
    Some(values.collect())
}

/// Each theorem's negation under its proof: Lean reports an error, and the judge refuses.
async fn refused(lean: &Lean, proofs: &Proofs, result: &mut Result) {
    let statements = theorems(&proofs.trusted);
    // One worker for all, and nothing after the negated theorem: the worker elaborates anew only what differs from the last text.
    let mut worker = match lean.pool.lease(&"".into()).await {
        Ok(worker) => worker,
        Err(fault) => return result.failures.push(format!("{}: {}", proofs.name, fault.message)),
    };
    for (number, theorem) in theorems(&proofs.text).iter().enumerate() {
        let Some((text, end)) = negated(&proofs.text, theorem) else { continue };
        let (_, until_there) = lean.preamble.insert(&text[..end]);
        let limits = Limits { wall: Duration::from_secs(60) };
        let job = Job { header: "".into(), body: until_there.into(), tactics: false, goals_at: Vec::new(), limits };
        match worker.check(job).await {
            Outcome::Done(report) if report.elaboration.first_error().is_some() => result.refused += 1,
            outcome => result.failures.push(format!("{}: the negation of {}: {outcome:?}", proofs.name, theorem.name)),
        }
        let Some(statement) = statements.iter().find(|statement| statement.name == theorem.name) else { continue };
        if number % JUDGED == 0
            && let Some((trusted, _)) = negated(&proofs.trusted, statement)
        {
            for (candidate, expected) in [(&text, "error"), (&proofs.text, "statement_changed")] {
                let judged = lean.judge.check(candidate, Trusted::Statements(&trusted)).await;
                let (word, message) = verdict::on(&judged, &theorem.name);
                if word != expected {
                    result
                        .failures
                        .push(format!("{}: the negation of {}: {word} and not {expected}: {message}", proofs.name, theorem.name));
                }
            }
        }
    }
}

/// The accepted file against statements that each have one more hypothesis: every one of them is changed.
async fn changed(lean: &Lean, proofs: &Proofs, result: &mut Result) {
    let (trusted, names) = mutated(&proofs.trusted);
    let judged = lean.judge.check(&proofs.text, Trusted::Statements(&trusted)).await;
    for name in names {
        match verdict::on(&judged, &name) {
            (word, _) if word == "statement_changed" => result.mutated += 1,
            (word, message) => result.failures.push(format!("{}: the mutation of {name}: {word}: {message}", proofs.name)),
        }
    }
}

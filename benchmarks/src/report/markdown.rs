//! A report as Markdown.

use super::{Estimate, Report, RunReport};
use std::fmt::Write;

/// The report as Markdown: tables, and nothing of single proofs.
pub fn markdown(report: &Report) -> String {
    let mut out = String::new();
    for run in &report.runs {
        section(&mut out, run);
    }
    for pair in &report.pairs {
        let _ = writeln!(out, "## {} against {}\n", pair.first, pair.second);
        let (first, second) = (pair.only_first.len(), pair.only_second.len());
        let _ = writeln!(
            out,
            "Of {} problems in common, {first} are proved by the first only and {second} by the second only (McNemar's exact test: p = {:.2e}).\n",
            pair.problems, pair.p
        );
    }
    if !report.published.is_empty() {
        out += "## Published, not measured here\n\n| system | suite | k | solved | source |\n| --- | --- | --- | --- | --- |\n";
        for result in &report.published {
            let suite = [&result.suites.join(", "), result.split.as_deref().unwrap_or("all")].join(" / ");
            for value in &result.values {
                let _ = writeln!(out, "| {} | {suite} | {} | {} | {} |", result.system, value.k, value.text(), result.source);
            }
        }
    }
    out
}

fn section(out: &mut String, run: &RunReport) {
    let _ = writeln!(out, "## {}\n\n{}\n", run.name, settings(run));
    let _ = writeln!(out, "{}\n", counts(run));
    let _ = writeln!(out, "| k | pass@k | 95 % interval |\n| --- | --- | --- |");
    for pass in &run.pass {
        let _ = writeln!(out, "| {} | {} | {} |", pass.k, percent(pass.estimate.mean), interval(pass.estimate));
    }
    let _ = writeln!(out, "\n| topic | problems | proved | pass@1 | 95 % interval |\n| --- | --- | --- | --- | --- |");
    for topic in &run.topics {
        let pass = percent(topic.pass.mean);
        let _ = writeln!(out, "| {} | {} | {} | {pass} | {} |", topic.topic, topic.problems, topic.proved, interval(topic.pass));
    }
    let total = run.total;
    let _ = writeln!(
        out,
        "\nAll attempts together: {} candidates checked, {:.0} s of Lean workers, {} model tokens, {:.0} s of the judge, {:.0} s of wall time \
         summed over problems.\n",
        total.checks, total.lean_seconds, total.model_tokens, total.judge_seconds, total.wall_seconds
    );
    for (named, what) in [(&run.unsupported, "Unsupported on this Lean"), (&run.faulty, "Faults left")] {
        if !named.is_empty() {
            let names: Vec<&str> = named.iter().map(|named| named.problem.as_str()).collect();
            let _ = writeln!(out, "{what}: {}.\n", names.join(", "));
        }
    }
}

/// What was run, in a sentence.
pub(super) fn settings(run: &RunReport) -> String {
    let plan = &run.plan;
    let split = plan.split.as_ref().map(|split| format!(", split {split}")).unwrap_or_default();
    let model = plan.model.as_ref().map_or("no model".to_owned(), |model| format!("model {} ({})", model.name, model.format.name()));
    let mut budget: Vec<String> = Vec::new();
    budget.extend(plan.budget.checks.map(|checks| format!("{checks} checks")));
    budget.extend(plan.budget.lean_seconds.map(|seconds| format!("{seconds} s of Lean")));
    budget.extend(plan.budget.model_tokens.map(|tokens| format!("{tokens} model tokens")));
    budget.extend(plan.budget.wall.map(|wall| format!("{} s of wall time", wall.as_secs())));
    format!(
        "Suite {}{split} ({}), strategy {}, {model}, {} attempt(s) of {} each, seed {}, Lean {}, prove {}.",
        plan.suite,
        &plan.suite_hash[..plan.suite_hash.len().min(12)],
        plan.strategy,
        plan.attempts,
        budget.join(", "),
        plan.seed,
        plan.lean,
        plan.prove
    )
}

/// How many problems came to what, in a sentence.
pub(super) fn counts(run: &RunReport) -> String {
    let RunReport { problems, finished, scored, proved, unsupported, faulty, .. } = run;
    let open = problems - finished;
    let mut text = format!("{proved} of {scored} problems proved.");
    if !unsupported.is_empty() {
        let _ = write!(text, " {} more are unsupported on this Lean and count in no score.", unsupported.len());
    }
    if !faulty.is_empty() {
        let _ = write!(text, " {} more ended in faults and count in no score.", faulty.len());
    }
    if open > 0 {
        let _ = write!(text, " {open} are still to be run.");
    }
    text
}

pub(super) fn percent(part: f64) -> String {
    format!("{:.1} %", part * 100.0)
}

pub(super) fn interval(estimate: Estimate) -> String {
    format!("{:.1} – {:.1} %", estimate.low * 100.0, estimate.high * 100.0)
}

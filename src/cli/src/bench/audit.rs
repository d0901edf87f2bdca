//! `prove bench audit`: looks for mistakes in the statements of a suite.

use super::open::{self, input};
use crate::{agent, model::ModelArgs, output::InputError, solve::budget, toolchain, workers::Workers};
use futures_util::StreamExt;
use prove_bench::{
    audit::{Audited, Finding, FindingKind, audit, duplicates},
    suite::Problem,
};
use prove_core::{Budget, ExitCode};
use prove_store::{Key, Run};
use serde::Serialize;
use std::{
    fmt::Write as _,
    io::{IsTerminal, Write},
    path::{Path, PathBuf},
    pin::pin,
    time::Duration,
};

/// Arguments of `prove bench audit`.
#[derive(Debug, clap::Args)]
pub(crate) struct AuditArgs {
    /// The suite; see `prove bench run`.
    suite: String,
    /// Only this part of it.
    #[arg(long, value_name = "NAME")]
    split: Option<String>,
    /// What each attempt to refute a statement or its hypotheses may cost.
    #[arg(long, value_name = "BUDGET", value_parser = budget, default_value = "checks=48")]
    budget: Budget,
    /// The folder of the audit, in which a killed one goes on. By default one in `prove-runs`, named by the suite's hash.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Lean workers, and problems at a time; as many as there are cores by default. Or a NATS server with
    /// JetStream, from which `prove work` takes the checks on any number of machines.
    #[arg(long, value_name = "N|nats://…")]
    workers: Option<Workers>,
    /// The Lake project whose Lean to use.
    #[arg(long, value_name = "DIR")]
    lean_project: Option<PathBuf>,
}

/// What `audit.json` holds.
#[derive(Serialize)]
struct Report<'a> {
    suite: &'a str,
    suite_hash: &'a str,
    lean: &'a str,
    budget: Budget,
    problems: usize,
    findings: &'a [Finding],
}

/// Runs `prove bench audit`.
pub(crate) fn run(args: &AuditArgs) -> anyhow::Result<ExitCode> {
    let (suite, problems) = open::problems(&args.suite, args.split.as_deref())?;
    let toolchain = toolchain::find(args.lean_project.as_deref(), None)?;
    let problems = open::on(&toolchain, problems);
    let (hash, lean) = (suite.hash(), toolchain::named(&toolchain));
    let folder = args.out.clone().unwrap_or_else(|| PathBuf::from("prove-runs").join(format!("audit-{}", &hash[..12])));
    let kept: Run<Audited> = Run::open(&folder).map_err(input)?;
    let budget = Budget { wall: Some(Duration::from_secs(60)), ..args.budget };
    let key = |problem: &Problem| Key::of([lean.as_str(), &format!("{budget:?}"), &problem.name, &problem.text()]);
    let open: Vec<Problem> = problems.iter().filter(|problem| kept.finished(key(problem)).is_none()).cloned().collect();
    let runtime = tokio::runtime::Runtime::new()?;
    let audited = runtime.block_on(async {
        let (agent, workers) = agent::open(toolchain, args.workers.as_ref(), &ModelArgs::default()).await?;
        let mut done = Vec::new();
        let mut work = pin!(audit(&agent, &open, budget, workers));
        loop {
            let next = tokio::select! {
                next = work.next() => next,
                _ = tokio::signal::ctrl_c() => return anyhow::Ok(None),
            };
            let Some(audited) = next else { return Ok(Some(done)) };
            // Faults are of the moment: the next audit tries again.
            if let Some(problem) = open.get(done.len())
                && audited.findings.iter().all(|finding| finding.kind != FindingKind::Fault)
            {
                kept.record(key(problem), &audited)?;
            }
            done.push(audited);
            if std::io::stderr().is_terminal() {
                // Progress is not worth failing for.
                let _ = write!(std::io::stderr(), "\r{} of {} audited", problems.len() - open.len() + done.len(), problems.len());
            }
        }
    });
    runtime.shutdown_background();
    let Some(mut audited) = audited?.map(Vec::into_iter) else { return Ok(ExitCode::NotProved) };
    let all: Vec<Audited> = problems.iter().filter_map(|problem| kept.finished(key(problem)).cloned().or_else(|| audited.next())).collect();
    let mut findings = duplicates(&all);
    findings.extend(all.into_iter().flat_map(|audited| audited.findings));
    findings.sort_by_key(|finding| (finding.kind, problems.iter().position(|problem| problem.name == finding.problem)));
    let report = Report { suite: &suite.name, suite_hash: &hash, lean: &lean, budget, problems: problems.len(), findings: &findings };
    let text = markdown(&report);
    write(&folder.join("audit.json"), &(serde_json::to_string_pretty(&report)? + "\n"))?;
    write(&folder.join("audit.md"), &text)?;
    write!(std::io::stdout().lock(), "{text}")?;
    let kinds = || findings.iter().map(|finding| finding.kind);
    Ok(match () {
        () if kinds().any(|kind| kind == FindingKind::Fault) => ExitCode::Fault,
        () if kinds().any(|kind| !matches!(kind, FindingKind::Unsupported | FindingKind::AsksForAnswer)) => ExitCode::NotProved,
        () => ExitCode::Proved,
    })
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    let cannot = |error| InputError::new(format!("{}: {error}", path.display()), "give another folder with --out");
    std::fs::write(path, text).map_err(cannot)?;
    Ok(())
}

fn markdown(report: &Report<'_>) -> String {
    let Report { suite, suite_hash, lean, problems, findings, .. } = report;
    let mut out = format!("# Audit of {suite}\n\n{problems} problems with the hash {suite_hash}, on Lean {lean}.\n\n");
    let of = |kind| findings.iter().filter(move |finding| finding.kind == kind);
    for kind in FindingKind::ALL {
        let _ = writeln!(out, "- {}: {}", kind.title(), of(kind).count());
    }
    for kind in FindingKind::ALL.into_iter().filter(|kind| of(*kind).count() > 0) {
        let _ = writeln!(out, "\n## {}\n", kind.title());
        for finding in of(kind) {
            let detail = finding.detail.split_whitespace().collect::<Vec<_>>().join(" ");
            let _ = writeln!(out, "- `{}`: `{}`", finding.problem, detail.chars().take(160).collect::<String>());
        }
    }
    out
}

//! `prove bench speed`: how fast the machinery around Lean is here.

use crate::{output::VerdictLine, toolchain};
use anyhow::Context;
use prove_bench::speed::{self, Figure, Target};
use prove_core::ExitCode;
use std::{io::Write, path::PathBuf, process::Command};

/// Arguments of `prove bench speed`.
#[derive(Debug, clap::Args)]
pub(crate) struct SpeedArgs {
    /// One JSON object per figure.
    #[arg(long)]
    json: bool,
    /// The Lake project whose Lean to measure.
    #[arg(long, value_name = "DIR")]
    lean_project: Option<PathBuf>,
}

/// Statements that a search for a proof meets: solved at once, solved late, and not solved.
const SEARCHED: &str = include_str!("../../../../benchmarks/speed/search.lean");

/// Runs `prove bench speed`.
pub(crate) fn run(args: &SpeedArgs) -> anyhow::Result<ExitCode> {
    let toolchain = toolchain::find(args.lean_project.as_deref(), None)?;
    let runtime = tokio::runtime::Runtime::new()?;
    let report = |figure: Figure| print(&figure, args.json);
    runtime.block_on(async {
        tokio::select! {
            measured = speed::measure(&toolchain, report) => measured.map_err(anyhow::Error::from),
            _ = tokio::signal::ctrl_c() => anyhow::bail!("interrupted"),
        }
    })?;
    print(&contract_over_cheap(args)?, args.json)?;
    Ok(ExitCode::Proved)
}

/// Seconds of Lean for searching and judging over those for searching alone, as `prove solve` reports them.
fn contract_over_cheap(args: &SpeedArgs) -> anyhow::Result<Figure> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("search.lean");
    std::fs::write(&file, SEARCHED)?;
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["solve", "--json", "--budget", "checks=400", "--workers", "1"]).arg(&file);
    if let Some(project) = &args.lean_project {
        command.arg("--lean-project").arg(project);
    }
    let output = command.output()?;
    let (mut search, mut judge) = (0.0, 0.0);
    for line in String::from_utf8(output.stdout)?.lines() {
        let line: VerdictLine = serde_json::from_str(line).context("`prove solve --json` printed something else")?;
        let cost = line.cost.unwrap_or_default();
        search += cost.lean_seconds;
        judge += cost.judge_seconds;
    }
    anyhow::ensure!(search > 0.0, "`prove solve` searched nothing: {}", String::from_utf8_lossy(&output.stderr));
    Ok(Figure::new("search and judge over search alone", (search + judge) / search, "").at_most(1.25))
}

fn print(figure: &Figure, json: bool) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    if json {
        serde_json::to_writer(&mut out, figure)?;
        return writeln!(out);
    }
    let target = match figure.target {
        None => String::new(),
        Some(Target::AtMost(bound)) => format!("at most {bound}"),
        Some(Target::AtLeast(bound)) => format!("at least {bound}"),
    };
    let missed = if figure.reached() == Some(false) { "  missed" } else { "" };
    let Figure { name, value, unit, .. } = figure;
    let digits = if *value >= 100.0 { 0 } else { 2 };
    writeln!(out, "{name:<52} {value:>9.digits$} {unit:<3} {target}{missed}")
}

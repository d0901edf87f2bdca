//! `prove doctor`: what is there, what is missing, what that costs and how to get it, found out by trying.

mod checks;
mod machine;

use crate::{model::ModelArgs, toolchain};
use checks::{Check, Status};
use prove_core::ExitCode;
use prove_lean::toolchain::Toolchain;
use prove_provision::{Home, Pins};
use serde::Serialize;
use std::{
    io::{Write, stdout},
    path::PathBuf,
};

/// Says what prove found on this machine, by trying it, and how to get what is missing.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct DoctorArgs {
    /// The Lake project to look at, instead of the one around the current folder.
    #[arg(long, value_name = "DIR")]
    lean_project: Option<PathBuf>,
    /// Also hash everything installed against the pins, which finds damage that sizes and times do not show.
    #[arg(long)]
    verify: bool,
    #[command(flatten)]
    model: ModelArgs,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// The whole report, as `--json` prints it.
#[derive(Debug, Serialize)]
struct Report {
    /// Whether every required check is fine.
    ok: bool,
    home: PathBuf,
    machine: machine::Machine,
    /// The Lean that prove would use here: `native` or `embedded`.
    #[serde(skip_serializing_if = "Option::is_none")]
    lean: Option<&'static str>,
    checks: Vec<Check>,
}

/// Runs `prove doctor`. The exit code is 0 if everything required is fine, else 3.
pub(crate) fn run(mut args: DoctorArgs) -> anyhow::Result<ExitCode> {
    args.model.or_bundled();
    let (home, pins) = (Home::from_environment()?, Pins::load()?);
    let here = std::env::current_dir()?;
    let (native, native_check) = checks::native(args.lean_project.as_deref(), &here);
    let embedded = toolchain::open_embedded(&home, &pins)?;

    let mut list = vec![native_check, checks::embedded(&home, &pins, embedded.as_ref(), args.verify)?];
    let lean = native.map(Toolchain::Native).or(embedded);
    list.extend(checks::elaboration(lean.as_ref())?);
    list.push(checks::npm());
    list.push(checks::onnxruntime(&home, &pins));
    list.push(checks::model(&args.model)?);
    let report = Report {
        ok: list.iter().all(|check| !check.required || check.status == Status::Ok),
        machine: machine::Machine::look(home.root()),
        home: home.root().to_path_buf(),
        lean: lean.map(|lean| if matches!(lean, Toolchain::Native(_)) { "native" } else { "embedded" }),
        checks: list,
    };
    let mut out = stdout();
    match args.json {
        true => writeln!(out, "{}", serde_json::to_string_pretty(&report)?)?,
        false => render(&report, &mut out)?,
    }
    Ok(if report.ok { ExitCode::Proved } else { ExitCode::Fault })
}

fn render(report: &Report, out: &mut impl Write) -> std::io::Result<()> {
    writeln!(out, "machine      {}", report.machine)?;
    writeln!(out, "cache        {}", report.home.display())?;
    for check in &report.checks {
        let mark = match check.status {
            Status::Ok => "ok     ",
            Status::Missing => "missing",
            Status::Failed => "FAILED ",
        };
        writeln!(out, "{:<12} {mark}  {}", check.name, check.found)?;
        for note in &check.notes {
            writeln!(out, "{:22}{note}", "")?;
        }
        if let Some(remedy) = &check.remedy {
            let cost = check.cost.map(|cost| format!(" ({cost})")).unwrap_or_default();
            writeln!(out, "{:22}to get it: {remedy}{cost}", "")?;
        }
    }
    match report.lean {
        Some(lean) => writeln!(out, "prove uses the {lean} Lean here"),
        None => writeln!(out, "prove has no Lean yet"),
    }
}

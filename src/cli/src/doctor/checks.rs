//! The single checks. Each tries the thing itself where that is possible: Lean elaborates, npm answers.

use crate::{
    model::{self, ModelArgs},
    progress::Progress,
    toolchain::{IMAGE_BYTES, look},
};
use prove_lean::{
    Job, Limits, SessionSpawner, Worker, WorkerError, sandbox,
    toolchain::{NativeLean, Toolchain},
};
use prove_model::Request;
use prove_provision::{Home, Installation, Pins, open_onnxruntime};
use serde::Serialize;
use std::{
    fmt,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Status {
    /// It is there and works.
    Ok,
    /// It is not there.
    Missing,
    /// It is there and does not work.
    Failed,
}

/// What getting something costs, about.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Cost {
    download_mb: u64,
    disk_mb: u64,
    minutes: u64,
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} MB to download, {} MB of disk, about {} min", self.download_mb, self.disk_mb, self.minutes)
    }
}

/// One line of the report.
#[derive(Debug, Serialize)]
pub(super) struct Check {
    pub(super) name: &'static str,
    pub(super) status: Status,
    /// Whether prove is of no use without it.
    pub(super) required: bool,
    /// What was found, or what went wrong.
    pub(super) found: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) notes: Vec<String>,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) remedy: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cost: Option<Cost>,
}

impl Check {
    fn new(name: &'static str, status: Status, found: impl Into<String>) -> Self {
        Check { name, status, required: false, found: found.into(), notes: Vec::new(), remedy: None, cost: None }
    }

    fn required(self) -> Self {
        Check { required: true, ..self }
    }

    fn remedy(self, remedy: impl Into<String>) -> Self {
        Check { remedy: Some(remedy.into()), ..self }
    }

    fn cost(self, cost: Cost) -> Self {
        Check { cost: Some(cost), ..self }
    }
}

const NATIVE_REMEDY: &str = "install elan, then follow lean-project/README.md; needed for Mathlib only";
/// Lean about 0.5 GB to download and 1.5 GB unpacked, Mathlib's cache about 1 GB and 6 GB.
const NATIVE_COST: Cost = Cost { download_mb: 1500, disk_mb: 7500, minutes: 15 };

/// The native Lean. A project that the user named and that cannot be used is a failure; that there is none is not.
pub(super) fn native(lean_project: Option<&Path>, here: &Path) -> (Option<NativeLean>, Check) {
    const NAME: &str = "native Lean";
    let discovered = match look(lean_project, Some(here)) {
        Ok(discovered) => discovered,
        Err(error) => return (None, Check::new(NAME, Status::Failed, error.to_string()).required()),
    };
    let mut notes: Vec<String> = discovered.passed_over.iter().map(|reason| format!("passed over: {reason}")).collect();
    if discovered.native.is_some()
        && let Err(error) = sandbox::available()
    {
        notes.push(format!("candidates run with your rights: {error}"));
    }
    let check = match &discovered.native {
        Some(native) => {
            let place = match &native.project {
                Some(project) => format!("project {}", project.root.display()),
                None => "no project".to_owned(),
            };
            Check::new(NAME, Status::Ok, format!("{} at {}, {place}", native.version, native.program.display()))
        }
        None => Check::new(NAME, Status::Missing, "none on PATH, no project around this folder").remedy(NATIVE_REMEDY).cost(NATIVE_COST),
    };
    (discovered.native, Check { notes, ..check })
}

/// The embedded Lean.
pub(super) fn embedded(home: &Home, pins: &Pins, installed: Option<&Toolchain>, verify: bool) -> anyhow::Result<Check> {
    const NAME: &str = "embedded";
    let place = Installation::new(home, &pins.lean);
    let contents = &pins.lean.contents;
    let megabytes = |bytes: u64| bytes.div_ceil(1_000_000);
    let missing = Cost {
        download_mb: megabytes(contents.tarball_bytes),
        disk_mb: megabytes(contents.wasm.bytes + contents.library.bytes + IMAGE_BYTES),
        minutes: 3,
    };
    let Some(_) = installed else {
        return Ok(match place.is_unpacked() {
            true => Check::new(NAME, Status::Missing, format!("Lean {} is fetched, but not compiled for this machine", contents.version))
                .remedy("prove setup")
                .cost(Cost { download_mb: 0, disk_mb: megabytes(IMAGE_BYTES), ..missing }),
            false => {
                Check::new(NAME, Status::Missing, format!("Lean {} is not installed", contents.version)).remedy("prove setup").cost(missing)
            }
        });
    };
    let found = format!("Lean {} in {} ({} MB)", contents.version, place.root().display(), megabytes(place.size()));
    if verify && let Err(error) = place.verify(&prove_host::compatibility()?, &Progress::new("the embedded Lean")) {
        return Ok(Check::new(NAME, Status::Failed, error.to_string()).required().remedy("prove setup --repair"));
    }
    let hashed = if verify { ", every byte hashed against the pins" } else { ", files unchanged since they were verified" };
    Ok(Check::new(NAME, Status::Ok, found + hashed))
}

/// A theorem that holds and one that does not: a Lean that says nothing to both has not been tried.
const TRUE: &str = "theorem doctor (a b : Nat) (h : a ≤ b) : a < b + 1 := by omega\n";
const FALSE: &str = "theorem doctor (a b : Nat) (h : a ≤ b) : a < b := by omega\n";
const MATHLIB: &str = "theorem doctor (x y : ℝ) : 0 ≤ (x - y) ^ 2 := by positivity\n";

/// Whether the Lean that was found elaborates, and Mathlib where it is there.
pub(super) fn elaboration(lean: Option<&Toolchain>) -> anyhow::Result<Vec<Check>> {
    const NAME: &str = "elaboration";
    let Some(lean) = lean else {
        return Ok(vec![Check::new(NAME, Status::Missing, "there is no Lean to try").required().remedy("prove setup")]);
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let core = runtime.block_on(try_theorems(lean, "", &[(TRUE, true), (FALSE, false)]));
    let mut checks = vec![tried(NAME, core).required()];
    checks.push(match lean.has_module("Mathlib") {
        true => tried("Mathlib", runtime.block_on(try_theorems(lean, "import Mathlib\n", &[(MATHLIB, true)]))),
        false => Check::new("Mathlib", Status::Missing, "not in the Lean that prove uses here").remedy(NATIVE_REMEDY).cost(NATIVE_COST),
    });
    Ok(checks)
}

fn tried(name: &'static str, result: Result<String, String>) -> Check {
    match result {
        Ok(found) => Check::new(name, Status::Ok, found),
        Err(problem) => Check::new(name, Status::Failed, problem).remedy("prove doctor --verify, then prove setup --repair"),
    }
}

/// Elaborates each theorem in one session and compares the answer with what it has to be.
async fn try_theorems(lean: &Toolchain, header: &str, theorems: &[(&str, bool)]) -> Result<String, String> {
    let start = Instant::now();
    let words = |error: WorkerError| error.to_string();
    let mut session = SessionSpawner::new(lean.lean()).start(header).await.map_err(words)?;
    let mut check_millis = 0.0;
    for (theorem, holds) in theorems {
        let limits = Limits { wall: Duration::from_secs(180) };
        let job = Job { header: header.into(), body: (*theorem).into(), tactics: false, goals_at: Vec::new(), limits };
        let report = session.check(&job).await.map_err(words)?;
        check_millis = report.millis;
        if report.elaboration.looks_complete() != *holds {
            let said = report.elaboration.first_error().map_or("nothing", |error| error.message.as_str());
            return Err(format!("Lean took a theorem the wrong way: {} (it said: {said})", theorem.trim()));
        }
    }
    let memory = session.resident_bytes().map(|bytes| format!(", {} MB resident", bytes / 1_000_000)).unwrap_or_default();
    let seconds = start.elapsed().as_secs_f64();
    Ok(format!(
        "{} theorems judged rightly in {seconds:.1} s from the start, the last check in {check_millis:.0} ms{memory}",
        theorems.len()
    ))
}

/// npm, which only fetching needs.
pub(super) fn npm() -> Check {
    const NAME: &str = "npm";
    let remedy = "install npm from the distribution's packages; only `prove setup` needs it, and not with --from";
    match Command::new("npm").arg("--version").output() {
        Ok(output) if output.status.success() => Check::new(NAME, Status::Ok, String::from_utf8_lossy(&output.stdout).trim()),
        Ok(output) => Check::new(NAME, Status::Failed, format!("`npm --version` failed ({})", output.status)).remedy(remedy),
        Err(error) => Check::new(NAME, Status::Missing, error.to_string()).remedy(remedy),
    }
}

/// libonnxruntime: that the file is the installed one. Loading it is left to [`model`].
pub(super) fn onnxruntime(home: &Home, pins: &Pins) -> Check {
    const NAME: &str = "onnxruntime";
    match (open_onnxruntime(home, &pins.onnxruntime), pins.onnxruntime.wheel()) {
        (Ok(Some(path)), _) => Check::new(NAME, Status::Ok, format!("{}, unchanged since it was verified", path.display())),
        (Ok(None), Ok(wheel)) => {
            let cost = Cost { download_mb: wheel.bytes.div_ceil(1_000_000), disk_mb: wheel.library_bytes.div_ceil(1_000_000), minutes: 1 };
            Check::new(NAME, Status::Missing, "not installed; only the prover model needs it")
                .remedy("prove setup --onnxruntime")
                .cost(cost)
        }
        (Err(error), _) | (_, Err(error)) => Check::new(NAME, Status::Missing, error.to_string()),
    }
}

/// The model that the user named: it is loaded, or its server asked, and writes a few tokens.
pub(super) fn model(args: &ModelArgs) -> anyhow::Result<Check> {
    const NAME: &str = "model";
    const TOKENS: u32 = 16;
    if args.model.is_none() {
        return Ok(Check::new(NAME, Status::Missing, "none is used; rules over the goal stand in for it")
            .remedy("`prove setup --onnxruntime` for the bundled model, or name a folder or a server with --model"));
    }
    let tried: anyhow::Result<String> = tokio::runtime::Runtime::new()?.block_on(async {
        let began = Instant::now();
        let model = model::open(args).await?;
        let loaded = began.elapsed().as_secs_f64();
        let request = Request { max_tokens: Some(TOKENS), ..Request::new("theorem doctor (a b : Nat) (h : a ≤ b) : a < b + 1 := by\n") };
        let usage = model.generate(request).await?.complete().await?.usage;
        let wrote = began.elapsed().as_secs_f64() - loaded;
        Ok(format!("{}: ready in {loaded:.1} s, {} tokens in {wrote:.1} s", model.name(), usage.completion_tokens))
    });
    Ok(match tried {
        Ok(found) => Check::new(NAME, Status::Ok, found),
        Err(error) => Check::new(NAME, Status::Failed, format!("{error:#}")).required(),
    })
}

//! The embedded Lean for tests whose own executable hosts it.
//!
//! `prove` runs the embedded Lean by starting itself as `prove lean …`, so a test that judges in its own process must answer to
//! that too: such tests have a `main` of their own (`harness = false`), and it is [`test_main`].

use prove_lean::{
    Judge, JudgeLimits, LeanCommand, Preamble, SessionSpawner, WorkerPool,
    toolchain::{EmbeddedLean, LeanVersion, Toolchain},
};
use prove_provision::{Home, Installation, Pins};
use std::{
    future::Future,
    io::Write as _,
    num::NonZeroUsize,
    process::{Command, ExitCode, Stdio},
    sync::Arc,
    thread::available_parallelism,
    time::Duration,
};

/// The `main` of a test that hosts the embedded Lean in its own executable. Started as `… lean` or `… setup` it does that as `prove`
/// would; otherwise it runs the test, which returns what failed.
pub fn test_main(test: impl Future<Output = anyhow::Result<Vec<String>>>) -> ExitCode {
    if std::env::args().nth(1).is_some_and(|command| matches!(command.as_str(), "lean" | "setup")) {
        return prove::main();
    }
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let failures = runtime.block_on(test).expect("the corpus and Lean are there");
    let mut out = std::io::stdout().lock();
    for failure in &failures {
        writeln!(out, "FAILED {failure}").expect("standard output");
    }
    if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The embedded Lean, with a judge and a pool of workers on it.
pub struct Lean {
    /// Says what is proved.
    pub judge: Arc<Judge>,
    /// Gives the cheap verdict.
    pub pool: WorkerPool,
    /// What the embedded Lean needs before a file's first command.
    pub preamble: Preamble,
    /// How many things are worth doing at once.
    pub at_once: NonZeroUsize,
}

impl Lean {
    /// Opens the embedded Lean, which is first installed if it is not there.
    pub fn open() -> anyhow::Result<Lean> {
        let toolchain = match installed()? {
            Some(toolchain) => toolchain,
            None => {
                let status = Command::new(std::env::current_exe()?).arg("setup").stdout(Stdio::null()).status()?;
                anyhow::ensure!(status.success(), "`prove setup` failed: {status}");
                installed()?.ok_or_else(|| anyhow::anyhow!("`prove setup` succeeded and installed nothing"))?
            }
        };
        let at_once = available_parallelism()?;
        let limits = JudgeLimits { wall: Duration::from_secs(60), at_once: at_once.get(), ..JudgeLimits::default() };
        let config = prove_lean::PoolConfig { workers: at_once, max_checks_per_worker: 100, ..Default::default() };
        Ok(Lean {
            preamble: Preamble::of(&toolchain),
            pool: WorkerPool::new(config, SessionSpawner::new(toolchain.lean())),
            judge: Arc::new(Judge::new(toolchain, limits)),
            at_once,
        })
    }
}

/// The Lean that tests run, up to its own arguments: the one whose command line the variable `PROVE_TEST_LEAN` holds, or the embedded
/// one, hosted by `executable`, a `prove`.
pub fn command(executable: &str) -> LeanCommand {
    match std::env::var("PROVE_TEST_LEAN") {
        Ok(line) => {
            let mut words = line.split_whitespace();
            LeanCommand::new(words.next().expect("PROVE_TEST_LEAN names a program")).args(words)
        }
        Err(_) => embedded(executable).expect("the embedded Lean is installed").lean(),
    }
}

/// The embedded Lean hosted by `executable`, a `prove`. Installed first if need be.
pub fn embedded(executable: &str) -> anyhow::Result<Toolchain> {
    if installed()?.is_none() {
        let status = Command::new(executable).arg("setup").stdout(Stdio::null()).status()?;
        anyhow::ensure!(status.success(), "`prove setup` failed: {status}");
    }
    match installed()? {
        Some(Toolchain::Embedded(lean)) => Ok(Toolchain::Embedded(EmbeddedLean { host: executable.into(), ..lean })),
        _ => anyhow::bail!("`prove setup` succeeded and installed nothing"),
    }
}

fn installed() -> anyhow::Result<Option<Toolchain>> {
    let (home, pins) = (Home::from_environment()?, Pins::load()?);
    let Some(lean) = Installation::new(&home, &pins.lean).open(&prove_host::compatibility()?) else { return Ok(None) };
    let version = LeanVersion::parse(&lean.version).ok_or_else(|| anyhow::anyhow!("{:?} is not a version of Lean", lean.version))?;
    Ok(Some(Toolchain::Embedded(EmbeddedLean::new(lean.prepared, lean.library, version)?)))
}

//! `prove bench`: measurements, of provers on suites of theorems and of the machinery.

mod audit;
mod fetch;
mod open;
mod report;
mod run;
mod speed;
mod verify;
#[cfg(feature = "nats")]
mod work;

use prove_core::ExitCode;

/// What there is to measure.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum BenchCommand {
    /// Bring a public suite: from upstream with git, or from a folder.
    Fetch(fetch::FetchArgs),
    /// Run a suite; a killed run goes on where it was.
    Run(Box<run::RunArgs>),
    /// Work on the runs that `prove bench run --workers nats://…` hands out.
    #[cfg(feature = "nats")]
    Work(work::WorkArgs),
    /// Look for mistakes in the statements of a suite.
    Audit(audit::AuditArgs),
    /// Report on runs: pass@k with intervals, costs, topics, how runs differ, and every proof.
    Report(report::ReportArgs),
    /// Judge all proofs of a run again.
    Verify(verify::VerifyArgs),
    /// How fast Lean workers, the pool and the judge are on this machine.
    Speed(speed::SpeedArgs),
}

/// Runs `prove bench`.
pub(crate) fn run(command: BenchCommand) -> anyhow::Result<ExitCode> {
    match command {
        BenchCommand::Fetch(args) => fetch::run(&args),
        BenchCommand::Run(args) => run::run(*args),
        #[cfg(feature = "nats")]
        BenchCommand::Work(args) => work::run(args),
        BenchCommand::Audit(args) => audit::run(&args),
        BenchCommand::Report(args) => report::run(&args),
        BenchCommand::Verify(args) => verify::run(&args),
        BenchCommand::Speed(args) => speed::run(&args),
    }
}

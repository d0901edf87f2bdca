//! `prove check`: the judge on whole files.

use crate::{
    daemon::{self, DaemonArgs, Makeup},
    model::ModelArgs,
    output::{self, VerdictLine},
    serve::JudgeRequest,
    toolchain,
};
use futures_util::{StreamExt, stream};
use prove_core::ExitCode;
use prove_lean::{Judge, JudgeLimits, Trusted};
use prove_model::text::Format;
use prove_store::{Key, Run};
use std::{path::PathBuf, pin::pin, time::Duration};

/// Arguments of `prove check`.
#[derive(Debug, clap::Args)]
pub(crate) struct CheckArgs {
    /// Lean files to judge.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The trusted statements: a file whose theorems, with `sorry` for proofs, each FILE must prove unchanged. Without it the
    /// statements of FILE itself are taken at their word.
    #[arg(long, value_name = "FILE")]
    against: Option<PathBuf>,
    /// One JSON object per declaration.
    #[arg(long)]
    json: bool,
    /// A folder that keeps what is finished: a killed run goes on where it was.
    #[arg(long, value_name = "DIR")]
    run: Option<PathBuf>,
    /// Seconds of wall time for each file.
    #[arg(long, value_name = "S", default_value_t = 120, conflicts_with = "daemon")]
    timeout: u64,
    #[command(flatten)]
    daemon: DaemonArgs,
    /// The Lake project to use, instead of the one around the file.
    #[arg(long, value_name = "DIR")]
    lean_project: Option<PathBuf>,
}

/// Runs `prove check`.
pub(crate) fn run(args: CheckArgs) -> anyhow::Result<ExitCode> {
    let trusted = args.against.as_deref().map(output::read).transpose()?;
    let texts = args.files.iter().map(|file| output::read(file)).collect::<anyhow::Result<Vec<_>>>()?;
    let toolchain = toolchain::find(args.lean_project.as_deref(), args.files.first().map(PathBuf::as_path))?;
    let limits = JudgeLimits { wall: Duration::from_secs(args.timeout), ..JudgeLimits::default() };
    let kept: Option<Run<Vec<VerdictLine>>> = args.run.as_deref().map(Run::open).transpose()?;
    let lean = toolchain.version().to_string();
    let at_once = limits.at_once;
    let runtime = tokio::runtime::Runtime::new()?;
    let makeup = Makeup::new(&toolchain, &ModelArgs::default(), Format::Prove, args.timeout);
    let daemon = runtime.block_on(args.daemon.find(&makeup, true));
    let judge = Judge::new(toolchain, limits);
    let against = trusted.as_deref().map_or(Trusted::Nothing, Trusted::Statements);
    let work = async |path: &PathBuf, text: &String| -> anyhow::Result<Vec<VerdictLine>> {
        let file = path.display().to_string();
        let key = Key::of([env!("CARGO_PKG_VERSION"), &lean, &file, text, trusted.as_deref().unwrap_or_default()]);
        if let Some(lines) = kept.as_ref().and_then(|run| run.finished(key)) {
            return Ok(lines.clone());
        }
        let request = || JudgeRequest { statement: trusted.clone(), proof: None, file: Some(text.clone()), name: Some(file.clone()) };
        let by_daemon = match &daemon {
            Some(daemon) => daemon.judge(&request()).await.inspect_err(daemon::say).ok(),
            None => None,
        };
        let lines = match by_daemon {
            Some(lines) => lines,
            None => judge.check(text, against).await.into_iter().map(|one| VerdictLine::new(&file, one)).collect(),
        };
        if let Some(run) = &kept
            && lines.iter().all(|line| line.verdict.is_final())
        {
            run.record(key, &lines)?;
        }
        Ok(lines)
    };
    runtime.block_on(async {
        // Several files at a time; their lines come out in the order of the files.
        let files = args.files.iter().zip(&texts).map(|(path, text)| work(path, text));
        let mut judged = pin!(stream::iter(files).buffered(at_once));
        let mut exit = ExitCode::Proved;
        loop {
            let lines = tokio::select! {
                lines = judged.next() => lines,
                _ = tokio::signal::ctrl_c() => return Ok(ExitCode::NotProved),
            };
            let Some(lines) = lines else { return Ok(exit) };
            for line in lines? {
                line.print(args.json)?;
                exit = exit.max(line.verdict.exit_code());
            }
        }
    })
}

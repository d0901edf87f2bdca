//! `prove schema`: what `--json` prints, as a JSON schema. Stable: fields are added, never renamed or removed.

use prove_core::ExitCode;
use std::io::Write;

/// Arguments of `prove schema`.
#[derive(Debug, clap::Args)]
pub(crate) struct SchemaArgs {
    /// Whose lines.
    #[arg(value_enum, default_value_t = Lines::Verdict)]
    of: Lines,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Lines {
    /// Those of `prove check` and `prove solve`.
    Verdict,
    /// Those of `prove bench run`, which its `results.jsonl` holds, too.
    Bench,
}

/// Runs `prove schema`.
pub(crate) fn run(args: &SchemaArgs) -> anyhow::Result<ExitCode> {
    let schema = match args.of {
        Lines::Verdict => include_str!("verdict.json"),
        Lines::Bench => include_str!("bench.json"),
    };
    write!(std::io::stdout(), "{schema}")?;
    Ok(ExitCode::Proved)
}

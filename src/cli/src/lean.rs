//! `prove lean`: the embedded Lean as a process. Hidden, since `prove` starts it itself; `prove lean -- ARGS` is `lean ARGS` in the
//! host's sandbox.

use crate::toolchain;
use anyhow::Context;
use prove_lean::{sandbox::end_with_parent, toolchain::Toolchain};
use prove_provision::{Home, Pins};
use std::{fs, path::PathBuf};

/// Arguments of `prove lean`.
#[derive(Debug, clap::Args)]
pub(crate) struct LeanArgs {
    /// Folder of the compiled image; that of the installed embedded Lean by default.
    #[arg(long, requires = "library")]
    image: Option<PathBuf>,
    /// Folder of the library.
    #[arg(long, requires = "image")]
    library: Option<PathBuf>,
    /// Puts a file of this machine into the sandbox: GUEST=HOST, the guest path below /work.
    #[arg(long, value_name = "GUEST=HOST", value_parser = pair)]
    input: Vec<(String, PathBuf)>,
    /// Takes a file out of the sandbox when Lean ends, if it was written.
    #[arg(long, value_name = "GUEST=HOST", value_parser = pair)]
    output: Vec<(String, PathBuf)>,
    /// Lean's own arguments.
    #[arg(last = true)]
    arguments: Vec<String>,
}

fn pair(text: &str) -> Result<(String, PathBuf), String> {
    let (guest, host) = text.split_once('=').ok_or("expected GUEST=HOST")?;
    Ok((guest.to_owned(), PathBuf::from(host)))
}

/// Runs Lean; the process ends with Lean's own exit status, so this returns only errors.
pub(crate) fn run(args: LeanArgs) -> anyhow::Result<prove_core::ExitCode> {
    end_with_parent()?;
    let (image, library) = match (args.image, args.library) {
        (Some(image), Some(library)) => (image, library),
        _ => installed()?,
    };
    let read = |(guest, host): (String, PathBuf)| Ok((guest, fs::read(&host).with_context(|| host.display().to_string())?));
    let inputs = args.input.into_iter().map(read).collect::<anyhow::Result<_>>()?;
    let run = prove_host::Run { image, library, arguments: args.arguments, inputs, outputs: args.output };
    match prove_host::run(run)? {}
}

fn installed() -> anyhow::Result<(PathBuf, PathBuf)> {
    match toolchain::open_embedded(&Home::from_environment()?, &Pins::load()?)? {
        Some(Toolchain::Embedded(lean)) => Ok((lean.image, lean.library)),
        _ => anyhow::bail!("the embedded Lean is not installed; run `prove setup`"),
    }
}

//! `prove confine`: a program in a sandbox. Hidden, since `prove` starts it itself for a native Lean; see `prove_lean::sandbox`.

use anyhow::Context;
use prove_core::ExitCode;
use prove_lean::sandbox::{Confinement, end_with_parent};
use std::{ffi::OsString, os::unix::process::CommandExt, path::PathBuf, process::Command};

/// Arguments of `prove confine`.
#[derive(Debug, clap::Args)]
pub(crate) struct ConfineArgs {
    /// A folder that may be read.
    #[arg(long, value_name = "DIR")]
    read: Vec<PathBuf>,
    /// A folder in which anything may be done.
    #[arg(long, value_name = "DIR")]
    write: Vec<PathBuf>,
    /// The program and its arguments.
    #[arg(last = true, required = true)]
    command: Vec<OsString>,
}

/// Becomes the program; returns only errors.
pub(crate) fn run(args: ConfineArgs) -> anyhow::Result<ExitCode> {
    let (program, arguments) = args.command.split_first().context("there is no program to run")?;
    end_with_parent()?;
    Confinement { read: args.read, write: args.write }.enter()?;
    Err(Command::new(program).args(arguments).exec()).with_context(|| program.display().to_string())
}

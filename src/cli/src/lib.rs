//! The `prove` command line: a thin layer that finds a Lean, wires the crates together and renders what they say.
//!
//! One module per command. Everything printed to standard output is either for people or, with `--json`, one JSON value a line
//! (`prove schema`); progress and errors go to standard error. Exit codes are those of [`prove_core::ExitCode`].

mod agent;
mod bench;
mod bundled;
mod check;
mod confine;
mod daemon;
mod data;
mod doctor;
mod editor;
mod files;
mod generate;
mod lean;
mod lsp;
mod model;
mod output;
mod progress;
mod schema;
mod serve;
mod setup;
mod solve;
mod toolchain;
#[cfg(feature = "nats")]
mod work;
mod workers;

use clap::{Parser, Subcommand};
use prove_core::ExitCode;

/// An agent that proves theorems in Lean 4, with a strict judge of what counts as proved.
#[derive(Debug, Parser)]
#[command(name = "prove", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Judge every theorem of Lean files, against trusted statements if given.
    Check(check::CheckArgs),
    /// Fill the `sorry`s of a Lean file.
    Solve(solve::SolveArgs),
    /// Serve an editor: Lean's language server with provers at hand.
    Lsp(lsp::LspArgs),
    /// Make VS Code ready, or take that back.
    #[command(subcommand)]
    Editor(editor::EditorCommand),
    /// Fetch and prepare the embedded Lean ahead of its first use.
    Setup(setup::SetupArgs),
    /// Say what was found on this machine, by trying it.
    Doctor(doctor::DoctorArgs),
    /// Let the prover model write.
    Generate(generate::GenerateArgs),
    /// Serve Lean, the judge and the model to programs on this machine.
    Serve(serve::ServeArgs),
    /// Make Lean checks for searches on other machines.
    #[cfg(feature = "nats")]
    Work(work::WorkArgs),
    /// Make what a prover model learns from.
    #[command(subcommand)]
    Data(data::DataCommand),
    /// Measure.
    #[command(subcommand)]
    Bench(bench::BenchCommand),
    /// Print the JSON schema of what `--json` prints.
    Schema(schema::SchemaArgs),
    /// Run the embedded Lean as `lean` in its sandbox.
    #[command(hide = true)]
    Lean(lean::LeanArgs),
    /// Run a native Lean with nothing of the machine in its reach.
    #[command(hide = true)]
    Confine(confine::ConfineArgs),
}

/// Runs the command line of this process and returns its exit code.
pub fn main() -> std::process::ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Where standard error is closed there is nobody to tell.
            let _ = error.print();
            let usage = error.use_stderr();
            return code(if usage { ExitCode::Usage } else { ExitCode::Proved });
        }
    };
    let result = match cli.command {
        Command::Check(args) => check::run(args),
        Command::Solve(args) => solve::run(args),
        Command::Lsp(args) => lsp::run(args),
        Command::Editor(command) => editor::run(command),
        Command::Setup(args) => setup::run(args),
        Command::Doctor(args) => doctor::run(args),
        Command::Generate(args) => generate::run(args),
        Command::Serve(args) => serve::run(args),
        #[cfg(feature = "nats")]
        Command::Work(args) => work::run(args),
        Command::Data(command) => data::run(command),
        Command::Bench(command) => bench::run(command),
        Command::Schema(args) => schema::run(&args),
        Command::Lean(args) => lean::run(args),
        Command::Confine(args) => confine::run(args),
    };
    match result {
        Ok(exit) => code(exit),
        Err(error) => code(output::report(&error)),
    }
}

fn code(exit: ExitCode) -> std::process::ExitCode {
    std::process::ExitCode::from(exit as u8)
}

//! `prove data`: what a prover model learns from.
//!
//! A data folder grows in steps, each of which goes on where it was killed:
//!
//! | file | what it holds | who writes it |
//! | --- | --- | --- |
//! | `statements.jsonl` | theorems to prove, with family, label and split | `generate`, `subgoals` |
//! | `proofs/results.jsonl` | what was tried on each, and the lessons of each judged proof | `prove` |
//! | `rows.jsonl`, `CARD.md` | the lessons, each once, and counts of them | `prove`, at its end |
//!
//! `verify` re-judges the proofs that the rows rest on. `rollout` samples groups of proofs for reinforcement learning and pass@k.

mod card;
mod generate;
mod lines;
mod prove;
mod rollout;
mod rows;
mod subgoals;
mod verify;

use prove_core::ExitCode;

/// What can be done with data.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum DataCommand {
    /// Write theorems to learn from: seeded, labelled, none of them of a benchmark.
    Generate(generate::GenerateArgs),
    /// Search proofs of them, have them judged, and write the rows that a model learns from.
    Prove(prove::ProveArgs),
    /// Add the subgoals of theorems that were not proved to the theorems.
    Subgoals(subgoals::SubgoalsArgs),
    /// Judge all proofs again that rows were made of.
    Verify(verify::VerifyArgs),
    /// Sample groups of proofs from a model, with verdicts: for `train grpo` and `train evaluate`.
    Rollout(rollout::RolloutArgs),
}

/// Runs `prove data`.
pub(crate) fn run(command: DataCommand) -> anyhow::Result<ExitCode> {
    match command {
        DataCommand::Generate(args) => generate::run(&args),
        DataCommand::Prove(args) => prove::run(args),
        DataCommand::Subgoals(args) => subgoals::run(&args),
        DataCommand::Verify(args) => verify::run(&args),
        DataCommand::Rollout(args) => rollout::run(args),
    }
}

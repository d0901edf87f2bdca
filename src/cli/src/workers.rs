//! `--workers`: who makes the Lean checks of a search, so many workers of this process or other machines.

use crate::toolchain;
#[cfg(feature = "nats")]
use crate::{output::InputError, toolchain::named};
use prove_lean::{PoolConfig, SessionSpawner, WorkerPool, toolchain::Toolchain};
#[cfg(feature = "nats")]
use prove_spread::{
    ServerError,
    checks::{Checks, Machine, Unanswered, ask},
};
#[cfg(feature = "nats")]
use std::io::Write;
use std::num::NonZeroUsize;

/// Who works.
#[derive(Clone, Debug)]
pub(crate) enum Workers {
    /// So many workers of this process.
    Here(NonZeroUsize),
    /// Those that listen to this server.
    #[cfg(feature = "nats")]
    Nats(String),
}

impl std::str::FromStr for Workers {
    type Err = String;

    fn from_str(text: &str) -> Result<Workers, String> {
        if text.starts_with("nats://") || text.starts_with("tls://") {
            #[cfg(feature = "nats")]
            return Ok(Workers::Nats(text.to_owned()));
            #[cfg(not(feature = "nats"))]
            return Err("this program was built without NATS; build it with `--features nats`".to_owned());
        }
        text.parse().map(Workers::Here).map_err(|error| format!("{error}; expected a number from 1 up, or nats://HOST:PORT"))
    }
}

/// As many workers as were asked for, or as there are processors.
pub(crate) fn here(asked: Option<NonZeroUsize>) -> NonZeroUsize {
    asked.or(std::thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN)
}

/// A pool of who was asked for, and how many they are, as far as that is known. Needs a runtime.
pub(crate) async fn open(asked: Option<&Workers>, toolchain: &Toolchain) -> anyhow::Result<(WorkerPool, NonZeroUsize)> {
    match asked {
        #[cfg(feature = "nats")]
        Some(Workers::Nats(server)) => elsewhere(server, toolchain).await,
        Some(Workers::Here(workers)) => Ok((of_this_machine(toolchain, *workers), *workers)),
        None => Ok((of_this_machine(toolchain, here(None)), here(None))),
    }
}

/// A pool of workers of this process.
pub(crate) fn of_this_machine(toolchain: &Toolchain, workers: NonZeroUsize) -> WorkerPool {
    WorkerPool::new(PoolConfig { workers, ..toolchain::pool_config(toolchain) }, SessionSpawner::new(toolchain.lean()))
}

#[cfg(feature = "nats")]
async fn elsewhere(server: &str, toolchain: &Toolchain) -> anyhow::Result<(WorkerPool, NonZeroUsize)> {
    let machine = machine(toolchain);
    let wanted = described(&machine);
    let remedy = format!("`prove work` makes them, on machines with {wanted}");
    let tell = move |unanswered: &Unanswered| {
        // Where standard error is closed there is nobody to tell.
        let _ = writeln!(std::io::stderr(), "{unanswered}; {remedy}");
    };
    let Checks { pool, listening } = ask(server, &machine, tell).await.map_err(input)?;
    writeln!(std::io::stderr(), "checks go to {listening} workers with {wanted}")?;
    // Who is not there yet may come.
    let workers = NonZeroUsize::new(listening).unwrap_or_else(|| here(None));
    Ok((pool, workers))
}

/// What is wrong with the server is the user's to mend.
#[cfg(feature = "nats")]
pub(crate) fn input(error: ServerError) -> anyhow::Error {
    InputError::plain(error.to_string()).into()
}

/// What answers checks as this machine would: this program, its Lean, and the dependencies of the Lake project.
#[cfg(feature = "nats")]
pub(crate) fn machine(toolchain: &Toolchain) -> Machine {
    let mut lean = named(toolchain);
    if let Toolchain::Native(native) = toolchain
        && let Some(dependencies) = native.project.as_ref().and_then(|project| project.dependencies())
    {
        lean += &format!(" with the dependencies {dependencies}");
    }
    Machine { prove: env!("CARGO_PKG_VERSION").to_owned(), lean }
}

/// A machine in words.
#[cfg(feature = "nats")]
pub(crate) fn described(machine: &Machine) -> String {
    format!("prove {} on Lean {}", machine.prove, machine.lean)
}

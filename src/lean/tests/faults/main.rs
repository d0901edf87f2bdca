//! Faults injected into workers over real pipes: whatever a worker process does, each job gets one answer, the honest one, a
//! time-out or a fault; and no process is left behind.
//!
//! The workers are this very program: with [`script::PEER`] set it plays a language-server worker ([`lsp_peer`]) or a repl
//! ([`repl_peer`]) that misbehaves as its script says ([`script`]). That is why it has a `main` of its own.

mod lsp;
mod lsp_peer;
mod repl;
mod repl_peer;
mod script;

use libtest_mimic::{Arguments, Failed, Trial};
use std::{process::ExitCode, time::Duration};

fn main() -> ExitCode {
    match std::env::var(script::PEER).as_deref() {
        Ok("lsp") => lsp_peer::play(),
        Ok("repl") => repl_peer::play(),
        _ => {
            let trials = lsp::trials().into_iter().chain(repl::trials()).collect();
            libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
        }
    }
}

/// A test on a runtime of its own, failed by a panic.
fn trial<F: Future<Output = ()>>(name: &str, test: impl Fn() -> F + Send + 'static) -> Trial {
    Trial::test(name, move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().map_err(Failed::from)?;
        runtime.block_on(test());
        // A blocked post-mortem must not hold up the end.
        runtime.shutdown_timeout(Duration::from_secs(1));
        Ok(())
    })
}

//! The proxy between a scripted editor and a scripted server, over real pipes: what passes, and what becomes of an editor whose server
//! dies, hangs or floods. The real Lean and real editors are in `tests/tests/lsp.rs`.
//!
//! The server is this very program ([`peer`]), which is why it has a `main` of its own.

mod editor;
mod faults;
mod jobs;
mod passing;
mod peer;

use libtest_mimic::{Arguments, Failed, Trial};
use std::process::ExitCode;

fn main() -> ExitCode {
    if std::env::var_os(peer::PEER).is_some() {
        return peer::play();
    }
    let trials = passing::trials().into_iter().chain(faults::trials()).chain(jobs::trials()).collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// A test on a runtime of its own, failed by a panic.
fn trial<F: Future<Output = ()>>(name: &str, test: impl Fn() -> F + Send + 'static) -> Trial {
    Trial::test(name, move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().map_err(Failed::from)?;
        runtime.block_on(test());
        Ok(())
    })
}

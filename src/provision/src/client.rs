//! Running a registry's ordinary client (`npm`, `pip`) to its end, with progress and with errors told apart.

use crate::{Event, Observer, ProvisionError, Step};
use std::{
    io::{self, Read},
    process::{Command, Stdio},
    thread,
    time::Duration,
};

/// How often progress is looked at.
const POLL: Duration = Duration::from_millis(100);

/// What of a client's error output is kept for the message.
const TAIL: usize = 600;

/// A client to run.
pub(crate) struct Client<'a> {
    pub(crate) command: Command,
    /// What it fetches, for the message where the program is missing.
    pub(crate) what: &'static str,
    /// What to do where the program is missing.
    pub(crate) remedy: &'static str,
    /// Bytes on the disk so far.
    pub(crate) progress: &'a dyn Fn() -> u64,
}

impl Client<'_> {
    /// Runs it; its standard output is dropped, its standard error is kept for the message.
    pub(crate) fn run(mut self, observer: &dyn Observer) -> Result<(), ProvisionError> {
        let program = self.command.get_program().display().to_string();
        let command = self.command.get_args().fold(program.clone(), |line, arg| format!("{line} {}", arg.display()));
        let failed = |status: String, detail: String| ProvisionError::Client { command: command.clone(), status, detail };

        let mut child = match self.command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn() {
            Ok(child) => child,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(ProvisionError::NoClient { program, what: self.what, remedy: self.remedy });
            }
            Err(error) => return Err(failed("could not be started".to_owned(), error.to_string())),
        };
        let errors = child.stderr.take().map(|mut pipe| {
            thread::spawn(move || {
                let mut bytes = Vec::new();
                // An unreadable pipe only costs the message its detail.
                let _ = pipe.read_to_end(&mut bytes);
                String::from_utf8_lossy(&bytes).into_owned()
            })
        });
        let status = loop {
            match child.try_wait() {
                Ok(Some(status)) => break status,
                Ok(None) => {}
                Err(error) => return Err(failed("could not be waited for".to_owned(), error.to_string())),
            }
            observer.event(Event::Progress { step: Step::Fetch, done: (self.progress)() });
            thread::sleep(POLL);
        };
        if status.success() {
            return Ok(());
        }
        let errors = errors.and_then(|thread| thread.join().ok()).unwrap_or_default();
        let detail = tail(&errors);
        if NO_NETWORK.iter().any(|mark| errors.contains(mark)) {
            return Err(ProvisionError::NoNetwork { detail });
        }
        Err(failed(status.to_string(), detail))
    }
}

/// Codes by which the clients say that the network is at fault.
const NO_NETWORK: [&str; 12] = [
    "ENOTFOUND",
    "EAI_AGAIN",
    "ECONNREFUSED",
    "ECONNRESET",
    "ETIMEDOUT",
    "ENETUNREACH",
    "EHOSTUNREACH",
    "ERR_SOCKET_TIMEOUT",
    "ENOTCACHED",
    "NewConnectionError",
    "NameResolutionError",
    "ConnectTimeoutError",
];

/// The last lines that say something, on one line.
fn tail(errors: &str) -> String {
    let lines: Vec<&str> = errors.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("npm warn")).collect();
    let joined = lines.join(" | ");
    let cut = joined.len().saturating_sub(TAIL);
    let start = (cut..joined.len()).find(|&index| joined.is_char_boundary(index)).unwrap_or(0);
    joined[start..].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Result<(), ProvisionError> {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        Client { command, what: "the embedded Lean", remedy: "install it", progress: &|| 0 }.run(&|_: Event<'_>| {})
    }

    #[test]
    fn a_network_failure_is_told_from_others() {
        assert!(matches!(shell("echo npm error code EAI_AGAIN >&2; exit 1"), Err(ProvisionError::NoNetwork { .. })));
        let Err(ProvisionError::Client { status, detail, .. }) = shell("echo npm warn noise >&2; echo npm error EPERM >&2; exit 7") else {
            panic!("not taken for a failure of the client");
        };
        assert!(status.contains('7'), "{status}");
        assert_eq!(detail, "npm error EPERM");
        assert!(shell("echo ENOTFOUND >&2").is_ok());
    }

    #[test]
    fn a_missing_program_names_the_remedy() {
        let command = Command::new("prove-no-such-client");
        let client = Client { command, what: "the embedded Lean", remedy: "install it", progress: &|| 0 };
        let error = client.run(&|_: Event<'_>| {}).unwrap_err().to_string();
        assert!(error.contains("prove-no-such-client") && error.contains("install it"), "{error}");
    }

    #[test]
    fn a_long_message_is_cut_between_characters() {
        let cut = tail(&"ℕ".repeat(1000));
        assert!(cut.len() <= TAIL && cut.chars().all(|char| char == 'ℕ'));
    }
}

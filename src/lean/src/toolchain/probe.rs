//! Asking a program something, with a limit on its time.

use super::ToolchainError;
use crate::LeanCommand;
use std::{
    io::Read,
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

/// How often the program is looked at.
const POLL: Duration = Duration::from_millis(5);

/// What the program prints to standard output, if it ends well and in time.
pub(super) fn probe(command: &LeanCommand, limit: Duration) -> Result<String, ToolchainError> {
    let failed = |problem: String| ToolchainError::Probe { command: command.to_string(), problem };
    let mut child = command
        .to_command()
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| failed(format!("could not be started: {error}")))?;
    let output = child.stdout.take().map(read);
    let errors = child.stderr.take().map(read);
    let start = Instant::now();
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if start.elapsed() > limit => {
                // Both fail only if it has just ended.
                let _ = child.kill();
                let _ = child.wait();
                return Err(ToolchainError::Slow { command: command.to_string(), limit });
            }
            Ok(None) => thread::sleep(POLL),
            Err(error) => return Err(failed(format!("could not be waited for: {error}"))),
        }
    };
    let text = |reader: Option<thread::JoinHandle<String>>| reader.and_then(|thread| thread.join().ok()).unwrap_or_default();
    if status.success() {
        return Ok(text(output));
    }
    let errors = text(errors);
    let last = errors.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default();
    Err(failed(format!("failed ({status}): {}", last.trim())))
}

fn read(mut pipe: impl Read + Send + 'static) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // What could not be read is missing from the answer, which is then not understood.
        let _ = pipe.read_to_end(&mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

//! Elaborating a file in a process of its own, and what it left.

use super::text::Text;
use crate::toolchain::Toolchain;
use prove_core::{Position, RejectKind, Rejection};
use prove_olean::{Bytes, Image};
use rustix::process::{Pid, Signal, kill_process_group};
use serde::Deserialize;
use std::{path::Path, process::Stdio, time::Duration};
use tokio::io::{AsyncRead, AsyncReadExt};

/// The files Lean wrote of one text.
pub(crate) struct Compiled {
    pub(crate) image: Image,
}

/// Why there are none.
pub(crate) enum Failure {
    /// Lean refused the text.
    Rejected(Rejection),
    Timeout,
    /// The process could not be started, broke down, or left something unreadable.
    Machinery(String),
}

/// Every judged file is this module, so that private names of two files can be the same.
const MODULE: &str = "Judged";
/// What is read of a process's output, bytes; more is dropped.
const MOST_OUTPUT: u64 = 16 << 20;

impl Compiled {
    /// What the file imports, and whether it takes part in the module system.
    pub(crate) fn imports(&self) -> Result<super::Sight, Box<Rejection>> {
        let damaged = |error: prove_olean::Error| {
            // The file was written by a process that ran the candidate's code.
            Box::new(Rejection { kind: RejectKind::Incomplete, message: format!("unreadable: {error}"), position: None })
        };
        let data = self.image.module_data(self.image.best_level()).map_err(damaged)?;
        Ok((data.imports().map_err(damaged)?, data.is_module()))
    }
}

/// One line of `lean --json`.
#[derive(Deserialize)]
struct Message {
    severity: String,
    #[serde(default)]
    data: String,
    pos: Option<Place>,
}

#[derive(Deserialize)]
struct Place {
    line: u32,
    column: u32,
}

/// The first error Lean printed. Untrusted text: it can only ever make a candidate rejected.
fn first_error(output: &str, text: &Text) -> Option<Rejection> {
    let messages = output.lines().filter_map(|line| serde_json::from_str::<Message>(line).ok());
    let error = messages.filter(|message| message.severity == "error").min_by_key(|m| m.pos.as_ref().map(|p| (p.line, p.column)))?;
    let position = error.pos.map(|p| text.position(Position::new(p.line.saturating_sub(1), p.column)));
    Some(Rejection { kind: RejectKind::Error, message: error.data, position })
}

/// Runs `lean -o` on a text.
pub(crate) async fn compile(toolchain: &Toolchain, text: &Text, wall: Duration) -> Result<Compiled, Failure> {
    let machinery = |error: &dyn std::fmt::Display| Failure::Machinery(error.to_string());
    let folder = tempfile::Builder::new().prefix("prove-judge-").tempdir().map_err(|e| machinery(&e))?;
    let source = folder.path().join(MODULE).with_extension("lean");
    let olean = folder.path().join(MODULE).with_extension("olean");
    tokio::fs::write(&source, &text.lean).await.map_err(|e| machinery(&e))?;
    let command = toolchain.compile(&source, &olean).arg("--json");
    let mut command = tokio::process::Command::from(command.to_command());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0).kill_on_drop(true);
    let mut child = command.spawn().map_err(|e| Failure::Machinery(format!("cannot start Lean: {e}")))?;
    let group = Group(child.id().and_then(|id| Pid::from_raw(id as i32)));
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let ran = async {
        let (stdout, stderr, status) = tokio::join!(read(stdout), read(stderr), child.wait());
        (stdout, stderr, status)
    };
    let Ok((stdout, stderr, status)) = tokio::time::timeout(wall, ran).await else { return Err(Failure::Timeout) };
    drop(group);
    let status = status.map_err(|e| machinery(&e))?;
    if let Some(error) = first_error(&stdout, text) {
        return Err(Failure::Rejected(error));
    }
    if !olean.is_file() {
        let crashed = status.code().is_none_or(|code| code == CRASHED);
        if crashed {
            let words = stderr.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("no last words");
            return Err(Failure::Machinery(format!("Lean broke down ({status}): {words}")));
        }
        let message = format!("Lean ended ({status}) before the end of the file, and said no error");
        return Err(Failure::Rejected(Rejection { kind: RejectKind::Incomplete, message, position: None }));
    }
    // The parts are read into memory; the folder goes when this returns.
    let image = tokio::task::spawn_blocking(move || read_image(&olean)).await.map_err(|e| machinery(&e))?;
    match image {
        Ok(image) => Ok(Compiled { image }),
        Err(error) => {
            let message = format!("the file Lean wrote is unreadable: {error}");
            Err(Failure::Rejected(Rejection { kind: RejectKind::Incomplete, message, position: None }))
        }
    }
}

/// The exit status by which the host of the embedded Lean says that Lean broke down (`prove_host::EXIT_CRASHED`; also what a
/// shell makes of SIGABRT).
const CRASHED: i32 = 134;

fn read_image(olean: &Path) -> prove_olean::Result<Image> {
    let mut parts = vec![Bytes::read(olean)?];
    for part in ["server", "private"] {
        let path = olean.with_extension(format!("olean.{part}"));
        if path.is_file() {
            parts.push(Bytes::read(&path)?);
        }
    }
    Image::new(parts)
}

/// A process group that does not outlive the wait for it.
struct Group(Option<Pid>);

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(group) = self.0 {
            // It fails only where the group has ended.
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}

/// All of a stream up to a limit; what comes after is read and dropped, so that the process is not held up.
async fn read(stream: Option<impl AsyncRead + Unpin>) -> String {
    let Some(mut stream) = stream else { return String::new() };
    let mut bytes = Vec::new();
    // A stream that breaks off ends; what matters is the exit status.
    let _ = (&mut stream).take(MOST_OUTPUT).read_to_end(&mut bytes).await;
    let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
    String::from_utf8_lossy(&bytes).into_owned()
}

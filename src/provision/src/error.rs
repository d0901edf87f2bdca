//! What can go wrong while fetching, each kind with its remedy in the message.

use std::{
    io,
    path::{Path, PathBuf},
};

/// A failure of provisioning. None of them says anything about a proof.
#[derive(Debug, thiserror::Error)]
pub enum ProvisionError {
    /// The platform names no cache folder.
    #[error("this platform names no cache folder; set PROVE_HOME to a folder that prove may fill")]
    NoHome,
    /// A file operation failed.
    #[error("{}: {error}", path.display())]
    Io {
        /// Where.
        path: PathBuf,
        /// Why.
        #[source]
        error: io::Error,
    },
    /// The disk cannot hold what comes, or could not hold what came.
    #[error(
        "the disk of {} is full ({}); free some space or set PROVE_HOME to a folder on another disk, then run the same command again: \
         finished steps are kept",
        path.display(), need(*needed, *available)
    )]
    DiskFull {
        /// A place on that disk.
        path: PathBuf,
        /// Bytes needed, where known.
        needed: Option<u64>,
        /// Bytes available, where known.
        available: Option<u64>,
    },
    /// The client program of a registry is missing.
    #[error("`{program}` was not found, and prove fetches {what} with it; {remedy}")]
    NoClient {
        /// The program.
        program: String,
        /// What it would fetch.
        what: &'static str,
        /// How to get it, or do without.
        remedy: &'static str,
    },
    /// The registry could not be reached.
    #[error(
        "the package registry could not be reached ({detail}); check the network or the client's registry and proxy settings and run the same \
         command again, or bring the package from elsewhere: `prove setup --help`"
    )]
    NoNetwork {
        /// The client's own words.
        detail: String,
    },
    /// The client failed for another reason.
    #[error("`{command}` failed ({status}): {detail}")]
    Client {
        /// The command line.
        command: String,
        /// Its exit status.
        status: String,
        /// The end of its error output.
        detail: String,
    },
    /// What came is not what is pinned.
    #[error(
        "{what} is not the pinned one (expected {expected}, found {found}); it was not installed. Fetch it again, and if this persists do not trust the source"
    )]
    Mismatch {
        /// What was compared.
        what: String,
        /// The pinned value.
        expected: String,
        /// The value found.
        found: String,
    },
    /// An archive cannot be read, or holds what an honest one never does.
    #[error("{}: bad archive: {detail}", path.display())]
    Archive {
        /// The archive.
        path: PathBuf,
        /// What is wrong with it.
        detail: String,
    },
    /// Nothing is pinned for this platform.
    #[error("no {what} is pinned for this platform ({platform})")]
    Platform {
        /// What is missing.
        what: &'static str,
        /// The platform.
        platform: String,
    },
    /// The host could not make its form of the embedded Lean.
    #[error("preparing the embedded Lean failed: {0}")]
    Prepare(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The repository's own pin files contradict each other.
    #[error("the pinned manifest is damaged: {0}")]
    Pins(String),
}

impl ProvisionError {
    /// Adds the place to an I/O error, telling a full disk apart.
    pub(crate) fn at(path: &Path) -> impl FnOnce(io::Error) -> ProvisionError + '_ {
        move |error| match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                ProvisionError::DiskFull { path: path.to_path_buf(), needed: None, available: crate::disk::available(path) }
            }
            _ => ProvisionError::Io { path: path.to_path_buf(), error },
        }
    }
}

fn need(needed: Option<u64>, available: Option<u64>) -> String {
    let megabytes = |bytes: u64| bytes.div_ceil(1_000_000);
    match (needed, available) {
        (Some(needed), Some(available)) => format!("{} MB needed, {} MB available", megabytes(needed), megabytes(available)),
        (_, Some(available)) => format!("{} MB available", megabytes(available)),
        _ => "no space left".to_owned(),
    }
}

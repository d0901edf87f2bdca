//! Which Lean: the one place that finds it, names it and knows how it is run.
//!
//! A native Lean wins where one is found ([`discover`]): in the Lake project given, in the one around the file, or on `PATH`. Else
//! the embedded Lean is used, which the caller has provisioned. Everything after that goes through [`Toolchain`] and does not ask
//! which it is.

mod discover;
mod elan;
mod native;
mod probe;
mod project;
mod version;

pub use discover::{Discovered, Environment, Request, discover};
pub use native::NativeLean;
pub use project::Project;
pub use version::LeanVersion;

use crate::LeanCommand;
use std::{
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
    time::Duration,
};

/// Overrides the executable that hosts or confines Lean, which otherwise is the running program itself. For tests, whose running
/// program is a test.
pub const HOST_VARIABLE: &str = "PROVE_LEAN_EXE";

/// The executable that hosts or confines Lean: this program, or the one that [`HOST_VARIABLE`] names.
pub fn host() -> std::io::Result<PathBuf> {
    std::env::var_os(HOST_VARIABLE).map_or_else(std::env::current_exe, |host| Ok(host.into()))
}

/// A Lean that can be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Toolchain {
    /// A Lean of this machine, within a Lake project or alone.
    Native(NativeLean),
    /// Lean as WebAssembly, with its core library and nothing else.
    Embedded(EmbeddedLean),
}

/// The embedded Lean, provisioned and prepared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmbeddedLean {
    /// The executable that hosts it: `HOST lean --image DIR --library DIR -- ARGUMENTS` behaves as `lean ARGUMENTS`.
    pub host: PathBuf,
    /// The folder of the compiled image.
    pub image: PathBuf,
    /// The folder of the library.
    pub library: PathBuf,
    /// Its version.
    pub version: LeanVersion,
}

impl EmbeddedLean {
    /// The embedded Lean in these folders, hosted by this program or by the one that [`HOST_VARIABLE`] names.
    pub fn new(image: PathBuf, library: PathBuf, version: LeanVersion) -> std::io::Result<Self> {
        Ok(EmbeddedLean { host: host()?, image, library, version })
    }

    fn host(&self) -> LeanCommand {
        LeanCommand::new(&self.host).arg("lean").arg("--image").arg(&self.image).arg("--library").arg(&self.library)
    }
}

impl Toolchain {
    /// `lean` without arguments; what is appended are Lean's own.
    pub fn lean(&self) -> LeanCommand {
        match self {
            Toolchain::Native(native) => native.lean([], &[]),
            Toolchain::Embedded(embedded) => embedded.host().arg("--"),
        }
    }

    /// `lean -R … -o …`: elaborates `source` as the module named by its file and writes `olean`, with `.olean.private` and
    /// `.olean.server` beside it where this Lean makes them. The embedded Lean sees no file of the machine, so its host carries the
    /// source in and the results out.
    pub fn compile(&self, source: &Path, olean: &Path) -> LeanCommand {
        let root = source.parent().unwrap_or(Path::new(""));
        match self {
            Toolchain::Native(native) => {
                let arguments = ["-R".into(), root.into(), "-o".into(), olean.into(), source.into()];
                native.lean(arguments, &[root, olean.parent().unwrap_or(root)])
            }
            Toolchain::Embedded(embedded) => {
                let joined = |parts: [&OsStr; 3]| parts.into_iter().collect::<OsString>();
                let stem = source.file_stem().unwrap_or_default();
                let guest = |extension: &str| joined(["/work/".as_ref(), stem, extension.as_ref()]);
                let carry = |extension: &str, host: &OsStr| joined([&guest(extension), "=".as_ref(), host]);
                let mut command = embedded.host().arg("--input").arg(carry(".lean", source.as_os_str()));
                for part in ["", ".private", ".server"] {
                    let host = joined([olean.as_os_str(), part.as_ref(), "".as_ref()]);
                    command = command.arg("--output").arg(carry(&format!(".olean{part}"), &host));
                }
                command.args(["--", "-R", "/work", "-o"]).arg(guest(".olean")).arg(guest(".lean"))
            }
        }
    }

    /// Whether the code of a candidate is kept from the files and processes of this machine.
    pub fn is_confined(&self) -> bool {
        match self {
            Toolchain::Native(native) => native.confined_by.is_some(),
            Toolchain::Embedded(_) => true,
        }
    }

    /// Its version.
    pub fn version(&self) -> &LeanVersion {
        match self {
            Toolchain::Native(native) => &native.version,
            Toolchain::Embedded(embedded) => &embedded.version,
        }
    }

    /// The folders in which imports are looked up, in that order.
    pub fn search_path(&self) -> Vec<PathBuf> {
        match self {
            Toolchain::Native(native) => native.search_path.clone(),
            Toolchain::Embedded(embedded) => vec![embedded.library.clone()],
        }
    }

    /// Whether `import MODULE` finds a compiled file.
    pub fn has_module(&self, module: &str) -> bool {
        let file = format!("{}.olean", module.replace('.', "/"));
        self.search_path().iter().any(|folder| folder.join(&file).is_file())
    }
}

/// Why a Lean cannot be used. Given for a project named by the user it is an error; for one that was merely looked at, a note.
#[derive(Debug, thiserror::Error)]
pub enum ToolchainError {
    /// There is no Lake project where one was named.
    #[error("{}: not a Lake project: it needs a lakefile.toml or lakefile.lean and a lean-toolchain", path.display())]
    NotAProject {
        /// The folder.
        path: PathBuf,
    },
    /// A project, but no Lean to go with it.
    #[error(
        "{}: the Lake project needs `lake`, which is not on PATH; install elan (the distribution's package `elan`, or the instructions of \
         lean-lang.org), then run `elan toolchain install {toolchain}`",
        project.display()
    )]
    NoLake {
        /// The project.
        project: PathBuf,
        /// The toolchain it names.
        toolchain: String,
    },
    /// elan is there, the project's toolchain is not.
    #[error("{}: its toolchain {toolchain} is not installed; run `elan toolchain install {toolchain}`", project.display())]
    NotInstalled {
        /// The project.
        project: PathBuf,
        /// The toolchain it names.
        toolchain: String,
    },
    /// The Lean on `PATH` is not the one that the project names.
    #[error("{}: the project is for {toolchain}, but the Lean on PATH is {found}; install elan, which chooses by project", project.display())]
    WrongVersion {
        /// The project.
        project: PathBuf,
        /// The toolchain it names.
        toolchain: String,
        /// The version found.
        found: LeanVersion,
    },
    /// The project's dependencies are not there.
    #[error("{}: the dependency {package} is not downloaded; run `lake update`, then `lake exe cache get`, in that folder", project.display())]
    NotBuilt {
        /// The project.
        project: PathBuf,
        /// The first package that is missing.
        package: String,
    },
    /// A program did not do what was asked of it.
    #[error("`{command}` {problem}")]
    Probe {
        /// The command line.
        command: String,
        /// What it did instead.
        problem: String,
    },
    /// A program did not end.
    #[error("`{command}` did not end within {limit:?}")]
    Slow {
        /// The command line.
        command: String,
        /// The limit.
        limit: Duration,
    },
    /// A file could not be read.
    #[error("{}: {error}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        error: std::io::Error,
    },
}

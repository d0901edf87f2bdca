//! What a native Lean may touch while it elaborates a candidate: candidate code runs, and it is nobody's friend.
//!
//! `HOST confine --read DIR… --write DIR… -- LEAN ARGUMENTS…` puts itself under Landlock rules and then becomes Lean, so the rules
//! hold for Lean and everything it starts: files are readable below the toolchain, the libraries on the search path and the system's
//! own folders, writable below the folder for results alone; no TCP connection (from Linux 6.7 on), and no signal to a process outside
//! (from 6.12 on). UDP and Unix sockets with a path are not covered by Landlock. The embedded Lean needs none of this: it has no way
//! out of its WebAssembly.

use crate::LeanCommand;
use std::path::{Path, PathBuf};

/// The folders that a dynamically linked program needs of the system, and the devices that any program may use.
const SYSTEM: [&str; 9] =
    ["/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/dev/urandom", "/sys/devices/system/cpu", "/proc/self", "/proc/cpuinfo"];
/// Where output may be thrown away.
const NOWHERE: &str = "/dev/null";

/// Why a process could not be confined.
#[derive(Debug, thiserror::Error)]
#[error("this system cannot confine a process with Landlock (Linux 5.13 or newer, with `landlock` among its security modules): {0}")]
pub struct SandboxError(String);

/// Which files a process may use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Confinement {
    /// Folders that may be read and whose programs may be run. Missing ones are ignored.
    pub read: Vec<PathBuf>,
    /// Folders in which anything may be done.
    pub write: Vec<PathBuf>,
}

impl Confinement {
    /// `command` as `host` runs it under this confinement.
    pub(crate) fn of(&self, host: &Path, command: LeanCommand) -> LeanCommand {
        let mut confined = LeanCommand::new(host).arg("confine");
        for (option, folders) in [("--read", &self.read), ("--write", &self.write)] {
            confined = folders.iter().fold(confined, |confined, folder| confined.arg(option).arg(folder));
        }
        confined = confined.arg("--").arg(&command.program).args(command.args);
        LeanCommand { env: command.env, cwd: command.cwd, ..confined }
    }

    /// Confines this process and all that it starts from now on, for good.
    #[cfg(target_os = "linux")]
    pub fn enter(&self) -> Result<(), SandboxError> {
        landlock::enter(self).map_err(|error| SandboxError(error.to_string()))
    }

    /// Confines this process and all that it starts from now on, for good.
    #[cfg(not(target_os = "linux"))]
    pub fn enter(&self) -> Result<(), SandboxError> {
        Err(SandboxError("it is no Linux".to_owned()))
    }
}

/// Has the system kill this process when the one that started it has ended, however that came about. What hosts or confines Lean calls it first:
/// a Lean in the middle of a file does not notice that nobody waits for it any longer.
pub fn end_with_parent() -> std::io::Result<()> {
    #[cfg(target_os = "linux")]
    rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))?;
    Ok(())
}

/// Whether processes can be confined on this system.
#[cfg(target_os = "linux")]
pub fn available() -> Result<(), SandboxError> {
    landlock::rules().map(drop).map_err(|error| SandboxError(error.to_string()))
}

/// Whether processes can be confined on this system.
#[cfg(not(target_os = "linux"))]
pub fn available() -> Result<(), SandboxError> {
    Confinement::default().enter()
}

#[cfg(target_os = "linux")]
mod landlock {
    use super::{Confinement, NOWHERE, SYSTEM};
    use landlock::{
        ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr, RulesetCreated, RulesetCreatedAttr, RulesetError,
        Scope, path_beneath_rules,
    };

    /// The newest rules known here; a kernel without some of them enforces the others.
    const NEWEST: ABI = ABI::V6;

    /// Rules that allow nothing. The file rules of the first Landlock are a must.
    pub(super) fn rules() -> Result<RulesetCreated, RulesetError> {
        Ruleset::default()
            .set_compatibility(CompatLevel::HardRequirement)
            .handle_access(AccessFs::from_all(ABI::V1))?
            .set_compatibility(CompatLevel::BestEffort)
            .handle_access(AccessFs::from_all(NEWEST))?
            .handle_access(AccessNet::from_all(NEWEST))?
            .scope(Scope::from_all(NEWEST))?
            .create()
    }

    pub(super) fn enter(confinement: &Confinement) -> Result<(), RulesetError> {
        let nowhere = AccessFs::from_file(NEWEST);
        rules()?
            .add_rules(path_beneath_rules(SYSTEM, AccessFs::from_read(NEWEST)))?
            .add_rules(path_beneath_rules(&confinement.read, AccessFs::from_read(NEWEST)))?
            .add_rules(path_beneath_rules([NOWHERE], nowhere))?
            .add_rules(path_beneath_rules(&confinement.write, AccessFs::from_all(NEWEST)))?
            .restrict_self()
            .map(drop)
    }
}

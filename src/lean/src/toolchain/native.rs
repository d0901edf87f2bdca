//! A Lean of this machine.

use super::{Environment, LeanVersion, Project, ToolchainError, elan, probe::probe};
use crate::{LeanCommand, sandbox::Confinement};
use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    time::Duration,
};

/// Limit of one question to `lean`. elan may look up a channel first.
const LEAN_LIMIT: Duration = Duration::from_secs(60);

/// Limit of `lake env`, which may have to elaborate the lakefile.
const LAKE_LIMIT: Duration = Duration::from_secs(180);

/// The variables of `lake env` that a Lean process of the project needs.
const LAKE_VARIABLES: [&str; 9] =
    ["LAKE", "LAKE_HOME", "LEAN", "LEAN_SYSROOT", "LEAN_PATH", "LEAN_SRC_PATH", "PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"];

/// A Lean of this machine, and the Lake project it is run in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NativeLean {
    /// The executable, elan's proxy already resolved.
    pub program: PathBuf,
    /// What `lean --version` says.
    pub version: LeanVersion,
    /// The project, if it is run in one.
    pub project: Option<Project>,
    /// Folders in which imports are looked up: those of the project, then Lean's own.
    pub search_path: Vec<PathBuf>,
    /// The `prove` that confines its processes ([`Confinement`]); without one they run with the user's rights.
    pub confined_by: Option<PathBuf>,
    /// The folder that `lean --print-prefix` names.
    prefix: PathBuf,
    /// What `lake env` sets.
    environment: Vec<(OsString, OsString)>,
}

impl NativeLean {
    /// The Lean of a Lake project whose dependencies are there.
    pub(super) fn of_project(environment: &Environment, project: Project) -> Result<Self, ToolchainError> {
        let (root, toolchain) = (project.root.clone(), project.toolchain.clone());
        let lake =
            environment.find("lake").ok_or_else(|| ToolchainError::NoLake { project: root.clone(), toolchain: toolchain.clone() })?;
        let lake = match elan::is_proxy(&lake).then(|| elan::toolchain(environment, &toolchain)) {
            Some(elan::Toolchain::Installed(folder)) => folder.join("bin/lake"),
            Some(elan::Toolchain::Missing) => return Err(ToolchainError::NotInstalled { project: root, toolchain }),
            Some(elan::Toolchain::Channel) | None => lake,
        };
        project.require_dependencies()?;
        let mut command = LeanCommand::new(&lake).arg("env");
        command.cwd = Some(root.clone());
        let variables = parse_environment(&probe(&command, LAKE_LIMIT)?);
        let mut native = NativeLean::probe(&lake.with_file_name("lean"), &root, variables)?;
        if LeanVersion::of_toolchain(&toolchain).is_some_and(|wanted| wanted != native.version) {
            return Err(ToolchainError::WrongVersion { project: root, toolchain, found: native.version });
        }
        native.project = Some(project);
        Ok(native)
    }

    /// A Lean outside any project. elan chooses by `folder`.
    pub(super) fn alone(program: &Path, folder: &Path) -> Result<Self, ToolchainError> {
        NativeLean::probe(program, folder, Vec::new())
    }

    fn probe(program: &Path, folder: &Path, environment: Vec<(OsString, OsString)>) -> Result<Self, ToolchainError> {
        let ask = |question: &str| {
            let mut command = LeanCommand::new(program).arg(question);
            command.cwd = Some(folder.to_path_buf());
            command.env = environment.clone();
            probe(&command, LEAN_LIMIT).map(|answer| (command, answer))
        };
        let (command, output) = ask("--version")?;
        let version = LeanVersion::in_output(&output).ok_or_else(|| ToolchainError::Probe {
            command: command.to_string(),
            problem: "did not print a version of Lean 4".to_owned(),
        })?;
        let prefix = PathBuf::from(ask("--print-prefix")?.1.trim());
        let direct = prefix.join("bin/lean");
        let lean_path = environment.iter().find(|(name, _)| name == "LEAN_PATH").map(|(_, value)| value.clone());
        let mut search_path: Vec<PathBuf> = lean_path.iter().flat_map(std::env::split_paths).collect();
        let library = prefix.join("lib/lean");
        if !search_path.contains(&library) {
            search_path.push(library);
        }
        let program = if direct.is_file() { direct } else { program.to_path_buf() };
        Ok(NativeLean { program, version, project: None, search_path, confined_by: None, prefix, environment })
    }

    /// `lean`, which may write in these folders only if it is confined.
    pub(super) fn lean(&self, arguments: impl IntoIterator<Item = OsString>, write: &[&Path]) -> LeanCommand {
        let mut command = LeanCommand::new(&self.program).args(arguments);
        command.env = self.environment.clone();
        command.cwd = self.project.as_ref().map(|project| project.root.clone());
        let Some(host) = &self.confined_by else { return command };
        let read = std::iter::once(&self.prefix).chain(&self.search_path).cloned().collect();
        Confinement { read, write: write.iter().map(|folder| folder.to_path_buf()).collect() }.of(host, command)
    }
}

/// The lines `NAME=VALUE` of `lake env` that matter. Relative folders in them would be relative to the project, where Lean is run.
fn parse_environment(output: &str) -> Vec<(OsString, OsString)> {
    let pairs = output.lines().filter_map(|line| line.split_once('='));
    pairs
        .filter(|(name, value)| LAKE_VARIABLES.contains(name) && !value.is_empty())
        .map(|(name, value)| (name.into(), value.into()))
        .collect()
}

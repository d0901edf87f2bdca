//! The command line of a Lean process, before anything is started.
//!
//! Discovery says *which* Lean; the session and the judge say *what* to run on it. A [`LeanCommand`] is what they exchange: plain
//! data that can be compared in tests, shown in messages and turned into a process command at the last moment.

use std::{ffi::OsString, fmt, path::PathBuf, process::Command};

/// A program with its arguments, the variables added to its environment, and its working directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeanCommand {
    /// The executable.
    pub program: PathBuf,
    /// Its arguments, the program's name not among them.
    pub args: Vec<OsString>,
    /// Variables set on top of the inherited environment.
    pub env: Vec<(OsString, OsString)>,
    /// The working directory; the caller's own where `None`.
    pub cwd: Option<PathBuf>,
}

impl LeanCommand {
    /// `program` without arguments, in the caller's environment and directory.
    pub fn new(program: impl Into<PathBuf>) -> Self {
        LeanCommand { program: program.into(), args: Vec::new(), env: Vec::new(), cwd: None }
    }

    /// Appends one argument.
    #[must_use]
    pub fn arg(mut self, arg: impl Into<OsString>) -> Self {
        self.args.push(arg.into());
        self
    }

    /// Appends arguments.
    #[must_use]
    pub fn args<A: Into<OsString>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    /// Sets one variable of the environment.
    #[must_use]
    pub fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.env.push((name.into(), value.into()));
        self
    }

    /// The process command; a `tokio::process::Command` is made from it by `From`.
    pub fn to_command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.args).envs(self.env.iter().map(|(name, value)| (name, value)));
        if let Some(cwd) = &self.cwd {
            command.current_dir(cwd);
        }
        command
    }
}

impl fmt::Display for LeanCommand {
    /// For messages; not quoted for a shell.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.program.display())?;
        self.args.iter().try_for_each(|arg| write!(f, " {}", arg.display()))
    }
}

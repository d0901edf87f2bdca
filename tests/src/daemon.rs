//! A running `prove serve`.

use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
};

/// A daemon, killed when dropped.
pub struct Daemon {
    /// Its process.
    pub child: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Daemon {
    /// Starts one on a free port, with its token in `folder/token`; `set` says what else is to be said.
    pub fn start(prove: &str, folder: &Path, set: impl FnOnce(&mut Command) -> &mut Command) -> Daemon {
        let mut command = Command::new(prove);
        command.args(["serve", "--listen", "127.0.0.1:0", "--token-file"]).arg(folder.join("token"));
        let mut child = set(&mut command).stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("prove starts");
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines().map(|line| line.expect("UTF-8"));
        let first = lines.next().expect("the first line");
        let address = first.strip_prefix("listening on http://").and_then(|address| address.parse().ok());
        let address = address.unwrap_or_else(|| panic!("{first:?} tells no address"));
        assert!(lines.next().is_some_and(|line| line.starts_with("token in ")));
        Daemon { child, address }
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

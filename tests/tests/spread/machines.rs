//! Processes and servers for tests that kill them.

use std::{
    io::Write,
    net::{SocketAddr, TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

pub(super) const PROVE: &str = env!("CARGO_BIN_EXE_prove-tested");

/// A process that is killed when dropped.
pub(super) struct Killed(pub(super) Child);

impl Killed {
    pub(super) fn signal(&self, name: &str) {
        assert!(Command::new("kill").args([name, &self.0.id().to_string()]).status().expect("kill runs").success());
    }

    pub(super) fn kill(mut self) {
        self.0.kill().expect("it is killed");
        self.0.wait().expect("it has ended");
    }
}

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// An address for a NATS server; `None` where there is none on this machine.
pub(super) fn address() -> Option<SocketAddr> {
    if !Command::new("nats-server").arg("--version").output().is_ok_and(|output| output.status.success()) {
        writeln!(std::io::stdout(), "skipped: there is no nats-server here").expect("standard output");
        return None;
    }
    let free = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    Some(free.local_addr().expect("bound"))
}

/// A NATS server, with JetStream if `folder` is where to keep it.
pub(super) fn server(address: SocketAddr, folder: Option<&Path>) -> Killed {
    let mut command = Command::new("nats-server");
    command.args(["-a", "127.0.0.1", "-p", &address.port().to_string()]).stderr(Stdio::null());
    if let Some(folder) = folder {
        command.arg("-js").arg("-sd").arg(folder);
    }
    let server = Killed(command.spawn().expect("it starts"));
    wait_until("nats-server listens", || TcpStream::connect(address).is_ok());
    server
}

pub(super) fn wait_until(what: &str, mut done: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(300);
    while !done() {
        assert!(Instant::now() < deadline, "{what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

pub(super) fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

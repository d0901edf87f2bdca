//! The server behind the proxy.

use crate::{companion, pipe::Outbox, watchdog};
use prove_lean::{LeanCommand, LeanProcess, Preamble, WorkerError, lsp::framing::FrameReader};
use tokio::{
    sync::mpsc::{self, Receiver},
    task::JoinSet,
};

/// Messages of the server that nobody has looked at yet.
const INBOX: usize = 256;

/// What answers the editor.
#[derive(Clone, Debug)]
pub enum Server {
    /// A program that speaks the protocol, such as `lake serve`. Its standard error is the proxy's.
    Command(LeanCommand),
    /// Workers of a Lean that has no server of its own.
    Workers(Workers),
    /// Nothing: the editor has a server already, and wants of this one only what the prover adds.
    Nothing,
}

/// How documents are given to workers.
#[derive(Clone, Debug)]
pub struct Workers {
    /// Lean, up to its own arguments.
    pub lean: LeanCommand,
    /// What it needs before a document's first command.
    pub preamble: Preamble,
}

/// A running server. Dropping it kills it.
#[derive(Debug)]
pub(crate) struct Link {
    /// To the server.
    pub(crate) outbox: Outbox,
    /// From the server; closed when it has ended.
    inbox: Receiver<Vec<u8>>,
    process: Option<LeanProcess>,
    /// Aborted when dropped.
    _tasks: JoinSet<()>,
}

impl Server {
    pub(crate) fn start(&self) -> Result<Link, WorkerError> {
        let (outbox, unsent) = Outbox::new();
        let (to_proxy, inbox) = mpsc::channel(INBOX);
        let mut tasks = JoinSet::new();
        let mut running = None;
        match self {
            Server::Command(command) => {
                let (process, stdin, stdout) = LeanProcess::spawn_talking(command)?;
                running = Some(process);
                tasks.spawn(unsent.write(stdin));
                tasks.spawn(async move {
                    let mut frames = FrameReader::new(stdout);
                    while let Ok(Some(payload)) = frames.next_frame().await {
                        if to_proxy.send(payload).await.is_err() {
                            return;
                        }
                    }
                });
            }
            Server::Workers(workers) => drop(tasks.spawn(watchdog::serve(workers.clone(), unsent, to_proxy))),
            Server::Nothing => drop(tasks.spawn(companion::serve(unsent, to_proxy))),
        }
        Ok(Link { outbox, inbox, process: running, _tasks: tasks })
    }
}

impl Link {
    /// The next message; `None` once the server has ended.
    pub(crate) async fn next(&mut self) -> Option<Vec<u8>> {
        self.inbox.recv().await
    }

    /// How a server that has ended did so.
    pub(crate) async fn epitaph(&self) -> String {
        match &self.process {
            Some(process) => process.died().await.to_string(),
            None => "it gave up".to_owned(),
        }
    }
}

//! The pipes of one worker process, as messages.
//!
//! Two tasks of their own read and write, so that a worker that prints while it is being written to cannot block both sides, and so
//! that a check given up half-way leaves no half frame behind. The inbox is bounded: a worker that prints without end is stopped by
//! its full pipe, not by our memory.

use crate::{
    LeanCommand, WorkerError,
    lsp::{
        framing::{self, FrameReader, ReadError},
        message::{self, Incoming, ResponseError},
    },
    process::LeanProcess,
};
use lsp_types::request::Request;
use serde::Serialize;
use serde_json::value::RawValue;
use std::{
    collections::HashSet,
    hash::{BuildHasher, RandomState},
};
use tokio::{
    io::AsyncRead,
    process::ChildStdin,
    sync::mpsc::{self, Receiver, Sender, UnboundedReceiver, UnboundedSender},
    task::JoinSet,
};

const INBOX: usize = 256;

/// What arrived, with the answers to requests of this connection told from the rest.
#[derive(Debug)]
pub(super) enum Arrival {
    /// The answer to one of our requests.
    Answer {
        /// The request.
        id: RequestId,
        /// Its result, not yet looked at.
        result: Result<Box<RawValue>, ResponseError>,
    },
    /// A notification.
    Notification {
        /// The method.
        method: String,
        /// The parameters.
        params: Option<Box<RawValue>>,
    },
}

/// The identifier of a request: it holds a number that only this process knows, so that code run by the worker cannot answer in the
/// worker's stead by printing to its output.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct RequestId(String);

/// A running worker process and its pipes. Dropping it kills the process group.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) process: LeanProcess,
    outbox: UnboundedSender<Vec<u8>>,
    inbox: Receiver<Result<Incoming, WorkerError>>,
    nonce: u64,
    issued: u64,
    unanswered: HashSet<RequestId>,
    /// Aborted when dropped.
    _pipes: JoinSet<()>,
}

impl Connection {
    /// Starts the process.
    pub(super) fn open(command: &LeanCommand) -> Result<Connection, WorkerError> {
        let (process, stdin, stdout) = LeanProcess::spawn(command)?;
        let (outbox, to_write) = mpsc::unbounded_channel();
        let (received, inbox) = mpsc::channel(INBOX);
        let mut pipes = JoinSet::new();
        pipes.spawn(write_all(stdin, to_write));
        pipes.spawn(read_all(stdout, received));
        let nonce = RandomState::new().hash_one("request");
        Ok(Connection { process, outbox, inbox, nonce, issued: 0, unanswered: HashSet::new(), _pipes: pipes })
    }

    /// Sends a notification.
    pub(super) fn notify<P: Serialize>(&self, method: &str, params: P) -> Result<(), WorkerError> {
        self.send(message::notification(method, Some(params)))
    }

    /// Sends a request that is never answered.
    pub(super) fn request_unanswered<P: Serialize>(&mut self, method: &str, params: P) -> Result<(), WorkerError> {
        let RequestId(id) = self.fresh_id();
        self.send(message::request(&id, method, params))
    }

    /// Sends a request; its answer will be an [`Arrival::Answer`].
    pub(super) fn request<R: Request>(&mut self, params: R::Params) -> Result<RequestId, WorkerError>
    where
        R::Params: Serialize,
    {
        let id = self.fresh_id();
        self.send(message::request(&id.0, R::METHOD, params))?;
        self.unanswered.insert(id.clone());
        Ok(id)
    }

    /// The next answer or notification.
    ///
    /// An answer to a request that was never sent, or was answered before, breaks the protocol: the one that is awaited may have
    /// been mislabelled, and waiting for it would pass a fault off as a timeout. Requests of the worker are skipped.
    pub(super) async fn next(&mut self) -> Result<Arrival, WorkerError> {
        loop {
            match self.inbox.recv().await {
                None => return Err(self.process.died().await),
                Some(Err(error)) => return Err(error),
                Some(Ok(Incoming::Request { .. })) => {}
                Some(Ok(Incoming::Notification { method, params })) => return Ok(Arrival::Notification { method, params }),
                Some(Ok(Incoming::Response { id, result })) => {
                    let id = RequestId(id);
                    if !self.unanswered.remove(&id) {
                        return Err(WorkerError::Protocol(format!("an answer to no request of ours ({:.40})", id.0)));
                    }
                    return Ok(Arrival::Answer { id, result });
                }
            }
        }
    }

    fn fresh_id(&mut self) -> RequestId {
        self.issued += 1;
        RequestId(format!("{:016x}-{}", self.nonce, self.issued))
    }

    /// Queues a payload. A writer that has stopped means a closed pipe, which the reader reports in more detail.
    fn send(&self, payload: serde_json::Result<Vec<u8>>) -> Result<(), WorkerError> {
        let payload = payload.map_err(|error| WorkerError::Protocol(format!("cannot encode a message: {error}")))?;
        let _ = self.outbox.send(payload);
        Ok(())
    }
}

async fn write_all(mut stdin: ChildStdin, mut payloads: UnboundedReceiver<Vec<u8>>) {
    while let Some(payload) = payloads.recv().await {
        if framing::write_frame(&mut stdin, &payload).await.is_err() {
            return;
        }
    }
}

async fn read_all(stdout: impl AsyncRead + Unpin, received: Sender<Result<Incoming, WorkerError>>) {
    let mut frames = FrameReader::new(stdout);
    loop {
        let message = match frames.next_frame().await {
            Ok(None) => return,
            Ok(Some(payload)) => Incoming::decode(&payload).map_err(|error| WorkerError::Protocol(error.to_string())),
            Err(ReadError::Frame(error)) => Err(WorkerError::Protocol(error.to_string())),
            Err(ReadError::Io(error)) => Err(error.into()),
        };
        let broken = message.is_err();
        if received.send(message).await.is_err() || broken {
            return;
        }
    }
}

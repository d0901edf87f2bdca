//! What is on its way to somebody who may read slowly, or not at all.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering::Relaxed},
};
use tokio::{
    io::{AsyncWrite, AsyncWriteExt},
    sync::{
        Notify,
        mpsc::{self, UnboundedReceiver, UnboundedSender},
    },
};

/// Bytes written at once, about.
const AT_ONCE: usize = 64 << 10;

/// Payloads to write. Sending never waits; whoever sends looks at [`Outbox::queued`].
#[derive(Clone, Debug)]
pub(crate) struct Outbox {
    sender: UnboundedSender<Vec<u8>>,
    load: Arc<Load>,
}

#[derive(Debug, Default)]
struct Load {
    bytes: AtomicUsize,
    written: Notify,
}

/// The other end of an [`Outbox`].
#[derive(Debug)]
pub(crate) struct Unsent {
    receiver: UnboundedReceiver<Vec<u8>>,
    load: Arc<Load>,
}

impl Outbox {
    pub(crate) fn new() -> (Outbox, Unsent) {
        let (sender, receiver) = mpsc::unbounded_channel();
        let load = Arc::new(Load::default());
        (Outbox { sender, load: load.clone() }, Unsent { receiver, load })
    }

    /// Queues a payload. If nobody reads any more it is lost, which the reader of the other direction finds out.
    pub(crate) fn send(&self, payload: Vec<u8>) {
        self.load.bytes.fetch_add(payload.len(), Relaxed);
        let _ = self.sender.send(payload);
    }

    /// Bytes not written yet.
    pub(crate) fn queued(&self) -> usize {
        self.load.bytes.load(Relaxed)
    }

    /// Ready when something more has been written.
    pub(crate) async fn written(&self) {
        self.load.written.notified().await;
    }
}

impl Unsent {
    /// The next payload, for who takes it as it is.
    pub(crate) async fn next(&mut self) -> Option<Vec<u8>> {
        let payload = self.receiver.recv().await?;
        self.load.bytes.fetch_sub(payload.len(), Relaxed);
        self.load.written.notify_one();
        Some(payload)
    }

    /// Writes frames until there are no more or nobody reads them. What has queued up is written at once.
    pub(crate) async fn write(mut self, mut to: impl AsyncWrite + Unpin) {
        while let Some(first) = self.receiver.recv().await {
            let (mut frames, mut bytes) = (Vec::new(), 0);
            let mut next = Some(first);
            while let Some(payload) = next {
                bytes += payload.len();
                frames.extend_from_slice(format!("Content-Length: {}\r\n\r\n", payload.len()).as_bytes());
                frames.extend_from_slice(&payload);
                next = if frames.len() < AT_ONCE { self.receiver.try_recv().ok() } else { None };
            }
            let written = match to.write_all(&frames).await {
                Ok(()) => to.flush().await,
                Err(error) => Err(error),
            };
            self.load.bytes.fetch_sub(bytes, Relaxed);
            self.load.written.notify_one();
            if written.is_err() {
                return;
            }
        }
    }
}

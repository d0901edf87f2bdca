//! Connections: so many at a time, each with limits of time, until the daemon is told to end.
//!
//! A client that sends its headers too slowly, or does not take an answer's bytes, is cut off; so is one that says nothing between two
//! requests. A client that hangs up takes its request with it: the request's future is dropped, and with it its checks and samples.

use super::http::Reply;
use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use std::{convert::Infallible, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, UnixListener},
    sync::{OwnedSemaphorePermit, Semaphore},
    task::JoinSet,
};
use tokio_io_timeout::TimeoutStream;

/// Connections at a time; others wait to be accepted.
const MOST_CONNECTIONS: usize = 128;
/// The longest head of a request, in bytes.
const LONGEST_HEAD: usize = 64 << 10;
/// Pause after a connection that could not be accepted, for want of file descriptors for example.
const AFTER_FAILURE: Duration = Duration::from_millis(100);

/// How long is waited for whom.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// A client's headers, its silence between requests, and its reading of answers.
    pub(super) client: Duration,
    /// Requests under way at the end.
    pub(super) grace: Duration,
}

/// Where clients come in.
pub(super) struct Doors {
    pub(super) port: TcpListener,
    pub(super) socket: Option<UnixListener>,
}

/// A connection, by whichever door.
trait Wire: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Wire for T {}

/// Serves until `end` resolves; then requests under way have their time of grace, which a second `end` cuts short.
pub(super) async fn serve<E, H, F>(doors: Doors, patience: Patience, end: impl Fn() -> E, handle: H) -> std::io::Result<()>
where
    E: Future<Output = std::io::Result<()>>,
    H: Fn(Request<Incoming>) -> F + Clone + Send + 'static,
    F: Future<Output = Reply> + Send + 'static,
{
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(patience.client).max_buf_size(LONGEST_HEAD);
    let mut ended = std::pin::pin!(end());
    loop {
        let accepted = tokio::select! {
            interrupted = &mut ended => break interrupted?,
            accepted = doors.accept(&places) => accepted,
            Some(_) = connections.join_next() => continue,
        };
        let Ok((stream, place)) = accepted else {
            tokio::time::sleep(AFTER_FAILURE).await;
            continue;
        };
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(patience.client));
        let handle = handle.clone();
        let service = service_fn(move |request| {
            let answer = handle(request);
            async move { Ok::<_, Infallible>(answer.await) }
        });
        let connection = graceful.watch(http.serve_connection(TokioIo::new(Box::pin(stream)), service));
        connections.spawn(async move {
            // How a connection ends is its client's affair.
            let _ = connection.await;
            drop(place);
        });
    }
    drop(doors);
    tokio::select! {
        () = graceful.shutdown() => {}
        () = tokio::time::sleep(patience.grace) => {}
        _ = end() => {}
    }
    connections.shutdown().await;
    Ok(())
}

impl Doors {
    /// The next connection, once there is room for it.
    async fn accept(&self, places: &Arc<Semaphore>) -> std::io::Result<(Box<dyn Wire>, OwnedSemaphorePermit)> {
        let place = Arc::clone(places).acquire_owned().await.map_err(std::io::Error::other)?;
        let by_socket = async {
            match &self.socket {
                Some(socket) => socket.accept().await,
                None => std::future::pending().await,
            }
        };
        let wire: Box<dyn Wire> = tokio::select! {
            accepted = self.port.accept() => {
                let (stream, _) = accepted?;
                // An event of a stream is a packet of its own.
                stream.set_nodelay(true)?;
                Box::new(stream)
            }
            accepted = by_socket => Box::new(accepted?.0),
        };
        Ok((wire, place))
    }
}

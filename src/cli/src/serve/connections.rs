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
use tokio::{net::TcpListener, sync::Semaphore, task::JoinSet};
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

/// Serves until `end` resolves; then requests under way have their time of grace, which a second `end` cuts short.
pub(super) async fn serve<E, H, F>(listener: TcpListener, patience: Patience, end: impl Fn() -> E, handle: H) -> std::io::Result<()>
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
            accepted = accept(&listener, &places) => accepted,
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
    drop(listener);
    tokio::select! {
        () = graceful.shutdown() => {}
        () = tokio::time::sleep(patience.grace) => {}
        _ = end() => {}
    }
    connections.shutdown().await;
    Ok(())
}

/// The next connection, once there is room for it.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> std::io::Result<(tokio::net::TcpStream, tokio::sync::OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.map_err(std::io::Error::other)?;
    let (stream, _) = listener.accept().await?;
    // An event of a stream is a packet of its own.
    stream.set_nodelay(true)?;
    Ok((stream, place))
}

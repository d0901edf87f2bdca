//! A small HTTP server whose every byte the test decides, and which remembers what it was asked.

use serde_json::Value;
use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, atomic::AtomicUsize, atomic::Ordering},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// What a connection gets.
pub(crate) enum Answer {
    /// A whole answer: status, further headers, body.
    Http(u16, &'static str, String),
    /// These bytes, then the connection is closed.
    Bytes(Vec<u8>),
    /// These bytes, and then a blank every ten milliseconds.
    Drip(&'static [u8]),
    /// Nothing, as long as the client waits.
    Silence,
}

impl Answer {
    pub(crate) fn json(value: &Value) -> Self {
        Answer::Http(200, "", value.to_string())
    }
}

/// One request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) head: String,
    pub(crate) body: Value,
}

pub(crate) struct Server {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
    /// Connections that the client closed before it had an answer.
    pub(crate) hung_up: Arc<AtomicUsize>,
}

impl Server {
    /// Starts one. The handler gets each request and its number.
    pub(crate) async fn start(handler: impl Fn(&Asked, usize) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let address = listener.local_addr().expect("bound");
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let hung_up: Arc<AtomicUsize> = Arc::default();
        let (log, gone, handler) = (asked.clone(), hung_up.clone(), Arc::new(handler));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, log.clone(), gone.clone(), handler.clone()));
            }
        });
        Server { address, asked, hung_up }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("not poisoned").clone()
    }
}

async fn serve(
    mut stream: TcpStream,
    log: Arc<Mutex<Vec<Asked>>>,
    gone: Arc<AtomicUsize>,
    handler: Arc<impl Fn(&Asked, usize) -> Answer + Send + Sync>,
) {
    let Some(asked) = read(&mut stream).await else { return };
    let number = {
        let mut log = log.lock().expect("not poisoned");
        log.push(asked.clone());
        log.len() - 1
    };
    let bytes = match handler(&asked, number) {
        Answer::Http(status, headers, body) => {
            let length = body.len();
            format!("HTTP/1.1 {status} Text\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n{body}").into_bytes()
        }
        Answer::Bytes(bytes) => bytes,
        Answer::Drip(beginning) => {
            let mut sent = stream.write_all(beginning).await;
            while sent.is_ok() {
                tokio::time::sleep(std::time::Duration::from_millis(10)).await;
                sent = stream.write_all(b" ").await;
            }
            return;
        }
        Answer::Silence => {
            // The client has sent all; the next thing that comes from it is the end.
            if stream.read(&mut [0; 1]).await.unwrap_or(0) == 0 {
                gone.fetch_add(1, Ordering::SeqCst);
            }
            return;
        }
    };
    let _ = stream.write_all(&bytes).await;
    let _ = stream.shutdown().await;
}

async fn read(stream: &mut TcpStream) -> Option<Asked> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length =
                head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length:")?.trim().parse().ok()).unwrap_or(0);
            if body.len() >= length {
                return Some(Asked { head: head.to_owned(), body: serde_json::from_str(body).unwrap_or(Value::Null) });
            }
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}

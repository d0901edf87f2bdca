//! One call over HTTP, tried again while that makes sense.

use super::{RemoteFault, RemoteOptions, retry};
use crate::ModelError;
use rand::RngExt;
use reqwest::{Client, Response, Url, header::RETRY_AFTER};
use serde_json::Value;
use std::{error::Error, time::Duration};

/// Longest answer that is read. 128 samples of 32,000 tokens with log-probabilities are some 100 MB.
const LONGEST_ANSWER: usize = 512 << 20;
/// How much of a server's words goes into an error.
const LONGEST_QUOTE: usize = 400;

/// A connection pool to one server.
pub(crate) struct Transport {
    client: Client,
    base: Url,
    key: Option<String>,
    key_variable: Option<String>,
    timeout: Duration,
    attempts: u32,
    first_pause: Duration,
}

/// A try that failed, and whether another may not.
struct Failed {
    fault: RemoteFault,
    again: bool,
    demanded: Option<Duration>,
}

impl Failed {
    fn for_good(fault: RemoteFault) -> Self {
        Failed { fault, again: false, demanded: None }
    }

    fn for_now(fault: RemoteFault) -> Self {
        Failed { fault, again: true, demanded: None }
    }
}

impl Transport {
    pub(crate) fn new(options: &RemoteOptions) -> Result<Self, RemoteFault> {
        let mut base: Url = options.server.parse().map_err(|error| RemoteFault::Address(format!("{error}")))?;
        if !matches!(base.scheme(), "http" | "https") {
            return Err(RemoteFault::Address("it begins with neither http:// nor https://".to_owned()));
        }
        let path = match base.path().trim_end_matches('/') {
            "" => "/v1/".to_owned(),
            path => format!("{path}/"),
        };
        base.set_path(&path);
        let key = match &options.key_variable {
            None => None,
            Some(variable) => match std::env::var(variable) {
                Ok(key) if !key.trim().is_empty() => Some(key.trim().to_owned()),
                _ => return Err(RemoteFault::NoKey(variable.clone())),
            },
        };
        // A process has one provider of cryptography; whoever comes first sets it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().connect_timeout(options.timeout.min(Duration::from_secs(20))).timeout(options.timeout).build();
        Ok(Transport {
            client: client.map_err(|error| RemoteFault::Client(causes(&error)))?,
            base,
            key,
            key_variable: options.key_variable.clone(),
            timeout: options.timeout,
            attempts: options.attempts.max(1),
            first_pause: options.first_pause,
        })
    }

    /// The error of a call to this server.
    pub(crate) fn error(&self, fault: RemoteFault) -> ModelError {
        ModelError::Remote { server: self.base.as_str().trim_end_matches('/').to_owned(), fault }
    }

    /// Asks `path` below the base (with `body`, a POST) and reads the answer with `read`, again and again while the server is
    /// overloaded, failing, out of reach, or sends what `read` refuses.
    pub(crate) async fn call<T>(
        &self,
        path: &str,
        body: Option<&Value>,
        read: impl Fn(&Value) -> Result<T, String>,
    ) -> Result<T, RemoteFault> {
        let mut tries = 0;
        loop {
            tries += 1;
            let failed = match self.attempt(path, body).await {
                Ok(answer) => match read(&answer) {
                    Ok(read) => return Ok(read),
                    Err(detail) => Failed::for_now(RemoteFault::Garbled(detail)),
                },
                Err(failed) => failed,
            };
            if !failed.again || tries >= self.attempts {
                return Err(match failed.fault {
                    RemoteFault::Failing { status, said, .. } => RemoteFault::Failing { attempts: tries, status, said },
                    fault => fault,
                });
            }
            if let Some(demanded) = failed.demanded.filter(|&demanded| demanded > retry::PATIENCE) {
                return Err(RemoteFault::Busy(demanded.as_secs()));
            }
            let chance = rand::rng().random::<f64>();
            tokio::time::sleep(retry::pause(self.first_pause, tries, chance, failed.demanded)).await;
        }
    }

    async fn attempt(&self, path: &str, body: Option<&Value>) -> Result<Value, Failed> {
        let url = self.base.join(path).map_err(|error| Failed::for_good(RemoteFault::Address(error.to_string())))?;
        let mut request = match body {
            None => self.client.get(url),
            Some(body) => self.client.post(url).header("content-type", "application/json").body(body.to_string()),
        };
        if let Some(key) = &self.key {
            request = request.bearer_auth(key);
        }
        let response = request.send().await.map_err(|error| self.broken(&error))?;
        let status = response.status().as_u16();
        let demanded = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
        let demanded = demanded.and_then(|value| retry::retry_after(value, jiff::Timestamp::now()));
        let bytes = self.read(response).await?;
        if !(200..300).contains(&status) {
            let model = body.map_or(&Value::Null, |body| &body["model"]);
            let fault = self.refusal(status, self.said(&bytes), path, model);
            return Err(Failed { fault, again: retry::is_passing(status), demanded });
        }
        serde_json::from_slice(&bytes).map_err(|error| {
            let garbled = format!("no JSON, {error}: {}", self.quote(&String::from_utf8_lossy(&bytes)));
            Failed::for_now(RemoteFault::Garbled(garbled))
        })
    }

    async fn read(&self, mut response: Response) -> Result<Vec<u8>, Failed> {
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.broken(&error))? {
            if bytes.len() + chunk.len() > LONGEST_ANSWER {
                return Err(Failed::for_good(RemoteFault::Garbled(format!("an answer of more than {LONGEST_ANSWER} bytes"))));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }

    /// The fault of a call that got no whole answer. One that took too long will do so again.
    fn broken(&self, error: &reqwest::Error) -> Failed {
        if error.is_timeout() && !error.is_connect() {
            return Failed::for_good(RemoteFault::TimedOut(self.timeout.as_secs()));
        }
        Failed::for_now(RemoteFault::Unreachable(self.quote(&causes(error))))
    }

    fn refusal(&self, status: u16, said: String, path: &str, model: &Value) -> RemoteFault {
        match status {
            401 | 403 => {
                let advice = match &self.key_variable {
                    Some(variable) => format!("check the key in the environment variable {variable}"),
                    None => "it wants a key; name the environment variable that holds it".to_owned(),
                };
                RemoteFault::Unauthorised { status, said, advice }
            }
            404 => RemoteFault::NotFound { what: format!("/{path} or the model {model}"), said },
            status if retry::is_passing(status) => RemoteFault::Failing { attempts: 1, status, said },
            status => RemoteFault::Rejected { status, said },
        }
    }

    /// What an error's body says: its message, where it follows the protocol.
    fn said(&self, body: &[u8]) -> String {
        let message = serde_json::from_slice::<Value>(body).ok().and_then(|body| {
            let places = [&body["error"]["message"], &body["message"], &body["detail"], &body["error"]];
            places.into_iter().find_map(Value::as_str).map(str::to_owned)
        });
        self.quote(&message.unwrap_or_else(|| String::from_utf8_lossy(body).into_owned()))
    }

    /// The beginning of a text, on one line, without the key.
    fn quote(&self, text: &str) -> String {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let text = match &self.key {
            Some(key) => text.replace(key, "…"),
            None => text,
        };
        match text.char_indices().nth(LONGEST_QUOTE) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text,
        }
    }
}

/// An error with its causes; reqwest's own text names the address only.
fn causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

//! How a server is to be asked.

use std::time::Duration;

/// How a server is to be asked. [`RemoteOptions::new`] has defaults for all but its address.
#[derive(Clone, Debug, PartialEq)]
pub struct RemoteOptions {
    /// The address of its API, such as `http://localhost:8000/v1`; a bare host gets the `/v1`.
    pub server: String,
    /// The model's name there. `None` takes the only one it has.
    pub model: Option<String>,
    /// The environment variable that holds the key; `None` where no key is needed.
    pub key_variable: Option<String>,
    /// Most calls under way at once. Default 32.
    pub concurrency: usize,
    /// For one call, from connecting to the last byte. An answer comes in one piece, so this covers a whole generation. Default 10
    /// minutes.
    pub timeout: Duration,
    /// How often a call is tried in all while the server is overloaded, failing or out of reach. Default 6.
    pub attempts: u32,
    /// The pause before the second try; it doubles with each further one, less up to half of it by chance. Default half a second.
    pub first_pause: Duration,
    /// For requests without [`max_tokens`](crate::Request::max_tokens): servers' own defaults are as low as 16. Default 4096.
    pub max_tokens: u32,
    /// What tokens cost.
    pub prices: Prices,
    /// Fields that every call carries, such as `repetition_penalty` or `chat_template_kwargs`. They win over those that the client
    /// sets itself.
    pub extra: serde_json::Map<String, serde_json::Value>,
}

/// Prices per million tokens, in any one currency.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Prices {
    /// Of the prompt.
    pub prompt: f64,
    /// Of what the model writes.
    pub completion: f64,
}

impl RemoteOptions {
    /// The defaults, for the server at this address.
    pub fn new(server: impl Into<String>) -> Self {
        RemoteOptions {
            server: server.into(),
            model: None,
            key_variable: None,
            concurrency: 32,
            timeout: Duration::from_secs(600),
            attempts: 6,
            first_pause: Duration::from_millis(500),
            max_tokens: 4096,
            prices: Prices::default(),
            extra: serde_json::Map::new(),
        }
    }
}

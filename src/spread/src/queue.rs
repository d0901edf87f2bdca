//! A queue of work on the server.
//!
//! A piece of work is a message under a subject of its own, which holds one message at most: what is waiting or in work cannot be handed
//! out again. It stays until whoever took it has acknowledged it. Who works on it says so every few seconds ([`in_work`]); who falls silent
//! loses it to another. So every piece of work is done at least once.

use crate::ServerError;
use async_nats::jetstream::{
    AckKind, Context, Message,
    consumer::{PullConsumer, pull},
    context::PublishError,
    message::PublishMessage,
    stream::{Config, DiscardPolicy, RetentionPolicy, Stream},
};
use futures_util::StreamExt;
use std::{pin::pin, time::Duration};
use tokio::sync::watch;

/// Pause after the server could not be reached, or refused.
pub const PAUSE: Duration = Duration::from_secs(1);
/// How long the server is asked to wait for work before it is asked anew. After a restart it knows nothing of who waits.
const WAIT: Duration = Duration::from_secs(5);

/// What kind of queue it is.
#[derive(Clone, Copy, Debug)]
pub struct QueueConfig {
    /// The stream's name.
    pub stream: &'static str,
    /// The subjects of its messages.
    pub subjects: &'static str,
    /// How long work is kept that nobody does.
    pub kept: Duration,
    /// Who says nothing for so long has lost his work.
    pub silence: Duration,
}

/// A queue, made on the server where it is not there.
#[derive(Clone)]
pub struct Queue {
    context: Context,
    config: QueueConfig,
}

impl Queue {
    /// The queue of this kind.
    ///
    /// # Errors
    /// The server cannot be reached, or has no JetStream.
    pub async fn open(context: &Context, config: QueueConfig) -> Result<Queue, ServerError> {
        let queue = Queue { context: context.clone(), config };
        queue.stream().await?;
        Ok(queue)
    }

    /// Its stream.
    ///
    /// # Errors
    /// As for [`Queue::open`].
    pub async fn stream(&self) -> Result<Stream, ServerError> {
        let config = Config {
            name: self.config.stream.to_owned(),
            subjects: vec![self.config.subjects.to_owned()],
            retention: RetentionPolicy::WorkQueue,
            max_messages_per_subject: 1,
            discard: DiscardPolicy::New,
            discard_new_per_subject: true,
            max_age: self.config.kept,
            ..Config::default()
        };
        self.context.get_or_create_stream(config).await.map_err(ServerError::new)
    }

    /// Hands a piece of work out; returns once the server has it.
    ///
    /// # Errors
    /// It is waiting or in work already, or the server is away.
    pub async fn publish(&self, subject: String, payload: Vec<u8>) -> Result<(), PublishError> {
        let message = PublishMessage::build().payload(payload.into());
        self.context.send_publish(subject, message).await?.await.map(drop)
    }

    /// Takes work of these subjects, as one of all who do so under the same name.
    ///
    /// # Errors
    /// As for [`Queue::open`].
    pub async fn taker(&self, name: String, subjects: String) -> Result<Taker, ServerError> {
        let mut taker = Taker { queue: self.clone(), name, subjects, consumer: None };
        taker.consumer = Some(taker.consumer().await?);
        Ok(taker)
    }
}

/// Takes work out of a queue, a message at a time.
#[derive(Clone)]
pub struct Taker {
    queue: Queue,
    name: String,
    subjects: String,
    /// `None` where the server may have forgotten it.
    consumer: Option<PullConsumer>,
}

impl Taker {
    /// The next piece of work, if there is one within some seconds. Where the server is away it is tried again, next time.
    pub async fn next(&mut self) -> Option<Message> {
        let consumer = match self.consumer.take() {
            Some(consumer) => Ok(consumer),
            None => self.consumer().await,
        };
        if let Ok(consumer) = consumer
            && let Ok(mut batch) = consumer.batch().max_messages(1).expires(WAIT).messages().await
        {
            match batch.next().await {
                None => return None,
                Some(Ok(message)) => {
                    self.consumer = Some(consumer);
                    return Some(message);
                }
                Some(Err(_)) => {}
            }
        }
        tokio::time::sleep(PAUSE).await;
        None
    }

    async fn consumer(&self) -> Result<PullConsumer, ServerError> {
        let config = pull::Config {
            durable_name: Some(self.name.clone()),
            filter_subject: self.subjects.clone(),
            ack_wait: self.queue.config.silence,
            max_ack_pending: 100_000,
            max_waiting: 100_000,
            ..pull::Config::default()
        };
        self.queue.stream().await?.get_or_create_consumer(&self.name, config).await.map_err(ServerError::new)
    }
}

/// Does some work, and says meanwhile that the message is in work.
pub async fn in_work<T>(message: &Message, silence: Duration, work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    loop {
        tokio::select! {
            done = &mut work => return done,
            () = tokio::time::sleep(silence / 3) => {
                // The next one will do, too.
                let _ = message.ack_with(AckKind::Progress).await;
            }
        }
    }
}

/// Waits a little for what was given back to be known before this process ends. Where the server is away, silence tells.
pub async fn farewell(context: &Context) {
    let _ = tokio::time::timeout(PAUSE, context.client().flush()).await;
}

/// Ready when `stop` says so. A sender that is gone says nothing any more.
pub async fn told_to(stop: &watch::Receiver<bool>) {
    if stop.clone().wait_for(|stop| *stop).await.is_err() {
        std::future::pending::<()>().await;
    }
}

//! Who works: takes checks as long as there are any, and tells who asked what came of them.

use super::{Answer, Asked, Machine, QUEUE, WANTED, Word, roll_call};
use crate::{PAUSE, Queue, ServerError, Taker, connect, farewell, in_work, told_to};
use async_nats::{
    Client, Request, RequestErrorKind, Subscriber,
    jetstream::{AckKind, Message},
};
use futures_util::{StreamExt, future::join_all};
use prove_lean::WorkerPool;
use std::{num::NonZeroUsize, time::Duration};
use tokio::sync::watch;

/// A check that so many workers were given and none has finished is given up as a fault: it may be what ends them.
const MOST_DELIVERIES: i64 = 5;
/// How long a check rests whose asker does not listen, perhaps because he has just lost the server.
const REST: Duration = Duration::from_secs(2);
/// How long who asked has for his reply.
const REPLY: Duration = Duration::from_secs(1);
/// How often an answer is told whose receipt nobody confirms.
const TELLINGS: u32 = 5;
/// How often who asked is asked whether he still wants his check.
const ASK: Duration = Duration::from_millis(1500);

/// What who asked says to a [`Word`].
enum Says {
    Wanted,
    Unwanted,
    /// He does not listen.
    Gone,
    /// The server takes no word of this size.
    TooLarge,
    /// Nothing in time.
    Nothing,
}

/// Makes checks for machines of this kind on a pool of as many workers, until `stop` says so; checks in work are then given back.
///
/// # Errors
/// The server cannot be reached at the start. Later it is waited for.
pub async fn work(
    server: &str,
    pool: &WorkerPool,
    machine: &Machine,
    workers: NonZeroUsize,
    stop: watch::Receiver<bool>,
) -> Result<(), ServerError> {
    let context = connect(server).await?;
    let name = machine.name();
    let taker = Queue::open(&context, QUEUE).await?.taker(name.clone(), format!("prove.check.{name}.>")).await?;
    let client = context.client();
    let called = client.subscribe(roll_call(&name)).await.map_err(ServerError::new)?;
    let clerk = Clerk { pool, client: &client, stop: &stop };
    // One more than there are workers, so that none waits while another check comes and an answer goes.
    let clerks = join_all((0..=workers.get()).map(|_| clerk.run(taker.clone())));
    tokio::select! {
        _ = clerks => {}
        () = answer_calls(&client, called, workers) => {}
    }
    farewell(&context).await;
    Ok(())
}

/// Says to whoever asks how many workers there are.
async fn answer_calls(client: &Client, mut called: Subscriber, workers: NonZeroUsize) {
    while let Some(call) = called.next().await {
        if let Some(reply) = call.reply {
            let _ = client.publish(reply, workers.to_string().into()).await;
        }
    }
    // The client has been closed, and the clerks will notice.
    std::future::pending().await
}

struct Clerk<'a> {
    pool: &'a WorkerPool,
    client: &'a Client,
    stop: &'a watch::Receiver<bool>,
}

impl Clerk<'_> {
    /// One check after the other.
    async fn run(&self, mut taker: Taker) {
        loop {
            let next = tokio::select! {
                next = taker.next() => next,
                () = told_to(self.stop) => return,
            };
            let Some(message) = next else { continue };
            let end = tokio::select! {
                end = self.handle(&message) => end,
                // Somebody else may have it at once.
                () = told_to(self.stop) => AckKind::Nak(None),
            };
            // Where this is lost the check comes again, and is not wanted.
            let _ = message.ack_with(end).await;
        }
    }

    /// Makes a check; how the message is to be acknowledged.
    async fn handle(&self, message: &Message) -> AckKind {
        // A message that is no check, or none of the queue's, is never one.
        let (Ok(asked), Ok(info)) = (serde_json::from_slice::<Asked>(&message.payload), message.info()) else {
            return AckKind::Term;
        };
        let gone = || if info.delivered > MOST_DELIVERIES { AckKind::Term } else { AckKind::Nak(Some(REST)) };
        match self.say(&asked, None).await {
            Says::Wanted => {}
            Says::Unwanted => return AckKind::Ack,
            _ => return gone(),
        }
        let work = async {
            let answer = if info.delivered > MOST_DELIVERIES {
                Answer::Fault(format!("{MOST_DELIVERIES} machines were given it, and none came to an end"))
            } else {
                tokio::select! {
                    outcome = self.pool.submit(asked.job()) => outcome.into(),
                    says = self.until_unwanted(&asked) => return says,
                }
            };
            self.answer(&asked, answer).await
        };
        match in_work(message, QUEUE.silence, work).await {
            Says::Wanted | Says::Unwanted => AckKind::Ack,
            _ => gone(),
        }
    }

    /// Ready when the check is not wanted any more.
    async fn until_unwanted(&self, asked: &Asked) -> Says {
        loop {
            tokio::time::sleep(ASK).await;
            let says = self.say(asked, None).await;
            if matches!(says, Says::Unwanted | Says::Gone) {
                return says;
            }
        }
    }

    /// Tells the answer until it is received, or seems never to be.
    async fn answer(&self, asked: &Asked, answer: Answer) -> Says {
        let mut answer = answer;
        for _ in 0..TELLINGS {
            match self.say(asked, Some(&answer)).await {
                Says::TooLarge => answer = Answer::Fault("what Lean says is larger than the NATS server takes (`max_payload`)".to_owned()),
                says @ (Says::Wanted | Says::Unwanted) => return says,
                Says::Gone | Says::Nothing => tokio::time::sleep(PAUSE).await,
            }
        }
        Says::Gone
    }

    async fn say(&self, asked: &Asked, answer: Option<&Answer>) -> Says {
        let word = serde_json::to_vec(&Word { id: asked.id, answer }).unwrap_or_default();
        let request = Request::new().payload(word.into()).timeout(Some(REPLY));
        match self.client.send_request(asked.asker.clone(), request).await {
            Ok(reply) if *reply.payload == *WANTED => Says::Wanted,
            Ok(_) => Says::Unwanted,
            Err(error) => match error.kind() {
                RequestErrorKind::NoResponders => Says::Gone,
                RequestErrorKind::MaxPayloadExceeded => Says::TooLarge,
                _ => Says::Nothing,
            },
        }
    }
}

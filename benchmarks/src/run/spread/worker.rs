//! Who works: takes attempts as long as there are any, and sends what came of them.

use super::{Machine, Record, SILENCE, TASKS, Task, results, results_of};
use crate::run::{Outcome, attempt};
use async_nats::jetstream::{AckKind, Context, Message, context::PublishError, message::PublishMessage};
use futures_util::future::join_all;
use prove_agent::Agent;
use prove_spread::{PAUSE, Queue, ServerError, Taker, connect, farewell, in_work, told_to};
use std::num::NonZeroUsize;
use tokio::sync::watch;

/// An attempt that so many workers were given and none has finished is given up as a fault: it may be what ends them.
const MOST_DELIVERIES: i64 = 5;

/// What a worker tells of itself.
#[derive(Clone, Debug)]
pub enum Event<'a> {
    /// It begins with an attempt.
    Began {
        /// The problem's name.
        problem: &'a str,
        /// Which attempt.
        attempt: u32,
    },
    /// The record of an attempt is on its way.
    Ended(&'a Record),
}

/// Works, `at_once` attempts at a time, until `stop` says so; attempts in work are then given back.
///
/// # Errors
/// The server cannot be reached at the start. Later the worker waits for it.
pub async fn work(
    server: &str,
    agent: &Agent,
    machine: &Machine,
    at_once: NonZeroUsize,
    stop: watch::Receiver<bool>,
    told: &(dyn Fn(Event<'_>) + Sync),
) -> Result<(), ServerError> {
    let context = connect(server).await?;
    let name = machine.name();
    let taker = Queue::open(&context, TASKS).await?.taker(name.clone(), format!("prove.task.{name}.>")).await?;
    results(&context).await?;
    let worker = Worker { agent, context, stop, told };
    join_all((0..at_once.get()).map(|_| worker.run(taker.clone()))).await;
    farewell(&worker.context).await;
    Ok(())
}

struct Worker<'a> {
    agent: &'a Agent,
    context: Context,
    stop: watch::Receiver<bool>,
    told: &'a (dyn Fn(Event<'_>) + Sync),
}

impl Worker<'_> {
    /// One attempt after the other.
    async fn run(&self, mut taker: Taker) {
        loop {
            let next = tokio::select! {
                next = taker.next() => next,
                () = told_to(&self.stop) => return,
            };
            match next {
                Some(message) => self.handle(&message).await,
                None => continue,
            }
        }
    }

    async fn handle(&self, message: &Message) {
        // A message that is no attempt, or none of the stream's, is never one.
        let (Ok(task), Ok(info)) = (serde_json::from_slice::<Task>(&message.payload), message.info()) else {
            let _ = message.ack_with(AckKind::Term).await;
            return;
        };
        let record = if info.delivered > MOST_DELIVERIES {
            let given_up = format!("{MOST_DELIVERIES} workers were given it, and none came to an end");
            Record::without_search(&task.problem, task.attempt, Outcome::Fault, &given_up)
        } else {
            (self.told)(Event::Began { problem: &task.problem.name, attempt: task.attempt });
            let work = attempt(self.agent, &task.plan, &task.problem, task.attempt);
            tokio::select! {
                record = in_work(message, SILENCE, work) => record,
                () = told_to(&self.stop) => {
                    // Somebody else may have it at once.
                    let _ = message.ack_with(AckKind::Nak(None)).await;
                    return;
                }
            }
        };
        (self.told)(Event::Ended(&record));
        // Two workers that were given the same message send the same record; the server keeps one.
        let id = format!("{}.{}", task.run, info.stream_sequence);
        let payload = serde_json::to_vec(&record).unwrap_or_default();
        while self.send(results_of(&task.run), &id, payload.clone()).await.is_err() {
            tokio::select! {
                () = tokio::time::sleep(PAUSE) => {}
                () = told_to(&self.stop) => return,
            }
        }
        // Where this is lost, the attempt is made again, and its record is known.
        let _ = message.double_ack().await;
    }

    async fn send(&self, subject: String, id: &str, payload: Vec<u8>) -> Result<(), PublishError> {
        let message = PublishMessage::build().payload(payload.into()).message_id(id);
        self.context.send_publish(subject, message).await?.await.map(drop)
    }
}

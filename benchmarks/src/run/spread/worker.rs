//! Who works: takes attempts as long as there are any, and sends what came of them.

use super::{Machine, PAUSE, Record, SILENCE, SpreadError, Task, connect, consumer, publish, results, results_of, tasks};
use crate::run::{Outcome, attempt};
use async_nats::jetstream::{AckKind, Context, Message, consumer::PullConsumer};
use futures_util::{StreamExt, future::join_all};
use prove_agent::Agent;
use std::{num::NonZeroUsize, pin::pin, time::Duration};
use tokio::sync::watch;

/// How long the server is asked to wait for an attempt before it is asked anew.
const WAIT: Duration = Duration::from_secs(20);
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
) -> Result<(), SpreadError> {
    let context = connect(server).await?;
    let worker = Worker { agent, machine, context, stop, told };
    worker.consumer().await?;
    results(&worker.context).await?;
    join_all((0..at_once.get()).map(|_| worker.run())).await;
    // What was given back is to be known before this process ends; where the server is away, its silence tells.
    let _ = worker.context.client().flush().await;
    Ok(())
}

struct Worker<'a> {
    agent: &'a Agent,
    machine: &'a Machine,
    context: Context,
    stop: watch::Receiver<bool>,
    told: &'a (dyn Fn(Event<'_>) + Sync),
}

impl Worker<'_> {
    /// One attempt after the other.
    async fn run(&self) {
        loop {
            let next = tokio::select! {
                next = self.next() => next,
                () = self.stopped() => return,
            };
            match next {
                Some(message) => self.handle(&message).await,
                None => continue,
            }
        }
    }

    /// The next attempt, if there is one within some time.
    async fn next(&self) -> Option<Message> {
        if let Ok(consumer) = self.consumer().await
            && let Ok(mut batch) = consumer.batch().max_messages(1).expires(WAIT).messages().await
        {
            match batch.next().await {
                None => return None,
                Some(Ok(message)) => return Some(message),
                Some(Err(_)) => {}
            }
        }
        // The server is away.
        tokio::time::sleep(PAUSE).await;
        None
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
            let Some(record) = self.attempt(&task, message).await else {
                // Somebody else may have it at once.
                let _ = message.ack_with(AckKind::Nak(None)).await;
                return;
            };
            record
        };
        (self.told)(Event::Ended(&record));
        // Two workers that were given the same message send the same record; the server keeps one.
        let id = format!("{}.{}", task.run, info.stream_sequence);
        let payload = serde_json::to_vec(&record).unwrap_or_default();
        while publish(&self.context, results_of(&task.run), Some(id.clone()), payload.clone()).await.is_err() {
            tokio::select! {
                () = tokio::time::sleep(PAUSE) => {}
                () = self.stopped() => return,
            }
        }
        // Where this is lost, the attempt is made again, and its record is known.
        let _ = message.double_ack().await;
    }

    /// Makes an attempt and says meanwhile that it is in work; `None` if it was told to stop.
    async fn attempt(&self, task: &Task, message: &Message) -> Option<Record> {
        let mut work = pin!(attempt(self.agent, &task.plan, &task.problem, task.attempt));
        let mut signs = tokio::time::interval(SILENCE / 3);
        loop {
            tokio::select! {
                record = &mut work => return Some(record),
                () = self.stopped() => return None,
                _ = signs.tick() => {
                    // The next one will do, too.
                    let _ = message.ack_with(AckKind::Progress).await;
                }
            }
        }
    }

    async fn consumer(&self) -> Result<PullConsumer, SpreadError> {
        let machine = self.machine.name();
        consumer(&tasks(&self.context).await?, machine.clone(), format!("prove.task.{machine}.>")).await
    }

    async fn stopped(&self) {
        // A sender that is gone says nothing any more.
        if self.stop.clone().wait_for(|stop| *stop).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

//! Who has the run's folder: hands attempts out, and writes down what came of them.

use super::{Record, SILENCE, SpreadError, TASKS, Task, results, results_of};
use crate::{
    run::{Folder, Outcome, Tally},
    suite::Problem,
};
use async_nats::jetstream::{
    Context, Message,
    consumer::{PullConsumer, pull},
};
use futures_util::{StreamExt, future::join_all, stream};
use prove_spread::{PAUSE, Queue, ServerError, connect};
use prove_store::StoreError;
use std::{
    collections::HashMap,
    pin::pin,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::{Semaphore, oneshot};

/// Attempts handed out at a time.
const HANDED_OUT: usize = 4096;
/// An attempt without a record is handed out again after so long, in case that the server lost it. Where it did not, that is refused.
const AGAIN: Duration = Duration::from_secs(60);
/// Records fetched at a time that workers sent while nobody had the folder.
const FETCHED: usize = 256;

/// A problem's name and the number of the attempt.
type Id = (String, u32);

/// Runs what is left of a run on whatever workers there are, and tells of each problem when it is settled, as [`crate::run::run`] does.
pub async fn run(server: &str, folder: &Folder, settled: impl FnMut(&[Record], Tally)) -> Result<Tally, SpreadError> {
    let context = connect(server).await?;
    let coordinator = Coordinator {
        run: folder.name().map_err(|(path, error)| SpreadError::Name { path, error })?,
        places: folder.problems.iter().enumerate().map(|(place, problem)| (problem.name.as_str(), place)).collect(),
        room: Semaphore::new(HANDED_OUT),
        book: Mutex::default(),
        folder,
        tasks: Queue::open(&context, TASKS).await?,
        context,
    };
    coordinator.catch_up(&coordinator.consumer().await?).await?;
    let tally = tokio::select! {
        tally = coordinator.settle_all(settled) => tally,
        failed = coordinator.collect() => return Err(failed),
    };
    coordinator.clear_away().await;
    Ok(tally)
}

struct Coordinator<'a> {
    /// The run's name on the server.
    run: String,
    folder: &'a Folder,
    places: HashMap<&'a str, usize>,
    context: Context,
    tasks: Queue,
    room: Semaphore,
    book: Mutex<Book>,
}

/// What came, and who waits.
#[derive(Default)]
struct Book {
    done: HashMap<Id, Record>,
    waiting: HashMap<Id, oneshot::Sender<Record>>,
}

impl Coordinator<'_> {
    async fn settle_all(&self, mut settled: impl FnMut(&[Record], Tally)) -> Tally {
        let problems = &self.folder.problems;
        let mut tally = Tally { problems: problems.len(), ..Tally::default() };
        let work = problems.iter().map(|problem| self.settle(problem));
        let mut work = pin!(stream::iter(work).buffer_unordered(HANDED_OUT));
        while let Some(records) = work.next().await {
            tally.add(&records);
            settled(&records, tally);
        }
        tally
    }

    /// All attempts at one problem: the first, which tells whether its statement is supported, then the others at once.
    async fn settle(&self, problem: &Problem) -> Vec<Record> {
        let first = self.attempt(problem, 0).await;
        if first.outcome == Outcome::Unsupported {
            return vec![first];
        }
        let others = join_all((1..self.folder.plan.attempts).map(|attempt| self.attempt(problem, attempt))).await;
        [vec![first], others].concat()
    }

    async fn attempt(&self, problem: &Problem, attempt: u32) -> Record {
        if let Some(record) = self.folder.finished(problem, attempt) {
            return record.clone();
        }
        // It is never closed.
        let _room = self.room.acquire().await;
        let id = (problem.name.clone(), attempt);
        let mut record = {
            let mut book = self.book();
            match book.done.get(&id) {
                Some(record) if record.outcome != Outcome::Fault => return record.clone(),
                _ => {}
            }
            let (waiting, record) = oneshot::channel();
            book.waiting.insert(id, waiting);
            record
        };
        let task = Task { run: self.run.clone(), plan: self.folder.plan.clone(), problem: problem.clone(), attempt };
        loop {
            // Refused where it is waiting or in work already; where the server is away, the next time will do.
            let payload = serde_json::to_vec(&task).unwrap_or_default();
            let handed_out = self.tasks.publish(task.subject(), payload);
            tokio::select! {
                Ok(record) = &mut record => return record,
                _ = async { drop(handed_out.await); tokio::time::sleep(AGAIN).await } => {}
            }
        }
    }

    /// Takes in what workers sent while nobody had the folder, so that it is not handed out again.
    async fn catch_up(&self, consumer: &PullConsumer) -> Result<(), SpreadError> {
        loop {
            let mut batch = consumer.fetch().max_messages(FETCHED).messages().await.map_err(ServerError::new)?;
            let mut any = false;
            while let Some(message) = batch.next().await {
                self.take(&message.map_err(ServerError::new)?).await?;
                any = true;
            }
            if !any {
                return Ok(());
            }
        }
    }

    /// Takes in what workers send. Returns only what makes going on impossible.
    async fn collect(&self) -> SpreadError {
        loop {
            if let Ok(consumer) = self.consumer().await
                && let Ok(mut messages) = consumer.messages().await
            {
                while let Some(Ok(message)) = messages.next().await {
                    if let Err(error) = self.take(&message).await {
                        return error.into();
                    }
                }
            }
            // The server is away, or has forgotten its consumers.
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Writes a record down, tells who waits for it, and only then lets the server forget it.
    async fn take(&self, message: &Message) -> Result<(), StoreError> {
        if let Ok(record) = serde_json::from_slice::<Record>(&message.payload)
            && let Some(problem) = self.places.get(record.problem.as_str()).map(|place| &self.folder.problems[*place])
        {
            self.write(problem, record)?;
        }
        // A record that is not forgotten comes again, and is known.
        let _ = message.ack().await;
        Ok(())
    }

    fn write(&self, problem: &Problem, record: Record) -> Result<(), StoreError> {
        let id = (record.problem.clone(), record.attempt);
        let mut book = self.book();
        let known = self.folder.finished(problem, record.attempt).or(book.done.get(&id));
        if known.is_some_and(|known| known.outcome != Outcome::Fault) {
            return Ok(());
        }
        self.folder.record(problem, &record)?;
        if let Some(waiting) = book.waiting.remove(&id) {
            // Who is gone needs no answer.
            let _ = waiting.send(record.clone());
        }
        book.done.insert(id, record);
        Ok(())
    }

    /// Removes what the run left on the server: the attempts that were made twice. It would go by itself in time.
    async fn clear_away(&self) {
        let machine = super::Machine::of(&self.folder.plan).name();
        if let Ok(tasks) = self.tasks.stream().await {
            let _ = tasks.purge().filter(format!("prove.task.{machine}.{}.>", self.run)).await;
        }
        if let Ok(results) = results(&self.context).await {
            let _ = results.delete_consumer(&self.run).await;
            let _ = results.purge().filter(results_of(&self.run)).await;
        }
    }

    async fn consumer(&self) -> Result<PullConsumer, ServerError> {
        let config = pull::Config {
            durable_name: Some(self.run.clone()),
            filter_subject: results_of(&self.run),
            ack_wait: SILENCE,
            max_ack_pending: 100_000,
            ..pull::Config::default()
        };
        results(&self.context).await?.get_or_create_consumer(&self.run, config).await.map_err(ServerError::new)
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        // Every step under the lock leaves it whole, so a panic elsewhere does not spoil it.
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

//! The pool of Lean workers: who checks what, for how long, and what happens when a worker fails.
//!
//! A caller hands in a [`Job`] and gets exactly one [`Outcome`]. Between the two the job waits in a bounded queue, is given a
//! place ([`places`]), is tried there under limits of time and memory ([`attempt`]) and, if the machinery failed rather than
//! the job, is tried again elsewhere ([`run`]). What a worker reports is passed on untouched: a failing worker can make a
//! [`Outcome::Fault`], never a report.
//!
//! Each job runs in a task of its own, so the pool keeps its workers busy however seldom its callers are polled. Dropping the
//! future of [`WorkerPool::submit`] takes the job out of the queue, or gives its running check a short grace to finish (which
//! keeps the worker warm) before the worker is killed.

mod attempt;
mod config;
mod places;
mod run;
mod stats;

pub use config::{Backoff, PoolConfig};
pub use stats::PoolStats;

use crate::worker::{Job, Report, Spawner};
use places::{Line, Places, Warm};
use prove_core::Fault;
use stats::Counters;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{Semaphore, oneshot, watch};

/// What became of a job.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// A worker elaborated the text; whether it elaborated *well* is in the report.
    Done(Report),
    /// The check ran past its wall limit.
    Timeout,
    /// The machinery failed at every try. Says nothing about the text.
    Fault(Fault),
}

impl Outcome {
    fn fault(message: impl Into<String>) -> Outcome {
        Outcome::Fault(Fault { message: message.into() })
    }

    fn closed() -> Outcome {
        Outcome::fault("the worker pool has been shut down")
    }
}

/// How to end a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shutdown {
    /// Accepted jobs, queued ones included, are answered first.
    Drain,
    /// Running and queued jobs end as faults at once.
    Cancel,
}

/// A pool of workers of one kind. Clones share the pool; its methods need a tokio runtime.
#[derive(Clone)]
pub struct WorkerPool {
    shared: Arc<Shared>,
}

impl WorkerPool {
    /// A pool without any worker yet; each starts when a job first needs it.
    pub fn new(config: PoolConfig, spawner: impl Spawner + 'static) -> WorkerPool {
        let shared = Shared {
            places: Mutex::new(Places::new(config.workers.get())),
            queue: Arc::new(Semaphore::new(config.queue.get())),
            counters: Counters::default(),
            running: watch::Sender::new(0),
            cut: watch::Sender::new(false),
            spawner: Box::new(spawner),
            config,
        };
        WorkerPool { shared: Arc::new(shared) }
    }

    /// Checks one job on any worker. Waits while the queue is full. Dropping the future cancels the job.
    pub async fn submit(&self, job: Job) -> Outcome {
        let Ok(permit) = self.shared.queue.clone().acquire_owned().await else {
            return Outcome::closed();
        };
        run::start(&self.shared, job, run::Entry::Queued(permit)).await.0
    }

    /// Reserves a worker for several jobs in a row, preferably one warm with `header`. Waits its turn like a job.
    ///
    /// # Errors
    /// The pool has been shut down.
    pub async fn lease(&self, header: &Arc<str>) -> Result<Lease, Fault> {
        let closed = || Fault { message: "the worker pool has been shut down".into() };
        let permit = self.shared.queue.acquire().await.map_err(|_| closed())?;
        let _running = Running::begin(&self.shared).ok_or_else(closed)?;
        let ticket = tokio::select! {
            ticket = self.shared.acquire(header, Line::Back) => ticket,
            () = self.shared.is_cut() => None,
        };
        drop(permit);
        Ok(Lease { ticket: Some(ticket.ok_or_else(closed)?), shared: self.shared.clone() })
    }

    /// The counters as they are now.
    pub fn stats(&self) -> PoolStats {
        self.shared.counters.snapshot()
    }

    /// Jobs waiting for a worker.
    pub fn waiting(&self) -> usize {
        self.shared.places().waiting()
    }

    /// Ends the pool and all its workers, leased ones included; returns when no job is running and every worker was killed.
    /// Whatever is handed in afterwards, or still waited for room in the queue, ends as a fault.
    pub async fn shutdown(&self, how: Shutdown) {
        self.shared.queue.close();
        self.shared.places().close();
        if how == Shutdown::Cancel {
            self.shared.cut.send_replace(true);
        }
        // The sender lives in `shared`, so waiting cannot fail.
        let _ = self.shared.running.subscribe().wait_for(|running| *running == 0).await;
        self.shared.cut.send_replace(true);
        let workers = self.shared.places().take_workers();
        drop(workers);
    }
}

/// One worker's place, reserved. Jobs run on it one after the other and find it warm; after a failure the next check goes on
/// with a fresh worker. Dropping the lease gives the place back.
pub struct Lease {
    shared: Arc<Shared>,
    /// `None` after a failure, or when the future of a check was dropped: then the next check waits for a place first.
    ticket: Option<Ticket>,
}

impl Lease {
    /// Checks one job on the reserved worker, with the pool's limits and retries. Dropping the future cancels the job.
    pub async fn check(&mut self, job: Job) -> Outcome {
        let (outcome, ticket) = run::start(&self.shared, job, run::Entry::Leased(self.ticket.take())).await;
        self.ticket = ticket;
        outcome
    }
}

/// What the pool's tasks share.
struct Shared {
    config: PoolConfig,
    spawner: Box<dyn Spawner>,
    places: Mutex<Places<oneshot::Sender<Ticket>>>,
    /// Room in the queue: a job holds a permit from its acceptance until it has a place.
    queue: Arc<Semaphore>,
    counters: Counters,
    /// Jobs accepted and not yet answered.
    running: watch::Sender<usize>,
    /// Whether running jobs are to stop.
    cut: watch::Sender<bool>,
}

impl Shared {
    fn places(&self) -> MutexGuard<'_, Places<oneshot::Sender<Ticket>>> {
        // Every step under the lock leaves the places consistent, so a panic elsewhere does not spoil them.
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn is_cut(&self) {
        // The sender lives in `self`, so waiting cannot fail.
        let _ = self.cut.subscribe().wait_for(|cut| *cut).await;
    }

    /// Waits for a place. Dropping the future leaves the queue, or passes on a place granted meanwhile.
    async fn acquire(self: &Arc<Self>, header: &Arc<str>, line: Line) -> Option<Ticket> {
        let mut waiting = {
            let mut places = self.places();
            if let Some(place) = places.take(header) {
                return Some(Ticket { shared: self.clone(), place });
            }
            let (grant, granted) = oneshot::channel();
            Waiting { shared: self, id: Some(places.line_up(header.clone(), line, grant)), granted }
        };
        let ticket = (&mut waiting.granted).await.ok();
        waiting.id = None;
        ticket
    }
}

/// A job's place in the queue, left when dropped.
struct Waiting<'a> {
    shared: &'a Shared,
    id: Option<u64>,
    granted: oneshot::Receiver<Ticket>,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if let Some(id) = self.id {
            self.shared.places().leave(id);
        }
    }
}

/// The right to one place. Dropping it frees the place or passes it on to the next job waiting.
struct Ticket {
    shared: Arc<Shared>,
    place: usize,
}

impl Ticket {
    fn take_worker(&self) -> Option<Warm> {
        self.shared.places().take_worker(self.place)
    }

    fn put_worker(&self, warm: Warm) {
        let refused = self.shared.places().put_worker(self.place, warm);
        drop(refused);
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let next = self.shared.places().release(self.place);
        if let Some(waiter) = next {
            // If that job has just gone, the ticket is dropped with its channel, and the place goes to the one after.
            let _ = waiter.grant.send(Ticket { shared: self.shared.clone(), place: self.place });
        }
    }
}

/// Counts a job as running until dropped.
struct Running {
    shared: Arc<Shared>,
}

impl Running {
    /// `None` on a closed pool. Under the lock, so that a shutdown sees either the count or nothing ever of the job.
    fn begin(shared: &Arc<Shared>) -> Option<Running> {
        let places = shared.places();
        if places.is_closed() {
            return None;
        }
        shared.running.send_modify(|running| *running += 1);
        Some(Running { shared: shared.clone() })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.shared.running.send_modify(|running| *running -= 1);
    }
}

#[cfg(test)]
mod tests;

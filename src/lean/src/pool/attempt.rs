//! One try of a job at one place: a worker is started if there is none, and the check runs under its limits.

use super::{
    Ticket,
    places::{Warm, same_imports},
};
use crate::worker::{Job, MemoryGauge, Report, WorkerError};
use std::{sync::Arc, time::Duration};
use tokio::time::{Instant, sleep, timeout};

/// How a try ended. After anything but `Done` the place is cold.
pub(super) enum Attempt {
    Done(Report),
    Timeout,
    /// The worker failed.
    Failed(WorkerError),
    /// The worker was killed at this many resident bytes.
    OverMemory(u64),
    /// `gone` came first.
    Cut,
}

/// Tries `job` with the ticket's worker until `gone` is ready.
pub(super) async fn attempt(ticket: &Ticket, job: &Job, gone: impl Future<Output = ()>) -> Attempt {
    tokio::pin!(gone);
    // A worker of other imports would have to load these within the check's limit; a fresh one loads them within its own.
    let mut warm = match ticket.take_worker().filter(|warm| same_imports(&warm.header, &job.header)) {
        Some(warm) => {
            if warm.header == job.header {
                ticket.shared.counters.affinity_hits.bump();
            }
            warm
        }
        None => tokio::select! {
            biased;
            started = start(ticket, &job.header) => match started {
                Ok(warm) => warm,
                Err(error) => return Attempt::Failed(error),
            },
            () = &mut gone => return Attempt::Cut,
        },
    };

    let config = &ticket.shared.config;
    // Asked anew each time: a session may have replaced its process.
    let gauge = warm.worker.memory_gauge();
    let limit = (!warm.worker.keeps_time()).then_some(job.limits.wall);
    let began = Instant::now();
    let ended = tokio::select! {
        biased;
        answer = warm.worker.check(job) => match answer {
            Ok(report) => Attempt::Done(report),
            Err(WorkerError::Timeout { .. }) => Attempt::Timeout,
            Err(error) => Attempt::Failed(error),
        },
        () = past(limit) => Attempt::Timeout,
        bytes = outgrown(gauge, config.max_resident_bytes, config.memory_poll) => Attempt::OverMemory(bytes),
        () = &mut gone => Attempt::Cut,
    };
    ticket.shared.counters.add_busy(began.elapsed());
    if let Attempt::Done(_) = ended {
        warm.header = job.header.clone();
        warm.checks += 1;
        put_back_or_recycle(ticket, warm);
    }
    ended
}

async fn start(ticket: &Ticket, header: &Arc<str>) -> Result<Warm, WorkerError> {
    let shared = &ticket.shared;
    shared.counters.spawns.bump();
    if shared.places().started(ticket.place) {
        shared.counters.restarts.bump();
    }
    let limit = shared.config.spawn_timeout;
    // A start has no job to blame: its time-out is the worker's failure.
    let late = |limit: Duration| WorkerError::Spawn(format!("it was not ready after {limit:?}"));
    let worker = match timeout(limit, shared.spawner.spawn(header)).await {
        Ok(Ok(worker)) => worker,
        Ok(Err(WorkerError::Timeout { limit })) => return Err(late(limit)),
        Ok(Err(error)) => return Err(error),
        Err(_) => return Err(late(limit)),
    };
    Ok(Warm { worker, header: header.clone(), checks: 0 })
}

/// Waits until `limit` is over.
async fn past(limit: Option<Duration>) {
    match limit {
        Some(limit) => sleep(limit).await,
        None => std::future::pending().await,
    }
}

/// Waits until the worker's resident memory is above `limit`.
async fn outgrown(gauge: Option<MemoryGauge>, limit: Option<u64>, poll: Duration) -> u64 {
    let (Some(gauge), Some(limit)) = (gauge, limit) else {
        return std::future::pending().await;
    };
    loop {
        sleep(poll).await;
        if let Some(bytes) = gauge().filter(|bytes| *bytes > limit) {
            return bytes;
        }
    }
}

/// The check is done: its worker goes back to its place, unless it has served long enough or grown too much.
fn put_back_or_recycle(ticket: &Ticket, warm: Warm) {
    let config = &ticket.shared.config;
    ticket.shared.places().succeeded(ticket.place);
    let limit = [config.recycle_resident_bytes, config.max_resident_bytes].into_iter().flatten().min();
    let grown = limit.is_some_and(|limit| warm.worker.resident_bytes().is_some_and(|bytes| bytes > limit));
    if grown || warm.checks >= config.max_checks_per_worker {
        ticket.shared.counters.recycled.bump();
    } else {
        ticket.put_worker(warm);
    }
}

//! The life of one job: places, tries and the decision to try again.
//!
//! A time-out is an answer. A worker that failed is no answer: its place rests for the back-off, and the job goes to the front
//! of the queue for another place. A worker that outgrew its memory gets one fresh successor at the same place.

use super::{
    Line, Outcome, Running, Shared, Ticket,
    attempt::{Attempt, attempt},
};
use crate::worker::Job;
use std::sync::Arc;
use tokio::{
    sync::{OwnedSemaphorePermit, oneshot},
    time::sleep,
};

/// How a job comes in.
pub(super) enum Entry {
    /// With its permit to wait in the queue; its place is freed when it is answered.
    Queued(OwnedSemaphorePermit),
    /// Under a lease, which keeps the place.
    Leased(Option<Ticket>),
}

type Answer = (Outcome, Option<Ticket>);

/// Runs the job in its own task and waits for the answer; a lease gets its ticket back.
pub(super) async fn start(shared: &Arc<Shared>, job: Job, entry: Entry) -> Answer {
    let Some(running) = Running::begin(shared) else {
        return (Outcome::closed(), None);
    };
    let (mut answer, answered) = oneshot::channel::<Answer>();
    let task_shared = shared.clone();
    tokio::spawn(async move {
        let leased = matches!(entry, Entry::Leased(_));
        let (outcome, ticket) = run(&task_shared, &job, entry, &mut answer).await;
        // A lease keeps its place; any other place is freed now, not when the caller is next polled.
        let ticket = ticket.filter(|_| leased);
        // The caller may have gone; then the place is freed here.
        let _ = answer.send((outcome, ticket));
        drop(running);
    });
    answered.await.unwrap_or_else(|_| {
        shared.counters.faults.bump();
        (Outcome::fault("the worker's code panicked"), None)
    })
}

async fn run(shared: &Arc<Shared>, job: &Job, entry: Entry, answer: &mut oneshot::Sender<Answer>) -> Answer {
    let counters = &shared.counters;
    let (mut held, mut permit) = match entry {
        Entry::Queued(permit) => (None, Some(permit)),
        Entry::Leased(ticket) => (ticket, None),
    };
    let mut tries = 0;
    let mut outgrown = false;
    loop {
        let ticket = match held.take() {
            Some(ticket) => Some(ticket),
            None => {
                let line = if permit.is_some() { Line::Back } else { Line::Front };
                tokio::select! {
                    biased;
                    () = answer.closed() => None,
                    () = shared.is_cut() => None,
                    ticket = shared.acquire(&job.header, line) => ticket,
                }
            }
        };
        let Some(ticket) = ticket else {
            counters.cancelled.bump();
            return (Outcome::closed(), None);
        };
        permit = None;

        tries += 1;
        let last = tries > shared.config.retries;
        let why = match attempt(&ticket, job, gone(shared, answer)).await {
            Attempt::Done(report) => {
                counters.checks.bump();
                return (Outcome::Done(report), Some(ticket));
            }
            Attempt::Timeout => {
                counters.timeouts.bump();
                return (Outcome::Timeout, Some(ticket));
            }
            Attempt::Cut => {
                counters.cancelled.bump();
                return (Outcome::closed(), None);
            }
            Attempt::OverMemory(bytes) => {
                counters.memory_kills.bump();
                let why = format!("it was killed at {} MiB of resident memory", bytes >> 20);
                held = Some(ticket);
                if std::mem::replace(&mut outgrown, true) {
                    counters.faults.bump();
                    return (Outcome::fault(format!("the Lean worker outgrew its memory twice; {why}")), held);
                }
                why
            }
            Attempt::Failed(error) => {
                rest(ticket);
                error.to_string()
            }
        };
        if last {
            counters.faults.bump();
            return (Outcome::fault(format!("no Lean worker could do this check in {tries} tries; the last: {why}")), held);
        }
        counters.retries.bump();
    }
}

/// Ready when the answer is wanted no more: the pool is being cut off, or the caller went away and the grace is over.
async fn gone(shared: &Shared, answer: &mut oneshot::Sender<Answer>) {
    let abandoned = async {
        answer.closed().await;
        sleep(shared.config.cancel_grace).await;
    };
    tokio::select! {
        () = abandoned => {}
        () = shared.is_cut() => {}
    }
}

/// Keeps a place whose worker failed out of use for the back-off.
fn rest(ticket: Ticket) {
    let failures = ticket.shared.places().failed(ticket.place);
    let pause = ticket.shared.config.backoff.pause(failures);
    tokio::spawn(async move {
        tokio::select! {
            () = sleep(pause) => {}
            () = ticket.shared.is_cut() => {}
        }
    });
}

//! Who asks: a worker pool whose every job is made by another machine.

use super::{Answer, Asked, Machine, QUEUE, UNWANTED, WANTED, roll_call, waiting::Waiting};
use crate::{PAUSE, Queue, ServerError, connect};
use async_nats::{Client, Request, RequestErrorKind, StatusCode, Subscriber, jetstream::context::PublishErrorKind};
use futures_util::StreamExt;
use prove_lean::{BoxFuture, Job, PoolConfig, Report, Spawner, Worker, WorkerError, WorkerPool};
use std::{num::NonZeroUsize, sync::Arc, time::Duration};
use tokio::{
    task::JoinSet,
    time::{Instant, timeout_at},
};

/// Checks handed out at a time. They wait on the server, so there may be more than there are workers.
const HANDED_OUT: NonZeroUsize = NonZeroUsize::new(256).unwrap();
/// A check without an answer is handed out again after so long, in case that the server lost it. Where it did not, that is refused.
const AGAIN: Duration = Duration::from_secs(15);
/// How long machines have to answer the roll call at the beginning.
const ROLL_CALL: Duration = Duration::from_millis(300);
/// How often it is looked whether anybody is there to answer.
const LOOK: Duration = Duration::from_secs(5);
/// Checks that nobody was there to answer for so long are faults.
const PATIENCE: Duration = Duration::from_secs(60);

/// Why checks have had no answer for some seconds.
#[derive(Debug, thiserror::Error)]
pub enum Unanswered {
    /// No machine of the kind listens.
    #[error("no machine listens for checks")]
    Nobody,
    /// The server cannot be reached.
    #[error(transparent)]
    Server(ServerError),
}

/// A pool whose checks are made elsewhere.
pub struct Checks {
    /// The pool. What it reports is for a search to go by, and no verdict.
    pub pool: WorkerPool,
    /// Workers that listened when it was opened.
    pub listening: usize,
}

/// Has the checks of a new pool made by machines of this kind. `told` hears once when nobody answers; who comes later is found.
///
/// # Errors
/// The server cannot be reached, or has no JetStream.
pub async fn ask(server: &str, machine: &Machine, told: impl Fn(&Unanswered) + Send + Sync + 'static) -> Result<Checks, ServerError> {
    let context = connect(server).await?;
    let client = context.client().clone();
    let queue = Queue::open(&context, QUEUE).await?;
    let listening = count(&client, &machine.name()).await?;
    let asker = client.new_inbox();
    let words = client.subscribe(asker.clone()).await.map_err(ServerError::new)?;
    let desk = Arc::new(Desk { client, queue, machine: machine.name(), asker, waiting: Waiting::default() });
    let mut tasks = JoinSet::new();
    tasks.spawn(listen(desk.clone(), words));
    tasks.spawn(look(desk.clone(), told));
    // Whose caller has gone is not waited for: no worker of this machine would stay warm.
    let config = PoolConfig { workers: HANDED_OUT, cancel_grace: Duration::ZERO, max_checks_per_worker: u64::MAX, ..PoolConfig::default() };
    Ok(Checks { pool: WorkerPool::new(config, Elsewhere { desk, _tasks: tasks }), listening })
}

/// Starts workers that have their checks made elsewhere, which costs nothing.
struct Elsewhere {
    desk: Arc<Desk>,
    /// They end with the pool.
    _tasks: JoinSet<()>,
}

impl Spawner for Elsewhere {
    fn spawn<'a>(&'a self, _header: &'a str) -> BoxFuture<'a, Result<Box<dyn Worker>, WorkerError>> {
        Box::pin(async { Ok(Box::new(Remote(self.desk.clone())) as Box<dyn Worker>) })
    }
}

/// What is under way.
struct Desk {
    client: Client,
    queue: Queue,
    /// Who may answer.
    machine: String,
    /// Where answers come in.
    asker: String,
    waiting: Waiting,
}

impl Desk {
    /// Hands a check out until the server has it, and again in case that it lost it. Returns only if the server will never take it.
    async fn hand_out(&self, asked: &Asked) -> WorkerError {
        let process = self.asker.rsplit('.').next().unwrap_or_default();
        let subject = format!("prove.check.{}.{process}.{}", self.machine, asked.id);
        let payload = match serde_json::to_vec(asked) {
            Ok(payload) => payload,
            Err(error) => return WorkerError::Remote(error.to_string()),
        };
        loop {
            let pause = match self.queue.publish(subject.clone(), payload.clone()).await.map_err(|error| error.kind()) {
                Err(PublishErrorKind::MaxPayloadExceeded) => {
                    let large = format!("a check of {} bytes is larger than the NATS server takes (`max_payload`)", payload.len());
                    return WorkerError::Remote(large);
                }
                Err(PublishErrorKind::StreamNotFound | PublishErrorKind::TimedOut | PublishErrorKind::BrokenPipe) => {
                    // A server that forgot everything has no queue, either.
                    let _ = self.queue.stream().await;
                    PAUSE
                }
                // It has it, or says that it had it already.
                Ok(()) | Err(_) => AGAIN,
            };
            tokio::time::sleep(pause).await;
        }
    }
}

/// How many workers of this kind answer at once.
async fn count(client: &Client, machine: &str) -> Result<usize, ServerError> {
    let inbox = client.new_inbox();
    let mut answers = client.subscribe(inbox.clone()).await.map_err(ServerError::new)?;
    client.publish_with_reply(roll_call(machine), inbox, "".into()).await.map_err(ServerError::new)?;
    let (mut workers, until) = (0, Instant::now() + ROLL_CALL);
    while let Ok(Some(answer)) = timeout_at(until, answers.next()).await {
        if answer.status == Some(StatusCode::NO_RESPONDERS) {
            break;
        }
        workers += std::str::from_utf8(&answer.payload).ok().and_then(|count| count.parse::<usize>().ok()).unwrap_or_default();
    }
    Ok(workers)
}

/// Answers what workers ask, and passes on what they answer.
async fn listen(desk: Arc<Desk>, mut words: Subscriber) {
    while let Some(message) = words.next().await {
        let Some(reply) = message.reply else { continue };
        let wanted = serde_json::from_slice(&message.payload).is_ok_and(|word| desk.waiting.take(word));
        // Whom this does not reach asks again.
        let _ = desk.client.publish(reply, if wanted { WANTED } else { UNWANTED }.into()).await;
    }
}

/// Looks whether there is anybody to answer.
async fn look(desk: Arc<Desk>, told: impl Fn(&Unanswered)) {
    let mut alone = Alone::default();
    loop {
        tokio::time::sleep(LOOK).await;
        let call = Request::new().timeout(Some(LOOK));
        let why = match desk.client.send_request(roll_call(&desk.machine), call).await {
            _ if desk.waiting.is_empty() => None,
            Ok(_) => None,
            Err(error) if error.kind() == RequestErrorKind::NoResponders => Some(Unanswered::Nobody),
            Err(error) => Some(Unanswered::Server(ServerError::new(error))),
        };
        let then = alone.seen(Instant::now(), why.is_none());
        let Some(why) = why else { continue };
        match then {
            Then::Wait => {}
            Then::Tell => told(&why),
            Then::GiveUp => desk.waiting.give_up(&format!("{why}, for {PATIENCE:?}")),
        }
    }
}

/// How long nobody has been there.
#[derive(Default)]
struct Alone {
    since: Option<Instant>,
    told: bool,
}

/// What to do when nobody is there.
#[derive(Debug, PartialEq)]
enum Then {
    Wait,
    Tell,
    GiveUp,
}

impl Alone {
    /// Counts one look.
    fn seen(&mut self, now: Instant, somebody: bool) -> Then {
        if somebody {
            *self = Alone::default();
            return Then::Wait;
        }
        match self.since {
            // It may have lost the server for a moment.
            None => self.since = Some(now),
            Some(since) if now.duration_since(since) >= PATIENCE => return Then::GiveUp,
            Some(_) if !std::mem::replace(&mut self.told, true) => return Then::Tell,
            Some(_) => {}
        }
        Then::Wait
    }
}

/// A worker that has its checks made elsewhere.
struct Remote(Arc<Desk>);

impl Worker for Remote {
    fn check<'a>(&'a mut self, job: &'a Job) -> BoxFuture<'a, Result<Report, WorkerError>> {
        Box::pin(async {
            let desk = &self.0;
            let mut place = desk.waiting.enter();
            let asked = Asked::new(&desk.asker, place.id, job);
            let answer = tokio::select! {
                answer = &mut place.answer => answer,
                failed = desk.hand_out(&asked) => return Err(failed),
            };
            match answer {
                Ok(Answer::Done(report)) => Ok(report),
                Ok(Answer::Timeout) => Err(WorkerError::Timeout { limit: job.limits.wall }),
                Ok(Answer::Fault(message)) => Err(WorkerError::Remote(message)),
                Err(_) => Err(WorkerError::Remote("nobody waits for answers any more".to_owned())),
            }
        })
    }

    fn resident_bytes(&self) -> Option<u64> {
        None
    }

    fn keeps_time(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_alone_is_told_once_and_gives_up_in_the_end() {
        let (mut alone, began) = (Alone::default(), Instant::now());
        let mut look = |seconds, somebody| alone.seen(began + Duration::from_secs(seconds), somebody);
        assert_eq!([look(0, false), look(5, true), look(10, false)], [Then::Wait, Then::Wait, Then::Wait]);
        assert_eq!([look(15, false), look(20, false), look(65, false)], [Then::Tell, Then::Wait, Then::Wait]);
        assert_eq!([look(70, false), look(75, false)], [Then::GiveUp, Then::GiveUp]);
        assert_eq!([look(80, true), look(85, false), look(90, false)], [Then::Wait, Then::Wait, Then::Tell]);
    }
}

//! Runs a search against the world, with as many requests under way as the caller allows.
//!
//! Asking the policy and checking with Lean overlap here. There is no runtime inside: the futures of the policy, the environment
//! and the clock bring their own.

use crate::{
    event::Entry,
    runner::{Report, Runner, Strategy},
    task::{Reply, Request, Task},
    world::{Clock, Policy, ProofEnv},
};
use std::{
    future::Future,
    pin::{Pin, pin},
    task::{Context, Poll},
    time::Duration,
};

type Reading<'a> = Pin<Box<dyn Future<Output = Reply> + Send + 'a>>;

/// Who watches a search, and may know its replies already.
///
/// A search does the same whenever it gets the same replies. So one that was killed goes on by being started again with its
/// recorded replies at hand: it runs through them without a policy or an environment, to the state it was killed in.
pub trait Observer {
    /// The reply to a request, where it is known from an earlier run of the same search.
    fn recall(&mut self, _request: &Request) -> Option<Reply> {
        None
    }

    /// A request was answered just now, and not recalled.
    fn answered(&mut self, _request: &Request, _reply: &Reply) {}

    /// Whether [`Observer::event`] is of interest: making events costs time.
    fn wants_events(&self) -> bool {
        false
    }

    /// Something happened. Comes only from runners that keep events.
    fn event(&mut self, _entry: Entry) {}
}

/// Watches nothing.
impl Observer for () {}

/// Drives `runner` to its end with at most `concurrency` requests under way. What is still under way then is dropped.
pub async fn drive<S, P, E, C>(
    runner: &mut Runner<S>,
    policy: &P,
    env: &E,
    clock: &C,
    concurrency: usize,
    observer: &mut impl Observer,
) -> Report
where
    S: Strategy,
    P: Policy + Sync,
    E: ProofEnv + Sync,
    C: Clock,
{
    let wall = runner.budget().wall;
    let mut deadline = pin!(async {
        match wall {
            Some(wall) => clock.sleep_until(wall).await,
            None => std::future::pending().await,
        }
    });
    let mut due = None;
    let (mut policy_busy, mut env_busy) = (Duration::ZERO, Duration::ZERO);
    let mut under_way: Vec<(Request, Reading<'_>)> = Vec::new();
    loop {
        let room = concurrency.max(1).saturating_sub(under_way.len());
        let mut recalled = false;
        for request in runner.next_requests(room, due.unwrap_or_else(|| clock.elapsed())) {
            match observer.recall(&request) {
                Some(reply) => recalled |= runner.answer(request.id, reply),
                None => {
                    let reading = start(request.clone(), policy, env);
                    under_way.push((request, reading));
                }
            }
        }
        runner.take_events().into_iter().for_each(|entry| observer.event(entry));
        if let Some(mut report) = runner.report() {
            (report.spent.policy_busy, report.spent.env_busy) = (policy_busy, env_busy);
            return report;
        }
        if recalled {
            continue;
        }
        let waits_from = clock.elapsed();
        let asks = |(request, _): &(Request, Reading<'_>)| matches!(&*request.task, Task::Propose(_));
        let (policy_works, env_works) = (under_way.iter().any(asks), !under_way.iter().all(asks));
        std::future::poll_fn(|context| {
            if collect(&mut under_way, runner, observer, context) {
                return Poll::Ready(());
            }
            deadline.as_mut().poll(context).map(|()| due = wall)
        })
        .await;
        let waited = clock.elapsed().saturating_sub(waits_from);
        policy_busy += if policy_works { waited } else { Duration::ZERO };
        env_busy += if env_works { waited } else { Duration::ZERO };
    }
}

fn start<'a, P: Policy + Sync, E: ProofEnv + Sync>(request: Request, policy: &'a P, env: &'a E) -> Reading<'a> {
    Box::pin(async move {
        match &*request.task {
            Task::Propose(query) => match policy.propose(query).await {
                Ok((proposals, cost)) => Reply::Proposals { proposals, cost },
                Err(fault) => Reply::Fault(fault),
            },
            Task::Attempt(attempt) => match env.attempt(attempt).await {
                Ok((trials, cost)) => Reply::Trials { trials, cost },
                Err(fault) => Reply::Fault(fault),
            },
            Task::Check(check) => match env.check(check).await {
                Ok((checked, cost)) => Reply::Checked { checked, cost },
                Err(fault) => Reply::Fault(fault),
            },
        }
    })
}

/// Polls everything under way and hands finished replies over; whether there were any.
fn collect<S: Strategy>(
    under_way: &mut Vec<(Request, Reading<'_>)>,
    runner: &mut Runner<S>,
    observer: &mut impl Observer,
    context: &mut Context<'_>,
) -> bool {
    let before = under_way.len();
    under_way.retain_mut(|(request, reading)| match reading.as_mut().poll(context) {
        Poll::Ready(reply) => {
            observer.answered(request, &reply);
            runner.answer(request.id, reply);
            false
        }
        Poll::Pending => true,
    });
    under_way.len() < before
}

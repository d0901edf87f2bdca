//! Runs a search against the world, with as many requests under way as the caller allows.
//!
//! Asking the policy and checking with Lean overlap here. There is no runtime inside: the futures of the policy, the environment
//! and the clock bring their own.

use crate::{
    event::SearchEvent,
    runner::{Report, Runner, Strategy},
    task::{Reply, Request, RequestId, Task},
    world::{Clock, Policy, ProofEnv},
};
use std::{
    future::Future,
    pin::{Pin, pin},
    task::{Context, Poll},
};

type Reading<'a> = Pin<Box<dyn Future<Output = Reply> + Send + 'a>>;

/// Drives `runner` to its end with at most `concurrency` requests under way. What is still under way then is dropped.
pub async fn drive<S, P, E, C>(
    runner: &mut Runner<S>,
    policy: &P,
    env: &E,
    clock: &C,
    concurrency: usize,
    mut on_event: impl FnMut(SearchEvent),
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
    let mut under_way: Vec<(RequestId, Reading<'_>)> = Vec::new();
    loop {
        let room = concurrency.max(1).saturating_sub(under_way.len());
        for request in runner.next_requests(room, due.unwrap_or_else(|| clock.elapsed())) {
            under_way.push((request.id, start(request, policy, env)));
        }
        runner.take_events().into_iter().for_each(&mut on_event);
        if let Some(report) = runner.report() {
            return report;
        }
        std::future::poll_fn(|context| {
            if collect(&mut under_way, runner, context) {
                return Poll::Ready(());
            }
            deadline.as_mut().poll(context).map(|()| due = wall)
        })
        .await;
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
        }
    })
}

/// Polls everything under way and hands finished replies over; whether there were any.
fn collect<S: Strategy>(under_way: &mut Vec<(RequestId, Reading<'_>)>, runner: &mut Runner<S>, context: &mut Context<'_>) -> bool {
    let before = under_way.len();
    under_way.retain_mut(|(id, reading)| match reading.as_mut().poll(context) {
        Poll::Ready(reply) => {
            runner.answer(*id, reply);
            false
        }
        Poll::Pending => true,
    });
    under_way.len() < before
}

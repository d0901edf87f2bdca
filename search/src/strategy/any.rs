//! Strategies of different kinds side by side: searches inside other searches.

use crate::{
    event::Log,
    runner::Strategy,
    script::Script,
    task::{Reply, RequestId, Task},
};
use std::{collections::VecDeque, fmt};

/// A strategy of any kind. What it asks is about one theorem, whichever the search around it says.
pub struct AnyStrategy(Box<dyn Erased>);

impl AnyStrategy {
    /// Hides what kind of strategy it is.
    pub fn new<S>(strategy: S) -> AnyStrategy
    where
        S: Strategy + Send + 'static,
        S::Ticket: Send,
    {
        AnyStrategy(Box::new(Ticketed { strategy, tickets: VecDeque::new() }))
    }
}

impl Strategy for AnyStrategy {
    /// The strategy keeps its tickets by itself: replies come in the order of requests.
    type Ticket = ();

    fn next(&mut self, id: RequestId, allowance: u64, log: &mut Log) -> Option<(Task, ())> {
        self.0.next(id, allowance, log).map(|task| (task, ()))
    }

    fn commit(&mut self, (): (), task: &Task, reply: Reply, log: &mut Log) {
        self.0.commit(task, reply, log);
    }

    fn abandon(&mut self, _open: Vec<()>) {
        self.0.abandon();
    }

    fn solution(&self) -> Option<&Script> {
        self.0.solution()
    }

    fn progress(&self) -> u64 {
        self.0.progress()
    }

    fn satisfied(&self) -> bool {
        self.0.satisfied()
    }
}

impl fmt::Debug for AnyStrategy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AnyStrategy").field(&self.0.solution()).finish()
    }
}

struct Ticketed<S: Strategy> {
    strategy: S,
    /// Of the requests not answered yet, oldest first.
    tickets: VecDeque<S::Ticket>,
}

trait Erased: Send {
    fn next(&mut self, id: RequestId, allowance: u64, log: &mut Log) -> Option<Task>;
    fn commit(&mut self, task: &Task, reply: Reply, log: &mut Log);
    fn abandon(&mut self);
    fn solution(&self) -> Option<&Script>;
    fn progress(&self) -> u64;
    fn satisfied(&self) -> bool;
}

impl<S: Strategy + Send> Erased for Ticketed<S>
where
    S::Ticket: Send,
{
    fn next(&mut self, id: RequestId, allowance: u64, log: &mut Log) -> Option<Task> {
        let (task, ticket) = self.strategy.next(id, allowance, log)?;
        self.tickets.push_back(ticket);
        Some(task)
    }

    fn commit(&mut self, task: &Task, reply: Reply, log: &mut Log) {
        if let Some(ticket) = self.tickets.pop_front() {
            self.strategy.commit(ticket, task, reply, log);
        }
    }

    fn abandon(&mut self) {
        self.strategy.abandon(std::mem::take(&mut self.tickets).into());
    }

    fn solution(&self) -> Option<&Script> {
        self.strategy.solution()
    }

    fn progress(&self) -> u64 {
        self.strategy.progress()
    }

    fn satisfied(&self) -> bool {
        self.strategy.satisfied()
    }
}

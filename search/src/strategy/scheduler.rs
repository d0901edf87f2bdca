//! One budget over several strategies, none of which is best for every theorem.
//!
//! The strategies that say so run first, one after the other, until nothing is left of them: a portfolio costs a few checks and settles
//! most of what is easy. Then the others take turns of a fixed cost. A turn goes to the arm with the highest
//!
//! > weight · pay / (spent + lead)
//!
//! so in the long run costs are shared in the proportion weight · pay, and from the first turn on no arm is far from its share: the search
//! is anytime. `weight` and `lead` say what an arm was worth on other theorems: the chance that its next check closes the proof falls with
//! the checks it had, and the greedy choice follows the highest chance. `pay` is what the arm does on this theorem: the mean over its last
//! turns (discounted) of whether a turn found anything new, at least a tenth, so that a search that only repeats itself steps back.
//!
//! Costs are counted in checks, with a model's tokens converted. Measured seconds would be fairer, but two runs would then differ.
//! While the arm whose turn it is waits for replies, the next best arms may ask, so that workers and model stay busy.

use super::any::AnyStrategy;
use crate::{
    event::{Log, SearchEvent, SearchId},
    runner::Strategy,
    script::Script,
    task::{Reply, RequestId, Task},
};

/// How turns are given.
#[derive(Clone, Copy, Debug)]
pub struct SchedulerOptions {
    /// The cost of a turn, in checks.
    pub turn: f64,
    /// How much a model's token costs, in checks.
    pub token: f64,
    /// The weight of an arm's earlier turns in its pay, against 1 for the last.
    pub memory: f64,
}

impl Default for SchedulerOptions {
    /// A check of 50 ms costs as much as 50 tokens of a small model on one core.
    fn default() -> Self {
        SchedulerOptions { turn: 24.0, token: 0.02, memory: 4.0 }
    }
}

/// A strategy to schedule.
#[derive(Debug)]
pub struct Arm {
    name: &'static str,
    strategy: AnyStrategy,
    first: bool,
    weight: f64,
    lead: f64,
    search: Option<SearchId>,
    /// Requests under way.
    open: u64,
    spent: f64,
    /// Nothing is left to ask and nothing under way.
    exhausted: bool,
    pay: f64,
}

impl Arm {
    /// A strategy with its share of the cost; see the module text.
    pub fn new(name: &'static str, strategy: AnyStrategy, weight: f64, lead: f64) -> Arm {
        Arm { name, strategy, first: false, weight, lead, search: None, open: 0, spent: 0.0, exhausted: false, pay: 1.0 }
    }

    /// A strategy to run to its end before all that are not so.
    pub fn first(name: &'static str, strategy: AnyStrategy) -> Arm {
        Arm { first: true, ..Arm::new(name, strategy, 1.0, 1.0) }
    }

    fn score(&self) -> f64 {
        self.weight * self.pay.max(0.1) / (self.spent + self.lead)
    }
}

/// The strategy; see the module text.
#[derive(Debug)]
pub struct Scheduler {
    options: SchedulerOptions,
    arms: Vec<Arm>,
    turn: Option<Turn>,
    solution: Option<Script>,
}

#[derive(Clone, Copy, Debug)]
struct Turn {
    arm: usize,
    /// What the arm had spent and found when it began.
    spent: f64,
    progress: u64,
}

impl Scheduler {
    /// Arms of equal score take turns in this order.
    pub fn new(arms: Vec<Arm>, options: SchedulerOptions) -> Scheduler {
        Scheduler { options, arms, turn: None, solution: None }
    }

    /// What each arm has spent, in checks.
    pub fn spent(&self) -> impl Iterator<Item = (&'static str, f64)> {
        self.arms.iter().map(|arm| (arm.name, arm.spent))
    }

    /// The arms that may ask, best first. While one of the first arms lives, only it may.
    fn order(&self) -> Vec<usize> {
        let alive = |i: &usize| !self.arms[*i].exhausted;
        if let Some(first) = (0..self.arms.len()).filter(alive).find(|&i| self.arms[i].first) {
            return vec![first];
        }
        let mut order: Vec<usize> = (0..self.arms.len()).filter(alive).collect();
        order.sort_by(|&a, &b| self.arms[b].score().total_cmp(&self.arms[a].score()));
        order
    }

    /// Ends the turn if it is used up, and gives the next one.
    fn take_turns(&mut self, id: RequestId, log: &mut Log) {
        if let Some(turn) = self.turn {
            let arm = &mut self.arms[turn.arm];
            if !arm.exhausted && arm.spent - turn.spent < self.options.turn {
                return;
            }
            let found = f64::from(u8::from(arm.strategy.progress() > turn.progress));
            arm.pay = (arm.pay * self.options.memory + found) / (self.options.memory + 1.0);
        }
        self.turn = self.order().first().map(|&arm| {
            let Arm { name, spent, strategy, .. } = &self.arms[arm];
            log.record(|| SearchEvent::Turn { request: id, strategy: (*name).to_owned(), spent: *spent, score: self.arms[arm].score() });
            Turn { arm, spent: *spent, progress: strategy.progress() }
        });
    }

    fn ask(&mut self, arm: usize, id: RequestId, allowance: u64, log: &mut Log) -> Option<Task> {
        let arm = &mut self.arms[arm];
        let search = *arm.search.get_or_insert_with(|| log.begin(arm.name, None));
        let asked = log.inside(search, |log| arm.strategy.next(id, allowance, log));
        match asked {
            Some((task, ())) => {
                arm.open += 1;
                arm.spent += task.checks() as f64;
                Some(task)
            }
            None => {
                arm.exhausted = arm.open == 0;
                None
            }
        }
    }
}

impl Strategy for Scheduler {
    /// The arm.
    type Ticket = usize;

    fn next(&mut self, id: RequestId, allowance: u64, log: &mut Log) -> Option<(Task, usize)> {
        loop {
            self.take_turns(id, log);
            let turn = self.turn?.arm;
            let others = self.order().into_iter().filter(|&arm| arm != turn);
            for arm in std::iter::once(turn).chain(others) {
                if let Some(task) = self.ask(arm, id, allowance, log) {
                    return Some((task, arm));
                }
                // Whoever comes next may be one that had to wait for this arm to end.
                if arm == turn && self.arms[arm].exhausted {
                    break;
                }
            }
            if !self.arms[turn].exhausted {
                return None;
            }
        }
    }

    fn commit(&mut self, arm: usize, task: &Task, reply: Reply, log: &mut Log) {
        let Arm { strategy, search, open, spent, .. } = &mut self.arms[arm];
        *open -= 1;
        *spent += reply.cost().model_tokens as f64 * self.options.token;
        log.inside(search.unwrap_or_default(), |log| strategy.commit((), task, reply, log));
        if self.solution.is_none() {
            self.solution = strategy.solution().cloned();
        }
    }

    fn abandon(&mut self, _open: Vec<usize>) {
        // Every arm knows its own.
        self.arms.iter_mut().for_each(|arm| arm.strategy.abandon(Vec::new()));
    }

    fn solution(&self) -> Option<&Script> {
        self.solution.as_ref()
    }

    fn progress(&self) -> u64 {
        self.arms.iter().map(|arm| arm.strategy.progress()).sum()
    }
}

//! Several trees for one theorem, each with random streams of its own (*root parallelization*, section 3.4 of the paper).
//!
//! The trees take turns and share nothing but their end: a proof in one of them.

use super::{Job, Rmaxts, RmaxtsOptions};
use crate::{
    event::{Log, SearchId},
    runner::Strategy,
    script::Script,
    stream::Streams,
    task::{Reply, RequestId, Task},
};
use prove_core::ProofState;

/// The strategy; see the module text.
#[derive(Debug)]
pub struct Forest {
    trees: Vec<Rmaxts>,
    /// The trees' numbers in the log, once they have begun.
    searches: Vec<SearchId>,
    /// The tree whose turn it is.
    turn: usize,
}

impl Forest {
    /// So many trees, each with all the expansions of `options`.
    pub fn new(root: &ProofState, streams: &Streams, trees: usize, options: RmaxtsOptions) -> Forest {
        let tree = |i| Rmaxts::new(root.clone(), streams.inside(&format!("tree {i}")), options);
        Forest { trees: (0..trees).map(tree).collect(), searches: Vec::new(), turn: 0 }
    }

    /// The trees.
    pub fn trees(&self) -> &[Rmaxts] {
        &self.trees
    }
}

impl Strategy for Forest {
    /// The tree, and its own ticket.
    type Ticket = (usize, Job);

    fn next(&mut self, id: RequestId, allowance: u64, log: &mut Log) -> Option<(Task, (usize, Job))> {
        if self.searches.is_empty() {
            self.searches = self.trees.iter().map(|_| log.begin("rmaxts", None)).collect();
        }
        for _ in 0..self.trees.len() {
            let tree = self.turn;
            self.turn = (tree + 1) % self.trees.len();
            let asked = log.inside(self.searches[tree], |log| self.trees[tree].next(id, allowance, log));
            if let Some((task, job)) = asked {
                return Some((task, (tree, job)));
            }
        }
        None
    }

    fn commit(&mut self, (tree, job): (usize, Job), task: &Task, reply: Reply, log: &mut Log) {
        log.inside(self.searches[tree], |log| self.trees[tree].commit(job, task, reply, log));
    }

    fn abandon(&mut self, open: Vec<(usize, Job)>) {
        let mut of_trees: Vec<Vec<Job>> = self.trees.iter().map(|_| Vec::new()).collect();
        open.into_iter().for_each(|(tree, job)| of_trees[tree].push(job));
        self.trees.iter_mut().zip(of_trees).for_each(|(tree, open)| tree.abandon(open));
    }

    fn solution(&self) -> Option<&Script> {
        self.trees.iter().find_map(Rmaxts::solution)
    }

    fn progress(&self) -> u64 {
        self.trees.iter().map(Rmaxts::progress).sum()
    }
}

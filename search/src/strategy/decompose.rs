//! Proof by decomposition: hard statements are proved through sketches, whose gaps are statements again.
//!
//! The recipe is that of DeepSeek-Prover-V2 (<https://arxiv.org/abs/2504.21801>, section 2.1): write the proof as steps
//! `have … := by sorry`, make each gap a theorem of its own, prove these recursively, and put the proofs back. As there, a gap is stated
//! in two forms: with the preceding steps among its premises (type b), and without them (type a), which is stronger, and more likely to
//! be needed again. A proof of either fills the gap.
//!
//! Beyond the paper:
//!
//! - Statements and sketches are an AND/OR graph. A statement (OR) is proved by a search of its own or by any one of its sketches; a sketch
//!   (AND) needs all of its gaps. Gaps equal up to names are one statement, whichever sketch they come from, and proved once.
//! - Gaps are goals as Lean elaborated them ([`Hole`]), not pieces of the sketch's text.
//! - The negation of every gap is searched for, too. A refuted gap prunes all sketches that need it, and new ones are asked for: the
//!   feedback of Goedel-Architect (<https://arxiv.org/abs/2606.06468>), kept local to the statement whose sketch failed.
//! - A filled sketch counts when it checks as a whole on its own statement, so an error of splicing does not travel upwards.
//! - Effort is deepened iteratively. A search gets a slice of checks, and only a few sketches of a few statements are looked at; when
//!   nothing else is left to do, sketches go deeper and are more, and then all slices double.
//!
//! Guards: a sketch is refused if a gap of it is its own statement or leads back to it, if a gap cannot stand alone or is refuted, or if
//! it was seen before; statements below a depth are proved directly or not at all; the number of statements is bounded.
//!
//! Turns go to open statements in proportion: one that is the last gap of its sketch gets twice the turns of one of two, and the form
//! without premises half of those of the form with them. Nothing depends on time or on the order of replies.

mod effort;
mod graph;
mod nodes;
mod options;
mod places;
mod supply;
mod survey;

use crate::{
    event::{Log, SearchEvent},
    lemma::Hole,
    runner::Strategy,
    script::{Script, Tactic},
    stream::Streams,
    task::{Attempt, Check, Checked, Detail, Query, QueryKind, Reply, RequestId, Task, Trial},
};
use effort::Effort;
use graph::Graph;
use nodes::{Outcome, SketchId, StatementId};
use options::Round;
pub use options::{DecomposeOptions, MakeSearch, Purpose};
use prove_core::{ProofState, Severity};
use std::{collections::VecDeque, fmt};
use supply::{Candidate, Question, Step};
use survey::Survey;

/// The strategy; see the module text.
pub struct Decompose {
    options: DecomposeOptions,
    make: MakeSearch,
    streams: Streams,
    graph: Graph,
    round: Round,
    /// Filled sketches to check.
    filled: VecDeque<Filled>,
    /// Requests whose replies are missing.
    awaited: usize,
    solution: Option<Script>,
}

/// What a request was for.
#[derive(Debug)]
pub struct Ticket(Aim);

#[derive(Debug)]
enum Aim {
    Effort(StatementId, Purpose),
    Ask(StatementId, Question),
    Sketch(StatementId, Candidate),
    Filled(Filled),
}

/// A sketch with all gaps filled.
#[derive(Clone, Debug)]
struct Filled {
    sketch: SketchId,
    proof: Tactic,
    /// Whether it is the other way to fill the sketch.
    second: bool,
    /// Whether it is checked again because of a fault.
    again: bool,
}

impl Decompose {
    /// A decomposition of the theorem whose initial state is `root`.
    pub fn new(root: ProofState, streams: Streams, options: DecomposeOptions, make: MakeSearch) -> Decompose {
        let solution = root.is_done().then(Script::default);
        let graph = Graph::new(root, &options);
        Decompose { options, make, streams, graph, round: Round::default(), filled: VecDeque::new(), awaited: 0, solution }
    }

    /// How many statements were met, the theorem's own among them.
    pub fn statements(&self) -> usize {
        self.graph.statements().count()
    }

    /// One request for a statement, if it has anything to ask now.
    fn step(&mut self, at: StatementId, has_live_sketch: bool, id: RequestId, allowance: u64, log: &mut Log) -> Option<(Task, Aim)> {
        let whole = self.graph.is_wanted_with_premises(at);
        let may_sketch = self.may_sketch(at) && !has_live_sketch;
        let streams = self.streams_of(at);
        let round = self.round;
        let statement = &mut self.graph[at];
        for purpose in statement.order(whole) {
            let Some(effort) = statement.effort(purpose) else { continue };
            if let Some(task) = effort.next(id, allowance, round, log, |state| (self.make)(state, streams.inside(purpose.name()), purpose))
            {
                return Some((task, Aim::Effort(at, purpose)));
            }
        }
        let quiet = |effort: &Effort| !effort.is_busy() && !effort.has_work(Some(round));
        if !(may_sketch && quiet(&statement.proof) && (!whole || statement.refutation.as_ref().is_none_or(quiet))) {
            return None;
        }
        let node = statement.node_id();
        let (task, aim) = match statement.supply.next()? {
            Step::Check(candidate) => {
                log.record(|| SearchEvent::Tried { request: id, node, candidates: vec![candidate.text.to_string()] });
                let check =
                    Check { lemma: None, proof: candidate.text.clone(), detail: Detail::Holes, heartbeats: self.options.heartbeats };
                (Task::Check(check), Aim::Sketch(at, candidate))
            }
            Step::Ask(question) => {
                log.record(|| SearchEvent::Asked { request: id, node });
                let seed = streams.inside("sketches").draw(question.left as u64);
                let (proposer, state) = (question.proposer, statement.state.clone());
                (Task::Propose(Query::new(QueryKind::Sketch, proposer, state, self.options.proposals, seed)), Aim::Ask(at, question))
            }
        };
        Some((statement.about(task), aim))
    }

    fn may_sketch(&self, at: StatementId) -> bool {
        survey::may_sketch(&self.graph, at, Some(self.round), &self.options)
    }

    /// Every statement has streams of its own, whatever led to it.
    fn streams_of(&self, at: StatementId) -> Streams {
        match &self.graph[at].lemma {
            Some(lemma) => self.streams.inside(&lemma.to_string()),
            None => self.streams.clone(),
        }
    }

    /// Judges a checked sketch, and takes it into the graph if it is good.
    fn checked(&mut self, at: StatementId, text: &Tactic, checked: Checked, log: &mut Log) {
        match checked.trial {
            Trial::Closed => self.proved(at, Script::new([text.clone()]), 1, log),
            Trial::Rejected(_) if !checked.diagnostics.iter().any(|d| d.severity == Severity::Error) => {
                self.opened(at, text, &checked.holes, log);
            }
            _ => {}
        }
    }

    fn opened(&mut self, at: StatementId, text: &Tactic, holes: &[Hole], log: &mut Log) {
        let Some(sketch) = self.graph.add_sketch(at, text, holes, &self.options, log) else { return };
        self.graph[at].supply.opened += 1;
        self.advance(sketch, log);
    }

    fn proved(&mut self, at: StatementId, proof: Script, pieces: u64, log: &mut Log) {
        let statement = &mut self.graph[at];
        log.record(|| SearchEvent::Proved { node: statement.node_id(), proof: proof.to_string() });
        if statement.lemma.is_none() {
            self.solution = Some(proof.clone());
        }
        statement.settle(Outcome::Proved { proof, pieces });
        for sketch in self.graph.sketches_with(at) {
            self.advance(sketch, log);
        }
    }

    fn refuted(&mut self, at: StatementId, log: &mut Log) {
        let statement = &mut self.graph[at];
        log.record(|| SearchEvent::Refuted { node: statement.node_id() });
        statement.settle(Outcome::Refuted);
        for sketch in self.graph.sketches_that_need(at) {
            self.graph.prune(sketch, "a gap is refuted", log);
        }
    }

    /// Has a sketch checked as a whole if all of its gaps are proved.
    fn advance(&mut self, sketch: SketchId, log: &mut Log) {
        if self.graph[sketch].filled || self.graph.pieces(sketch).is_none() {
            return;
        }
        self.graph[sketch].filled = true;
        match self.graph.fill(sketch, false) {
            Some(proof) => self.filled.push_back(Filled { sketch, proof, second: false, again: false }),
            None => self.graph.prune(sketch, "its gaps cannot be filled", log),
        }
    }

    /// The check of a filled sketch, if its statement is still open.
    fn check(&mut self, id: RequestId, log: &mut Log) -> Option<(Task, Aim)> {
        loop {
            let filled = self.filled.pop_front()?;
            let Some(pieces) = self.graph.pieces(filled.sketch).filter(|_| self.graph.is_open(filled.sketch)) else { continue };
            let statement = &self.graph[self.graph[filled.sketch].of];
            log.record(|| SearchEvent::Tried { request: id, node: statement.node_id(), candidates: vec![filled.proof.to_string()] });
            // The second way may fail for the same lack of time.
            let heartbeats = self.options.heartbeats.saturating_mul(pieces).saturating_mul(1 + u64::from(filled.second));
            let attempt = Attempt { lemma: None, prefix: Script::default(), candidates: vec![filled.proof.clone()], heartbeats };
            return Some((statement.about(Task::Attempt(attempt)), Aim::Filled(filled)));
        }
    }

    fn whole(&mut self, filled: Filled, reply: Reply, log: &mut Log) {
        let sketch = filled.sketch;
        if !self.graph.is_open(sketch) {
            return;
        }
        let trial = match reply {
            Reply::Trials { trials, .. } => trials.into_iter().next(),
            _ => None,
        };
        match trial {
            Some(Trial::Closed) => {
                let pieces = self.graph.pieces(sketch).unwrap_or(1);
                self.proved(self.graph[sketch].of, Script::new([filled.proof]), pieces, log);
            }
            None | Some(Trial::Fault(_)) if !filled.again => self.filled.push_back(Filled { again: true, ..filled }),
            _ => match self.graph.fill(sketch, true).filter(|proof| !filled.second && *proof != filled.proof) {
                Some(proof) => self.filled.push_back(Filled { sketch, proof, second: true, again: false }),
                None => self.graph.prune(sketch, "it does not check with its gaps filled", log),
            },
        }
    }
}

impl Strategy for Decompose {
    type Ticket = Ticket;

    fn next(&mut self, id: RequestId, allowance: u64, log: &mut Log) -> Option<(Task, Ticket)> {
        let mut found = self.check(id, log);
        while found.is_none() && self.solution.is_none() {
            let survey = Survey::new(&self.graph, Some(self.round), &self.options);
            let efforts = self.graph.open_efforts();
            for (at, has_live_sketch) in survey.turns() {
                found = self.step(at, has_live_sketch, id, allowance, log);
                if found.is_some() {
                    self.graph[at].turns += 1;
                    break;
                }
            }
            if found.is_some() || self.graph.open_efforts() < efforts {
                continue;
            }
            // Nothing is left to do at this depth of effort.
            let ends = self.awaited > 0 || self.round == Round::LAST;
            if ends || !Survey::new(&self.graph, None, &self.options).can_go_on() {
                return None;
            }
            self.round = self.round.next();
        }
        let (task, aim) = found?;
        self.awaited += 1;
        Some((task, Ticket(aim)))
    }

    fn commit(&mut self, Ticket(aim): Ticket, task: &Task, reply: Reply, log: &mut Log) {
        self.awaited -= 1;
        match aim {
            Aim::Effort(at, purpose) => {
                let proof = self.graph[at].effort(purpose).and_then(|effort| effort.commit(task, reply, log));
                match (proof, purpose) {
                    (Some(proof), Purpose::Proof) => self.proved(at, proof, 1, log),
                    (Some(_), Purpose::Refutation) => self.refuted(at, log),
                    (None, _) => {}
                }
            }
            Aim::Ask(at, question) => match reply {
                Reply::Proposals { proposals, .. } => self.graph[at].supply.add(question, proposals),
                _ => self.graph[at].supply.failed(question),
            },
            Aim::Sketch(at, candidate) => {
                self.graph[at].supply.busy = false;
                let open = matches!(self.graph[at].outcome, Outcome::Open);
                match reply {
                    Reply::Checked { checked, .. } if !matches!(checked.trial, Trial::Fault(_)) => {
                        if open {
                            self.checked(at, &candidate.text, checked, log);
                        }
                    }
                    _ => self.graph[at].supply.put_back(candidate),
                }
            }
            Aim::Filled(filled) => self.whole(filled, reply, log),
        }
    }

    fn abandon(&mut self, _open: Vec<Ticket>) {
        self.graph.abandon();
    }

    fn solution(&self) -> Option<&Script> {
        self.solution.as_ref()
    }

    fn progress(&self) -> u64 {
        self.graph.progress()
    }
}

impl fmt::Debug for Decompose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decompose").field("graph", &self.graph).field("round", &self.round).finish_non_exhaustive()
    }
}

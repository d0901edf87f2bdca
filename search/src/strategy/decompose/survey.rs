//! Who is next: which statements can still lead to a proof, and whose turn it is.

use super::{
    DecomposeOptions,
    graph::Graph,
    nodes::{Outcome, Placed, SketchId, StatementId, Vertex},
    options::Round,
};
use petgraph::visit::DfsPostOrder;
use std::collections::{BTreeMap, VecDeque};

/// A look at the whole graph between two requests.
#[derive(Debug)]
pub(super) struct Survey<'a> {
    graph: &'a Graph,
    /// By node: whether it can still come to a proof within the limits of the round.
    alive: Vec<bool>,
}

/// Whether sketches may be asked for at a statement in a round, or ever (`None`).
pub(super) fn may_sketch(graph: &Graph, at: StatementId, round: Option<Round>, options: &DecomposeOptions) -> bool {
    let statement = &graph[at];
    let now = round.map_or(u32::MAX, Round::reach);
    statement.depth < options.depth.min(now)
        && graph.is_wanted_with_premises(at)
        && graph.statements().count() < options.statements
        && statement.supply.can_go_on(options.sketch_checks, options.sketches.min(now))
}

impl<'a> Survey<'a> {
    /// Looks with the limits of a round, or with those of the last one (`None`).
    pub(super) fn new(graph: &'a Graph, round: Option<Round>, options: &DecomposeOptions) -> Survey<'a> {
        let mut survey = Survey { graph, alive: vec![false; graph.links().node_count()] };
        let mut order = DfsPostOrder::new(graph.links(), graph[Graph::ROOT].node);
        while let Some(node) = order.next(graph.links()) {
            survey.alive[node.index()] = match graph.links()[node] {
                Vertex::Statement(at) => survey.statement(at, round, options),
                Vertex::Sketch(sketch) => survey.sketch(sketch),
            };
        }
        survey
    }

    fn statement(&self, at: StatementId, round: Option<Round>, options: &DecomposeOptions) -> bool {
        let statement = &self.graph[at];
        matches!(statement.outcome, Outcome::Open)
            && (statement.supply.busy
                || statement.proof.is_busy()
                || statement.proof.has_work(round)
                || may_sketch(self.graph, at, round, options)
                || self.has_live_sketch(at))
    }

    fn sketch(&self, sketch: SketchId) -> bool {
        let fillable = |gap: &Placed| self.graph.pieces_of(gap).is_some() || self.open_forms(gap).next().is_some();
        self.graph.is_open(sketch) && self.graph[sketch].gaps.iter().all(fillable)
    }

    /// The statements that may still fill a gap, and the cost of their turns.
    fn open_forms(&self, gap: &Placed) -> impl Iterator<Item = (StatementId, u64)> {
        let forms = [Some((gap.with.0, 1)), gap.without.as_ref().map(|(id, _)| (*id, 2))];
        forms.into_iter().flatten().filter(|(id, _)| self.alive[self.graph[*id].node.index()])
    }

    fn has_live_sketch(&self, at: StatementId) -> bool {
        self.graph.links().neighbors(self.graph[at].node).any(|node| self.alive[node.index()])
    }

    /// Whether a proof can still be found.
    pub(super) fn can_go_on(&self) -> bool {
        self.alive[self.graph[Graph::ROOT].node.index()]
    }

    /// The statements to work on, the one whose turn it is first, and whether they have sketches that are being worked on. Only sketches
    /// count all of whose gaps may still be filled.
    pub(super) fn turns(&self) -> Vec<(StatementId, bool)> {
        let mut costs: BTreeMap<StatementId, u64> = BTreeMap::new();
        let mut queue = VecDeque::from([(Graph::ROOT, 1)]);
        while let Some((at, cost)) = queue.pop_front() {
            let node = self.graph[at].node;
            if !self.alive[node.index()] || costs.get(&at).is_some_and(|known| *known <= cost) {
                continue;
            }
            costs.insert(at, cost);
            for sketch in self.graph.links().neighbors(node).filter(|node| self.alive[node.index()]) {
                let Vertex::Sketch(sketch) = self.graph.links()[sketch] else { continue };
                let open: Vec<&Placed> = self.graph[sketch].gaps.iter().filter(|gap| self.graph.pieces_of(gap).is_none()).collect();
                queue.extend(open.iter().flat_map(|gap| self.open_forms(gap)).map(|(id, factor)| (id, factor * open.len() as u64)));
            }
        }
        let mut turns: Vec<(u64, StatementId)> = costs.into_iter().map(|(at, cost)| ((self.graph[at].turns + 1) * cost, at)).collect();
        turns.sort_unstable();
        turns.into_iter().map(|(_, at)| (at, self.has_live_sketch(at))).collect()
    }
}

//! Statements and sketches as a graph: a statement points to its sketches, a sketch to the statements of its gaps.

use super::{
    DecomposeOptions,
    effort::Effort,
    nodes::{Link, Outcome, Placed, Sketch, SketchId, Statement, StatementId, Vertex},
    places::{Form, Gap, Opening},
};
use crate::{
    canonical::StateKey,
    event::{Log, NodeId, SearchEvent},
    lemma::{Hole, Lemma},
    script::Tactic,
    sketch::{Filling, splice},
};
use petgraph::{Direction, algo::has_path_connecting, graph::DiGraph};
use prove_core::ProofState;
use std::{
    collections::HashMap,
    ops::{Index, IndexMut},
};

#[derive(Debug)]
pub(super) struct Graph {
    statements: Vec<Statement>,
    sketches: Vec<Sketch>,
    /// A pruned sketch points nowhere.
    links: DiGraph<Vertex, Link>,
    known: HashMap<StateKey, StatementId>,
}

impl Graph {
    pub(super) const ROOT: StatementId = StatementId(0);

    pub(super) fn new(root: ProofState, options: &DecomposeOptions) -> Graph {
        // A gap may equal the theorem up to the names that its inaccessible hypotheses are given.
        let key = root.goals.first().filter(|_| root.goals.len() == 1).and_then(Lemma::of).map(|(lemma, _)| lemma.key());
        let mut graph = Graph { statements: Vec::new(), sketches: Vec::new(), links: DiGraph::new(), known: HashMap::new() };
        graph.known.insert(key.unwrap_or_else(|| StateKey::of(&root)), Graph::ROOT);
        let node = graph.links.add_node(Vertex::Statement(Graph::ROOT));
        graph.statements.push(Statement::root(node, root, options));
        graph
    }

    /// The statement of a lemma, whether it was met before or not.
    fn statement(&mut self, lemma: &Lemma, depth: u32, options: &DecomposeOptions, log: &mut Log) -> StatementId {
        if let Some(&known) = self.known.get(&lemma.key()) {
            self[known].depth = self[known].depth.min(depth);
            return known;
        }
        let id = StatementId(self.statements.len());
        let node = self.links.add_node(Vertex::Statement(id));
        self.statements.push(Statement::gap(node, lemma.clone(), depth, options));
        self.known.insert(lemma.key(), id);
        log.record(|| SearchEvent::Stated { node: self[id].node_id(), theorem: lemma.to_string() });
        id
    }

    /// Takes a sketch in whose only fault are its holes. `None` if it is of no use; see the module text of [`super`].
    pub(super) fn add_sketch(
        &mut self,
        of: StatementId,
        text: &Tactic,
        holes: &[Hole],
        options: &DecomposeOptions,
        log: &mut Log,
    ) -> Option<SketchId> {
        let mut gaps = holes.iter().map(|hole| Gap::of(hole, text)).collect::<Option<Vec<Gap>>>()?;
        let fillable = gaps.iter().map(|gap| Filling { range: gap.range.clone(), proof: "done".to_owned(), focused: false });
        let usable = |form: &Form| self.known.get(&form.lemma.key()).is_none_or(|&known| self.may_lead_to(of, known));
        if gaps.is_empty() || splice(text, &fillable.collect::<Vec<_>>()).is_none() || !gaps.iter().all(|gap| usable(&gap.with)) {
            return None;
        }
        for gap in &mut gaps {
            gap.without = gap.without.take().filter(usable);
        }
        let forms = gaps.iter().flat_map(|gap| [Some(&gap.with), gap.without.as_ref()]).flatten();
        let new = forms.filter(|form| !self.known.contains_key(&form.lemma.key())).count();
        if self.statements.len() + new > options.statements {
            return None;
        }
        let depth = self[of].depth + 1;
        let mut place = |Form { lemma, opening }: Form| {
            let id = self.statement(&lemma, depth, options, log);
            let opening = match &self[id].lemma {
                Some(proved) => opening.for_proof_of(proved, &lemma),
                None => opening,
            };
            (id, opening)
        };
        let gaps: Vec<Placed> = gaps
            .into_iter()
            .map(|Gap { range, focused, with, without }| Placed { range, focused, with: place(with), without: without.map(&mut place) })
            .collect();
        let id = SketchId(self.sketches.len());
        let node = self.links.add_node(Vertex::Sketch(id));
        self.links.add_edge(self[of].node, node, Link::Sketch);
        for gap in &gaps {
            self.links.add_edge(node, self[gap.with.0].node, Link::With);
            if let Some((without, _)) = &gap.without {
                self.links.add_edge(node, self[*without].node, Link::Without);
            }
        }
        log.record(|| SearchEvent::Sketched {
            node: node.index() as NodeId,
            statement: self[of].node_id(),
            sketch: text.to_string(),
            gaps: gaps.iter().map(|gap| self[gap.with.0].node_id()).collect(),
        });
        self.sketches.push(Sketch { node, of, text: text.clone(), gaps, filled: false, pruned: false });
        Some(id)
    }

    /// Whether a statement that is known already can be a gap of a sketch of `of`.
    fn may_lead_to(&self, of: StatementId, known: StatementId) -> bool {
        let refuted = matches!(self[known].outcome, Outcome::Refuted);
        !refuted && !has_path_connecting(&self.links, self[known].node, self[of].node, None)
    }

    /// Gives a sketch up.
    pub(super) fn prune(&mut self, sketch: SketchId, why: &str, log: &mut Log) {
        let node = self[sketch].node;
        self[sketch].pruned = true;
        while let Some(edge) = self.links.first_edge(node, Direction::Outgoing) {
            self.links.remove_edge(edge);
        }
        log.record(|| SearchEvent::Pruned { node: node.index() as NodeId, why: why.to_owned() });
    }

    /// The proof that a sketch becomes when all of its gaps are proved. The `second` way to fill it takes the form without premises first,
    /// and clears nothing.
    pub(super) fn fill(&self, sketch: SketchId, second: bool) -> Option<Tactic> {
        let Sketch { text, gaps, .. } = &self[sketch];
        let filling = |gap: &Placed| {
            let mut forms: Vec<&(StatementId, Opening)> = [Some(&gap.with), gap.without.as_ref()].into_iter().flatten().collect();
            if second {
                forms.reverse();
            }
            let proof = forms.into_iter().find_map(|(id, opening)| match &self[*id].outcome {
                Outcome::Proved { proof, .. } => Some(opening.before(&proof.to_string(), !second)),
                _ => None,
            })?;
            Some(Filling { range: gap.range.clone(), proof, focused: gap.focused })
        };
        let fillings = gaps.iter().map(filling).collect::<Option<Vec<Filling>>>()?;
        Some(splice(text, &fillings)?.into())
    }

    /// Of how many pieces a filled sketch is made; `None` while gaps are open.
    pub(super) fn pieces(&self, sketch: SketchId) -> Option<u64> {
        self[sketch].gaps.iter().try_fold(1u64, |sum, gap| Some(sum.saturating_add(self.pieces_of(gap)?)))
    }

    /// The pieces of the proofs at hand for a gap, if there are any.
    pub(super) fn pieces_of(&self, gap: &Placed) -> Option<u64> {
        let pieces = |(id, _): &(StatementId, Opening)| match &self[*id].outcome {
            Outcome::Proved { pieces, .. } => Some(*pieces),
            _ => None,
        };
        pieces(&gap.with).max(gap.without.as_ref().and_then(pieces))
    }

    /// Whether a sketch may still prove its statement.
    pub(super) fn is_open(&self, sketch: SketchId) -> bool {
        !self[sketch].pruned && matches!(self[self[sketch].of].outcome, Outcome::Open)
    }

    /// The sketches with a gap that a statement fills, in the order they were found.
    pub(super) fn sketches_with(&self, statement: StatementId) -> Vec<SketchId> {
        let mut found: Vec<SketchId> = self
            .links
            .neighbors_directed(self[statement].node, Direction::Incoming)
            .filter_map(|node| match self.links[node] {
                Vertex::Sketch(sketch) => Some(sketch),
                Vertex::Statement(_) => None,
            })
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Those of them that fail if the statement is false.
    pub(super) fn sketches_that_need(&self, statement: StatementId) -> Vec<SketchId> {
        let mut found = self.sketches_with(statement);
        found.retain(|&sketch| self[sketch].gaps.iter().any(|gap| gap.with.0 == statement));
        found
    }

    /// Whether a statement is wanted for more than a try of the form without premises.
    pub(super) fn is_wanted_with_premises(&self, statement: StatementId) -> bool {
        let mut wanted = self.links.edges_directed(self[statement].node, Direction::Incoming);
        statement == Graph::ROOT || wanted.any(|edge| *edge.weight() == Link::With)
    }

    /// How many searches are not over.
    pub(super) fn open_efforts(&self) -> usize {
        self.efforts().filter(|effort| effort.is_open()).count()
    }

    /// How much was found: by the searches, and of statements, sketches and proofs.
    pub(super) fn progress(&self) -> u64 {
        let proved = self.statements.iter().filter(|s| matches!(s.outcome, Outcome::Proved { .. })).count();
        (self.links.node_count() + proved) as u64 + self.efforts().map(Effort::progress).sum::<u64>()
    }

    /// No reply will come any more.
    pub(super) fn abandon(&mut self) {
        for statement in &mut self.statements {
            [Some(&mut statement.proof), statement.refutation.as_mut()].into_iter().flatten().for_each(Effort::abandon);
        }
    }

    fn efforts(&self) -> impl Iterator<Item = &Effort> {
        self.statements.iter().flat_map(|s| [Some(&s.proof), s.refutation.as_ref()]).flatten()
    }

    pub(super) fn statements(&self) -> impl Iterator<Item = &Statement> {
        self.statements.iter()
    }

    pub(super) fn links(&self) -> &DiGraph<Vertex, Link> {
        &self.links
    }
}

impl Index<StatementId> for Graph {
    type Output = Statement;

    fn index(&self, StatementId(i): StatementId) -> &Statement {
        &self.statements[i]
    }
}

impl IndexMut<StatementId> for Graph {
    fn index_mut(&mut self, StatementId(i): StatementId) -> &mut Statement {
        &mut self.statements[i]
    }
}

impl Index<SketchId> for Graph {
    type Output = Sketch;

    fn index(&self, SketchId(i): SketchId) -> &Sketch {
        &self.sketches[i]
    }
}

impl IndexMut<SketchId> for Graph {
    fn index_mut(&mut self, SketchId(i): SketchId) -> &mut Sketch {
        &mut self.sketches[i]
    }
}

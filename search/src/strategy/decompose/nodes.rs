//! The nodes of the graph: statements and sketches.

use super::{DecomposeOptions, Purpose, effort::Effort, places::Opening, supply::Supply};
use crate::{
    event::NodeId,
    lemma::Lemma,
    script::{Script, Tactic},
    task::Task,
};
use petgraph::graph::NodeIndex;
use prove_core::ProofState;
use std::{ops::Range, sync::Arc};

/// A statement: something to prove by any means (OR).
#[derive(Debug)]
pub(super) struct Statement {
    pub(super) node: NodeIndex,
    /// `None` for the theorem that the whole decomposition is of.
    pub(super) lemma: Option<Arc<Lemma>>,
    pub(super) state: Arc<ProofState>,
    pub(super) depth: u32,
    pub(super) outcome: Outcome,
    pub(super) proof: Effort,
    /// Nothing is claimed about the theorem itself.
    pub(super) refutation: Option<Effort>,
    pub(super) supply: Supply,
    /// Requests made for it.
    pub(super) turns: u64,
}

/// What is known of a statement.
#[derive(Debug)]
pub(super) enum Outcome {
    Open,
    /// Proved, by a proof of so many pieces.
    Proved {
        proof: Script,
        pieces: u64,
    },
    Refuted,
}

/// A sketch: a proof with gaps, all of which must be proved (AND).
#[derive(Debug)]
pub(super) struct Sketch {
    pub(super) node: NodeIndex,
    pub(super) of: StatementId,
    pub(super) text: Tactic,
    pub(super) gaps: Vec<Placed>,
    /// Whether it was filled and is being checked as a whole.
    pub(super) filled: bool,
    pub(super) pruned: bool,
}

/// A gap and the statements that fill it.
#[derive(Debug)]
pub(super) struct Placed {
    pub(super) range: Range<usize>,
    pub(super) focused: bool,
    pub(super) with: (StatementId, Opening),
    pub(super) without: Option<(StatementId, Opening)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct StatementId(pub(super) usize);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct SketchId(pub(super) usize);

/// A node of the graph.
#[derive(Clone, Copy, Debug)]
pub(super) enum Vertex {
    Statement(StatementId),
    Sketch(SketchId),
}

/// Why one node points to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Link {
    /// From a statement to a sketch of it.
    Sketch,
    /// From a sketch to a gap with the premises it has there.
    With,
    /// From a sketch to a gap without the steps before it.
    Without,
}

impl Statement {
    /// The theorem that the whole decomposition is of.
    pub(super) fn root(node: NodeIndex, state: ProofState, options: &DecomposeOptions) -> Statement {
        let proof = Effort::new(Purpose::Proof, None, state.clone(), options.root_checks);
        Statement {
            node,
            lemma: None,
            state: state.into(),
            depth: 0,
            outcome: Outcome::Open,
            proof,
            refutation: None,
            supply: Supply::new(&options.proposers, options.questions),
            turns: 0,
        }
    }

    /// The statement of a gap.
    pub(super) fn gap(node: NodeIndex, lemma: Lemma, depth: u32, options: &DecomposeOptions) -> Statement {
        let (lemma, negation) = (Arc::new(lemma.clone()), Arc::new(lemma.negation()));
        let refutation = Effort::new(Purpose::Refutation, Some(negation.clone()), negation.state(), options.refutation_checks);
        let proof = Effort::new(Purpose::Proof, Some(lemma.clone()), lemma.state(), options.direct_checks);
        let root = Statement::root(node, lemma.state(), options);
        Statement { lemma: Some(lemma), depth, proof, refutation: Some(refutation), ..root }
    }

    /// Its number in the log.
    pub(super) fn node_id(&self) -> NodeId {
        self.node.index() as NodeId
    }

    /// A request about the theorem that it states.
    pub(super) fn about(&self, task: Task) -> Task {
        match &self.lemma {
            Some(lemma) => task.about(lemma),
            None => task,
        }
    }

    pub(super) fn effort(&mut self, purpose: Purpose) -> Option<&mut Effort> {
        match purpose {
            Purpose::Proof => Some(&mut self.proof),
            Purpose::Refutation => self.refutation.as_mut(),
        }
    }

    /// The searches to work on, the one first that is behind.
    pub(super) fn order(&self, refute: bool) -> Vec<Purpose> {
        match &self.refutation {
            Some(refutation) if refute && refutation.share() < self.proof.share() => vec![Purpose::Refutation, Purpose::Proof],
            Some(_) if refute => vec![Purpose::Proof, Purpose::Refutation],
            _ => vec![Purpose::Proof],
        }
    }

    /// Ends the work on it.
    pub(super) fn settle(&mut self, outcome: Outcome) {
        self.outcome = outcome;
        self.proof.end();
        if let Some(refutation) = &mut self.refutation {
            refutation.end();
        }
    }
}

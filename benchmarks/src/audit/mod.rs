//! Audits a suite: whether its statements elaborate, say something, and say it once.
//!
//! Known mistakes of formal benchmarks are looked for: statements that are false (their negation is proved) or hold for no reason of their
//! own (hypotheses that contradict each other), that appear twice, whose hypotheses or variables have nothing to do with the goal, and
//! spellings that mean something else than they seem to (`spelling`). What is proved here is proved under a small budget and judged like
//! any proof: "no finding" is no praise.

mod idle;
mod rewrite;
mod spelling;

use crate::{elaborate::elaborate, suite::Problem};
use futures_util::{Stream, StreamExt, stream};
use prove_agent::{Agent, ModelOptions, Problem as Hole, Settings, StrategyName};
use prove_core::{Budget, Fault, ProofState, Verdict};
use prove_search::StateKey;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, num::NonZeroUsize};

/// What an audit found of a problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The problem's name.
    pub problem: String,
    /// What kind of finding it is.
    pub kind: FindingKind,
    /// Lean's complaint, the proof, or what it is about.
    pub detail: String,
}

/// Kinds of findings, the gravest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// Its negation is proved: it is false.
    Refuted,
    /// `False` is proved from its hypotheses: it holds for no reason of its own.
    Contradictory,
    /// Another problem of the suite says the same.
    Duplicate,
    /// Its header declares an axiom, so that it may hold for that reason only; the judge takes none.
    Axiom,
    /// The body of a sum or product ends before a `+` or `-` that may have been meant to be in it.
    LooseBody,
    /// A hypothesis or variable has nothing to do with the goal.
    Idle,
    /// Subtraction of natural numbers, which stops at zero.
    TruncatedSubtraction,
    /// Division of natural numbers or integers, which rounds.
    RoundedDivision,
    /// One step of the simplest tactics proves it.
    Trivial,
    /// It asks for an answer beside the proof.
    AsksForAnswer,
    /// It does not elaborate on this Lean, so that most of the audit could not be done.
    Unsupported,
    /// The machinery failed.
    Fault,
}

impl FindingKind {
    /// All of them.
    pub const ALL: [FindingKind; 12] = [
        FindingKind::Refuted,
        FindingKind::Contradictory,
        FindingKind::Duplicate,
        FindingKind::Axiom,
        FindingKind::LooseBody,
        FindingKind::Idle,
        FindingKind::TruncatedSubtraction,
        FindingKind::RoundedDivision,
        FindingKind::Trivial,
        FindingKind::AsksForAnswer,
        FindingKind::Unsupported,
        FindingKind::Fault,
    ];

    /// In words, as a heading.
    pub fn title(self) -> &'static str {
        match self {
            FindingKind::Refuted => "False: the negation is proved",
            FindingKind::Contradictory => "Contradictory: the hypotheses prove False",
            FindingKind::Duplicate => "Said twice",
            FindingKind::Axiom => "Stated under axioms of their own",
            FindingKind::LooseBody => "Body of a sum or product without brackets",
            FindingKind::Idle => "Hypotheses and variables that have nothing to do with the goal",
            FindingKind::TruncatedSubtraction => "Subtraction that stops at zero",
            FindingKind::RoundedDivision => "Division that rounds",
            FindingKind::Trivial => "Proved by one simple step",
            FindingKind::AsksForAnswer => "Ask for an answer beside the proof",
            FindingKind::Unsupported => "Not supported by this Lean",
            FindingKind::Fault => "Faults of the machinery",
        }
    }
}

/// What was found of one problem.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audited {
    /// The problem's name.
    pub problem: String,
    /// What was found, except that others say the same.
    pub findings: Vec<Finding>,
    /// Equal for problems that say the same: a hash of the elaborated goal, or of the words where it does not elaborate.
    pub sense: String,
}

/// The tactics of [`FindingKind::Trivial`].
const SIMPLE: &str = "first | rfl | trivial | decide | assumption | simp";

/// Audits problems, `at_once` at a time, in their order. `budget` is for each attempt to refute.
pub fn audit<'a>(agent: &'a Agent, problems: &'a [Problem], budget: Budget, at_once: NonZeroUsize) -> impl Stream<Item = Audited> + 'a {
    stream::iter(problems.iter().map(move |problem| one(agent, problem, budget))).buffered(at_once.get())
}

/// Which problems say the same, told of each after the first.
pub fn duplicates(audited: &[Audited]) -> Vec<Finding> {
    let mut known: BTreeMap<&str, &str> = BTreeMap::new();
    let mut findings = Vec::new();
    for Audited { problem, sense, .. } in audited {
        match known.get(sense.as_str()) {
            Some(first) => {
                let (problem, kind, detail) = (problem.clone(), FindingKind::Duplicate, format!("the same as {first}"));
                findings.push(Finding { problem, kind, detail });
            }
            None => {
                known.insert(sense, problem);
            }
        }
    }
    findings
}

async fn one(agent: &Agent, problem: &Problem, budget: Budget) -> Audited {
    let mut case = Case { agent, problem, budget, findings: Vec::new() };
    for axiom in spelling::axioms(&problem.header) {
        case.found(FindingKind::Axiom, axiom);
    }
    for text in spelling::loose_bodies(&problem.statement) {
        case.found(FindingKind::LooseBody, text);
    }
    let words = hash(&rewrite::renamed(&problem.statement, "_").unwrap_or_else(|| problem.statement.clone()));
    let sense = match case.elaborated().await {
        Ok(sense) => sense.unwrap_or(words),
        Err(fault) => {
            case.found(FindingKind::Fault, fault.message);
            words
        }
    };
    Audited { problem: problem.name.clone(), findings: case.findings, sense }
}

fn hash(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    blake3::hash(words.join(" ").as_bytes()).to_hex().to_string()
}

struct Case<'a> {
    agent: &'a Agent,
    problem: &'a Problem,
    budget: Budget,
    findings: Vec<Finding>,
}

impl Case<'_> {
    fn found(&mut self, kind: FindingKind, detail: impl Into<String>) {
        self.findings.push(Finding { problem: self.problem.name.clone(), kind, detail: detail.into() });
    }

    /// What takes Lean. The hash of the goal, where there is one.
    async fn elaborated(&mut self) -> Result<Option<String>, Fault> {
        if let Err(reason) = self.problem.target() {
            self.found(FindingKind::AsksForAnswer, reason);
            return Ok(None);
        }
        let elaborated = elaborate(self.agent, self.problem).await?;
        if let Some(complaint) = elaborated.complaint() {
            self.found(FindingKind::Unsupported, complaint);
            return Ok(None);
        }
        let Some(state) = elaborated.state() else { return Ok(None) };
        for (name, kind) in idle::premises(state) {
            self.found(FindingKind::Idle, format!("{name} : {kind}"));
        }
        self.operators().await?;
        self.trivial().await?;
        self.refuted(state).await?;
        Ok(Some(hash(&format!("{:?}", StateKey::of(state)))))
    }

    /// Operators that are other than they look on these types, by the goal with all types printed.
    async fn operators(&mut self) -> Result<(), Fault> {
        let statement = format!("set_option pp.explicit true in\n{}", self.problem.statement);
        let explicit = elaborate(self.agent, &Problem { statement, ..self.problem.clone() }).await?;
        let Some(state) = explicit.state() else { return Ok(()) };
        for (kind, detail) in spelling::operators(&state.to_string()) {
            self.found(kind, detail);
        }
        Ok(())
    }

    async fn trivial(&mut self) -> Result<(), Fault> {
        let Some(at) = self.problem.statement.rfind("sorry") else { return Ok(()) };
        // Some headers have no limit.
        let limit = "set_option maxHeartbeats 20000 in\n";
        let statement = [limit, &self.problem.statement[..at], SIMPLE, &self.problem.statement[at + "sorry".len()..]].concat();
        let tried = elaborate(self.agent, &Problem { statement, ..self.problem.clone() }).await?;
        if tried.complaint().is_none() {
            self.found(FindingKind::Trivial, SIMPLE);
        }
        Ok(())
    }

    /// Tries to prove the negation, and `False` from the hypotheses.
    async fn refuted(&mut self, state: &ProofState) -> Result<(), Fault> {
        if let Some(statement) = rewrite::negation(&self.problem.statement)
            && let Some(proof) = self.proved(statement).await?
        {
            self.found(FindingKind::Refuted, proof);
            // Whatever holds of a false statement's hypotheses, they do not contradict each other.
            return Ok(());
        }
        if idle::has_hypotheses(state)
            && let Some(statement) = rewrite::contradiction(&self.problem.statement)
            && let Some(proof) = self.proved(statement).await?
        {
            self.found(FindingKind::Contradictory, proof);
        }
        Ok(())
    }

    /// A proof that the judge accepts, if one is found.
    async fn proved(&self, statement: String) -> Result<Option<String>, Fault> {
        let problem = Problem { statement, ..self.problem.clone() };
        let (Ok((_, number)), text) = (problem.target(), problem.text()) else { return Ok(None) };
        let settings = Settings {
            strategy: StrategyName::Auto,
            trees: NonZeroUsize::MIN,
            budget: self.budget,
            window: NonZeroUsize::MIN.saturating_add(3),
            seed: 0,
            shorten: false,
            model: ModelOptions::default(),
        };
        let hole = Hole { name: &problem.name, text: &text, number, fills: &[] };
        let settled = self.agent.settle(&hole, &settings, &mut ()).await;
        match settled.verdict {
            Verdict::Proved(_) => Ok(settled.proof),
            Verdict::Fault(fault) => Err(fault),
            Verdict::Rejected(_) | Verdict::Timeout => Ok(None),
        }
    }
}

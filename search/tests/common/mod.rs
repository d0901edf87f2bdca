//! A toy world: states are written as words, and a table says what each tactic does in each state.

#![allow(dead_code, reason = "every test binary uses its own part")]

use prove_core::{Diagnostic, Fault, Goal, Position, ProofState, Severity, Span, TacticSpan};
use prove_search::{
    Attempt, Check, Checked, Cost, Policy, ProofEnv, Proposal, Query, QueryKind, Reply, Request, Runner, Script, Strategy, Task, Trial,
};
use std::{collections::HashMap, future::Future, time::Duration};

/// A state with one goal that says `name`; `a|b` is a state of two goals.
pub(crate) fn state(name: &str) -> ProofState {
    let goal = |target: &str| Goal { case: None, hypotheses: Vec::new(), target: target.to_owned() };
    ProofState { goals: name.split('|').map(goal).collect() }
}

/// The name of a state of [`state`].
pub(crate) fn name(state: &ProofState) -> String {
    state.goals.iter().map(|g| g.target.as_str()).collect::<Vec<_>>().join("|")
}

/// Edges `(from, tactic, probability, to)`; the empty `to` means that nothing is left, `!` that the tactic fails.
#[derive(Clone, Debug, Default)]
pub(crate) struct Toy {
    root: String,
    edges: Vec<(String, String, f64, String)>,
    /// Seconds of Lean that each candidate costs.
    pub(crate) seconds: f64,
}

impl Toy {
    pub(crate) fn new(root: &str, edges: &[(&str, &str, f64, &str)]) -> Toy {
        let owned = |(from, tactic, p, to): &(&str, &str, f64, &str)| (from.to_string(), tactic.to_string(), *p, to.to_string());
        Toy { root: root.to_owned(), edges: edges.iter().map(owned).collect(), seconds: 0.0 }
    }

    fn after(&self, script: &Script) -> String {
        let step = |at: String, tactic: &str| self.step(&at, tactic).unwrap_or("!").to_owned();
        script.steps().iter().fold(self.root.clone(), |at, tactic| step(at, tactic))
    }

    fn step(&self, at: &str, tactic: &str) -> Option<&str> {
        self.edges.iter().find(|(from, t, _, _)| from == at && t == tactic).map(|(_, _, _, to)| to.as_str())
    }

    /// The reply to a request, a function of the request alone.
    pub(crate) fn reply(&self, request: &Request) -> Reply {
        match &*request.task {
            Task::Propose(query) => Reply::Proposals { proposals: self.proposals(query), cost: Cost::default() },
            Task::Attempt(attempt) => Reply::Trials { trials: self.trials(attempt), cost: self.cost(attempt) },
            Task::Check(check) => {
                Reply::Checked { checked: self.checked(check), cost: Cost { lean_seconds: self.seconds, model_tokens: 0 } }
            }
        }
    }

    /// Every line of the proof is a tactic. It runs up to the first one that fails.
    fn checked(&self, check: &Check) -> Checked {
        let mut at = self.root.clone();
        let mut checked = Checked::bare(Trial::Rejected("no".to_owned()));
        for (row, line) in check.proof.lines().enumerate() {
            let place = |column: usize| Position::new(row as u32, column as u32);
            let span = Span { start: place(0), end: place(line.chars().count()) };
            let Some(to) = self.step(&at, line).filter(|to| *to != "!") else {
                checked.diagnostics.push(Diagnostic { severity: Severity::Error, span, message: "no".to_owned(), tags: Vec::new() });
                return checked;
            };
            let after = if to.is_empty() { ProofState::default() } else { state(to) };
            checked.tactics.push(TacticSpan { span, before: state(&at), after });
            at = to.to_owned();
        }
        checked.trial = if at.is_empty() { Trial::Closed } else { Trial::Open(state(&at)) };
        checked
    }

    fn proposals(&self, query: &Query) -> Vec<Proposal> {
        let at = name(&query.state);
        if query.limit == 1 && query.kind == QueryKind::WholeProof {
            return self.walk(at, query.seed).into_iter().collect();
        }
        self.edges.iter().filter(|(from, ..)| *from == at).map(|(_, tactic, p, _)| Proposal::new(tactic.as_str(), p.ln())).collect()
    }

    /// A random walk from a state: at most four steps, up to one that fails or ends the proof.
    fn walk(&self, mut at: String, mut seed: u64) -> Option<Proposal> {
        let mut tactics = Vec::new();
        while tactics.len() < 4 {
            let steps: Vec<_> = self.edges.iter().filter(|(from, ..)| *from == at).collect();
            let Some((_, tactic, _, to)) = (seed % steps.len().max(1) as u64).try_into().ok().and_then(|i: usize| steps.get(i)) else {
                break;
            };
            tactics.push(tactic.as_str());
            at.clone_from(to);
            seed /= 7;
        }
        (!tactics.is_empty()).then(|| Proposal::new(tactics.join("\n"), -1.0))
    }

    fn trials(&self, attempt: &Attempt) -> Vec<Trial> {
        let at = self.after(&attempt.prefix);
        let trial = |tactic: &str| match self.step(&at, tactic) {
            None | Some("!") => Trial::Rejected("no".to_owned()),
            Some("") => Trial::Closed,
            Some(to) => Trial::Open(state(to)),
        };
        // A candidate of several lines is a script of its own.
        let last = |candidate: &str| {
            let lines: Vec<&str> = candidate.lines().collect();
            let script = Script::new(lines.iter().map(|l| (*l).into()));
            match self.after(&script).as_str() {
                "" => Trial::Closed,
                "!" => Trial::Rejected("no".to_owned()),
                to => Trial::Open(state(to)),
            }
        };
        attempt.candidates.iter().map(|c| if c.contains('\n') { last(c) } else { trial(c) }).collect()
    }

    fn cost(&self, attempt: &Attempt) -> Cost {
        Cost { lean_seconds: self.seconds * attempt.candidates.len() as f64, model_tokens: 0 }
    }
}

impl Policy for Toy {
    fn propose(&self, query: &Query) -> impl Future<Output = Result<(Vec<Proposal>, Cost), Fault>> + Send {
        std::future::ready(Ok((self.proposals(query), Cost::default())))
    }
}

impl ProofEnv for Toy {
    fn attempt(&self, attempt: &Attempt) -> impl Future<Output = Result<(Vec<Trial>, Cost), Fault>> + Send {
        std::future::ready(Ok((self.trials(attempt), self.cost(attempt))))
    }

    fn check(&self, check: &Check) -> impl Future<Output = Result<(Checked, Cost), Fault>> + Send {
        std::future::ready(Ok((self.checked(check), Cost { lean_seconds: self.seconds, model_tokens: 0 })))
    }
}

/// Answers requests one at a time as they come and returns the candidates in the order they were tried, with their node's state.
pub(crate) fn play<S: Strategy>(runner: &mut Runner<S>, toy: &Toy) -> Vec<String> {
    let mut tried = Vec::new();
    while runner.report().is_none() {
        for request in runner.next_requests(1, Duration::ZERO) {
            if let Task::Attempt(attempt) = &*request.task {
                let at = toy.after(&attempt.prefix);
                tried.extend(attempt.candidates.iter().map(|c| format!("{at}.{c}")));
            }
            runner.answer(request.id, toy.reply(&request));
        }
    }
    tried
}

/// Runs a search with replies given back in an order that `choose` picks from how many are under way; at most `concurrency` are.
pub(crate) fn play_shuffled<S: Strategy>(
    runner: &mut Runner<S>,
    concurrency: usize,
    mut answer: impl FnMut(&Request) -> Reply,
    mut choose: impl FnMut(usize) -> usize,
) {
    let mut under_way: Vec<Request> = Vec::new();
    let mut given: HashMap<u64, u32> = HashMap::new();
    loop {
        under_way.extend(runner.next_requests(concurrency - under_way.len(), Duration::ZERO));
        if runner.report().is_some() {
            break;
        }
        assert!(!under_way.is_empty(), "a search that is not over waits for nothing");
        let request = under_way.swap_remove(choose(under_way.len()) % under_way.len());
        *given.entry(request.id).or_default() += 1;
        let reply = answer(&request);
        assert!(runner.answer(request.id, reply.clone()), "the first reply to an open request counts");
        assert!(!runner.answer(request.id, reply), "a second one does not");
    }
    assert!(given.values().all(|n| *n == 1), "no request is issued twice");
}

//! The prover behind the language server: agents, opened when first needed, one for each Lake project.

use super::LspArgs;
use crate::{
    agent,
    output::VerdictName,
    solve::{svg, tree::Tree, watch::Seen},
    toolchain,
};
use prove_agent::{Agent, Change, Mended, ModelOptions, Problem, Settings, Settled, Sketched, StrategyName};
use prove_core::{Budget, RejectKind, Verdict};
use prove_lean::{BoxFuture, Certificate, toolchain::Project};
use prove_lsp::{Action, Ask, Edit, Outcome, Prover, Site, Watch};
use prove_search::{Entry, Observer, Spent};
use std::{
    collections::HashMap,
    num::NonZeroUsize,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{runtime::Handle, sync::Mutex, task::JoinSet};

/// How often an editor is told how far a search is, and shown its tree.
const LINE_EVERY: Duration = Duration::from_millis(250);
const TREE_EVERY: Duration = Duration::from_secs(1);

/// A prover whose work is done on another runtime than the messages that pass: those wait for nothing.
pub(super) struct Apart {
    pub(super) workshop: Arc<Workshop>,
    pub(super) runtime: Handle,
}

impl Prover for Apart {
    fn work<'a>(&'a self, ask: &'a Ask, watch: &'a Watch) -> BoxFuture<'a, Outcome> {
        let (workshop, ask, watch) = (self.workshop.clone(), ask.clone(), watch.clone());
        let mut work = JoinSet::new();
        work.spawn_on(async move { workshop.outcome(&ask, &watch).await }, &self.runtime);
        Box::pin(async move {
            match work.join_next().await {
                Some(Ok(outcome)) => outcome,
                _ => bad("a fault of the prover".to_owned()),
            }
        })
    }
}

/// The agents of one server.
pub(super) struct Workshop {
    args: Arc<LspArgs>,
    /// By the root of the Lake project; `None` is for files outside any.
    agents: Mutex<HashMap<Option<PathBuf>, Arc<Agent>>>,
}

impl Workshop {
    pub(super) fn new(args: Arc<LspArgs>) -> Workshop {
        Workshop { args, agents: Mutex::default() }
    }

    async fn agent(&self, ask: &Ask, watch: &Watch) -> anyhow::Result<Arc<Agent>> {
        let project = self.args.lean_project.clone().or_else(|| Some(Project::around(ask.path.as_deref()?)?.root));
        let mut agents = self.agents.lock().await;
        if let Some(agent) = agents.get(&project) {
            return Ok(agent.clone());
        }
        watch.line("starting Lean");
        let (args, path) = (self.args.clone(), ask.path.clone());
        let toolchain = tokio::task::spawn_blocking(move || toolchain::find(args.lean_project.as_deref(), path.as_deref())).await??;
        let agent = Arc::new(agent::open(toolchain, agent::workers(self.args.workers), &self.args.model).await?);
        agents.insert(project, agent.clone());
        Ok(agent)
    }

    fn settings(&self, action: Action) -> Settings {
        let LspArgs { timeout, more_time, format, max_tokens, model, .. } = &*self.args;
        let wall = Duration::from_secs(if action == Action::ProveLonger { *more_time } else { *timeout });
        Settings {
            window: agent::window(model.model.is_some()),
            strategy: StrategyName::Auto,
            trees: NonZeroUsize::MIN,
            budget: Budget { wall: Some(wall), ..Budget::default() },
            seed: 0,
            shorten: true,
            model: ModelOptions { format: *format, max_tokens: *max_tokens, ..ModelOptions::default() },
        }
    }

    async fn outcome(&self, ask: &Ask, watch: &Watch) -> Outcome {
        let agent = match self.agent(ask, watch).await {
            Ok(agent) => agent,
            Err(error) => return bad(format!("{error:#}")),
        };
        let settings = self.settings(ask.action);
        let name = ask.path.as_ref().map_or(ask.uri.to_string(), |path| path.display().to_string());
        let (Site::Sorry(at) | Site::Proof(at)) = ask.site;
        let focus = match agent.focus(&ask.text, at).await {
            Ok(focus) => focus,
            Err(verdict) => return bad(why(&verdict)),
        };
        let mut shown = Shown::new(watch, ask.wants_tree);
        let mut outcome = match (ask.action, focus.number) {
            (Action::Shorten, _) => mended(agent.shorten(&name, &focus.text, focus.at, &settings, &mut shown).await, "shorter"),
            (Action::Repair, _) => mended(agent.repair(&name, &focus.text, focus.at, &settings, &mut shown).await, "repaired"),
            (_, None) => bad("there is no `sorry` here".to_owned()),
            (Action::Sketch, Some(number)) => {
                let problem = Problem { name: &name, text: &focus.text, number, fills: &[] };
                let limit = settings.budget.wall.unwrap_or(Duration::MAX);
                match tokio::time::timeout(limit, agent.sketch(&problem, &settings)).await {
                    Ok(Ok(sketched)) => sketched_as(sketched),
                    Ok(Err(verdict)) => bad(why(&verdict)),
                    Err(_) => bad("out of time".to_owned()),
                }
            }
            (Action::Prove | Action::ProveLonger, Some(number)) => {
                let problem = Problem { name: &name, text: &focus.text, number, fills: &[] };
                proved(agent.settle(&problem, &settings, &mut shown).await, &focus.text, number)
            }
        };
        shown.end();
        outcome.edit = outcome.edit.map(|edit| {
            let Change { range, text } = focus.whole(Change { range: edit.range, text: edit.text });
            Edit { range, text }
        });
        outcome
    }
}

fn bad(message: String) -> Outcome {
    Outcome { edit: None, message, good: false }
}

fn edit(change: Change) -> Edit {
    Edit { range: change.range, text: change.text }
}

fn sketched_as(Sketched { name, change, gaps }: Sketched) -> Outcome {
    let gaps = if gaps == 1 { "one subgoal".to_owned() } else { format!("{gaps} subgoals") };
    Outcome { edit: Some(edit(change)), message: format!("{name} has {gaps} now"), good: true }
}

fn proved(settled: Settled, text: &str, number: usize) -> Outcome {
    let Settled { name, verdict, proof, spent, .. } = settled;
    match proof.and_then(|proof| Change::filling(text, number, &proof)) {
        Some(change) => {
            let rest = if matches!(verdict, Verdict::Proved(_)) { "is proved" } else { "has this gap filled, and others still open" };
            Outcome { edit: Some(edit(change)), message: format!("{name} {rest} ({})", cost(&spent)), good: true }
        }
        None => bad(format!("{name}: {}", why(&verdict))),
    }
}

fn mended(mended: Mended, how: &str) -> Outcome {
    let Mended { name, verdict, change, spent } = mended;
    match change {
        Some(change) => {
            Outcome { edit: Some(edit(change)), message: format!("the proof of {name} is {how} ({})", cost(&spent)), good: true }
        }
        None if name.is_empty() => bad(why(&verdict)),
        None => bad(format!("{name}: {}", why(&verdict))),
    }
}

fn cost(spent: &Spent) -> String {
    format!("{} tried, {:.1} s of Lean", spent.checks, spent.lean_seconds)
}

/// Why there is no proof.
fn why(verdict: &Verdict<Certificate>) -> String {
    match verdict {
        Verdict::Rejected(rejection) if rejection.kind == RejectKind::Error => rejection.message.clone(),
        Verdict::Rejected(rejection) => format!("the judge refuses it: {}", rejection.message),
        Verdict::Timeout => "out of time".to_owned(),
        Verdict::Fault(fault) => format!("a fault of the machinery: {}", fault.message),
        Verdict::Proved(_) => VerdictName::Proved.text().to_owned(),
    }
}

/// Shows an editor what a search does.
struct Shown<'a> {
    watch: &'a Watch,
    seen: Seen,
    tree: Option<Tree>,
    line_at: Instant,
    tree_at: Instant,
}

impl<'a> Shown<'a> {
    fn new(watch: &'a Watch, wants_tree: bool) -> Shown<'a> {
        let now = Instant::now();
        Shown { watch, seen: Seen::new(), tree: wants_tree.then(Tree::default), line_at: now, tree_at: now }
    }

    /// Shows the tree as it has become.
    fn end(&self) {
        if let Some(tree) = self.tree.as_ref().filter(|tree| !tree.nodes.is_empty()) {
            self.watch.tree(svg::draw(tree, "search"));
        }
    }
}

impl Observer for Shown<'_> {
    fn wants_events(&self) -> bool {
        true
    }

    fn event(&mut self, entry: Entry) {
        self.seen.take(&entry.event);
        if self.line_at.elapsed() >= LINE_EVERY {
            self.line_at = Instant::now();
            self.watch.line(self.seen.text());
        }
        let Some(tree) = &mut self.tree else { return };
        tree.take(entry);
        if self.tree_at.elapsed() >= TREE_EVERY {
            self.tree_at = Instant::now();
            self.watch.tree(svg::draw(tree, "search"));
        }
    }
}

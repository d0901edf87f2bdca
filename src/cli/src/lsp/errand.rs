//! What a code action asks for, as far as an agent needs to know: done by the language server itself, or by a daemon for it.

use crate::{
    agent,
    output::VerdictName,
    solve::{svg, tree::Tree, watch::Seen},
};
use prove_agent::{Agent, Change, Mended, ModelOptions, Problem, Settings, Settled, Sketched, StrategyName};
use prove_core::{Budget, RejectKind, Verdict};
use prove_lean::Certificate;
use prove_lsp::{Action, Edit, Outcome, Site, Watch};
use prove_model::text::Format;
use prove_search::{Entry, Observer, Spent};
use serde::{Deserialize, Serialize};
use std::{
    num::NonZeroUsize,
    time::{Duration, Instant},
};

/// How often an editor is told how far a search is, and shown its tree.
const LINE_EVERY: Duration = Duration::from_millis(250);
const TREE_EVERY: Duration = Duration::from_secs(1);

/// One action on one text.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Errand {
    pub(crate) action: Action,
    pub(crate) site: Site,
    /// The document's path or address: part of the seed.
    pub(crate) name: String,
    pub(crate) text: String,
    /// Whether to show the search tree.
    pub(crate) tree: bool,
    /// Wall time.
    pub(crate) seconds: u64,
    /// Most tokens of one proof that a model writes.
    pub(crate) max_tokens: u32,
}

impl Errand {
    /// Has it done.
    pub(crate) async fn run(&self, agent: &Agent, wall: Duration, format: Format, watch: &Watch) -> Outcome {
        let settings = Settings {
            window: agent::window(agent.model.is_some()),
            strategy: StrategyName::Auto,
            trees: NonZeroUsize::MIN,
            budget: Budget { wall: Some(wall), ..Budget::default() },
            seed: 0,
            shorten: true,
            model: ModelOptions { format, max_tokens: self.max_tokens, ..ModelOptions::default() },
        };
        let name = &self.name;
        let (Site::Sorry(at) | Site::Proof(at)) = self.site;
        let focus = match agent.focus(&self.text, at).await {
            Ok(focus) => focus,
            Err(verdict) => return bad(why(&verdict)),
        };
        let mut shown = Shown::new(watch, self.tree);
        let mut outcome = match (self.action, focus.number) {
            (Action::Shorten, _) => mended(agent.shorten(name, &focus.text, focus.at, &settings, &mut shown).await, "shorter"),
            (Action::Repair, _) => mended(agent.repair(name, &focus.text, focus.at, &settings, &mut shown).await, "repaired"),
            (_, None) => bad("there is no `sorry` here".to_owned()),
            (Action::Sketch, Some(number)) => {
                let problem = Problem { name, text: &focus.text, number, fills: &[] };
                match tokio::time::timeout(wall, agent.sketch(&problem, &settings)).await {
                    Ok(Ok(sketched)) => sketched_as(sketched),
                    Ok(Err(verdict)) => bad(why(&verdict)),
                    Err(_) => bad("out of time".to_owned()),
                }
            }
            (Action::Prove | Action::ProveLonger, Some(number)) => {
                let problem = Problem { name, text: &focus.text, number, fills: &[] };
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

pub(super) fn bad(message: String) -> Outcome {
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

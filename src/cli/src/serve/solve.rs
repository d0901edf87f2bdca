//! `/solve`: fills the `sorry`s of a text, as `prove solve` does, on the daemon's warm workers and with its model.

use super::{
    Daemon,
    http::{Answer, Refusal},
};
use crate::{agent, output::VerdictLine, solve::budget};
use prove_agent::{ModelOptions, Problem, Settings, StrategyName};
use prove_core::Budget;
use prove_syntax::{Outline, Source, find_sorries};
use serde::Deserialize;
use serde_json::json;
use std::{
    num::NonZeroUsize,
    time::{Duration, Instant},
};

/// The body of `/solve`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SolveRequest {
    /// A file with `sorry`s.
    text: String,
    /// Only those of this line, counted from 1.
    line: Option<u32>,
    /// What `prove solve` takes as options of the same names.
    strategy: Option<String>,
    budget: Option<String>,
    timeout: Option<u64>,
    #[serde(default)]
    seed: u64,
}

/// What verdict lines name as their file.
const FILE: &str = "<request>";

/// Answers `/solve`: a verdict line for each `sorry`, in their order.
pub(super) async fn solve(daemon: &Daemon, request: SolveRequest) -> Result<Answer, Refusal> {
    let strategy = request.strategy.as_deref().map_or(Ok(StrategyName::Auto), str::parse);
    let budget = request.budget.as_deref().map_or(Ok(Budget::default()), budget);
    let wall = request.timeout.map_or(daemon.longest_check, Duration::from_secs).min(daemon.longest_check);
    let settings = Settings {
        strategy: strategy.map_err(|error| Refusal::bad(format!("strategy: {error}")))?,
        trees: NonZeroUsize::MIN,
        budget: Budget { wall: Some(wall), ..budget.map_err(|error| Refusal::bad(format!("budget: {error}")))? },
        window: agent::window(daemon.agent.model.is_some()),
        seed: request.seed,
        shorten: true,
        model: ModelOptions { format: daemon.format, ..ModelOptions::default() },
    };
    let wanted: Vec<_> = {
        let source = Source::new(&request.text);
        let sorries = find_sorries(&source, &Outline::new(&source)).into_iter().map(|sorry| sorry.span.start).enumerate();
        sorries.filter(|(_, start)| request.line.is_none_or(|line| start.line + 1 == line)).collect()
    };
    if wanted.is_empty() {
        let place = request.line.map_or_else(String::new, |line| format!(" on line {line}"));
        return Err(Refusal::bad(format!("text: there is no `sorry`{place}")));
    }
    let mut fills: Vec<(usize, String)> = Vec::new();
    let mut lines = Vec::new();
    for (number, start) in wanted {
        let began = Instant::now();
        let problem = Problem { name: FILE, text: &request.text, number, fills: &fills };
        let settled = daemon.agent.settle(&problem, &settings, &mut ()).await;
        let line = VerdictLine::settled(FILE, settled, start, began.elapsed());
        fills.extend(line.proof.clone().map(|proof| (number, proof)));
        lines.push(line);
    }
    Ok(Answer::Json(json!({"verdicts": lines})))
}

//! `/solve`: fills the `sorry`s of a text, as `prove solve` does, on the daemon's warm workers and with its model.

use super::{
    Daemon,
    http::{Answer, Refusal},
};
use crate::{agent, output::VerdictLine, solve::budget};
use prove_agent::{ModelOptions, Problem, Settings, StrategyName};
use prove_core::Budget;
use prove_syntax::{Outline, Source, find_sorries};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::{
    num::NonZeroUsize,
    time::{Duration, Instant},
};

/// The body of `/solve`.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SolveRequest {
    /// A file with `sorry`s.
    pub(crate) text: String,
    /// The file's name, for verdict lines; part of the seed.
    pub(crate) name: Option<String>,
    /// Only those of this line, counted from 1.
    pub(crate) line: Option<u32>,
    /// Only the how-manieth of the file, counted from 0.
    pub(crate) number: Option<usize>,
    /// What is filled already: numbers, and what was put there.
    #[serde(default)]
    pub(crate) fills: Vec<(usize, String)>,
    /// What `prove solve` takes as options of the same names.
    pub(crate) strategy: Option<String>,
    pub(crate) trees: Option<NonZeroUsize>,
    pub(crate) window: Option<NonZeroUsize>,
    pub(crate) budget: Option<String>,
    pub(crate) timeout: Option<u64>,
    #[serde(default)]
    pub(crate) seed: u64,
    #[serde(default)]
    pub(crate) no_shorten: bool,
    pub(crate) max_tokens: Option<u32>,
}

/// What verdict lines name as their file, where the request names none.
pub(super) const FILE: &str = "<request>";

/// Answers `/solve`: a verdict line for each `sorry`, in their order.
pub(super) async fn solve(daemon: &Daemon, request: SolveRequest) -> Result<Answer, Refusal> {
    let strategy = request.strategy.as_deref().map_or(Ok(StrategyName::Auto), str::parse);
    let budget = request.budget.as_deref().map_or(Ok(Budget::default()), budget);
    let wall = request.timeout.map_or(daemon.longest_check, Duration::from_secs).min(daemon.longest_check);
    let options = ModelOptions::default();
    let settings = Settings {
        strategy: strategy.map_err(|error| Refusal::bad(format!("strategy: {error}")))?,
        trees: request.trees.unwrap_or(NonZeroUsize::MIN),
        budget: Budget { wall: Some(wall), ..budget.map_err(|error| Refusal::bad(format!("budget: {error}")))? },
        window: request.window.unwrap_or(agent::window(daemon.agent.model.is_some())),
        seed: request.seed,
        shorten: !request.no_shorten,
        model: ModelOptions { format: daemon.format, max_tokens: request.max_tokens.unwrap_or(options.max_tokens), ..options },
    };
    let wanted: Vec<_> = {
        let source = Source::new(&request.text);
        let sorries = find_sorries(&source, &Outline::new(&source)).into_iter().map(|sorry| sorry.span.start).enumerate();
        let wanted = |number: usize, line: u32| request.number.is_none_or(|n| n == number) && request.line.is_none_or(|l| l == line + 1);
        sorries.filter(|(number, start)| wanted(*number, start.line)).collect()
    };
    if wanted.is_empty() {
        let place = request.line.map_or_else(String::new, |line| format!(" on line {line}"));
        return Err(Refusal::bad(format!("text: there is no `sorry`{place}")));
    }
    let name = request.name.as_deref().unwrap_or(FILE);
    let mut fills = request.fills;
    let mut lines = Vec::new();
    for (number, start) in wanted {
        let began = Instant::now();
        let problem = Problem { name, text: &request.text, number, fills: &fills };
        let settled = daemon.agent.settle(&problem, &settings, &mut ()).await;
        let line = VerdictLine::settled(name, settled, start, began.elapsed());
        fills.extend(line.proof.clone().map(|proof| (number, proof)));
        lines.push(line);
    }
    Ok(Answer::Json(json!({"verdicts": lines})))
}

//! `prove solve`: fills the `sorry`s of a file, and nothing else in it.
//!
//! For each `sorry` a search finds a proof on warm workers, and the judge decides in a fresh process ([`prove_agent`]). The file is written
//! whole, after every accepted proof, so that killing the program loses none.

mod request;
pub(crate) mod svg;
pub(crate) mod tree;
pub(crate) mod watch;

use crate::{
    agent,
    daemon::{self, Daemon, DaemonArgs, Makeup},
    files::replace,
    model::ModelArgs,
    output::VerdictLine,
    serve::SolveRequest,
    toolchain,
    workers::Workers,
};
use anyhow::Context;
use prove_agent::{Agent, ModelOptions, Problem as Hole, Settings, StrategyName};
use prove_core::{Budget, ExitCode, Rejection};
use prove_lean::toolchain::Toolchain;
use prove_model::text::Format;
use prove_search::Reply;
use prove_store::{Key, Run};
use prove_syntax::{Outline, ProofBody, Sorry, Source, find_sorries, splice};
pub(crate) use request::budget;
use request::{Input, Problem};
use std::{
    num::NonZeroUsize,
    path::PathBuf,
    time::{Duration, Instant},
};
use tokio::sync::OnceCell;
use watch::{EventLog, Watch};

/// Arguments of `prove solve`.
#[derive(Debug, clap::Args)]
pub(crate) struct SolveArgs {
    /// The file whose `sorry`s to fill, or FILE:LINE for those of one line (counted from 1).
    #[arg(value_name = "FILE[:LINE]", required_unless_present = "statement", conflicts_with = "statement")]
    file: Option<String>,
    /// A theorem to prove instead: `theorem … : P`, or just the proposition P.
    #[arg(long, value_name = "TEXT")]
    statement: Option<String>,
    /// How to search: auto (all of what follows under one budget), portfolio, best-first, sample, rmaxts, repair or
    /// decompose. The ablations of rmaxts: rmaxts-ucb1, rmaxts-no-reward.
    #[arg(long, value_name = "NAME", default_value_t = StrategyName::Auto)]
    strategy: StrategyName,
    /// Trees that rmaxts and repair grow side by side.
    #[arg(long, value_name = "N", default_value = "1")]
    trees: NonZeroUsize,
    /// What each `sorry` may cost: `checks=N`, `lean-seconds=S`, `model-tokens=N`, or several with commas between.
    #[arg(long, value_name = "BUDGET", value_parser = budget)]
    budget: Option<Budget>,
    /// Seconds of wall time for each `sorry`.
    #[arg(long, value_name = "S", default_value_t = 120)]
    timeout: u64,
    /// Seed of the search's random choices.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Requests under way at a time, to Lean workers and model together: 4, or 16 with a model. Raise it for many workers. A search depends
    /// on it and on the seed, not on the number of workers.
    #[arg(long, value_name = "N")]
    window: Option<NonZeroUsize>,
    /// Lean workers to search with; as many as there are cores by default. Or a NATS server with
    /// JetStream, from which `prove work` takes the checks on any number of machines.
    #[arg(long, value_name = "N|nats://…")]
    workers: Option<Workers>,
    #[command(flatten)]
    daemon: DaemonArgs,
    #[command(flatten)]
    model: ModelArgs,
    /// The prompts that the model was trained on: deepseek-v1.5, deepseek-v1.5-cot, deepseek-v2, deepseek-v2-cot, goedel-v2, kimina or
    /// prove.
    #[arg(long, value_name = "NAME", default_value = "prove")]
    format: Format,
    /// Most tokens of one proof that the model writes.
    #[arg(long, value_name = "N", default_value_t = 1024)]
    max_tokens: u32,
    /// Keep proofs as they were found instead of shortening them.
    #[arg(long)]
    no_shorten: bool,
    /// Write the proofs into the file.
    #[arg(long, conflicts_with = "output")]
    in_place: bool,
    /// Write the file with the proofs here.
    #[arg(long, value_name = "F")]
    output: Option<PathBuf>,
    /// One JSON object per `sorry`.
    #[arg(long)]
    json: bool,
    /// A folder that keeps what is finished and what searches were told: a killed run goes on where it was. What a daemon's searches are told is
    /// not kept.
    #[arg(long, value_name = "DIR")]
    run: Option<PathBuf>,
    /// Write every decision of the search here, one JSON object a line.
    #[arg(long, value_name = "FILE", conflicts_with = "daemon")]
    events: Option<PathBuf>,
    /// Draw the search tree of the last `sorry` searched for: an SVG picture.
    #[arg(long, value_name = "FILE", conflicts_with = "daemon")]
    tree: Option<PathBuf>,
    /// The Lake project to use, instead of the one around the file.
    #[arg(long, value_name = "DIR")]
    lean_project: Option<PathBuf>,
}

/// Runs `prove solve`.
pub(crate) fn run(mut args: SolveArgs) -> anyhow::Result<ExitCode> {
    args.model.or_bundled();
    let problem = Problem::read(args.file.as_deref(), args.statement.as_deref())?;
    let path = problem.path();
    let toolchain = toolchain::find(args.lean_project.as_deref(), path)?;
    let kept = args.run.as_deref().map(Run::open).transpose()?;
    let replies = args.run.as_deref().map(|run| Run::open(&run.join("searches"))).transpose()?;
    let events = args.events.as_deref().map(EventLog::create).transpose()?;
    let runtime = tokio::runtime::Runtime::new()?;
    let exit = runtime.block_on(async {
        let makeup = Makeup::new(&toolchain, &args.model, args.format, args.timeout);
        let daemon = args.daemon.find(&makeup, false).await;
        let mut solver =
            Solver { args: &args, problem: &problem, kept, replies, events, toolchain, daemon, agent: OnceCell::new(), fills: Vec::new() };
        tokio::select! {
            exit = solver.run() => exit,
            _ = tokio::signal::ctrl_c() => Ok(ExitCode::NotProved),
        }
    });
    // Workers die with their handles; nothing of the runtime is waited for.
    runtime.shutdown_background();
    exit
}

struct Solver<'a> {
    args: &'a SolveArgs,
    problem: &'a Problem,
    kept: Option<Run<VerdictLine>>,
    replies: Option<Run<Reply>>,
    events: Option<EventLog>,
    toolchain: Toolchain,
    /// Who does the work, if anybody else does.
    daemon: Option<Daemon>,
    /// Opened when it has to work.
    agent: OnceCell<Agent>,
    /// What is filled so far: the number of the `sorry` in the file, and the text for it.
    fills: Vec<(usize, String)>,
}

impl Solver<'_> {
    async fn run(&mut self) -> anyhow::Result<ExitCode> {
        let source = Source::new(&self.problem.text);
        let outline = Outline::new(&source);
        let sorries = find_sorries(&source, &outline);
        let mut exit = ExitCode::Proved;
        for number in self.problem.wanted(&sorries)? {
            let key = self.key(number);
            // Whoever wants to see a finished search has it run through its replies again.
            let shown = self.args.events.is_some() || self.args.tree.is_some();
            let finished = self.kept.as_ref().and_then(|run| run.finished(Key::of(key.iter().map(String::as_str))));
            let line = match finished.filter(|_| !shown) {
                Some(line) => line.clone(),
                None => {
                    let line = self.line(number, &sorries[number], &key).await?;
                    if let Some(run) = &self.kept
                        && line.verdict.is_final()
                    {
                        run.record(Key::of(key.iter().map(String::as_str)), &line)?;
                    }
                    line
                }
            };
            self.fills.extend(line.proof.clone().map(|proof| (number, proof)));
            exit = exit.max(line.verdict.exit_code());
            if line.proof.is_some() {
                self.write(&source, &sorries)?;
            }
            line.print(self.args.json)?;
        }
        Ok(exit)
    }

    /// Everything that the line for a `sorry` depends on.
    fn key(&self, number: usize) -> Vec<String> {
        let SolveArgs { strategy, budget, timeout, seed, no_shorten, format, max_tokens, model, trees, window, .. } = self.args;
        let how = format!(
            "{strategy} {trees} {window:?} {budget:?} {timeout} {seed} {no_shorten} {number} {:?} {} {max_tokens}",
            model.model,
            format.name()
        );
        let lean = self.toolchain.version().to_string();
        vec![env!("CARGO_PKG_VERSION").to_owned(), lean, self.problem.name.clone(), self.problem.text.clone(), how]
    }

    /// Works on one `sorry`, and says what came of it.
    async fn line(&mut self, number: usize, sorry: &Sorry, key: &[String]) -> anyhow::Result<VerdictLine> {
        if let Some(daemon) = &self.daemon {
            match daemon.solve(&self.request(number)).await {
                Ok(line) => return Ok(line),
                Err(error) => {
                    daemon::say(&error);
                    self.daemon = None;
                }
            }
        }
        let started = Instant::now();
        let open = async || anyhow::Ok(agent::open(self.toolchain.clone(), self.args.workers.as_ref(), &self.args.model).await?.0);
        let agent = self.agent.get_or_try_init(open).await?;
        let window = self.args.window.unwrap_or(agent::window(self.args.model.model.is_some()));
        let settings = Settings {
            window,
            strategy: self.args.strategy,
            trees: self.args.trees,
            budget: Budget { wall: Some(Duration::from_secs(self.args.timeout)), ..self.args.budget.unwrap_or_default() },
            seed: self.args.seed,
            shorten: !self.args.no_shorten,
            model: ModelOptions { format: self.args.format, max_tokens: self.args.max_tokens, ..ModelOptions::default() },
        };
        let hole = Hole { name: &self.problem.name, text: &self.problem.text, number, fills: &self.fills };
        let mut watch = Watch::new(key, self.replies.as_ref(), self.events.as_mut(), self.args.tree.is_some());
        let settled = agent.settle(&hole, &settings, &mut watch).await;
        let tree = watch.finish()?;
        if let Some(path) = &self.args.tree {
            let picture = svg::draw(&tree, &settled.name);
            replace(path, |file| file.write_all(picture.as_bytes()))
                .with_context(|| format!("{}: cannot write the picture", path.display()))?;
        }
        Ok(VerdictLine::settled(&self.problem.name, settled, sorry.span.start, started.elapsed()))
    }

    /// The same for a daemon.
    fn request(&self, number: usize) -> SolveRequest {
        let args = self.args;
        SolveRequest {
            text: self.problem.text.clone(),
            name: Some(self.problem.name.clone()),
            line: None,
            number: Some(number),
            fills: self.fills.clone(),
            strategy: Some(args.strategy.to_string()),
            trees: Some(args.trees),
            window: args.window,
            budget: args.budget.as_ref().map(request::budget_text).filter(|text| !text.is_empty()),
            timeout: Some(args.timeout),
            seed: args.seed,
            no_shorten: args.no_shorten,
            max_tokens: Some(args.max_tokens),
        }
    }

    /// Writes the file with what is filled so far, if the user asked for a file.
    fn write(&self, source: &Source<'_>, sorries: &[Sorry]) -> anyhow::Result<()> {
        let path = match (&self.problem.input, &self.args.output) {
            (_, Some(output)) => output.as_path(),
            (Input::File(path), None) if self.args.in_place => path,
            _ => return Ok(()),
        };
        let bodies = self.fills.iter().map(|(number, body)| Ok((*number, ProofBody::parse(body)?)));
        let bodies = bodies.collect::<Result<Vec<_>, Rejection>>().map_err(|r| anyhow::anyhow!(r.message))?;
        let pairs: Vec<_> = bodies.iter().map(|(number, body)| (&sorries[*number], body)).collect();
        let text = splice(source, &pairs).map_err(|r| anyhow::anyhow!(r.message))?.text;
        replace(path, |file| file.write_all(text.as_bytes())).with_context(|| format!("{}: cannot write the proofs", path.display()))
    }
}

//! `prove bench run`: every problem of a suite, so many attempts each, in a folder that a killed run is taken up again from.

use super::open::{self, input};
#[cfg(feature = "nats")]
use super::work;
use crate::{
    agent,
    model::{self, ModelArgs},
    solve::budget,
    toolchain,
    workers::Workers,
};
#[cfg(feature = "nats")]
use crate::{output::InputError, workers};
use indicatif::{ProgressBar, ProgressStyle};
use prove_agent::{Agent, StrategyName};
#[cfg(feature = "nats")]
use prove_bench::run::spread::{self, Machine, SpreadError};
use prove_bench::run::{Folder, ModelUsed, Outcome, Plan, Preset, Record, Tally, model_hash, run as run_suite};
use prove_core::{Budget, ExitCode};
use prove_lean::toolchain::Toolchain;
use prove_model::{Sampling, text::Format};
use std::{
    io::{IsTerminal, Write},
    num::{NonZeroU32, NonZeroUsize},
    path::PathBuf,
    time::{Duration, Instant},
};

/// Arguments of `prove bench run`.
#[derive(Debug, clap::Args)]
pub(crate) struct RunArgs {
    /// The suite: core, one that was fetched, or a file of problems (.jsonl) or of theorems with `sorry` for proofs (.lean).
    suite: String,
    /// Only this part of it, such as `test`.
    #[arg(long, value_name = "NAME")]
    split: Option<String>,
    /// The protocol of a paper, for a model: deepseek-prover-v1.5, deepseek-prover-v1.5-sampling, deepseek-prover-v2 or goedel-v2. It sets
    /// strategy, attempts, budget, prompts and sampling; other options go before it.
    #[arg(long, value_name = "NAME", value_parser = preset, requires = "model")]
    preset: Option<Preset>,
    /// How to search; see `prove solve`. Auto by default.
    #[arg(long, value_name = "NAME")]
    strategy: Option<StrategyName>,
    /// Attempts at each problem, for pass@k: each has the whole budget and a seed of its own. One by default.
    #[arg(long, value_name = "N")]
    k: Option<NonZeroU32>,
    /// What each attempt may cost: `checks=N`, `lean-seconds=S`, `model-tokens=N`, or several with commas between. 400 checks by default.
    #[arg(long, value_name = "BUDGET", value_parser = budget)]
    budget: Option<Budget>,
    /// Seconds of wall time for each attempt; 300 by default.
    #[arg(long, value_name = "S")]
    timeout: Option<u64>,
    /// Seed of the first attempt; the next has the next.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Requests under way at a time in one search: 4, or 16 with a model.
    #[arg(long, value_name = "N")]
    window: Option<NonZeroUsize>,
    /// Trees that rmaxts and repair grow side by side.
    #[arg(long, value_name = "N", default_value = "1")]
    trees: NonZeroUsize,
    /// The folder of the run. By default one in `prove-runs`, named by the suite and the settings.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Lean workers, and problems at a time; as many as there are cores by default. Or a NATS server with JetStream, from which
    /// `prove bench work` takes the problems on any number of machines.
    #[arg(long, value_name = "N|nats://…")]
    workers: Option<Workers>,
    /// What the server hands out: whole problems to `prove bench work`, or single checks to `prove work`, which needs no model. Search, model
    /// and judge are then this machine's, and it works on as many problems at a time as there are workers when it begins.
    #[cfg(feature = "nats")]
    #[arg(long, value_name = "WHAT", default_value = "problems", requires = "workers")]
    spread: Spread,
    #[command(flatten)]
    model: ModelArgs,
    /// The prompts that the model was trained on; see `prove solve`.
    #[arg(long, value_name = "NAME")]
    format: Option<Format>,
    /// Most tokens of one proof that the model writes; 1024 by default.
    #[arg(long, value_name = "N")]
    max_tokens: Option<u32>,
    /// The Lake project whose Lean to use.
    #[arg(long, value_name = "DIR")]
    lean_project: Option<PathBuf>,
    /// One JSON object per attempt, as in the run's `results.jsonl`.
    #[arg(long)]
    json: bool,
}

/// What of a run goes to other machines.
#[cfg(feature = "nats")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Spread {
    Problems,
    Checks,
}

fn preset(name: &str) -> Result<Preset, String> {
    Preset::named(name).ok_or_else(|| format!("there is no protocol {name:?}; there are {}", Preset::names().join(", ")))
}

impl RunArgs {
    /// What was asked for, else what the preset says, else the defaults.
    fn plan(&self, suite_hash: String, lean: String) -> anyhow::Result<Plan> {
        let preset = self.preset.as_ref();
        let sampling = Sampling { top_p: 0.95, ..Sampling::default() };
        let model = match &self.model.model {
            Some(name) => Some(ModelUsed {
                name: name.clone(),
                hash: model_hash(&model::folder(name)?).map_err(input)?,
                format: self.format.or(preset.map(|p| p.format)).unwrap_or(Format::Prove),
                max_tokens: self.max_tokens.or(preset.map(|p| p.max_tokens)).unwrap_or(1024),
                temperature: preset.map_or(sampling.temperature, |p| p.temperature),
                top_p: preset.map_or(sampling.top_p, |p| p.top_p),
            }),
            None => None,
        };
        let checks = Budget { checks: Some(preset.map_or(400, |p| p.checks)), ..Budget::default() };
        let seconds = self.timeout.or(preset.map(|p| p.timeout)).unwrap_or(300);
        Ok(Plan {
            suite: self.suite.clone(),
            suite_hash,
            split: self.split.clone(),
            attempts: self.k.or(preset.map(|p| p.attempts)).map_or(1, NonZeroU32::get),
            strategy: self.strategy.or(preset.map(|p| p.strategy)).unwrap_or(StrategyName::Auto),
            trees: self.trees,
            budget: Budget { wall: Some(Duration::from_secs(seconds)), ..self.budget.unwrap_or(checks) },
            window: self.window.or(preset.map(|p| p.window)).unwrap_or(agent::window(model.is_some())),
            seed: self.seed,
            model,
            preset: preset.map(|p| p.name.clone()),
            lean,
            prove: env!("CARGO_PKG_VERSION").to_owned(),
        })
    }
}

/// Runs `prove bench run`.
pub(crate) fn run(mut args: RunArgs) -> anyhow::Result<ExitCode> {
    args.model.or_bundled();
    let (suite, problems) = open::problems(&args.suite, args.split.as_deref())?;
    let toolchain = toolchain::find(args.lean_project.as_deref(), None)?;
    let problems = open::on(&toolchain, problems);
    let plan = args.plan(suite.hash(), toolchain::named(&toolchain))?;
    let path = args.out.clone().unwrap_or_else(|| PathBuf::from("prove-runs").join(plan.default_name()));
    let folder = Folder::open(&path, plan, problems).map_err(input)?;
    let runtime = tokio::runtime::Runtime::new()?;
    let tally = runtime.block_on(async {
        tokio::select! {
            tally = run_on(&args, toolchain, &folder) => tally.map(Some),
            _ = tokio::signal::ctrl_c() => anyhow::Ok(None),
        }
    });
    // Workers die with their handles; nothing of the runtime is waited for.
    runtime.shutdown_background();
    let Some(tally) = tally? else { return Ok(ExitCode::NotProved) };
    if !args.json {
        let Tally { problems, proved, unsupported, faulty, .. } = tally;
        let supported = problems - unsupported;
        let mut out = std::io::stdout().lock();
        writeln!(out, "{proved} of {supported} proved; {unsupported} unsupported on this Lean; {faulty} with faults left")?;
        writeln!(out, "prove bench report {}", path.display())?;
    }
    Ok(match tally {
        Tally { faulty: 1.., .. } => ExitCode::Fault,
        Tally { problems, proved, unsupported, .. } if proved + unsupported == problems => ExitCode::Proved,
        _ => ExitCode::NotProved,
    })
}

/// Runs what is left on the workers that were asked for.
async fn run_on(args: &RunArgs, toolchain: Toolchain, folder: &Folder) -> anyhow::Result<Tally> {
    #[cfg(feature = "nats")]
    match (&args.workers, args.spread) {
        (Some(Workers::Nats(server)), Spread::Problems) => return hand_out(args, server, folder).await,
        (Some(Workers::Here(_)), Spread::Checks) => {
            return Err(InputError::new("there is no server to hand checks out", "give it with --workers nats://HOST:PORT").into());
        }
        _ => {}
    }
    let (agent, workers) = agent::open(toolchain, args.workers.as_ref(), &args.model).await?;
    let at_work = matches!(args.workers, None | Some(Workers::Here(_))).then_some(workers);
    let mut watch = Watch::new(args.json, Some((&agent, at_work)));
    let tally = run_suite(&agent, folder, workers, |records, tally| watch.settled(records, tally)).await?;
    watch.finish()?;
    Ok(tally)
}

/// Has other machines work on the problems.
#[cfg(feature = "nats")]
async fn hand_out(args: &RunArgs, server: &str, folder: &Folder) -> anyhow::Result<Tally> {
    let mut watch = Watch::new(args.json, None);
    let wanted = work::described(&Machine::of(&folder.plan));
    writeln!(std::io::stderr(), "handing out to `prove bench work` of {wanted}")?;
    let tally = spread::run(server, folder, |records, tally| watch.settled(records, tally)).await.map_err(|error| match error {
        SpreadError::Server(error) => workers::input(error),
        SpreadError::Store(_) | SpreadError::Name { .. } => error.into(),
    })?;
    watch.finish()?;
    Ok(tally)
}

/// Shows a run: a line for each problem on standard output, a bar on a terminal.
struct Watch<'a> {
    json: bool,
    /// The agent, where the search is on this machine, and its workers, where they are.
    here: Option<(&'a Agent, Option<NonZeroUsize>)>,
    began: Instant,
    bar: Option<ProgressBar>,
    model_busy: f64,
    failed: Option<std::io::Error>,
}

impl<'a> Watch<'a> {
    fn new(json: bool, here: Option<(&'a Agent, Option<NonZeroUsize>)>) -> Watch<'a> {
        let bar = std::io::stderr().is_terminal().then(|| {
            let style = ProgressStyle::with_template("{bar:24} {pos}/{len} {elapsed} ETA {eta} {msg}");
            let bar = ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar.enable_steady_tick(Duration::from_millis(200));
            bar
        });
        Watch { json, here, began: Instant::now(), bar, model_busy: 0.0, failed: None }
    }

    fn settled(&mut self, records: &[Record], tally: Tally) {
        let printed = match &self.bar {
            Some(bar) => bar.suspend(|| print(records, self.json)),
            None => print(records, self.json),
        };
        if let Err(error) = printed {
            self.failed.get_or_insert(error);
        }
        self.model_busy += records.iter().map(|record| record.cost.model_busy).sum::<f64>();
        let Some(bar) = &self.bar else { return };
        let elapsed = self.began.elapsed().as_secs_f64().max(1e-3);
        let mut text = format!("{} proved", tally.proved);
        if let Some((agent, workers)) = self.here {
            let stats = agent.pool.stats();
            let load = |busy: f64| (100.0 * busy / elapsed).min(100.0);
            text += &format!(", {:.1} checks/s", stats.checks as f64 / elapsed);
            if let Some(workers) = workers {
                text += &format!(", workers {:.0} % busy", load(stats.busy_seconds / workers.get() as f64));
            }
            if agent.model.is_some() {
                text += &format!(", model {:.0} %", load(self.model_busy));
            }
        }
        if tally.unsupported + tally.faulty > 0 {
            text += &format!(", {} unsupported, {} faulty", tally.unsupported, tally.faulty);
        }
        bar.set_length(tally.problems as u64);
        bar.set_position(tally.done as u64);
        bar.set_message(text);
    }

    fn finish(self) -> std::io::Result<()> {
        self.bar.iter().for_each(ProgressBar::finish_and_clear);
        self.failed.map_or(Ok(()), Err)
    }
}

fn print(records: &[Record], json: bool) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    if json {
        for record in records {
            serde_json::to_writer(&mut out, record)?;
            writeln!(out)?;
        }
        return Ok(());
    }
    let Some(shown) = records.iter().find(|record| record.outcome == Outcome::Proved).or(records.first()) else { return Ok(()) };
    let proved = records.iter().filter(|record| record.outcome == Outcome::Proved).count();
    let attempts = if records.len() > 1 { format!(" {proved}/{}", records.len()) } else { String::new() };
    let seconds: f64 = records.iter().map(|record| record.cost.wall_seconds).sum();
    let message = shown.message.as_deref().and_then(|message| message.lines().next()).unwrap_or_default();
    writeln!(out, "{:11} {}{attempts} ({seconds:.1} s) {message}", shown.outcome.name(), shown.problem)
}

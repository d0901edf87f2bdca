//! `prove solve`: fills the `sorry`s of a file, and nothing else in it.
//!
//! For each `sorry` a search finds a candidate on warm workers, by the cheap verdict; the judge then decides in a fresh process. Only
//! what it accepts is kept. The file is written whole, after every accepted proof, so that killing the program loses none.

mod request;

use crate::{
    output::{Cost, VerdictLine},
    toolchain,
};
use anyhow::Context;
use prove_agent::{LeanEnv, Target};
use prove_core::{Budget, ExitCode, Fault, RejectKind, Rejection, StopReason, Verdict};
use prove_lean::{Judge, JudgeLimits, Judged, PoolConfig, Preamble, SessionSpawner, WorkerPool};
use prove_search::{
    BestFirst, BestFirstOptions, Clock, CoreTactics, FileContext, Minimise, MinimiseOptions, Runner, Script, Spent, Strategy, Streams,
    WholeProofOptions, WholeProofs, drive,
};
use prove_store::{Key, Run};
use prove_syntax::{DeclarationKind, Outline, ProofBody, Sorry, Source, find_sorries, splice};
use request::{Input, Problem};
use std::{
    num::NonZeroUsize,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// Arguments of `prove solve`.
#[derive(Debug, clap::Args)]
pub(crate) struct SolveArgs {
    /// The file whose `sorry`s to fill, or FILE:LINE for those of one line (counted from 1).
    #[arg(value_name = "FILE[:LINE]", required_unless_present = "statement", conflicts_with = "statement")]
    file: Option<String>,
    /// A theorem to prove instead: `theorem … : P`, or just the proposition P.
    #[arg(long, value_name = "TEXT")]
    statement: Option<String>,
    /// How to search.
    #[arg(long, value_enum, default_value_t = StrategyName::Auto)]
    strategy: StrategyName,
    /// What each `sorry` may cost: `checks=N`, `lean-seconds=S`, or both with a comma between.
    #[arg(long, value_name = "BUDGET", value_parser = request::budget)]
    budget: Option<Budget>,
    /// Seconds of wall time for each `sorry`.
    #[arg(long, value_name = "S", default_value_t = 120)]
    timeout: u64,
    /// Seed of the search's random choices.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Lean workers to search with; as many as there are cores by default.
    #[arg(long, value_name = "N")]
    workers: Option<NonZeroUsize>,
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
    /// A folder that keeps what is finished: a killed run goes on where it was.
    #[arg(long, value_name = "DIR")]
    run: Option<PathBuf>,
    /// The Lake project to use, instead of the one around the file.
    #[arg(long, value_name = "DIR")]
    lean_project: Option<PathBuf>,
}

/// Ways to search.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum StrategyName {
    /// The portfolio, then best-first with what is left of the budget.
    Auto,
    /// Whole proofs from a fixed list, fitted to the goal.
    Portfolio,
    /// Best-first search over tactic steps.
    BestFirst,
}

/// Runs `prove solve`.
pub(crate) fn run(args: SolveArgs) -> anyhow::Result<ExitCode> {
    let problem = Problem::read(args.file.as_deref(), args.statement.as_deref())?;
    let path = problem.path();
    let toolchain = toolchain::find(args.lean_project.as_deref(), path)?;
    let workers = args.workers.or(std::thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN);
    let kept = args.run.as_deref().map(Run::open).transpose()?;
    let runtime = tokio::runtime::Runtime::new()?;
    let exit = runtime.block_on(async {
        let spawner = SessionSpawner::new(toolchain.lean());
        let pool = WorkerPool::new(PoolConfig { workers, ..toolchain::pool_config(&toolchain) }, spawner);
        let preamble = Preamble::of(&toolchain);
        let judge = Judge::new(toolchain, JudgeLimits::default());
        let mut solver = Solver { args: &args, problem: &problem, kept, pool, judge, preamble, workers, fills: Vec::new() };
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
    pool: WorkerPool,
    judge: Judge,
    preamble: Preamble,
    workers: NonZeroUsize,
    /// What is filled so far: the number of the `sorry` in the file, and the text for it.
    fills: Vec<(usize, String)>,
}

/// How the search for one `sorry` ended.
enum Found {
    Body(String),
    Nothing(Rejection),
    Timeout,
    Fault(Fault),
}

impl Solver<'_> {
    async fn run(&mut self) -> anyhow::Result<ExitCode> {
        let source = Source::new(&self.problem.text);
        let outline = Outline::new(&source);
        let sorries = find_sorries(&source, &outline);
        let mut exit = ExitCode::Proved;
        for number in self.problem.wanted(&sorries)? {
            let key = self.key(number);
            let line = match self.kept.as_ref().and_then(|run| run.finished(key)) {
                Some(line) => {
                    self.fills.extend(line.proof.clone().map(|proof| (number, proof)));
                    line.clone()
                }
                None => {
                    let line = self.line(number, &outline, &sorries).await;
                    if let Some(run) = &self.kept
                        && line.verdict.is_final()
                    {
                        run.record(key, &line)?;
                    }
                    line
                }
            };
            exit = exit.max(line.verdict.exit_code());
            if line.proof.is_some() {
                self.write(&source, &sorries)?;
            }
            line.print(self.args.json)?;
        }
        Ok(exit)
    }

    /// Everything that the line for a `sorry` depends on.
    fn key(&self, number: usize) -> Key {
        let SolveArgs { strategy, budget, timeout, seed, no_shorten, .. } = self.args;
        let how = format!("{strategy:?} {budget:?} {timeout} {seed} {no_shorten} {number}");
        let lean = self.judge.toolchain().version().to_string();
        Key::of([env!("CARGO_PKG_VERSION"), &lean, &self.problem.name, &self.problem.text, &how])
    }

    /// Works on one `sorry`, and says what came of it.
    async fn line(&mut self, number: usize, outline: &Outline, sorries: &[Sorry]) -> VerdictLine {
        let started = Instant::now();
        let mut cost = Cost::default();
        let name = declaration_name(outline, &sorries[number]);
        let (verdict, proof) = self.solve(number, outline, sorries, &name, &mut cost).await;
        let millis = started.elapsed().as_secs_f64() * 1e3;
        let mut line = VerdictLine::new(&self.problem.name, Judged { name, verdict, millis });
        line.position = Some(sorries[number].span.start);
        line.proof = proof;
        line.cost = Some(cost);
        line
    }

    /// Searches and judges one `sorry`; the accepted body is kept in `fills`.
    async fn solve(
        &mut self,
        number: usize,
        outline: &Outline,
        sorries: &[Sorry],
        name: &str,
        cost: &mut Cost,
    ) -> (Verdict<prove_lean::Certificate>, Option<String>) {
        let body = match self.search(number, cost).await {
            Found::Body(body) => body,
            Found::Nothing(rejection) => return (Verdict::Rejected(rejection), None),
            Found::Timeout => return (Verdict::Timeout, None),
            Found::Fault(fault) => return (Verdict::Fault(fault), None),
        };
        let (trusted, judged_name) = name_examples(&self.problem.text, outline, &sorries[number], name);
        let mut fills: Vec<(usize, &str)> = self.fills.iter().map(|(n, body)| (*n, body.as_str())).collect();
        fills.push((number, &body));
        let started = Instant::now();
        let judged = self.judge.fill(&trusted, &fills).await;
        cost.judge_seconds = started.elapsed().as_secs_f64();
        let verdict = judged.into_iter().find(|j| j.name == judged_name).map(|j| j.verdict);
        let verdict = verdict.unwrap_or_else(|| {
            let message = "only proofs of theorems, lemmas and examples can be judged".to_owned();
            Verdict::Rejected(Rejection { kind: RejectKind::WrongKind, message, position: None })
        });
        // A declaration with further `sorry`s is judged when the last of them is filled.
        let keep = matches!(&verdict, Verdict::Proved(_))
            || matches!(&verdict, Verdict::Rejected(r) if r.kind == RejectKind::Sorry && self.has_open(sorries, number));
        if keep {
            self.fills.push((number, body.clone()));
        }
        let proof = keep.then_some(body);
        (verdict, proof)
    }

    /// Whether the declaration of a `sorry` has another one that is still open.
    fn has_open(&self, sorries: &[Sorry], number: usize) -> bool {
        let filled = |n: usize| n == number || self.fills.iter().any(|(filled, _)| *filled == n);
        sorries.iter().enumerate().any(|(n, other)| other.declaration == sorries[number].declaration && !filled(n))
    }

    async fn search(&self, number: usize, cost: &mut Cost) -> Found {
        // The workers see the file with this Lean's preamble, as the judge does.
        let (_, text) = self.preamble.insert(&self.problem.text);
        let source = Source::new(&text);
        let outline = Outline::new(&source);
        let sorries = find_sorries(&source, &outline);
        let nothing = |message: &str| {
            let kind = RejectKind::Error;
            Found::Nothing(Rejection { kind, message: message.to_owned(), position: None })
        };
        let Some(target) = sorries.get(number).and_then(|sorry| Target::new(&source, &outline, sorry)) else {
            return nothing("this `sorry` is in no declaration that prove knows");
        };
        let context = FileContext::scan(target.header());
        let env = LeanEnv::new(self.pool.clone(), target.clone(), Duration::from_secs(20));
        let root = match env.initial().await {
            Ok(Ok(root)) => root,
            Ok(Err(message)) => return nothing(&format!("the statement does not elaborate: {message}")),
            Err(fault) => return Found::Fault(fault),
        };
        let mut search = Search {
            env: &env,
            policy: CoreTactics::new(context),
            clock: WallClock(Instant::now()),
            budget: Budget { wall: Some(Duration::from_secs(self.args.timeout)), ..self.args.budget.unwrap_or_default() },
            workers: self.workers,
            cost,
        };
        let streams = || Streams::new(self.args.seed, &format!("{}#{number}", self.problem.name));
        let mut last = StopReason::Exhausted;
        let mut script = None;
        if matches!(self.args.strategy, StrategyName::Auto | StrategyName::Portfolio) {
            (script, last) = search.run(WholeProofs::new(root.clone(), streams(), WholeProofOptions::default())).await;
        }
        if script.is_none() && matches!(self.args.strategy, StrategyName::Auto | StrategyName::BestFirst) {
            (script, last) = search.run(BestFirst::new(root, streams(), BestFirstOptions::default())).await;
        }
        let Some(mut script) = script else {
            return match last {
                StopReason::Wall => Found::Timeout,
                reason => nothing(&format!("no proof found ({})", stop_name(reason))),
            };
        };
        if !self.args.no_shorten {
            let (shorter, _) = search.run(Minimise::new(script.clone(), MinimiseOptions::default())).await;
            script = shorter.unwrap_or(script);
        }
        Found::Body(target.body(&script))
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
        write_whole(path, &text).with_context(|| format!("{}: cannot write the proofs", path.display()))
    }
}

/// Replaces a file in one step, so that it is always whole.
fn write_whole(path: &Path, text: &str) -> std::io::Result<()> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    std::io::Write::write_all(&mut file, text.as_bytes())?;
    if let Ok(metadata) = std::fs::metadata(path) {
        file.as_file().set_permissions(metadata.permissions())?;
    }
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// What the strategies of one `sorry` share.
struct Search<'a> {
    env: &'a LeanEnv,
    policy: CoreTactics,
    clock: WallClock,
    /// What is left of it for the next strategy.
    budget: Budget,
    workers: NonZeroUsize,
    cost: &'a mut Cost,
}

impl Search<'_> {
    async fn run<S: Strategy>(&mut self, strategy: S) -> (Option<Script>, StopReason) {
        let mut runner = Runner::new(strategy, self.budget, self.workers);
        let report = drive(&mut runner, &self.policy, self.env, &self.clock, self.workers.get(), &mut ()).await;
        let Spent { checks, lean_seconds, model_tokens, .. } = report.spent;
        self.budget = self.budget.less(checks, lean_seconds, model_tokens);
        self.cost.checks += checks;
        self.cost.lean_seconds += lean_seconds;
        (report.solution, report.reason)
    }
}

/// Wall time since the search for one `sorry` began.
struct WallClock(Instant);

impl Clock for WallClock {
    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    async fn sleep_until(&self, at: Duration) {
        tokio::time::sleep_until((self.0 + at).into()).await;
    }
}

fn stop_name(reason: StopReason) -> String {
    serde_json::to_value(reason).ok().and_then(|v| v.as_str().map(|s| s.replace('_', " "))).unwrap_or_default()
}

/// The name of the declaration that a `sorry` is in; an example goes by its line.
fn declaration_name(outline: &Outline, sorry: &Sorry) -> String {
    let declaration = sorry.declaration.and_then(|d| outline.declarations.get(d));
    match declaration.map(|d| (d.name.clone(), d.line)) {
        Some((Some(name), _)) => name,
        Some((None, line)) => format!("example at line {}", line + 1),
        None => format!("sorry at line {}", sorry.span.start.line + 1),
    }
}

/// Lean keeps nothing of an `example`, so the judge is given a theorem in its place. Returns the trusted text and the name that the
/// declaration of `sorry` has there.
fn name_examples(text: &str, outline: &Outline, sorry: &Sorry, name: &str) -> (String, String) {
    let example = sorry.declaration.and_then(|d| outline.declarations.get(d)).filter(|d| d.kind == DeclarationKind::Example);
    let Some(example) = example else { return (text.to_owned(), name.to_owned()) };
    let Some(keyword) = text[example.range.start..example.signature.start].rfind("example") else {
        return (text.to_owned(), name.to_owned());
    };
    let keyword = example.range.start + keyword;
    let given = format!("prove_example_at_line_{}", example.line + 1);
    let renamed = [&text[..keyword], "theorem _root_.", &given, &text[keyword + "example".len()..]].concat();
    (renamed, given)
}

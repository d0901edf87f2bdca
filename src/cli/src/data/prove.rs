//! `prove data prove`: proofs of the theorems of a data folder, judged, and the rows made of them.
//!
//! Several theorems are searched for at a time. What is found by the cheap verdict is judged many at once, and is finished only then: a
//! killed run searches again for what was not judged yet, and for nothing else.

use super::{
    card::card,
    lines::{self, Stated, open_file},
    rows::{Attempted, rows},
};
use crate::{agent, files::replace, model::ModelArgs, output::VerdictName, solve::budget, toolchain, workers::Workers};
use anyhow::Context;
use futures_util::{StreamExt, stream};
use indicatif::{ProgressBar, ProgressStyle};
use prove_agent::{Agent, Claim, ModelOptions, Problem, Settings, StrategyName, judge_all, lessons};
use prove_core::{Budget, Diagnostic, ExitCode, Position, Severity, Span, Verdict};
use prove_data::Split;
use prove_lean::Certificate;
use prove_model::text::Format;
use prove_search::{Checked, Failure, Lemma, Observer, Reply, Request, Script, Task, Trial};
use prove_store::{Key, Run};
use std::{
    io::{IsTerminal, Write},
    num::NonZeroUsize,
    path::PathBuf,
    pin::pin,
    time::Duration,
};

/// Theorems whose proofs are judged together.
const JUDGED_TOGETHER: usize = 24;
/// Failed attempts of a theorem that become repairs.
const REPAIRS: usize = 2;

/// Arguments of `prove data prove`.
#[derive(Debug, clap::Args)]
pub(crate) struct ProveArgs {
    /// The data folder.
    folder: PathBuf,
    /// How to search; see `prove solve`.
    #[arg(long, value_name = "NAME", default_value_t = StrategyName::Auto)]
    strategy: StrategyName,
    /// What each theorem may cost: `checks=N`, `lean-seconds=S`, `model-tokens=N`, or several with commas between.
    #[arg(long, value_name = "BUDGET", value_parser = budget, default_value = "lean-seconds=4")]
    budget: Budget,
    /// Seconds of wall time for each theorem.
    #[arg(long, value_name = "S", default_value_t = 60)]
    timeout: u64,
    /// The round of expert iteration that this is: each round tries every theorem once.
    #[arg(long, value_name = "N", default_value_t = 0)]
    round: u32,
    /// Only theorems that no earlier round proved.
    #[arg(long)]
    open_only: bool,
    /// Only theorems of this split: train or held_out.
    #[arg(long, value_name = "SPLIT", value_parser = split)]
    split: Option<Split>,
    /// Stop after so many theorems; the same command goes on.
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// Stop after so many seconds; the same command goes on.
    #[arg(long, value_name = "S")]
    seconds: Option<u64>,
    /// Seed of the searches' random choices.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Lean workers; as many as there are cores by default. Or a NATS server with
    /// JetStream, from which `prove work` takes the checks on any number of machines.
    #[arg(long, value_name = "N|nats://…")]
    workers: Option<Workers>,
    #[command(flatten)]
    model: ModelArgs,
    /// The prompts that the rows are for, and that the model was trained on.
    #[arg(long, value_name = "NAME", default_value = "prove")]
    format: Format,
    /// Most tokens of one proof that the model writes.
    #[arg(long, value_name = "N", default_value_t = 512)]
    max_tokens: u32,
    /// Keep proofs as they were found instead of shortening them.
    #[arg(long)]
    no_shorten: bool,
    /// The Lake project to use.
    #[arg(long, value_name = "DIR")]
    lean_project: Option<PathBuf>,
}

fn split(text: &str) -> Result<Split, String> {
    match text {
        "train" => Ok(Split::Train),
        "held_out" => Ok(Split::HeldOut),
        _ => Err("expected `train` or `held_out`".to_owned()),
    }
}

/// Runs `prove data prove`.
pub(crate) fn run(mut args: ProveArgs) -> anyhow::Result<ExitCode> {
    args.model.or_none();
    let statements = args.folder.join("statements.jsonl");
    let stated: Vec<Stated> = lines::read(&statements, "`prove data generate` writes it")?;
    let proofs = args.folder.join("proofs");
    let toolchain = toolchain::find(args.lean_project.as_deref(), None)?;
    let kept: Run<Attempted> = Run::open(&proofs)?;
    let interrupted = tokio::runtime::Runtime::new()?.block_on(async {
        let (agent, workers) = agent::open(toolchain, args.workers.as_ref(), &args.model).await?;
        let lean = agent.judge.toolchain().version().to_string();
        let work = Work { args: &args, agent: &agent, kept: &kept, lean, bar: progress() };
        tokio::select! {
            done = work.run(&stated, workers.get() + 1) => done.map(|()| false),
            _ = tokio::signal::ctrl_c() => Ok(true),
        }
    })?;
    drop(kept);
    let attempted = Run::results(&proofs)?;
    let rows = rows(&stated, &attempted);
    lines::write(&args.folder.join("rows.jsonl"), &rows)?;
    let path = args.folder.join("CARD.md");
    let card = card(&stated, &attempted, &rows);
    replace(&path, |file| file.write_all(card.as_bytes())).with_context(|| format!("{}: cannot be written", path.display()))?;
    writeln!(std::io::stdout().lock(), "{}: {} rows", args.folder.join("rows.jsonl").display(), rows.len())?;
    Ok(if interrupted { ExitCode::NotProved } else { ExitCode::Proved })
}

struct Work<'a> {
    args: &'a ProveArgs,
    agent: &'a Agent,
    kept: &'a Run<Attempted>,
    lean: String,
    bar: ProgressBar,
}

/// A theorem searched for, to be judged if a proof was found.
struct Searched<'a> {
    stated: &'a Stated,
    attempted: Attempted,
}

impl Work<'_> {
    async fn run(&self, stated: &[Stated], at_once: usize) -> anyhow::Result<()> {
        let wanted = stated.iter().filter(|one| self.args.split.is_none_or(|split| one.split == split));
        let earlier = |one: &Stated| (0..self.args.round).any(|round| self.proved_in(one, round));
        let wanted = wanted.filter(|one| !(self.args.open_only && earlier(one)));
        let open: Vec<&Stated> = wanted.filter(|one| self.kept.finished(self.key(one)).is_none()).collect();
        let open = &open[..self.args.limit.unwrap_or(open.len()).min(open.len())];
        self.bar.set_length(open.len() as u64);
        let searched = stream::iter(open.iter().map(|one| self.search(one))).buffer_unordered(at_once);
        let late = pin!(async {
            match self.args.seconds {
                Some(seconds) => tokio::time::sleep(Duration::from_secs(seconds)).await,
                None => std::future::pending().await,
            }
        });
        // Two at a time, so that searches go on while the judge is at work.
        let finished = searched.take_until(late).chunks(JUDGED_TOGETHER).map(|some| self.finish(some)).buffer_unordered(2);
        let (mut finished, mut proved, mut tried) = (pin!(finished), 0, 0);
        while let Some(done) = finished.next().await {
            let (more, of) = done?;
            (proved, tried) = (proved + more, tried + of);
            self.bar.set_message(format!("{proved} of {tried} proved"));
            if self.bar.is_hidden() {
                // Progress is not worth failing for.
                let _ = writeln!(std::io::stderr(), "{tried} of {}, {proved} proved", open.len());
            }
        }
        self.bar.finish_and_clear();
        Ok(())
    }

    /// Looks for a proof of one theorem, and takes it apart.
    async fn search<'s>(&self, stated: &'s Stated) -> Searched<'s> {
        let args = self.args;
        let settings = Settings {
            strategy: args.strategy,
            trees: NonZeroUsize::MIN,
            budget: Budget { wall: Some(Duration::from_secs(args.timeout)), ..args.budget },
            window: agent::WINDOW,
            seed: args.seed.wrapping_add(u64::from(args.round)),
            shorten: !args.no_shorten,
            model: ModelOptions { format: args.format, max_tokens: args.max_tokens, ..ModelOptions::default() },
        };
        let file = open_file(&stated.header, &stated.theorem);
        let problem = Problem { name: &stated.name, text: &file, number: 0, fills: &[] };
        let mut watch = Watch::default();
        let found = self.agent.candidate(&problem, &stated.proofs, &settings, &mut watch).await;
        let mut attempted = Attempted {
            statement: stated.name.clone(),
            round: args.round,
            strategy: args.strategy.to_string(),
            verdict: VerdictName::Rejected,
            message: None,
            proof: None,
            lessons: Vec::new(),
            subgoals: Vec::new(),
            lean: self.lean.clone(),
            checks: 0,
            lean_seconds: 0.0,
            model_tokens: 0,
        };
        match found {
            Ok(candidate) => {
                attempted.lessons = lessons(&candidate, &watch.repairs(&stated.key));
                let spent = candidate.spent;
                (attempted.checks, attempted.lean_seconds, attempted.model_tokens) = (spent.checks, spent.lean_seconds, spent.model_tokens);
                attempted.proof = Some(candidate.proof);
            }
            Err(verdict) => {
                decide(&mut attempted, &verdict);
                attempted.subgoals = watch.subgoals;
            }
        }
        self.bar.inc(1);
        Searched { stated, attempted }
    }

    /// Judges the proofs that were found and keeps all that is final. Returns how many theorems are proved, and of how many.
    async fn finish(&self, mut some: Vec<Searched<'_>>) -> anyhow::Result<(usize, usize)> {
        let claim = |one: &Searched<'_>| {
            let proof = one.attempted.proof.clone()?;
            Some(Claim { header: one.stated.header.clone(), theorem: one.stated.theorem.clone(), proof })
        };
        let claims: Vec<Claim> = some.iter().filter_map(claim).collect();
        let verdicts = judge_all(&self.agent.judge, &claims).await;
        for (one, verdict) in some.iter_mut().filter(|one| one.attempted.proof.is_some()).zip(verdicts) {
            decide(&mut one.attempted, &verdict);
        }
        for one in some.iter().filter(|one| one.attempted.verdict != VerdictName::Fault) {
            self.kept.record(self.key(one.stated), &one.attempted)?;
        }
        Ok((some.iter().filter(|one| one.attempted.verdict == VerdictName::Proved).count(), some.len()))
    }

    fn key(&self, stated: &Stated) -> Key {
        self.key_in(stated, self.args.round)
    }

    /// What one try depends on that makes it another try.
    fn key_in(&self, stated: &Stated, round: u32) -> Key {
        Key::of([stated.header.as_str(), &stated.theorem, &self.lean, self.args.format.name(), &round.to_string()])
    }

    fn proved_in(&self, stated: &Stated, round: u32) -> bool {
        self.kept.finished(self.key_in(stated, round)).is_some_and(|attempted| attempted.verdict == VerdictName::Proved)
    }
}

/// Writes a verdict down. Without a proof there are no lessons.
fn decide(attempted: &mut Attempted, verdict: &Verdict<Certificate>) {
    attempted.verdict = VerdictName::of(verdict);
    attempted.message = match verdict {
        Verdict::Proved(_) => return,
        Verdict::Rejected(rejection) => Some(rejection.message.clone()),
        Verdict::Timeout => None,
        Verdict::Fault(fault) => Some(fault.message.clone()),
    };
    attempted.lessons.clear();
}

/// Keeps what a search meets on its way: whole proofs that failed, and the gaps of sketches.
#[derive(Default)]
struct Watch {
    failures: Vec<Failure>,
    subgoals: Vec<Lemma>,
}

/// Failures that are kept to choose from, and subgoals that are kept.
const MOST_FAILURES: usize = 32;
const MOST_SUBGOALS: usize = 6;

impl Watch {
    /// A few of the failures, which ones by the statement's key.
    fn repairs(mut self, key: &str) -> Vec<Failure> {
        let first = key.bytes().map(usize::from).sum::<usize>() % self.failures.len().max(1);
        self.failures.rotate_left(first);
        self.failures.truncate(REPAIRS);
        self.failures
    }

    fn add(&mut self, failure: Failure) {
        if self.failures.len() < MOST_FAILURES {
            self.failures.push(failure);
        }
    }

    fn add_subgoals(&mut self, checked: &Checked) {
        for lemma in checked.holes.iter().filter_map(|hole| hole.lemma.as_ref()) {
            if self.subgoals.len() < MOST_SUBGOALS && !self.subgoals.contains(lemma) {
                self.subgoals.push(lemma.clone());
            }
        }
    }
}

impl Observer for Watch {
    fn answered(&mut self, request: &Request, reply: &Reply) {
        if let Reply::Checked { checked, .. } = reply {
            self.add_subgoals(checked);
        }
        match (&*request.task, reply) {
            (Task::Check(check), Reply::Checked { checked, .. }) if check.lemma.is_none() => {
                let errors: Vec<Diagnostic> = checked.diagnostics.iter().filter(|d| d.severity == Severity::Error).cloned().collect();
                if !errors.is_empty() {
                    self.add(Failure { proof: check.proof.clone(), errors });
                }
            }
            (Task::Attempt(attempt), Reply::Trials { trials, .. }) if attempt.lemma.is_none() && attempt.prefix == Script::default() => {
                // Of a proof of one line the place of the error is known without asking.
                for (proof, trial) in attempt.candidates.iter().zip(trials).filter(|(proof, _)| !proof.contains('\n')) {
                    let message = match trial {
                        Trial::Rejected(message) => message.clone(),
                        Trial::Open(state) => format!("unsolved goals\n{state}"),
                        _ => continue,
                    };
                    let span = Span { start: Position::START, end: Position::of_byte(proof, proof.len()) };
                    let error = Diagnostic { severity: Severity::Error, span, message, tags: Vec::new() };
                    self.add(Failure { proof: proof.clone(), errors: vec![error] });
                }
            }
            _ => {}
        }
    }
}

fn progress() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg} {elapsed}, {eta} left");
    ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

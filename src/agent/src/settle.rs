//! One `sorry` from its file to the judge's verdict.
//!
//! The search runs on warm workers by the cheap verdict, and whatever looks closed is judged on the spot ([`crate::court`]). The proof
//! found is then made shorter, and the shorter one judged in its turn; where the judge has a doubt, the first proof stands.

use crate::{
    court::{Court, JudgedEnv},
    env::LeanEnv,
    policy::{ModelOptions, ModelPolicy, Prompts, Proposers},
    strategies::{StrategyName, strategy},
    target::Target,
};
use prove_core::{Budget, Fault, ProofState, RejectKind, Rejection, StopReason, Verdict};
use prove_lean::{Certificate, Job, Judge, Limits, Outcome, Preamble, Text, WorkerPool};
use prove_model::Generator;
use prove_search::{
    Attempt, Check, CheckCache, Checked, Clock, CoreTactics, Detail, FileContext, Minimise, MinimiseOptions, Observer, ProofEnv, Proposer,
    Reply, Report, Request, Runner, Script, Spent, Streams, Tactic, Task, Trial, drive,
};
use prove_syntax::{DeclarationKind, Outline, Sorry, Source, find_sorries};
use std::{
    num::NonZeroUsize,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

/// Checks that making a proof shorter may take.
const SHORTEN_CHECKS: u64 = 200;
/// Wall time for the file as it stands; the judge's limit for it.
const WHOLE_FILE: Duration = Duration::from_secs(120);

/// What settles `sorry`s: workers, a judge and perhaps a model.
pub struct Agent {
    /// Checks candidates.
    pub pool: WorkerPool,
    /// Has the last word.
    pub judge: Judge,
    /// What this Lean needs before a file's first command.
    pub preamble: Preamble,
    /// The prover model, if there is one.
    pub model: Option<Arc<dyn Generator>>,
}

/// How to search.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The strategy.
    pub strategy: StrategyName,
    /// How many trees RMaxTS grows side by side.
    pub trees: NonZeroUsize,
    /// What the search may spend. Shortening has its own limit, and the judge is not counted.
    pub budget: Budget,
    /// Requests under way at a time, to workers and model together. With the seed it decides what a search does, however many workers
    /// there are; see [`Runner`].
    pub window: NonZeroUsize,
    /// Seed of all random choices.
    pub seed: u64,
    /// Whether a proof is made shorter once it is found.
    pub shorten: bool,
    /// How the model is asked.
    pub model: ModelOptions,
}

/// A `sorry` of a file.
pub struct Problem<'a> {
    /// The file's name: part of the seed.
    pub name: &'a str,
    /// The file.
    pub text: &'a str,
    /// Which of its `sorry`s.
    pub number: usize,
    /// Those that are filled already: their numbers and what was put there.
    pub fills: &'a [(usize, String)],
}

/// What became of a `sorry`.
#[derive(Debug)]
pub struct Settled {
    /// The declaration it is in.
    pub name: String,
    /// The verdict on the declaration. A declaration with other open `sorry`s is rejected for those.
    pub verdict: Verdict<Certificate>,
    /// What to put in the place of the `sorry`, where there is a proof.
    pub proof: Option<String>,
    /// What the search took, shortening included.
    pub spent: Spent,
    /// Checks that were answered from memory.
    pub avoided: u64,
    /// The judge's time.
    pub judge: Duration,
}

/// A proof by the cheap verdict, and what its tactics do.
#[derive(Debug)]
pub struct Candidate {
    /// The proof, to stand behind `by`.
    pub proof: String,
    /// The goals that it closes.
    pub root: ProofState,
    /// How a model is asked about the theorem.
    pub prompts: Prompts,
    /// What its tactics did.
    pub checked: Checked,
    /// What the search took.
    pub spent: Spent,
}

impl Agent {
    /// Works on one `sorry`. In a file that has an error of its own nothing can be proved: that is a rejection of the kind `Statement`.
    pub async fn settle(&self, problem: &Problem<'_>, settings: &Settings, observer: &mut impl Observer) -> Settled {
        let case = match self.open(problem, settings).await {
            Ok(case) => case,
            Err(settled) => return settled,
        };
        let court = case.court(&self.judge, problem);
        let judged = JudgedEnv { env: &case.env, court: &court };
        let report = case.search(&judged, settings, observer).await;
        let mut spent = report.spent;
        let settled = |verdict, proof, spent| Settled {
            name: case.name.clone(),
            verdict,
            proof,
            spent,
            avoided: case.env.avoided(),
            judge: court.spent(),
        };
        let Some(script) = report.solution else { return settled(without_proof(report.reason), None, spent) };
        let mut proof = script.to_string();
        let mut verdict = court.verdict(&proof).await;
        if settings.shorten {
            let shorter = case.shortened(script, settings, &mut spent, &mut ()).await.to_string();
            if shorter != proof {
                let judged = court.verdict(&shorter).await;
                if court.accepts(&judged) {
                    (proof, verdict) = (shorter, judged);
                }
            }
        }
        let body = court.accepts(&verdict).then(|| case.env.inner().target().placed(&proof));
        settled(verdict, body, spent)
    }

    /// Looks for a proof by the cheap verdict only, for whoever has many judged together, and takes it apart. The suggested proofs,
    /// with the shortest there are before them, are tried before a search is begun.
    pub async fn candidate(
        &self,
        problem: &Problem<'_>,
        suggested: &[String],
        settings: &Settings,
        observer: &mut impl Observer,
    ) -> Result<Candidate, Verdict<Certificate>> {
        let case = self.open(problem, settings).await.map_err(|settled| settled.verdict)?;
        let mut spent = Spent::default();
        let mut script = match case.suggested(suggested, &mut spent, observer).await.map_err(Verdict::Fault)? {
            Some(script) => script,
            None => {
                let report = case.search(&case.env, settings, observer).await;
                (spent.checks, spent.lean_seconds) = (spent.checks + report.spent.checks, spent.lean_seconds + report.spent.lean_seconds);
                spent.model_tokens = report.spent.model_tokens;
                report.solution.ok_or_else(|| without_proof(report.reason))?
            }
        };
        if settings.shorten {
            script = case.shortened(script, settings, &mut spent, observer).await;
        }
        let proof = script.to_string();
        let heartbeats = 2 * MinimiseOptions::default().heartbeats;
        let check = Check { lemma: None, proof: proof.as_str().into(), detail: Detail::Tactics, heartbeats };
        let (checked, _) = case.env.check(&check).await.map_err(Verdict::Fault)?;
        Ok(Candidate { proof, root: case.root, prompts: case.prompts, checked, spent })
    }

    /// Finds the `sorry` and the goals there.
    pub(crate) async fn open(&self, problem: &Problem<'_>, settings: &Settings) -> Result<Case, Settled> {
        let source = Source::new(problem.text);
        let outline = Outline::new(&source);
        let sorries = find_sorries(&source, &outline);
        let Some(sorry) = sorries.get(problem.number) else {
            return Err(Settled::nothing(String::new(), rejected("the file has no such `sorry`")));
        };
        let name = declaration_name(&outline, sorry);
        // The workers see the file with this Lean's preamble, as the judge does; the model sees it as it is.
        let text = Text::new(problem.text, self.preamble);
        let targets = Target::new(&source, &outline, sorry).zip(target(text.whole(), problem.number));
        let Some((shown, target)) = targets else {
            return Err(Settled::nothing(name, rejected("this `sorry` is in no declaration that prove knows")));
        };
        match self.complaint(&text, target.header()).await {
            Ok(None) => {}
            Ok(Some(rejection)) => return Err(Settled::nothing(name, Verdict::Rejected(rejection))),
            Err(fault) => return Err(Settled::nothing(name, Verdict::Fault(fault))),
        }
        let env = LeanEnv::new(self.pool.clone(), target, Duration::from_secs(20));
        let root = match env.initial().await {
            Ok(Ok(root)) => root,
            Ok(Err(message)) => {
                return Err(Settled::nothing(name, rejected(&format!("the statement does not elaborate: {message}"))));
            }
            Err(fault) => return Err(Settled::nothing(name, Verdict::Fault(fault))),
        };
        let (trusted, judged_name) = name_examples(problem.text, &outline, sorry, &name);
        let has_open = sorries.iter().enumerate().any(|(n, other)| {
            other.declaration == sorry.declaration && n != problem.number && !problem.fills.iter().any(|(filled, _)| *filled == n)
        });
        let prompts = Prompts::new(settings.model.format, &shown);
        let model = self.model.clone().map(|model| ModelPolicy::new(model, &shown, settings.model.clone()));
        let proposer = if model.is_some() { Proposer::Model } else { Proposer::Rules };
        let policy = Proposers::new(CoreTactics::new(FileContext::scan(shown.header())), model);
        let streams = Streams::new(settings.seed, &format!("{}#{}", problem.name, problem.number));
        let clock = WallClock(Instant::now());
        Ok(Case { name, trusted, judged_name, has_open, env: CheckCache::new(env), root, prompts, policy, proposer, streams, clock })
    }

    /// Lean's first error in the file as it stands. `header` is its beginning up to the declaration.
    async fn complaint(&self, text: &Text, header: &Arc<str>) -> Result<Option<Rejection>, Fault> {
        let body = text.whole()[header.len()..].into();
        let job = Job { header: header.clone(), body, tactics: false, goals_at: Vec::new(), limits: Limits { wall: WHOLE_FILE } };
        match self.pool.submit(job).await {
            Outcome::Done(report) => Ok(report.elaboration.first_error().map(|error| Rejection {
                kind: RejectKind::Statement,
                message: format!("the file has an error of its own, to be mended first: {}", error.message),
                position: Some(text.position(error.span.start)),
            })),
            Outcome::Timeout => {
                Err(Fault { message: format!("Lean takes more than {} s for the file as it stands", WHOLE_FILE.as_secs()) })
            }
            Outcome::Fault(fault) => Err(fault),
        }
    }
}

/// A `sorry` ready to be searched for.
pub(crate) struct Case {
    pub(crate) name: String,
    /// The file as the judge sees it, and the declaration's name there.
    trusted: String,
    judged_name: String,
    /// Whether the declaration has another `sorry` that is still open.
    has_open: bool,
    pub(crate) env: CheckCache<LeanEnv>,
    pub(crate) root: ProofState,
    prompts: Prompts,
    pub(crate) policy: Proposers,
    proposer: Proposer,
    streams: Streams,
    clock: WallClock,
}

impl Case {
    /// The judge of proofs of this `sorry`.
    pub(crate) fn court<'a>(&'a self, judge: &'a Judge, problem: &'a Problem<'_>) -> Court<'a> {
        Court {
            judge,
            trusted: &self.trusted,
            name: &self.judged_name,
            fills: problem.fills,
            number: problem.number,
            has_open: self.has_open,
            target: self.env.inner().target(),
            memory: Mutex::default(),
        }
    }

    /// Searches in `env`, which is this case's own or a stricter one over it.
    async fn search(&self, env: &(impl ProofEnv + Sync), settings: &Settings, observer: &mut impl Observer) -> Report {
        let search = strategy(settings.strategy, self.root.clone(), self.streams.clone(), self.proposer, settings.trees);
        let mut runner = Runner::new(search, settings.budget, settings.window);
        if observer.wants_events() {
            runner = runner.with_events();
        }
        drive(&mut runner, &self.policy, env, &self.clock, settings.window.get(), observer).await
    }

    /// The first of the shortest proofs there are, and then of those suggested, that does by the cheap verdict.
    async fn suggested(&self, proofs: &[String], spent: &mut Spent, observer: &mut impl Observer) -> Result<Option<Script>, Fault> {
        if proofs.is_empty() {
            return Ok(None);
        }
        let MinimiseOptions { closers, heartbeats, .. } = MinimiseOptions::default();
        let candidates: Vec<Tactic> = closers.into_iter().chain(proofs.iter().map(|proof| proof.as_str().into())).collect();
        let attempt = Attempt { lemma: None, prefix: Script::default(), candidates: candidates.clone(), heartbeats };
        let (trials, cost) = self.env.attempt(&attempt).await?;
        let request = Request { id: 0, task: Arc::new(Task::Attempt(attempt)) };
        observer.answered(&request, &Reply::Trials { trials: trials.clone(), cost });
        spent.checks += candidates.len() as u64;
        spent.lean_seconds += cost.lean_seconds;
        let closed = candidates.into_iter().zip(trials).find(|(_, trial)| *trial == Trial::Closed);
        Ok(closed.map(|(proof, _)| Script::new([proof])))
    }

    /// A shorter proof, by the cheap verdict; the same one if none is found within what is left of the budget.
    pub(crate) async fn shortened(&self, script: Script, settings: &Settings, spent: &mut Spent, observer: &mut impl Observer) -> Script {
        let left = settings.budget.less(spent.checks, spent.lean_seconds, spent.model_tokens);
        let left = Budget { checks: Some(left.checks.map_or(SHORTEN_CHECKS, |checks| checks.min(SHORTEN_CHECKS))), ..left };
        let search = Minimise::new(script.clone(), MinimiseOptions::default());
        let mut runner = Runner::new(search, left, settings.window);
        let report = drive(&mut runner, &self.policy, &self.env, &self.clock, settings.window.get(), observer).await;
        spent.checks += report.spent.checks;
        spent.lean_seconds += report.spent.lean_seconds;
        report.solution.unwrap_or(script)
    }
}

/// The verdict on a `sorry` without a proof.
fn without_proof(reason: StopReason) -> Verdict<Certificate> {
    match reason {
        StopReason::Wall => Verdict::Timeout,
        reason => rejected(&format!("no proof found ({})", stop_name(reason))),
    }
}

impl Settled {
    fn nothing(name: String, verdict: Verdict<Certificate>) -> Settled {
        Settled { name, verdict, proof: None, spent: Spent::default(), avoided: 0, judge: Duration::ZERO }
    }
}

fn rejected(message: &str) -> Verdict<Certificate> {
    Verdict::Rejected(Rejection { kind: RejectKind::Error, message: message.to_owned(), position: None })
}

fn target(text: &str, number: usize) -> Option<Target> {
    let source = Source::new(text);
    let outline = Outline::new(&source);
    Target::new(&source, &outline, find_sorries(&source, &outline).get(number)?)
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

fn stop_name(reason: StopReason) -> &'static str {
    match reason {
        StopReason::Solved => "solved",
        StopReason::Exhausted => "exhausted",
        StopReason::Checks => "checks",
        StopReason::LeanSeconds => "lean seconds",
        StopReason::ModelTokens => "model tokens",
        StopReason::Wall => "wall",
        StopReason::Cancelled => "cancelled",
    }
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

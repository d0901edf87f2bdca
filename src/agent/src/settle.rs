//! One `sorry` from its file to the judge's verdict.
//!
//! The search runs on warm workers by the cheap verdict, and whatever looks closed is judged on the spot ([`crate::court`]). The proof
//! found is then made shorter, and the shorter one judged in its turn; where the judge has a doubt, the first proof stands.

use crate::{
    court::{Court, JudgedEnv},
    env::LeanEnv,
    policy::{ModelOptions, ModelPolicy, Proposers},
    strategies::{StrategyName, strategy},
    target::Target,
};
use prove_core::{Budget, RejectKind, Rejection, StopReason, Verdict};
use prove_lean::{Certificate, Judge, Preamble, WorkerPool};
use prove_model::Generator;
use prove_search::{
    CheckCache, Clock, CoreTactics, FileContext, Minimise, MinimiseOptions, Observer, Proposer, Runner, Spent, Streams, drive,
};
use prove_syntax::{DeclarationKind, Outline, Sorry, Source, find_sorries};
use std::{
    num::NonZeroUsize,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

/// Checks that making a proof shorter may take.
const SHORTEN_CHECKS: u64 = 200;

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

impl Agent {
    /// Works on one `sorry`.
    pub async fn settle(&self, problem: &Problem<'_>, settings: &Settings, observer: &mut impl Observer) -> Settled {
        let source = Source::new(problem.text);
        let outline = Outline::new(&source);
        let sorries = find_sorries(&source, &outline);
        let Some(sorry) = sorries.get(problem.number) else {
            return Settled::nothing(String::new(), rejected("the file has no such `sorry`"));
        };
        let name = declaration_name(&outline, sorry);
        let unknown = || rejected("this `sorry` is in no declaration that prove knows");
        // The workers see the file with this Lean's preamble, as the judge does; the model sees it as it is.
        let Some(shown) = Target::new(&source, &outline, sorry) else { return Settled::nothing(name, unknown()) };
        let (_, text) = self.preamble.insert(problem.text);
        let Some(target) = target(&text, problem.number) else { return Settled::nothing(name, unknown()) };

        let env = LeanEnv::new(self.pool.clone(), target.clone(), Duration::from_secs(20));
        let root = match env.initial().await {
            Ok(Ok(root)) => root,
            Ok(Err(message)) => {
                return Settled::nothing(name, rejected(&format!("the statement does not elaborate: {message}")));
            }
            Err(fault) => return Settled::nothing(name, Verdict::Fault(fault)),
        };
        let (trusted, judged_name) = name_examples(problem.text, &outline, sorry, &name);
        let has_open = sorries.iter().enumerate().any(|(n, other)| {
            other.declaration == sorry.declaration && n != problem.number && !problem.fills.iter().any(|(filled, _)| *filled == n)
        });
        let court = Court {
            judge: &self.judge,
            trusted,
            name: judged_name,
            fills: problem.fills,
            number: problem.number,
            has_open,
            target: &target,
            memory: Mutex::default(),
        };
        let model = self.model.clone().map(|model| ModelPolicy::new(model, &shown, settings.model.clone()));
        let proposer = if model.is_some() { Proposer::Model } else { Proposer::Rules };
        let window = settings.window;
        let policy = Proposers::new(CoreTactics::new(FileContext::scan(shown.header())), model);
        let env = CheckCache::new(env);
        let clock = WallClock(Instant::now());
        let streams = Streams::new(settings.seed, &format!("{}#{}", problem.name, problem.number));

        let search = strategy(settings.strategy, root, streams, proposer, settings.trees);
        let mut runner = Runner::new(search, settings.budget, window);
        if observer.wants_events() {
            runner = runner.with_events();
        }
        let judged = JudgedEnv { env: &env, court: &court };
        let report = drive(&mut runner, &policy, &judged, &clock, window.get(), observer).await;
        let mut spent = report.spent;
        let settled = |verdict, proof, spent| Settled { name, verdict, proof, spent, avoided: env.avoided(), judge: court.spent() };
        let Some(script) = report.solution else {
            let verdict = match report.reason {
                StopReason::Wall => Verdict::Timeout,
                reason => rejected(&format!("no proof found ({})", stop_name(reason))),
            };
            return settled(verdict, None, spent);
        };
        let mut proof = script.to_string();
        let mut verdict = court.verdict(&proof).await;
        if settings.shorten {
            let left = settings.budget.less(spent.checks, spent.lean_seconds, spent.model_tokens);
            let left = Budget { checks: Some(left.checks.map_or(SHORTEN_CHECKS, |checks| checks.min(SHORTEN_CHECKS))), ..left };
            let mut runner = Runner::new(Minimise::new(script, MinimiseOptions::default()), left, window);
            let report = drive(&mut runner, &policy, &env, &clock, window.get(), &mut ()).await;
            spent.checks += report.spent.checks;
            spent.lean_seconds += report.spent.lean_seconds;
            if let Some(shorter) = report.solution.map(|script| script.to_string()).filter(|shorter| *shorter != proof) {
                let judged = court.verdict(&shorter).await;
                if court.accepts(&judged) {
                    (proof, verdict) = (shorter, judged);
                }
            }
        }
        let body = court.accepts(&verdict).then(|| target.placed(&proof));
        settled(verdict, body, spent)
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

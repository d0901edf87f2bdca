//! Policy and environment overlap, in simulated time: whichever is the bottleneck is hardly ever idle.

use prove_core::{Budget, Diagnostic, Fault, Goal, Position, ProofState, Severity, Span, TacticSpan};
use prove_search::{
    Attempt, Check, Checked, Clock, Cost, Policy, ProofEnv, Proposal, Query, Report, Rmaxts, RmaxtsOptions, Runner, Streams, Trial, drive,
};
use std::{
    future::Future,
    num::NonZeroUsize,
    pin::pin,
    sync::{Mutex, PoisonError},
    task::{Context, Poll, Waker},
    time::Duration,
};

/// Time that passes when everybody waits.
#[derive(Default)]
struct Time(Mutex<(Duration, Vec<Duration>)>);

impl Time {
    fn now(&self) -> Duration {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).0
    }

    async fn until(&self, at: Duration) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).1.push(at);
        std::future::poll_fn(|_| if self.now() >= at { Poll::Ready(()) } else { Poll::Pending }).await;
    }

    /// On to the next moment that somebody waits for.
    fn pass(&self) {
        let mut time = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = time.0;
        time.1.retain(|at| *at > now);
        time.0 = *time.1.iter().min().expect("somebody waits for something");
    }
}

impl Clock for &Time {
    fn elapsed(&self) -> Duration {
        self.now()
    }

    async fn sleep_until(&self, at: Duration) {
        self.until(at).await;
    }
}

/// Some servers with one queue before them.
struct Servers<'a> {
    time: &'a Time,
    free_at: Mutex<Vec<Duration>>,
    work: Mutex<Duration>,
}

impl<'a> Servers<'a> {
    fn new(time: &'a Time, count: usize) -> Servers<'a> {
        Servers { time, free_at: Mutex::new(vec![Duration::ZERO; count]), work: Mutex::default() }
    }

    async fn serve(&self, length: Duration) {
        *self.work.lock().unwrap() += length;
        let done = {
            let mut free_at = self.free_at.lock().unwrap();
            let first = free_at.iter_mut().min().expect("there are servers");
            *first = (*first).max(self.time.now()) + length;
            *first
        };
        self.time.until(done).await;
    }

    /// The time that all its work takes if no server ever waits.
    fn least(&self) -> Duration {
        *self.work.lock().unwrap() / self.free_at.lock().unwrap().len() as u32
    }
}

/// Proofs and checks of very different lengths: `mean` times between a quarter and two and a half.
fn length(mean: Duration, text: &str) -> Duration {
    let hash = blake3::hash(text.as_bytes());
    mean.mul_f64(0.25 + 2.25 * (f64::from(hash.as_bytes()[0]) / 255.0).powi(2))
}

struct Model<'a>(Servers<'a>, Duration);

impl Policy for Model<'_> {
    async fn propose(&self, query: &Query) -> Result<(Vec<Proposal>, Cost), Fault> {
        let text = format!("step {}", query.seed);
        self.0.serve(length(self.1, &text)).await;
        Ok((vec![Proposal::new(format!("{text}\nfails"), -1.0)], Cost::default()))
    }
}

struct Lean<'a>(Servers<'a>, Duration);

impl ProofEnv for Lean<'_> {
    async fn attempt(&self, _: &Attempt) -> Result<(Vec<Trial>, Cost), Fault> {
        unreachable!("RMaxTS checks whole proofs")
    }

    /// All lines but the last lead to new states.
    async fn check(&self, check: &Check) -> Result<(Checked, Cost), Fault> {
        self.0.serve(length(self.1, &check.proof)).await;
        let state = |text: &str| ProofState { goals: vec![Goal { case: None, hypotheses: Vec::new(), target: text.to_owned() }] };
        let span = |row: usize, line: &str| Span { start: Position::new(row as u32, 0), end: Position::new(row as u32, line.len() as u32) };
        let lines: Vec<&str> = check.proof.lines().collect();
        let good = lines.len() - 1;
        let tactic = |(row, line): (usize, &&str)| TacticSpan { span: span(row, line), before: state("before"), after: state(line) };
        let error = Diagnostic { severity: Severity::Error, span: span(good, lines[good]), message: "no".to_owned(), tags: Vec::new() };
        let tactics = lines[..good].iter().enumerate().map(tactic).collect();
        let bare = Checked::bare(Trial::Rejected("no".to_owned()));
        Ok((Checked { diagnostics: vec![error], tactics, ..bare }, Cost::default()))
    }
}

/// Runs a search of 600 checks, with so many milliseconds a proof (8 at a time) and a check (2 at a time). Returns the report and the part of
/// the wall time that the busier of the two would not have needed by itself.
fn run(proof: u64, check: u64, window: usize) -> (Report, f64) {
    let time = Time::default();
    let model = Model(Servers::new(&time, 8), Duration::from_millis(proof));
    let lean = Lean(Servers::new(&time, 2), Duration::from_millis(check));
    let root = ProofState { goals: vec![Goal { case: None, hypotheses: Vec::new(), target: "root".to_owned() }] };
    let search = Rmaxts::new(root, Streams::new(0, "overlap"), RmaxtsOptions { expansions: u64::MAX, ..RmaxtsOptions::default() });
    let budget = Budget { checks: Some(600), ..Budget::default() };
    let mut runner = Runner::new(search, budget, NonZeroUsize::new(window).unwrap());
    let clock = &time;
    let mut nobody = ();
    let report = {
        let mut driven = pin!(drive(&mut runner, &model, &lean, &clock, window, &mut nobody));
        loop {
            match driven.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                Poll::Ready(report) => break report,
                Poll::Pending => time.pass(),
            }
        }
    };
    let least = model.0.least().max(lean.0.least());
    let lost = 1.0 - least.as_secs_f64() / report.spent.wall.as_secs_f64();
    (report, lost)
}

#[test]
fn the_bottleneck_is_never_idle() {
    // Lean is the bottleneck: 100 ms for two at a time against 150 ms for eight. Then the model, 1500 ms.
    for (proof, check) in [(150, 100), (1500, 100)] {
        let (report, _) = run(proof, check, 32);
        let busy = report.spent.policy_busy.max(report.spent.env_busy);
        assert!(busy <= report.spent.wall && busy.as_secs_f64() >= 0.95 * report.spent.wall.as_secs_f64(), "{:?}", report.spent);
    }
    // All of Lean's workers are busy, not only some. Of a model's batch some places stay empty while a slow proof holds up the window.
    assert!(run(150, 100, 32).1 <= 0.05);
    assert!(run(1500, 100, 32).1 <= 0.25);
    // One after the other, as the textbook has it, more than half is lost.
    let (_, alone) = run(400, 100, 1);
    assert!(alone > 0.5, "{alone}");
}

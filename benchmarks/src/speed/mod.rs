//! How fast the machinery around Lean is: one warm session, the pool against the barest driver of the same Lean, two workers
//! against one, and the pool's own dispatch. Ratios are of runs interleaved with each other, so that a busy machine meets both sides.

mod figure;
mod processor;
mod raw;
mod texts;

pub use figure::{Figure, Target};

use figure::median;
use prove_core::{Position, Severity};
use prove_lean::{
    BoxFuture, Job, LeanCommand, Limits, Outcome, PoolConfig, Report, Session, SessionSpawner, Shutdown, Spawner, Worker, WorkerError,
    WorkerPool, toolchain::Toolchain,
};
use raw::RawWorker;
use std::{
    num::NonZeroUsize,
    sync::Arc,
    time::{Duration, Instant},
};
use texts::HEADER;

/// Why nothing could be measured.
#[derive(Debug, thiserror::Error)]
pub enum SpeedError {
    /// A session failed.
    #[error(transparent)]
    Worker(#[from] WorkerError),
    /// A text that must elaborate did not.
    #[error("a text of the benchmark does not elaborate on this Lean: {0}")]
    Text(String),
    /// The pool failed.
    #[error("a check through the pool ended as {0}")]
    Pool(String),
    /// The bare worker could not be driven.
    #[error("the bare Lean worker: {0}")]
    Raw(&'static str),
    /// The bare worker's pipes failed, or a figure could not be reported.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// Measures everything, a minute or two; each figure is handed to `report` when it is known.
pub async fn measure(toolchain: &Toolchain, mut report: impl FnMut(Figure) -> std::io::Result<()>) -> Result<(), SpeedError> {
    let lean = toolchain.lean();
    session(&lean, &mut report).await?;
    report(pool_over_raw(&lean).await?)?;
    for figure in two_over_one(&lean).await? {
        report(figure)?;
    }
    report(dispatch().await?)?;
    Ok(())
}

fn job(body: String, goals_at: Vec<Position>) -> Job {
    Job { header: HEADER.into(), body: body.into(), tactics: false, goals_at, limits: Limits { wall: Duration::from_secs(120) } }
}

/// Checks a body that must be without errors; milliseconds.
async fn check(session: &mut Session, job: Job) -> Result<Report, SpeedError> {
    let report = session.check(&job).await?;
    match report.elaboration.diagnostics.iter().find(|d| d.severity == Severity::Error) {
        Some(error) => Err(SpeedError::Text(error.message.clone())),
        None => Ok(report),
    }
}

async fn median_check(session: &mut Session, rounds: usize, body: impl Fn(usize) -> String) -> Result<f64, SpeedError> {
    check(session, job(body(rounds), Vec::new())).await?;
    let mut millis = Vec::new();
    for round in 0..rounds {
        millis.push(check(session, job(body(round), Vec::new())).await?.millis);
    }
    Ok(median(millis))
}

/// One warm session.
async fn session(lean: &LeanCommand, report: &mut impl FnMut(Figure) -> std::io::Result<()>) -> Result<(), SpeedError> {
    let began = Instant::now();
    let mut session = SessionSpawner::new(lean.clone()).start(HEADER).await?;
    check(&mut session, job(texts::trivial(0), Vec::new())).await?;
    report(Figure::new("spawn to first verdict", began.elapsed().as_secs_f64(), "s").at_most(6.0))?;

    // What Lean itself needs for one more declaration: the slope between files of many.
    let many = |count: usize| move |salt: usize| (0..count).map(|i| texts::trivial(salt * 1000 + i)).collect::<String>();
    let alone = median_check(&mut session, 60, texts::trivial).await?;
    let (some, more) = (median_check(&mut session, 9, many(50)).await?, median_check(&mut session, 9, many(150)).await?);
    report(Figure::new("a check of next to nothing", alone, "ms"))?;
    report(Figure::new("the same beyond Lean's own elaboration", alone - (more - some) / 100.0, "ms").at_most(20.0))?;

    let body = "theorem t (a b : Nat) (h : a < b) : a < b := by\n  exact h\n";
    let mut goals = Vec::new();
    for _ in 0..60 {
        let began = Instant::now();
        let report = check(&mut session, job(body.to_owned(), vec![Position::new(2, 2)])).await?;
        goals.push(began.elapsed().as_secs_f64() * 1e3 - report.millis);
    }
    report(Figure::new("the goal at a position", median(goals), "ms").at_most(30.0))?;

    let whole = median_check(&mut session, 7, |i| texts::long_proof(i, "omega")).await?;
    let last = median_check(&mut session, 20, |i| texts::long_proof(0, &format!("have _ := h{}; omega", i % 10))).await?;
    report(Figure::new("a proof of eleven steps", whole, "ms"))?;
    report(Figure::new("its last line edited, over the whole", last / whole, "").at_most(0.3))?;
    if let Some(bytes) = session.resident_bytes() {
        report(Figure::new("resident memory of a worker", bytes as f64 / 1e6, "MB").at_most(1500.0))?;
    }
    Ok(())
}

fn pool(lean: &LeanCommand, workers: usize) -> WorkerPool {
    let workers = NonZeroUsize::new(workers).unwrap_or(NonZeroUsize::MIN);
    WorkerPool::new(PoolConfig { workers, ..PoolConfig::default() }, SessionSpawner::new(lean.clone()))
}

async fn submit(pool: &WorkerPool, salt: usize) -> Result<(), SpeedError> {
    match pool.submit(job(texts::candidate(salt), Vec::new())).await {
        Outcome::Done(_) => Ok(()),
        other => Err(SpeedError::Pool(format!("{other:?}"))),
    }
}

/// Processor time of checks through the pool, over that of a bare worker which checks the same bodies.
async fn pool_over_raw(lean: &LeanCommand) -> Result<Figure, SpeedError> {
    let pool = pool(lean, 1);
    let mut raw = RawWorker::start(lean, HEADER)?;
    let (mut pooled, mut bare) = (0.0, 0.0);
    // The first round only warms.
    for (round, salts) in [0..40, 40..80, 80..120, 120..160, 160..200].into_iter().enumerate() {
        let before = processor::seconds();
        for salt in salts.clone() {
            submit(&pool, salt).await?;
        }
        let between = processor::seconds();
        for salt in salts {
            raw.check(&[HEADER, &texts::candidate(salt)].concat())?;
        }
        if round > 0 {
            pooled += between - before;
            bare += processor::seconds() - between;
        }
    }
    pool.shutdown(Shutdown::Cancel).await;
    Ok(Figure::new("processor time per check, pool over a bare worker", pooled / bare, "").at_most(1.1))
}

/// Checks a second of two workers over those of one, where there are two processors. A worker elaborates and checks on several threads,
/// so that one alone keeps more than one processor busy: that bounds what a second can add on few of them, and is reported too.
async fn two_over_one(lean: &LeanCommand) -> Result<Vec<Figure>, SpeedError> {
    if std::thread::available_parallelism().map_or(1, usize::from) < 2 {
        return Ok(Vec::new());
    }
    let pools = [pool(lean, 1), pool(lean, 2)];
    let (mut seconds, mut busy) = ([0.0; 2], [0.0; 2]);
    // The first round only warms.
    for round in 0..5 {
        for (which, pool) in pools.iter().enumerate() {
            let (began, before) = (Instant::now(), processor::seconds());
            let mut checks = tokio::task::JoinSet::new();
            for salt in round * 80..(round + 1) * 80 {
                let pool = pool.clone();
                checks.spawn(async move { submit(&pool, salt).await });
            }
            while let Some(done) = checks.join_next().await {
                done.map_err(|error| SpeedError::Pool(error.to_string()))??;
            }
            if round > 0 {
                seconds[which] += began.elapsed().as_secs_f64();
                busy[which] += processor::seconds() - before;
            }
        }
    }
    for pool in pools {
        pool.shutdown(Shutdown::Cancel).await;
    }
    Ok(vec![
        Figure::new("throughput of two workers over one", seconds[0] / seconds[1], "").at_least(1.7),
        Figure::new("processors that one worker keeps busy", busy[0] / seconds[0], ""),
        Figure::new("processors that two workers keep busy", busy[1] / seconds[1], ""),
    ])
}

/// A worker whose checks cost nothing.
struct Free;

impl Worker for Free {
    fn check<'a>(&'a mut self, _: &'a Job) -> BoxFuture<'a, Result<Report, WorkerError>> {
        Box::pin(async { Ok(Report::default()) })
    }

    fn resident_bytes(&self) -> Option<u64> {
        None
    }
}

impl Spawner for Free {
    fn spawn<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<Box<dyn Worker>, WorkerError>> {
        Box::pin(async { Ok(Box::new(Free) as Box<dyn Worker>) })
    }
}

/// What the pool hands out when the checks themselves cost nothing.
async fn dispatch() -> Result<Figure, SpeedError> {
    const CALLERS: usize = 64;
    const EACH: usize = 500;
    let pool = WorkerPool::new(PoolConfig { workers: NonZeroUsize::MIN.saturating_add(1), ..PoolConfig::default() }, Free);
    let body: Arc<str> = texts::trivial(0).into();
    let began = Instant::now();
    let mut callers = tokio::task::JoinSet::new();
    for _ in 0..CALLERS {
        let (pool, body) = (pool.clone(), body.clone());
        callers.spawn(async move {
            for _ in 0..EACH {
                let job = Job { body: body.clone(), ..job(String::new(), Vec::new()) };
                let Outcome::Done(_) = pool.submit(job).await else { return false };
            }
            true
        });
    }
    while let Some(done) = callers.join_next().await {
        if !matches!(done, Ok(true)) {
            return Err(SpeedError::Pool("a fault".to_owned()));
        }
    }
    let rate = (CALLERS * EACH) as f64 / began.elapsed().as_secs_f64();
    Ok(Figure::new("checks dispatched, each costing nothing", rate, "/s").at_least(5000.0))
}

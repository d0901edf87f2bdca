//! The pool over workers of this process, on tokio's paused clock: every wait is exact.

use super::*;
use crate::worker::{BoxFuture, Limits, MemoryGauge, Worker, WorkerError};
use prove_core::{Diagnostic, Elaboration, Position, Severity, Span};
use std::{
    num::NonZeroUsize,
    sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::SeqCst},
    time::Duration,
};
use tokio::time::{Instant, sleep};

const MS: Duration = Duration::from_millis(1);
const GIB: u64 = 1 << 30;

/// What the fakes of one test have in common.
#[derive(Default)]
struct World {
    /// What each start does, in order; `Start::Ready` once it runs out.
    starts: Mutex<std::collections::VecDeque<Start>>,
    started: AtomicUsize,
    alive: AtomicUsize,
    checking: AtomicUsize,
    most_checking: AtomicUsize,
    /// Resident bytes each check adds to its worker.
    growth: AtomicU64,
    /// Workers count wall time themselves.
    keep_time: AtomicBool,
}

enum Start {
    Ready,
    After(Duration),
    Fails,
    Never,
}

#[derive(Clone)]
struct Fake(Arc<World>);

impl Spawner for Fake {
    fn spawn<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<Box<dyn Worker>, WorkerError>> {
        Box::pin(async move {
            let start = self.0.starts.lock().unwrap().pop_front().unwrap_or(Start::Ready);
            match start {
                Start::Ready => {}
                Start::After(time) => sleep(time).await,
                Start::Fails => return Err(WorkerError::Spawn("no such program".into())),
                Start::Never => std::future::pending().await,
            }
            let number = self.0.started.fetch_add(1, SeqCst);
            self.0.alive.fetch_add(1, SeqCst);
            Ok(Box::new(FakeWorker { number, world: self.0.clone(), resident: Arc::default() }) as Box<dyn Worker>)
        })
    }
}

struct FakeWorker {
    number: usize,
    world: Arc<World>,
    resident: Arc<AtomicU64>,
}

impl Drop for FakeWorker {
    fn drop(&mut self) {
        self.world.alive.fetch_sub(1, SeqCst);
    }
}

/// Counts a check as running until dropped.
struct Checking(Arc<World>);

impl Drop for Checking {
    fn drop(&mut self) {
        self.0.checking.fetch_sub(1, SeqCst);
    }
}

impl Worker for FakeWorker {
    /// Obeys the body: `die`, `panic`, `bloat`, `sleep N` (milliseconds), or anything else. Reports `NUMBER HEADER BODY`.
    fn check<'a>(&'a mut self, job: &'a Job) -> BoxFuture<'a, Result<Report, WorkerError>> {
        Box::pin(async move {
            let now = self.world.checking.fetch_add(1, SeqCst) + 1;
            let _checking = Checking(self.world.clone());
            self.world.most_checking.fetch_max(now, SeqCst);
            self.resident.fetch_add(self.world.growth.load(SeqCst), SeqCst);
            let mut words = job.body.split(' ');
            match (words.next(), words.next()) {
                (Some("die"), _) => return Err(WorkerError::Died { status: "signal 9".into(), stderr: String::new() }),
                (Some("panic"), _) => panic!("a defect in a worker"),
                (Some("bloat"), _) => {
                    sleep(10 * MS).await;
                    self.resident.store(100 * GIB, SeqCst);
                    std::future::pending().await
                }
                (Some("sleep"), Some(millis)) => sleep(millis.parse::<u32>().unwrap() * MS).await,
                _ => {}
            }
            Ok(said(format!("{} {} {}", self.number, job.header, job.body)))
        })
    }

    fn keeps_time(&self) -> bool {
        self.world.keep_time.load(SeqCst)
    }

    fn resident_bytes(&self) -> Option<u64> {
        Some(self.resident.load(SeqCst))
    }

    fn memory_gauge(&self) -> Option<MemoryGauge> {
        let resident = self.resident.clone();
        Some(Arc::new(move || Some(resident.load(SeqCst))))
    }
}

fn said(message: String) -> Report {
    let span = Span { start: Position::START, end: Position::START };
    let diagnostic = Diagnostic { severity: Severity::Information, span, message, tags: Vec::new() };
    Report { elaboration: Elaboration { diagnostics: vec![diagnostic], ..Default::default() }, ..Default::default() }
}

fn done(message: &str) -> Outcome {
    Outcome::Done(said(message.into()))
}

fn job(header: &str, body: &str) -> Job {
    let limits = Limits { wall: Duration::from_secs(10) };
    Job { header: header.into(), body: body.into(), tactics: false, goals_at: Vec::new(), limits }
}

fn config(workers: usize) -> PoolConfig {
    PoolConfig { workers: NonZeroUsize::new(workers).unwrap(), ..PoolConfig::default() }
}

fn pool(config: PoolConfig, starts: impl IntoIterator<Item = Start>) -> (WorkerPool, Arc<World>) {
    let world = Arc::new(World { starts: Mutex::new(starts.into_iter().collect()), ..World::default() });
    (WorkerPool::new(config, Fake(world.clone())), world)
}

fn submit(pool: &WorkerPool, header: &str, body: &str) -> tokio::task::JoinHandle<Outcome> {
    let (pool, job) = (pool.clone(), job(header, body));
    tokio::spawn(async move { pool.submit(job).await })
}

#[track_caller]
fn assert_fault(outcome: Outcome, part: &str) {
    match outcome {
        Outcome::Fault(fault) if fault.message.contains(part) => {}
        other => panic!("expected a fault with {part:?}, got {other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn every_job_gets_its_own_answer_and_no_more_run_than_there_are_workers() {
    let (pool, world) = pool(config(3), []);
    let jobs: Vec<_> = (0..200).map(|i| submit(&pool, "h", &format!("sleep {} job{i}", i % 7))).collect();
    for (i, answer) in jobs.into_iter().enumerate() {
        let Outcome::Done(report) = answer.await.unwrap() else { panic!("job {i} was not done") };
        let message = &report.elaboration.diagnostics[0].message;
        assert!(message.ends_with(&format!("h sleep {} job{i}", i % 7)), "{message}");
    }
    assert_eq!(world.most_checking.load(SeqCst), 3);
    assert_eq!(pool.stats(), PoolStats { checks: 200, spawns: 3, affinity_hits: 197, ..pool.stats() });
}

#[tokio::test(start_paused = true)]
async fn a_full_queue_makes_submitters_wait_outside() {
    let (pool, _) = pool(PoolConfig { queue: NonZeroUsize::new(2).unwrap(), ..config(1) }, []);
    let jobs: Vec<_> = (0..6).map(|_| submit(&pool, "h", "sleep 10")).collect();
    sleep(5 * MS).await;
    assert_eq!(pool.waiting(), 2);
    for answer in jobs {
        assert_eq!(answer.await.unwrap(), done("0 h sleep 10"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_timeout_is_answered_once_and_the_next_job_meets_a_fresh_worker() {
    let (pool, world) = pool(config(1), []);
    let began = Instant::now();
    assert_eq!(pool.submit(job("h", "sleep 60000")).await, Outcome::Timeout);
    assert_eq!(began.elapsed(), Duration::from_secs(10));
    assert_eq!(pool.submit(job("h", "b")).await, done("1 h b"));
    assert_eq!(world.alive.load(SeqCst), 1);
    assert_eq!(pool.stats(), PoolStats { timeouts: 1, retries: 0, restarts: 1, busy_seconds: 10.0, ..pool.stats() });
}

#[tokio::test(start_paused = true)]
async fn a_worker_that_keeps_time_is_not_cut_off() {
    let (pool, world) = pool(config(1), []);
    world.keep_time.store(true, SeqCst);
    assert_eq!(pool.submit(job("h", "sleep 60000")).await, done("0 h sleep 60000"));
    assert_eq!(pool.stats().timeouts, 0);
}

#[tokio::test(start_paused = true)]
async fn a_job_that_kills_every_worker_is_a_fault_after_its_retries() {
    let (pool, world) = pool(config(2), []);
    assert_fault(pool.submit(job("h", "die")).await, "in 3 tries; the last: the Lean worker ended unexpectedly (signal 9)");
    assert_eq!(world.started.load(SeqCst), 3);
    assert_eq!(world.alive.load(SeqCst), 0);
    assert_eq!(pool.stats(), PoolStats { faults: 1, retries: 2, checks: 0, ..pool.stats() });
}

#[tokio::test(start_paused = true)]
async fn workers_that_fail_hang_or_are_slow_to_start_cost_retries_only() {
    let starts = [Start::Fails, Start::Never, Start::After(100 * MS)];
    let (pool, _) = pool(PoolConfig { spawn_timeout: 200 * MS, ..config(1) }, starts);
    let began = Instant::now();
    assert_eq!(pool.submit(job("h", "b")).await, done("0 h b"));
    // Back-off 50, time-out 200, back-off 100, start 100.
    assert_eq!(began.elapsed(), 450 * MS);
    assert_eq!(pool.stats(), PoolStats { retries: 2, spawns: 3, restarts: 2, checks: 1, ..pool.stats() });
}

#[tokio::test(start_paused = true)]
async fn a_retry_goes_to_another_worker_while_the_failed_place_rests() {
    let (pool, _) = pool(config(2), [Start::Ready, Start::Fails]);
    let long = submit(&pool, "h", "sleep 20");
    sleep(MS).await;
    let began = Instant::now();
    // Its own start fails; the other worker is free after 19 ms, long before the back-off of 50 ms is over.
    assert_eq!(pool.submit(job("h", "b")).await, done("0 h b"));
    assert_eq!(began.elapsed(), 19 * MS);
    assert_eq!(long.await.unwrap(), done("0 h sleep 20"));
}

#[tokio::test(start_paused = true)]
async fn memory_over_the_limit_kills_the_check_retries_once_and_then_faults() {
    let (pool, world) = pool(config(1), []);
    let began = Instant::now();
    assert_fault(pool.submit(job("h", "bloat")).await, "outgrew its memory twice; it was killed at 102400 MiB");
    assert_eq!(began.elapsed(), 200 * MS);
    assert_eq!(world.alive.load(SeqCst), 0);
    assert_eq!(pool.stats(), PoolStats { memory_kills: 2, retries: 1, faults: 1, ..pool.stats() });
}

#[tokio::test(start_paused = true)]
async fn workers_are_replaced_before_they_grow_and_after_enough_checks() {
    let (by_memory, world) = pool(PoolConfig { recycle_resident_bytes: Some(3 * GIB), ..config(1) }, []);
    world.growth.store(GIB, SeqCst);
    for i in 0..8 {
        assert_eq!(by_memory.submit(job("h", "b")).await, done(&format!("{} h b", i / 4)));
    }
    assert_eq!(by_memory.stats(), PoolStats { recycled: 2, checks: 8, retries: 0, ..by_memory.stats() });

    let (by_checks, _) = pool(PoolConfig { max_checks_per_worker: 2, ..config(1) }, []);
    for i in 0..6 {
        assert_eq!(by_checks.submit(job("h", "b")).await, done(&format!("{} h b", i / 2)));
    }
    assert_eq!(by_checks.stats().recycled, 3);
}

#[tokio::test(start_paused = true)]
async fn equal_headers_meet_the_same_warm_worker() {
    let (pool, _) = pool(config(2), []);
    for i in 0..10 {
        let (header, worker) = if i % 2 == 0 { ("a", 0) } else { ("b", 1) };
        assert_eq!(pool.submit(job(header, "b")).await, done(&format!("{worker} {header} b")));
    }
    assert_eq!(pool.stats().affinity_hits, 8);
}

#[tokio::test(start_paused = true)]
async fn other_imports_are_loaded_by_a_fresh_worker_outside_the_limit_of_the_check() {
    let (pool, world) = pool(config(1), [Start::Ready, Start::After(60_000 * MS)]);
    assert_eq!(pool.submit(job("import A\n", "b")).await, done("0 import A\n b"));
    assert_eq!(pool.submit(job("import A\nopen X\n", "b")).await, done("0 import A\nopen X\n b"));
    assert_eq!(pool.submit(job("import B\n", "b")).await, done("1 import B\n b"));
    assert_eq!(world.alive.load(SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn dropping_a_queued_job_takes_it_out() {
    let (pool, world) = pool(config(1), []);
    let first = submit(&pool, "h", "sleep 100");
    sleep(MS).await;
    let dropped = submit(&pool, "h", "die");
    sleep(MS).await;
    assert_eq!(pool.waiting(), 1);
    dropped.abort();
    sleep(MS).await;
    assert_eq!(pool.waiting(), 0);
    assert_eq!(first.await.unwrap(), done("0 h sleep 100"));
    assert_eq!((world.started.load(SeqCst), pool.stats().cancelled), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn dropping_a_running_job_lets_it_finish_in_its_grace_or_replaces_the_worker() {
    let (pool, world) = pool(config(1), []);
    for (body, next_worker) in [("sleep 500", 0), ("sleep 5000", 1)] {
        let dropped = submit(&pool, "h", body);
        sleep(10 * MS).await;
        dropped.abort();
        assert_eq!(pool.submit(job("h", "b")).await, done(&format!("{next_worker} h b")));
    }
    assert_eq!(world.alive.load(SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn a_lease_keeps_its_worker_and_outlives_failures_and_cancelled_checks() {
    let (pool, _) = pool(config(1), []);
    let mut lease = pool.lease(&"h".into()).await.unwrap();
    assert_eq!(lease.check(job("h", "a")).await, done("0 h a"));
    let outsider = submit(&pool, "h", "outsider");
    sleep(MS).await;
    assert_eq!(lease.check(job("h", "b")).await, done("0 h b"));
    assert_eq!(lease.check(job("h", "sleep 20000")).await, Outcome::Timeout);
    assert_eq!(lease.check(job("h", "c")).await, done("1 h c"));
    assert!(!outsider.is_finished());
    assert!(tokio::time::timeout(MS, lease.check(job("h", "sleep 30"))).await.is_err());
    assert_fault(lease.check(job("h", "die")).await, "3 tries");
    drop(lease);
    assert!(matches!(outsider.await.unwrap(), Outcome::Done(_)));
}

#[tokio::test(start_paused = true)]
async fn a_panic_in_a_worker_is_a_fault_and_loses_no_place() {
    let (pool, world) = pool(config(1), []);
    assert_fault(pool.submit(job("h", "panic")).await, "panicked");
    assert_eq!(pool.submit(job("h", "b")).await, done("1 h b"));
    assert_eq!((world.alive.load(SeqCst), pool.stats().faults), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_draining_shutdown_answers_what_was_accepted_and_leaves_no_worker() {
    let (pool, world) = pool(PoolConfig { queue: NonZeroUsize::new(4).unwrap(), ..config(2) }, []);
    let lease = pool.lease(&"h".into()).await.unwrap();
    let jobs: Vec<_> = (0..10).map(|_| submit(&pool, "h", "sleep 10")).collect();
    sleep(MS).await;
    pool.shutdown(Shutdown::Drain).await;
    assert_eq!(world.alive.load(SeqCst), 0);
    let mut outcomes = Vec::new();
    for answer in jobs {
        outcomes.push(answer.await.unwrap());
    }
    let (done, refused): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(|outcome| matches!(outcome, Outcome::Done(_)));
    assert_eq!((done.len(), refused.len()), (5, 5));
    assert_fault(pool.submit(job("h", "b")).await, "shut down");
    let mut lease = lease;
    assert_fault(lease.check(job("h", "b")).await, "shut down");
}

#[tokio::test(start_paused = true)]
async fn a_cancelling_shutdown_ends_everything_at_once() {
    let (pool, world) = pool(config(2), [Start::Ready, Start::Never]);
    let jobs: Vec<_> = (0..5).map(|_| submit(&pool, "h", "sleep 9000")).collect();
    sleep(MS).await;
    let began = Instant::now();
    pool.shutdown(Shutdown::Cancel).await;
    assert_eq!(began.elapsed(), Duration::ZERO);
    assert_eq!(world.alive.load(SeqCst), 0);
    for answer in jobs {
        assert_fault(answer.await.unwrap(), "shut down");
    }
}

#[tokio::test(start_paused = true)]
async fn chaos_loses_and_doubles_nothing() {
    let config = PoolConfig { max_checks_per_worker: 5, retries: 3, queue: NonZeroUsize::new(16).unwrap(), ..config(4) };
    let starts = (0..60).map(|i| match i % 6 {
        1 => Start::Fails,
        3 => Start::After(7 * MS),
        _ => Start::Ready,
    });
    let (pool, world) = pool(config, starts);
    let bodies = |i: usize| match i % 10 {
        2 => "die".to_owned(),
        4 => "sleep 11000".to_owned(),
        6 => "bloat".to_owned(),
        _ => format!("sleep {} job{i}", i % 13),
    };
    let jobs: Vec<_> = (0..500).map(|i| submit(&pool, ["a", "b", "c"][i % 3], &bodies(i))).collect();
    let mut seen = [0; 3];
    for (i, answer) in jobs.into_iter().enumerate() {
        match (answer.await.unwrap(), i % 10) {
            (Outcome::Done(report), 0 | 1 | 3 | 5 | 7..) => {
                let message = &report.elaboration.diagnostics[0].message;
                assert!(message.ends_with(&format!("{} {}", ["a", "b", "c"][i % 3], bodies(i))), "{message}");
                seen[0] += 1;
            }
            (Outcome::Timeout, 4) => seen[1] += 1,
            (Outcome::Fault(_), 2 | 6) => seen[2] += 1,
            (outcome, _) => panic!("job {i} ({}) came back as {outcome:?}", bodies(i)),
        }
    }
    assert_eq!(seen, [350, 50, 100]);
    let stats = pool.stats();
    assert_eq!((stats.checks, stats.timeouts, stats.faults), (350, 50, 100));
    pool.shutdown(Shutdown::Drain).await;
    assert_eq!((world.alive.load(SeqCst), world.checking.load(SeqCst)), (0, 0));
}

//! How many checks a second the pool can hand out when the checks themselves cost nothing.
//!
//! `cargo run --release -p prove-lean --example dispatch [JOBS] [WORKERS]` prints one line of JSON. The target is 5,000.
#![allow(clippy::print_stdout)]

use prove_lean::{BoxFuture, Job, Limits, Outcome, PoolConfig, Report, Spawner, Worker, WorkerError, WorkerPool};
use std::{num::NonZeroUsize, sync::Arc, time::Instant};

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

#[tokio::main]
async fn main() {
    let mut args = std::env::args().skip(1).map(|arg| arg.parse::<usize>().ok());
    let jobs = args.next().flatten().unwrap_or(200_000);
    let workers = args.next().flatten().and_then(NonZeroUsize::new).unwrap_or(NonZeroUsize::MIN);
    let (header, body): (Arc<str>, Arc<str>) = ("import Lean\n".into(), "theorem a : 1 = 1 := rfl\n".into());
    let job = || Job { header: header.clone(), body: body.clone(), tactics: false, goals_at: Vec::new(), limits: Limits::default() };

    let began = Instant::now();
    let mut free = Free;
    for _ in 0..jobs {
        let _ = std::hint::black_box(free.check(&job()).await);
    }
    let direct = began.elapsed();

    let pool = WorkerPool::new(PoolConfig { workers, ..PoolConfig::default() }, Free);
    let began = Instant::now();
    let callers: Vec<_> = (0..64)
        .map(|caller| {
            let jobs: Vec<Job> = (caller..jobs).step_by(64).map(|_| job()).collect();
            let pool = pool.clone();
            tokio::spawn(async move {
                let mut done = 0;
                for job in jobs {
                    done += usize::from(matches!(pool.submit(job).await, Outcome::Done(_)));
                }
                done
            })
        })
        .collect();
    let mut done = 0;
    for caller in callers {
        done += caller.await.unwrap_or(0);
    }
    let pooled = began.elapsed();
    assert_eq!(done, jobs, "every job is answered");
    println!(
        "{{\"jobs\":{jobs},\"workers\":{workers},\"checks_per_second\":{:.0},\"microseconds_per_check\":{:.2},\"direct_microseconds\":{:.3}}}",
        jobs as f64 / pooled.as_secs_f64(),
        pooled.as_secs_f64() * 1e6 / jobs as f64,
        direct.as_secs_f64() * 1e6 / jobs as f64,
    );
}

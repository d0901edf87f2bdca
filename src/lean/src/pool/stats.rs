//! What a pool has done so far.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

/// Counters of a pool, read at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PoolStats {
    /// Checks that ended in a report.
    pub checks: u64,
    /// Checks that ran past their wall limit.
    pub timeouts: u64,
    /// Jobs given up after their last try.
    pub faults: u64,
    /// Jobs whose caller went away before the answer, or which a shutdown cut off.
    pub cancelled: u64,
    /// Tries beyond a job's first.
    pub retries: u64,
    /// Workers started.
    pub spawns: u64,
    /// Workers started in the place of an earlier one.
    pub restarts: u64,
    /// Workers replaced in time: by number of checks or by the lower memory limit.
    pub recycled: u64,
    /// Workers killed at the upper memory limit.
    pub memory_kills: u64,
    /// Checks that met a worker with their header already warm.
    pub affinity_hits: u64,
    /// Seconds of workers spent in checks, summed over workers.
    pub busy_seconds: f64,
}

/// The counters themselves. Relaxed: each is a sum of its own, and nothing is decided by them.
#[derive(Default)]
pub(super) struct Counters {
    pub(super) checks: Counter,
    pub(super) timeouts: Counter,
    pub(super) faults: Counter,
    pub(super) cancelled: Counter,
    pub(super) retries: Counter,
    pub(super) spawns: Counter,
    pub(super) restarts: Counter,
    pub(super) recycled: Counter,
    pub(super) memory_kills: Counter,
    pub(super) affinity_hits: Counter,
    busy_micros: AtomicU64,
}

#[derive(Default)]
pub(super) struct Counter(AtomicU64);

impl Counter {
    pub(super) fn bump(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Counters {
    pub(super) fn add_busy(&self, time: Duration) {
        self.busy_micros.fetch_add(time.as_micros() as u64, Ordering::Relaxed);
    }

    pub(super) fn snapshot(&self) -> PoolStats {
        PoolStats {
            checks: self.checks.get(),
            timeouts: self.timeouts.get(),
            faults: self.faults.get(),
            cancelled: self.cancelled.get(),
            retries: self.retries.get(),
            spawns: self.spawns.get(),
            restarts: self.restarts.get(),
            recycled: self.recycled.get(),
            memory_kills: self.memory_kills.get(),
            affinity_hits: self.affinity_hits.get(),
            busy_seconds: self.busy_micros.load(Ordering::Relaxed) as f64 / 1e6,
        }
    }
}

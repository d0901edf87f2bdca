//! What a pool may use and how patient it is.

use std::{num::NonZeroUsize, time::Duration};

/// Limits of a [`WorkerPool`](super::WorkerPool).
#[derive(Clone, Debug)]
pub struct PoolConfig {
    /// Workers running at once. They start when first needed.
    pub workers: NonZeroUsize,
    /// Jobs that may wait for a worker; beyond that `submit` itself waits.
    pub queue: NonZeroUsize,
    /// Resident bytes at which a worker is killed in the middle of its job.
    pub max_resident_bytes: Option<u64>,
    /// Resident bytes at which a worker is replaced after its job.
    pub recycle_resident_bytes: Option<u64>,
    /// How often resident memory is read while a job runs.
    pub memory_poll: Duration,
    /// Checks after which a worker is replaced whatever its memory.
    pub max_checks_per_worker: u64,
    /// Further tries of a job whose worker failed.
    pub retries: u32,
    /// Pause of a worker's place after its worker failed.
    pub backoff: Backoff,
    /// Time a worker has to become ready, its header elaborated.
    pub spawn_timeout: Duration,
    /// Time a running job whose caller has gone may still take before its worker is killed. Finishing keeps the worker warm.
    pub cancel_grace: Duration,
}

impl Default for PoolConfig {
    fn default() -> Self {
        PoolConfig {
            workers: NonZeroUsize::MIN,
            queue: NonZeroUsize::new(256).unwrap_or(NonZeroUsize::MIN),
            max_resident_bytes: Some(4 << 30),
            recycle_resident_bytes: Some(3 << 30),
            memory_poll: Duration::from_millis(100),
            max_checks_per_worker: 2_000,
            retries: 2,
            backoff: Backoff::default(),
            spawn_timeout: Duration::from_secs(120),
            cancel_grace: Duration::from_secs(1),
        }
    }
}

/// Exponential back-off without jitter: `first`, then twice as long for each failure in a row, never above `longest`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// Pause after the first failure.
    pub first: Duration,
    /// The longest pause.
    pub longest: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Backoff { first: Duration::from_millis(50), longest: Duration::from_secs(5) }
    }
}

impl Backoff {
    /// The pause after this many failures in a row.
    pub fn pause(&self, failures: u32) -> Duration {
        match failures {
            0 => Duration::ZERO,
            n => self.first.saturating_mul(1u32.checked_shl(n - 1).unwrap_or(u32::MAX)).min(self.longest),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_doubles_up_to_its_limit() {
        let backoff = Backoff { first: Duration::from_millis(10), longest: Duration::from_millis(65) };
        let pauses: Vec<_> = (0..6).map(|n| backoff.pause(n).as_millis()).collect();
        assert_eq!(pauses, [0, 10, 20, 40, 65, 65]);
        assert_eq!(backoff.pause(u32::MAX), backoff.longest);
    }
}

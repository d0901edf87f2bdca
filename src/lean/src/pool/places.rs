//! Who gets which worker: the pool's places, the queue in front of them, and the rule that joins them.
//!
//! A *place* holds at most one worker and is either free or held by one [`Ticket`](super::Ticket). Equal headers meet again:
//! a job takes the free place that is warm with its header, and a place that becomes free takes the first waiting job of its
//! header. So that no header starves, the head of the queue is passed over at most [`PATIENCE`] times. Nothing here waits or
//! knows of tasks; every method is a step under the pool's lock.

use crate::{session::imports::import_tokens, worker::Worker};
use std::{collections::VecDeque, sync::Arc};

/// How often the job at the head of the queue may be overtaken by later jobs whose header is warm.
pub(super) const PATIENCE: u32 = 8;

/// A running worker and what it is warm with.
pub(super) struct Warm {
    pub(super) worker: Box<dyn Worker>,
    pub(super) header: Arc<str>,
    pub(super) checks: u64,
}

#[derive(Default)]
struct Place {
    held: bool,
    worker: Option<Warm>,
    /// Workers started here so far.
    started: u64,
    /// Failures since the last good check.
    failures: u32,
    /// When it was last given out, on the pool's own count.
    last_used: u64,
}

/// A job in the queue. `G` is how it is told of its place.
pub(super) struct Waiter<G> {
    id: u64,
    header: Arc<str>,
    overtaken: u32,
    pub(super) grant: G,
}

pub(super) struct Places<G> {
    places: Vec<Place>,
    queue: VecDeque<Waiter<G>>,
    clock: u64,
    closed: bool,
}

/// Where in the queue a job lines up.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    /// A new job.
    Back,
    /// A job that has waited before: a retry, or the next check of a lease.
    Front,
}

impl<G> Places<G> {
    pub(super) fn new(count: usize) -> Self {
        Places { places: (0..count).map(|_| Place::default()).collect(), queue: VecDeque::new(), clock: 0, closed: false }
    }

    /// Takes a free place for this header. A cold place comes before one that is warm with another header: it costs at most
    /// one start per place, while two headers taking turns on one worker would cost a header each time, for ever. Last comes a
    /// worker of other imports, which is of no use to this job.
    pub(super) fn take(&mut self, header: &Arc<str>) -> Option<usize> {
        let free = self.places.iter().enumerate().filter(|(_, p)| !p.held);
        let (index, _) = free.min_by_key(|(_, place)| match &place.worker {
            Some(warm) if same(&warm.header, header) => (0, u64::MAX - place.last_used),
            None => (1, 0),
            Some(warm) if same_imports(&warm.header, header) => (2, place.last_used),
            Some(_) => (3, place.last_used),
        })?;
        self.hold(index);
        Some(index)
    }

    fn hold(&mut self, index: usize) {
        self.clock += 1;
        self.places[index].held = true;
        self.places[index].last_used = self.clock;
    }

    /// Lines up; the answer is the job's number, for [`Places::leave`].
    pub(super) fn line_up(&mut self, header: Arc<str>, line: Line, grant: G) -> u64 {
        self.clock += 1;
        let waiter = Waiter { id: self.clock, header, overtaken: 0, grant };
        match line {
            Line::Back => self.queue.push_back(waiter),
            Line::Front => self.queue.push_front(waiter),
        }
        self.clock
    }

    /// A waiting job that gave up leaves the queue.
    pub(super) fn leave(&mut self, id: u64) {
        self.queue.retain(|waiter| waiter.id != id);
    }

    /// Frees a place or, if jobs wait, passes it on to the one returned.
    pub(super) fn release(&mut self, index: usize) -> Option<Waiter<G>> {
        let next = self.next_for(index).and_then(|at| self.queue.remove(at));
        match next {
            Some(_) => self.hold(index),
            None => self.places[index].held = false,
        }
        next
    }

    fn next_for(&mut self, index: usize) -> Option<usize> {
        let head = self.queue.front()?;
        if head.overtaken >= PATIENCE {
            return Some(0);
        }
        let warm = self.places[index].worker.as_ref();
        let at = warm.and_then(|warm| self.queue.iter().position(|waiter| same(&waiter.header, &warm.header))).unwrap_or(0);
        if at > 0 {
            self.queue[0].overtaken += 1;
        }
        Some(at)
    }

    pub(super) fn take_worker(&mut self, index: usize) -> Option<Warm> {
        self.places[index].worker.take()
    }

    /// Puts a worker that did its check back; on a closed pool it is handed back to be dropped outside the lock.
    pub(super) fn put_worker(&mut self, index: usize, warm: Warm) -> Option<Warm> {
        if self.closed {
            return Some(warm);
        }
        self.places[index].worker.replace(warm)
    }

    /// Counts a start; true if it is a restart.
    pub(super) fn started(&mut self, index: usize) -> bool {
        self.places[index].started += 1;
        self.places[index].started > 1
    }

    pub(super) fn succeeded(&mut self, index: usize) {
        self.places[index].failures = 0;
    }

    /// Counts a failure and says how many there were in a row.
    pub(super) fn failed(&mut self, index: usize) -> u32 {
        self.places[index].failures = self.places[index].failures.saturating_add(1);
        self.places[index].failures
    }

    pub(super) fn close(&mut self) {
        self.closed = true;
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed
    }

    /// All workers at rest, to be dropped outside the lock.
    pub(super) fn take_workers(&mut self) -> Vec<Warm> {
        self.places.iter_mut().filter_map(|place| place.worker.take()).collect()
    }

    pub(super) fn waiting(&self) -> usize {
        self.queue.len()
    }
}

fn same(a: &Arc<str>, b: &Arc<str>) -> bool {
    Arc::ptr_eq(a, b) || a == b
}

/// Whether a worker that is warm with one header need not load imports for the other.
pub(super) fn same_imports(a: &Arc<str>, b: &Arc<str>) -> bool {
    same(a, b) || import_tokens(a) == import_tokens(b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::worker::{BoxFuture, Job, Report, WorkerError};

    struct Never;

    impl Worker for Never {
        fn check<'a>(&'a mut self, _: &'a Job) -> BoxFuture<'a, Result<Report, WorkerError>> {
            Box::pin(std::future::pending())
        }

        fn resident_bytes(&self) -> Option<u64> {
            None
        }
    }

    fn warm(places: &mut Places<char>, index: usize, header: &str) {
        let warm = Warm { worker: Box::new(Never), header: header.into(), checks: 0 };
        assert!(places.put_worker(index, warm).is_none());
    }

    #[test]
    fn a_job_prefers_its_header_then_a_cold_place_then_the_longest_unused() {
        let mut places: Places<char> = Places::new(3);
        for _ in 0..3 {
            places.take(&"x".into());
        }
        warm(&mut places, 0, "a");
        warm(&mut places, 2, "b");
        for index in [2, 0, 1] {
            assert!(places.release(index).is_none());
        }
        assert_eq!(places.take(&"b".into()), Some(2));
        assert_eq!(places.take(&"c".into()), Some(1));
        assert_eq!(places.take(&"c".into()), Some(0));
        assert_eq!(places.take(&"c".into()), None);
    }

    #[test]
    fn a_worker_of_other_imports_is_taken_last() {
        let mut places: Places<char> = Places::new(2);
        for index in 0..2 {
            places.take(&"x".into());
            warm(&mut places, index, ["import A\nopen X\n", "import B\n"][index]);
        }
        places.release(0);
        places.release(1);
        assert_eq!(places.take(&"import B\nopen Y\n".into()), Some(1));
        assert_eq!(places.take(&"import B\nopen Y\n".into()), Some(0));
    }

    #[test]
    fn a_freed_place_prefers_its_header_but_the_head_of_the_queue_does_not_starve() {
        let mut places: Places<char> = Places::new(1);
        assert_eq!(places.take(&"a".into()), Some(0));
        warm(&mut places, 0, "a");
        places.line_up("b".into(), Line::Back, 'b');
        for _ in 0..PATIENCE + 2 {
            places.line_up("a".into(), Line::Back, 'a');
        }
        let order: Vec<char> = std::iter::from_fn(|| places.release(0).map(|waiter| waiter.grant)).collect();
        let expected: Vec<char> = ["a".repeat(PATIENCE as usize), "b".into(), "aa".into()].concat().chars().collect();
        assert_eq!(order, expected);
    }

    #[test]
    fn retries_stand_in_front_and_who_leaves_is_not_served() {
        let mut places: Places<char> = Places::new(1);
        assert_eq!(places.take(&"a".into()), Some(0));
        places.line_up("a".into(), Line::Back, '1');
        let gone = places.line_up("a".into(), Line::Back, '2');
        places.line_up("a".into(), Line::Front, '0');
        places.leave(gone);
        let order: String = std::iter::from_fn(|| places.release(0).map(|waiter| waiter.grant)).collect();
        assert_eq!(order, "01");
        assert_eq!(places.take(&"a".into()), Some(0));
    }
}

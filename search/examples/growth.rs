//! How fast RMaxTS itself is, and how much memory its tree takes, from a thousand nodes to a million.
//!
//! `cargo run --release -p prove-search --example growth`. Policy and checker are stubs that answer at once. A proof is up to three steps
//! out of a dozen behind its prefix; a step leads to a state of its own, two of them to the same one, and one fails. Rates are of the last
//! tenth before each size, with the stubs' time taken off and with it.

#![allow(clippy::print_stdout, reason = "an example program")]

use prove_core::{Budget, Diagnostic, Goal, Hypothesis, Position, ProofState, Severity, Span, TacticSpan};
use prove_search::{
    Action, Check, Checked, Cost, Proposal, Query, Reply, Request, Rmaxts, RmaxtsOptions, Runner, Strategy, Streams, Task, Trial,
};
use std::{
    alloc::{GlobalAlloc, Layout, System},
    num::NonZeroUsize,
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

/// The system's allocator, counting bytes that are not freed yet.
struct Counting;

static LIVE: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call is passed on to the system's allocator as it is; the counter does not touch memory.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        LIVE.fetch_add(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller's promises are the callee's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller's promises are the callee's.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const STEPS: u64 = 12;
/// How many steps a proposal has at most.
const MOST_LINES: u64 = 3;

/// The state that a step leads to; none if it fails.
fn after(state: u64, step: u64) -> Option<u64> {
    // The last but one does what the first does.
    let step = if step == STEPS - 2 { 0 } else { step };
    (step < STEPS - 1).then(|| (state + step + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 8)
}

fn state(n: u64) -> ProofState {
    let hypothesis =
        |names: &[&str], kind: String| Hypothesis { names: names.iter().map(|n| (*n).to_owned()).collect(), kind, value: None };
    let hypotheses = vec![
        hypothesis(&["a", "b"], "Nat".to_owned()),
        hypothesis(&["h₀"], "0 < a ∧ a ≤ b".to_owned()),
        hypothesis(&["h₁"], format!("a < b + {n}")),
    ];
    ProofState { goals: vec![Goal { case: None, hypotheses, target: format!("a + 1 ≤ b + {n}") }] }
}

fn propose(query: &Query) -> Reply {
    let mut seed = query.seed;
    let lines: Vec<String> = (0..1 + seed % MOST_LINES)
        .map(|_| {
            seed = seed.rotate_left(23).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            format!("rw [lemma_{}] at h₀ h₁", (seed >> 32) % STEPS)
        })
        .collect();
    Reply::Proposals { proposals: vec![Proposal::new(lines.join("\n"), -3.0)], cost: Cost::default() }
}

/// Says what the last lines of a proof do: all that are new, and nothing of those long known.
fn check(check: &Check) -> Reply {
    let mut at = 0;
    let mut checked = Checked::bare(Trial::Rejected("unsolved goals".to_owned()));
    let known = check.proof.lines().count().saturating_sub(MOST_LINES as usize);
    for (row, line) in check.proof.lines().enumerate() {
        let step = line.strip_prefix("rw [lemma_").and_then(|rest| rest.split(']').next()?.parse().ok());
        let place = |column: usize| Position::new(row as u32, column as u32);
        let span = Span { start: place(0), end: place(line.chars().count()) };
        let Some(next) = step.and_then(|step| after(at, step)) else {
            checked.diagnostics.push(Diagnostic { severity: Severity::Error, span, message: "no".to_owned(), tags: Vec::new() });
            break;
        };
        if row >= known {
            checked.tactics.push(TacticSpan { span, before: state(at), after: state(next) });
        }
        at = next;
    }
    Reply::Checked { checked, cost: Cost::default() }
}

fn reply(request: &Request) -> Reply {
    match &*request.task {
        Task::Propose(query) => propose(query),
        Task::Check(proof) => check(proof),
        Task::Attempt(_) => Reply::Trials { trials: Vec::new(), cost: Cost::default() },
    }
}

/// Bytes of the printed states, each once, and of the steps that lead to them, each prefix by its last.
fn text_bytes(tree: &Rmaxts) -> usize {
    let of = |h: &Hypothesis| h.names.iter().map(String::len).sum::<usize>() + h.kind.len();
    let state = |s: &ProofState| s.goals.iter().map(|g| g.hypotheses.iter().map(of).sum::<usize>() + g.target.len()).sum::<usize>();
    tree.nodes().map(|node| state(&node.state) + node.prefixes * "rw [lemma_0] at h₀ h₁".len()).sum()
}

fn main() {
    let empty = LIVE.load(Ordering::Relaxed);
    let options = RmaxtsOptions { expansions: u64::MAX, ..RmaxtsOptions::default() };
    let search = Rmaxts::new(state(0), Streams::new(0, "growth"), options);
    let mut runner = Runner::new(search, Budget::default(), NonZeroUsize::MIN.saturating_add(31));
    println!("{:>9}  {:>11}  {:>13}  {:>10}  {:>10}  {:>9}", "nodes", "expansions", "expansions/s", "with stubs", "bytes/node", "repeated");
    for size in [1_000, 10_000, 100_000, 1_000_000] {
        let mut begin = Instant::now();
        let mut stubs = Duration::ZERO;
        let mut done = 0;
        while runner.strategy().progress() < size {
            if runner.strategy().progress() < size - size / 10 {
                (begin, stubs, done) = (Instant::now(), Duration::ZERO, runner.strategy().finished(Action::Expand));
            }
            for request in runner.next_requests(1, Duration::ZERO) {
                let asked = Instant::now();
                let reply = reply(&request);
                stubs += asked.elapsed();
                runner.answer(request.id, reply);
            }
        }
        let all = begin.elapsed();
        let expansions = runner.strategy().finished(Action::Expand);
        let rate = |time: Duration| (expansions - done) as f64 / time.as_secs_f64();
        let live = LIVE.load(Ordering::Relaxed) - empty;
        let tree = runner.strategy();
        let bytes = live.saturating_sub(text_bytes(tree)) as f64 / tree.progress() as f64;
        let (nodes, repeated) = (tree.progress(), tree.repeated());
        println!("{nodes:>9}  {expansions:>11}  {:>13.0}  {:>10.0}  {bytes:>10.0}  {repeated:>9}", rate(all - stubs), rate(all));
    }
}

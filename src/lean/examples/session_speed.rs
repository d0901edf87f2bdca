//! How long one warm language-server session takes for a check, for a goal, and for an edit of a proof's last line.
//!
//! `cargo run --release -p prove-lean --example session_speed -- COMMAND…`, where COMMAND is the Lean to be run, up to its own
//! arguments. Wall times are Lean's elaboration and everything around it; the processor times of the worker next to them tell how
//! much of that is waiting on a busy machine.
#![allow(clippy::print_stdout, reason = "a program for people")]

use prove_core::Position;
use prove_lean::{Job, LeanCommand, Limits, SessionSpawner, Worker, WorkerError};
use std::time::{Duration, Instant};

const HEADER: &str = "theorem base (p q : Prop) (hp : p) (hq : q) : p ∧ q := ⟨hp, hq⟩\n";
const ROUNDS: usize = 40;

/// Milliseconds of one kind of check.
#[derive(Default)]
struct Samples {
    wall: Vec<f64>,
    /// The average of the worker's processor time, where it was measured.
    processor: Option<f64>,
}

impl Samples {
    fn print(&mut self, what: &str) -> f64 {
        let median = |values: &mut Vec<f64>| {
            values.sort_by(f64::total_cmp);
            values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
        };
        let (wall, rounds) = (median(&mut self.wall), self.wall.len());
        let processor = self.processor.map_or_else(String::new, |ms| format!(", processor {ms:.1} ms"));
        println!("{what:<44} wall {wall:>8.1} ms{processor}, {rounds} rounds");
        wall
    }
}

/// Processor milliseconds used so far by the children of this process.
fn children_processor() -> f64 {
    let own = std::process::id().to_string();
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let ticks = processes.filter_map(|entry| {
        let stat = std::fs::read_to_string(entry.path().join("stat")).ok()?;
        let fields: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
        let child = *fields.get(1)? == own;
        child.then(|| fields.get(11)?.parse::<f64>().ok().zip(fields.get(12)?.parse::<f64>().ok())).flatten()
    });
    // The kernel counts in hundredths of a second.
    ticks.map(|(user, system)| (user + system) * 10.0).sum()
}

fn job(body: String, goals_at: Vec<Position>) -> Job {
    Job { header: HEADER.into(), body: body.into(), tactics: false, goals_at, limits: Limits { wall: Duration::from_secs(120) } }
}

/// Checks `body(round)` a number of times. The clock ticks too seldom for one check's processor time, so that is an average.
async fn measure(worker: &mut dyn Worker, rounds: usize, body: impl Fn(usize) -> String) -> Result<Samples, WorkerError> {
    worker.check(&job(body(rounds), Vec::new())).await?;
    let mut samples = Samples::default();
    let before = children_processor();
    for round in 0..rounds {
        samples.wall.push(worker.check(&job(body(round), Vec::new())).await?.millis);
    }
    samples.processor = Some((children_processor() - before) / rounds as f64);
    Ok(samples)
}

/// A proof of many steps; `salt` is in its statement, `last` is its last line.
fn long_proof(salt: usize, last: &str) -> String {
    let steps: String =
        (0..10).map(|i| format!("  have h{i} : a + {i} + c * d < b + {i} + d * c := by rw [Nat.mul_comm]; omega\n")).collect();
    format!("theorem t (a b c d : Nat) (h : a < b) : a + {salt} < b + {salt} := by\n{steps}  {last}\n")
}

#[tokio::main]
async fn main() -> Result<(), WorkerError> {
    let mut words = std::env::args().skip(1);
    let lean = LeanCommand::new(words.next().unwrap_or_else(|| "lean".into())).args(words);
    let began = Instant::now();
    let mut session = SessionSpawner::new(lean).start(HEADER).await?;
    session.check(&job("theorem t : 1 + 1 = 2 := by decide\n".into(), Vec::new())).await?;
    println!("spawn to first verdict: {:.2} s", began.elapsed().as_secs_f64());

    measure(&mut session, ROUNDS, |i| format!("theorem t{i} : True := trivial\n")).await?.print("next to nothing to elaborate");
    measure(&mut session, ROUNDS, |i| format!("theorem t (a b : Nat) : a + b + {i} = {i} + b + a := by omega\n")).await?.print("one omega");

    let mut goal = Samples::default();
    let body = "theorem t (a b : Nat) (h : a < b) : a < b := by\n  exact h\n";
    for _ in 0..ROUNDS {
        let job = job(body.into(), vec![Position::new(2, 2)]);
        let began = Instant::now();
        let report = session.check(&job).await?;
        goal.wall.push(began.elapsed().as_secs_f64() * 1e3 - report.millis);
    }
    goal.print("the goal at a place");

    let whole = measure(&mut session, 5, |i| long_proof(i, "omega")).await?.print("a proof of eleven steps");
    let last = measure(&mut session, 20, |i| long_proof(0, &format!("have _ := h{}; omega", i % 10)))
        .await?
        .print("the same, its last line edited");
    println!("last line over whole: {:.2}", last / whole);
    println!("resident: {} MB", session.resident_bytes().unwrap_or(0) >> 20);
    Ok(())
}

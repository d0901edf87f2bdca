//! Processor time, of this process and of the Lean workers that it started.

use rustix::{
    param::clock_ticks_per_second,
    time::{ClockId, clock_gettime},
};

/// Seconds of processor time used so far by this process and by its children that still run. Linux only: elsewhere only this
/// process is seen. Children are counted in ticks (mostly 10 ms), so this is for sums over many checks.
pub(super) fn seconds() -> f64 {
    let own = clock_gettime(ClockId::ProcessCPUTime);
    own.tv_sec as f64 + own.tv_nsec as f64 / 1e9 + children_ticks() / clock_ticks_per_second() as f64
}

fn children_ticks() -> f64 {
    let own = std::process::id().to_string();
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let ticks = processes.filter_map(|entry| {
        let stat = std::fs::read_to_string(entry.path().join("stat")).ok()?;
        // `pid (name) state parent …`; user and system time are fields 14 and 15 of the whole line.
        let fields: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
        let child = *fields.get(1)? == own;
        child.then(|| fields.get(11)?.parse::<f64>().ok().zip(fields.get(12)?.parse::<f64>().ok())).flatten()
    });
    ticks.map(|(user, system)| user + system).sum()
}

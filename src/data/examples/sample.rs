//! Prints statements of the families whose names contain an argument: `cargo run -p prove-data --example sample -- NAME [COUNT]`.
//! With `count` for a name it prints how many distinct statements each family has among `COUNT` draws, and the shares of labels.

use prove_data::{Difficulty, Label, families};
use std::{collections::HashSet, io::Write};

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let wanted = arguments.next().unwrap_or_default();
    let count: u64 = arguments.next().and_then(|n| n.parse().ok()).unwrap_or(1);
    let mut out = std::io::stdout().lock();
    if wanted == "count" {
        writeln!(out, "{:<24} {:>9} {:>7} {:>7} {:>9}", "family", "distinct", "true %", "false %", "unknown %")?;
        for family in families() {
            let mut keys = HashSet::new();
            let mut labels = [0u64; 3];
            for difficulty in Difficulty::ALL {
                for n in 0..count / 5 {
                    let statement = family.nth(1, difficulty, n);
                    keys.insert(statement.key());
                    labels[statement.label as usize] += 1;
                }
            }
            let share = |label: Label| 100.0 * labels[label as usize] as f64 / (count / 5 * 5).max(1) as f64;
            let (yes, no, unknown) = (share(Label::True), share(Label::False), share(Label::Unknown));
            writeln!(out, "{:<24} {:>9} {yes:>7.1} {no:>7.1} {unknown:>9.1}", family.name(), keys.len())?;
        }
        return Ok(());
    }
    for family in families().into_iter().filter(|f| f.name().contains(&wanted)) {
        for difficulty in Difficulty::ALL {
            for n in 0..count {
                let statement = family.nth(1, difficulty, n);
                writeln!(out, "-- {} {} {:?}\n{}", family.name(), difficulty.level(), statement.label, statement.file())?;
            }
        }
    }
    Ok(())
}

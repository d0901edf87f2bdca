//! The data card: what a data folder holds, counted.

use super::{
    lines::Stated,
    rows::{Attempted, Row},
};
use crate::output::VerdictName;
use prove_data::{Label, Split};
use std::collections::{BTreeMap, BTreeSet};

/// Lengths of answers, in characters, up to which rows are counted together.
const LENGTHS: [usize; 5] = [20, 50, 100, 200, 500];

/// The card as Markdown.
pub(super) fn card(stated: &[Stated], attempted: &[Attempted], rows: &[Row]) -> String {
    let accepted: Vec<&Attempted> = attempted.iter().filter(|a| a.verdict == VerdictName::Proved).collect();
    let tried: BTreeSet<&str> = attempted.iter().map(|a| a.statement.as_str()).collect();
    let proved: BTreeSet<&str> = accepted.iter().map(|a| a.statement.as_str()).collect();
    let lean: BTreeSet<&str> = rows.iter().map(|row| row.lean.as_str()).collect();
    let labelled = |label| stated.iter().filter(|s| s.label == label).count();
    let labels = [Label::True, Label::False, Label::Unknown].map(|label| labelled(label).to_string());
    let seconds: f64 = attempted.iter().map(|a| a.lean_seconds).sum();
    let whole = [
        ("statements", stated.len().to_string()),
        ("true by construction, false, not known", labels.join(", ")),
        ("tried", tried.len().to_string()),
        ("proved, or refuted where false", proved.len().to_string()),
        ("accepted proofs", accepted.len().to_string()),
        ("rows", rows.len().to_string()),
        ("rows of statements held out", rows.iter().filter(|row| row.split == Split::HeldOut).count().to_string()),
        ("Lean", lean.into_iter().collect::<Vec<_>>().join(", ")),
        ("seconds of Lean workers for what was proved", format!("{seconds:.0}")),
    ];
    let mut text =
        String::from("# Data card\n\nStatements by `prove data generate`, proofs by `prove data prove`; every proof was judged.\n");
    table(&mut text, &["what", "count"], whole.into_iter().map(|(what, count)| vec![what.to_owned(), count]));

    let kinds = counted(rows.iter().map(|row| row.kind));
    let kind = |(kind, count)| vec![format!("{kind:?}").to_lowercase(), format!("{count}")];
    table(&mut text, &["kind", "rows"], kinds.into_iter().map(kind));

    let longest = LENGTHS[LENGTHS.len() - 1];
    let lengths = counted(rows.iter().map(|row| LENGTHS.partition_point(|most| *most < row.completion.chars().count())));
    let length = |(place, count): (usize, usize)| {
        let name = LENGTHS.get(place).map_or_else(|| format!("more than {longest}"), |most| format!("at most {most}"));
        vec![name, count.to_string()]
    };
    table(&mut text, &["characters of the answer", "rows"], lengths.into_iter().map(length));

    let families: BTreeSet<(String, &str)> = stated.iter().map(|s| (format!("{:?}", s.topic), s.family.as_str())).collect();
    let rows = counted(rows.iter().map(|row| row.family.as_str()));
    let family = |(topic, family): (String, &str)| {
        let among = |names: Option<&BTreeSet<&str>>| {
            let has = |s: &&Stated| s.family == family && names.is_none_or(|names| names.contains(s.name.as_str()));
            stated.iter().filter(has).count().to_string()
        };
        let counts = [among(None), among(Some(&tried)), among(Some(&proved)), rows.get(family).copied().unwrap_or(0).to_string()];
        [topic, family.to_owned()].into_iter().chain(counts).collect()
    };
    table(&mut text, &["topic", "family", "statements", "tried", "proved", "rows"], families.into_iter().map(family));
    text
}

/// Adds a table behind a blank line.
fn table(text: &mut String, head: &[&str], body: impl Iterator<Item = Vec<String>>) {
    text.push_str(&format!("\n| {} |\n|{}\n", head.join(" | "), " --- |".repeat(head.len())));
    for cells in body {
        text.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
}

fn counted<T: Ord>(values: impl Iterator<Item = T>) -> BTreeMap<T, usize> {
    values.fold(BTreeMap::new(), |mut counts, value| {
        *counts.entry(value).or_default() += 1;
        counts
    })
}

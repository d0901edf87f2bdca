//! `prove data generate`: theorems to prove.

use super::lines::{self, Stated};
use crate::output::InputError;
use prove_core::ExitCode;
use prove_data::{BenchmarkKeys, Family, Generator, Mix, families};
use serde::Deserialize;
use std::{
    collections::BTreeMap,
    io::Write,
    path::{Path, PathBuf},
};

/// Arguments of `prove data generate`.
#[derive(Debug, clap::Args)]
pub(crate) struct GenerateArgs {
    /// The data folder.
    folder: PathBuf,
    /// How many theorems.
    #[arg(long, value_name = "N", default_value_t = 2000)]
    count: usize,
    /// The same seed gives the same theorems.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Only these families, with commas between.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    families: Vec<String>,
    /// How often each difficulty from 1 to 5 is drawn: five weights with commas between.
    #[arg(long, value_name = "WEIGHTS", value_delimiter = ',', default_value = "1,1,1,1,1")]
    difficulties: Vec<u32>,
    /// Leave out the statements of the benchmarks in this folder of JSON lines, in whatever words they are put.
    #[arg(long, value_name = "DIR")]
    without: Option<PathBuf>,
}

/// A line of a benchmark.
#[derive(Deserialize)]
struct Problem {
    statement: String,
}

/// Runs `prove data generate`.
pub(crate) fn run(args: &GenerateArgs) -> anyhow::Result<ExitCode> {
    let families = chosen(&args.families)?;
    let [a, b, c, d, e] = args.difficulties[..] else {
        return Err(InputError::new("--difficulties takes five weights", "for example 1,1,1,1,1").into());
    };
    let mix = Mix { difficulties: [a, b, c, d, e], ..Mix::default() };
    let benchmarks = args.without.as_deref().map(benchmarks).transpose()?.unwrap_or_default();
    std::fs::create_dir_all(&args.folder)?;
    let known = benchmarks.len();
    let generator = Generator::new(args.seed, families, &mix).without(benchmarks);
    let stated: Vec<Stated> = generator.take(args.count).map(|statement| Stated::new(&statement)).collect();
    let path = args.folder.join("statements.jsonl");
    lines::write(&path, &stated)?;
    let mut labels = BTreeMap::new();
    for one in &stated {
        *labels.entry(format!("{:?}", one.label).to_lowercase()).or_insert(0) += 1;
    }
    let labels: Vec<String> = labels.into_iter().map(|(label, count)| format!("{count} {label}")).collect();
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}: {} theorems ({}), compared with {known} of benchmarks", path.display(), stated.len(), labels.join(", "))?;
    Ok(ExitCode::Proved)
}

fn chosen(names: &[String]) -> anyhow::Result<Vec<Family>> {
    let all = families();
    if names.is_empty() {
        return Ok(all);
    }
    let family = |name: &String| {
        let unknown = || {
            let known: Vec<&str> = all.iter().map(Family::name).collect();
            InputError::new(format!("there is no family {name:?}"), format!("there are {}", known.join(", "))).into()
        };
        all.iter().find(|family| family.name() == name).copied().ok_or_else(unknown)
    };
    names.iter().map(family).collect()
}

/// The keys of all statements in a folder of benchmarks.
pub(super) fn benchmarks(folder: &Path) -> anyhow::Result<BenchmarkKeys> {
    let remedy = "give a folder of benchmarks, one problem a line with its `statement`";
    let entries = std::fs::read_dir(folder).map_err(|error| InputError::new(format!("{}: {error}", folder.display()), remedy))?;
    let mut texts = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == "jsonl") {
            texts.extend(lines::read::<Problem>(&path, remedy)?.into_iter().map(|problem| problem.statement));
        }
    }
    if texts.is_empty() {
        return Err(InputError::new(format!("{}: no benchmark is there", folder.display()), remedy).into());
    }
    Ok(BenchmarkKeys::new(texts))
}

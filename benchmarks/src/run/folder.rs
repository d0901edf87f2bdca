//! The folder of a run: `run.json` says what is run, `problems.jsonl` holds the statements as this Lean sees them, `results.jsonl` what
//! became of each attempt.

use super::{Outcome, Plan, Record};
use crate::suite::{Problem, Suite, SuiteError};
use prove_store::{Key, Run, StoreError};
use std::{
    collections::{BTreeMap, HashMap},
    io::Write,
    path::{Path, PathBuf},
};

/// Why a folder cannot be used for a run, or is none of one.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// The results cannot be read or added to.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The statements cannot be read or written.
    #[error(transparent)]
    Suite(#[from] SuiteError),
    /// `run.json` cannot be read or written.
    #[error("{}: {reason}", path.display())]
    Plan {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// There is another run in it.
    #[error("{}: another run is in this folder ({differences}); take another folder with --out, or give the same settings", path.display())]
    Other {
        /// The folder.
        path: PathBuf,
        /// How that differs.
        differences: String,
    },
}

/// A run's folder, held by this process.
pub struct Folder {
    /// What is run.
    pub plan: Plan,
    /// The problems, as this Lean sees them.
    pub problems: Vec<Problem>,
    results: Run<Record>,
    #[cfg(feature = "nats")]
    path: PathBuf,
}

impl Folder {
    /// Begins a run in `path`, or goes on with the same run there.
    pub fn open(path: &Path, plan: Plan, problems: Vec<Problem>) -> Result<Folder, FolderError> {
        let other = |differences: String| FolderError::Other { path: path.to_owned(), differences };
        // Whoever has the results has the folder.
        let results = Run::open(path)?;
        let (plan_file, problems_file) = (path.join("run.json"), path.join("problems.jsonl"));
        if plan_file.exists() {
            let differences = plan.differences(&read_plan(path)?);
            if !differences.is_empty() {
                return Err(other(differences.join("; ")));
            }
            if read_problems(path)? != problems {
                return Err(other("its statements are others".to_owned()));
            }
        } else {
            // The plan comes last: where it is, all is.
            let text = Suite { name: plan.suite.clone(), problems: problems.clone() }.to_jsonl();
            let plan = serde_json::to_string_pretty(&plan).unwrap_or_default() + "\n";
            for (file, text) in [(&problems_file, text), (&plan_file, plan)] {
                write_whole(file, &text).map_err(|error| FolderError::Plan { path: file.clone(), reason: error.to_string() })?;
            }
        }
        Ok(Folder {
            plan,
            problems,
            results,
            #[cfg(feature = "nats")]
            path: path.to_owned(),
        })
    }

    /// A name that no other folder has, kept in `name`, for where runs of several folders meet. An error has the file.
    #[cfg(feature = "nats")]
    pub(super) fn name(&self) -> Result<String, (PathBuf, std::io::Error)> {
        let file = self.path.join("name");
        let kept = match std::fs::read_to_string(&file) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let name = format!("{:016x}", rand::random::<u64>());
                write_whole(&file, &name).map(|()| name)
            }
            kept => kept,
        };
        // It goes into subjects, where some characters mean something.
        let name = kept.and_then(|name| match name.bytes().all(|byte| byte.is_ascii_hexdigit()) && !name.is_empty() {
            true => Ok(name),
            false => Err(std::io::Error::other("it holds no name; remove it")),
        });
        name.map_err(|error| (file, error))
    }

    /// What an earlier process finished. A fault is not worth keeping.
    pub(super) fn finished(&self, problem: &Problem, attempt: u32) -> Option<&Record> {
        self.results.finished(key(problem, attempt)).filter(|record| record.outcome != Outcome::Fault)
    }

    pub(super) fn record(&self, problem: &Problem, record: &Record) -> Result<(), StoreError> {
        self.results.record(key(problem, record.attempt), record)
    }
}

/// What a run's folder holds, read while a run may be going on there.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The folder.
    pub path: PathBuf,
    /// What was run.
    pub plan: Plan,
    /// The problems.
    pub problems: Vec<Problem>,
    /// The last record of every attempt, in the order of problems and attempts.
    pub records: Vec<Record>,
}

impl Kept {
    /// Reads a run's folder.
    pub fn read(path: &Path) -> Result<Kept, FolderError> {
        let (plan, problems) = (read_plan(path)?, read_problems(path)?);
        let places: HashMap<&str, usize> = problems.iter().enumerate().map(|(place, problem)| (problem.name.as_str(), place)).collect();
        let mut last = BTreeMap::new();
        for record in Run::<Record>::results(path)? {
            let place = places.get(record.problem.as_str()).copied().unwrap_or(usize::MAX);
            last.insert((place, record.attempt, record.problem.clone()), record);
        }
        let records = last.into_values().collect();
        Ok(Kept { path: path.to_owned(), plan, problems, records })
    }
}

fn read_plan(folder: &Path) -> Result<Plan, FolderError> {
    let path = folder.join("run.json");
    let plan = std::fs::read_to_string(&path).map_err(|error| error.to_string());
    let plan = plan.and_then(|text| serde_json::from_str(&text).map_err(|error| error.to_string()));
    plan.map_err(|reason| FolderError::Plan { path, reason: format!("{reason}; name the folder of a `prove bench run`") })
}

fn read_problems(folder: &Path) -> Result<Vec<Problem>, FolderError> {
    let path = folder.join("problems.jsonl");
    Ok(Suite::open(&path.display().to_string(), folder)?.problems)
}

fn key(problem: &Problem, attempt: u32) -> Key {
    Key::of([problem.name.as_str(), &problem.text(), &attempt.to_string()])
}

/// Writes a file in one step, so that it is whole or not there.
fn write_whole(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = tempfile::NamedTempFile::new_in(path.parent().unwrap_or(Path::new(".")))?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

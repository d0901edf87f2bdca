//! Brings a public suite from where it is kept: upstream, or a folder.

use super::{Problem, Source, Suite, SuiteError, hash, jsonl, lean, source::Read};
use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// Why a suite could not be brought.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// A file is missing or wrong.
    #[error(transparent)]
    Suite(#[from] SuiteError),
    /// git failed.
    #[error("git {command}: {reason}; bring a folder with the suite in it and name it with --from")]
    Git {
        /// The command.
        command: String,
        /// The end of what it said.
        reason: String,
    },
    /// What is there is something else than what is pinned.
    #[error(
        "{place}: {problems} problems with the hash {hash}, and not the suite {name} that results are compared on; \
         to run them nevertheless, name the file itself in place of the suite"
    )]
    Other {
        /// Where it was found.
        place: String,
        /// The suite's name.
        name: String,
        /// How many problems were found.
        problems: usize,
        /// Their hash.
        hash: String,
    },
}

/// Where a fetched suite is kept in a folder.
pub(super) fn place(folder: &Path, source: &Source) -> PathBuf {
    folder.join(format!("{}.jsonl", source.name))
}

/// Brings a suite into `folder` and returns it with the path of its file.
///
/// `from` is a folder that holds it as JSON lines, a checkout of its repository, or a repository that git can fetch from; by default the
/// one upstream.
pub fn fetch(source: &Source, from: Option<&Path>, folder: &Path) -> Result<(Suite, PathBuf), FetchError> {
    let (origin, problems) = match from {
        Some(from) if from.join(&source.file).is_file() => {
            let path = from.join(&source.file);
            let text = super::read(&path)?;
            (path.display().to_string(), jsonl::read(&text, &path, &jsonl::Fields::own())?)
        }
        Some(from) if source.read.iter().all(|read| from.join(read.path()).exists()) => {
            (from.display().to_string(), checkout(source, from)?)
        }
        other => {
            let remote = other.map_or_else(|| source.address(), |path| path.display().to_string());
            let place = tempfile::tempdir().map_err(SuiteError::io(folder))?;
            clone(&remote, &source.commit, place.path())?;
            (remote, checkout(source, place.path())?)
        }
    };
    let problems: Vec<Problem> = super::distinct(problems).into_iter().map(|problem| with_topic(problem, source)).collect();
    let found = hash(&problems);
    if !source.hashes.contains(&found) {
        return Err(FetchError::Other { place: origin, name: source.name.clone(), problems: problems.len(), hash: found });
    }
    std::fs::create_dir_all(folder).map_err(SuiteError::io(folder))?;
    let path = place(folder, source);
    let suite = Suite { name: source.name.clone(), problems };
    // In one step, so that there is never half a suite.
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(SuiteError::io(folder))?;
    std::io::Write::write_all(&mut file, suite.to_jsonl().as_bytes()).map_err(SuiteError::io(&path))?;
    file.persist(&path).map_err(|error| SuiteError::io(&path)(error.error))?;
    Ok((suite, path))
}

impl Read {
    fn path(&self) -> &str {
        match self {
            Read::Lean { lean, .. } => lean,
            Read::Jsonl { jsonl, .. } => jsonl,
        }
    }
}

/// The problems of a checkout.
fn checkout(source: &Source, root: &Path) -> Result<Vec<Problem>, SuiteError> {
    let mut problems = Vec::new();
    for read in &source.read {
        let path = root.join(read.path());
        match read {
            Read::Jsonl { fields, .. } => problems.extend(jsonl::read(&super::read(&path)?, &path, fields)?),
            Read::Lean { split, .. } => {
                let entries = std::fs::read_dir(&path).map_err(SuiteError::io(&path))?;
                let files = entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>();
                let mut files = files.map_err(SuiteError::io(&path))?;
                files.retain(|file| file.extension().is_some_and(|extension| extension == "lean"));
                files.sort();
                for file in files {
                    problems.extend(lean::read(&super::read(&file)?, &file, split, None)?);
                }
            }
        }
    }
    Ok(problems)
}

fn with_topic(mut problem: Problem, source: &Source) -> Problem {
    let named = || source.topics.iter().find(|topic| problem.name.starts_with(topic.as_str())).cloned();
    problem.topic = problem.topic.take().or_else(named);
    problem
}

/// One commit of a repository, without its history.
fn clone(remote: &str, commit: &str, into: &Path) -> Result<(), FetchError> {
    git(into, &["init", "--quiet"])?;
    git(into, &["fetch", "--quiet", "--depth", "1", remote, commit])?;
    git(into, &["-c", "core.autocrlf=false", "checkout", "--quiet", "FETCH_HEAD"])
}

fn git(folder: &Path, arguments: &[&str]) -> Result<(), FetchError> {
    let failed = |reason: String| FetchError::Git { command: arguments.join(" "), reason };
    let mut command = Command::new("git");
    // Nobody is there to be asked for a password.
    command.arg("-C").arg(folder).args(arguments).env("GIT_TERMINAL_PROMPT", "0").stdin(Stdio::null());
    let output = command.output().map_err(|error| failed(error.to_string()))?;
    let said = String::from_utf8_lossy(&output.stderr);
    if output.status.success() { Ok(()) } else { Err(failed(said.trim().lines().last().unwrap_or("it failed").to_owned())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A repository laid out as upstream's, with one problem in each split, and where it is fetched from.
    fn upstream(root: &Path) -> Source {
        for (folder, name) in [("MiniF2F/Valid", "algebra_one"), ("MiniF2F/Test", "imo_two")] {
            let folder = root.join(folder);
            std::fs::create_dir_all(&folder).expect("a folder");
            let text = format!("import Mathlib\n\nopen Nat\n\ntheorem {name} (n : ℕ) : n = n := by sorry");
            std::fs::write(folder.join(format!("{name}.lean")), text).expect("written");
        }
        for arguments in
            [&["init", "--quiet"][..], &["add", "."], &["-c", "user.name=n", "-c", "user.email=e@e.e", "commit", "--quiet", "-m", "all"]]
        {
            git(root, arguments).expect("git is there");
        }
        let output = Command::new("git").arg("-C").arg(root).args(["rev-parse", "HEAD"]).output().expect("git is there");
        let source = Source::named("minif2f").expect("it is known");
        let hashes = vec![hash(&checkout(&source, root).expect("it reads"))];
        Source { commit: String::from_utf8_lossy(&output.stdout).trim().to_owned(), hashes, ..source }
    }

    #[test]
    fn a_suite_comes_out_of_a_repository_a_checkout_and_a_folder_alike() {
        let (root, kept) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        let source = upstream(root.path());
        let bare = tempfile::tempdir().expect("a folder");
        git(root.path(), &["clone", "--quiet", "--bare", ".", &bare.path().display().to_string()]).expect("a bare clone");
        let (cloned, path) = fetch(&source, Some(bare.path()), kept.path()).expect("git brings it");
        assert_eq!(Suite::open("minif2f", kept.path()).expect("it is here now"), cloned);
        assert_eq!(cloned.problems[0].topic.as_deref(), Some("algebra"));
        assert_eq!(cloned.splits().into_iter().collect::<Vec<_>>(), ["test", "valid"]);
        let (checked_out, _) = fetch(&source, Some(root.path()), kept.path()).expect("a checkout will do");
        assert_eq!(checked_out, cloned);

        let folder = tempfile::tempdir().expect("a folder");
        std::fs::copy(path, folder.path().join("minif2f.jsonl")).expect("copied");
        let (copied, _) = fetch(&source, Some(folder.path()), kept.path()).expect("a folder will do");
        assert_eq!(copied, cloned);
    }

    #[test]
    fn other_statements_are_refused() {
        let (root, kept) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        let source = upstream(root.path());
        std::fs::write(root.path().join("MiniF2F/Test/imo_two.lean"), "theorem imo_two : 2 = 2 := by sorry").expect("written");
        let error = fetch(&source, Some(root.path()), kept.path()).expect_err("it was changed");
        assert!(matches!(error, FetchError::Other { problems: 2, .. }), "{error}");
        assert!(Suite::open("minif2f", kept.path()).is_err(), "nothing is kept of it");
        let gone = fetch(&source, Some(kept.path()), kept.path()).expect_err("there is no repository");
        assert!(matches!(gone, FetchError::Git { .. }), "{gone}");
    }
}

//! The judge: the only maker of [`Verdict::Proved`].
//!
//! That Lean prints no error proves nothing: of 40 hostile files tried, 17 gave neither error nor warning. A candidate is proved
//! only if it passes all of this:
//!
//! 1. *Splice* (bodies only): the statement is ours; the candidate is shown to be one proof body (`prove-syntax`).
//! 2. *Elaborate* in a fresh process, in an empty folder, to the end of the file: its last declaration is ours and carries a
//!    nonce. No error anywhere in the file.
//! 3. *Identity*: the expected constant exists under its exact name, is a theorem, and its type and universe parameters are
//!    those of the trusted statement elaborated without the candidate, node by node, binders included.
//! 4. *Axioms*: what it rests on, through types and values of everything new, is `propext`, `Quot.sound`, `Classical.choice`
//!    with their true types, and nothing unsafe.
//! 5. *Kernel*: everything new that it rests on is checked again by a second kernel (`prove-kernel`).
//!
//! Points 3 to 5 read the `.olean` files that Lean wrote, from outside. A candidate runs arbitrary code while it is elaborated and
//! can forge those files as well as anything printed; what it cannot forge is a proof that the second kernel accepts of the
//! statement that another process elaborated. Every candidate gets a process of its own: the workers of a search, warm from other
//! candidates, are never asked for a verdict.

mod audit;
mod certificate;
mod compile;
mod text;

pub use certificate::{Audit, Certificate};
pub use text::{Preamble, Text};

use crate::toolchain::Toolchain;
use audit::Auditing;
use compile::{Compiled, Failure};
use prove_core::{Fault, Position, RejectKind, Rejection, Verdict};
use prove_olean::{Import, Library};
use prove_syntax::{Outline, ProofBody, Source, find_sorries, splice};
use std::{
    collections::HashMap,
    hash::Hash,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use text::Nonce;
use tokio::sync::{OnceCell, Semaphore};

/// Limits of one judgement.
#[derive(Clone, Copy, Debug)]
pub struct JudgeLimits {
    /// Wall time of one elaboration; past it the verdict is `timeout`.
    pub wall: Duration,
    /// Judgements at once; others wait.
    pub at_once: usize,
    /// Limits of the second kernel; past them the verdict is `timeout`.
    pub kernel: prove_kernel::Limits,
    /// Tries before a failure of the machinery becomes a `fault`.
    pub tries: u32,
}

impl Default for JudgeLimits {
    fn default() -> JudgeLimits {
        let at_once = std::thread::available_parallelism().map_or(1, usize::from);
        JudgeLimits { wall: Duration::from_secs(120), at_once, kernel: prove_kernel::Limits::default(), tries: 2 }
    }
}

/// The verdict on one declaration.
#[derive(Clone, Debug)]
pub struct Judged {
    /// Its name as the user writes it.
    pub name: String,
    /// The verdict.
    pub verdict: Verdict<Certificate>,
    /// What judging its file took, milliseconds; shared by all declarations of the file.
    pub millis: f64,
}

/// What stands at the place of the trusted statements.
#[derive(Clone, Copy, Debug)]
pub enum Trusted<'a> {
    /// A file whose theorems (with `sorry` for proofs) say what is to be proved.
    Statements(&'a str),
    /// Nothing: the file's own statements are taken at their word, and every certificate says so.
    Nothing,
}

/// Judges candidates on one Lean. Cheap to share; holds the library's index and the trusted statements it has elaborated.
pub struct Judge {
    toolchain: Toolchain,
    limits: JudgeLimits,
    running: Semaphore,
    libraries: Known<Sight, Library>,
    trusted: Known<blake3::Hash, Compiled>,
}

/// What a file sees of the library: its imports, and whether it takes part in the module system.
type Sight = (Vec<Import>, bool);

/// Why no verdict could be reached on anything in a file.
enum NoVerdict {
    Rejected(Rejection),
    Timeout,
    Fault(Fault),
}

fn fault(message: impl Into<String>) -> NoVerdict {
    NoVerdict::Fault(Fault { message: message.into() })
}

impl NoVerdict {
    fn verdict(&self) -> Verdict<Certificate> {
        match self {
            NoVerdict::Rejected(rejection) => Verdict::Rejected(rejection.clone()),
            NoVerdict::Timeout => Verdict::Timeout,
            NoVerdict::Fault(fault) => Verdict::Fault(fault.clone()),
        }
    }
}

impl Judge {
    /// A judge on this Lean.
    pub fn new(toolchain: Toolchain, limits: JudgeLimits) -> Judge {
        Judge { toolchain, limits, running: Semaphore::new(limits.at_once.max(1)), libraries: Known::default(), trusted: Known::default() }
    }

    /// The Lean it judges on.
    pub fn toolchain(&self) -> &Toolchain {
        &self.toolchain
    }

    /// Judges a whole file: helper lemmas, definitions, `open`s and notations of its own included. One verdict for each theorem of
    /// the trusted file, in its order; without one, for each theorem the candidate declares.
    pub async fn check(&self, candidate: &str, trusted: Trusted<'_>) -> Vec<Judged> {
        let started = Instant::now();
        let expected = match trusted {
            Trusted::Statements(text) => declared_names(text),
            Trusted::Nothing => declared_names(candidate),
        };
        let mut judged = match self.judge(candidate, trusted, expected.clone()).await {
            Ok(judged) => judged,
            Err(no_verdict) => expected.into_iter().map(|name| (name, no_verdict.verdict())).collect(),
        };
        if judged.is_empty()
            && let Trusted::Statements(_) = trusted
        {
            let rejection = Rejection { kind: RejectKind::Missing, message: "the trusted file declares no theorem".into(), position: None };
            judged.push((String::new(), Verdict::Rejected(rejection)));
        }
        let millis = started.elapsed().as_secs_f64() * 1e3;
        judged.into_iter().map(|(name, verdict)| Judged { name, verdict, millis }).collect()
    }

    /// Judges bodies in place of `sorry`s of a trusted file: `fills` are indices of its `sorry`s, in the file's order, and their
    /// candidates. Theorems whose `sorry`s are not filled are rejected as such. A candidate that is not one proof body rejects
    /// them all.
    pub async fn fill(&self, trusted: &str, fills: &[(usize, &str)]) -> Vec<Judged> {
        match filled(trusted, fills) {
            Ok(candidate) => self.check(&candidate, Trusted::Statements(trusted)).await,
            Err(rejection) => {
                let verdict = Verdict::Rejected(rejection);
                declared_names(trusted).into_iter().map(|name| Judged { name, verdict: verdict.clone(), millis: 0.0 }).collect()
            }
        }
    }

    async fn judge(
        &self,
        candidate: &str,
        trusted: Trusted<'_>,
        declared: Vec<String>,
    ) -> Result<Vec<(String, Verdict<Certificate>)>, NoVerdict> {
        let _turn = self.running.acquire().await.map_err(|error| fault(error.to_string()))?;
        let statements = match trusted {
            Trusted::Statements(text) => Some(self.trusted(text).await?),
            Trusted::Nothing => None,
        };
        let nonce = Nonce::fresh();
        let compiled = self.compile(&self.text(candidate).ended_by(&nonce)).await?;
        let library = self.library(&compiled).await?;
        let auditing = Auditing {
            candidate: Arc::new(compiled),
            statements,
            library,
            nonce,
            kernel: self.limits.kernel,
            declared,
            text: blake3::hash(candidate.as_bytes()),
            lean: self.toolchain.version().to_string(),
            confined: self.toolchain.is_confined(),
        };
        tokio::task::spawn_blocking(move || auditing.run()).await.map_err(|error| fault(format!("the audit broke down: {error}")))?
    }

    /// The trusted statements, elaborated once per text.
    async fn trusted(&self, text: &str) -> Result<Arc<Compiled>, NoVerdict> {
        let compile = async || match self.compile(&self.text(text)).await {
            Err(NoVerdict::Rejected(rejection)) => Err(fault(format!("the trusted statements do not elaborate: {}", rejection.message))),
            other => other,
        };
        self.trusted.get(blake3::hash(text.as_bytes()), compile).await
    }

    fn text(&self, text: &str) -> Text {
        Text::new(text, Preamble::of(&self.toolchain))
    }

    async fn compile(&self, text: &Text) -> Result<Compiled, NoVerdict> {
        let mut tries = 0;
        loop {
            tries += 1;
            match compile::compile(&self.toolchain, text, self.limits.wall).await {
                Ok(compiled) => return Ok(compiled),
                Err(Failure::Rejected(rejection)) => return Err(NoVerdict::Rejected(rejection)),
                Err(Failure::Timeout) => return Err(NoVerdict::Timeout),
                Err(Failure::Machinery(message)) if tries >= self.limits.tries => return Err(fault(message)),
                Err(Failure::Machinery(_)) => {}
            }
        }
    }

    /// The library that a file saw, loaded once per set of imports.
    async fn library(&self, compiled: &Compiled) -> Result<Arc<Library>, NoVerdict> {
        let key = compiled.imports().map_err(|rejection| NoVerdict::Rejected(*rejection))?;
        let (roots, (imports, is_module)): (Vec<PathBuf>, _) = (self.toolchain.search_path(), key.clone());
        let load = async || {
            let load = tokio::task::spawn_blocking(move || Library::load(&roots, &imports, is_module));
            let library = load.await.map_err(|error| fault(error.to_string()))?;
            library.map_err(|error| fault(format!("the library cannot be read: {error}")))
        };
        self.libraries.get(key, load).await
    }
}

/// How much is kept of one kind: enough for the statements of any suite, and not all that a daemon is ever asked.
const KEPT: usize = 1024;

/// What was made once and is kept; who asks while it is being made waits for it. What failed is made again by the next who asks.
struct Known<K, V>(Mutex<HashMap<K, Arc<OnceCell<Arc<V>>>>>);

impl<K, V> Default for Known<K, V> {
    fn default() -> Self {
        Known(Mutex::default())
    }
}

impl<K: Eq + Hash, V> Known<K, V> {
    async fn get(&self, key: K, make: impl AsyncFnOnce() -> Result<V, NoVerdict>) -> Result<Arc<V>, NoVerdict> {
        let cell = {
            // Every step leaves the map whole, so a panic elsewhere does not spoil it.
            let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if kept.len() >= KEPT && !kept.contains_key(&key) {
                kept.clear();
            }
            kept.entry(key).or_default().clone()
        };
        cell.get_or_try_init(async || make().await.map(Arc::new)).await.cloned()
    }
}

/// The names of the theorems that a text declares, as far as the text shows them.
fn declared_names(text: &str) -> Vec<String> {
    use prove_syntax::DeclarationKind::{Lemma, Theorem};
    let outline = Outline::new(&Source::new(text));
    outline.declarations.into_iter().filter(|d| matches!(d.kind, Theorem | Lemma)).filter_map(|d| d.name).collect()
}

/// The trusted text with bodies in place of its `sorry`s.
fn filled(trusted: &str, fills: &[(usize, &str)]) -> Result<String, Rejection> {
    let source = Source::new(trusted);
    let sorries = find_sorries(&source, &Outline::new(&source));
    let mut pairs = Vec::new();
    for (index, body) in fills {
        let body = ProofBody::parse(body)?;
        let no_such = || Rejection {
            kind: RejectKind::Missing,
            message: format!("the trusted file has {} `sorry`s, so there is no number {index}", sorries.len()),
            position: Some(Position::START),
        };
        pairs.push((sorries.get(*index).ok_or_else(no_such)?, body));
    }
    let pairs: Vec<_> = pairs.iter().map(|(sorry, body)| (*sorry, body)).collect();
    Ok(splice(&source, &pairs)?.text)
}

//! Points 3 to 5 of the contract, on the files that Lean wrote. Pure computation: no process, no clock.

use super::{
    NoVerdict,
    certificate::{Audit, Certificate},
    compile::Compiled,
    fault,
    text::Nonce,
};
use prove_core::{Fault, RejectKind, Rejection, Verdict};
use prove_kernel::{Declaration, Environment, KernelError, Name, declaration::Kind, term::NameNode};
use prove_olean::{
    Library, LibrarySource,
    audit::{Auditor, AxiomClass, Closure, Declared, Reach, Strictness, compare},
    render,
};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

/// Everything an audit needs.
pub(super) struct Auditing {
    pub(super) candidate: Arc<Compiled>,
    /// `None`: the candidate's own statements are taken at their word.
    pub(super) statements: Option<Arc<Compiled>>,
    pub(super) library: Arc<Library>,
    pub(super) nonce: Nonce,
    pub(super) kernel: prove_kernel::Limits,
    /// The theorems that the trusted text (or the candidate's own) declares, as far as the text shows.
    pub(super) declared: Vec<String>,
    /// Hash of the candidate's text.
    pub(super) text: blake3::Hash,
    /// The version of Lean.
    pub(super) lean: String,
    /// Whether the candidate's process was confined.
    pub(super) confined: bool,
}

fn rejected(kind: RejectKind, message: impl Into<String>) -> Rejection {
    Rejection { kind, message: message.into(), position: None }
}

fn damaged(error: prove_olean::Error) -> NoVerdict {
    NoVerdict::Rejected(rejected(RejectKind::Incomplete, format!("the file Lean wrote is damaged: {error}")))
}

impl Auditing {
    pub(super) fn run(self) -> Result<Vec<(String, Verdict<Certificate>)>, NoVerdict> {
        let mut env = Environment::with_source(Box::new(LibrarySource::new(self.library.clone())));
        let candidate = Declared::decode(&self.candidate.image, &mut env.terms).map_err(damaged)?;
        let statements = match &self.statements {
            Some(statements) => {
                let declared = Declared::decode(&statements.image, &mut env.terms);
                Some(declared.map_err(|error| fault(format!("the trusted statements' file is damaged: {error}")))?)
            }
            None => None,
        };
        let end = env.terms.mk_name(self.nonce.name());
        if candidate.get(end).is_none() && !candidate.constants().iter().any(|d| user_name(&env, d.name()) == self.nonce.name()) {
            let message = "Lean did not reach the end of the file";
            return Err(NoVerdict::Rejected(rejected(RejectKind::Incomplete, message)));
        }
        let expected: Vec<Name> = theorems(&env, statements.as_ref().unwrap_or(&candidate), &self);
        let mut court = Court {
            auditor: Auditor::new(LibrarySource::new(self.library.clone())),
            accepted: HashSet::new(),
            candidate,
            statements,
            env,
            auditing: &self,
        };
        // A name is reported as the text writes it, `«…»` and all.
        let mut as_written: HashMap<String, &String> = self.declared.iter().map(|name| (render::written(name), name)).collect();
        let verdicts = expected.into_iter().map(|name| {
            let shown = user_name(&court.env, name);
            let verdict = court.verdict(name);
            (as_written.remove(&shown).cloned().unwrap_or(shown), verdict)
        });
        Ok(verdicts.collect())
    }
}

/// The name without the prefix of a private one.
fn user_name(env: &Environment, name: Name) -> String {
    let text = render::name(&env.terms, name);
    match text.strip_prefix("_private.").and_then(|rest| rest.split_once(".0.")) {
        Some((_, user)) => user.to_owned(),
        None => text,
    }
}

/// The theorems of a file that somebody wrote, sorted by name: those that the text declares, and any other that does not look like
/// one of Lean's own. Those have a component that begins with an underscore or is numbered, or hang below a definition.
fn theorems(env: &Environment, file: &Declared, auditing: &Auditing) -> Vec<Name> {
    let declared: HashSet<String> = auditing.declared.iter().map(|name| render::written(name)).collect();
    let written = |name: Name| {
        let mut at = name;
        loop {
            at = match env.terms.name(at) {
                NameNode::Anonymous => return true,
                NameNode::Num(prefix, _) => prefix,
                NameNode::Str(prefix, text) => {
                    let text = env.terms.str(text);
                    let private = text == "_private";
                    if !private && (text.starts_with('_') || is_numbered(text)) {
                        return false;
                    }
                    prefix
                }
            }
        }
    };
    let is_theorem = |d: &&Declaration| matches!(d.kind, Kind::Theorem { .. });
    let below_definition = |name: Name| match env.terms.name(name) {
        NameNode::Str(prefix, _) => file.get(prefix).is_some_and(|d| !matches!(d.kind, Kind::Theorem { .. })),
        _ => false,
    };
    let names = file.constants().iter().filter(is_theorem).map(Declaration::name);
    let names = names.filter(|&n| {
        let shown = user_name(env, n);
        declared.contains(&shown) || (written(n) && !below_definition(n) && shown != auditing.nonce.name())
    });
    let mut names: Vec<Name> = names.collect();
    names.sort_by_cached_key(|&n| user_name(env, n));
    names
}

fn is_numbered(text: &str) -> bool {
    ["match_", "proof_", "eq_"].iter().any(|p| text.strip_prefix(p).is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit())))
}

struct Court<'a> {
    auditing: &'a Auditing,
    env: Environment,
    auditor: Auditor,
    candidate: Declared,
    statements: Option<Declared>,
    /// New constants that the second kernel has accepted and added to its environment.
    accepted: HashSet<Name>,
}

impl Court<'_> {
    fn verdict(&mut self, name: Name) -> Verdict<Certificate> {
        match self.contract(name) {
            Ok(certificate) => Verdict::Proved(certificate),
            Err(no_verdict) => no_verdict.verdict(),
        }
    }

    fn contract(&mut self, name: Name) -> Result<Certificate, NoVerdict> {
        self.identity(name).map_err(NoVerdict::Rejected)?;
        let closure = self.auditor.closure(&mut self.env.terms, &self.candidate, name, Reach::Library).map_err(library_fault)?;
        self.axioms(&closure).map_err(NoVerdict::Rejected)?;
        let steps = self.second_kernel(name)?;
        let axioms = closure.axioms.iter().map(|axiom| render::name(&self.env.terms, axiom.name));
        let mut axioms: Vec<String> = axioms.collect();
        axioms.sort();
        let audits = vec![
            Audit::FreshProcess { lean: self.auditing.lean.clone(), confined: self.auditing.confined },
            if self.statements.is_some() { Audit::Statement } else { Audit::OwnStatement },
            Audit::Axioms { constants: closure.new_constants.len() },
            Audit::SecondKernel { steps },
            Audit::TrustedLibrary { constants: closure.coverage.library_constants, without_body: closure.coverage.library_bodies_absent },
        ];
        Ok(Certificate { axioms, audits, file_hash: self.auditing.text.to_hex().to_string() })
    }

    /// Point 3.
    fn identity(&self, name: Name) -> Result<(), Rejection> {
        let shown = user_name(&self.env, name);
        let Some(found) = self.candidate.get(name) else {
            let elsewhere = self
                .candidate
                .constants()
                .iter()
                .map(|d| user_name(&self.env, d.name()))
                .find(|n| n.rsplit('.').next() == shown.rsplit('.').next());
            let hint = elsewhere.map(|n| format!("; there is `{n}`")).unwrap_or_default();
            return Err(rejected(RejectKind::Missing, format!("the file declares no `{shown}`{hint}")));
        };
        if !matches!(found.kind, Kind::Theorem { .. }) {
            return Err(rejected(RejectKind::WrongKind, format!("`{shown}` is not a theorem")));
        }
        let Some(statements) = &self.statements else { return Ok(()) };
        match compare(&self.env.terms, statements, &self.candidate, name, Strictness::STATEMENT) {
            None => Ok(()),
            Some(difference) => {
                let about = user_name(&self.env, difference.constant);
                let message = format!("`{shown}` is not the trusted statement: `{about}` has {}", difference.what);
                Err(rejected(RejectKind::StatementChanged, message))
            }
        }
    }

    /// Point 4.
    fn axioms(&self, closure: &Closure) -> Result<(), Rejection> {
        let names =
            |names: &mut dyn Iterator<Item = Name>| names.map(|n| format!("`{}`", user_name(&self.env, n))).collect::<Vec<_>>().join(", ");
        let of_class = |class| closure.axioms.iter().filter(move |axiom| axiom.class == class).map(|axiom| axiom.name);
        if of_class(AxiomClass::Sorry).next().is_some() {
            return Err(rejected(RejectKind::Sorry, "it rests on `sorry`"));
        }
        if of_class(AxiomClass::Other).next().is_some() {
            let message = format!("it rests on the axiom {}", names(&mut of_class(AxiomClass::Other)));
            return Err(rejected(RejectKind::Axiom, message));
        }
        if !closure.unsafe_constants.is_empty() {
            let message = format!("it rests on unsafe code: {}", names(&mut closure.unsafe_constants.iter().copied()));
            return Err(rejected(RejectKind::Axiom, message));
        }
        if !closure.is_standard() {
            let mut odd = closure.shadowing.iter().chain(&closure.missing).copied();
            return Err(rejected(RejectKind::Kernel, format!("its file is inconsistent about {}", names(&mut odd))));
        }
        Ok(())
    }

    /// Point 5. Returns the steps taken.
    fn second_kernel(&mut self, name: Name) -> Result<u64, NoVerdict> {
        if self.accepted.contains(&name) {
            return Ok(0);
        }
        let constants = self.candidate.constants().iter();
        let new: Vec<Declaration> = constants.filter(|d| !self.accepted.contains(&d.name())).cloned().collect();
        match prove_kernel::check_reachable(&mut self.env, &new, &[name], self.auditing.kernel) {
            Ok(report) => {
                // What was added to the environment counts as accepted; it must not be given to the kernel again.
                for declaration in &new {
                    let name = declaration.name();
                    let in_library = self.auditor.source().status(&mut self.env.terms, name).map_err(library_fault)?.is_some();
                    if !in_library && matches!(self.env.get(name), Ok(Some(_))) {
                        self.accepted.insert(name);
                    }
                }
                Ok(report.steps)
            }
            Err(KernelError::OutOfFuel { .. }) => Err(NoVerdict::Timeout),
            Err(KernelError::Source(error)) => Err(NoVerdict::Fault(Fault { message: error.to_string() })),
            Err(error) => Err(NoVerdict::Rejected(rejected(RejectKind::Kernel, format!("the second kernel refuses {error}")))),
        }
    }
}

fn library_fault(error: prove_olean::Error) -> NoVerdict {
    NoVerdict::Fault(Fault { message: format!("the library cannot be read: {error}") })
}

//! On which axioms a constant rests.

use super::Declared;
use super::standard::is_standard;
use super::walk::{block_of, constants_of, exprs_of};
use crate::constant::ConstantKind;
use crate::error::Result;
use crate::library::LibrarySource;
use prove_kernel::declaration::{Declaration, Kind, Safety};
use prove_kernel::term::{Name, Terms};
use rustc_hash::FxHashSet;
use std::collections::BTreeSet;

/// How far the search for axioms goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reach {
    /// Through the types and values of new constants. Library constants are trusted; those that are axioms count.
    New,
    /// Through the library too, as far as its files show types and values. Decodes all of that.
    Library,
}

/// What an axiom means for a proof that rests on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AxiomClass {
    /// One of the three of Lean's logic, from the library, with its true type.
    Standard,
    /// `sorryAx`
    Sorry,
    /// Any other: trust in compiled code, an axiom of the candidate's own, a forged standard one.
    Other,
}

/// An axiom something rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AxiomUse {
    /// Its name.
    pub name: Name,
    /// What it means.
    pub class: AxiomClass,
    /// Whether the candidate declares it.
    pub is_new: bool,
}

/// What the search could not see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Library constants it met. Not followed with [`Reach::New`].
    pub library_constants: usize,
    /// Those of them whose body the library's files do not hold: what *their* proofs rest on cannot be seen by anybody who has
    /// only these files. That they are sound is trust in the pinned library.
    pub library_bodies_absent: usize,
}

/// On what a constant rests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Closure {
    /// The axioms.
    pub axioms: BTreeSet<AxiomUse>,
    /// New constants it reaches, itself included.
    pub new_constants: BTreeSet<Name>,
    /// New constants among them that Lean's kernel did not check, or not wholly: `unsafe` and `partial` ones.
    pub unsafe_constants: BTreeSet<Name>,
    /// New constants among them whose name the library has too, which Lean does not allow.
    pub shadowing: BTreeSet<Name>,
    /// Constants that are mentioned, and neither new nor in the library.
    pub missing: BTreeSet<Name>,
    /// What could not be seen.
    pub coverage: Coverage,
}

impl Closure {
    /// Whether the constant rests on nothing but Lean's logic, as far as [`Closure::coverage`] goes.
    pub fn is_standard(&self) -> bool {
        self.axioms.iter().all(|axiom| axiom.class == AxiomClass::Standard)
            && self.unsafe_constants.is_empty()
            && self.shadowing.is_empty()
            && self.missing.is_empty()
    }
}

/// Answers questions about new constants over one library and one arena.
#[derive(Debug)]
pub struct Auditor {
    source: LibrarySource,
}

impl Auditor {
    /// An auditor over a library. Every call must be made with the same arena.
    pub fn new(source: LibrarySource) -> Auditor {
        Auditor { source }
    }

    /// The library.
    pub fn source(&mut self) -> &mut LibrarySource {
        &mut self.source
    }

    /// On what a constant rests. A name that nobody declares is [missing](Closure::missing).
    pub fn closure(&mut self, terms: &mut Terms, declared: &Declared, name: Name, reach: Reach) -> Result<Closure> {
        let mut closure = Closure::default();
        let mut seen_names = FxHashSet::default();
        let mut seen_exprs = FxHashSet::default();
        let mut pending = vec![name];
        while let Some(name) = pending.pop() {
            if !seen_names.insert(name) {
                continue;
            }
            let status = self.source.status(terms, name)?;
            let followed;
            let declaration = match (declared.get(name), status) {
                (Some(new), status) => {
                    closure.add_new(new);
                    if status.is_some() {
                        closure.shadowing.insert(name);
                    }
                    new
                }
                (None, None) => {
                    closure.missing.insert(name);
                    continue;
                }
                (None, Some(status)) => {
                    closure.coverage.library_constants += 1;
                    closure.coverage.library_bodies_absent += usize::from(status.body_absent());
                    if status.original == ConstantKind::Axiom {
                        let class = self.class_of_library_axiom(terms, name)?;
                        closure.axioms.insert(AxiomUse { name, class, is_new: false });
                    }
                    match reach {
                        Reach::New => continue,
                        Reach::Library => match self.source.get(terms, name)? {
                            Some(declaration) => followed = declaration,
                            None => continue,
                        },
                    }
                    &followed
                }
            };
            pending.extend(block_of(declaration));
            for expr in exprs_of(declaration) {
                constants_of(terms, expr, &mut seen_exprs, |name| pending.push(name));
            }
        }
        Ok(closure)
    }

    fn class_of_library_axiom(&mut self, terms: &mut Terms, name: Name) -> Result<AxiomClass> {
        if terms.mk_name("sorryAx") == name {
            return Ok(AxiomClass::Sorry);
        }
        let standard = match self.source.get(terms, name)? {
            Some(declaration) => is_standard(terms, &declaration),
            None => false,
        };
        Ok(if standard { AxiomClass::Standard } else { AxiomClass::Other })
    }
}

impl Closure {
    fn add_new(&mut self, declaration: &Declaration) {
        let name = declaration.name();
        self.new_constants.insert(name);
        let is_unsafe = match &declaration.kind {
            Kind::Axiom { is_unsafe } | Kind::Opaque { is_unsafe, .. } => *is_unsafe,
            Kind::Definition { safety, .. } => *safety != Safety::Safe,
            Kind::Inductive(inductive) => inductive.is_unsafe,
            Kind::Constructor(constructor) => constructor.is_unsafe,
            Kind::Recursor(recursor) => recursor.is_unsafe,
            Kind::Theorem { .. } | Kind::Quot(_) => false,
        };
        if is_unsafe {
            self.unsafe_constants.insert(name);
        }
        // A file without imports may declare the quotient primitives; one that is judged has no business doing so.
        if matches!(declaration.kind, Kind::Axiom { .. } | Kind::Quot(_)) {
            self.axioms.insert(AxiomUse { name, class: AxiomClass::Other, is_new: true });
        }
    }
}

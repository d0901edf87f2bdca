//! The environment: declared constants by name, and where the library's come from.
//!
//! Library constants are trusted (their files are pinned by hash) and decoded only when something reaches them, since a library
//! holds hundreds of thousands and a proof reaches a few thousand.

use crate::declaration::Declaration;
use crate::term::{Name, Terms};
use indexmap::IndexSet;
use rustc_hash::{FxBuildHasher, FxHashMap};
use std::sync::Arc;

/// Where trusted constants come from.
pub trait ConstantSource: Send {
    /// The constant of that name, its terms made in `terms`; `None` where the library has none.
    fn constant(&mut self, terms: &mut Terms, name: Name) -> Result<Option<Declaration>, SourceError>;
}

/// The library could not be read: a fault of the machinery, which says nothing about what is being checked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the library could not be read: {0}")]
pub struct SourceError(pub String);

/// Declared constants by name.
pub struct Environment {
    /// The arena of all terms of this environment.
    pub terms: Terms,
    source: Option<Box<dyn ConstantSource>>,
    constants: FxHashMap<Name, Option<Arc<Declaration>>>,
    /// The names given to [`Environment::add_trusted`], in order.
    added: IndexSet<Name, FxBuildHasher>,
}

impl Environment {
    /// An environment without constants.
    pub fn empty() -> Environment {
        Environment { terms: Terms::new(), source: None, constants: FxHashMap::default(), added: IndexSet::default() }
    }

    /// An environment over a library.
    pub fn with_source(source: Box<dyn ConstantSource>) -> Environment {
        Environment { source: Some(source), ..Environment::empty() }
    }

    /// The constant of that name, taken from the library on first use.
    pub fn get(&mut self, name: Name) -> Result<Option<Arc<Declaration>>, SourceError> {
        if let Some(known) = self.constants.get(&name) {
            return Ok(known.clone());
        }
        let found = match &mut self.source {
            Some(source) => source.constant(&mut self.terms, name)?.map(Arc::new),
            None => None,
        };
        self.constants.insert(name, found.clone());
        Ok(found)
    }

    /// Adds a constant without any check. For the library and for what a check has accepted.
    pub fn add_trusted(&mut self, declaration: Declaration) {
        self.added.insert(declaration.name());
        self.constants.insert(declaration.name(), Some(Arc::new(declaration)));
    }

    /// Whether the constant was added, and is not the library's.
    pub(crate) fn is_added(&self, name: Name) -> bool {
        self.added.contains(&name)
    }

    /// The present state, for [`Environment::roll_back`].
    pub(crate) fn mark(&self) -> usize {
        self.added.len()
    }

    /// Forgets all constants added since `mark`.
    pub(crate) fn roll_back(&mut self, mark: usize) {
        for name in self.added.drain(mark..) {
            self.constants.remove(&name);
        }
    }
}

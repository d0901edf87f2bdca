//! The environment: declared constants by name, and where the library's come from.
//!
//! Library constants are trusted (their files are pinned by hash) and decoded only when something reaches them, since a library
//! holds hundreds of thousands and a proof reaches a few thousand.

use crate::declaration::Declaration;
use crate::term::{Name, Terms};
use rustc_hash::FxHashMap;
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
}

impl Environment {
    /// An environment without constants.
    pub fn empty() -> Environment {
        Environment { terms: Terms::new(), source: None, constants: FxHashMap::default() }
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
        self.constants.insert(declaration.name(), Some(Arc::new(declaration)));
    }

    /// Takes back constants, as if they had never been added.
    pub(crate) fn remove(&mut self, name: Name) {
        self.constants.remove(&name);
    }
}

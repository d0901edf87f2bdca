//! What a freshly elaborated file really declares, told from outside.
//!
//! The judge elaborates a candidate, takes the three files Lean wrote, and asks here: which constants are new ([`Declared`]), on
//! which axioms one of them rests ([`Auditor::closure`]), and whether its statement is the trusted one ([`mod@compare`]). Nothing
//! Lean printed plays a part. What the files cannot show is returned as data ([`Coverage`]).

mod closure;
pub mod compare;
mod standard;
mod walk;

pub use closure::{Auditor, AxiomClass, AxiomUse, Closure, Coverage, Reach};
pub use compare::{Aspect, BinderNames, Difference, Strictness, compare};

use crate::decode::{Decoder, Memo};
use crate::error::{Error, Result};
use crate::image::Image;
use crate::module::{Import, Level};
use prove_kernel::declaration::Declaration;
use prove_kernel::term::{Name, Terms};
use rustc_hash::FxHashMap;

/// Everything a file declares.
#[derive(Clone, Debug)]
pub struct Declared {
    imports: Vec<Import>,
    is_module: bool,
    constants: Vec<Declaration>,
    by_name: FxHashMap<Name, usize>,
}

impl Declared {
    /// Decodes all constants of a module: for one that is split into parts, those of its private part, which holds everything.
    pub fn decode(image: &Image, terms: &mut Terms) -> Result<Declared> {
        let level = image.best_level();
        let data = image.module_data(level)?;
        if data.is_module() && level != Level::Private {
            return Err(Error::Parts("the private part is missing"));
        }
        let mut memo = Memo::default();
        let mut decoder = Decoder::new(image, &mut memo, terms);
        let mut constants = Vec::with_capacity(data.constant_count());
        let mut by_name = FxHashMap::default();
        let names = data.constant_names();
        for (name, constant) in names.iter().zip(data.constants().iter()) {
            let declaration = decoder.declaration(constant?, names.addr())?;
            let name = decoder.name(name?, names.addr())?;
            if declaration.name() != name || by_name.insert(name, constants.len()).is_some() {
                return Err(Error::Damaged { at: names.addr().0, what: "the names of constants are not those of the constants" });
            }
            constants.push(declaration);
        }
        Ok(Declared { imports: data.imports()?, is_module: data.is_module(), constants, by_name })
    }

    /// What the file imports.
    pub fn imports(&self) -> &[Import] {
        &self.imports
    }

    /// Whether the file takes part in the module system.
    pub fn is_module(&self) -> bool {
        self.is_module
    }

    /// The constants, in the order of the file (which is not the order of their declaration).
    pub fn constants(&self) -> &[Declaration] {
        &self.constants
    }

    /// The constant of that name.
    pub fn get(&self, name: Name) -> Option<&Declaration> {
        self.by_name.get(&name).map(|index| &self.constants[*index])
    }
}

//! What a file says about its module.

use crate::error::{Error, Result};
use crate::image::{Addr, Image, Value};
use crate::name::ModuleName;
use crate::object::{Array, Constructor};

/// How much of a module a part of it shows. See the [crate documentation](crate).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// `.olean`: what importing modules see.
    Exported,
    /// `.olean.server`: the same with what an editor shows.
    Server,
    /// `.olean.private`: everything.
    Private,
}

/// One `import` line.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Import {
    /// The module.
    pub module: ModuleName,
    /// `import all`: its private level too.
    pub import_all: bool,
    /// `public import`: whoever imports this module imports that one as well.
    pub is_exported: bool,
}

/// The module data of one part: a view into its [`Image`].
#[derive(Clone, Copy, Debug)]
pub struct ModuleData<'a> {
    image: &'a Image,
    addr: Addr,
    is_module: bool,
    imports: Array<'a>,
    constant_names: Array<'a>,
    constants: Array<'a>,
    extra_constant_names: Array<'a>,
    entries: Array<'a>,
}

impl Image {
    /// The module data of the part of a level. A module that is not split into parts has only the exported level, which then
    /// holds everything.
    pub fn module_data(&self, level: Level) -> Result<ModuleData<'_>> {
        let addr = self.root(level as usize)?;
        let root = self.constructor(Value::Object(addr), addr)?;
        let [imports, constant_names, constants, extra_constant_names, entries] = root.fields()?;
        let data = ModuleData {
            image: self,
            addr,
            // Older versions have no such field.
            is_module: root.scalar_bytes() > 0 && root.flag(0)?,
            imports: self.array(imports, addr)?,
            constant_names: self.array(constant_names, addr)?,
            constants: self.array(constants, addr)?,
            extra_constant_names: self.array(extra_constant_names, addr)?,
            entries: self.array(entries, addr)?,
        };
        if data.constant_names.len() != data.constants.len() {
            return Err(Error::Damaged { at: addr.0, what: "not as many names as constants" });
        }
        Ok(data)
    }

    /// The most complete level there is.
    pub fn best_level(&self) -> Level {
        match self.part_count() {
            1 => Level::Exported,
            2 => Level::Server,
            _ => Level::Private,
        }
    }
}

impl<'a> ModuleData<'a> {
    /// Where the data object lies.
    pub fn addr(&self) -> Addr {
        self.addr
    }

    /// Whether the source takes part in the module system. A file elaborated by the embedded build always does.
    pub fn is_module(&self) -> bool {
        self.is_module
    }

    /// The imports, in order.
    pub fn imports(&self) -> Result<Vec<Import>> {
        self.imports.iter().map(|import| self.import(import?)).collect()
    }

    fn import(&self, import: Value) -> Result<Import> {
        // Before the module system an import had at most one flag, which has no meaning for us.
        let holder = self.imports.addr();
        let (module, flags) = match self.image.constructor(import, holder) {
            Ok(node) if node.field_count() == 1 => (node.field(0)?, Some(node)),
            _ => (import, None),
        };
        let flag = |node: Constructor<'_>, index: usize| node.scalar_bytes() >= 3 && node.flag(index).unwrap_or(false);
        Ok(Import {
            module: ModuleName::read(self.image, module, holder)?,
            import_all: self.is_module && flags.is_some_and(|node| flag(node, 0)),
            is_exported: !self.is_module || flags.is_some_and(|node| flag(node, 1)),
        })
    }

    /// How many constants there are.
    pub fn constant_count(&self) -> usize {
        self.constants.len()
    }

    /// The names of the constants, as stored: in the order of [`ModuleData::constants`].
    pub fn constant_names(&self) -> Array<'a> {
        self.constant_names
    }

    /// The constants, as stored.
    pub fn constants(&self) -> Array<'a> {
        self.constants
    }

    /// The names of what the code generator made and the kernel does not know.
    pub fn extra_constant_names(&self) -> Array<'a> {
        self.extra_constant_names
    }

    /// The extensions of the environment that stored something: names and entries, in order.
    pub fn extensions(&self) -> impl Iterator<Item = Result<(Value, Array<'a>)>> {
        let (image, entries) = (self.image, self.entries);
        entries.iter().map(move |entry| {
            let [name, values] = image.constructor(entry?, entries.addr())?.fields()?;
            Ok((name, image.array(values, entries.addr())?))
        })
    }

    /// The entries of the extension whose name's last component is `last`; extensions that are private to a file of Lean
    /// begin with that file's name, which is not stable between versions.
    pub fn extension(&self, last: &str) -> Result<Option<Array<'a>>> {
        for extension in self.extensions() {
            let (name, values) = extension?;
            let component = crate::name::last_component(self.image, name, self.entries.addr())?;
            if let Some((_, _, crate::name::Component::Str(text))) = component
                && text == last
            {
                return Ok(Some(values));
            }
        }
        Ok(None)
    }

    /// The image the data lies in.
    pub fn image(&self) -> &'a Image {
        self.image
    }
}

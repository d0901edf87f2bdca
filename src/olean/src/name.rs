//! Names as they lie in a file, without an arena: for module names and for indexes.

use crate::error::{Error, Result};
use crate::image::{Addr, Image, Value};
use std::fmt;
use std::path::{Path, PathBuf};

/// One component of a hierarchical name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Component<'a> {
    /// `.text`
    Str(&'a str),
    /// `.7`
    Num(u64),
}

/// One step of a stored name: its prefix and last component, or `None` for the anonymous name.
pub(crate) fn last_component(image: &Image, name: Value, holder: Addr) -> Result<Option<(Addr, Value, Component<'_>)>> {
    let addr = match name {
        Value::Scalar(0) => return Ok(None),
        Value::Scalar(_) => return Err(Error::Damaged { at: holder.0, what: "expected a name" }),
        Value::Object(addr) => addr,
    };
    let node = image.constructor(name, holder)?;
    let [prefix, component] = node.fields()?;
    let component = match node.tag() {
        1 => Component::Str(image.str(component, addr)?),
        2 => match u64::try_from(image.nat(component)?) {
            Ok(number) => Component::Num(number),
            Err(_) => return Err(Error::OutOfRange { at: addr.0, what: "a component of a name" }),
        },
        _ => return Err(Error::Damaged { at: addr.0, what: "expected a name" }),
    };
    Ok(Some((addr, prefix, component)))
}

/// The name of a module: components that are safe to use as file names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModuleName(Vec<String>);

/// Deeper module names than any file system has paths.
const MAX_COMPONENTS: usize = 128;

impl ModuleName {
    /// A module name from its components; `None` where one of them could lead somewhere else in the file system.
    pub fn new<S: Into<String>>(components: impl IntoIterator<Item = S>) -> Option<ModuleName> {
        let components: Vec<String> = components.into_iter().map(Into::into).collect();
        let harmless = |c: &String| !c.is_empty() && c != "." && c != ".." && !c.contains(['/', '\\', '\0', ':']);
        let fits = !components.is_empty() && components.len() <= MAX_COMPONENTS && components.iter().all(harmless);
        fits.then_some(ModuleName(components))
    }

    /// A module name from its dotted form, such as `Init.Data.Nat`.
    pub fn parse(dotted: &str) -> Option<ModuleName> {
        ModuleName::new(dotted.split('.'))
    }

    pub(crate) fn read(image: &Image, name: Value, holder: Addr) -> Result<ModuleName> {
        let mut components = Vec::new();
        let mut at = name;
        while let Some((_, prefix, component)) = last_component(image, at, holder)? {
            match component {
                Component::Str(text) if components.len() < MAX_COMPONENTS => components.push(text.to_owned()),
                _ => return Err(Error::Damaged { at: holder.0, what: "not the name of a module" }),
            }
            at = prefix;
        }
        components.reverse();
        ModuleName::new(components).ok_or(Error::Damaged { at: holder.0, what: "not the name of a module" })
    }

    /// The components.
    pub fn components(&self) -> &[String] {
        &self.0
    }

    /// Where the module's `.olean` file lies below a root.
    pub fn olean_path(&self, root: &Path) -> PathBuf {
        let mut path = root.to_owned();
        path.extend(&self.0);
        let mut path = path.into_os_string();
        path.push(".olean");
        path.into()
    }
}

impl fmt::Display for ModuleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, component) in self.0.iter().enumerate() {
            let dot = if index == 0 { "" } else { "." };
            write!(f, "{dot}{}", crate::render::component(component))?;
        }
        Ok(())
    }
}

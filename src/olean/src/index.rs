//! From names to the constants of many modules, in little memory.
//!
//! An entry is a hash of the name and where the constant is; the name itself stays in the file and is compared there. The hash
//! is computed from the components, never taken from the file.

use crate::error::Result;
use crate::image::{Addr, Image, Value};
use crate::module::ModuleData;
use crate::name::{Component, last_component};
use prove_kernel::term::{Name, NameNode, Terms};
use rustc_hash::{FxHashMap, FxHasher};
use std::hash::Hasher;

/// Which constant of which module, both by position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Location {
    pub(crate) module: u32,
    pub(crate) constant: u32,
}

/// Entries in the order of hashes, then locations.
#[derive(Debug, Default)]
pub(crate) struct Index {
    entries: Vec<(u64, Location)>,
}

const ANONYMOUS: u64 = 0x9e37_79b9_7f4a_7c15;

fn extend(prefix: u64, component: Component<'_>) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write_u64(prefix);
    match component {
        Component::Str(text) => {
            hasher.write(text.as_bytes());
            hasher.write_u8(1);
        }
        Component::Num(number) => {
            hasher.write_u64(number);
            hasher.write_u8(2);
        }
    }
    hasher.finish()
}

fn hash_stored(image: &Image, name: Value, holder: Addr, memo: &mut FxHashMap<Addr, u64>) -> Result<u64> {
    let mut pending = Vec::new();
    let mut at = name;
    let mut hash = loop {
        let Some((addr, prefix, component)) = last_component(image, at, holder)? else { break ANONYMOUS };
        if let Some(known) = memo.get(&addr) {
            break *known;
        }
        pending.push((addr, component));
        at = prefix;
    };
    for (addr, component) in pending.into_iter().rev() {
        hash = extend(hash, component);
        memo.insert(addr, hash);
    }
    Ok(hash)
}

/// The components of an interned name, the last first.
fn components(terms: &Terms, name: Name) -> impl Iterator<Item = Component<'_>> {
    let mut at = name;
    std::iter::from_fn(move || match terms.name(at) {
        NameNode::Anonymous => None,
        NameNode::Str(prefix, text) => {
            at = prefix;
            Some(Component::Str(terms.str(text)))
        }
        NameNode::Num(prefix, number) => {
            at = prefix;
            Some(Component::Num(number))
        }
    })
}

/// Whether a stored name is the interned one.
pub(crate) fn is_name(image: &Image, stored: Value, holder: Addr, terms: &Terms, name: Name) -> Result<bool> {
    let mut at = stored;
    for expected in components(terms, name) {
        match last_component(image, at, holder)? {
            Some((_, prefix, component)) if component == expected => at = prefix,
            _ => return Ok(false),
        }
    }
    Ok(at == Value::Scalar(0))
}

impl Index {
    /// Indexes modules, in their order.
    pub(crate) fn build<'a>(modules: impl Iterator<Item = Result<ModuleData<'a>>>) -> Result<Index> {
        let mut entries = Vec::new();
        let mut memo = FxHashMap::default();
        for (module, data) in modules.enumerate() {
            let data = data?;
            let (image, names) = (data.image(), data.constant_names());
            memo.clear();
            entries.reserve(names.len());
            for (constant, name) in names.iter().enumerate() {
                let hash = hash_stored(image, name?, names.addr(), &mut memo)?;
                entries.push((hash, Location { module: module as u32, constant: constant as u32 }));
            }
        }
        entries.sort_unstable();
        Ok(Index { entries })
    }

    /// How many constants there are.
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Where constants lie that have the hash of this name, in the order of modules.
    pub(crate) fn candidates(&self, terms: &Terms, name: Name) -> impl Iterator<Item = Location> {
        let components: Vec<Component<'_>> = components(terms, name).collect();
        let hash = components.into_iter().rev().fold(ANONYMOUS, extend);
        let start = self.entries.partition_point(|(other, _)| *other < hash);
        self.entries[start..].iter().take_while(move |(other, _)| *other == hash).map(|(_, location)| *location)
    }
}

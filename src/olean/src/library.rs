//! The modules that a file imports, directly and indirectly, as a source of trusted constants.
//!
//! Which modules that are, and at which level, follows Lean's own rules: a file outside the module system imports everything at
//! the private level; a module sees what its imports import publicly, at the exported level, and the private level of what it
//! imports with `import all`.

use crate::constant::ConstantKind;
use crate::decode::{Decoder, Memo};
use crate::error::{Error, Result};
use crate::image::{Bytes, Image};
use crate::index::{Index, Location, is_name};
use crate::module::{Import, Level, ModuleData};
use crate::name::ModuleName;
use prove_kernel::declaration::Declaration;
use prove_kernel::environment::{ConstantSource, SourceError};
use prove_kernel::term::{Name, Terms};
use rustc_hash::FxHashMap;
use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;

/// A set of modules with an index of their constants. Immutable: share it between checks.
#[derive(Debug)]
pub struct Library {
    modules: Vec<Module>,
    index: Index,
}

#[derive(Debug)]
struct Module {
    name: ModuleName,
    image: Image,
    level: Level,
}

impl Module {
    fn data(&self) -> Result<ModuleData<'_>> {
        self.image.module_data(self.level)
    }
}

impl Library {
    /// Loads what a file with these imports sees. Modules are looked for below the roots, in order. `is_module`: whether the
    /// file takes part in the module system.
    pub fn load(roots: &[PathBuf], imports: &[Import], is_module: bool) -> Result<Library> {
        let mut loader = Loader { roots, is_module, seen: FxHashMap::default() };
        loader.visit(imports)?;
        let modules = loader.in_order(imports);
        let index = Index::build(modules.iter().map(Module::data))?;
        Ok(Library { modules, index })
    }

    /// Loads what a module sees that says `import M` for each of these. A file that says nothing imports `Init`.
    pub fn load_modules(roots: &[PathBuf], imports: &[ModuleName]) -> Result<Library> {
        let import = |module: &ModuleName| Import { module: module.clone(), import_all: false, is_exported: true };
        Library::load(roots, &imports.iter().map(import).collect::<Vec<_>>(), true)
    }

    /// The names of the modules: each after everything it imports.
    pub fn modules(&self) -> impl Iterator<Item = &ModuleName> {
        self.modules.iter().map(|module| &module.name)
    }

    /// How many constants the modules have together. A few are in several of them.
    pub fn constant_count(&self) -> usize {
        self.index.len()
    }

    /// The modules' data, in order.
    pub fn data(&self) -> impl Iterator<Item = Result<ModuleData<'_>>> {
        self.modules.iter().map(Module::data)
    }

    /// Where a constant is. Several modules may have made the same lemma when they needed it: the first counts, unless it
    /// lacks the proof that a later one has.
    fn find(&self, terms: &Terms, name: Name) -> Result<Option<Location>> {
        let mut first = None;
        for location in self.index.candidates(terms, name) {
            let data = self.module(location)?.data()?;
            let names = data.constant_names();
            let stored = names.get(location.constant as usize)?;
            if !is_name(data.image(), stored, names.addr(), terms, name)? {
                continue;
            }
            match self.stored_kind(location)? {
                ConstantKind::Axiom => first = first.or(Some(location)),
                ConstantKind::Theorem => return Ok(Some(location)),
                _ => return Ok(first.or(Some(location))),
            }
        }
        Ok(first)
    }

    fn module(&self, location: Location) -> Result<&Module> {
        self.modules.get(location.module as usize).ok_or(Error::Damaged { at: 0, what: "no such module" })
    }

    fn stored_kind(&self, location: Location) -> Result<ConstantKind> {
        let constants = self.module(location)?.data()?.constants();
        let stored = constants.get(location.constant as usize)?;
        let info = self.module(location)?.image.constructor(stored, constants.addr())?;
        ConstantKind::of_info_tag(info.tag()).ok_or(Error::Damaged { at: info.addr().0, what: "expected a constant" })
    }
}

struct Loader<'a> {
    roots: &'a [PathBuf],
    is_module: bool,
    seen: FxHashMap<ModuleName, Loaded>,
}

struct Loaded {
    image: Image,
    imports: Vec<Import>,
    /// Whether the private level is visible.
    all: bool,
}

impl Loader<'_> {
    /// Whether an import of a module is followed, and whether it shows the private level of its target. `all`: whether the
    /// importing module's own private level is visible.
    fn follow(&self, import: &Import, all: bool) -> Option<bool> {
        (all || import.is_exported).then_some(!self.is_module || (all && import.import_all))
    }

    fn visit(&mut self, imports: &[Import]) -> Result<()> {
        let mut queue: VecDeque<(ModuleName, bool)> = VecDeque::new();
        let root = imports.iter().filter_map(|import| Some((import.module.clone(), self.follow(import, true)?)));
        queue.extend(root);
        while let Some((name, all)) = queue.pop_front() {
            match self.seen.get_mut(&name) {
                Some(loaded) if loaded.all || !all => continue,
                Some(loaded) => loaded.all = true,
                None => {
                    let image = self.open(&name)?;
                    let imports = image.module_data(Level::Exported)?.imports()?;
                    self.seen.insert(name.clone(), Loaded { image, imports, all });
                }
            }
            for import in &self.seen[&name].imports {
                if let Some(all) = self.follow(import, all) {
                    queue.push_back((import.module.clone(), all));
                }
            }
        }
        Ok(())
    }

    fn open(&self, name: &ModuleName) -> Result<Image> {
        let path = self.roots.iter().map(|root| name.olean_path(root)).find(|path| path.is_file());
        let path = path.ok_or_else(|| Error::ModuleNotFound { module: name.to_string() })?;
        let mut parts = vec![Bytes::map(&path)?];
        // The parts that an installation leaves out are missing from the end.
        for extension in ["server", "private"] {
            let part = path.with_added_extension(extension);
            if !part.is_file() {
                break;
            }
            parts.push(Bytes::map(&part)?);
        }
        Image::new(parts)
    }

    /// The modules, each after its imports.
    fn in_order(mut self, imports: &[Import]) -> Vec<Module> {
        enum Step {
            Enter(ModuleName),
            Leave(ModuleName),
        }
        let enter = |imports: &[Import]| imports.iter().rev().map(|import| Step::Enter(import.module.clone())).collect::<Vec<_>>();
        let mut entered = rustc_hash::FxHashSet::default();
        let mut order = Vec::with_capacity(self.seen.len());
        let mut stack = enter(imports);
        while let Some(step) = stack.pop() {
            match step {
                Step::Enter(name) => {
                    // What is not loaded was not to be followed.
                    let Some(loaded) = self.seen.get(&name) else { continue };
                    if entered.insert(name.clone()) {
                        stack.push(Step::Leave(name));
                        stack.extend(enter(&loaded.imports));
                    }
                }
                Step::Leave(name) => {
                    if let Some(loaded) = self.seen.remove(&name) {
                        let level = if loaded.all { loaded.image.best_level() } else { Level::Exported };
                        order.push(Module { name, image: loaded.image, level });
                    }
                }
            }
        }
        order
    }
}

/// A library as a source of constants for one arena, with the memory of what was decoded.
#[derive(Debug)]
pub struct LibrarySource {
    library: Arc<Library>,
    memos: FxHashMap<u32, Memo>,
    original_kinds: FxHashMap<u32, FxHashMap<Name, ConstantKind>>,
}

/// The extension in which a module notes of what it exports as an axiom what it really is.
const ORIGINAL_KINDS: &str = "privateConstKindsExt";

impl LibrarySource {
    /// A source for one arena: every call must be made with the same one.
    pub fn new(library: Arc<Library>) -> LibrarySource {
        LibrarySource { library, memos: FxHashMap::default(), original_kinds: FxHashMap::default() }
    }

    /// The library.
    pub fn library(&self) -> &Arc<Library> {
        &self.library
    }

    /// The constant of that name.
    pub fn get(&mut self, terms: &mut Terms, name: Name) -> Result<Option<Declaration>> {
        let Some(location) = self.library.find(terms, name)? else { return Ok(None) };
        let module = self.library.module(location)?;
        let constants = module.data()?.constants();
        let memo = self.memos.entry(location.module).or_default();
        let mut decoder = Decoder::new(&module.image, memo, terms);
        let declaration = decoder.declaration(constants.get(location.constant as usize)?, constants.addr())?;
        if declaration.name() == name {
            Ok(Some(declaration))
        } else {
            Err(Error::Damaged { at: constants.addr().0, what: "a constant lies under another name" })
        }
    }

    /// What is known of the constant of that name without decoding it.
    pub fn status(&mut self, terms: &mut Terms, name: Name) -> Result<Option<Status>> {
        let Some(location) = self.library.find(terms, name)? else { return Ok(None) };
        let stored = self.library.stored_kind(location)?;
        let original = match stored {
            ConstantKind::Axiom => self.original_kinds(terms, location.module)?.get(&name).copied().unwrap_or(stored),
            _ => stored,
        };
        Ok(Some(Status { stored, original }))
    }

    fn original_kinds(&mut self, terms: &mut Terms, index: u32) -> Result<&FxHashMap<Name, ConstantKind>> {
        // Not the entry interface: filling the table can fail.
        if !self.original_kinds.contains_key(&index) {
            let module = self.library.module(Location { module: index, constant: 0 })?;
            let data = module.data()?;
            let memo = self.memos.entry(index).or_default();
            let kinds = original_kinds(data, &mut Decoder::new(&module.image, memo, terms))?;
            self.original_kinds.insert(index, kinds);
        }
        Ok(&self.original_kinds[&index])
    }
}

fn original_kinds(data: ModuleData<'_>, decoder: &mut Decoder<'_>) -> Result<FxHashMap<Name, ConstantKind>> {
    let mut kinds = FxHashMap::default();
    let Some(entries) = data.extension(ORIGINAL_KINDS)? else { return Ok(kinds) };
    for entry in entries.iter() {
        let node = data.image().constructor(entry?, entries.addr())?;
        let [name, kind] = node.fields()?;
        let kind = match kind {
            crate::image::Value::Scalar(tag) => ConstantKind::of_kind_tag(tag),
            crate::image::Value::Object(_) => None,
        };
        let kind = kind.ok_or(Error::Damaged { at: node.addr().0, what: "expected the kind of a constant" })?;
        kinds.insert(decoder.name(name, node.addr())?, kind);
    }
    Ok(kinds)
}

/// What is known of a library constant without decoding it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Status {
    /// The kind as stored at the level that is visible.
    pub stored: ConstantKind,
    /// The kind as declared: a theorem, definition or opaque constant whose body is not exported is stored as an axiom.
    pub original: ConstantKind,
}

impl Status {
    /// Whether the constant has a body that the library does not hold.
    pub fn body_absent(self) -> bool {
        self.stored != self.original
    }
}

impl ConstantSource for LibrarySource {
    fn constant(&mut self, terms: &mut Terms, name: Name) -> std::result::Result<Option<Declaration>, SourceError> {
        self.get(terms, name).map_err(|error| SourceError(error.to_string()))
    }
}

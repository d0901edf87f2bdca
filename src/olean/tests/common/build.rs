//! Small modules, built object by object.

use super::writer::{Word, Writer};
use prove_olean::{BigNumbers, Bytes, Image, PointerSize};

/// Builds one module.
pub struct Builder {
    pub out: Writer,
    constants: Vec<(Word, Word)>,
    imports: Vec<Word>,
    extensions: Vec<Word>,
}

/// Cached data of names, levels and expressions. Nobody should believe it.
const DATA: [u8; 8] = [0xee; 8];

impl Builder {
    /// A module whose first part is being written.
    pub fn new(size: PointerSize, big_numbers: BigNumbers) -> Builder {
        Builder { out: Writer::new(size, big_numbers), constants: Vec::new(), imports: Vec::new(), extensions: Vec::new() }
    }

    /// A module of the embedded build whose private part is being written; the two before it show nothing.
    pub fn private() -> Builder {
        let mut builder = Builder::new(PointerSize::Four, BigNumbers::Native);
        builder.end_part();
        builder.end_part();
        builder
    }

    pub fn name(&mut self, dotted: &str) -> Word {
        dotted.split('.').fold(Writer::boxed(0), |prefix, part| {
            let text = self.out.string(part);
            self.out.ctor(1, &[prefix, text], &DATA)
        })
    }

    pub fn name_num(&mut self, prefix: Word, number: Word) -> Word {
        self.out.ctor(2, &[prefix, number], &DATA)
    }

    pub fn import(&mut self, module: &str) {
        self.import_with(module, [0, 1, 0]);
    }

    /// Flags: `all`, `public`, `meta`.
    pub fn import_with(&mut self, module: &str, flags: [u8; 3]) {
        let name = self.name(module);
        let import = self.out.ctor(0, &[name], &flags);
        self.import_as(import);
    }

    /// Imports what an object says.
    pub fn import_as(&mut self, import: Word) {
        self.imports.push(import);
    }

    pub fn bvar(&mut self, index: u64) -> Word {
        self.out.ctor(0, &[Writer::boxed(index)], &DATA)
    }

    pub fn prop(&mut self) -> Word {
        self.out.ctor(3, &[Writer::boxed(0)], &DATA)
    }

    pub fn constant(&mut self, name: &str) -> Word {
        let name = self.name(name);
        self.constant_at(name, &[])
    }

    pub fn constant_at(&mut self, name: Word, levels: &[Word]) -> Word {
        let levels = self.out.list(levels);
        self.out.ctor(4, &[name, levels], &DATA)
    }

    pub fn app(&mut self, function: Word, argument: Word) -> Word {
        self.out.ctor(5, &[function, argument], &DATA)
    }

    pub fn lambda(&mut self, name: &str, ty: Word, body: Word) -> Word {
        self.binder(6, name, ty, body, 0)
    }

    pub fn forall(&mut self, name: &str, ty: Word, body: Word) -> Word {
        self.binder(7, name, ty, body, 0)
    }

    pub fn binder(&mut self, tag: u8, name: &str, ty: Word, body: Word, info: u8) -> Word {
        let name = self.name(name);
        let scalars = [DATA.as_slice(), &[info]].concat();
        self.out.ctor(tag, &[name, ty, body], &scalars)
    }

    pub fn let_(&mut self, name: &str, ty: Word, value: Word, body: Word) -> Word {
        let name = self.name(name);
        let scalars = [DATA.as_slice(), &[1]].concat();
        self.out.ctor(8, &[name, ty, value, body], &scalars)
    }

    pub fn nat_lit(&mut self, number: Word) -> Word {
        let literal = self.out.ctor(0, &[number], &[]);
        self.out.ctor(9, &[literal], &DATA)
    }

    pub fn str_lit(&mut self, text: &str) -> Word {
        let text = self.out.string(text);
        let literal = self.out.ctor(1, &[text], &[]);
        self.out.ctor(9, &[literal], &DATA)
    }

    pub fn mdata(&mut self, inner: Word) -> Word {
        self.out.ctor(10, &[Writer::boxed(0), inner], &DATA)
    }

    pub fn proj(&mut self, structure: &str, field: u64, of: Word) -> Word {
        let structure = self.name(structure);
        self.out.ctor(11, &[structure, Writer::boxed(field), of], &DATA)
    }

    fn base(&mut self, name: Word, level_params: &[&str], ty: Word) -> Word {
        let params: Vec<Word> = level_params.iter().map(|param| self.name(param)).collect();
        let params = self.out.list(&params);
        self.out.ctor(0, &[name, params, ty], &[])
    }

    pub fn add(&mut self, name: Word, tag: u8, fields: &[Word], scalars: &[u8]) {
        let value = self.out.ctor(0, fields, scalars);
        let info = self.out.ctor(tag, &[value], &[]);
        self.constants.push((name, info));
    }

    pub fn axiom(&mut self, name: &str, ty: Word) {
        self.axiom_at(name, &[], ty);
    }

    pub fn axiom_at(&mut self, name: &str, level_params: &[&str], ty: Word) {
        let name = self.name(name);
        let base = self.base(name, level_params, ty);
        self.add(name, 0, &[base], &[0]);
    }

    pub fn axiom_named(&mut self, name: Word, ty: Word) {
        let base = self.base(name, &[], ty);
        self.add(name, 0, &[base], &[0]);
    }

    pub fn theorem(&mut self, name: &str, ty: Word, value: Word) {
        let name = self.name(name);
        let base = self.base(name, &[], ty);
        let all = self.out.list(&[name]);
        self.add(name, 2, &[base, value, all], &[]);
    }

    pub fn definition(&mut self, name: &str, ty: Word, value: Word, safety: u8) {
        self.definition_at(name, &["u"], ty, value, safety);
    }

    pub fn definition_at(&mut self, name: &str, level_params: &[&str], ty: Word, value: Word, safety: u8) {
        let name = self.name(name);
        let base = self.base(name, level_params, ty);
        let hints = self.out.ctor(2, &[], &7u32.to_le_bytes());
        let all = self.out.list(&[name]);
        self.add(name, 1, &[base, value, hints, all], &[safety]);
    }

    /// What an environment extension stores.
    pub fn extension(&mut self, name: &str, entries: &[Word]) {
        let name = self.name(name);
        let entries = self.out.array(entries);
        let pair = self.out.ctor(0, &[name, entries], &[]);
        self.extensions.push(pair);
    }

    /// Ends a part with all constants so far.
    pub fn end_part(&mut self) {
        let imports = self.out.array(&self.imports);
        let names: Vec<Word> = self.constants.iter().map(|(name, _)| *name).collect();
        let infos: Vec<Word> = self.constants.iter().map(|(_, info)| *info).collect();
        let (names, infos) = (self.out.array(&names), self.out.array(&infos));
        let extensions = self.out.array(&self.extensions);
        let extra = self.out.array(&[]);
        let root = self.out.ctor(0, &[imports, names, infos, extra, extensions], &[1]);
        self.out.end_part(root);
    }

    /// Ends the last part; the files of all.
    pub fn files(mut self) -> Vec<Vec<u8>> {
        self.end_part();
        self.out.parts()
    }

    /// Ends the last part; the module.
    pub fn image(self) -> Image {
        Image::new(self.files().into_iter().map(Bytes::Owned).collect()).expect("what was just written")
    }
}

//! Just enough of the WebAssembly binary format to rewrite a module section by section
//! (WebAssembly core specification, chapter 5 "Binary Format").

use std::collections::HashMap;

pub(crate) const CUSTOM_SECTION: u8 = 0;
pub(crate) const IMPORT_SECTION: u8 = 2;
pub(crate) const TABLE_SECTION: u8 = 4;
pub(crate) const GLOBAL_SECTION: u8 = 6;
pub(crate) const EXPORT_SECTION: u8 = 7;
pub(crate) const ELEMENT_SECTION: u8 = 9;
/// Export and import kinds.
pub(crate) const FUNCTION: u8 = 0;
pub(crate) const TABLE: u8 = 1;
pub(crate) const MEMORY: u8 = 2;
pub(crate) const GLOBAL: u8 = 3;

const I32: u8 = 0x7f;
const I32_CONST: u8 = 0x41;
const END: u8 = 0x0b;

type Result<T> = std::result::Result<T, String>;

/// A cursor over bytes; every read is checked.
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { bytes, at: 0 }
    }

    fn byte(&mut self) -> Result<u8> {
        let byte = self.bytes.get(self.at).ok_or("it is cut short")?;
        self.at += 1;
        Ok(*byte)
    }

    fn take(&mut self, n: usize) -> Result<&'a [u8]> {
        let end = self.at.checked_add(n).filter(|&end| end <= self.bytes.len()).ok_or("it is cut short")?;
        let taken = &self.bytes[self.at..end];
        self.at = end;
        Ok(taken)
    }

    pub(crate) fn u32_le(&mut self) -> Result<u32> {
        Ok(u32::from_le_bytes(self.take(4)?.try_into().map_err(|_| "it is cut short")?))
    }

    fn leb(&mut self) -> Result<u32> {
        let mut value = 0u64;
        for shift in (0..35).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return u32::try_from(value).map_err(|_| "a number is too large".into());
            }
        }
        Err("a number is too long".into())
    }

    fn signed_leb(&mut self) -> Result<i32> {
        let mut value = 0i64;
        for shift in (0..35).step_by(7) {
            let byte = self.byte()?;
            value |= i64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                let unused = 64 - (shift + 7);
                return Ok(((value << unused) >> unused) as i32);
            }
        }
        Err("a number is too long".into())
    }

    fn name(&mut self) -> Result<&'a str> {
        let length = self.leb()? as usize;
        std::str::from_utf8(self.take(length)?).map_err(|_| "a name is not UTF-8".into())
    }

    fn rest(&self) -> &'a [u8] {
        &self.bytes[self.at..]
    }
}

fn put_leb(out: &mut Vec<u8>, mut value: u32) {
    loop {
        let byte = (value & 0x7f) as u8;
        value >>= 7;
        if value == 0 {
            out.push(byte);
            return;
        }
        out.push(byte | 0x80);
    }
}

fn put_i32_const(out: &mut Vec<u8>, value: u32) {
    out.push(I32_CONST);
    let mut value = value as i32;
    loop {
        let byte = (value & 0x7f) as u8;
        value >>= 7;
        if (value == 0 && byte & 0x40 == 0) || (value == -1 && byte & 0x40 != 0) {
            out.push(byte);
            break;
        }
        out.push(byte | 0x80);
    }
    out.push(END);
}

/// Appends a section.
pub(crate) fn write_section(out: &mut Vec<u8>, id: u8, body: &[u8]) {
    out.push(id);
    put_leb(out, body.len() as u32);
    out.extend(body);
}

/// One section, its body not yet looked into.
pub(crate) struct Section<'a> {
    pub(crate) id: u8,
    pub(crate) body: &'a [u8],
}

/// One export.
pub(crate) struct Export<'a> {
    pub(crate) name: &'a str,
    pub(crate) kind: u8,
    pub(crate) index: u32,
}

/// The imports, sorted out.
pub(crate) struct Imports<'a> {
    /// Function imports by name, with their index.
    pub(crate) functions: HashMap<&'a str, u32>,
    /// Names of the imported globals in index order.
    pub(crate) globals: Vec<&'a str>,
    /// The section's body with the globals left out.
    pub(crate) without_globals: Vec<u8>,
}

/// A module as its sections.
pub(crate) struct Module<'a> {
    pub(crate) sections: Vec<Section<'a>>,
}

impl<'a> Module<'a> {
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Module<'a>> {
        let mut reader = Reader::new(bytes);
        if reader.take(8)? != b"\0asm\x01\0\0\0" {
            return Err("it is not a WebAssembly module".into());
        }
        let mut sections = Vec::new();
        while reader.at < bytes.len() {
            let id = reader.byte()?;
            let length = reader.leb()? as usize;
            sections.push(Section { id, body: reader.take(length)? });
        }
        Ok(Module { sections })
    }

    fn section(&self, id: u8) -> Result<Reader<'a>> {
        let section = self.sections.iter().find(|s| s.id == id).ok_or_else(|| format!("it has no section {id}"))?;
        Ok(Reader::new(section.body))
    }

    pub(crate) fn imports(&self) -> Result<Imports<'a>> {
        let mut reader = self.section(IMPORT_SECTION)?;
        let mut functions = HashMap::new();
        let mut globals = Vec::new();
        let mut kept: Vec<u8> = Vec::new();
        let mut count = 0;
        for _ in 0..reader.leb()? {
            let start = reader.at;
            let _module = reader.name()?;
            let name = reader.name()?;
            match reader.byte()? {
                FUNCTION => {
                    reader.leb()?;
                    let index = functions.len() as u32;
                    functions.insert(name, index);
                }
                MEMORY => {
                    let has_maximum = reader.byte()? & 1 != 0;
                    reader.leb()?;
                    if has_maximum {
                        reader.leb()?;
                    }
                }
                GLOBAL => {
                    if reader.take(2)? != [I32, 1] {
                        return Err(format!("the imported global `{name}` is not a mutable i32"));
                    }
                    globals.push(name);
                    continue;
                }
                kind => return Err(format!("`{name}` is an import of kind {kind}")),
            }
            kept.extend(&reader.bytes[start..reader.at]);
            count += 1;
        }
        let mut without_globals = Vec::new();
        put_leb(&mut without_globals, count);
        without_globals.extend(kept);
        Ok(Imports { functions, globals, without_globals })
    }

    pub(crate) fn exports(&self) -> Result<Vec<Export<'a>>> {
        let mut reader = self.section(EXPORT_SECTION)?;
        (0..reader.leb()?).map(|_| Ok(Export { name: reader.name()?, kind: reader.byte()?, index: reader.leb()? })).collect()
    }

    /// The size of the only table.
    pub(crate) fn table_minimum(&self) -> Result<u32> {
        let mut reader = self.section(TABLE_SECTION)?;
        match (reader.leb()?, reader.byte()?, reader.byte()?) {
            (1, 0x70, 0) => reader.leb(),
            _ => Err("it does not have exactly one growable table of functions".into()),
        }
    }

    pub(crate) fn table_with_minimum(&self, minimum: u32) -> Result<Vec<u8>> {
        let mut out = vec![1, 0x70, 0];
        put_leb(&mut out, minimum);
        Ok(out)
    }

    /// The value of defined global `index`, if it is an immutable `i32.const`: the address of a data symbol.
    pub(crate) fn constant_global(&self, index: u32) -> Result<Option<u32>> {
        // The section is walked once per call over some thousands of short entries; callers ask for about as many.
        let mut reader = self.section(GLOBAL_SECTION)?;
        let count = reader.leb()?;
        if index >= count {
            return Err("an exported global does not exist".into());
        }
        for i in 0..=index {
            let kind = reader.byte()?;
            let mutable = reader.byte()?;
            let opcode = reader.byte()?;
            let value = match (kind, opcode) {
                (I32, I32_CONST) => Some(reader.signed_leb()? as u32),
                (0x7e, 0x42) => {
                    while reader.byte()? & 0x80 != 0 {}
                    None
                }
                _ => return Err(format!("global {i} is initialised in an unknown way")),
            };
            if reader.byte()? != END {
                return Err(format!("global {i} is initialised in an unknown way"));
            }
            if i == index {
                return Ok(value.filter(|_| mutable == 0));
            }
        }
        Ok(None)
    }

    /// The global section with mutable i32 globals of these values put before all others, so that no index changes.
    pub(crate) fn globals_after(&self, first: &[u32]) -> Result<Vec<u8>> {
        let mut reader = self.section(GLOBAL_SECTION)?;
        let count = reader.leb()?;
        let mut out = Vec::new();
        put_leb(&mut out, count + first.len() as u32);
        for &value in first {
            out.extend([I32, 1]);
            put_i32_const(&mut out, value);
        }
        out.extend(reader.rest());
        Ok(out)
    }

    /// The element section with one more segment: `functions` from table slot `from` on.
    pub(crate) fn elements_with(&self, from: u32, functions: &[u32]) -> Result<Vec<u8>> {
        let mut reader = self.section(ELEMENT_SECTION)?;
        let count = reader.leb()?;
        let mut out = Vec::new();
        put_leb(&mut out, count + 1);
        out.extend(reader.rest());
        out.push(0);
        put_i32_const(&mut out, from);
        put_leb(&mut out, functions.len() as u32);
        for &function in functions {
            put_leb(&mut out, function);
        }
        Ok(out)
    }
}

/// An export section of these.
pub(crate) fn export_section<'a>(exports: impl Iterator<Item = &'a Export<'a>>) -> Vec<u8> {
    let mut body = Vec::new();
    let mut count = 0;
    for export in exports {
        put_leb(&mut body, export.name.len() as u32);
        body.extend(export.name.as_bytes());
        debug_assert!(matches!(export.kind, FUNCTION | TABLE | GLOBAL));
        body.push(export.kind);
        put_leb(&mut body, export.index);
        count += 1;
    }
    let mut out = Vec::new();
    put_leb(&mut out, count);
    out.extend(body);
    out
}

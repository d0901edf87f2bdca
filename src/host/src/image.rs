//! The compiled image: `lean.wasm` made fit for wasmtime, compiled once, and kept on disk.
//!
//! The module as shipped exports every one of its 200,000 symbols, because Lean's interpreter finds compiled code by
//! `dlsym`. Exports are what makes it expensive: wasmtime refuses that many, and a JavaScript host pays for them in every
//! thread. So the module is rewritten before it is compiled, section by section, everything else byte for byte:
//!
//! * exports: only the few symbols that this host calls stay;
//! * table: every function that was exported gets a slot of the indirect-call table, and `symbols.bin` maps its name to that
//!   slot (data symbols to their address), so that `dlsym` is one binary search;
//! * globals: the imported `GOT.func` globals of Emscripten's dynamic linking become defined ones holding those slots, so that
//!   an instance imports nothing but functions and the shared memory.

use crate::wasm::{self, Module, Reader};
use std::{
    collections::HashMap,
    fs,
    io::Write,
    path::{Path, PathBuf},
};
use wasmtime::{Config, Engine, OptLevel};

/// Raised when the rewriting below changes, so that older images are not taken for new ones.
const REWRITE: u32 = 1;

/// What this host calls by name.
const KEPT_EXPORTS: &[&str] = &[
    "__cxa_can_catch",
    "__cxa_decrement_exception_refcount",
    "__cxa_get_exception_ptr",
    "__cxa_increment_exception_refcount",
    "__dl_seterr",
    "__funcs_on_exit",
    "__indirect_function_table",
    "__main_argc_argv",
    "__stack_pointer",
    "__wasm_call_ctors",
    "_emscripten_tempret_set",
    "_emscripten_thread_exit",
    "_emscripten_thread_free_data",
    "_emscripten_thread_init",
    "_emscripten_tls_init",
    "emscripten_builtin_memalign",
    "emscripten_stack_init",
    "emscripten_stack_set_limits",
    "fflush",
    "malloc",
    "mi_thread_done",
    "pthread_attr_init",
    "pthread_attr_setstacksize",
    "pthread_create",
    "setThrew",
];

/// Why an image could not be made or loaded.
#[derive(Debug, thiserror::Error)]
pub enum ImageError {
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// `lean.wasm` is not the module this host was written for.
    #[error("{path} is not the expected Lean module: {reason}")]
    Unexpected {
        /// The file.
        path: PathBuf,
        /// What is off.
        reason: String,
    },
    /// wasmtime refused the module, or a compiled image of another version or processor.
    #[error("{path}: {reason}; run `prove setup --repair`")]
    Wasmtime {
        /// The file.
        path: PathBuf,
        /// wasmtime's own words.
        reason: String,
    },
}

fn io_error(path: &Path) -> impl FnOnce(std::io::Error) -> ImageError + '_ {
    move |source| ImageError::Io { path: path.to_owned(), source }
}

/// The files of a compiled image inside its folder.
#[derive(Clone, Debug)]
pub struct ImagePaths {
    /// Machine code, memory-mapped and shared by all workers.
    pub code: PathBuf,
    /// Names for `dlsym`.
    pub symbols: PathBuf,
}

impl ImagePaths {
    /// The image in `folder`.
    pub fn in_folder(folder: &Path) -> ImagePaths {
        ImagePaths { code: folder.join("lean.cwasm"), symbols: folder.join("symbols.bin") }
    }
}

/// The one engine configuration, used for compiling and for running: they have to agree.
pub(crate) fn engine() -> wasmtime::Result<Engine> {
    let mut config = Config::new();
    config
        .wasm_threads(true)
        .shared_memory(true)
        .wasm_backtrace_max_frames(None)
        .generate_address_map(false)
        .native_unwind_info(false)
        .cranelift_opt_level(OptLevel::Speed)
        .memory_reservation(4 << 30)
        .async_stack_size(crate::runtime::NATIVE_STACK)
        .max_wasm_stack(crate::runtime::NATIVE_STACK - (4 << 20));
    Engine::new(&config)
}

/// A name to refuse images by that another version of this host or of wasmtime made, or for another processor.
pub fn compatibility() -> Result<String, ImageError> {
    use std::hash::{Hash, Hasher};
    let engine = engine().map_err(|e| ImageError::Wasmtime { path: "wasmtime".into(), reason: format!("{e:#}") })?;
    let mut hasher = std::hash::DefaultHasher::new();
    engine.precompile_compatibility_hash().hash(&mut hasher);
    (REWRITE, KEPT_EXPORTS).hash(&mut hasher);
    Ok(format!("{:016x}", hasher.finish()))
}

/// Rewrites and compiles `lean_wasm` into the existing folder `out`; minutes of all cores, once per machine. Files appear
/// whole or not at all.
pub fn prepare(lean_wasm: &Path, out: &Path) -> Result<ImagePaths, ImageError> {
    let paths = ImagePaths::in_folder(out);
    let bytes = fs::read(lean_wasm).map_err(io_error(lean_wasm))?;
    let rewritten = rewrite(&bytes).map_err(|reason| ImageError::Unexpected { path: lean_wasm.to_owned(), reason })?;
    drop(bytes);
    let code = engine()
        .and_then(|engine| engine.precompile_module(&rewritten.module))
        .map_err(|e| ImageError::Wasmtime { path: lean_wasm.to_owned(), reason: format!("{e:#}") })?;
    write_atomically(&paths.symbols, &rewritten.symbols)?;
    write_atomically(&paths.code, &code)?;
    Ok(paths)
}

fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), ImageError> {
    let part = path.with_extension(format!("part{}", std::process::id()));
    let write = || {
        let mut file = fs::File::create(&part)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&part, path)
    };
    write().map_err(|source| {
        let _ = fs::remove_file(&part);
        ImageError::Io { path: path.to_owned(), source }
    })
}

struct Rewritten {
    module: Vec<u8>,
    symbols: Vec<u8>,
}

/// See the module's prose.
fn rewrite(bytes: &[u8]) -> Result<Rewritten, String> {
    let module = Module::parse(bytes)?;
    let imports = module.imports()?;
    let exports = module.exports()?;
    let table_size = module.table_minimum()?;

    // A slot for every exported function, and for imported functions whose address the module takes.
    let mut slot_of: HashMap<u32, u32> = HashMap::new();
    let mut slots: Vec<u32> = Vec::new();
    let mut slot = |function: u32| {
        *slot_of.entry(function).or_insert_with(|| {
            slots.push(function);
            table_size + slots.len() as u32 - 1
        })
    };
    let mut symbols: Vec<(&str, u32)> = Vec::new();
    for export in &exports {
        match export.kind {
            wasm::FUNCTION => symbols.push((export.name, slot(export.index))),
            wasm::GLOBAL => {
                let own = export.index.checked_sub(imports.globals.len() as u32).ok_or("an imported global is exported")?;
                if let Some(address) = module.constant_global(own)? {
                    symbols.push((export.name, address));
                }
            }
            _ => {}
        }
    }
    let got: Vec<u32> = imports.globals.iter().map(|name| imports.functions.get(name).map_or(0, |&f| slot(f))).collect();

    let mut out = b"\0asm\x01\0\0\0".to_vec();
    for section in &module.sections {
        let body = match section.id {
            wasm::IMPORT_SECTION => imports.without_globals.clone(),
            wasm::TABLE_SECTION => module.table_with_minimum(table_size + slots.len() as u32)?,
            wasm::GLOBAL_SECTION => module.globals_after(&got)?,
            wasm::EXPORT_SECTION => wasm::export_section(exports.iter().filter(|e| KEPT_EXPORTS.contains(&e.name))),
            wasm::ELEMENT_SECTION => module.elements_with(table_size, &slots)?,
            wasm::CUSTOM_SECTION => continue,
            _ => {
                wasm::write_section(&mut out, section.id, section.body);
                continue;
            }
        };
        wasm::write_section(&mut out, section.id, &body);
    }
    for name in KEPT_EXPORTS {
        if !exports.iter().any(|e| e.name == *name) {
            return Err(format!("it exports no `{name}`"));
        }
    }
    Ok(Rewritten { module: out, symbols: Symbols::encode(symbols) })
}

/// The symbol file: a count, then `(name offset, name length, value)` sorted by name, then the names.
pub(crate) struct Symbols {
    bytes: memmap2::Mmap,
    count: usize,
}

impl Symbols {
    fn encode(mut symbols: Vec<(&str, u32)>) -> Vec<u8> {
        symbols.sort_unstable();
        let mut table = (symbols.len() as u32).to_le_bytes().to_vec();
        let mut names: Vec<u8> = Vec::new();
        for (name, value) in symbols {
            for word in [names.len() as u32, name.len() as u32, value] {
                table.extend(word.to_le_bytes());
            }
            names.extend(name.as_bytes());
        }
        table.extend(names);
        table
    }

    pub(crate) fn open(path: &Path) -> Result<Symbols, ImageError> {
        let file = fs::File::open(path).map_err(io_error(path))?;
        // SAFETY: the file is written once under another name, renamed into place and never changed after.
        let bytes = unsafe { memmap2::Mmap::map(&file) }.map_err(io_error(path))?;
        let count = Reader::new(&bytes).u32_le().unwrap_or(0) as usize;
        if bytes.len() < 4 + count * 12 {
            return Err(ImageError::Unexpected { path: path.to_owned(), reason: "it is cut short".into() });
        }
        Ok(Symbols { bytes, count })
    }

    fn entry(&self, i: usize) -> (&[u8], u32) {
        let word = |k: usize| {
            let at = 4 + i * 12 + k * 4;
            self.bytes.get(at..at + 4).map_or(0, |b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
        };
        let start = 4 + self.count * 12 + word(0) as usize;
        (self.bytes.get(start..start + word(1) as usize).unwrap_or(&[]), word(2))
    }

    /// The table slot of a function, or the address of a datum.
    pub(crate) fn get(&self, name: &[u8]) -> Option<u32> {
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = (low + high) / 2;
            let (found, value) = self.entry(middle);
            match found.cmp(name) {
                std::cmp::Ordering::Equal => return Some(value),
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }
}

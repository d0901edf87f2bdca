//! One guest: a shared memory, an instance of the module for each of its threads, and what they share.
//!
//! Emscripten's main thread runs no Lean code here. It is the reaper: it frees what ended threads leave behind. Lean's `main`
//! runs on a guest thread of its own with a stack of its own, because the main thread's is 64 KB.

use crate::{
    exceptions::{self, Callees, Exceptions},
    files::Files,
    image::{ImageError, ImagePaths, Symbols, engine},
    memory::GuestMemory,
    syscalls,
};
use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    sync::{Arc, OnceLock, mpsc},
    time::Instant,
};
use wasmtime::{
    Caller, Engine, Global, Instance, InstancePre, Linker, MemoryType, Module, Result, SharedMemory, Store, Table, TypedFunc, Val,
    WasmParams, WasmResults, bail, format_err,
};

/// Native stack of a thread that runs guest code, bytes; only what is used is resident.
pub(crate) const NATIVE_STACK: usize = 256 << 20;
/// Stack of Lean's main thread inside the guest's memory, bytes.
const MAIN_STACK: u32 = 32 << 20;
/// Linear memory: pages of 64 KB, as the module declares them.
const MEMORY_PAGES: (u32, u32) = (256, 32768);
/// Exit status when the guest itself broke down (its abort, a trap, its memory exhausted).
pub const EXIT_CRASHED: i32 = 134;
/// The start routine that means "call `main`": no table slot.
const RUN_MAIN: u32 = u32::MAX;

/// What to run.
#[derive(Clone, Debug)]
pub struct Run {
    /// Folder of the compiled image.
    pub image: PathBuf,
    /// Folder of the library's `.olean` files.
    pub library: PathBuf,
    /// Arguments of `lean`, without the program's name.
    pub arguments: Vec<String>,
    /// Files put into the guest's memory: guest path (under `/work`), content.
    pub inputs: Vec<(String, Vec<u8>)>,
    /// Files taken out when it exits: guest path, host path.
    pub outputs: Vec<(String, PathBuf)>,
}

/// Everything the threads of a guest share.
pub(crate) struct Guest {
    pub(crate) memory: GuestMemory,
    pub(crate) files: Files,
    pub(crate) symbols: Symbols,
    pub(crate) arguments: Vec<String>,
    pub(crate) environment: Vec<String>,
    pub(crate) started: Instant,
    outputs: Vec<(String, PathBuf)>,
    engine: Engine,
    instances: OnceLock<InstancePre<Thread>>,
    reaper: mpsc::Sender<Ending>,
}

/// The two halves of a guest thread's end, in either order; then its stack and its `pthread_t` may be freed.
enum Ending {
    /// It was detached or joined: nobody asks for it any more.
    Released(u32),
    /// It runs no guest code any more.
    Left(u32),
}

/// What one thread of the guest owns; the data of its store.
pub(crate) struct Thread {
    pub(crate) guest: Arc<Guest>,
    pub(crate) exceptions: Exceptions,
    pub(crate) callees: Callees,
    /// Out of `exports`, for the hottest of all host calls.
    pub(crate) stack_pointer: Option<Global>,
    exports: Option<Arc<Exports>>,
}

/// Guest functions this host calls.
pub(crate) struct Exports {
    pub(crate) table: Table,
    pub(crate) stack_pointer: Global,
    pub(crate) set_threw: TypedFunc<(u32, u32), ()>,
    pub(crate) set_tempret: TypedFunc<u32, ()>,
    pub(crate) can_catch: TypedFunc<(u32, u32, u32), u32>,
    pub(crate) increment_refcount: TypedFunc<u32, ()>,
    pub(crate) decrement_refcount: TypedFunc<u32, ()>,
    pub(crate) exception_pointer: TypedFunc<u32, u32>,
    pub(crate) malloc: TypedFunc<u32, u32>,
    pub(crate) memalign: TypedFunc<(u32, u32), u32>,
    thread_init: TypedFunc<(u32, u32, u32, u32, u32, u32), ()>,
    tls_init: TypedFunc<(), u32>,
}

impl Exports {
    fn of(instance: Instance, store: &mut Store<Thread>) -> Result<Exports> {
        Ok(Exports {
            table: instance
                .get_table(&mut *store, "__indirect_function_table")
                .ok_or_else(|| format_err!("the module has no function table"))?,
            stack_pointer: instance
                .get_global(&mut *store, "__stack_pointer")
                .ok_or_else(|| format_err!("the module has no stack pointer"))?,
            set_threw: instance.get_typed_func(&mut *store, "setThrew")?,
            set_tempret: instance.get_typed_func(&mut *store, "_emscripten_tempret_set")?,
            can_catch: instance.get_typed_func(&mut *store, "__cxa_can_catch")?,
            increment_refcount: instance.get_typed_func(&mut *store, "__cxa_increment_exception_refcount")?,
            decrement_refcount: instance.get_typed_func(&mut *store, "__cxa_decrement_exception_refcount")?,
            exception_pointer: instance.get_typed_func(&mut *store, "__cxa_get_exception_ptr")?,
            malloc: instance.get_typed_func(&mut *store, "malloc")?,
            memalign: instance.get_typed_func(&mut *store, "emscripten_builtin_memalign")?,
            thread_init: instance.get_typed_func(&mut *store, "_emscripten_thread_init")?,
            tls_init: instance.get_typed_func(&mut *store, "_emscripten_tls_init")?,
        })
    }
}

/// The current thread's guest functions.
pub(crate) fn thread_exports(caller: &mut Caller<'_, Thread>) -> Result<Arc<Exports>> {
    caller.data().exports.clone().ok_or_else(|| format_err!("the guest calls its host before it is set up"))
}

impl Guest {
    /// Ends the process: outputs are written, nothing else runs.
    pub(crate) fn exit(&self, code: i32) -> ! {
        let mut code = code;
        for (guest, host) in &self.outputs {
            if let Some(content) = self.files.content(guest)
                && let Err(error) = std::fs::write(host, content)
            {
                report(&format!("cannot write {}: {error}", host.display()));
                code = EXIT_CRASHED;
            }
        }
        std::process::exit(code)
    }

    /// Ends the process because the guest broke down.
    fn crash(&self, error: &wasmtime::Error) -> ! {
        report(&format!("the embedded Lean broke down: {error:#}"));
        std::process::exit(EXIT_CRASHED)
    }

    fn tell_reaper(&self, ending: Ending) {
        // The receiver lives as long as the process.
        let _ = self.reaper.send(ending);
    }

    fn thread(self: &Arc<Guest>) -> Thread {
        let exceptions = Exceptions::default();
        Thread { guest: self.clone(), exceptions, callees: Callees::default(), stack_pointer: None, exports: None }
    }

    fn instantiate(self: &Arc<Guest>) -> Result<(Store<Thread>, Instance)> {
        let mut store = Store::new(&self.engine, self.thread());
        let instances = self.instances.get().ok_or_else(|| format_err!("no module is loaded"))?;
        let instance = instances.instantiate(&mut store)?;
        let exports = Exports::of(instance, &mut store)?;
        store.data_mut().stack_pointer = Some(exports.stack_pointer);
        store.data_mut().exports = Some(Arc::new(exports));
        Ok((store, instance))
    }
}

/// The host's own words go to standard error; there is no terminal and no event stream in a worker process.
#[expect(clippy::print_stderr, reason = "a worker process has no other channel for its last words")]
fn report(message: &str) {
    eprintln!("{message}");
}

/// Runs `lean` to its end; the process exits with its status. Returns only if it could not be started.
pub fn run(run: Run) -> std::result::Result<std::convert::Infallible, ImageError> {
    let paths = ImagePaths::in_folder(&run.image);
    let wrong = |path: &Path| {
        let path = path.to_owned();
        move |e: wasmtime::Error| ImageError::Wasmtime { path, reason: format!("{e:#}") }
    };
    let engine = engine().map_err(wrong(&paths.code))?;
    // SAFETY: the file was made by `prepare` with this engine configuration (wasmtime checks version, configuration and
    // processor) and lies in the user's own cache folder.
    let module = unsafe { Module::deserialize_file(&engine, &paths.code) }.map_err(wrong(&paths.code))?;
    let symbols = Symbols::open(&paths.symbols)?;
    let memory = SharedMemory::new(&engine, MemoryType::shared(MEMORY_PAGES.0, MEMORY_PAGES.1)).map_err(wrong(&paths.code))?;
    let (reaper, endings) = mpsc::channel();
    let guest = Arc::new(Guest {
        memory: GuestMemory::new(memory),
        files: Files::new(&run.library, run.inputs),
        symbols,
        arguments: std::iter::once("lean".to_owned()).chain(run.arguments).collect(),
        environment: vec![format!("LEAN_PATH={}", crate::files::LIBRARY), "HOME=/work".into(), "PATH=/bin".into()],
        started: Instant::now(),
        outputs: run.outputs,
        engine: engine.clone(),
        instances: OnceLock::new(),
        reaper,
    });
    link(&guest, &engine, &module).map_err(wrong(&paths.code))?;
    let for_main = guest.clone();
    let main = std::thread::Builder::new()
        .name("reaper".into())
        .stack_size(NATIVE_STACK)
        .spawn(move || match main_thread(&for_main, &endings) {
            Ok(never) => never,
            Err(error) => for_main.crash(&error),
        })
        .map_err(|source| ImageError::Io { path: "thread".into(), source })?;
    match main.join() {
        Ok(never) => Ok(never),
        Err(_) => guest.exit(EXIT_CRASHED),
    }
}

fn link(guest: &Arc<Guest>, engine: &Engine, module: &Module) -> Result<()> {
    let mut linker = Linker::new(engine);
    exceptions::define(&mut linker, module)?;
    syscalls::define(&mut linker, module)?;
    linker.func_wrap("env", "__pthread_create_js", create_thread)?;
    linker.func_wrap("env", "_emscripten_init_main_thread_js", |mut caller: Caller<'_, Thread>, thread: u32| {
        let exports = thread_exports(&mut caller)?;
        exports.thread_init.call(&mut caller, (thread, 1, 1, 1, 65536, 0))?;
        exports.tls_init.call(&mut caller, ()).map(drop)
    })?;
    linker.func_wrap("env", "_emscripten_thread_cleanup", |caller: Caller<'_, Thread>, thread: u32| {
        caller.data().guest.tell_reaper(Ending::Released(thread));
    })?;
    // A shared memory belongs to no store; the linker asks for one all the same.
    let scratch = Store::new(engine, guest.thread());
    linker.define(&scratch, "env", "memory", guest.memory.shared().clone())?;
    linker.define_unknown_imports_as_traps(module)?;
    guest.instances.set(linker.instantiate_pre(module)?).map_err(|_| format_err!("the module is loaded twice"))
}

fn call<P: WasmParams, R: WasmResults>(store: &mut Store<Thread>, instance: Instance, name: &str, arguments: P) -> Result<R> {
    instance.get_typed_func::<P, R>(&mut *store, name)?.call(store, arguments)
}

/// Emscripten's main thread: constructors, then Lean's `main` on a thread of its own, then reaping.
fn main_thread(guest: &Arc<Guest>, endings: &mpsc::Receiver<Ending>) -> Result<std::convert::Infallible> {
    let (mut store, instance) = guest.instantiate()?;
    call::<(), ()>(&mut store, instance, "emscripten_stack_init", ())?;
    call::<(), ()>(&mut store, instance, "__wasm_call_ctors", ())?;
    let attributes: u32 = call(&mut store, instance, "malloc", 64u32)?;
    call::<u32, u32>(&mut store, instance, "pthread_attr_init", attributes)?;
    call::<(u32, u32), u32>(&mut store, instance, "pthread_attr_setstacksize", (attributes, MAIN_STACK))?;
    let handle: u32 = call(&mut store, instance, "malloc", 4u32)?;
    let failed: u32 = call(&mut store, instance, "pthread_create", (handle, attributes, RUN_MAIN, 0u32))?;
    if failed != 0 {
        bail!("the guest cannot start a thread (error {failed})");
    }
    let mut half_ended = HashSet::new();
    loop {
        let (Ending::Released(thread) | Ending::Left(thread)) = endings.recv()?;
        if !half_ended.insert(thread) {
            half_ended.remove(&thread);
            call::<u32, ()>(&mut store, instance, "_emscripten_thread_free_data", thread)?;
        }
    }
}

/// `pthread_create`: a native thread with its own instance over the same memory.
fn create_thread(caller: Caller<'_, Thread>, thread: u32, _attributes: u32, start: u32, argument: u32) -> i32 {
    const EAGAIN: i32 = 6;
    let guest = caller.data().guest.clone();
    let spawned = std::thread::Builder::new().name("lean".into()).stack_size(NATIVE_STACK).spawn(move || {
        if let Err(error) = guest_thread(&guest, thread, start, argument) {
            guest.crash(&error);
        }
    });
    if spawned.is_ok() { 0 } else { EAGAIN }
}

fn guest_thread(guest: &Arc<Guest>, thread: u32, start: u32, argument: u32) -> Result<()> {
    // Offsets into Emscripten's `struct pthread`: the stack's upper end, and its size.
    let stack_high = guest.memory.u32(thread.wrapping_add(52))?;
    let stack_low = stack_high.wrapping_sub(guest.memory.u32(thread.wrapping_add(56))?);
    let (mut store, instance) = guest.instantiate()?;
    let exports = store.data().exports.clone().ok_or_else(|| format_err!("no exports"))?;
    call::<(u32, u32), ()>(&mut store, instance, "emscripten_stack_set_limits", (stack_high, stack_low))?;
    exports.stack_pointer.set(&mut store, Val::I32(stack_high as i32))?;
    exports.thread_init.call(&mut store, (thread, 0, 0, 1, 0, 0))?;
    exports.tls_init.call(&mut store, ())?;
    if start == RUN_MAIN {
        let code = run_main(guest, &mut store, instance)?;
        call::<u32, u32>(&mut store, instance, "fflush", 0)?;
        guest.exit(code);
    }
    let routine = exports
        .table
        .get(&mut store, start.into())
        .and_then(|r| r.as_func().flatten().copied())
        .ok_or_else(|| format_err!("a thread has no start routine"))?;
    let result = routine.typed::<u32, u32>(&store)?.call(&mut store, argument)?;
    match call::<u32, ()>(&mut store, instance, "_emscripten_thread_exit", result) {
        Err(error) if !error.is::<syscalls::Unwind>() => return Err(error),
        _ => {}
    }
    // This build of mimalloc does not notice that a thread ends: without this, every thread leaks its first 4 MB segment.
    call::<(), ()>(&mut store, instance, "mi_thread_done", ())?;
    guest.tell_reaper(Ending::Left(thread));
    Ok(())
}

fn run_main(guest: &Guest, store: &mut Store<Thread>, instance: Instance) -> Result<i32> {
    let mut pointers = Vec::new();
    for argument in &guest.arguments {
        let at: u32 = call(store, instance, "malloc", argument.len() as u32 + 1)?;
        guest.memory.write(at, argument.as_bytes())?;
        guest.memory.set_u8(at + argument.len() as u32, 0)?;
        pointers.extend(at.to_le_bytes());
    }
    pointers.extend([0; 4]);
    let arguments: u32 = call(store, instance, "malloc", pointers.len() as u32)?;
    guest.memory.write(arguments, &pointers)?;
    call(store, instance, "__main_argc_argv", (guest.arguments.len() as u32, arguments))
}

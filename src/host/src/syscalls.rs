//! The system calls of the guest that exist: files of [`crate::files`], clocks, randomness, `dlsym`. Every other import of the
//! module (sockets, processes, graphics, …) fails: with ENOSYS where libc can pass that on, otherwise as a trap.

use crate::{
    files::{Files, Stat, errno},
    runtime::{Thread, thread_exports},
};
use std::time::{SystemTime, UNIX_EPOCH};
use wasmtime::{Caller, Error, ExternType, Linker, Module, Result, Val, bail};

/// Leaves the guest without a result: what Emscripten's runtime does by throwing "unwind".
#[derive(Debug, thiserror::Error)]
#[error("the guest left its thread")]
pub(crate) struct Unwind;

/// `AT_FDCWD` of musl.
const CURRENT_FOLDER: i32 = -100;
/// `AT_EMPTY_PATH` of musl.
const EMPTY_PATH: i32 = 0x1000;

type Guest<'a> = Caller<'a, Thread>;

/// A result as system calls return it: a number, or a negated error number.
fn answer(result: std::result::Result<i32, i32>) -> i32 {
    result.unwrap_or_else(|error| -error)
}

/// The same for WASI calls: zero or an error number.
fn status(result: std::result::Result<(), i32>) -> i32 {
    result.err().unwrap_or(0)
}

fn files<'a>(caller: &'a Guest<'_>) -> &'a Files {
    &caller.data().guest.files
}

/// A path argument. Relative paths start in the working folder: the guest never changes it.
fn path(caller: &Guest<'_>, address: u32) -> Result<Vec<u8>> {
    caller.data().guest.memory.c_string(address)
}

/// Defines the system calls.
pub(crate) fn define(linker: &mut Linker<Thread>, module: &Module) -> Result<()> {
    for import in module.imports() {
        if let ExternType::Func(ty) = import.ty()
            && import.name().starts_with("__syscall_")
        {
            linker.func_new("env", import.name(), ty, |_, _, results| {
                results[0] = Val::I32(-errno::NOSYS);
                Ok(())
            })?;
        }
    }
    linker.allow_shadowing(true);
    define_paths(linker)?;
    define_descriptors(linker)?;
    define_process(linker)?;
    define_time(linker)?;
    define_memory(linker)?;
    define_threads(linker)?;
    linker.allow_shadowing(false);
    Ok(())
}

fn write_stat(caller: &Guest<'_>, at: u32, stat: &Stat) -> Result<()> {
    const FOLDER: u32 = 0o040_755;
    const FILE: u32 = 0o100_644;
    let mut bytes = [0; 96];
    let mut put = |offset: usize, value: &[u8]| bytes[offset..offset + value.len()].copy_from_slice(value);
    put(0, &1u32.to_le_bytes());
    put(4, &if stat.folder { FOLDER } else { FILE }.to_le_bytes());
    put(8, &1u32.to_le_bytes());
    put(24, &stat.size.to_le_bytes());
    put(32, &4096u32.to_le_bytes());
    put(36, &(stat.size.div_ceil(512) as u32).to_le_bytes());
    for time in [40, 56, 72] {
        put(time, &stat.seconds.to_le_bytes());
    }
    put(88, &stat.inode.to_le_bytes());
    caller.data().guest.memory.write(at, &bytes)
}

fn stat_into(caller: &Guest<'_>, stat: std::result::Result<Stat, i32>, at: u32) -> Result<i32> {
    match stat {
        Ok(stat) => write_stat(caller, at, &stat).map(|()| 0),
        Err(error) => Ok(-error),
    }
}

fn define_paths(linker: &mut Linker<Thread>) -> Result<()> {
    linker.func_wrap("env", "__syscall_openat", |caller: Guest<'_>, folder: i32, name: u32, flags: i32, _mode: u32| {
        let name = path(&caller, name)?;
        if folder != CURRENT_FOLDER && !name.starts_with(b"/") {
            return Ok(-errno::NOSYS);
        }
        Ok::<_, Error>(answer(files(&caller).open(&name, flags)))
    })?;
    for name in ["__syscall_stat64", "__syscall_lstat64"] {
        linker.func_wrap("env", name, |caller: Guest<'_>, name: u32, at: u32| {
            let name = path(&caller, name)?;
            stat_into(&caller, files(&caller).stat(&name), at)
        })?;
    }
    linker.func_wrap("env", "__syscall_newfstatat", |caller: Guest<'_>, folder: i32, name: u32, at: u32, flags: i32| {
        let name = path(&caller, name)?;
        let stat = if name.is_empty() && flags & EMPTY_PATH != 0 { files(&caller).stat_open(folder) } else { files(&caller).stat(&name) };
        stat_into(&caller, stat, at)
    })?;
    linker.func_wrap("env", "__syscall_faccessat", |caller: Guest<'_>, _folder: i32, name: u32, _mode: i32, _flags: i32| {
        let name = path(&caller, name)?;
        Ok::<_, Error>(answer(files(&caller).stat(&name).map(|_| 0)))
    })?;
    linker.func_wrap("env", "__syscall_readlinkat", |caller: Guest<'_>, _folder: i32, name: u32, _at: u32, _size: u32| {
        let name = path(&caller, name)?;
        Ok::<_, Error>(answer(files(&caller).stat(&name).and(Err(errno::INVAL))))
    })?;
    linker.func_wrap("env", "__syscall_unlinkat", |caller: Guest<'_>, _folder: i32, name: u32, _flags: i32| {
        let name = path(&caller, name)?;
        Ok::<_, Error>(answer(files(&caller).unlink(&name).map(|()| 0)))
    })?;
    linker.func_wrap("env", "__syscall_renameat", |caller: Guest<'_>, _from: i32, old: u32, _to: i32, new: u32| {
        let (old, new) = (path(&caller, old)?, path(&caller, new)?);
        Ok::<_, Error>(answer(files(&caller).rename(&old, &new).map(|()| 0)))
    })?;
    linker.func_wrap("env", "__syscall_mkdirat", |caller: Guest<'_>, _folder: i32, name: u32, _mode: u32| {
        let name = path(&caller, name)?;
        Ok::<_, Error>(answer(files(&caller).make_folder(&name).map(|()| 0)))
    })?;
    linker.func_wrap("env", "__syscall_getcwd", |caller: Guest<'_>, at: u32, size: u32| {
        let name = [crate::files::WORK.as_bytes(), b"\0"].concat();
        if (size as usize) < name.len() {
            return Ok(-errno::RANGE);
        }
        caller.data().guest.memory.write(at, &name)?;
        Ok::<_, Error>(name.len() as i32)
    })?;
    Ok(())
}

/// The buffers of a `readv` or `writev`: address and length of each.
fn vectors(caller: &Guest<'_>, at: u32, count: u32) -> Result<Vec<(u32, u32)>> {
    let memory = &caller.data().guest.memory;
    (0..count).map(|i| Ok((memory.u32(at.wrapping_add(i * 8))?, memory.u32(at.wrapping_add(i * 8 + 4))?))).collect()
}

fn read(caller: &Guest<'_>, fd: i32, at: u32, count: u32, mut offset: Option<u64>, total_at: u32) -> Result<i32> {
    let memory = &caller.data().guest.memory;
    let mut total = 0;
    for (buffer, length) in vectors(caller, at, count)? {
        if length == 0 {
            continue;
        }
        let mut bytes = vec![0; length.min(1 << 20) as usize];
        let mut done = 0;
        while done < length {
            let wanted = bytes.len().min((length - done) as usize);
            let n = match files(caller).read(fd, &mut bytes[..wanted], offset) {
                Ok(n) => n,
                Err(error) => return Ok(error),
            };
            memory.write(buffer + done, &bytes[..n])?;
            done += n as u32;
            offset = offset.map(|o| o + n as u64);
            if n < wanted {
                break;
            }
        }
        total += done;
        if done < length {
            break;
        }
    }
    memory.set_u32(total_at, total)?;
    Ok(0)
}

fn define_descriptors(linker: &mut Linker<Thread>) -> Result<()> {
    const WASI: &str = "wasi_snapshot_preview1";
    linker.func_wrap(WASI, "fd_read", |caller: Guest<'_>, fd: i32, at: u32, count: u32, total: u32| {
        read(&caller, fd, at, count, None, total)
    })?;
    linker.func_wrap(WASI, "fd_pread", |caller: Guest<'_>, fd: i32, at: u32, count: u32, offset: i64, total: u32| {
        read(&caller, fd, at, count, Some(offset as u64), total)
    })?;
    linker.func_wrap(WASI, "fd_write", |caller: Guest<'_>, fd: i32, at: u32, count: u32, total: u32| {
        let mut bytes = Vec::new();
        for (buffer, length) in vectors(&caller, at, count)? {
            bytes.extend(caller.data().guest.memory.read_vec(buffer, length)?);
        }
        match files(&caller).write(fd, &bytes) {
            Ok(n) => caller.data().guest.memory.set_u32(total, n as u32).map(|()| 0),
            Err(error) => Ok(error),
        }
    })?;
    linker.func_wrap(WASI, "fd_pwrite", |_: i32, _: u32, _: u32, _: i64, _: u32| errno::NOSYS)?;
    linker.func_wrap(WASI, "fd_close", |caller: Guest<'_>, fd: i32| status(files(&caller).close(fd)))?;
    linker.func_wrap(WASI, "fd_sync", |_: i32| 0)?;
    linker.func_wrap(WASI, "fd_seek", |caller: Guest<'_>, fd: i32, offset: i64, whence: i32, at: u32| {
        match files(&caller).seek(fd, offset, whence) {
            Ok(position) => caller.data().guest.memory.set_u64(at, position).map(|()| 0),
            Err(error) => Ok(error),
        }
    })?;
    linker.func_wrap(WASI, "fd_fdstat_get", |caller: Guest<'_>, fd: i32, at: u32| {
        const REGULAR: u8 = 4;
        const FOLDER: u8 = 3;
        match files(&caller).stat_open(fd) {
            Ok(stat) => {
                let mut bytes = [0; 24];
                bytes[0] = if stat.folder { FOLDER } else { REGULAR };
                caller.data().guest.memory.write(at, &bytes).map(|()| 0)
            }
            Err(error) => Ok(error),
        }
    })?;
    linker.func_wrap("env", "__syscall_fstat64", |caller: Guest<'_>, fd: i32, at: u32| {
        stat_into(&caller, files(&caller).stat_open(fd), at)
    })?;
    linker.func_wrap("env", "__syscall_ftruncate64", |caller: Guest<'_>, fd: i32, length: i64| {
        answer(files(&caller).truncate(fd, length).map(|()| 0))
    })?;
    linker.func_wrap("env", "__syscall_fcntl64", |caller: Guest<'_>, fd: i32, command: i32, _arguments: u32| {
        // Descriptor and status flags are accepted and forgotten; duplicating and locking do not exist.
        answer(files(&caller).stat_open(fd).and_then(|_| if (1..=4).contains(&command) { Ok(0) } else { Err(errno::INVAL) }))
    })?;
    linker.func_wrap("env", "__syscall_ioctl", |_: i32, _: i32, _: u32| -errno::NOTTY)?;
    linker.func_wrap("env", "__syscall_getdents64", |caller: Guest<'_>, fd: i32, at: u32, size: u32| {
        const ENTRY: u32 = 280;
        const NAME: usize = 19;
        let entries = match files(&caller).read_folder(fd, (size / ENTRY) as usize) {
            Ok(entries) => entries,
            Err(error) => return Ok(-error),
        };
        for (i, (name, folder)) in entries.iter().enumerate() {
            let mut bytes = [0; ENTRY as usize];
            bytes[0] = 1;
            bytes[8..16].copy_from_slice(&(i as u64 + 1).to_le_bytes());
            bytes[16..18].copy_from_slice(&(ENTRY as u16).to_le_bytes());
            bytes[18] = if *folder { 4 } else { 8 };
            let name = &name.as_bytes()[..name.len().min(ENTRY as usize - NAME - 1)];
            bytes[NAME..NAME + name.len()].copy_from_slice(name);
            caller.data().guest.memory.write(at + i as u32 * ENTRY, &bytes)?;
        }
        Ok::<_, Error>((entries.len() as u32 * ENTRY) as i32)
    })?;
    Ok(())
}

/// `EM_ASM` blocks of this build of Lean that do more than print, by the address of their text.
mod asm {
    /// `getenv` of the host's environment: returns a fresh C string or null.
    pub(super) const GETENV: u32 = 943_522;
    /// The program's path: returns a fresh C string.
    pub(super) const PROGRAM: u32 = 943_765;
    /// Errors about to end the program: the argument is a C string.
    pub(super) const FATAL: [u32; 3] = [942_318, 942_466, 942_554];
}

fn new_c_string(caller: &mut Guest<'_>, text: &[u8]) -> Result<i32> {
    let exports = thread_exports(caller)?;
    let at = exports.malloc.call(&mut *caller, text.len() as u32 + 1)?;
    let memory = &caller.data().guest.memory;
    memory.write(at, text)?;
    memory.set_u8(at + text.len() as u32, 0)?;
    Ok(at as i32)
}

fn run_asm(mut caller: Guest<'_>, code: u32, _signature: u32, arguments: u32) -> Result<i32> {
    match code {
        asm::PROGRAM => new_c_string(&mut caller, b"/bin/lean"),
        asm::GETENV => {
            let name = caller.data().guest.memory.u32(arguments)?;
            let name = caller.data().guest.memory.c_string(name)?;
            let guest = caller.data().guest.clone();
            let value = guest.environment.iter().find_map(|v| v.as_bytes().strip_prefix(name.as_slice())?.strip_prefix(b"="));
            value.map_or(Ok(0), |value| new_c_string(&mut caller, value))
        }
        _ if asm::FATAL.contains(&code) => {
            let text = caller.data().guest.memory.u32(arguments)?;
            let mut text = caller.data().guest.memory.c_string(text)?;
            text.push(b'\n');
            // Standard error may be closed; these are last words.
            let _ = files(&caller).write(2, &text);
            Ok(0)
        }
        _ => Ok(0),
    }
}

fn define_process(linker: &mut Linker<Thread>) -> Result<()> {
    const WASI: &str = "wasi_snapshot_preview1";
    linker.func_wrap(WASI, "proc_exit", |caller: Guest<'_>, code: i32| -> Result<()> { caller.data().guest.exit(code) })?;
    linker.func_wrap("env", "exit", |caller: Guest<'_>, code: i32| -> Result<()> { caller.data().guest.exit(code) })?;
    linker.func_wrap("env", "_abort_js", || -> Result<()> { bail!("it called abort()") })?;
    linker.func_wrap("env", "__assert_fail", |caller: Guest<'_>, text: u32, file: u32, line: i32, _function: u32| -> Result<()> {
        let (text, file) = (path(&caller, text)?, path(&caller, file)?);
        bail!("assertion failed: {} ({}:{line})", String::from_utf8_lossy(&text), String::from_utf8_lossy(&file))
    })?;
    linker.func_wrap("env", "emscripten_asm_const_int", run_asm)?;
    linker.func_wrap("env", "_emscripten_get_progname", |caller: Guest<'_>, at: u32, length: u32| {
        let name = b"lean\0";
        if length as usize >= name.len() { caller.data().guest.memory.write(at, name) } else { Ok(()) }
    })?;
    linker.func_wrap("env", "_emscripten_runtime_keepalive_clear", || {})?;
    linker.func_wrap(WASI, "environ_sizes_get", |caller: Guest<'_>, count: u32, size: u32| {
        let guest = &caller.data().guest;
        guest.memory.set_u32(count, guest.environment.len() as u32)?;
        guest.memory.set_u32(size, guest.environment.iter().map(|v| v.len() as u32 + 1).sum())?;
        Ok::<_, Error>(0)
    })?;
    linker.func_wrap(WASI, "environ_get", |caller: Guest<'_>, pointers: u32, mut text: u32| {
        let guest = &caller.data().guest;
        for (i, variable) in guest.environment.iter().enumerate() {
            guest.memory.set_u32(pointers + 4 * i as u32, text)?;
            guest.memory.write(text, variable.as_bytes())?;
            guest.memory.set_u8(text + variable.len() as u32, 0)?;
            text += variable.len() as u32 + 1;
        }
        Ok::<_, Error>(0)
    })?;
    linker.func_wrap(WASI, "random_get", |caller: Guest<'_>, at: u32, length: u32| {
        let mut bytes = vec![0; length as usize];
        crate::files::fill_random(&mut bytes);
        caller.data().guest.memory.write(at, &bytes).map(|()| 0)
    })?;
    linker.func_wrap("env", "_dlsym_js", |caller: Guest<'_>, _library: u32, name: u32, _index: u32| {
        let name = path(&caller, name)?;
        Ok::<_, Error>(caller.data().guest.symbols.get(&name).unwrap_or(0))
    })?;
    Ok(())
}

fn since_epoch() -> std::time::Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

fn define_time(linker: &mut Linker<Thread>) -> Result<()> {
    const WASI: &str = "wasi_snapshot_preview1";
    linker.func_wrap("env", "emscripten_get_now", |caller: Guest<'_>| caller.data().guest.started.elapsed().as_secs_f64() * 1e3)?;
    linker.func_wrap("env", "emscripten_date_now", || since_epoch().as_secs_f64() * 1e3)?;
    linker.func_wrap(WASI, "clock_time_get", |caller: Guest<'_>, clock: i32, _precision: i64, at: u32| {
        const REALTIME: i32 = 0;
        let now = if clock == REALTIME { since_epoch() } else { caller.data().guest.started.elapsed() };
        caller.data().guest.memory.set_u64(at, now.as_nanos() as u64).map(|()| 0)
    })?;
    linker.func_wrap(WASI, "clock_res_get", |caller: Guest<'_>, _clock: i32, at: u32| {
        caller.data().guest.memory.set_u64(at, 1).map(|()| 0)
    })?;
    // The guest's time zone is UTC.
    linker.func_wrap("env", "_tzset_js", |caller: Guest<'_>, zone: u32, daylight: u32, standard: u32, summer: u32| {
        let memory = &caller.data().guest.memory;
        memory.set_u32(zone, 0)?;
        memory.set_u32(daylight, 0)?;
        memory.write(standard, b"UTC\0")?;
        memory.write(summer, b"UTC\0")
    })?;
    Ok(())
}

fn define_memory(linker: &mut Linker<Thread>) -> Result<()> {
    /// What the module's memory may grow to, bytes.
    const MOST: u32 = 1 << 31;
    linker.func_wrap("env", "emscripten_get_heap_max", || MOST)?;
    linker.func_wrap("env", "emscripten_resize_heap", |caller: Guest<'_>, bytes: u32| {
        // A little more than asked for, so that growing is rare.
        let memory = &caller.data().guest.memory;
        let generous = (u64::from(bytes) + (32 << 20)).min(u64::from(MOST));
        i32::from(bytes <= MOST && (memory.grow_to(generous) || memory.grow_to(bytes.into())))
    })?;
    linker.func_wrap(
        "env",
        "_mmap_js",
        |mut caller: Guest<'_>, length: u32, _protection: i32, _flags: i32, fd: i32, offset: i64, allocated: u32, address: u32| {
            let exports = thread_exports(&mut caller)?;
            let at = exports.memalign.call(&mut caller, (16, length))?;
            if at == 0 {
                return Ok(-errno::NOSPC);
            }
            let memory = &caller.data().guest.memory;
            let mut bytes = vec![0; length as usize];
            match files(&caller).read(fd, &mut bytes, Some(offset as u64)) {
                Ok(_) => {}
                Err(error) => return Ok(-error),
            }
            memory.write(at, &bytes)?;
            memory.set_u32(allocated, 1)?;
            memory.set_u32(address, at)?;
            Ok::<_, Error>(0)
        },
    )?;
    linker.func_wrap("env", "_munmap_js", |_: u32, _: u32, _: i32, _: i32, _: i32, _: i64| 0)?;
    Ok(())
}

fn define_threads(linker: &mut Linker<Thread>) -> Result<()> {
    linker.func_wrap("env", "emscripten_num_logical_cores", || std::thread::available_parallelism().map_or(2, |n| n.get() as i32))?;
    linker.func_wrap("env", "emscripten_check_blocking_allowed", || {})?;
    // Nothing is ever proxied to another thread here, so mailboxes stay empty.
    linker.func_wrap("env", "_emscripten_thread_mailbox_await", |_: u32| {})?;
    linker.func_wrap("env", "_emscripten_notify_mailbox_postmessage", |_: u32, _: u32| {})?;
    linker.func_wrap("env", "_emscripten_thread_set_strongref", |_: u32| {})?;
    linker.func_wrap("env", "_emscripten_thread_exit_joinable", |_: u32| {})?;
    linker.func_wrap("env", "emscripten_unwind_to_js_event_loop", || -> Result<()> { Err(Error::new(Unwind)) })?;
    linker.func_wrap("env", "emscripten_exit_with_live_runtime", || -> Result<()> { Err(Error::new(Unwind)) })?;
    Ok(())
}

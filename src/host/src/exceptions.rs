//! C++ exceptions of the guest, which Emscripten leaves to its host ("JavaScript-based exceptions").
//!
//! A `throw` is a host call that fails with [`Thrown`], which unwinds all frames up to the nearest `invoke_*`: the guest calls
//! through that host function wherever it has a landing pad. The landing pad then asks which handler matches. The layout of an
//! exception header (24 bytes before the object) is that of Emscripten's libc++abi.

use crate::runtime::{Thread, thread_exports};
use std::mem::MaybeUninit;
use wasmtime::{Caller, Error, ExternType, Func, FuncType, Linker, Module, Result, ValRaw, ValType, bail, format_err};

/// The failure that carries a guest's `throw` or `longjmp` through its frames.
#[derive(Debug, thiserror::Error)]
#[error("an exception of the guest was caught by nobody")]
struct Thrown;

/// What a thread knows of its exceptions.
#[derive(Default)]
pub(crate) struct Exceptions {
    last: u32,
    caught: Vec<u32>,
    uncaught: u32,
}

const TYPE: u32 = 4;
const DESTRUCTOR: u32 = 8;
const CAUGHT: u32 = 12;
const RETHROWN: u32 = 13;
const ADJUSTED: u32 = 16;

/// A field of the header of the exception object at `pointer`.
fn field(pointer: u32, offset: u32) -> u32 {
    pointer.wrapping_sub(24).wrapping_add(offset)
}

fn find_matching_catch(caller: &mut Caller<'_, Thread>, handlers: &[u32]) -> Result<u32> {
    let exports = thread_exports(caller)?;
    let memory = caller.data().guest.memory.clone();
    let thrown = caller.data().exceptions.last;
    if thrown == 0 {
        exports.set_tempret.call(&mut *caller, 0)?;
        return Ok(0);
    }
    memory.set_u32(field(thrown, ADJUSTED), thrown)?;
    let kind = memory.u32(field(thrown, TYPE))?;
    if kind == 0 {
        exports.set_tempret.call(&mut *caller, 0)?;
        return Ok(thrown);
    }
    for &handler in handlers {
        if handler == 0 || handler == kind {
            break;
        }
        if exports.can_catch.call(&mut *caller, (handler, kind, field(thrown, ADJUSTED)))? != 0 {
            exports.set_tempret.call(&mut *caller, handler)?;
            return Ok(thrown);
        }
    }
    exports.set_tempret.call(&mut *caller, kind)?;
    Ok(thrown)
}

fn begin_catch(mut caller: Caller<'_, Thread>, pointer: u32) -> Result<u32> {
    let exports = thread_exports(&mut caller)?;
    let memory = caller.data().guest.memory.clone();
    let state = &mut caller.data_mut().exceptions;
    if memory.u8(field(pointer, CAUGHT))? == 0 {
        memory.set_u8(field(pointer, CAUGHT), 1)?;
        state.uncaught = state.uncaught.saturating_sub(1);
    }
    memory.set_u8(field(pointer, RETHROWN), 0)?;
    state.caught.push(pointer);
    exports.increment_refcount.call(&mut caller, pointer)?;
    exports.exception_pointer.call(&mut caller, pointer)
}

fn end_catch(mut caller: Caller<'_, Thread>) -> Result<()> {
    let exports = thread_exports(&mut caller)?;
    exports.set_threw.call(&mut caller, (0, 0))?;
    let Some(pointer) = caller.data_mut().exceptions.caught.pop() else { bail!("the guest ends a catch that it did not begin") };
    exports.decrement_refcount.call(&mut caller, pointer)?;
    caller.data_mut().exceptions.last = 0;
    Ok(())
}

fn throw(mut caller: Caller<'_, Thread>, pointer: u32, kind: u32, destructor: u32) -> Result<()> {
    let memory = caller.data().guest.memory.clone();
    memory.set_u32(field(pointer, ADJUSTED), 0)?;
    memory.set_u32(field(pointer, TYPE), kind)?;
    memory.set_u32(field(pointer, DESTRUCTOR), destructor)?;
    let state = &mut caller.data_mut().exceptions;
    state.last = pointer;
    state.uncaught += 1;
    Err(Error::new(Thrown))
}

fn rethrow(mut caller: Caller<'_, Thread>) -> Result<()> {
    let memory = caller.data().guest.memory.clone();
    let state = &mut caller.data_mut().exceptions;
    let Some(pointer) = state.caught.pop() else { bail!("the guest rethrows where nothing is caught") };
    if memory.u8(field(pointer, RETHROWN))? == 0 {
        state.caught.push(pointer);
        memory.set_u8(field(pointer, RETHROWN), 1)?;
        memory.set_u8(field(pointer, CAUGHT), 0)?;
        state.uncaught += 1;
    }
    state.last = pointer;
    Err(Error::new(Thrown))
}

fn resume(mut caller: Caller<'_, Thread>, pointer: u32) -> Result<()> {
    let state = &mut caller.data_mut().exceptions;
    if state.last == 0 {
        state.last = pointer;
    }
    Err(Error::new(Thrown))
}

fn current_primary_exception(mut caller: Caller<'_, Thread>) -> Result<u32> {
    let Some(&pointer) = caller.data().exceptions.caught.last() else { return Ok(0) };
    let exports = thread_exports(&mut caller)?;
    exports.increment_refcount.call(&mut caller, pointer)?;
    Ok(pointer)
}

fn rethrow_primary_exception(mut caller: Caller<'_, Thread>, pointer: u32) -> Result<()> {
    if pointer == 0 {
        return Ok(());
    }
    let memory = caller.data().guest.memory.clone();
    memory.set_u8(field(pointer, RETHROWN), 1)?;
    caller.data_mut().exceptions.caught.push(pointer);
    rethrow(caller)
}

/// Defines everything of the C++ runtime that the module imports.
pub(crate) fn define(linker: &mut Linker<Thread>, module: &Module) -> Result<()> {
    linker.func_wrap("env", "__cxa_throw", throw)?;
    linker.func_wrap("env", "__cxa_rethrow", rethrow)?;
    linker.func_wrap("env", "__resumeException", resume)?;
    linker.func_wrap("env", "__cxa_begin_catch", begin_catch)?;
    linker.func_wrap("env", "__cxa_end_catch", end_catch)?;
    linker.func_wrap("env", "__cxa_current_primary_exception", current_primary_exception)?;
    linker.func_wrap("env", "__cxa_rethrow_primary_exception", rethrow_primary_exception)?;
    linker.func_wrap("env", "__cxa_uncaught_exceptions", |caller: Caller<'_, Thread>| caller.data().exceptions.uncaught)?;
    linker.func_wrap("env", "llvm_eh_typeid_for", |kind: u32| kind)?;
    linker.func_wrap("env", "_emscripten_throw_longjmp", || -> Result<()> { Err(Error::new(Thrown)) })?;
    for import in module.imports() {
        let ExternType::Func(ty) = import.ty() else { continue };
        if import.name().starts_with("__cxa_find_matching_catch_") {
            linker.func_new("env", import.name(), ty, |mut caller, handlers, results| {
                let handlers: Vec<u32> = handlers.iter().filter_map(|h| h.i32()).map(|h| h as u32).collect();
                results[0] = (find_matching_catch(&mut caller, &handlers)? as i32).into();
                Ok(())
            })?;
        } else if import.name().starts_with("invoke_") {
            define_invoke(linker, import.name(), ty)?;
        }
    }
    Ok(())
}

/// Room for the longest `invoke_*` of the module, the callee's index included.
const MOST_ARGUMENTS: usize = 20;

/// `invoke_X(index, arguments…)` calls table slot `index`. If a guest exception comes out, the stack pointer is restored and
/// `__THREW__` set, which the caller tests.
fn define_invoke(linker: &mut Linker<Thread>, name: &str, ty: FuncType) -> Result<()> {
    let signature = Signature::of(&FuncType::new(linker.engine(), ty.params().skip(1), ty.results()));
    if signature.parameters >= MOST_ARGUMENTS {
        bail!("{name} has too many arguments");
    }
    let invoke = move |mut caller: Caller<'_, Thread>, values: &mut [MaybeUninit<ValRaw>]| -> Result<()> {
        // SAFETY: the caller fills in as many values as the type has parameters; the first is the table slot, an i32.
        let slot = unsafe { values[0].assume_init() }.get_u32();
        let callee = callee_at(&mut caller, slot, signature)?;
        let mut frame = [ValRaw::i64(0); MOST_ARGUMENTS];
        for (to, from) in frame.iter_mut().zip(&values[1..1 + signature.parameters]) {
            // SAFETY: as above, every parameter is initialised.
            *to = unsafe { from.assume_init() };
        }
        let stack_pointer = caller.data().stack_pointer.ok_or_else(|| format_err!("the guest calls its host before it is set up"))?;
        let saved = stack_pointer.get(&mut caller);
        // SAFETY: `callee_at` checked the types that callee and call share; the frame is zero beyond the arguments, longer
        // than any parameter list, has room for the result, and all values are plain numbers.
        match unsafe { callee.function.call_unchecked(&mut caller, &raw mut frame[..callee.frame]) } {
            Ok(()) => {
                if signature.returns {
                    values[0].write(if callee.returns { frame[0] } else { ValRaw::i64(0) });
                }
                Ok(())
            }
            Err(error) if error.is::<Thrown>() => {
                stack_pointer.set(&mut caller, saved)?;
                thread_exports(&mut caller)?.set_threw.call(&mut caller, (1, 0))?;
                if signature.returns {
                    values[0].write(ValRaw::i64(0));
                }
                Ok(())
            }
            Err(error) => Err(error),
        }
    };
    // SAFETY: the closure reads as many values as `ty` has parameters, all of them numbers, and writes its one result.
    unsafe { linker.func_new_unchecked("env", name, ty, invoke)? };
    Ok(())
}

/// A function type of numbers, packed into `code` for comparison.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Signature {
    code: u64,
    parameters: usize,
    returns: bool,
}

impl Signature {
    fn of(ty: &FuncType) -> Signature {
        let mut code = ty.results().next().map_or(0, |r| 1 + number(&r));
        for parameter in ty.params().take(MOST_ARGUMENTS) {
            code = code * 4 + number(&parameter);
        }
        Signature { code, parameters: ty.params().len(), returns: ty.results().len() > 0 }
    }
}

fn number(ty: &ValType) -> u64 {
    match ty {
        ValType::I32 => 0,
        ValType::I64 => 1,
        ValType::F32 => 2,
        _ => 3,
    }
}

/// A function that was once found in a table slot, and the signature it may be called with.
#[derive(Clone, Copy)]
struct Callee {
    slot: u32,
    function: Func,
    called_as: Signature,
    /// Values its frame needs: its parameters, or its result.
    frame: usize,
    returns: bool,
}

/// The functions that a thread last called through `invoke_*`, by the low bits of their table slot. Most threads live for one
/// message of the language server, so this is small and made at the first call.
#[derive(Default)]
pub(crate) struct Callees(Vec<Option<Callee>>);

impl Callees {
    const SIZE: usize = 1024;

    fn get(&self, slot: u32, called_as: Signature) -> Option<Callee> {
        let callee = (*self.0.get(slot as usize % Self::SIZE)?)?;
        (callee.slot == slot && callee.called_as == called_as).then_some(callee)
    }

    fn put(&mut self, callee: Callee) {
        self.0.resize(Self::SIZE, None);
        self.0[callee.slot as usize % Self::SIZE] = Some(callee);
    }
}

/// The function in a table slot. The table never changes, so what was found there stays true.
///
/// A JavaScript host drops arguments that a function does not take, and this module counts on it: some C++ declarations of
/// functions compiled from Lean have one parameter too many. So the shared parameters must agree, and their number need not.
fn callee_at(caller: &mut Caller<'_, Thread>, slot: u32, called_as: Signature) -> Result<Callee> {
    if let Some(callee) = caller.data().callees.get(slot, called_as) {
        return Ok(callee);
    }
    let table = thread_exports(caller)?.table;
    let function = table
        .get(&mut *caller, slot.into())
        .and_then(|r| r.as_func().flatten().copied())
        .ok_or_else(|| format_err!("the guest calls through an empty table slot"))?;
    let ty = function.ty(&mut *caller);
    let shared = called_as.parameters.min(ty.params().len());
    let codes = |i: usize| (called_as.code >> (2 * (called_as.parameters - 1 - i))) & 3;
    let agrees = ty.params().take(shared).enumerate().all(|(i, p)| number(&p) == codes(i));
    if !agrees || ty.params().len() >= MOST_ARGUMENTS || ty.results().len() > 1 {
        bail!("the guest calls a function with the wrong type");
    }
    let returns = ty.results().len() == 1;
    let callee = Callee { slot, function, called_as, frame: ty.params().len().max(1), returns };
    caller.data_mut().callees.put(callee);
    Ok(callee)
}

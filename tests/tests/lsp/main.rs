//! `prove lsp` on the embedded Lean, under a scripted editor that keeps its documents as a real one does, and under Neovim.
//!
//! What needs a server that misbehaves is in `src/lsp/tests/proxy`.

mod daemon;
mod editor;
mod embedded;
mod lake;
mod neovim;
mod proofs;

const PROVE: &str = env!("CARGO_BIN_EXE_prove-tested");

//! A reader of Lean 4's `.olean` files: what a module declares, told without Lean.
//!
//! Format version 2 (Lean 4.15 and later), with 4-byte pointers (the WebAssembly build) or 8-byte ones (native builds), big
//! numbers in GMP's or Lean's own form. No input makes it panic, loop, or use memory out of proportion to the file.
//!
//! # Layers
//!
//! - [`image`] puts the parts of a module into one address space; [`header`] and [`object`] say what the bytes are.
//! - [`module`] finds imports, constants and extension entries; [`mod@decode`] and [`constant`] turn constants into the terms and
//!   declarations of `prove-kernel`.
//! - [`library`] is the modules that a file imports, as a source of constants by name, decoded when asked for.
//! - [`audit`] answers the judge's questions about a freshly elaborated file.
//!
//! # What the files of a module hold
//!
//! A file that takes part in Lean's module system is written in three parts. For each, Lean looks at the environment through the
//! eyes of somebody who may see that much:
//!
//! - `.olean`, the *exported* level. Every public constant, but of theorems, and of definitions that are not exposed, only the
//!   name and type: they are stored **as axioms**. Inductive types, constructors, recursors and exposed definitions are whole,
//!   and so are some lemmas that Lean makes for itself (`foo.eq_1`, `foo.match_1.splitter`, `foo._simp_1`). Private constants
//!   are left out, but for inductive types and equation lemmas.
//! - `.olean.server`: the same constants with what an editor shows (documentation, positions).
//! - `.olean.private`: every constant the kernel knows, all of them whole: theorems with their proofs, private helpers, auxiliary
//!   lemmas (`foo._proof_1`), matchers. [`audit::Declared`] reads this part and no other.
//!
//! A later part holds only the objects that the earlier ones lack, so it is read together with them. A file outside the module
//! system has one part, the first, which holds everything.
//!
//! The embedded build takes every file for a module. There a declaration is private unless it is marked `public`, and a private
//! `foo` of the module `M` is called `_private.M.0.foo`. Private names of two files are therefore only comparable if both were
//! elaborated as the same module.
//!
//! # What the library of the embedded build does not hold
//!
//! It comes with the exported level only. Of its 139,317 constants (`Init`, `Std`, `Lean`) 74,898 are stored as axioms. What
//! they are is noted in an extension, `privateConstKindsExt`: 14 are axioms, the others theorems, definitions and opaque constants
//! whose body was left out ([`Status`]). Consequences:
//!
//! - That a library theorem is proved, and what its proof rests on, cannot be seen. It is trusted with the library, which is
//!   pinned by hash. [`audit::Coverage`] counts on how many such constants a proof rests.
//! - What is visible, all types and the bodies of 47,281 definitions and 7,936 theorems, was searched: nothing in it mentions
//!   `sorryAx`, `Lean.ofReduceBool`, `Lean.ofReduceNat` or `Lean.trustCompiler`; `lcProof` and its like occur in `unsafe` and
//!   `partial` definitions only.
//! - A constant that unfolds for Lean while it compiles the library may not unfold for us; nothing that was elaborated against
//!   this same library can depend on that.

pub mod audit;
pub mod constant;
pub mod decode;
pub mod error;
pub mod header;
pub mod image;
mod index;
pub mod library;
pub mod module;
pub mod name;
pub mod object;
pub mod render;

pub use constant::ConstantKind;
pub use decode::{Decoder, Memo};
pub use error::{Error, Result};
pub use header::{BigNumbers, Header, PointerSize};
pub use image::{Addr, Bytes, Image, Value};
pub use library::{Library, LibrarySource, Status};
pub use module::{Import, Level, ModuleData};
pub use name::ModuleName;

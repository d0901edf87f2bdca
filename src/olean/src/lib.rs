//! A reader of Lean 4's `.olean` files, format version 2, with 4-byte or 8-byte pointers.

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

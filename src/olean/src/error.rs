//! What can be wrong with a file.

use std::path::PathBuf;

/// Why a file, or something in it, could not be read.
///
/// For a library file each of these is a fault of the machinery. For a file made from an untrusted proof, [`Error::is_content`]
/// tells what the proof itself may have caused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The operating system refused.
    #[error("cannot read {}: {message}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        message: String,
    },
    /// A module that something imports has no file below any root.
    #[error("module {module} has no .olean file below the library roots")]
    ModuleNotFound {
        /// The module, rendered.
        module: String,
    },
    /// The file does not begin with the magic bytes.
    #[error("not an .olean file")]
    NotOlean,
    /// The header's version is one whose layout is not known here.
    #[error("format version {0} of .olean files is not supported, only version 2")]
    Version(u8),
    /// The header fits neither 4-byte nor 8-byte pointers, or both.
    #[error("the pointer size of the file cannot be told from its header")]
    PointerSize,
    /// The files given as parts of one module do not belong together.
    #[error("the parts of the module do not belong together: {0}")]
    Parts(&'static str),
    /// More bytes than offsets can express.
    #[error("a module of more than 4 GiB")]
    TooLarge,
    /// The bytes are not what Lean writes.
    #[error("damaged at offset {at:#x}: {what}")]
    Damaged {
        /// Offset from the beginning of the module's first part.
        at: u32,
        /// What does not fit.
        what: &'static str,
    },
    /// A term of a declaration holds a free variable or a metavariable.
    #[error("an unfinished term at offset {at:#x}: {what}")]
    OpenTerm {
        /// Offset from the beginning of the module's first part.
        at: u32,
        /// Which kind of variable.
        what: &'static str,
    },
    /// A number that Lean itself could not use here.
    #[error("a number out of range at offset {at:#x}: {what}")]
    OutOfRange {
        /// Offset from the beginning of the module's first part.
        at: u32,
        /// What the number counts.
        what: &'static str,
    },
    /// Decoding would take more work than a file of this size can honestly ask for.
    #[error("decoding takes far more work than a file of this size should ask for")]
    TooMuchWork,
}

impl Error {
    /// Whether an elaborated file may bring this about by what it declares, as opposed to a file that is missing, damaged or
    /// of an unknown format.
    pub fn is_content(&self) -> bool {
        matches!(self, Error::OpenTerm { .. } | Error::OutOfRange { .. } | Error::TooMuchWork)
    }
}

/// The result of reading something.
pub type Result<T> = std::result::Result<T, Error>;

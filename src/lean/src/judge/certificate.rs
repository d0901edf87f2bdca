//! What a proof was accepted for.

use serde::{Deserialize, Serialize};

/// One thing that was looked at, or that could not be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "audit", rename_all = "snake_case")]
pub enum Audit {
    /// Elaborated in a process of its own to the judge's last declaration, without an error.
    FreshProcess {
        /// The version of Lean.
        lean: String,
        /// Whether that process was kept from the files and processes of the machine.
        confined: bool,
    },
    /// The type and universe parameters are those of the trusted statement, binders included.
    Statement,
    /// There was no trusted statement: the file's own was taken at its word.
    OwnStatement,
    /// Axioms were collected through types and values of all new constants it rests on.
    Axioms {
        /// How many constants that were.
        constants: usize,
    },
    /// All of those were checked again by the second kernel.
    SecondKernel {
        /// The steps it took.
        steps: u64,
    },
    /// Library constants that it rests on directly are trusted with the library, which is pinned by hash.
    TrustedLibrary {
        /// How many.
        constants: usize,
        /// How many of them have a body that the library's files do not hold, so that nobody here can look at it.
        without_body: usize,
    },
}

/// Made by the judge for a proof that passed the whole contract, and by nobody else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Certificate {
    pub(super) axioms: Vec<String>,
    pub(super) audits: Vec<Audit>,
    pub(super) file_hash: String,
}

impl Certificate {
    /// The axioms the proof rests on, sorted: a subset of `Classical.choice`, `Quot.sound`, `propext`.
    pub fn axioms(&self) -> &[String] {
        &self.axioms
    }

    /// What was audited.
    pub fn audits(&self) -> &[Audit] {
        &self.audits
    }

    /// BLAKE3 of the candidate's file, in hex.
    pub fn file_hash(&self) -> &str {
        &self.file_hash
    }
}

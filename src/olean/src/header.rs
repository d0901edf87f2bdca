//! The header of a file.
//!
//! | bytes | what |
//! | --- | --- |
//! | 0..5 | `olean` |
//! | 5 | format version, 2 |
//! | 6 | flags: bit 0 set where big numbers are GMP's, clear where they are Lean's own |
//! | 7..40 | Lean's version, padded with zeros |
//! | 40..80 | commit of Lean's source, padded with zeros |
//! | 80.. | the address the file is meant to be mapped at: one pointer |
//! | then | the address of the root object: one pointer |
//! | then | the objects |
//!
//! Nothing says how long a pointer is. But the base address is a multiple of 64 KiB and the root of a module is a constructor
//! object with five fields inside the file, so at most one reading makes sense in practice; where both do, the file is refused.

use crate::error::{Error, Result};

const MAGIC: &[u8] = b"olean";
const VERSION: u8 = 2;
const ADDRESS_AT: usize = 80;
const BASE_ALIGNMENT: u64 = 1 << 16;
/// Lean keeps base addresses below the part of the address space where stacks and libraries live.
const BASE_LIMIT_64: u64 = 0x7f00_0000_0000;

/// How long a pointer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PointerSize {
    /// 4 bytes: the WebAssembly build.
    Four,
    /// 8 bytes: native builds.
    Eight,
}

impl PointerSize {
    /// In bytes.
    pub fn bytes(self) -> usize {
        match self {
            PointerSize::Four => 4,
            PointerSize::Eight => 8,
        }
    }

    /// The little-endian word at the beginning of `bytes`; `None` where they are too few.
    pub(crate) fn read(self, bytes: &[u8]) -> Option<u64> {
        match self {
            PointerSize::Four => bytes.first_chunk().map(|word| u64::from(u32::from_le_bytes(*word))),
            PointerSize::Eight => bytes.first_chunk().map(|word| u64::from_le_bytes(*word)),
        }
    }

    /// `a - b` in the address space of this size.
    pub(crate) fn distance(self, a: u64, b: u64) -> u64 {
        match self {
            PointerSize::Four => a.wrapping_sub(b) & u64::from(u32::MAX),
            PointerSize::Eight => a.wrapping_sub(b),
        }
    }
}

/// How numbers beyond a tagged pointer are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BigNumbers {
    /// As GMP's `mpz_t`, with limbs of pointer size.
    Gmp,
    /// As Lean's own, with 4-byte digits.
    Native,
}

/// What the header of one file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// How long a pointer is (found out, not recorded).
    pub pointer_size: PointerSize,
    /// How big numbers are stored.
    pub big_numbers: BigNumbers,
    /// Lean's version, such as `4.28.0-pre`.
    pub lean_version: String,
    /// The commit of Lean's source.
    pub git_hash: String,
    /// The address of the first byte of the file.
    pub base: u64,
    /// The address of the root object.
    pub root: u64,
}

impl Header {
    /// Reads the header of a module's first part, finding the pointer size out.
    pub fn read(bytes: &[u8]) -> Result<Header> {
        let four = Header::read_as(bytes, PointerSize::Four)?;
        let eight = Header::read_as(bytes, PointerSize::Eight);
        match (four.root_is_plausible(bytes), eight) {
            (true, Ok(eight)) if eight.root_is_plausible(bytes) => Err(Error::PointerSize),
            (true, _) => Ok(four),
            (false, Ok(eight)) if eight.root_is_plausible(bytes) => Ok(eight),
            (false, _) => Err(Error::PointerSize),
        }
    }

    /// Reads a header for a known pointer size. The root of a later part may lie in an earlier one, so it is not looked at.
    pub fn read_as(bytes: &[u8], pointer_size: PointerSize) -> Result<Header> {
        if !bytes.starts_with(MAGIC) {
            return Err(Error::NotOlean);
        }
        let truncated = Error::Damaged { at: 0, what: "the file ends inside its header" };
        match bytes.get(5) {
            Some(&VERSION) => {}
            Some(&other) => return Err(Error::Version(other)),
            None => return Err(truncated),
        }
        let (Some(&flags), Some(version), Some(hash), Some(addresses)) =
            (bytes.get(6), bytes.get(7..40), bytes.get(40..ADDRESS_AT), bytes.get(ADDRESS_AT..))
        else {
            return Err(truncated);
        };
        let base = pointer_size.read(addresses).ok_or(truncated.clone())?;
        let root = addresses.get(pointer_size.bytes()..).and_then(|rest| pointer_size.read(rest)).ok_or(truncated)?;
        let big_numbers = if flags & 1 == 1 { BigNumbers::Gmp } else { BigNumbers::Native };
        Ok(Header { pointer_size, big_numbers, lean_version: text(version), git_hash: text(hash), base, root })
    }

    /// Where the objects begin.
    pub(crate) fn objects_at(pointer_size: PointerSize) -> usize {
        ADDRESS_AT + 2 * pointer_size.bytes()
    }

    /// Whether the base address is one where Lean puts files.
    pub(crate) fn base_is_aligned(&self) -> bool {
        self.base.is_multiple_of(BASE_ALIGNMENT)
    }

    fn root_is_plausible(&self, bytes: &[u8]) -> bool {
        let at = self.pointer_size.distance(self.root, self.base);
        let Ok(at) = usize::try_from(at) else { return false };
        self.base_is_aligned()
            && (self.pointer_size == PointerSize::Four || self.base <= BASE_LIMIT_64)
            && at >= Header::objects_at(self.pointer_size)
            && at.is_multiple_of(self.pointer_size.bytes())
            // Reference count 0, then two bytes of size, five fields, constructor 0.
            && bytes.get(at..).and_then(|object| object.first_chunk::<8>()).is_some_and(|h| h[..4] == [0; 4] && h[6..] == [5, 0])
    }
}

fn text(padded: &[u8]) -> String {
    let end = padded.iter().position(|b| *b == 0).unwrap_or(padded.len());
    String::from_utf8_lossy(&padded[..end]).into_owned()
}

//! The bytes of one module: up to three files in one address space.
//!
//! Lean writes `X.olean`, `X.olean.server` and `X.olean.private` with one serializer, each part at the next multiple of 64 KiB
//! behind the one before. A later part holds only what the earlier ones do not, and points into them. So the parts are read
//! together: an [`Addr`] is an offset from the beginning of the first.
//!
//! **Why nothing here can loop.** The serializer writes an object after everything the object points to. A pointer that does
//! not lead to a smaller address is therefore damage and refused (in `Image::value`), and every walk along pointers ends.

use crate::error::{Error, Result};
use crate::header::{Header, PointerSize};
use memmap2::Mmap;
use std::fs::File;
use std::path::Path;

/// Where an object lies: its offset from the beginning of the module's first part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Addr(pub(crate) u32);

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// A number below 2^31 or 2^63, or a constructor without fields.
    Scalar(u64),
    /// An object.
    Object(Addr),
}

/// The contents of one file.
#[derive(Debug)]
pub enum Bytes {
    /// Mapped. For files that nobody rewrites in place: shortening a mapped file kills the process that reads it.
    Mapped(Mmap),
    /// Read.
    Owned(Vec<u8>),
}

impl Bytes {
    /// Maps a file that is never modified in place, such as one of an installed library.
    pub fn map(path: &Path) -> Result<Bytes> {
        let io = |error: std::io::Error| Error::Io { path: path.to_owned(), message: error.to_string() };
        let file = File::open(path).map_err(io)?;
        // SAFETY: the caller vouches that the file is not modified while it is mapped; installed libraries are replaced by
        // renaming, which leaves the mapped file as it was.
        Ok(Bytes::Mapped(unsafe { Mmap::map(&file) }.map_err(io)?))
    }

    /// Reads a whole file.
    pub fn read(path: &Path) -> Result<Bytes> {
        std::fs::read(path).map(Bytes::Owned).map_err(|error| Error::Io { path: path.to_owned(), message: error.to_string() })
    }

    fn as_slice(&self) -> &[u8] {
        match self {
            Bytes::Mapped(map) => map,
            Bytes::Owned(bytes) => bytes,
        }
    }
}

#[derive(Debug)]
struct Part {
    start: u32,
    bytes: Bytes,
    root: u64,
}

/// The parts of one module.
#[derive(Debug)]
pub struct Image {
    header: Header,
    parts: Vec<Part>,
}

impl Image {
    /// Puts the parts of a module together, in the order `.olean`, `.olean.server`, `.olean.private`.
    pub fn new(parts: Vec<Bytes>) -> Result<Image> {
        let first = parts.first().ok_or(Error::Parts("there are none"))?;
        let header = Header::read(first.as_slice())?;
        let mut placed: Vec<Part> = Vec::with_capacity(parts.len());
        let mut end = 0u64;
        for bytes in parts {
            let own = Header::read_as(bytes.as_slice(), header.pointer_size)?;
            let same_build =
                own.lean_version == header.lean_version && own.git_hash == header.git_hash && own.big_numbers == header.big_numbers;
            if !same_build {
                return Err(Error::Parts("they come from different builds of Lean"));
            }
            if !own.base_is_aligned() {
                return Err(Error::Parts("a base address is not a multiple of 64 KiB"));
            }
            let start = header.pointer_size.distance(own.base, header.base);
            if start < end {
                return Err(Error::Parts("they overlap or are out of order"));
            }
            end = start.checked_add(bytes.as_slice().len() as u64).ok_or(Error::TooLarge)?;
            if end > u64::from(u32::MAX) {
                return Err(Error::TooLarge);
            }
            let start = u32::try_from(start).map_err(|_| Error::TooLarge)?;
            placed.push(Part { start, bytes, root: own.root });
        }
        Ok(Image { header, parts: placed })
    }

    /// The header of the first part.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// How many parts there are.
    pub fn part_count(&self) -> usize {
        self.parts.len()
    }

    /// The size of all parts in bytes.
    pub fn byte_count(&self) -> u64 {
        self.parts.iter().map(|part| part.bytes.as_slice().len() as u64).sum()
    }

    pub(crate) fn pointer_size(&self) -> PointerSize {
        self.header.pointer_size
    }

    /// The root object of a part.
    pub(crate) fn root(&self, part: usize) -> Result<Addr> {
        let part = self.parts.get(part).ok_or(Error::Parts("one is missing"))?;
        let end = part.start + part.bytes.as_slice().len() as u32;
        match self.value(part.root, Addr(end))? {
            Value::Object(root) => Ok(root),
            Value::Scalar(_) => Err(Error::Damaged { at: part.start, what: "the root is not an object" }),
        }
    }

    /// What a stored word means. `holder` is where the object begins that it is stored in.
    pub(crate) fn value(&self, word: u64, holder: Addr) -> Result<Value> {
        if word & 1 == 1 {
            return Ok(Value::Scalar(word >> 1));
        }
        let size = self.pointer_size();
        let offset = size.distance(word, self.header.base);
        if offset >= u64::from(holder.0) {
            return Err(Error::Damaged { at: holder.0, what: "a pointer does not lead back" });
        }
        if !offset.is_multiple_of(size.bytes() as u64) {
            return Err(Error::Damaged { at: holder.0, what: "an unaligned pointer" });
        }
        // Below `holder`, hence in range.
        Ok(Value::Object(Addr(offset as u32)))
    }

    /// The bytes of the part `addr` lies in, from there on.
    pub(crate) fn tail(&self, addr: Addr) -> Result<&[u8]> {
        let outside = Error::Damaged { at: addr.0, what: "an address outside the objects" };
        let Some(part) = self.parts.iter().rev().find(|part| part.start <= addr.0) else { return Err(outside) };
        let at = (addr.0 - part.start) as usize;
        if at < Header::objects_at(self.pointer_size()) {
            return Err(outside);
        }
        part.bytes.as_slice().get(at..).ok_or(outside)
    }
}

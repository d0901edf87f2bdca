//! Lean's runtime objects, as they lie in a file.
//!
//! Each begins with eight bytes: a reference count (0 in files), the size of a constructor object, one byte that means something
//! else for each kind, and a tag. Every accessor checks that what it reads lies inside the object.

use crate::error::{Error, Result};
use crate::header::{BigNumbers, PointerSize};
use crate::image::{Addr, Image, Value};
use num_bigint::BigUint;

const HEADER: usize = 8;
const MAX_CONSTRUCTOR_TAG: u8 = 243;
const TAG_ARRAY: u8 = 246;
const TAG_SCALAR_ARRAY: u8 = 248;
const TAG_STRING: u8 = 249;
const TAG_BIG_NUMBER: u8 = 250;
const TAG_THUNK: u8 = 251;
const TAG_TASK: u8 = 252;
const TAG_REF: u8 = 253;

/// One object.
#[derive(Clone, Debug)]
pub enum Object<'a> {
    /// A constructor applied to its fields.
    Constructor(Constructor<'a>),
    /// An array of values.
    Array(Array<'a>),
    /// An array of fixed-size scalars: the size of one, and the bytes of all.
    ScalarArray(u8, &'a [u8]),
    /// A string.
    Str(&'a str),
    /// A natural number too large for a [`Value::Scalar`].
    Nat(BigUint),
    /// A negative integer too large for a [`Value::Scalar`]: its absolute value.
    NegativeInt(BigUint),
    /// A thunk, task or reference: what it holds.
    Cell(Value),
}

/// A constructor object: fields that are values, then scalar fields, the larger first.
#[derive(Clone, Copy, Debug)]
pub struct Constructor<'a> {
    image: &'a Image,
    addr: Addr,
    tag: u8,
    fields: &'a [u8],
    scalars: &'a [u8],
}

/// An array object.
#[derive(Clone, Copy, Debug)]
pub struct Array<'a> {
    image: &'a Image,
    addr: Addr,
    elements: &'a [u8],
}

fn damaged<T>(at: Addr, what: &'static str) -> Result<T> {
    Err(Error::Damaged { at: at.0, what })
}

/// `bytes[start..start + len]`, whatever the numbers.
fn span(bytes: &[u8], start: usize, len: u64) -> Option<&[u8]> {
    let len = usize::try_from(len).ok()?;
    bytes.get(start..start.checked_add(len)?)
}

impl Image {
    /// The object at an address.
    pub fn object(&self, addr: Addr) -> Result<Object<'_>> {
        let bytes = self.tail(addr)?;
        let Some([0, 0, 0, 0, size_low, size_high, other, tag]) = bytes.first_chunk().copied() else {
            return damaged(addr, "not an object");
        };
        let word = self.pointer_size().bytes();
        let word_at = |index: usize| {
            let at = HEADER + index * word;
            let stored = bytes.get(at..).and_then(|rest| self.pointer_size().read(rest));
            stored.ok_or(Error::Damaged { at: addr.0, what: "an object is cut off" })
        };
        match tag {
            0..=MAX_CONSTRUCTOR_TAG => {
                let size = usize::from(u16::from_le_bytes([size_low, size_high]));
                let fields_end = HEADER + usize::from(other) * word;
                match (bytes.get(HEADER..fields_end), bytes.get(fields_end..size)) {
                    (Some(fields), Some(scalars)) => Ok(Object::Constructor(Constructor { image: self, addr, tag, fields, scalars })),
                    _ => damaged(addr, "a constructor's fields do not fit in it"),
                }
            }
            TAG_ARRAY => {
                let size = word_at(0)?.checked_mul(word as u64);
                match size.and_then(|size| span(bytes, HEADER + 2 * word, size)) {
                    Some(elements) => Ok(Object::Array(Array { image: self, addr, elements })),
                    None => damaged(addr, "an array is cut off"),
                }
            }
            TAG_SCALAR_ARRAY => {
                let size = word_at(0)?.checked_mul(u64::from(other));
                match size.and_then(|size| span(bytes, HEADER + 2 * word, size)) {
                    Some(elements) => Ok(Object::ScalarArray(other, elements)),
                    None => damaged(addr, "an array of scalars is cut off"),
                }
            }
            TAG_STRING => match span(bytes, HEADER + 3 * word, word_at(0)?) {
                Some([text @ .., 0]) => match std::str::from_utf8(text) {
                    Ok(text) => Ok(Object::Str(text)),
                    Err(_) => damaged(addr, "a string is not UTF-8"),
                },
                _ => damaged(addr, "a string is cut off"),
            },
            TAG_BIG_NUMBER => self.big_number(addr, bytes),
            TAG_THUNK | TAG_TASK | TAG_REF => Ok(Object::Cell(self.value(word_at(0)?, addr)?)),
            _ => damaged(addr, "an object of a kind that files do not hold"),
        }
    }

    fn big_number(&self, addr: Addr, bytes: &[u8]) -> Result<Object<'_>> {
        let word = self.pointer_size().bytes();
        // Lean's own: sign, digit count, pointer to the digits. GMP's: two 4-byte integers, the allocated limbs and the used
        // ones (negated in a negative number), then the pointer. The digits follow, whatever the pointer says.
        let (negative, digits_at, digits_len) = match self.header().big_numbers {
            BigNumbers::Native => {
                let count = bytes.get(HEADER + word..).and_then(|rest| self.pointer_size().read(rest));
                let sign = bytes.get(HEADER).copied();
                (sign.map(|sign| sign != 0), HEADER + 3 * word, count.and_then(|count| count.checked_mul(4)))
            }
            BigNumbers::Gmp => {
                let used = bytes.get(HEADER + 4..).and_then(|rest| rest.first_chunk()).map(|used| i32::from_le_bytes(*used));
                (used.map(|used| used < 0), HEADER + 8 + word, used.map(|used| u64::from(used.unsigned_abs()) * word as u64))
            }
        };
        let digits = digits_len.and_then(|len| span(bytes, digits_at, len));
        match (negative, digits) {
            (Some(negative), Some(digits)) => {
                let magnitude = BigUint::from_bytes_le(digits);
                Ok(if negative { Object::NegativeInt(magnitude) } else { Object::Nat(magnitude) })
            }
            _ => damaged(addr, "a big number is cut off"),
        }
    }

    /// The constructor object a value is.
    pub fn constructor(&self, value: Value, holder: Addr) -> Result<Constructor<'_>> {
        match value {
            Value::Object(addr) => match self.object(addr)? {
                Object::Constructor(constructor) => Ok(constructor),
                _ => damaged(addr, "expected a constructor"),
            },
            Value::Scalar(_) => damaged(holder, "expected an object"),
        }
    }

    /// The array a value is.
    pub fn array(&self, value: Value, holder: Addr) -> Result<Array<'_>> {
        match value {
            Value::Object(addr) => match self.object(addr)? {
                Object::Array(array) => Ok(array),
                _ => damaged(addr, "expected an array"),
            },
            Value::Scalar(_) => damaged(holder, "expected an array"),
        }
    }

    /// The string a value is.
    pub fn str(&self, value: Value, holder: Addr) -> Result<&str> {
        match value {
            Value::Object(addr) => match self.object(addr)? {
                Object::Str(text) => Ok(text),
                _ => damaged(addr, "expected a string"),
            },
            Value::Scalar(_) => damaged(holder, "expected a string"),
        }
    }

    /// The natural number a value is.
    pub fn nat(&self, value: Value) -> Result<BigUint> {
        match value {
            Value::Scalar(small) => Ok(small.into()),
            Value::Object(addr) => match self.object(addr)? {
                Object::Nat(big) => Ok(big),
                _ => damaged(addr, "expected a number"),
            },
        }
    }
}

impl<'a> Constructor<'a> {
    /// Where the object lies.
    pub fn addr(&self) -> Addr {
        self.addr
    }

    /// Which constructor of its type.
    pub fn tag(&self) -> u8 {
        self.tag
    }

    /// How many fields are values.
    pub fn field_count(&self) -> usize {
        self.fields.len() / self.image.pointer_size().bytes()
    }

    /// How many bytes of scalar fields there are, padding included.
    pub fn scalar_bytes(&self) -> usize {
        self.scalars.len()
    }

    /// A field by its position among the values.
    pub fn field(&self, index: usize) -> Result<Value> {
        word_of(self.image, self.addr, self.fields, index)
    }

    /// All fields of a constructor that must have exactly `N`.
    pub fn fields<const N: usize>(&self) -> Result<[Value; N]> {
        if self.field_count() != N {
            return damaged(self.addr, "a constructor with another number of fields than its type has");
        }
        let mut fields = [Value::Scalar(0); N];
        for (index, field) in fields.iter_mut().enumerate() {
            *field = self.field(index)?;
        }
        Ok(fields)
    }

    /// A scalar field of one byte, by its offset behind the fields.
    pub fn byte(&self, offset: usize) -> Result<u8> {
        self.scalars.get(offset).copied().ok_or(Error::Damaged { at: self.addr.0, what: "a scalar field is missing" })
    }

    /// A scalar field that is a `Bool`.
    pub fn flag(&self, offset: usize) -> Result<bool> {
        match self.byte(offset)? {
            0 => Ok(false),
            1 => Ok(true),
            _ => damaged(self.addr, "neither true nor false"),
        }
    }

    /// A scalar field of four bytes.
    pub fn u32(&self, offset: usize) -> Result<u32> {
        match self.scalars.get(offset..).and_then(|rest| rest.first_chunk()) {
            Some(bytes) => Ok(u32::from_le_bytes(*bytes)),
            None => damaged(self.addr, "a scalar field is missing"),
        }
    }
}

impl<'a> Array<'a> {
    /// Where the object lies.
    pub fn addr(&self) -> Addr {
        self.addr
    }

    /// How many elements there are.
    pub fn len(&self) -> usize {
        self.elements.len() / self.image.pointer_size().bytes()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.elements.is_empty()
    }

    /// An element.
    pub fn get(&self, index: usize) -> Result<Value> {
        word_of(self.image, self.addr, self.elements, index)
    }

    /// The elements in order.
    pub fn iter(self) -> impl Iterator<Item = Result<Value>> + 'a {
        (0..self.len()).map(move |index| self.get(index))
    }
}

fn word_of(image: &Image, holder: Addr, words: &[u8], index: usize) -> Result<Value> {
    let size: PointerSize = image.pointer_size();
    let at = index.checked_mul(size.bytes());
    match at.and_then(|at| words.get(at..)).and_then(|rest| size.read(rest)) {
        Some(word) => image.value(word, holder),
        None => damaged(holder, "no such field or element"),
    }
}

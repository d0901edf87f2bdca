//! What the tests share.

#![allow(dead_code, unreachable_pub, missing_docs, reason = "each test binary uses a part of it")]

pub mod build;
pub mod writer;

use prove_olean::object::Object;
use prove_olean::{Error, Image, Level, Value};
use std::collections::HashSet;
use std::path::PathBuf;

/// Where the unpacked library of the embedded Lean is; says so on standard output where there is none.
#[allow(clippy::print_stdout, reason = "a skipped test says so")]
pub fn library_root() -> Option<PathBuf> {
    let root = std::env::var_os("PROVE_TEST_LEAN_LIB").map(PathBuf::from);
    match root {
        Some(root) if root.join("Init.olean").is_file() => Some(root),
        _ => {
            println!("skipped: PROVE_TEST_LEAN_LIB names no folder with Init.olean");
            None
        }
    }
}

/// Follows every pointer from the roots of all parts. Fails where an object is not what Lean writes.
pub fn walk(image: &Image) -> Result<usize, Error> {
    let mut seen = HashSet::new();
    let mut stack = Vec::new();
    for level in [Level::Exported, Level::Server, Level::Private].iter().take(image.part_count()) {
        stack.push(Value::Object(image.module_data(*level)?.addr()));
    }
    while let Some(value) = stack.pop() {
        let Value::Object(addr) = value else { continue };
        if !seen.insert(addr) {
            continue;
        }
        match image.object(addr)? {
            Object::Constructor(node) => {
                for index in 0..node.field_count() {
                    stack.push(node.field(index)?);
                }
            }
            Object::Array(array) => {
                for element in array.iter() {
                    stack.push(element?);
                }
            }
            Object::Cell(value) => stack.push(value),
            Object::ScalarArray(..) | Object::Str(_) | Object::Nat(_) | Object::NegativeInt(_) => {}
        }
    }
    Ok(seen.len())
}

//! What the tests share.

#![allow(dead_code, unreachable_pub, missing_docs, reason = "each test binary uses a part of it")]

pub mod build;
pub mod writer;

use prove_olean::object::Object;
use prove_olean::{Error, Image, Level, Value};
use std::collections::HashSet;
use std::env;
use std::path::PathBuf;

/// Where the unpacked library of the embedded Lean is: the folder `PROVE_TEST_LEAN_LIB` names, else the one `prove setup`
/// provisioned. Says so on standard output where there is none.
#[allow(clippy::print_stdout, reason = "a skipped test says so")]
pub fn library_root() -> Option<PathBuf> {
    let found = match env::var_os("PROVE_TEST_LEAN_LIB") {
        Some(named) => vec![PathBuf::from(named)],
        None => provisioned(),
    };
    let found = found.into_iter().find(|root| root.join("Init.olean").is_file());
    if found.is_none() {
        println!("skipped: no embedded Lean is provisioned, and PROVE_TEST_LEAN_LIB names no folder with Init.olean");
    }
    found
}

fn provisioned() -> Vec<PathBuf> {
    let cache = || {
        let cache = env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
        Some(cache.or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".cache")))?.join("prove"))
    };
    let Some(home) = env::var_os("PROVE_HOME").map(PathBuf::from).or_else(cache) else { return Vec::new() };
    let installed = std::fs::read_dir(home.join("lean-embedded")).into_iter().flatten().flatten();
    installed.map(|entry| entry.path().join("lib/lean")).collect()
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

//! The `prove` executable.
fn main() {}

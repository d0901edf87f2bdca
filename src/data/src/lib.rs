//! Theorems to learn from: a seeded generator of statements in core Lean 4.28, without Mathlib.
//!
//! A [`Family`] draws statements of one kind, for example divisibility of linear forms, at five difficulties; [`families()`] lists all of
//! them. A [`Generator`] draws from many families by turns and gives each statement once, where statements that differ only in names or
//! in the order of their hypotheses are one ([`Key`]). The key also decides what is held out for evaluation ([`Split`]), so that no
//! statement is on both sides, and [`BenchmarkKeys`] refuses statements of published benchmarks.
//!
//! A statement is labelled ([`Label`]). Families state what holds by construction; some of their statements are then changed at one place.
//! A small interpreter ([`model`]) reads the text of each statement and looks for a counterexample, so a statement labelled false has one.
//! Labels steer what is worth proving and what is worth refuting; they prove nothing, Lean does.
//!
//! Nothing here does I/O, and everything is a function of its seed.

mod benchmark;
mod draft;
mod families;
mod finish;
mod generator;
mod key;
pub mod model;
mod mutate;
mod names;
mod rng;
mod statement;
mod words;

pub use benchmark::BenchmarkKeys;
pub use families::{Family, families};
pub use generator::{Generator, Mix};
pub use key::{Key, Split};
pub use statement::{Binder, Definition, Difficulty, Form, Label, Statement, Style, Topic};

//! Lean's surface syntax as far as `prove` needs it, free of I/O and total: every function here answers for every text.
//!
//! - [`lex`] cuts a text into tokens and loses nothing; [`Source`] adds lines, columns and brackets.
//! - [`Outline`] finds the header, the commands and the declarations of a file.
//! - [`find_sorries`] finds the places to fill.
//! - [`ProofBody`] shows that an untrusted text is one proof and nothing else; [`splice`] puts it where a `sorry` was.
//! - [`Layout`] finds the tactics of a proof by their layout.
//!
//! What is decided here is only the first level of judging a candidate. A text that passes can still be wrong, or hostile in ways that
//! only Lean shows; the judge (crate `prove-lean`) never rests on this crate alone.

mod body;
mod chars;
mod commands;
mod indent;
mod keywords;
mod layout;
mod lexer;
pub mod policy;
mod sorries;
mod source;
mod splice;

pub use body::{BodyKind, ProofBody};
pub use commands::{BodyForm, Command, Declaration, DeclarationKind, Outline};
pub use layout::{Layout, Step, StepKind};
pub use lexer::{LexError, LexErrorKind, Lexed, Token, TokenKind, lex};
pub use sorries::{Place, Sorry, find_sorries};
pub use source::Source;
pub use splice::{Inserted, Spliced, splice};

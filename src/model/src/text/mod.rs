//! What stands between text and tokens.
//!
//! [`Tokenizer`] turns text into token ids and knows the bytes of every token; [`Detokenizer`] puts a running generation's bytes back
//! together into text, never a part of a character. [`ChatTemplate`] lays a conversation out as the model was trained to read it.
//! [`Format`] writes the prompts of the published provers, and [`extract`] finds the proof in what they answer.

mod config;
mod detokenizer;
mod extract;
mod format;
mod scan;
mod spelling;
mod template;
mod tokenizer;

pub use detokenizer::Detokenizer;
pub(crate) use detokenizer::Utf8Assembler;
pub use extract::{Extracted, NoProof, extract};
pub use format::{Attempt, Format, Report, Task, Wanted};
pub use template::ChatTemplate;
pub use tokenizer::Tokenizer;

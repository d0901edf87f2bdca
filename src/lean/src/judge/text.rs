//! The text that the judge gives to Lean: the file, what this Lean needs before it, and the judge's last declaration after it.

use crate::toolchain::Toolchain;
use prove_core::Position;
use prove_syntax::{Outline, Source};
use std::hash::{BuildHasher, Hasher, RandomState};

/// What a Lean needs between a file's imports and its first command so that the file means what it means elsewhere.
///
/// The embedded Lean takes every file for a `module`: its declarations would be private and its definitions compiled, which
/// fails because the library comes without compiled code. So everything is opened up: public, exposed, not compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preamble(&'static str);

impl Preamble {
    /// The preamble of a Lean.
    pub fn of(toolchain: &Toolchain) -> Preamble {
        Preamble(match toolchain {
            Toolchain::Native(_) => "",
            Toolchain::Embedded(_) => {
                " set_option backward.privateInPublic true set_option backward.privateInPublic.warn false \
                 @[expose] public noncomputable section "
            }
        })
    }

    /// Puts it into a file, on a line that is there already. Returns the byte at which it stands and the new text.
    ///
    /// Nothing is put into a file that says `module` itself.
    pub fn insert(self, text: &str) -> (usize, String) {
        let source = Source::new(text);
        let at = Outline::new(&source).header.end;
        let says_module = source.code().first().is_some_and(|token| &text[token.range()] == "module");
        let preamble = if says_module { "" } else { self.0 };
        (at, [&text[..at], preamble, &text[at..]].concat())
    }
}

/// A name nobody can guess, for the last declaration of a judged file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Nonce(String);

impl Nonce {
    /// A new one. `RandomState` is seeded by the operating system.
    pub(crate) fn fresh() -> Nonce {
        let random = || RandomState::new().build_hasher().finish();
        Nonce(format!("prove_end_{:016x}{:016x}", random(), random()))
    }

    pub(crate) fn name(&self) -> &str {
        &self.0
    }
}

/// A user's text as a Lean is given it, and how places in it map back to the user's.
#[derive(Clone, Debug)]
pub struct Text {
    pub(crate) lean: String,
    /// Where the preamble ends.
    split: usize,
    /// Where it stands in the user's text, and its length in code points.
    at: Position,
    columns: u32,
}

impl Text {
    /// The text with the preamble.
    pub fn new(text: &str, preamble: Preamble) -> Text {
        let (at, lean) = preamble.insert(text);
        let split = at + lean.len() - text.len();
        let columns = lean[at..split].chars().count() as u32;
        Text { lean, split, at: Position::of_byte(text, at), columns }
    }

    /// The same with the judge's last declaration.
    pub(crate) fn ended_by(mut self, nonce: &Nonce) -> Text {
        self.lean.push_str(&format!("\n\ntheorem _root_.{} : True := True.intro\n", nonce.name()));
        self
    }

    /// All of it.
    pub fn whole(&self) -> &str {
        &self.lean
    }

    /// Imports and preamble: what a worker keeps warm, and [`Job::header`](crate::Job::header).
    pub fn header(&self) -> &str {
        &self.lean[..self.split]
    }

    /// The rest.
    pub fn body(&self) -> &str {
        &self.lean[self.split..]
    }

    /// The user's position for one of Lean's.
    pub fn position(&self, lean: Position) -> Position {
        if lean.line == self.at.line && lean.column >= self.at.column {
            let column = lean.column.saturating_sub(self.columns).max(self.at.column);
            return Position::new(lean.line, column);
        }
        lean
    }

    /// Lean's position for one of the user's.
    pub fn lean_position(&self, user: Position) -> Position {
        if user.line == self.at.line && user.column >= self.at.column {
            return Position::new(user.line, user.column.saturating_add(self.columns));
        }
        user
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::toolchain::{EmbeddedLean, LeanVersion};

    fn embedded() -> Toolchain {
        let version = LeanVersion::parse("4.28.0").expect("a version");
        Toolchain::Embedded(EmbeddedLean { host: "h".into(), image: "i".into(), library: "l".into(), version })
    }

    #[test]
    fn places_on_the_preambles_line_map_back() {
        let user = "theorem a : True := by\n  omega\n";
        let text = Text::new(user, Preamble::of(&embedded()));
        let column = text.lean.find("theorem").expect("it is there");
        assert_eq!(text.position(Position::new(0, column as u32 + 8)), Position::new(0, 8));
        assert_eq!(text.position(Position::new(1, 2)), Position::new(1, 2));
        assert_eq!(text.lean_position(Position::new(0, 8)), Position::new(0, column as u32 + 8));
        assert_eq!([text.header(), text.body()].concat(), text.lean);
        assert!(text.body().starts_with("theorem"));
        assert_eq!(text.lean.lines().count(), user.lines().count(), "no line moves");
    }

    #[test]
    fn the_preamble_follows_the_imports() {
        let text = Text::new("import Init\n\ntheorem a : True := trivial", Preamble::of(&embedded()));
        assert!(text.lean.starts_with("import Init set_option"), "{}", text.lean);
        let module = "module\n\npublic theorem a : True := trivial";
        let text = Text::new(module, Preamble::of(&embedded()));
        assert_eq!((text.lean.as_str(), text.position(Position::new(0, 6))), (module, Position::new(0, 6)));
    }

    #[test]
    fn nonces_differ() {
        assert_ne!(Nonce::fresh(), Nonce::fresh());
    }
}

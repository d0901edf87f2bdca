//! Properties over arbitrary text and over soups of Lean tokens.

use proptest::prelude::*;
use prove_syntax::{Layout, Outline, ProofBody, Source, TokenKind, find_sorries, lex, splice};

/// A file with a `sorry` in every kind of place, and commands of every kind around them.
const FILE: &str = "import Lean
/-! Title -/
namespace A
theorem whole : P := sorry
/-- doc -/ @[simp] theorem tactic (h : 1 = 1) : P := by sorry
open Nat in
private lemma steps : P := by
  constructor
  · sorry
  have h : Q := by sorry -- comment
  cases h with
  | inl x => sorry
  | inr x => exact f (sorry) sorry/- c -/
  skip; sorry; rfl
def term (n : Nat) : Nat := match n with
  | 0 => sorry
  | n + 1 => f ⟨sorry, 1⟩
instance : Inhabited Nat := ⟨sorry⟩
end A
set_option maxRecDepth 1000 in
example : P := by
  rw [show a = b by sorry]
#eval 1
theorem last : P :=sorry";

/// Pieces that make candidates, honest and hostile.
const PIECES: &[&str] = &[
    " ",
    "\n",
    "\n  ",
    "\n    ",
    "\t",
    "\r\n",
    "\r",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "⟨",
    "⟩",
    "⟦",
    "⟧",
    "⦃",
    "⦄",
    "«",
    "»",
    "\"",
    "'",
    "`",
    "-",
    "/",
    "--",
    "/-",
    "-/",
    "/--",
    "/-!",
    "!",
    "#",
    "@[",
    "\\",
    "·",
    ".",
    ";",
    ",",
    ":",
    ":=",
    "=>",
    "|",
    "<;>",
    "<-",
    "//",
    "''",
    "⁻¹'",
    "s!\"",
    "r#\"",
    "r\"",
    "\"#",
    "x",
    "h.1",
    "«a b»",
    "α₁",
    "0x",
    "1",
    "1e",
    "'a'",
    "'\"'",
    "\"s\"",
    "s!\"{x}\"",
    "`n",
    "by",
    "exact",
    "simp",
    "have h : p := by",
    "intro x",
    "cases h with",
    "calc a = b := rfl",
    "_ = c := rfl",
    "induction n with",
    "first",
    "open Nat in",
    "open",
    "in",
    "set_option maxRecDepth 100 in",
    "set_option",
    "where",
    "termination_by",
    "theorem t : P",
    "end",
    "namespace",
    "sorry",
    "instance",
    "local",
    "notation",
    "macro",
    "fun x",
    "let rec f",
    "match n with",
    "if p then",
    "else",
    "#eval",
    "-- c\n",
    "/- c -/",
    "ℕ",
    "𝔸",
    "\u{0301}",
    "\u{a0}",
    "→",
    "∀ x,",
    "∑ x in s,",
];

fn soup() -> impl Strategy<Value = String> {
    prop::collection::vec((prop::sample::select(PIECES), prop::bool::weighted(0.7)), 0..40)
        .prop_map(|pieces| pieces.into_iter().map(|(piece, space)| format!("{piece}{}", if space { " " } else { "" })).collect())
}

/// Soups of the pieces that honest proofs have, so that many are accepted.
fn honest_soup() -> impl Strategy<Value = String> {
    let pieces: Vec<&'static str> = PIECES.iter().copied().filter(|p| ProofBody::parse(&format!("skip {p} skip")).is_ok()).collect();
    prop::collection::vec(prop::sample::select(pieces), 1..30).prop_map(|pieces| pieces.join(" "))
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![soup(), honest_soup(), "\\PC{0,60}", "(?s).{0,60}"]
}

fn summary(outline: &Outline) -> Vec<(String, Option<String>)> {
    let name = |d: usize| outline.declarations[d].name.clone();
    outline.commands.iter().map(|c| (c.keyword.clone(), c.declaration.and_then(name))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn tokens_tile_the_text(text in text()) {
        let lexed = lex(&text);
        let mut at = 0;
        for token in &lexed.tokens {
            prop_assert_eq!(token.start, at);
            prop_assert!(token.end > at && text.is_char_boundary(token.end));
            at = token.end;
        }
        prop_assert_eq!(at, text.len());
        prop_assert!(lexed.errors.iter().all(|e| e.at < text.len()));
    }

    #[test]
    fn readers_answer_for_every_text(text in text()) {
        let source = Source::new(&text);
        let outline = Outline::new(&source);
        let mut at = 0;
        for command in &outline.commands {
            prop_assert!(command.range.start >= at && command.range.end > command.range.start);
            at = command.range.end;
        }
        for d in &outline.declarations {
            prop_assert!(d.range.start <= d.signature.start && d.signature.end <= d.range.end);
            prop_assert!(d.body.as_ref().is_none_or(|(_, b)| d.signature.end <= b.start && b.end <= d.range.end));
        }
        for sorry in find_sorries(&source, &outline) {
            prop_assert_eq!(&text[sorry.range], "sorry");
        }
    }

    #[test]
    fn steps_cover_the_whole_body_and_nest(text in text()) {
        let source = Source::new(&text);
        let layout = Layout::of_tactics(&source, 0..text.len());
        for step in &layout.steps {
            prop_assert!(step.range.start < step.range.end && text.get(step.range.clone()).is_some());
            if let Some(parent) = step.parent {
                let parent = &layout.steps[parent];
                prop_assert!(parent.range.start <= step.range.start && step.range.end <= parent.range.end);
                prop_assert_eq!(parent.depth + 1, step.depth);
            }
        }
        for token in source.code().iter().filter(|t| &text[t.range()] != ";") {
            let holders = layout.top_level().filter(|s| s.range.start <= token.start && token.end <= s.range.end).count();
            prop_assert_eq!(holders, 1, "{:?}", &text[token.range()]);
        }
        prop_assert!(layout.steps.is_sorted_by_key(|s| s.range.start));
    }

    #[test]
    fn accepted_bodies_change_nothing_but_the_sorry(text in text(), crlf in any::<bool>(), pick in any::<prop::sample::Index>()) {
        let Ok(body) = ProofBody::parse(&text) else { return Ok(()) };
        let file = if crlf { FILE.replace('\n', "\r\n") } else { FILE.to_owned() };
        let source = Source::new(&file);
        let outline = Outline::new(&source);
        let sorries = find_sorries(&source, &outline);
        prop_assert_eq!(sorries.len(), 13);
        let sorry = &sorries[pick.index(sorries.len())];
        let Ok(spliced) = splice(&source, &[(sorry, &body)]) else {
            // The only honest reason: a suffix where none can be.
            prop_assert!(body.has_suffix() && !sorry.may_have_suffix, "{:?}", text);
            return Ok(());
        };
        let inserted = &spliced.inserted[0];
        prop_assert_eq!(&spliced.text[..inserted.range.start], &file[..sorry.range.start]);
        prop_assert_eq!(&spliced.text[inserted.range.end..], &file[sorry.range.end..]);
        let new = Source::new(&spliced.text);
        prop_assert_eq!(summary(&Outline::new(&new)), summary(&outline));
        prop_assert_eq!(crlf, spliced.text.contains('\r'));
        // The candidate's tokens are there, all of them, and no other.
        let own = |source: &Source<'_>, within: std::ops::Range<usize>| -> Vec<String> {
            let kept = |t: &&prove_syntax::Token| within.start <= t.start && t.end <= within.end && t.kind != TokenKind::Whitespace;
            source.tokens().iter().filter(kept).map(|t| source.text()[t.range()].replace("\r\n", "\n")).collect()
        };
        let candidate = Source::new(body.text());
        prop_assert_eq!(own(&new, inserted.body.clone()), own(&candidate, 0..body.text().len()));
    }
}

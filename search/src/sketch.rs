//! Proof sketches as text: where a proof goes in the place of a `sorry`.
//!
//! A proof found for a hole is a block of lines that knows nothing of its surroundings. In the sketch it must begin in the column that
//! Lean expects there, keep the indentation of its own nested blocks, and close exactly the goal of its hole. So it is moved as a
//! whole, and it is put behind `·` where other goals are open, and into brackets where a single tactic has to stand.
//!
//! Nothing here parses Lean. All functions are total on texts; a place that is misjudged makes a proof that does not check.

use crate::{
    lex::{Token, TokenKind, is_accessible, tokens},
    segment::masked,
};
use std::{borrow::Cow, ops::Range};

/// A proof for one hole of a sketch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Filling {
    /// The bytes of the `sorry` in the sketch.
    pub(crate) range: Range<usize>,
    /// Tactics, one or more lines.
    pub(crate) proof: String,
    /// Whether goals other than the hole's are open there, which the proof must not see.
    pub(crate) focused: bool,
}

/// The sketch with proofs in the place of `sorry`s, all else as it was, except for the blank between `by` and a proof that begins on the
/// next line. `None` if the ranges are not those of `sorry`s in the order of the text, or if a proof is empty.
pub(crate) fn splice(sketch: &str, fillings: &[Filling]) -> Option<String> {
    let mut out = String::with_capacity(sketch.len() + fillings.iter().map(|f| 2 * f.proof.len()).sum::<usize>());
    let mut at = 0;
    for filling in fillings {
        if sketch.get(filling.range.clone())? != "sorry" {
            return None;
        }
        out.push_str(sketch.get(at..filling.range.start)?);
        at = filling.range.end;
        let rest = sketch[at..].lines().next().unwrap_or_default();
        let lines = block(&filling.proof);
        if lines.is_empty() {
            return None;
        }
        let column = put(&mut out, &lines, filling.focused, rest);
        if ends_in_comment(&filling.proof) && !rest.trim().is_empty() {
            new_line(&mut out, column);
        }
    }
    out.push_str(&sketch[at..]);
    Some(out)
}

/// Writes the lines at the end of `out`, before `rest` of the same line; the column they are in.
fn put(out: &mut String, lines: &[&str], focused: bool, rest: &str) -> usize {
    let line = out.rsplit('\n').next().unwrap_or_default().to_owned();
    let before = tokens(&line).last().map(|t| t.text.to_owned());
    let sequence = before.as_deref().is_none_or(|t| matches!(t, "by" | "=>" | "·" | "."));
    let ends_there = rest.trim_start().chars().next().is_none_or(|c| matches!(c, ')' | ']' | '}' | '⟩' | ',' | '-'));
    let (open, close) = match (sequence && ends_there, focused) {
        (true, false) => ("", ""),
        (true, true) => ("· ", ""),
        (false, false) => ("(", ")"),
        (false, true) => ("(· ", ")"),
    };
    let column = match first_column(&line) {
        Some(column) if lines.len() > 1 && open.is_empty() && matches!(before.as_deref(), Some("by" | "=>")) => {
            out.truncate(out.trim_end_matches(' ').len());
            new_line(out, column + 2);
            column + 2
        }
        _ => {
            out.push_str(open);
            line.chars().count() + open.chars().count()
        }
    };
    for (i, text) in lines.iter().enumerate() {
        match (i, text.is_empty()) {
            (0, _) => {}
            (_, true) => out.push('\n'),
            (_, false) => new_line(out, column),
        }
        out.push_str(text);
    }
    out.push_str(close);
    column
}

fn new_line(out: &mut String, column: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n(' ', column));
}

/// The column of the tactic or case that a line begins with, if nothing further on in the line has a column of its own to keep to.
fn first_column(line: &str) -> Option<usize> {
    let rest = line.trim_start_matches([' ', '·']);
    let all = tokens(rest);
    let (last, before) = all.split_last()?;
    let breaks = |t: &Token<'_>| matches!(t.text, "=>" | ";" | "<;>" | "calc") || t.text == "|" && last.text != "=>";
    (!before.iter().any(breaks)).then(|| line.chars().count() - rest.chars().count())
}

/// The lines of a proof without the indentation they share, and without blank lines around them.
fn block(proof: &str) -> Vec<&str> {
    let lines: Vec<&str> = proof.lines().map(str::trim_end).collect();
    let full = || lines.iter().enumerate().filter(|(_, l)| !l.is_empty());
    let (Some((first, _)), Some((last, _))) = (full().next(), full().next_back()) else { return Vec::new() };
    let shared = full().map(|(_, l)| l.len() - l.trim_start_matches(' ').len()).min().unwrap_or_default();
    lines[first..=last].iter().map(|l| l.get(shared..).unwrap_or_default()).collect()
}

fn ends_in_comment(proof: &str) -> bool {
    let code = masked(proof);
    let last = code.rfind(|c: char| !c.is_whitespace()).map_or("", |end| &proof[end..]);
    last.contains("--")
}

/// The sketch with every `sorry` that stands for a term written as `by sorry`, so that it is a hole for tactics.
pub(crate) fn with_tactic_holes(sketch: &str) -> Cow<'_, str> {
    let code = masked(sketch);
    let all = tokens(&code);
    let terms = all.windows(2).filter(|pair| pair[1].text == "sorry" && matches!(pair[0].text, ":=" | "exact" | "from" | "⟨" | ","));
    let starts: Vec<usize> = terms.map(|pair| pair[1].start).collect();
    if starts.is_empty() {
        return Cow::Borrowed(sketch);
    }
    let mut out = String::new();
    let mut at = 0;
    for start in starts {
        out.push_str(&sketch[at..start]);
        out.push_str("by ");
        at = start;
    }
    out.push_str(&sketch[at..]);
    Cow::Owned(out)
}

/// The names that `have` gives in the first `end` bytes of a proof; an anonymous one is `this`.
pub(crate) fn have_names(proof: &str, end: usize) -> Vec<String> {
    let code = masked(proof);
    let all: Vec<Token<'_>> = tokens(&code).into_iter().take_while(|t| t.start < end).collect();
    let mut names = Vec::new();
    for pair in all.windows(2).filter(|pair| pair[0].kind == TokenKind::Name && pair[0].text == "have") {
        match pair[1].text {
            ":" | ":=" => names.push("this".to_owned()),
            name if is_accessible(name) => names.push(name.to_owned()),
            _ => {}
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The sketch with the proofs in its `sorry`s, in order.
    fn filled(sketch: &str, proofs: &[(&str, bool)]) -> String {
        let fillings = sketch.match_indices("sorry").zip(proofs).map(|((at, _), (proof, focused))| Filling {
            range: at..at + 5,
            proof: (*proof).to_owned(),
            focused: *focused,
        });
        splice(sketch, &fillings.collect::<Vec<_>>()).expect("the ranges are those of sorrys")
    }

    #[test]
    fn a_proof_behind_by_begins_on_the_next_line_if_it_has_several() {
        let sketch = "have h : p := by sorry\nexact h";
        assert_eq!(filled(sketch, &[("omega", false)]), "have h : p := by omega\nexact h");
        assert_eq!(filled(sketch, &[("intro x\nomega", false)]), "have h : p := by\n  intro x\n  omega\nexact h");
        assert_eq!(
            filled("· have h : p := by sorry\n  exact h", &[("cases x with\n| a => rfl\n| b =>\n  simp", false)]),
            "· have h : p := by\n    cases x with\n    | a => rfl\n    | b =>\n      simp\n  exact h"
        );
    }

    #[test]
    fn where_several_tactics_share_a_line_the_column_is_that_of_the_hole() {
        assert_eq!(
            filled("cases n with\n| z => sorry\n| s n => sorry", &[("a\nb", false), ("c", false)]),
            "cases n with\n| z =>\n  a\n  b\n| s n => c"
        );
        assert_eq!(
            filled("| zero => have h : ℕ := by sorry", &[("a\nb", false)]),
            "| zero => have h : ℕ := by a\n                           b"
        );
        assert_eq!(filled("simp; sorry", &[("a\nb", false)]), "simp; (a\n       b)");
        assert_eq!(filled("constructor <;> sorry", &[("a", true)]), "constructor <;> (· a)");
        assert_eq!(filled("sorry <;> simp", &[("a", false)]), "(a) <;> simp");
    }

    #[test]
    fn other_goals_are_kept_out_of_sight() {
        assert_eq!(filled("constructor\nsorry\nsorry", &[("a\n  b", true), ("c", false)]), "constructor\n· a\n    b\nc");
        assert_eq!(filled("  sorry\n  simp", &[("  a\n\n  b", true)]), "  · a\n\n    b\n  simp");
    }

    #[test]
    fn terms_around_a_hole_stay_closed() {
        assert_eq!(
            filled("exact ⟨by sorry, by sorry⟩", &[("a\nb", false), ("c -- why", false)]),
            "exact ⟨by\n  a\n  b, by c -- why\n        ⟩"
        );
        assert_eq!(
            filled("calc a = b := by sorry\n  _ = c := by sorry", &[("x\ny", false), ("z\nw", false)]),
            "calc a = b := by x\n                 y\n  _ = c := by\n    z\n    w"
        );
    }

    #[test]
    fn wrong_ranges_and_empty_proofs_fill_nothing() {
        let filling = |range: Range<usize>, proof: &str| Filling { range, proof: proof.to_owned(), focused: false };
        assert_eq!(splice("by sorry", &[filling(2..7, "a")]), None);
        assert_eq!(splice("ℕ sorry", &[filling(1..6, "a")]), None);
        assert_eq!(splice("by sorry", &[filling(3..8, "a"), filling(3..8, "b")]), None);
        assert_eq!(splice("by sorry", &[filling(3..80, "a")]), None);
        assert_eq!(splice("by sorry", &[filling(3..8, " \n")]), None);
    }

    #[test]
    fn only_code_counts() {
        assert_eq!(with_tactic_holes("have h : p := sorry -- := sorry\nexact sorry"), "have h : p := by sorry -- := sorry\nexact by sorry");
        assert_eq!(with_tactic_holes("have h : p := by sorry\nsorry"), "have h : p := by sorry\nsorry");
        let proof =
            "/- have a /- -/ -/ have h₁ : p := by\n  have : \"have b\" = s := rfl\n  sorry\nhave ⟨x, y⟩ := h₁\nhave k (n : Nat) := sorry";
        assert_eq!(have_names(proof, proof.len()), ["h₁", "this", "k"]);
        assert_eq!(have_names(proof, 30), ["h₁"]);
    }

    proptest! {
        #[test]
        fn every_hole_is_filled_and_all_else_stays(
            pieces in prop::collection::vec("[a-z·⟨, (;\n-]{0,12}", 1..5),
            proofs in prop::collection::vec("[a-z]{1,5}(\n {0,3}[a-z]{1,5}){0,3}", 4),
            focused in prop::collection::vec(any::<bool>(), 4),
        ) {
            let sketch = pieces.join(" sorry");
            let mut at = 0;
            let mut fillings = Vec::new();
            for (i, piece) in pieces[..pieces.len() - 1].iter().enumerate() {
                let start = at + piece.len() + 1;
                fillings.push(Filling { range: start..start + 5, proof: proofs[i].clone(), focused: focused[i] });
                at = start + 5;
            }
            let text = splice(&sketch, &fillings).expect("ranges of sorrys");
            // The pieces stand in the result, byte for byte and in order, and between them the words of the proofs.
            let mut rest = text.as_str();
            for (piece, filling) in pieces.iter().zip(&fillings) {
                let kept = rest.strip_prefix(piece.as_str()).or_else(|| rest.strip_prefix(piece.trim_end_matches(' ')));
                prop_assert!(kept.is_some(), "{piece:?} is not at the start of {rest:?}");
                rest = kept.unwrap_or_default();
                for word in filling.proof.split_whitespace() {
                    let found = rest.find(word);
                    prop_assert!(found.is_some_and(|i| rest[..i].chars().all(|c| c.is_whitespace() || "(·".contains(c))), "{word:?} in {rest:?}");
                    rest = &rest[found.unwrap_or_default() + word.len()..];
                }
                rest = rest.strip_prefix(')').filter(|_| text.contains('(')).unwrap_or(rest);
            }
            prop_assert_eq!(rest, pieces.last().map_or("", String::as_str));
        }

        #[test]
        fn blocks_keep_their_shape(lines in prop::collection::vec((0usize..4, "[a-z]{1,4}"), 2..6), indent in 0usize..5) {
            let lines: Vec<String> = lines.iter().enumerate().map(|(i, (n, w))| format!("{}{w}", " ".repeat(if i == 0 { 0 } else { *n }))).collect();
            let moved: Vec<String> = lines.iter().map(|l| format!("{}{l}", " ".repeat(indent))).collect();
            let expected: String = lines.iter().map(|l| format!("\n  {l}")).collect();
            prop_assert_eq!(filled("have h : p := by sorry", &[(&moved.join("\n"), false)]), format!("have h : p := by{expected}"));
        }

        #[test]
        fn no_text_panics(text in "([ a-zℕ\n\"'/·-]|sorry|have|:=|/-|-/|--|\\\\)*", start in 0usize..40, length in 0usize..9) {
            let _ = (with_tactic_holes(&text), have_names(&text, start));
            splice(&text, &[Filling { range: start..start + length, proof: text.clone(), focused: true }]);
        }
    }
}

//! Spellings that mean something else than they seem to.

use super::FindingKind;
use prove_syntax::{Outline, Source};

/// The sums and products of a statement whose body ends at a `+` or `-`: those bind less than the body does, so what follows is added to
/// the whole (`∑ x ∈ s, f x + 1` is `(∑ x ∈ s, f x) + 1`). Each with the text from its sign on.
pub(super) fn loose_bodies(statement: &str) -> Vec<String> {
    const ENDS: [&str; 16] = ["=", "≠", "<", ">", "≤", "≥", "∧", "∨", "→", "↔", "∣", "≡", ":=", "|", "<|", "↦"];
    let source = Source::new(statement);
    let words: Vec<(&str, usize)> = source.code().iter().map(|token| (&statement[token.range()], token.range().start)).collect();
    let mut found = Vec::new();
    for (start, _) in words.iter().enumerate().filter(|(_, (word, _))| matches!(*word, "∑" | "∏")) {
        let mut depth = 0i32;
        // The tokens of the body so far: none before the comma that follows the variables.
        let mut body = None;
        // Sums and products in the body whose own comma is to come.
        let mut inner = 0;
        for &(word, at) in &words[start + 1..] {
            match word {
                "(" | "[" | "{" | "⟨" => depth += 1,
                ")" | "]" | "}" | "⟩" => depth -= 1,
                "," if depth == 0 && body.is_none() => body = Some(0),
                "∑" | "∏" if depth == 0 => inner += 1,
                "," if depth == 0 && inner > 0 => inner -= 1,
                "," if depth == 0 => break,
                "+" | "-" if depth == 0 && body.is_some_and(|tokens| tokens > 0) => {
                    let rest: String = statement[words[start].1..].chars().take_while(|c| *c != '\n').take(80).collect();
                    found.push(format!("{rest} (the body ends before the {word:?} at byte {at})"));
                    break;
                }
                _ if depth == 0 && body.is_some() && ENDS.contains(&word) => break,
                _ => {}
            }
            if depth < 0 {
                break;
            }
            body = body.map(|tokens| tokens + usize::from(word != ","));
        }
    }
    found
}

/// The axioms that a header declares.
pub(super) fn axioms(header: &str) -> Vec<String> {
    let outline = Outline::new(&Source::new(header));
    let axioms = outline.commands.iter().filter(|command| command.keyword == "axiom");
    axioms.map(|command| header[command.range.clone()].split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

/// Operators that stop at zero or round, in a goal printed with `pp.explicit`.
pub(super) fn operators(explicit: &str) -> Vec<(FindingKind, &'static str)> {
    let of = |operator: &str, kind: &str| explicit.contains(&format!("@{operator} {kind} {kind} {kind}"));
    let mut found = Vec::new();
    if of("HSub.hSub", "Nat") {
        found.push((FindingKind::TruncatedSubtraction, "natural numbers"));
    }
    for (kind, what) in [("Nat", "natural numbers"), ("Int", "integers")] {
        if of("HDiv.hDiv", kind) {
            found.push((FindingKind::RoundedDivision, what));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_that_end_early_are_found_and_those_in_brackets_are_not() {
        let loose = |text: &str| loose_bodies(&format!("theorem a : {text} := by sorry")).len();
        assert_eq!(loose("∑ k ∈ range 8, 2 * k + 1 = 64"), 1);
        assert_eq!(loose("∏ k ∈ range 7, 2 ^ k - 3 ^ k = 1"), 1);
        assert_eq!(loose("∑ k ∈ range 8, (2 * k + 1) = 64"), 0);
        assert_eq!(loose("∑ k ∈ range (n + 1), f (k + 1) = n + 1"), 0);
        assert_eq!(loose("∑ k ∈ range 8, -k * 2 = 1 + 1"), 0);
        assert_eq!(loose("(∑ k ∈ range 8, f k) + 1 = 1"), 0);
        assert_eq!(loose("∑ k ∈ range 8, ∏ j ∈ range k, j + 1 = 1"), 2);
    }

    #[test]
    fn axioms_of_a_header_are_found() {
        assert_eq!(axioms("def f := 1\n\n/-- It is. -/\naxiom a :\n  f = 2\n\nopen Nat"), ["/-- It is. -/ axiom a : f = 2"]);
    }

    #[test]
    fn operators_are_told_by_their_types() {
        let goal = "n : Nat\n⊢ @Eq Nat (@HSub.hSub Nat Nat Nat (@instHSub Nat instSubNat) n n) 0";
        assert_eq!(operators(goal), [(FindingKind::TruncatedSubtraction, "natural numbers")]);
        assert_eq!(operators("⊢ @HDiv.hDiv Int Int Int inst x y"), [(FindingKind::RoundedDivision, "integers")]);
        assert!(operators("⊢ @HSub.hSub Int Int Int inst x y").is_empty());
    }
}

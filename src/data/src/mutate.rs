//! Small changes to a draft: those that keep what it says, and those that may make it false.

use crate::{draft::Draft, rng::Rng, words};
use prove_syntax::{TokenKind, lex};

/// A relation at the top of a text, read from the other side: `a < b` becomes `b > a`.
pub(crate) fn flipped(text: &str) -> Option<String> {
    let (left, relation, right) = relation(text)?;
    let other = match relation {
        "=" => "=",
        "≠" => "≠",
        "<" => ">",
        ">" => "<",
        "≤" => "≥",
        "≥" => "≤",
        _ => return None,
    };
    Some(format!("{right} {other} {left}"))
}

/// The sides of the only relation of a text that has no connective outside brackets.
fn relation(text: &str) -> Option<(&str, &str, &str)> {
    let mut depth = 0usize;
    let mut found = None;
    for token in &lex(text).tokens {
        let word = &text[token.range()];
        match word {
            "(" | "[" | "{" | "⟨" => depth += 1,
            ")" | "]" | "}" | "⟩" => depth = depth.checked_sub(1)?,
            "∀" | "∃" | "fun" | "if" | "∧" | "∨" | "→" | "↔" | "¬" if depth == 0 => return None,
            "=" | "≠" | "<" | ">" | "≤" | "≥" | "∣" | "∈" | "∉" | "==" if depth == 0 => {
                let before = found.replace((token.start, word, token.end));
                if before.is_some() {
                    return None;
                }
            }
            _ => {}
        }
    }
    let (start, word, end) = found?;
    Some((text[..start].trim(), word, text[end..].trim()))
}

/// A change after which the draft may not hold. `None` if it has no place for the change drawn.
pub(crate) fn changed(rng: &mut Rng, draft: &Draft) -> Option<Draft> {
    let mut new = draft.clone();
    match rng.below(6) {
        0..=2 => new.goal = other_number(rng, &draft.goal).or_else(|| other_relation(rng, draft))?,
        3 if !draft.hypotheses.is_empty() => {
            new.hypotheses.remove(rng.below(draft.hypotheses.len()));
        }
        4 if !draft.hypotheses.is_empty() => {
            let at = rng.below(draft.hypotheses.len());
            match other_number(rng, &draft.hypotheses[at]) {
                Some(other) => new.hypotheses[at] = other,
                None => drop(new.hypotheses.remove(at)),
            }
        }
        _ => new.goal = other_relation(rng, draft)?,
    }
    Some(new)
}

/// The text with one numeral changed a little.
fn other_number(rng: &mut Rng, text: &str) -> Option<String> {
    let lexed = lex(text);
    let is_value = |t: &&prove_syntax::Token| t.kind == TokenKind::Number && !text[..t.start].ends_with('.') && t.end - t.start < 12;
    let numbers: Vec<_> = lexed.tokens.iter().filter(is_value).collect();
    let token = (!numbers.is_empty()).then(|| rng.pick(&numbers))?;
    let value: i64 = text[token.range()].parse().ok()?;
    let step = if value > 20 && rng.chance(40) { rng.int(1, value / 4) } else { rng.int(1, 2) };
    let new = if rng.chance(50) && value >= step { value - step } else { value + step };
    Some(format!("{}{new}{}", &text[..token.start], &text[token.end..]))
}

/// The goal with one connective or relation replaced by its neighbour.
fn other_relation(rng: &mut Rng, draft: &Draft) -> Option<String> {
    const NEIGHBOURS: &[(&str, &[&str])] = &[
        ("=", &["<", "≤", "≠"]),
        ("<", &["=", ">"]),
        ("≤", &["<", "="]),
        (">", &["=", "<"]),
        ("≥", &[">", "="]),
        ("∧", &["∨", "→"]),
        ("∨", &["∧"]),
        ("→", &["↔", "∧"]),
        ("∀", &["∃"]),
        ("∃", &["∀"]),
    ];
    let text = draft.goal.as_str();
    let lexed = lex(text);
    let has = |t: &&prove_syntax::Token| NEIGHBOURS.iter().any(|(old, _)| *old == &text[t.range()]);
    let places: Vec<_> = lexed.tokens.iter().filter(has).collect();
    let token = (!places.is_empty()).then(|| rng.pick(&places))?;
    let word = &text[token.range()];
    // Order is not defined for every type.
    let own = draft.variables.iter().any(|v| v.kind == "Type") || draft.definitions.iter().any(|(d, _)| !d.text.starts_with("def "));
    let ordered = !own && !text.contains(['[', '∈']) && !text.contains("none") && !text.contains("some") && !text.contains("true");
    let (_, new) = NEIGHBOURS.iter().find(|(old, _)| *old == word)?;
    let new = rng.pick(new);
    let needs_order = matches!(new, "<" | "≤" | ">");
    (!needs_order || ordered).then(|| format!("{}{new}{}", &text[..token.start], &text[token.end..]))
}

/// A fact that has nothing to do with the rest: about a new variable, or about one whose value is known.
pub(crate) fn distracted(rng: &mut Rng, mut draft: Draft) -> Draft {
    let numbers: Vec<_> = draft.variables.iter().filter(|v| matches!(v.kind.as_str(), "Nat" | "Int" | "Rat")).cloned().collect();
    let known: Vec<_> = draft.witness.iter().filter_map(|(n, v)| Some((n.clone(), v.parse::<i64>().ok()?))).collect();
    if !known.is_empty() && rng.chance(50) {
        let (name, value) = rng.pick(&known);
        let slack = rng.int(1, 30);
        draft.hypotheses.push(if value >= slack && rng.chance(50) {
            format!("{} < {name}", value - slack)
        } else if value + slack >= 0 {
            format!("{name} < {}", value + slack)
        } else {
            format!("{name} ≠ 0")
        });
        return draft;
    }
    let Some(like) = (!numbers.is_empty()).then(|| rng.pick(&numbers)) else { return draft };
    let taken: Vec<_> = draft.variables.iter().map(|v| v.name.clone()).collect();
    let texts = draft.hypotheses.iter().chain([&draft.goal]).chain(draft.definitions.iter().map(|(d, _)| &d.text));
    let spoken: std::collections::BTreeSet<String> = texts.flat_map(|t| words::idents(t)).collect();
    let Some(name) = ["w", "t", "e", "q"].iter().find(|n| !taken.iter().any(|t| t == *n) && !spoken.contains(**n)) else { return draft };
    let value = rng.int(1, 60);
    let slack = rng.int(0, 9);
    draft.hypotheses.push(match rng.below(4) {
        0 => format!("{name} = {value}"),
        1 => format!("{name} > {}", (value - 1 - slack).max(0)),
        2 => format!("{} * {name} ≤ {}", slack + 2, (slack + 2) * value + 1),
        _ => format!("{name} + {slack} ≠ {}", value + slack + 1),
    });
    draft.witness.push(((*name).to_owned(), value.to_string()));
    draft.variables.push(crate::draft::Variable { name: (*name).to_owned(), ..like });
    draft
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_single_relation_is_flipped() {
        assert_eq!(flipped("x + 1 ≤ f (a = b)").as_deref(), Some("f (a = b) ≥ x + 1"));
        assert_eq!(flipped("x = 1 ∧ y = 2"), None);
        assert_eq!(flipped("∀ x : Nat, x = x"), None);
        assert_eq!(flipped("2 ∣ x"), None);
    }
}

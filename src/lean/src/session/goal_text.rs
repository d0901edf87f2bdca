//! Goals as Lean prints them, taken apart.
//!
//! A goal is printed as an optional `case` line, one entry for each group of hypotheses of the same type, and the target after `⊢`
//! (`|` in a `conv` block). Long entries go on in lines that are indented. The text is untrusted and may be anything: what has not
//! this shape still becomes a goal, with the whole text as its target.
//!
//! The structured form of the same goals, `Lean.Widget.getInteractiveGoals`, would separate a `let` variable's type from its value
//! without the rule in [`split_value`]. It is not used: its answer tags every subterm, each tag keeps the elaborator's state alive
//! until it is released by a further message, and the session of remote calls must be kept alive by messages of its own.

use prove_core::{Goal, Hypothesis, ProofState};

/// The state whose goals Lean printed.
pub fn parse_state<S: AsRef<str>>(goals: &[S]) -> ProofState {
    ProofState { goals: goals.iter().map(|goal| parse_goal(goal.as_ref())).collect() }
}

fn parse_goal(text: &str) -> Goal {
    let mut case = None;
    let mut hypotheses = Vec::new();
    let mut rest = text;
    if let Some(tag) = rest.strip_prefix("case ") {
        let (tag, after) = tag.split_once('\n').unwrap_or((tag, ""));
        case = Some(tag.trim().to_owned());
        rest = after;
    }
    loop {
        if let Some(target) = rest.strip_prefix("⊢").or_else(|| rest.strip_prefix("| ")) {
            return Goal { case, hypotheses, target: target.trim().to_owned() };
        }
        let (entry, after) = split_entry(rest);
        match parse_hypothesis(entry) {
            Some(hypothesis) => hypotheses.push(hypothesis),
            None => return Goal { case: None, hypotheses: Vec::new(), target: text.trim().to_owned() },
        }
        rest = after;
    }
}

/// The first line with the indented lines after it, and the rest.
fn split_entry(text: &str) -> (&str, &str) {
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        if end > 0 && !line.starts_with([' ', '\n']) {
            break;
        }
        end += line.len();
    }
    text.split_at(end)
}

fn parse_hypothesis(entry: &str) -> Option<Hypothesis> {
    let mut names = Vec::new();
    let mut rest = entry.trim_start();
    loop {
        if let Some(after) = rest.strip_prefix(':') {
            let (kind, value) = split_value(after.trim());
            return (!names.is_empty()).then(|| Hypothesis { names, kind: kind.to_owned(), value: value.map(str::to_owned) });
        }
        let (name, after) = rest.split_at(name_length(rest)?);
        names.push(name.to_owned());
        rest = after.trim_start();
    }
}

/// The length of the name at the start, where `«…»` may hold spaces.
fn name_length(text: &str) -> Option<usize> {
    let mut quoted = false;
    for (i, c) in text.char_indices() {
        match c {
            '«' => quoted = true,
            '»' => quoted = false,
            _ if quoted => {}
            _ if c.is_whitespace() => return (i > 0).then_some(i),
            _ => {}
        }
    }
    None
}

/// Splits `type := value` at the first `:=` outside brackets that belongs to no `let` or `have` of the type.
fn split_value(text: &str) -> (&str, Option<&str>) {
    let (mut depth, mut binders) = (0usize, 0usize);
    let mut in_word = false;
    for (i, c) in text.char_indices() {
        match c {
            '(' | '[' | '{' | '⟨' | '⦃' => depth += 1,
            ')' | ']' | '}' | '⟩' | '⦄' => depth = depth.saturating_sub(1),
            ':' if depth == 0 && text[i..].starts_with(":=") && !in_word => match binders {
                0 => return (text[..i].trim_end(), Some(text[i + 2..].trim())),
                _ => binders -= 1,
            },
            'l' | 'h' if depth == 0 && !in_word && starts_binder(&text[i..]) => binders += 1,
            _ => {}
        }
        in_word = !c.is_whitespace() && !"()[]{}⟨⟩⦃⦄,;".contains(c);
    }
    (text, None)
}

fn starts_binder(text: &str) -> bool {
    let word = text.split(char::is_whitespace).next().unwrap_or("");
    matches!(word, "let" | "have" | "letI" | "haveI" | "let_fun") && word.len() < text.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn goal(text: &str) -> Goal {
        parse_goal(text)
    }

    #[test]
    fn reads_case_hypotheses_and_target() {
        let g = goal("case succ.inl\nα : Type u_1\nx y✝ «odd name» : Nat\ninst✝¹ : Add α\nh : ∀ (n : ℕ), n = n\n⊢ x = y✝");
        assert_eq!(g.case.as_deref(), Some("succ.inl"));
        let names: Vec<_> = g.hypotheses.iter().map(|h| h.names.join("|")).collect();
        assert_eq!(names, ["α", "x|y✝|«odd name»", "inst✝¹", "h"]);
        assert_eq!(g.hypotheses[3].kind, "∀ (n : ℕ), n = n");
        assert_eq!(g.target, "x = y✝");
    }

    #[test]
    fn a_goal_of_one_line_is_all_target() {
        assert_eq!(goal("⊢ True"), Goal { case: None, hypotheses: vec![], target: "True".into() });
        assert_eq!(goal("case h\n⊢ True").case.as_deref(), Some("h"));
        assert_eq!(goal("| x + 0").target, "x + 0", "conv");
    }

    #[test]
    fn long_entries_go_on_in_indented_lines() {
        let text = "h :\n  aaaa = bbbb ∧\n    cccc\nk : p\n⊢ match x with\n  | 0 => True\n  | n + 1 => False";
        let g = goal(text);
        assert_eq!(g.hypotheses[0].kind, "aaaa = bbbb ∧\n    cccc");
        assert_eq!(g.hypotheses[1].kind, "p");
        assert_eq!(g.target, "match x with\n  | 0 => True\n  | n + 1 => False");
    }

    #[test]
    fn values_of_let_variables_are_told_from_lets_in_types() {
        let value = |text: &str| goal(&format!("{text}\n⊢ True")).hypotheses[0].clone();
        let h = value("x : Nat := 5 + (fun y => y) 3");
        assert_eq!((h.kind.as_str(), h.value.as_deref()), ("Nat", Some("5 + (fun y => y) 3")));
        let h = value("h : let y := 5;\n  y = { a := 1 }.a");
        assert_eq!(h.value, None);
        let h = value("x : (let y := 5; Fin y) := 0");
        assert_eq!((h.kind.as_str(), h.value.as_deref()), ("(let y := 5; Fin y)", Some("0")));
        let h = value("x : let y := 5;\n  Fin y := 0");
        assert_eq!(h.value.as_deref(), Some("0"));
        let h = value("this✝ : letter = heights");
        assert_eq!((h.kind.as_str(), h.value), ("letter = heights", None));
    }

    #[test]
    fn what_is_no_goal_becomes_a_target() {
        for text in ["", "no colon here", "x :", "error: failed to pretty print", "case a", ": Nat\n⊢ x", "«open : Nat\n⊢ x"] {
            let g = goal(text);
            assert!(g.hypotheses.len() <= 1, "{text:?} gave {g:?}");
        }
        assert_eq!(goal("gibberish").target, "gibberish");
    }

    proptest! {
        #[test]
        fn printing_and_reading_agree(
            case in prop::option::of("[a-z.]{1,6}"),
            hypotheses in prop::collection::vec((prop::collection::vec("[a-zα✝]{1,4}|«[a-z ]{1,5}»", 1..4), "[A-Zℕ(]{1,3}( → [A-Z]){0,2}(\n  x)?"), 0..5),
            target in "[A-Z]{1,5}(\n  ∧ y)?",
        ) {
            let hypotheses = hypotheses.into_iter().map(|(names, kind)| Hypothesis { names, kind, value: None }).collect();
            let goal = Goal { case, hypotheses, target };
            prop_assert_eq!(parse_goal(&goal.to_string()), goal);
        }

        #[test]
        fn any_text_is_survived(text in "(case |⊢|\\||:|:=| |\n|let |«|»|\\(|x|𝔸){0,40}") {
            let _ = parse_goal(&text);
        }
    }
}

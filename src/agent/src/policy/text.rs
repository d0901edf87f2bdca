//! Proofs as text: what a model's answer becomes before the search sees it. Total functions on untrusted text.

/// `text` with every line moved `columns` to the right.
pub(super) fn indented(text: &str, columns: usize) -> String {
    let margin = " ".repeat(columns);
    let line = |line: &str| if line.trim().is_empty() { String::new() } else { format!("{margin}{line}") };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

/// `text` without blank lines around it, moved to the left until its first line begins in `column`. Lines that begin further left than
/// that allows begin in column 0.
pub(crate) fn moved_to(text: &str, column: usize) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).skip_while(|line| line.is_empty()).collect();
    let margin = lines.first().map_or(0, |line| indentation(line));
    let moved = |line: &&str| {
        let indent = (indentation(line) + column).saturating_sub(margin);
        if line.is_empty() { String::new() } else { format!("{}{}", " ".repeat(indent), line.trim_start()) }
    };
    lines.iter().map(moved).collect::<Vec<_>>().join("\n").trim_end().to_owned()
}

/// The first tactic of a proof in column 0: its first line of code, and what follows further to the right.
pub(super) fn first_tactic(proof: &str) -> &str {
    let proof = proof.trim_start();
    let mut end = 0;
    for line in proof.split_inclusive('\n') {
        let code = line.trim();
        if end > 0 && !code.is_empty() && indentation(line) == 0 && !code.starts_with(['|', ')', '}', ']', '⟩']) {
            break;
        }
        end += line.len();
    }
    proof[..end].trim_end()
}

/// A sketch of a proof: the `by` block of every outermost `have` is left out. `None` if it has none. A proof with a `sorry` is one
/// already.
pub(crate) fn sketch(proof: &str) -> Option<String> {
    let words = || proof.split(|c: char| !c.is_alphanumeric() && c != '_');
    if words().any(|word| word == "sorry") {
        return Some(proof.to_owned());
    }
    let mut out: Vec<String> = Vec::new();
    let mut left_out = None;
    let mut holes = 0;
    for line in proof.lines() {
        if left_out.is_some_and(|column| line.trim().is_empty() || indentation(line) > column) {
            continue;
        }
        left_out = None;
        match line.split_once(":= by").filter(|_| line.trim_start().starts_with("have ")) {
            Some((statement, _)) => {
                out.push(format!("{statement}:= by"));
                out.push(format!("{}sorry", " ".repeat(indentation(line) + 2)));
                left_out = Some(indentation(line));
                holes += 1;
            }
            None => out.push(line.to_owned()),
        }
    }
    (holes > 0).then(|| out.join("\n"))
}

/// Blanks at the beginning of a line.
fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_is_moved_as_a_whole() {
        assert_eq!(moved_to("\n  intro h\n    exact\n  simp\n\n", 0), "intro h\n  exact\nsimp");
        assert_eq!(moved_to("  a\nb", 4), "    a\n  b");
        assert_eq!(moved_to(&indented("a\n\n  b", 2), 0), "a\n\n  b");
        assert_eq!(moved_to("", 3), "");
    }

    #[test]
    fn the_first_tactic_ends_where_the_next_begins() {
        assert_eq!(
            first_tactic("\ninduction n with\n| zero => simp\n| succ n ih =>\n  omega\nexact h"),
            "induction n with\n| zero => simp\n| succ n ih =>\n  omega"
        );
        assert_eq!(first_tactic("simp\nomega"), "simp");
        assert_eq!(first_tactic("\n \n⟨a⟩\n  b\nomega"), "⟨a⟩\n  b");
        assert_eq!(first_tactic(""), "");
    }

    #[test]
    fn a_sketch_keeps_the_statements_of_its_steps() {
        let proof = "intro n\nhave h₁ : 0 ≤ n := by\n  have : 1 = 1 := by rfl\n\n  omega\nhave h₂ : p := by simp\nhave h₃ := h₁\nexact h₂";
        let wanted = "intro n\nhave h₁ : 0 ≤ n := by\n  sorry\nhave h₂ : p := by\n  sorry\nhave h₃ := h₁\nexact h₂";
        assert_eq!(sketch(proof).as_deref(), Some(wanted));
        assert_eq!(sketch(wanted).as_deref(), Some(wanted));
        assert_eq!(sketch("simp\nomega"), None);
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "[a \n|:=byhvesor⟩]*", column in 0usize..9) {
            let _ = (moved_to(&text, column), first_tactic(&text), sketch(&text), indented(&text, column));
        }
    }
}

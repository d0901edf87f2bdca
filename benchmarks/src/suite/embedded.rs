//! Statements that were written for Mathlib, on a Lean that has none.
//!
//! The embedded Lean has the core library only. A statement that speaks of naturals, integers and rationals says the same there once
//! `ℕ`, `ℤ` and `ℚ` are read as `Nat`, `Int` and `Rat`. All else that core does not know has to be an error, so names are not bound by
//! themselves (`autoImplicit`): otherwise `x : ℝ` would be about any type whatever.

use super::Problem;
use prove_syntax::{Outline, Source};

/// What stands for Mathlib.
const NOTATIONS: &str = "set_option autoImplicit false\nnotation \"ℕ\" => Nat\nnotation \"ℤ\" => Int\nnotation \"ℚ\" => Rat\n";

/// The problem as the embedded Lean is to see it: one that imports Mathlib is put under the three notations in its place, with empty
/// namespaces where it opens some.
#[must_use]
pub fn for_embedded(problem: &Problem) -> Problem {
    let source = Source::new(&problem.header);
    let outline = Outline::new(&source);
    let imports = &problem.header[outline.header.clone()];
    if !imports.contains("Mathlib") && !imports.contains("Aesop") {
        return problem.clone();
    }
    let mut header = NOTATIONS.to_owned();
    for command in outline.commands.iter().filter(|command| command.keyword == "open") {
        let words = problem.header[command.range.clone()].split_whitespace().skip(1);
        for name in words.take_while(|word| !word.starts_with('(') && !["hiding", "renaming", "in"].contains(word)) {
            if name != "scoped" {
                header += &format!("namespace {name} end {name}\n");
            }
        }
    }
    header += problem.header[outline.header.end..].trim_start();
    Problem { header, ..problem.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mathlib_is_replaced_by_notations_and_the_rest_stays() {
        let statement = "theorem a (n : ℕ) : n = n := by\n  sorry".to_owned();
        let header = "import Mathlib\nimport Aesop\n\nset_option maxHeartbeats 0\n\nopen Nat Real\nopen scoped BigOperators\n".to_owned();
        let problem = Problem { name: "a".into(), split: "test".into(), topic: None, informal: None, header, statement };
        let header = for_embedded(&problem).header;
        assert!(header.starts_with("set_option autoImplicit false\nnotation \"ℕ\" => Nat\n"), "{header}");
        let rest = "namespace Nat end Nat\nnamespace Real end Real\nnamespace BigOperators end BigOperators\n\
                    set_option maxHeartbeats 0\n\nopen Nat Real\nopen scoped BigOperators\n";
        assert!(header.ends_with(rest), "{header}");
        let core = Problem { header: "open Nat".into(), ..problem };
        assert_eq!(for_embedded(&core), core);
    }
}

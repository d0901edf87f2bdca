//! The texts that are checked. All of core Lean, so that they elaborate on any toolchain.

/// What a warm worker keeps.
pub(super) const HEADER: &str = "theorem base (p q : Prop) (hp : p) (hq : q) : p ∧ q := ⟨hp, hq⟩\n";

/// Next to nothing to elaborate.
pub(super) fn trivial(salt: usize) -> String {
    format!("theorem trivial{salt} : True := trivial\n")
}

/// Bodies of the kind a search tries, no two alike.
pub(super) fn candidate(salt: usize) -> String {
    match salt % 4 {
        0 => format!("theorem t (a b : Nat) : a + b + {salt} = {salt} + b + a := by omega\n"),
        1 => format!("theorem t (p q : Prop) (h : p ∧ q) : q ∧ p ∧ {salt} = {salt} := by simp_all\n"),
        2 => format!("theorem t (xs : List Nat) : (xs ++ [{salt}]).length = xs.length + 1 := by induction xs <;> simp_all\n"),
        _ => format!("theorem t (a b c : Nat) (h : a < b) : a * c + {salt} ≤ b * c + {salt} := by grind\n"),
    }
}

/// A proof of eleven steps; `salt` is in its statement, `last` is its last line.
pub(super) fn long_proof(salt: usize, last: &str) -> String {
    let steps: String =
        (0..10).map(|i| format!("  have h{i} : a + {i} + c * d < b + {i} + d * c := by rw [Nat.mul_comm]; omega\n")).collect();
    format!("theorem t (a b c d : Nat) (h : a < b) : a + {salt} < b + {salt} := by\n{steps}  {last}\n")
}

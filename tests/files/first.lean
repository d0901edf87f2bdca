/-! Three theorems without proofs, for a first try of `prove solve`. -/

theorem add_swap (a b c : Nat) : a + b + c = c + b + a := by
  sorry

theorem or_swap (p q : Prop) (h : p ∨ q) : q ∨ p := by
  sorry

def double : Nat → Nat
  | 0 => 0
  | n + 1 => double n + 2

theorem double_eq (n : Nat) : double n = 2 * n := by
  sorry

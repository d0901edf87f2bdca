/-! The statements of `helpers.lean`, in another layout, without its helpers. -/

def sumBelow : Nat → Nat
  | 0 => 0
  | n + 1 => sumBelow n + n

theorem sumBelow_formula (n : Nat) : 2 * sumBelow (n + 1) = n * (n + 1) := by
  sorry

theorem sumBelow_mono (n : Nat) : sumBelow n ≤ sumBelow (n + 1) := sorry

theorem counter_exists : ∃ n m : Nat, n < m := by sorry

theorem two_le_four : 2 ≤ 4 := sorry

theorem length_swap {α : Type} (xs ys : List α) : (xs ++ ys).length = (ys ++ xs).length := by
  sorry

theorem restated_with_binders (a b : Nat) (h : a = b) : b = a := sorry

theorem restated_layout (a b : Nat) : a + b = b + a := sorry

theorem restated_ascii (p q : Prop) : p /\ q -> p \/ q := sorry

/-! `calc` in its layouts, `conv`, rewriting backwards and at hypotheses. -/

namespace Calculations

theorem chain_eq (a b c d : Nat) (h₁ : a = b) (h₂ : b = c) (h₃ : c = d) : a = d := sorry

theorem chain_mixed (a b c d : Nat) (h₁ : a < b) (h₂ : b ≤ c) (h₃ : c = d) : a < d := sorry

theorem foil (a b c d : Nat) : (a + b) * (c + d) = a * c + b * c + (a * d + b * d) := sorry

theorem iff_calc (p q r : Prop) (h : q ↔ r) : p ∧ q ↔ r ∧ p := sorry

theorem back_rewrite (a b : Nat) (f : Nat → Nat) (h : a = b) : f b + 0 = f a := sorry

theorem rewrite_at (a b c : Nat) (h : a = b) (h' : a + c = 5) : b + c = 5 := sorry

theorem nth_by_conv (a b : Nat) : a + b + a = b + a + a := sorry

theorem conv_under_fun (f : Nat → Nat) : (fun x => f (x + 0)) = fun x => f (0 + x) := sorry

theorem conv_in_pattern (a b c : Nat) : a * (b * c) = a * (c * b) := sorry

theorem congr_arg_calc (f : Nat → Nat) (h : ∀ n, f n = n + 1) : f (f (f 0)) = 3 := sorry

theorem simp_only_at (a b : Nat) (h : a + 0 = b * 1) : a = b := sorry

theorem simpa_using (xs : List Nat) (h : 0 + xs.length = 3) : xs.length = 3 := sorry

theorem transport {α : Type} {P : α → Prop} {a b : α} (h : a = b) (ha : P a) : P b := sorry

theorem cancel_left (a b c : Nat) (h : a + b = a + c) : b = c := sorry

theorem le_calc (n : Nat) : n ≤ (n + 1) * (n + 1) := sorry

end Calculations

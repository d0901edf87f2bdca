/-! `calc` in its layouts, `conv`, rewriting backwards and at hypotheses. -/

namespace Calculations

theorem chain_eq (a b c d : Nat) (h₁ : a = b) (h₂ : b = c) (h₃ : c = d) : a = d :=
  calc a
    _ = b := h₁
    _ = c := h₂
    _ = d := h₃

theorem chain_mixed (a b c d : Nat) (h₁ : a < b) (h₂ : b ≤ c) (h₃ : c = d) : a < d := by
  calc
    a < b := h₁
    _ ≤ c := h₂
    _ = d := h₃

theorem foil (a b c d : Nat) : (a + b) * (c + d) = a * c + b * c + (a * d + b * d) := by
  calc (a + b) * (c + d)
      = (a + b) * c + (a + b) * d := by rw [Nat.mul_add]
    _ = a * c + b * c + (a + b) * d := by rw [Nat.add_mul a b c]
    _ = a * c + b * c + (a * d + b * d) := by rw [Nat.add_mul]

theorem iff_calc (p q r : Prop) (h : q ↔ r) : p ∧ q ↔ r ∧ p :=
  calc p ∧ q ↔ q ∧ p := And.comm
    _ ↔ r ∧ p := by rw [h]

theorem back_rewrite (a b : Nat) (f : Nat → Nat) (h : a = b) : f b + 0 = f a := by
  rw [← h]
  rfl

theorem rewrite_at (a b c : Nat) (h : a = b) (h' : a + c = 5) : b + c = 5 := by
  rw [h] at h'
  exact h'

theorem nth_by_conv (a b : Nat) : a + b + a = b + a + a := by
  conv =>
    lhs
    rw [Nat.add_comm a b]

theorem conv_under_fun (f : Nat → Nat) : (fun x => f (x + 0)) = fun x => f (0 + x) := by
  conv =>
    rhs
    intro x
    rw [Nat.zero_add]
  rfl

theorem conv_in_pattern (a b c : Nat) : a * (b * c) = a * (c * b) := by
  conv in b * c => rw [Nat.mul_comm]

theorem congr_arg_calc (f : Nat → Nat) (h : ∀ n, f n = n + 1) : f (f (f 0)) = 3 := by
  calc f (f (f 0)) = f (f 1) := congrArg (f ∘ f) (h 0)
    _ = f 2 := congrArg f (h 1)
    _ = 3 := h 2

theorem simp_only_at (a b : Nat) (h : a + 0 = b * 1) : a = b := by
  simp only [Nat.add_zero, Nat.mul_one] at h
  exact h

theorem simpa_using (xs : List Nat) (h : 0 + xs.length = 3) : xs.length = 3 := by
  simpa using h

theorem transport {α : Type} {P : α → Prop} {a b : α} (h : a = b) (ha : P a) : P b := h ▸ ha

theorem cancel_left (a b c : Nat) (h : a + b = a + c) : b = c := by
  have := Nat.add_left_cancel h
  exact this

theorem le_calc (n : Nat) : n ≤ (n + 1) * (n + 1) :=
  calc n ≤ n + 1 := Nat.le_succ n
    _ = (n + 1) * 1 := (Nat.mul_one _).symm
    _ ≤ (n + 1) * (n + 1) := Nat.mul_le_mul_left _ (Nat.succ_pos n)

end Calculations

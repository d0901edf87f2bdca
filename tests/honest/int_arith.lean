/-! Integers: signs, order, absolute value, casts from the naturals. -/

namespace IntArith

theorem neg_neg' (a : Int) : - -a = a := Int.neg_neg a

theorem sub_self' (a : Int) : a - a = 0 := by omega

theorem add_neg_cancel (a : Int) : a + -a = 0 := Int.add_right_neg a

theorem mul_comm' (a b : Int) : a * b = b * a := Int.mul_comm a b

theorem distrib (a b c : Int) : a * (b - c) = a * b - a * c := Int.mul_sub a b c

theorem le_total' (a b : Int) : a ≤ b ∨ b ≤ a := by omega

theorem trichotomy (a b : Int) : a < b ∨ a = b ∨ b < a := by
  rcases Int.lt_trichotomy a b with h | h | h
  · exact .inl h
  · exact .inr (.inl h)
  · exact .inr (.inr h)

theorem sandwich (x : Int) (h₁ : 2 < x) (h₂ : x < 4) : x = 3 := by omega

theorem neg_lt (a b : Int) (h : a < b) : -b < -a := Int.neg_lt_neg h

theorem no_half : ¬∃ x : Int, 2 * x = 1 := by
  intro ⟨x, hx⟩
  omega

theorem natCast_nonneg (n : Nat) : (0 : Int) ≤ n := Int.natCast_nonneg n

theorem natCast_add (m n : Nat) : ((m + n : Nat) : Int) = m + n := by
  push_cast
  rfl

theorem emod_range (a : Int) : 0 ≤ a % 5 ∧ a % 5 < 5 := by omega

theorem sq_eq (a b : Int) : (a + b) * (a - b) = a * a - b * b := by
  rw [Int.mul_sub, Int.add_mul, Int.add_mul, Int.mul_comm b a]
  omega

theorem decide_numeral : (-7 : Int) / 2 = -4 ∧ (-7 : Int) % 2 = 1 := by decide

theorem natAbs_neg' (a : Int) : (-a).natAbs = a.natAbs := Int.natAbs_neg a

theorem toNat_of_nonneg (a : Int) (h : 0 ≤ a) : (a.toNat : Int) = a := by omega

theorem grind_ring (a b : Int) : (a + b) ^ 2 = a ^ 2 + 2 * a * b + b ^ 2 := by
  grind

end IntArith

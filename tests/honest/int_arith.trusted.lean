/-! Integers: signs, order, absolute value, casts from the naturals. -/

namespace IntArith

theorem neg_neg' (a : Int) : - -a = a := sorry

theorem sub_self' (a : Int) : a - a = 0 := sorry

theorem add_neg_cancel (a : Int) : a + -a = 0 := sorry

theorem mul_comm' (a b : Int) : a * b = b * a := sorry

theorem distrib (a b c : Int) : a * (b - c) = a * b - a * c := sorry

theorem le_total' (a b : Int) : a ≤ b ∨ b ≤ a := sorry

theorem trichotomy (a b : Int) : a < b ∨ a = b ∨ b < a := sorry

theorem sandwich (x : Int) (h₁ : 2 < x) (h₂ : x < 4) : x = 3 := sorry

theorem neg_lt (a b : Int) (h : a < b) : -b < -a := sorry

theorem no_half : ¬∃ x : Int, 2 * x = 1 := sorry

theorem natCast_nonneg (n : Nat) : (0 : Int) ≤ n := sorry

theorem natCast_add (m n : Nat) : ((m + n : Nat) : Int) = m + n := sorry

theorem emod_range (a : Int) : 0 ≤ a % 5 ∧ a % 5 < 5 := sorry

theorem sq_eq (a b : Int) : (a + b) * (a - b) = a * a - b * b := sorry

theorem decide_numeral : (-7 : Int) / 2 = -4 ∧ (-7 : Int) % 2 = 1 := sorry

theorem natAbs_neg' (a : Int) : (-a).natAbs = a.natAbs := sorry

theorem toNat_of_nonneg (a : Int) (h : 0 ≤ a) : (a.toNat : Int) = a := sorry

theorem grind_ring (a b : Int) : (a + b) ^ 2 = a ^ 2 + 2 * a * b + b ^ 2 := sorry

end IntArith

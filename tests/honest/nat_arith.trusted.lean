/-! Natural number arithmetic, with `omega` and without. -/

theorem nat_add_zero (n : Nat) : n + 0 = n := sorry

theorem nat_zero_add (n : Nat) : 0 + n = n := sorry

theorem nat_succ_add' (m n : Nat) : (m + 1) + n = (m + n) + 1 := sorry

theorem nat_add_comm' (m n : Nat) : m + n = n + m := sorry

theorem nat_swap_middle (a b c d : Nat) : a + b + (c + d) = a + c + (b + d) := sorry

theorem nat_square_sum (a b : Nat) : (a + b) * (a + b) = a * a + 2 * (a * b) + b * b := sorry

theorem nat_le_antisymm' {a b : Nat} (h₁ : a ≤ b) (h₂ : b ≤ a) : a = b := sorry

theorem nat_lt_irrefl' (n : Nat) : ¬n < n := sorry

theorem nat_even_or_odd (n : Nat) : n % 2 = 0 ∨ n % 2 = 1 := sorry

theorem nat_even_mul_succ (n : Nat) : (n * (n + 1)) % 2 = 0 := sorry

theorem nat_pos_of_ne {n : Nat} (h : n ≠ 0) : 0 < n := sorry

theorem nat_pred_lt {n : Nat} (h : 0 < n) : n - 1 < n := sorry

theorem nat_sub_add_cancel' {m n : Nat} (h : m ≤ n) : n - m + m = n := sorry

theorem nat_div_mod (n : Nat) : 7 * (n / 7) + n % 7 = n := sorry

theorem nat_two_pow_pos (n : Nat) : 0 < 2 ^ n := sorry

theorem nat_lt_two_pow (n : Nat) : n < 2 ^ n := sorry

theorem nat_max_comm (a b : Nat) : max a b = max b a := sorry

theorem nat_min_le (a b : Nat) : min a b ≤ a := sorry

theorem nat_dvd_trans {a b c : Nat} (h₁ : a ∣ b) (h₂ : b ∣ c) : a ∣ c := sorry

theorem nat_strong_descent (p : Nat → Prop) (h : ∀ n, (∀ m, m < n → p m) → p n) (n : Nat) : p n := sorry

theorem nat_linear_system (x y : Nat) (h₁ : 3 * x + y = 13) (h₂ : x + 2 * y = 11) :
    x = 3 ∧ y = 4 := sorry

theorem nat_big_literal : 123456789 * 987654321 = 121932631112635269 := sorry

theorem nat_gcd_self' (n : Nat) : Nat.gcd n n = n := sorry

theorem nat_not_surjective_succ : ¬∃ n : Nat, n + 1 = 0 := sorry

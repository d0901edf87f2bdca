/-! Natural number arithmetic, with `omega` and without. -/

theorem nat_add_zero (n : Nat) : n + 0 = n := rfl

theorem nat_zero_add (n : Nat) : 0 + n = n := by
  induction n with
  | zero => rfl
  | succ n ih => rw [← Nat.add_assoc, ih]

theorem nat_succ_add' (m n : Nat) : (m + 1) + n = (m + n) + 1 := by
  induction n with
  | zero => rfl
  | succ k ih => exact congrArg Nat.succ ih

theorem nat_add_comm' (m n : Nat) : m + n = n + m := by
  induction n with
  | zero => simp
  | succ k ih => omega

theorem nat_swap_middle (a b c d : Nat) : a + b + (c + d) = a + c + (b + d) := by
  ac_rfl

theorem nat_square_sum (a b : Nat) : (a + b) * (a + b) = a * a + 2 * (a * b) + b * b := by
  rw [Nat.mul_add, Nat.add_mul, Nat.add_mul, Nat.mul_comm b a]
  omega

theorem nat_le_antisymm' {a b : Nat} (h₁ : a ≤ b) (h₂ : b ≤ a) : a = b := by omega

theorem nat_lt_irrefl' (n : Nat) : ¬n < n := Nat.lt_irrefl n

theorem nat_even_or_odd (n : Nat) : n % 2 = 0 ∨ n % 2 = 1 := by omega

theorem nat_even_mul_succ (n : Nat) : (n * (n + 1)) % 2 = 0 := by
  rcases Nat.mod_two_eq_zero_or_one n with h | h
  · rw [Nat.mul_mod, h, Nat.zero_mul]
  · have h' : (n + 1) % 2 = 0 := by omega
    rw [Nat.mul_mod, h', Nat.mul_zero]

theorem nat_pos_of_ne {n : Nat} (h : n ≠ 0) : 0 < n := Nat.pos_of_ne_zero h

theorem nat_pred_lt {n : Nat} (h : 0 < n) : n - 1 < n := by
  cases n with
  | zero => contradiction
  | succ k => exact Nat.lt_succ_self k

theorem nat_sub_add_cancel' {m n : Nat} (h : m ≤ n) : n - m + m = n := Nat.sub_add_cancel h

theorem nat_div_mod (n : Nat) : 7 * (n / 7) + n % 7 = n := Nat.div_add_mod n 7

theorem nat_two_pow_pos (n : Nat) : 0 < 2 ^ n := by
  induction n with
  | zero => decide
  | succ n ih =>
    rw [Nat.pow_succ]
    omega

theorem nat_lt_two_pow (n : Nat) : n < 2 ^ n := by
  induction n with
  | zero => decide
  | succ n ih => rw [Nat.pow_succ]; omega

theorem nat_max_comm (a b : Nat) : max a b = max b a := by omega

theorem nat_min_le (a b : Nat) : min a b ≤ a := Nat.min_le_left a b

theorem nat_dvd_trans {a b c : Nat} (h₁ : a ∣ b) (h₂ : b ∣ c) : a ∣ c := by
  obtain ⟨x, rfl⟩ := h₁
  obtain ⟨y, rfl⟩ := h₂
  exact ⟨x * y, by rw [Nat.mul_assoc]⟩

theorem nat_strong_descent (p : Nat → Prop) (h : ∀ n, (∀ m, m < n → p m) → p n) (n : Nat) : p n := by
  induction n using Nat.strongRecOn with
  | ind n ih => exact h n ih

theorem nat_linear_system (x y : Nat) (h₁ : 3 * x + y = 13) (h₂ : x + 2 * y = 11) :
    x = 3 ∧ y = 4 := by
  constructor <;> omega

theorem nat_big_literal : 123456789 * 987654321 = 121932631112635269 := by decide

theorem nat_gcd_self' (n : Nat) : Nat.gcd n n = n := Nat.gcd_self n

theorem nat_not_surjective_succ : ¬∃ n : Nat, n + 1 = 0 := by
  rintro ⟨n, hn⟩
  exact absurd hn (Nat.succ_ne_zero n)

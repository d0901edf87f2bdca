/-! Divisibility, remainders and greatest common divisors. -/

theorem by_residue (m : Nat) (hm : 0 < m) (p : Nat → Prop) (step : ∀ n, p (n % m) → p n) (all : ∀ r, r < m → p r) (n : Nat) : p n :=
  step n (all _ (Nat.mod_lt n hm))

/-- Six divides the product of three consecutive numbers. -/
theorem six_divides_three_consecutive (n : Nat) : 6 ∣ n * (n + 1) * (n + 2) := by
  apply Nat.dvd_of_mod_eq_zero
  have h : n % 6 < 6 := Nat.mod_lt n (by decide)
  rw [Nat.mul_mod, Nat.mul_mod n, Nat.add_mod n 1, Nat.add_mod n 2]
  generalize n % 6 = r at h
  revert r; decide

/-- Three divides the sum of a cube and twice its root. -/
theorem three_divides_cube_plus_double (n : Nat) : 3 ∣ n ^ 3 + 2 * n := by
  induction n with
  | zero => decide
  | succ n ih =>
    obtain ⟨k, hk⟩ := ih
    exact ⟨k + n * n + n + 1, by grind⟩

/-- Powers of eight leave one when divided by seven. -/
theorem eight_pow_mod_seven (n : Nat) : 8 ^ n % 7 = 1 := by
  induction n with
  | zero => decide
  | succ n ih => rw [Nat.pow_succ]; omega

/-- A number and its fifth power end in the same digit. -/
theorem last_digit_of_fifth_power (n : Nat) : n ^ 5 % 10 = n % 10 := by
  rw [Nat.pow_mod]
  have h : n % 10 < 10 := Nat.mod_lt n (by decide)
  generalize n % 10 = r at h
  revert r; decide

/-- If three divides a sum of two squares, it divides both roots. -/
theorem three_divides_sum_of_squares (a b : Nat) (h : 3 ∣ a * a + b * b) : 3 ∣ a ∧ 3 ∣ b := by
  have h' := Nat.mod_eq_zero_of_dvd h
  rw [Nat.add_mod, Nat.mul_mod, Nat.mul_mod b] at h'
  have ha : a % 3 = 0 ∨ a % 3 = 1 ∨ a % 3 = 2 := by omega
  have hb : b % 3 = 0 ∨ b % 3 = 1 ∨ b % 3 = 2 := by omega
  constructor <;> apply Nat.dvd_of_mod_eq_zero <;>
    rcases ha with ha | ha | ha <;> rcases hb with hb | hb | hb <;> simp [ha, hb] at h' ⊢

/-- Two linear forms that are coprime for every number. -/
theorem coprime_linear_forms (n : Nat) : Nat.gcd (5 * n + 3) (3 * n + 2) = 1 := by
  have h1 := Nat.gcd_dvd_left (5 * n + 3) (3 * n + 2)
  have h2 := Nat.gcd_dvd_right (5 * n + 3) (3 * n + 2)
  have h3 := Nat.dvd_sub (Nat.dvd_trans h2 (Nat.dvd_mul_left _ 5)) (Nat.dvd_trans h1 (Nat.dvd_mul_left _ 3))
  have e : 5 * (3 * n + 2) - 3 * (5 * n + 3) = 1 := by omega
  rw [e] at h3
  exact Nat.dvd_one.mp h3

/-- The square of an odd number leaves one when divided by eight. -/
theorem odd_square_mod_eight (n : Nat) (h : n % 2 = 1) : n * n % 8 = 1 := by
  rw [Nat.mul_mod]
  have cases : n % 8 = 1 ∨ n % 8 = 3 ∨ n % 8 = 5 ∨ n % 8 = 7 := by omega
  rcases cases with h | h | h | h <;> simp [h]

/-- Two numbers with no common divisor but one have the greatest common divisor one, and conversely. -/
theorem coprime_iff_no_common_divisor (a b : Nat) : Nat.gcd a b = 1 ↔ ∀ d, d ∣ a → d ∣ b → d = 1 := by
  constructor
  · intro h d ha hb
    have := Nat.dvd_gcd ha hb
    rw [h] at this
    exact Nat.dvd_one.mp this
  · intro h
    exact h _ (Nat.gcd_dvd_left a b) (Nat.gcd_dvd_right a b)

/-- A number divides another exactly if every divisor of it does. -/
theorem divides_iff_divisors_do (a b : Nat) : a ∣ b ↔ ∀ d, d ∣ a → d ∣ b := by
  constructor
  · intro h d hd
    exact Nat.dvd_trans hd h
  · intro h
    exact h a (Nat.dvd_refl a)

/-- Eleven divides every odd power of ten, and one. -/
theorem eleven_divides_odd_power_of_ten_plus_one (n : Nat) : 11 ∣ 10 ^ (2 * n + 1) + 1 := by
  apply Nat.dvd_of_mod_eq_zero
  induction n with
  | zero => decide
  | succ n ih =>
    have e : 10 ^ (2 * (n + 1) + 1) = 100 * 10 ^ (2 * n + 1) := by
      rw [show 2 * (n + 1) + 1 = (2 * n + 1) + 1 + 1 by omega, Nat.pow_succ, Nat.pow_succ]; omega
    rw [e]; omega

/-- A sum of powers that seven always divides. -/
theorem seven_divides_powers (n : Nat) : 7 ∣ 3 ^ (2 * n + 1) + 2 ^ (n + 2) := by
  apply Nat.dvd_of_mod_eq_zero
  induction n with
  | zero => decide
  | succ n ih =>
    have e1 : 3 ^ (2 * (n + 1) + 1) = 9 * 3 ^ (2 * n + 1) := by
      rw [show 2 * (n + 1) + 1 = (2 * n + 1) + 1 + 1 by omega, Nat.pow_succ, Nat.pow_succ]; omega
    have e2 : 2 ^ (n + 1 + 2) = 2 * 2 ^ (n + 2) := by
      rw [show n + 1 + 2 = (n + 2) + 1 by omega, Nat.pow_succ]; omega
    rw [e1, e2]; omega

/-- If a number divides a product and shares nothing with the first factor, it divides the second. -/
theorem euclid_lemma (a b c : Nat) (h : a ∣ b * c) (coprime : Nat.gcd a b = 1) : a ∣ c := by
  have h1 : a ∣ Nat.gcd (a * c) (b * c) := Nat.dvd_gcd (Nat.dvd_mul_right a c) h
  rw [Nat.gcd_mul_right, coprime, Nat.one_mul] at h1
  exact h1

/-- No number leaves one when divided by six and two when divided by four. -/
theorem incompatible_remainders (n : Int) (h : n % 6 = 1) : n % 4 ≠ 2 ∧ (n * n) % 2 = 1 := by
  refine ⟨by omega, ?_⟩
  obtain ⟨k, rfl⟩ : ∃ k, n = 6 * k + 1 := ⟨n / 6, by omega⟩
  have : (6 * k + 1) * (6 * k + 1) = 2 * (18 * (k * k) + 6 * k) + 1 := by grind
  omega

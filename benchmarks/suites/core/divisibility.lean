/-! Divisibility, remainders and greatest common divisors. -/

/-- Six divides the product of three consecutive numbers. -/
theorem six_divides_three_consecutive (n : Nat) : 6 ∣ n * (n + 1) * (n + 2) := by
  sorry

/-- Three divides the sum of a cube and twice its root. -/
theorem three_divides_cube_plus_double (n : Nat) : 3 ∣ n ^ 3 + 2 * n := by
  sorry

/-- Powers of eight leave one when divided by seven. -/
theorem eight_pow_mod_seven (n : Nat) : 8 ^ n % 7 = 1 := by
  sorry

/-- A number and its fifth power end in the same digit. -/
theorem last_digit_of_fifth_power (n : Nat) : n ^ 5 % 10 = n % 10 := by
  sorry

/-- If three divides a sum of two squares, it divides both roots. -/
theorem three_divides_sum_of_squares (a b : Nat) (h : 3 ∣ a * a + b * b) : 3 ∣ a ∧ 3 ∣ b := by
  sorry

/-- Two linear forms that are coprime for every number. -/
theorem coprime_linear_forms (n : Nat) : Nat.gcd (5 * n + 3) (3 * n + 2) = 1 := by
  sorry

/-- The square of an odd number leaves one when divided by eight. -/
theorem odd_square_mod_eight (n : Nat) (h : n % 2 = 1) : n * n % 8 = 1 := by
  sorry

/-- Two numbers with no common divisor but one have the greatest common divisor one, and conversely. -/
theorem coprime_iff_no_common_divisor (a b : Nat) : Nat.gcd a b = 1 ↔ ∀ d, d ∣ a → d ∣ b → d = 1 := by
  sorry

/-- A number divides another exactly if every divisor of it does. -/
theorem divides_iff_divisors_do (a b : Nat) : a ∣ b ↔ ∀ d, d ∣ a → d ∣ b := by
  sorry

/-- Eleven divides every odd power of ten, and one. -/
theorem eleven_divides_odd_power_of_ten_plus_one (n : Nat) : 11 ∣ 10 ^ (2 * n + 1) + 1 := by
  sorry

/-- A sum of powers that seven always divides. -/
theorem seven_divides_powers (n : Nat) : 7 ∣ 3 ^ (2 * n + 1) + 2 ^ (n + 2) := by
  sorry

/-- If a number divides a product and shares nothing with the first factor, it divides the second. -/
theorem euclid_lemma (a b c : Nat) (h : a ∣ b * c) (coprime : Nat.gcd a b = 1) : a ∣ c := by
  sorry

/-- No number leaves one when divided by six and two when divided by four. -/
theorem incompatible_remainders (n : Int) (h : n % 6 = 1) : n % 4 ≠ 2 ∧ (n * n) % 2 = 1 := by
  sorry

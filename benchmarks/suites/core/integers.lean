/-! Integers: signs, squares, equations and remainders. -/

/-- A product is positive where both factors have the same sign. -/
theorem product_positive_iff (a b : Int) : 0 < a * b ↔ (0 < a ∧ 0 < b) ∨ (a < 0 ∧ b < 0) := by
  sorry

/-- Equal squares are of equal or opposite numbers. -/
theorem squares_equal_iff (a b : Int) : a * a = b * b ↔ a = b ∨ a = -b := by
  sorry

/-- A square leaves the remainder zero or one when divided by four. -/
theorem square_mod_four (x : Int) : x * x % 4 = 0 ∨ x * x % 4 = 1 := by
  sorry

/-- A sum of two squares never leaves three when divided by four. -/
theorem sum_of_two_squares_not_three_mod_four (x y k : Int) : x * x + y * y ≠ 4 * k + 3 := by
  sorry

/-- Cubes of three numbers less three times their product: the sum is a factor. -/
theorem three_cubes_factor (a b c : Int) :
    a ^ 3 + b ^ 3 + c ^ 3 - 3 * a * b * c = (a + b + c) * (a ^ 2 + b ^ 2 + c ^ 2 - a * b - b * c - c * a) := by
  sorry

/-- Sophie Germain's identity: the fourth powers as a product. -/
theorem fourth_power_factor (a b : Int) (h : a ^ 4 + 4 * b ^ 4 = 1) : a ^ 2 + 2 * b ^ 2 + 2 * a * b ∣ 1 := by
  sorry

/-- One more than the product of four consecutive integers is a square. -/
theorem four_consecutive_plus_one (n : Int) : ∃ k, n * (n + 1) * (n + 2) * (n + 3) + 1 = k * k := by
  sorry

/-- Two numbers with sum seven and product twelve are three and four. -/
theorem sum_seven_product_twelve (x y : Int) (sum : x + y = 7) (product : x * y = 12) : (x = 3 ∧ y = 4) ∨ (x = 4 ∧ y = 3) := by
  sorry

/-- A quadratic equation and its two roots. -/
theorem quadratic_roots (x : Int) : x * x - 7 * x + 10 = 0 ↔ x = 2 ∨ x = 5 := by
  sorry

/-- Twelve and thirty-five combine to every integer. -/
theorem bezout_twelve_thirtyfive (n : Int) : ∃ x y : Int, 12 * x + 35 * y = n := by
  sorry

/-- The square root of two is not rational. -/
theorem sqrt_two_irrational (x y : Nat) (h : x * x = 2 * (y * y)) : y = 0 := by
  sorry

/-- A remainder changes sign with its number, up to one divisor. -/
theorem remainder_of_negation (a b : Int) (hb : 0 < b) : (-a) % b = if a % b = 0 then 0 else b - a % b := by
  sorry

/-- If the product of two integers is one, both are one or both are minus one. -/
theorem units_of_the_integers (a b : Int) (h : a * b = 1) : (a = 1 ∧ b = 1) ∨ (a = -1 ∧ b = -1) := by
  sorry
